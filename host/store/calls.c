/* SPDX-License-Identifier: MIT */
#include "store/calls.h"

#include "base/buffer.h"

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

/* Counts the oldest as lost if there are too many. */
static enum status note_lost(struct store *store, bool *ret_too_many, struct failure *failure)
{
    static const char sql[] =
        "INSERT INTO call_lost (origin, calls, at)"
        " SELECT iif(origin IN (SELECT origin FROM call_lost)"
        "            OR (SELECT count(*) FROM call_lost) < ?3, origin, ''), 1, at"
        " FROM call WHERE id = (SELECT min(id) FROM call)"
        "             AND (SELECT calls > ?1 OR bytes > ?2 FROM call_total)"
        " ON CONFLICT (origin) DO UPDATE SET calls = calls + 1, at = excluded.at";
    STATEMENT_AUTO *statement = NULL;

    TRY(store_statement(store, sql, &statement, failure));
    TRY(statement_bind_number(store, statement, 1, CALLS_KEPT_MAX, failure));
    TRY(statement_bind_number(store, statement, 2, CALLS_BYTES_MAX, failure));
    TRY(statement_bind_number(store, statement, 3, CALLS_LOST_ORIGINS_MAX, failure));
    TRY(statement_change(store, statement, NULL, 0, failure));
    *ret_too_many = store_has_changed_rows(store);
    return STATUS_OK;
}

static enum status trim(struct store *store, struct failure *failure)
{
    static const char sql[] = "DELETE FROM call WHERE id = (SELECT min(id) FROM call)";
    bool too_many = false;

    TRY(note_lost(store, &too_many, failure));
    while (too_many) {
        TRY(store_change(store, sql, NULL, 0, failure));
        TRY(note_lost(store, &too_many, failure));
    }
    return STATUS_OK;
}

enum status calls_append(struct store *store, const struct call *call, struct failure *failure)
{
    static const char insert[] = "INSERT INTO call (origin, method, at, problem, sealed, page)"
                                 " VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    const struct view fields[] = {view_of_text("call"), call->origin, call->method};
    STATEMENT_AUTO *statement = NULL;
    BYTES_AUTO sealed = {0};

    TRY(failure_explain(failure, seal_close(store_seal(store), fields, 3, call->detail, &sealed)));
    TRY(store_statement(store, insert, &statement, failure));
    TRY(bind(store, statement, call, view_of_bytes(&sealed), failure));
    TRY(statement_change(store, statement, fields + 1, 2, failure));
    return trim(store, failure);
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

/* Passes on the row of lost calls that a statement stands on. */
static enum status visit_lost_row(sqlite3_stmt *statement, call_visitor visit, void *context,
                                  struct failure *failure)
{
    BUFFER_AUTO detail = {0};

    buffer_print(&detail,
                 "{\"advice\":\"Older calls were removed, and problems may have been among them: "
                 "the newest are kept, %d and %d MiB at most. To start afresh, forget the calls "
                 "with powerup-secrets calls --clear.\",\"lost\":%lld}",
                 CALLS_KEPT_MAX, CALLS_BYTES_MAX / (1024 * 1024),
                 (long long)sqlite3_column_int64(statement, 2));
    TRY(failure_explain(failure, buffer_status(&detail)));
    const struct call call = {
        .at = sqlite3_column_int64(statement, 0),
        .origin = statement_view(statement, 1),
        .method = view_of_text("calls"),
        .problem = view_of_text("calls-lost"),
        .detail = view_of_buffer(&detail),
    };
    return visit(context, &call, failure);
}

/* Up to `limit` entries; negative: all. */
static enum status visit_lost(struct store *store, const struct call_filter *filter, int64_t limit,
                              call_visitor visit, void *context, struct failure *failure)
{
    static const char sql[] = "SELECT at, origin, calls FROM call_lost"
                              " WHERE ?1 IN ('', origin) OR origin = ''"
                              " ORDER BY origin LIMIT ?2";
    STATEMENT_AUTO *statement = NULL;

    TRY(store_statement(store, sql, &statement, failure));
    TRY(statement_bind_number(store, statement, 2, limit, failure));
    enum status next = statement_run(store, statement, &filter->origin, 1, failure);
    for (; next == STATUS_OK; next = statement_run(store, statement, NULL, 0, failure)) {
        TRY(visit_lost_row(statement, visit, context, failure));
    }
    return status_allow_absent(next);
}

/* A filter for SQL: ?1 is its origin, and ?2 is not empty where it wants problems alone. */
#define FILTER "?1 IN ('', origin) AND (?2 = '' OR problem IS NOT NULL)"
#define FILTER_TEXTS(filter)                                                                       \
    {                                                                                              \
        (filter)->origin, view_of_text((filter)->only_problems ? "problems" : "")                  \
    }

/* The oldest of the newest that a filter wants, and how many of them there are. */
static enum status find_first(struct store *store, const struct call_filter *filter,
                              int64_t *ret_id, int64_t *ret_count, struct failure *failure)
{
    /* A negative limit is none. */
    static const char sql[] = "SELECT min(id), count(*) FROM"
                              " (SELECT id FROM call WHERE " FILTER "  ORDER BY id DESC LIMIT ?3)";
    const struct view texts[] = FILTER_TEXTS(filter);
    STATEMENT_AUTO *statement = NULL;

    TRY(store_statement(store, sql, &statement, failure));
    TRY(statement_bind_number(store, statement, 3, filter->last > 0 ? filter->last : -1, failure));
    TRY(statement_run(store, statement, texts, 2, failure));
    *ret_id = sqlite3_column_int64(statement, 0);
    *ret_count = sqlite3_column_int64(statement, 1);
    return STATUS_OK;
}

enum status calls_visit(struct store *store, const struct call_filter *filter, call_visitor visit,
                        void *context, struct failure *failure)
{
    static const char sql[] = "SELECT at, origin, method, problem, sealed, page FROM call"
                              " WHERE " FILTER " AND id >= ?3 ORDER BY id";
    const struct view texts[] = FILTER_TEXTS(filter);
    STATEMENT_AUTO *statement = NULL;
    int64_t first = 0;
    int64_t count = 0;

    TRY(find_first(store, filter, &first, &count, failure));
    TRY(visit_lost(store, filter, filter->last > 0 ? filter->last - count : -1, visit, context,
                   failure));
    TRY(store_statement(store, sql, &statement, failure));
    TRY(statement_bind_number(store, statement, 3, first, failure));
    enum status next = statement_run(store, statement, texts, 2, failure);
    for (; next == STATUS_OK; next = statement_run(store, statement, NULL, 0, failure)) {
        TRY(visit_row(store, statement, visit, context, failure));
    }
    return status_allow_absent(next);
}

enum status calls_clear(struct store *store, struct view origin, struct failure *failure)
{
    static const char kept[] = "DELETE FROM call WHERE ?1 IN ('', origin)";
    static const char lost[] = "DELETE FROM call_lost WHERE ?1 IN ('', origin)";

    TRY(store_change(store, kept, &origin, 1, failure));
    return store_change(store, lost, &origin, 1, failure);
}
