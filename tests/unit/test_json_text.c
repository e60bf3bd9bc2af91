/* SPDX-License-Identifier: MIT */
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

static enum status parse(struct view text, struct json_object **ret_value, struct failure *failure)
{
    *failure = (struct failure){0};
    enum status status = json_text_parse(text, ret_value, failure);
    if (status != STATUS_OK) {
        assert_int_equal(status, STATUS_BAD_JSON);
        assert_plain_failure(failure, STATUS_BAD_JSON);
        assert_null(*ret_value);
    }
    return status;
}

static bool accepted(struct view text)
{
    JSON_AUTO(value) = NULL;
    struct failure failure;

    return parse(text, &value, &failure) == STATUS_OK;
}

static bool is_json_file(const char *name)
{
    size_t length = strlen(name);

    return length > 5 && strcmp(name + length - 5, ".json") == 0;
}

static void every_file_of_the_json_test_suite_has_the_expected_result(void **state)
{
    (void)state;
    size_t counts[3] = {0};
    struct dirent *entry = NULL;

    char path[TEST_PATH_SIZE];
    (void)snprintf(path, sizeof path, "%s", vectors_path("jsontestsuite/test_parsing"));
    DIR *folder = opendir(path);
    assert_non_null(folder);
    while ((entry = readdir(folder)) != NULL) {
        if (!is_json_file(entry->d_name)) {
            continue;
        }
        BYTES_AUTO text = file_read(path_in(path, entry->d_name));
        bool parsed = accepted(view_of_bytes(&text));
        char kind = entry->d_name[0];
        assert_non_null(strchr("yni", kind));
        counts[kind == 'y' ? 0 : kind == 'n' ? 1 : 2]++;
        if (kind != 'i' && parsed != (kind == 'y')) {
            fail_msg("%s is %s", entry->d_name, parsed ? "accepted" : "refused");
        }
    }
    closedir(folder);
    assert_true(counts[0] >= 95);
    assert_true(counts[1] >= 187);
    assert_true(counts[2] >= 30);
}

static void an_empty_text_and_only_blanks_are_refused(void **state)
{
    (void)state;
    const struct view texts[] = {{NULL, 0}, VIEW(""), VIEW(" "), VIEW("\n\t\r ")};

    for (size_t i = 0; i < COUNT(texts); i++) {
        assert_false(accepted(texts[i]));
    }
}

static bool has_nul_in_name(const char *text)
{
    struct json_facts facts;

    assert_true(json_scan(view_of_text(text), &facts));
    return facts.nul_in_name;
}

static void a_nul_is_refused_at_every_position(void **state)
{
    (void)state;
    static const char text[] = " { \"a\" : [ 1 , true , \"b\" ] } ";

    assert_true(accepted(VIEW(text)));
    for (size_t i = 0; i <= sizeof text - 1; i++) {
        char with_nul[sizeof text];
        memcpy(with_nul, text, i);
        with_nul[i] = '\0';
        memcpy(with_nul + i + 1, text + i, sizeof text - 1 - i);
        assert_false(accepted((struct view){(uint8_t *)with_nul, sizeof with_nul}));
    }
    assert_false(accepted(VIEW("{}\0{}")));
    assert_false(accepted(VIEW("1\0")));
}

static void every_raw_control_character_in_a_string_is_refused(void **state)
{
    (void)state;
    for (unsigned byte = 0; byte < 0x80; byte++) {
        const uint8_t value[] = {'"', 'a', (uint8_t)byte, 'b', '"'};
        const uint8_t name[] = {'{', '"', (uint8_t)byte, '"', ':', '1', '}'};
        bool fits = byte >= 0x20 && byte != '"' && byte != '\\';
        assert_int_equal(accepted((struct view){value, sizeof value}), byte == '\\' || fits);
        assert_int_equal(accepted((struct view){name, sizeof name}), fits);
    }
}

