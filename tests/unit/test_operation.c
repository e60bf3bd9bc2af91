/* SPDX-License-Identifier: MIT */
#include "base/buffer.h"
#include "base/identity.h"
#include "session_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void assert_says(const char *words)
{
    if (strstr(failure.message, words) == NULL) {
        fail_msg("\"%s\" does not say \"%s\"", failure.message, words);
    }
}

static void assert_refused(const char *text, enum status status, const char *words)
{
    assert_int_equal(run_text(text), status);
    assert_plain_failure(&failure, status);
    assert_says(words);
}

static void say_hello(void)
{
    if (run_text(HELLO) != STATUS_OK) {
        fail_msg("%s", failure.message);
    }
}

/* A valid value for the member of its operation. */
static const char *string_for(const char *name)
{
    static const char *const strings[][2] = {
        {"scope", "board"},
        {"visibility", "shared"},
        {"aescbc", "00112233445566778899aabbccddeeff"},
        {"slot", "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"},
    };

    for (size_t i = 0; i < COUNT(strings); i++) {
        if (strcmp(strings[i][0], name) == 0) {
            return strings[i][1];
        }
    }
    return "https://example.com";
}

static struct json_object *value_of_type(enum json_type type, const char *name)
{
    switch (type) {
    case json_type_null:
        return NULL;
    case json_type_boolean:
        return json_object_new_boolean(1);
    case json_type_double:
        return json_object_new_double(1.5);
    case json_type_int:
        return json_object_new_int(1);
    case json_type_object:
        return json_object_new_object();
    case json_type_array:
        return json_object_new_array();
    case json_type_string:
        return json_object_new_string(string_for(name));
    }
    return NULL;
}

/* A request with every member that the table has for an operation. */
static struct json_object *full_request(const struct operation *operation)
{
    struct json_object *request = json_object_new_object();

    json_object_object_add(request, "id", json_object_new_int(1));
    json_object_object_add(request, "op", json_object_new_string(operation->name));
    for (const struct member *member = operation->members; member->name != NULL; member++) {
        json_object_object_add(request, member->name, value_of_type(member->type, member->name));
    }
    return request;
}

/* Not refused for its form. Errors of Trello's library, an unknown ticket, and that a host that has
 * said hello runs no command do not matter here. */
static bool is_taken(struct json_object *request)
{
    JSON_AUTO(result) = NULL;
    enum status status = run(request, &result);

    return status == STATUS_OK || status == STATUS_LIBRARY_ERROR ||
           strncmp(failure.message, "There is no ticket", 18) == 0 ||
           strncmp(failure.message, "This host serves pages", 22) == 0;
}

static void every_row_of_the_table_is_complete(void **state)
{
    (void)state;
    assert_int_equal(operation_count, 16);
    for (size_t i = 0; i < operation_count; i++) {
        assert_true(strlen(operations[i]->name) > 0);
        assert_true(strlen(operations[i]->help) > 0);
        assert_non_null(operations[i]->members);
        assert_non_null(operations[i]->run);
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(operations[i]->name, operations[j]->name);
        }
    }
}

static void every_operation_runs_with_a_full_request(void **state)
{
    (void)state;
    say_hello();
    for (size_t i = 0; i < operation_count; i++) {
        JSON_AUTO(request) = full_request(operations[i]);
        if (!is_taken(request)) {
            fail_msg("%s: %s", operations[i]->name, failure.message);
        }
    }
}

static void every_required_member_is_required_and_no_other(void **state)
{
    (void)state;
    say_hello();
    for (size_t i = 0; i < operation_count; i++) {
        for (const struct member *member = operations[i]->members; member->name != NULL; member++) {
            JSON_AUTO(request) = full_request(operations[i]);
            json_object_object_del(request, member->name);
            assert_int_equal(is_taken(request), (member->flags & MEMBER_REQUIRED) == 0);
            if ((member->flags & MEMBER_REQUIRED) != 0) {
                assert_plain_failure(&failure, STATUS_BAD_REQUEST);
                assert_non_null(strstr(failure.message, member->name));
                assert_non_null(strstr(failure.message, operations[i]->name));
            }
        }
    }
}

