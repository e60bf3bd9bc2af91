/* SPDX-License-Identifier: MIT */
#include "secrets_fixture.h"
#include "store/answers.h"
#include "store/calls.h"
#include "store/faults.h"
#include "store/known_browsers.h"
#include "store/power_up.h"
#include "store/property.h"
#include "store/reset.h"
#include "store/settings.h"
#include "store/transaction.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static const char *const tables[] = {"item",     "storage_key", "plugin_data", "power_up_origin",
                                     "setting",  "answer",      "fault",       "call",
                                     "call_lost"};

static int rows_of(const char *table)
{
    char sql[64];

    (void)snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", table);
    return count(sql);
}

static void fill(void)
{
    const struct fault fault = {.op = VIEW("get"), .kind = FAULT_NO_REPLY, .times_left = 1};
    const struct call call = {1, VIEW(ORIGIN), VIEW("a"), NO_VALUE, VIEW("{}"), NO_VALUE};

    assert_stores(store, TOKEN, VIEW("hello"));
    assert_int_equal(power_up_join(store, VIEW("p"), VIEW(ORIGIN), &failure), STATUS_OK);
    assert_int_equal(settings_set(store, VIEW(""), SETTING_STORAGE, VIEW("full"), &failure),
                     STATUS_OK);
    assert_int_equal(answers_set(store, VIEW(""), VIEW("board"), VIEW("1"), &failure), STATUS_OK);
    assert_int_equal(faults_add(store, &fault, &failure), STATUS_OK);
    assert_int_equal(calls_append(store, &call, &failure), STATUS_OK);
    execute("INSERT INTO call_lost VALUES ('https://example.com', 1, 1)");
    assert_int_equal(property_write(store, PROPERTY_BROWSER_PROFILE, VIEW("two"), &failure),
                     STATUS_OK);
    assert_int_equal(property_write(store, PROPERTY_PARTITION, VIEW("off"), &failure), STATUS_OK);
}

static void only_the_root_key_and_that_storages_were_filled_are_left(void **state)
{
    (void)state;
    fill();
    for (size_t i = 0; i < COUNT(tables); i++) {
        assert_int_equal(rows_of(tables[i]), 1);
    }
    assert_int_equal(reset_store(store, &failure), STATUS_OK);
    for (size_t i = 0; i < COUNT(tables); i++) {
        assert_int_equal(rows_of(tables[i]), 0);
    }
    assert_int_equal(count("SELECT calls + bytes FROM call_total"), 0);
    assert_int_equal(rows_of("property"), 3);
    assert_int_equal(count("SELECT count(*) FROM property WHERE name = 'filled'"), 1);
    assert_int_equal(count("SELECT value FROM property WHERE name = 'items_revision'"), 1);
    store_close(&store);
    store = open_store(NULL);
    assert_view_equal(store_browser_profile(store), VIEW("default"));
    assert_true(store_partitioned(store));
    fill();
}

/* Beside what is deleted: property, what is true of the moment, browser and revision, and the sum
 * of calls, which follows them. */
static void reset_covers_every_table_of_the_store(void **state)
{
    (void)state;
    assert_int_equal(count("SELECT count(*) FROM sqlite_schema WHERE type = 'table'"),
                     COUNT(tables) + 4);
}

static void the_browsers_that_run_stay_known(void **state)
{
    (void)state;
    const struct known_browser browser = {1, 2, 3, 4, VIEW("B")};

    assert_int_equal(known_browsers_set(store, &browser, &failure), STATUS_OK);
    assert_int_equal(reset_store(store, &failure), STATUS_OK);
    assert_int_equal(rows_of("browser"), 1);
}

static void a_reset_that_fails_halfway_changes_nothing(void **state)
{
    (void)state;
    fill();
    execute("CREATE TRIGGER refuse BEFORE DELETE ON call BEGIN SELECT RAISE(ABORT, 'no'); END");
    {
        TRANSACTION_AUTO transaction = {0};
        assert_int_equal(transaction_begin(store, TRANSACTION_WRITE, &transaction, &failure),
                         STATUS_OK);
        assert_int_equal(reset_store(store, &failure), STATUS_STORE_FAILED);
    }
    for (size_t i = 0; i < COUNT(tables); i++) {
        assert_int_equal(rows_of(tables[i]), 1);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, finish)
    const struct CMUnitTest tests[] = {
        TEST(only_the_root_key_and_that_storages_were_filled_are_left),
        TEST(reset_covers_every_table_of_the_store),
        TEST(the_browsers_that_run_stay_known),
        TEST(a_reset_that_fails_halfway_changes_nothing),
    };

    return cmocka_run_group_tests_name("reset", tests, NULL, NULL);
}
