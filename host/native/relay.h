/* SPDX-License-Identifier: MIT */
/* What the command line asks of a running browser: a client's request becomes an event for the
 * extension, and the extension's confirmation becomes the client's answer. */
#ifndef POWERUP_SECRETS_NATIVE_RELAY_H
#define POWERUP_SECRETS_NATIVE_RELAY_H

#include "wire/peer.h"

#include <poll.h>
#include <sys/types.h>

enum { RELAY_CLIENTS_MAX = 64 };

/* One connection. It has at most one request open; the next is read after its answer. */
struct client {
    struct peer peer;
    bool connected;
    bool has_more;  /* messages were read and wait for their turn */
    pid_t process;  /* that connected; 0 for one that this system does not show */
    int64_t ticket; /* of the event that the browser has not confirmed; 0: none is open */
    int64_t id;     /* of the client's request for it */
    int64_t since;  /* when it was greeted, or its last event was sent or confirmed; in milliseconds
                       of a clock that never jumps */
};

/* What an extension needs to know for an event, from whoever knows it: *ret_facts is an object,
 * which the caller owns, or NULL. */
typedef enum status relay_facts(void *context, struct view event, struct json_object **ret_facts,
                                struct failure *failure);

/* The first message to a client, owned by the caller; NULL without memory for it. */
typedef struct json_object *relay_greeting(void *context);

/* All zero but for the greeting is a relay without clients. */
struct relay {
    relay_greeting *greeting;
    relay_facts *facts; /* NULL: there are none */
    void *context;      /* for both */
    struct client clients[RELAY_CLIENTS_MAX];
    int64_t last_ticket;
    int64_t polled_at; /* on the clock of the clients' `since` */
};

void relay_end(struct relay *relay);

/* Whether a client of another process could be taken now; if not, look again later. */
bool relay_has_room(const struct relay *relay);

/* Takes over a connection of a process and greets it. Where all places are taken, another client is
 * told so and closed: the one that has had no request open for longest, at least 0.1 s; else the
 * oldest of the process that has most places; else, when none has more than one, the oldest, whose
 * request has been open for at least 1 s. So no program keeps others out; one that has most of the
 * places itself is refused. A client that cannot be greeted is closed. */
void relay_add(struct relay *relay, int fd, pid_t process);

/* Fills in what to poll, RELAY_CLIENTS_MAX entries; true when poll must not wait. */
bool relay_poll(struct relay *relay, struct pollfd *ret_polled);

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
