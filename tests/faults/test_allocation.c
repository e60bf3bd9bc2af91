/* SPDX-License-Identifier: MIT */
/* Every allocation fails, alone and with all that follow: in reading a request, in each operation,
 * in opening a store, and in writing the reply. Each trial has its own process, as a fault may end
 * it. */
#include "allocation.h"
#include "native/serve.h"
#include "session_fixture.h"
#include "trial.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#define ORIGIN   "\"origin\":\"https://example.com\""
#define OP(name) "{\"id\":1,\"op\":\"" name "\","
#define SLOT     "edaaa9c6c882996d5781efe07592c14cbc82801bc6e991544a63909ada7b1c1b"
#define AESCBC   "cc7d03253da31f992f76b1a1b99f3e0324c5c926d4a48eec28a92a4ccc3ed55f"
#define BOARD    ",\"scope\":\"board\",\"owner\":\"b\",\"visibility\":\"shared\""

static const char store_old[] = OP("storeSecret") SECRET ",\"data\":\"old\"}";
static const char load_secret[] = OP("loadSecret") SECRET "}";
static const char load_board[] = OP("getPluginData") ORIGIN ",\"board\":\"b\"}";

/* A request, and what `read` returns afterwards: `before`, or `after` if the request succeeded. */
struct change {
    const char *request;
    const char *read;
    const char *before;
    const char *after;
};

static const struct change changes[] = {
    {HELLO, load_secret, "\"old\"", "\"old\""},
    {OP("storeSecret") SECRET ",\"data\":\"new\"}", load_secret, "\"old\"", "\"new\""},
    {OP("clearSecret") SECRET "}", load_secret, "\"old\"", "null"},
    {load_secret, load_secret, "\"old\"", "\"old\""},
    {OP("encryptSecret") "\"member\":\"m\",\"key\":\"k\",\"data\":\"d\",\"aescbc\":\"" AESCBC "\"}",
     load_secret, "\"old\"", "\"old\""},
    {OP("decryptSecret") "\"aescbc\":\"" AESCBC "\",\"value\":\"00;00\"}", load_secret, "\"old\"",
     "\"old\""},
    {OP("synchronizeItems") ORIGIN ",\"items\":[{\"slot\":\"" SLOT
                                   "\",\"base\":null,\"local\":\"x\"}]}",
     load_secret, "\"old\"", "\"old\""},
    {OP("setPluginData") ORIGIN BOARD ",\"text\":\"2\"}", load_board,
     "{\"board\":{\"shared\":\"1\"}}", "{\"board\":{\"shared\":\"2\"}}"},
    {load_board, load_board, "{\"board\":{\"shared\":\"1\"}}", "{\"board\":{\"shared\":\"1\"}}"},
    {OP("recordCalls") ORIGIN ",\"calls\":[{\"method\":\"a\",\"at\":1,\"detail\":{}}]}",
     load_secret, "\"old\"", "\"old\""},
    {OP("getSettings") ORIGIN "}", load_secret, "\"old\"", "\"old\""},
    {"{\"id\":1,\"op\":\"listSettings\"}", load_secret, "\"old\"", "\"old\""},
    {OP("answer") ORIGIN ",\"method\":\"board\"}", load_secret, "\"old\"", "\"old\""},
    {OP("takeFault") ORIGIN ",\"method\":\"get\"}", load_secret, "\"old\"", "\"old\""},
    {OP("confirm") "\"ticket\":1}", load_secret, "\"old\"", "\"old\""},
    {OP("command") "\"arguments\":[\"items\"]}", load_secret, "\"old\"", "\"old\""},
};

/* A reply, as the browser receives it. Static: each child process has only a few. */
struct reply {
    enum status status;
    bool there;
    char text[8 * 1024];
};

static void ask(const char *request, struct reply *ret_reply)
{
    int output = memfd_create("reply", MFD_CLOEXEC);
    uint32_t size = 0;

    *ret_reply = (struct reply){0};
    ret_reply->status = serve_message(&session, view_of_text(request), output);
    ssize_t header = pread(output, &size, sizeof size, 0);
    ret_reply->there = header == (ssize_t)sizeof size;
    if (ret_reply->there) {
        trial_check(size < sizeof ret_reply->text &&
                        pread(output, ret_reply->text, size, sizeof size) == (ssize_t)size,
                    "incomplete reply to %s", request);
    }
    (void)close(output);
}

static bool says(const struct reply *reply, const char *words)
{
    return strstr(reply->text, words) != NULL;
}

/* The answer is the same as without a fault, or no_memory, or missing, and the host would end. */
static void check_reply(const char *request, const struct reply *reply, const struct reply *usual)
{
    if (!reply->there) {
        trial_check(reply->status == STATUS_NO_MEMORY || reply->status == usual->status,
                    "%s: no reply, and %s", request, status_name(reply->status));
        return;
    }
    bool same = says(reply, "\"ok\":true") == says(usual, "\"ok\":true") &&
                (says(usual, "\"ok\":true") || strcmp(reply->text, usual->text) == 0);
    trial_check(strncmp(reply->text, "{\"id\":", 6) == 0 && (same || says(reply, "\"no_memory\"")),
                "%s: %s", request, reply->text);
}

