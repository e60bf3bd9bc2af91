/* SPDX-License-Identifier: MIT */
#include "base/utf8.h"
#include "support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define R "\xEF\xBF\xBD"

static void assert_decodes(struct view bytes, struct view expected)
{
    BYTES_AUTO exact = bytes_of(bytes);
    BYTES_AUTO text = {0};

    assert_int_equal(utf8_decode(view_of_bytes(&exact), &text), STATUS_OK);
    assert_view_equal(view_of_bytes(&text), expected);
    assert_true(utf8_is_valid(view_of_bytes(&text)));
}

static bool is_valid(const uint8_t *bytes, size_t size)
{
    BYTES_AUTO exact = bytes_of((struct view){bytes, size});

    return utf8_is_valid(view_of_bytes(&exact));
}

/* The shortest encoding, written down independently of the module. */
static size_t encode(uint32_t code, uint8_t bytes[4])
{
    size_t size = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    static const uint8_t leads[] = {0, 0, 0xC0, 0xE0, 0xF0};

    for (size_t i = size; i-- > 1;) {
        bytes[i] = (uint8_t)(0x80 | (code & 0x3F));
        code >>= 6;
    }
    bytes[0] = (uint8_t)(leads[size] | code);
    return size;
}

static void every_code_point_but_surrogates_is_valid_and_decodes_to_itself(void **state)
{
    (void)state;
    for (uint32_t code = 0; code <= 0x10FFFF; code++) {
        uint8_t bytes[4];
        struct view view = {bytes, encode(code, bytes)};
        bool surrogate = code >= 0xD800 && code <= 0xDFFF;
        assert_int_equal(utf8_is_valid(view), !surrogate);
        if (!surrogate && code % 61 == 0) {
            assert_decodes(view, view);
        }
    }
}

static void every_surrogate_is_three_replacements(void **state)
{
    (void)state;
    for (uint32_t code = 0xD800; code <= 0xDFFF; code++) {
        uint8_t bytes[4];
        struct view view = {bytes, encode(code, bytes)};
        assert_decodes(view, VIEW(R R R));
    }
}

static void every_single_byte_is_valid_exactly_when_it_is_ascii(void **state)
{
    (void)state;
    for (unsigned byte = 0; byte < 0x100; byte++) {
        const uint8_t bytes[] = {(uint8_t)byte};
        assert_int_equal(is_valid(bytes, 1), byte < 0x80);
        assert_decodes((struct view){bytes, 1}, byte < 0x80 ? (struct view){bytes, 1} : VIEW(R));
    }
}

static void every_pair_of_bytes_is_accepted_or_refused_correctly(void **state)
{
    (void)state;
    for (unsigned pair = 0; pair < 0x10000; pair++) {
        const uint8_t bytes[] = {(uint8_t)(pair >> 8), (uint8_t)pair};
        bool ascii = bytes[0] < 0x80 && bytes[1] < 0x80;
        bool character =
            bytes[0] >= 0xC2 && bytes[0] <= 0xDF && bytes[1] >= 0x80 && bytes[1] <= 0xBF;
        assert_int_equal(is_valid(bytes, 2), ascii || character);
    }
}

/* The bytes just inside and just outside the valid range of each position. */
static const uint8_t edges[] = {0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1,
                                0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1,
                                0xF3, 0xF4, 0xF5, 0xF7, 0xF8, 0xFB, 0xFC, 0xFD, 0xFE, 0xFF};

static bool continues(uint8_t byte)
{
    return byte >= 0x80 && byte <= 0xBF;
}

