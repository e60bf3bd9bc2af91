/* SPDX-License-Identifier: MIT */
#include "base/json_scan.h"
#include "support.h"
#include "trello/plugin_data_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define NAME "aescbc"
#define KEY  "\"00ff\""

static void assert_set_view(struct view text, struct view expected)
{
    BYTES_AUTO copy = bytes_of(text);
    BYTES_AUTO edited = {0};

    assert_int_equal(plugin_data_text_set(view_of_bytes(&copy), NAME, VIEW(KEY), &edited),
                     STATUS_OK);
    if (!view_equal(view_of_bytes(&edited), expected)) {
        fail_msg("%.*s becomes %.*s instead of %.*s", (int)text.size, (const char *)text.data,
                 (int)edited.size, (const char *)edited.data, (int)expected.size,
                 (const char *)expected.data);
    }
}

static void assert_set(const char *text, const char *expected)
{
    assert_set_view(view_of_text(text), view_of_text(expected));
}

/* NULL expects nothing there. */
static void assert_found(const char *text, const char *expected)
{
    BYTES_AUTO copy = bytes_of(view_of_text(text));
    struct view value = {NULL, 1};

    enum status status = plugin_data_text_find(view_of_bytes(&copy), NAME, &value);
    if (expected == NULL) {
        if (status != STATUS_ABSENT) {
            fail_msg("a value is found in %s", text);
        }
        assert_int_equal(value.size, 1);
        return;
    }
    if (status != STATUS_OK) {
        fail_msg("nothing is found in %s", text);
    }
    assert_view_equal(value, view_of_text(expected));
}

static void a_value_is_found_only_under_its_name(void **state)
{
    (void)state;
    assert_found("{\"aescbc\":\"a\"}", "\"a\"");
    assert_found(" { \"x\" : 1 , \"aescbc\" : [ 1 , 2 ] , \"y\" : 2 } ", "[ 1 , 2 ]");
    assert_found("{\"aes\\u0063bc\":null}", "null");
    assert_found("{\"aescbc\":1,\"aescbc\":2,\"a\":3}", "2");
    assert_found("{\"aescbc\":1,\"aescb\\u0063\":{\"aescbc\":3}}", "{\"aescbc\":3}");
    assert_found("{\"a\":\"\\\"aescbc\\\":7\",\"aescbc\":8}", "8");
    assert_found("{\"a\\u0000\":0,\"aescbc\":-0.0}", "-0.0");
}

static void nothing_is_found_anywhere_else(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "{}",
        "{\"aescbc\\u0000\":1}",
        "{\"Aescbc\":1}",
        "{\"a\":{\"aescbc\":1}}",
        "{\"a\":[{\"aescbc\":1}]}",
        "{\"a\":\"aescbc\"}",
        "[{\"aescbc\":1}]",
        "[\"aescbc\",1]",
        "\"{\\\"aescbc\\\":1}\"",
        "\"aescbc\"",
        "null",
        "1",
        "true",
        "{\"aescbc\":1",
        "{\"aescbc\":1}x",
        "{\"aescbc\":1,}",
        "{'aescbc':1}",
        "{\"aescbc\":\"\xFF\"}",
    };

    for (size_t i = 0; i < COUNT(texts); i++) {
        assert_found(texts[i], NULL);
    }
}

static void a_new_name_comes_last(void **state)
{
    (void)state;
    assert_set("{}", "{\"aescbc\":\"00ff\"}");
    assert_set("{\"a\":1}", "{\"a\":1,\"aescbc\":\"00ff\"}");
    assert_set("{\"z\":1,\"b\":{}}", "{\"z\":1,\"b\":{},\"aescbc\":\"00ff\"}");
    assert_set("{\"a\":[1,{\"aescbc\":2}]}", "{\"a\":[1,{\"aescbc\":2}],\"aescbc\":\"00ff\"}");
    assert_set("{\"a\":{\"aescbc\":\"x\"}}", "{\"a\":{\"aescbc\":\"x\"},\"aescbc\":\"00ff\"}");
    assert_set("{\"\":0}", "{\"\":0,\"aescbc\":\"00ff\"}");
}

static void an_existing_value_is_replaced_in_place(void **state)
{
    (void)state;
    assert_set("{\"aescbc\":null}", "{\"aescbc\":\"00ff\"}");
    assert_set("{\"aescbc\":\"\",\"b\":1}", "{\"aescbc\":\"00ff\",\"b\":1}");
    assert_set("{\"a\":1,\"aescbc\":0}", "{\"a\":1,\"aescbc\":\"00ff\"}");
    assert_set("{\"a\":1,\"aescbc\":false,\"b\":2}", "{\"a\":1,\"aescbc\":\"00ff\",\"b\":2}");
    assert_set("{\"aes\\u0063bc\":-0}", "{\"aes\\u0063bc\":\"00ff\"}");
    assert_set("{\"aescbc\":[{\"aescbc\":1}]}", "{\"aescbc\":\"00ff\"}");
}

