/* SPDX-License-Identifier: MIT */
#include "base/request.h"
#include "base/utf8.h"
#include "native/reply.h"
#include "support.h"
#include "wire/frame.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* The text of {"id":7,"ok":true,"result":""}. */
enum { ID = 7, ENVELOPE = 30 };

static int output;

static int start(void **state)
{
    (void)state;
    output = memfd_create("reply", MFD_CLOEXEC);
    return output >= 0 ? 0 : -1;
}

static int finish(void **state)
{
    (void)state;
    return close(output);
}

/* Returns everything that was written, and empties the file. */
static struct bytes written(void)
{
    struct bytes content = {0};
    off_t size = lseek(output, 0, SEEK_END);

    assert_true(size >= 0);
    assert_int_equal(bytes_alloc((size_t)size, &content), STATUS_OK);
    assert_int_equal(pread(output, content.data, content.size, 0), size);
    assert_int_equal(ftruncate(output, 0), 0);
    assert_int_equal(lseek(output, 0, SEEK_SET), 0);
    return content;
}

/* Removes and returns the first frame. */
static struct view next_frame(struct view *frames)
{
    uint32_t length = 0;

    assert_true(frames->size >= sizeof length);
    memcpy(&length, frames->data, sizeof length);
    assert_true(length <= FRAME_REPLY_MAX);
    assert_true(length <= frames->size - sizeof length);
    struct view frame = {frames->data + sizeof length, length};
    *frames = (struct view){frame.data + length, frames->size - sizeof length - length};
    return frame;
}

static struct json_object *member_of(struct json_object *object, const char *name)
{
    struct json_object *value = NULL;

    if (!json_object_object_get_ex(object, name, &value)) {
        fail_msg("there is no member %s", name);
    }
    return value;
}

static struct json_object *parse(struct view text)
{
    struct json_object *value = NULL;
    struct failure failure = {0};

    assert_int_equal(json_text_parse(text, &value, &failure), STATUS_OK);
    return value;
}

static void assert_only_frame(const char *expected)
{
    BYTES_AUTO content = written();
    struct view frames = view_of_bytes(&content);

    assert_view_equal(next_frame(&frames), view_of_text(expected));
    assert_int_equal(frames.size, 0);
}

static void a_result_has_its_id_and_nothing_else(void **state)
{
    (void)state;
    static const struct {
        const char *result;
        const char *reply;
    } cases[] = {
        {"null", "{\"id\":7,\"ok\":true,\"result\":null}"},
        {"\"\"", "{\"id\":7,\"ok\":true,\"result\":\"\"}"},
        {"\"a/\\u0000\\n\"", "{\"id\":7,\"ok\":true,\"result\":\"a/\\u0000\\n\"}"},
        {"{\"key\":\"k\",\"value\":\"v\"}",
         "{\"id\":7,\"ok\":true,\"result\":{\"key\":\"k\",\"value\":\"v\"}}"},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct json_object *result = parse(view_of_text(cases[i].result));
        assert_int_equal(reply_result(output, ID, 0, &result), STATUS_OK);
        assert_null(result);
        assert_only_frame(cases[i].reply);
    }
}

static void a_failure_has_everything_that_a_page_needs(void **state)
{
    (void)state;
    struct failure failure = {0};

    failure_set(&failure, STATUS_BAD_REQUEST, "No \"op\" \xC3\xA9.");
    assert_int_equal(reply_failure(output, ID, &failure), STATUS_OK);
    assert_only_frame("{\"id\":7,\"ok\":false,\"error\":{\"code\":\"bad_request\",\"class\":"
                      "\"Error\",\"name\":\"Error\",\"message\":\"No \\\"op\\\" \xC3\xA9.\","
                      "\"operational\":false}}");
    failure_library(&failure, "DOMException", "DataError", true, "Message: ");
    assert_int_equal(reply_failure(output, ID, &failure), STATUS_OK);
    assert_only_frame("{\"id\":7,\"ok\":false,\"error\":{\"code\":\"library_error\",\"class\":"
                      "\"DOMException\",\"name\":\"DataError\",\"message\":\"Message: \","
                      "\"operational\":true}}");
}

static void an_id_of_zero_is_null_and_the_largest_is_exact(void **state)
{
    (void)state;
    struct json_object *result = NULL;
    struct failure failure = {0};

    assert_int_equal(reply_result(output, 0, 0, &result), STATUS_OK);
    assert_only_frame("{\"id\":null,\"ok\":true,\"result\":null}");
    assert_int_equal(reply_result(output, REQUEST_ID_MAX, 0, &result), STATUS_OK);
    assert_only_frame("{\"id\":9007199254740991,\"ok\":true,\"result\":null}");
    failure_set(&failure, STATUS_BAD_JSON, "x");
    assert_int_equal(reply_failure(output, 0, &failure), STATUS_OK);
    BYTES_AUTO content = written();
    struct view frames = view_of_bytes(&content);
    struct view frame = next_frame(&frames);
    assert_memory_equal(frame.data, "{\"id\":null,\"ok\":false,", 22);
}

/* A string result that repeats a pattern a whole number of times. */
static struct json_object *long_result(const char *pattern, size_t least)
{
    size_t size = strlen(pattern);
    BYTES_AUTO text = {0};

    assert_int_equal(bytes_alloc((least + size - 1) / size * size, &text), STATUS_OK);
    for (size_t at = 0; at < text.size; at += size) {
        memcpy(text.data + at, pattern, size);
    }
    struct json_object *result =
        json_object_new_string_len((const char *)text.data, (int)text.size);
    assert_non_null(result);
    return result;
}

