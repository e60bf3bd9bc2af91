/* SPDX-License-Identifier: MIT */
#include "wire/frame.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

enum { HEADER_SIZE = 4, CAPACITY_MIN = 64 * 1024 };

struct frame_reader frame_reader_init(int fd)
{
    return (struct frame_reader){.fd = fd, .message_max = FRAME_REQUEST_MAX};
}

void frame_reader_free(struct frame_reader *reader)
{
    struct bytes buffer = {reader->data, reader->capacity};

    bytes_wipe(&buffer);
    *reader = (struct frame_reader){.fd = -1};
}

/* Waits until the descriptor is ready; only needed when the parent process made it non-blocking. */
static bool wait_for(int fd, short events)
{
    struct pollfd ready = {.fd = fd, .events = events};
    int count = 0;

    do {
        count = poll(&ready, 1, -1);
    } while (count < 0 && errno == EINTR);
    return count > 0;
}

/* Moves what is left to the front of a buffer of the given capacity. */
static enum status move_to(struct frame_reader *reader, size_t capacity)
{
    struct bytes old = {reader->data, reader->capacity};
    struct bytes moved = {0};
    size_t rest = reader->end - reader->start;

    TRY(bytes_alloc(capacity, &moved));
    if (rest > 0) {
        memcpy(moved.data, old.data + reader->start, rest);
    }
    bytes_wipe(&old);
    reader->data = moved.data;
    reader->capacity = moved.size;
    reader->start = 0;
    reader->end = rest;
    return STATUS_OK;
}

static enum status make_room(struct frame_reader *reader)
{
    size_t rest = reader->end - reader->start;

    if (rest < CAPACITY_MIN && reader->capacity != CAPACITY_MIN) {
        return move_to(reader, CAPACITY_MIN);
    }
    if (reader->start > 0) {
        memmove(reader->data, reader->data + reader->start, rest);
        memory_wipe(reader->data + rest, reader->end - rest);
        reader->start = 0;
        reader->end = rest;
    }
    return reader->end < reader->capacity ? STATUS_OK : move_to(reader, 2 * reader->capacity);
}

/* Throws away what has arrived of a message that is too large. */
static void skip(struct frame_reader *reader)
{
    size_t available = reader->end - reader->start;
    size_t count = reader->skipped < available ? reader->skipped : available;

    memory_wipe(reader->data + reader->start, count);
    reader->start += count;
    reader->skipped -= count;
}

enum status frame_reader_fill(struct frame_reader *reader)
{
    TRY(make_room(reader));
    for (;;) {
        ssize_t count =
            read(reader->fd, reader->data + reader->end, reader->capacity - reader->end);
        if (count > 0) {
            reader->end += (size_t)count;
            skip(reader);
            return STATUS_OK;
        }
        if (count == 0) {
            return reader->start == reader->end && reader->skipped == 0 ? STATUS_END_OF_INPUT
                                                                        : STATUS_FRAME_TRUNCATED;
        }
        bool wait = errno == EAGAIN || errno == EWOULDBLOCK;
        if (wait && reader->at_once) {
            return STATUS_NEED_MORE;
        }
        if (wait ? !wait_for(reader->fd, POLLIN) : errno != EINTR) {
            return STATUS_IO_FAILED;
        }
    }
}

enum status frame_reader_take(struct frame_reader *reader, struct view *ret_message)
{
    uint32_t length = 0;
    size_t available = reader->end - reader->start;

    if (available < HEADER_SIZE) {
        return STATUS_NEED_MORE;
    }
    memcpy(&length, reader->data + reader->start, HEADER_SIZE);
    reader->broken = length > FRAME_LENGTH_MAX;
    if (reader->broken) {
        return STATUS_FRAME_TOO_LARGE;
    }
    if (length > reader->message_max) {
        reader->start += HEADER_SIZE;
        reader->skipped = length;
        skip(reader);
        return STATUS_FRAME_TOO_LARGE;
    }
    if (available - HEADER_SIZE < length) {
        return STATUS_NEED_MORE;
    }
    *ret_message = (struct view){reader->data + reader->start + HEADER_SIZE, length};
    reader->start += HEADER_SIZE + length;
    return STATUS_OK;
}

void frame_reader_forget(struct frame_reader *reader, struct view message)
{
    memory_wipe(reader->data + (message.data - reader->data), message.size);
}

enum status frame_write(int fd, struct view message)
{
    if (message.size > FRAME_REPLY_MAX) {
        return STATUS_FRAME_TOO_LARGE;
    }
    uint32_t length = (uint32_t)message.size;
    struct iovec parts[] = {
        {.iov_base = &length, .iov_len = HEADER_SIZE},
        {.iov_base = (void *)(uintptr_t)message.data, .iov_len = message.size},
    };
    struct iovec *next = parts;
    struct iovec *end = parts + 2;

    while (next < end) {
        ssize_t count = writev(fd, next, (int)(end - next));
        if (count < 0) {
            bool wait = errno == EAGAIN || errno == EWOULDBLOCK;
            if (wait ? !wait_for(fd, POLLOUT) : errno != EINTR) {
                return STATUS_IO_FAILED;
            }
            continue;
        }
        size_t written = (size_t)count;
        while (next < end && written >= next->iov_len) {
            written -= next->iov_len;
            next++;
        }
        if (next < end) {
            next->iov_base = (uint8_t *)next->iov_base + written;
            next->iov_len -= written;
        }
    }
    return STATUS_OK;
}
