/* SPDX-License-Identifier: MIT */
/* The operations with which a browser reads settings and answers. */
#include "session_fixture.h"
#include "store/faults.h"
#include "store/property.h"
#include "store/settings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define ORIGIN "\"origin\":\"https://example.com\""

#define SETTINGS(fidelity, storage, member)                                                        \
    "{\"fidelity\":\"" fidelity "\",\"storage\":\"" storage "\",\"member\":" member                \
    ",\"renderWriter\":true,\"faults\":false,\"runner\":false}"
#define DEFAULT_MEMBER "\"" SETTING_DEFAULT_MEMBER "\""

static void set(const char *origin, const char *name, const char *value)
{
    assert_int_equal(
        settings_set(session.store, view_of_text(origin), name, view_of_text(value), &failure),
        STATUS_OK);
}

static void get_settings_returns_the_effective_settings_of_an_origin(void **state)
{
    (void)state;
    assert_gives("getSettings", ORIGIN, SETTINGS("documented", "enabled", DEFAULT_MEMBER));
    set("https://example.com", "fidelity", "library");
    set("", "storage", "denied");
    set("https://example.com", "member", "");
    assert_gives("getSettings", ORIGIN, SETTINGS("library", "denied", "null"));
    assert_gives("getSettings", "\"origin\":\"https://b.example\"",
                 SETTINGS("documented", "denied", DEFAULT_MEMBER));
    set("", "member", "5f0000000000000000000002");
    assert_gives("getSettings", "\"origin\":\"https://b.example\"",
                 SETTINGS("documented", "denied", "\"5f0000000000000000000002\""));
}

static void get_settings_reports_an_invalid_setting(void **state)
{
    (void)state;
    static const char *const changes[] = {
        "INSERT INTO setting VALUES ('', 'fidelity', 'exact')",
        "UPDATE setting SET name = 'storage'",
        "UPDATE setting SET name = 'member'",
    };

    for (size_t i = 0; i < COUNT(changes); i++) {
        assert_int_equal(store_change(session.store, changes[i], NULL, 0, &failure), STATUS_OK);
        assert_refuses("getSettings", ORIGIN, STATUS_BAD_REQUEST, "\"exact\"");
    }
}

static void listed_settings_are_grouped_by_origin(void **state)
{
    (void)state;
    static const char request[] = "{\"id\":1,\"op\":\"listSettings\"}";
    JSON_AUTO(first_request) = parse(request);
    JSON_AUTO(first) = NULL;
    JSON_AUTO(second_request) = parse(request);
    JSON_AUTO(second) = NULL;
    struct view text;

    assert_int_equal(run(first_request, &first), STATUS_OK);
    assert_int_equal(json_text_of(first, &text), STATUS_OK);
    assert_view_equal(text, VIEW("{\"origins\":[],\"faults\":[],\"partition\":true,"
                                 "\"itemsRevision\":0,\"pluginData\":{}}"));
    set("https://b.example:81", "storage", "full");
    set("", "storage", "denied");
    set("https://b.example", "member", "");
    set("", "fidelity", "library");
    set("https://b.example", "storage", "missing");
    assert_int_equal(property_write(session.store, PROPERTY_PARTITION, VIEW("off"), &failure),
                     STATUS_OK);
    assert_int_equal(run(second_request, &second), STATUS_OK);
    assert_int_equal(json_text_of(second, &text), STATUS_OK);
    assert_view_equal(
        text,
        VIEW("{\"origins\":["
             "{\"origin\":\"\",\"settings\":{\"fidelity\":\"library\",\"storage\":\"denied\"}},"
             "{\"origin\":\"https://b.example\","
             "\"settings\":{\"member\":\"\",\"storage\":\"missing\"}},"
             "{\"origin\":\"https://b.example:81\",\"settings\":{\"storage\":\"full\"}}],"
             "\"faults\":[],\"partition\":false,\"filled\":true,\"itemsRevision\":0,"
             "\"pluginData\":{}}"));
}

static void a_fault_applies_as_often_as_it_was_set(void **state)
{
    (void)state;
    const struct fault faults[] = {
        {.op = VIEW("get"), .kind = FAULT_DELAY, .delay_ms = 5, .times_left = 2},
        {VIEW("https://b.example"), VIEW("get"), FAULT_NO_REPLY, VIEW(""), VIEW(""), VIEW(""), 0,
         1},
        {VIEW("https://example.com"), VIEW("get"), FAULT_ERROR, VIEW("DOMException"),
         VIEW("SecurityError"), VIEW("\"no\""), 0, 1},
    };

    for (size_t i = 0; i < COUNT(faults); i++) {
        assert_int_equal(faults_add(session.store, &faults[i], &failure), STATUS_OK);
    }
    assert_gives("takeFault", ORIGIN ",\"method\":\"set\"", "null");
    assert_gives("takeFault", ORIGIN ",\"method\":\"get\"", "{\"kind\":\"delay\",\"delayMs\":5}");
    assert_gives("takeFault", ORIGIN ",\"method\":\"get\"", "{\"kind\":\"delay\",\"delayMs\":5}");
    assert_gives("takeFault", ORIGIN ",\"method\":\"get\"",
                 "{\"kind\":\"error\",\"class\":\"DOMException\",\"name\":\"SecurityError\","
                 "\"message\":\"\\\"no\\\"\"}");
    assert_gives("takeFault", ORIGIN ",\"method\":\"get\"", "null");
    assert_gives("takeFault", "\"origin\":\"https://b.example\",\"method\":\"get\"",
                 "{\"kind\":\"noReply\"}");
    assert_gives("takeFault", "\"origin\":\"https://b.example\",\"method\":\"get\"", "null");
}

