/* SPDX-License-Identifier: MIT */
#include "cli/table.h"
#include "support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void assert_prints(const struct table *table, const char *expected)
{
    BUFFER_AUTO output = {0};

    table_print(table, &output);
    assert_view_equal(view_of_buffer(&output), view_of_text(expected));
}

static void columns_are_aligned(void **state)
{
    (void)state;
    TABLE_AUTO table = {.columns = 3};

    assert_prints(&table, "");
    table_add_text(&table, "A");
    table_add_text(&table, "LONG");
    table_add_text(&table, "C");
    assert_prints(&table, "A  LONG  C\n");
    table_add_text(&table, "\xC3\xA9\xF0\x9F\x98\x80z");
    table_add_text(&table, "");
    table_add_text(&table, "last one");
    assert_prints(&table, "A    LONG  C\n"
                          "\xC3\xA9\xF0\x9F\x98\x80z  -     last one\n");
}

static void a_cell_cannot_leave_its_column(void **state)
{
    (void)state;
    TABLE_AUTO table = {.columns = 1};

    table_add(&table, VIEW("a\nb\r\x1B[2J\0"));
    table_add(&table, (struct view){NULL, 0});
    assert_prints(&table, "a\\nb\\r\\u001b[2J\\u0000\n-\n");
}

int main(void)
{
#define TEST(name) cmocka_unit_test(name)
    const struct CMUnitTest tests[] = {
        TEST(columns_are_aligned),
        TEST(a_cell_cannot_leave_its_column),
    };

    return cmocka_run_group_tests_name("table", tests, NULL, NULL);
}
