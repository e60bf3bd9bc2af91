/* SPDX-License-Identifier: MIT */
#include "wire/peer.h"

#include "base/file.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>

struct peer peer_init(int fd)
{
    struct peer peer = {.reader = frame_reader_init(fd)};

    peer.reader.message_max = FRAME_CONTROL_MAX;
    peer.reader.at_once = true;
    return peer;
}

void peer_close(struct peer *peer)
{
    fd_close(&peer->reader.fd);
    frame_reader_free(&peer->reader);
    buffer_wipe(&peer->unsent);
}

short peer_events(const struct peer *peer)
{
    return peer->unsent.size > 0 ? POLLIN | POLLOUT : POLLIN;
}

enum status peer_flush(struct peer *peer)
{
    while (peer->unsent.size > 0) {
        ssize_t count = send(peer->reader.fd, peer->unsent.data, peer->unsent.size,
                             MSG_NOSIGNAL | MSG_DONTWAIT);
        if (count >= 0) {
            buffer_drop(&peer->unsent, (size_t)count);
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            break;
        } else if (errno != EINTR) {
            return STATUS_IO_FAILED;
        }
    }
    return STATUS_OK;
}

enum status peer_send(struct peer *peer, struct json_object *message)
{
    struct view text;

    TRY(json_text_of(message, &text));
    if (text.size > FRAME_CONTROL_MAX) {
        return STATUS_FRAME_TOO_LARGE;
    }
    uint32_t length = (uint32_t)text.size;
    if (peer->unsent.size + sizeof length + text.size > PEER_UNSENT_MAX) {
        return STATUS_IO_FAILED;
    }
    buffer_add(&peer->unsent, (struct view){(const uint8_t *)&length, sizeof length});
    buffer_add(&peer->unsent, text);
    TRY(buffer_status(&peer->unsent));
    return peer_flush(peer);
}

enum status peer_fill(struct peer *peer)
{
    return frame_reader_fill(&peer->reader);
}

enum status peer_take(struct peer *peer, struct view *ret_message)
{
    return frame_reader_take(&peer->reader, ret_message);
}
