/* SPDX-License-Identifier: MIT */
#include "identity.h"
#include "operation.h"
#include "support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define HELLO "{\"id\":1,\"op\":\"hello\",\"protocol\":1,\"extension\":\"0\",\"browser\":\"test\"}"
#define PLACE "\"origin\":\"https://example.com\",\"member\":\"m\",\"key\":\"k\""

static struct bytes folder;
static struct session session;
static struct failure failure;

static int start(void **state)
{
    (void)state;
    (void)unsetenv("POWERUP_SECRETS_BROWSER_PROFILE");
    folder = folder_new();
    failure = (struct failure){0};
    return setenv("POWERUP_SECRETS_DIR", (const char *)folder.data, 1);
}

static int stop(void **state)
{
    (void)state;
    session_end(&session);
    folder_remove(&folder);
    return 0;
}

static struct json_object *parse(const char *text)
{
    struct json_object *value = NULL;

    if (json_text_parse(view_of_text(text), &value, &failure) != STATUS_OK) {
        fail_msg("%s: %s", text, failure.message);
    }
    return value;
}

static enum status run(struct json_object *request, struct json_object **ret_result)
{
    failure = (struct failure){0};
    enum status status = operation_run(&session, request, ret_result, &failure);
    if (status != STATUS_OK) {
        assert_int_equal(failure.status, status);
        assert_null(*ret_result);
    }
    return status;
}

static enum status run_text(const char *text)
{
    JSON_AUTO(request) = parse(text);
    JSON_AUTO(result) = NULL;

    return run(request, &result);
}

static void assert_refused(const char *text, enum status status, const char *words)
{
    assert_int_equal(run_text(text), status);
    assert_plain_failure(&failure, status);
    if (strstr(failure.message, words) == NULL) {
        fail_msg("\"%s\" does not say \"%s\"", failure.message, words);
    }
}

static void say_hello(void)
{
    if (run_text(HELLO) != STATUS_OK) {
        fail_msg("%s", failure.message);
    }
}

static struct json_object *value_of_type(enum json_type type)
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
        return json_object_new_string("https://example.com");
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
        json_object_object_add(request, member->name, value_of_type(member->type));
    }
    return request;
}

static void every_row_of_the_table_is_whole(void **state)
{
    (void)state;
    assert_true(operation_count >= 4);
    for (size_t i = 0; i < operation_count; i++) {
        assert_true(strlen(operations[i].name) > 0);
        assert_true(strlen(operations[i].help) > 0);
        assert_non_null(operations[i].members);
        assert_non_null(operations[i].run);
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(operations[i].name, operations[j].name);
        }
    }
}

static void a_full_request_runs_every_operation(void **state)
{
    (void)state;
    say_hello();
    for (size_t i = 0; i < operation_count; i++) {
        JSON_AUTO(request) = full_request(&operations[i]);
        JSON_AUTO(result) = NULL;
        if (run(request, &result) != STATUS_OK) {
            fail_msg("%s: %s", operations[i].name, failure.message);
        }
    }
}

