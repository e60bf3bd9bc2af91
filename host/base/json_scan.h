/* SPDX-License-Identifier: MIT */
/* Where the values of a JSON text (RFC 8259) begin and end. Nothing is built from them, so that a
 * text can be edited in one place and stay as it is, byte for byte, in all others. */
#ifndef POWERUP_SECRETS_BASE_JSON_SCAN_H
#define POWERUP_SECRETS_BASE_JSON_SCAN_H

#include "base/bytes.h"

/* How deep arrays and objects may be nested; no text of 8192 characters can be deeper. */
enum { JSON_SCAN_DEPTH_MAX = 8192 };

/* Whether the text is one JSON value in UTF-8, with nothing but whitespace around it. */
bool json_scan_is_valid(struct view text);

/* The first position from `at` on that holds no blank. */
size_t json_scan_blanks(struct view text, size_t at);

/* The position after the value that starts at `at`, or `at` when none does. */
size_t json_scan_value(struct view text, size_t at);

/* The same for a number, which must start with a minus sign or a digit. */
size_t json_scan_number(struct view text, size_t at);

#endif
