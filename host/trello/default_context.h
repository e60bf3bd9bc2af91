/* SPDX-License-Identifier: MIT */
/* The context of a page that is opened without one: extension/default-context.json. */
#ifndef POWERUP_SECRETS_TRELLO_DEFAULT_CONTEXT_H
#define POWERUP_SECRETS_TRELLO_DEFAULT_CONTEXT_H

#include "base/json_text.h"

/* The id of the scope board, card or organization; data is NULL for others. */
struct view default_context_id(struct view scope);

/* The whole context with a member, owned by the caller; NULL without memory. */
struct json_object *default_context(struct view member);

#endif
