/* SPDX-License-Identifier: MIT */
/* The operations other than hello and those of secrets. */
#include "session_fixture.h"
#include "store/answers.h"
#include "store/power_up.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define ORIGIN "\"origin\":\"https://example.com\""
#define BOARD  ORIGIN ",\"scope\":\"board\",\"owner\":\"b\",\"visibility\":"
#define SLOT   "00000000000000000000000000000000000000000000000000000000000000"

#define WRITTEN(revision) "{\"written\":true,\"pluginData\":{\"https://example.com\":" revision "}}"

static void answer_returns_the_text_that_is_set_or_null(void **state)
{
    (void)state;
    assert_gives("answer", ORIGIN ",\"method\":\"board\"", "null");
    assert_int_equal(answers_set(session.store, VIEW(""), VIEW("board"),
                                 VIEW("{ \"id\": \"\\ud83d\" }"), &failure),
                     STATUS_OK);
    assert_gives("answer", ORIGIN ",\"method\":\"board\"",
                 "{\"json\":\"{ \\\"id\\\": \\\"\\\\ud83d\\\" }\"}");
    assert_gives("answer", ORIGIN ",\"method\":\"card\"", "null");
    assert_gives("answer", ORIGIN ",\"method\":\"\"", "null");
}

static void plugin_data_are_returned_by_scope_and_visibility(void **state)
{
    (void)state;
    assert_gives("getPluginData", ORIGIN, "{}");
    assert_gives("setPluginData", BOARD "\"shared\",\"text\":\"{\\\"a\\\":1}\"", WRITTEN("1"));
    assert_gives("setPluginData", BOARD "\"private\",\"member\":\"m\",\"text\":\"[2]\"",
                 WRITTEN("2"));
    assert_gives("setPluginData",
                 ORIGIN ",\"scope\":\"member\",\"owner\":\"m\",\"visibility\":\"private\","
                        "\"text\":\"\"",
                 WRITTEN("3"));
    assert_gives("setPluginData",
                 ORIGIN ",\"scope\":\"organization\",\"owner\":\"o\",\"visibility\":\"shared\","
                        "\"text\":\"\\\"\\\\ud83d\\\"\"",
                 WRITTEN("4"));
    assert_gives("getPluginData",
                 ORIGIN ",\"member\":\"m\",\"board\":\"b\",\"card\":\"c\",\"organization\":\"o\"",
                 "{\"board\":{\"shared\":\"{\\\"a\\\":1}\",\"private\":\"[2]\"},"
                 "\"member\":{\"private\":\"\"},"
                 "\"organization\":{\"shared\":\"\\\"\\\\ud83d\\\"\"}}");
    assert_gives("getPluginData", ORIGIN ",\"board\":\"b\"",
                 "{\"board\":{\"shared\":\"{\\\"a\\\":1}\"}}");
    assert_gives("getPluginData", ORIGIN ",\"board\":\"b\",\"member\":\"\"",
                 "{\"board\":{\"shared\":\"{\\\"a\\\":1}\"}}");
    assert_gives("getPluginData", ORIGIN ",\"board\":\"b\",\"member\":\"n\"",
                 "{\"board\":{\"shared\":\"{\\\"a\\\":1}\"}}");
    assert_gives("getPluginData", ORIGIN ",\"board\":\"\",\"card\":\"b\",\"organization\":\"b\"",
                 "{}");
    assert_gives("getPluginData", "\"origin\":\"https://b.example\",\"board\":\"b\"", "{}");
}

static void plugin_data_with_a_base_replace_only_that_text(void **state)
{
    (void)state;
    assert_gives("setPluginData", BOARD "\"shared\",\"text\":\"1\",\"base\":\"\"",
                 "{\"written\":false}");
    assert_gives("getPluginData", ORIGIN ",\"board\":\"b\"", "{}");
    assert_gives("setPluginData", BOARD "\"shared\",\"text\":\"1\",\"base\":null", WRITTEN("1"));
    assert_gives("setPluginData", BOARD "\"shared\",\"text\":\"2\",\"base\":null",
                 "{\"written\":false}");
    assert_gives("setPluginData", BOARD "\"shared\",\"text\":\"2\",\"base\":\"1 \"",
                 "{\"written\":false}");
    assert_gives("getPluginData", ORIGIN ",\"board\":\"b\"", "{\"board\":{\"shared\":\"1\"}}");
    assert_gives("setPluginData", BOARD "\"shared\",\"text\":\"\",\"base\":\"1\"", WRITTEN("2"));
    /* An empty text exists. */
    assert_gives("setPluginData", BOARD "\"shared\",\"text\":\"3\",\"base\":null",
                 "{\"written\":false}");
    assert_gives("setPluginData", BOARD "\"shared\",\"text\":\"3\",\"base\":\"\"", WRITTEN("3"));
    assert_gives("getPluginData", ORIGIN ",\"board\":\"b\"", "{\"board\":{\"shared\":\"3\"}}");
}

