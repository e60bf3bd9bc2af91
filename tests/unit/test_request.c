/* SPDX-License-Identifier: MIT */
#include "base/request.h"
#include "support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct failure failure;

static struct json_object *parse(const char *text)
{
    struct json_object *value = NULL;

    if (json_text_parse(view_of_text(text), &value, &failure) != STATUS_OK) {
        fail_msg("%s: %s", text, failure.message);
    }
    return value;
}

static const struct member kinds[] = {
    {"text", json_type_string, MEMBER_REQUIRED},
    {"textOrNull", json_type_string, MEMBER_REQUIRED | MEMBER_OR_NULL},
    {"count", json_type_int, 0},
    {"flag", json_type_boolean, 0},
    {"list", json_type_array, 0},
    {"detail", json_type_object, 0},
    {"share", json_type_double, 0},
    {"flagOrNull", json_type_boolean, MEMBER_OR_NULL},
    {"countOrNull", json_type_int, MEMBER_OR_NULL},
    {"listOrNull", json_type_array, MEMBER_OR_NULL},
    MEMBERS_END,
};

static enum status check(const char *text)
{
    JSON_AUTO(request) = parse(text);

    return request_check("anything", kinds, request, &failure);
}

static void assert_refused(const char *text, const char *words)
{
    assert_int_equal(check(text), STATUS_BAD_REQUEST);
    assert_plain_failure(&failure, STATUS_BAD_REQUEST);
    if (strstr(failure.message, words) == NULL) {
        fail_msg("\"%s\" does not say \"%s\"", failure.message, words);
    }
}

#define NEEDED "\"text\":\"\",\"textOrNull\":null"

static void members_of_their_types_pass(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "{" NEEDED "}",
        "{\"id\":1,\"op\":\"anything\"," NEEDED "}",
        "{" NEEDED ",\"count\":-1,\"flag\":false,\"list\":[],\"detail\":{\"x\":[]},\"share\":0.5}",
        "{" NEEDED ",\"flagOrNull\":null,\"countOrNull\":null,\"listOrNull\":null}",
        "{" NEEDED ",\"flagOrNull\":true,\"countOrNull\":1,\"listOrNull\":[1]}",
        "{\"text\":\"a\\u0000\",\"textOrNull\":\"\"}",
    };

    for (size_t i = 0; i < COUNT(texts); i++) {
        if (check(texts[i]) != STATUS_OK) {
            fail_msg("%s: %s", texts[i], failure.message);
        }
    }
}

static void a_wrong_type_is_reported_with_the_right_one(void **state)
{
    (void)state;
    assert_refused("{" NEEDED ",\"text\":null}", "\"text\" of anything must be a string.");
    assert_refused("{" NEEDED ",\"text\":1}", "must be a string.");
    assert_refused("{" NEEDED ",\"textOrNull\":[]}", "must be a string or null.");
    assert_refused("{" NEEDED ",\"count\":\"1\"}", "must be an integer.");
    assert_refused("{" NEEDED ",\"count\":1.0}", "must be an integer.");
    assert_refused("{" NEEDED ",\"flag\":0}", "must be true or false.");
    assert_refused("{" NEEDED ",\"flag\":null}", "must be true or false.");
    assert_refused("{" NEEDED ",\"list\":{}}", "must be an array.");
    assert_refused("{" NEEDED ",\"detail\":[]}", "must be an object.");
    assert_refused("{" NEEDED ",\"detail\":null}", "must be an object.");
    assert_refused("{" NEEDED ",\"share\":true}", "must be a number.");
    assert_refused("{" NEEDED ",\"flagOrNull\":\"\"}", "must be true, false or null.");
    assert_refused("{" NEEDED ",\"countOrNull\":\"\"}", "must be an integer or null.");
    assert_refused("{" NEEDED ",\"listOrNull\":\"\"}", "must be an array or null.");
    assert_refused("{" NEEDED ",\"id\":\"1\"}", "\"id\" of anything must be an integer.");
}

