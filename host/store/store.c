/* SPDX-License-Identifier: MIT */
#include "store/store.h"

#include "base/disk.h"
#include "base/file.h"
#include "store/store_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

/* SQLite reports a full disk as SQLITE_FULL only where it writes to a file that it has open:
 * elsewhere it is an error of input and output, or of opening. STATUS_OK: it is not full. */
static enum status check_room(const struct store *store, int kind, int system_code,
                              struct failure *failure)
{
    if (kind != SQLITE_FULL && kind != SQLITE_IOERR && kind != SQLITE_CANTOPEN) {
        return STATUS_OK;
    }
    FD_AUTO folder =
        store->folder != NULL ? open(store->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    TRY(disk_check_errno(kind == SQLITE_FULL ? ENOSPC : system_code, folder, failure));
    /* With EIO the disk itself says that it is broken. A file that SQLite cannot create it tries to
     * open as it is, and the error is then that there is none. */
    bool may_be =
        kind == SQLITE_IOERR ? system_code != EIO : system_code == ENOENT || system_code == 0;
    return may_be ? disk_check_room(folder, failure) : STATUS_OK;
}

enum status store_failure(const struct store *store, int code, struct failure *failure)
{
    static const struct {
        int code;
        enum status status;
        const char *message;
    } causes[] = {
        {SQLITE_NOMEM, STATUS_NO_MEMORY, "Out of memory."},
        {SQLITE_BUSY, STATUS_STORE_BUSY,
         "Another program holds the database of the state folder; end it and try again."},
        {SQLITE_LOCKED, STATUS_STORE_BUSY,
         "Another program holds the database of the state folder; end it and try again."},
        {SQLITE_READONLY, STATUS_STORE_READ_ONLY,
         "The database in the state folder cannot be written; make folder and file writable for "
         "you."},
        {SQLITE_PERM, STATUS_STORE_READ_ONLY,
         "The database in the state folder cannot be used; make sure that you own folder and "
         "file."},
        {SQLITE_CANTOPEN, STATUS_STORE_READ_ONLY,
         "The database in the state folder cannot be opened; make sure that you own folder and "
         "file and can write them, or set POWERUP_SECRETS_DIR to another folder."},
        {SQLITE_CORRUPT, STATUS_STORE_DAMAGED,
         "The database in the state folder is damaged; restore a copy, or remove the state folder "
         "to start over."},
        {SQLITE_NOTADB, STATUS_STORE_DAMAGED,
         "The file store.sqlite3 in the state folder is not a database; restore a copy, or remove "
         "the state folder to start over."},
    };

    int system_code = errno;
    int kind = code & 0xFF;

    TRY(check_room(store, kind, system_code, failure));
    if (kind == SQLITE_CANTOPEN && (system_code == EMFILE || system_code == ENFILE)) {
        return failure_set(failure, STATUS_STORE_FAILED,
                           "The database in the state folder cannot be opened: %s.",
                           strerror(system_code));
    }
    for (size_t i = 0; i < sizeof causes / sizeof causes[0]; i++) {
        if (kind == causes[i].code) {
            return failure_set(failure, causes[i].status, "%s", causes[i].message);
        }
    }
    return failure_set(failure, STATUS_STORE_FAILED, "The store failed: %s (%s, code %d).",
                       sqlite3_errstr(code), sqlite3_errmsg(store->database), code);
}

const struct seal *store_seal(const struct store *store)
{
    return &store->seal;
}

struct view store_browser_profile(const struct store *store)
{
    return view_of_text(store->browser_profile);
}

bool store_partitioned(const struct store *store)
{
    return store->partitioned;
}

enum status store_statement(struct store *store, const char *sql, sqlite3_stmt **ret_statement,
                            struct failure *failure)
{
    size_t i = 0;

