/* SPDX-License-Identifier: MIT */
/* kill_at_call N PROGRAM ARGUMENT…: runs a program and kills it with SIGKILL when it enters its
 * N-th system call, which is not executed. Exit status: 3 if it was killed this way, else that of
 * the program. */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

enum { EXIT_KILLED = 3, EXIT_USAGE = 2, EXIT_BROKEN = 100 };
enum { SYSCALL_STOP = SIGTRAP | 0x80 };

static _Noreturn void run(char **arguments)
{
    if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0 && raise(SIGSTOP) == 0) {
        (void)execv(arguments[0], arguments);
    }
    perror(arguments[0]);
    _exit(EXIT_BROKEN);
}

/* Lets it continue until the next stop, with a signal (0: none). False if it has ended. */
static bool go_on(pid_t pid, int signal_number, int *ret_status)
{
    if (ptrace(PTRACE_SYSCALL, pid, NULL, (long)signal_number) != 0) {
        perror("ptrace");
        exit(EXIT_BROKEN);
    }
    while (waitpid(pid, ret_status, 0) < 0) {
        if (errno != EINTR) {
            perror("waitpid");
            exit(EXIT_BROKEN);
        }
    }
    return WIFSTOPPED(*ret_status);
}

int main(int argument_count, char **arguments)
{
    char *end = NULL;
    long limit = argument_count > 2 ? strtol(arguments[1], &end, 10) : 0;
    int status = 0;

    if (limit < 1 || *end != '\0') {
        fprintf(stderr, "usage: kill_at_call N PROGRAM ARGUMENT…\n");
        return EXIT_USAGE;
    }
    pid_t pid = fork();
    if (pid == 0) {
        run(arguments + 2);
    }
    if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status) ||
        ptrace(PTRACE_SETOPTIONS, pid, NULL,
               (long)(PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL | PTRACE_O_TRACEEXEC)) != 0) {
        perror("kill_at_call");
        return EXIT_BROKEN;
    }
    long entered = 0;
    bool started = false; /* the calls are made by the program, no longer by this one */
    bool inside = false;
    int pending = 0;
    while (go_on(pid, pending, &status)) {
        pending = 0;
        if (WSTOPSIG(status) == SYSCALL_STOP) {
            inside = !inside;
            if (started && inside && ++entered == limit) {
                (void)kill(pid, SIGKILL);
                (void)waitpid(pid, &status, 0);
                return EXIT_KILLED;
            }
        } else if (status >> 8 == (SIGTRAP | (PTRACE_EVENT_EXEC << 8))) {
            started = true;
        } else {
            pending = WSTOPSIG(status);
        }
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_BROKEN;
}
