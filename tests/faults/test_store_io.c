/* SPDX-License-Identifier: MIT */
/* Every call that SQLite makes to its file system fails, alone and with all that follow: in opening
 * a store, in each operation, and in closing it. */
#include "failing_vfs.h"
#include "session_fixture.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define ORIGIN   "\"origin\":\"https://example.com\""
#define OP(name) "{\"id\":1,\"op\":\"" name "\","
#define SLOT     "edaaa9c6c882996d5781efe07592c14cbc82801bc6e991544a63909ada7b1c1b"
#define BOARD    ",\"scope\":\"board\",\"owner\":\"b\",\"visibility\":\"shared\""

static const char load_secret[] = OP("loadSecret") SECRET "}";
static const char load_board[] = OP("getPluginData") ORIGIN ",\"board\":\"b\"}";

/* A request, and what must be read afterwards: `before`, or `after` if the request succeeded. */
struct change {
    const char *request;
    const char *read;
    const char *before;
    const char *after;
};

static const struct change changes[] = {
    {OP("storeSecret") SECRET ",\"data\":\"new\"}", load_secret, "\"old\"", "\"new\""},
    {OP("clearSecret") SECRET "}", load_secret, "\"old\"", "null"},
    {load_secret, load_secret, "\"old\"", "\"old\""},
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
};

/* An error of the system, and what is said of it. */
static const struct {
    int error;
    enum status status;
    const char *says;
} causes[] = {
    {ENOSPC, STATUS_STORE_FULL, "disk with the state folder is full"},
    {EDQUOT, STATUS_STORE_FULL, "Your quota"},
    {EFBIG, STATUS_STORE_FULL, "ulimit -f"},
    {EIO, STATUS_STORE_FAILED, "disk I/O error"},
};

static size_t injected;
static size_t survived;

static void finish(void)
{
    session_end(&session);
    session = (struct session){0};
}

static void assert_ok(const char *text)
{
    if (run_text(text) != STATUS_OK) {
        fail_msg("%s: %s", text, failure.message);
    }
}

static void prepare(void)
{
    assert_ok(HELLO);
    assert_ok(OP("storeSecret") SECRET ",\"data\":\"old\"}");
    assert_ok(OP("setPluginData") ORIGIN BOARD ",\"text\":\"1\"}");
    /* A further call removes one. */
    assert_int_equal(store_execute(session.store, "UPDATE call_total SET calls = 50000", &failure),
                     STATUS_OK);
    finish();
}

/* Success, or an error about the store with a message. */
static void assert_named(const char *text, enum status status)
{
    bool named = status == STATUS_OK || status == STATUS_STORE_FAILED ||
                 status == STATUS_STORE_FULL || status == STATUS_STORE_READ_ONLY ||
                 status == STATUS_STORE_BUSY || status == STATUS_NO_MEMORY;

    if (!named || (status != STATUS_OK && failure.message[0] == '\0')) {
        fail_msg("%s: %s: %s", text, status_name(status), failure.message);
    }
}

/* What is full is called full, and nothing else is. */
static void assert_true_cause(const char *text, enum status status, struct fault_plan plan)
{
    size_t i = 0;

    while (i < COUNT(causes) && causes[i].error != plan.error) {
        i++;
    }
    bool named = plan.error == 0 ? (status == STATUS_STORE_FULL) == plan.full
                                 : status == causes[i].status &&
                                       strstr(failure.message, causes[i].says) != NULL;
    if (status != STATUS_OK && !named) {
        fail_msg("%s, errno %d: %s: %s", text, plan.error, status_name(status), failure.message);
    }
}

/* The store is intact: the value is the old or the new one; the new one if the request succeeded,
 * the old one if the disk was full. */
static void assert_whole(const struct change *change, enum status status)
{
    JSON_AUTO(request) = parse(change->read);
    JSON_AUTO(result) = NULL;
    STATEMENT_AUTO *statement = NULL;
    struct view text;

    assert_ok(HELLO);
    assert_int_equal(run(request, &result), STATUS_OK);
    assert_int_equal(json_text_of(result, &text), STATUS_OK);
    bool is_new = view_equal(text, view_of_text(change->after));
    bool is_old = view_equal(text, view_of_text(change->before));
    bool fits = status == STATUS_OK           ? is_new
                : status == STATUS_STORE_FULL ? is_old
                                              : is_new || is_old;
    if (!fits) {
        fail_msg("%s leaves %.*s", change->request, (int)text.size, (const char *)text.data);
    }
    assert_int_equal(
        store_run(session.store, "PRAGMA integrity_check", NULL, 0, &statement, &failure),
        STATUS_OK);
    assert_view_equal(statement_view(statement, 0), VIEW("ok"));
}