static void missing_and_unknown_members_are_named(void **state)
{
    (void)state;
    assert_refused("{}", "anything needs the member \"text\".");
    assert_refused("{\"text\":\"\"}", "anything needs the member \"textOrNull\".");
    assert_refused("{" NEEDED ",\"Text\":\"\"}", "anything has no member \"Text\"");
    assert_refused("{" NEEDED ",\"\":\"\"}", "anything has no member \"\"");
}

static void assert_array(const char *text, size_t count_max, const char *words)
{
    static const struct member members[] = {
        {"slot", json_type_string, MEMBER_REQUIRED},
        {"base", json_type_string, MEMBER_REQUIRED | MEMBER_OR_NULL | MEMBER_LARGE},
        {"note", json_type_string, 0},
        MEMBERS_END,
    };
    JSON_AUTO(request) = parse(text);

    enum status status = request_check_array(request, "items", members, count_max, &failure);
    assert_int_equal(status, words == NULL ? STATUS_OK : STATUS_BAD_REQUEST);
    if (words != NULL) {
        assert_plain_failure(&failure, STATUS_BAD_REQUEST);
        if (strstr(failure.message, words) == NULL) {
            fail_msg("\"%s\" does not say \"%s\"", failure.message, words);
        }
    }
}

#define GOOD "{\"slot\":\"a\",\"base\":null}"

static void every_element_of_an_array_is_checked(void **state)
{
    (void)state;
    assert_array("{\"items\":[]}", 0, NULL);
    assert_array("{\"items\":[" GOOD "," GOOD "]}", 2, NULL);
    assert_array("{\"items\":[" GOOD "," GOOD "]}", 1, "\"items\" has 2 elements");
    assert_array("{\"items\":[" GOOD "]}", 0, "at most 0");
    assert_array("{\"items\":[" GOOD ",null]}", 9, "items[1] must be an object.");
    assert_array("{\"items\":[[]]}", 9, "items[0] must be an object.");
    assert_array("{\"items\":[\"a\"]}", 9, "items[0] must be an object.");
    assert_array("{\"items\":[" GOOD "," GOOD ",{\"slot\":\"a\"}]}", 9,
                 "items[2] needs the member \"base\".");
    assert_array("{\"items\":[{\"slot\":null,\"base\":null}]}", 9,
                 "\"slot\" of items[0] must be a string.");
    assert_array("{\"items\":[{\"slot\":\"\",\"base\":0}]}", 9,
                 "\"base\" of items[0] must be a string or null.");
    assert_array("{\"items\":[{\"slot\":\"\",\"base\":null,\"id\":1}]}", 9,
                 "items[0] has no member \"id\"");
    assert_array("{\"items\":[{\"slot\":\"\",\"base\":null,\"note\":null}]}", 9,
                 "\"note\" of items[0] must be a string.");
}

static void a_string_differs_from_an_empty_a_missing_and_a_null_one(void **state)
{
    (void)state;
    JSON_AUTO(object) = parse("{\"empty\":\"\",\"null\":null,\"nul\":\"a\\u0000b\"}");

    assert_non_null(request_string(object, "empty").data);
    assert_int_equal(request_string(object, "empty").size, 0);
    assert_null(request_string(object, "null").data);
    assert_null(request_string(object, "missing").data);
    assert_view_equal(request_string(object, "nul"), VIEW("a\0b"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_of_their_types_pass),
        cmocka_unit_test(a_wrong_type_is_reported_with_the_right_one),
        cmocka_unit_test(missing_and_unknown_members_are_named),
        cmocka_unit_test(every_element_of_an_array_is_checked),
        cmocka_unit_test(a_string_differs_from_an_empty_a_missing_and_a_null_one),
    };

    return cmocka_run_group_tests_name("request", tests, NULL, NULL);
}
