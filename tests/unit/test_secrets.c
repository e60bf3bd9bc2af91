/* SPDX-License-Identifier: MIT */
#include "secrets_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void a_stored_secret_is_loaded_until_it_is_cleared(void **state)
{
    (void)state;
    const struct view secrets[] = {
        VIEW("hello"), VIEW(""), VIEW("a\0b"), VIEW("\xF0\x9F\x94\x91"), {NULL, 0}};
    struct secret_place place = TOKEN;

    assert_int_equal(load(store, TOKEN), STATUS_ABSENT);
    assert_int_equal(secrets_clear(store, &place, &failure), STATUS_OK);
    for (size_t i = 0; i < COUNT(secrets); i++) {
        assert_stores(store, TOKEN, secrets[i]);
        assert_loads(store, TOKEN, secrets[i]);
    }
    assert_int_equal(secrets_clear(store, &place, &failure), STATUS_OK);
    assert_int_equal(load(store, TOKEN), STATUS_ABSENT);
}

static void store_returns_the_slot_and_its_value(void **state)
{
    (void)state;
    struct secret_place place = TOKEN;
    STORED_SECRET_AUTO stored = {0};
    BYTES_AUTO item = {0};

    assert_int_equal(secrets_store(store, &place, VIEW("hello"), VIEW("hello"), &stored, &failure),
                     STATUS_OK);
    /* The slot of the recorded vector for the same member and key. */
    struct view slot = {(uint8_t *)stored.slot, sizeof stored.slot};
    assert_view_equal(slot,
                      VIEW("edaaa9c6c882996d5781efe07592c14cbc82801bc6e991544a63909ada7b1c1b"));
    assert_int_equal(stored.value.size, 193);
    assert_int_equal(items_get(store, place.storage_key, slot, &item, &failure), STATUS_OK);
    assert_view_equal(view_of_bytes(&item), view_of_bytes(&stored.value));
}

static void no_other_place_sees_a_secret(void **state)
{
    (void)state;
    const struct secret_place others[] = {
        PLACE("http://example.com", "", MEMBER, "token"),
        PLACE("https://example.com:8443", "", MEMBER, "token"),
        PLACE("https://sub.example.com", "", MEMBER, "token"),
        PLACE(ORIGIN, "https://trello.com", MEMBER, "token"),
        PLACE(ORIGIN, ORIGIN, MEMBER, "token"),
        PLACE(ORIGIN, "null", MEMBER, "token"),
        PLACE(ORIGIN, "", OTHER, "token"),
        PLACE(ORIGIN, "", "", "token"),
        PLACE(ORIGIN, "", MEMBER, "Token"),
        PLACE(ORIGIN, "", MEMBER, "token "),
        PLACE(ORIGIN, "", MEMBER, "token\0"),
        PLACE(ORIGIN, "", MEMBER, ""),
    };
    struct secret_place place = TOKEN;

    assert_stores(store, TOKEN, VIEW("hello"));
    for (size_t i = 0; i < COUNT(others); i++) {
        assert_int_equal(load(store, others[i]), STATUS_ABSENT);
        assert_int_equal(secrets_clear(store, &others[i], &failure), STATUS_OK);
    }
    assert_loads(store, TOKEN, VIEW("hello"));
    for (size_t i = 0; i < COUNT(others); i++) {
        assert_stores(store, others[i], VIEW("other"));
    }
    assert_loads(store, TOKEN, VIEW("hello"));
    assert_int_equal(secrets_clear(store, &place, &failure), STATUS_OK);
    for (size_t i = 0; i < COUNT(others); i++) {
        assert_loads(store, others[i], VIEW("other"));
    }
}

static void browser_profiles_share_the_key_but_no_secret(void **state)
{
    (void)state;
    struct store *work = open_store("work");

    assert_stores(store, TOKEN, VIEW("private life"));
    BYTES_AUTO before = member_private(ORIGIN, MEMBER);
    assert_int_equal(load(work, TOKEN), STATUS_ABSENT);
    assert_stores(work, TOKEN, VIEW("work"));
    BYTES_AUTO after = member_private(ORIGIN, MEMBER);
    assert_view_equal(view_of_bytes(&after), view_of_bytes(&before));
    assert_loads(store, TOKEN, VIEW("private life"));
    assert_loads(work, TOKEN, VIEW("work"));
    store_close(&work);
}

