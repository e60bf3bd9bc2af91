/* SPDX-License-Identifier: MIT */
#include "fake_descriptor.h"
#include "support.h"
#include "wire/frame.h"

#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { SMALL = 64 * 1024 }; /* what the reader keeps */

static enum status next_message(struct frame_reader *reader, struct view *ret_message)
{
    enum status status = frame_reader_take(reader, ret_message);

    while (status == STATUS_NEED_MORE) {
        status = frame_reader_fill(reader);
        if (status == STATUS_OK) {
            status = frame_reader_take(reader, ret_message);
        }
    }
    return status;
}

static void assert_two_messages_then_the_end(void)
{
    struct frame_reader reader = frame_reader_init(FD);
    struct view message;

    assert_int_equal(next_message(&reader, &message), STATUS_OK);
    assert_view_equal(message, VIEW("{\"a\"}"));
    assert_int_equal(next_message(&reader, &message), STATUS_OK);
    assert_view_equal(message, VIEW("[]"));
    assert_int_equal(next_message(&reader, &message), STATUS_END_OF_INPUT);
    frame_reader_free(&reader);
}

static size_t two_frames(uint8_t stream[32])
{
    return put_frame(stream, put_frame(stream, 0, VIEW("{\"a\"}")), VIEW("[]"));
}

static void two_frames_are_complete_however_the_stream_is_split(void **state)
{
    (void)state;
    uint8_t stream[32];
    size_t size = two_frames(stream);

    for (uint32_t cuts = 0; cuts < (uint32_t)1 << (size - 1); cuts++) {
        fake_start(stream, size);
        fake.cuts = cuts;
        assert_two_messages_then_the_end();
        assert_int_equal(fake.calls, __builtin_popcount(cuts) + 2);
    }
}

static void frames_that_arrive_together_need_one_read(void **state)
{
    (void)state;
    uint8_t stream[32];
    struct view message;

    fake_start(stream, two_frames(stream));
    struct frame_reader reader = frame_reader_init(FD);
    assert_int_equal(next_message(&reader, &message), STATUS_OK);
    assert_int_equal(next_message(&reader, &message), STATUS_OK);
    assert_int_equal(fake.calls, 1);
    frame_reader_free(&reader);
}

static void signals_before_every_read_change_nothing(void **state)
{
    (void)state;
    static const int errors[] = {EINTR, EINTR, EINTR, 0};
    uint8_t stream[32];
    struct view message;

    fake_start(stream, two_frames(stream));
    fake.chunk = 1;
    struct frame_reader reader = frame_reader_init(FD);
    for (size_t i = 0; i < fake.size; i++) {
        fake.errors = errors;
        assert_int_equal(frame_reader_fill(&reader), STATUS_OK);
    }
    assert_int_equal(fake.polls, 0);
    assert_int_equal(frame_reader_take(&reader, &message), STATUS_OK);
    assert_view_equal(message, VIEW("{\"a\"}"));
    assert_int_equal(frame_reader_take(&reader, &message), STATUS_OK);
    assert_view_equal(message, VIEW("[]"));
    fake.errors = errors;
    assert_int_equal(frame_reader_fill(&reader), STATUS_END_OF_INPUT);
    frame_reader_free(&reader);
}

static void an_empty_descriptor_is_waited_for(void **state)
{
    (void)state;
    static const int errors[] = {EAGAIN, EINTR, EWOULDBLOCK, 0};
    uint8_t stream[32];

    fake_start(stream, two_frames(stream));
    fake.errors = errors;
    fake.interrupted_polls = 3;
    assert_two_messages_then_the_end();
    assert_int_equal(fake.polls, 5);
    assert_int_equal(fake.polled_events, POLLIN);
}

static void a_failed_wait_is_a_failed_read(void **state)
{
    (void)state;
    static const int errors[] = {EAGAIN, 0};
    uint8_t stream[32];

    fake_start(stream, two_frames(stream));
    fake.errors = errors;
    fake.poll_result = -1;
    struct frame_reader reader = frame_reader_init(FD);
    assert_int_equal(frame_reader_fill(&reader), STATUS_IO_FAILED);
    assert_int_equal(errno, ENOMEM);
    frame_reader_free(&reader);
}

static void a_read_error_at_any_call_is_reported_with_its_errno(void **state)
{
    (void)state;
    static const int errors[] = {EIO, 0};
    uint8_t stream[32];
    size_t size = two_frames(stream);

    for (size_t good = 0; good <= size; good++) {
        fake_start(stream, size);
        fake.chunk = 1;
        struct frame_reader reader = frame_reader_init(FD);
        for (size_t i = 0; i < good; i++) {
            assert_int_equal(frame_reader_fill(&reader), STATUS_OK);
        }
        fake.errors = errors;
        errno = 0;
        assert_int_equal(frame_reader_fill(&reader), STATUS_IO_FAILED);
        assert_int_equal(errno, EIO);
        frame_reader_free(&reader);
    }
}

