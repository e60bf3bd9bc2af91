/* SPDX-License-Identifier: MIT */
/* What the fuzz targets share. A target is one function, fuzz_one; a check that fails ends the
 * process, which libFuzzer takes for a finding. */
#ifndef POWERUP_SECRETS_FUZZ_H
#define POWERUP_SECRETS_FUZZ_H

#include "base/buffer.h"
#include "base/json_text.h"

/* A view of a literal that may hold NUL. */
#define VIEW(literal) ((struct view){(const uint8_t *)(literal), sizeof(literal) - 1})

#define FUZZ_CHECK(condition) fuzz_check((condition), #condition, __FILE__, __LINE__)
void fuzz_check(bool holds, const char *condition, const char *file, int line);

/* The target's own. The crypto library was started. */
void fuzz_one(struct view input);

/* Takes the first byte away, and gives 0 where there is none. */
uint8_t fuzz_take_byte(struct view *rest);

/* Takes what stands before the first separator away, and the separator. */
struct view fuzz_take_until(struct view *rest, char separator);

/* Appends one frame. */
void fuzz_add_frame(struct buffer *stream, struct view message);

/* Takes the first frame away, which must be whole; false where there is none. */
bool fuzz_take_frame(struct view *rest, struct view *ret_message);

/* A value of a text that must be valid JSON, judged by json_scan.h and by json_text.h; the caller
 * owns it. */
struct json_object *fuzz_parse(struct view text);

/* What a failed call must have reported: its status, and a sentence in UTF-8. */
void fuzz_check_failure(const struct failure *failure, enum status status);

/* An empty file in memory with the content, at whose start it stands. */
int fuzz_file(struct view content);

/* The whole content of such a file, owned by the caller. */
struct bytes fuzz_file_content(int fd);

void fuzz_write(int fd, struct view content);

#endif
