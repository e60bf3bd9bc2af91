/* SPDX-License-Identifier: MIT */
/* One end of a connection over a Unix socket: messages in native messaging frames of at most
 * FRAME_CONTROL_MAX bytes, in both directions. Nothing here waits for the other end. */
#ifndef POWERUP_SECRETS_WIRE_PEER_H
#define POWERUP_SECRETS_WIRE_PEER_H

#include "base/buffer.h"
#include "base/json_text.h"
#include "wire/frame.h"

/* How much may wait for a peer that does not read; more ends the connection. */
enum { PEER_UNSENT_MAX = 4 * 1024 * 1024 };

struct peer {
    struct frame_reader reader;
    struct buffer unsent;
};
#define PEER_AUTO __attribute__((cleanup(peer_close))) struct peer

/* Takes over a connected socket that does not block. */
struct peer peer_init(int fd);
void peer_close(struct peer *peer);

/* What to poll for. */
short peer_events(const struct peer *peer);

/* Sends what the socket takes at once, and keeps the rest for peer_flush. STATUS_FRAME_TOO_LARGE:
 * the message is, and nothing of it was sent. STATUS_IO_FAILED: the other end is gone or does not
 * read. STATUS_NO_MEMORY. */
MUST_CHECK enum status peer_send(struct peer *peer, struct json_object *message);

/* Sends what peer_send kept. STATUS_IO_FAILED. */
MUST_CHECK enum status peer_flush(struct peer *peer);

/* Reads once; STATUS_NEED_MORE where nothing has come, else as frame_reader_fill. */
MUST_CHECK enum status peer_fill(struct peer *peer);

/* The next whole message, as frame_reader_take. */
MUST_CHECK enum status peer_take(struct peer *peer, struct view *ret_message);

#endif