    while (i < STORE_STATEMENTS_MAX && store->statements[i].sql != NULL &&
           store->statements[i].sql != sql) {
        i++;
    }
    if (i == STORE_STATEMENTS_MAX) {
        return failure_set(failure, STATUS_STORE_FAILED, "Too many kinds of statements.");
    }
    if (store->statements[i].sql == NULL) {
        errno = 0;
        int code = sqlite3_prepare_v3(store->database, sql, -1, SQLITE_PREPARE_PERSISTENT,
                                      &store->statements[i].statement, NULL);
        if (code != SQLITE_OK) {
            return store_failure(store, code, failure);
        }
        store->statements[i].sql = sql;
    }
    *ret_statement = store->statements[i].statement;
    return STATUS_OK;
}

void statement_end(sqlite3_stmt **statement)
{
    if (*statement != NULL) {
        /* An error that reset repeats was already reported by the step that met it. */
        (void)sqlite3_reset(*statement);
        (void)sqlite3_clear_bindings(*statement);
        *statement = NULL;
    }
}

enum status statement_bind_blob(struct store *store, sqlite3_stmt *statement, int place,
                                struct view value, struct failure *failure)
{
    int code = sqlite3_bind_blob64(statement, place, value.data, value.size, SQLITE_STATIC);

    return code == SQLITE_OK ? STATUS_OK : store_failure(store, code, failure);
}

enum status statement_bind_number(struct store *store, sqlite3_stmt *statement, int place,
                                  int64_t number, struct failure *failure)
{
    int code = sqlite3_bind_int64(statement, place, number);

    return code == SQLITE_OK ? STATUS_OK : store_failure(store, code, failure);
}

enum status statement_run(struct store *store, sqlite3_stmt *statement, const struct view *texts,
                          size_t count, struct failure *failure)
{
    for (size_t i = 0; i < count; i++) {
        /* A NULL pointer would bind NULL, and an empty text is not NULL. */
        const char *text = texts[i].data != NULL ? (const char *)texts[i].data : "";
        int code = sqlite3_bind_text64(statement, (int)i + 1, text, texts[i].size, SQLITE_STATIC,
                                       SQLITE_UTF8);
        if (code != SQLITE_OK) {
            return store_failure(store, code, failure);
        }
    }
    errno = 0;
    int code = sqlite3_step(statement);
    if (code == SQLITE_ROW) {
        return STATUS_OK;
    }
    return code == SQLITE_DONE ? STATUS_ABSENT : store_failure(store, code, failure);
}

enum status statement_change(struct store *store, sqlite3_stmt *statement, const struct view *texts,
                             size_t count, struct failure *failure)
{
    return status_allow_absent(statement_run(store, statement, texts, count, failure));
}

enum status statement_column(sqlite3_stmt *statement, int column, struct bytes *ret_value,
                             struct failure *failure)
{
    const void *value = sqlite3_column_blob(statement, column);
    size_t size = (size_t)sqlite3_column_bytes(statement, column);

    return failure_explain(failure, bytes_copy((struct view){value, size}, ret_value));
}

struct view statement_view(sqlite3_stmt *statement, int column)
{
    bool is_null = sqlite3_column_type(statement, column) == SQLITE_NULL;
    const uint8_t *value = sqlite3_column_blob(statement, column);

    /* SQLite has no pointer for an empty value either. */
    return (struct view){value == NULL && !is_null ? (const uint8_t *)"" : value,
                         (size_t)sqlite3_column_bytes(statement, column)};
}

enum status store_run(struct store *store, const char *sql, const struct view *texts, size_t count,
                      sqlite3_stmt **ret_statement, struct failure *failure)
{
    TRY(store_statement(store, sql, ret_statement, failure));
    return statement_run(store, *ret_statement, texts, count, failure);
}

enum status store_change(struct store *store, const char *sql, const struct view *texts,
                         size_t count, struct failure *failure)
{
    STATEMENT_AUTO *statement = NULL;

    TRY(store_statement(store, sql, &statement, failure));
    return statement_change(store, statement, texts, count, failure);
}

bool store_has_changed_rows(const struct store *store)
{
    return sqlite3_changes(store->database) > 0;
}

enum status store_execute(struct store *store, const char *sql, struct failure *failure)
{
    errno = 0;
    int code = sqlite3_exec(store->database, sql, NULL, NULL, NULL);

    return code == SQLITE_OK ? STATUS_OK : store_failure(store, code, failure);
}

void store_close(struct store **store)
{
    if (*store == NULL) {
        return;
    }
    for (size_t i = 0; i < STORE_STATEMENTS_MAX && (*store)->statements[i].sql != NULL; i++) {
        (void)sqlite3_finalize((*store)->statements[i].statement);
    }
    (void)sqlite3_close((*store)->database); /* cannot fail once every statement is finalised */
    seal_free(&(*store)->seal);
    free((*store)->folder);
    free(*store);
    *store = NULL;
}
