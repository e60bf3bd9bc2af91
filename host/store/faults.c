/* SPDX-License-Identifier: MIT */
#include "store/faults.h"

#define COLUMNS "origin, op, kind, class, name, message, delay_ms, times_left, id"

/* The columns of COLUMNS that are numbers. */
enum { DELAY_COLUMN = 6, TIMES_COLUMN = 7, ID_COLUMN = 8 };

static const char *const kinds[] = {
#define FAULT_KIND_NAME(constant, name) [constant] = (name),
    FAULT_KIND_LIST(FAULT_KIND_NAME)
#undef FAULT_KIND_NAME
};

const char *fault_kind_name(enum fault_kind kind)
{
    return kinds[kind];
}

enum status faults_add(struct store *store, const struct fault *fault, struct failure *failure)
{
    static const char sql[] =
        "INSERT INTO fault (origin, op, kind, class, name, message, delay_ms, times_left)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    STATEMENT_AUTO *statement = NULL;
    const struct view texts[] = {
        fault->origin,      fault->op,         view_of_text(fault_kind_name(fault->kind)),
        fault->error_class, fault->error_name, fault->message};

    TRY(store_statement(store, sql, &statement, failure));
    TRY(statement_bind_number(store, statement, 7, fault->delay_ms, failure));
    TRY(statement_bind_number(store, statement, 8, fault->times_left, failure));
    return statement_change(store, statement, texts, sizeof texts / sizeof texts[0], failure);
}

/* The row that a statement stands on. */
static enum status read_fault(sqlite3_stmt *statement, struct fault *ret_fault,
                              struct failure *failure)
{
    struct view kind = statement_view(statement, 2);

    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (view_equal(kind, view_of_text(kinds[i]))) {
            *ret_fault = (struct fault){
                .origin = statement_view(statement, 0),
                .op = statement_view(statement, 1),
                .kind = (enum fault_kind)i,
                .error_class = statement_view(statement, 3),
                .error_name = statement_view(statement, 4),
                .message = statement_view(statement, 5),
                .delay_ms = sqlite3_column_int64(statement, DELAY_COLUMN),
                .times_left = sqlite3_column_int64(statement, TIMES_COLUMN),
            };
            return STATUS_OK;
        }
    }
    return failure_set(failure, STATUS_BAD_REQUEST,
                       "A fault in the store is of an unknown kind; remove it with "
                       "\"powerup-secrets fault --clear\".");
}

enum status faults_list(struct store *store, fault_visitor visit, void *context,
                        struct failure *failure)
{
    static const char sql[] = "SELECT " COLUMNS " FROM fault ORDER BY id";
    STATEMENT_AUTO *statement = NULL;
    struct fault fault;

    enum status next = store_run(store, sql, NULL, 0, &statement, failure);
    for (; next == STATUS_OK; next = statement_run(store, statement, NULL, 0, failure)) {
        TRY(read_fault(statement, &fault, failure));
        TRY(visit(context, &fault, failure));
    }
    return status_allow_absent(next);
}

/* Runs a statement whose ?1 is a fault's number. */
static enum status change(struct store *store, const char *sql, int64_t id, struct failure *failure)
{
    STATEMENT_AUTO *statement = NULL;

    TRY(store_statement(store, sql, &statement, failure));
    TRY(statement_bind_number(store, statement, 1, id, failure));
    return statement_change(store, statement, NULL, 0, failure);
}

/* Stands on the oldest fault that applies to a call. */
static enum status find(struct store *store, struct view origin, struct view op,
                        sqlite3_stmt **ret_statement, struct failure *failure)
{
    static const char sql[] = "SELECT " COLUMNS " FROM fault"
                              " WHERE origin IN (?1, '') AND op = ?2 ORDER BY id LIMIT 1";
    const struct view texts[] = {origin, op};

    return store_run(store, sql, texts, 2, ret_statement, failure);
}

enum status faults_look(struct store *store, struct view origin, struct view op,
                        struct failure *failure)
{
    STATEMENT_AUTO *statement = NULL;

    return find(store, origin, op, &statement, failure);
}

enum status faults_take(struct store *store, struct view origin, struct view op,
                        fault_visitor visit, void *context, struct failure *failure)
{
    static const char use[] = "UPDATE fault SET times_left = times_left - 1 WHERE id = ?1";
    static const char remove[] = "DELETE FROM fault WHERE id = ?1 AND times_left < 1";
    STATEMENT_AUTO *statement = NULL;
    struct fault fault;

    TRY(find(store, origin, op, &statement, failure));
    TRY(read_fault(statement, &fault, failure));
    int64_t id = sqlite3_column_int64(statement, ID_COLUMN);
    TRY(visit(context, &fault, failure));
    TRY(change(store, use, id, failure));
    return change(store, remove, id, failure);
}

enum status faults_clear(struct store *store, struct view origin, struct failure *failure)
{
    static const char sql[] = "DELETE FROM fault WHERE ?1 IN ('', origin)";

    return store_change(store, sql, &origin, 1, failure);
}