static void every_member_has_one_type(void **state)
{
    (void)state;
    static const enum json_type types[] = {json_type_null,  json_type_boolean, json_type_double,
                                           json_type_int,   json_type_object,  json_type_array,
                                           json_type_string};

    say_hello();
    for (size_t i = 0; i < operation_count; i++) {
        for (const struct member *member = operations[i]->members; member->name != NULL; member++) {
            for (size_t j = 0; j < COUNT(types); j++) {
                JSON_AUTO(request) = full_request(operations[i]);
                bool fits = types[j] == member->type || member->type == json_type_null ||
                            ((member->flags & MEMBER_OR_NULL) != 0 && types[j] == json_type_null);
                json_object_object_add(request, member->name,
                                       value_of_type(types[j], member->name));
                assert_int_equal(is_taken(request), fits);
                if (!fits) {
                    assert_plain_failure(&failure, STATUS_BAD_REQUEST);
                    assert_non_null(strstr(failure.message, member->name));
                    assert_non_null(strstr(failure.message, "must be"));
                }
            }
        }
    }
}

static void every_string_that_is_not_a_value_has_a_limit(void **state)
{
    (void)state;
    static char text[MEMBER_SIZE_MAX + 2];

    memset(text, 'x', MEMBER_SIZE_MAX + 1);
    say_hello();
    for (size_t i = 0; i < operation_count; i++) {
        for (const struct member *member = operations[i]->members; member->name != NULL; member++) {
            if (member->type != json_type_string) {
                continue;
            }
            JSON_AUTO(request) = full_request(operations[i]);
            JSON_AUTO(result) = NULL;
            bool large = (member->flags & MEMBER_LARGE) != 0;
            json_object_object_add(request, member->name, json_object_new_string(text));
            enum status status = run(request, &result);
            assert_int_equal(status == STATUS_BAD_REQUEST &&
                                 strstr(failure.message, "at most 16384") != NULL,
                             !large);
            if (!large) {
                assert_says(member->name);
                assert_says(operations[i]->name);
            }
        }
    }
}

/* What comes of checking a request to an operation with an array of so many values beside. */
static enum status check_size(const char *op, size_t count, const char *value, size_t *ret_size)
{
    BUFFER_AUTO text = {0};
    struct json_facts facts;

    buffer_print(&text, "{\"id\":1,\"op\":%s,\"x\":[0", op);
    for (size_t i = 1; i < count; i++) {
        buffer_add_text(&text, ",");
        buffer_add_text(&text, value);
    }
    buffer_add_text(&text, "]}");
    assert_false(text.failed);
    *ret_size = text.size;
    failure = (struct failure){0};
    assert_int_equal(json_text_check(view_of_buffer(&text), &facts, &failure), STATUS_OK);
    return operation_check_size(&facts, text.size, &failure);
}

static void every_operation_has_a_limit_of_values(void **state)
{
    (void)state;
    char op[64];
    size_t size = 0;

    for (size_t i = 0; i < operation_count; i++) {
        const struct operation *operation = operations[i];
        size_t values_max =
            operation->values_max != 0 ? operation->values_max : OPERATION_VALUES_MAX;
        (void)snprintf(op, sizeof op, "\"%s\"", operation->name);
        /* The request has four more: itself, id, op and the array. */
        assert_int_equal(check_size(op, values_max - 4, "1234567890123456", &size), STATUS_OK);
        assert_int_equal(check_size(op, values_max - 3, "1234567890123456", &size),
                         STATUS_BAD_REQUEST);
        assert_says("it may have at most");
    }
    assert_int_equal(check_size("\"unknown\"", OPERATION_VALUES_MAX - 3, "0", &size),
                     STATUS_BAD_REQUEST);
    assert_int_equal(check_size("7", OPERATION_VALUES_MAX - 3, "0", &size), STATUS_BAD_REQUEST);
}

static void values_that_take_much_memory_are_refused(void **state)
{
    (void)state;
    size_t size = 0;

    assert_int_equal(check_size("\"confirm\"", 4000, "{}", &size), STATUS_OK);
    assert_int_equal(check_size("\"confirm\"", 40000, "0", &size), STATUS_OK);
    assert_int_equal(check_size("\"confirm\"", 40000, "{}", &size), STATUS_BAD_REQUEST);
    assert_says("too many for");
    assert_int_equal(check_size("\"recordCalls\"", 99000, "0", &size), STATUS_BAD_REQUEST);
    assert_says("too many for");
}

static void unknown_members_are_refused_by_name(void **state)
{
    (void)state;
    static const char *const names[] = {"x",         "",   "Origin",  "origin ",
                                        "__proto__", "ID", "results", "\xC3\xA9"};

    say_hello();
    for (size_t i = 0; i < operation_count; i++) {
        for (size_t j = 0; j < COUNT(names); j++) {
            JSON_AUTO(request) = full_request(operations[i]);
            JSON_AUTO(result) = NULL;
            json_object_object_add(request, names[j], NULL);
            assert_int_equal(run(request, &result), STATUS_BAD_REQUEST);
            assert_plain_failure(&failure, STATUS_BAD_REQUEST);
            assert_non_null(strstr(failure.message, names[j]));
        }
    }
}

