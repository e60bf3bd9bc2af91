/* SPDX-License-Identifier: MIT */
/* The settings that pages run under. Each is kept for one origin or, under the origin "", for all;
 * an origin's own takes precedence. Every function works inside the caller's transaction. */
#ifndef POWERUP_SECRETS_STORE_SETTINGS_H
#define POWERUP_SECRETS_STORE_SETTINGS_H

#include "base/identity.h"
#include "store/store.h"

/* The names of the settings, as settings_set takes them. */
#define SETTING_FIDELITY "fidelity" /* FIDELITY_LIST */
#define SETTING_STORAGE  "storage"  /* enabled, denied, missing, full */
#define SETTING_MEMBER   "member"   /* the default context's member: an id of Trello, or "" */
#define SETTING_RENDER_WRITER                                                                      \
    "renderWriter" /* on, off: whether a page that changes plugin data renders, too */

/* Who is signed in by default. */
#define SETTING_DEFAULT_MEMBER TRELLO_DEFAULT_MEMBER

/* X(constant, value): what the setting "fidelity" may be; the first when nothing is set. */
#define FIDELITY_LIST(X)                                                                           \
    X(FIDELITY_DOCUMENTED, "documented") /* what Trello's documentation promises */                \
    X(FIDELITY_LIBRARY, "library")       /* its library to the letter */

#define FIDELITY_CONSTANT(constant, value) constant,
enum fidelity { FIDELITY_LIST(FIDELITY_CONSTANT) };
#undef FIDELITY_CONSTANT

/* The fidelity for an origin. STATUS_BAD_REQUEST: what is kept is not in the list; *failure names
 * it. */
MUST_CHECK enum status settings_fidelity(struct store *store, struct view origin,
                                         enum fidelity *ret_fidelity, struct failure *failure);

/* The value of any setting for an origin, owned by the caller. STATUS_ABSENT: nothing is set. */
MUST_CHECK enum status settings_get(struct store *store, struct view origin, const char *name,
                                    struct bytes *ret_value, struct failure *failure);

/* The same, with the default when nothing is set. STATUS_BAD_REQUEST: what is kept is not a valid
 * value. */
MUST_CHECK enum status settings_effective(struct store *store, struct view origin, const char *name,
                                          struct bytes *ret_value, struct failure *failure);

/* STATUS_BAD_REQUEST: the setting is unknown, or the value invalid; *failure says what is valid. */
MUST_CHECK enum status settings_check(const char *name, struct view value, struct failure *failure);

/* Sets what settings_check lets pass; the storage mode "full" sets PROPERTY_FILLED, too. */
MUST_CHECK enum status settings_set(struct store *store, struct view origin, const char *name,
                                    struct view value, struct failure *failure);

/* Removes a setting for every origin and for all; STATUS_OK too when nothing was set. */
MUST_CHECK enum status settings_forget(struct store *store, const char *name,
                                       struct failure *failure);

/* Calls a function with each row that is kept, in the order of origin and name. The views last
 * until it returns; a status that is not STATUS_OK ends the listing and is returned. */
struct setting_row {
    struct view origin; /* size 0 for all */
    struct view name;
    struct view value;
};
typedef enum status (*settings_visitor)(void *context, const struct setting_row *row,
                                        struct failure *failure);
MUST_CHECK enum status settings_list(struct store *store, settings_visitor visit, void *context,
                                     struct failure *failure);

#endif
