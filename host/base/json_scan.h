/* SPDX-License-Identifier: MIT */
/* Where the values of a JSON text (RFC 8259) begin and end. Nothing is built from them, so that a
 * text can be edited in one place and stay as it is, byte for byte, in all others. */
#ifndef POWERUP_SECRETS_BASE_JSON_SCAN_H
#define POWERUP_SECRETS_BASE_JSON_SCAN_H

#include "base/bytes.h"

/* How deep arrays and objects may be nested; no text of 8192 characters can be deeper. */
enum { JSON_SCAN_DEPTH_MAX = 8192 };

/* What a JSON text consists of. */
struct json_facts {
    size_t objects;
    size_t arrays;
    size_t scalars; /* strings, numbers, true, false and null; names of members are none */
    size_t names;
    size_t depth;     /* of the innermost array or object; 0: there is none */
    bool nul_in_name; /* U+0000, which C's strings cannot have */
    /* The values of the outermost object's last members "id" and "op"; NULL: it has none. */
    struct view id;
    struct view op;
    size_t end; /* where the text stops being valid JSON in UTF-8; its size: nowhere */
};

/* Walks once through a text that should be one value with nothing but whitespace around it. False
 * when it is not valid; the facts are then those of what is before facts.end, without id and op. */
bool json_scan(struct view text, struct json_facts *ret_facts);

/* Whether the text is one JSON value in UTF-8, with nothing but whitespace around it. */
bool json_scan_is_valid(struct view text);

/* The first position from `at` on that holds no blank. */
size_t json_scan_blanks(struct view text, size_t at);

/* The position after the value that starts at `at`, or `at` when none does. */
size_t json_scan_value(struct view text, size_t at);

/* Inside a string: the first position from `at` on that may hold its end, an escape, a control
 * character or what is not ASCII. Eight bytes are checked at a time, so the byte itself may be a
 * few positions further. */
size_t json_scan_skip_plain(struct view text, size_t at);

#endif