static void only_the_escapes_of_json_are_accepted(void **state)
{
    (void)state;
    for (unsigned byte = 0; byte < 0x100; byte++) {
        const uint8_t text[] = {'"', '\\', (uint8_t)byte, '"'};
        bool escape = byte != 0 && byte < 0x80 && strchr("\"\\/bfnrt", (int)byte) != NULL;
        /* An escaped quotation mark does not end the string. */
        struct view view = byte == '"' ? VIEW("\"\\\"\"") : (struct view){text, sizeof text};
        assert_int_equal(accepted(view), escape);
    }
    assert_false(accepted(VIEW("\"\\\"")));
    assert_false(accepted(VIEW("\"\\u00e\"")));
    assert_false(accepted(VIEW("\"\\u00g0\"")));
    assert_true(accepted(VIEW("\"\\u00Ee\"")));
}

static void text_that_is_not_utf8_is_refused(void **state)
{
    (void)state;
    const struct view texts[] = {
        VIEW("\"\xFF\""),           VIEW("\"\xC0\x80\""),
        VIEW("\"\xED\xA0\x80\""),   VIEW("\"\xF4\x90\x80\x80\""),
        VIEW("\"\xE2\x82\""),       VIEW("\"a\x80\""),
        VIEW("{\"\xC3\":1}"),       VIEW("\xEF\xBB\xBF{}"),
        VIEW("\xFF\xFE{\0}\0"),     VIEW("1\xC2\xA0"),
        VIEW("[1,\xE2\x80\xA8 2]"),
    };

    for (size_t i = 0; i < COUNT(texts); i++) {
        assert_false(accepted(texts[i]));
    }
}

static void input_that_only_json_c_accepts_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "'a'",        "{'a':1}",   "{a:1}",      "NaN",       "-NaN",
        "Infinity",   "-Infinity", "[Infinity]", "nan",       "TRUE",
        "True",       "Null",      "nULL",       "tru",       "truefalse",
        "true1",      "01",        "-01",        "-",         "+1",
        ".5",         "-.5",       "5.",         "1.e1",      "1e",
        "1e+",        "1E-",       "0x1",        "1_0",       "[1,]",
        "{\"a\":1,}", "[,1]",      "[1 2]",      "{\"a\" 1}", "{\"a\":}",
        "{:1}",       "{1:1}",     "{null:1}",   "[1",        "{\"a\":1",
        "]",          "}",         "[1]]",       "[1}",       "{\"a\":1]",
        "1 2",        "1,",        "{} {}",      "[]x",       "// c\n1",
        "/* c */1",   "1 // c",    "\"a",        "a\"",       "\"a\" \"b\"",
        "[1]//",      "#1",        "\v1",        "\f1",       "1\v",
        ";",          "{};",       "--1",        "1-",        "1.2.3",
        "1e1e1",      "1e1.5",     "[\"a\":1]",  "{\"a\"}",   "{\"a\",\"b\"}",
        "\\u0031",
    };

    for (size_t i = 0; i < COUNT(texts); i++) {
        if (accepted(view_of_text(texts[i]))) {
            fail_msg("%s is accepted", texts[i]);
        }
    }
}

static void every_kind_of_value_is_accepted_alone_and_between_blanks(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "null",
        "true",
        "false",
        "0",
        "-0",
        "1",
        "-1",
        "10",
        "0.5",
        "-0.5",
        "1e1",
        "1E+1",
        "1e-1",
        "0e0",
        "123456789012345678901234567890",
        "\"\"",
        "\"a\"",
        "[]",
        "{}",
        "[[]]",
        "[1,2]",
        "{\"a\":{}}",
        "{\"\":1}",
        "{\"a\":1,\"a\":2}",
        "\"\\ud83d\\ude00\"",
        "\"\x7F\"",
    };

    for (size_t i = 0; i < COUNT(texts); i++) {
        char padded[128];
        if (!accepted(view_of_text(texts[i]))) {
            fail_msg("%s is refused", texts[i]);
        }
        (void)snprintf(padded, sizeof padded, " \t\r\n%s \t\r\n", texts[i]);
        if (!accepted(view_of_text(padded))) {
            fail_msg("%s between blanks is refused", texts[i]);
        }
    }
}

static void a_text_truncated_anywhere_is_refused(void **state)
{
    (void)state;
    static const char text[] = "{\"id\":1,\"op\":\"a\\u00e9\xC3\xA9\",\"n\":[1.5e3,true,null,{}]}";

    assert_true(accepted(VIEW(text)));
    for (size_t size = 0; size < sizeof text - 1; size++) {
        BYTES_AUTO cut = bytes_of((struct view){(const uint8_t *)text, size});
        assert_false(accepted(view_of_bytes(&cut)));
    }
}

