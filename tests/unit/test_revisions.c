/* SPDX-License-Identifier: MIT */
#include "secrets_fixture.h"
#include "store/power_up.h"
#include "store/reset.h"
#include "store/revisions.h"
#include "store/transaction.h"
#include "trello/member_key.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define OTHER_ORIGIN "http://localhost:3000"

#define BOARD                                                                                      \
    ((struct plugin_data_place){VIEW(ORIGIN), VIEW("board"), VIEW("b"), VIEW("shared"), NO_VALUE})

static enum status note(void *context, struct view origin, int64_t number,
                        struct failure *visit_failure)
{
    char *noted = context;
    size_t used = strlen(noted);

    (void)visit_failure;
    (void)snprintf(noted + used, 512 - used, "%.*s %lld\n", (int)origin.size,
                   (const char *)origin.data, (long long)number);
    return STATUS_OK;
}

static void assert_revisions(const char *origin, const char *expected)
{
    char noted[512] = "";

    assert_int_equal(revisions_visit(store, view_of_text(origin), note, noted, &failure),
                     STATUS_OK);
    assert_string_equal(noted, expected);
}

static void set(const char *text)
{
    const struct plugin_data_place board = BOARD;

    assert_int_equal(plugin_data_set(store, &board, view_of_text(text), &failure), STATUS_OK);
}

static void only_a_change_grows_the_number(void **state)
{
    (void)state;
    const struct plugin_data_place board = BOARD;

    assert_revisions("", "");
    set("1");
    assert_revisions("", ORIGIN " 1\n");
    assert_true(revisions_take_growth(store));
    set("1");
    assert_false(revisions_have_grown(store));
    assert_revisions("", ORIGIN " 1\n");
    set("");
    assert_revisions("", ORIGIN " 2\n");
    set("");
    assert_revisions("", ORIGIN " 2\n");
    assert_int_equal(plugin_data_remove(store, &board, &failure), STATUS_OK);
    assert_revisions("", ORIGIN " 3\n");
    assert_true(revisions_take_growth(store));
    assert_int_equal(plugin_data_remove(store, &board, &failure), STATUS_OK);
    assert_false(revisions_take_growth(store));
    assert_revisions("", ORIGIN " 3\n");
}

static void a_new_key_is_a_change_and_a_stored_secret_is_none(void **state)
{
    (void)state;
    assert_stores(store, TOKEN, VIEW("hello"));
    assert_revisions("", ORIGIN " 1\n");
    assert_stores(store, TOKEN, VIEW("again"));
    assert_revisions("", ORIGIN " 1\n");
    assert_int_equal(member_key_rotate(store, VIEW(ORIGIN), VIEW(MEMBER), &failure), STATUS_OK);
    assert_revisions("", ORIGIN " 2\n");
    assert_int_equal(plugin_data_remove_personal(store, VIEW(ORIGIN), VIEW(MEMBER), &failure),
                     STATUS_OK);
    assert_revisions("", ORIGIN " 3\n");
    assert_int_equal(plugin_data_remove_personal(store, VIEW(ORIGIN), VIEW(MEMBER), &failure),
                     STATUS_OK);
    assert_revisions("", ORIGIN " 3\n");
}

static void what_is_rolled_back_has_not_grown(void **state)
{
    (void)state;
    {
        TRANSACTION_AUTO transaction = {0};
        assert_int_equal(transaction_begin(store, TRANSACTION_WRITE, &transaction, &failure),
                         STATUS_OK);
        set("1");
        assert_true(revisions_have_grown(store));
    }
    assert_false(revisions_have_grown(store));
    assert_revisions("", "");
    set("1");
    {
        TRANSACTION_AUTO transaction = {0};
        assert_int_equal(transaction_begin(store, TRANSACTION_READ, &transaction, &failure),
                         STATUS_OK);
    }
    assert_true(revisions_take_growth(store));
}

/* Each number is given once, so an origin that moves never has the number that it had. */
static void an_origin_that_joins_or_leaves_changes_both_power_ups(void **state)
{
    (void)state;
    set("1");
    assert_int_equal(power_up_join(store, VIEW("planner"), VIEW(OTHER_ORIGIN), &failure),
                     STATUS_OK);
    assert_revisions("", OTHER_ORIGIN " 3\n" ORIGIN " 1\n");
    assert_revisions(ORIGIN, ORIGIN " 1\n");
    assert_int_equal(power_up_join(store, VIEW("planner"), VIEW(OTHER_ORIGIN), &failure),
                     STATUS_OK);
    assert_revisions(OTHER_ORIGIN, OTHER_ORIGIN " 3\n");
    assert_int_equal(power_up_join(store, VIEW("planner"), VIEW(ORIGIN), &failure), STATUS_OK);
    assert_revisions("", OTHER_ORIGIN " 5\n" ORIGIN " 5\n");
    assert_revisions(ORIGIN, OTHER_ORIGIN " 5\n" ORIGIN " 5\n");
    set("2");
    assert_revisions("", OTHER_ORIGIN " 6\n" ORIGIN " 6\n");
    assert_int_equal(power_up_leave(store, VIEW(ORIGIN), &failure), STATUS_OK);
    assert_revisions("", OTHER_ORIGIN " 7\n" ORIGIN " 8\n");
    assert_int_equal(power_up_leave(store, VIEW(ORIGIN), &failure), STATUS_OK);
    assert_revisions("", OTHER_ORIGIN " 7\n" ORIGIN " 8\n");
}

