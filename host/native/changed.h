/* SPDX-License-Identifier: MIT */
/* What the extension knows of changes of plugin data: the member "pluginData" of results, and the
 * event "changed" for what other processes did. Nothing is told twice. */
#ifndef POWERUP_SECRETS_NATIVE_CHANGED_H
#define POWERUP_SECRETS_NATIVE_CHANGED_H

#include "base/json_text.h"
#include "native/session.h"

/* Adds the member to a result: {origin: number, …} of the Power-Up that `origin` belongs to or,
 * where it has size 0, of all. Only after that of all do events follow. STATUS_NO_MEMORY, also
 * where the result lacks something. */
MUST_CHECK enum status changed_add(struct session *session, struct view origin,
                                   struct json_object *result, struct failure *failure);

/* Signals the other hosts when this one has committed a change since it was asked last. */
void changed_signal(struct session *session);

/* Takes the signals of others, and sends the event when there is anything to tell.
 * STATUS_IO_FAILED with errno set: the browser cannot be written to. */
MUST_CHECK enum status changed_send(struct session *session, int browser);

#endif
