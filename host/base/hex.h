/* SPDX-License-Identifier: MIT */
#ifndef POWERUP_SECRETS_BASE_HEX_H
#define POWERUP_SECRETS_BASE_HEX_H

#include "base/bytes.h"

/* Writes 2 * bytes.size lower-case digits and no NUL. */
void hex_encode(struct view bytes, char *ret_digits);

/* Reads digits of either case. On STATUS_OK the caller owns *ret_bytes. STATUS_ABSENT: the text is
 * empty, odd in length, or holds anything but hex digits. */
MUST_CHECK enum status hex_decode(struct view digits, struct bytes *ret_bytes);

#endif
