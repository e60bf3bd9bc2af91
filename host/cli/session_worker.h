/* SPDX-License-Identifier: MIT */
/* A process of a session, which runs commands one after the other. */
#ifndef POWERUP_SECRETS_CLI_SESSION_WORKER_H
#define POWERUP_SECRETS_CLI_SESSION_WORKER_H

#include "base/buffer.h"
#include "base/file.h"

/* The longest line: a value is escaped. */
#define SESSION_LINE_SIZE_MAX ((size_t)2 * FILE_VALUE_MAX)

/* Whether this process is one. */
bool session_worker_is_here(void);

/* Takes a line {"id", "arguments", "input"} after the other from a socket and writes a line {"id",
 * "status", "stdout", "stderr"} for each, until the other side closes it. Returns the process's
 * exit status. */
int session_worker_run(int socket);

/* Appends the line that answers one whose command could not be run. */
MUST_CHECK enum status session_refuse(struct view line, const char *why, struct buffer *answer);

/* Takes the first line off what was read, without its end; `searched` of it is known to have none.
 * STATUS_NEED_MORE: there is no whole one. */
MUST_CHECK enum status session_line(const struct buffer *text, size_t *searched,
                                    struct view *ret_line);

#endif
