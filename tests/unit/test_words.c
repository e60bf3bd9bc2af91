/* SPDX-License-Identifier: MIT */
#include "cli/words.h"
#include "support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char *const modes[] = {"enabled", "denied", "full", NULL};
static const char *const one[] = {"only", NULL};

static void assert_refused(const char *value, const char *message)
{
    struct failure failure = {0};

    assert_int_equal(words_check("It must be", modes, view_of_text(value), &failure),
                     STATUS_BAD_REQUEST);
    assert_plain_failure(&failure, STATUS_BAD_REQUEST);
    assert_string_equal(failure.message, message);
}

static void words_are_accepted_and_others_refused(void **state)
{
    (void)state;
    struct failure failure = {0};

    for (size_t i = 0; modes[i] != NULL; i++) {
        assert_int_equal(words_check("It must be", modes, view_of_text(modes[i]), &failure),
                         STATUS_OK);
        assert_true(words_have(modes, view_of_text(modes[i])));
    }
    assert_false(words_have(modes, VIEW("")));
    assert_false(words_have(modes, VIEW("enable")));
    assert_refused("off", "It must be enabled, denied or full, not \"off\".");
    assert_refused("", "It must be enabled, denied or full, not \"\".");
    assert_refused("denid", "It must be enabled, denied or full, not \"denid\"; did you mean "
                            "\"denied\"?");
    assert_refused("Full",
                   "It must be enabled, denied or full, not \"Full\"; did you mean \"full\"?");
}

static void a_list_has_commas_and_or(void **state)
{
    (void)state;
    BUFFER_AUTO list = {0};

    words_add_list(&list, modes);
    buffer_add_text(&list, "|");
    words_add_list(&list, one);
    assert_view_equal(view_of_buffer(&list), VIEW("enabled, denied or full|only"));
}

static void a_missing_thing_is_refused_with_what_was_meant_or_what_there_is(void **state)
{
    (void)state;
    struct failure failure = {0};

    assert_int_equal(words_refuse("mode", modes, VIEW("ful"), "full", &failure),
                     STATUS_BAD_REQUEST);
    assert_string_equal(failure.message, "There is no mode \"ful\"; did you mean \"full\"?");
    assert_int_equal(words_refuse("mode", modes, VIEW("x"), NULL, &failure), STATUS_BAD_REQUEST);
    assert_string_equal(failure.message,
                        "There is no mode \"x\"; it must be enabled, denied or full.");
}

static void an_excerpt_ends_between_two_characters(void **state)
{
    (void)state;
    char text[100];

    for (size_t before = 0; before < 40; before++) {
        (void)memset(text, 'a', before);
        for (size_t at = before; at + 2 <= sizeof text; at += 2) {
            memcpy(text + at, "\xC3\xA9", 2);
        }
        struct view excerpt = words_excerpt((struct view){(uint8_t *)text, 98});
        assert_int_equal(excerpt.size, 40 - before % 2);
    }
    assert_int_equal(words_excerpt(VIEW("short")).size, 5);
    assert_int_equal(words_excerpt(VIEW("")).size, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test(name)
    const struct CMUnitTest tests[] = {
        TEST(words_are_accepted_and_others_refused),
        TEST(a_list_has_commas_and_or),
        TEST(a_missing_thing_is_refused_with_what_was_meant_or_what_there_is),
        TEST(an_excerpt_ends_between_two_characters),
    };

    return cmocka_run_group_tests_name("words", tests, NULL, NULL);
}
