/* SPDX-License-Identifier: MIT */
/* What an extension knows of the store (docs/protocol.md, listSettings). */
#ifndef POWERUP_SECRETS_NATIVE_ALL_SETTINGS_H
#define POWERUP_SECRETS_NATIVE_ALL_SETTINGS_H

#include "native/session.h"

/* The settings of all origins, and how often items and plugin data have changed; all of one moment.
 * On STATUS_OK the caller owns *ret_settings. */
MUST_CHECK enum status all_settings(struct session *session, struct json_object **ret_settings,
                                    struct failure *failure);

/* The origins that faults are set for, '' among them where one is for all, inside the caller's
 * transaction. On STATUS_OK the caller owns *ret_origins. */
MUST_CHECK enum status all_settings_faults(struct store *store, struct json_object **ret_origins,
                                           struct failure *failure);

/* A relay_facts of a session: the settings for apply, the items' number for report. */
MUST_CHECK enum status all_settings_facts(void *session, struct view event,
                                          struct json_object **ret_facts, struct failure *failure);

#endif
