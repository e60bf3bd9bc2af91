/* SPDX-License-Identifier: MIT */
/* One run of the command line, for the toolbar panel of the browser's extension. */
#ifndef POWERUP_SECRETS_NATIVE_CHILD_H
#define POWERUP_SECRETS_NATIVE_CHILD_H

#include "base/buffer.h"
#include "base/json_text.h"
#include "system/child_process.h"

#include <poll.h>

enum {
    CHILD_ARGUMENTS_MAX = 32,
    CHILD_OUTPUT_MAX = 32 * 1024 * 1024, /* bytes, of each of both outputs */
};

/* Its standard output and its standard error. */
enum { CHILD_PIPES = 2 };

/* All zero: none runs. */
struct child {
    int64_t id;                   /* of the request that its end answers; 0 when none runs */
    struct child_process process; /* the pipe of an output that has ended is closed */
    struct buffer texts[CHILD_PIPES];
};

/* Starts the command line of this installation with an empty standard input.
 * STATUS_BAD_REQUEST: the arguments are not a few strings without NUL, or one runs already.
 * STATUS_IO_FAILED: it cannot be started; *failure says why. STATUS_NO_MEMORY. */
MUST_CHECK enum status child_start(struct child *child, int64_t id, struct json_object *arguments,
                                   struct failure *failure);

/* Fills in what to poll, CHILD_PIPES entries. */
void child_poll(const struct child *child, struct pollfd *ret_polled);

/* Reads what poll found for the same entries. When the child has ended, writes the reply to its
 * request to `output`: {status, stdout, stderr}. STATUS_IO_FAILED with errno set: the browser
 * cannot be written to. */
MUST_CHECK enum status child_serve(struct child *child, const struct pollfd *polled, int output);

/* Forgets the child, which goes on. */
void child_end(struct child *child);

#endif
