/* SPDX-License-Identifier: MIT */
#include "native/child.h"

#include "base/text_list.h"
#include "base/utf8.h"
#include "native/reply.h"
#include "system/installation.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { READ_SIZE = 64 * 1024 };

static const char program[] = "powerup-secrets";

/* This program's end of one of both pipes. */
static int *output_of(struct child *child, size_t pipe)
{
    return &child->process.streams[STDOUT_FILENO + pipe];
}

enum status child_start(struct child *child, int64_t id, struct json_object *arguments,
                        struct failure *failure)
{
    TEXT_LIST_AUTO list = {0};
    char path[PATH_MAX] = "";
    struct failure why = {0};
    struct child started = {.id = id};

    if (child->id != 0) {
        return failure_set(failure, STATUS_BAD_REQUEST,
                           "A command is running already; wait for its answer.");
    }
    TRY(text_list_of(program, arguments, CHILD_ARGUMENTS_MAX, &list, failure));
    enum status status = installation_command(path)
                             ? child_process_start(
                                   &(struct child_request){
                                       .program = path,
                                       .arguments = list.texts,
                                       .piped = {[STDOUT_FILENO] = true, [STDERR_FILENO] = true},
                                   },
                                   &started.process, &why)
                             : failure_set(&why, STATUS_IO_FAILED, "%s", strerror(errno));
    if (status == STATUS_NO_MEMORY) {
        return failure_set(failure, status, "Out of memory to start the command.");
    }
    if (status != STATUS_OK) {
        return failure_set(failure, status,
                           "The command line cannot be started: \"%s\": %s. Install host and "
                           "command line into one folder.",
                           path, why.message);
    }
    for (size_t i = 0; i < CHILD_PIPES; i++) {
        /* poll may be wrong about a pipe; the browser must not wait for a command. */
        (void)fcntl(*output_of(&started, i), F_SETFL, O_NONBLOCK);
    }
    *child = started;
    return STATUS_OK;
}

void child_poll(const struct child *child, struct pollfd *ret_polled)
{
    for (size_t i = 0; i < CHILD_PIPES; i++) {
        int fd = child->id != 0 ? child->process.streams[STDOUT_FILENO + i] : -1;
        ret_polled[i] = (struct pollfd){.fd = fd, .events = POLLIN};
    }
}

/* Reads once, and closes the pipe when nothing more can come or be kept. */
static void read_output(struct child *child, size_t pipe)
{
    struct buffer *text = &child->texts[pipe];
    uint8_t bytes[READ_SIZE];
    ssize_t size = read(*output_of(child, pipe), bytes, sizeof bytes);

    if (size < 0 && (errno == EINTR || errno == EAGAIN)) {
        return;
    }
    if (size > 0) {
        buffer_add(text, (struct view){bytes, (size_t)size});
    }
    if (size <= 0 || text->failed || text->size > CHILD_OUTPUT_MAX) {
        child_process_close(&child->process, STDOUT_FILENO + (int)pipe);
    }
}

static enum status check_text(const struct buffer *text, struct failure *failure)
{
    if (text->failed) {
        return failure_set(failure, STATUS_NO_MEMORY, "Out of memory for the command's output.");
    }
    if (text->size > CHILD_OUTPUT_MAX) {
        return failure_set(failure, STATUS_BAD_REQUEST,
                           "The command prints more than %d bytes; run it in a terminal.",
                           CHILD_OUTPUT_MAX);
    }
    return utf8_is_valid(view_of_buffer(text))
               ? STATUS_OK
               : failure_set(failure, STATUS_BAD_REQUEST,
                             "The command prints what is not UTF-8; run it in a terminal.");
}

static enum status build_result(const struct child *child, int exit_status,
                                struct json_object **ret_result)
{
    static const char *const names[CHILD_PIPES] = {"stdout", "stderr"};
    JSON_AUTO(result) = json_object_new_object();

    json_set_number(result, "status", exit_status);
    for (size_t i = 0; i < CHILD_PIPES; i++) {
        /* Empty text has no data, which would be null. */
        struct view text =
            child->texts[i].size > 0 ? view_of_buffer(&child->texts[i]) : view_of_text("");
        json_set_string(result, names[i], text);
    }
    TRY(json_status(result));
    MOVE(*ret_result, result);
    return STATUS_OK;
}

/* What came of the child, whose outputs have ended. */
static enum status result_of(struct child *child, struct json_object **ret_result,
                             struct failure *failure)
{
    int wait_status = 0;

    /* It has closed its outputs, which a program of ours does by ending. */
    if (!child_process_wait(&child->process, -1, &wait_status)) {
        return failure_set(failure, STATUS_IO_FAILED, "The command is lost: %s.", strerror(errno));
    }
    for (size_t i = 0; i < CHILD_PIPES; i++) {
        TRY(check_text(&child->texts[i], failure));
    }
    if (!WIFEXITED(wait_status)) {
        return failure_set(failure, STATUS_IO_FAILED, "The command was ended by signal %d.",
                           WTERMSIG(wait_status));
    }
    return failure_explain(failure, build_result(child, WEXITSTATUS(wait_status), ret_result));
}

static enum status answer(struct child *child, int output)
{
    struct failure failure = {0};
    JSON_AUTO(result) = NULL;

    return result_of(child, &result, &failure) == STATUS_OK
               ? reply_result(output, child->id, 0, &result)
               : reply_failure(output, child->id, &failure);
}

enum status child_serve(struct child *child, const struct pollfd *polled, int output)
{
    bool ended = true;

    if (child->id == 0) {
        return STATUS_OK;
    }
    for (size_t i = 0; i < CHILD_PIPES; i++) {
        const int *fd = output_of(child, i);
        if (polled[i].fd >= 0 && polled[i].fd == *fd && polled[i].revents != 0) {
            read_output(child, i);
        }
        ended = ended && *fd < 0;
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
    if (child->id != 0) {
        child_process_forget(&child->process);
    }
    for (size_t i = 0; i < CHILD_PIPES; i++) {
        buffer_wipe(&child->texts[i]);
    }
    *child = (struct child){0};
}