static void a_member_of_another_operation_is_unknown(void **state)
{
    (void)state;
    say_hello();
    assert_refused("{\"id\":1,\"op\":\"loadSecret\"," SECRET ",\"data\":\"x\"}", STATUS_BAD_REQUEST,
                   "data");
    assert_refused("{\"id\":1,\"op\":\"clearSecret\"," SECRET ",\"digestOf\":\"x\"}",
                   STATUS_BAD_REQUEST, "digestOf");
    assert_refused("{\"id\":1,\"op\":\"storeSecret\"," SECRET ",\"data\":\"\",\"protocol\":1}",
                   STATUS_BAD_REQUEST, "protocol");
}

static void an_unknown_operation_is_reported_by_name(void **state)
{
    (void)state;
    static const char *const names[] = {"",         "Hello",           "hello ",
                                        "hell",     "hellox",          "storeSecret\\u0000",
                                        "toString", "\xF0\x9F\x94\x91"};

    for (size_t i = 0; i < COUNT(names); i++) {
        char text[128];
        (void)snprintf(text, sizeof text, "{\"id\":1,\"op\":\"%s\"}", names[i]);
        assert_refused(text, STATUS_UNKNOWN_OPERATION, "hello lists");
    }
    assert_null(session.store);
}

static void op_must_be_present_and_a_string(void **state)
{
    (void)state;
    static const char *const requests[] = {
        "{}",          "{\"id\":1}",    "{\"op\":null}",      "{\"op\":1}", "{\"op\":[\"hello\"]}",
        "{\"op\":{}}", "{\"op\":true}", "{\"Op\":\"hello\"}",
    };

    for (size_t i = 0; i < COUNT(requests); i++) {
        assert_refused(requests[i], STATUS_BAD_REQUEST, "\"op\"");
    }
}

static void hello_must_come_first(void **state)
{
    (void)state;
    for (size_t i = 0; i < operation_count; i++) {
        JSON_AUTO(request) = full_request(operations[i]);
        JSON_AUTO(result) = NULL;
        if (operations[i]->needs_hello) {
            assert_int_equal(run(request, &result), STATUS_HELLO_FIRST);
            assert_plain_failure(&failure, STATUS_HELLO_FIRST);
        }
    }
    assert_false(file_exists(path_in((const char *)folder.data, "store.sqlite3")));
}

static void every_hello_describes_the_host(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        JSON_AUTO(request) = parse(HELLO);
        JSON_AUTO(result) = NULL;
        struct view text;

        assert_int_equal(run(request, &result), STATUS_OK);
        assert_int_equal(json_text_of(result, &text), STATUS_OK);
        assert_view_equal(
            text,
            VIEW("{\"protocol\":1,\"host\":\"" POWERUP_SECRETS_VERSION
                 "\",\"operations\":[\"hello\",\"getSettings\",\"listSettings\",\"storeSecret\","
                 "\"loadSecret\",\"clearSecret\",\"encryptSecret\","
                 "\"decryptSecret\",\"synchronizeItems\","
                 "\"getPluginData\",\"setPluginData\",\"recordCalls\","
                 "\"answer\",\"takeFault\",\"confirm\",\"command\"],\"requestSizeMax\":16777216,"
                 "\"browserProfile\":\"default\"}"));
    }
}

static void another_protocol_is_refused_and_the_older_side_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *protocol;
        const char *words;
    } cases[] = {
        {"2", "update the host"},
        {"9223372036854775807", "update the host"},
        {"0", "update the extension"},
        {"-1", "update the extension"},
        {"-9223372036854775808", "update the extension"},
        {"18446744073709551615", "update the host"},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[256];
        (void)snprintf(text, sizeof text,
                       "{\"id\":1,\"op\":\"hello\",\"protocol\":%s,\"extension\":\"0\","
                       "\"browser\":\"test\"}",
                       cases[i].protocol);
        assert_refused(text, STATUS_PROTOCOL_MISMATCH, cases[i].words);
        assert_non_null(strstr(failure.message, POWERUP_SECRETS_VERSION));
    }
    assert_null(session.store);
    assert_refused("{\"id\":1,\"op\":\"loadSecret\"," SECRET "}", STATUS_HELLO_FIRST, "hello");
}

