/* SPDX-License-Identifier: MIT */
#include "wire/control_socket.h"

#include "base/disk.h"
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define FOLDER_NAME "hosts"
#define SUFFIX      ".sock"

struct sockaddr_un control_socket_address(int folder, const char *name)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    (void)snprintf(address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d/%s", folder, name);
    return address;
}

static enum status cannot(const char *what, int code, struct failure *failure)
{
    TRY(disk_check_errno(code, -1, failure));
    return failure_set(failure, STATUS_STATE_FOLDER,
                       "The folder \"" FOLDER_NAME
                       "\" in the state folder cannot be %s: %s. Remove "
                       "what is in the way, or set POWERUP_SECRETS_DIR to another folder.",
                       what, strerror(code));
}

static enum status open_folder(const char *state_folder, bool make, int *ret_folder,
                               struct failure *failure)
{
    FD_AUTO state = open(state_folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct stat info;

    if (state < 0) {
        return errno == ENOENT ? STATUS_ABSENT : cannot("reached", errno, failure);
    }
    bool made = !make || mkdirat(state, FOLDER_NAME, 0700) == 0 || errno == EEXIST;
    FD_AUTO folder =
        made ? openat(state, FOLDER_NAME, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1;
    if (folder < 0) {
        return errno == ENOENT && !make ? STATUS_ABSENT : cannot("made", errno, failure);
    }
    if (fstat(folder, &info) != 0 || info.st_uid != geteuid() || (info.st_mode & 077) != 0) {
        return cannot("used", EPERM, failure);
    }
    *ret_folder = fd_take(&folder);
    return STATUS_OK;
}

/* Bound and listening under a name of its own before it gets the name that others look for:
 * between the two steps a socket refuses, and would be taken for a stale one. */
static int listen_as(int folder, const char *name)
{
    FD_AUTO fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    char early[CONTROL_NAME_SIZE];

    if (fd < 0) {
        return -1;
    }
    (void)snprintf(early, sizeof early, "%ld.new", (long)getpid());
    (void)unlinkat(folder, early, 0); /* of a process of the same number that was killed */
    struct sockaddr_un address = control_socket_address(folder, early);
    /* As many may wait as the system lets: a full queue is closed to commands, too. */
    if (bind(fd, (const struct sockaddr *)&address, sizeof address) != 0 ||
        listen(fd, SOMAXCONN) != 0 || renameat(folder, early, folder, name) != 0) {
        int code = errno;
        (void)unlinkat(folder, early, 0);
        errno = code;
        return -1;
    }
    return fd_take(&fd);
}

enum status control_socket_open(const char *state_folder, struct control_socket **ret_socket,
                                struct failure *failure)
{
    CONTROL_SOCKET_AUTO *opened = memory_new(1, sizeof *opened);

    if (opened == NULL) {
        return failure_no_memory(failure);
    }
    opened->folder = -1;
    opened->listener = -1;
    enum status status = open_folder(state_folder, true, &opened->folder, failure);
    if (status == STATUS_ABSENT) {
        return cannot("made", ENOENT, failure);
    }
    TRY(status);
    (void)snprintf(opened->name, sizeof opened->name, "%ld" SUFFIX, (long)getpid());
    opened->listener = listen_as(opened->folder, opened->name);
    if (opened->listener < 0) {
        return cannot("given a socket", errno, failure);
    }
    MOVE(*ret_socket, opened);
    return STATUS_OK;
}

void control_socket_close(struct control_socket **socket)
{
    if (*socket == NULL) {
        return;
    }
    if ((*socket)->listener >= 0) {
        (void)unlinkat((*socket)->folder, (*socket)->name, 0);
    }
    fd_close(&(*socket)->listener);
    fd_close(&(*socket)->folder);
    free(*socket);
    *socket = NULL;
}

enum status control_socket_accept(const struct control_socket *socket, int *ret_fd,
                                  pid_t *ret_process)
{
    struct ucred other;
    socklen_t size = sizeof other;
    FD_AUTO fd = accept4(socket->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

    if (fd < 0 || getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &other, &size) != 0 ||
        other.uid != geteuid()) {
        return STATUS_ABSENT;
    }
    *ret_fd = fd_take(&fd);
    *ret_process = other.pid;
    return STATUS_OK;
}

enum status control_folder_open(const char *state_folder, int *ret_folder, struct failure *failure)
{
    return open_folder(state_folder, false, ret_folder, failure);
}

pid_t control_socket_pid(const char *name)
{
    size_t digits = strspn(name, "0123456789");

    return digits > 0 && digits < 10 && strcmp(name + digits, SUFFIX) == 0
               ? (pid_t)strtol(name, NULL, 10)
               : 0;
}

enum status control_socket_connect(int folder, const char *name, int *ret_fd)
{
    struct sockaddr_un address = control_socket_address(folder, name);
    FD_AUTO fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (fd < 0) {
        return STATUS_IO_FAILED;
    }
    if (connect(fd, (const struct sockaddr *)&address, sizeof address) == 0) {
        *ret_fd = fd_take(&fd);
        return STATUS_OK;
    }
    switch (errno) {
    case ECONNREFUSED:
        (void)unlinkat(folder, name, 0);
        return STATUS_ABSENT;
    case ENOENT:
        return STATUS_ABSENT;
    case EAGAIN:
        return STATUS_NEED_MORE;
    default:
        return STATUS_IO_FAILED;
    }
}
