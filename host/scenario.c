/* SPDX-License-Identifier: MIT */
#include "scenario.h"

#include "utf8.h"

#include <string.h>

#define FIDELITY_SETTING "fidelity"

static const char *const fidelities[] = {
#define FIDELITY_VALUE(constant, value) [constant] = (value),
    FIDELITY_LIST(FIDELITY_VALUE)
#undef FIDELITY_VALUE
};

const char *fidelity_name(enum fidelity fidelity)
{
    return fidelities[fidelity];
}

/* What came from outside may be no UTF-8, and the failure must be. */
static enum status refuse(const char *what, struct view value, struct failure *failure)
{
    BYTES_AUTO text = {0};

    enum status status = utf8_decode(value, &text);
    return status == STATUS_OK
               ? failure_set(failure, STATUS_BAD_REQUEST, "%s, not \"%.*s\".", what,
                             (int)(text.size < 256 ? text.size : 256), (const char *)text.data)
               : failure_set(failure, status, "%s", status_sentence(status));
}

static enum status parse_fidelity(struct view value, enum fidelity *ret_fidelity,
                                  struct failure *failure)
{
    for (size_t i = 0; i < sizeof fidelities / sizeof fidelities[0]; i++) {
        if (view_equal(value, view_of_text(fidelities[i]))) {
            *ret_fidelity = (enum fidelity)i;
            return STATUS_OK;
        }
    }
    return refuse("The setting \"" FIDELITY_SETTING "\" must be \"documented\" or \"library\"",
                  value, failure);
}

enum status scenario_fidelity(struct store *store, struct view origin, enum fidelity *ret_fidelity,
                              struct failure *failure)
{
    BYTES_AUTO value = {0};

    enum status status = scenario_get(store, origin, FIDELITY_SETTING, &value, failure);
    if (status == STATUS_ABSENT) {
        *ret_fidelity = FIDELITY_DOCUMENTED;
        return STATUS_OK;
    }
    return status == STATUS_OK ? parse_fidelity(view_of_bytes(&value), ret_fidelity, failure)
                               : status;
}

enum status scenario_get(struct store *store, struct view origin, const char *name,
                         struct bytes *ret_value, struct failure *failure)
{
    static const char sql[] = "SELECT value FROM scenario WHERE name = ?1 AND origin IN (?2, '')"
                              " ORDER BY origin = '' LIMIT 1";
    STATEMENT_AUTO *statement = NULL;
    const struct view texts[] = {view_of_text(name), origin};

    enum status status = store_run(store, sql, texts, 2, &statement, failure);
    return status == STATUS_OK ? statement_column(statement, 0, ret_value, failure) : status;
}

enum status scenario_set(struct store *store, struct view origin, const char *name,
                         struct view value, struct failure *failure)
{
    static const char sql[] = "INSERT INTO scenario (origin, name, value) VALUES (?1, ?2, ?3)"
                              " ON CONFLICT (origin, name) DO UPDATE SET value = excluded.value";
    const struct view texts[] = {origin, view_of_text(name), value};
    enum fidelity fidelity = FIDELITY_DOCUMENTED;

    if (strcmp(name, FIDELITY_SETTING) != 0) {
        return refuse("A setting must be \"" FIDELITY_SETTING "\"", view_of_text(name), failure);
    }
    enum status status = parse_fidelity(value, &fidelity, failure);
    return status == STATUS_OK ? store_change(store, sql, texts, 3, failure) : status;
}

enum status scenario_remove(struct store *store, struct view origin, const char *name,
                            struct failure *failure)
{
    static const char sql[] = "DELETE FROM scenario WHERE origin = ?1 AND name = ?2";
    const struct view texts[] = {origin, view_of_text(name)};

    return store_change(store, sql, texts, 2, failure);
}
