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

/* Three columns whose cells are 1, 8 and 20 characters wide. */
static void fill(struct table *table)
{
    table_add_text(table, "A");
    table_add_text(table, "12345678");
    table_add_text(table, "\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9"
                          "5678901234567890");
    table_add_text(table, "B");
    table_add_text(table, "-");
    table_add_text(table, "\xC3\xA9");
}

static void cells_are_cut_to_the_longest_cell_and_the_widest_columns_to_the_line(void **state)
{
    (void)state;
    static const struct {
        size_t cell_max;
        size_t line_max;
        const char *expected;
    } rows[] = {
        {0, 0,
         "A  12345678  \xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9"
         "5678901234567890\nB  -         \xC3\xA9\n"},
        {20, 33,
         "A  12345678  \xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9"
         "5678901234567890\nB  -         \xC3\xA9\n"},
        {8, 0,
         "A  12345678  \xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9"
         "567\xE2\x80\xA6\nB  -         \xC3\xA9\n"},
        {0, 32,
         "A  12345678  \xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9"
         "56789012345678\xE2\x80\xA6\nB  -         \xC3\xA9\n"},
        {0, 20,
         "A  123456\xE2\x80\xA6  \xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9"
         "56\xE2\x80\xA6\nB  -        \xC3\xA9\n"},
        {0, 9, "A  1\xE2\x80\xA6  \xC3\xA9\xE2\x80\xA6\nB  -   \xC3\xA9\n"},
        {0, 1, "A  \xE2\x80\xA6  \xE2\x80\xA6\nB  -  \xC3\xA9\n"},
        {1, 1, "A  \xE2\x80\xA6  \xE2\x80\xA6\nB  -  \xC3\xA9\n"},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        TABLE_AUTO table = {
            .columns = 3, .cell_max = rows[i].cell_max, .line_max = rows[i].line_max};
        fill(&table);
        assert_prints(&table, rows[i].expected);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test(name)
    const struct CMUnitTest tests[] = {
        TEST(columns_are_aligned),
        TEST(a_cell_cannot_leave_its_column),
        TEST(cells_are_cut_to_the_longest_cell_and_the_widest_columns_to_the_line),
    };

    return cmocka_run_group_tests_name("table", tests, NULL, NULL);
}
