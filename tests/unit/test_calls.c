/* SPDX-License-Identifier: MIT */
#include "secrets_fixture.h"
#include "store/calls.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { NOTED_SIZE = 512 };

static void append(struct call call)
{
    if (calls_append(store, &call, &failure) != STATUS_OK) {
        fail_msg("%s", failure.message);
    }
}

/* The detail of the newest call, unsealed for a place. */
static enum status open_newest(struct view origin, struct view method, struct bytes *ret_detail)
{
    static const char sql[] = "SELECT sealed FROM call ORDER BY id DESC LIMIT 1";
    const struct view fields[] = {VIEW("call"), origin, method};
    BYTES_AUTO sealed = {0};
    STATEMENT_AUTO *statement = NULL;

    assert_int_equal(store_run(store, sql, NULL, 0, &statement, &failure), STATUS_OK);
    assert_int_equal(statement_column(statement, 0, &sealed, &failure), STATUS_OK);
    return seal_open(store_seal(store), fields, COUNT(fields), view_of_bytes(&sealed), ret_detail);
}

static void a_call_is_kept_with_its_detail_sealed_for_its_place(void **state)
{
    (void)state;
    BYTES_AUTO detail = {0};
    BYTES_AUTO moved = {0};

    append((struct call){1700000000123, VIEW(ORIGIN), VIEW("storeSecret"),
                         VIEW("first stores at once"), VIEW("{\"key\":\"token\"}"), NO_VALUE});
    assert_int_equal(count("SELECT count(*) FROM call WHERE at = 1700000000123"
                           " AND origin = 'https://example.com' AND method = 'storeSecret'"
                           " AND problem = 'first stores at once'"),
                     1);
    assert_int_equal(open_newest(VIEW(ORIGIN), VIEW("storeSecret"), &detail), STATUS_OK);
    assert_view_equal(view_of_bytes(&detail), VIEW("{\"key\":\"token\"}"));
    assert_int_equal(open_newest(VIEW(ORIGIN), VIEW("loadSecret"), &moved), STATUS_DAMAGED);
    assert_int_equal(open_newest(VIEW("https://b"), VIEW("storeSecret"), &moved), STATUS_DAMAGED);
}

static void a_missing_problem_differs_from_an_empty_one(void **state)
{
    (void)state;
    append(
        (struct call){.at = 1, .origin = VIEW(ORIGIN), .method = VIEW("a"), .detail = VIEW("{}")});
    assert_int_equal(count("SELECT count(*) FROM call WHERE problem IS NULL"), 1);
    append((struct call){2, VIEW(ORIGIN), VIEW("a"), VIEW(""), VIEW("{}"), NO_VALUE});
    append((struct call){3, VIEW(ORIGIN), VIEW("a"), NO_VALUE, VIEW("{}"), NO_VALUE});
    assert_int_equal(count("SELECT count(*) FROM call WHERE problem = ''"), 1);
    assert_int_equal(count("SELECT count(*) FROM call WHERE problem IS NULL"), 2);
}

static void times_of_any_size_are_kept(void **state)
{
    (void)state;
    static const int64_t times[] = {0, -1, INT64_MAX, INT64_MIN};

    for (size_t i = 0; i < COUNT(times); i++) {
        append((struct call){times[i], VIEW(ORIGIN), VIEW("a"), NO_VALUE, VIEW("{}"), NO_VALUE});
    }
    assert_int_equal(count("SELECT count(DISTINCT at) FROM call"), 4);
}

/* What all kept calls take, and that the store has counted the same. */
static int counted_bytes(void)
{
    static const char total[] = "SELECT bytes FROM call_total";
    static const char sum[] =
        "SELECT coalesce(sum(length(sealed) + length(CAST(origin AS BLOB))"
        " + length(CAST(method AS BLOB)) + length(CAST(coalesce(problem, '') AS BLOB))"
        " + length(CAST(coalesce(page, '') AS BLOB))), 0) FROM call";
    int bytes = count(total);

    assert_int_equal(bytes, count(sum));
    assert_int_equal(count("SELECT calls FROM call_total"), count("SELECT count(*) FROM call"));
    return bytes;
}

