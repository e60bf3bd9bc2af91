/* SPDX-License-Identifier: MIT */
#include "base/hex.h"

void hex_encode(struct view bytes, char *ret_digits)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < bytes.size; i++) {
        ret_digits[2 * i] = digits[bytes.data[i] >> 4];
        ret_digits[2 * i + 1] = digits[bytes.data[i] & 0x0F];
    }
}

/* What a digit stands for, plus one; 0 for all that is no digit. */
static const uint8_t values[UINT8_MAX + 1] = {
    ['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,  ['6'] = 7,  ['7'] = 8,
    ['8'] = 9,  ['9'] = 10, ['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
    ['A'] = 11, ['B'] = 12, ['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16,
};

enum status hex_decode(struct view digits, struct bytes *ret_bytes)
{
    BYTES_AUTO decoded = {0};

    if (digits.size == 0 || digits.size % 2 != 0) {
        return STATUS_ABSENT;
    }
    TRY(bytes_alloc(digits.size / 2, &decoded));
    for (size_t i = 0; i < decoded.size; i++) {
        unsigned high = values[digits.data[2 * i]];
        unsigned low = values[digits.data[2 * i + 1]];
        if (high == 0 || low == 0) {
            return STATUS_ABSENT;
        }
        decoded.data[i] = (uint8_t)((high - 1) << 4 | (low - 1));
    }
    MOVE(*ret_bytes, decoded);
    return STATUS_OK;
}
