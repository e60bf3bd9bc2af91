/* SPDX-License-Identifier: MIT */
/* Every allocation fails, alone and with all that follow, in each command of the command line. */
#include "allocation.h"
#include "cli/command.h"
#include "session_fixture.h"
#include "trial.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { WORDS_MAX = 16 };

#define ORIGIN "--origin", "https://example.com"
#define MEMBER "--member", "5f0000000000000000000001"
#define AESCBC "cc7d03253da31f992f76b1a1b99f3e0324c5c926d4a48eec28a92a4ccc3ed55f"

static const char *const lines[][WORDS_MAX] = {
    {"storage", "denied", ORIGIN},
    {"sign-in", MEMBER},
    {"sign-out"},
    {"fidelity", "library"},
    {"remove-personal-settings", ORIGIN, MEMBER},
    {"clear-site-data", ORIGIN},
    {"seed", ORIGIN, "--key", "seeded", MEMBER, "--value-file", "/dev/null"},
    {"reveal", ORIGIN, "--key", "k", MEMBER},
    {"items"},
    {"items", "--json"},
    {"item", "get", ORIGIN, "--key", "k"},
    {"plugin-data", "get", ORIGIN, "--scope", "board", "--owner", "b"},
    {"plugin-data", "set", ORIGIN, "--scope", "board", "--owner", "b", "--name", "n", "--value",
     "1"},
    {"fault", ORIGIN, "--op", "storeSecret", "--delay", "5"},
    {"fault"},
    {"calls", "--json"},
    {"calls"},
    {"rotate-key", ORIGIN, MEMBER},
    {"browser-profile", "other"},
    {"partition", "off"},
    {"answer", "board", "{}"},
    {"power-up", "id", "https://one.example", "https://two.example"},
    {"browsers", "--json"},
    {"browsers"},
    {"browsers", "--json", "--timeout", "0.001"},
    {"fidelity", "library", "--timeout", "0.001"},
    {"browsers", "--forget"},
    {"render", ORIGIN},
    {"render-writer", "off", ORIGIN},
    {"invoke", "c", ORIGIN, "--page", "p", "--json"},
    {"encrypt", "--key", AESCBC, "--value-file", "/dev/null"},
    {"decrypt", "--key", AESCBC, "00;00"},
    {"help", "items"},
    {"help", "itmes"},
    {"fault", "--op", "localStorage", "--no-reply"},
    {"answer", "cardd"},
    {"install", "--table", "--json"},
    {"uninstall", "--user-data-dir", "/dev/null", "--browser", "firefox"},
    {"doctor", "--user-data-dir", "/nonexistent"},
    {"session"},
    {"batch", "--text-file", BATCH},
    {"reset"},
};

struct said {
    enum command_exit status;
    struct buffer output;
    struct buffer notes;
};

static void run_command(const char *const words[WORDS_MAX], struct said *ret_said)
{
    char *texts[WORDS_MAX + 4] = {(char *)(uintptr_t) "powerup-secrets"};
    int count = 1;

    for (size_t i = 0; i < WORDS_MAX && words[i] != NULL; i++) {
        texts[count++] = (char *)(uintptr_t)words[i];
    }
    texts[count++] = (char *)(uintptr_t) "--state";
    texts[count++] = (char *)folder.data;
    *ret_said = (struct said){0};
    ret_said->status = command_line_run(count, texts, NULL, &ret_said->output, &ret_said->notes);
}

static bool lost(const struct said *said)
{
    return said->output.failed || said->notes.failed;
}

/* The result without a fault. With one it is the same, or reports that there is no memory, or is
 * itself incomplete, which main reports. */
static struct said usual;

static void try_command(const void *subject, size_t n, bool onwards)
{
    const char *const *words = subject;
    struct said said;

    allocation_fail_at(n, onwards);
    run_command(words, &said);
    size_t failed = allocation_fail_end();
    /* An encrypted text differs each time, but has the same size. */
    bool same = said.status == usual.status && said.output.size == usual.output.size;
    struct view notes = view_of_buffer(&said.notes);
    bool reported = said.status == COMMAND_FAILED && view_contains(notes, VIEW("emory"));
    trial_check(same || reported || lost(&said), "%s: exit status %d, %.*s%.*s", words[0],
                (int)said.status, (int)said.output.size, (const char *)said.output.data,
                (int)notes.size, (const char *)notes.data);
    trial_leave(failed > 0);
}

static void forget(struct said *said)
{
    buffer_wipe(&said->output);
    buffer_wipe(&said->notes);
}

/* This process may stand for a browser whose host has ended. */
static void prepare(bool with_browser)
{
    static const char *const requests[] = {
        HELLO,
        "{\"id\":1,\"op\":\"storeSecret\"," SECRET ",\"data\":\"old\"}",
        ("{\"id\":1,\"op\":\"recordCalls\",\"origin\":\"https://example.com\",\"calls\":"
         "[{\"method\":\"a\",\"at\":1,\"detail\":{\"text\":\"x\"},\"problem\":\"p\"}]}"),
    };

    for (size_t i = 0; i < COUNT(requests); i++) {
        assert_int_equal(run_text(requests[i]), STATUS_OK);
    }
    assert_int_equal(store_execute(session.store,
                                   "INSERT OR REPLACE INTO call_lost VALUES"
                                   " ('https://example.com', 1, 1)",
                                   &failure),
                     STATUS_OK);
    if (with_browser) {
        session_end(&session);
        session = (struct session){0};
    } else {
        session_end_with_browser();
    }
}

/* Commands that do not wait long. */
static bool is_of_browser(const char *const words[WORDS_MAX])
{
    for (size_t i = 0; i < WORDS_MAX && words[i] != NULL; i++) {
        if (strcmp(words[i], "--timeout") == 0) {
            return true;
        }
    }
    return false;
}

static void survive_all(bool onwards)
{
    for (size_t i = 0; i < COUNT(lines); i++) {
        prepare(is_of_browser(lines[i]));
        run_command(lines[i], &usual);
        forget(&usual);
        run_command(lines[i], &usual); /* some have a different result the second time */
        trial_run(try_command, lines[i], lines[i][0], onwards, trial_step());
        struct said after;
        run_command(lines[i], &after);
        assert_int_equal(after.status, usual.status);
        forget(&after);
        forget(&usual);
    }
    assert_true(trial_report("allocation", 100) > 1);
}

static void each_allocation_may_fail_once(void **state)
{
    (void)state;
    survive_all(false);
}

static void each_allocation_may_fail_with_all_that_follow(void **state)
{
    (void)state;
    survive_all(true);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_allocation_may_fail_once, session_start, session_stop),
        cmocka_unit_test_setup_teardown(each_allocation_may_fail_with_all_that_follow,
                                        session_start, session_stop),
    };

    return cmocka_run_group_tests_name("allocation faults of commands", tests, NULL, NULL);
}
