/* SPDX-License-Identifier: MIT */
/* A fake descriptor: read, writev and poll, replaced with --wrap. */
#ifndef POWERUP_SECRETS_TEST_FAKE_DESCRIPTOR_H
#define POWERUP_SECRETS_TEST_FAKE_DESCRIPTOR_H

#include "base/bytes.h"

enum { FD = 12345, HEADER = 4 };

/* A stream to read from, or to write to. */
struct fake {
    uint8_t *stream;
    size_t size;
    size_t at;         /* bytes transferred so far */
    uint32_t cuts;     /* bit i: no call goes past the end of byte i */
    size_t chunk;      /* the most that a call transfers; 0: unlimited */
    const int *errors; /* errno of the next calls; 0 ends the list */
    int calls;
    int interrupted_polls;
    int poll_result;
    int polls;
    short polled_events;
};
extern struct fake fake;

void fake_start(uint8_t *stream, size_t size);

/* Writes one frame at `at` and returns the position of the next one. */
size_t put_frame(uint8_t *stream, size_t at, struct view message);

#endif
