/* SPDX-License-Identifier: MIT */
#include "store/calls.h"

/* What is not bound is NULL, and that stands for a text without data. */
static enum status bind_or_null(struct store *store, sqlite3_stmt *statement, int place,
                                struct view text, struct failure *failure)
{
    int code = text.data != NULL ? sqlite3_bind_text64(statement, place, (const char *)text.data,
                                                       text.size, SQLITE_STATIC, SQLITE_UTF8)
                                 : SQLITE_OK;

    return code == SQLITE_OK ? STATUS_OK : store_failure(store, code, failure);
}

static enum status bind(struct store *store, sqlite3_stmt *statement, const struct call *call,
                        struct view sealed, struct failure *failure)
{
    TRY(statement_bind_number(store, statement, 3, call->at, failure));
    TRY(bind_or_null(store, statement, 4, call->problem, failure));
    TRY(statement_bind_blob(store, statement, 5, sealed, failure));
    return bind_or_null(store, statement, 6, call->page, failure);
}

enum status calls_append(struct store *store, const struct call *call, struct failure *failure)
{
    static const char insert[] = "INSERT INTO call (origin, method, at, problem, sealed, page)"
                                 " VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    static const char trim[] = "DELETE FROM call WHERE id <= (SELECT max(id) FROM call) - ?1";
    const struct view fields[] = {view_of_text("call"), call->origin, call->method};
    STATEMENT_AUTO *statement = NULL;
    STATEMENT_AUTO *trimming = NULL;
    BYTES_AUTO sealed = {0};

    TRY(failure_explain(failure, seal_close(store_seal(store), fields, 3, call->detail, &sealed)));
    TRY(store_statement(store, insert, &statement, failure));
    TRY(bind(store, statement, call, view_of_bytes(&sealed), failure));
    TRY(statement_change(store, statement, fields + 1, 2, failure));
    TRY(store_statement(store, trim, &trimming, failure));
    TRY(statement_bind_number(store, trimming, 1, CALLS_KEPT_MAX, failure));
    return statement_change(store, trimming, NULL, 0, failure);
}

/* Opens the detail of the row that a statement stands on, and passes the call on. */
static enum status visit_row(struct store *store, sqlite3_stmt *statement, call_visitor visit,
                             void *context, struct failure *failure)
{
    struct call call = {
        .at = sqlite3_column_int64(statement, 0),
        .origin = statement_view(statement, 1),
        .method = statement_view(statement, 2),
        .problem = statement_view(statement, 3),
        .page = statement_view(statement, 5),
    };
    const struct view fields[] = {view_of_text("call"), call.origin, call.method};
    BYTES_AUTO detail = {0};

    enum status status =
        seal_open(store_seal(store), fields, 3, statement_view(statement, 4), &detail);
    if (status == STATUS_DAMAGED) {
        return failure_set(failure, status,
                           "A recorded call in the store was changed from outside; forget the "
                           "calls with \"powerup-secrets calls --clear\".");
    }
    TRY(failure_explain(failure, status));
    call.detail = view_of_bytes(&detail);
    return visit(context, &call, failure);
}

enum status calls_visit(struct store *store, const struct call_filter *filter, call_visitor visit,
                        void *context, struct failure *failure)
{
    /* A negative limit is none. */
    static const char sql[] = "SELECT at, origin, method, problem, sealed, page FROM"
                              " (SELECT * FROM call"
                              "  WHERE ?1 IN ('', origin) AND (?2 = '' OR problem IS NOT NULL)"
                              "  ORDER BY id DESC LIMIT ?3)"
                              " ORDER BY id";
    const struct view texts[] = {filter->origin,
                                 view_of_text(filter->only_problems ? "problems" : "")};
    STATEMENT_AUTO *statement = NULL;

    TRY(store_statement(store, sql, &statement, failure));
    TRY(statement_bind_number(store, statement, 3, filter->last > 0 ? filter->last : -1, failure));
    enum status next = statement_run(store, statement, texts, 2, failure);
    for (; next == STATUS_OK; next = statement_run(store, statement, NULL, 0, failure)) {
        TRY(visit_row(store, statement, visit, context, failure));
    }
    return status_allow_absent(next);
}

enum status calls_clear(struct store *store, struct view origin, struct failure *failure)
{
    static const char sql[] = "DELETE FROM call WHERE ?1 IN ('', origin)";

    return store_change(store, sql, &origin, 1, failure);
}
