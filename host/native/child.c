/* SPDX-License-Identifier: MIT */
#include "native/child.h"

#include "base/json_string.h"
#include "base/utf8.h"
#include "native/reply.h"
#include "system/installation.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { READ_SIZE = 64 * 1024 };

static const char program[] = "powerup-secrets";

/* What execve takes: texts that point into one block of memory. */
struct command_texts {
    struct buffer joined; /* each text with its NUL */
    char *texts[CHILD_ARGUMENTS_MAX + 2];
};
#define TEXTS_AUTO __attribute__((cleanup(texts_free))) struct command_texts
static void texts_free(struct command_texts *texts)
{
    buffer_wipe(&texts->joined);
}

static enum status take_arguments(struct json_object *arguments, struct command_texts *ret_texts,
                                  struct failure *failure)
{
    static const struct view nul = {(const uint8_t *)"", 1};
    size_t count = json_object_array_length(arguments);
    size_t at = 0;

    if (count == 0 || count > CHILD_ARGUMENTS_MAX) {
        return failure_set(failure, STATUS_BAD_REQUEST,
                           "A command has from 1 to %d arguments, not %zu.", CHILD_ARGUMENTS_MAX,
                           count);
    }
    buffer_add(&ret_texts->joined, (struct view){(const uint8_t *)program, sizeof program});
    for (size_t i = 0; i < count; i++) {
        struct json_object *argument = json_object_array_get_idx(arguments, i);
        if (!json_object_is_type(argument, json_type_string) ||
            strlen(json_object_get_string(argument)) !=
                (size_t)json_object_get_string_len(argument)) {
            return failure_set(failure, STATUS_BAD_REQUEST,
                               "Each argument must be a string without NUL.");
        }
        buffer_add(&ret_texts->joined, json_string_view(argument));
        buffer_add(&ret_texts->joined, nul);
    }
    if (buffer_status(&ret_texts->joined) != STATUS_OK) {
        return failure_set(failure, STATUS_NO_MEMORY, "Out of memory for the arguments.");
    }
    for (size_t i = 0; i <= count; i++) {
        ret_texts->texts[i] = (char *)ret_texts->joined.data + at;
        at += strlen(ret_texts->texts[i]) + 1;
    }
    return STATUS_OK;
}

static int close_end(int *end)
{
    int fd = *end;

    *end = -1;
    return fd >= 0 ? close(fd) : 0;
}

/* Starts it with the writing ends as its outputs. Gives an errno. */
static int spawn(const char *path, char *const *texts, const int writing[CHILD_PIPES],
                 pid_t *ret_pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t defaults;

    int code = posix_spawn_file_actions_init(&actions);
    if (code != 0) {
        return code;
    }
    code = posix_spawnattr_init(&attributes);
    if (code == 0) {
        /* The host ignores SIGPIPE; a program does not. */
        sigemptyset(&defaults);
        sigaddset(&defaults, SIGPIPE);
        code = posix_spawnattr_setsigdefault(&attributes, &defaults);
        if (code == 0) {
            code = posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
        }
        if (code == 0) {
            code =
                posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        }
        if (code == 0) {
            code = posix_spawn_file_actions_adddup2(&actions, writing[CHILD_STDOUT], STDOUT_FILENO);
        }
        if (code == 0) {
            code = posix_spawn_file_actions_adddup2(&actions, writing[CHILD_STDERR], STDERR_FILENO);
        }
        if (code == 0) {
            code = posix_spawn(ret_pid, path, &actions, &attributes, texts, environ);
        }
        (void)posix_spawnattr_destroy(&attributes);
    }
    (void)posix_spawn_file_actions_destroy(&actions);
    return code;
}

static int open_pipes(int reading[CHILD_PIPES], int writing[CHILD_PIPES])
{
    for (size_t i = 0; i < CHILD_PIPES; i++) {
        int ends[2];
        if (pipe2(ends, O_CLOEXEC) != 0) {
            return errno;
        }
        reading[i] = ends[0];
        writing[i] = ends[1];
        /* poll may be wrong about a pipe; the browser must not wait for a command. */
        if (fcntl(ends[0], F_SETFL, O_NONBLOCK) != 0) {
            return errno;
        }
    }
    return 0;
}

enum status child_start(struct child *child, int64_t id, struct json_object *arguments,
                        struct failure *failure)
{
    TEXTS_AUTO texts = {0};
    char path[PATH_MAX] = "";
    int reading[CHILD_PIPES] = {-1, -1};
    int writing[CHILD_PIPES] = {-1, -1};
    pid_t pid = 0;

