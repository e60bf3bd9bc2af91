/* SPDX-License-Identifier: MIT */
/* What needs no command line beside this program; the rest is in tests/protocol/command.test.js. */
#include "native/child.h"
#include "support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct failure failure;

static enum status start(struct child *child, const char *arguments)
{
    JSON_AUTO(array) = NULL;

    failure = (struct failure){0};
    assert_int_equal(json_text_parse((struct view){(const uint8_t *)arguments, strlen(arguments)},
                                     &array, &failure),
                     STATUS_OK);
    return child_start(child, 1, array, &failure);
}

static void arguments_are_a_few_strings_without_nul(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "[]",
        "[1]",
        "[null]",
        "[\"help\",[]]",
        "[\"a\\u0000b\"]",
        ("[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,"
         "33]"),
    };
    struct child child = {0};

    for (size_t i = 0; i < COUNT(bad); i++) {
        assert_int_equal(start(&child, bad[i]), STATUS_BAD_REQUEST);
        assert_plain_failure(&failure, STATUS_BAD_REQUEST);
        assert_int_equal(child.id, 0);
    }
}

static void a_command_line_that_is_not_beside_the_program_is_reported(void **state)
{
    (void)state;
    struct child child = {0};

    assert_int_equal(start(&child, "[\"help\"]"), STATUS_IO_FAILED);
    assert_non_null(strstr(failure.message, "/powerup-secrets\": No such file"));
    assert_int_equal(child.id, 0);
}

static void one_at_a_time(void **state)
{
    (void)state;
    struct child child = {.id = 7, .process = child_process_init()};

    assert_int_equal(start(&child, "[\"help\"]"), STATUS_BAD_REQUEST);
    assert_non_null(strstr(failure.message, "running already"));
    assert_int_equal(child.id, 7);
    child_end(&child);
    assert_int_equal(child.id, 0);
}

static void without_a_child_there_is_nothing_to_poll(void **state)
{
    (void)state;
    struct child child = {0};
    struct pollfd polled[CHILD_PIPES];

    child_poll(&child, polled);
    for (size_t i = 0; i < CHILD_PIPES; i++) {
        assert_int_equal(polled[i].fd, -1);
    }
    assert_int_equal(child_serve(&child, polled, -1), STATUS_OK);
    child_end(&child);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arguments_are_a_few_strings_without_nul),
        cmocka_unit_test(a_command_line_that_is_not_beside_the_program_is_reported),
        cmocka_unit_test(one_at_a_time),
        cmocka_unit_test(without_a_child_there_is_nothing_to_poll),
    };

    return cmocka_run_group_tests_name("child", tests, NULL, NULL);
}
