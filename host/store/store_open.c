/* SPDX-License-Identifier: MIT */
#include "store/store_open.h"

#include "base/file.h"
#include "base/path.h"
#include "store/crypto.h"
#include "store/property.h"
#include "store/state_folder.h"
#include "store/store_files.h"
#include "store/store_private.h"
#include "store/store_profile.h"
#include "store/store_schema.h"
#include "store/transaction.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* Longest wait for another process; each operation holds the lock for milliseconds. */
enum { BUSY_TIMEOUT_MS = 30 * 1000 };

static enum status read_number(struct store *store, const char *sql, int *ret_number,
                               struct failure *failure)
{
    STATEMENT_AUTO *statement = NULL;

    TRY(store_run(store, sql, NULL, 0, &statement, failure));
    *ret_number = sqlite3_column_int(statement, 0);
    return STATUS_OK;
}

/* Refuses a file that is not ours, or not ours yet. Before anything of it is changed, and that
 * includes the journal mode. */
static enum status check_owner(struct store *store, struct failure *failure)
{
    static const char read_version[] = "PRAGMA user_version";
    static const char read_application[] = "PRAGMA application_id";
    static const char count_entries[] = "SELECT count(*) FROM sqlite_schema";
    int version = 0;
    int application = 0;
    int entries = 0;

    TRY(read_number(store, read_version, &version, failure));
    TRY(read_number(store, read_application, &application, failure));
    TRY(read_number(store, count_entries, &entries, failure));
    bool ours = application == STORE_APPLICATION_ID && version > 0;
    bool empty = application == 0 && version == 0 && entries == 0;
    if (!ours && !empty) {
        return failure_set(failure, STATUS_STORE_DAMAGED,
                           "The file store.sqlite3 in the state folder belongs to another program; "
                           "set POWERUP_SECRETS_DIR to another folder.");
    }
    if (version > store_schema_version) {
        return failure_set(failure, STATUS_STORE_NEWER,
                           "The state folder was made by a newer powerup-secrets (schema %d, this "
                           "one knows %d); update the host, or set POWERUP_SECRETS_DIR to another "
                           "folder.",
                           version, store_schema_version);
    }
    return STATUS_OK;
}

/* Brings the schema to this program's version. Inside a writing transaction. */
static enum status migrate(struct store *store, struct failure *failure)
{
    static const char read_version[] = "PRAGMA user_version";
    int version = 0;
    char sql[128];

    TRY(read_number(store, read_version, &version, failure));
    if (version == store_schema_version) {
        return STATUS_OK;
    }
    while (version < store_schema_version) {
        TRY(store_execute(store, store_migrations[version++], failure));
    }
    snprintf(sql, sizeof sql, "PRAGMA application_id = %d; PRAGMA user_version = %d",
             STORE_APPLICATION_ID, version);
    return store_execute(store, sql, failure);
}

/* The root key that belongs to this store: made together with it, and refused when another. */
static enum status open_seal(struct store *store, int folder, struct failure *failure)
{
    uint8_t root_key[SEAL_ROOT_KEY_SIZE];
    BYTES_AUTO wanted = {0};

    enum status known = property_read(store, "root_key_id", &wanted, failure);
    TRY(status_allow_absent(known));
    enum status status = root_key_read(folder, root_key, failure);
    if (status == STATUS_ABSENT && known == STATUS_OK) {
        return failure_set(failure, STATUS_ROOT_KEY,
                           "root.key is missing from the state folder; restore it, or remove the "
                           "state folder to start over.");
    }
    if (status == STATUS_ABSENT) {
        status = root_key_create(folder, root_key, failure);
    }
    TRY(status);
    status = seal_init(root_key, &store->seal);
    memory_wipe(root_key, sizeof root_key);
    TRY(failure_explain(failure, status));
    struct view id = {store->seal.root_key_id, sizeof store->seal.root_key_id};
    if (known == STATUS_ABSENT) {
        return property_write(store, "root_key_id", id, failure);
    }
    return view_equal(id, view_of_bytes(&wanted))
               ? STATUS_OK
               : failure_set(failure, STATUS_ROOT_KEY,
                             "root.key in the state folder belongs to another store; restore the "
                             "right file, or remove the state folder to start over.");
}

/* A root key that is gone with the store. */
static enum status make_seal(struct store *store, struct failure *failure)
{
    uint8_t root_key[SEAL_ROOT_KEY_SIZE];

