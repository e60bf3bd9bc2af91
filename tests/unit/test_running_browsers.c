/* SPDX-License-Identifier: MIT */
#include "support.h"
#include "wire/control_socket.h"
#include "wire/running_browsers.h"

#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* How a host, a child of this process, treats its only client. */
struct behaviour {
    const char *greeting; /* NULL: none */
    const char *answer;   /* NULL: none */
    bool ends;            /* after that, instead of waiting */
};

static struct bytes folder;
static pid_t children[4];
static size_t child_count;

static int start(void **state)
{
    (void)state;
    folder = folder_new();
    child_count = 0;
    return 0;
}

static int finish(void **state)
{
    (void)state;
    for (size_t i = 0; i < child_count; i++) {
        (void)kill(children[i], SIGKILL);
        (void)waitpid(children[i], NULL, 0);
    }
    folder_remove(&folder);
    return 0;
}

static void put(int fd, const char *message)
{
    uint32_t length = (uint32_t)strlen(message);

    if (write(fd, &length, sizeof length) < 0 || write(fd, message, length) < 0) {
        _exit(1);
    }
}

static void wait_readable(int fd)
{
    struct pollfd readable = {.fd = fd, .events = POLLIN};

    if (poll(&readable, 1, -1) < 0) {
        _exit(1);
    }
}

static void be_host(const struct behaviour *behaviour, int ready)
{
    struct control_socket *socket = NULL;
    struct failure failure = {0};
    char request[256];
    int client = -1;
    pid_t process = 0;

    if (control_socket_open((const char *)folder.data, &socket, &failure) != STATUS_OK ||
        write(ready, "x", 1) != 1) {
        _exit(1);
    }
    do {
        wait_readable(socket->listener);
    } while (control_socket_accept(socket, &client, &process) != STATUS_OK);
    if (behaviour->greeting != NULL) {
        put(client, behaviour->greeting);
    }
    if (behaviour->answer != NULL) {
        do {
            wait_readable(client);
        } while (read(client, request, sizeof request) <= 0);
        put(client, behaviour->answer);
    }
    if (behaviour->ends) {
        control_socket_close(&socket);
        _exit(0);
    }
    (void)pause();
}

static pid_t start_host(struct behaviour behaviour)
{
    int ready[2];
    char byte = 0;

    assert_int_equal(pipe(ready), 0);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        be_host(&behaviour, ready[1]);
        _exit(0);
    }
    (void)close(ready[1]);
    assert_int_equal(read(ready[0], &byte, 1), 1);
    (void)close(ready[0]);
    children[child_count++] = pid;
    return pid;
}

static void ask(long timeout_ms, struct running_browsers *ret_list)
{
    JSON_AUTO(request) = json_object_new_object();
    struct failure failure = {0};

    json_set_string(request, "op", VIEW("apply"));
    if (running_browsers_ask_all((const char *)folder.data, request, timeout_ms, ret_list,
                                 &failure) != STATUS_OK) {
        fail_msg("%s", failure.message);
    }
}

/* One of those that were asked; one that was killed before may be among them. */
static const struct running_browser *find(const struct running_browsers *list, pid_t pid)
{
    size_t i = 0;

    while (i < list->count && list->browsers[i].pid != pid) {
        i++;
    }
    assert_true(i < list->count);
    return &list->browsers[i];
}

static void assert_name(const struct running_browser *browser, const char *title)
{
    BYTES_AUTO name = {0};
    char expected[128];

    (void)snprintf(expected, sizeof expected, "%s (host process %ld)", title, (long)browser->pid);
    assert_int_equal(running_browser_name(browser, &name), STATUS_OK);
    assert_view_equal(view_of_bytes(&name), view_of_text(expected));
}

static void a_missing_browser_is_not_an_error(void **state)
{
    (void)state;
    RUNNING_BROWSERS_AUTO list = {0};

    ask(1000, &list);
    assert_int_equal(list.count, 0);
}

static void the_answer_and_the_greeting_are_returned(void **state)
{
    (void)state;
    RUNNING_BROWSERS_AUTO list = {0};

    pid_t pid = start_host((struct behaviour){
        "{\"browser\":\"B/1\"}", "{\"id\":1,\"ok\":true,\"result\":{\"a\":1}}", false});
    ask(60000, &list);
    assert_int_equal(list.count, 1);
    assert_int_equal(list.browsers[0].state, RUNNING_BROWSER_ANSWERED);
    assert_int_equal(list.browsers[0].pid, pid);
    assert_string_equal(json_object_to_json_string_ext(list.browsers[0].result, 0), "{\"a\":1}");
    assert_name(&list.browsers[0], "B/1");
}

