/* SPDX-License-Identifier: MIT */
#include "store/items.h"

#include "store/revisions.h"

#include <stdlib.h>

/* Where a storage key's row is wanted: profile, origin and top-level site are ?1 to ?3. */
#define STORAGE_KEY_ROW                                                                            \
    "(SELECT id FROM storage_key"                                                                  \
    " WHERE browser_profile = ?1 AND origin = ?2 AND top_level_site = ?3)"

/* One statement with ?1 to ?3 as above, ?4 the slot and, where it has one, ?5 the value. */
static enum status run(struct store *store, const char *sql, struct storage_key key,
                       const struct view *rest, size_t rest_count, sqlite3_stmt **ret_statement,
                       struct failure *failure)
{
    struct view site = store_partitioned(store) ? key.top_level_site : (struct view){NULL, 0};
    struct view texts[5] = {store_browser_profile(store), key.origin, site};

    for (size_t i = 0; i < rest_count; i++) {
        texts[3 + i] = rest[i];
    }
    return store_run(store, sql, texts, 3 + rest_count, ret_statement, failure);
}

enum status items_get(struct store *store, struct storage_key key, struct view slot,
                      struct bytes *ret_value, struct failure *failure)
{
    static const char sql[] =
        "SELECT value FROM item WHERE storage_key = " STORAGE_KEY_ROW " AND slot = ?4";
    STATEMENT_AUTO *statement = NULL;

    TRY(run(store, sql, key, &slot, 1, &statement, failure));
    return statement_column(statement, 0, ret_value, failure);
}

enum status item_list_add(struct item_list *list, struct view slot, struct view value,
                          struct failure *failure)
{
    BYTES_AUTO slot_copy = {0};
    BYTES_AUTO value_copy = {0};

    TRY(failure_explain(failure, bytes_copy(slot, &slot_copy)));
    if (value.data != NULL) {
        TRY(failure_explain(failure, bytes_copy(value, &value_copy)));
    }
    if (list->count == list->capacity) {
        size_t capacity = list->capacity > 0 ? 2 * list->capacity : 16;
        struct item *items = reallocarray(list->items, capacity, sizeof *items);
        if (items == NULL) {
            return failure_no_memory(failure);
        }
        list->items = items;
        list->capacity = capacity;
    }
    struct item *item = &list->items[list->count++];
    MOVE(item->slot, slot_copy);
    MOVE(item->value, value_copy);
    return STATUS_OK;
}

void item_list_free(struct item_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        bytes_wipe(&list->items[i].slot);
        bytes_wipe(&list->items[i].value);
    }
    free(list->items);
    *list = (struct item_list){0};
}

enum status items_list(struct store *store, struct storage_key key, struct item_list *ret_list,
                       struct failure *failure)
{
    static const char sql[] =
        "SELECT slot, value FROM item WHERE storage_key = " STORAGE_KEY_ROW " ORDER BY slot";
    STATEMENT_AUTO *statement = NULL;
    ITEM_LIST_AUTO list = {0};

    enum status next = run(store, sql, key, NULL, 0, &statement, failure);
    for (; next == STATUS_OK; next = statement_run(store, statement, NULL, 0, failure)) {
        TRY(item_list_add(&list, statement_view(statement, 0), statement_view(statement, 1),
                          failure));
    }
    TRY(status_allow_absent(next));
    MOVE(*ret_list, list);
    return STATUS_OK;
}

static enum status grow_if_changed(struct store *store, struct failure *failure)
{
    return store_has_changed_rows(store) ? revisions_grow_items(store, failure) : STATUS_OK;
}

enum status items_set(struct store *store, struct storage_key key, struct view slot,
                      struct view value, struct failure *failure)
{
    static const char add_storage_key[] =
        "INSERT INTO storage_key (browser_profile, origin, top_level_site) VALUES (?1, ?2, ?3)"
        " ON CONFLICT DO NOTHING";
    static const char add_item[] =
        "INSERT INTO item (storage_key, slot, value) VALUES (" STORAGE_KEY_ROW ", ?4, ?5)"
        " ON CONFLICT (storage_key, slot) DO UPDATE SET value = excluded.value";
    const struct view rest[] = {slot, value};
    STATEMENT_AUTO *first = NULL;
    STATEMENT_AUTO *second = NULL;

    TRY(status_allow_absent(run(store, add_storage_key, key, NULL, 0, &first, failure)));
    TRY(status_allow_absent(run(store, add_item, key, rest, 2, &second, failure)));
    return revisions_grow_items(store, failure);
}

enum status items_remove(struct store *store, struct storage_key key, struct view slot,
                         struct failure *failure)
{
    static const char sql[] =
        "DELETE FROM item WHERE storage_key = " STORAGE_KEY_ROW " AND slot = ?4";
    STATEMENT_AUTO *statement = NULL;

    TRY(status_allow_absent(run(store, sql, key, &slot, 1, &statement, failure)));
    return grow_if_changed(store, failure);
}

enum status items_clear(struct store *store, struct view origin, struct failure *failure)
{
    static const char sql[] =
        "DELETE FROM storage_key WHERE browser_profile = ?1 AND ?2 IN ('', origin)";
    const struct view texts[] = {store_browser_profile(store), origin};

    TRY(store_change(store, sql, texts, 2, failure));
    return grow_if_changed(store, failure);
}

enum status items_visit(struct store *store, struct view origin, item_visitor visit, void *context,
                        struct failure *failure)
{
    static const char sql[] =
        "SELECT browser_profile, origin, top_level_site, slot, value"
        " FROM item JOIN storage_key ON storage_key.id = item.storage_key"
        " WHERE ?1 IN ('', origin) ORDER BY browser_profile, origin, top_level_site, slot";
    STATEMENT_AUTO *statement = NULL;

    enum status next = store_run(store, sql, &origin, 1, &statement, failure);
    for (; next == STATUS_OK; next = statement_run(store, statement, NULL, 0, failure)) {
        const struct kept_item item = {
            statement_view(statement, 0),
            {statement_view(statement, 1), statement_view(statement, 2)},
            statement_view(statement, 3),
            statement_view(statement, 4),
        };
        TRY(visit(context, &item, failure));
    }
    return status_allow_absent(next);
}
