/* SPDX-License-Identifier: MIT */
/* A sequence of messages to a host, whose input chooses them, and the model beside it. */
#ifndef POWERUP_SECRETS_FUZZ_SEQUENCE_H
#define POWERUP_SECRETS_FUZZ_SEQUENCE_H

#include "base/json_text.h"
#include "native/session.h"
#include "sequence_model.h"

struct sequence {
    struct view input; /* what is left of it */
    struct session session;
    struct model model;
    int64_t id; /* of the last message */
};

/* Adds a member, taking over its value. */
void sequence_add(struct json_object *object, const char *name, struct json_object *value);

/* The same for a copy of a text; null where its data is NULL. */
void sequence_add_text(struct json_object *object, const char *name, struct view text);

/* Where a secret is, as places in the model's lists. */
struct sequence_place {
    size_t origin;
    size_t site;
    size_t member;
    size_t key;
};

struct sequence_place sequence_take_place(struct sequence *run);

/* A request without members, owned by the caller. */
struct json_object *sequence_request(const char *op);

/* The same of a page, or for one secret of its. */
struct json_object *sequence_request_at(const char *op, size_t origin, size_t site);
struct json_object *sequence_request_for(const char *op, const struct sequence_place *place);

/* Sends it to the host. The caller owns the reply. */
struct json_object *sequence_ask(struct sequence *run, struct json_object *request);

/* The reply to the last message is a success with this result, which is taken over; with the number
 * of the items, unless that is 0. */
void sequence_check_gives(const struct sequence *run, struct json_object *reply,
                          struct json_object *result, int64_t items_revision);

/* It is an error with this code. */
void sequence_check_refused(const struct sequence *run, struct json_object *reply,
                            const char *code);

/* A number below the count. */
size_t sequence_take_below(struct sequence *run, size_t count);

/* Up to 15 characters; the caller owns them. */
struct bytes sequence_take_text(struct sequence *run);

#endif
