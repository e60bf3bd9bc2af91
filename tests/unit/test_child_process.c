/* SPDX-License-Identifier: MIT */
#include "base/file.h"
#include "support.h"
#include "system/child_process.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { LONG_MS = 60 * 1000 };

static struct child_process start(const char *script, struct child_request request)
{
    const char *const arguments[] = {"sh", "-c", script, NULL};
    struct child_process child = child_process_init();
    struct failure failure = {0};

    request.program = "/bin/sh";
    request.arguments = arguments;
    assert_int_equal(child_process_start(&request, &child, &failure), STATUS_OK);
    return child;
}

static int exit_status_of(struct child_process *child)
{
    int wait_status = 0;

    assert_true(child_process_wait(child, LONG_MS, &wait_status));
    assert_true(WIFEXITED(wait_status));
    assert_int_equal(child->pid, 0);
    return WEXITSTATUS(wait_status);
}

static void assert_reads(int fd, const char *expected)
{
    uint8_t read[256];
    ssize_t size = read_full(fd, read, sizeof read);

    assert_true(size >= 0);
    assert_view_equal((struct view){read, (size_t)size}, view_of_text(expected));
}

static void streams_are_pipes_or_the_log_or_nothing(void **state)
{
    (void)state;
    FOLDER_AUTO folder = folder_new();
    const char *log = path_in((char *)folder.data, "log");

    struct child_process child =
        start("read word; echo \"$word\"; echo error >&2; exit 3",
              (struct child_request){.piped = {true, true, false}, .log = log});
    assert_true(write_full(child.streams[STDIN_FILENO], view_of_text("a word\n")));
    child_process_close(&child, STDIN_FILENO);
    assert_reads(child.streams[STDOUT_FILENO], "a word\n");
    assert_int_equal(child.streams[STDERR_FILENO], -1);
    assert_int_equal(exit_status_of(&child), 3);
    child_process_end(&child, 0);

    child = start("cat; echo out; echo error >&2", (struct child_request){.log = log});
    assert_int_equal(exit_status_of(&child), 0);
    BYTES_AUTO logged = file_read(log);
    assert_view_equal(view_of_bytes(&logged), VIEW("error\nout\nerror\n"));

    child = start("cat; echo error >&2", (struct child_request){.piped = {false, true, true}});
    assert_reads(child.streams[STDOUT_FILENO], "");
    assert_reads(child.streams[STDERR_FILENO], "error\n");
    assert_int_equal(exit_status_of(&child), 0);
    child_process_forget(&child);
    assert_int_equal(child.streams[STDOUT_FILENO], -1);
}

static void it_has_the_folder_and_the_environment_that_it_is_given(void **state)
{
    (void)state;
    static const char *const variables[] = {"TEST_REPLACED=new", "TEST_ADDED=added", NULL};

    assert_int_equal(setenv("TEST_REPLACED", "old", 1), 0);
    assert_int_equal(setenv("TEST_KEPT", "kept", 1), 0);
    struct child_process child =
        start("echo \"$PWD $TEST_REPLACED $TEST_ADDED $TEST_KEPT\"",
              (struct child_request){
                  .piped = {false, true, true}, .folder = "/", .variables = variables});
    assert_reads(child.streams[STDOUT_FILENO], "/ new added kept\n");
    assert_int_equal(exit_status_of(&child), 0);
    child_process_end(&child, 0);
}

static void one_does_not_hold_the_pipes_of_another(void **state)
{
    (void)state;
    struct child_request piped = {.piped = {true, true, true}};
    struct child_process first = start("cat", piped);
    struct child_process second = start("cat", piped);

    child_process_close(&first, STDIN_FILENO);
    assert_reads(first.streams[STDOUT_FILENO], "");
    assert_int_equal(exit_status_of(&first), 0);
    child_process_end(&first, 0);
    child_process_end(&second, LONG_MS);
    assert_int_equal(second.pid, 0);
}

