/* SPDX-License-Identifier: MIT */
#include "support.h"
#include "trello/default_context.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void ids_are_those_of_the_extension(void **state)
{
    (void)state;
    assert_view_equal(default_context_id(VIEW("board")), VIEW("5f00000000000000000000b1"));
    assert_view_equal(default_context_id(VIEW("card")), VIEW("5f00000000000000000000c1"));
    assert_view_equal(default_context_id(VIEW("organization")), VIEW("5f00000000000000000000a1"));
    assert_null(default_context_id(VIEW("member")).data);
    assert_null(default_context_id(VIEW("")).data);
}

static void the_context_is_what_trello_would_hand_over(void **state)
{
    (void)state;
    JSON_AUTO(context) = default_context(VIEW("m\"1"));
    struct view text;

    assert_int_equal(json_text_of(context, &text), STATUS_OK);
    assert_view_equal(text, VIEW("{\"version\":\"1.25.1\",\"member\":\"m\\\"1\","
                                 "\"organization\":\"5f00000000000000000000a1\","
                                 "\"board\":\"5f00000000000000000000b1\","
                                 "\"card\":\"5f00000000000000000000c1\","
                                 "\"permissions\":{\"organization\":\"write\","
                                 "\"board\":\"write\",\"card\":\"write\"}}"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test(name)
    const struct CMUnitTest tests[] = {
        TEST(ids_are_those_of_the_extension),
        TEST(the_context_is_what_trello_would_hand_over),
    };

    return cmocka_run_group_tests_name("default_context", tests, NULL, NULL);
}
