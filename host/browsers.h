/* SPDX-License-Identifier: MIT */
/* Asking every browser that runs, through the sockets of their hosts (docs/protocol.md). */
#ifndef POWERUP_SECRETS_BROWSERS_H
#define POWERUP_SECRETS_BROWSERS_H

#include "browser.h"

/* An owned list: BROWSER_LIST_AUTO browsers = {0}; */
struct browser_list {
    struct browser *browsers;
    size_t count;
};
#define BROWSER_LIST_AUTO __attribute__((cleanup(browser_list_free))) struct browser_list
void browser_list_free(struct browser_list *list);

/* Sends a request (op and its members) to all browsers, but for those whose pid is listed, and
 * waits for all at once. On STATUS_OK the caller owns *ret_list; a browser that is still
 * BROWSER_ASKED did not answer in time. None is not an error. STATUS_STATE_FOLDER: the sockets'
 * folder cannot be used. STATUS_FRAME_TOO_LARGE: the request is. */
MUST_CHECK enum status browsers_ask(const char *state_folder, struct json_object *request,
                                    long timeout_ms, const pid_t *without, size_t without_count,
                                    struct browser_list *ret_list, struct failure *failure);

#endif
