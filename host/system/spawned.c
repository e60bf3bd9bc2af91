/* SPDX-License-Identifier: MIT */
#include "system/spawned.h"

#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* How often an ended process is looked for. */
enum { LOOK_MS = 5 };

static void close_end(int *end)
{
    if (*end >= 0) {
        (void)close(*end);
    }
    *end = -1;
}

static bool is_replaced(const char *variable, const char *const *variables)
{
    size_t size = strcspn(variable, "=") + 1;

    for (; *variables != NULL; variables++) {
        if (strncmp(variable, *variables, size) == 0) {
            return true;
        }
    }
    return false;
}

/* This program's environment with some variables replaced; NULL without memory. The texts stay
 * where they are. */
static const char **make_environment(const char *const *variables)
{
    size_t count = 1;
    size_t at = 0;

    for (size_t i = 0; environ[i] != NULL; i++) {
        count++;
    }
    for (size_t i = 0; variables[i] != NULL; i++) {
        count++;
    }
    const char **texts = calloc(count, sizeof *texts);
    if (texts == NULL) {
        return NULL;
    }
    for (size_t i = 0; environ[i] != NULL; i++) {
        if (!is_replaced(environ[i], variables)) {
            texts[at++] = environ[i];
        }
    }
    for (size_t i = 0; variables[i] != NULL; i++) {
        texts[at++] = variables[i];
    }
    return texts;
}

/* What becomes of the descriptors. Gives an errno. */
static int add_descriptors(posix_spawn_file_actions_t *actions, const struct spawn_request *request,
                           int input, int output)
{
    int code = posix_spawn_file_actions_addopen(actions, STDERR_FILENO, request->log,
                                                O_WRONLY | O_CREAT | O_APPEND, 0600);

    if (code == 0 && request->piped) {
        code = posix_spawn_file_actions_adddup2(actions, input, STDIN_FILENO);
    } else if (code == 0) {
        code = posix_spawn_file_actions_addopen(actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    }
    if (code == 0) {
        code = posix_spawn_file_actions_adddup2(actions, request->piped ? output : STDERR_FILENO,
                                                STDOUT_FILENO);
    }
    if (code == 0 && request->folder != NULL) {
        code = posix_spawn_file_actions_addchdir_np(actions, request->folder);
    }
    return code;
}

/* A group of its own, and SIGPIPE as programs expect it. Gives an errno. */
static int set_attributes(posix_spawnattr_t *attributes)
{
    sigset_t defaults;

    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    int code = posix_spawnattr_setsigdefault(attributes, &defaults);
    if (code == 0) {
        code = posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    }
    return code;
}

/* Gives an errno. */
static int spawn(const struct spawn_request *request, int input, int output, pid_t *ret_pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    const char **environment = make_environment(request->variables);

    if (environment == NULL) {
        return ENOMEM;
    }
    int code = posix_spawn_file_actions_init(&actions);
    if (code == 0) {
        code = posix_spawnattr_init(&attributes);
        if (code == 0) {
            code = add_descriptors(&actions, request, input, output);
            if (code == 0) {
                code = set_attributes(&attributes);
            }
            if (code == 0) {
                code = posix_spawn(ret_pid, request->program, &actions, &attributes,
                                   (char *const *)(uintptr_t)request->arguments,
                                   (char *const *)(uintptr_t)environment);
            }
            (void)posix_spawnattr_destroy(&attributes);
        }
        (void)posix_spawn_file_actions_destroy(&actions);
    }
    free(environment);
    return code;
}

enum status spawned_start(const struct spawn_request *request, struct spawned *ret_spawned,
                          struct failure *failure)
{
    int input[2] = {-1, -1};
    int output[2] = {-1, -1};
    pid_t pid = 0;
    int code = 0;

    if (request->piped && (pipe2(input, O_CLOEXEC) != 0 || pipe2(output, O_CLOEXEC) != 0)) {
        code = errno;
    }
    if (code == 0) {
        code = spawn(request, input[0], output[1], &pid);
    }
    close_end(&input[0]);
    close_end(&output[1]);
    if (code != 0) {
        close_end(&input[1]);
        close_end(&output[0]);
        return failure_set(failure, code == ENOMEM ? STATUS_NO_MEMORY : STATUS_IO_FAILED, "%s",
                           strerror(code));
    }
    *ret_spawned = (struct spawned){.pid = pid, .input = input[1], .output = output[0]};
    return STATUS_OK;
}

void spawned_close_input(struct spawned *spawned)
{
    close_end(&spawned->input);
}

bool spawned_wait(struct spawned *spawned, int timeout_ms, int *ret_wait_status)
{
    int64_t end = clock_now_ms() + timeout_ms;
    pid_t ended = 0;

    for (;;) {
        ended = waitpid(spawned->pid, ret_wait_status, WNOHANG);
        if (ended == spawned->pid || (ended < 0 && errno != EINTR) || clock_now_ms() >= end) {
            break;
        }
        (void)poll(NULL, 0, LOOK_MS);
    }
    if (ended <= 0) {
        return false;
    }
    spawned->pid = 0;
    return true;
}

void spawned_end(struct spawned *spawned, int patience_ms)
{
    pid_t group = spawned->pid;
    int wait_status = 0;

    close_end(&spawned->input);
    close_end(&spawned->output);
    if (group <= 0) {
        return;
    }
    (void)kill(-group, SIGTERM); /* it may have ended just now */
    bool ended = spawned_wait(spawned, patience_ms, &wait_status);
    (void)kill(-group, SIGKILL);
    while (!ended && waitpid(group, &wait_status, 0) < 0 && errno == EINTR) {
    }
    spawned->pid = 0;
}
