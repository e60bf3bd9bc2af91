/* SPDX-License-Identifier: MIT */
#include "base/identity.h"
#include "native/caller.h"
#include "support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define CHROMIUM "chrome-extension://" POWERUP_SECRETS_CHROMIUM_ID
#define FIREFOX  POWERUP_SECRETS_FIREFOX_ID

enum { ARGUMENTS_MAX = 5 };

/* Checks up to four arguments after the program's name; NULL ends them. */
static enum status check(const char *const *given, struct failure *failure)
{
    char texts[ARGUMENTS_MAX][256] = {"powerup-secrets-host"};
    char *arguments[ARGUMENTS_MAX + 1] = {texts[0]};
    int count = 1;

    for (; count < ARGUMENTS_MAX && given[count - 1] != NULL; count++) {
        (void)snprintf(texts[count], sizeof texts[count], "%s", given[count - 1]);
        arguments[count] = texts[count];
    }
    return caller_check(count, arguments, failure);
}

static void our_extension_is_accepted_as_browsers_name_it(void **state)
{
    (void)state;
    static const char *const accepted[][ARGUMENTS_MAX] = {
        {CHROMIUM "/"},
        {CHROMIUM},
        {CHROMIUM "/", "--parent-window=0"},
        {CHROMIUM "/", "--parent-window=123456"},
        {"/home/u/.mozilla/native-messaging-hosts/x.json", FIREFOX},
        {"/x", FIREFOX},
    };

    for (size_t i = 0; i < COUNT(accepted); i++) {
        struct failure failure = {0};
        if (check(accepted[i], &failure) != STATUS_OK) {
            fail_msg("%s: %s", accepted[i][0], failure.message);
        }
    }
}

static void every_other_caller_is_refused_and_named(void **state)
{
    (void)state;
    static const char *const refused[][ARGUMENTS_MAX] = {
        {""},
        {"/"},
        {FIREFOX},
        {POWERUP_SECRETS_CHROMIUM_ID},
        {"chrome-extension://"},
        {"chrome-extension:///"},
        {"chrome-extension://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/"},
        {CHROMIUM "a/"},
        {CHROMIUM "//"},
        {CHROMIUM "/x"},
        {CHROMIUM "/ "},
        {CHROMIUM " "},
        {" " CHROMIUM "/"},
        {CHROMIUM "?"},
        {CHROMIUM "."},
        {CHROMIUM ":1/"},
        {"CHROME-EXTENSION://" POWERUP_SECRETS_CHROMIUM_ID "/"},
        {"moz-extension://" POWERUP_SECRETS_CHROMIUM_ID "/"},
        {"https://" POWERUP_SECRETS_CHROMIUM_ID "/"},
        {"extension://" POWERUP_SECRETS_CHROMIUM_ID "/"},
        {CHROMIUM "/", ""},
        {CHROMIUM "/", "--parent-window"},
        {CHROMIUM "/", "--parent"},
        {CHROMIUM "/", "--verbose"},
        {CHROMIUM "/", "extra"},
        {CHROMIUM "/", "--parent-window=0", "extra"},
        {CHROMIUM "/", CHROMIUM "/"},
        {CHROMIUM "/", FIREFOX},
        {"--parent-window=0", CHROMIUM "/"},
        {"/x", ""},
        {"/x", "x" FIREFOX},
        {"/x", FIREFOX "x"},
        {"/x", FIREFOX " "},
        {"/x", "other@example.com"},
        {"/x", CHROMIUM "/"},
        {"x", FIREFOX},
        {"./x", FIREFOX},
        {"", FIREFOX},
        {"/x", FIREFOX, "extra"},
        {"/x", FIREFOX, "--parent-window=0"},
        {FIREFOX, "/x"},
    };

    for (size_t i = 0; i < COUNT(refused); i++) {
        struct failure failure = {0};
        if (check(refused[i], &failure) != STATUS_BAD_REQUEST) {
            fail_msg("%s is accepted", refused[i][0]);
        }
        assert_plain_failure(&failure, STATUS_BAD_REQUEST);
        assert_non_null(strstr(failure.message, refused[i][refused[i][1] != NULL ? 1 : 0]));
    }
}

static void every_letter_of_the_ids_is_compared(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof CHROMIUM - 1; i++) {
        char changed[] = CHROMIUM "/";
        const char *const given[] = {changed, NULL};
        struct failure failure = {0};
        changed[i] ^= 1;
        assert_int_equal(check(given, &failure), STATUS_BAD_REQUEST);
    }
    for (size_t i = 0; i < sizeof FIREFOX - 1; i++) {
        char changed[] = FIREFOX;
        const char *const given[] = {"/x", changed, NULL};
        struct failure failure = {0};
        changed[i] ^= 1;
        assert_int_equal(check(given, &failure), STATUS_BAD_REQUEST);
    }
    for (size_t size = 0; size < sizeof CHROMIUM - 1; size++) {
        char cut[] = CHROMIUM;
        const char *const given[] = {cut, NULL};
        struct failure failure = {0};
        cut[size] = '\0';
        assert_int_equal(check(given, &failure), STATUS_BAD_REQUEST);
    }
}

static void a_missing_argument_is_refused(void **state)
{
    (void)state;
    static const char *const none[] = {NULL};
    char *nothing[] = {NULL};
    struct failure failure = {0};

    assert_int_equal(check(none, &failure), STATUS_BAD_REQUEST);
    assert_non_null(strstr(failure.message, "no extension"));
    assert_int_equal(caller_check(0, nothing, &failure), STATUS_BAD_REQUEST);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(our_extension_is_accepted_as_browsers_name_it),
        cmocka_unit_test(every_other_caller_is_refused_and_named),
        cmocka_unit_test(every_letter_of_the_ids_is_compared),
        cmocka_unit_test(a_missing_argument_is_refused),
    };

    return cmocka_run_group_tests_name("caller", tests, NULL, NULL);
}
