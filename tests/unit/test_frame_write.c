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

static void a_frame_is_written_completely_however_the_writes_are_split(void **state)
{
    (void)state;
    uint8_t expected[32];
    size_t size = put_frame(expected, 0, VIEW("{\"id\":1}"));

    for (uint32_t cuts = 0; cuts < (uint32_t)1 << (size - 1); cuts++) {
        uint8_t output[32] = {0};
        fake_start(output, sizeof output);
        fake.cuts = cuts;
        assert_int_equal(frame_write(FD, VIEW("{\"id\":1}")), STATUS_OK);
        assert_int_equal(fake.at, size);
        assert_memory_equal(output, expected, size);
        assert_int_equal(fake.calls, __builtin_popcount(cuts) + 1);
    }
}

static void interrupted_and_blocked_writes_continue_where_they_stopped(void **state)
{
    (void)state;
    static const int errors[] = {EINTR, EAGAIN, EINTR, EWOULDBLOCK, 0};
    uint8_t expected[32];
    uint8_t output[32] = {0};
    size_t size = put_frame(expected, 0, VIEW("{\"id\":1}"));

    fake_start(output, sizeof output);
    fake.errors = errors;
    fake.interrupted_polls = 2;
    fake.chunk = 1;
    assert_int_equal(frame_write(FD, VIEW("{\"id\":1}")), STATUS_OK);
    assert_int_equal(fake.polls, 4);
    assert_int_equal(fake.polled_events, POLLOUT);
    assert_int_equal(fake.at, size);
    assert_memory_equal(output, expected, size);
}

static void an_empty_message_is_only_a_header(void **state)
{
    (void)state;
    uint8_t output[8] = {1, 1, 1, 1};

    fake_start(output, sizeof output);
    assert_int_equal(frame_write(FD, (struct view){NULL, 0}), STATUS_OK);
    assert_int_equal(fake.at, HEADER);
    assert_memory_equal(output, "\0\0\0\0", HEADER);
}

static void a_write_that_fails_is_reported_with_its_errno(void **state)
{
    (void)state;
    static const int codes[] = {EPIPE, EIO, ENOSPC, EBADF};

    for (size_t i = 0; i < COUNT(codes); i++) {
        const int errors[] = {codes[i], 0};
        uint8_t output[16];
        fake_start(output, sizeof output);
        fake.errors = errors;
        errno = 0;
        assert_int_equal(frame_write(FD, VIEW("{}")), STATUS_IO_FAILED);
        assert_int_equal(errno, codes[i]);
        assert_int_equal(fake.calls, 1);
    }
    const int waiting[] = {EAGAIN, 0};
    fake_start(NULL, 0);
    fake.errors = waiting;
    fake.poll_result = -1;
    assert_int_equal(frame_write(FD, VIEW("{}")), STATUS_IO_FAILED);
    assert_int_equal(errno, ENOMEM);
}

static void a_reply_may_have_one_mebibyte_but_no_byte_more(void **state)
{
    (void)state;
    BYTES_AUTO message = {0};
    BYTES_AUTO output = {0};

    assert_int_equal(bytes_alloc(FRAME_REPLY_MAX + 1, &message), STATUS_OK);
    assert_int_equal(bytes_alloc(FRAME_REPLY_MAX + 2 * HEADER, &output), STATUS_OK);
    memset(message.data, 'x', message.size);
    fake_start(output.data, output.size);
    assert_int_equal(frame_write(FD, view_of_bytes(&message)), STATUS_FRAME_TOO_LARGE);
    assert_int_equal(fake.calls, 0);
    fake.chunk = 4096 + 1;
    assert_int_equal(frame_write(FD, (struct view){message.data, FRAME_REPLY_MAX}), STATUS_OK);
    assert_int_equal(fake.at, HEADER + FRAME_REPLY_MAX);
    assert_memory_equal(output.data + HEADER, message.data, FRAME_REPLY_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_frame_is_written_completely_however_the_writes_are_split),
        cmocka_unit_test(interrupted_and_blocked_writes_continue_where_they_stopped),
        cmocka_unit_test(an_empty_message_is_only_a_header),
        cmocka_unit_test(a_write_that_fails_is_reported_with_its_errno),
        cmocka_unit_test(a_reply_may_have_one_mebibyte_but_no_byte_more),
    };

    return cmocka_run_group_tests_name("frame_write", tests, NULL, NULL);
}
