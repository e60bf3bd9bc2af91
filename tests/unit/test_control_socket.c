/* SPDX-License-Identifier: MIT */
#include "support.h"
#include "wire/control_socket.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

static struct bytes folder;
static struct failure failure;

static int start(void **state)
{
    (void)state;
    folder = folder_new();
    failure = (struct failure){0};
    return 0;
}

static int finish(void **state)
{
    (void)state;
    folder_remove(&folder);
    return 0;
}

static const char *state_folder(void)
{
    return (const char *)folder.data;
}

static const char *own_name(void)
{
    static char name[CONTROL_NAME_SIZE];

    (void)snprintf(name, sizeof name, "%ld.sock", (long)getpid());
    return name;
}

static const char *in_hosts(const char *name)
{
    return path_in(path_in(state_folder(), "hosts"), name);
}

static int open_hosts(const char *of)
{
    int hosts = -1;

    assert_int_equal(control_folder_open(of, &hosts, &failure), STATUS_OK);
    return hosts;
}

/* Opens, connects and accepts in a state folder. */
static void assert_connects(const char *of)
{
    struct control_socket *socket = NULL;
    int near = -1;
    int far = -1;
    pid_t process = 0;
    char byte = 0;

    if (control_socket_open(of, &socket, &failure) != STATUS_OK) {
        fail_msg("%s", failure.message);
    }
    assert_int_equal(control_socket_accept(socket, &far, &process), STATUS_ABSENT);
    int hosts = open_hosts(of);
    assert_int_equal(control_socket_connect(hosts, own_name(), &near), STATUS_OK);
    assert_int_equal(control_socket_accept(socket, &far, &process), STATUS_OK);
    assert_int_equal(process, getpid());
    assert_int_equal(write(near, "x", 1), 1);
    assert_int_equal(read(far, &byte, 1), 1);
    assert_int_equal(byte, 'x');
    assert_true((fcntl(near, F_GETFL) & O_NONBLOCK) != 0);
    assert_true((fcntl(far, F_GETFL) & O_NONBLOCK) != 0);
    (void)close(near);
    (void)close(far);
    control_socket_close(&socket);
    assert_null(socket);
    assert_int_equal(control_socket_connect(hosts, own_name(), &near), STATUS_ABSENT);
    (void)close(hosts);
}

static void a_client_finds_the_socket_while_it_is_open(void **state)
{
    (void)state;
    struct stat info;

    assert_connects(state_folder());
    assert_false(file_exists(in_hosts(own_name())));
    assert_int_equal(stat(path_in(state_folder(), "hosts"), &info), 0);
    assert_int_equal(info.st_mode & 0777, 0700);
    assert_connects(state_folder());
}

static void a_path_may_be_longer_than_a_sockets_address(void **state)
{
    (void)state;
    char path[400];

    (void)snprintf(path, sizeof path, "%s/%0150d", state_folder(), 0);
    assert_int_equal(mkdir(path, 0700), 0);
    (void)snprintf(path, sizeof path, "%s/%0150d/%0150d", state_folder(), 0, 0);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_connects(path);
}

static void a_leftover_socket_is_replaced(void **state)
{
    (void)state;
    struct control_socket *socket = NULL;

    assert_int_equal(control_socket_open(state_folder(), &socket, &failure), STATUS_OK);
    /* As after SIGKILL: the name exists, and nothing listens. */
    (void)close(socket->listener);
    assert_connects(state_folder());
    (void)close(socket->folder);
    free(socket);
}

static void a_stale_socket_is_removed_by_the_client_that_finds_it(void **state)
{
    (void)state;
    struct control_socket *socket = NULL;
    int fd = -1;

    assert_int_equal(control_socket_open(state_folder(), &socket, &failure), STATUS_OK);
    (void)close(socket->listener);
    int hosts = open_hosts(state_folder());
    assert_true(file_exists(in_hosts(own_name())));
    assert_int_equal(control_socket_connect(hosts, own_name(), &fd), STATUS_ABSENT);
    assert_false(file_exists(in_hosts(own_name())));
    assert_int_equal(control_socket_connect(hosts, own_name(), &fd), STATUS_ABSENT);
    assert_int_equal(fd, -1);
    (void)close(hosts);
    (void)close(socket->folder);
    free(socket);
}

