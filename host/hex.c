/* SPDX-License-Identifier: MIT */
#include "hex.h"

void hex_encode(struct view bytes, char *ret_digits)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < bytes.size; i++) {
        ret_digits[2 * i] = digits[bytes.data[i] >> 4];
        ret_digits[2 * i + 1] = digits[bytes.data[i] & 0x0F];
    }
}

static int digit_value(uint8_t digit)
{
    if (digit >= '0' && digit <= '9') {
        return digit - '0';
    }
    uint8_t lower = digit | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

enum status hex_decode(struct view digits, struct bytes *ret_bytes)
{
    BYTES_AUTO decoded = {0};

    if (digits.size == 0 || digits.size % 2 != 0) {
        return STATUS_ABSENT;
    }
    enum status status = bytes_alloc(digits.size / 2, &decoded);
    if (status != STATUS_OK) {
        return status;
    }
    for (size_t i = 0; i < decoded.size; i++) {
        int high = digit_value(digits.data[2 * i]);
        int low = digit_value(digits.data[2 * i + 1]);
        if (high < 0 || low < 0) {
            return STATUS_ABSENT;
        }
        decoded.data[i] = (uint8_t)(high << 4 | low);
    }
    *ret_bytes = decoded;
    decoded = (struct bytes){NULL, 0};
    return STATUS_OK;
}