/* Arrays, objects, or both alternately, around a text. */
enum nesting { ARRAYS, OBJECTS, IN_TURNS, NESTINGS };

static bool is_array(enum nesting nesting, size_t level)
{
    return nesting == ARRAYS || (nesting == IN_TURNS && level % 2 == 0);
}

static size_t nest(enum nesting nesting, size_t depth, const char *innermost, char *ret_text)
{
    size_t used = 0;

    for (size_t i = 0; i < depth; i++) {
        bool empty = i + 1 == depth && innermost[0] == '\0';
        const char *opening = is_array(nesting, i) ? "[" : empty ? "{" : "{\"a\":";
        used += (size_t)sprintf(ret_text + used, "%s", opening);
    }
    used += (size_t)sprintf(ret_text + used, "%s", innermost);
    for (size_t i = depth; i-- > 0;) {
        ret_text[used++] = is_array(nesting, i) ? ']' : '}';
    }
    return used;
}

static void assert_depth(enum nesting nesting, size_t depth, const char *innermost)
{
    char text[8192];
    JSON_AUTO(value) = NULL;
    struct failure failure;
    size_t size = nest(nesting, depth, innermost, text);

    enum status status = parse((struct view){(uint8_t *)text, size}, &value, &failure);
    assert_int_equal(status, depth <= JSON_DEPTH_MAX ? STATUS_OK : STATUS_BAD_JSON);
    if (status != STATUS_OK) {
        assert_non_null(strstr(failure.message, "deeper than 32"));
    }
}

static void nesting_is_accepted_up_to_the_limit_and_reported_beyond(void **state)
{
    (void)state;
    static const char *const innermost[] = {"", "1", "null", "\"[[[{{{\\\"[\""};

    for (int nesting = 0; nesting < NESTINGS; nesting++) {
        for (size_t i = 0; i < COUNT(innermost); i++) {
            for (size_t depth = 1; depth <= 1000; depth += depth < 2 * JSON_DEPTH_MAX ? 1 : 468) {
                assert_depth((enum nesting)nesting, depth, innermost[i]);
            }
        }
    }
}

static void the_failure_does_not_quote_the_text(void **state)
{
    (void)state;
    static const char *const texts[] = {"\"s3cret", "{\"data\":s3cret}", "[\"s3cret\"", "s3cret",
                                        "{\"s3cret\":\"s3cret\"]"};

    for (size_t i = 0; i < COUNT(texts); i++) {
        JSON_AUTO(value) = NULL;
        struct failure failure;
        assert_int_equal(parse(view_of_text(texts[i]), &value, &failure), STATUS_BAD_JSON);
        assert_null(strstr(failure.message, "s3cret"));
    }
}

static void null_is_a_value_without_an_object(void **state)
{
    (void)state;
    struct json_object *value = NULL;
    struct failure failure;

    assert_int_equal(parse(VIEW("null"), &value, &failure), STATUS_OK);
    assert_null(value);
}

static void the_last_of_repeated_names_counts(void **state)
{
    (void)state;
    JSON_AUTO(value) = NULL;
    struct failure failure;

    assert_int_equal(parse(VIEW("{\"a\":1,\"b\":2,\"a\":3}"), &value, &failure), STATUS_OK);
    assert_int_equal(json_object_object_length(value), 2);
    assert_int_equal(json_object_get_int(json_object_object_get(value, "a")), 3);
}

static void strings_keep_nul_and_lone_surrogates_are_replaced(void **state)
{
    (void)state;
    const struct {
        struct view text;
        struct view string;
    } cases[] = {
        {VIEW("\"a\\u0000b\""), VIEW("a\0b")},
        {VIEW("\"\\u0000\""), VIEW("\0")},
        {VIEW("\"\""), VIEW("")},
        {VIEW("\"\\ud83d\\udd11\""), VIEW("\xF0\x9F\x94\x91")},
        {VIEW("\"\\uD83D\""), VIEW("\xEF\xBF\xBD")},
        {VIEW("\"\\uDD11\""), VIEW("\xEF\xBF\xBD")},
        {VIEW("\"\\uD83Dx\""), VIEW("\xEF\xBF\xBDx")},
        {VIEW("\"\\uFEFF\""), VIEW("\xEF\xBB\xBF")},
        {VIEW("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""), VIEW("\"\\/\b\f\n\r\t")},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        JSON_AUTO(value) = NULL;
        struct failure failure;
        assert_int_equal(parse(cases[i].text, &value, &failure), STATUS_OK);
        assert_view_equal(json_string_view(value), cases[i].string);
    }
}

