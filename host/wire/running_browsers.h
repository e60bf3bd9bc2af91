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

/* Sends a request (op and its members) to the browsers whose sockets are in the folder, except
 * those that are in the list already or whose host's pid is in `without`, and adds them.
 * STATUS_FRAME_TOO_LARGE: the request is. STATUS_NO_MEMORY. */
MUST_CHECK enum status running_browsers_ask(struct running_browsers *list, int folder,
                                            struct json_object *request, const pid_t *without,
                                            size_t without_count);

/* Whether any has neither answered nor failed yet. */
bool running_browsers_are_asked(const struct running_browsers *list);

/* Waits until something has come from one of them or the time is over, and takes it. One that had
 * too many connections waiting is sent the request again. STATUS_NO_MEMORY. */
MUST_CHECK enum status running_browsers_wait(struct running_browsers *list, int folder,
                                             struct json_object *request, int wait_ms);

/* Asks those whose sockets are in a state folder, and waits for all of them. On STATUS_OK the
 * caller owns *ret_list, where one that is still RUNNING_BROWSER_ASKED did not answer in time. None
 * is not an error. STATUS_STATE_FOLDER: the sockets' folder cannot be used. */
MUST_CHECK enum status running_browsers_ask_all(const char *state_folder,
                                                struct json_object *request, long timeout_ms,
                                                struct running_browsers *ret_list,
                                                struct failure *failure);

#endif
