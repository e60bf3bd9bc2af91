/* SPDX-License-Identifier: MIT */
#include "browsers/kept_out.h"
#include "support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define EXCEPT "--disable-extensions-except"
#define OURS   "/ours"

/* A command line, with a NUL behind each argument as in /proc, and its argument that is named. */
#define LINE(text) (text), sizeof(text) - 1
static const struct {
    const char *text;
    size_t size;
    const char *named; /* NULL: the extension gets in */
} lines[] = {
    {LINE(""), NULL},
    {LINE("chromium\0"), NULL},
    {LINE("chromium\0disable-extensions\0"), NULL},
    {LINE("chromium\0--disable-extensions-file-access-check\0"), NULL},
    {LINE("chromium\0--disable-extensions\0about:blank\0"), "--disable-extensions"},
    {LINE("chromium\0-disable-extensions"), "-disable-extensions"},
    {LINE("chromium\0" EXCEPT "\0"), EXCEPT},
    {LINE("chromium\0" EXCEPT "=\0"), EXCEPT "="},
    {LINE("chromium\0" EXCEPT "=/other\0"), EXCEPT "=/other"},
    {LINE("chromium\0" EXCEPT "=/other,/ours2\0"), EXCEPT "=/other,/ours2"},
    {LINE("chromium\0" EXCEPT "=/our\0"), EXCEPT "=/our"},
    {LINE("chromium\0" EXCEPT "=" OURS "\0"), NULL},
    {LINE("chromium\0" EXCEPT "=/other," OURS "\0"), NULL},
    {LINE("chromium\0" EXCEPT "=" OURS ",/other\0"), NULL},
    {LINE("chromium\0" EXCEPT "=" OURS "\0--disable-extensions\0"), NULL},
    {LINE("chromium\0--disable-extensions\0" EXCEPT "=/other\0"), EXCEPT "=/other"},
    {LINE("chromium\0" EXCEPT "=/other\0" EXCEPT "=" OURS "\0"), NULL},
    {LINE("chromium\0" EXCEPT "=" OURS "\0" EXCEPT "=/other\0"), EXCEPT "=/other"},
};

static void the_argument_that_keeps_it_out_is_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(lines); i++) {
        struct view found =
            kept_out_by((struct view){(const uint8_t *)lines[i].text, lines[i].size}, OURS);
        if (lines[i].named == NULL) {
            assert_null(found.data);
        } else {
            assert_true(view_equal(found, view_of_text(lines[i].named)));
        }
    }
}

static void a_process_without_such_an_argument_has_none(void **state)
{
    (void)state;
    char argument[KEPT_OUT_SIZE] = "as before";

    kept_out_of_process(getpid(), OURS, argument);
    assert_string_equal(argument, "");
    (void)strcpy(argument, "as before");
    kept_out_of_process(-1, OURS, argument);
    assert_string_equal(argument, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_argument_that_keeps_it_out_is_found),
        cmocka_unit_test(a_process_without_such_an_argument_has_none),
    };

    return cmocka_run_group_tests_name("kept_out", tests, NULL, NULL);
}
