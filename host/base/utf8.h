/* SPDX-License-Identifier: MIT */
/* UTF-8 as the WHATWG Encoding Standard decodes it. */
#ifndef POWERUP_SECRETS_BASE_UTF8_H
#define POWERUP_SECRETS_BASE_UTF8_H

#include "base/bytes.h"

bool utf8_is_valid(struct view text);

/* The length of the character at the start of a text (size > 0), or minus the length of the part
 * that is not UTF-8 and that one U+FFFD stands for. */
int utf8_character_length(struct view text);

/* How many bytes of a text (size > 0) its first character takes. What is not UTF-8 is U+FFFD, as
 * for utf8_decode. */
size_t utf8_next(struct view text, uint32_t *ret_character);

/* How many UTF-16 units a valid text has: the length of the same string in JavaScript. */
size_t utf8_utf16_length(struct view text);

/* What TextDecoder makes of the bytes: every maximal part that is not UTF-8 becomes U+FFFD, and one
 * byte order mark at the very start is dropped. The caller owns *ret_text. */
MUST_CHECK enum status utf8_decode(struct view bytes, struct bytes *ret_text);

#endif
