/* SPDX-License-Identifier: MIT */
#include "setting.h"

enum status setting_read(struct store *store, const char *name, struct bytes *ret_value,
                         struct failure *failure)
{
    static const char sql[] = "SELECT value FROM setting WHERE name = ?1";
    STATEMENT_AUTO *statement = NULL;
    struct view text = view_of_text(name);

    enum status status = store_run(store, sql, &text, 1, &statement, failure);
    return status == STATUS_OK ? statement_column(statement, 0, ret_value, failure) : status;
}

enum status setting_write(struct store *store, const char *name, struct view value,
                          struct failure *failure)
{
    static const char sql[] = "INSERT INTO setting (name, value) VALUES (?1, ?2)"
                              " ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    STATEMENT_AUTO *statement = NULL;
    struct view text = view_of_text(name);

    enum status status = store_statement(store, sql, &statement, failure);
    if (status == STATUS_OK) {
        status = statement_bind_blob(store, statement, 2, value, failure);
    }
    if (status == STATUS_OK) {
        status = statement_run(store, statement, &text, 1, failure);
    }
    return status == STATUS_ABSENT ? STATUS_OK : status;
}

enum status setting_check_profile(struct view name, const char *mend, struct failure *failure)
{
    bool fits = name.size > 0 && name.size <= STORE_PROFILE_SIZE_MAX;

    for (size_t i = 0; fits && i < name.size; i++) {
        fits = name.data[i] > ' ' && name.data[i] < 0x7F;
    }
    return fits ? STATUS_OK
                : failure_set(failure, STATUS_BAD_REQUEST,
                              "A browser profile's name has 1 to %d printable ASCII characters "
                              "without blanks; mend %s.",
                              STORE_PROFILE_SIZE_MAX, mend);
}
