/* SPDX-License-Identifier: MIT */
#include "base/hex.h"
#include "store/crypto.h"
#include "store/store.h"
#include "store/store_open.h"
#include "store/store_schema.h"
#include "store_fixture.h"
#include "support.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define PROFILE "POWERUP_SECRETS_BROWSER_PROFILE"

enum { PROCESSES = 16, ROUNDS = 10 };

static int start(void **state)
{
    (void)state;
    (void)unsetenv(PROFILE);
    return 0;
}

/* Runs SQL on the database file as another program would. */
static void execute(const char *folder, const char *sql)
{
    sqlite3 *database = NULL;

    assert_int_equal(sqlite3_open(path_in(folder, "store.sqlite3"), &database), SQLITE_OK);
    if (sqlite3_exec(database, sql, NULL, NULL, NULL) != SQLITE_OK) {
        fail_msg("%s: %s", sql, sqlite3_errmsg(database));
    }
    assert_int_equal(sqlite3_close(database), SQLITE_OK);
}

static unsigned mode_of(const char *path)
{
    struct stat info;

    assert_int_equal(lstat(path, &info), 0);
    return info.st_mode & 07777;
}

static void folders_are_0700_and_every_file_0600_whatever_the_umask(void **state)
{
    (void)state;
    static const mode_t masks[] = {0, 022, 077};

    for (size_t i = 0; i < COUNT(masks); i++) {
        FOLDER_AUTO parent = folder_new();
        char folder[TEST_PATH_SIZE];
        struct dirent *entry = NULL;
        size_t files = 0;

        (void)snprintf(folder, sizeof folder, "%s/missing/parents", (const char *)parent.data);
        mode_t before = umask(masks[i]);
        struct store *store = open_store(folder);
        assert_int_equal(umask(before), masks[i]);
        assert_int_equal(mode_of(folder), 0700);
        assert_int_equal(mode_of(path_in((const char *)parent.data, "missing")), 0700);
        DIR *listing = opendir(folder);
        while ((entry = readdir(listing)) != NULL) {
            if (entry->d_name[0] != '.') {
                assert_int_equal(mode_of(path_in(folder, entry->d_name)), 0600);
                files++;
            }
        }
        closedir(listing);
        assert_int_equal(files, 4); /* root.key, the database, its -wal and -shm */
        store_close(&store);
    }
}

static void a_folder_that_others_can_enter_is_refused_with_the_fix(void **state)
{
    (void)state;
    FOLDER_AUTO folder = folder_new();
    const char *path = (const char *)folder.data;

    for (mode_t bits = 1; bits <= 077; bits++) {
        assert_int_equal(chmod(path, 0700 | bits), 0);
        assert_untouched_failure(path, STATUS_STATE_FOLDER, "chmod 700");
        assert_false(file_exists(path_in(path, "store.sqlite3")));
        assert_false(file_exists(path_in(path, "root.key")));
    }
    assert_int_equal(chmod(path, 0700), 0);
    struct store *store = open_store(path);
    store_close(&store);
}

static void a_folder_that_cannot_be_created_is_reported(void **state)
{
    (void)state;
    FOLDER_AUTO folder = folder_new();
    char path[TEST_PATH_SIZE];

    file_write(path_in((const char *)folder.data, "file"), VIEW(""));
    (void)snprintf(path, sizeof path, "%s/file", (const char *)folder.data);
    assert_untouched_failure(path, STATUS_STATE_FOLDER, "cannot be made");
    (void)snprintf(path, sizeof path, "%s/file/below", (const char *)folder.data);
    assert_untouched_failure(path, STATUS_STATE_FOLDER, "POWERUP_SECRETS_DIR");
}

static void a_store_opens_again_with_the_same_root_key(void **state)
{
    (void)state;
    FOLDER_AUTO folder = folder_new();
    const char *path = (const char *)folder.data;
    struct store *store = open_store(path);
    BYTES_AUTO id = bytes_of(
        (struct view){store_seal(store)->root_key_id, sizeof store_seal(store)->root_key_id});
    BYTES_AUTO key = content_of(path, "root.key");

    assert_int_equal(key.size, SEAL_ROOT_KEY_SIZE);
    store_close(&store);
    assert_null(store);
    store_close(&store);
    store = open_store(path);
    assert_memory_equal(store_seal(store)->root_key_id, id.data, id.size);
    store_close(&store);
    BYTES_AUTO key_after = content_of(path, "root.key");
    assert_view_equal(view_of_bytes(&key_after), view_of_bytes(&key));
}

