/* SPDX-License-Identifier: MIT */
/* Commands that a program sends line by line. Each runs in a process of its own, as if it had been
 * started for it: one that waits for a browser keeps no other waiting. */
#include "base/file.h"
#include "base/request.h"
#include "base/text_list.h"
#include "base/utf8.h"
#include "cli/command_table.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    RUNNING_MAX = 32, /* further lines wait in the pipe */
    ARGUMENTS_MAX = 64,
    LINE_SIZE_MAX = 2 * FILE_VALUE_MAX, /* a value is escaped */
    READ_SIZE = 64 * 1024,
};

/* A command that has not answered yet. */
struct running {
    int64_t id; /* of its line; 0: none runs here */
    pid_t pid;
    int fd;               /* its answer comes here, and its end */
    struct buffer answer; /* a whole line, once it has ended */
};

/* Whether this is a command's process, whose output is the session's. */
static bool in_session;

struct lines {
    struct buffer text; /* what was read and not taken yet */
    size_t searched;    /* so much of it has no line end */
    bool ended;
    struct running running[RUNNING_MAX];
    size_t count; /* of those that run */
};
#define LINES_AUTO __attribute__((cleanup(lines_free))) struct lines
static void lines_free(struct lines *lines)
{
    buffer_wipe(&lines->text);
    for (size_t i = 0; i < RUNNING_MAX; i++) {
        if (lines->running[i].id != 0) {
            (void)close(lines->running[i].fd);
        }
        buffer_wipe(&lines->running[i].answer);
    }
}

/* An empty text has no data, which would be null. */
static struct view text_in(const struct buffer *buffer)
{
    return buffer->size > 0 ? view_of_buffer(buffer) : view_of_text("");
}

/* One line. An id of 0 stands for that of a line which has none. */
static enum status add_answer(struct buffer *line, int64_t id, enum command_exit status,
                              const struct buffer *output, const struct buffer *notes)
{
    JSON_AUTO(answer) = json_object_new_object();
    struct view text;

    TRY(id != 0 ? json_add_number(answer, "id", id)
                : json_add_string(answer, "id", (struct view){NULL, 0}));
    TRY(json_add_number(answer, "status", (int)status));
    TRY(json_add_string(answer, "stdout", text_in(output)));
    TRY(json_add_string(answer, "stderr", text_in(notes)));
    TRY(json_text_of(answer, &text));
    buffer_add(line, text);
    buffer_add_text(line, "\n");
    return buffer_status(line);
}

static enum status add_refusal(struct buffer *line, int64_t id, enum command_exit status,
                               const char *why)
{
    BUFFER_AUTO output = {0};
    BUFFER_AUTO notes = {0};

    buffer_print(&notes, "powerup-secrets: %s\n", why);
    TRY(buffer_status(&notes));
    return add_answer(line, id, status, &output, &notes);
}

static enum status put_line(const struct buffer *line, struct failure *failure)
{
    return write_full(STDOUT_FILENO, view_of_buffer(line))
               ? STATUS_OK
               : failure_set(failure, STATUS_IO_FAILED, "stdout cannot be written: %s.",
                             strerror(errno));
}

static bool is_text(const struct buffer *buffer)
{
    return buffer_status(buffer) == STATUS_OK && utf8_is_valid(view_of_buffer(buffer));
}

/* In the command's process: makes the input its standard input. */
static bool give_input(struct view input)
{
    int fd = memfd_create("input", MFD_CLOEXEC);

    return fd >= 0 && write_full(fd, input) && lseek(fd, 0, SEEK_SET) == 0 &&
           dup2(fd, STDIN_FILENO) == STDIN_FILENO;
}

static enum status answer_line(int64_t id, const struct text_list *arguments, struct view input,
                               struct buffer *line)
{
    BUFFER_AUTO output = {0};
    BUFFER_AUTO notes = {0};

