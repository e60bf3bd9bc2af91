/* SPDX-License-Identifier: MIT */
/* What a store must hold after a sequence of messages, said without a store: tables over a few
 * names of each kind, which are told apart by their place in the lists. */
#ifndef POWERUP_SECRETS_FUZZ_SEQUENCE_MODEL_H
#define POWERUP_SECRETS_FUZZ_SEQUENCE_MODEL_H

#include "base/bytes.h"
#include "store/settings.h"
#include "trello/cipher.h"

enum {
    ORIGINS = 3,
    SITES = 3, /* the first: a page that no other site embeds */
    PROFILES = 3,
    MEMBERS = 3,
    KEYS = 3,
    SLOTS = 8, /* of 9 names, two of which are the same entry */
    SCOPES = 4,
    VISIBILITIES = 2,
    FORMS = 6,
    VALUES_MAX = 128,
    CALLS_MAX = 256,
};

/* The scope and the visibility of a member's AES key. */
enum { SCOPE_MEMBER = 2, VISIBILITY_PRIVATE = 1 };

extern const struct view model_origins[ORIGINS];
extern const struct view model_sites[SITES];
extern const struct view model_profiles[PROFILES];
extern const struct view model_members[MEMBERS]; /* also the owners of plugin data */
extern const struct view model_keys[KEYS];
extern const char *const model_scopes[SCOPES];
extern const char *const model_visibilities[VISIBILITIES];

/* What may be an item. The value that storeSecret made has the secret and the key. */
struct model_value {
    struct bytes text;
    struct bytes secret; /* data is NULL: it is no secret's */
    char key[2 * CIPHER_KEY_SIZE + 1];
};

/* A text of plugin data without an AES key, and what stands around one that is added to it: NULL
 * where none can be, because there is something else under its name. */
struct model_form {
    const char *text;
    const char *before_key;
    const char *after_key;
};
extern const struct model_form model_forms[FORMS];

/* A text of plugin data; all zero is none. */
struct model_text {
    const struct model_form *form;
    char key[2 * CIPHER_KEY_SIZE + 1]; /* empty: it has none */
};

struct model_call {
    size_t origin;
    int64_t at;
    bool problem;
    struct bytes detail; /* JSON text */
};

/* A value's place in the list, counted from 1; 0 is none. */
typedef size_t model_item;

struct model {
    struct model_value values[VALUES_MAX];
    size_t value_count;
    model_item items[PROFILES][ORIGINS][SITES][SLOTS];
    struct model_text data[ORIGINS][SCOPES][MEMBERS][VISIBILITIES][MEMBERS];
    struct model_call calls[CALLS_MAX];
    size_t call_count;
    enum fidelity fidelity[ORIGINS + 1]; /* the last: of all origins */
    bool fidelity_is_set[ORIGINS + 1];
    size_t profile;       /* of the store */
    size_t fixed_profile; /* of the host, if it has one */
    bool profile_is_fixed;
    bool partitioned;
    int64_t items_revision;
    int64_t data_revision;
};

/* With the values that pages may have in their localStorage: "" and some that are no secret's. */
void model_start(struct model *model);
void model_end(struct model *model);

/* The entry of a member's name for a secret; slots are in the order of their bytes. */
size_t model_slot(size_t member, size_t key);
struct view model_slot_text(size_t slot);

/* The items of a storage key as a page of it finds them now. */
model_item *model_items(struct model *model, size_t origin, size_t site);

/* Adds a value to the list; the copies are the model's. Returns it as an item. */
model_item model_add_value(struct model *model, struct view text, struct view secret,
                           const char *key);

/* What an item is; NULL for none. */
const struct model_value *model_value(const struct model *model, model_item item);

/* Where one of the texts is kept; a text without a viewer counts as that of the first. */
struct model_text *model_text(struct model *model, size_t origin, size_t scope, size_t owner,
                              size_t visibility, size_t viewer);

/* Writes it; `kept` has a form. The caller owns the result. */
struct bytes model_text_bytes(const struct model_text *kept);
bool model_text_same(const struct model_text *a, const struct model_text *b);

/* What loadSecret does: the secret, null (with data NULL), or an error (false). */
bool model_load(struct model *model, size_t origin, size_t site, size_t member, size_t key,
                struct view *ret_secret);

#endif
