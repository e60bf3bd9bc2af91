/* SPDX-License-Identifier: MIT */
/* What an examination found, one line each. */
#ifndef POWERUP_SECRETS_BROWSERS_FINDINGS_H
#define POWERUP_SECRETS_BROWSERS_FINDINGS_H

#include "base/buffer.h"
#include "base/json_text.h"

enum finding_level { FINDING_OK, FINDING_WARNING, FINDING_PROBLEM };

struct findings {
    struct json_object *list; /* of {level, subject, text, fix} */
    size_t problems;
};
#define FINDINGS_AUTO __attribute__((cleanup(findings_free))) struct findings
struct findings findings_init(void);
void findings_free(struct findings *findings);

/* Adds one about a subject; `fix` is a command, or an advice, or NULL. */
void findings_add(struct findings *findings, enum finding_level level, const char *subject,
                  const char *fix, const char *format, ...) PRINTF_LIKE(5, 6);

/* A command about one path, which is quoted for the shell: "BEFORE path AFTER".
 * Needs no memory. Neither text may be of the memory that it writes to. */
enum { FIX_SIZE = 16 * 1024 };
void fix_write(char ret_fix[FIX_SIZE], const char *before, const char *path, const char *after);

/* What a program has last written to its log, for the end of a sentence: " It says: LINE", or "".
 */
enum { LAST_LINE_SIZE = 512 };
void log_last_line(const char *log, char ret_text[LAST_LINE_SIZE]);

/* One line each. */
void findings_print(const struct findings *findings, struct buffer *output);

/* STATUS_NO_MEMORY when something is missing. */
MUST_CHECK enum status findings_status(const struct findings *findings);

#endif
