/* SPDX-License-Identifier: MIT */
/* Stores that were created by an older version. */
#include "store/calls.h"
#include "store/crypto.h"
#include "store/plugin_data.h"
#include "store/store_schema.h"
#include "store_fixture.h"
#include "support.h"
#include "trello/cipher.h"
#include "trello/secrets.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define ORIGIN "https://example.com"
#define MEMBER "5f0000000000000000000001"
#define KEY    "cc7d03253da31f992f76b1a1b99f3e0324c5c926d4a48eec28a92a4ccc3ed55f"
#define IV     "2a62626c5b125ff434aaad4eb9b76977"
#define TEXT   "{\"a\":1,\"aescbc\":\"" KEY "\"}"

/* A copy of schema 1, which must not be derived from the migrations. */
static const char schema_1[] =
    "PRAGMA journal_mode = WAL;"
    "PRAGMA application_id = 0x50555331;"
    "PRAGMA user_version = 1;"
    "CREATE TABLE setting (name TEXT NOT NULL PRIMARY KEY, value ANY NOT NULL)"
    " STRICT, WITHOUT ROWID;"
    "CREATE TABLE storage_key (id INTEGER PRIMARY KEY, browser_profile TEXT NOT NULL,"
    " origin TEXT NOT NULL, top_level_site TEXT NOT NULL,"
    " UNIQUE (browser_profile, origin, top_level_site)) STRICT;"
    "CREATE TABLE item (id INTEGER PRIMARY KEY,"
    " storage_key INTEGER NOT NULL REFERENCES storage_key (id) ON DELETE CASCADE,"
    " slot TEXT NOT NULL, value TEXT NOT NULL, UNIQUE (storage_key, slot)) STRICT;"
    "CREATE TABLE plugin_data (power_up TEXT NOT NULL, scope TEXT NOT NULL, owner TEXT NOT NULL,"
    " visibility TEXT NOT NULL, sealed BLOB NOT NULL,"
    " PRIMARY KEY (power_up, scope, owner, visibility)) STRICT, WITHOUT ROWID;"
    "INSERT INTO storage_key VALUES (1, 'default', '" ORIGIN "', '');";

static const uint8_t root_key[SEAL_ROOT_KEY_SIZE] = "0123456789abcdef0123456789abcde";

