/* SPDX-License-Identifier: MIT */
/* The number of the protocol between extension and host (docs/protocol.md). */
#ifndef POWERUP_SECRETS_WIRE_PROTOCOL_H
#define POWERUP_SECRETS_WIRE_PROTOCOL_H

/* Both sides say it in `hello`, and it changes whenever a message changes its meaning. */
enum { PROTOCOL_VERSION = 1 };

#endif
