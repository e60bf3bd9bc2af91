/* SPDX-License-Identifier: MIT */
/* Asking every browser that runs, through the sockets of their hosts (docs/protocol.md). */
#ifndef POWERUP_SECRETS_WIRE_RUNNING_BROWSERS_H
#define POWERUP_SECRETS_WIRE_RUNNING_BROWSERS_H

#include "wire/running_browser.h"

/* An owned list: RUNNING_BROWSERS_AUTO browsers = {0}; */
struct running_browsers {
    struct running_browser *browsers;
    size_t count;
};
#define RUNNING_BROWSERS_AUTO                                                                      \
    __attribute__((cleanup(running_browsers_free))) struct running_browsers
void running_browsers_free(struct running_browsers *list);

/* Sends a request (op and its members) to all browsers, except those whose pid is listed, and
 * waits for all at once. On STATUS_OK the caller owns *ret_list; a browser that is still
 * RUNNING_BROWSER_ASKED did not answer in time. None is not an error. STATUS_STATE_FOLDER: the
 * sockets' folder cannot be used. STATUS_FRAME_TOO_LARGE: the request is. */
MUST_CHECK enum status running_browsers_ask(const char *state_folder, struct json_object *request,
                                            long timeout_ms, const pid_t *without,
                                            size_t without_count, struct running_browsers *ret_list,
                                            struct failure *failure);

#endif
