/* SPDX-License-Identifier: MIT */
/* Values made into text, and containers made of values. */
#include "base/json_text.h"
#include "support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void text_survives_a_round_trip(void **state)
{
    (void)state;
    uint8_t ascii[128];
    const struct view texts[] = {
        VIEW(""),
        VIEW("a\0b"),
        VIEW("\xF0\x9F\x94\x91 \xE2\x82\xAC \xC3\xA9 \xE2\x80\xA8\xE2\x80\xA9"),
        VIEW("</script>\"\\\"\\\\"),
        {ascii, sizeof ascii},
    };

    for (size_t i = 0; i < sizeof ascii; i++) {
        ascii[i] = (uint8_t)i;
    }
    for (size_t i = 0; i < COUNT(texts); i++) {
        JSON_AUTO(object) = json_object_new_object();
        JSON_AUTO(again) = NULL;
        struct failure failure = {0};
        struct view text;

        assert_int_equal(json_add_string(object, "name", texts[i]), STATUS_OK);
        assert_int_equal(json_text_of(object, &text), STATUS_OK);
        assert_int_equal(json_text_parse(text, &again, &failure), STATUS_OK);
        assert_view_equal(json_string_view(json_object_object_get(again, "name")), texts[i]);
    }
}

static void text_is_as_compact_as_javascript_writes_it(void **state)
{
    (void)state;
    static const char text[] = "{\"a\":[1,true,null,\"/\"],\"b\":{\"c\":\"\xC3\xA9\\n\"}}";
    JSON_AUTO(value) = NULL;
    struct failure failure;
    struct view again;

    assert_int_equal(json_text_parse(VIEW(text), &value, &failure), STATUS_OK);
    assert_int_equal(json_text_of(value, &again), STATUS_OK);
    assert_view_equal(again, VIEW(text));
}

static void only_missing_strings_are_null(void **state)
{
    (void)state;
    JSON_AUTO(object) = json_object_new_object();
    struct view text;

    assert_int_equal(json_add_string(object, "a", (struct view){NULL, 0}), STATUS_OK);
    assert_int_equal(json_add_string(object, "b", VIEW("")), STATUS_OK);
    assert_int_equal(json_add_boolean(object, "c", true), STATUS_OK);
    assert_int_equal(json_add_boolean(object, "d", false), STATUS_OK);
    assert_int_equal(json_text_of(object, &text), STATUS_OK);
    assert_view_equal(text, VIEW("{\"a\":null,\"b\":\"\",\"c\":true,\"d\":false}"));
}

static void strings_that_are_not_utf8_get_replacement_characters(void **state)
{
    (void)state;
    JSON_AUTO(object) = json_object_new_object();
    struct view text;

    assert_int_equal(json_add_string(object, "a", VIEW("x\xFFy\xED\xA0\x80")), STATUS_OK);
    assert_int_equal(json_text_of(object, &text), STATUS_OK);
    assert_view_equal(text, VIEW("{\"a\":\"x\xEF\xBF\xBDy\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"}"));
}

static void an_array_accepts_values_but_none_that_could_not_be_allocated(void **state)
{
    (void)state;
    JSON_AUTO(array) = json_object_new_array();
    JSON_AUTO(value) = json_object_new_int(1);
    JSON_AUTO(missing) = NULL;

    assert_int_equal(json_append(array, &value), STATUS_OK);
    assert_null(value);
    assert_int_equal(json_append(array, &missing), STATUS_NO_MEMORY);
    assert_int_equal(json_object_array_length(array), 1);
}

static void a_value_that_could_not_be_allocated_is_out_of_memory(void **state)
{
    (void)state;
    JSON_AUTO(object) = json_object_new_object();
    JSON_AUTO(missing) = NULL;

    assert_int_equal(json_add(object, "a", &missing), STATUS_NO_MEMORY);
    assert_int_equal(json_object_object_length(object), 0);
}

static void adding_to_a_container_that_could_not_be_allocated_is_out_of_memory(void **state)
{
    (void)state;
    JSON_AUTO(value) = json_object_new_int(1);
    JSON_AUTO(item) = json_object_new_int(1);

    assert_int_equal(json_add(NULL, "a", &value), STATUS_NO_MEMORY);
    assert_null(value);
    assert_int_equal(json_append(NULL, &item), STATUS_NO_MEMORY);
    assert_null(item);
    assert_int_equal(json_add_string(NULL, "a", VIEW("b")), STATUS_NO_MEMORY);
    assert_int_equal(json_add_string(NULL, "a", (struct view){NULL, 0}), STATUS_NO_MEMORY);
    assert_int_equal(json_add_number(NULL, "a", 1), STATUS_NO_MEMORY);
    assert_int_equal(json_add_boolean(NULL, "a", true), STATUS_NO_MEMORY);
}

/* Strings are read eight bytes at a time, whatever surrounds them. */

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_survives_a_round_trip),
        cmocka_unit_test(text_is_as_compact_as_javascript_writes_it),
        cmocka_unit_test(only_missing_strings_are_null),
        cmocka_unit_test(strings_that_are_not_utf8_get_replacement_characters),
        cmocka_unit_test(an_array_accepts_values_but_none_that_could_not_be_allocated),
        cmocka_unit_test(a_value_that_could_not_be_allocated_is_out_of_memory),
        cmocka_unit_test(adding_to_a_container_that_could_not_be_allocated_is_out_of_memory),
    };

    return cmocka_run_group_tests_name("json_write", tests, NULL, NULL);
}
