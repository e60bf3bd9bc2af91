/* SPDX-License-Identifier: MIT */
#include "base/buffer.h"
#include "support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void additions_follow_each_other(void **state)
{
    (void)state;
    BUFFER_AUTO buffer = {0};

    assert_int_equal(view_of_buffer(&buffer).size, 0);
    buffer_add_text(&buffer, "a");
    buffer_add(&buffer, VIEW("b\0c"));
    buffer_print(&buffer, "%s-%d", "d", 7);
    buffer_add(&buffer, (struct view){NULL, 0});
    assert_view_equal(view_of_buffer(&buffer), VIEW("ab\0cd-7"));
    assert_int_equal(buffer_status(&buffer), STATUS_OK);
}

static void it_grows_without_losing_anything(void **state)
{
    (void)state;
    BUFFER_AUTO buffer = {0};

    for (int i = 0; i < 100000; i++) {
        buffer_print(&buffer, "%05d,", i);
    }
    assert_int_equal(buffer.size, 600000);
    for (int i = 0; i < 100000; i++) {
        assert_int_equal(strtol((char *)buffer.data + 6 * (size_t)i, NULL, 10), i);
    }
}

static void bytes_dropped_at_the_start_are_gone(void **state)
{
    (void)state;
    BUFFER_AUTO buffer = {0};

    buffer_add_text(&buffer, "abcdef");
    buffer_drop(&buffer, 0);
    assert_view_equal(view_of_buffer(&buffer), VIEW("abcdef"));
    buffer_drop(&buffer, 2);
    assert_view_equal(view_of_buffer(&buffer), VIEW("cdef"));
    assert_memory_equal(buffer.data + 4, "\0\0", 2);
    buffer_drop(&buffer, 4);
    assert_int_equal(buffer.size, 0);
    buffer_add_text(&buffer, "g");
    assert_view_equal(view_of_buffer(&buffer), VIEW("g"));
}

static void plain_text_has_nothing_hidden(void **state)
{
    (void)state;
    const struct {
        struct view given;
        struct view line;
        struct view lines;
    } cases[] = {
        {VIEW(""), VIEW(""), VIEW("")},
        {VIEW("a\\ \"\xC2\xA0\xC3\xA9\xF0\x9F\x98\x80"),
         VIEW("a\\ \"\xC2\xA0\xC3\xA9\xF0\x9F\x98\x80"),
         VIEW("a\\ \"\xC2\xA0\xC3\xA9\xF0\x9F\x98\x80")},
        {VIEW("a\n\tb\r"), VIEW("a\\n\\tb\\r"), VIEW("a\n\tb\\r")},
        {VIEW("\x1B[31m\x7F\xC2\x9B\0z"), VIEW("\\u001b[31m\\u007f\\u009b\\u0000z"),
         VIEW("\\u001b[31m\\u007f\\u009b\\u0000z")},
        {VIEW("\xE2\x80\xAE\xE2\x80\xA8\xEF\xBB\xBF"), VIEW("\\u202e\\u2028\\ufeff"),
         VIEW("\\u202e\\u2028\\ufeff")},
        {VIEW("\xF3\xA0\x80\x81"), VIEW("\\udb40\\udc01"), VIEW("\\udb40\\udc01")},
        {VIEW("\x9B"
              "2J\xEF\xBF\xBD\xC2"),
         VIEW("\xEF\xBF\xBD"
              "2J\xEF\xBF\xBD\xEF\xBF\xBD"),
         VIEW("\xEF\xBF\xBD"
              "2J\xEF\xBF\xBD\xEF\xBF\xBD")},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        BUFFER_AUTO line = {0};
        BUFFER_AUTO lines = {0};
        BYTES_AUTO exact = bytes_of(cases[i].given);
        buffer_add_plain(&line, view_of_bytes(&exact));
        buffer_add_plain_lines(&lines, view_of_bytes(&exact));
        assert_view_equal(view_of_buffer(&line), cases[i].line);
        assert_view_equal(view_of_buffer(&lines), cases[i].lines);
    }
}

static void a_buffer_without_memory_takes_nothing_more(void **state)
{
    (void)state;
    BUFFER_AUTO buffer = {0};

    buffer_add_text(&buffer, "kept");
    buffer_add(&buffer, (struct view){(const uint8_t *)"", SIZE_MAX / 2});
    assert_int_equal(buffer_status(&buffer), STATUS_NO_MEMORY);
    buffer_add_text(&buffer, "more");
    buffer_print(&buffer, "%s", "more");
    assert_view_equal(view_of_buffer(&buffer), VIEW("kept"));
    assert_int_equal(buffer_status(&buffer), STATUS_NO_MEMORY);
}

int main(void)
{
#define TEST(name) cmocka_unit_test(name)
    const struct CMUnitTest tests[] = {
        TEST(additions_follow_each_other),
        TEST(it_grows_without_losing_anything),
        TEST(bytes_dropped_at_the_start_are_gone),
        TEST(plain_text_has_nothing_hidden),
        TEST(a_buffer_without_memory_takes_nothing_more),
    };

    return cmocka_run_group_tests_name("buffer", tests, NULL, NULL);
}
