/* SPDX-License-Identifier: MIT */
#include "store/answers.h"

#include "base/json_scan.h"

enum status answers_get(struct store *store, struct view origin, struct view method,
                        struct bytes *ret_json, struct failure *failure)
{
    static const char sql[] = "SELECT json FROM answer WHERE method = ?1 AND origin IN (?2, '')"
                              " ORDER BY origin = '' LIMIT 1";
    STATEMENT_AUTO *statement = NULL;
    const struct view texts[] = {method, origin};

    TRY(store_run(store, sql, texts, 2, &statement, failure));
    return statement_column(statement, 0, ret_json, failure);
}

enum status answers_set(struct store *store, struct view origin, struct view method,
                        struct view json, struct failure *failure)
{
    static const char sql[] = "INSERT INTO answer (origin, method, json) VALUES (?1, ?2, ?3)"
                              " ON CONFLICT (origin, method) DO UPDATE SET json = excluded.json";
    const struct view texts[] = {origin, method, json};

    if (!json_scan_is_valid(json)) {
        return failure_set(failure, STATUS_BAD_REQUEST, "An answer must be valid JSON.");
    }
    return store_change(store, sql, texts, 3, failure);
}

enum status answers_remove(struct store *store, struct view origin, struct view method,
                           struct failure *failure)
{
    static const char sql[] = "DELETE FROM answer WHERE origin = ?1 AND method = ?2";
    const struct view texts[] = {origin, method};

    return store_change(store, sql, texts, 2, failure);
}

enum status answers_forget(struct store *store, struct view method, struct failure *failure)
{
    static const char sql[] = "DELETE FROM answer WHERE method = ?1";

    return store_change(store, sql, &method, 1, failure);
}
