/* SPDX-License-Identifier: MIT */
/* What the command line prints, one function for each kind. Pages name much of it: members, keys,
 * values, messages. What is_hidden never gets out raw, so that no page moves a terminal's cursor,
 * forges a line or passes off one text as another. Tables are of cli/table.h. */
#ifndef POWERUP_SECRETS_CLI_PRINT_H
#define POWERUP_SECRETS_CLI_PRINT_H

#include "base/buffer.h"
#include "base/json_text.h"

/* A value as JSON in one line, with hidden characters as \u escapes, which programs read as the
 * same. STATUS_NO_MEMORY. */
MUST_CHECK enum status print_json(struct buffer *output, struct json_object *value);

/* One line of text, whatever is in it. */
void print_line(struct buffer *output, const struct buffer *line);

/* The same from a format. Texts that may hold NUL are cut there. */
void print_note(struct buffer *output, const char *format, ...) PRINTF_LIKE(2, 3);

/* A stored value by itself: every byte as it is or, for a terminal, with its own lines and tabs and
 * an end of line, other hidden characters as \u escapes. */
void print_value(struct buffer *output, struct view value, bool for_terminal);

#endif
