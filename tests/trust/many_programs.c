/* SPDX-License-Identifier: MIT */
/* many_programs COUNT FOLDER NAME: so many processes connect to the socket NAME in a folder, and
 * each does so again whenever it is closed. What standard input holds is sent over each connection;
 * nothing is read. Prints a line when each has connected; all end when standard output is closed.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { EXIT_USAGE = 2, EXIT_BROKEN = 100, COUNT_MAX = 1000 };

static char message[64 * 1024];
static size_t message_size;

static int connect_to(const char *name)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    (void)snprintf(address.sun_path, sizeof address.sun_path, "%s", name);
    if (fd < 0 || connect(fd, (const struct sockaddr *)&address, sizeof address) != 0) {
        perror(name);
        _exit(EXIT_BROKEN);
    }
    return fd;
}

/* Until the host has ended, which shows when it refuses, or this program's parent. */
static _Noreturn void be_client(const char *name, int connected)
{
    for (;;) {
        int fd = connect_to(name);
        struct pollfd closed = {.fd = fd, .events = 0};
        (void)send(fd, message, message_size, MSG_NOSIGNAL);
        if (connected >= 0) {
            (void)!write(connected, "x", 1);
            (void)close(connected);
            connected = -1;
        }
        (void)poll(&closed, 1, -1);
        (void)close(fd);
    }
}

static void start_client(const char *name, int connected)
{
    pid_t parent = getpid();
    pid_t pid = fork();

    if (pid < 0) {
        perror("fork");
        exit(EXIT_BROKEN);
    }
    if (pid == 0) {
        if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent) {
            _exit(EXIT_BROKEN);
        }
        be_client(name, connected);
    }
}

static void wait_for(int connected, long count)
{
    char byte = 0;

    for (long i = 0; i < count; i++) {
        if (read(connected, &byte, 1) != 1) {
            (void)fprintf(stderr, "only %ld of %ld processes have connected\n", i, count);
            exit(EXIT_BROKEN);
        }
    }
}

int main(int argument_count, char **arguments)
{
    long count = argument_count == 4 ? strtol(arguments[1], NULL, 10) : 0;
    struct pollfd output = {.fd = STDOUT_FILENO, .events = 0};
    int connected[2];

    if (count < 1 || count > COUNT_MAX || chdir(arguments[2]) != 0 || pipe(connected) != 0) {
        (void)fprintf(stderr, "usage: many_programs COUNT FOLDER NAME <MESSAGE\n");
        return EXIT_USAGE;
    }
    message_size = fread(message, 1, sizeof message, stdin);
    for (long i = 0; i < count; i++) {
        start_client(arguments[3], connected[1]);
    }
    (void)close(connected[1]);
    wait_for(connected[0], count);
    (void)puts("connected");
    (void)fflush(stdout);
    (void)poll(&output, 1, -1); /* POLLERR when nobody reads it any more */
    return 0;
}
