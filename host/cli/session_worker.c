/* SPDX-License-Identifier: MIT */
#include "cli/session_worker.h"

#include "base/file.h"
#include "base/request.h"
#include "base/text_list.h"
#include "base/utf8.h"
#include "cli/command.h"
#include "cli/print.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum {
    ARGUMENTS_MAX = 64,
    READ_SIZE = 64 * 1024,
};

static bool is_here;

bool session_worker_is_here(void)
{
    return is_here;
}

enum status session_line(const struct buffer *text, size_t *searched, struct view *ret_line)
{
    const uint8_t *end = text->size > *searched
                             ? memchr(text->data + *searched, '\n', text->size - *searched)
                             : NULL;

    if (end == NULL) {
        *searched = text->size;
        return STATUS_NEED_MORE;
    }
    *searched = 0;
    *ret_line = (struct view){text->data, (size_t)(end - text->data)};
    return STATUS_OK;
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

    json_set_number_or_null(answer, "id", id);
    json_set_number(answer, "status", (int)status);
    json_set_string(answer, "stdout", text_in(output));
    json_set_string(answer, "stderr", text_in(notes));
    TRY(json_status(answer));
    return print_json(line, answer);
}

static enum status add_refusal(struct buffer *line, int64_t id, enum command_exit status,
                               const char *why)
{
    BUFFER_AUTO output = {0};
    BUFFER_AUTO notes = {0};

    print_note(&notes, "powerup-secrets: %s", why);
    TRY(buffer_status(&notes));
    return add_answer(line, id, status, &output, &notes);
}

/* The id of a request, or 0. */
static int64_t id_of(struct json_object *request)
{
    struct failure ignored = {0};
    int64_t id = 0;

    return request_id(request, &id, &ignored) == STATUS_OK ? id : 0;
}

enum status session_refuse(struct view line, const char *why, struct buffer *answer)
{
    JSON_AUTO(request) = NULL;
    struct failure ignored = {0};

    enum status status = json_text_parse(line, &request, &ignored);
    return add_refusal(answer, status == STATUS_OK ? id_of(request) : 0, COMMAND_FAILED, why);
}

static bool is_text(const struct buffer *buffer)
{
    return buffer_status(buffer) == STATUS_OK && utf8_is_valid(view_of_buffer(buffer));
}

/* Makes the input this process's standard input. */
static bool give_input(struct view input)
{
    FD_AUTO fd = memfd_create("input", MFD_CLOEXEC);

    return fd >= 0 && write_full(fd, input) && lseek(fd, 0, SEEK_SET) == 0 &&
           dup2(fd, STDIN_FILENO) == STDIN_FILENO;
}

static enum status run_request(struct json_object *request, struct kept_store *kept,
                               struct buffer *line, struct failure *failure)
{
    static const struct member members[] = {
        {"arguments", json_type_array, MEMBER_REQUIRED},
        {"input", json_type_string, MEMBER_LARGE},
        MEMBERS_END,
    };
    int64_t id = 0;
    TEXT_LIST_AUTO arguments = {0};
    BUFFER_AUTO output = {0};
    BUFFER_AUTO notes = {0};

    TRY(request_id(request, &id, failure));
    TRY(request_check("session", members, request, failure));
    TRY(text_list_of("powerup-secrets", json_object_object_get(request, "arguments"), ARGUMENTS_MAX,
                     &arguments, failure));
    if (!give_input(request_string(request, "input"))) {
        return failure_set(failure, STATUS_IO_FAILED, "%s", strerror(errno));
    }
    enum command_exit status = command_line_run(
        (int)arguments.count, (char **)(uintptr_t)arguments.texts, kept, &output, &notes);
    return failure_explain(
        failure, is_text(&output) && is_text(&notes)
                     ? add_answer(line, id, status, &output, &notes)
                     : add_refusal(line, id, COMMAND_FAILED,
                                   "out of memory, or the command prints what is not UTF-8"));
}

/* A line that cannot be run is answered, too. */
static enum status run_line(struct view text, struct kept_store *kept, struct buffer *line)
{
    JSON_AUTO(request) = NULL;
    struct failure why = {0};

    enum status status = json_text_parse(text, &request, &why);
    if (status == STATUS_OK) {
        status = run_request(request, kept, line, &why);
    }
    if (status == STATUS_OK) {
        return STATUS_OK;
    }
    if (why.message[0] == '\0') {
        failure_explain(&why, status);
    }
    enum command_exit refusal = status == STATUS_IO_FAILED || status == STATUS_NO_MEMORY
                                    ? COMMAND_FAILED
                                    : COMMAND_WRONG_USE;
    return add_refusal(line, id_of(request), refusal, why.message);
}

/* Waits for a line and runs it. */
static enum status serve_line(int socket, struct kept_store *kept, struct buffer *text)
{
    BUFFER_AUTO answer = {0};
    uint8_t bytes[READ_SIZE];
    size_t searched = 0;
    struct view line;

    while (session_line(text, &searched, &line) != STATUS_OK) {
        ssize_t size = read(socket, bytes, sizeof bytes);
        if (size == 0) {
            return STATUS_END_OF_INPUT;
        }
        if (size > 0) {
            buffer_add(text, (struct view){bytes, (size_t)size});
            TRY(buffer_status(text));
        } else if (errno != EINTR) {
            return STATUS_IO_FAILED;
        }
    }
    TRY(run_line(line, kept, &answer));
    buffer_wipe(text); /* the next line comes after this answer */
    return write_full(socket, view_of_buffer(&answer)) ? STATUS_OK : STATUS_IO_FAILED;
}

int session_worker_run(int socket)
{
    KEPT_STORE_AUTO kept = {0};
    enum status status = STATUS_OK;

    is_here = true;
    while (status == STATUS_OK) {
        BUFFER_AUTO text = {0};
        status = serve_line(socket, &kept, &text);
    }
    return status == STATUS_END_OF_INPUT ? 0 : 1;
}