static void the_end_is_clean_only_between_two_frames(void **state)
{
    (void)state;
    uint8_t stream[32];
    size_t whole = two_frames(stream);

    for (size_t chunk = 0; chunk <= 3; chunk++) {
        for (size_t size = 0; size <= whole; size++) {
            struct view message;
            bool between = size == 0 || size == HEADER + 5 || size == whole;
            enum status status = STATUS_OK;

            fake_start(stream, size);
            fake.chunk = chunk;
            struct frame_reader reader = frame_reader_init(FD);
            while (status == STATUS_OK) {
                status = next_message(&reader, &message);
            }
            assert_int_equal(status, between ? STATUS_END_OF_INPUT : STATUS_FRAME_TRUNCATED);
            assert_int_equal(frame_reader_fill(&reader), status);
            frame_reader_free(&reader);
        }
    }
}

static void an_empty_frame_is_an_empty_message(void **state)
{
    (void)state;
    uint8_t stream[32];
    struct view message = VIEW("x");

    fake_start(stream, put_frame(stream, 0, VIEW("")));
    struct frame_reader reader = frame_reader_init(FD);
    assert_int_equal(next_message(&reader, &message), STATUS_OK);
    assert_int_equal(message.size, 0);
    assert_int_equal(next_message(&reader, &message), STATUS_END_OF_INPUT);
    frame_reader_free(&reader);
}

static void a_message_that_is_too_large_is_skipped(void **state)
{
    (void)state;
    struct view message;
    BYTES_AUTO large = {0};
    BYTES_AUTO stream = {0};

    for (size_t more = 1; more <= (size_t)3 * SMALL; more += SMALL - 1) {
        bytes_wipe(&large);
        bytes_wipe(&stream);
        assert_int_equal(bytes_alloc(5 + more, &large), STATUS_OK);
        assert_int_equal(bytes_alloc(HEADER + large.size + 2 * (HEADER + 5), &stream), STATUS_OK);
        size_t at = put_frame(stream.data, 0, VIEW("first"));
        at = put_frame(stream.data, at, view_of_bytes(&large));
        put_frame(stream.data, at, VIEW("third"));
        fake_start(stream.data, stream.size);
        struct frame_reader reader = frame_reader_init(FD);
        reader.message_max = 5;
        assert_int_equal(next_message(&reader, &message), STATUS_OK);
        assert_view_equal(message, VIEW("first"));
        assert_int_equal(next_message(&reader, &message), STATUS_FRAME_TOO_LARGE);
        assert_false(reader.broken);
        assert_int_equal(next_message(&reader, &message), STATUS_OK);
        assert_view_equal(message, VIEW("third"));
        assert_int_equal(reader.capacity, SMALL); /* nothing of the large one was kept */
        assert_int_equal(next_message(&reader, &message), STATUS_END_OF_INPUT);
        frame_reader_free(&reader);
    }
}

static void a_length_of_no_message_is_refused_permanently(void **state)
{
    (void)state;
    const uint32_t lengths[] = {(uint32_t)FRAME_LENGTH_MAX + 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFC,
                                0xFFFFFFFF};

    for (size_t i = 0; i < COUNT(lengths); i++) {
        uint8_t stream[8] = {0};
        struct view message;

        memcpy(stream, &lengths[i], HEADER);
        fake_start(stream, sizeof stream);
        struct frame_reader reader = frame_reader_init(FD);
        assert_int_equal(next_message(&reader, &message), STATUS_FRAME_TOO_LARGE);
        assert_int_equal(frame_reader_take(&reader, &message), STATUS_FRAME_TOO_LARGE);
        assert_true(reader.broken);
        frame_reader_free(&reader);
    }
}

static void memory_grows_with_the_received_bytes_not_with_the_header(void **state)
{
    (void)state;
    uint32_t length = (uint32_t)FRAME_REQUEST_MAX;
    struct view message;
    BYTES_AUTO stream = {0};

    assert_int_equal(bytes_alloc(HEADER + 3 * SMALL, &stream), STATUS_OK);
    memcpy(stream.data, &length, HEADER);
    fake_start(stream.data, HEADER);
    struct frame_reader reader = frame_reader_init(FD);
    assert_int_equal(frame_reader_fill(&reader), STATUS_OK);
    assert_int_equal(frame_reader_take(&reader, &message), STATUS_NEED_MORE);
    assert_int_equal(reader.capacity, SMALL);
    fake.size = stream.size;
    while (fake.at < fake.size) {
        assert_int_equal(frame_reader_fill(&reader), STATUS_OK);
        assert_int_equal(frame_reader_take(&reader, &message), STATUS_NEED_MORE);
        assert_true(reader.capacity <= 2 * fake.at + SMALL);
    }
    assert_int_equal(frame_reader_fill(&reader), STATUS_FRAME_TRUNCATED);
    frame_reader_free(&reader);
}

