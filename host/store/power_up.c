/* SPDX-License-Identifier: MIT */
#include "store/power_up.h"

enum status power_up_of(struct store *store, struct view origin, struct bytes *ret_power_up,
                        struct failure *failure)
{
    static const char sql[] = "SELECT power_up FROM power_up_origin WHERE origin = ?1";
    STATEMENT_AUTO *statement = NULL;

    enum status status = store_run(store, sql, &origin, 1, &statement, failure);
    if (status == STATUS_ABSENT) {
        return failure_explain(failure, bytes_copy(origin, ret_power_up));
    }
    TRY(status);
    return statement_column(statement, 0, ret_power_up, failure);
}

enum status power_up_join(struct store *store, struct view power_up, struct view origin,
                          struct failure *failure)
{
    static const char sql[] = "INSERT INTO power_up_origin (origin, power_up) VALUES (?1, ?2)"
                              " ON CONFLICT (origin) DO UPDATE SET power_up = excluded.power_up";

    return store_change(store, sql, (const struct view[]){origin, power_up}, 2, failure);
}

enum status power_up_leave(struct store *store, struct view origin, struct failure *failure)
{
    static const char sql[] = "DELETE FROM power_up_origin WHERE origin = ?1";

    return store_change(store, sql, &origin, 1, failure);
}