static void a_nul_is_found_in_a_name_and_ignored_in_a_value(void **state)
{
    (void)state;
    static const char *const found[] = {
        "{\"\\u0000\":1}",
        "{\"op\\u0000\":1}",
        "{\"a\":1,\"b\\u0000c\" : 2}",
        "{\"a\":{\"\\u0000\":1}}",
        "[{\"\\\\\\u0000\":1}]",
        "{\"\\\"\\u0000\":1}",
        "{\"a\":\"\\u0000\",\"\\u0000\"\n:1}",
    };
    static const char *const none[] = {
        "{}",
        "{\"a\":\"\\u0000\"}",
        "{\"a\":\"\\u0000\",\"b\":1}",
        "[\"\\u0000\",{\"a\":1}]",
        "{\"\\\\u0000\":1}",
        "{\"a\":\"\\u0000\\\":\"}",
        "\"\\u0000:\"",
        "{\"\\u0001\":1}",
        "{\"u0000\":1}",
        "{\"a\":[\"\\u0000\"],\"b\":{\"c\":2}}",
    };

    for (size_t i = 0; i < COUNT(found); i++) {
        assert_true(accepted(view_of_text(found[i])));
        assert_true(has_nul_in_name(found[i]));
    }
    for (size_t i = 0; i < COUNT(none); i++) {
        assert_true(accepted(view_of_text(none[i])));
        assert_false(has_nul_in_name(none[i]));
    }
}

static void the_end_of_a_string_is_found_at_each_place(void **state)
{
    (void)state;
    static const uint8_t neighbours[] = {' ', '!', '#', '[', ']', 0x7F};
    uint8_t text[42];

    for (size_t i = 0; i < COUNT(neighbours); i++) {
        for (size_t at = 1; at < sizeof text - 2; at++) {
            struct failure failure;
            JSON_AUTO(value) = NULL;
            memset(text, neighbours[i], sizeof text);
            text[0] = text[sizeof text - 1] = '"';
            struct view whole = {text, sizeof text};
            assert_int_equal(json_text_parse(whole, &value, &failure), STATUS_OK);
            json_put(&value);
            text[at] = 0x1F;
            assert_int_equal(json_text_parse(whole, &value, &failure), STATUS_BAD_JSON);
            text[at] = '"';
            assert_int_equal(json_text_parse(whole, &value, &failure), STATUS_BAD_JSON);
            memcpy(text + at, "\\\"", 2);
            assert_int_equal(json_text_parse(whole, &value, &failure), STATUS_OK);
            assert_int_equal(json_object_get_string_len(value), sizeof text - 3);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_file_of_the_json_test_suite_has_the_expected_result),
        cmocka_unit_test(an_empty_text_and_only_blanks_are_refused),
        cmocka_unit_test(a_nul_is_refused_at_every_position),
        cmocka_unit_test(every_raw_control_character_in_a_string_is_refused),
        cmocka_unit_test(only_the_escapes_of_json_are_accepted),
        cmocka_unit_test(text_that_is_not_utf8_is_refused),
        cmocka_unit_test(input_that_only_json_c_accepts_is_refused),
        cmocka_unit_test(every_kind_of_value_is_accepted_alone_and_between_blanks),
        cmocka_unit_test(a_text_truncated_anywhere_is_refused),
        cmocka_unit_test(nesting_is_accepted_up_to_the_limit_and_reported_beyond),
        cmocka_unit_test(the_failure_does_not_quote_the_text),
        cmocka_unit_test(null_is_a_value_without_an_object),
        cmocka_unit_test(the_last_of_repeated_names_counts),
        cmocka_unit_test(strings_keep_nul_and_lone_surrogates_are_replaced),
        cmocka_unit_test(a_nul_is_found_in_a_name_and_ignored_in_a_value),
        cmocka_unit_test(the_end_of_a_string_is_found_at_each_place),
    };

    return cmocka_run_group_tests_name("json_text", tests, NULL, NULL);
}