    enum status status = crypto_random(root_key, sizeof root_key);
    if (status == STATUS_OK) {
        status = seal_init(root_key, &store->seal);
    }
    memory_wipe(root_key, sizeof root_key);
    return failure_explain(failure, status);
}

static enum status open_at(struct store *store, const char *path, struct failure *failure)
{
    errno = 0;
    int code = sqlite3_open_v2(path, &store->database,
                               SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX |
                                   SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_EXRESCODE,
                               NULL);
    if (code != SQLITE_OK) {
        return store_failure(store, code, failure);
    }
    sqlite3_busy_timeout(store->database, BUSY_TIMEOUT_MS);
    TRY(check_owner(store, failure));
    return store_execute(store,
                         "PRAGMA journal_mode = WAL;"
                         "PRAGMA synchronous = FULL;"
                         "PRAGMA foreign_keys = ON;"
                         "PRAGMA secure_delete = ON;"
                         "PRAGMA trusted_schema = OFF;"
                         "PRAGMA temp_store = MEMORY",
                         failure);
}

static enum status open_file(struct store *store, const char *folder, struct failure *failure)
{
    BYTES_AUTO path = {0};

    /* SQLITE_OPEN_NOFOLLOW is about the whole path, and /home may well be a symbolic link: only the
     * file itself must be none. */
    store->folder = realpath(folder, NULL);
    if (store->folder == NULL) {
        return failure_set(failure, errno == ENOMEM ? STATUS_NO_MEMORY : STATUS_STATE_FOLDER,
                           "The state folder cannot be opened: %s.", strerror(errno));
    }
    TRY(path_join(store->folder, STORE_DATABASE, &path, failure));
    return open_at(store, (const char *)path.data, failure);
}

static enum status open_database(struct store *store, const char *folder, struct failure *failure)
{
    /* SQLite makes its files with the mode that the umask leaves. */
    mode_t mask = umask(077);
    enum status status = open_file(store, folder, failure);

    (void)umask(mask);
    return status;
}

/* One at a time until the folder is closed: SQLite does not wait when two turn a new database to
 * WAL at once. */
static enum status lock(int folder, struct failure *failure)
{
    while (flock(folder, LOCK_EX) != 0) {
        if (errno != EINTR) {
            return failure_set(failure, STATUS_STATE_FOLDER,
                               "The state folder cannot be locked: %s.", strerror(errno));
        }
    }
    return STATUS_OK;
}

/* A negative folder: the store is in memory. */
static enum status prepare(struct store *store, int folder, struct failure *failure)
{
    TRANSACTION_AUTO transaction = {0};

    TRY(transaction_begin(store, TRANSACTION_WRITE, &transaction, failure));
    TRY(migrate(store, failure));
    TRY(folder < 0 ? make_seal(store, failure) : open_seal(store, folder, failure));
    TRY(store_fix_profile(store, failure));
    TRY(store_refresh(store, failure));
    TRY(transaction_commit(&transaction, failure));
    store->open = true;
    return STATUS_OK;
}

enum status store_open(const char *folder, struct store **ret_store, struct failure *failure)
{
    STORE_AUTO *store = memory_new(1, sizeof *store);
    FD_AUTO fd = -1;

    if (store == NULL) {
        return failure_no_memory(failure);
    }
    TRY(failure_explain(failure, crypto_start()));
    TRY(state_folder_open(folder, &fd, failure));
    TRY(lock(fd, failure));
    TRY(open_database(store, folder, failure));
    TRY(prepare(store, fd, failure));
    MOVE(*ret_store, store);
    return STATUS_OK;
}

bool store_exists(const char *folder)
{
    BYTES_AUTO path = {0};
    struct failure failure = {0};

    return path_join(folder, STORE_DATABASE, &path, &failure) != STATUS_OK ||
           access((const char *)path.data, F_OK) == 0 || errno != ENOENT;
}

enum status store_open_empty(struct store **ret_store, struct failure *failure)
{
    STORE_AUTO *store = memory_new(1, sizeof *store);

    if (store == NULL) {
        return failure_no_memory(failure);
    }
    TRY(failure_explain(failure, crypto_start()));
    TRY(open_at(store, ":memory:", failure));
    TRY(prepare(store, -1, failure));
    MOVE(*ret_store, store);
    return STATUS_OK;
}