static void an_error_is_returned_with_its_message(void **state)
{
    (void)state;
    RUNNING_BROWSERS_AUTO list = {0};

    (void)start_host(
        (struct behaviour){"{}", "{\"id\":1,\"ok\":false,\"error\":\"no way\"}", false});
    ask(60000, &list);
    assert_int_equal(list.browsers[0].state, RUNNING_BROWSER_FAILED);
    assert_view_equal(view_of_bytes(&list.browsers[0].error), VIEW("no way"));
    assert_name(&list.browsers[0], "a browser");
}

static void a_host_that_refuses_says_why(void **state)
{
    (void)state;
    static const char refusal[] = "{\"id\":null,\"ok\":false,\"error\":\"no room\"}";
    const struct behaviour refusals[] = {{refusal, NULL, false}, {"{}", refusal, false}};

    for (size_t i = 0; i < COUNT(refusals); i++) {
        RUNNING_BROWSERS_AUTO list = {0};
        pid_t pid = start_host(refusals[i]);
        ask(60000, &list);
        const struct running_browser *browser = find(&list, pid);
        assert_int_equal(browser->state, RUNNING_BROWSER_FAILED);
        assert_view_equal(view_of_bytes(&browser->error), VIEW("no room"));
        (void)kill(pid, SIGKILL); /* it answers once */
    }
}

static void a_silent_browser_times_out(void **state)
{
    (void)state;
    RUNNING_BROWSERS_AUTO list = {0};

    (void)start_host((struct behaviour){NULL, NULL, false});
    (void)start_host((struct behaviour){"{\"browser\":\"B\"}", NULL, false});
    ask(200, &list);
    assert_int_equal(list.count, 2);
    for (size_t i = 0; i < list.count; i++) {
        assert_int_equal(list.browsers[i].state, RUNNING_BROWSER_ASKED);
    }
}

static void a_browser_that_ends_is_not_listed(void **state)
{
    (void)state;
    RUNNING_BROWSERS_AUTO list = {0};

    (void)start_host((struct behaviour){"{}", NULL, true});
    ask(60000, &list);
    assert_int_equal(list.count, 1);
    assert_int_equal(list.browsers[0].state, RUNNING_BROWSER_GONE);
}

static void only_new_browsers_that_are_not_excluded_are_asked(void **state)
{
    (void)state;
    static const struct behaviour answers = {"{}", "{\"id\":1,\"ok\":true,\"result\":null}", false};
    JSON_AUTO(request) = json_object_new_object();
    RUNNING_BROWSERS_AUTO list = {0};
    struct failure failure = {0};
    int sockets = -1;

    json_set_string(request, "op", VIEW("apply"));
    pid_t out = start_host((struct behaviour){NULL, NULL, false});
    pid_t first = start_host(answers);
    assert_int_equal(control_folder_open((const char *)folder.data, &sockets, &failure), STATUS_OK);
    assert_int_equal(running_browsers_ask(&list, sockets, request, &out, 1), STATUS_OK);
    assert_int_equal(list.count, 1);
    assert_int_equal(list.browsers[0].pid, first);
    assert_true(list.browsers[0].sent);
    pid_t second = start_host(answers);
    assert_int_equal(running_browsers_ask(&list, sockets, request, &out, 1), STATUS_OK);
    assert_int_equal(list.count, 2);
    assert_int_equal(list.browsers[1].pid, second);
    while (running_browsers_are_asked(&list)) {
        assert_int_equal(running_browsers_wait(&list, sockets, request, 60000), STATUS_OK);
    }
    for (size_t i = 0; i < list.count; i++) {
        assert_int_equal(list.browsers[i].state, RUNNING_BROWSER_ANSWERED);
    }
    (void)close(sockets);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, finish)
    const struct CMUnitTest tests[] = {
        TEST(a_missing_browser_is_not_an_error),
        TEST(the_answer_and_the_greeting_are_returned),
        TEST(an_error_is_returned_with_its_message),
        TEST(a_host_that_refuses_says_why),
        TEST(a_silent_browser_times_out),
        TEST(a_browser_that_ends_is_not_listed),
        TEST(only_new_browsers_that_are_not_excluded_are_asked),
    };

    return cmocka_run_group_tests_name("browsers", tests, NULL, NULL);
}