static void a_root_key_of_another_size_is_refused_and_kept(void **state)
{
    (void)state;
    FOLDER_AUTO folder = folder_with_store();
    const char *path = (const char *)folder.data;
    uint8_t key[3 * SEAL_ROOT_KEY_SIZE] = {0};

    for (size_t size = 0; size <= sizeof key; size++) {
        if (size != SEAL_ROOT_KEY_SIZE) {
            file_write(path_in(path, "root.key"), (struct view){key, size});
            assert_untouched_failure(path, STATUS_ROOT_KEY, "must have 32 bytes");
        }
    }
}

static void a_missing_root_key_is_not_replaced(void **state)
{
    (void)state;
    FOLDER_AUTO folder = folder_with_store();
    const char *path = (const char *)folder.data;

    assert_int_equal(unlink(path_in(path, "root.key")), 0);
    assert_untouched_failure(path, STATUS_ROOT_KEY, "restore it");
    assert_false(file_exists(path_in(path, "root.key")));
}

static void a_root_key_that_differs_in_any_bit_is_of_another_store(void **state)
{
    (void)state;
    FOLDER_AUTO folder = folder_with_store();
    const char *path = (const char *)folder.data;
    BYTES_AUTO key = content_of(path, "root.key");

    for (size_t bit = 0; bit < 8 * key.size; bit += 7) {
        key.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
        file_write(path_in(path, "root.key"), view_of_bytes(&key));
        assert_untouched_failure(path, STATUS_ROOT_KEY, "another store");
        key.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    file_write(path_in(path, "root.key"), view_of_bytes(&key));
    struct store *store = open_store(path);
    store_close(&store);
}

static void a_root_key_that_others_can_use_or_that_is_not_a_file_is_refused(void **state)
{
    (void)state;
    FOLDER_AUTO folder = folder_with_store();
    const char *path = (const char *)folder.data;
    char key[TEST_PATH_SIZE];
    char elsewhere[TEST_PATH_SIZE];
    (void)snprintf(key, sizeof key, "%s/root.key", path);
    (void)snprintf(elsewhere, sizeof elsewhere, "%s/elsewhere", path);

    for (mode_t bits = 1; bits <= 077; bits++) {
        assert_int_equal(chmod(key, 0600 | bits), 0);
        assert_untouched_failure(path, STATUS_ROOT_KEY, "chmod 600");
    }
    assert_int_equal(chmod(key, 0600), 0);
    assert_int_equal(rename(key, elsewhere), 0);
    assert_int_equal(symlink("elsewhere", key), 0);
    struct store *store = NULL;
    struct failure failure = {0};
    assert_int_equal(store_open(path, &store, &failure), STATUS_ROOT_KEY);
    assert_int_equal(unlink(key), 0);
    assert_int_equal(mkdir(key, 0700), 0);
    assert_int_equal(store_open(path, &store, &failure), STATUS_ROOT_KEY);
    assert_null(store);
}

static void a_partial_root_key_left_by_a_crash_is_tolerated(void **state)
{
    (void)state;
    FOLDER_AUTO fresh = folder_new();
    FOLDER_AUTO made = folder_with_store();
    const char *const paths[] = {(const char *)fresh.data, (const char *)made.data};

    for (size_t i = 0; i < COUNT(paths); i++) {
        file_write(path_in(paths[i], "root.key.new"), VIEW("half of a ke"));
        struct store *store = open_store(paths[i]);
        store_close(&store);
        BYTES_AUTO key = content_of(paths[i], "root.key");
        assert_int_equal(key.size, SEAL_ROOT_KEY_SIZE);
    }
    assert_false(file_exists(path_in(paths[0], "root.key.new")));
}

static void a_root_key_without_a_database_is_kept_and_used(void **state)
{
    (void)state;
    FOLDER_AUTO folder = folder_new();
    const char *path = (const char *)folder.data;

    /* As after a crash between making the key and committing its id. */
    file_write(path_in(path, "root.key"), VIEW("0123456789abcdef0123456789abcdef"));
    struct store *store = open_store(path);
    store_close(&store);
    BYTES_AUTO key = content_of(path, "root.key");
    assert_view_equal(view_of_bytes(&key), VIEW("0123456789abcdef0123456789abcdef"));
}

static void the_browser_profile_comes_from_the_environment_or_the_store(void **state)
{
    (void)state;
    FOLDER_AUTO folder = folder_new();
    const char *path = (const char *)folder.data;
    char longest[65];
    memset(longest, '~', sizeof longest);
    longest[64] = '\0';
    const char *const names[] = {"a", "Profile-1", "!", "~", longest};

    for (size_t i = 0; i < COUNT(names); i++) {
        assert_int_equal(setenv(PROFILE, names[i], 1), 0);
        struct store *store = open_store(path);
        assert_view_equal(store_browser_profile(store), view_of_text(names[i]));
        store_close(&store);
    }
    assert_int_equal(setenv(PROFILE, "", 1), 0);
    struct store *store = open_store(path);
    assert_view_equal(store_browser_profile(store), VIEW("default"));
    store_close(&store);
    (void)unsetenv(PROFILE);
    store = open_store(path);
    assert_view_equal(store_browser_profile(store), VIEW("default"));
    store_close(&store);
    execute(path, "INSERT INTO property VALUES ('browser_profile', 'work')");
    store = open_store(path);
    assert_view_equal(store_browser_profile(store), VIEW("work"));
    store_close(&store);
}

static void an_invalid_browser_profile_is_refused(void **state)
{
    (void)state;
    FOLDER_AUTO folder = folder_with_store();
    const char *path = (const char *)folder.data;
    char name[66];

    for (unsigned byte = 1; byte < 0x100; byte++) {
        (void)snprintf(name, sizeof name, "a%cb", (int)byte);
        if (byte <= ' ' || byte >= 0x7F) {
            assert_int_equal(setenv(PROFILE, name, 1), 0);
            assert_untouched_failure(path, STATUS_BAD_REQUEST, PROFILE);
        }
    }
    memset(name, 'a', sizeof name);
    name[65] = '\0';
    assert_int_equal(setenv(PROFILE, name, 1), 0);
    assert_untouched_failure(path, STATUS_BAD_REQUEST, "64");
    (void)unsetenv(PROFILE);
    struct store *store = open_store(path);
    store_close(&store);
}

static void a_refused_profile_leaves_a_new_folder_usable(void **state)
{
    (void)state;
    FOLDER_AUTO folder = folder_new();
    struct store *store = NULL;
    struct failure failure = {0};

    assert_int_equal(setenv(PROFILE, "a b", 1), 0);
    assert_int_equal(store_open((const char *)folder.data, &store, &failure), STATUS_BAD_REQUEST);
    assert_null(store);
    (void)unsetenv(PROFILE);
    store = open_store((const char *)folder.data);
    store_close(&store);
}

static void the_pragmas_are_in_effect(void **state)
{
    (void)state;
    static const struct {
        const char *sql;
        const char *value;
    } pragmas[] = {
        {"PRAGMA journal_mode", "wal"},   {"PRAGMA synchronous", "2"},
        {"PRAGMA foreign_keys", "1"},     {"PRAGMA secure_delete", "1"},
        {"PRAGMA temp_store", "2"},       {"PRAGMA trusted_schema", "0"},
        {"PRAGMA integrity_check", "ok"}, {"PRAGMA user_version", "6"},
    };
    FOLDER_AUTO folder = folder_new();
    struct store *store = open_store((const char *)folder.data);
    struct failure failure = {0};

    for (size_t i = 0; i < COUNT(pragmas); i++) {
        STATEMENT_AUTO *statement = NULL;
        assert_int_equal(store_statement(store, pragmas[i].sql, &statement, &failure), STATUS_OK);
        assert_int_equal(statement_run(store, statement, NULL, 0, &failure), STATUS_OK);
        assert_string_equal((const char *)sqlite3_column_text(statement, 0), pragmas[i].value);
    }
    store_close(&store);
    BYTES_AUTO database = content_of((const char *)folder.data, "store.sqlite3");
    assert_memory_equal(database.data + 18, "\2\2", 2); /* WAL, in the file itself */
    assert_memory_equal(database.data + 68, "PUS1", 4);
}

static void open_from_many_processes(void)
{
    FOLDER_AUTO parent = folder_new();
    const char *folder = path_in((const char *)parent.data, "new");
    char ids[PROCESSES][2 * SEAL_ROOT_KEY_ID_SIZE];
    int gate[2];
    int answers[2];
    pid_t children[PROCESSES];

    assert_int_equal(pipe(gate), 0);
    assert_int_equal(pipe(answers), 0);
    for (size_t i = 0; i < PROCESSES; i++) {
        children[i] = fork();
        assert_true(children[i] >= 0);
        if (children[i] == 0) {
            /* A new program, as the crypto library must not be used across a fork. */
            (void)dup2(gate[0], STDIN_FILENO);
            (void)dup2(answers[1], STDOUT_FILENO);
            close(gate[1]);
            execl("/proc/self/exe", "test_store", "--open", folder, (char *)NULL);
            _exit(127);
        }
    }
    close(gate[0]);
    close(answers[1]);
    for (size_t i = 0; i < PROCESSES; i++) {
        char ready = 0;
        assert_int_equal(read(answers[0], &ready, 1), 1);
    }
    close(gate[1]); /* now all of them read the end of input */
    for (size_t i = 0; i < PROCESSES; i++) {
        int result = -1;
        assert_int_equal(waitpid(children[i], &result, 0), children[i]);
        assert_int_equal(result, 0);
        assert_int_equal(read(answers[0], ids[i], sizeof ids[i]), sizeof ids[i]);
        assert_memory_equal(ids[i], ids[0], sizeof ids[0]);
    }
    close(answers[0]);
}

static void processes_that_create_a_store_at_once_share_one_root_key(void **state)
{
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        open_from_many_processes();
    }
}

