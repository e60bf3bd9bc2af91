/* SPDX-License-Identifier: MIT */
#include "native/relay.h"

#include "base/clock.h"
#include "base/request.h"
#include "native/event.h"

/* When all places are taken: how long a client has to send its request or to read its answer, which
 * take no time, and how long the browser has at least to answer. */
enum { IDLE_MS = 100, ANSWER_MS = 1000 };

enum { NO_PLACE = RELAY_CLIENTS_MAX };

/* Arguments of a handler may be any values. */
enum { REQUEST_VALUES_MAX = 100000 };

static void close_client(struct relay *relay, size_t place)
{
    peer_close(&relay->clients[place].peer);
    relay->clients[place] = (struct client){0};
}

void relay_end(struct relay *relay)
{
    for (size_t i = 0; i < RELAY_CLIENTS_MAX; i++) {
        if (relay->clients[i].connected) {
            close_client(relay, i);
        }
    }
}

/* A client is read when nothing of it is open and it has read what it was sent: so its next
 * requests wait in the kernel, which limits them, and not here. */
static bool is_read(const struct client *client)
{
    return client->connected && client->ticket == 0 && client->peer.unsent.size == 0;
}

static short events_of(const struct client *client)
{
    if (client->peer.unsent.size > 0) {
        return POLLOUT;
    }
    return is_read(client) ? POLLIN : 0;
}

bool relay_poll(struct relay *relay, struct pollfd *ret_polled)
{
    bool at_once = false;

    relay->polled_at = clock_now_ms();
    for (size_t i = 0; i < RELAY_CLIENTS_MAX; i++) {
        const struct client *client = &relay->clients[i];
        ret_polled[i] = (struct pollfd){
            .fd = client->connected ? client->peer.reader.fd : -1,
            .events = events_of(client),
        };
        at_once = at_once || (client->has_more && is_read(client));
    }
    return at_once;
}

/* Sends {id, ok: true, result} or, where error is not NULL, {id, ok: false, error}. The id 0 is
 * that of no request, and null. */
static enum status send_answer(struct peer *peer, int64_t id, struct json_object *result,
                               struct view error)
{
    JSON_AUTO(answer) = json_object_new_object();

    json_set_number_or_null(answer, "id", id);
    json_set_boolean(answer, "ok", error.data == NULL);
    if (error.data != NULL) {
        json_set_string(answer, "error", error);
    } else {
        json_set_shared(answer, "result", result);
    }
    TRY(json_status(answer));
    return peer_send(peer, answer);
}

static enum status answer(struct peer *peer, int64_t id, struct json_object *result,
                          struct view error)
{
    enum status status = send_answer(peer, id, result, error);
    return status == STATUS_FRAME_TOO_LARGE
               ? send_answer(peer, id, NULL,
                             view_of_text("The browser's answer has more than 1 MiB."))
               : status;
}

/* Tells a connection why it is closed, if it can still be told. */
static void refuse(struct peer *peer, int64_t id, const char *why)
{
    enum status ignored = send_answer(peer, id, NULL, view_of_text(why));

    (void)ignored;
}

static void evict(struct relay *relay, size_t place)
{
    struct client *client = &relay->clients[place];

    if (client->ticket != 0) {
        refuse(&client->peer, client->id,
               "The browser did not answer, and the host gave this connection's place to a command "
               "of another program; try again.");
    } else {
        refuse(&client->peer, 0,
               "The host heard nothing over this connection, and gave its place to a command of "
               "another program; try again.");
    }
    close_client(relay, place);
}

/* How many places the connections of a process have. */
static size_t held_by(const struct relay *relay, pid_t process)
{
    size_t count = 0;

    for (size_t i = 0; i < RELAY_CLIENTS_MAX; i++) {
        count += relay->clients[i].connected && relay->clients[i].process == process;
    }
    return count;
}

/* The client whose state has lasted longest, among those that are `idle` or those of processes that
 * hold `held` places; NO_PLACE when none had for `least_ms` when poll last looked: what has arrived
 * since is still to be read. */
static size_t longest(const struct relay *relay, bool idle, size_t held, int64_t least_ms)
{
    size_t found = NO_PLACE;
    int64_t since = relay->polled_at - least_ms;

    for (size_t i = 0; i < RELAY_CLIENTS_MAX; i++) {
        const struct client *client = &relay->clients[i];
        if (client->since <= since &&
            (idle ? client->ticket == 0 : held_by(relay, client->process) == held)) {
            found = i;
            since = client->since;
        }
    }
    return found;
}

/* All places are taken: whose is given to another process that has `held` itself. */
static size_t choose_victim(const struct relay *relay, size_t held)
{
    size_t idle = longest(relay, true, 0, IDLE_MS);
    size_t most = 0;

    if (idle != NO_PLACE) {
        return idle;
    }
    for (size_t i = 0; i < RELAY_CLIENTS_MAX; i++) {
        size_t count = held_by(relay, relay->clients[i].process);
        most = count > most ? count : most;
    }
    if (most == 1) {
        return longest(relay, false, most, ANSWER_MS);
    }
    return held < most ? longest(relay, false, most, 0) : NO_PLACE;
}

static bool has_free_place(const struct relay *relay, size_t *ret_place)
{
    for (size_t i = 0; i < RELAY_CLIENTS_MAX; i++) {
        if (!relay->clients[i].connected) {
            *ret_place = i;
            return true;
        }
    }
    return false;
}

