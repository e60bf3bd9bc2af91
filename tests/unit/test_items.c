/* SPDX-License-Identifier: MIT */
#include "secrets_fixture.h"
#include "store/items.h"
#include "store/property.h"
#include "store/transaction.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define SLOT_A VIEW("a")

static struct storage_key key_of(const char *origin, const char *site)
{
    return (struct storage_key){view_of_text(origin), view_of_text(site)};
}

static void set(const char *origin, const char *site, const char *slot, const char *value)
{
    assert_int_equal(
        items_set(store, key_of(origin, site), view_of_text(slot), view_of_text(value), &failure),
        STATUS_OK);
}

/* Settings are read when a transaction begins. */
static void write_setting(const char *name, const char *value)
{
    TRANSACTION_AUTO first = {0};

    assert_int_equal(transaction_begin(store, TRANSACTION_WRITE, &first, &failure), STATUS_OK);
    assert_int_equal(property_write(store, name, view_of_text(value), &failure), STATUS_OK);
    assert_int_equal(transaction_commit(&first, &failure), STATUS_OK);
    TRANSACTION_AUTO second = {0};
    assert_int_equal(transaction_begin(store, TRANSACTION_READ, &second, &failure), STATUS_OK);
}

/* NULL expects none. */
static void assert_item(const char *origin, const char *site, const char *value)
{
    BYTES_AUTO kept = {0};

    enum status status = items_get(store, key_of(origin, site), SLOT_A, &kept, &failure);
    assert_int_equal(status, value != NULL ? STATUS_OK : STATUS_ABSENT);
    if (value != NULL) {
        assert_view_equal(view_of_bytes(&kept), view_of_text(value));
    }
}

static enum status note_item(void *context, const struct kept_item *item,
                             struct failure *item_failure)
{
    char *noted = context;
    size_t used = strlen(noted);

    (void)item_failure;
    (void)snprintf(noted + used, 512 - used, "%.*s|%.*s|%.*s|%.*s|%.*s\n",
                   (int)item->browser_profile.size, (const char *)item->browser_profile.data,
                   (int)item->key.origin.size, (const char *)item->key.origin.data,
                   (int)item->key.top_level_site.size, (const char *)item->key.top_level_site.data,
                   (int)item->slot.size, (const char *)item->slot.data, (int)item->value.size,
                   (const char *)item->value.data);
    return STATUS_OK;
}

static void assert_visits(const char *origin, const char *expected)
{
    char noted[512] = "";

    assert_int_equal(items_visit(store, view_of_text(origin), note_item, noted, &failure),
                     STATUS_OK);
    assert_string_equal(noted, expected);
}

static void items_of_all_profiles_are_visited_in_order(void **state)
{
    (void)state;
    assert_visits("", "");
    set("https://b", "", "b", "1");
    set("https://b", "", "a", "");
    set("https://a", "https://t", "a", "3");
    write_setting(PROPERTY_BROWSER_PROFILE, "another");
    set("https://b", "", "a", "4");
    assert_visits("", "another|https://b||a|4\n"
                      "default|https://a|https://t|a|3\n"
                      "default|https://b||a|\n"
                      "default|https://b||b|1\n");
    assert_visits("https://a", "default|https://a|https://t|a|3\n");
    assert_visits("https://c", "");
}

static void cleared_items_are_those_of_the_profile_and_the_origin(void **state)
{
    (void)state;
    set("https://a", "", "a", "1");
    set("https://a", "https://t", "a", "2");
    set("https://b", "", "a", "3");
    write_setting(PROPERTY_BROWSER_PROFILE, "another");
    set("https://a", "", "a", "4");
    assert_int_equal(items_clear(store, VIEW("https://b"), &failure), STATUS_OK);
    assert_item("https://a", "", "4");
    assert_int_equal(items_clear(store, VIEW(""), &failure), STATUS_OK);
    assert_item("https://a", "", NULL);
    write_setting(PROPERTY_BROWSER_PROFILE, "default");
    assert_item("https://b", "", "3");
    assert_int_equal(items_clear(store, VIEW("https://a"), &failure), STATUS_OK);
    assert_visits("", "default|https://b||a|3\n");
}

static void without_partition_the_top_level_site_is_ignored(void **state)
{
    (void)state;
    assert_true(store_partitioned(store));
    set("https://a", "", "a", "top");
    set("https://a", "https://t", "a", "framed");
    assert_item("https://a", "https://t", "framed");
    write_setting(PROPERTY_PARTITION, "off");
    assert_false(store_partitioned(store));
    assert_item("https://a", "https://t", "top");
    assert_item("https://a", "https://u", "top");
    set("https://a", "https://u", "a", "shared");
    assert_item("https://a", "", "shared");
    write_setting(PROPERTY_PARTITION, "on");
    assert_item("https://a", "", "shared");
    assert_item("https://a", "https://t", "framed");
    assert_item("https://a", "https://u", NULL);
}

static void a_store_that_is_open_follows_the_current_profile(void **state)
{
    (void)state;
    struct store *other = open_store(NULL);
    struct store *fixed = open_store("mine");
    TRANSACTION_AUTO transaction = {0};
    TRANSACTION_AUTO fixed_transaction = {0};

    set("https://a", "", "a", "1");
    write_setting(PROPERTY_BROWSER_PROFILE, "another");
    assert_view_equal(store_browser_profile(other), VIEW("default"));
    assert_int_equal(transaction_begin(other, TRANSACTION_READ, &transaction, &failure), STATUS_OK);
    assert_view_equal(store_browser_profile(other), VIEW("another"));
    transaction_end(&transaction);
    assert_int_equal(transaction_begin(fixed, TRANSACTION_READ, &fixed_transaction, &failure),
                     STATUS_OK);
    assert_view_equal(store_browser_profile(fixed), VIEW("mine"));
    transaction_end(&fixed_transaction);
    assert_item("https://a", "", NULL);
    store_close(&other);
    store_close(&fixed);
}

static void an_invalid_profile_in_the_store_is_reported_in_each_transaction(void **state)
{
    (void)state;
    TRANSACTION_AUTO transaction = {0};

    execute("INSERT INTO property VALUES ('browser_profile', 'two words')");
    assert_int_equal(transaction_begin(store, TRANSACTION_READ, &transaction, &failure),
                     STATUS_BAD_REQUEST);
    assert_plain_failure(&failure, STATUS_BAD_REQUEST);
    assert_null(transaction.store);
    execute("DELETE FROM property WHERE name = 'browser_profile'");
    assert_int_equal(transaction_begin(store, TRANSACTION_READ, &transaction, &failure), STATUS_OK);
    assert_view_equal(store_browser_profile(store), VIEW("default"));
    transaction_end(&transaction);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, finish)
    const struct CMUnitTest tests[] = {
        TEST(items_of_all_profiles_are_visited_in_order),
        TEST(cleared_items_are_those_of_the_profile_and_the_origin),
        TEST(without_partition_the_top_level_site_is_ignored),
        TEST(a_store_that_is_open_follows_the_current_profile),
        TEST(an_invalid_profile_in_the_store_is_reported_in_each_transaction),
    };

    return cmocka_run_group_tests_name("items", tests, NULL, NULL);
}