static void a_text_that_does_not_change_has_no_revision(void **state)
{
    (void)state;
    assert_gives("setPluginData", BOARD "\"shared\",\"text\":\"1\"", WRITTEN("1"));
    assert_gives("setPluginData", BOARD "\"shared\",\"text\":\"1\"", "{\"written\":true}");
    assert_gives("setPluginData", BOARD "\"shared\",\"text\":\"2\"", WRITTEN("2"));
}

static void plugin_data_at_an_invalid_place_are_refused(void **state)
{
    (void)state;
    static const char *const members[][2] = {
        {"\"scope\":\"boards\",\"owner\":\"b\",\"visibility\":\"shared\"", "scope"},
        {"\"scope\":\"\",\"owner\":\"b\",\"visibility\":\"shared\"", "scope"},
        {"\"scope\":\"board\",\"owner\":\"b\",\"visibility\":\"public\"", "visibility"},
        {"\"scope\":\"board\",\"owner\":\"b\",\"visibility\":\"private\"", "member"},
        {"\"scope\":\"card\",\"owner\":\"b\",\"visibility\":\"private\"", "member"},
    };

    for (size_t i = 0; i < COUNT(members); i++) {
        char text[256];
        (void)snprintf(text, sizeof text, ORIGIN ",\"text\":\"1\",%s", members[i][0]);
        assert_refuses("setPluginData", text, STATUS_BAD_REQUEST, members[i][1]);
    }
    assert_gives("getPluginData",
                 ORIGIN ",\"member\":\"b\",\"board\":\"b\",\"card\":\"b\",\"organization\":\"b\"",
                 "{}");
}

static void the_origins_of_a_power_up_share_plugin_data(void **state)
{
    (void)state;
    assert_int_equal(
        power_up_join(session.store, VIEW("planner"), VIEW("https://example.com"), &failure),
        STATUS_OK);
    assert_int_equal(
        power_up_join(session.store, VIEW("planner"), VIEW("http://localhost:3000"), &failure),
        STATUS_OK);
    assert_gives("setPluginData", BOARD "\"shared\",\"text\":\"1\"",
                 "{\"written\":true,\"pluginData\":{\"http://localhost:3000\":5,\"https://"
                 "example.com\":5}}");
    assert_gives("getPluginData", "\"origin\":\"http://localhost:3000\",\"board\":\"b\"",
                 "{\"board\":{\"shared\":\"1\"}}");
}

static void items_of_both_sides_are_synchronized(void **state)
{
    (void)state;
    assert_gives("synchronizeItems", ORIGIN ",\"items\":[]", "{\"items\":[]}");
    assert_gives("synchronizeItems",
                 ORIGIN ",\"items\":[{\"slot\":\"" SLOT "0b\",\"base\":null,\"local\":\"b\"},"
                        "{\"slot\":\"" SLOT "0a\",\"base\":null,\"local\":\"a\"},"
                        "{\"slot\":\"" SLOT "0c\",\"base\":\"c\",\"local\":\"c\"}]",
                 "{\"items\":[{\"slot\":\"" SLOT "0c\",\"value\":null}]}");
    assert_gives("synchronizeItems", ORIGIN ",\"items\":[]",
                 "{\"items\":[{\"slot\":\"" SLOT "0a\",\"value\":\"a\"},"
                 "{\"slot\":\"" SLOT "0b\",\"value\":\"b\"}]}");
    assert_gives("synchronizeItems", ORIGIN ",\"topLevelSite\":\"https://trello.com\",\"items\":[]",
                 "{\"items\":[]}");
}