/* The program that each of these processes runs. */
static int open_when_the_gate_opens(const char *folder)
{
    struct store *store = NULL;
    struct failure failure = {0};
    char digits[2 * SEAL_ROOT_KEY_ID_SIZE];
    char nothing = 0;

    if (write(STDOUT_FILENO, "r", 1) != 1 || read(STDIN_FILENO, &nothing, 1) != 0) {
        return 2;
    }
    if (store_open(folder, &store, &failure) != STATUS_OK) {
        fprintf(stderr, "%s\n", failure.message);
        return 1;
    }
    hex_encode((struct view){store_seal(store)->root_key_id, SEAL_ROOT_KEY_ID_SIZE}, digits);
    store_close(&store);
    return write(STDOUT_FILENO, digits, sizeof digits) == (ssize_t)sizeof digits ? 0 : 3;
}

int main(int argument_count, char **arguments)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(folders_are_0700_and_every_file_0600_whatever_the_umask),
        cmocka_unit_test(a_folder_that_others_can_enter_is_refused_with_the_fix),
        cmocka_unit_test(a_folder_that_cannot_be_created_is_reported),
        cmocka_unit_test(a_store_opens_again_with_the_same_root_key),
        cmocka_unit_test(a_root_key_of_another_size_is_refused_and_kept),
        cmocka_unit_test(a_missing_root_key_is_not_replaced),
        cmocka_unit_test(a_root_key_that_differs_in_any_bit_is_of_another_store),
        cmocka_unit_test(a_root_key_that_others_can_use_or_that_is_not_a_file_is_refused),
        cmocka_unit_test(a_partial_root_key_left_by_a_crash_is_tolerated),
        cmocka_unit_test(a_root_key_without_a_database_is_kept_and_used),
        cmocka_unit_test(the_browser_profile_comes_from_the_environment_or_the_store),
        cmocka_unit_test(an_invalid_browser_profile_is_refused),
        cmocka_unit_test(a_refused_profile_leaves_a_new_folder_usable),
        cmocka_unit_test(the_pragmas_are_in_effect),
        cmocka_unit_test(processes_that_create_a_store_at_once_share_one_root_key),
    };

    if (argument_count == 3 && strcmp(arguments[1], "--open") == 0) {
        return open_when_the_gate_opens(arguments[2]);
    }
    return cmocka_run_group_tests_name("store", tests, start, NULL);
}
