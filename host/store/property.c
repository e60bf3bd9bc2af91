/* SPDX-License-Identifier: MIT */
#include "store/property.h"

enum status property_read(struct store *store, const char *name, struct bytes *ret_value,
                          struct failure *failure)
{
    static const char sql[] = "SELECT value FROM property WHERE name = ?1";
    STATEMENT_AUTO *statement = NULL;
    struct view text = view_of_text(name);

    TRY(store_run(store, sql, &text, 1, &statement, failure));
    return statement_column(statement, 0, ret_value, failure);
}

enum status property_write(struct store *store, const char *name, struct view value,
                           struct failure *failure)
{
    static const char sql[] = "INSERT INTO property (name, value) VALUES (?1, ?2)"
                              " ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    STATEMENT_AUTO *statement = NULL;
    struct view text = view_of_text(name);

    TRY(store_statement(store, sql, &statement, failure));
    TRY(statement_bind_blob(store, statement, 2, value, failure));
    return statement_change(store, statement, &text, 1, failure);
}