/* Reads parts until the last one, checks each, and returns the joined reply. */
static struct bytes join_parts(int64_t id, size_t least_parts)
{
    BYTES_AUTO content = written();
    struct view frames = view_of_bytes(&content);
    struct bytes joined = {0};
    size_t used = 0;
    size_t number = 0;

    assert_int_equal(bytes_alloc(content.size, &joined), STATUS_OK);
    while (frames.size > 0) {
        struct view frame = next_frame(&frames);
        assert_true(utf8_is_valid(frame));
        JSON_AUTO(part) = parse(frame);
        assert_int_equal(json_object_object_length(part), 4);
        assert_int_equal(json_object_get_int64(member_of(part, "id")), id);
        assert_int_equal(json_object_get_int64(member_of(part, "part")), number++);
        assert_int_equal(json_object_get_boolean(member_of(part, "last")), frames.size == 0);
        struct view text = json_string_view(member_of(part, "text"));
        assert_true(text.size > 0);
        assert_true(utf8_is_valid(text));
        memcpy(joined.data + used, text.data, text.size);
        used += text.size;
    }
    assert_true(number >= least_parts);
    joined.size = used;
    return joined;
}

static void a_reply_of_exactly_the_limit_is_one_frame_and_one_byte_more_is_parts(void **state)
{
    (void)state;
    struct json_object *result = long_result("x", FRAME_REPLY_MAX - ENVELOPE);

    assert_int_equal(reply_result(output, ID, 0, &result), STATUS_OK);
    BYTES_AUTO content = written();
    struct view frames = view_of_bytes(&content);
    struct view frame = next_frame(&frames);
    assert_int_equal(frame.size, FRAME_REPLY_MAX);
    assert_int_equal(frames.size, 0);
    JSON_AUTO(reply) = parse(frame);
    assert_true(json_object_get_boolean(member_of(reply, "ok")));

    result = long_result("x", FRAME_REPLY_MAX - ENVELOPE + 1);
    assert_int_equal(reply_result(output, ID, 0, &result), STATUS_OK);
    BYTES_AUTO joined = join_parts(ID, 2);
    assert_int_equal(joined.size, FRAME_REPLY_MAX + 1);
}

static void joined_parts_are_the_reply_whatever_it_contains(void **state)
{
    (void)state;
    static const char *const patterns[] = {
        "x",
        "\"",
        "\\",
        "\"\\",
        "\xC3\xA9",
        "\xE2\x82\xAC",
        "\xF0\x9F\x94\x91",
        "\n",
        "a\xF0\x9F\x94\x91\"",
        "\\\xE2\x82\xAC",
        "\x01",
        "ab\xC3\xA9\"\\\xF0\x9F\x92\xA9/\t",
    };
    /* Shifted, so that a cut at a fixed place would fall on each byte of the pattern. */
    for (size_t i = 0; i < COUNT(patterns); i++) {
        for (size_t shift = 0; shift < 4 && shift < strlen(patterns[i]); shift++) {
            static const char prefix[] = "1234";
            JSON_AUTO(tail) = long_result(patterns[i], FRAME_REPLY_MAX + 1000);
            struct view text = json_string_view(tail);
            BYTES_AUTO whole = {0};
            assert_int_equal(bytes_alloc(shift + text.size, &whole), STATUS_OK);
            memcpy(whole.data, prefix, shift);
            memcpy(whole.data + shift, text.data, text.size);
            struct json_object *result =
                json_object_new_string_len((const char *)whole.data, (int)whole.size);

            assert_int_equal(reply_result(output, REQUEST_ID_MAX, 0, &result), STATUS_OK);
            BYTES_AUTO joined = join_parts(REQUEST_ID_MAX, 2);
            JSON_AUTO(reply) = parse(view_of_bytes(&joined));
            assert_int_equal(json_object_object_length(reply), 3);
            assert_int_equal(json_object_get_int64(member_of(reply, "id")), REQUEST_ID_MAX);
            assert_true(json_object_get_boolean(member_of(reply, "ok")));
            assert_view_equal(json_string_view(member_of(reply, "result")), view_of_bytes(&whole));
        }
    }
}

static void many_parts_are_numbered(void **state)
{
    (void)state;
    struct json_object *result = long_result("\"", 6 * FRAME_REPLY_MAX);

    assert_int_equal(reply_result(output, ID, 0, &result), STATUS_OK);
    BYTES_AUTO joined = join_parts(ID, 12);
    assert_int_equal(joined.size, 12 * FRAME_REPLY_MAX + ENVELOPE);
}

static void a_reply_that_cannot_be_written_is_reported(void **state)
{
    (void)state;
    struct json_object *result = long_result("x", 2 * FRAME_REPLY_MAX);
    struct failure failure = {0};

    failure_set(&failure, STATUS_DAMAGED, "x");
    errno = 0;
    assert_int_equal(reply_failure(-1, ID, &failure), STATUS_IO_FAILED);
    assert_int_equal(errno, EBADF);
    assert_int_equal(reply_result(-1, ID, 0, &result), STATUS_IO_FAILED);
    assert_null(result);
    assert_int_equal(reply_result(-1, ID, 0, &result), STATUS_IO_FAILED);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, finish)
    const struct CMUnitTest tests[] = {
        TEST(a_result_has_its_id_and_nothing_else),
        TEST(a_failure_has_everything_that_a_page_needs),
        TEST(an_id_of_zero_is_null_and_the_largest_is_exact),
        TEST(a_reply_of_exactly_the_limit_is_one_frame_and_one_byte_more_is_parts),
        TEST(joined_parts_are_the_reply_whatever_it_contains),
        TEST(many_parts_are_numbered),
        TEST(a_reply_that_cannot_be_written_is_reported),
    };

    return cmocka_run_group_tests_name("reply", tests, NULL, NULL);
}
