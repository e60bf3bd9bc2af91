/* SPDX-License-Identifier: MIT */
/* The sockets by which the command line reaches the hosts that run: PID.sock in the folder "hosts"
 * of the state folder (mode 0700). Paths of any length work. */
#ifndef POWERUP_SECRETS_WIRE_CONTROL_SOCKET_H
#define POWERUP_SECRETS_WIRE_CONTROL_SOCKET_H

#include "base/bytes.h"

#include <sys/types.h>
#include <sys/un.h>

/* Room for "PID.sock" or "PID.changed" with its NUL. */
enum { CONTROL_NAME_SIZE = 32 };

struct control_socket {
    int folder;
    int listener; /* does not block */
    char name[CONTROL_NAME_SIZE];
};

/* Makes this process's socket below a state folder that is there, and listens. The name appears
 * when a connection would succeed, not before. On STATUS_OK the caller calls control_socket_close.
 * STATUS_STATE_FOLDER or, on a full disk, STATUS_STORE_FULL: *failure says why not. */
MUST_CHECK enum status control_socket_open(const char *state_folder,
                                           struct control_socket **ret_socket,
                                           struct failure *failure);

/* Removes it; NULL is fine. Afterwards *socket is NULL. */
void control_socket_close(struct control_socket **socket);
#define CONTROL_SOCKET_AUTO __attribute__((cleanup(control_socket_close))) struct control_socket

/* The next connection, which does not block, and the process that made it (0 where this one cannot
 * see it); the caller closes *ret_fd. STATUS_ABSENT: there is none, or its other end belongs to
 * another user and was closed. */
MUST_CHECK enum status control_socket_accept(const struct control_socket *socket, int *ret_fd,
                                             pid_t *ret_process);

/* Where a socket of the folder is. A socket's own path may have 107 bytes, a state folder's has as
 * many as it likes. */
struct sockaddr_un control_socket_address(int folder, const char *name);

/* The other side. Opens the folder of the sockets; the caller closes *ret_folder. STATUS_ABSENT:
 * no host has run yet. STATUS_STATE_FOLDER: it cannot be opened, or others may enter it. */
MUST_CHECK enum status control_folder_open(const char *state_folder, int *ret_folder,
                                           struct failure *failure);

/* The process that a name in the folder belongs to, or 0 when it is not a socket's name. */
pid_t control_socket_pid(const char *name);

/* Connects without waiting; the caller closes *ret_fd, which does not block. STATUS_ABSENT: nothing
 * listens any more, and what was left of the socket is removed. STATUS_NEED_MORE: too many
 * connections wait to be accepted; try again. STATUS_IO_FAILED with errno set. */
MUST_CHECK enum status control_socket_connect(int folder, const char *name, int *ret_fd);

#endif
