/* SPDX-License-Identifier: MIT */
/* What the host did, for people who look for a fault: starts and ends, operations by name, origins,
 * outcomes and durations. Never a secret, a key, a value, or any other text of a page. */
#ifndef POWERUP_SECRETS_NATIVE_LOG_H
#define POWERUP_SECRETS_NATIVE_LOG_H

#include "base/json_text.h"

/* Opens the file that $POWERUP_SECRETS_LOG names, by its absolute path, and appends to it; made
 * with mode 0600. Verbose: the same lines go to standard error. A file that cannot be opened is
 * reported on standard error, and the host works without it. Before the sandbox, which lets no file
 * be opened. */
void log_open(bool verbose);

/* Whether anything is written, so that durations need not be measured in vain. */
bool log_is_open(void);

/* One line: time (UTC), process, text. The text must be the host's own. */
void log_write(const char *format, ...) PRINTF_LIKE(1, 2);

/* The line of an operation that came to an end; its name is the host's own text, `request` may be
 * NULL. */
void log_operation(const char *name, struct json_object *request, enum status status,
                   int64_t started_us);

/* Microseconds of a clock that never jumps. */
int64_t log_now_us(void);

#endif
