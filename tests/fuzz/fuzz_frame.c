// SPDX-License-Identifier: MIT
// The frames of a stream that arrives in pieces of any size, compared with reading it at once.
// Input: one byte for the largest message, one for the size of the pieces, then the stream.
#include "fuzz.h"
#include "wire/frame.h"

#include <string.h>
#include <unistd.h>

enum { HEADER_SIZE = 4, CAPACITY_MIN = 64 * 1024 };

/* What is still to be read of a stream that ends. */
struct expected {
    struct view rest;
    size_t message_max;
    bool cut; /* the rest is empty because a message that is too large does not end in it */
};

/* The next result, and the rest behind it. */
static enum status expected_next(struct expected *expected, struct view *ret_message)
{
    struct view rest = expected->rest;
    uint32_t length = 0;

    if (rest.size < HEADER_SIZE) {
        return rest.size == 0 && !expected->cut ? STATUS_END_OF_INPUT : STATUS_FRAME_TRUNCATED;
    }
    memcpy(&length, rest.data, HEADER_SIZE);
    if (length > FRAME_LENGTH_MAX) {
        return STATUS_FRAME_TOO_LARGE;
    }
    bool fits = length <= expected->message_max;
    bool whole = rest.size - HEADER_SIZE >= length;
    if (fits && !whole) {
        return STATUS_FRAME_TRUNCATED;
    }
    *ret_message = (struct view){rest.data + HEADER_SIZE, length};
    size_t taken = whole ? HEADER_SIZE + length : rest.size;
    expected->rest = (struct view){rest.data + taken, rest.size - taken};
    expected->cut = !whole;
    return fits ? STATUS_OK : STATUS_FRAME_TOO_LARGE;
}

/* Takes all complete messages and skips those that are too large. */
static enum status take_all(struct frame_reader *reader, struct expected *expected)
{
    struct view message;
    struct view expected_message = {NULL, 0};
    enum status status = STATUS_OK;

    for (;;) {
        status = frame_reader_take(reader, &message);
        if ((status != STATUS_OK && status != STATUS_FRAME_TOO_LARGE) || reader->broken) {
            return status;
        }
        FUZZ_CHECK(expected_next(expected, &expected_message) == status);
        FUZZ_CHECK(status != STATUS_OK || view_equal(message, expected_message));
    }
}

/* Puts one piece into the pipe; the stream ends with the last. */
static void put_piece(int *end, struct view *unsent, size_t size)
{
    size = size < unsent->size ? size : unsent->size;
    fuzz_write(*end, (struct view){unsent->data, size});
    *unsent = (struct view){unsent->data + size, unsent->size - size};
    if (unsent->size == 0) {
        (void)close(*end);
        *end = -1;
    }
}

static void check_reading(struct view stream, size_t message_max, size_t piece)
{
    struct view unsent = stream;
    struct expected expected = {.rest = stream, .message_max = message_max};
    struct view ignored;
    int ends[2];
    enum status status = STATUS_NEED_MORE;

    FUZZ_CHECK(pipe(ends) == 0);
    struct frame_reader reader = frame_reader_init(ends[0]);
    reader.message_max = message_max;
    while (status == STATUS_NEED_MORE) {
        if (ends[1] >= 0) {
            put_piece(&ends[1], &unsent, piece);
        }
        status = frame_reader_fill(&reader);
        if (status == STATUS_OK) {
            status = take_all(&reader, &expected);
        }
        FUZZ_CHECK(reader.capacity <= CAPACITY_MIN + 2 * stream.size);
    }
    FUZZ_CHECK(expected_next(&expected, &ignored) == status);
    if (ends[1] >= 0) {
        (void)close(ends[1]);
    }
    frame_reader_free(&reader);
    (void)close(ends[0]);
}

/* A message that is written is read as the same. */
static void check_writing(struct view message)
{
    BYTES_AUTO written = {0};
    struct view read;

    int fd = fuzz_file((struct view){NULL, 0});
    FUZZ_CHECK(frame_write(fd, message) == STATUS_OK);
    written = fuzz_file_content(fd);
    (void)close(fd);
    struct view rest = view_of_bytes(&written);
    FUZZ_CHECK(fuzz_take_frame(&rest, &read));
    FUZZ_CHECK(view_equal(read, message));
    FUZZ_CHECK(rest.size == 0);
}

void fuzz_one(struct view input)
{
    uint8_t largest = fuzz_take_byte(&input);
    size_t piece = (size_t)1 + fuzz_take_byte(&input);

    check_reading(input, largest == 0 ? FRAME_REQUEST_MAX : largest, piece);
    check_writing(input);
}
