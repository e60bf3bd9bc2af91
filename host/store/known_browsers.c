/* SPDX-License-Identifier: MIT */
#include "store/known_browsers.h"

enum status known_browsers_set(struct store *store, const struct known_browser *browser,
                               struct failure *failure)
{
    static const char sql[] =
        "INSERT INTO browser (name, pid, started, host_pid, host_started)"
        " VALUES (?1, ?2, ?3, ?4, ?5)"
        " ON CONFLICT (pid, started) DO UPDATE SET name = excluded.name,"
        "  host_pid = excluded.host_pid, host_started = excluded.host_started";
    const int64_t numbers[] = {browser->pid, browser->started, browser->host_pid,
                               browser->host_started};
    STATEMENT_AUTO *statement = NULL;

    TRY(store_statement(store, sql, &statement, failure));
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        TRY(statement_bind_number(store, statement, (int)i + 2, numbers[i], failure));
    }
    return statement_change(store, statement, &browser->name, 1, failure);
}

enum status known_browsers_forget(struct store *store, int64_t pid, int64_t started,
                                  struct failure *failure)
{
    static const char sql[] = "DELETE FROM browser WHERE pid = ?1 AND started = ?2";
    STATEMENT_AUTO *statement = NULL;

    TRY(store_statement(store, sql, &statement, failure));
    TRY(statement_bind_number(store, statement, 1, pid, failure));
    TRY(statement_bind_number(store, statement, 2, started, failure));
    return statement_change(store, statement, NULL, 0, failure);
}

enum status known_browsers_visit(struct store *store, known_browser_visitor visit, void *context,
                                 struct failure *failure)
{
    static const char sql[] = "SELECT pid, started, host_pid, host_started, name FROM browser"
                              " ORDER BY pid, started";
    STATEMENT_AUTO *statement = NULL;

    enum status next = store_run(store, sql, NULL, 0, &statement, failure);
    for (; next == STATUS_OK; next = statement_run(store, statement, NULL, 0, failure)) {
        const struct known_browser browser = {
            .pid = sqlite3_column_int64(statement, 0),
            .started = sqlite3_column_int64(statement, 1),
            .host_pid = sqlite3_column_int64(statement, 2),
            .host_started = sqlite3_column_int64(statement, 3),
            .name = statement_view(statement, 4),
        };
        TRY(visit(context, &browser, failure));
    }
    return status_allow_absent(next);
}