bool relay_has_room(const struct relay *relay)
{
    size_t place = 0;

    return has_free_place(relay, &place) || choose_victim(relay, 0) != NO_PLACE;
}

/* Connects a client in a place. */
static void greet(struct relay *relay, size_t place, struct peer *peer, pid_t process)
{
    JSON_AUTO(greeting) = relay->greeting(relay->context);

    if (greeting == NULL || peer_send(peer, greeting) != STATUS_OK) {
        peer_close(peer);
        return;
    }
    relay->clients[place] = (struct client){
        .peer = *peer, .connected = true, .process = process, .since = clock_now_ms()};
}

void relay_add(struct relay *relay, int fd, pid_t process)
{
    struct peer peer = peer_init(fd);
    size_t place = 0;

    if (!has_free_place(relay, &place)) {
        place = choose_victim(relay, held_by(relay, process));
        if (place == NO_PLACE) {
            refuse(
                &peer, 0,
                "The host's connections are all taken, most of them by this program; close some, "
                "and try again.");
            peer_close(&peer);
            return;
        }
        evict(relay, place);
    }
    greet(relay, place, &peer, process);
}

/* Sends a request to the browser as an event, and keeps who asked. */
static enum status send_event(struct relay *relay, size_t place, int64_t id,
                              struct json_object *request, int browser, struct failure *failure)
{
    struct client *client = &relay->clients[place];
    JSON_AUTO(facts) = NULL;

    TRY(event_check(request, failure));
    if (relay->facts != NULL) {
        TRY(relay->facts(relay->context, request_string(request, "op"), &facts, failure));
    }
    TRY(failure_explain(failure, event_send(browser, relay->last_ticket + 1, request, facts)));
    client->ticket = ++relay->last_ticket;
    client->id = id;
    client->since = clock_now_ms();
    return STATUS_OK;
}

/* Passes one message on. *ret_browser is what came of writing to the browser. STATUS_BAD_REQUEST
 * and STATUS_BAD_JSON: it is not a request; the client is closed. */
static enum status pass_on(struct relay *relay, size_t place, struct view message, int browser,
                           enum status *ret_browser)
{
    struct failure failure = {0};
    struct json_facts facts;
    JSON_AUTO(request) = NULL;
    int64_t id = 0;

    TRY(json_text_check(message, &facts, &failure));
    TRY(request_check_values(&facts, message.size, REQUEST_VALUES_MAX, &failure));
    TRY(json_text_build(message, &request, &failure));
    TRY(request_id(request, &id, &failure));
    if (facts.nul_in_name) {
        return STATUS_BAD_JSON;
    }
    enum status status = send_event(relay, place, id, request, browser, &failure);
    if (status == STATUS_IO_FAILED) {
        *ret_browser = status;
    }
    return status == STATUS_OK || status == STATUS_IO_FAILED
               ? status
               : answer(&relay->clients[place].peer, id, NULL, view_of_text(failure.message));
}

/* Takes the next message of a client, so that none delays the browser or another by more than one.
 * STATUS_NEED_MORE when none is left. */
static enum status pass_message(struct relay *relay, size_t place, int browser,
                                enum status *ret_browser)
{
    struct client *client = &relay->clients[place];
    struct view message;

    if (!client->has_more) {
        TRY(peer_fill(&client->peer));
    }
    TRY(peer_take(&client->peer, &message));
    return pass_on(relay, place, message, browser, ret_browser);
}

/* Writes to and reads from a client what poll found. STATUS_OK and STATUS_NEED_MORE: the client
 * stays. */
static enum status serve_client(struct relay *relay, size_t place, short revents, int browser,
                                enum status *ret_browser)
{
    struct client *client = &relay->clients[place];

    if ((revents & POLLOUT) != 0) {
        TRY(peer_flush(&client->peer));
    }
    if (!is_read(client)) {
        return (revents & (POLLHUP | POLLERR)) != 0 ? STATUS_END_OF_INPUT : STATUS_OK;
    }
    if (!client->has_more && (revents & ~POLLOUT) == 0) {
        return STATUS_OK;
    }
    enum status status = pass_message(relay, place, browser, ret_browser);
    client->has_more = status == STATUS_OK;
    return status;
}

enum status relay_serve(struct relay *relay, const struct pollfd *polled, int browser)
{
    for (size_t i = 0; i < RELAY_CLIENTS_MAX; i++) {
        enum status to_browser = STATUS_OK;
        struct client *client = &relay->clients[i];
        if (!client->connected || client->peer.reader.fd != polled[i].fd) {
            continue;
        }
        enum status status = serve_client(relay, i, polled[i].revents, browser, &to_browser);
        TRY(to_browser);
        if (status != STATUS_OK && status != STATUS_NEED_MORE) {
            close_client(relay, i);
        }
    }
    return STATUS_OK;
}

enum status relay_confirm(struct relay *relay, int64_t number, struct json_object *result,
                          struct view error, struct failure *failure)
{
    for (size_t i = 0; i < RELAY_CLIENTS_MAX; i++) {
        struct client *client = &relay->clients[i];
        if (number == 0 || client->ticket != number) {
            continue;
        }
        client->ticket = 0;
        client->since = clock_now_ms();
        if (answer(&client->peer, client->id, result, error) != STATUS_OK) {
            close_client(relay, i);
        }
        return STATUS_OK;
    }
    return failure_set(failure, STATUS_BAD_REQUEST,
                       "There is no ticket %lld; its client may have disconnected.",
                       (long long)number);
}
