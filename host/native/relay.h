/* SPDX-License-Identifier: MIT */
/* What the command line asks of a running browser: a client's request becomes an event for the
 * extension, and the extension's confirmation becomes the client's answer. */
#ifndef POWERUP_SECRETS_NATIVE_RELAY_H
#define POWERUP_SECRETS_NATIVE_RELAY_H

#include "wire/peer.h"

#include <poll.h>

enum { RELAY_CLIENTS_MAX = 16, RELAY_TICKETS_MAX = 64 };

/* An event that was not confirmed yet. */
struct ticket {
    int64_t number; /* 0 where there is none */
    size_t client;
    int64_t id; /* of the client's request */
};

struct client {
    struct peer peer;
    bool connected;
    bool has_more;        /* messages were read and wait for their turn */
    int64_t last_read_at; /* in milliseconds of a clock that never jumps */
};

/* What an extension needs to know for an event, from whoever knows it: *ret_facts is an object,
 * which the caller owns, or NULL. */
typedef enum status relay_facts(void *context, struct view event, struct json_object **ret_facts,
                                struct failure *failure);

/* All zero is a relay without clients. */
struct relay {
    relay_facts *facts; /* NULL: there are none */
    void *context;      /* for it */
    struct client clients[RELAY_CLIENTS_MAX];
    struct ticket tickets[RELAY_TICKETS_MAX];
    int64_t last_ticket;
};

void relay_end(struct relay *relay);

/* Whether one more client can be taken. When all places are taken, the client is closed that has
 * been idle longest, with nothing asked or sent for at least a second. */
bool relay_has_room(struct relay *relay);

/* Takes over a connection and sends the greeting (NULL where there was no memory for it). A client
 * that cannot be greeted is closed. */
void relay_add(struct relay *relay, int fd, struct json_object *greeting);

/* Fills in what to poll, RELAY_CLIENTS_MAX entries; true when poll must not wait. */
bool relay_poll(const struct relay *relay, struct pollfd *ret_polled);

/* Reads and writes what poll found for the same entries; events go to `browser`. A client that
 * breaks the rules is closed. STATUS_IO_FAILED with errno set: the browser cannot be written to. */
MUST_CHECK enum status relay_serve(struct relay *relay, const struct pollfd *polled, int browser);

/* Answers the client that the ticket belongs to: with `error` where its data is not NULL, else
 * with `result`, which stays the caller's. STATUS_BAD_REQUEST: there is no such ticket, or its
 * client went away. */
MUST_CHECK enum status relay_confirm(struct relay *relay, int64_t ticket,
                                     struct json_object *result, struct view error,
                                     struct failure *failure);

#endif
