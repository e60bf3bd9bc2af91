/* SPDX-License-Identifier: MIT */
/* What the programs of the benchmark share: native messaging frames over blocking descriptors, in
 * one read and one write where the system allows it, and without any check that costs time. */
#ifndef POWERUP_SECRETS_BENCH_FRAMES_H
#define POWERUP_SECRETS_BENCH_FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FRAME_HEADER = 4, FRAME_MAX = 16 * 1024 * 1024 };

/* A frame with its length word; the room grows and is kept. */
struct frame {
    uint8_t *bytes;
    size_t size; /* with the length word */
    size_t read; /* of the input so far */
    size_t room;
};

/* Exits when there is no memory. */
void frame_reserve(struct frame *frame, size_t size);

/* False at the end of the input. Exits when the input fails or ends within a frame. What had
 * arrived behind the frame is kept for the next call. */
bool frame_read(int fd, struct frame *frame);

/* Exits when the output fails. */
void frame_write(int fd, const void *bytes, size_t size);

/* Makes it the frame of a message. */
void frame_fill(struct frame *frame, const char *message, size_t size);

/* Exits with a word. */
_Noreturn void give_up(const char *what);

#endif