static void every_required_member_is_required_and_no_other(void **state)
{
    (void)state;
    say_hello();
    for (size_t i = 0; i < operation_count; i++) {
        for (const struct member *member = operations[i].members; member->name != NULL; member++) {
            JSON_AUTO(request) = full_request(&operations[i]);
            JSON_AUTO(result) = NULL;
            json_object_object_del(request, member->name);
            assert_int_equal(run(request, &result),
                             member->required ? STATUS_BAD_REQUEST : STATUS_OK);
            if (member->required) {
                assert_plain_failure(&failure, STATUS_BAD_REQUEST);
                assert_non_null(strstr(failure.message, member->name));
                assert_non_null(strstr(failure.message, operations[i].name));
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
        for (const struct member *member = operations[i].members; member->name != NULL; member++) {
            for (size_t j = 0; j < COUNT(types); j++) {
                JSON_AUTO(request) = full_request(&operations[i]);
                JSON_AUTO(result) = NULL;
                json_object_object_add(request, member->name, value_of_type(types[j]));
                assert_int_equal(run(request, &result),
                                 types[j] == member->type ? STATUS_OK : STATUS_BAD_REQUEST);
                if (types[j] != member->type) {
                    assert_non_null(strstr(failure.message, member->name));
                    assert_non_null(strstr(failure.message, "must be"));
                }
            }
        }
    }
}

static void unknown_members_are_refused_by_name(void **state)
{
    (void)state;
    static const char *const names[] = {"x",         "",   "Origin", "origin ",
                                        "__proto__", "ID", "result", "\xC3\xA9"};

    say_hello();
    for (size_t i = 0; i < operation_count; i++) {
        for (size_t j = 0; j < COUNT(names); j++) {
            JSON_AUTO(request) = full_request(&operations[i]);
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
    assert_refused("{\"id\":1,\"op\":\"loadSecret\"," PLACE ",\"data\":\"x\"}", STATUS_BAD_REQUEST,
                   "data");
    assert_refused("{\"id\":1,\"op\":\"clearSecret\"," PLACE ",\"digestOf\":\"x\"}",
                   STATUS_BAD_REQUEST, "digestOf");
    assert_refused("{\"id\":1,\"op\":\"storeSecret\"," PLACE ",\"data\":\"\",\"protocol\":1}",
                   STATUS_BAD_REQUEST, "protocol");
}

static void an_unknown_operation_is_told_by_name(void **state)
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

static void op_must_be_there_and_a_string(void **state)
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

static void hello_comes_first(void **state)
{
    (void)state;
    for (size_t i = 0; i < operation_count; i++) {
        JSON_AUTO(request) = full_request(&operations[i]);
        JSON_AUTO(result) = NULL;
        if (operations[i].needs_hello) {
            assert_int_equal(run(request, &result), STATUS_HELLO_FIRST);
            assert_plain_failure(&failure, STATUS_HELLO_FIRST);
        }
    }
    assert_false(file_exists(path_in((const char *)folder.data, "store.sqlite3")));
}

static void hello_describes_the_host_each_time(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        JSON_AUTO(request) = parse(HELLO);
        JSON_AUTO(result) = NULL;
        struct view text;

        assert_int_equal(run(request, &result), STATUS_OK);
        assert_int_equal(json_text_of(result, &text), STATUS_OK);
        assert_view_equal(text, VIEW("{\"protocol\":1,\"host\":\"" POWERUP_SECRETS_VERSION
                                     "\",\"operations\":[\"hello\",\"storeSecret\",\"loadSecret\","
                                     "\"clearSecret\"],\"requestSizeMax\":67108864,"
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
    assert_refused("{\"id\":1,\"op\":\"loadSecret\"," PLACE "}", STATUS_HELLO_FIRST, "hello");
}

static void hello_tells_what_is_wrong_with_the_state_folder_and_may_be_repeated(void **state)
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
    static const char *const names[] = {"storeSecret", "loadSecret", "clearSecret"};
    static const char *const bad[] = {"", "null", "https://example.com/", "HTTPS://example.com",
                                      "example.com"};

    say_hello();
    for (size_t i = 0; i < COUNT(names); i++) {
        for (size_t j = 0; j < COUNT(bad); j++) {
            char text[512];
            const char *data = i == 0 ? ",\"data\":\"x\"" : "";
            (void)snprintf(text, sizeof text,
                           "{\"id\":1,\"op\":\"%s\",\"origin\":\"%s\",\"member\":\"m\",\"key\":"
                           "\"k\"%s}",
                           names[i], bad[j], data);
            assert_int_equal(run_text(text), STATUS_BAD_ORIGIN);
            (void)snprintf(text, sizeof text,
                           "{\"id\":1,\"op\":\"%s\"," PLACE ",\"topLevelSite\":\"%s\"%s}", names[i],
                           bad[j], data);
            assert_int_equal(run_text(text),
                             strcmp(bad[j], "null") == 0 ? STATUS_OK : STATUS_BAD_ORIGIN);
        }
    }
}

static void a_secret_is_stored_loaded_and_cleared(void **state)
{
    (void)state;
    static const char load[] = "{\"id\":1,\"op\":\"loadSecret\"," PLACE "}";
    JSON_AUTO(store_request) =
        parse("{\"id\":1,\"op\":\"storeSecret\"," PLACE ",\"data\":\"a\\u0000b\"}");
    JSON_AUTO(load_request) = parse(load);
    JSON_AUTO(stored) = NULL;
    JSON_AUTO(loaded) = NULL;
    JSON_AUTO(cleared) = NULL;

    say_hello();
    assert_int_equal(run(load_request, &loaded), STATUS_OK);
    assert_null(loaded);
    assert_int_equal(run(store_request, &stored), STATUS_OK);
    assert_int_equal(json_object_object_length(stored), 2);
    assert_int_equal(json_object_get_string_len(json_object_object_get(stored, "key")), 64);
    assert_int_equal(json_object_get_string_len(json_object_object_get(stored, "value")), 193);
    assert_int_equal(run(load_request, &loaded), STATUS_OK);
    assert_view_equal(json_string_view(loaded), VIEW("a\0b"));
    assert_int_equal(run_text("{\"id\":1,\"op\":\"clearSecret\"," PLACE "}"), STATUS_OK);
    assert_int_equal(run(load_request, &cleared), STATUS_OK);
    assert_null(cleared);
}

static void an_empty_digest_of_is_not_the_same_as_none(void **state)
{
    (void)state;
    say_hello();
    assert_int_equal(run_text("{\"id\":1,\"op\":\"storeSecret\"," PLACE
                              ",\"data\":\"undefined\",\"digestOf\":\"\"}"),
                     STATUS_OK);
    assert_int_equal(run_text("{\"id\":1,\"op\":\"loadSecret\"," PLACE "}"), STATUS_LIBRARY_ERROR);
    assert_library_failure(&failure, "Error", "Error", false,
                           "Decryption failed. Unable to validate integrity.");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)
    const struct CMUnitTest tests[] = {
        TEST(every_row_of_the_table_is_whole),
        TEST(a_full_request_runs_every_operation),
        TEST(every_required_member_is_required_and_no_other),
        TEST(every_member_has_one_type),
        TEST(unknown_members_are_refused_by_name),
        TEST(a_member_of_another_operation_is_unknown),
        TEST(an_unknown_operation_is_told_by_name),
        TEST(op_must_be_there_and_a_string),
        TEST(hello_comes_first),
        TEST(hello_describes_the_host_each_time),
        TEST(another_protocol_is_refused_and_the_older_side_is_named),
        TEST(hello_tells_what_is_wrong_with_the_state_folder_and_may_be_repeated),
        TEST(bad_origins_and_sites_are_refused_by_every_operation),
        TEST(a_secret_is_stored_loaded_and_cleared),
        TEST(an_empty_digest_of_is_not_the_same_as_none),
    };

    return cmocka_run_group_tests_name("operation", tests, NULL, NULL);
}
