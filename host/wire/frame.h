/* SPDX-License-Identifier: MIT */
/* Native messaging frames: a 32-bit length in native byte order, then that many bytes of UTF-8
 * JSON. Source: developer.chrome.com, "Native messaging", and MDN's page of the same name. */
#ifndef POWERUP_SECRETS_WIRE_FRAME_H
#define POWERUP_SECRETS_WIRE_FRAME_H

#include "base/bytes.h"

/* Browsers send up to 64 MiB in one message, and refuse to read more than 1 MiB in one. No request
 * needs as much: a secret of which localStorage can hold the ciphertext has at most 2.6 MB, of
 * which JSON makes up to six times as many. */
#define FRAME_REQUEST_MAX ((size_t)16 * 1024 * 1024)
#define FRAME_REPLY_MAX   ((size_t)1024 * 1024)

/* No browser sends a longer message; what announces one is no header. */
#define FRAME_LENGTH_MAX ((size_t)1024 * 1024 * 1024)

/* On the host's own socket, in both directions. */
#define FRAME_CONTROL_MAX ((size_t)1024 * 1024)

/* Collects what arrives on a descriptor. Memory grows with the bytes that arrived, never with the
 * length that a header announces, and shrinks after a large message. */
struct frame_reader {
    int fd;
    size_t message_max; /* FRAME_REQUEST_MAX at first */
    bool at_once;       /* instead of waiting for input, give STATUS_NEED_MORE; false at first */
    uint8_t *data;
    size_t capacity;
    size_t start;   /* first byte not yet taken */
    size_t end;     /* first byte not yet read */
    bool broken;    /* a header came that is none */
    size_t skipped; /* how many bytes of a message that is too large are still to come */
};

struct frame_reader frame_reader_init(int fd);
void frame_reader_free(struct frame_reader *reader);
#define FRAME_READER_AUTO __attribute__((cleanup(frame_reader_free))) struct frame_reader

/* One read(2), repeated when a signal interrupts it; waits when the descriptor has nothing (but see
 * at_once). Views of taken messages end here. STATUS_END_OF_INPUT between two frames,
 * STATUS_FRAME_TRUNCATED inside one, STATUS_IO_FAILED with errno set, STATUS_NO_MEMORY. */
MUST_CHECK enum status frame_reader_fill(struct frame_reader *reader);

/* The next whole frame, without its length; valid until the next call of frame_reader_fill.
 * STATUS_NEED_MORE when it has not all arrived. STATUS_FRAME_TOO_LARGE when its header announces
 * more than message_max; its bytes are thrown away as they arrive, unless they are more than
 * FRAME_LENGTH_MAX: then the stream cannot be used further, and this is all that it gives. */
MUST_CHECK enum status frame_reader_take(struct frame_reader *reader, struct view *ret_message);

/* Wipes a taken message after use: it may hold a secret, and the next fill may be long after. */
void frame_reader_forget(struct frame_reader *reader, struct view message);

/* Writes one frame whole. STATUS_FRAME_TOO_LARGE beyond FRAME_REPLY_MAX, with nothing written;
 * STATUS_IO_FAILED with errno set. */
MUST_CHECK enum status frame_write(int fd, struct view message);

#endif
