/* SPDX-License-Identifier: MIT */
#include "store/revisions.h"

#include "base/origin.h"
#include "store/property.h"
#include "store/store_private.h"

enum status revisions_grow(struct store *store, struct view power_up, struct failure *failure)
{
    static const char sql[] = "INSERT INTO revision (power_up, number)"
                              " VALUES (?1, (SELECT coalesce(max(number), 0) + 1 FROM revision))"
                              " ON CONFLICT (power_up) DO UPDATE SET number = excluded.number";

    store->revisions_grew = true;
    return store_change(store, sql, &power_up, 1, failure);
}

enum status revisions_grow_all(struct store *store, struct failure *failure)
{
    static const char sql[] =
        "INSERT INTO revision (power_up, number)"
        " SELECT power_up, (SELECT coalesce(max(number), 0) FROM revision)"
        "   + row_number() OVER (ORDER BY power_up)"
        "  FROM (SELECT power_up FROM plugin_data UNION SELECT power_up FROM power_up_origin"
        "        UNION SELECT origin FROM power_up_origin)"
        "  WHERE true"
        " ON CONFLICT (power_up) DO UPDATE SET number = excluded.number";

    TRY(store_change(store, sql, NULL, 0, failure));
    store->revisions_grew = store->revisions_grew || store_has_changed_rows(store);
    return STATUS_OK;
}

bool revisions_have_grown(const struct store *store)
{
    return store->revisions_grew;
}

bool revisions_take_growth(struct store *store)
{
    bool grew = store->revisions_grew;

    store->revisions_grew = false;
    return grew;
}

enum status revisions_latest(struct store *store, int64_t *ret_number, struct failure *failure)
{
    static const char sql[] = "SELECT coalesce(max(number), 0) FROM revision";
    STATEMENT_AUTO *statement = NULL;

    TRY(store_run(store, sql, NULL, 0, &statement, failure));
    *ret_number = sqlite3_column_int64(statement, 0);
    return STATUS_OK;
}

enum status revisions_visit(struct store *store, struct view origin, revision_visitor visit,
                            void *context, struct failure *failure)
{
    /* A Power-Up's name is one of its origins, unless that is part of another or is no origin. */
    static const char sql[] =
        "WITH chosen AS (SELECT power_up, number FROM revision WHERE ?1 = '' OR power_up ="
        "  coalesce((SELECT power_up FROM power_up_origin WHERE origin = ?1), ?1))"
        " SELECT origin, number FROM power_up_origin JOIN chosen USING (power_up)"
        " UNION ALL"
        " SELECT power_up, number FROM chosen"
        "  WHERE power_up NOT IN (SELECT origin FROM power_up_origin)"
        " ORDER BY 1";
    STATEMENT_AUTO *statement = NULL;
    struct failure not_an_origin;

    enum status next = store_run(store, sql, &origin, 1, &statement, failure);
    for (; next == STATUS_OK; next = statement_run(store, statement, NULL, 0, failure)) {
        struct view found = statement_view(statement, 0);
        if (origin_check(found, &not_an_origin) == STATUS_OK) {
            TRY(visit(context, found, sqlite3_column_int64(statement, 1), failure));
        }
    }
    return status_allow_absent(next);
}

enum status revisions_grow_items(struct store *store, struct failure *failure)
{
    static const char sql[] = "INSERT INTO property (name, value) VALUES (?1, 1)"
                              " ON CONFLICT (name) DO UPDATE SET value = value + 1"
                              " RETURNING value";
    STATEMENT_AUTO *statement = NULL;
    const struct view name = view_of_text(PROPERTY_ITEMS_REVISION);

    if (store->items_grew) {
        return STATUS_OK;
    }
    TRY(store_run(store, sql, &name, 1, &statement, failure));
    store->items_revision = sqlite3_column_int64(statement, 0);
    store->items_grew = true;
    return STATUS_OK;
}

enum status revisions_items(struct store *store, int64_t *ret_number, struct failure *failure)
{
    static const char sql[] = "SELECT coalesce((SELECT value FROM property WHERE name = ?1), 0)";
    STATEMENT_AUTO *statement = NULL;
    const struct view name = view_of_text(PROPERTY_ITEMS_REVISION);

    TRY(store_run(store, sql, &name, 1, &statement, failure));
    *ret_number = sqlite3_column_int64(statement, 0);
    return STATUS_OK;
}

enum status revisions_note_items(struct store *store, struct failure *failure)
{
    return revisions_items(store, &store->items_revision, failure);
}

int64_t revisions_take_items(struct store *store)
{
    int64_t number = store->items_revision;

    store->items_revision = 0;
    return number;
}
