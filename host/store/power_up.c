/* SPDX-License-Identifier: MIT */
#include "store/power_up.h"

#include "store/revisions.h"

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

/* Runs a statement that takes an origin from one Power-Up to another. */
static enum status move(struct store *store, const char *sql, const struct view *texts,
                        size_t count, struct view to, struct failure *failure)
{
    BYTES_AUTO from = {0};

    TRY(power_up_of(store, texts[0], &from, failure));
    if (view_equal(view_of_bytes(&from), to)) {
        return STATUS_OK;
    }
    TRY(store_change(store, sql, texts, count, failure));
    TRY(revisions_grow(store, view_of_bytes(&from), failure));
    return revisions_grow(store, to, failure);
}

enum status power_up_join(struct store *store, struct view power_up, struct view origin,
                          struct failure *failure)
{
    static const char sql[] = "INSERT INTO power_up_origin (origin, power_up) VALUES (?1, ?2)"
                              " ON CONFLICT (origin) DO UPDATE SET power_up = excluded.power_up";

    return move(store, sql, (const struct view[]){origin, power_up}, 2, power_up, failure);
}

enum status power_up_leave(struct store *store, struct view origin, struct failure *failure)
{
    static const char sql[] = "DELETE FROM power_up_origin WHERE origin = ?1";

    return move(store, sql, &origin, 1, origin, failure);
}
