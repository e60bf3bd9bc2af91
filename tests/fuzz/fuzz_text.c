// SPDX-License-Identifier: MIT
// UTF-8 and hex digits, from any bytes.
#include "base/hex.h"
#include "base/utf8.h"
#include "fuzz.h"

#include <ctype.h>
#include <string.h>

static bool has_byte_order_mark(struct view text)
{
    return text.size >= 3 && memcmp(text.data, "\xEF\xBB\xBF", 3) == 0;
}

/* Decodes one character, and then checks that this is its shortest encoding. False if it is
 * invalid; *units is its length in UTF-16. */
static bool take_character(struct view *rest, size_t *units)
{
    static const uint32_t smallest[] = {0, 0x80, 0x800, 0x10000};
    uint8_t lead = fuzz_take_byte(rest);
    size_t more = lead < 0x80 ? 0 : lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
    uint32_t character = more == 0 ? lead : lead & (0x3FU >> more);

    if ((lead >= 0x80 && lead < 0xC0) || lead >= 0xF8 || rest->size < more) {
        return false;
    }
    for (size_t i = 0; i < more; i++) {
        uint8_t byte = fuzz_take_byte(rest);
        if (byte < 0x80 || byte >= 0xC0) {
            return false;
        }
        character = character << 6 | (byte & 0x3FU);
    }
    *units += more == 3 ? 2 : 1;
    return character >= smallest[more] && character <= 0x10FFFF && character >> 11 != 0x1B;
}

static void check_characters(struct view text)
{
    struct view rest = text;
    size_t units = 0;
    bool valid = true;

    while (valid && rest.size > 0) {
        valid = take_character(&rest, &units);
    }
    FUZZ_CHECK(utf8_is_valid(text) == valid);
    FUZZ_CHECK(!valid || utf8_utf16_length(text) == units);
}

static void check_decoded(struct view input)
{
    BYTES_AUTO once = {0};
    BYTES_AUTO twice = {0};
    bool valid = utf8_is_valid(input);

    FUZZ_CHECK(utf8_decode(input, &once) == STATUS_OK);
    struct view text = view_of_bytes(&once);
    FUZZ_CHECK(utf8_is_valid(text));
    FUZZ_CHECK(has_byte_order_mark(input) || view_equal(text, input) == valid);
    if (!has_byte_order_mark(text)) {
        FUZZ_CHECK(utf8_decode(text, &twice) == STATUS_OK);
        FUZZ_CHECK(view_equal(view_of_bytes(&twice), text));
    }
}

static bool is_hex(struct view digits)
{
    for (size_t i = 0; i < digits.size; i++) {
        if (!isxdigit(digits.data[i])) {
            return false;
        }
    }
    return digits.size > 0 && digits.size % 2 == 0;
}

static void check_encoded_again(struct view bytes, struct view digits)
{
    BYTES_AUTO encoded = {0};

    FUZZ_CHECK(2 * bytes.size == digits.size);
    FUZZ_CHECK(bytes_alloc(digits.size, &encoded) == STATUS_OK);
    hex_encode(bytes, (char *)encoded.data);
    for (size_t i = 0; i < digits.size; i++) {
        FUZZ_CHECK(encoded.data[i] == tolower(digits.data[i]));
    }
}

static void check_hex(struct view input)
{
    BYTES_AUTO decoded = {0};

    enum status status = hex_decode(input, &decoded);
    FUZZ_CHECK(status == (is_hex(input) ? STATUS_OK : STATUS_ABSENT));
    if (status == STATUS_OK) {
        check_encoded_again(view_of_bytes(&decoded), input);
    } else {
        FUZZ_CHECK(decoded.data == NULL);
    }
}

void fuzz_one(struct view input)
{
    check_characters(input);
    check_decoded(input);
    check_hex(input);
}