static void assert_lists(const char *expected)
{
    JSON_AUTO(request) = parse("{\"id\":1,\"op\":\"listSettings\"}");
    JSON_AUTO(result) = NULL;
    struct view text;

    assert_int_equal(run(request, &result), STATUS_OK);
    assert_int_equal(json_text_of(result, &text), STATUS_OK);
    assert_true(view_contains(text, view_of_text(expected)));
}

static void settings_include_for_which_origins_there_are_faults(void **state)
{
    (void)state;
    static const char with[] =
        "{\"fidelity\":\"documented\",\"storage\":\"enabled\",\"member\":" DEFAULT_MEMBER
        ",\"renderWriter\":true,\"faults\":true,\"runner\":false}";
    static const char without[] = SETTINGS("documented", "enabled", DEFAULT_MEMBER);
    static const char other[] = "\"origin\":\"https://b.example\"";
    struct fault fault = {
        .origin = VIEW("https://b.example"),
        .op = VIEW("get"),
        .kind = FAULT_NO_REPLY,
        .times_left = 1,
    };

    assert_lists("\"faults\":[]");
    assert_int_equal(faults_add(session.store, &fault, &failure), STATUS_OK);
    assert_int_equal(faults_add(session.store, &fault, &failure), STATUS_OK);
    assert_lists("\"faults\":[\"https://b.example\"]");
    assert_gives("getSettings", ORIGIN, without);
    assert_gives("getSettings", other, with);
    fault.origin = VIEW("");
    assert_int_equal(faults_add(session.store, &fault, &failure), STATUS_OK);
    assert_lists("\"faults\":[\"https://b.example\",\"\"]");
    assert_gives("getSettings", ORIGIN, with);
    assert_int_equal(faults_clear(session.store, VIEW(""), &failure), STATUS_OK);
    assert_gives("getSettings", other, without);
}

static void settings_say_whether_the_writer_renders_and_a_runner_started_the_host(void **state)
{
    (void)state;
    set("https://example.com", "renderWriter", "off");
    assert_int_equal(setenv("POWERUP_SECRETS_RUNNER", "1", 1), 0);
    assert_gives("getSettings", ORIGIN,
                 "{\"fidelity\":\"documented\",\"storage\":\"enabled\",\"member\":" DEFAULT_MEMBER
                 ",\"renderWriter\":false,\"faults\":false,\"runner\":true}");
    assert_int_equal(setenv("POWERUP_SECRETS_RUNNER", "0", 1), 0);
    assert_gives("getSettings", "\"origin\":\"https://b.example\"",
                 SETTINGS("documented", "enabled", DEFAULT_MEMBER));
    assert_int_equal(unsetenv("POWERUP_SECRETS_RUNNER"), 0);
}

static void an_unknown_ticket_cannot_be_confirmed(void **state)
{
    (void)state;
    static const char *const tickets[] = {"0", "1", "-1", "9223372036854775807"};

    for (size_t i = 0; i < COUNT(tickets); i++) {
        char members[64];
        (void)snprintf(members, sizeof members, "\"ticket\":%s,\"result\":null", tickets[i]);
        assert_refuses("confirm", members, STATUS_BAD_REQUEST, "There is no ticket");
    }
    assert_refuses("confirm", "\"ticket\":1", STATUS_BAD_REQUEST, "\"result\", or else \"error\"");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, session_start_greeted, session_stop)
    const struct CMUnitTest tests[] = {
        TEST(get_settings_returns_the_effective_settings_of_an_origin),
        TEST(get_settings_reports_an_invalid_setting),
        TEST(listed_settings_are_grouped_by_origin),
        TEST(a_fault_applies_as_often_as_it_was_set),
        TEST(settings_include_for_which_origins_there_are_faults),
        TEST(settings_say_whether_the_writer_renders_and_a_runner_started_the_host),
        TEST(an_unknown_ticket_cannot_be_confirmed),
    };

    return cmocka_run_group_tests_name("operation_get_settings", tests, NULL, NULL);
}
