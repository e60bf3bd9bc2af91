/* SPDX-License-Identifier: MIT */
/* The members of a request: which it may have, and reading them. */
#ifndef POWERUP_SECRETS_BASE_REQUEST_H
#define POWERUP_SECRETS_BASE_REQUEST_H

#include "base/json_text.h"

/* A member that an object may have. Lists end with MEMBERS_END. */
struct member {
    const char *name;
    enum json_type type; /* json_type_null stands for any */
    unsigned flags;      /* MEMBER_REQUIRED and so on */
};
enum {
    MEMBER_REQUIRED = 1,
    MEMBER_OR_NULL = 2, /* may be null as well */
    MEMBER_LARGE = 4,   /* a string that may fill the request; others have up to MEMBER_SIZE_MAX */
};
#define MEMBERS_END                                                                                \
    {                                                                                              \
        NULL, json_type_null, 0                                                                    \
    }

/* The longest name, id or word in a request, in bytes of UTF-8. */
enum { MEMBER_SIZE_MAX = 16 * 1024 };

/* Checks a request before it is built: how many values it may have, and that they do not take many
 * times the memory of its text. STATUS_BAD_REQUEST. */
MUST_CHECK enum status request_check_values(const struct json_facts *facts, size_t size,
                                            size_t values_max, struct failure *failure);

/* Checks a request to an operation; `id` and `op` may stand beside the listed members.
 * STATUS_BAD_REQUEST: a member is missing, unknown, too long or of a wrong type; *failure names it.
 */
MUST_CHECK enum status request_check(const char *operation, const struct member *members,
                                     struct json_object *request, struct failure *failure);

/* Checks the array under a name: it has at most `count_max` elements, and each is an object with
 * the listed members. */
MUST_CHECK enum status request_check_array(struct json_object *request, const char *name,
                                           const struct member *members, size_t count_max,
                                           struct failure *failure);

/* The id of a request that was not built, from the text of its member "id"; 0: it is no such id. */
int64_t request_id_of(struct view text);

/* The id of a request: an integer from 1 to REQUEST_ID_MAX, which JavaScript holds exactly.
 * STATUS_BAD_REQUEST: the request is no object, or has no such id. */
#define REQUEST_ID_MAX ((int64_t)9007199254740991)
MUST_CHECK enum status request_id(struct json_object *request, int64_t *ret_id,
                                  struct failure *failure);

/* The string under a name, valid as long as the object; data is NULL when it is missing or null. */
struct view request_string(struct json_object *object, const char *name);

#endif
