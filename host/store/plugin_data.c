/* SPDX-License-Identifier: MIT */
#include "store/plugin_data.h"

#include "store/power_up.h"
#include "store/revisions.h"

enum { KEY_FIELDS = 5 };

/* The primary key of a row, and what its seal is bound to: the table's name, then the primary key.
 * The viewer came later than the first rows, so it is only bound where there is one. */
struct row {
    struct bytes power_up;
    struct view fields[1 + KEY_FIELDS];
    size_t sealed_fields;
};
#define ROW_AUTO __attribute__((cleanup(row_free))) struct row

static void row_free(struct row *row)
{
    bytes_wipe(&row->power_up);
}

static bool has_viewer(const struct plugin_data_place *place)
{
    return view_equal(place->visibility, view_of_text("private")) &&
           !view_equal(place->scope, view_of_text("member"));
}

static enum status find_row(struct store *store, const struct plugin_data_place *place,
                            struct row *ret_row, struct failure *failure)
{
    struct view viewer = has_viewer(place) ? place->viewer : (struct view){NULL, 0};

    TRY(power_up_of(store, place->origin, &ret_row->power_up, failure));
    ret_row->fields[0] = view_of_text("plugin_data");
    ret_row->fields[1] = view_of_bytes(&ret_row->power_up);
    ret_row->fields[2] = place->scope;
    ret_row->fields[3] = place->owner;
    ret_row->fields[4] = place->visibility;
    ret_row->fields[5] = viewer;
    ret_row->sealed_fields = viewer.size > 0 ? 1 + KEY_FIELDS : KEY_FIELDS;
    return STATUS_OK;
}

enum status plugin_data_check(const struct plugin_data_place *place, struct failure *failure)
{
    static const char *const scopes[] = {"board", "card", "member", "organization"};
    bool known = false;

    for (size_t i = 0; i < sizeof scopes / sizeof scopes[0]; i++) {
        known = known || view_equal(place->scope, view_of_text(scopes[i]));
    }
    if (!known) {
        return failure_set(failure, STATUS_BAD_REQUEST,
                           "The scope of plugin data must be board, card, member or organization.");
    }
    if (!view_equal(place->visibility, view_of_text("shared")) &&
        !view_equal(place->visibility, view_of_text("private"))) {
        return failure_set(failure, STATUS_BAD_REQUEST,
                           "The visibility of plugin data must be shared or private.");
    }
    if (place->owner.data == NULL) { /* an empty id is one */
        return failure_set(failure, STATUS_BAD_REQUEST,
                           "Plugin data needs an owner: the id of the %.*s.",
                           (int)place->scope.size, (const char *)place->scope.data);
    }
    if (has_viewer(place) && place->viewer.data == NULL) {
        return failure_set(failure, STATUS_BAD_REQUEST,
                           "Private plugin data of a %.*s needs the member who sees it.",
                           (int)place->scope.size, (const char *)place->scope.data);
    }
    return STATUS_OK;
}

enum status plugin_data_get(struct store *store, const struct plugin_data_place *place,
                            struct bytes *ret_text, struct failure *failure)
{
    static const char sql[] = "SELECT sealed FROM plugin_data"
                              " WHERE power_up = ?1 AND scope = ?2 AND owner = ?3"
                              " AND visibility = ?4 AND viewer = ?5";
    ROW_AUTO row = {0};
    STATEMENT_AUTO *statement = NULL;

    TRY(find_row(store, place, &row, failure));
    TRY(store_run(store, sql, row.fields + 1, KEY_FIELDS, &statement, failure));
    enum status status = seal_open(store_seal(store), row.fields, row.sealed_fields,
                                   statement_view(statement, 0), ret_text);
    if (status == STATUS_DAMAGED) {
        return failure_set(failure, status,
                           "The plugin data in the store was changed from outside, or moved from "
                           "another place; remove the state folder to start over.");
    }
    return failure_explain(failure, status);
}

static enum status write_row(struct store *store, const struct plugin_data_place *place,
                             struct view text, struct failure *failure)
{
    static const char sql[] =
        "INSERT INTO plugin_data (power_up, scope, owner, visibility, viewer, sealed)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
        " ON CONFLICT (power_up, scope, owner, visibility, viewer)"
        " DO UPDATE SET sealed = excluded.sealed";
    ROW_AUTO row = {0};
    BYTES_AUTO sealed = {0};
    STATEMENT_AUTO *statement = NULL;

    TRY(find_row(store, place, &row, failure));
    TRY(failure_explain(
        failure, seal_close(store_seal(store), row.fields, row.sealed_fields, text, &sealed)));
    TRY(store_statement(store, sql, &statement, failure));
    TRY(statement_bind_blob(store, statement, 1 + KEY_FIELDS, view_of_bytes(&sealed), failure));
    TRY(statement_change(store, statement, row.fields + 1, KEY_FIELDS, failure));
    return revisions_grow(store, view_of_bytes(&row.power_up), failure);
}

enum status plugin_data_set(struct store *store, const struct plugin_data_place *place,
                            struct view text, struct failure *failure)
{
    BYTES_AUTO kept = {0};
    struct failure unreadable = {0};

    enum status status = plugin_data_get(store, place, &kept, &unreadable);
    if (status == STATUS_OK && view_equal(view_of_bytes(&kept), text)) {
        return STATUS_OK;
    }
    if (status != STATUS_OK && status != STATUS_ABSENT && status != STATUS_DAMAGED) {
        *failure = unreadable;
        return status;
    }
    return write_row(store, place, text, failure);
}

/* Runs a statement that deletes texts of a Power-Up, which is the first of the texts. */
static enum status delete_rows(struct store *store, const char *sql, const struct view *texts,
                               size_t count, struct failure *failure)
{
    TRY(store_change(store, sql, texts, count, failure));
    return store_has_changed_rows(store) ? revisions_grow(store, texts[0], failure) : STATUS_OK;
}

enum status plugin_data_remove(struct store *store, const struct plugin_data_place *place,
                               struct failure *failure)
{
    static const char sql[] = "DELETE FROM plugin_data"
                              " WHERE power_up = ?1 AND scope = ?2 AND owner = ?3"
                              " AND visibility = ?4 AND viewer = ?5";
    ROW_AUTO row = {0};

    TRY(find_row(store, place, &row, failure));
    return delete_rows(store, sql, row.fields + 1, KEY_FIELDS, failure);
}

enum status plugin_data_remove_personal(struct store *store, struct view origin, struct view member,
                                        struct failure *failure)
{
    static const char sql[] = "DELETE FROM plugin_data"
                              " WHERE power_up = ?1 AND visibility = 'private'"
                              " AND CASE scope WHEN 'member' THEN owner ELSE viewer END = ?2";
    BYTES_AUTO power_up = {0};

    TRY(power_up_of(store, origin, &power_up, failure));
    const struct view texts[] = {view_of_bytes(&power_up), member};
    return delete_rows(store, sql, texts, 2, failure);
}
