/* SPDX-License-Identifier: MIT */
#include "secrets_fixture.h"
#include "store/faults.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct fault no_reply(const char *origin, const char *op, int64_t times)
{
    return (struct fault){
        .origin = view_of_text(origin),
        .op = view_of_text(op),
        .kind = FAULT_NO_REPLY,
        .times_left = times,
    };
}

static void add(struct fault fault)
{
    if (faults_add(store, &fault, &failure) != STATUS_OK) {
        fail_msg("%s", failure.message);
    }
}

static enum status note_fault(void *context, const struct fault *fault,
                              struct failure *fault_failure)
{
    char *noted = context;
    size_t used = strlen(noted);

    (void)fault_failure;
    (void)snprintf(noted + used, 512 - used, "%.*s %.*s %s %.*s/%.*s/%.*s %lld %lld\n",
                   (int)fault->origin.size, (const char *)fault->origin.data, (int)fault->op.size,
                   (const char *)fault->op.data, fault_kind_name(fault->kind),
                   (int)fault->error_class.size, (const char *)fault->error_class.data,
                   (int)fault->error_name.size, (const char *)fault->error_name.data,
                   (int)fault->message.size, (const char *)fault->message.data,
                   (long long)fault->delay_ms, (long long)fault->times_left);
    return STATUS_OK;
}

static enum status refuse_fault(void *context, const struct fault *fault,
                                struct failure *fault_failure)
{
    (void)context;
    (void)fault;
    return failure_set(fault_failure, STATUS_NO_MEMORY, "stop");
}

static void assert_listed(const char *expected)
{
    char noted[512] = "";

    assert_int_equal(faults_list(store, note_fault, noted, &failure), STATUS_OK);
    assert_string_equal(noted, expected);
}

static enum status take(const char *origin, const char *op)
{
    char noted[512] = "";

    return faults_take(store, view_of_text(origin), view_of_text(op), note_fault, noted, &failure);
}

static void faults_are_stored_completely_and_in_order(void **state)
{
    (void)state;
    assert_listed("");
    add((struct fault){VIEW("https://b"), VIEW("get"), FAULT_ERROR, VIEW("DOMException"),
                       VIEW("DataError"), VIEW("no: 'way'"), 0, 3});
    add((struct fault){
        .op = VIEW("set"), .kind = FAULT_DELAY, .delay_ms = 86400000, .times_left = 1000000});
    add(no_reply("https://a", "board", 1));
    assert_listed("https://b get error DOMException/DataError/no: 'way' 0 3\n"
                  " set delay // 86400000 1000000\n"
                  "https://a board noReply // 0 1\n");
}

static void a_fault_applies_only_to_its_origin_and_operation(void **state)
{
    (void)state;
    add(no_reply(ORIGIN, "get", 1));
    assert_int_equal(take(ORIGIN, "set"), STATUS_ABSENT);
    assert_int_equal(take(ORIGIN, "Get"), STATUS_ABSENT);
    assert_int_equal(take("https://example.com:8443", "get"), STATUS_ABSENT);
    assert_int_equal(faults_look(store, VIEW(ORIGIN), VIEW("set"), &failure), STATUS_ABSENT);
    assert_int_equal(faults_look(store, VIEW(ORIGIN), VIEW("get"), &failure), STATUS_OK);
    assert_int_equal(take(ORIGIN, "get"), STATUS_OK);
    assert_int_equal(take(ORIGIN, "get"), STATUS_ABSENT);
}

static void the_oldest_applies_first_as_often_as_it_was_set(void **state)
{
    (void)state;
    add(no_reply("", "get", 2));
    add(no_reply(ORIGIN, "get", 1));
    assert_int_equal(take(ORIGIN, "get"), STATUS_OK);
    assert_listed(" get noReply // 0 1\nhttps://example.com get noReply // 0 1\n");
    assert_int_equal(take("https://b", "get"), STATUS_OK);
    assert_listed("https://example.com get noReply // 0 1\n");
    assert_int_equal(take(ORIGIN, "get"), STATUS_OK);
    assert_listed("");
}

static void a_fault_that_could_not_be_returned_is_not_consumed(void **state)
{
    (void)state;
    add(no_reply("", "get", 1));
    assert_int_equal(faults_take(store, VIEW(ORIGIN), VIEW("get"), refuse_fault, NULL, &failure),
                     STATUS_NO_MEMORY);
    assert_int_equal(faults_list(store, refuse_fault, NULL, &failure), STATUS_NO_MEMORY);
    assert_listed(" get noReply // 0 1\n");
}

static void cleared_faults_are_those_of_the_origin(void **state)
{
    (void)state;
    add(no_reply("", "get", 1));
    add(no_reply(ORIGIN, "get", 1));
    add(no_reply("https://b", "get", 1));
    assert_int_equal(faults_clear(store, VIEW(ORIGIN), &failure), STATUS_OK);
    assert_listed(" get noReply // 0 1\nhttps://b get noReply // 0 1\n");
    assert_int_equal(faults_clear(store, VIEW(""), &failure), STATUS_OK);
    assert_listed("");
}

static void an_unknown_kind_is_reported_with_the_fix(void **state)
{
    (void)state;
    char noted[512] = "";

    add(no_reply("", "get", 1));
    execute("UPDATE fault SET kind = 'explode'");
    assert_int_equal(take(ORIGIN, "get"), STATUS_BAD_REQUEST);
    assert_plain_failure(&failure, STATUS_BAD_REQUEST);
    assert_int_equal(faults_list(store, note_fault, noted, &failure), STATUS_BAD_REQUEST);
    assert_non_null(strstr(failure.message, "fault --clear"));
    assert_int_equal(faults_clear(store, VIEW(""), &failure), STATUS_OK);
    assert_listed("");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, finish)
    const struct CMUnitTest tests[] = {
        TEST(faults_are_stored_completely_and_in_order),
        TEST(a_fault_applies_only_to_its_origin_and_operation),
        TEST(the_oldest_applies_first_as_often_as_it_was_set),
        TEST(a_fault_that_could_not_be_returned_is_not_consumed),
        TEST(cleared_faults_are_those_of_the_origin),
        TEST(an_unknown_kind_is_reported_with_the_fix),
    };

    return cmocka_run_group_tests_name("faults", tests, NULL, NULL);
}