static void malformed_items_are_refused(void **state)
{
    (void)state;
    static const char *const items[][2] = {
        {"null", "items[0] must be an object"},
        {"{\"slot\":\"" SLOT "00\",\"base\":null}", "\"local\""},
        {"{\"slot\":\"" SLOT "00\",\"local\":null}", "\"base\""},
        {"{\"base\":null,\"local\":null}", "\"slot\""},
        {"{\"slot\":\"" SLOT "00\",\"base\":1,\"local\":null}", "a string or null"},
        {"{\"slot\":\"" SLOT "00\",\"base\":null,\"local\":null,\"x\":1}", "\"x\""},
        {"{\"slot\":\"" SLOT "0\",\"base\":null,\"local\":null}", "64 lower-case hex digits"},
        {"{\"slot\":\"" SLOT "0A\",\"base\":null,\"local\":null}", "64 lower-case hex digits"},
        {"{\"slot\":\"" SLOT "00\",\"base\":null,\"local\":null},"
         "{\"slot\":\"" SLOT "00\",\"base\":null,\"local\":null}",
         "twice"},
    };

    for (size_t i = 0; i < COUNT(items); i++) {
        char text[512];
        (void)snprintf(text, sizeof text, ORIGIN ",\"items\":[%s]", items[i][0]);
        assert_refuses("synchronizeItems", text, STATUS_BAD_REQUEST, items[i][1]);
    }
}

static void either_all_or_no_calls_are_recorded(void **state)
{
    (void)state;
    static const char sql[] =
        "SELECT group_concat(at || method || coalesce(problem, '-')) FROM call";
    static const char *const bad[][2] = {
        {"1", "calls[1] must be an object"},
        {"{\"method\":\"c\",\"at\":3}", "\"detail\""},
        {"{\"method\":\"c\",\"detail\":{}}", "\"at\""},
        {"{\"at\":3,\"detail\":{}}", "\"method\""},
        {"{\"method\":\"c\",\"at\":3.5,\"detail\":{}}", "an integer"},
        {"{\"method\":\"c\",\"at\":3,\"detail\":[]}", "an object"},
        {"{\"method\":\"c\",\"at\":3,\"problem\":null,\"detail\":{}}", "a string"},
    };
    STATEMENT_AUTO *statement = NULL;
    BYTES_AUTO kept = {0};

    assert_gives("recordCalls", ORIGIN ",\"calls\":[]", "null");
    assert_gives("recordCalls",
                 ORIGIN ",\"calls\":[{\"method\":\"a\",\"at\":1,\"detail\":{}},"
                        "{\"method\":\"b\",\"at\":2,\"problem\":\"p\",\"detail\":{\"x\":[1]}}]",
                 "null");
    for (size_t i = 0; i < COUNT(bad); i++) {
        char text[256];
        (void)snprintf(text, sizeof text,
                       ORIGIN ",\"calls\":[{\"method\":\"x\",\"at\":9,\"detail\":{}},%s]",
                       bad[i][0]);
        assert_refuses("recordCalls", text, STATUS_BAD_REQUEST, bad[i][1]);
    }
    assert_int_equal(store_run(session.store, sql, NULL, 0, &statement, &failure), STATUS_OK);
    assert_int_equal(statement_column(statement, 0, &kept, &failure), STATUS_OK);
    assert_view_equal(view_of_bytes(&kept), VIEW("1a-,2bp"));
}

static void a_request_may_have_a_thousand_calls_but_no_more(void **state)
{
    (void)state;
    static const char call[] = ",{\"method\":\"a\",\"at\":1,\"detail\":{}}";
    static const char head[] = ORIGIN ",\"calls\":[";
    static char text[sizeof head + 1001 * sizeof call];

    for (size_t count = 1000; count <= 1001; count++) {
        size_t used = sizeof head - 1;
        memcpy(text, head, used);
        for (size_t i = 0; i < count; i++) {
            memcpy(text + used, call + (i == 0), sizeof call - (i == 0));
            used += sizeof call - 1 - (i == 0);
        }
        memcpy(text + used, "]", 2);
        if (count == 1000) {
            assert_gives("recordCalls", text, "null");
        } else {
            assert_refuses("recordCalls", text, STATUS_BAD_REQUEST, "at most 1000");
        }
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, session_start_greeted, session_stop)
    const struct CMUnitTest tests[] = {
        TEST(answer_returns_the_text_that_is_set_or_null),
        TEST(plugin_data_are_returned_by_scope_and_visibility),
        TEST(plugin_data_with_a_base_replace_only_that_text),
        TEST(a_text_that_does_not_change_has_no_revision),
        TEST(plugin_data_at_an_invalid_place_are_refused),
        TEST(the_origins_of_a_power_up_share_plugin_data),
        TEST(items_of_both_sides_are_synchronized),
        TEST(malformed_items_are_refused),
        TEST(either_all_or_no_calls_are_recorded),
        TEST(a_request_may_have_a_thousand_calls_but_no_more),
    };

    return cmocka_run_group_tests_name("operation_data", tests, NULL, NULL);
}
