/* SPDX-License-Identifier: MIT */
#include "secrets_fixture.h"
#include "store/settings.h"

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

    if (settings_fidelity(store, view_of_text(origin), &fidelity, &failure) != STATUS_OK) {
        fail_msg("%s", failure.message);
    }
    assert_int_equal(fidelity, expected);
}

static enum status set(const char *origin, const char *name, const char *value)
{
    return settings_set(store, view_of_text(origin), name, view_of_text(value), &failure);
}

static void the_default_is_documented(void **state)
{
    (void)state;
    BYTES_AUTO value = {0};

    assert_fidelity(ORIGIN, FIDELITY_DOCUMENTED);
    assert_fidelity("", FIDELITY_DOCUMENTED);
    assert_int_equal(settings_get(store, VIEW(ORIGIN), "fidelity", &value, &failure),
                     STATUS_ABSENT);
}

static void an_origins_own_setting_takes_precedence_over_the_one_for_all(void **state)
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

static void an_invalid_setting_is_not_stored(void **state)
{
    (void)state;
    static const char *const values[] = {"", "Library", "library ", "libraryx", "0", "\xC3\xA9"};
    static const char *const names[] = {"", "Fidelity", "stor", "fidelity "};

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
    assert_int_equal(count("SELECT count(*) FROM setting"), 0);
}

static void an_invalid_setting_in_the_store_is_reported_with_its_value(void **state)
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
                       "INSERT OR REPLACE INTO setting VALUES ('', 'fidelity', %s)", cases[i].sql);
        execute(sql);
        assert_int_equal(settings_fidelity(store, VIEW(ORIGIN), &fidelity, &failure),
                         STATUS_BAD_REQUEST);
        assert_plain_failure(&failure, STATUS_BAD_REQUEST);
        assert_non_null(strstr(failure.message, cases[i].words));
        assert_non_null(strstr(failure.message, "\"fidelity\""));
        assert_int_equal(fidelity, FIDELITY_LIBRARY);
    }
}

static void assert_effective(const char *origin, const char *name, const char *expected)
{
    BYTES_AUTO value = {0};

    if (settings_effective(store, view_of_text(origin), name, &value, &failure) != STATUS_OK) {
        fail_msg("%s", failure.message);
    }
    assert_view_equal(view_of_bytes(&value), view_of_text(expected));
}

static void every_setting_has_a_default_and_its_values(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *values[5];
    } cases[] = {
        {SETTING_FIDELITY, {"documented", "library"}},
        {SETTING_STORAGE, {"enabled", "denied", "missing", "full"}},
        {SETTING_MEMBER, {SETTING_DEFAULT_MEMBER, "", "0123456789abcdef01234567"}},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_effective(ORIGIN, cases[i].name, cases[i].values[0]);
        for (size_t j = 0; cases[i].values[j] != NULL; j++) {
            assert_int_equal(set(ORIGIN, cases[i].name, cases[i].values[j]), STATUS_OK);
            assert_effective(ORIGIN, cases[i].name, cases[i].values[j]);
            assert_effective("https://example.com:8443", cases[i].name, cases[i].values[0]);
        }
    }
}

static void a_member_is_a_trello_id_or_empty(void **state)
{
    (void)state;
    static const char *const members[] = {"m",
                                          "0123456789abcdef0123456",
                                          "0123456789abcdef012345678",
                                          "0123456789ABCDEF01234567",
                                          "0123456789abcdefg1234567",
                                          " 123456789abcdef01234567"};

    for (size_t i = 0; i < COUNT(members); i++) {
        assert_int_equal(set("", SETTING_MEMBER, members[i]), STATUS_BAD_REQUEST);
        assert_plain_failure(&failure, STATUS_BAD_REQUEST);
        assert_non_null(strstr(failure.message, "24 lower-case hex digits"));
        assert_non_null(strstr(failure.message, members[i]));
    }
    assert_int_equal(settings_set(store, VIEW(""), SETTING_MEMBER,
                                  VIEW("0123456789abcdef0123\0"
                                       "567"),
                                  &failure),
                     STATUS_BAD_REQUEST);
    assert_int_equal(count("SELECT count(*) FROM setting"), 0);
}

static void a_removed_setting_has_its_default_everywhere(void **state)
{
    (void)state;
    assert_int_equal(set("", SETTING_STORAGE, "full"), STATUS_OK);
    assert_int_equal(set(ORIGIN, SETTING_STORAGE, "denied"), STATUS_OK);
    assert_int_equal(set(ORIGIN, SETTING_FIDELITY, "library"), STATUS_OK);
    assert_int_equal(settings_forget(store, SETTING_STORAGE, &failure), STATUS_OK);
    assert_effective(ORIGIN, SETTING_STORAGE, "enabled");
    assert_effective("https://b.example", SETTING_STORAGE, "enabled");
    assert_effective(ORIGIN, SETTING_FIDELITY, "library");
}

static enum status note_row(void *context, const struct setting_row *row,
                            struct failure *row_failure)
{
    char *noted = context;
    size_t used = strlen(noted);

    (void)row_failure;
    (void)snprintf(noted + used, 256 - used, "%.*s|%.*s|%.*s\n", (int)row->origin.size,
                   (const char *)row->origin.data, (int)row->name.size,
                   (const char *)row->name.data, (int)row->value.size,
                   (const char *)row->value.data);
    return STATUS_OK;
}

static enum status stop_listing(void *context, const struct setting_row *row,
                                struct failure *row_failure)
{
    (void)row;
    ++*(int *)context;
    return failure_set(row_failure, STATUS_NO_MEMORY, "stop");
}

static void rows_are_listed_by_origin_and_name(void **state)
{
    (void)state;
    char noted[256] = "";
    int calls = 0;

    assert_int_equal(settings_list(store, note_row, noted, &failure), STATUS_OK);
    assert_string_equal(noted, "");
    assert_int_equal(set("https://b", SETTING_STORAGE, "full"), STATUS_OK);
    assert_int_equal(set("https://b", SETTING_FIDELITY, "library"), STATUS_OK);
    assert_int_equal(set("", SETTING_MEMBER, ""), STATUS_OK);
    assert_int_equal(settings_list(store, note_row, noted, &failure), STATUS_OK);
    assert_string_equal(noted, "|member|\n"
                               "https://b|fidelity|library\n"
                               "https://b|storage|full\n");
    assert_int_equal(settings_list(store, stop_listing, &calls, &failure), STATUS_NO_MEMORY);
    assert_int_equal(calls, 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, finish)
    const struct CMUnitTest tests[] = {
        TEST(the_default_is_documented),
        TEST(an_origins_own_setting_takes_precedence_over_the_one_for_all),
        TEST(an_invalid_setting_is_not_stored),
        TEST(an_invalid_setting_in_the_store_is_reported_with_its_value),
        TEST(every_setting_has_a_default_and_its_values),
        TEST(a_member_is_a_trello_id_or_empty),
        TEST(a_removed_setting_has_its_default_everywhere),
        TEST(rows_are_listed_by_origin_and_name),
    };

    return cmocka_run_group_tests_name("settings", tests, NULL, NULL);
}
