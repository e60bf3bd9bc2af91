/* SPDX-License-Identifier: MIT */
#include "store.h"

#include "crypto.h"
#include "state_folder.h"
#include "store_schema.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define DATABASE_NAME "store.sqlite3"

/* Longest wait for another process; each operation holds the lock for milliseconds. */
enum { BUSY_TIMEOUT_MS = 30 * 1000, STATEMENTS_MAX = 32, PROFILE_SIZE_MAX = 64 };

struct store {
    sqlite3 *database;
    struct seal seal;
    char browser_profile[PROFILE_SIZE_MAX + 1];
    struct {
        const char *sql;
        sqlite3_stmt *statement;
    } statements[STATEMENTS_MAX];
};

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
        {SQLITE_FULL, STATUS_STORE_FULL,
         "The disk with the state folder is full; nothing was changed. Make room and try again."},
        {SQLITE_READONLY, STATUS_STORE_READ_ONLY,
         "The database in the state folder cannot be written; make folder and file writable for "
         "you."},
        {SQLITE_PERM, STATUS_STORE_READ_ONLY,
         "The database in the state folder cannot be used; make folder and file yours."},
        {SQLITE_CANTOPEN, STATUS_STORE_READ_ONLY,
         "The database in the state folder cannot be opened; make folder and file yours."},
        {SQLITE_CORRUPT, STATUS_STORE_DAMAGED,
         "The database in the state folder is damaged; put a copy back, or remove the state "
         "folder to start anew."},
        {SQLITE_NOTADB, STATUS_STORE_DAMAGED,
         "The file store.sqlite3 in the state folder is not a database; put a copy back, or "
         "remove the state folder to start anew."},
    };

    for (size_t i = 0; i < sizeof causes / sizeof causes[0]; i++) {
        if ((code & 0xFF) == causes[i].code) {
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

enum status store_statement(struct store *store, const char *sql, sqlite3_stmt **ret_statement,
                            struct failure *failure)
{
    size_t i = 0;

    while (i < STATEMENTS_MAX && store->statements[i].sql != NULL &&
           store->statements[i].sql != sql) {
        i++;
    }
    if (i == STATEMENTS_MAX) {
        return failure_set(failure, STATUS_STORE_FAILED, "Too many kinds of statements.");
    }
    if (store->statements[i].sql == NULL) {
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
    int code = sqlite3_step(statement);
    if (code == SQLITE_ROW) {
        return STATUS_OK;
    }
    return code == SQLITE_DONE ? STATUS_ABSENT : store_failure(store, code, failure);
}

static enum status run_plain(struct store *store, const char *sql, struct failure *failure)
{
    STATEMENT_AUTO *statement = NULL;

    enum status status = store_statement(store, sql, &statement, failure);
    if (status == STATUS_OK) {
        status = statement_run(store, statement, NULL, 0, failure);
    }
    return status == STATUS_ABSENT ? STATUS_OK : status;
}

enum status transaction_begin(struct store *store, enum transaction_kind kind,
                              struct transaction *ret_transaction, struct failure *failure)
{
    static const char begin_read[] = "BEGIN DEFERRED";
    static const char begin_write[] = "BEGIN IMMEDIATE";

    enum status status =
        run_plain(store, kind == TRANSACTION_WRITE ? begin_write : begin_read, failure);
    if (status == STATUS_OK) {
        ret_transaction->store = store;
    }
    return status;
}

enum status transaction_commit(struct transaction *transaction, struct failure *failure)
{
    static const char commit[] = "COMMIT";

    enum status status = run_plain(transaction->store, commit, failure);
    if (status == STATUS_OK) {
        transaction->store = NULL;
    }
    return status;
}

void transaction_end(struct transaction *transaction)
{
    static const char rollback[] = "ROLLBACK";
    struct failure ignored;

    if (transaction->store != NULL && sqlite3_get_autocommit(transaction->store->database) == 0) {
        /* The caller already has the error that led here; SQLite rolls back at close at last. */
        enum status status = run_plain(transaction->store, rollback, &ignored);
        (void)status;
    }
    transaction->store = NULL;
}

static enum status execute(struct store *store, const char *sql, struct failure *failure)
{
    int code = sqlite3_exec(store->database, sql, NULL, NULL, NULL);

    return code == SQLITE_OK ? STATUS_OK : store_failure(store, code, failure);
}

static enum status read_pragma(struct store *store, const char *sql, int *ret_number,
                               struct failure *failure)
{
    STATEMENT_AUTO *statement = NULL;

    enum status status = store_statement(store, sql, &statement, failure);
    if (status == STATUS_OK) {
        status = statement_run(store, statement, NULL, 0, failure);
    }
    if (status == STATUS_OK) {
        *ret_number = sqlite3_column_int(statement, 0);
    }
    return status;
}

/* Brings the schema to this program's version. Inside a writing transaction. */
static enum status migrate(struct store *store, struct failure *failure)
{
    static const char read_version[] = "PRAGMA user_version";
    static const char read_application[] = "PRAGMA application_id";
    int version = 0;
    int application = 0;
    char sql[128];

    enum status status = read_pragma(store, read_version, &version, failure);
    if (status == STATUS_OK) {
        status = read_pragma(store, read_application, &application, failure);
    }
    if (status != STATUS_OK) {
        return status;
    }
    if (version > store_schema_version) {
        return failure_set(failure, STATUS_STORE_NEWER,
                           "The state folder was made by a newer powerup-secrets (schema %d, this "
                           "one knows %d); update the host, or set POWERUP_SECRETS_DIR to another "
                           "folder.",
                           version, store_schema_version);
    }
    if (version < 0 || (version > 0 && application != STORE_APPLICATION_ID)) {
        return failure_set(failure, STATUS_STORE_DAMAGED,
                           "The file store.sqlite3 in the state folder belongs to another program; "
                           "set POWERUP_SECRETS_DIR to another folder.");
    }
    if (version == store_schema_version) {
        return STATUS_OK;
    }
    while (status == STATUS_OK && version < store_schema_version) {
        status = execute(store, store_migrations[version++], failure);
    }
    if (status == STATUS_OK) {
        snprintf(sql, sizeof sql, "PRAGMA application_id = %d; PRAGMA user_version = %d",
                 STORE_APPLICATION_ID, version);
        status = execute(store, sql, failure);
    }
    return status;
}

static enum status setting_read(struct store *store, const char *name, struct bytes *ret_value,
                                struct failure *failure)
{
    static const char sql[] = "SELECT value FROM setting WHERE name = ?1";
    STATEMENT_AUTO *statement = NULL;
    struct view text = view_of_text(name);

    enum status status = store_statement(store, sql, &statement, failure);
    if (status == STATUS_OK) {
        status = statement_run(store, statement, &text, 1, failure);
    }
    if (status != STATUS_OK) {
        return status;
    }
    const void *value = sqlite3_column_blob(statement, 0);
    status = bytes_alloc((size_t)sqlite3_column_bytes(statement, 0), ret_value);
    if (status != STATUS_OK) {
        return failure_set(failure, status, "Out of memory.");
    }
    if (ret_value->size > 0) {
        memcpy(ret_value->data, value, ret_value->size);
    }
    return STATUS_OK;
}

static enum status setting_insert(struct store *store, const char *name, struct view value,
                                  struct failure *failure)
{
    static const char sql[] = "INSERT INTO setting (name, value) VALUES (?1, ?2)";
    STATEMENT_AUTO *statement = NULL;
    struct view text = view_of_text(name);

    enum status status = store_statement(store, sql, &statement, failure);
    if (status != STATUS_OK) {
        return status;
    }
    int code = sqlite3_bind_blob64(statement, 2, value.data, value.size, SQLITE_STATIC);
    if (code != SQLITE_OK) {
        return store_failure(store, code, failure);
    }
    status = statement_run(store, statement, &text, 1, failure);
    return status == STATUS_ABSENT ? STATUS_OK : status;
}

/* The root key that belongs to this store: made together with it, and refused when another. */
static enum status open_seal(struct store *store, int folder, struct failure *failure)
{
    uint8_t root_key[SEAL_ROOT_KEY_SIZE];
    BYTES_AUTO wanted = {0};

    enum status known = setting_read(store, "root_key_id", &wanted, failure);
    if (known != STATUS_OK && known != STATUS_ABSENT) {
        return known;
    }
    enum status status = root_key_read(folder, root_key, failure);
    if (status == STATUS_ABSENT && known == STATUS_OK) {
        return failure_set(failure, STATUS_ROOT_KEY,
                           "root.key is missing from the state folder; put it back, or remove the "
                           "state folder to start anew.");
    }
    if (status == STATUS_ABSENT) {
        status = root_key_create(folder, root_key, failure);
    }
    if (status != STATUS_OK) {
        return status;
    }
    status = seal_init(root_key, &store->seal);
    memory_wipe(root_key, sizeof root_key);
    if (status != STATUS_OK) {
        return failure_set(failure, status, "%s", status_sentence(status));
    }
    struct view id = {store->seal.root_key_id, sizeof store->seal.root_key_id};
    if (known == STATUS_ABSENT) {
        return setting_insert(store, "root_key_id", id, failure);
    }
    return view_equal(id, view_of_bytes(&wanted))
               ? STATUS_OK
               : failure_set(failure, STATUS_ROOT_KEY,
                             "root.key in the state folder is of another store; put the right "
                             "file back, or remove the state folder to start anew.");
}

static enum status choose_browser_profile(struct store *store, struct failure *failure)
{
    const char *name = getenv("POWERUP_SECRETS_BROWSER_PROFILE");
    BYTES_AUTO current = {0};
    struct view profile = view_of_text("default");

    if (name != NULL && name[0] != '\0') {
        profile = view_of_text(name);
    } else {
        enum status status = setting_read(store, "browser_profile", &current, failure);
        if (status == STATUS_OK) {
            profile = view_of_bytes(&current);
        } else if (status != STATUS_ABSENT) {
            return status;
        }
    }
    bool fits = profile.size <= PROFILE_SIZE_MAX;
    for (size_t i = 0; fits && i < profile.size; i++) {
        fits = profile.data[i] > ' ' && profile.data[i] < 0x7F;
    }
    if (!fits) {
        return failure_set(failure, STATUS_BAD_REQUEST,
                           "A browser profile's name has 1 to %d printable ASCII characters "
                           "without blanks; mend POWERUP_SECRETS_BROWSER_PROFILE.",
                           PROFILE_SIZE_MAX);
    }
    memcpy(store->browser_profile, profile.data, profile.size);
    return STATUS_OK;
}

static enum status open_database(struct store *store, const char *folder, struct failure *failure)
{
    BYTES_AUTO path = {0};

    enum status status = bytes_alloc(strlen(folder) + sizeof "/" DATABASE_NAME, &path);
    if (status != STATUS_OK) {
        return failure_set(failure, status, "Out of memory.");
    }
    snprintf((char *)path.data, path.size, "%s/" DATABASE_NAME, folder);
    /* SQLite makes its files with the mode that the umask leaves. */
    mode_t mask = umask(077);
    int code = sqlite3_open_v2((char *)path.data, &store->database,
                               SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX |
                                   SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_EXRESCODE,
                               NULL);
    if (code == SQLITE_OK) {
        sqlite3_busy_timeout(store->database, BUSY_TIMEOUT_MS);
        status = execute(store,
                         "PRAGMA journal_mode = WAL;"
                         "PRAGMA synchronous = FULL;"
                         "PRAGMA foreign_keys = ON;"
                         "PRAGMA secure_delete = ON;"
                         "PRAGMA trusted_schema = OFF;"
                         "PRAGMA temp_store = MEMORY",
                         failure);
    } else {
        status = store_failure(store, code, failure);
    }
    (void)umask(mask);
    return status;
}

static enum status open_locked(struct store *store, const char *path, int folder,
                               struct failure *failure)
{
    TRANSACTION_AUTO transaction = {0};

    enum status status = open_database(store, path, failure);
    if (status == STATUS_OK) {
        status = transaction_begin(store, TRANSACTION_WRITE, &transaction, failure);
    }
    if (status == STATUS_OK) {
        status = migrate(store, failure);
    }
    if (status == STATUS_OK) {
        status = open_seal(store, folder, failure);
    }
    if (status == STATUS_OK) {
        status = choose_browser_profile(store, failure);
    }
    if (status == STATUS_OK) {
        status = transaction_commit(&transaction, failure);
    }
    return status;
}

enum status store_open(const char *folder, struct store **ret_store, struct failure *failure)
{
    int fd = -1;

    enum status status = crypto_start();
    if (status != STATUS_OK) {
        return failure_set(failure, status, "%s", status_sentence(status));
    }
    status = state_folder_open(folder, &fd, failure);
    if (status != STATUS_OK) {
        return status;
    }
    struct store *store = calloc(1, sizeof *store);
    if (store == NULL) {
        close(fd);
        return failure_set(failure, STATUS_NO_MEMORY, "Out of memory.");
    }
    /* One at a time from here: SQLite does not wait when two turn a new database to WAL at once. */
    int locked = 0;
    do {
        locked = flock(fd, LOCK_EX);
    } while (locked != 0 && errno == EINTR);
    status = locked == 0 ? open_locked(store, folder, fd, failure)
                         : failure_set(failure, STATUS_STATE_FOLDER,
                                       "The state folder cannot be locked: %s.", strerror(errno));
    close(fd);
    if (status != STATUS_OK) {
        store_close(&store);
        return status;
    }
    *ret_store = store;
    return STATUS_OK;
}

void store_close(struct store **store)
{
    if (*store == NULL) {
        return;
    }
    for (size_t i = 0; i < STATEMENTS_MAX && (*store)->statements[i].sql != NULL; i++) {
        (void)sqlite3_finalize((*store)->statements[i].statement);
    }
    (void)sqlite3_close((*store)->database); /* cannot fail once every statement is finalised */
    seal_free(&(*store)->seal);
    free(*store);
    *store = NULL;
}
