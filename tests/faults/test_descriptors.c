/* SPDX-License-Identifier: MIT */
/* The process may open one more descriptor each time, until it has enough: a missing one is
 * reported, and the store stays intact. */
#include "cli/command.h"
#include "session_fixture.h"
#include "trial.h"
#include "wire/control_socket.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

static const char store_secret[] = "{\"id\":1,\"op\":\"storeSecret\"," SECRET ",\"data\":\"new\"}";

/* Limits the process to so many more descriptors than it has; returns the previous limit. */
static struct rlimit limit(size_t more)
{
    struct rlimit usual;
    int next = dup(STDERR_FILENO);

    trial_check(next >= 0 && close(next) == 0 && getrlimit(RLIMIT_NOFILE, &usual) == 0,
                "no descriptor to begin with");
    struct rlimit small = {(rlim_t)next + more, usual.rlim_max};
    trial_check(setrlimit(RLIMIT_NOFILE, &small) == 0, "no limit");
    return usual;
}

static void unlimit(const struct rlimit *usual)
{
    trial_check(setrlimit(RLIMIT_NOFILE, usual) == 0, "no limit");
}

static bool is_reported(enum status status, const char *message)
{
    return (status == STATUS_STATE_FOLDER || status == STATUS_STORE_FAILED ||
            status == STATUS_ROOT_KEY || status == STATUS_IO_FAILED) &&
           message[0] != '\0';
}

static void check_store(void)
{
    enum status status = run_text(HELLO);

    if (status == STATUS_OK) {
        status = run_text(store_secret);
    }
    trial_check(status == STATUS_OK, "afterwards: %s", failure.message);
    session_end_with_browser();
}

static void try_store(const void *subject, size_t n, bool onwards)
{
    (void)subject;
    (void)onwards;
    struct rlimit usual = limit(n - 1);
    enum status status = run_text(HELLO);

    if (status == STATUS_OK) {
        status = run_text(store_secret);
    }
    unlimit(&usual);
    trial_check(status == STATUS_OK || is_reported(status, failure.message),
                "descriptor %zu: %s, %s", n, status_name(status), failure.message);
    session_end(&session);
    session = (struct session){0};
    check_store();
    trial_leave(status != STATUS_OK);
}

static void try_socket(const void *subject, size_t n, bool onwards)
{
    (void)subject;
    (void)onwards;
    const char *path = (const char *)folder.data;
    struct control_socket *control = NULL;
    int hosts = -1;
    int client = -1;
    int accepted = -1;
    pid_t process = 0;
    struct rlimit usual = limit(n - 1);
    enum status opened = control_socket_open(path, &control, &failure);
    enum status found = STATUS_OK;
    enum status connected = STATUS_OK;
    enum status taken = STATUS_OK;

    if (opened == STATUS_OK) {
        found = control_folder_open(path, &hosts, &failure);
    }
    if (opened == STATUS_OK && found == STATUS_OK) {
        connected = control_socket_connect(hosts, control->name, &client);
    }
    if (client >= 0) {
        taken = control_socket_accept(control, &accepted, &process);
    }
    unlimit(&usual);
    enum status folder_status = opened != STATUS_OK ? opened : found;
    trial_check(folder_status == STATUS_OK || is_reported(folder_status, failure.message),
                "descriptor %zu: %s, %s", n, status_name(folder_status), failure.message);
    trial_check(connected == STATUS_OK || connected == STATUS_IO_FAILED, "connect: %s",
                status_name(connected));
    trial_check(taken == STATUS_OK || taken == STATUS_ABSENT, "accept: %s", status_name(taken));
    if (client >= 0 && accepted < 0) {
        /* The connection waits until there is a descriptor. */
        taken = control_socket_accept(control, &accepted, &process);
        trial_check(taken == STATUS_OK, "accept, later: %s", status_name(taken));
        trial_leave(true);
    }
    trial_leave(accepted < 0);
}

static void try_command(const void *subject, size_t n, bool onwards)
{
    (void)onwards;
    const char *const *words = subject;
    char *texts[] = {(char *)(uintptr_t) "powerup-secrets",
                     (char *)(uintptr_t)words[0],
                     (char *)(uintptr_t)words[1],
                     (char *)(uintptr_t) "--state",
                     (char *)folder.data,
                     NULL};
    struct buffer output = {0};
    struct buffer notes = {0};
    struct rlimit usual = limit(n - 1);
    enum command_exit status = command_line_run(5, texts, NULL, &output, &notes);

    unlimit(&usual);
    trial_check(status == COMMAND_DONE ||
                    (status == COMMAND_FAILED && output.size == 0 && notes.size > 0),
                "%s, descriptor %zu: exit status %d, %.*s", words[0], n, (int)status,
                (int)notes.size, (const char *)notes.data);
    check_store();
    trial_leave(status != COMMAND_DONE);
}

static void no_descriptor_is_left(void **state)
{
    (void)state;
    static const char *const lines[][2] = {
        {"storage", "denied"},  {"fidelity", "library"}, {"items", "--json"},
        {"browsers", "--json"}, {"reset", "--json"},     {"sign-in", "--json"},
    };

    trial_run(try_store, NULL, "a store", false, 1);
    trial_run(try_socket, NULL, "a socket", false, 1);
    for (size_t i = 0; i < COUNT(lines); i++) {
        trial_run(try_command, lines[i], lines[i][0], false, 1);
    }
    assert_int_equal(trial_report("descriptor", 20), 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(no_descriptor_is_left, session_start, session_stop),
    };

    return cmocka_run_group_tests_name("descriptor faults", tests, NULL, NULL);
}
