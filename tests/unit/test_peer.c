/* SPDX-License-Identifier: MIT */
#include "support.h"
#include "wire/peer.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

/* Two ends of a connection; the second one is for raw bytes. */
static struct peer peer;
static int other;

static int start(void **state)
{
    int ends[2];

    (void)state;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) != 0) {
        return -1;
    }
    peer = peer_init(ends[0]);
    other = ends[1];
    return 0;
}

static int finish(void **state)
{
    (void)state;
    peer_close(&peer);
    return other >= 0 ? close(other) : 0;
}

static void put(struct view bytes)
{
    assert_int_equal(write(other, bytes.data, bytes.size), bytes.size);
}

static void put_frame(struct view message)
{
    uint32_t length = (uint32_t)message.size;

    put((struct view){(const uint8_t *)&length, sizeof length});
    put(message);
}

static struct json_object *text_of_size(size_t size)
{
    BYTES_AUTO text = {0};

    assert_int_equal(bytes_alloc(size - 2, &text), STATUS_OK);
    memset(text.data, 'a', text.size);
    return json_object_new_string_len((const char *)text.data, (int)text.size);
}

/* Reads the given number of bytes from the raw end. */
static struct bytes take_raw(size_t size)
{
    struct bytes taken = {0};

    assert_int_equal(bytes_alloc(size, &taken), STATUS_OK);
    for (size_t used = 0; used < size;) {
        ssize_t count = read(other, taken.data + used, size - used);
        if (count < 0) {
            assert_int_equal(errno, EAGAIN);
            assert_int_equal(peer_flush(&peer), STATUS_OK);
        } else {
            assert_true(count > 0);
            used += (size_t)count;
        }
    }
    return taken;
}

static void a_message_is_sent_in_a_frame(void **state)
{
    (void)state;
    JSON_AUTO(message) = json_object_new_string("\xC3\xA9");

    assert_int_equal(peer_events(&peer), POLLIN);
    assert_int_equal(peer_send(&peer, message), STATUS_OK);
    BYTES_AUTO raw = take_raw(8);
    uint32_t length = 0;
    memcpy(&length, raw.data, sizeof length);
    assert_int_equal(length, 4);
    assert_memory_equal(raw.data + 4, "\"\xC3\xA9\"", 4);
}

static void an_empty_socket_does_not_block(void **state)
{
    (void)state;
    struct view message;

    assert_int_equal(peer_fill(&peer), STATUS_NEED_MORE);
    assert_int_equal(peer_take(&peer, &message), STATUS_NEED_MORE);
    put(VIEW("\2\0"));
    assert_int_equal(peer_fill(&peer), STATUS_OK);
    assert_int_equal(peer_take(&peer, &message), STATUS_NEED_MORE);
    assert_int_equal(peer_fill(&peer), STATUS_NEED_MORE);
}

static void messages_are_received_in_order(void **state)
{
    (void)state;
    struct view message;

    put_frame(VIEW("{}"));
    put_frame(VIEW("[1]"));
    assert_int_equal(peer_fill(&peer), STATUS_OK);
    assert_int_equal(peer_take(&peer, &message), STATUS_OK);
    assert_view_equal(message, VIEW("{}"));
    assert_int_equal(peer_take(&peer, &message), STATUS_OK);
    assert_view_equal(message, VIEW("[1]"));
    assert_int_equal(peer_take(&peer, &message), STATUS_NEED_MORE);
}

static void the_end_of_the_other_side_is_noticed(void **state)
{
    (void)state;
    (void)close(other);
    other = -1;
    assert_int_equal(peer_fill(&peer), STATUS_END_OF_INPUT);
}

static void a_frame_of_more_than_1_mib_is_refused_by_its_header(void **state)
{
    (void)state;
    struct view message;
    uint32_t length = FRAME_CONTROL_MAX;

    put((struct view){(const uint8_t *)&length, sizeof length});
    assert_int_equal(peer_fill(&peer), STATUS_OK);
    assert_int_equal(peer_take(&peer, &message), STATUS_NEED_MORE);
    peer.reader.start = peer.reader.end;
    length++;
    put((struct view){(const uint8_t *)&length, sizeof length});
    assert_int_equal(peer_fill(&peer), STATUS_OK);
    assert_int_equal(peer_take(&peer, &message), STATUS_FRAME_TOO_LARGE);
}

static void a_message_of_more_than_1_mib_is_not_sent(void **state)
{
    (void)state;
    JSON_AUTO(largest) = text_of_size(FRAME_CONTROL_MAX);
    JSON_AUTO(larger) = text_of_size(FRAME_CONTROL_MAX + 1);

    assert_int_equal(peer_send(&peer, larger), STATUS_FRAME_TOO_LARGE);
    assert_int_equal(peer.unsent.size, 0);
    assert_int_equal(peer_send(&peer, largest), STATUS_OK);
    assert_true(peer.unsent.size > 0);
    assert_int_equal(peer_events(&peer), POLLIN | POLLOUT);
    BYTES_AUTO raw = take_raw(4 + FRAME_CONTROL_MAX);
    assert_int_equal(raw.data[4], '"');
    assert_int_equal(raw.data[raw.size - 1], '"');
    assert_int_equal(peer.unsent.size, 0);
    assert_int_equal(peer_events(&peer), POLLIN);
}

static void unread_messages_are_kept_up_to_a_limit(void **state)
{
    (void)state;
    JSON_AUTO(message) = text_of_size(FRAME_CONTROL_MAX);
    int sent = 0;

    while (sent < 10 && peer_send(&peer, message) == STATUS_OK) {
        sent++;
    }
    assert_true(sent >= 3 && sent <= 5);
    assert_true(peer.unsent.size <= PEER_UNSENT_MAX);
}

static void sending_to_a_closed_socket_raises_no_signal(void **state)
{
    (void)state;
    JSON_AUTO(message) = json_object_new_object();

    (void)close(other);
    other = -1;
    assert_int_equal(peer_send(&peer, message), STATUS_IO_FAILED);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, finish)
    const struct CMUnitTest tests[] = {
        TEST(a_message_is_sent_in_a_frame),
        TEST(an_empty_socket_does_not_block),
        TEST(messages_are_received_in_order),
        TEST(the_end_of_the_other_side_is_noticed),
        TEST(a_frame_of_more_than_1_mib_is_refused_by_its_header),
        TEST(a_message_of_more_than_1_mib_is_not_sent),
        TEST(unread_messages_are_kept_up_to_a_limit),
        TEST(sending_to_a_closed_socket_raises_no_signal),
    };

    return cmocka_run_group_tests_name("peer", tests, NULL, NULL);
}
