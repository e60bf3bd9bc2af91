/* SPDX-License-Identifier: MIT */
/* The browsers that a command must hear from: those that have said hello on the state folder, and
 * whose process still lives. */
#ifndef POWERUP_SECRETS_CLI_EXPECTED_BROWSERS_H
#define POWERUP_SECRETS_CLI_EXPECTED_BROWSERS_H

#include "store/store.h"
#include "system/living_process.h"
#include "wire/running_browsers.h"

enum expected_state {
    EXPECTED_CONFIRMED, /* its newest host has answered */
    EXPECTED_ASKED,     /* its newest host has not, or with an error */
    EXPECTED_NO_HOST,   /* its newest host has ended, and no other has said hello yet */
};

struct expected_browser {
    struct living_process process;
    struct bytes name; /* as hello gave it */
    int64_t host_pid;
    enum expected_state state;
};

/* An owned list: EXPECTED_BROWSERS_AUTO expected = {0}; */
struct expected_browsers {
    struct expected_browser *browsers;
    size_t count;
};
#define EXPECTED_BROWSERS_AUTO                                                                     \
    __attribute__((cleanup(expected_browsers_free))) struct expected_browsers
void expected_browsers_free(struct expected_browsers *expected);

/* Lists them. `asked` are the hosts that a request was sent to; one that is not among them and
 * whose pid is in `silent` did not answer an earlier one. On STATUS_OK the caller owns
 * *ret_expected. */
MUST_CHECK enum status expected_browsers_find(struct store *store,
                                              const struct running_browsers *asked,
                                              const pid_t *silent, size_t silent_count,
                                              struct expected_browsers *ret_expected,
                                              struct failure *failure);

/* How many are in a state. */
size_t expected_browsers_count(const struct expected_browsers *expected, enum expected_state state);

#endif