    if (child->id != 0) {
        return failure_set(failure, STATUS_BAD_REQUEST,
                           "A command runs already; give the next one when it is answered.");
    }
    TRY(take_arguments(arguments, &texts, failure));
    int code = installation_command(path) ? open_pipes(reading, writing) : errno;
    if (code == 0) {
        code = spawn(path, texts.texts, writing, &pid);
    }
    for (size_t i = 0; i < CHILD_PIPES; i++) {
        (void)close_end(&writing[i]);
        if (code != 0) {
            (void)close_end(&reading[i]);
        }
    }
    if (code == ENOMEM) {
        return failure_set(failure, STATUS_NO_MEMORY, "Out of memory to start the command.");
    }
    if (code != 0) {
        return failure_set(failure, STATUS_IO_FAILED,
                           "The command line cannot be started: \"%s\": %s. Install host and "
                           "command line into one folder.",
                           path, strerror(code));
    }
    *child =
        (struct child){.id = id, .pid = pid, .fds = {reading[CHILD_STDOUT], reading[CHILD_STDERR]}};
    return STATUS_OK;
}

void child_poll(const struct child *child, struct pollfd *ret_polled)
{
    for (size_t i = 0; i < CHILD_PIPES; i++) {
        ret_polled[i] =
            (struct pollfd){.fd = child->id != 0 ? child->fds[i] : -1, .events = POLLIN};
    }
}

/* Reads once; the output has ended when nothing more can come or be kept. */
static void hear(int *fd, struct buffer *text)
{
    uint8_t bytes[READ_SIZE];
    ssize_t size = read(*fd, bytes, sizeof bytes);

    if (size < 0 && (errno == EINTR || errno == EAGAIN)) {
        return;
    }
    if (size > 0) {
        buffer_add(text, (struct view){bytes, (size_t)size});
    }
    if (size <= 0 || text->failed || text->size > CHILD_OUTPUT_MAX) {
        (void)close_end(fd);
    }
}

static enum status check_text(const struct buffer *text, struct failure *failure)
{
    if (text->failed) {
        return failure_set(failure, STATUS_NO_MEMORY, "Out of memory for what the command says.");
    }
    if (text->size > CHILD_OUTPUT_MAX) {
        return failure_set(failure, STATUS_BAD_REQUEST,
                           "The command says more than %d bytes; run it in a terminal.",
                           CHILD_OUTPUT_MAX);
    }
    return utf8_is_valid(view_of_buffer(text))
               ? STATUS_OK
               : failure_set(failure, STATUS_BAD_REQUEST,
                             "The command says what is not UTF-8; run it in a terminal.");
}

/* What came of the child, which has ended. */
static enum status result_of(const struct child *child, int wait_status,
                             struct json_object **ret_result, struct failure *failure)
{
    static const char *const names[CHILD_PIPES] = {"stdout", "stderr"};
    JSON_AUTO(result) = json_object_new_object();

    if (!WIFEXITED(wait_status)) {
        return failure_set(failure, STATUS_IO_FAILED, "The command was ended by signal %d.",
                           WTERMSIG(wait_status));
    }
    enum status status = result != NULL
                             ? json_add_number(result, "status", WEXITSTATUS(wait_status))
                             : STATUS_NO_MEMORY;
    for (size_t i = 0; status == STATUS_OK && i < CHILD_PIPES; i++) {
        /* Empty text has no data, which would be null. */
        struct view text =
            child->texts[i].size > 0 ? view_of_buffer(&child->texts[i]) : view_of_text("");
        status = json_add_string(result, names[i], text);
    }
    if (status != STATUS_OK) {
        return failure_set(failure, status, "Out of memory for the answer.");
    }
    MOVE(*ret_result, result);
    return STATUS_OK;
}

static enum status answer(const struct child *child, int output)
{
    struct failure failure = {0};
    JSON_AUTO(result) = NULL;
    enum status status = STATUS_OK;
    int wait_status = 0;

    /* It has closed its outputs, which a program of ours does by ending. */
    while (waitpid(child->pid, &wait_status, 0) < 0) {
        if (errno != EINTR) {
            status =
                failure_set(&failure, STATUS_IO_FAILED, "The command is lost: %s", strerror(errno));
            break;
        }
    }
    for (size_t i = 0; status == STATUS_OK && i < CHILD_PIPES; i++) {
        status = check_text(&child->texts[i], &failure);
    }
    if (status == STATUS_OK) {
        status = result_of(child, wait_status, &result, &failure);
    }
    return status == STATUS_OK ? reply_result(output, child->id, &result)
                               : reply_failure(output, child->id, &failure);
}

enum status child_serve(struct child *child, const struct pollfd *polled, int output)
{
    bool ended = true;

    if (child->id == 0) {
        return STATUS_OK;
    }
    for (size_t i = 0; i < CHILD_PIPES; i++) {
        if (polled[i].fd >= 0 && polled[i].fd == child->fds[i] && polled[i].revents != 0) {
            hear(&child->fds[i], &child->texts[i]);
        }
        ended = ended && child->fds[i] < 0;
    }
    if (!ended) {
        return STATUS_OK;
    }
    enum status status = answer(child, output);
    child_end(child);
    return status;
}

void child_end(struct child *child)
{
    for (size_t i = 0; i < CHILD_PIPES && child->id != 0; i++) {
        (void)close_end(&child->fds[i]);
        buffer_wipe(&child->texts[i]);
    }
    *child = (struct child){0};
}
