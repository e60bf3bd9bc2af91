/* SPDX-License-Identifier: MIT */
/* Shared by the programs of the benchmark: native messaging frames over blocking descriptors, with
 * one read and one write if the system allows it, and without checks that take time. */
#ifndef POWERUP_SECRETS_BENCH_FRAMES_H
#define POWERUP_SECRETS_BENCH_FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FRAME_HEADER = 4, FRAME_MAX = 16 * 1024 * 1024 };

/* A frame with its length word; the buffer grows and is reused. */
struct frame {
    uint8_t *bytes;
    size_t size; /* with the length word */
    size_t read; /* bytes of input so far */
    size_t room;
};

/* Exits if there is no memory. */
void frame_reserve(struct frame *frame, size_t size);

/* False at the end of the input. Exits if the input fails or ends within a frame. Bytes after the
 * frame are kept for the next call. */
bool frame_read(int fd, struct frame *frame);

/* Exits if the output fails. */
void frame_write(int fd, const void *bytes, size_t size);

/* Sets the frame to that of a message. */
void frame_fill(struct frame *frame, const char *message, size_t size);

/* Exits with a message. */
_Noreturn void give_up(const char *what);

#endif