static void bytes_of_calls_are_counted_exactly(void **state)
{
    (void)state;
    const struct view details[] = {VIEW("{}"), VIEW("{\"a\":\"\xC3\xA9\"}")};

    assert_int_equal(counted_bytes(), 0);
    for (size_t i = 0; i < COUNT(details); i++) {
        append((struct call){1, VIEW(ORIGIN), VIEW("\xE2\x82\xAC"), VIEW("p\xC3\xA9"), details[i],
                             VIEW("\0\xC3\xA9")});
        append((struct call){1, VIEW("https://b"), VIEW(""), NO_VALUE, details[i], NO_VALUE});
    }
    assert_true(counted_bytes() > 0);
    assert_int_equal(calls_clear(store, VIEW(ORIGIN), &failure), STATUS_OK);
    assert_true(counted_bytes() > 0);
    assert_int_equal(calls_clear(store, VIEW(""), &failure), STATUS_OK);
    assert_int_equal(counted_bytes(), 0);
}

static void the_oldest_are_deleted_when_there_are_too_many(void **state)
{
    (void)state;
    execute("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 49999)"
            " INSERT INTO call (id, at, origin, method, sealed) SELECT i, i, '', '', x'' FROM n");
    for (int64_t at = 50000; at <= 50003; at++) {
        append((struct call){at, VIEW(ORIGIN), VIEW("a"), NO_VALUE, VIEW("{}"), NO_VALUE});
        assert_int_equal(count("SELECT count(*) FROM call"), CALLS_KEPT_MAX);
        assert_int_equal(count("SELECT min(at) FROM call"), at - CALLS_KEPT_MAX + 1);
        assert_int_equal(count("SELECT max(at) FROM call"), at);
        assert_int_equal(count("SELECT coalesce(sum(calls), 0) FROM call_lost"),
                         at - CALLS_KEPT_MAX);
    }
    assert_int_equal(count("SELECT at FROM call_lost WHERE calls = 3 AND origin = ''"), 3);
    execute("DELETE FROM call");
    append((struct call){1, VIEW(ORIGIN), VIEW("a"), NO_VALUE, VIEW("{}"), NO_VALUE});
    assert_int_equal(count("SELECT count(*) FROM call"), 1);
}

/* A call with a detail of the largest size. */
static void append_large(int64_t at, const char *origin)
{
    static char detail[CALL_DETAIL_SIZE_MAX];

    (void)memset(detail, 'x', sizeof detail);
    append((struct call){at, view_of_text(origin), VIEW("a"), NO_VALUE,
                         (struct view){(const uint8_t *)detail, sizeof detail}, NO_VALUE});
}

static void the_oldest_are_deleted_when_they_take_too_many_bytes(void **state)
{
    (void)state;
    append((struct call){1, VIEW("https://b"), VIEW("b"), NO_VALUE, VIEW("{}"), NO_VALUE});
    append((struct call){2, VIEW(ORIGIN), VIEW("a"), NO_VALUE, VIEW("{}"), NO_VALUE});
    append((struct call){3, VIEW(ORIGIN), VIEW("a"), VIEW("p"), VIEW("{}"), NO_VALUE});
    int64_t at = 4;
    for (; count("SELECT count(*) FROM call_lost") == 0; at++) {
        append_large(at, ORIGIN);
        assert_true(at < 1100);
    }
    int bytes = counted_bytes();
    assert_true(bytes <= CALLS_BYTES_MAX && bytes > CALLS_BYTES_MAX - CALL_DETAIL_SIZE_MAX - 1000);
    for (int64_t more = 0; more < 100; more++) {
        append_large(at + more, ORIGIN);
        bytes = counted_bytes();
        assert_true(bytes <= CALLS_BYTES_MAX);
    }
    assert_int_equal(count("SELECT count(*) FROM call_lost"), 2);
    assert_int_equal(count("SELECT calls FROM call_lost WHERE origin = 'https://b' AND at = 1"), 1);
    assert_int_equal(count("SELECT calls + (SELECT count(*) FROM call) FROM call_lost"
                           " WHERE origin = 'https://example.com'"),
                     (int)at + 98);
    assert_int_equal(count("SELECT (SELECT min(at) FROM call) - at FROM call_lost"
                           " WHERE origin = 'https://example.com'"),
                     1);
}

static void lost_calls_of_more_origins_than_are_counted_are_counted_together(void **state)
{
    (void)state;
    execute("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1002)"
            " INSERT INTO call (id, at, origin, method, sealed)"
            " SELECT i, i, 'https://' || i, '', x'' FROM n;"
            "INSERT INTO call (at, origin, method, sealed) VALUES (1003, 'https://1', '', x'');"
            "UPDATE call_total SET calls = calls + 50000");
    append((struct call){1004, VIEW(ORIGIN), VIEW("a"), NO_VALUE, VIEW("{}"), NO_VALUE});
    assert_int_equal(count("SELECT count(*) FROM call_lost"), CALLS_LOST_ORIGINS_MAX + 1);
    assert_int_equal(count("SELECT calls FROM call_lost WHERE origin = ''"), 3);
    assert_int_equal(count("SELECT calls FROM call_lost WHERE origin = 'https://1'"), 2);
}

