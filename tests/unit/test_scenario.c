/* SPDX-License-Identifier: MIT */
#include "scenario.h"
#include "secrets_scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void assert_fidelity(const char *origin, enum fidelity expected)
{
    enum fidelity fidelity = FIDELITY_DOCUMENTED;

    if (scenario_fidelity(store, view_of_text(origin), &fidelity, &failure) != STATUS_OK) {
        fail_msg("%s", failure.message);
    }
    assert_int_equal(fidelity, expected);
}

static enum status set(const char *origin, const char *name, const char *value)
{
    return scenario_set(store, view_of_text(origin), name, view_of_text(value), &failure);
}

static void nothing_set_means_documented(void **state)
{
    (void)state;
    BYTES_AUTO value = {0};

    assert_fidelity(ORIGIN, FIDELITY_DOCUMENTED);
    assert_fidelity("", FIDELITY_DOCUMENTED);
    assert_int_equal(scenario_get(store, VIEW(ORIGIN), "fidelity", &value, &failure),
                     STATUS_ABSENT);
}

static void an_origins_own_setting_goes_before_the_one_for_all(void **state)
{
    (void)state;
    assert_int_equal(set("", "fidelity", "library"), STATUS_OK);
    assert_fidelity(ORIGIN, FIDELITY_LIBRARY);
    assert_int_equal(set(ORIGIN, "fidelity", "documented"), STATUS_OK);
    assert_fidelity(ORIGIN, FIDELITY_DOCUMENTED);
    assert_fidelity("https://example.com:8443", FIDELITY_LIBRARY);
    assert_int_equal(set("", "fidelity", "documented"), STATUS_OK);
    assert_int_equal(set(ORIGIN, "fidelity", "library"), STATUS_OK);
    assert_fidelity(ORIGIN, FIDELITY_LIBRARY);
    assert_fidelity("https://example.com:8443", FIDELITY_DOCUMENTED);
}

static void a_setting_taken_back_leaves_the_others(void **state)
{
    (void)state;
    assert_int_equal(set("", "fidelity", "library"), STATUS_OK);
    assert_int_equal(set(ORIGIN, "fidelity", "documented"), STATUS_OK);
    assert_int_equal(scenario_remove(store, VIEW(ORIGIN), "fidelity", &failure), STATUS_OK);
    assert_fidelity(ORIGIN, FIDELITY_LIBRARY);
    assert_int_equal(scenario_remove(store, VIEW(ORIGIN), "fidelity", &failure), STATUS_OK);
    assert_fidelity(ORIGIN, FIDELITY_LIBRARY);
    assert_int_equal(scenario_remove(store, VIEW(""), "fidelity", &failure), STATUS_OK);
    assert_fidelity(ORIGIN, FIDELITY_DOCUMENTED);
}

static void a_setting_that_is_none_is_not_kept(void **state)
{
    (void)state;
    static const char *const values[] = {"", "Library", "library ", "libraryx", "0", "\xC3\xA9"};
    static const char *const names[] = {"", "Fidelity", "storage", "fidelity "};

    for (size_t i = 0; i < COUNT(values); i++) {
        assert_int_equal(set(ORIGIN, "fidelity", values[i]), STATUS_BAD_REQUEST);
        assert_plain_failure(&failure, STATUS_BAD_REQUEST);
        assert_non_null(strstr(failure.message, "\"documented\" or \"library\""));
        assert_non_null(strstr(failure.message, values[i]));
    }
    for (size_t i = 0; i < COUNT(names); i++) {
        assert_int_equal(set(ORIGIN, names[i], "library"), STATUS_BAD_REQUEST);
        assert_plain_failure(&failure, STATUS_BAD_REQUEST);
        assert_non_null(strstr(failure.message, names[i]));
    }
    assert_int_equal(count("SELECT count(*) FROM scenario"), 0);
}

static void a_setting_spoilt_from_outside_is_told_by_its_value(void **state)
{
    (void)state;
    static const struct {
        const char *sql;
        const char *words;
    } cases[] = {
        {"'exact'", "\"exact\""},
        {"''", "\"\""},
        {"CAST(x'61ff62' AS TEXT)", "\"a\xEF\xBF\xBD"
                                    "b\""},
        {"replace(hex(zeroblob(5000)), '00', 'x')", "xxxx"},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        char sql[128];
        enum fidelity fidelity = FIDELITY_LIBRARY;
        (void)snprintf(sql, sizeof sql,
                       "INSERT OR REPLACE INTO scenario VALUES ('', 'fidelity', %s)", cases[i].sql);
        execute(sql);
        assert_int_equal(scenario_fidelity(store, VIEW(ORIGIN), &fidelity, &failure),
                         STATUS_BAD_REQUEST);
        assert_plain_failure(&failure, STATUS_BAD_REQUEST);
        assert_non_null(strstr(failure.message, cases[i].words));
        assert_non_null(strstr(failure.message, "\"fidelity\""));
        assert_int_equal(fidelity, FIDELITY_LIBRARY);
    }
}

static void names_of_fidelities_are_the_values_that_set_them(void **state)
{
    (void)state;
    static const enum fidelity all[] = {FIDELITY_DOCUMENTED, FIDELITY_LIBRARY};

    for (size_t i = 0; i < COUNT(all); i++) {
        assert_int_equal(set(ORIGIN, "fidelity", fidelity_name(all[i])), STATUS_OK);
        assert_fidelity(ORIGIN, all[i]);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)
    const struct CMUnitTest tests[] = {
        TEST(nothing_set_means_documented),
        TEST(an_origins_own_setting_goes_before_the_one_for_all),
        TEST(a_setting_taken_back_leaves_the_others),
        TEST(a_setting_that_is_none_is_not_kept),
        TEST(a_setting_spoilt_from_outside_is_told_by_its_value),
        TEST(names_of_fidelities_are_the_values_that_set_them),
    };

    return cmocka_run_group_tests_name("scenario", tests, NULL, NULL);
}
