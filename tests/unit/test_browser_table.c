/* SPDX-License-Identifier: MIT */
#include "base/identity.h"
#include "browsers/browser_choice.h"
#include "support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

static bool is_path(const char *text)
{
    size_t size = text != NULL ? strlen(text) : 0;

    return text == NULL ||
           ((text[0] == '/' || strncmp(text, "~/", 2) == 0 || strncmp(text, "$CONFIG/", 8) == 0) &&
            text[size - 1] != '/' && strstr(text, "//") == NULL);
}

static void every_row_is_whole(void **state)
{
    (void)state;
    for (size_t i = 0; i < browser_table_size; i++) {
        const struct browser_row *row = &browser_table[i];
        assert_int_equal(strspn(row->name, "abcdefghijklmnopqrstuvwxyz-"), strlen(row->name));
        assert_true(strlen(row->title) > 0);
        assert_int_equal(row->packaging != PACKAGING_NATIVE, row->package != NULL);
        assert_non_null(row->profile);
        assert_non_null(row->user_folder);
        assert_true(is_path(row->profile) && is_path(row->user_folder));
        assert_true(is_path(row->system_folder));
        assert_true(row->system_folder == NULL || row->system_folder[0] == '/');
    }
}

static void rows_of_one_name_follow_each_other_and_are_of_one_family(void **state)
{
    (void)state;
    for (size_t i = 0; i < browser_table_size; i++) {
        for (size_t j = 0; j < i; j++) {
            bool same = strcmp(browser_table[i].name, browser_table[j].name) == 0;
            if (same) {
                assert_false(browser_is_first_of_name(i));
                assert_string_equal(browser_table[j + 1].name, browser_table[i].name);
                assert_int_equal(browser_table[j].family, browser_table[i].family);
            }
        }
    }
}

static void the_browsers_that_were_promised_are_there(void **state)
{
    (void)state;
    static const char *const promised[] = {
        "chrome",   "chrome-beta", "chrome-dev", "chrome-for-testing",
        "chromium", "edge",        "brave",      "vivaldi",
        "opera",    "firefox",     "librewolf",  "tor-browser",
        "zen"};

    for (size_t i = 0; i < COUNT(promised); i++) {
        const struct browser_row *row = browser_first(promised[i]);
        assert_string_equal(row->name, promised[i]);
    }
    assert_string_equal(browser_first(NULL)->name, "chromium");
    assert_string_equal(browser_first("firefox,brave")->name, "firefox");
}

static void lists_of_names_are_judged(void **state)
{
    (void)state;
    static const char *const good[] = {"chrome", "chrome,firefox", "opera,opera"};
    static const char *const bad[] = {"",      ",",    "chrome,",       ",chrome", "chrome,,edge",
                                      "chrom", "Edge", "chrome firefox"};
    struct failure failure = {0};

    for (size_t i = 0; i < COUNT(good); i++) {
        assert_int_equal(browser_list_check(view_of_text(good[i]), &failure), STATUS_OK);
    }
    for (size_t i = 0; i < COUNT(bad); i++) {
        assert_int_equal(browser_list_check(view_of_text(bad[i]), &failure), STATUS_BAD_REQUEST);
        assert_plain_failure(&failure, STATUS_BAD_REQUEST);
    }
    assert_true(browser_list_has("a,b,c", "b"));
    assert_false(browser_list_has("a,bc", "b"));
    assert_false(browser_list_has("", "b"));
}

static void assert_path(const char *text, const char *expected)
{
    struct failure failure = {0};
    BYTES_AUTO path = {0};

    assert_int_equal(browser_path(text, &path, &failure), STATUS_OK);
    assert_string_equal((char *)path.data, expected);
}

static void paths_follow_the_environment(void **state)
{
    (void)state;
    struct failure failure = {0};
    struct bytes path = {0};

    assert_int_equal(setenv("HOME", "/h", 1), 0);
    assert_int_equal(unsetenv("XDG_CONFIG_HOME"), 0);
    assert_int_equal(unsetenv("CHROME_CONFIG_HOME"), 0);
    assert_int_equal(unsetenv("DESTDIR"), 0);
    assert_path("~/.mozilla", "/h/.mozilla");
    assert_path("$CONFIG/chromium", "/h/.config/chromium");
    assert_path("/etc/chromium", "/etc/chromium");
    assert_int_equal(setenv("DESTDIR", "/d", 1), 0);
    assert_int_equal(setenv("XDG_CONFIG_HOME", "/x", 1), 0);
    assert_path("~/.mozilla", "/h/.mozilla");
    assert_path("$CONFIG/chromium", "/x/chromium");
    assert_path("/etc/chromium", "/d/etc/chromium");
    assert_int_equal(setenv("XDG_CONFIG_HOME", "relative", 1), 0);
    assert_path("$CONFIG/chromium", "/h/.config/chromium");
    assert_int_equal(setenv("HOME", "", 1), 0);
    assert_int_equal(browser_path("~/.mozilla", &path, &failure), STATUS_BAD_REQUEST);
    assert_plain_failure(&failure, STATUS_BAD_REQUEST);
    assert_null(path.data);
}

/* The choice of the first row of a name. */
static enum browser_choice choice_of(const char *name, const char *names)
{
    struct failure failure = {0};
    enum browser_choice choice = CHOICE_OTHER;
    size_t row = (size_t)(browser_first(name) - browser_table);

    assert_int_equal(browser_choose(row, names, SCOPE_USER, &choice, &failure), STATUS_OK);
    return choice;
}

static void browsers_in_use_or_named_are_chosen(void **state)
{
    (void)state;
    FOLDER_AUTO home = folder_new();

    assert_int_equal(setenv("HOME", (char *)home.data, 1), 0);
    assert_int_equal(unsetenv("XDG_CONFIG_HOME"), 0);
    assert_int_equal(choice_of("librewolf", NULL), CHOICE_NEVER_STARTED);
    assert_int_equal(choice_of("librewolf", "librewolf"), CHOICE_CHOSEN);
    assert_int_equal(choice_of("librewolf", "firefox"), CHOICE_OTHER);
    assert_int_equal(mkdir(path_in((char *)home.data, ".librewolf"), 0700), 0);
    assert_int_equal(choice_of("librewolf", NULL), CHOICE_CHOSEN);
    assert_int_equal(choice_of("librewolf", "brave,librewolf"), CHOICE_CHOSEN);
    file_write(path_in((char *)home.data, ".waterfox"), view_of_text("no folder"));
    assert_int_equal(choice_of("waterfox", NULL), CHOICE_NEVER_STARTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_whole),
        cmocka_unit_test(rows_of_one_name_follow_each_other_and_are_of_one_family),
        cmocka_unit_test(the_browsers_that_were_promised_are_there),
        cmocka_unit_test(lists_of_names_are_judged),
        cmocka_unit_test(paths_follow_the_environment),
        cmocka_unit_test(browsers_in_use_or_named_are_chosen),
    };

    return cmocka_run_group_tests_name("browser_table", tests, NULL, NULL);
}
