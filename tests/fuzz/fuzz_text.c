// SPDX-License-Identifier: MIT
// UTF-8 and hex digits of any bytes.
#include "fuzz.h"
#include "hex.h"
#include "utf8.h"

#include <ctype.h>
#include <string.h>

static bool has_byte_order_mark(struct view text)
{
    return text.size >= 3 && memcmp(text.data, "\xEF\xBB\xBF", 3) == 0;
}

static void check_utf8(struct view input)
{
    BYTES_AUTO once = {0};
    BYTES_AUTO twice = {0};
    bool valid = utf8_is_valid(input);

    FUZZ_CHECK(utf8_decode(input, &once) == STATUS_OK);
    struct view text = view_of_bytes(&once);
    FUZZ_CHECK(utf8_is_valid(text));
    FUZZ_CHECK(utf8_utf16_length(text) <= text.size);
    FUZZ_CHECK(has_byte_order_mark(input) || view_equal(text, input) == valid);
    if (!has_byte_order_mark(text)) {
        FUZZ_CHECK(utf8_decode(text, &twice) == STATUS_OK);
        FUZZ_CHECK(view_equal(view_of_bytes(&twice), text));
    }
}

/* No character reaches over the place where two texts meet. */
static void check_utf8_joins(struct view input)
{
    struct view tail = input;
    size_t head_size = fuzz_take_byte(&tail);

    head_size = head_size < tail.size ? head_size : tail.size;
    struct view head = {tail.data, head_size};
    struct view whole = tail;
    tail = (struct view){tail.data + head_size, tail.size - head_size};
    if (!utf8_is_valid(head)) {
        return;
    }
    FUZZ_CHECK(utf8_is_valid(whole) == utf8_is_valid(tail));
    FUZZ_CHECK(utf8_utf16_length(whole) == utf8_utf16_length(head) + utf8_utf16_length(tail));
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
    check_utf8(input);
    check_utf8_joins(input);
    check_hex(input);
}
