/* SPDX-License-Identifier: MIT */
#include "cli/option.h"
#include "support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static bool takes(enum option option, const char *value)
{
    struct failure failure = {0};

    enum status status = option_check(option, view_of_text(value), &failure);
    if (status != STATUS_OK) {
        assert_plain_failure(&failure, status);
        assert_true(status == STATUS_BAD_REQUEST || status == STATUS_BAD_ORIGIN);
    }
    return status == STATUS_OK;
}

static void every_row_is_complete_and_has_a_unique_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        assert_true(strlen(option_rows[i].name) > 0);
        assert_true(strlen(option_rows[i].help) > 0);
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(option_rows[i].name, option_rows[j].name);
        }
    }
}

static void values_are_accepted_or_refused(void **state)
{
    (void)state;
    static const struct {
        enum option option;
        const char *good[8];
        const char *bad[12];
    } cases[] = {
        {OPTION_STATE, {"x", "/a"}, {""}},
        {OPTION_TIMEOUT,
         {"1", "0.001", "0.5", "3600", "3600.000", "007", "12.34"},
         {"", "0", "0.000", "-1", "3601", "3600.001", "1.", ".5", "1e3", "1.2345", "5s", " 5"}},
        {OPTION_DELAY, {"0", "1", "86400000"}, {"", "-1", "86400001", "1.5", "999999999999", "x"}},
        {OPTION_TIMES, {"1", "1000000"}, {"", "0", "-1", "1000001", "1.0", "+1", "2 "}},
        {OPTION_MEMBER, {"m"}, {""}},
        {OPTION_OWNER, {"b1"}, {""}},
        {OPTION_OP,
         {"storeSecret", "clearSecret", "get", "set", "board", "requestToken", "closePopup"},
         {"", "storesecret", "Get", "request-token", "remove", "getContext", "secret", "two words",
          "a\"", "\xC3\xA9"}},
        {OPTION_SCOPE, {"board", "card", "member", "organization"}, {"", "Board", "list"}},
        {OPTION_VISIBILITY, {"shared", "private"}, {"", "public", "Shared"}},
        {OPTION_OPTIONS, {"{}", " {\"a\":[1]} "}, {"", "[]", "1", "{a:1}", "{}{}", "null"}},
        {OPTION_NAME, {"aescbc", "a b", "o.x"}, {"", "a\"b", "a\\b", "\xC3\xA9", "a\nb"}},
        {OPTION_BROWSER, {"chromium", "chrome,edge"}, {"", "netscape", "chrome,", "Chrome"}},
        {OPTION_USER_DATA_DIR, {"x", "/a"}, {""}},
        {OPTION_SLOT,
         {"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"},
         {"", "00", "00112233445566778899AABBCCDDEEFF00112233445566778899aabbccddeeff",
          "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff0",
          "g0112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"}},
        {OPTION_ORIGIN,
         {"http://localhost:3000", "https://a.example"},
         {"", "null", "a.example", "https://a.example/"}},
        {OPTION_TOP_LEVEL_SITE,
         {"https://trello.com", "null", "file://"},
         {"", "trello.com", "https://a:81"}},
        {OPTION_VALUE_FILE, {"x"}, {""}},
        {OPTION_TEXT_FILE, {"x"}, {""}},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        for (size_t j = 0; j < COUNT(cases[i].good) && cases[i].good[j] != NULL; j++) {
            if (!takes(cases[i].option, cases[i].good[j])) {
                fail_msg("--%s refuses %s", option_rows[cases[i].option].name, cases[i].good[j]);
            }
        }
        for (size_t j = 0; j < COUNT(cases[i].bad) && cases[i].bad[j] != NULL; j++) {
            if (takes(cases[i].option, cases[i].bad[j])) {
                fail_msg("--%s takes %s", option_rows[cases[i].option].name, cases[i].bad[j]);
            }
        }
    }
}

static void an_option_without_a_check_accepts_any_text(void **state)
{
    (void)state;
    static const enum option any[] = {OPTION_KEY, OPTION_ERROR};

    for (size_t i = 0; i < OPTION_COUNT; i++) {
        bool listed = option_rows[i].argument == NULL;
        for (size_t j = 0; j < COUNT(any); j++) {
            listed = listed || any[j] == (enum option)i;
        }
        assert_int_equal(option_rows[i].check == NULL && option_rows[i].words == NULL, listed);
    }
}

static void words_are_accepted_as_values(void **state)
{
    (void)state;
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        const char *const *word = option_rows[i].words;
        for (; word != NULL && *word != NULL; word++) {
            assert_true(takes((enum option)i, *word));
        }
    }
}

static void numbers_are_read_exactly(void **state)
{
    (void)state;
    static const struct {
        const char *seconds;
        long milliseconds;
    } cases[] = {{"5", 5000}, {"0.5", 500}, {"0.25", 250}, {"1.001", 1001}, {"3600.000", 3600000}};

    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_int_equal(option_milliseconds(cases[i].seconds), cases[i].milliseconds);
    }
    assert_int_equal(option_number("007"), 7);
    assert_int_equal(option_number("86400000"), 86400000);
}

int main(void)
{
#define TEST(name) cmocka_unit_test(name)
    const struct CMUnitTest tests[] = {
        TEST(every_row_is_complete_and_has_a_unique_name),
        TEST(values_are_accepted_or_refused),
        TEST(an_option_without_a_check_accepts_any_text),
        TEST(words_are_accepted_as_values),
        TEST(numbers_are_read_exactly),
    };

    return cmocka_run_group_tests_name("option", tests, NULL, NULL);
}
