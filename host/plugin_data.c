/* SPDX-License-Identifier: MIT */
#include "plugin_data.h"

enum { PLACE_FIELDS = 4, SEALED_FIELDS = 1 + PLACE_FIELDS };

/* What the seal is bound to: the table's name, then the row's primary key. */
static void place_fields(const struct plugin_data_place *place,
                         struct view ret_fields[SEALED_FIELDS])
{
    ret_fields[0] = view_of_text("plugin_data");
    ret_fields[1] = place->power_up;
    ret_fields[2] = place->scope;
    ret_fields[3] = place->owner;
    ret_fields[4] = place->visibility;
}

enum status plugin_data_get(struct store *store, const struct plugin_data_place *place,
                            struct bytes *ret_text, struct failure *failure)
{
    static const char sql[] = "SELECT sealed FROM plugin_data"
                              " WHERE power_up = ?1 AND scope = ?2 AND owner = ?3"
                              " AND visibility = ?4";
    struct view fields[SEALED_FIELDS];
    STATEMENT_AUTO *statement = NULL;

    place_fields(place, fields);
    enum status status = store_statement(store, sql, &statement, failure);
    if (status == STATUS_OK) {
        status = statement_run(store, statement, fields + 1, PLACE_FIELDS, failure);
    }
    if (status != STATUS_OK) {
        return status;
    }
    struct view sealed = {sqlite3_column_blob(statement, 0),
                          (size_t)sqlite3_column_bytes(statement, 0)};
    status = seal_open(store_seal(store), fields, SEALED_FIELDS, sealed, ret_text);
    if (status == STATUS_DAMAGED) {
        return failure_set(failure, status,
                           "The plugin data in the store was changed from outside, or moved from "
                           "another place; remove the state folder to start anew.");
    }
    return status == STATUS_OK ? status
                               : failure_set(failure, status, "%s", status_sentence(status));
}

enum status plugin_data_set(struct store *store, const struct plugin_data_place *place,
                            struct view text, struct failure *failure)
{
    static const char sql[] =
        "INSERT INTO plugin_data (power_up, scope, owner, visibility, sealed)"
        " VALUES (?1, ?2, ?3, ?4, ?5)"
        " ON CONFLICT (power_up, scope, owner, visibility) DO UPDATE SET sealed = excluded.sealed";
    struct view fields[SEALED_FIELDS];
    BYTES_AUTO sealed = {0};
    STATEMENT_AUTO *statement = NULL;

    place_fields(place, fields);
    enum status status = seal_close(store_seal(store), fields, SEALED_FIELDS, text, &sealed);
    if (status != STATUS_OK) {
        return failure_set(failure, status, "%s", status_sentence(status));
    }
    status = store_statement(store, sql, &statement, failure);
    if (status != STATUS_OK) {
        return status;
    }
    int code = sqlite3_bind_blob64(statement, 5, sealed.data, sealed.size, SQLITE_STATIC);
    if (code != SQLITE_OK) {
        return store_failure(store, code, failure);
    }
    status = statement_run(store, statement, fields + 1, PLACE_FIELDS, failure);
    return status == STATUS_ABSENT ? STATUS_OK : status;
}
