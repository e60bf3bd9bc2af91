/* SPDX-License-Identifier: MIT */
#include "frames.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void give_up(const char *what)
{
    fprintf(stderr, "%s: %s\n", what, strerror(errno));
    exit(EXIT_FAILURE);
}

void frame_reserve(struct frame *frame, size_t size)
{
    if (size <= frame->room) {
        return;
    }
    frame->bytes = realloc(frame->bytes, size);
    if (frame->bytes == NULL) {
        give_up("realloc");
    }
    frame->room = size;
}

void frame_fill(struct frame *frame, const char *message, size_t size)
{
    uint32_t length = (uint32_t)size;

    frame_reserve(frame, FRAME_HEADER + size);
    memcpy(frame->bytes, &length, sizeof length);
    memcpy(frame->bytes + FRAME_HEADER, message, size);
    frame->size = FRAME_HEADER + size;
}

bool frame_read(int fd, struct frame *frame)
{
    uint32_t length = 0;
    size_t whole = FRAME_HEADER;

    frame_reserve(frame, 64 * 1024);
    frame->read -= frame->size;
    memmove(frame->bytes, frame->bytes + frame->size, frame->read);
    while (true) {
        if (frame->read >= FRAME_HEADER) {
            memcpy(&length, frame->bytes, sizeof length);
            if (length > FRAME_MAX) {
                errno = EMSGSIZE;
                give_up("read");
            }
            whole = FRAME_HEADER + length;
            frame_reserve(frame, whole);
        }
        if (frame->read >= whole) {
            frame->size = whole;
            return true;
        }
        ssize_t count = read(fd, frame->bytes + frame->read, frame->room - frame->read);
        if (count == 0 && frame->read == 0) {
            frame->size = 0;
            return false;
        }
        if (count <= 0 && errno != EINTR) {
            give_up("read");
        }
        frame->read += count > 0 ? (size_t)count : 0;
    }
}

void frame_write(int fd, const void *bytes, size_t size)
{
    const uint8_t *at = bytes;

    while (size > 0) {
        ssize_t count = write(fd, at, size);
        if (count < 0 && errno != EINTR) {
            give_up("write");
        }
        at += count > 0 ? count : 0;
        size -= count > 0 ? (size_t)count : 0;
    }
}
