/* SPDX-License-Identifier: MIT */
#include "native/serve.h"

#include "native/all_settings.h"
#include "native/changed.h"
#include "native/log.h"
#include "native/reply.h"
#include "store/revisions.h"
#include "store/state_folder.h"
#include "wire/frame.h"

#include <errno.h>
#include <string.h>

/* What is polled: the browser, the listening socket, signals of changes, a command's outputs, the
 * clients. */
enum {
    POLL_INPUT,
    POLL_LISTENER,
    POLL_CHANGED,
    POLL_CHILD,
    POLL_CLIENTS = POLL_CHILD + CHILD_PIPES,
    POLL_COUNT = POLL_CLIENTS + RELAY_CLIENTS_MAX
};

/* How often the listening socket is polled again when all places are taken. */
enum { FULL_RETRY_MS = 100 };

/* Understands a request and runs it. *ret_request and *ret_id are what was read of it, also when it
 * fails. */
static enum status run(struct session *session, struct view message,
                       struct json_object **ret_request, int64_t *ret_id,
                       struct json_object **ret_result, struct failure *failure)
{
    struct json_facts facts;

    enum status status = json_text_check(message, &facts, failure);
    *ret_id =
        request_id_of(facts.id); /* a request is answered by its id, also when it is refused */
    TRY(status);
    TRY(operation_check_size(&facts, message.size, failure));
    TRY(json_text_build(message, ret_request, failure));
    TRY(request_id(*ret_request, ret_id, failure));
    if (facts.nul_in_name) {
        return failure_set(failure, STATUS_BAD_REQUEST,
                           "The name of a member contains NUL; no member has such a name.");
    }
    return operation_run(session, *ret_request, ret_result, failure);
}

enum status serve_message(struct session *session, struct view message, int output)
{
    struct failure failure = {0};
    JSON_AUTO(request) = NULL;
    JSON_AUTO(result) = NULL;
    int64_t id = 0;
    int64_t started = log_is_open() ? log_now_us() : 0;

    enum status status = run(session, message, &request, &id, &result, &failure);
    log_operation(operation_name(request), request, status, started);
    int64_t items_revision = session->store != NULL ? revisions_take_items(session->store) : 0;
    if (status == STATUS_DEFERRED) {
        return STATUS_OK;
    }
    if (status == STATUS_OK) {
        status = reply_result(output, id, items_revision, &result);
        if (status != STATUS_NO_MEMORY) {
            return status;
        }
        failure_set(&failure, status, "Out of memory for the answer.");
    }
    return reply_failure(output, id, &failure);
}

/* Answers a message that is not read. */
static enum status refuse_frame(int output)
{
    struct failure failure = {0};

    failure_set(&failure, STATUS_FRAME_TOO_LARGE,
                "A message has more than %zu bytes; it was not read.", FRAME_REQUEST_MAX);
    return reply_failure(output, 0, &failure);
}

/* Answers the browser's requests that have arrived; STATUS_NEED_MORE when none is left. */
static enum status serve_browser(struct session *session, struct frame_reader *reader, int output)
{
    struct view message;

    TRY(frame_reader_fill(reader));
    for (;;) {
        enum status status = frame_reader_take(reader, &message);
        if (status == STATUS_FRAME_TOO_LARGE && !reader->broken) {
            TRY(refuse_frame(output));
            continue;
        }
        TRY(status);
        status = serve_message(session, message, output);
        frame_reader_forget(reader, message);
        TRY(status);
    }
}

/* False when there is no room for the client that waits. */
static bool admit(struct session *session)
{
    int fd = -1;
    pid_t process = 0;

    if (!relay_has_room(&session->relay)) {
        return false;
    }
    if (control_socket_accept(session->socket, &fd, &process) == STATUS_OK) {
        relay_add(&session->relay, fd, process);
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
    polled[POLL_CHANGED] =
        (struct pollfd){.fd = session->socket != NULL ? session->changed : -1, .events = POLLIN};
    child_poll(&session->child, polled + POLL_CHILD);
    bool at_once = relay_poll(&session->relay, polled + POLL_CLIENTS);
    if (poll(polled, POLL_COUNT, at_once ? 0 : *full ? FULL_RETRY_MS : -1) < 0) {
        return errno == EINTR ? STATUS_OK : STATUS_IO_FAILED;
    }
    *full = false;
    if (polled[POLL_INPUT].revents != 0) {
        enum status status = serve_browser(session, reader, output);
        if (status != STATUS_NEED_MORE) {
            return status;
        }
    }
    if (polled[POLL_CHANGED].revents != 0) {
        TRY(changed_send(session, output));
    }
    TRY(child_serve(&session->child, polled + POLL_CHILD, output));
    TRY(relay_serve(&session->relay, polled + POLL_CLIENTS, output));
    if (polled[POLL_LISTENER].revents != 0) {
        *full = !admit(session);
    }
    return STATUS_OK;
}

/* Reports once where the store is. */
static void report_opened(const struct session *session, serve_opened **opened)
{
    BYTES_AUTO folder = {0};
    struct failure ignored = {0};

    if (*opened != NULL && session->store != NULL &&
        state_folder_path(&folder, &ignored) == STATUS_OK) {
        (*opened)((const char *)folder.data);
        *opened = NULL;
    }
}

/* Serves until something ends it; then session and reader are closed, and errno stays. */
static enum status serve_until_end(int input, int output, serve_opened *opened)
{
    FRAME_READER_AUTO reader = frame_reader_init(input);
    SESSION_AUTO session = {
        .relay = {.greeting = session_greeting, .facts = all_settings_facts, .context = &session}};
    bool full = false;

    for (;;) {
        TRY(turn(&session, &reader, output, &full));
        report_opened(&session, &opened);
    }
}

enum status serve(int input, int output, serve_opened *opened, struct failure *failure)
{
    enum status status = serve_until_end(input, output, opened);

    switch (status) {
    case STATUS_END_OF_INPUT:
        return STATUS_OK;
    case STATUS_IO_FAILED:
        return failure_set(failure, status, "%s", strerror(errno));
    case STATUS_FRAME_TOO_LARGE:
        failure_set(failure, status,
                    "A message of more than %zu bytes was announced, as no browser sends it.",
                    FRAME_LENGTH_MAX);
        break;
    default:
        failure_explain(failure, status);
    }
    /* The last message; whether it arrives no longer matters. */
    enum status last = reply_failure(output, 0, failure);
    (void)last;
    return status;
}
