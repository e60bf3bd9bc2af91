/* SPDX-License-Identifier: MIT */
#include "store/settings.h"

#include "base/utf8.h"
#include "store/property.h"

#include <stdio.h>
#include <string.h>

/* Of an id that Trello gives. */
enum { ID_DIGITS = 24 };

static const char *const fidelities[] = {
#define FIDELITY_VALUE(constant, value) [constant] = (value),
    FIDELITY_LIST(FIDELITY_VALUE)
#undef FIDELITY_VALUE
        NULL,
};

static const char *const storage_modes[] = {"enabled", "denied", "missing", "full", NULL};

static const char *const on_or_off[] = {"on", "off", NULL};

static const struct setting {
    const char *name;
    const char *const *values; /* the first is the default; NULL where it is a member */
    const char *fallback;
    const char *rule;
} settings[] = {
    {SETTING_FIDELITY, fidelities, "documented", "\"documented\" or \"library\""},
    {SETTING_STORAGE, storage_modes, "enabled", "\"enabled\", \"denied\", \"missing\" or \"full\""},
    {SETTING_MEMBER, NULL, SETTING_DEFAULT_MEMBER,
     "an id as Trello gives it (24 lower-case hex digits), because pages must know it before "
     "their first script"},
    {SETTING_RENDER_WRITER, on_or_off, "on", "\"on\" or \"off\""},
};

static const struct setting *find_setting(const char *name)
{
    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++) {
        if (strcmp(settings[i].name, name) == 0) {
            return &settings[i];
        }
    }
    return NULL;
}

/* What came from outside may be no UTF-8, and the failure must be. */
static enum status refuse(const char *what, const char *rule, struct view value,
                          struct failure *failure)
{
    BYTES_AUTO text = {0};

    TRY(failure_explain(failure, utf8_decode(value, &text)));
    return failure_set(failure, STATUS_BAD_REQUEST, "%s must be %s, not \"%.*s\".", what, rule,
                       (int)(text.size < 256 ? text.size : 256), (const char *)text.data);
}

/* "" means that no one is signed in. */
static bool is_member(struct view value)
{
    bool fits = value.size == 0 || value.size == ID_DIGITS;

    for (size_t i = 0; fits && i < value.size; i++) {
        fits = strchr("0123456789abcdef", value.data[i]) != NULL && value.data[i] != '\0';
    }
    return fits;
}

static bool is_value(const struct setting *setting, struct view value)
{
    if (setting->values == NULL) {
        return is_member(value);
    }
    for (const char *const *each = setting->values; *each != NULL; each++) {
        if (view_equal(value, view_of_text(*each))) {
            return true;
        }
    }
    return false;
}

enum status settings_check(const char *name, struct view value, struct failure *failure)
{
    const struct setting *setting = find_setting(name);
    char what[64];

    if (setting == NULL) {
        return refuse("A setting", "\"fidelity\", \"storage\", \"member\" or \"renderWriter\"",
                      view_of_text(name), failure);
    }
    if (is_value(setting, value)) {
        return STATUS_OK;
    }
    (void)snprintf(what, sizeof what, "The setting \"%s\"", name);
    return refuse(what, setting->rule, value, failure);
}

enum status settings_effective(struct store *store, struct view origin, const char *name,
                               struct bytes *ret_value, struct failure *failure)
{
    const struct setting *setting = find_setting(name);
    BYTES_AUTO value = {0};

    enum status status = settings_get(store, origin, name, &value, failure);
    if (status == STATUS_ABSENT && setting != NULL) {
        status = failure_explain(failure, bytes_copy(view_of_text(setting->fallback), &value));
    }
    TRY(status);
    TRY(settings_check(name, view_of_bytes(&value), failure));
    MOVE(*ret_value, value);
    return STATUS_OK;
}

enum status settings_fidelity(struct store *store, struct view origin, enum fidelity *ret_fidelity,
                              struct failure *failure)
{
    BYTES_AUTO value = {0};

    TRY(settings_effective(store, origin, SETTING_FIDELITY, &value, failure));
    for (size_t i = 0; fidelities[i] != NULL; i++) {
        if (view_equal(view_of_bytes(&value), view_of_text(fidelities[i]))) {
            *ret_fidelity = (enum fidelity)i;
        }
    }
    return STATUS_OK;
}

enum status settings_get(struct store *store, struct view origin, const char *name,
                         struct bytes *ret_value, struct failure *failure)
{
    static const char sql[] = "SELECT value FROM setting WHERE name = ?1 AND origin IN (?2, '')"
                              " ORDER BY origin = '' LIMIT 1";
    STATEMENT_AUTO *statement = NULL;
    const struct view texts[] = {view_of_text(name), origin};

    TRY(store_run(store, sql, texts, 2, &statement, failure));
    return statement_column(statement, 0, ret_value, failure);
}

enum status settings_set(struct store *store, struct view origin, const char *name,
                         struct view value, struct failure *failure)
{
    static const char sql[] = "INSERT INTO setting (origin, name, value) VALUES (?1, ?2, ?3)"
                              " ON CONFLICT (origin, name) DO UPDATE SET value = excluded.value";
    const struct view texts[] = {origin, view_of_text(name), value};

    TRY(settings_check(name, value, failure));
    if (strcmp(name, SETTING_STORAGE) == 0 && view_equal(value, view_of_text("full"))) {
        TRY(property_write(store, PROPERTY_FILLED, view_of_text("true"), failure));
    }
    return store_change(store, sql, texts, 3, failure);
}

enum status settings_forget(struct store *store, const char *name, struct failure *failure)
{
    static const char sql[] = "DELETE FROM setting WHERE name = ?1";
    struct view text = view_of_text(name);

    return store_change(store, sql, &text, 1, failure);
}

enum status settings_list(struct store *store, settings_visitor visit, void *context,
                          struct failure *failure)
{
    static const char sql[] = "SELECT origin, name, value FROM setting ORDER BY origin, name";
    STATEMENT_AUTO *statement = NULL;

    enum status next = store_run(store, sql, NULL, 0, &statement, failure);
    for (; next == STATUS_OK; next = statement_run(store, statement, NULL, 0, failure)) {
        const struct setting_row row = {statement_view(statement, 0), statement_view(statement, 1),
                                        statement_view(statement, 2)};
        TRY(visit(context, &row, failure));
    }
    return status_allow_absent(next);
}
