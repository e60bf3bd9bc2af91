/* SPDX-License-Identifier: MIT */
#include "support.h"
#include "wire/change_signal.h"
#include "wire/control_socket.h"

#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static struct bytes parent;
static int folder = -1;
static struct failure failure;

static int start(void **state)
{
    (void)state;
    parent = folder_new();
    folder = open((const char *)parent.data, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    failure = (struct failure){0};
    return folder >= 0 ? 0 : -1;
}

static int finish(void **state)
{
    (void)state;
    (void)close(folder);
    folder_remove(&parent);
    return 0;
}

static bool has_signal(int fd, int wait_ms)
{
    struct pollfd polled = {.fd = fd, .events = POLLIN};

    return poll(&polled, 1, wait_ms) > 0;
}

/* Another process, that sends so many signals. */
static void send_from_child(int times)
{
    int status = 0;
    pid_t pid = fork();

    assert_true(pid >= 0);
    if (pid == 0) {
        for (int i = 0; i < times; i++) {
            if (change_signal_send(folder, &failure) != STATUS_OK) {
                _exit(1);
            }
        }
        _exit(0);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

static void a_signal_of_another_process_arrives_and_is_taken(void **state)
{
    (void)state;
    int fd = -1;

    assert_int_equal(change_signal_open(folder, &fd, &failure), STATUS_OK);
    assert_false(has_signal(fd, 0));
    send_from_child(1);
    assert_true(has_signal(fd, 0));
    change_signal_drain(fd);
    assert_false(has_signal(fd, 0));
    change_signal_close(folder, &fd);
    assert_int_equal(fd, -1);
    change_signal_close(folder, &fd);
}

static void nobody_waits_for_a_host_that_does_not_read(void **state)
{
    (void)state;
    int fd = -1;

    assert_int_equal(change_signal_open(folder, &fd, &failure), STATUS_OK);
    send_from_child(5000);
    assert_true(has_signal(fd, 0));
    change_signal_drain(fd);
    assert_false(has_signal(fd, 0));
    change_signal_close(folder, &fd);
}

static void a_host_that_starts_while_others_signal_keeps_its_pipe(void **state)
{
    (void)state;
    pid_t pid = fork();

    assert_true(pid >= 0);
    if (pid == 0) {
        while (change_signal_send(folder, &failure) == STATUS_OK) {
        }
        _exit(1);
    }
    enum status status = STATUS_OK;
    for (int i = 0; i < 5000 && status == STATUS_OK; i++) {
        int fd = -1;
        status = change_signal_open(folder, &fd, &failure);
        change_signal_close(folder, &fd);
    }
    assert_int_equal(kill(pid, SIGKILL), 0);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    assert_int_equal(status, STATUS_OK);
}

static void a_process_does_not_signal_itself(void **state)
{
    (void)state;
    int fd = -1;

    assert_int_equal(change_signal_open(folder, &fd, &failure), STATUS_OK);
    assert_int_equal(change_signal_send(folder, &failure), STATUS_OK);
    assert_false(has_signal(fd, 0));
    change_signal_close(folder, &fd);
}

static bool exists(const char *name)
{
    struct stat info;

    return fstatat(folder, name, &info, AT_SYMLINK_NOFOLLOW) == 0;
}

static void what_is_left_of_a_killed_host_is_removed_and_other_files_are_not(void **state)
{
    (void)state;
    char name[CONTROL_NAME_SIZE];
    const char *const others[] = {"README", "1.sock", "x.changed", ".changed", "12.changedx"};
    pid_t pid = fork();

    assert_true(pid >= 0);
    if (pid == 0) {
        int fd = -1;
        _exit(change_signal_open(folder, &fd, &failure) == STATUS_OK ? 0 : 1);
    }
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    (void)snprintf(name, sizeof name, "%ld.changed", (long)pid);
    assert_true(exists(name));
    for (size_t i = 0; i < COUNT(others); i++) {
        file_write(path_in((const char *)parent.data, others[i]), VIEW(""));
    }
    struct sockaddr_un address = control_socket_address(folder, "8.changed");
    int other = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(other, (const struct sockaddr *)&address, sizeof address), 0);
    for (int round = 0; round < 2; round++) {
        assert_int_equal(change_signal_send(folder, &failure), STATUS_OK);
        assert_false(exists(name));
    }
    assert_true(exists("8.changed"));
    (void)close(other);
    for (size_t i = 0; i < COUNT(others); i++) {
        assert_true(exists(others[i]));
    }
}

static void a_folder_that_cannot_be_used_is_reported(void **state)
{
    (void)state;
    int fd = -1;

    assert_int_equal(change_signal_send(-1, &failure), STATUS_STATE_FOLDER);
    assert_plain_failure(&failure, STATUS_STATE_FOLDER);
    assert_int_equal(change_signal_open(-1, &fd, &failure), STATUS_STATE_FOLDER);
    assert_plain_failure(&failure, STATUS_STATE_FOLDER);
    assert_int_equal(fd, -1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, finish)
    const struct CMUnitTest tests[] = {
        TEST(a_signal_of_another_process_arrives_and_is_taken),
        TEST(nobody_waits_for_a_host_that_does_not_read),
        TEST(a_host_that_starts_while_others_signal_keeps_its_pipe),
        TEST(a_process_does_not_signal_itself),
        TEST(what_is_left_of_a_killed_host_is_removed_and_other_files_are_not),
        TEST(a_folder_that_cannot_be_used_is_reported),
    };

    return cmocka_run_group_tests_name("change_signal", tests, NULL, NULL);
}
