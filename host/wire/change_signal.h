/* SPDX-License-Identifier: MIT */
/* How hosts learn at once that another process has changed plugin data: each has a named pipe,
 * PID.changed beside its PID.sock, and whoever has committed a change writes a byte to all. What
 * has changed is in the store. A pipe, because a host may not connect to sockets (sandbox.h). */
#ifndef POWERUP_SECRETS_WIRE_CHANGE_SIGNAL_H
#define POWERUP_SECRETS_WIRE_CHANGE_SIGNAL_H

#include "base/bytes.h"

/* Makes this process's pipe in the folder of the sockets; the caller calls change_signal_close.
 * STATUS_STATE_FOLDER or, on a full disk, STATUS_STORE_FULL: *failure says why not. */
MUST_CHECK enum status change_signal_open(int folder, int *ret_fd, struct failure *failure);

/* Removes it; -1 is fine. Afterwards *fd is -1. */
void change_signal_close(int folder, int *fd);

/* Takes what has arrived, without waiting; what somebody goes on sending is for the next time. */
void change_signal_drain(int fd);

/* Signals every other host, without waiting for any: one that has not read its last signal needs no
 * further one. What is left of a host that was killed is removed. STATUS_STATE_FOLDER: the folder
 * cannot be read. */
MUST_CHECK enum status change_signal_send(int folder, struct failure *failure);

#endif
