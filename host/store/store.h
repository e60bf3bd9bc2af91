/* SPDX-License-Identifier: MIT */
/* The embedded database: its statements. Opening it is the subject of store_open.h, what is in it
 * that of items.h (the browser's side), plugin_data.h (Trello's side), settings.h, answers.h,
 * faults.h and calls.h (what pages run under, and what they did). */
#ifndef POWERUP_SECRETS_STORE_STORE_H
#define POWERUP_SECRETS_STORE_STORE_H

#include "base/bytes.h"
#include "store/seal.h"

#include <sqlite3.h>

struct store;

/* Closes what store_open gave; NULL is fine. Afterwards *store is NULL. */
void store_close(struct store **store);
#define STORE_AUTO __attribute__((cleanup(store_close))) struct store

/* What seals the plugin data of this store. */
const struct seal *store_seal(const struct store *store);

/* Whose items are in use: the name in $POWERUP_SECRETS_BROWSER_PROFILE, else the one that the store
 * said was current when the last transaction began. Lives until the next one begins. */
struct view store_browser_profile(const struct store *store);

/* Whether a frame has storage of its own for each top-level site, as in browsers; as the store said
 * when the last transaction began. */
bool store_partitioned(const struct store *store);

/* A prepared statement, kept for the next time under the address of its text, which must be
 * static. It is given back with statement_end, which STATEMENT_AUTO calls by itself. */
#define STATEMENT_AUTO __attribute__((cleanup(statement_end))) sqlite3_stmt
MUST_CHECK enum status store_statement(struct store *store, const char *sql,
                                       sqlite3_stmt **ret_statement, struct failure *failure);
void statement_end(sqlite3_stmt **statement);

/* Binds texts to ?1, ?2, … and makes one step. STATUS_OK: there is a row. STATUS_ABSENT: the
 * statement is done and gave none. The texts must live until statement_end. */
MUST_CHECK enum status statement_run(struct store *store, sqlite3_stmt *statement,
                                     const struct view *texts, size_t count,
                                     struct failure *failure);

/* The same for a statement that gives no rows: STATUS_OK when it is done. */
MUST_CHECK enum status statement_change(struct store *store, sqlite3_stmt *statement,
                                        const struct view *texts, size_t count,
                                        struct failure *failure);

/* Binds a number to one place. */
MUST_CHECK enum status statement_bind_number(struct store *store, sqlite3_stmt *statement,
                                             int place, int64_t number, struct failure *failure);

/* Binds bytes to one place; they must live until statement_end. */
MUST_CHECK enum status statement_bind_blob(struct store *store, sqlite3_stmt *statement, int place,
                                           struct view value, struct failure *failure);

/* Prepares, binds texts to ?1, ?2, … and makes one step. *ret_statement is set whenever it is
 * prepared. */
MUST_CHECK enum status store_run(struct store *store, const char *sql, const struct view *texts,
                                 size_t count, sqlite3_stmt **ret_statement,
                                 struct failure *failure);

/* Runs a statement that gives no rows. */
MUST_CHECK enum status store_change(struct store *store, const char *sql, const struct view *texts,
                                    size_t count, struct failure *failure);

/* A copy of a column of the row that the statement stands on, text or blob, owned by the caller. */
MUST_CHECK enum status statement_column(sqlite3_stmt *statement, int column,
                                        struct bytes *ret_value, struct failure *failure);

/* A column without a copy, valid until the next step or statement_end; data is NULL for NULL. */
struct view statement_view(sqlite3_stmt *statement, int column);

/* Whether the last statement that can change rows changed any. */
bool store_has_changed_rows(const struct store *store);

/* Runs statements that give no rows. */
MUST_CHECK enum status store_execute(struct store *store, const char *sql, struct failure *failure);

/* What SQLite's result code means, with the fix. In errno is what the call left there, which was 0
 * before: SQLite's own record of it may be that of an earlier call. */
enum status store_failure(const struct store *store, int code, struct failure *failure);

#endif
