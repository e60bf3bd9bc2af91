/* SPDX-License-Identifier: MIT */
/* Database files that are damaged, newer or of another program. */
#include "store/store.h"
#include "store/store_open.h"
#include "store/store_schema.h"
#include "store_fixture.h"
#include "support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static const char *database_in(const char *folder)
{
    return path_in(folder, "store.sqlite3");
}

/* Runs SQL on the database file as another program would. */
static void execute(const char *folder, const char *sql)
{
    sqlite3 *database = NULL;

    assert_int_equal(sqlite3_open(database_in(folder), &database), SQLITE_OK);
    if (sqlite3_exec(database, sql, NULL, NULL, NULL) != SQLITE_OK) {
        fail_msg("%s: %s", sql, sqlite3_errmsg(database));
    }
    assert_int_equal(sqlite3_close(database), SQLITE_OK);
}

static void a_database_truncated_anywhere_is_damaged_and_kept(void **state)
{
    (void)state;
    FOLDER_AUTO folder = folder_with_store();
    const char *path = (const char *)folder.data;
    BYTES_AUTO whole = file_read(database_in(path));

    /* SQLite treats a single byte as an empty file, and completes a partial last page. */
    for (size_t size = 2; size <= whole.size - 4096; size += size < 200 ? 1 : 509) {
        file_write(database_in(path), (struct view){whole.data, size});
        assert_untouched_failure(path, STATUS_STORE_DAMAGED, "restore a copy");
    }
    file_write(database_in(path), view_of_bytes(&whole));
    assert_opens(path);
}

static void a_file_that_is_not_a_database_is_damaged_and_kept(void **state)
{
    (void)state;
    FOLDER_AUTO folder = folder_with_store();
    const char *path = (const char *)folder.data;
    BYTES_AUTO zeros = {0};

    assert_int_equal(bytes_alloc(16384, &zeros), STATUS_OK);
    file_write(database_in(path), view_of_bytes(&zeros));
    assert_untouched_failure(path, STATUS_STORE_DAMAGED, "not a database");
    memset(zeros.data, 'x', zeros.size);
    file_write(database_in(path), view_of_bytes(&zeros));
    assert_untouched_failure(path, STATUS_STORE_DAMAGED, "not a database");
    file_write(database_in(path), VIEW("notes\n"));
    assert_untouched_failure(path, STATUS_STORE_DAMAGED, "not a database");
}

static void a_database_with_a_page_overwritten_is_damaged_and_kept(void **state)
{
    (void)state;
    FOLDER_AUTO folder = folder_with_store();
    const char *path = (const char *)folder.data;
    BYTES_AUTO whole = file_read(database_in(path));

    memset(whole.data + 100, 0xA5, 4096 - 100); /* the schema */
    file_write(database_in(path), view_of_bytes(&whole));
    assert_untouched_failure(path, STATUS_STORE_DAMAGED, "restore a copy");
}

static void a_store_without_its_tables_is_not_repaired_silently(void **state)
{
    (void)state;
    FOLDER_AUTO folder = folder_with_store();
    const char *path = (const char *)folder.data;

    execute(path, "DROP TABLE property");
    assert_untouched_failure(path, STATUS_STORE_FAILED, "property");
}

static void a_newer_schema_is_refused_and_kept(void **state)
{
    (void)state;
    static const int versions[] = {1, 2, 100, 0x7FFFFFFF - 1};
    FOLDER_AUTO folder = folder_with_store();
    const char *path = (const char *)folder.data;

    for (size_t i = 0; i < COUNT(versions); i++) {
        char sql[64];
        int version =
            versions[i] == 0x7FFFFFFF - 1 ? versions[i] : store_schema_version + versions[i];
        (void)snprintf(sql, sizeof sql, "PRAGMA user_version = %d", version);
        execute(path, sql);
        assert_untouched_failure(path, STATUS_STORE_NEWER, "update the host");
    }
}

static void a_database_of_another_program_is_refused_and_left_unchanged(void **state)
{
    (void)state;
    static const char *const makers[] = {
        "CREATE TABLE notes (text TEXT)",
        "CREATE TABLE setting (name TEXT)",
        "CREATE TABLE notes (text TEXT); PRAGMA user_version = 1",
        "CREATE TABLE notes (text TEXT); PRAGMA user_version = 5",
        "CREATE TABLE notes (text TEXT); PRAGMA user_version = -1",
        "CREATE TABLE notes (text TEXT); PRAGMA application_id = 7",
        "CREATE VIEW notes AS SELECT 1",
        "PRAGMA user_version = 1",
        "PRAGMA user_version = 5",
        "PRAGMA application_id = 7",
        "PRAGMA application_id = 7; PRAGMA user_version = 1",
        "PRAGMA application_id = 7; PRAGMA user_version = 5",
        "PRAGMA journal_mode = WAL; CREATE TABLE notes (text TEXT)",
    };

    for (size_t i = 0; i < COUNT(makers); i++) {
        FOLDER_AUTO folder = folder_new();
        const char *path = (const char *)folder.data;
        execute(path, makers[i]);
        assert_untouched_failure(path, STATUS_STORE_DAMAGED, "another program");
        assert_false(file_exists(path_in(path, "root.key")));
    }
}

static void a_database_that_is_not_a_file_is_refused(void **state)
{
    (void)state;
    FOLDER_AUTO folder = folder_new();
    const char *path = (const char *)folder.data;
    struct store *store = NULL;
    struct failure failure = {0};

    assert_int_equal(symlink("elsewhere.sqlite3", database_in(path)), 0);
    assert_int_equal(store_open(path, &store, &failure), STATUS_STORE_READ_ONLY);
    assert_false(file_exists(path_in(path, "elsewhere.sqlite3")));
    assert_int_equal(unlink(database_in(path)), 0);
    assert_int_equal(mkdir(database_in(path), 0700), 0);
    assert_int_equal(store_open(path, &store, &failure), STATUS_STORE_READ_ONLY);
    assert_null(store);
}

static void an_empty_database_file_is_a_new_store(void **state)
{
    (void)state;
    FOLDER_AUTO folder = folder_new();
    const char *path = (const char *)folder.data;

    /* SQLite creates it this way before it writes anything. */
    file_write(database_in(path), VIEW(""));
    assert_opens(path);
    assert_opens(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_database_truncated_anywhere_is_damaged_and_kept),
        cmocka_unit_test(a_file_that_is_not_a_database_is_damaged_and_kept),
        cmocka_unit_test(a_database_with_a_page_overwritten_is_damaged_and_kept),
        cmocka_unit_test(a_store_without_its_tables_is_not_repaired_silently),
        cmocka_unit_test(a_newer_schema_is_refused_and_kept),
        cmocka_unit_test(a_database_of_another_program_is_refused_and_left_unchanged),
        cmocka_unit_test(a_database_that_is_not_a_file_is_refused),
        cmocka_unit_test(an_empty_database_file_is_a_new_store),
    };

    (void)unsetenv("POWERUP_SECRETS_BROWSER_PROFILE");
    return cmocka_run_group_tests_name("store_file", tests, NULL, NULL);
}
