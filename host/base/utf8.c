/* SPDX-License-Identifier: MIT */
#include "base/utf8.h"

#include <string.h>

int utf8_character_length(struct view text)
{
    uint8_t lead = text.data[0];
    uint8_t lower = 0x80;
    uint8_t upper = 0xBF;
    int wanted = 0;

    if (lead < 0x80) {
        return 1;
    }
    if (lead >= 0xC2 && lead <= 0xDF) {
        wanted = 2;
    } else if (lead >= 0xE0 && lead <= 0xEF) {
        wanted = 3;
        lower = lead == 0xE0 ? 0xA0 : lower;
        upper = lead == 0xED ? 0x9F : upper;
    } else if (lead >= 0xF0 && lead <= 0xF4) {
        wanted = 4;
        lower = lead == 0xF0 ? 0x90 : lower;
        upper = lead == 0xF4 ? 0x8F : upper;
    } else {
        return -1;
    }
    for (int i = 1; i < wanted; i++) {
        if ((size_t)i >= text.size || text.data[i] < lower || text.data[i] > upper) {
            return -i;
        }
        lower = 0x80;
        upper = 0xBF;
    }
    return wanted;
}

/* Without the ASCII characters at its start. Most texts are nothing else, and this checks
 * eight bytes at a time. An empty text may have no address to which even 0 can be added. */
static struct view behind_ascii(struct view text)
{
    uint64_t eight = 0;
    size_t size = 0;

    while (text.size - size >= sizeof eight) {
        memcpy(&eight, text.data + size, sizeof eight);
        if ((eight & UINT64_C(0x8080808080808080)) != 0) {
            break;
        }
        size += sizeof eight;
    }
    while (size < text.size && text.data[size] < 0x80) {
        size++;
    }
    return size > 0 ? (struct view){text.data + size, text.size - size} : text;
}

bool utf8_is_valid(struct view text)
{
    for (text = behind_ascii(text); text.size > 0; text = behind_ascii(text)) {
        int length = utf8_character_length(text);
        if (length < 0) {
            return false;
        }
        text.data += length;
        text.size -= (size_t)length;
    }
    return true;
}

size_t utf8_next(struct view text, uint32_t *ret_character)
{
    int length = utf8_character_length(text);

    if (length < 0) {
        *ret_character = 0xFFFD;
        return (size_t)-length;
    }
    uint32_t character = length == 1 ? text.data[0] : text.data[0] & (0xFFU >> (length + 1));
    for (int i = 1; i < length; i++) {
        character = character << 6 | (text.data[i] & 0x3F);
    }
    *ret_character = character;
    return (size_t)length;
}

size_t utf8_utf16_length(struct view text)
{
    size_t units = 0;

    for (size_t i = 0; i < text.size; i++) {
        bool continues = (text.data[i] & 0xC0) == 0x80;
        units += continues ? 0 : text.data[i] >= 0xF0 ? 2 : 1;
    }
    return units;
}

enum status utf8_decode(struct view bytes, struct bytes *ret_text)
{
    static const uint8_t replacement[] = {0xEF, 0xBF, 0xBD};
    static const uint8_t byte_order_mark[] = {0xEF, 0xBB, 0xBF};
    BYTES_AUTO text = {0};

    if (bytes.size >= 3 && memcmp(bytes.data, byte_order_mark, 3) == 0) {
        bytes = (struct view){bytes.data + 3, bytes.size - 3};
    }
    if (utf8_is_valid(bytes)) {
        return bytes_copy(bytes, ret_text);
    }
    size_t size = 0;
    for (struct view rest = bytes; rest.size > 0;) {
        int length = utf8_character_length(rest);
        size_t taken = (size_t)(length < 0 ? -length : length);
        size += length < 0 ? sizeof replacement : taken;
        rest = (struct view){rest.data + taken, rest.size - taken};
    }
    TRY(bytes_alloc(size, &text));
    uint8_t *out = text.data;
    for (struct view rest = bytes; rest.size > 0;) {
        int length = utf8_character_length(rest);
        size_t taken = (size_t)(length < 0 ? -length : length);
        size_t written = length < 0 ? sizeof replacement : taken;
        memcpy(out, length < 0 ? replacement : rest.data, written);
        out += written;
        rest = (struct view){rest.data + taken, rest.size - taken};
    }
    MOVE(*ret_text, text);
    return STATUS_OK;
}