/* For one character that consists of all the bytes. */
static bool is_one_character(const uint8_t *bytes, size_t size)
{
    if (size == 3) {
        return bytes[0] >= 0xE0 && bytes[0] <= 0xEF && continues(bytes[1]) && continues(bytes[2]) &&
               !(bytes[0] == 0xE0 && bytes[1] < 0xA0) && !(bytes[0] == 0xED && bytes[1] > 0x9F);
    }
    return bytes[0] >= 0xF0 && bytes[0] <= 0xF4 && continues(bytes[1]) && continues(bytes[2]) &&
           continues(bytes[3]) && !(bytes[0] == 0xF0 && bytes[1] < 0x90) &&
           !(bytes[0] == 0xF4 && bytes[1] > 0x8F);
}

static void every_edge_of_three_and_four_bytes_is_accepted_or_refused_correctly(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(edges); i++) {
        for (size_t j = 0; edges[i] >= 0xE0 && j < COUNT(edges); j++) {
            for (size_t k = 0; k < COUNT(edges); k++) {
                uint8_t bytes[] = {edges[i], edges[j], edges[k], 0};
                assert_int_equal(utf8_is_valid((struct view){bytes, 3}),
                                 is_one_character(bytes, 3));
                for (size_t l = 0; edges[i] >= 0xF0 && l < COUNT(edges); l++) {
                    bytes[3] = edges[l];
                    assert_int_equal(utf8_is_valid((struct view){bytes, 4}),
                                     is_one_character(bytes, 4));
                }
            }
        }
    }
}

static void a_character_truncated_anywhere_is_one_replacement(void **state)
{
    (void)state;
    static const uint32_t codes[] = {0x80, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x10FFFF};

    for (size_t i = 0; i < COUNT(codes); i++) {
        uint8_t bytes[5];
        size_t whole = encode(codes[i], bytes);
        for (size_t size = 1; size < whole; size++) {
            assert_false(is_valid(bytes, size));
            assert_decodes((struct view){bytes, size}, VIEW(R));
            uint8_t after = bytes[size];
            bytes[size] = 'x';
            assert_decodes((struct view){bytes, size + 1}, VIEW(R "x"));
            bytes[size] = after;
        }
    }
}

static void invalid_parts_are_replaced_as_the_encoding_standard_says(void **state)
{
    (void)state;
    const struct {
        struct view bytes;
        struct view text;
    } cases[] = {
        {VIEW(""), VIEW("")},
        {VIEW("\xC0\x80"), VIEW(R R)},                         /* overlong NUL */
        {VIEW("\xC1\xBF"), VIEW(R R)},                         /* overlong DEL */
        {VIEW("\xE0\x80\x80"), VIEW(R R R)},                   /* overlong */
        {VIEW("\xE0\x9F\xBF"), VIEW(R R R)},                   /* overlong */
        {VIEW("\xF0\x80\x80\x80"), VIEW(R R R R)},             /* overlong */
        {VIEW("\xF0\x8F\xBF\xBF"), VIEW(R R R R)},             /* overlong */
        {VIEW("\xF4\x90\x80\x80"), VIEW(R R R R)},             /* beyond U+10FFFF */
        {VIEW("\xF5\x80\x80\x80"), VIEW(R R R R)},             /* beyond U+10FFFF */
        {VIEW("\xF8\x88\x80\x80\x80"), VIEW(R R R R R)},       /* five bytes */
        {VIEW("\xFC\x84\x80\x80\x80\x80"), VIEW(R R R R R R)}, /* six bytes */
        {VIEW("\xED\xA0\xBD\xED\xB4\x91"), VIEW(R R R R R R)}, /* a pair of surrogates */
        {VIEW("\x80\xBF"), VIEW(R R)},
        {VIEW("\xE2\x82\xE2\x82\xAC"), VIEW(R "\xE2\x82\xAC")},
        {VIEW("\xF0\x9F\x94\xF0\x9F\x94\x91"), VIEW(R "\xF0\x9F\x94\x91")},
        {VIEW("\xF1\x80\x80\xE1\x80\xC2\x62"), VIEW(R R R "b")},
        {VIEW("a\xF1\x80\x80\xE1\x80\xC2"
              "b\x80"
              "c\x80\xBF"
              "d"),
         VIEW("a" R R R "b" R "c" R R "d")}, /* Unicode Standard, table 3-8 */
        {VIEW("\xE1\x80\xE2\xF0\x91\x92\xF1\xBF"
              "A"),
         VIEW(R R R R "A")}, /* the same, 3-11 */
        {VIEW("\xE1\x80\x41"), VIEW(R "A")},
        {VIEW("\xFE\xFF"), VIEW(R R)},
        {VIEW("a\0\xFF\0b"), VIEW("a\0" R "\0b")},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_decodes(cases[i].bytes, cases[i].text);
        assert_int_equal(is_valid(cases[i].bytes.data, cases[i].bytes.size),
                         cases[i].bytes.size == 0);
    }
}

