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

        json_set_string(object, "name", texts[i]);
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

static void assert_text_of(struct json_object *value, struct view expected)
{
    struct view text;

    assert_int_equal(json_text_of(value, &text), STATUS_OK);
    assert_view_equal(text, expected);
}

static void only_what_is_missing_is_null(void **state)
{
    (void)state;
    JSON_AUTO(object) = json_object_new_object();

    json_set_string(object, "a", (struct view){NULL, 0});
    json_set_string(object, "b", VIEW(""));
    json_set_boolean(object, "c", true);
    json_set_boolean(object, "d", false);
    json_set_number_or_null(object, "e", 0);
    json_set_number_or_null(object, "f", INT64_MIN);
    json_set_number(object, "g", 0);
    json_set_shared(object, "h", NULL);
    assert_int_equal(json_status(object), STATUS_OK);
    assert_text_of(object, VIEW("{\"a\":null,\"b\":\"\",\"c\":true,\"d\":false,\"e\":null,"
                                "\"f\":-9223372036854775808,\"g\":0,\"h\":null}"));
}

static void strings_that_are_not_utf8_get_replacement_characters(void **state)
{
    (void)state;
    JSON_AUTO(object) = json_object_new_object();
    JSON_AUTO(array) = json_object_new_array();

    json_set_string(object, "a", VIEW("x\xFFy\xED\xA0\x80"));
    assert_text_of(object, VIEW("{\"a\":\"x\xEF\xBF\xBDy\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"}"));
    json_push_string(array, VIEW("\xFF"));
    json_push_string(array, VIEW(""));
    assert_text_of(array, VIEW("[\"\xEF\xBF\xBD\",\"\"]"));
}

static void containers_take_values_over_or_share_them(void **state)
{
    (void)state;
    JSON_AUTO(object) = json_object_new_object();
    JSON_AUTO(array) = json_object_new_array();
    JSON_AUTO(item) = json_object_new_int(1);
    JSON_AUTO(shared) = json_object_new_object();

    json_push(array, &item);
    assert_null(item);
    json_set(object, "a", &array);
    assert_null(array);
    json_set_shared(object, "b", shared);
    json_set_number(shared, "c", 2);
    json_set_number(object, "d", 3);
    json_set_number(object, "d", 4);
    assert_int_equal(json_status(object), STATUS_OK);
    assert_text_of(object, VIEW("{\"a\":[1],\"b\":{\"c\":2},\"d\":4}"));
}

/* Values that a container cannot take: one that could not be made, and those that lack one. */
enum bad { MISSING, LACKING_OBJECT, LACKING_ARRAY, BADS };

static struct json_object *bad_value(enum bad bad)
{
    JSON_AUTO(missing) = NULL;
    struct json_object *value = bad == MISSING          ? NULL
                                : bad == LACKING_OBJECT ? json_object_new_object()
                                                        : json_object_new_array();

    if (bad == LACKING_OBJECT) {
        json_set(value, "a", &missing);
    } else if (bad == LACKING_ARRAY) {
        json_push(value, &missing);
    }
    assert_int_equal(json_status(value), STATUS_NO_MEMORY);
    return value;
}

/* A container that lacks something is not written, and nothing more is added to it. */
static void assert_lacks(struct json_object *container)
{
    struct view text = VIEW("untouched");
    JSON_AUTO(value) = json_object_new_int(1);
    bool is_array = json_object_is_type(container, json_type_array);

    if (is_array) {
        json_push(container, &value);
    } else {
        json_set(container, "later", &value);
    }
    assert_null(value);
    assert_int_equal(is_array ? json_object_array_length(container)
                              : (size_t)json_object_object_length(container),
                     1);
    assert_int_equal(json_status(container), STATUS_NO_MEMORY);
    assert_int_equal(json_text_of(container, &text), STATUS_NO_MEMORY);
    assert_view_equal(text, VIEW("untouched"));
}

static void what_lacks_something_makes_what_it_is_added_to_lack_it(void **state)
{
    (void)state;

    for (enum bad bad = MISSING; bad < BADS; bad++) {
        JSON_AUTO(object) = json_object_new_object();
        JSON_AUTO(array) = json_object_new_array();
        JSON_AUTO(for_object) = bad_value(bad);
        JSON_AUTO(for_array) = bad_value(bad);
        json_set_number(object, "first", 1);
        json_push_string(array, VIEW("first"));
        json_set(object, "a", &for_object);
        assert_null(for_object);
        json_push(array, &for_array);
        assert_null(for_array);
        assert_lacks(object);
        assert_lacks(array);
    }
}

static void a_shared_value_that_lacks_something_stays_its_owners(void **state)
{
    (void)state;
    JSON_AUTO(object) = json_object_new_object();
    JSON_AUTO(shared) = bad_value(LACKING_OBJECT);

    json_set_number(object, "first", 1);
    json_set_shared(object, "a", shared);
    assert_lacks(object);
    assert_int_equal(json_object_object_length(shared), 0);
}

static void nothing_is_added_to_what_could_not_be_made(void **state)
{
    (void)state;
    JSON_AUTO(value) = json_object_new_int(1);
    JSON_AUTO(item) = json_object_new_int(1);

    json_set(NULL, "a", &value);
    assert_null(value);
    json_push(NULL, &item);
    assert_null(item);
    json_set_string(NULL, "a", VIEW("b"));
    json_set_string(NULL, "a", (struct view){NULL, 0});
    json_set_number(NULL, "a", 1);
    json_set_number_or_null(NULL, "a", 0);
    json_set_boolean(NULL, "a", true);
    json_set_shared(NULL, "a", NULL);
    json_push_string(NULL, VIEW("b"));
    assert_int_equal(json_status(NULL), STATUS_NO_MEMORY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_survives_a_round_trip),
        cmocka_unit_test(text_is_as_compact_as_javascript_writes_it),
        cmocka_unit_test(only_what_is_missing_is_null),
        cmocka_unit_test(strings_that_are_not_utf8_get_replacement_characters),
        cmocka_unit_test(containers_take_values_over_or_share_them),
        cmocka_unit_test(what_lacks_something_makes_what_it_is_added_to_lack_it),
        cmocka_unit_test(a_shared_value_that_lacks_something_stays_its_owners),
        cmocka_unit_test(nothing_is_added_to_what_could_not_be_made),
    };

    return cmocka_run_group_tests_name("json_write", tests, NULL, NULL);
}