static void no_detail_is_in_the_files(void **state)
{
    (void)state;
    static const char *const names[] = {"store.sqlite3", "store.sqlite3-wal"};

    append((struct call){1, VIEW(ORIGIN), VIEW("set"), NO_VALUE,
                         VIEW("{\"value\":\"marker-4711\"}"), NO_VALUE});
    for (int closed = 0; closed < 2; closed++) {
        for (size_t i = 0; i < COUNT(names); i++) {
            const char *path = path_in((const char *)folder.data, names[i]);
            BYTES_AUTO content = file_exists(path) ? file_read(path) : (struct bytes){NULL, 0};
            assert_true(content.size == 0 ||
                        !view_contains(view_of_bytes(&content), VIEW("marker-4711")));
        }
        store_close(&store);
    }
}

static void a_call_that_cannot_be_written_is_reported(void **state)
{
    (void)state;
    struct call call = {1, VIEW(ORIGIN), VIEW("a"), NO_VALUE, VIEW("{}"), NO_VALUE};

    execute("CREATE TRIGGER refuse BEFORE INSERT ON call BEGIN SELECT RAISE(ABORT, 'no'); END");
    assert_int_equal(calls_append(store, &call, &failure), STATUS_STORE_FAILED);
    assert_plain_failure(&failure, STATUS_STORE_FAILED);
    execute("DROP TRIGGER refuse");
    append(call);
}

static enum status note_call(void *context, const struct call *call, struct failure *call_failure)
{
    char *noted = context;
    size_t used = strlen(noted);

    (void)call_failure;
    (void)snprintf(noted + used, NOTED_SIZE - used, "%lld %.*s %.*s %s %.*s\n", (long long)call->at,
                   (int)call->origin.size, (const char *)call->origin.data, (int)call->method.size,
                   (const char *)call->method.data, call->problem.data != NULL ? "problem" : "-",
                   (int)call->detail.size, (const char *)call->detail.data);
    return STATUS_OK;
}

static void assert_visits(const char *origin, bool only_problems, long last, const char *expected)
{
    const struct call_filter filter = {
        .origin = view_of_text(origin), .only_problems = only_problems, .last = last};
    char noted[NOTED_SIZE] = "";

    if (calls_visit(store, &filter, note_call, noted, &failure) != STATUS_OK) {
        fail_msg("%s", failure.message);
    }
    assert_string_equal(noted, expected);
}

static enum status note_page(void *context, const struct call *call, struct failure *call_failure)
{
    char *noted = context;
    size_t used = strlen(noted);

    (void)call_failure;
    (void)snprintf(noted + used, NOTED_SIZE - used, "%s%.*s\n", call->page.data != NULL ? "" : "-",
                   (int)call->page.size,
                   call->page.data != NULL ? (const char *)call->page.data : "");
    return STATUS_OK;
}

static void a_call_keeps_its_page_where_it_has_one(void **state)
{
    (void)state;
    const struct call_filter filter = {.origin = VIEW("")};
    char noted[NOTED_SIZE] = "";

    append((struct call){1, VIEW(ORIGIN), VIEW("a"), NO_VALUE, VIEW("{}"), VIEW("p1")});
    append((struct call){2, VIEW(ORIGIN), VIEW("a"), VIEW("p"), VIEW("{}"), NO_VALUE});
    assert_int_equal(calls_visit(store, &filter, note_page, noted, &failure), STATUS_OK);
    assert_string_equal(noted, "p1\n-\n");
}

static void calls_are_visited_oldest_first_by_origin_and_problem(void **state)
{
    (void)state;
    assert_visits("", false, 0, "");
    append((struct call){5, VIEW(ORIGIN), VIEW("a"), NO_VALUE, VIEW("{\"n\":1}"), NO_VALUE});
    append((struct call){4, VIEW("https://b"), VIEW("b"), VIEW("p"), VIEW("{}"), NO_VALUE});
    append((struct call){3, VIEW(ORIGIN), VIEW("c"), VIEW("q"), VIEW("{}"), NO_VALUE});
    assert_visits("", false, 0,
                  "5 https://example.com a - {\"n\":1}\n"
                  "4 https://b b problem {}\n"
                  "3 https://example.com c problem {}\n");
    assert_visits(ORIGIN, false, 0,
                  "5 https://example.com a - {\"n\":1}\n"
                  "3 https://example.com c problem {}\n");
    assert_visits(ORIGIN, true, 0, "3 https://example.com c problem {}\n");
    assert_visits("https://c", false, 0, "");
    assert_visits("", false, 2,
                  "4 https://b b problem {}\n"
                  "3 https://example.com c problem {}\n");
    assert_visits(ORIGIN, false, 1, "3 https://example.com c problem {}\n");
    assert_visits("", true, 9,
                  "4 https://b b problem {}\n"
                  "3 https://example.com c problem {}\n");
}

