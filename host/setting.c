/* SPDX-License-Identifier: MIT */
#include "setting.h"

#include <string.h>

enum status setting_read(struct store *store, const char *name, struct bytes *ret_value,
                         struct failure *failure)
{
    static const char sql[] = "SELECT value FROM setting WHERE name = ?1";
    STATEMENT_AUTO *statement = NULL;
    struct view text = view_of_text(name);

    enum status status = store_statement(store, sql, &statement, failure);
    if (status == STATUS_OK) {
        status = statement_run(store, statement, &text, 1, failure);
    }
    if (status != STATUS_OK) {
        return status;
    }
    const void *value = sqlite3_column_blob(statement, 0);
    status = bytes_alloc((size_t)sqlite3_column_bytes(statement, 0), ret_value);
    if (status != STATUS_OK) {
        return failure_set(failure, status, "Out of memory.");
    }
    if (ret_value->size > 0) {
        memcpy(ret_value->data, value, ret_value->size);
    }
    return STATUS_OK;
}

enum status setting_insert(struct store *store, const char *name, struct view value,
                           struct failure *failure)
{
    static const char sql[] = "INSERT INTO setting (name, value) VALUES (?1, ?2)";
    STATEMENT_AUTO *statement = NULL;
    struct view text = view_of_text(name);

    enum status status = store_statement(store, sql, &statement, failure);
    if (status != STATUS_OK) {
        return status;
    }
    int code = sqlite3_bind_blob64(statement, 2, value.data, value.size, SQLITE_STATIC);
    if (code != SQLITE_OK) {
        return store_failure(store, code, failure);
    }
    status = statement_run(store, statement, &text, 1, failure);
    return status == STATUS_ABSENT ? STATUS_OK : status;
}
