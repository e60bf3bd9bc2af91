/* SPDX-License-Identifier: MIT */
/* Who started the host: browsers name the extension in the arguments. */
#ifndef POWERUP_SECRETS_NATIVE_CALLER_H
#define POWERUP_SECRETS_NATIVE_CALLER_H

#include "base/status.h"

/* STATUS_OK for "chrome-extension://ID/" (Chromium; with or without the last slash, and with the
 * "--parent-window=N" that it adds on Windows) and for a manifest's path followed by the add-on id
 * (Firefox), where the id is one of ours. STATUS_BAD_REQUEST: *failure says what was given instead.
 */
MUST_CHECK enum status caller_check(int argument_count, char *const *arguments,
                                    struct failure *failure);

#endif
