/* SPDX-License-Identifier: MIT */
#include "base/json_string.h"
#include "support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void assert_units(struct view content, const uint16_t *units, size_t count)
{
    BYTES_AUTO copy = bytes_of(content);
    struct json_string_reader reader = {.content = view_of_bytes(&copy)};
    uint16_t unit = 0;

    for (size_t i = 0; i < count; i++) {
        assert_true(json_string_next(&reader, &unit));
        assert_int_equal(unit, units[i]);
    }
    unit = 0xABCD;
    assert_false(json_string_next(&reader, &unit));
    assert_false(json_string_next(&reader, &unit));
    assert_int_equal(unit, 0xABCD);
}

#define UNITS(...)                                                                                 \
    (const uint16_t[]){__VA_ARGS__}, sizeof((const uint16_t[]){__VA_ARGS__}) / sizeof(uint16_t)

static void a_content_is_read_in_utf16_units(void **state)
{
    (void)state;
    assert_units(VIEW(""), NULL, 0);
    assert_units((struct view){NULL, 0}, NULL, 0);
    assert_units(VIEW("a/ \x7F"), UNITS('a', '/', ' ', 0x7F));
    assert_units(VIEW("\xC2\x80\xC3\xA9\xDF\xBF"), UNITS(0x80, 0xE9, 0x7FF));
    assert_units(VIEW("\xE0\xA0\x80\xE2\x82\xAC\xEF\xBF\xBF"), UNITS(0x800, 0x20AC, 0xFFFF));
    assert_units(VIEW("\xF0\x90\x80\x80\xF0\x9F\x94\x91\xF4\x8F\xBF\xBF"),
                 UNITS(0xD800, 0xDC00, 0xD83D, 0xDD11, 0xDBFF, 0xDFFF));
}

static void escapes_stand_for_their_units(void **state)
{
    (void)state;
    assert_units(VIEW("\\\"\\\\\\/\\b\\f\\n\\r\\t"),
                 UNITS('"', '\\', '/', '\b', '\f', '\n', '\r', '\t'));
    assert_units(VIEW("\\u0000\\u0061\\u00E9\\u00e9\\uFFFF"), UNITS(0, 'a', 0xE9, 0xE9, 0xFFFF));
    /* Whole pairs, lone halves, and halves in the wrong order. */
    assert_units(VIEW("\\ud83d\\udd11"), UNITS(0xD83D, 0xDD11));
    assert_units(VIEW("\\ud83d"), UNITS(0xD83D));
    assert_units(VIEW("\\udd11\\ud83dx"), UNITS(0xDD11, 0xD83D, 'x'));
    assert_units(VIEW("\\\\u0061"), UNITS('\\', 'u', '0', '0', '6', '1'));
}

static void a_content_is_recognized_however_it_is_escaped(void **state)
{
    (void)state;
    static const char *const same[] = {
        "aescbc",
        "aes\\u0063bc",
        "\\u0061\\u0065\\u0073\\u0063\\u0062\\u0063",
        "aescb\\u0063",
    };
    static const char *const others[] = {
        "",        "aescb",        "aescbcx",        "Aescbc",    "aes cbc",  "aescbc\\u0000",
        "\\u0000", "aes\\u0043bc", "aes\\\\u0063bc", "aescbc\\n", "\xC3\xA9", "aescb\xC3\xA9",
        "\\ud83d", "bescbc",       "aescb\\u0163",
    };

    for (size_t i = 0; i < COUNT(same); i++) {
        assert_true(json_string_is(view_of_text(same[i]), "aescbc"));
    }
    for (size_t i = 0; i < COUNT(others); i++) {
        if (json_string_is(view_of_text(others[i]), "aescbc")) {
            fail_msg("%s passes for aescbc", others[i]);
        }
    }
    assert_true(json_string_is(VIEW(""), ""));
    assert_false(json_string_is(VIEW("\\u0000"), ""));
    assert_true(json_string_is(VIEW("\\/\\t"), "/\t"));
}

static void units_are_written_as_javascript_writes_them(void **state)
{
    (void)state;
    static const struct {
        uint16_t unit;
        const char *text;
    } cases[] = {
        {0, "\\u0000"},
        {1, "\\u0001"},
        {'\b', "\\b"},
        {'\t', "\\t"},
        {'\n', "\\n"},
        {0x0B, "\\u000b"},
        {'\f', "\\f"},
        {'\r', "\\r"},
        {0x1F, "\\u001f"},
        {' ', " "},
        {'"', "\\\""},
        {'/', "/"},
        {'a', "a"},
        {'b', "b"},
        {'\\', "\\\\"},
        {0x7F, "\x7F"},
        {0x80, "\xC2\x80"},
        {0x7FF, "\xDF\xBF"},
        {0x800, "\xE0\xA0\x80"},
        {0x2028, "\xE2\x80\xA8"},
        {0xD7FF, "\xED\x9F\xBF"},
        {0xD800, "\\ud800"},
        {0xDBFF, "\\udbff"},
        {0xDC00, "\\udc00"},
        {0xDFFF, "\\udfff"},
        {0xE000, "\xEE\x80\x80"},
        {0xFFFF, "\xEF\xBF\xBF"},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[JSON_STRING_UNIT_SIZE_MAX];
        size_t size = json_string_put_unit(cases[i].unit, text);
        assert_view_equal((struct view){(uint8_t *)text, size}, view_of_text(cases[i].text));
    }
}

static void every_unit_survives_a_round_trip(void **state)
{
    (void)state;
    for (unsigned unit = 0; unit <= 0xFFFF; unit++) {
        char text[JSON_STRING_UNIT_SIZE_MAX];
        uint16_t read = 0;
        size_t size = json_string_put_unit((uint16_t)unit, text);
        struct json_string_reader reader = {.content = {(uint8_t *)text, size}};
        assert_true(json_string_next(&reader, &read));
        assert_int_equal(read, unit);
        assert_false(json_string_next(&reader, &read));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_content_is_read_in_utf16_units),
        cmocka_unit_test(escapes_stand_for_their_units),
        cmocka_unit_test(a_content_is_recognized_however_it_is_escaped),
        cmocka_unit_test(units_are_written_as_javascript_writes_them),
        cmocka_unit_test(every_unit_survives_a_round_trip),
    };

    return cmocka_run_group_tests_name("json_string", tests, NULL, NULL);
}