    if (!give_input(input)) {
        return add_refusal(line, id, COMMAND_FAILED, strerror(errno));
    }
    enum command_exit status = command_line_run(
        (int)arguments->count, (char **)(uintptr_t)arguments->texts, &output, &notes);
    return is_text(&output) && is_text(&notes)
               ? add_answer(line, id, status, &output, &notes)
               : add_refusal(line, id, COMMAND_FAILED,
                             "out of memory, or the command prints what is not UTF-8");
}

static struct running *free_place(struct lines *lines)
{
    struct running *place = lines->running;

    while (place->id != 0) {
        place++;
    }
    return place;
}

static enum status start(struct lines *lines, int64_t id, const struct text_list *arguments,
                         struct view input, struct failure *failure)
{
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) != 0) {
        return failure_set(failure, STATUS_IO_FAILED, "%s", strerror(errno));
    }
    pid_t pid = fork();
    if (pid == 0) {
        BUFFER_AUTO line = {0};
        in_session = true;
        bool done = answer_line(id, arguments, input, &line) == STATUS_OK &&
                    write_full(ends[1], view_of_buffer(&line));
        _exit(done ? 0 : 1);
    }
    int code = errno;
    (void)close(ends[1]);
    if (pid < 0) {
        (void)close(ends[0]);
        return failure_set(failure, STATUS_IO_FAILED, "%s", strerror(code));
    }
    *free_place(lines) = (struct running){.id = id, .pid = pid, .fd = ends[0]};
    lines->count++;
    return STATUS_OK;
}

static enum status start_request(struct lines *lines, struct json_object *request,
                                 struct failure *failure)
{
    static const struct member members[] = {
        {"arguments", json_type_array, true, false},
        {"input", json_type_string, false, false},
        MEMBERS_END,
    };
    int64_t id = 0;
    TEXT_LIST_AUTO arguments = {0};

    TRY(request_id(request, &id, failure));
    TRY(request_check("session", members, request, failure));
    TRY(text_list_of("powerup-secrets", json_object_object_get(request, "arguments"), ARGUMENTS_MAX,
                     &arguments, failure));
    return start(lines, id, &arguments, request_string(request, "input"), failure);
}

/* A line that cannot be run is answered, too. */
static enum status take_line(struct lines *lines, struct view text, struct failure *failure)
{
    JSON_AUTO(request) = NULL;
    BUFFER_AUTO answer = {0};
    struct failure why = {0};
    int64_t id = 0;

    enum status status = json_text_parse(text, &request, &why);
    if (status == STATUS_OK) {
        status = start_request(lines, request, &why);
    }
    if (status == STATUS_OK) {
        return STATUS_OK;
    }
    if (request_id(request, &id, &(struct failure){0}) != STATUS_OK) {
        id = 0;
    }
    if (why.message[0] == '\0') {
        failure_explain(&why, status);
    }
    TRY(failure_explain(failure,
                        add_refusal(&answer, id,
                                    status == STATUS_IO_FAILED ? COMMAND_FAILED : COMMAND_WRONG_USE,
                                    why.message)));
    return put_line(&answer, failure);
}

static enum status take_lines(struct lines *lines, struct failure *failure)
{
    while (lines->count < RUNNING_MAX) {
        const uint8_t *rest = lines->text.data + lines->searched;
        const uint8_t *end = lines->text.size > lines->searched
                                 ? memchr(rest, '\n', lines->text.size - lines->searched)
                                 : NULL;
        if (end == NULL) {
            lines->searched = lines->text.size;
            return lines->text.size <= LINE_SIZE_MAX
                       ? STATUS_OK
                       : failure_set(failure, STATUS_BAD_REQUEST, "A line is longer than %d bytes.",
                                     LINE_SIZE_MAX);
        }
        size_t size = (size_t)(end - lines->text.data);
        TRY(take_line(lines, (struct view){lines->text.data, size}, failure));
        buffer_drop(&lines->text, size + 1);
        lines->searched = 0;
    }
    return STATUS_OK;
}