static void bind_and_step(sqlite3 *database, const char *sql, struct view first, struct view second,
                          bool blob)
{
    sqlite3_stmt *statement = NULL;

    assert_int_equal(sqlite3_prepare_v2(database, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_bind_text64(statement, 1, (const char *)first.data, first.size,
                                         SQLITE_STATIC, SQLITE_UTF8),
                     SQLITE_OK);
    assert_int_equal(
        blob ? sqlite3_bind_blob64(statement, 2, second.data, second.size, SQLITE_STATIC)
             : sqlite3_bind_text64(statement, 2, (const char *)second.data, second.size,
                                   SQLITE_STATIC, SQLITE_UTF8),
        SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_DONE);
    assert_int_equal(sqlite3_finalize(statement), SQLITE_OK);
}

static void put_plugin_data(sqlite3 *database, const struct seal *seal, const char *visibility,
                            struct view text)
{
    const struct view fields[] = {VIEW("plugin_data"), VIEW(ORIGIN), VIEW("member"), VIEW(MEMBER),
                                  view_of_text(visibility)};
    BYTES_AUTO sealed = {0};

    assert_int_equal(seal_close(seal, fields, COUNT(fields), text, &sealed), STATUS_OK);
    bind_and_step(database,
                  "INSERT INTO plugin_data VALUES ('" ORIGIN "', 'member', '" MEMBER "', ?1, ?2)",
                  fields[4], view_of_bytes(&sealed), true);
}

static void put_secret(sqlite3 *database, struct view secret)
{
    BYTES_AUTO key = bytes_of_hex(KEY);
    BYTES_AUTO iv = bytes_of_hex(IV);
    BYTES_AUTO value = {0};
    struct failure failure;
    char slot[CIPHER_SLOT_SIZE];

    assert_int_equal(cipher_slot(VIEW(MEMBER), VIEW("token"), slot), STATUS_OK);
    assert_int_equal(
        cipher_encrypt(view_of_bytes(&key), view_of_bytes(&iv), secret, secret, &value, &failure),
        STATUS_OK);
    bind_and_step(database, "INSERT INTO item VALUES (1, 1, ?1, ?2)",
                  (struct view){(uint8_t *)slot, sizeof slot}, view_of_bytes(&value), false);
}

/* A folder as version 1 wrote it, with one secret. */
static struct bytes folder_of_version_1(void)
{
    struct bytes folder = folder_new();
    const char *path = (const char *)folder.data;
    sqlite3 *database = NULL;
    struct seal seal;

    assert_int_equal(crypto_start(), STATUS_OK);
    assert_int_equal(seal_init(root_key, &seal), STATUS_OK);
    file_write(path_in(path, "root.key"), (struct view){root_key, sizeof root_key});
    file_write(path_in(path, "store.sqlite3"), VIEW("")); /* mode 0600 */
    assert_int_equal(sqlite3_open(path_in(path, "store.sqlite3"), &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, schema_1, NULL, NULL, NULL), SQLITE_OK);
    bind_and_step(database, "INSERT INTO setting VALUES (?1, ?2)", VIEW("root_key_id"),
                  (struct view){seal.root_key_id, sizeof seal.root_key_id}, true);
    put_plugin_data(database, &seal, "private", VIEW(TEXT));
    put_plugin_data(database, &seal, "shared", VIEW("{}"));
    put_secret(database, VIEW("s3cret"));
    assert_int_equal(sqlite3_close(database), SQLITE_OK);
    seal_free(&seal);
    return folder;
}

static void assert_loads_secret(struct store *store)
{
    const struct secret_place place = {
        .storage_key = {VIEW(ORIGIN), VIEW("")}, .member = VIEW(MEMBER), .key = VIEW("token")};
    BYTES_AUTO secret = {0};
    struct failure failure;

    if (secrets_load(store, &place, (struct view){NULL, 0}, &secret, &failure) != STATUS_OK) {
        fail_msg("%s", failure.message);
    }
    assert_view_equal(view_of_bytes(&secret), VIEW("s3cret"));
}

static int number(struct store *store, const char *sql)
{
    STATEMENT_AUTO *statement = NULL;
    struct failure failure;

    assert_int_equal(store_run(store, sql, NULL, 0, &statement, &failure), STATUS_OK);
    return sqlite3_column_int(statement, 0);
}

static void a_store_of_version_1_opens_and_its_secret_loads(void **state)
{
    (void)state;
    static const char version[] = "PRAGMA user_version";
    static const char revision[] = "SELECT sum(number) FROM revision WHERE power_up = '" ORIGIN "'";
    static const char viewers[] = "SELECT count(*) FROM plugin_data WHERE viewer = ''";
    FOLDER_AUTO folder = folder_of_version_1();

    for (int round = 0; round < 2; round++) {
        struct store *store = open_store((const char *)folder.data);
        assert_int_equal(number(store, version), store_schema_version);
        assert_int_equal(number(store, viewers), 2);
        assert_int_equal(number(store, revision), 1);
        assert_loads_secret(store);
        store_close(&store);
    }
}

static void texts_of_version_1_are_read_changed_and_kept_apart_from_new_ones(void **state)
{
    (void)state;
    FOLDER_AUTO folder = folder_of_version_1();
    struct store *store = open_store((const char *)folder.data);
    const struct plugin_data_place old = {VIEW(ORIGIN), VIEW("member"), VIEW(MEMBER),
                                          VIEW("private"), VIEW("")};
    const struct plugin_data_place new = {VIEW(ORIGIN), VIEW("board"), VIEW(MEMBER),
                                          VIEW("private"), VIEW(MEMBER)};
    BYTES_AUTO before = {0};
    BYTES_AUTO after = {0};
    struct failure failure;

    assert_int_equal(plugin_data_get(store, &old, &before, &failure), STATUS_OK);
    assert_view_equal(view_of_bytes(&before), VIEW(TEXT));
    assert_int_equal(plugin_data_set(store, &new, VIEW("new"), &failure), STATUS_OK);
    assert_loads_secret(store);
    assert_int_equal(plugin_data_set(store, &old, VIEW("{}"), &failure), STATUS_OK);
    assert_int_equal(plugin_data_get(store, &old, &after, &failure), STATUS_OK);
    assert_view_equal(view_of_bytes(&after), VIEW("{}"));
    store_close(&store);
}

/* Takes away what newer versions have; older ones are made by their migrations. */
#define BACK_TO_5                                                                                  \
    "DROP TRIGGER call_added; DROP TRIGGER call_removed; DROP TABLE call_total;"                   \
    "DROP TABLE call_lost; ALTER TABLE call DROP COLUMN size; PRAGMA user_version = 5;"
#define BACK_TO_4                                                                                  \
    BACK_TO_5 "ALTER TABLE call DROP COLUMN page; DROP TABLE revision; DROP TABLE browser;"        \
              "PRAGMA user_version = 4;"

static void calls_of_version_4_have_no_page(void **state)
{
    (void)state;
    static const char pages[] = "SELECT count(*) FROM call WHERE page IS NULL";
    FOLDER_AUTO folder = folder_of_version_1();
    const char *path = (const char *)folder.data;
    struct failure failure;

    struct store *store = open_store(path);
    assert_int_equal(store_execute(store,
                                   BACK_TO_4
                                   "INSERT INTO call VALUES (1, 2, 'https://a', 'b', NULL, x'00')",
                                   &failure),
                     STATUS_OK);
    store_close(&store);
    store = open_store(path);
    assert_int_equal(number(store, pages), 1);
    assert_loads_secret(store);
    store_close(&store);
}

static void calls_of_version_5_are_counted_and_the_next_one_removes_what_is_too_much(void **state)
{
    (void)state;
    static const char bytes[] = "SELECT bytes FROM call_total";
    static const char calls[] = "SELECT calls FROM call_total";
    static const char lost[] = "SELECT calls FROM call_lost WHERE origin = 'https://a' AND at = 9";
    const struct call call = {10, VIEW("https://b"), VIEW("c"), {NULL, 0}, VIEW("{}"), {NULL, 0}};
    FOLDER_AUTO folder = folder_of_version_1();
    const char *path = (const char *)folder.data;
    struct failure failure;

    struct store *store = open_store(path);
    assert_int_equal(
        store_execute(store,
                      BACK_TO_5
                      "INSERT INTO call VALUES (1, 8, 'https://a', 'b', 'p', zeroblob(20000000),"
                      " 'id');"
                      "INSERT INTO call VALUES (2, 9, 'https://a', 'b', NULL, zeroblob(20000000),"
                      " NULL)",
                      &failure),
        STATUS_OK);
    store_close(&store);
    store = open_store(path);
    assert_int_equal(number(store, bytes), 40000000 + 2 * 10 + 3);
    assert_int_equal(number(store, calls), 2);
    assert_int_equal(calls_append(store, &call, &failure), STATUS_OK);
    assert_int_equal(number(store, calls), 2);
    assert_int_equal(number(store, "SELECT calls FROM call_lost WHERE at = 8"), 1);
    assert_int_equal(store_execute(store, "UPDATE call_total SET calls = 50000", &failure),
                     STATUS_OK);
    assert_int_equal(calls_append(store, &call, &failure), STATUS_OK);
    assert_int_equal(number(store, lost), 2);
    store_close(&store);
}

static void a_migration_that_fails_leaves_version_1_as_it_was(void **state)
{
    (void)state;
    FOLDER_AUTO folder = folder_of_version_1();
    const char *path = (const char *)folder.data;
    sqlite3 *database = NULL;

    /* A table with the name of a new one makes one of the migration's last statements fail. */
    assert_int_equal(sqlite3_open(path_in(path, "store.sqlite3"), &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, "CREATE TABLE answer (x)", NULL, NULL, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_close(database), SQLITE_OK);
    assert_untouched_failure(path, STATUS_STORE_FAILED, "answer");
    assert_int_equal(sqlite3_open(path_in(path, "store.sqlite3"), &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, "DROP TABLE answer", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(database), SQLITE_OK);
    struct store *store = open_store(path);
    assert_loads_secret(store);
    store_close(&store);
}

static void the_migrated_file_contains_no_key_and_no_secret(void **state)
{
    (void)state;
    FOLDER_AUTO folder = folder_of_version_1();
    const char *path = (const char *)folder.data;

    assert_opens(path);
    BYTES_AUTO database = content_of(path, "store.sqlite3");
    assert_false(view_contains(view_of_bytes(&database), VIEW(KEY)));
    assert_false(view_contains(view_of_bytes(&database), VIEW("s3cret")));
    assert_false(view_contains(view_of_bytes(&database), VIEW("plugin_data_2")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_store_of_version_1_opens_and_its_secret_loads),
        cmocka_unit_test(texts_of_version_1_are_read_changed_and_kept_apart_from_new_ones),
        cmocka_unit_test(calls_of_version_4_have_no_page),
        cmocka_unit_test(calls_of_version_5_are_counted_and_the_next_one_removes_what_is_too_much),
        cmocka_unit_test(a_migration_that_fails_leaves_version_1_as_it_was),
        cmocka_unit_test(the_migrated_file_contains_no_key_and_no_secret),
    };

    (void)unsetenv("POWERUP_SECRETS_BROWSER_PROFILE");
    return cmocka_run_group_tests_name("migration", tests, NULL, NULL);
}