static void check_value(const struct change *change, bool answered)
{
    static struct reply reply;
    char after[256];
    char before[256];

    (void)snprintf(after, sizeof after, "\"result\":%s}", change->after);
    (void)snprintf(before, sizeof before, "\"result\":%s}", change->before);
    ask(change->read, &reply);
    trial_check(says(&reply, after) || (!answered && says(&reply, before)), "%s: then %s",
                change->request, reply.text);
}

static void prepare(void)
{
    static const char *const requests[] = {HELLO, store_old,
                                           OP("setPluginData") ORIGIN BOARD ",\"text\":\"1\"}"};
    static struct reply reply;

    for (size_t i = 0; i < COUNT(requests); i++) {
        ask(requests[i], &reply);
        trial_check(says(&reply, "\"ok\":true"), "%s: %s", requests[i], reply.text);
    }
    /* A further call removes one. */
    trial_check(store_execute(session.store, "UPDATE call_total SET calls = 50000", &failure) ==
                    STATUS_OK,
                "%s", failure.message);
}

static void finish(void)
{
    session_end(&session);
    session = (struct session){0};
}

/* In its own process. Twice, because the first round may keep blocks that the next one uses; blocks
 * that are left by the second round are leaks. */
static void try_it(const void *subject, size_t n, bool onwards)
{
    const struct change *change = subject;
    static struct reply usual;
    static struct reply reply;
    bool is_hello = strcmp(change->request, HELLO) == 0;
    size_t failed = 0;
    long left = 0;

    prepare();
    ask(change->request, &usual);
    for (int round = 0; round < 2; round++) {
        if (is_hello) {
            finish();
        } else {
            prepare();
        }
        long before = allocation_count();
        allocation_fail_at(n, onwards);
        ask(change->request, &reply);
        failed = allocation_fail_end();
        if (is_hello) {
            finish();
        }
        left = allocation_count() - before;
        check_reply(change->request, &reply, &usual);
        prepare();
        if (!is_hello) {
            ask(change->request, &reply);
            check_reply(change->request, &reply, &usual);
            check_value(change, says(&reply, "\"ok\":true"));
        }
    }
    finish();
    trial_check(left <= 0, "%s, allocation %zu: %ld blocks are left", change->request, n, left);
    trial_leave(failed > 0);
}

/* The same for creating a store, in a new folder each time. */
static void try_new_store(const void *subject, size_t n, bool onwards)
{
    const struct change *change = subject;
    static struct reply usual = {.there = true, .text = "{\"id\":1,\"ok\":true}"};
    static struct reply reply;
    char path[TEST_PATH_SIZE];
    size_t failed = 0;
    long left = 0;

    for (int round = 0; round < 2; round++) {
        (void)snprintf(path, sizeof path, "%s/%zu-%d-%d", (const char *)folder.data, n, onwards,
                       round);
        (void)setenv("POWERUP_SECRETS_DIR", path, 1);
        long before = allocation_count();
        allocation_fail_at(n, onwards);
        ask(HELLO, &reply);
        check_reply(HELLO, &reply, &usual);
        if (says(&reply, "\"ok\":true")) {
            ask(change->request, &reply);
            check_reply(change->request, &reply, &usual);
        }
        failed = allocation_fail_end();
        bool answered = says(&reply, "\"ok\":true");
        finish();
        left = allocation_count() - before;
        ask(HELLO, &reply);
        trial_check(says(&reply, "\"ok\":true"), "allocation %zu: then %s", n, reply.text);
        check_value(change, answered);
        finish();
    }
    trial_check(left <= 0, "a new store, allocation %zu: %ld blocks are left", n, left);
    trial_leave(failed > 0);
}

static void assert_whole_store(void)
{
    STATEMENT_AUTO *statement = NULL;

    assert_int_equal(run_text(HELLO), STATUS_OK);
    assert_int_equal(
        store_run(session.store, "PRAGMA integrity_check", NULL, 0, &statement, &failure),
        STATUS_OK);
    assert_view_equal(statement_view(statement, 0), VIEW("ok"));
}

static void survive_all(bool onwards)
{
    for (size_t i = 0; i < COUNT(changes); i++) {
        trial_run(try_it, &changes[i], changes[i].request, onwards, trial_step());
        assert_whole_store();
        finish();
    }
    assert_true(trial_report("allocation", 100) > 1);
}

static void creating_a_store_may_fail_at_each_allocation(void **state)
{
    (void)state;
    static const struct change first = {store_old, load_secret, "null", "\"old\""};

    trial_run(try_new_store, &first, "a new store", false, trial_step());
    trial_run(try_new_store, &first, "a new store", true, trial_step());
    assert_true(trial_report("allocation", 100) > 1);
}

static void each_allocation_may_fail_once(void **state)
{
    (void)state;
    survive_all(false);
}

static void each_allocation_may_fail_with_all_that_follow(void **state)
{
    (void)state;
    survive_all(true);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_allocation_may_fail_once, session_start, session_stop),
        cmocka_unit_test_setup_teardown(each_allocation_may_fail_with_all_that_follow,
                                        session_start, session_stop),
        cmocka_unit_test_setup_teardown(creating_a_store_may_fail_at_each_allocation, session_start,
                                        session_stop),
    };

    return cmocka_run_group_tests_name("allocation faults", tests, NULL, NULL);
}
