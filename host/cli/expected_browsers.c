/* SPDX-License-Identifier: MIT */
#include "cli/expected_browsers.h"

#include "store/known_browsers.h"

#include <stdlib.h>

void expected_browsers_free(struct expected_browsers *expected)
{
    for (size_t i = 0; i < expected->count; i++) {
        bytes_wipe(&expected->browsers[i].name);
    }
    free(expected->browsers);
    *expected = (struct expected_browsers){0};
}

/* What is known of the hosts while the list is made. */
struct search {
    const struct running_browsers *asked;
    const pid_t *silent;
    size_t silent_count;
    struct expected_browsers found;
};

/* Whether a process has got the id of a host that has ended. */
static bool is_another(const struct known_browser *browser)
{
    struct living_process now;

    return living_process_find(browser->host_pid, &now) && now.started != browser->host_started;
}

static enum expected_state state_of(const struct search *search,
                                    const struct known_browser *browser)
{
    if (is_another(browser)) {
        return EXPECTED_NO_HOST;
    }
    for (size_t i = 0; i < search->asked->count; i++) {
        const struct running_browser *host = &search->asked->browsers[i];
        if (host->pid == browser->host_pid) {
            return host->state == RUNNING_BROWSER_ANSWERED ? EXPECTED_CONFIRMED
                   : host->state == RUNNING_BROWSER_GONE   ? EXPECTED_NO_HOST
                                                           : EXPECTED_ASKED;
        }
    }
    for (size_t i = 0; i < search->silent_count; i++) {
        if (search->silent[i] == browser->host_pid) {
            return EXPECTED_ASKED;
        }
    }
    return EXPECTED_NO_HOST;
}

static enum status add_if_it_lives(void *context, const struct known_browser *browser,
                                   struct failure *failure)
{
    struct search *search = context;
    struct expected_browsers *found = &search->found;
    struct expected_browser expected = {
        .process = {browser->pid, browser->started},
        .host_pid = browser->host_pid,
        .state = state_of(search, browser),
    };

    if (!living_process_still_lives(&expected.process)) {
        return STATUS_OK;
    }
    struct expected_browser *browsers =
        reallocarray(found->browsers, found->count + 1, sizeof *found->browsers);
    if (browsers == NULL) {
        return failure_no_memory(failure);
    }
    found->browsers = browsers;
    TRY(failure_explain(failure, bytes_copy(browser->name, &expected.name)));
    found->browsers[found->count++] = expected;
    return STATUS_OK;
}

enum status expected_browsers_find(struct store *store, const struct running_browsers *asked,
                                   const pid_t *silent, size_t silent_count,
                                   struct expected_browsers *ret_expected, struct failure *failure)
{
    struct search search = {.asked = asked, .silent = silent, .silent_count = silent_count};

    enum status status = known_browsers_visit(store, add_if_it_lives, &search, failure);
    if (status != STATUS_OK) {
        expected_browsers_free(&search.found);
        return status;
    }
    *ret_expected = search.found;
    return STATUS_OK;
}

size_t expected_browsers_count(const struct expected_browsers *expected, enum expected_state state)
{
    size_t count = 0;

    for (size_t i = 0; i < expected->count; i++) {
        count += expected->browsers[i].state == state;
    }
    return count;
}
