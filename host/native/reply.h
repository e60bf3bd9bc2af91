/* SPDX-License-Identifier: MIT */
/* What the host answers. A reply of more than FRAME_REPLY_MAX bytes travels in parts. */
#ifndef POWERUP_SECRETS_NATIVE_REPLY_H
#define POWERUP_SECRETS_NATIVE_REPLY_H

#include "base/json_text.h"

/* Writes {id, ok: true, result, itemsRevision} and frees *result; an items_revision of 0 is left
 * out. STATUS_IO_FAILED with errno set, STATUS_NO_MEMORY with nothing written. */
MUST_CHECK enum status reply_result(int fd, int64_t id, int64_t items_revision,
                                    struct json_object **result);

/* Writes {id, ok: false, error: {code, class, name, message, operational}}; an id of 0 as null. */
MUST_CHECK enum status reply_failure(int fd, int64_t id, const struct failure *failure);

#endif
