/* SPDX-License-Identifier: MIT */
/* One browser that runs, asked one thing through the socket of its host (docs/protocol.md). */
#ifndef POWERUP_SECRETS_WIRE_RUNNING_BROWSER_H
#define POWERUP_SECRETS_WIRE_RUNNING_BROWSER_H

#include "wire/peer.h"

#include <sys/types.h>

enum running_browser_state {
    RUNNING_BROWSER_ASKED,    /* nothing has arrived yet */
    RUNNING_BROWSER_ANSWERED, /* result is there */
    RUNNING_BROWSER_FAILED,   /* error is there */
    RUNNING_BROWSER_GONE,     /* it ended meanwhile */
};

struct running_browser {
    pid_t pid; /* of its host */
    enum running_browser_state state;
    bool sent; /* the request, or a part of it */
    struct peer peer;
    struct json_object *greeting; /* NULL as long as the host is silent */
    struct json_object *result;
    struct bytes error; /* UTF-8 */
};

struct running_browser running_browser_init(pid_t pid);
void running_browser_free(struct running_browser *browser);
bool running_browser_is_connected(const struct running_browser *browser);

/* Connects to its socket in a folder and sends the request (op and its members). It stays without
 * a connection when its host has too many waiting: try again. STATUS_FRAME_TOO_LARGE: the request
 * is. STATUS_NO_MEMORY. */
MUST_CHECK enum status running_browser_connect(struct running_browser *browser, int folder,
                                               struct json_object *request);

/* Reads and writes what poll found; the state says what came of it. STATUS_NO_MEMORY. */
MUST_CHECK enum status running_browser_serve(struct running_browser *browser, int folder,
                                             short events);

/* Its name and its host's pid for people, as far as it is known. */
MUST_CHECK enum status running_browser_name(const struct running_browser *browser,
                                            struct bytes *ret_name);

#endif
