/* SPDX-License-Identifier: MIT */
/* Bytes that grow at their end. Lack of memory is kept in the buffer, so that many additions need
 * one check. */
#ifndef POWERUP_SECRETS_BASE_BUFFER_H
#define POWERUP_SECRETS_BASE_BUFFER_H

#include "base/bytes.h"

#include <stdarg.h>

struct buffer {
    uint8_t *data;
    size_t size;
    size_t capacity;
    bool failed; /* an addition found no memory; since then nothing was added */
};

/* An owned local: BUFFER_AUTO text = {0}; */
#define BUFFER_AUTO __attribute__((cleanup(buffer_wipe))) struct buffer
void buffer_wipe(struct buffer *buffer);

struct view view_of_buffer(const struct buffer *buffer);

void buffer_add(struct buffer *buffer, struct view view);
void buffer_add_text(struct buffer *buffer, const char *text);

/* Adds what another holds, and what it lacks: it fails when the other has. */
void buffer_join(struct buffer *buffer, const struct buffer *other);

void buffer_print(struct buffer *buffer, const char *format, ...) PRINTF_LIKE(2, 3);

/* The same with the values of a format. */
void buffer_print_values(struct buffer *buffer, const char *format, va_list values)
    PRINTF_LIKE(2, 0);

/* Text for one line of a terminal: what is_hidden is escaped as in JSON, such as \n, \u001b or, in
 * two halves, \udb40\udc01; what is not UTF-8 becomes U+FFFD. */
void buffer_add_plain(struct buffer *buffer, struct view text);

/* The same, in which ends of lines and tabs stay. */
void buffer_add_plain_lines(struct buffer *buffer, struct view text);

/* Forgets bytes at the start; `size` is at most the buffer's. */
void buffer_drop(struct buffer *buffer, size_t size);

/* STATUS_NO_MEMORY when something is missing. */
MUST_CHECK enum status buffer_status(const struct buffer *buffer);

#endif
