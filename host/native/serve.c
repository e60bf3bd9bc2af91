/* SPDX-License-Identifier: MIT */
#include "native/serve.h"

#include "native/log.h"
#include "native/reply.h"
#include "store/state_folder.h"
#include "wire/frame.h"

#include <errno.h>
#include <string.h>

/* What is polled: the browser, the listening socket, a command's outputs, the clients. */
enum {
    POLL_INPUT,
    POLL_LISTENER,
    POLL_CHILD,
    POLL_CLIENTS = POLL_CHILD + CHILD_PIPES,
    POLL_COUNT = POLL_CLIENTS + RELAY_CLIENTS_MAX
};

/* How often a client that waits outside is looked after when all places are taken. */
enum { FULL_RETRY_MS = 100 };

enum status serve_message(struct session *session, struct view message, int output)
{
    struct failure failure = {0};
    JSON_AUTO(request) = NULL;
    JSON_AUTO(result) = NULL;
    int64_t id = 0;
    int64_t started = log_is_open() ? log_now_us() : 0;

    enum status status = json_text_parse(message, &request, &failure);
    if (status == STATUS_OK) {
        status = request_id(request, &id, &failure);
    }
    if (status == STATUS_OK && json_text_has_nul_in_name(message)) {
        status = failure_set(&failure, STATUS_BAD_REQUEST,
                             "The name of a member holds NUL; no member has such a name.");
    }
    if (status == STATUS_OK) {
        status = operation_run(session, request, &result, &failure);
    }
    log_operation(operation_name(request), request, status, started);
    if (status == STATUS_DEFERRED) {
        return STATUS_OK;
    }
    if (status == STATUS_OK) {
        status = reply_result(output, id, &result);
        if (status != STATUS_NO_MEMORY) {
            return status;
        }
        failure_set(&failure, status, "Out of memory for the answer.");
    }
    return reply_failure(output, id, &failure);
}

/* Answers what is there of the browser's requests. */
static enum status hear_browser(struct session *session, struct frame_reader *reader, int output)
{
    struct view message;

    enum status status = frame_reader_fill(reader);
    while (status == STATUS_OK) {
        status = frame_reader_take(reader, &message);
        if (status == STATUS_OK) {
            status = serve_message(session, message, output);
            frame_reader_forget(reader, message);
        }
    }
    return status == STATUS_NEED_MORE ? STATUS_OK : status;
}

/* False when there is no room for the client that waits. */
static bool admit(struct session *session)
{
    JSON_AUTO(greeting) = NULL;
    int fd = -1;

    if (!relay_has_room(&session->relay)) {
        return false;
    }
    if (control_socket_accept(session->socket, &fd) == STATUS_OK) {
        greeting = session_greeting(session);
        relay_add(&session->relay, fd, greeting);
    }
    return true;
}

/* Waits until there is something to do, and does it. *full: a client waits for room. */
static enum status turn(struct session *session, struct frame_reader *reader, int output,
                        bool *full)
{
    struct pollfd polled[POLL_COUNT];
    bool listening = session->socket != NULL && !*full;

    polled[POLL_INPUT] = (struct pollfd){.fd = reader->fd, .events = POLLIN};
    polled[POLL_LISTENER] =
        (struct pollfd){.fd = listening ? session->socket->listener : -1, .events = POLLIN};
    child_poll(&session->child, polled + POLL_CHILD);
    bool at_once = relay_poll(&session->relay, polled + POLL_CLIENTS);
    if (poll(polled, POLL_COUNT, at_once ? 0 : *full ? FULL_RETRY_MS : -1) < 0) {
        return errno == EINTR ? STATUS_OK : STATUS_IO_FAILED;
    }
    *full = false;
    if (polled[POLL_INPUT].revents != 0) {
        enum status status = hear_browser(session, reader, output);
        if (status != STATUS_OK) {
            return status;
        }
    }
    enum status status = child_serve(&session->child, polled + POLL_CHILD, output);
    if (status == STATUS_OK) {
        status = relay_serve(&session->relay, polled + POLL_CLIENTS, output);
    }
    if (status == STATUS_OK && polled[POLL_LISTENER].revents != 0) {
        *full = !admit(session);
    }
    return status;
}

/* Says once where the store lies. */
static void tell_opened(const struct session *session, serve_opened **opened)
{
    BYTES_AUTO folder = {0};
    struct failure ignored = {0};

    if (*opened != NULL && session->store != NULL &&
        state_folder_path(&folder, &ignored) == STATUS_OK) {
        (*opened)((const char *)folder.data);
        *opened = NULL;
    }
}

enum status serve(int input, int output, serve_opened *opened, struct failure *failure)
{
    struct frame_reader reader = frame_reader_init(input);
    struct session session = {0};
    enum status status = STATUS_OK;
    bool full = false;

    while (status == STATUS_OK) {
        status = turn(&session, &reader, output, &full);
        tell_opened(&session, &opened);
    }
    int code = errno;
    session_end(&session);
    frame_reader_free(&reader);
    if (status == STATUS_END_OF_INPUT) {
        return STATUS_OK;
    }
    if (status == STATUS_FRAME_TOO_LARGE) {
        failure_set(failure, status, "A message of more than %zu bytes was announced.",
                    FRAME_REQUEST_MAX);
    } else if (status == STATUS_IO_FAILED) {
        return failure_set(failure, status, "%s", strerror(code));
    } else {
        failure_explain(failure, status);
    }
    /* The last word; whether it arrives changes nothing any more. */
    enum status last = reply_failure(output, 0, failure);
    (void)last;
    return status;
}
