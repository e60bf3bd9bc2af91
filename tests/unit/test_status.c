/* SPDX-License-Identifier: MIT */
#include "base/status.h"
#include "base/utf8.h"
#include "support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define STATUS_CONSTANT(constant, name, sentence) constant,
static const enum status all[] = {STATUS_LIST(STATUS_CONSTANT)};

static void every_status_has_its_own_name_and_a_sentence(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(all); i++) {
        const char *name = status_name(all[i]);
        assert_int_equal(all[i], i);
        assert_int_equal(strspn(name, "abcdefghijklmnopqrstuvwxyz_"), strlen(name));
        assert_true(strlen(name) > 0);
        assert_true(strlen(status_sentence(all[i])) > 0);
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(name, status_name(all[j]));
            assert_string_not_equal(status_sentence(all[i]), status_sentence(all[j]));
        }
    }
    assert_int_equal(STATUS_OK, 0);
}

static void a_failure_is_a_plain_error_and_replaces_the_previous_one(void **state)
{
    (void)state;
    struct failure failure = {0};

    failure_library(&failure, "TypeError", "Name", true, "a long message of the library");
    assert_int_equal(failure_set(&failure, STATUS_DAMAGED, "%s %d", "short", 1), STATUS_DAMAGED);
    assert_plain_failure(&failure, STATUS_DAMAGED);
    assert_string_equal(failure.message, "short 1");
    assert_null(strstr(failure.message + sizeof "short 1", "message"));
}

static void a_failed_status_has_its_sentence(void **state)
{
    (void)state;
    struct failure failure = {.status = STATUS_DAMAGED};

    assert_int_equal(failure_explain(&failure, STATUS_OK), STATUS_OK);
    assert_int_equal(failure.status, STATUS_DAMAGED);
    for (size_t i = 1; i < COUNT(all); i++) {
        assert_int_equal(failure_explain(&failure, all[i]), all[i]);
        assert_plain_failure(&failure, all[i]);
        assert_string_equal(failure.message, status_sentence(all[i]));
    }
    assert_int_equal(failure_no_memory(&failure), STATUS_NO_MEMORY);
    assert_plain_failure(&failure, STATUS_NO_MEMORY);
    assert_string_equal(failure.message, "Out of memory.");
}

static void an_error_of_the_library_is_kept_word_for_word(void **state)
{
    (void)state;
    struct failure failure = {0};

    assert_int_equal(failure_library(&failure, "DOMException", "DataError", true, "100 %s %n%"),
                     STATUS_LIBRARY_ERROR);
    assert_library_failure(&failure, "DOMException", "DataError", true, "100 %s %n%");
}

static void a_long_message_is_truncated_between_two_characters(void **state)
{
    (void)state;
    static const char *const characters[] = {"x", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x94\x91"};
    enum { CAPACITY = sizeof((struct failure *)NULL)->message };

    for (size_t i = 0; i < COUNT(characters); i++) {
        size_t size = strlen(characters[i]);
        for (size_t shift = 0; shift < 4; shift++) {
            for (size_t count = (CAPACITY - 12) / size; count <= (CAPACITY + 12) / size; count++) {
                char text[2 * CAPACITY] = "";
                struct failure failure = {0};
                memset(text, 'a', shift);
                for (size_t j = 0; j < count; j++) {
                    memcpy(text + shift + j * size, characters[i], size);
                }
                failure_set(&failure, STATUS_DAMAGED, "%s", text);
                size_t length = strlen(failure.message);
                size_t whole = shift + count * size;
                assert_true(utf8_is_valid(view_of_text(failure.message)));
                assert_memory_equal(failure.message, text, length);
                if (whole < CAPACITY) {
                    assert_int_equal(length, whole);
                } else {
                    assert_true(length >= CAPACITY - size && length < CAPACITY);
                }
            }
        }
    }
}

static void a_message_of_only_continuation_bytes_is_truncated_safely(void **state)
{
    (void)state;
    char text[2000];
    struct failure failure = {0};

    memset(text, 0x80, sizeof text);
    text[sizeof text - 1] = '\0';
    failure_set(&failure, STATUS_DAMAGED, "%s", text);
    assert_true(strlen(failure.message) < sizeof failure.message);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_status_has_its_own_name_and_a_sentence),
        cmocka_unit_test(a_failure_is_a_plain_error_and_replaces_the_previous_one),
        cmocka_unit_test(a_failed_status_has_its_sentence),
        cmocka_unit_test(an_error_of_the_library_is_kept_word_for_word),
        cmocka_unit_test(a_long_message_is_truncated_between_two_characters),
        cmocka_unit_test(a_message_of_only_continuation_bytes_is_truncated_safely),
    };

    return cmocka_run_group_tests_name("status", tests, NULL, NULL);
}
