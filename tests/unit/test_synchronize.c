/* SPDX-License-Identifier: MIT */
#include "secrets_fixture.h"
#include "trello/synchronize.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct storage_key key = {{(const uint8_t *)ORIGIN, sizeof ORIGIN - 1}, {NULL, 0}};

/* A slot, named by its last digit. */
static struct view slot(char digit)
{
    static char slots[128][CIPHER_SLOT_SIZE];
    char *text = slots[(unsigned char)digit];

    memset(text, '0', CIPHER_SLOT_SIZE);
    text[CIPHER_SLOT_SIZE - 1] = digit;
    return (struct view){(uint8_t *)text, CIPHER_SLOT_SIZE};
}

static struct view value(const char *text)
{
    return text != NULL ? view_of_text(text) : NO_VALUE;
}

static void keep(char digit, const char *text)
{
    enum status status = text != NULL
                             ? items_set(store, key, slot(digit), view_of_text(text), &failure)
                             : items_remove(store, key, slot(digit), &failure);
    assert_int_equal(status, STATUS_OK);
}

static void assert_kept(char digit, const char *text)
{
    BYTES_AUTO kept = {0};

    enum status status = items_get(store, key, slot(digit), &kept, &failure);
    assert_int_equal(status, text != NULL ? STATUS_OK : STATUS_ABSENT);
    if (text != NULL) {
        assert_view_equal(view_of_bytes(&kept), view_of_text(text));
    }
}

static struct known_item known(char digit, const char *base, const char *local)
{
    return (struct known_item){slot(digit), value(base), value(local)};
}

static void synchronize(struct known_item *items, size_t count, struct item_list *ret_news)
{
    if (items_synchronize(store, key, items, count, ret_news, &failure) != STATUS_OK) {
        fail_msg("%s", failure.message);
    }
}

static void assert_change(const struct item *item, char digit, const char *text)
{
    assert_view_equal(view_of_bytes(&item->slot), slot(digit));
    assert_int_equal(item->value.data == NULL, text == NULL);
    assert_view_equal(view_of_bytes(&item->value), value(text));
}

/* Every possible content of one slot, for each of the three sides. */
static void every_combination_of_base_local_and_stored_value_is_resolved(void **state)
{
    (void)state;
    static const char *const values[] = {NULL, "", "a", "b"};

    for (size_t i = 0; i < 4 * 4 * 4; i++) {
        const char *base = values[i % 4];
        const char *local = values[i / 4 % 4];
        const char *held = values[i / 16];
        const char *final = local != base && held == base ? local : held;
        ITEM_LIST_AUTO changes = {0};
        ITEM_LIST_AUTO again = {0};
        struct known_item item = known('7', base, local);

        keep('7', held);
        synchronize(&item, 1, &changes);
        assert_kept('7', final);
        assert_int_equal(changes.count, final != local);
        if (changes.count > 0) {
            assert_change(&changes.items[0], '7', final);
        }
        /* Now both sides have the same content, and no changes for each other. */
        item = known('7', final, final);
        synchronize(&item, 1, &again);
        assert_int_equal(again.count, 0);
        assert_kept('7', final);
    }
}

static void stored_slots_that_are_not_listed_are_sent_in_the_order_of_slots(void **state)
{
    (void)state;
    ITEM_LIST_AUTO none = {0};
    ITEM_LIST_AUTO changes = {0};
    struct known_item items[] = {known('e', "kept", "kept"), known('5', NULL, "mine"),
                                 known('3', "old", NULL), known('9', NULL, NULL),
                                 known('d', "gone", "gone")};

    synchronize(NULL, 0, &none);
    assert_int_equal(none.count, 0);
    keep('f', "last");
    keep('e', "kept");
    keep('a', "");
    keep('3', "old");
    keep('0', "first");
    synchronize(items, COUNT(items), &changes);
    assert_int_equal(changes.count, 4);
    assert_change(&changes.items[0], '0', "first");
    assert_change(&changes.items[1], 'a', "");
    assert_change(&changes.items[2], 'd', NULL);
    assert_change(&changes.items[3], 'f', "last");
    assert_kept('3', NULL);
    assert_kept('5', "mine");
    assert_kept('9', NULL);
    for (size_t i = 1; i < COUNT(items); i++) {
        assert_true(memcmp(items[i - 1].slot.data, items[i].slot.data, CIPHER_SLOT_SIZE) < 0);
    }
}

static void other_storage_keys_stay_as_they_are(void **state)
{
    (void)state;
    const struct storage_key others[] = {{VIEW("https://b.example"), VIEW("")},
                                         {VIEW(ORIGIN), VIEW("https://trello.com")}};
    struct store *work = open_store("work");
    ITEM_LIST_AUTO changes = {0};
    struct known_item item = known('1', "old", NULL);

    for (size_t i = 0; i < COUNT(others); i++) {
        assert_int_equal(items_set(store, others[i], slot('1'), VIEW("old"), &failure), STATUS_OK);
        assert_int_equal(items_set(store, others[i], slot('2'), VIEW("x"), &failure), STATUS_OK);
    }
    assert_int_equal(items_set(work, key, slot('1'), VIEW("old"), &failure), STATUS_OK);
    keep('1', "old");
    synchronize(&item, 1, &changes);
    assert_int_equal(changes.count, 0);
    assert_kept('1', NULL);
    assert_int_equal(count("SELECT count(*) FROM item"), 5);
    store_close(&work);
}