static void a_reset_is_a_change_and_no_number_comes_again(void **state)
{
    (void)state;
    int64_t latest = -1;

    assert_int_equal(reset_store(store, &failure), STATUS_OK);
    assert_false(revisions_take_growth(store));
    assert_int_equal(revisions_latest(store, &latest, &failure), STATUS_OK);
    assert_int_equal(latest, 0);
    set("1");
    assert_int_equal(power_up_join(store, VIEW("planner"), VIEW(OTHER_ORIGIN), &failure),
                     STATUS_OK);
    assert_revisions("", OTHER_ORIGIN " 3\n" ORIGIN " 1\n");
    assert_true(revisions_take_growth(store));
    assert_int_equal(reset_store(store, &failure), STATUS_OK);
    assert_true(revisions_take_growth(store));
    assert_revisions("", OTHER_ORIGIN " 4\n" ORIGIN " 5\n");
    assert_int_equal(reset_store(store, &failure), STATUS_OK);
    assert_revisions("", OTHER_ORIGIN " 4\n" ORIGIN " 5\n");
    assert_int_equal(revisions_latest(store, &latest, &failure), STATUS_OK);
    assert_int_equal(latest, 6);
}

#define SLOT       VIEW("5555555555555555555555555555555555555555555555555555555555555555")
#define OTHER_SLOT VIEW("6666666666666666666666666666666666666666666666666666666666666666")

static const struct storage_key key = {{(const uint8_t *)ORIGIN, sizeof ORIGIN - 1}, {NULL, 0}};

static void assert_items(int64_t expected)
{
    int64_t number = -1;

    assert_int_equal(revisions_items(store, &number, &failure), STATUS_OK);
    assert_int_equal(number, expected);
}

static void items_grow_once_in_each_transaction_that_changes_any(void **state)
{
    (void)state;
    TRANSACTION_AUTO transaction = {0};

    assert_items(0);
    assert_int_equal(revisions_take_items(store), 0);
    assert_int_equal(items_remove(store, key, SLOT, &failure), STATUS_OK);
    assert_int_equal(items_clear(store, key.origin, &failure), STATUS_OK);
    assert_items(0);
    assert_int_equal(transaction_begin(store, TRANSACTION_WRITE, &transaction, &failure),
                     STATUS_OK);
    assert_int_equal(items_set(store, key, SLOT, VIEW("1"), &failure), STATUS_OK);
    assert_int_equal(items_set(store, key, OTHER_SLOT, VIEW("1"), &failure), STATUS_OK);
    assert_int_equal(transaction_commit(&transaction, &failure), STATUS_OK);
    assert_items(1);
    assert_int_equal(revisions_take_items(store), 1);
    assert_int_equal(revisions_take_items(store), 0);
    assert_int_equal(transaction_begin(store, TRANSACTION_WRITE, &transaction, &failure),
                     STATUS_OK);
    assert_int_equal(items_remove(store, key, SLOT, &failure), STATUS_OK);
    assert_int_equal(items_clear(store, key.origin, &failure), STATUS_OK);
    transaction_end(&transaction); /* rolled back */
    assert_items(1);
    assert_int_equal(transaction_begin(store, TRANSACTION_WRITE, &transaction, &failure),
                     STATUS_OK);
    assert_int_equal(reset_store(store, &failure), STATUS_OK);
    assert_int_equal(transaction_commit(&transaction, &failure), STATUS_OK);
    assert_items(2);
}

static void the_outer_transaction_decides(void **state)
{
    (void)state;
    TRANSACTION_AUTO outer = {0};
    TRANSACTION_AUTO inner = {0};
    BYTES_AUTO value = {0};

    assert_int_equal(transaction_begin(store, TRANSACTION_WRITE, &outer, &failure), STATUS_OK);
    assert_int_equal(transaction_begin(store, TRANSACTION_WRITE, &inner, &failure), STATUS_OK);
    assert_int_equal(items_set(store, key, SLOT, VIEW("1"), &failure), STATUS_OK);
    assert_int_equal(transaction_commit(&inner, &failure), STATUS_OK);
    transaction_end(&outer);
    assert_int_equal(items_get(store, key, SLOT, &value, &failure), STATUS_ABSENT);
    assert_int_equal(transaction_begin(store, TRANSACTION_READ, &outer, &failure), STATUS_OK);
    assert_int_equal(transaction_begin(store, TRANSACTION_READ, &inner, &failure), STATUS_OK);
    assert_int_equal(transaction_begin(store, TRANSACTION_WRITE, &inner, &failure),
                     STATUS_STORE_FAILED);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, finish)
    const struct CMUnitTest tests[] = {
        TEST(only_a_change_grows_the_number),
        TEST(a_new_key_is_a_change_and_a_stored_secret_is_none),
        TEST(what_is_rolled_back_has_not_grown),
        TEST(an_origin_that_joins_or_leaves_changes_both_power_ups),
        TEST(a_reset_is_a_change_and_no_number_comes_again),
        TEST(items_grow_once_in_each_transaction_that_changes_any),
        TEST(the_outer_transaction_decides),
    };

    return cmocka_run_group_tests_name("revisions", tests, NULL, NULL);
}