static void a_slot_that_another_program_changed_gives_the_librarys_errors(void **state)
{
    (void)state;
    static const struct {
        const char *sql;
        const char *message;
        bool operational;
    } cases[] = {
        {"UPDATE item SET value = 'x'", "Invalid hexString", false},
        {"UPDATE item SET value = replace(value, ';', ';;')", "Invalid hexString", false},
        {"UPDATE item SET value = '00' || value",
         "Decryption failed. Message: The \"iv\" has an unexpected length -- must be 16 bytes",
         true},
        {"UPDATE item SET value = substr(value, 1, 191)", "Decryption failed. Message: ", true},
        {"UPDATE item SET value = '00000000000000000000000000000000' || substr(value, 33)",
         "Decryption failed. Unable to validate integrity.", false},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_stores(store, TOKEN, VIEW("hello"));
        execute(cases[i].sql);
        assert_int_equal(load(store, TOKEN), STATUS_LIBRARY_ERROR);
        assert_library_failure(&failure, "Error", "Error", cases[i].operational, cases[i].message);
    }
}

static void a_digest_of_something_else_is_stored_and_fails_to_load(void **state)
{
    (void)state;
    struct secret_place place = TOKEN;
    STORED_SECRET_AUTO stored = {0};

    assert_int_equal(secrets_store(store, &place, VIEW(""), VIEW("undefined"), &stored, &failure),
                     STATUS_OK);
    assert_int_equal(load(store, TOKEN), STATUS_LIBRARY_ERROR);
    assert_library_failure(&failure, "Error", "Error", false,
                           "Decryption failed. Unable to validate integrity.");
}

static void a_failed_store_leaves_nothing_behind(void **state)
{
    (void)state;
    /* The key is written before the item, so a new key must go when the item fails. */
    execute("CREATE TRIGGER refuse BEFORE INSERT ON item BEGIN SELECT RAISE(ABORT, 'no'); END");
    assert_int_equal(try_store(store, TOKEN, VIEW("hello")), STATUS_STORE_FAILED);
    assert_plain_failure(&failure, STATUS_STORE_FAILED);
    assert_int_equal(count("SELECT (SELECT count(*) FROM plugin_data) + (SELECT count(*) FROM item)"
                           " + (SELECT count(*) FROM storage_key)"),
                     0);
    execute("DROP TRIGGER refuse");
    assert_stores(store, TOKEN, VIEW("hello"));
    assert_loads(store, TOKEN, VIEW("hello"));
    set_member_private("{\"aescbc\":1}");
    assert_int_equal(try_store(store, PLACE("http://new", "", MEMBER, "x"), VIEW("x")), STATUS_OK);
    assert_int_equal(try_store(store, PLACE(ORIGIN, "http://new", MEMBER, "x"), VIEW("x")),
                     STATUS_LIBRARY_ERROR);
    assert_int_equal(count("SELECT count(*) FROM storage_key"), 2);
}

static void plugin_data_swapped_between_members_are_damaged(void **state)
{
    (void)state;
    static const char *const swaps[] = {
        ("UPDATE plugin_data SET sealed = (SELECT sealed FROM plugin_data AS other"
         " WHERE other.owner <> plugin_data.owner)"),
        "UPDATE plugin_data SET power_up = 'http://example.com'",
        "UPDATE plugin_data SET visibility = 'shared'",
        "UPDATE plugin_data SET scope = 'board'",
        "UPDATE plugin_data SET sealed = zeroblob(100)",
        "UPDATE plugin_data SET sealed = x''",
        "UPDATE plugin_data SET sealed = CAST(x'01' || zeroblob(100) AS BLOB)",
    };
    static const char *const places[][3] = {
        {ORIGIN, "private", "member"}, {"http://example.com", "private", "member"},
        {ORIGIN, "shared", "member"},  {ORIGIN, "private", "board"},
        {ORIGIN, "private", "member"}, {ORIGIN, "private", "member"},
        {ORIGIN, "private", "member"},
    };

    for (size_t i = 0; i < COUNT(swaps); i++) {
        struct plugin_data_place place = {view_of_text(places[i][0]), view_of_text(places[i][2]),
                                          VIEW(MEMBER), view_of_text(places[i][1]), NO_VALUE};
        struct bytes text = {0};
        execute("DELETE FROM plugin_data; DELETE FROM item");
        assert_stores(store, TOKEN, VIEW("a"));
        assert_stores(store, PLACE(ORIGIN, "", OTHER, "token"), VIEW("b"));
        execute(swaps[i]);
        assert_int_equal(plugin_data_get(store, &place, &text, &failure), STATUS_DAMAGED);
        assert_plain_failure(&failure, STATUS_DAMAGED);
        assert_null(text.data);
        if (view_equal(place.origin, VIEW(ORIGIN)) && view_equal(place.scope, VIEW("member")) &&
            view_equal(place.visibility, VIEW("private"))) {
            assert_int_equal(load(store, TOKEN), STATUS_DAMAGED);
            assert_int_equal(try_store(store, TOKEN, VIEW("c")), STATUS_DAMAGED);
        }
    }
}