static void one_byte_order_mark_at_the_start_is_dropped(void **state)
{
    (void)state;
    assert_decodes(VIEW("\xEF\xBB\xBF"), VIEW(""));
    assert_decodes(VIEW("\xEF\xBB\xBF"
                        "a"),
                   VIEW("a"));
    assert_decodes(VIEW("\xEF\xBB\xBF\xEF\xBB\xBF"), VIEW("\xEF\xBB\xBF"));
    assert_decodes(VIEW("a\xEF\xBB\xBF"), VIEW("a\xEF\xBB\xBF"));
    assert_decodes(VIEW("\xEF\xBB"), VIEW(R));
    assert_decodes(VIEW("\xEF"), VIEW(R));
    assert_decodes(VIEW("\xEF\xBB\xBE"), VIEW("\xEF\xBB\xBE"));
    assert_true(utf8_is_valid(VIEW("\xEF\xBB\xBF")));
}

static void a_length_counts_units_as_javascript_does(void **state)
{
    (void)state;
    assert_int_equal(utf8_utf16_length((struct view){NULL, 0}), 0);
    assert_int_equal(utf8_utf16_length(VIEW("a\0b")), 3);
    assert_int_equal(utf8_utf16_length(VIEW("\xC2\x80\xDF\xBF")), 2);
    assert_int_equal(utf8_utf16_length(VIEW("\xE0\xA0\x80\xEF\xBF\xBF")), 2);
    assert_int_equal(utf8_utf16_length(VIEW("\xF0\x90\x80\x80\xF4\x8F\xBF\xBF")), 4);
    assert_int_equal(utf8_utf16_length(VIEW("a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x94\x91")), 5);
}

static void an_invalid_byte_is_found_at_each_place_among_ascii(void **state)
{
    (void)state;
    uint8_t bytes[40];

    for (size_t size = 0; size <= sizeof bytes; size++) {
        memset(bytes, 'a', sizeof bytes);
        assert_true(is_valid(bytes, size));
        for (size_t at = 0; at < size; at++) {
            bytes[at] = 0x80;
            assert_false(is_valid(bytes, size));
            bytes[at] = 0x7F;
            assert_true(is_valid(bytes, size));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_point_but_surrogates_is_valid_and_decodes_to_itself),
        cmocka_unit_test(every_surrogate_is_three_replacements),
        cmocka_unit_test(every_single_byte_is_valid_exactly_when_it_is_ascii),
        cmocka_unit_test(every_pair_of_bytes_is_accepted_or_refused_correctly),
        cmocka_unit_test(every_edge_of_three_and_four_bytes_is_accepted_or_refused_correctly),
        cmocka_unit_test(a_character_truncated_anywhere_is_one_replacement),
        cmocka_unit_test(invalid_parts_are_replaced_as_the_encoding_standard_says),
        cmocka_unit_test(one_byte_order_mark_at_the_start_is_dropped),
        cmocka_unit_test(an_invalid_byte_is_found_at_each_place_among_ascii),
        cmocka_unit_test(a_length_counts_units_as_javascript_does),
    };

    return cmocka_run_group_tests_name("utf8", tests, NULL, NULL);
}