/* This program ignores them; others die of them. */
static void it_does_not_ignore_the_signals_that_this_program_does(void **state)
{
    (void)state;
    static const struct {
        int signal;
        const char *command;
    } cases[] = {{SIGPIPE, "kill -PIPE $$; exit 0"}, {SIGXFSZ, "kill -XFSZ $$; exit 0"}};

    for (size_t i = 0; i < COUNT(cases); i++) {
        int wait_status = 0;
        (void)signal(cases[i].signal, SIG_IGN);
        struct child_process child =
            start(cases[i].command, (struct child_request){.piped = {false, true, true}});
        (void)signal(cases[i].signal, SIG_DFL);
        assert_true(child_process_wait(&child, -1, &wait_status));
        assert_true(WIFSIGNALED(wait_status));
        assert_int_equal(WTERMSIG(wait_status), cases[i].signal);
        child_process_end(&child, 0);
    }
}

/* Starts a leader of a group with a process that ignores SIGTERM; *ret_started is that one. */
static struct child_process start_family(const char *leader, pid_t *ret_started, int *ret_output)
{
    char command[128];
    char line[16] = "";

    (void)snprintf(command, sizeof command,
                   "trap '' TERM; (trap '' TERM; exec sleep 60) & echo $!; %s", leader);
    struct child_process child =
        start(command, (struct child_request){.piped = {false, true, true}, .own_group = true});
    *ret_output = dup(child.streams[STDOUT_FILENO]);
    assert_true(*ret_output >= 0);
    for (size_t size = 0; strchr(line, '\n') == NULL; size++) {
        assert_true(size + 1 < sizeof line);
        assert_int_equal(read(*ret_output, line + size, 1), 1);
    }
    *ret_started = (pid_t)strtol(line, NULL, 10);
    return child;
}

/* Not even a zombie is left, and nobody has the other end of the output any more. */
static void assert_all_ended(struct child_process *child, pid_t started, int output)
{
    child_process_end(child, 0);
    assert_int_equal(child->pid, 0);
    assert_int_equal(kill(started, 0), -1);
    assert_int_equal(errno, ESRCH);
    assert_reads(output, "");
    (void)close(output);
}

static void what_it_started_ends_with_it(void **state)
{
    (void)state;
    int wait_status = 0;
    int output = -1;
    pid_t started = 0;

    for (int i = 0; i < 20; i++) {
        struct child_process child = start_family("wait", &started, &output);
        assert_false(child_process_wait(&child, 0, &wait_status));
        assert_int_equal(errno, ETIMEDOUT);
        assert_all_ended(&child, started, output);
    }
}

static void what_it_started_ends_also_when_it_has_ended_itself(void **state)
{
    (void)state;
    int wait_status = 0;
    int output = -1;
    pid_t started = 0;

    struct child_process child = start_family("exit 3", &started, &output);
    assert_true(child_process_wait(&child, -1, &wait_status));
    assert_int_equal(kill(started, 0), 0);
    assert_all_ended(&child, started, output);
}

static void what_cannot_be_started_is_reported(void **state)
{
    (void)state;
    static const char *const arguments[] = {"x", NULL};
    struct child_process child = child_process_init();
    struct failure failure = {0};

    assert_int_equal(child_process_start(&(struct child_request){.program = "/nowhere",
                                                                 .arguments = arguments,
                                                                 .piped = {true, true, true}},
                                         &child, &failure),
                     STATUS_IO_FAILED);
    assert_string_equal(failure.message, strerror(ENOENT));
    assert_int_equal(child.pid, 0);
    assert_int_equal(child.streams[STDOUT_FILENO], -1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test(name)
    const struct CMUnitTest tests[] = {
        TEST(streams_are_pipes_or_the_log_or_nothing),
        TEST(it_has_the_folder_and_the_environment_that_it_is_given),
        TEST(one_does_not_hold_the_pipes_of_another),
        TEST(it_does_not_ignore_the_signals_that_this_program_does),
        TEST(what_it_started_ends_with_it),
        TEST(what_it_started_ends_also_when_it_has_ended_itself),
        TEST(what_cannot_be_started_is_reported),
    };

    return cmocka_run_group_tests_name("child_process", tests, NULL, NULL);
}
