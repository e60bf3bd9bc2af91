/* SPDX-License-Identifier: MIT */
#include "trello/synchronize.h"

#include "store/revisions.h"
#include "store/transaction.h"
#include "trello/cipher.h"

#include <stdlib.h>
#include <string.h>

static int compare_views(struct view a, struct view b)
{
    size_t shorter = a.size < b.size ? a.size : b.size;
    int order = shorter > 0 ? memcmp(a.data, b.data, shorter) : 0;

    return order != 0 ? order : (a.size > b.size) - (a.size < b.size);
}

static int compare_known(const void *a, const void *b)
{
    return compare_views(((const struct known_item *)a)->slot,
                         ((const struct known_item *)b)->slot);
}

/* No entry and an empty one are not the same. */
static bool same(struct view a, struct view b)
{
    return (a.data == NULL) == (b.data == NULL) && view_equal(a, b);
}

static enum status sort(struct known_item *known, size_t count, struct failure *failure)
{
    for (size_t i = 0; i < count; i++) {
        TRY(cipher_check_slot(known[i].slot, failure));
    }
    if (count > 0) {
        qsort(known, count, sizeof *known, compare_known);
    }
    for (size_t i = 1; i < count; i++) {
        if (view_equal(known[i - 1].slot, known[i].slot)) {
            return failure_set(failure, STATUS_BAD_REQUEST, "The slot %.*s is listed twice.",
                               CIPHER_SLOT_SIZE, (const char *)known[i].slot.data);
        }
    }
    return STATUS_OK;
}

/* A synchronization in progress. */
struct synchronization {
    struct store *store;
    struct storage_key key;
    bool writing;
    bool changed; /* the kept items were changed or, when not writing, would have to be */
    struct item_list changes; /* for the browser */
};

static enum status keep(struct synchronization *run, struct view slot, struct view value,
                        struct failure *failure)
{
    run->changed = true;
    if (!run->writing) {
        return STATUS_OK;
    }
    return value.data != NULL ? items_set(run->store, run->key, slot, value, failure)
                              : items_remove(run->store, run->key, slot, failure);
}

static enum status settle(struct synchronization *run, const struct known_item *known,
                          struct view held, struct failure *failure)
{
    if (!same(known->local, known->base) && same(held, known->base)) {
        return keep(run, known->slot, known->local, failure);
    }
    return same(held, known->local) ? STATUS_OK
                                    : item_list_add(&run->changes, known->slot, held, failure);
}

/* Walks over both lists at once, which are in the same order. */
static enum status merge(struct synchronization *run, const struct known_item *known, size_t count,
                         struct failure *failure)
{
    ITEM_LIST_AUTO kept = {0};
    size_t k = 0;

    TRY(items_list(run->store, run->key, &kept, failure));
    for (size_t i = 0; i < count || k < kept.count;) {
        struct item none = {0};
        const struct item *item = k < kept.count ? &kept.items[k] : &none;
        int order = i == count        ? 1
                    : k == kept.count ? -1
                                      : compare_views(known[i].slot, view_of_bytes(&item->slot));
        if (order > 0) {
            TRY(item_list_add(&run->changes, view_of_bytes(&item->slot),
                              view_of_bytes(&item->value), failure));
        } else {
            TRY(settle(run, &known[i], view_of_bytes(order == 0 ? &item->value : &none.value),
                       failure));
            i++;
        }
        k += order >= 0;
    }
    return STATUS_OK;
}

static enum status run_in_transaction(struct synchronization *run, const struct known_item *known,
                                      size_t count, struct failure *failure)
{
    TRANSACTION_AUTO transaction = {0};

    TRY(transaction_begin(run->store, run->writing ? TRANSACTION_WRITE : TRANSACTION_READ,
                          &transaction, failure));
    TRY(merge(run, known, count, failure));
    TRY(revisions_note_items(run->store, failure));
    return run->writing && run->changed ? transaction_commit(&transaction, failure) : STATUS_OK;
}

static void synchronization_free(struct synchronization *run)
{
    item_list_free(&run->changes);
}
#define SYNCHRONIZATION_AUTO __attribute__((cleanup(synchronization_free))) struct synchronization

enum status items_synchronize(struct store *store, struct storage_key key, struct known_item *known,
                              size_t count, struct item_list *ret_changes, struct failure *failure)
{
    SYNCHRONIZATION_AUTO reading = {.store = store, .key = key};
    SYNCHRONIZATION_AUTO writing = {.store = store, .key = key, .writing = true};

    TRY(sort(known, count, failure));
    TRY(run_in_transaction(&reading, known, count, failure));
    if (!reading.changed) {
        MOVE(*ret_changes, reading.changes);
        return STATUS_OK;
    }
    /* Usually there is nothing to write; now there is, and everything is read again. */
    TRY(run_in_transaction(&writing, known, count, failure));
    MOVE(*ret_changes, writing.changes);
    return STATUS_OK;
}
