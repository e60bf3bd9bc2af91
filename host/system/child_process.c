/* SPDX-License-Identifier: MIT */
#include "system/child_process.h"

#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
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

static void close_ends(int ends[CHILD_STREAMS])
{
    for (size_t i = 0; i < CHILD_STREAMS; i++) {
        close_end(&ends[i]);
    }
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

/* One of the child's streams: its end of a pipe, or a file. Gives an errno. */
static int add_stream(posix_spawn_file_actions_t *actions, int stream, int end, const char *log)
{
    if (end >= 0) {
        return posix_spawn_file_actions_adddup2(actions, end, stream);
    }
    return stream == STDIN_FILENO
               ? posix_spawn_file_actions_addopen(actions, stream, "/dev/null", O_RDONLY, 0)
               : posix_spawn_file_actions_addopen(actions, stream, log,
                                                  O_WRONLY | O_CREAT | O_APPEND, 0600);
}

/* Gives an errno. */
static int add_actions(posix_spawn_file_actions_t *actions, const struct child_request *request,
                       const int ends[CHILD_STREAMS])
{
    int code = 0;

    for (int i = 0; code == 0 && i < CHILD_STREAMS; i++) {
        code = add_stream(actions, i, ends[i], request->log);
    }
    if (code == 0 && request->folder != NULL) {
        code = posix_spawn_file_actions_addchdir_np(actions, request->folder);
    }
    return code;
}

/* Gives an errno. */
static int set_attributes(posix_spawnattr_t *attributes, bool own_group)
{
    short flags = (short)(POSIX_SPAWN_SETSIGDEF | (own_group ? POSIX_SPAWN_SETPGROUP : 0));
    sigset_t defaults;

    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    sigaddset(&defaults, SIGXFSZ);
    int code = posix_spawnattr_setsigdefault(attributes, &defaults);
    return code == 0 ? posix_spawnattr_setflags(attributes, flags) : code;
}

/* Gives an errno. */
static int spawn_as(const struct child_request *request, const int ends[CHILD_STREAMS],
                    posix_spawn_file_actions_t *actions, posix_spawnattr_t *attributes,
                    pid_t *ret_pid)
{
    const char **own = request->variables != NULL ? make_environment(request->variables) : NULL;
    int code = request->variables != NULL && own == NULL ? ENOMEM : 0;

    if (code == 0) {
        code = add_actions(actions, request, ends);
    }
    if (code == 0) {
        code = set_attributes(attributes, request->own_group);
    }
    if (code == 0) {
        code = posix_spawn(ret_pid, request->program, actions, attributes,
                           (char *const *)(uintptr_t)request->arguments,
                           own != NULL ? (char *const *)(uintptr_t)own : environ);
    }
    free(own);
    return code;
}

/* Gives an errno. */
static int spawn(const struct child_request *request, const int ends[CHILD_STREAMS], pid_t *ret_pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;

    int code = posix_spawn_file_actions_init(&actions);
    if (code != 0) {
        return code;
    }
    code = posix_spawnattr_init(&attributes);
    if (code == 0) {
        code = spawn_as(request, ends, &actions, &attributes, ret_pid);
        (void)posix_spawnattr_destroy(&attributes);
    }
    (void)posix_spawn_file_actions_destroy(&actions);
    return code;
}

/* Gives an errno; what was opened is there even so. */
static int open_pipes(const bool piped[CHILD_STREAMS], int ours[CHILD_STREAMS],
                      int its[CHILD_STREAMS])
{
    for (int i = 0; i < CHILD_STREAMS; i++) {
        int ends[2];
        if (!piped[i]) {
            continue;
        }
        if (pipe2(ends, O_CLOEXEC) != 0) {
            return errno;
        }
        its[i] = ends[i == STDIN_FILENO ? 0 : 1];
        ours[i] = ends[i == STDIN_FILENO ? 1 : 0];
    }
    return 0;
}

/* What a child leaves behind becomes a child of this program, which can then wait for it. Gives an
 * errno. */
static int adopt_orphans(void)
{
    return prctl(PR_SET_CHILD_SUBREAPER, 1) == 0 ? 0 : errno;
}

struct child_process child_process_init(void)
{
    return (struct child_process){.streams = {-1, -1, -1}};
}

enum status child_process_start(const struct child_request *request,
                                struct child_process *ret_child, struct failure *failure)
{
    struct child_process child = child_process_init();
    int its[CHILD_STREAMS] = {-1, -1, -1};

    int code = open_pipes(request->piped, child.streams, its);
    if (code == 0 && request->own_group) {
        code = adopt_orphans();
    }
    if (code == 0) {
        code = spawn(request, its, &child.pid);
    }
    close_ends(its);
    if (code != 0) {
        close_ends(child.streams);
        return failure_set(failure, code == ENOMEM ? STATUS_NO_MEMORY : STATUS_IO_FAILED, "%s",
                           strerror(code));
    }
    child.group = request->own_group ? child.pid : 0;
    *ret_child = child;
    return STATUS_OK;
}

void child_process_close(struct child_process *child, int stream)
{
    close_end(&child->streams[stream]);
}

bool child_process_wait(struct child_process *child, int timeout_ms, int *ret_wait_status)
{
    int64_t end = clock_now_ms() + timeout_ms;
    pid_t ended = 0;

    for (;;) {
        ended = waitpid(child->pid, ret_wait_status, timeout_ms < 0 ? 0 : WNOHANG);
        if (ended > 0) {
            child->pid = 0;
            return true;
        }
        if (ended < 0 && errno != EINTR) {
            return false;
        }
        if (timeout_ms >= 0 && clock_now_ms() >= end) {
            errno = ETIMEDOUT;
            return false;
        }
        if (timeout_ms >= 0) {
            (void)poll(NULL, 0, LOOK_MS);
        }
    }
}

/* Ends what is left of a group, and waits until all of it has ended. */
static void end_group(pid_t group)
{
    int wait_status = 0;

    if (waitpid(-group, &wait_status, WNOHANG) < 0) {
        return; /* nothing is left, and another process may lead a group of this number */
    }
    (void)kill(-group, SIGKILL);
    while (waitpid(-group, &wait_status, 0) > 0 || errno == EINTR) {
    }
}

void child_process_end(struct child_process *child, int timeout_ms)
{
    int wait_status = 0;

    close_ends(child->streams);
    if (child->pid > 0) {
        /* It may have ended just now. */
        (void)kill(child->group > 0 ? -child->group : child->pid, SIGTERM);
        if (!child_process_wait(child, timeout_ms, &wait_status)) {
            (void)kill(child->pid, SIGKILL);
            /* It fails when somebody else has waited for it. */
            (void)!child_process_wait(child, -1, &wait_status);
        }
    }
    if (child->group > 0) {
        end_group(child->group);
    }
    *child = child_process_init();
}

void child_process_forget(struct child_process *child)
{
    close_ends(child->streams);
    *child = child_process_init();
}
