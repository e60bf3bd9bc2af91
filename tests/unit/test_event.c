/* SPDX-License-Identifier: MIT */
#include "native/event.h"
#include "support.h"
#include "wire/frame.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define INVOKE                                                                                     \
    "{\"id\":1,\"op\":\"invoke\",\"origin\":\"https://a\",\"command\":\"c\",\"args\":[],"          \
    "\"limitMs\":1"

static struct failure failure;

static enum status check(const char *text)
{
    JSON_AUTO(request) = NULL;

    failure = (struct failure){0};
    assert_int_equal(json_text_parse(view_of_text(text), &request, &failure), STATUS_OK);
    return event_check(request, &failure);
}

static void requests_of_the_table_pass(void **state)
{
    (void)state;
    static const char *const requests[] = {
        "{\"id\":1,\"op\":\"apply\"}",
        "{\"id\":1,\"op\":\"apply\",\"limitMs\":1}",
        "{\"id\":1,\"op\":\"apply\",\"limitMs\":3600000,\"origins\":[]}",
        "{\"id\":1,\"op\":\"report\",\"limitMs\":1,\"origins\":[\"https://a\",\"http://b\"]}",
        "{\"id\":1,\"op\":\"render\",\"limitMs\":1,\"origins\":[\"https://a\"]}",
        "{\"id\":1,\"op\":\"describe\",\"limitMs\":1}",
        INVOKE "}",
        INVOKE ",\"page\":\"p\"}",
    };

    for (size_t i = 0; i < COUNT(requests); i++) {
        assert_int_equal(check(requests[i]), STATUS_OK);
    }
    for (size_t i = 0; i < event_count; i++) {
        assert_true(strlen(events[i].help) > 0);
    }
}

static void anything_else_is_refused_with_a_reason(void **state)
{
    (void)state;
    static const struct {
        const char *request;
        const char *words;
    } cases[] = {
        {"{\"id\":1}", "apply, report, render, invoke or describe"},
        {"{\"id\":1,\"op\":null}", "apply, report, render, invoke or describe"},
        {"{\"id\":1,\"op\":\"Apply\"}", "apply, report, render, invoke or describe"},
        {"{\"id\":1,\"op\":\"hello\"}", "apply, report, render, invoke or describe"},
        {"{\"id\":1,\"op\":\"apply\\u0000\"}", "apply, report, render, invoke or describe"},
        {"{\"id\":1,\"op\":\"apply\",\"limitMs\":1,\"ticket\":1}", "no member \"ticket\""},
        {"{\"id\":1,\"op\":\"apply\",\"limitMs\":1,\"event\":\"x\"}", "no member \"event\""},
        {"{\"id\":1,\"op\":\"apply\",\"limitMs\":0}", "from 1 to 3600000"},
        {"{\"id\":1,\"op\":\"apply\",\"limitMs\":-1}", "from 1 to 3600000"},
        {"{\"id\":1,\"op\":\"apply\",\"limitMs\":3600001}", "from 1 to 3600000"},
        {"{\"id\":1,\"op\":\"apply\",\"limitMs\":1.5}", "\"limitMs\""},
        {"{\"id\":1,\"op\":\"apply\",\"limitMs\":1,\"origins\":\"https://a\"}", "an array"},
        {"{\"id\":1,\"op\":\"apply\",\"limitMs\":1,\"origins\":[1]}", "an array of strings"},
        {"{\"id\":1,\"op\":\"apply\",\"limitMs\":1,\"origins\":[null]}", "an array of strings"},
        {"{\"id\":1,\"op\":\"apply\",\"limitMs\":1,\"origins\":[\"https://a\",\"a\"]}",
         "Not an origin"},
        {"{\"id\":1,\"op\":\"describe\",\"limitMs\":1,\"origins\":[]}", "no member \"origins\""},
        {INVOKE ",\"page\":1}", "\"page\""},
        {"{\"id\":1,\"op\":\"invoke\",\"origin\":\"https://a\",\"command\":\"c\"}", "\"args\""},
        {"{\"id\":1,\"op\":\"invoke\",\"origin\":\"https://a\",\"command\":1,\"args\":[],"
         "\"limitMs\":1}",
         "\"command\""},
        {"{\"id\":1,\"op\":\"invoke\",\"origin\":\"a\",\"command\":\"c\",\"args\":[],\"limitMs\":"
         "1}",
         "Not an origin"},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        enum status status = check(cases[i].request);
        assert_true(status == STATUS_BAD_REQUEST || status == STATUS_BAD_ORIGIN);
        assert_plain_failure(&failure, status);
        if (strstr(failure.message, cases[i].words) == NULL) {
            fail_msg("%s: %s", cases[i].request, failure.message);
        }
    }
}

static void an_event_has_the_requests_members_and_its_ticket(void **state)
{
    (void)state;
    static const char text[] = "{\"id\":7,\"op\":\"invoke\",\"origin\":\"https://a\","
                               "\"command\":\"c\",\"args\":[{\"x\":\"\xC3\xA9\"}]}";
    JSON_AUTO(request) = NULL;
    int ends[2];
    char raw[256];

    assert_int_equal(json_text_parse(VIEW(text), &request, &failure), STATUS_OK);
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(event_send(ends[1], 9007199254740993, request, NULL), STATUS_OK);
    ssize_t size = read(ends[0], raw, sizeof raw);
    assert_true(size > 4);
    assert_view_equal((struct view){(const uint8_t *)raw + 4, (size_t)size - 4},
                      VIEW("{\"event\":\"invoke\",\"ticket\":9007199254740993,"
                           "\"origin\":\"https://a\",\"command\":\"c\","
                           "\"args\":[{\"x\":\"\xC3\xA9\"}]}"));
    (void)close(ends[0]);
    (void)close(ends[1]);
}

static void an_event_that_does_not_fit_into_a_frame_is_not_sent(void **state)
{
    (void)state;
    JSON_AUTO(request) = json_object_new_object();
    BYTES_AUTO large = {0};
    int ends[2];
    char byte = 0;

    assert_int_equal(bytes_alloc(FRAME_REPLY_MAX, &large), STATUS_OK);
    memset(large.data, 'a', large.size);
    json_set_string(request, "op", VIEW("invoke"));
    json_set_string(request, "command", view_of_bytes(&large));
    assert_int_equal(json_status(request), STATUS_OK);
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(event_send(ends[1], 1, request, NULL), STATUS_FRAME_TOO_LARGE);
    (void)close(ends[1]);
    assert_int_equal(read(ends[0], &byte, 1), 0);
    (void)close(ends[0]);
}

int main(void)
{
#define TEST(name) cmocka_unit_test(name)
    const struct CMUnitTest tests[] = {
        TEST(requests_of_the_table_pass),
        TEST(anything_else_is_refused_with_a_reason),
        TEST(an_event_has_the_requests_members_and_its_ticket),
        TEST(an_event_that_does_not_fit_into_a_frame_is_not_sent),
    };

    return cmocka_run_group_tests_name("event", tests, NULL, NULL);
}
