/* SPDX-License-Identifier: MIT */
#include "cli/method.h"
#include "cli/words.h"
#include "support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void assert_says(enum status (*check)(struct view, struct failure *), const char *name,
                        const char *expected)
{
    struct failure failure = {0};

    if (check(view_of_text(name), &failure) == STATUS_OK) {
        fail_msg("%s is accepted", name);
    }
    assert_plain_failure(&failure, STATUS_BAD_REQUEST);
    if (strstr(failure.message, expected) == NULL) {
        fail_msg("%s: \"%s\" does not say \"%s\"", name, failure.message, expected);
    }
}

static void exactly_these_kinds_have_faults_and_answers(void **state)
{
    (void)state;
    struct failure failure = {0};

    for (size_t i = 0; i < method_count; i++) {
        struct view name = view_of_text(methods[i].name);
        enum method_kind kind = methods[i].kind;
        bool answered = kind == METHOD_READ || kind == METHOD_ANSWERED;
        bool meets_its_own = kind == METHOD_DATA && strcmp(methods[i].fault, methods[i].name) == 0;
        bool faulty = answered || meets_its_own || kind == METHOD_SECRET || kind == METHOD_SHOWN;
        assert_int_equal(words_have(method_fault_names, name), faulty);
        assert_int_equal(words_have(method_answer_names, name), answered);
        assert_int_equal(method_check_fault(name, &failure) == STATUS_OK, faulty);
        assert_int_equal(method_check_answer(name, &failure) == STATUS_OK, answered);
    }
    assert_true(method_count > 40);
}

static void a_misspelt_name_is_refused_with_the_right_one(void **state)
{
    (void)state;
    assert_says(method_check_fault, "lodSecret",
                "There is no call \"lodSecret\"; did you mean \"loadSecret\"?");
    assert_says(method_check_fault, "LOADSECRET", "did you mean \"loadSecret\"?");
    assert_says(method_check_answer, "cardd", "There is no call \"cardd\"; did you mean \"card\"?");
    assert_says(method_check_answer, "Board", "did you mean \"board\"?");
}

static void a_name_that_is_near_none_is_refused_with_all(void **state)
{
    (void)state;
    assert_says(method_check_fault, "localStorage", "it must be storeSecret, loadSecret, ");
    assert_says(method_check_fault, "localStorage", " or refreshTokens.");
    assert_says(method_check_fault, "", " or refreshTokens.");
    assert_says(
        method_check_answer, "localStorage",
        "it must be board, card, cards, list, lists, member, organization, jwt, requestToken, "
        "authorizationCodeExchange or refreshTokens.");
}

static void a_command_is_refused_with_the_method_that_sends_it(void **state)
{
    (void)state;
    static const struct {
        const char *command;
        const char *says;
    } cases[] = {
        {"request-token", "did you mean \"requestToken\"?"},
        {"resize", "did you mean \"sizeTo\"?"},
        {"close-popup", "did you mean \"closePopup\"?"},
        {"pop-popup", "did you mean \"back\"?"},
        {"attach-to-card", "did you mean \"attach\"?"},
        {"board-bar", "did you mean \"boardBar\"?"},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_says(method_check_fault, cases[i].command, cases[i].says);
        assert_says(method_check_answer, cases[i].command, cases[i].says);
    }
}

static void a_method_of_another_kind_is_refused_with_the_reason(void **state)
{
    (void)state;
    assert_says(method_check_fault, "remove", "t.remove meets the fault of \"set\"");
    assert_says(method_check_fault, "getAll", "t.getAll meets the fault of \"get\"");
    assert_says(method_check_fault, "getContext", "t.getContext is not one of the calls");
    assert_says(method_check_fault, "args", "t.args is not a method");
    assert_says(method_check_fault, "getColorToken", "does not exist here");
    assert_says(method_check_answer, "storeSecret", "powerup-secrets fault");
    assert_says(method_check_answer, "get", "plugin-data set");
    assert_says(method_check_answer, "popup", "only shows something");
    assert_says(method_check_answer, "getContext", "t.getContext is not one of the calls");
}

int main(void)
{
#define TEST(name) cmocka_unit_test(name)
    const struct CMUnitTest tests[] = {
        TEST(exactly_these_kinds_have_faults_and_answers),
        TEST(a_misspelt_name_is_refused_with_the_right_one),
        TEST(a_name_that_is_near_none_is_refused_with_all),
        TEST(a_command_is_refused_with_the_method_that_sends_it),
        TEST(a_method_of_another_kind_is_refused_with_the_reason),
    };

    return cmocka_run_group_tests_name("method", tests, NULL, NULL);
}
