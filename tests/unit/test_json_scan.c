/* SPDX-License-Identifier: MIT */
#include "base/json_scan.h"
#include "base/json_text.h"
#include "support.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A copy of the exact size, so that a sanitizer detects a read of the byte behind it. */
static bool valid(struct view text)
{
    BYTES_AUTO copy = bytes_of(text);

    return json_scan_is_valid(view_of_bytes(&copy));
}

static void every_file_of_the_json_test_suite_has_the_expected_result(void **state)
{
    (void)state;
    struct dirent *entry = NULL;
    size_t count = 0;

    char path[TEST_PATH_SIZE];
    (void)snprintf(path, sizeof path, "%s", vectors_path("jsontestsuite/test_parsing"));
    DIR *listing = opendir(path);
    assert_non_null(listing);
    while ((entry = readdir(listing)) != NULL) {
        if (strstr(entry->d_name, ".json") == NULL) {
            continue;
        }
        BYTES_AUTO text = file_read(path_in(path, entry->d_name));
        bool taken = json_scan_is_valid(view_of_bytes(&text));
        if (entry->d_name[0] != 'i' && taken != (entry->d_name[0] == 'y')) {
            fail_msg("%s is %s", entry->d_name, taken ? "accepted" : "refused");
        }
        count++;
    }
    closedir(listing);
    assert_true(count >= 300);
}

static void every_kind_of_value_is_valid_alone_and_between_blanks(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "null",
        "true",
        "false",
        "0",
        "-0",
        "10",
        "-1.5e+10",
        "1E-1",
        "0.0",
        "\"\"",
        "[]",
        "{}",
        "[ ]",
        "{\n}",
        "[1,2]",
        "[[],{}]",
        "{\"a\":1,\"a\":2}",
        "{\"\":{\"\":[{}]}}",
        "\"\\ud800\"",
        "\"\x7F\"",
        "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\uAbCd\"",
        "\"\xF0\x9F\x94\x91\xE2\x80\xA8\"",
        "{ \"a\" : [ 1 , { \"b\" : null } ] , \"c\" : \"d\" }",
        "1e400",
        "\"\\u0000\"",
    };

    for (size_t i = 0; i < COUNT(texts); i++) {
        char padded[128];
        if (!valid(view_of_text(texts[i]))) {
            fail_msg("%s is refused", texts[i]);
        }
        (void)snprintf(padded, sizeof padded, " \t\r\n%s \t\r\n", texts[i]);
        assert_true(valid(view_of_text(padded)));
    }
}

static void invalid_json_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        " ",
        "nul",
        "nulll",
        "True",
        "01",
        "-",
        "1.",
        ".5",
        "1e",
        "1e+",
        "+1",
        "0x1",
        "NaN",
        "Infinity",
        "'a'",
        "\"",
        "\"a",
        "\"\\\"",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\u12g4\"",
        "\"\n\"",
        "\"\t\"",
        "[",
        "]",
        "[1",
        "[1,",
        "[1,]",
        "[,1]",
        "[1 2]",
        "[1}",
        "{",
        "}",
        "{\"a\"",
        "{\"a\":",
        "{\"a\":1",
        "{\"a\":1,",
        "{\"a\":1,}",
        "{,}",
        "{a:1}",
        "{1:1}",
        "{\"a\" 1}",
        "{\"a\":1]",
        "{\"a\":1 \"b\":2}",
        "{\"a\":}",
        "[]]",
        "{}{}",
        "1 2",
        "//",
        "[1]//",
        "\xEF\xBB\xBF{}",
        ("\xC2\xA0"
         "1"),
        "\f1",
        "[\v1]",
        "\"\xFF\"",
        "\"\xED\xA0\x80\"",
        "\"\\u123\xC3\xA9\"",
        "-a",
        "[-]",
        "{\"a\":-}",
        "\"a\\",
        "\"\\u",
    };

    for (size_t i = 0; i < COUNT(texts); i++) {
        if (valid(view_of_text(texts[i]))) {
            fail_msg("%s is accepted", texts[i]);
        }
    }
    assert_false(valid((struct view){NULL, 0}));
    assert_false(valid(VIEW("1\0")));
    assert_false(valid(VIEW("[\0]")));
    assert_false(valid(VIEW("\"\0\"")));
}