static void hello_reports_what_is_wrong_with_the_state_folder_and_may_be_repeated(void **state)
{
    (void)state;
    assert_int_equal(setenv("POWERUP_SECRETS_DIR", "relative/folder", 1), 0);
    assert_refused(HELLO, STATUS_STATE_FOLDER, "POWERUP_SECRETS_DIR must be an absolute path");
    assert_int_equal(setenv("POWERUP_SECRETS_DIR", (const char *)folder.data, 1), 0);
    say_hello();
}

static void bad_origins_and_sites_are_refused_by_every_operation(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "null", "https://example.com/", "HTTPS://example.com",
                                      "example.com"};
    static const char *const names[] = {"origin", "topLevelSite"};

    say_hello();
    for (size_t i = 0; i < operation_count * COUNT(names); i++) {
        const struct operation *operation = operations[i / COUNT(names)];
        const char *name = names[i % COUNT(names)];
        for (size_t j = 0; j < COUNT(bad); j++) {
            JSON_AUTO(request) = full_request(operation);
            JSON_AUTO(result) = NULL;
            if (!json_object_object_get_ex(request, name, NULL)) {
                continue;
            }
            json_object_object_add(request, name, json_object_new_string(bad[j]));
            if (strcmp(name, "topLevelSite") == 0 && strcmp(bad[j], "null") == 0) {
                assert_true(is_taken(request));
            } else {
                assert_int_equal(run(request, &result), STATUS_BAD_ORIGIN);
            }
        }
    }
}

static void a_secret_is_stored_loaded_and_cleared(void **state)
{
    (void)state;
    static const char load[] = "{\"id\":1,\"op\":\"loadSecret\"," SECRET "}";
    JSON_AUTO(store_request) =
        parse("{\"id\":1,\"op\":\"storeSecret\"," SECRET ",\"data\":\"a\\u0000b\"}");
    JSON_AUTO(load_request) = parse(load);
    JSON_AUTO(stored) = NULL;
    JSON_AUTO(loaded) = NULL;
    JSON_AUTO(cleared) = NULL;

    say_hello();
    assert_int_equal(run(load_request, &loaded), STATUS_OK);
    assert_null(loaded);
    assert_int_equal(run(store_request, &stored), STATUS_OK);
    assert_int_equal(json_object_object_length(stored), 4);
    assert_true(json_object_get_boolean(json_object_object_get(stored, "madeKey")));
    assert_int_equal(json_object_get_string_len(json_object_object_get(stored, "key")), 64);
    assert_int_equal(json_object_get_string_len(json_object_object_get(stored, "value")), 193);
    assert_int_equal(run(load_request, &loaded), STATUS_OK);
    assert_view_equal(json_string_view(loaded), VIEW("a\0b"));
    assert_int_equal(run_text("{\"id\":1,\"op\":\"clearSecret\"," SECRET "}"), STATUS_OK);
    assert_int_equal(run(load_request, &cleared), STATUS_OK);
    assert_null(cleared);
}

static void an_empty_digest_of_differs_from_a_missing_one(void **state)
{
    (void)state;
    say_hello();
    assert_int_equal(run_text("{\"id\":1,\"op\":\"storeSecret\"," SECRET
                              ",\"data\":\"undefined\",\"digestOf\":\"\"}"),
                     STATUS_OK);
    assert_int_equal(run_text("{\"id\":1,\"op\":\"loadSecret\"," SECRET "}"), STATUS_LIBRARY_ERROR);
    assert_library_failure(&failure, "Error", "Error", false,
                           "Decryption failed. Unable to validate integrity.");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, session_start, session_stop)
    const struct CMUnitTest tests[] = {
        TEST(every_row_of_the_table_is_complete),
        TEST(every_operation_runs_with_a_full_request),
        TEST(every_required_member_is_required_and_no_other),
        TEST(every_member_has_one_type),
        TEST(every_string_that_is_not_a_value_has_a_limit),
        TEST(every_operation_has_a_limit_of_values),
        TEST(values_that_take_much_memory_are_refused),
        TEST(unknown_members_are_refused_by_name),
        TEST(a_member_of_another_operation_is_unknown),
        TEST(an_unknown_operation_is_reported_by_name),
        TEST(op_must_be_present_and_a_string),
        TEST(hello_must_come_first),
        TEST(every_hello_describes_the_host),
        TEST(another_protocol_is_refused_and_the_older_side_is_named),
        TEST(hello_reports_what_is_wrong_with_the_state_folder_and_may_be_repeated),
        TEST(bad_origins_and_sites_are_refused_by_every_operation),
        TEST(a_secret_is_stored_loaded_and_cleared),
        TEST(an_empty_digest_of_differs_from_a_missing_one),
    };

    return cmocka_run_group_tests_name("operation", tests, NULL, NULL);
}
