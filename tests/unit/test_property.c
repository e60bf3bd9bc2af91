/* SPDX-License-Identifier: MIT */
#include "secrets_fixture.h"
#include "store/profile.h"
#include "store/property.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void a_setting_is_overwritten_and_read_back(void **state)
{
    (void)state;
    const struct view values[] = {VIEW("a"), VIEW(""), VIEW("b\0c\xFF")};

    for (size_t i = 0; i < COUNT(values); i++) {
        BYTES_AUTO value = {0};
        assert_int_equal(property_write(store, "x", values[i], &failure), STATUS_OK);
        assert_int_equal(property_read(store, "x", &value, &failure), STATUS_OK);
        assert_view_equal(view_of_bytes(&value), values[i]);
    }
    BYTES_AUTO other = {0};
    assert_int_equal(property_read(store, "X", &other, &failure), STATUS_ABSENT);
    assert_int_equal(count("SELECT count(*) FROM property WHERE name = 'x'"), 1);
}

static void a_profiles_name_is_short_printable_ascii(void **state)
{
    (void)state;
    static const char *const good[] = {
        "a", "default", "~!\"'",
        "0123456789012345678901234567890123456789012345678901234567890123"};
    static const char *const bad[] = {
        "",
        " ",
        "a b",
        "a\n",
        "\x7F",
        "\xC3\xA9",
        "01234567890123456789012345678901234567890123456789012345678901234"};

    for (size_t i = 0; i < COUNT(good); i++) {
        assert_int_equal(profile_check(view_of_text(good[i]), "it", &failure), STATUS_OK);
    }
    for (size_t i = 0; i < COUNT(bad); i++) {
        assert_int_equal(profile_check(view_of_text(bad[i]), "the name", &failure),
                         STATUS_BAD_REQUEST);
        assert_plain_failure(&failure, STATUS_BAD_REQUEST);
        assert_non_null(strstr(failure.message, "fix the name."));
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, finish)
    const struct CMUnitTest tests[] = {
        TEST(a_setting_is_overwritten_and_read_back),
        TEST(a_profiles_name_is_short_printable_ascii),
    };

    return cmocka_run_group_tests_name("setting", tests, NULL, NULL);
}