/* Two independent parsers must agree. */
static void after_a_change_of_any_byte_scanner_and_parser_agree(void **state)
{
    (void)state;
    static const char text[] = "{\"a\\u00e9\": [1.5e3, -0,true] ,\"n\":{\"\":null,\"b\":[{}]}}";
    static const char bytes[] = "\"\\{}[]:,. \t\n-+eEu0129ntf/\0\x1F\x7F\xC3\xA9\xFF";
    struct failure failure;

    for (size_t at = 0; at < sizeof text - 1; at++) {
        for (size_t i = 0; i < sizeof bytes - 1; i++) {
            char changed[sizeof text];
            JSON_AUTO(value) = NULL;
            memcpy(changed, text, sizeof text);
            changed[at] = bytes[i];
            struct view view = {(const uint8_t *)changed, sizeof text - 1};
            bool parsed = json_text_parse(view, &value, &failure) == STATUS_OK;
            if (valid(view) != parsed) {
                fail_msg("%s is %s", changed, parsed ? "refused" : "accepted");
            }
        }
    }
}

static void a_text_truncated_anywhere_is_refused(void **state)
{
    (void)state;
    static const char text[] = "{\"id\":1,\"op\":\"a\\u00e9\xC3\xA9\",\"n\":[1.5e3,true,null,{}]}";

    assert_true(valid(VIEW(text)));
    for (size_t size = 0; size < sizeof text - 1; size++) {
        assert_false(valid((struct view){(const uint8_t *)text, size}));
    }
}

static void nesting_is_valid_up_to_the_limit(void **state)
{
    (void)state;
    static const size_t depths[] = {1,    2,    7,    8,    9,    31,   32,   33,
                                    4095, 4096, 4097, 8191, 8192, 8193, 70000};
    static const char *const open[] = {"[", "{\"a\":"};
    static const char *const close[] = {"]", "}"};

    for (size_t i = 0; i < 3 * COUNT(depths); i++) {
        size_t depth = depths[i / 3];
        BYTES_AUTO text = {0};
        assert_int_equal(bytes_alloc(6 * depth + 1, &text), STATUS_OK);
        size_t used = 0;
        /* Only arrays, only objects, and both alternately. */
        for (size_t level = 0; level < depth; level++) {
            const char *part = open[i % 3 == 2 ? level % 2 : i % 3];
            memcpy(text.data + used, part, strlen(part));
            used += strlen(part);
        }
        text.data[used++] = '1';
        for (size_t level = depth; level-- > 0;) {
            text.data[used++] = (uint8_t)*close[i % 3 == 2 ? level % 2 : i % 3];
        }
        assert_int_equal(valid((struct view){text.data, used}), depth <= JSON_SCAN_DEPTH_MAX);
        assert_false(valid((struct view){text.data, used - 1}));
    }
}

static void the_end_of_a_value_does_not_depend_on_what_follows(void **state)
{
    (void)state;
    static const char *const values[] = {
        "null", "true", "\"a\\\"b\"", "[]", "{}", "[1,[2]]", "{\"a\":\"}\"}", "-1.5e3",
    };
    static const char *const rests[] = {"", " ", ",1", "]", "}", " x", "\n:"};

    for (size_t i = 0; i < COUNT(values) * COUNT(rests); i++) {
        char text[64];
        const char *value = values[i / COUNT(rests)];
        (void)snprintf(text, sizeof text, "ab%s%s", value, rests[i % COUNT(rests)]);
        assert_int_equal(json_scan_value(view_of_text(text), 2), 2 + strlen(value));
    }
    /* Nothing starts here. */
    assert_int_equal(json_scan_value(VIEW("]"), 0), 0);
    assert_int_equal(json_scan_value(VIEW("12"), 2), 2);
    assert_int_equal(json_scan_value(VIEW("[1}"), 0), 0);
    assert_int_equal(json_scan_value((struct view){NULL, 0}, 0), 0);
}

static void only_the_four_blanks_of_json_are_skipped(void **state)
{
    (void)state;
    assert_int_equal(json_scan_blanks(VIEW(" \t\n\rx "), 0), 4);
    assert_int_equal(json_scan_blanks(VIEW("x "), 1), 2);
    assert_int_equal(json_scan_blanks(VIEW("x"), 0), 0);
    assert_int_equal(json_scan_blanks(VIEW("\0"), 0), 0);
    assert_int_equal(json_scan_blanks(VIEW("\v"), 0), 0);
    assert_int_equal(json_scan_blanks((struct view){NULL, 0}, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_file_of_the_json_test_suite_has_the_expected_result),
        cmocka_unit_test(every_kind_of_value_is_valid_alone_and_between_blanks),
        cmocka_unit_test(invalid_json_is_refused),
        cmocka_unit_test(after_a_change_of_any_byte_scanner_and_parser_agree),
        cmocka_unit_test(a_text_truncated_anywhere_is_refused),
        cmocka_unit_test(nesting_is_valid_up_to_the_limit),
        cmocka_unit_test(the_end_of_a_value_does_not_depend_on_what_follows),
        cmocka_unit_test(only_the_four_blanks_of_json_are_skipped),
    };

    return cmocka_run_group_tests_name("json_scan", tests, NULL, NULL);
}