static void a_connection_to_a_full_queue_must_be_retried(void **state)
{
    (void)state;
    struct control_socket *socket = NULL;
    int fds[100];
    int refused = -1;

    assert_int_equal(control_socket_open(state_folder(), &socket, &failure), STATUS_OK);
    int hosts = open_hosts(state_folder());
    for (size_t i = 0; i < COUNT(fds); i++) {
        assert_int_equal(control_socket_connect(hosts, own_name(), &fds[i]), STATUS_OK);
    }
    assert_int_equal(listen(socket->listener, 16), 0); /* shortens the queue */
    assert_int_equal(control_socket_connect(hosts, own_name(), &refused), STATUS_NEED_MORE);
    assert_true(file_exists(in_hosts(own_name())));
    for (size_t i = 0; i < COUNT(fds); i++) {
        (void)close(fds[i]);
    }
    (void)close(hosts);
    control_socket_close(&socket);
}

static void only_socket_names_have_a_process_id(void **state)
{
    (void)state;
    static const char *const none[] = {"",         "1",       ".sock",   "1.new",
                                       "1.socket", "a.sock",  "1a.sock", "-1.sock",
                                       "+1.sock",  "1.sock ", "..",      "12345678901.sock"};

    assert_int_equal(control_socket_pid("1.sock"), 1);
    assert_int_equal(control_socket_pid("4194304.sock"), 4194304);
    for (size_t i = 0; i < COUNT(none); i++) {
        assert_int_equal(control_socket_pid(none[i]), 0);
    }
}

static void a_folder_that_others_can_use_is_refused(void **state)
{
    (void)state;
    struct control_socket *socket = NULL;
    const char *path = path_in(state_folder(), "hosts");
    int hosts = -1;

    assert_int_equal(control_folder_open(state_folder(), &hosts, &failure), STATUS_ABSENT);
    assert_int_equal(control_folder_open(path, &hosts, &failure), STATUS_ABSENT);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_equal(chmod(path, 0750), 0);
    assert_int_equal(control_socket_open(state_folder(), &socket, &failure), STATUS_STATE_FOLDER);
    assert_plain_failure(&failure, STATUS_STATE_FOLDER);
    assert_int_equal(control_folder_open(state_folder(), &hosts, &failure), STATUS_STATE_FOLDER);
    assert_int_equal(rmdir(path), 0);
    file_write(path, VIEW("in the way"));
    assert_int_equal(control_socket_open(state_folder(), &socket, &failure), STATUS_STATE_FOLDER);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(symlink("/tmp", path), 0);
    assert_int_equal(control_socket_open(state_folder(), &socket, &failure), STATUS_STATE_FOLDER);
    assert_int_equal(control_folder_open(state_folder(), &hosts, &failure), STATUS_STATE_FOLDER);
    assert_null(socket);
    assert_int_equal(hosts, -1);
}

static void a_name_that_is_taken_by_a_folder_is_reported(void **state)
{
    (void)state;
    struct control_socket *control = NULL;

    assert_int_equal(mkdir(path_in(state_folder(), "hosts"), 0700), 0);
    assert_int_equal(mkdir(in_hosts(own_name()), 0700), 0);
    assert_int_equal(control_socket_open(state_folder(), &control, &failure), STATUS_STATE_FOLDER);
    assert_null(control);
    assert_non_null(strstr(failure.message, strerror(EISDIR)));
    assert_int_equal(rmdir(in_hosts(own_name())), 0);
    assert_int_equal(rmdir(path_in(state_folder(), "hosts")), 0); /* nothing else is in it */
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, finish)
    const struct CMUnitTest tests[] = {
        TEST(a_client_finds_the_socket_while_it_is_open),
        TEST(a_path_may_be_longer_than_a_sockets_address),
        TEST(a_leftover_socket_is_replaced),
        TEST(a_stale_socket_is_removed_by_the_client_that_finds_it),
        TEST(a_connection_to_a_full_queue_must_be_retried),
        TEST(only_socket_names_have_a_process_id),
        TEST(a_folder_that_others_can_use_is_refused),
        TEST(a_name_that_is_taken_by_a_folder_is_reported),
    };

    return cmocka_run_group_tests_name("control_socket", tests, NULL, NULL);
}
