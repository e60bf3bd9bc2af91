/* SPDX-License-Identifier: MIT */
#include "items.h"

#include <string.h>

/* Where a storage key's row is wanted: profile, origin and top-level site are ?1 to ?3. */
#define STORAGE_KEY_ROW                                                                            \
    "(SELECT id FROM storage_key"                                                                  \
    " WHERE browser_profile = ?1 AND origin = ?2 AND top_level_site = ?3)"

/* One statement with ?1 to ?3 as above, ?4 the slot and, where it has one, ?5 the value. */
static enum status run(struct store *store, const char *sql, struct storage_key key,
                       const struct view *rest, size_t rest_count, sqlite3_stmt **ret_statement,
                       struct failure *failure)
{
    struct view texts[5] = {store_browser_profile(store), key.origin, key.top_level_site};

    for (size_t i = 0; i < rest_count; i++) {
        texts[3 + i] = rest[i];
    }
    enum status status = store_statement(store, sql, ret_statement, failure);
    return status == STATUS_OK
               ? statement_run(store, *ret_statement, texts, 3 + rest_count, failure)
               : status;
}

enum status items_get(struct store *store, struct storage_key key, struct view slot,
                      struct bytes *ret_value, struct failure *failure)
{
    static const char sql[] =
        "SELECT value FROM item WHERE storage_key = " STORAGE_KEY_ROW " AND slot = ?4";
    STATEMENT_AUTO *statement = NULL;

    enum status status = run(store, sql, key, &slot, 1, &statement, failure);
    if (status != STATUS_OK) {
        return status;
    }
    const unsigned char *value = sqlite3_column_text(statement, 0);
    size_t size = (size_t)sqlite3_column_bytes(statement, 0);
    status = value != NULL ? bytes_alloc(size, ret_value) : STATUS_NO_MEMORY;
    if (status != STATUS_OK) {
        return failure_set(failure, status, "Out of memory.");
    }
    memcpy(ret_value->data, value, size);
    return STATUS_OK;
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

    enum status status = run(store, add_storage_key, key, NULL, 0, &first, failure);
    if (status == STATUS_ABSENT) {
        status = run(store, add_item, key, rest, 2, &second, failure);
    }
    return status == STATUS_ABSENT ? STATUS_OK : status;
}

enum status items_remove(struct store *store, struct storage_key key, struct view slot,
                         struct failure *failure)
{
    static const char sql[] =
        "DELETE FROM item WHERE storage_key = " STORAGE_KEY_ROW " AND slot = ?4";
    STATEMENT_AUTO *statement = NULL;

    enum status status = run(store, sql, key, &slot, 1, &statement, failure);
    return status == STATUS_ABSENT ? STATUS_OK : status;
}
