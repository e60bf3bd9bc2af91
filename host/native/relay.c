/* SPDX-License-Identifier: MIT */
#include "native/relay.h"

#include "base/clock.h"
#include "base/request.h"
#include "native/event.h"

/* A client has said what it wants long before. */
enum { SILENT_MS = 1000 };

/* How many messages of one client are passed on before the browser is heard again. */
enum { TURN_MESSAGES_MAX = 16 };

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
        if (relay->clients[i].heard_at <= since && !waits(relay, i)) {
            silent = i;
            since = relay->clients[i].heard_at;
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
        (struct client){.peer = peer, .connected = true, .heard_at = clock_now_ms()};
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

    enum status status = answer != NULL ? json_add_number(answer, "id", id) : STATUS_NO_MEMORY;
    if (status == STATUS_OK) {
        status = json_add_boolean(answer, "ok", error.data == NULL);
    }
    if (status == STATUS_OK && error.data != NULL) {
        status = json_add_string(answer, "error", error);
    } else if (status == STATUS_OK) {
        status = json_object_object_add(answer, "result", json_object_get(result)) == 0
                     ? STATUS_OK
                     : STATUS_NO_MEMORY;
    }
    return status == STATUS_OK ? peer_send(peer, answer) : status;
}

static enum status answer(struct relay *relay, size_t place, int64_t id, struct json_object *result,
                          struct view error)
{
    struct peer *peer = &relay->clients[place].peer;

    enum status status = send_answer(peer, id, result, error);
    if (status == STATUS_FRAME_TOO_LARGE) {
        status =
            send_answer(peer, id, NULL, view_of_text("The browser's answer has more than 1 MiB."));
    }
    return status;
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

/* Passes one request on. *ret_browser is what came of writing to the browser. STATUS_BAD_REQUEST
 * and STATUS_BAD_JSON: that was no request; the client goes. */
static enum status pass_on(struct relay *relay, size_t place, struct view message, int browser,
                           enum status *ret_browser)
{
    struct failure failure = {0};
    JSON_AUTO(request) = NULL;
    int64_t id = 0;

    enum status status = json_text_parse(message, &request, &failure);
    if (status == STATUS_OK) {
        status = request_id(request, &id, &failure);
    }
    if (status == STATUS_OK && json_text_has_nul_in_name(message)) {
        status = STATUS_BAD_JSON;
    }
    if (status != STATUS_OK) {
        return status;
    }
    struct ticket *ticket = free_ticket(relay);
    status = ticket != NULL ? event_check(request, &failure)
                            : failure_set(&failure, STATUS_BAD_REQUEST,
                                          "The browser has not answered %d requests yet; wait.",
                                          RELAY_TICKETS_MAX);
    if (status == STATUS_OK && ticket != NULL) {
        status = event_send(browser, relay->last_ticket + 1, request);
        if (status == STATUS_OK) {
            *ticket = (struct ticket){++relay->last_ticket, place, id};
            return STATUS_OK;
        }
        if (status == STATUS_IO_FAILED) {
            *ret_browser = status;
            return status;
        }
        failure_explain(&failure, status);
    }
    return answer(relay, place, id, NULL, view_of_text(failure.message));
}

/* STATUS_OK and STATUS_NEED_MORE: the client stays. */
static enum status hear(struct relay *relay, size_t place, int browser, enum status *ret_browser)
{
    struct client *client = &relay->clients[place];
    struct view message;
    int count = 0;

    enum status status = client->has_more ? STATUS_OK : peer_fill(&client->peer);
    client->has_more = false;
    client->heard_at = clock_now_ms();
    while (status == STATUS_OK && count++ < TURN_MESSAGES_MAX) {
        status = peer_take(&client->peer, &message);
        if (status == STATUS_OK) {
            status = pass_on(relay, place, message, browser, ret_browser);
        }
    }
    client->has_more = status == STATUS_OK;
    return status;
}

enum status relay_serve(struct relay *relay, const struct pollfd *polled, int browser)
{
    for (size_t i = 0; i < RELAY_CLIENTS_MAX; i++) {
        enum status to_browser = STATUS_OK;
        enum status status = STATUS_OK;
        struct client *client = &relay->clients[i];
        bool readable = client->has_more || (polled[i].revents & ~POLLOUT) != 0;
        if (!client->connected || client->peer.reader.fd != polled[i].fd) {
            continue;
        }
        if ((polled[i].revents & POLLOUT) != 0) {
            status = peer_flush(&client->peer);
        }
        if (status == STATUS_OK && readable) {
            status = hear(relay, i, browser, &to_browser);
        }
        if (to_browser != STATUS_OK) {
            return to_browser;
        }
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
                       "There is no ticket %lld; who asked may have gone.", (long long)number);
}