#define LOST(count)                                                                                \
    "{\"advice\":\"Older calls were removed, and problems may have been among them: the newest "   \
    "are "                                                                                         \
    "kept, 50000 and 32 MiB at most. To start afresh, forget the calls with powerup-secrets "      \
    "calls "                                                                                       \
    "--clear.\",\"lost\":" #count "}\n"

static void lost_calls_are_the_oldest_problems(void **state)
{
    (void)state;
    append((struct call){5, VIEW(ORIGIN), VIEW("a"), NO_VALUE, VIEW("{}"), NO_VALUE});
    append((struct call){6, VIEW(ORIGIN), VIEW("b"), VIEW("p"), VIEW("{}"), NO_VALUE});
    execute("INSERT INTO call_lost VALUES ('https://example.com', 7, 4)");
    assert_visits("https://c", true, 0, "");
    for (int only_problems = 0; only_problems < 2; only_problems++) {
        char expected[512];
        (void)snprintf(expected, sizeof expected, "%s%s%s",
                       "4 https://example.com calls problem " LOST(7),
                       only_problems == 0 ? "5 https://example.com a - {}\n" : "",
                       "6 https://example.com b problem {}\n");
        assert_visits(ORIGIN, only_problems, 0, expected);
        assert_visits("", only_problems, 3, expected);
    }
    assert_visits("", false, 2,
                  "5 https://example.com a - {}\n6 https://example.com b problem {}\n");
    assert_visits("", true, 1, "6 https://example.com b problem {}\n");
    execute("INSERT INTO call_lost VALUES ('', 8, 9)");
    assert_visits("https://c", true, 0, "9  calls problem " LOST(8));
    assert_int_equal(calls_clear(store, VIEW(ORIGIN), &failure), STATUS_OK);
    assert_visits("", false, 0, "9  calls problem " LOST(8));
    assert_int_equal(calls_clear(store, VIEW(""), &failure), STATUS_OK);
    assert_visits("", false, 0, "");
}

static void cleared_calls_are_those_of_the_origin(void **state)
{
    (void)state;
    append((struct call){1, VIEW(ORIGIN), VIEW("a"), NO_VALUE, VIEW("{}"), NO_VALUE});
    append((struct call){2, VIEW("https://b"), VIEW("b"), NO_VALUE, VIEW("{}"), NO_VALUE});
    assert_int_equal(calls_clear(store, VIEW("https://b"), &failure), STATUS_OK);
    assert_visits("", false, 0, "1 https://example.com a - {}\n");
    assert_int_equal(calls_clear(store, VIEW(""), &failure), STATUS_OK);
    assert_visits("", false, 0, "");
}

static void a_call_that_another_program_changed_is_damaged(void **state)
{
    (void)state;
    char noted[NOTED_SIZE] = "";

    append((struct call){1, VIEW(ORIGIN), VIEW("a"), NO_VALUE, VIEW("{}"), NO_VALUE});
    execute("UPDATE call SET method = 'b'");
    assert_int_equal(calls_visit(store, &(struct call_filter){0}, note_call, noted, &failure),
                     STATUS_DAMAGED);
    assert_plain_failure(&failure, STATUS_DAMAGED);
    assert_string_equal(noted, "");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, finish)
    const struct CMUnitTest tests[] = {
        TEST(a_call_is_kept_with_its_detail_sealed_for_its_place),
        TEST(a_missing_problem_differs_from_an_empty_one),
        TEST(times_of_any_size_are_kept),
        TEST(bytes_of_calls_are_counted_exactly),
        TEST(the_oldest_are_deleted_when_there_are_too_many),
        TEST(the_oldest_are_deleted_when_they_take_too_many_bytes),
        TEST(lost_calls_of_more_origins_than_are_counted_are_counted_together),
        TEST(no_detail_is_in_the_files),
        TEST(a_call_that_cannot_be_written_is_reported),
        TEST(a_call_keeps_its_page_where_it_has_one),
        TEST(calls_are_visited_oldest_first_by_origin_and_problem),
        TEST(lost_calls_are_the_oldest_problems),
        TEST(cleared_calls_are_those_of_the_origin),
        TEST(a_call_that_another_program_changed_is_damaged),
    };

    return cmocka_run_group_tests_name("calls", tests, NULL, NULL);
}