static void invalid_slots_are_refused_and_nothing_is_changed(void **state)
{
    (void)state;
    char texts[][CIPHER_SLOT_SIZE + 2] = {"", "0", "A", "g", ":", "/", "`", " "};
    ITEM_LIST_AUTO changes = {0};

    for (size_t i = 0; i < COUNT(texts) + 3; i++) {
        char text[CIPHER_SLOT_SIZE + 1];
        size_t size = CIPHER_SLOT_SIZE;
        memset(text, '0', sizeof text);
        if (i < 2) {
            size = i * (CIPHER_SLOT_SIZE - 1);
        } else if (i < COUNT(texts)) {
            text[i * 7] = texts[i][0];
        } else if (i == COUNT(texts)) {
            size = CIPHER_SLOT_SIZE + 1;
        } else {
            text[i == COUNT(texts) + 1 ? 0 : CIPHER_SLOT_SIZE - 1] = '\0';
        }
        struct known_item items[] = {known('1', NULL, "new"),
                                     {{(uint8_t *)text, size}, NO_VALUE, NO_VALUE}};
        assert_int_equal(items_synchronize(store, key, items, 2, &changes, &failure),
                         STATUS_BAD_REQUEST);
        assert_plain_failure(&failure, STATUS_BAD_REQUEST);
        assert_non_null(strstr(failure.message, "64 lower-case hex digits"));
        assert_null(changes.items);
    }
    assert_kept('1', NULL);
}

static void a_repeated_slot_is_refused_and_nothing_is_changed(void **state)
{
    (void)state;
    ITEM_LIST_AUTO changes = {0};
    struct known_item items[] = {known('2', NULL, "a"), known('1', NULL, "b"),
                                 known('3', NULL, "c"), known('2', NULL, "d")};

    assert_int_equal(items_synchronize(store, key, items, COUNT(items), &changes, &failure),
                     STATUS_BAD_REQUEST);
    assert_plain_failure(&failure, STATUS_BAD_REQUEST);
    assert_non_null(strstr(failure.message, "listed twice"));
    assert_null(changes.items);
    assert_int_equal(count("SELECT count(*) FROM item"), 0);
}

static void a_failed_write_changes_nothing(void **state)
{
    (void)state;
    ITEM_LIST_AUTO changes = {0};
    struct known_item items[] = {known('1', "one", NULL), known('2', NULL, "two")};

    keep('1', "one");
    execute("CREATE TRIGGER refuse BEFORE INSERT ON item BEGIN SELECT RAISE(ABORT, 'no'); END");
    assert_int_equal(items_synchronize(store, key, items, 2, &changes, &failure),
                     STATUS_STORE_FAILED);
    assert_plain_failure(&failure, STATUS_STORE_FAILED);
    assert_null(changes.items);
    assert_kept('1', "one");
    execute("DROP TRIGGER refuse");
    synchronize(items, 2, &changes);
    assert_kept('1', NULL);
    assert_kept('2', "two");
}

static void without_changes_no_writer_is_waited_for(void **state)
{
    (void)state;
    sqlite3 *writer = NULL;
    ITEM_LIST_AUTO changes = {0};
    struct known_item items[] = {known('1', "one", "one"), known('2', "two", "two")};

    keep('1', "one");
    keep('2', "other");
    assert_int_equal(sqlite3_open(path_in((const char *)folder.data, "store.sqlite3"), &writer),
                     SQLITE_OK);
    assert_int_equal(sqlite3_exec(writer, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    synchronize(items, 2, &changes);
    assert_int_equal(sqlite3_close(writer), SQLITE_OK);
    assert_int_equal(changes.count, 1);
    assert_change(&changes.items[0], '2', "other");
}

static void a_list_has_all_items_of_one_storage_key_in_order(void **state)
{
    (void)state;
    ITEM_LIST_AUTO empty = {0};
    ITEM_LIST_AUTO list = {0};

    assert_int_equal(items_list(store, key, &empty, &failure), STATUS_OK);
    assert_int_equal(empty.count, 0);
    for (char digit = 'f'; digit >= 'a'; digit--) {
        keep(digit, "x");
    }
    for (char digit = '9'; digit >= '0'; digit--) {
        keep(digit, "");
    }
    assert_int_equal(items_list(store, key, &list, &failure), STATUS_OK);
    assert_int_equal(list.count, 16);
    for (size_t i = 0; i < list.count; i++) {
        assert_change(&list.items[i], "0123456789abcdef"[i], i < 10 ? "" : "x");
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, finish)
    const struct CMUnitTest tests[] = {
        TEST(every_combination_of_base_local_and_stored_value_is_resolved),
        TEST(stored_slots_that_are_not_listed_are_sent_in_the_order_of_slots),
        TEST(other_storage_keys_stay_as_they_are),
        TEST(invalid_slots_are_refused_and_nothing_is_changed),
        TEST(a_repeated_slot_is_refused_and_nothing_is_changed),
        TEST(a_failed_write_changes_nothing),
        TEST(without_changes_no_writer_is_waited_for),
        TEST(a_list_has_all_items_of_one_storage_key_in_order),
    };

    return cmocka_run_group_tests_name("synchronize", tests, NULL, NULL);
}
