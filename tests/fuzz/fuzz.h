/* SPDX-License-Identifier: MIT */
/* Shared by the fuzz targets. A target is one function, fuzz_one; a failed check aborts the
 * process, which libFuzzer reports as a finding. */
#ifndef POWERUP_SECRETS_FUZZ_H
#define POWERUP_SECRETS_FUZZ_H

#include "base/buffer.h"
#include "base/json_text.h"

/* A view of a literal that may contain NUL. */
#define VIEW(literal) ((struct view){(const uint8_t *)(literal), sizeof(literal) - 1})

#define FUZZ_CHECK(condition) fuzz_check((condition), #condition, __FILE__, __LINE__)
void fuzz_check(bool holds, const char *condition, const char *file, int line);

/* Defined by each target. The crypto library is initialized. */
void fuzz_one(struct view input);

/* Removes and returns the first byte; 0 if there is none. */
uint8_t fuzz_take_byte(struct view *rest);

/* Removes the text up to the first separator, and the separator; returns the text. */
struct view fuzz_take_until(struct view *rest, char separator);

/* Appends a character, chosen by the lower half of a byte from those that JSON, UTF-8 and terminals
 * treat in different ways: to a text, and to what is between the quotes of its JSON text. */
void fuzz_add_character(uint8_t chosen, size_t count, struct buffer *text, struct buffer *json);

/* Appends one frame. */
void fuzz_add_frame(struct buffer *stream, struct view message);

/* Removes the first frame, which must be complete; false if there is none. */
bool fuzz_take_frame(struct view *rest, struct view *ret_message);

/* Parses a text that must be valid JSON for both json_scan.h and json_text.h; the caller owns the
 * value. */
struct json_object *fuzz_parse(struct view text);

/* Checks that a failed call reported its status and a sentence in UTF-8. */
void fuzz_check_failure(const struct failure *failure, enum status status);

/* A new file in memory with the content, positioned at its start. */
int fuzz_file(struct view content);

/* The whole content of such a file, owned by the caller. */
struct bytes fuzz_file_content(int fd);

void fuzz_write(int fd, struct view content);

#endif
