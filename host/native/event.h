/* SPDX-License-Identifier: MIT */
/* What the host may send its extension unasked. An event is one row of the table in event.c;
 * docs/protocol.md says what each is for. */
#ifndef POWERUP_SECRETS_NATIVE_EVENT_H
#define POWERUP_SECRETS_NATIVE_EVENT_H

#include "base/request.h"

struct event {
    const char *name;
    const char *help;
    const struct member *members;
};

extern const struct event events[];
extern const size_t event_count;

/* Checks a client's request against the row that its `op` names. STATUS_BAD_REQUEST,
 * STATUS_BAD_ORIGIN: *failure says what is wrong. */
MUST_CHECK enum status event_check(struct json_object *request, struct failure *failure);

/* Writes a request that was checked as the event {event, ticket, …members}, with the members of
 * `facts` unless they do not fit: then the extension asks for them. NULL: there are none.
 * STATUS_FRAME_TOO_LARGE with nothing written, STATUS_IO_FAILED with errno set, STATUS_NO_MEMORY.
 */
MUST_CHECK enum status event_send(int browser, int64_t ticket, struct json_object *request,
                                  struct json_object *facts);

#endif