static void of_a_repeated_name_the_last_one_is_replaced(void **state)
{
    (void)state;
    assert_set("{\"aescbc\":\"old\",\"a\":1,\"aescbc\":null}",
               "{\"aescbc\":\"old\",\"a\":1,\"aescbc\":\"00ff\"}");
    assert_set("{\"aescbc\":0,\"\\u0061escbc\":0,\"b\":1}",
               "{\"aescbc\":0,\"\\u0061escbc\":\"00ff\",\"b\":1}");
    assert_set("{\"a\":1,\"a\":2}", "{\"a\":1,\"a\":2,\"aescbc\":\"00ff\"}");
}

static void everything_else_is_unchanged_byte_for_byte(void **state)
{
    (void)state;
    assert_set(" { } ", " {\"aescbc\":\"00ff\" } ");
    assert_set("\n{ \"a\" : 1.50 ,\t\"b\":1e1 }\r",
               "\n{ \"a\" : 1.50 ,\t\"b\":1e1,\"aescbc\":\"00ff\" }\r");
    assert_set("{\"aescbc\" \t: null , \"b\":\"\\/\"}",
               "{\"aescbc\" \t: \"00ff\" , \"b\":\"\\/\"}");
    assert_set("{\"\\u0000\":1,\"a\\u0000b\":2}",
               "{\"\\u0000\":1,\"a\\u0000b\":2,\"aescbc\":\"00ff\"}");
    assert_set("{\"aescbc\\u0000\":1}", "{\"aescbc\\u0000\":1,\"aescbc\":\"00ff\"}");
    assert_set("{\"\\ud83d\":\"\\uDD11x\\ud800\"}",
               "{\"\\ud83d\":\"\\uDD11x\\ud800\",\"aescbc\":\"00ff\"}");
    assert_set("{\"n\":12345678901234567890123,\"m\":1E400}",
               "{\"n\":12345678901234567890123,\"m\":1E400,\"aescbc\":\"00ff\"}");
    assert_set("{\"__proto__\":1,\"10\":2,\"9\":3}",
               "{\"__proto__\":1,\"10\":2,\"9\":3,\"aescbc\":\"00ff\"}");
    assert_set("{\"\xC3\xA9\":\"\xF0\x9F\x94\x91\"}",
               "{\"\xC3\xA9\":\"\xF0\x9F\x94\x91\",\"aescbc\":\"00ff\"}");
}

static void elements_of_an_array_become_numbered_names(void **state)
{
    (void)state;
    assert_set("[]", "{\"aescbc\":\"00ff\"}");
    assert_set(" [ ] ", "{\"aescbc\":\"00ff\"}");
    assert_set("[1]", "{\"0\":1,\"aescbc\":\"00ff\"}");
    assert_set(
        "[ null , {\"aescbc\" : 1} ,\n[2, 3],\"\\ud800\"]",
        "{\"0\":null,\"1\":{\"aescbc\" : 1},\"2\":[2, 3],\"3\":\"\\ud800\",\"aescbc\":\"00ff\"}");
    assert_set("[\"aescbc\",1,2,3,4,5,6,7,8,9,10]",
               "{\"0\":\"aescbc\",\"1\":1,\"2\":2,\"3\":3,\"4\":4,\"5\":5,\"6\":6,\"7\":7,\"8\":8,"
               "\"9\":9,\"10\":10,\"aescbc\":\"00ff\"}");
}

static void units_of_a_string_become_numbered_names(void **state)
{
    (void)state;
    assert_set("\"\"", "{\"aescbc\":\"00ff\"}");
    assert_set(" \"ab\" ", "{\"0\":\"a\",\"1\":\"b\",\"aescbc\":\"00ff\"}");
    assert_set("\"\xF0\x9F\x94\x91\xC3\xA9\"",
               "{\"0\":\"\\ud83d\",\"1\":\"\\udd11\",\"2\":\"\xC3\xA9\",\"aescbc\":\"00ff\"}");
    assert_set("\"\\uD83D\\uDD11\\uDD11\"",
               "{\"0\":\"\\ud83d\",\"1\":\"\\udd11\",\"2\":\"\\udd11\",\"aescbc\":\"00ff\"}");
    assert_set(
        "\"\\u0041\\n\\u0000\\\"\\\\\\/\"",
        "{\"0\":\"A\",\"1\":\"\\n\",\"2\":\"\\u0000\",\"3\":\"\\\"\",\"4\":\"\\\\\",\"5\":\"/\","
        "\"aescbc\":\"00ff\"}");
}

static void anything_else_counts_as_an_empty_object(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        " ",
        "null",
        "true",
        "false",
        "0",
        "-1.5e3",
        "x",
        "{",
        "{\"a\":",
        "{\"a\":1,}",
        "[1,2",
        "\"a",
        "{\"a\":1}x",
        "{'a'}",
        "{\"a\":01}",
        "{\"a\":\"\t\"}",
        "\xEF\xBB\xBF{}",
        "{\"a\":\"\xFF\"}",
    };

    for (size_t i = 0; i < COUNT(texts); i++) {
        assert_set(texts[i], "{\"aescbc\":\"00ff\"}");
    }
    assert_set_view((struct view){NULL, 0}, VIEW("{\"aescbc\":\"00ff\"}"));
    assert_set_view(VIEW("{\"a\0\":1}"), VIEW("{\"aescbc\":\"00ff\"}"));
}