/* The fields with which existing stores are sealed: changing them would make stores unreadable. */
static void plugin_data_are_sealed_for_their_table_and_row(void **state)
{
    (void)state;
    static const char sql[] = "SELECT sealed FROM plugin_data";
    const struct view fields[] = {VIEW("plugin_data"), VIEW(ORIGIN), VIEW("member"), VIEW(MEMBER),
                                  VIEW("private")};
    STATEMENT_AUTO *statement = NULL;
    BYTES_AUTO text = {0};

    set_member_private("{\"a\":1}");
    assert_int_equal(store_statement(store, sql, &statement, &failure), STATUS_OK);
    assert_int_equal(statement_run(store, statement, NULL, 0, &failure), STATUS_OK);
    struct view sealed = {sqlite3_column_blob(statement, 0),
                          (size_t)sqlite3_column_bytes(statement, 0)};
    assert_int_equal(seal_open(store_seal(store), fields, COUNT(fields), sealed, &text), STATUS_OK);
    assert_view_equal(view_of_bytes(&text), VIEW("{\"a\":1}"));
}

static void no_file_of_the_store_contains_a_secret_or_a_key(void **state)
{
    (void)state;
    static const char *const names[] = {"store.sqlite3", "store.sqlite3-wal", "store.sqlite3-shm",
                                        "root.key"};

    assert_stores(store, TOKEN, VIEW("a secret nobody else has"));
    assert_stores(store, TOKEN, VIEW("a second one for the slot"));
    BYTES_AUTO member = member_private(ORIGIN, MEMBER);
    struct view digits = {member.data + sizeof "{\"aescbc\":\"" - 1, 64};
    BYTES_AUTO key = {0};
    assert_int_equal(cipher_key_parse(digits, &key, &failure), STATUS_OK);
    for (int closed = 0; closed < 2; closed++) {
        size_t seen = 0;
        for (size_t i = 0; i < COUNT(names); i++) {
            const char *path = path_in((const char *)folder.data, names[i]);
            if (!file_exists(path)) {
                continue;
            }
            BYTES_AUTO content = file_read(path);
            seen += content.size;
            assert_false(view_contains(view_of_bytes(&content), VIEW("secret nobody")));
            assert_false(view_contains(view_of_bytes(&content), VIEW("second one")));
            assert_false(view_contains(view_of_bytes(&content), digits));
            assert_false(view_contains(view_of_bytes(&content), view_of_bytes(&key)));
            assert_false(view_contains(view_of_bytes(&content), VIEW("aescbc\"")));
        }
        assert_true(seen > 4096);
        store_close(&store);
    }
}

static void two_stores_on_one_folder_see_each_others_writes(void **state)
{
    (void)state;
    struct secret_place place = TOKEN;
    struct store *second = open_store(NULL);

    assert_stores(store, TOKEN, VIEW("one"));
    assert_loads(second, TOKEN, VIEW("one"));
    assert_stores(second, TOKEN, VIEW("two"));
    assert_loads(store, TOKEN, VIEW("two"));
    assert_int_equal(secrets_clear(second, &place, &failure), STATUS_OK);
    assert_int_equal(load(store, TOKEN), STATUS_ABSENT);
    store_close(&second);
}

static void a_store_opened_again_still_has_the_secret(void **state)
{
    (void)state;
    assert_stores(store, TOKEN, VIEW("hello"));
    store_close(&store);
    store = open_store(NULL);
    assert_loads(store, TOKEN, VIEW("hello"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, finish)
    const struct CMUnitTest tests[] = {
        TEST(a_stored_secret_is_loaded_until_it_is_cleared),
        TEST(store_returns_the_slot_and_its_value),
        TEST(no_other_place_sees_a_secret),
        TEST(browser_profiles_share_the_key_but_no_secret),
        TEST(a_slot_that_another_program_changed_gives_the_librarys_errors),
        TEST(a_digest_of_something_else_is_stored_and_fails_to_load),
        TEST(a_failed_store_leaves_nothing_behind),
        TEST(plugin_data_swapped_between_members_are_damaged),
        TEST(plugin_data_are_sealed_for_their_table_and_row),
        TEST(no_file_of_the_store_contains_a_secret_or_a_key),
        TEST(two_stores_on_one_folder_see_each_others_writes),
        TEST(a_store_opened_again_still_has_the_secret),
    };

    return cmocka_run_group_tests_name("secrets", tests, NULL, NULL);
}