/* One run in which the n-th call fails. False if there are fewer calls. */
static bool survive(const struct change *change, struct fault_plan plan)
{
    prepare();
    failing_vfs_plan(plan);
    enum status status = run_text(HELLO);
    assert_named(HELLO, status);
    assert_true_cause(HELLO, status, plan);
    if (status == STATUS_OK) {
        status = run_text(change->request);
        assert_named(change->request, status);
        assert_true_cause(change->request, status, plan);
    }
    finish();
    size_t failed = failing_vfs_failed();
    failing_vfs_plan((struct fault_plan){0});
    assert_whole(change, status);
    finish();
    injected += failed;
    survived++;
    return failed > 0;
}

static void survive_all(struct fault_plan plan)
{
    for (size_t i = 0; i < COUNT(changes); i++) {
        plan.first = 0;
        do {
            plan.first++;
        } while (survive(&changes[i], plan));
    }
    print_message("store I/O: %zu calls failed, in %zu runs that were survived\n", injected,
                  survived);
}

static void each_call_may_fail_once(void **state)
{
    (void)state;
    survive_all((struct fault_plan){0});
}

static void each_call_may_fail_with_all_that_follow(void **state)
{
    (void)state;
    survive_all((struct fault_plan){.onwards = true});
}

static void the_disk_may_be_full_for_one_write(void **state)
{
    (void)state;
    survive_all((struct fault_plan){.full = true});
}

static void the_disk_may_be_full_from_any_write_onwards(void **state)
{
    (void)state;
    survive_all((struct fault_plan){.onwards = true, .full = true});
}

/* SQLite gives an error of input and output for each; errno alone says what it was. */
static void the_error_of_the_system_says_whether_it_is_called_full(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(causes); i++) {
        survive_all((struct fault_plan){.error = causes[i].error});
        survive_all((struct fault_plan){.onwards = true, .error = causes[i].error});
    }
}

/* The store and its root key are created in an empty folder. */
static void creating_a_store_may_fail_at_each_call(void **state)
{
    (void)state;
    static const struct change first = {OP("storeSecret") SECRET ",\"data\":\"new\"}", load_secret,
                                        "null", "\"new\""};
    bool failed = true;

    for (size_t n = 1; failed; n++) {
        folder_remove(&folder);
        assert_int_equal(session_start(NULL), 0);
        failing_vfs_plan((struct fault_plan){.first = n, .onwards = n % 2 == 0});
        enum status status = run_text(HELLO);
        assert_named(HELLO, status);
        if (status == STATUS_OK) {
            status = run_text(first.request);
            assert_named(first.request, status);
        }
        finish();
        failed = failing_vfs_failed() > 0;
        injected += failing_vfs_failed();
        failing_vfs_plan((struct fault_plan){0});
        assert_whole(&first, status);
        finish();
        survived++;
    }
    print_message("store I/O: %zu calls failed, in %zu runs that were survived\n", injected,
                  survived);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_call_may_fail_once, session_start, session_stop),
        cmocka_unit_test_setup_teardown(each_call_may_fail_with_all_that_follow, session_start,
                                        session_stop),
        cmocka_unit_test_setup_teardown(the_disk_may_be_full_for_one_write, session_start,
                                        session_stop),
        cmocka_unit_test_setup_teardown(the_disk_may_be_full_from_any_write_onwards, session_start,
                                        session_stop),
        cmocka_unit_test_setup_teardown(the_error_of_the_system_says_whether_it_is_called_full,
                                        session_start, session_stop),
        cmocka_unit_test_setup_teardown(creating_a_store_may_fail_at_each_call, session_start,
                                        session_stop),
    };

    failing_vfs_install();
    return cmocka_run_group_tests_name("store faults", tests, NULL, NULL);
}
