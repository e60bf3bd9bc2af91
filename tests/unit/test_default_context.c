/* SPDX-License-Identifier: MIT */
#include "base/identity.h"
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
    assert_view_equal(default_context_id(VIEW("board")), VIEW(TRELLO_DEFAULT_BOARD));
    assert_view_equal(default_context_id(VIEW("card")), VIEW(TRELLO_DEFAULT_CARD));
    assert_view_equal(default_context_id(VIEW("organization")), VIEW(TRELLO_DEFAULT_ORGANIZATION));
    assert_null(default_context_id(VIEW("member")).data);
    assert_null(default_context_id(VIEW("")).data);
}

static void the_context_is_what_trello_would_pass(void **state)
{
    (void)state;
    JSON_AUTO(context) = default_context(VIEW("m\"1"));
    struct view text;

    assert_int_equal(json_text_of(context, &text), STATUS_OK);
    assert_view_equal(text,
                      VIEW("{\"version\":\"" TRELLO_LIBRARY_VERSION "\",\"member\":\"m\\\"1\","
                           "\"organization\":\"" TRELLO_DEFAULT_ORGANIZATION "\","
                           "\"board\":\"" TRELLO_DEFAULT_BOARD "\","
                           "\"card\":\"" TRELLO_DEFAULT_CARD "\","
                           "\"permissions\":{\"organization\":\"write\","
                           "\"board\":\"write\",\"card\":\"write\"}}"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test(name)
    const struct CMUnitTest tests[] = {
        TEST(ids_are_those_of_the_extension),
        TEST(the_context_is_what_trello_would_pass),
    };

    return cmocka_run_group_tests_name("default_context", tests, NULL, NULL);
}
