/* SPDX-License-Identifier: MIT */
#include "native/relay.h"

#include "base/clock.h"
#include "base/request.h"
#include "native/event.h"

/* A client sends its request long before. */
enum { SILENT_MS = 1000 };

/* How many messages of one client are passed on before the browser is read again. */
enum { TURN_MESSAGES_MAX = 16 };

/* Arguments of a handler may be any values. */
enum { REQUEST_VALUES_MAX = 100000 };

static void close_client(struct relay *relay, size_t place)
{
    for (size_t i = 0; i < RELAY_TICKETS_MAX; i++) {
        if (relay->tickets[i].client == place) {
            relay->tickets[i] = (struct ticket){0};
        }
    }
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

static bool waits(const struct relay *relay, size_t place)
{
    for (size_t i = 0; i < RELAY_TICKETS_MAX; i++) {
        if (relay->tickets[i].number != 0 && relay->tickets[i].client == place) {
            return true;
        }
    }
    return false;
}

bool relay_has_room(struct relay *relay)
{
    size_t silent = RELAY_CLIENTS_MAX;
    int64_t since = clock_now_ms() - SILENT_MS;

    for (size_t i = 0; i < RELAY_CLIENTS_MAX; i++) {
        if (!relay->clients[i].connected) {
            return true;
        }
        if (relay->clients[i].last_read_at <= since && !waits(relay, i)) {
            silent = i;
            since = relay->clients[i].last_read_at;
        }
    }
    if (silent == RELAY_CLIENTS_MAX) {
        return false;
    }
    close_client(relay, silent);
    return true;
}

void relay_add(struct relay *relay, int fd, struct json_object *greeting)
{
    size_t place = 0;

    while (place < RELAY_CLIENTS_MAX && relay->clients[place].connected) {
        place++;
    }
    struct peer peer = peer_init(fd);
    if (place == RELAY_CLIENTS_MAX || greeting == NULL || peer_send(&peer, greeting) != STATUS_OK) {
        peer_close(&peer);
        return;
    }
    relay->clients[place] =
        (struct client){.peer = peer, .connected = true, .last_read_at = clock_now_ms()};
}

bool relay_poll(const struct relay *relay, struct pollfd *ret_polled)
{
    bool at_once = false;

    for (size_t i = 0; i < RELAY_CLIENTS_MAX; i++) {
        const struct client *client = &relay->clients[i];
        ret_polled[i] = (struct pollfd){
            .fd = client->connected ? client->peer.reader.fd : -1,
            .events = 0,
        };
        if (client->connected) {
            ret_polled[i].events = peer_events(&client->peer);
        }
        at_once = at_once || client->has_more;
    }
    return at_once;
}

/* Sends {id, ok: true, result} or, where error is not NULL, {id, ok: false, error}. */
static enum status send_answer(struct peer *peer, int64_t id, struct json_object *result,
                               struct view error)
{
    JSON_AUTO(answer) = json_object_new_object();

    TRY(json_add_number(answer, "id", id));
    TRY(json_add_boolean(answer, "ok", error.data == NULL));
    if (error.data != NULL) {
        TRY(json_add_string(answer, "error", error));
    } else if (json_object_object_add(answer, "result", json_object_get(result)) != 0) {
        return STATUS_NO_MEMORY;
    }
    return peer_send(peer, answer);
}

static enum status answer(struct relay *relay, size_t place, int64_t id, struct json_object *result,
                          struct view error)
{
    struct peer *peer = &relay->clients[place].peer;

    enum status status = send_answer(peer, id, result, error);
    return status == STATUS_FRAME_TOO_LARGE
               ? send_answer(peer, id, NULL,
                             view_of_text("The browser's answer has more than 1 MiB."))
               : status;
}

static struct ticket *free_ticket(struct relay *relay)
{
    for (size_t i = 0; i < RELAY_TICKETS_MAX; i++) {
        if (relay->tickets[i].number == 0) {
            return &relay->tickets[i];
        }
    }
    return NULL;
}

/* Sends a request to the browser as an event, and keeps who asked. */
static enum status send_event(struct relay *relay, size_t place, int64_t id,
                              struct json_object *request, int browser, struct failure *failure)
{
    struct ticket *ticket = free_ticket(relay);
    JSON_AUTO(facts) = NULL;

    if (ticket == NULL) {
        return failure_set(failure, STATUS_BAD_REQUEST,
                           "The browser has not answered %d requests yet; wait and try again.",
                           RELAY_TICKETS_MAX);
    }
    TRY(event_check(request, failure));
    if (relay->facts != NULL) {
        TRY(relay->facts(relay->context, request_string(request, "op"), &facts, failure));
    }
    TRY(failure_explain(failure, event_send(browser, relay->last_ticket + 1, request, facts)));
    *ticket = (struct ticket){++relay->last_ticket, place, id};
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
               : answer(relay, place, id, NULL, view_of_text(failure.message));
}

/* Takes messages of one client, at most as many as one turn has. STATUS_NEED_MORE when none is
 * left. */
static enum status pass_messages(struct relay *relay, size_t place, int browser,
                                 enum status *ret_browser)
{
    struct client *client = &relay->clients[place];
    struct view message;

    if (!client->has_more) {
        TRY(peer_fill(&client->peer));
    }
    for (int count = 0; count < TURN_MESSAGES_MAX; count++) {
        TRY(peer_take(&client->peer, &message));
        TRY(pass_on(relay, place, message, browser, ret_browser));
    }
    return STATUS_OK;
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
    if (!client->has_more && (revents & ~POLLOUT) == 0) {
        return STATUS_OK;
    }
    enum status status = pass_messages(relay, place, browser, ret_browser);
    client->has_more = status == STATUS_OK;
    client->last_read_at = clock_now_ms();
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
    for (size_t i = 0; i < RELAY_TICKETS_MAX; i++) {
        struct ticket ticket = relay->tickets[i];
        if (number == 0 || ticket.number != number) {
            continue;
        }
        relay->tickets[i] = (struct ticket){0};
        if (answer(relay, ticket.client, ticket.id, result, error) != STATUS_OK) {
            close_client(relay, ticket.client);
        }
        return STATUS_OK;
    }
    return failure_set(failure, STATUS_BAD_REQUEST,
                       "There is no ticket %lld; its client may have disconnected.",
                       (long long)number);
}