/* Reads once. False at the end. */
static bool read_some(int fd, struct buffer *text)
{
    uint8_t bytes[READ_SIZE];
    ssize_t size = read(fd, bytes, sizeof bytes);

    if (size > 0) {
        buffer_add(text, (struct view){bytes, (size_t)size});
    }
    return size > 0 || (size < 0 && errno == EINTR);
}

/* Passes on the answer of a command that has ended. */
static enum status finish(struct lines *lines, struct running *running, struct failure *failure)
{
    int wait_status = 0;
    char why[64] = "";
    enum status status = STATUS_OK;

    (void)close(running->fd);
    while (waitpid(running->pid, &wait_status, 0) < 0 && errno == EINTR) {
    }
    if (wait_status != 0 || running->answer.size == 0) {
        buffer_wipe(&running->answer);
        (void)snprintf(why, sizeof why, "the command was ended by %s %d",
                       WIFSIGNALED(wait_status) ? "signal" : "status",
                       WIFSIGNALED(wait_status) ? WTERMSIG(wait_status) : WEXITSTATUS(wait_status));
        status = add_refusal(&running->answer, running->id, COMMAND_FAILED, why);
    }
    status = status == STATUS_OK ? put_line(&running->answer, failure)
                                 : failure_explain(failure, status);
    buffer_wipe(&running->answer);
    *running = (struct running){0};
    lines->count--;
    return status;
}

/* Waits until something has come, and takes it. */
static enum status serve_once(struct lines *lines, struct failure *failure)
{
    struct pollfd polled[RUNNING_MAX + 1];
    struct pollfd *input = &polled[RUNNING_MAX];
    bool reads = !lines->ended && lines->count < RUNNING_MAX;

    for (size_t i = 0; i < RUNNING_MAX; i++) {
        int fd = lines->running[i].id != 0 ? lines->running[i].fd : -1;
        polled[i] = (struct pollfd){.fd = fd, .events = POLLIN};
    }
    *input = (struct pollfd){.fd = reads ? STDIN_FILENO : -1, .events = POLLIN};
    if (poll(polled, RUNNING_MAX + 1, -1) < 0) {
        return errno == EINTR ? STATUS_OK
                              : failure_set(failure, STATUS_IO_FAILED, "poll: %s", strerror(errno));
    }
    for (size_t i = 0; i < RUNNING_MAX; i++) {
        struct running *running = &lines->running[i];
        if (polled[i].revents != 0 && !read_some(running->fd, &running->answer)) {
            TRY(finish(lines, running, failure));
        }
    }
    if (input->revents != 0) {
        lines->ended = !read_some(STDIN_FILENO, &lines->text);
        if (lines->ended && lines->text.size > 0) {
            buffer_add_text(&lines->text, "\n"); /* the last line may lack it */
        }
    }
    TRY(failure_explain(failure, buffer_status(&lines->text)));
    return take_lines(lines, failure);
}

static enum status run_session(struct command_context *context, struct failure *failure)
{
    LINES_AUTO lines = {0};

    (void)context;
    if (in_session) {
        return failure_set(failure, STATUS_BAD_REQUEST, "A session is running already.");
    }
    while (!lines.ended || lines.count > 0) {
        TRY(serve_once(&lines, failure));
    }
    return STATUS_OK;
}

const struct command command_session = {
    .name = "session",
    .help = "run commands that a program sends line by line",
    .more = "Each line of standard input is a JSON object: {\"id\": 1, \"arguments\": [\"items\", "
            "\"--json\"], \"input\": what the command reads from standard input (optional)}. When "
            "the command has ended, a line is printed: {\"id\": 1, \"status\": its exit status, "
            "\"stdout\": ..., \"stderr\": ...}. Commands run side by side, so answers come in the "
            "order in which commands end. The session ends when standard input has ended and all "
            "commands have.",
    .options = NO_OPTIONS,
    .kind = COMMAND_PLAIN,
    .run = run_session,
};
