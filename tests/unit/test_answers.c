/* SPDX-License-Identifier: MIT */
#include "secrets_fixture.h"
#include "store/answers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static enum status set(const char *origin, const char *method, const char *json)
{
    return answers_set(store, view_of_text(origin), view_of_text(method), view_of_text(json),
                       &failure);
}

/* NULL expects none. */
static void assert_answer(const char *origin, const char *method, const char *json)
{
    BYTES_AUTO kept = {0};

    enum status status =
        answers_get(store, view_of_text(origin), view_of_text(method), &kept, &failure);
    assert_int_equal(status, json != NULL ? STATUS_OK : STATUS_ABSENT);
    if (json != NULL) {
        assert_view_equal(view_of_bytes(&kept), view_of_text(json));
    }
}

static void an_answer_applies_only_to_its_origin_and_method(void **state)
{
    (void)state;
    assert_answer(ORIGIN, "board", NULL);
    assert_int_equal(set(ORIGIN, "board", "{\"id\":1}"), STATUS_OK);
    assert_answer(ORIGIN, "board", "{\"id\":1}");
    assert_answer(ORIGIN, "card", NULL);
    assert_answer(ORIGIN, "Board", NULL);
    assert_answer("https://b.example", "board", NULL);
    assert_answer("", "board", NULL);
}

static void an_origins_own_answer_takes_precedence_over_the_one_for_all(void **state)
{
    (void)state;
    assert_int_equal(set("", "board", "1"), STATUS_OK);
    assert_int_equal(set("", "card", "2"), STATUS_OK);
    assert_int_equal(set(ORIGIN, "board", "3"), STATUS_OK);
    assert_answer(ORIGIN, "board", "3");
    assert_answer(ORIGIN, "card", "2");
    assert_answer("https://b.example", "board", "1");
    assert_int_equal(set(ORIGIN, "board", "null"), STATUS_OK);
    assert_answer(ORIGIN, "board", "null");
    assert_int_equal(answers_remove(store, VIEW(ORIGIN), VIEW("board"), &failure), STATUS_OK);
    assert_int_equal(answers_remove(store, VIEW(ORIGIN), VIEW("board"), &failure), STATUS_OK);
    assert_answer(ORIGIN, "board", "1");
    assert_int_equal(answers_remove(store, VIEW(""), VIEW("board"), &failure), STATUS_OK);
    assert_answer(ORIGIN, "board", NULL);
    assert_answer(ORIGIN, "card", "2");
}

static void invalid_json_is_not_an_answer(void **state)
{
    (void)state;
    static const char *const texts[] = {"",     " ",        "undefined", "{a:1}",  "[1,]",
                                        "{}{}", "\"\xFF\"", "'a'",       "{\"a\":"};

    assert_int_equal(set(ORIGIN, "board", "\"kept\""), STATUS_OK);
    for (size_t i = 0; i < COUNT(texts); i++) {
        assert_int_equal(set(ORIGIN, "board", texts[i]), STATUS_BAD_REQUEST);
        assert_plain_failure(&failure, STATUS_BAD_REQUEST);
    }
    assert_answer(ORIGIN, "board", "\"kept\"");
}

static void a_removed_method_has_no_answer_for_any_origin(void **state)
{
    (void)state;
    assert_int_equal(set("", "board", "1"), STATUS_OK);
    assert_int_equal(set(ORIGIN, "board", "2"), STATUS_OK);
    assert_int_equal(set(ORIGIN, "card", "3"), STATUS_OK);
    assert_int_equal(answers_forget(store, VIEW("board"), &failure), STATUS_OK);
    assert_answer(ORIGIN, "board", NULL);
    assert_answer("https://b.example", "board", NULL);
    assert_answer(ORIGIN, "card", "3");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, finish)
    const struct CMUnitTest tests[] = {
        TEST(an_answer_applies_only_to_its_origin_and_method),
        TEST(an_origins_own_answer_takes_precedence_over_the_one_for_all),
        TEST(invalid_json_is_not_an_answer),
        TEST(a_removed_method_has_no_answer_for_any_origin),
    };

    return cmocka_run_group_tests_name("answers", tests, NULL, NULL);
}
