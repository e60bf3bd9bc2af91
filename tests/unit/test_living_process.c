/* SPDX-License-Identifier: MIT */
#include "support.h"
#include "system/living_process.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* A child that waits until it is killed. */
static pid_t start_child(void)
{
    pid_t pid = fork();

    assert_true(pid >= 0);
    if (pid == 0) {
        (void)pause();
        _exit(0);
    }
    return pid;
}

static void a_process_lives_until_it_has_ended_and_a_zombie_does_not(void **state)
{
    (void)state;
    struct living_process child;
    siginfo_t info;

    pid_t pid = start_child();
    assert_true(living_process_find(pid, &child));
    assert_int_equal(child.pid, pid);
    assert_true(child.started > 0);
    assert_true(living_process_still_lives(&child));
    assert_int_equal(kill(pid, SIGKILL), 0);
    assert_int_equal(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
    assert_false(living_process_still_lives(&child));
    assert_false(living_process_find(pid, &child));
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    assert_false(living_process_still_lives(&child));
    assert_false(living_process_find(pid, &child));
}

static void a_process_that_started_at_another_time_is_another(void **state)
{
    (void)state;
    struct living_process self;

    assert_true(living_process_find(getpid(), &self));
    assert_true(living_process_still_lives(&self));
    self.started++;
    assert_false(living_process_still_lives(&self));
}

static void a_name_may_hold_anything(void **state)
{
    (void)state;
    static const char *const names[] = {"a) Z 1 2", "((", "x\ny) S", ""};
    struct living_process before;
    struct living_process self;
    char name[16] = "";

    assert_true(living_process_find(getpid(), &before));
    assert_int_equal(prctl(PR_GET_NAME, name), 0);
    for (size_t i = 0; i < COUNT(names); i++) {
        assert_int_equal(prctl(PR_SET_NAME, names[i]), 0);
        assert_true(living_process_find(getpid(), &self));
        assert_int_equal(self.started, before.started);
    }
    assert_int_equal(prctl(PR_SET_NAME, name), 0);
}

/* Runs in a child, whose parent is this process, and gives what it found. */
static struct living_process parent_of_child(const char *own_name)
{
    struct living_process parent = {0};
    char name[16] = "";
    int ends[2];

    assert_int_equal(prctl(PR_GET_NAME, name), 0);
    if (own_name != NULL) {
        assert_int_equal(prctl(PR_SET_NAME, own_name), 0);
    }
    assert_int_equal(pipe(ends), 0);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        if (!living_process_parent(&parent)) {
            parent = (struct living_process){0};
        }
        _exit(write(ends[1], &parent, sizeof parent) == (ssize_t)sizeof parent ? 0 : 1);
    }
    assert_int_equal(read(ends[0], &parent, sizeof parent), sizeof parent);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    assert_int_equal(prctl(PR_SET_NAME, name), 0);
    (void)close(ends[0]);
    (void)close(ends[1]);
    return parent;
}

static void the_parent_is_found_unless_it_passes_on_for_others(void **state)
{
    (void)state;
    struct living_process self;

    assert_true(living_process_find(getpid(), &self));
    struct living_process parent = parent_of_child(NULL);
    assert_int_equal(parent.pid, self.pid);
    assert_int_equal(parent.started, self.started);
    assert_int_equal(parent_of_child("xdg-desktop-por").pid, 0);
    assert_int_equal(parent_of_child("xdg-native-mess").pid, 0);
    assert_int_equal(parent_of_child("xd").pid, getpid());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_process_lives_until_it_has_ended_and_a_zombie_does_not),
        cmocka_unit_test(a_process_that_started_at_another_time_is_another),
        cmocka_unit_test(a_name_may_hold_anything),
        cmocka_unit_test(the_parent_is_found_unless_it_passes_on_for_others),
    };

    return cmocka_run_group_tests_name("living_process", tests, NULL, NULL);
}
