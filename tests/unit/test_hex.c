/* SPDX-License-Identifier: MIT */
#include "base/hex.h"
#include "support.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void every_byte_is_two_lower_case_digits_and_is_read_back(void **state)
{
    (void)state;
    uint8_t bytes[256];
    char digits[2 * sizeof bytes + 1];
    BYTES_AUTO decoded = {0};

    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (uint8_t)i;
    }
    digits[sizeof digits - 1] = '!';
    hex_encode((struct view){bytes, sizeof bytes}, digits);
    assert_int_equal(digits[sizeof digits - 1], '!');
    for (size_t i = 0; i < sizeof digits - 1; i++) {
        assert_true(isxdigit((unsigned char)digits[i]) && !isupper((unsigned char)digits[i]));
    }
    assert_memory_equal(digits, "000102", 6);
    assert_memory_equal(digits + sizeof digits - 7, "fdfeff", 6);
    assert_int_equal(hex_decode((struct view){(uint8_t *)digits, sizeof digits - 1}, &decoded),
                     STATUS_OK);
    assert_view_equal(view_of_bytes(&decoded), (struct view){bytes, sizeof bytes});
}

static void every_pair_of_characters_is_accepted_or_refused_correctly(void **state)
{
    (void)state;
    static const char digits[] = "0123456789abcdefABCDEF";

    for (unsigned pair = 0; pair < 0x10000; pair++) {
        const uint8_t text[] = {(uint8_t)(pair >> 8), (uint8_t)pair};
        BYTES_AUTO decoded = {0};
        bool fits = memchr(digits, text[0], sizeof digits - 1) != NULL &&
                    memchr(digits, text[1], sizeof digits - 1) != NULL;
        assert_int_equal(hex_decode((struct view){text, 2}, &decoded),
                         fits ? STATUS_OK : STATUS_ABSENT);
        assert_int_equal(decoded.size, fits ? 1 : 0);
        if (fits) {
            char again[2];
            hex_encode(view_of_bytes(&decoded), again);
            assert_int_equal(again[0], tolower(text[0]));
            assert_int_equal(again[1], tolower(text[1]));
        } else {
            assert_null(decoded.data);
        }
    }
}

static void an_empty_or_odd_text_is_not_hex(void **state)
{
    (void)state;
    static const char digits[] = "0123456789";

    for (size_t size = 0; size < sizeof digits; size++) {
        BYTES_AUTO decoded = {0};
        assert_int_equal(hex_decode((struct view){(const uint8_t *)digits, size}, &decoded),
                         size > 0 && size % 2 == 0 ? STATUS_OK : STATUS_ABSENT);
        assert_int_equal(decoded.size, size % 2 == 0 ? size / 2 : 0);
    }
    struct bytes decoded = {0};
    assert_int_equal(hex_decode((struct view){NULL, 0}, &decoded), STATUS_ABSENT);
    assert_null(decoded.data);
}

static void one_wrong_character_anywhere_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < 64; i++) {
        uint8_t text[64];
        struct bytes decoded = {0};
        memset(text, 'a', sizeof text);
        text[i] = 'g';
        assert_int_equal(hex_decode((struct view){text, sizeof text}, &decoded), STATUS_ABSENT);
        assert_null(decoded.data);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_byte_is_two_lower_case_digits_and_is_read_back),
        cmocka_unit_test(every_pair_of_characters_is_accepted_or_refused_correctly),
        cmocka_unit_test(an_empty_or_odd_text_is_not_hex),
        cmocka_unit_test(one_wrong_character_anywhere_is_refused),
    };

    return cmocka_run_group_tests_name("hex", tests, NULL, NULL);
}
