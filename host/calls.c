/* SPDX-License-Identifier: MIT */
#include "calls.h"

static enum status bind(struct store *store, sqlite3_stmt *statement, const struct call *call,
                        struct view sealed, struct failure *failure)
{
    /* What is not bound is NULL, and that stands for no problem. */
    int code = sqlite3_bind_int64(statement, 3, call->at);

    if (code == SQLITE_OK && call->problem.data != NULL) {
        code = sqlite3_bind_text64(statement, 4, (const char *)call->problem.data,
                                   call->problem.size, SQLITE_STATIC, SQLITE_UTF8);
    }
    return code == SQLITE_OK ? statement_bind_blob(store, statement, 5, sealed, failure)
                             : store_failure(store, code, failure);
}

enum status calls_append(struct store *store, const struct call *call, struct failure *failure)
{
    static const char insert[] = "INSERT INTO call (origin, method, at, problem, sealed)"
                                 " VALUES (?1, ?2, ?3, ?4, ?5)";
    static const char trim[] = "DELETE FROM call WHERE id <= (SELECT max(id) FROM call) - ?1";
    const struct view fields[] = {view_of_text("call"), call->origin, call->method};
    STATEMENT_AUTO *statement = NULL;
    STATEMENT_AUTO *trimming = NULL;
    BYTES_AUTO sealed = {0};

    enum status status = seal_close(store_seal(store), fields, 3, call->detail, &sealed);
    if (status != STATUS_OK) {
        return failure_set(failure, status, "%s", status_sentence(status));
    }
    status = store_statement(store, insert, &statement, failure);
    if (status == STATUS_OK) {
        status = bind(store, statement, call, view_of_bytes(&sealed), failure);
    }
    if (status == STATUS_OK) {
        status = statement_run(store, statement, fields + 1, 2, failure);
    }
    if (status == STATUS_ABSENT) {
        status = store_statement(store, trim, &trimming, failure);
    }
    if (status == STATUS_OK) {
        int code = sqlite3_bind_int(trimming, 1, CALLS_KEPT_MAX);
        status = code == SQLITE_OK ? statement_run(store, trimming, NULL, 0, failure)
                                   : store_failure(store, code, failure);
    }
    return status == STATUS_ABSENT ? STATUS_OK : status;
}
