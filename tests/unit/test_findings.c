/* SPDX-License-Identifier: MIT */
#include "browsers/findings.h"
#include "support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void each_is_a_line_and_problems_are_counted(void **state)
{
    (void)state;
    FINDINGS_AUTO findings = findings_init();
    BUFFER_AUTO output = {0};

    findings_add(&findings, FINDING_OK, "a", NULL, "fine, %d times", 3);
    findings_add(&findings, FINDING_WARNING, "b", "do it", "so so");
    findings_add(&findings, FINDING_PROBLEM, "c\n", "rm\tx", "bad\x1B[1m");
    assert_int_equal(findings_status(&findings), STATUS_OK);
    assert_int_equal(findings.problems, 1);
    findings_print(&findings, &output);
    assert_view_equal(view_of_buffer(&output), VIEW("ok       a: fine, 3 times\n"
                                                    "warning  b: so so Fix: do it\n"
                                                    "problem  c\\n: bad\\u001b[1m Fix: rm\\tx\n"));
}

static void a_path_is_one_word_for_the_shell(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        const char *fix;
    } cases[] = {
        {"/a/b-c_d.e", "rm /a/b-c_d.e && x"},
        {"/a b", "rm '/a b' && x"},
        {"/it's", "rm '/it'\\''s' && x"},
        {"$(x)", "rm '$(x)' && x"},
        {"", "rm '' && x"},
        {"/\xC3\xA9", "rm '/\xC3\xA9' && x"},
    };
    char fix[FIX_SIZE];

    for (size_t i = 0; i < COUNT(cases); i++) {
        fix_write(fix, "rm", cases[i].path, "&& x");
        assert_string_equal(fix, cases[i].fix);
    }
    fix_write(fix, "", "/a", "");
    assert_string_equal(fix, "/a");
}

static void a_fix_that_is_too_long_is_cut(void **state)
{
    (void)state;
    static char path[2 * FIX_SIZE];
    static char fix[FIX_SIZE];

    memset(path, '\'', sizeof path - 1);
    fix_write(fix, "rm", path, "&& x");
    assert_int_equal(strlen(fix), FIX_SIZE - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_is_a_line_and_problems_are_counted),
        cmocka_unit_test(a_path_is_one_word_for_the_shell),
        cmocka_unit_test(a_fix_that_is_too_long_is_cut),
    };

    return cmocka_run_group_tests_name("findings", tests, NULL, NULL);
}
