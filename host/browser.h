/* SPDX-License-Identifier: MIT */
/* One browser that runs, asked one thing through the socket of its host (docs/protocol.md). */
#ifndef POWERUP_SECRETS_BROWSER_H
#define POWERUP_SECRETS_BROWSER_H

#include "peer.h"

#include <sys/types.h>

enum browser_state {
    BROWSER_ASKED,    /* nothing has come yet */
    BROWSER_ANSWERED, /* result is there */
    BROWSER_FAILED,   /* error is there */
    BROWSER_GONE,     /* it ended meanwhile */
};

struct browser {
    pid_t pid; /* of its host */
    enum browser_state state;
    struct peer peer;
    struct json_object *greeting; /* NULL as long as the host is silent */
    struct json_object *result;
    struct bytes error; /* UTF-8 */
};

struct browser browser_init(pid_t pid);
void browser_free(struct browser *browser);
bool browser_is_connected(const struct browser *browser);

/* Connects to its socket in a folder and sends the request (op and its members). It stays without
 * a connection when its host has too many waiting: try again. STATUS_FRAME_TOO_LARGE: the request
 * is. STATUS_NO_MEMORY. */
MUST_CHECK enum status browser_connect(struct browser *browser, int folder,
                                       struct json_object *request);

/* Reads and writes what poll found; the state tells what came of it. STATUS_NO_MEMORY. */
MUST_CHECK enum status browser_serve(struct browser *browser, int folder, short events);

/* Its name and its host's pid for people, as much as it has told. */
MUST_CHECK enum status browser_name(const struct browser *browser, struct bytes *ret_name);

#endif