static void a_message_of_exactly_the_limit_is_accepted(void **state)
{
    (void)state;
    uint32_t length = (uint32_t)FRAME_REQUEST_MAX;
    struct view message;
    BYTES_AUTO stream = {0};

    assert_int_equal(bytes_alloc(HEADER + FRAME_REQUEST_MAX, &stream), STATUS_OK);
    memcpy(stream.data, &length, HEADER);
    stream.data[HEADER] = '<';
    stream.data[stream.size - 1] = '>';
    fake_start(stream.data, stream.size);
    struct frame_reader reader = frame_reader_init(FD);
    assert_int_equal(next_message(&reader, &message), STATUS_OK);
    assert_int_equal(message.size, FRAME_REQUEST_MAX);
    assert_int_equal(message.data[0], '<');
    assert_int_equal(message.data[message.size - 1], '>');
    assert_int_equal(next_message(&reader, &message), STATUS_END_OF_INPUT);
    frame_reader_free(&reader);
}

static void the_buffer_shrinks_after_a_large_message(void **state)
{
    (void)state;
    struct view message;
    BYTES_AUTO large = {0};
    BYTES_AUTO stream = {0};

    assert_int_equal(bytes_alloc(5 * SMALL, &large), STATUS_OK);
    memset(large.data, 'S', large.size);
    assert_int_equal(bytes_alloc(HEADER + large.size + HEADER + 5, &stream), STATUS_OK);
    size_t at = put_frame(stream.data, 0, view_of_bytes(&large));
    put_frame(stream.data, at, VIEW("small"));
    fake_start(stream.data, stream.size);
    fake.size = at + 2; /* the next frame has begun when the large one is taken */
    struct frame_reader reader = frame_reader_init(FD);
    assert_int_equal(next_message(&reader, &message), STATUS_OK);
    assert_view_equal(message, view_of_bytes(&large));
    assert_true(reader.capacity > (size_t)5 * SMALL);
    fake.size = stream.size;
    assert_int_equal(next_message(&reader, &message), STATUS_OK);
    assert_view_equal(message, VIEW("small"));
    assert_int_equal(reader.capacity, SMALL);
    assert_null(memchr(reader.data, 'S', reader.capacity));
    frame_reader_free(&reader);
    assert_null(reader.data);
    assert_int_equal(reader.capacity, 0);
}

static void a_taken_message_is_wiped_when_the_next_one_is_read(void **state)
{
    (void)state;
    uint8_t stream[64];
    struct view message;

    size_t first = put_frame(stream, 0, VIEW("SSSSSSSSSSSS"));
    fake_start(stream, put_frame(stream, first, VIEW("x")));
    fake.cuts = (uint32_t)1 << (first - 1);
    struct frame_reader reader = frame_reader_init(FD);
    assert_int_equal(next_message(&reader, &message), STATUS_OK);
    assert_int_equal(next_message(&reader, &message), STATUS_OK);
    assert_view_equal(message, VIEW("x"));
    assert_null(memchr(reader.data, 'S', reader.capacity));
    frame_reader_free(&reader);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_frames_are_complete_however_the_stream_is_split),
        cmocka_unit_test(frames_that_arrive_together_need_one_read),
        cmocka_unit_test(signals_before_every_read_change_nothing),
        cmocka_unit_test(an_empty_descriptor_is_waited_for),
        cmocka_unit_test(a_failed_wait_is_a_failed_read),
        cmocka_unit_test(a_read_error_at_any_call_is_reported_with_its_errno),
        cmocka_unit_test(the_end_is_clean_only_between_two_frames),
        cmocka_unit_test(an_empty_frame_is_an_empty_message),
        cmocka_unit_test(a_message_that_is_too_large_is_skipped),
        cmocka_unit_test(a_length_of_no_message_is_refused_permanently),
        cmocka_unit_test(memory_grows_with_the_received_bytes_not_with_the_header),
        cmocka_unit_test(a_message_of_exactly_the_limit_is_accepted),
        cmocka_unit_test(the_buffer_shrinks_after_a_large_message),
        cmocka_unit_test(a_taken_message_is_wiped_when_the_next_one_is_read),
    };

    return cmocka_run_group_tests_name("frame", tests, NULL, NULL);
}