static void data_nested_as_deeply_as_possible_survive(void **state)
{
    (void)state;
    char text[8192 + 1];
    char expected[sizeof text + 32];

    for (size_t depth = 30; depth <= 4090; depth += depth < 35 ? 1 : 811) {
        char *end = text + snprintf(text, sizeof text, "{\"a\":");
        memset(end, '[', depth);
        memset(end + depth, ']', depth);
        (void)snprintf(end + 2 * depth, 2, "}");
        int size = (int)strlen(text) - 1;
        (void)snprintf(expected, sizeof expected, "%.*s,\"aescbc\":\"00ff\"}", size, text);
        assert_set(text, expected);
    }
}

/* Reads, writes and reads again, for every prefix and suffix of a text with everything in it. */
static void a_value_that_was_set_is_found_in_any_text(void **state)
{
    (void)state;
    static const char text[] =
        "{\"a\":[1,{\"aescbc\":\"x\"}],\"aescbc\":null,\"b\\u0000\":\"\\ud83d\xC3\xA9\"}";

    for (size_t start = 0; start < sizeof text; start++) {
        for (size_t end = start; end < sizeof text; end++) {
            struct view value;
            BYTES_AUTO edited = {0};
            BYTES_AUTO part = bytes_of((struct view){(const uint8_t *)text + start, end - start});
            assert_int_equal(plugin_data_text_set(view_of_bytes(&part), NAME, VIEW(KEY), &edited),
                             STATUS_OK);
            assert_true(json_scan_is_valid(view_of_bytes(&edited)));
            assert_int_equal(plugin_data_text_find(view_of_bytes(&edited), NAME, &value),
                             STATUS_OK);
            assert_view_equal(value, VIEW(KEY));
        }
    }
}

/* NULL expects nothing to remove. */
static void assert_removes(const char *text, const char *expected)
{
    BYTES_AUTO copy = bytes_of(view_of_text(text));
    BYTES_AUTO edited = {0};

    enum status status = plugin_data_text_remove(view_of_bytes(&copy), NAME, &edited);
    assert_int_equal(status, expected != NULL ? STATUS_OK : STATUS_ABSENT);
    if (expected != NULL) {
        assert_view_equal(view_of_bytes(&edited), view_of_text(expected));
    }
}

static void a_removed_name_leaves_the_others_as_they_are(void **state)
{
    (void)state;
    assert_removes("{\"aescbc\":1}", "{}");
    assert_removes(" { \"aescbc\" : [1] } ", "{}");
    assert_removes("{\"a\":1,\"aescbc\":2}", "{\"a\":1}");
    assert_removes("{\"aescbc\":2,\"a\":1}", "{\"a\":1}");
    assert_removes("{ \"a\" : 1.0 , \"aescbc\":2 , \"\\u0062\":{\"aescbc\":3} }",
                   "{\"a\" : 1.0,\"\\u0062\":{\"aescbc\":3}}");
    assert_removes("{\"aescbc\":1,\"a\":1,\"\\u0061escbc\":2}", "{\"a\":1}");
}

static void nothing_is_removed_if_the_name_is_missing(void **state)
{
    (void)state;
    static const char *const texts[] = {"",          "{}",
                                        "[]",        "\"aescbc\"",
                                        "{\"a\":1}", "{\"aescbc\":1",
                                        "null",      "{\"a\":{\"aescbc\":1}}"};

    for (size_t i = 0; i < COUNT(texts); i++) {
        assert_removes(texts[i], NULL);
    }
}

static void each_scope_has_its_limit(void **state)
{
    (void)state;
    assert_int_equal(plugin_data_text_length_max(VIEW("board")), 8192);
    assert_int_equal(plugin_data_text_length_max(VIEW("organization")), 8192);
    assert_int_equal(plugin_data_text_length_max(VIEW("card")), 4096);
    assert_int_equal(plugin_data_text_length_max(VIEW("member")), 4096);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_is_found_only_under_its_name),
        cmocka_unit_test(nothing_is_found_anywhere_else),
        cmocka_unit_test(a_new_name_comes_last),
        cmocka_unit_test(an_existing_value_is_replaced_in_place),
        cmocka_unit_test(of_a_repeated_name_the_last_one_is_replaced),
        cmocka_unit_test(everything_else_is_unchanged_byte_for_byte),
        cmocka_unit_test(elements_of_an_array_become_numbered_names),
        cmocka_unit_test(units_of_a_string_become_numbered_names),
        cmocka_unit_test(anything_else_counts_as_an_empty_object),
        cmocka_unit_test(data_nested_as_deeply_as_possible_survive),
        cmocka_unit_test(a_value_that_was_set_is_found_in_any_text),
        cmocka_unit_test(a_removed_name_leaves_the_others_as_they_are),
        cmocka_unit_test(nothing_is_removed_if_the_name_is_missing),
        cmocka_unit_test(each_scope_has_its_limit),
    };

    return cmocka_run_group_tests_name("plugin_data_text", tests, NULL, NULL);
}
