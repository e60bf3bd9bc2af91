/* SPDX-License-Identifier: MIT */
/* The browser's side of the store: what stands in for the localStorage of each storage key. Every
 * function works inside the caller's transaction. */
#ifndef POWERUP_SECRETS_STORE_ITEMS_H
#define POWERUP_SECRETS_STORE_ITEMS_H

#include "store/store.h"

/* Whose localStorage: an origin, and the top-level site when the page is a frame embedded in
 * another site (else size 0), within the browser profile in use. The site does not count where
 * storage is not partitioned (see store_partitioned). */
struct storage_key {
    struct view origin;
    struct view top_level_site;
};

/* On STATUS_OK the caller owns *ret_value. STATUS_ABSENT: nothing is stored under that name. */
MUST_CHECK enum status items_get(struct store *store, struct storage_key key, struct view slot,
                                 struct bytes *ret_value, struct failure *failure);

MUST_CHECK enum status items_set(struct store *store, struct storage_key key, struct view slot,
                                 struct view value, struct failure *failure);

/* STATUS_OK too when there was none. */
MUST_CHECK enum status items_remove(struct store *store, struct storage_key key, struct view slot,
                                    struct failure *failure);

struct item {
    struct bytes slot;
    struct bytes value; /* data is NULL where there is none */
};

/* An owned list: ITEM_LIST_AUTO list = {0}; */
struct item_list {
    struct item *items;
    size_t count;
    size_t capacity;
};
#define ITEM_LIST_AUTO __attribute__((cleanup(item_list_free))) struct item_list
void item_list_free(struct item_list *list);

/* Appends copies; a value whose data is NULL stays so. */
MUST_CHECK enum status item_list_add(struct item_list *list, struct view slot, struct view value,
                                     struct failure *failure);

/* All that a storage key holds, in the order of the slots' bytes. The caller owns *ret_list. */
MUST_CHECK enum status items_list(struct store *store, struct storage_key key,
                                  struct item_list *ret_list, struct failure *failure);

/* Forgets what the storage keys of one origin hold or, where it has size 0, of all, in the browser
 * profile in use. */
MUST_CHECK enum status items_clear(struct store *store, struct view origin,
                                   struct failure *failure);

/* Calls a function with each item of one origin or, where it has size 0, of all, in all browser
 * profiles. The views last until it returns; a status that is not STATUS_OK ends the listing and is
 * returned. */
struct kept_item {
    struct view browser_profile;
    struct storage_key key;
    struct view slot;
    struct view value;
};
typedef enum status (*item_visitor)(void *context, const struct kept_item *item,
                                    struct failure *failure);
MUST_CHECK enum status items_visit(struct store *store, struct view origin, item_visitor visit,
                                   void *context, struct failure *failure);

#endif
