/* SPDX-License-Identifier: MIT */
#include "wire/change_signal.h"

#include "base/disk.h"
#include "base/file.h"
#include "wire/control_socket.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define SUFFIX ".changed"

static enum status cannot(const char *what, int code, struct failure *failure)
{
    TRY(disk_check_errno(code, -1, failure));
    return failure_set(failure, STATUS_STATE_FOLDER,
                       "The folder \"hosts\" in the state folder cannot be %s: %s. Remove what is "
                       "in the way, or set POWERUP_SECRETS_DIR to another folder.",
                       what, strerror(code));
}

static void name_of(pid_t pid, char ret_name[CONTROL_NAME_SIZE])
{
    (void)snprintf(ret_name, CONTROL_NAME_SIZE, "%ld" SUFFIX, (long)pid);
}

static int new_socket(void)
{
    return socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

enum status change_signal_open(int folder, int *ret_fd, struct failure *failure)
{
    char name[CONTROL_NAME_SIZE];
    FD_AUTO fd = new_socket();

    name_of(getpid(), name);
    (void)unlinkat(folder, name, 0); /* of a process of the same number that was killed */
    struct sockaddr_un address = control_socket_address(folder, name);
    if (fd < 0 || bind(fd, (const struct sockaddr *)&address, sizeof address) != 0) {
        return cannot("given a socket", errno, failure);
    }
    *ret_fd = fd_take(&fd);
    return STATUS_OK;
}

void change_signal_close(int folder, int *fd)
{
    char name[CONTROL_NAME_SIZE];

    if (*fd >= 0) {
        name_of(getpid(), name);
        (void)unlinkat(folder, name, 0);
    }
    fd_close(fd);
    *fd = -1;
}

void change_signal_drain(int fd)
{
    char byte = 0;
    ssize_t size = 0;

    do {
        size = recv(fd, &byte, sizeof byte, MSG_DONTWAIT);
    } while (size >= 0 || errno == EINTR);
}

static void signal_one(int folder, int from, const char *name)
{
    struct sockaddr_un address = control_socket_address(folder, name);
    const char byte = 0;
    ssize_t size = 0;

    do {
        size = sendto(from, &byte, sizeof byte, MSG_DONTWAIT | MSG_NOSIGNAL,
                      (const struct sockaddr *)&address, sizeof address);
    } while (size < 0 && errno == EINTR);
    if (size < 0 && errno == ECONNREFUSED) {
        (void)unlinkat(folder, name, 0);
    }
}

static bool is_name(const char *name)
{
    size_t digits = strspn(name, "0123456789");

    return digits > 0 && strcmp(name + digits, SUFFIX) == 0;
}

static void close_entries(DIR **entries)
{
    if (*entries != NULL) {
        (void)closedir(*entries);
    }
}

enum status change_signal_send(int folder, struct failure *failure)
{
    /* Opened again, because a copy of the descriptor would share its place in the folder. */
    FD_AUTO again = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    __attribute__((cleanup(close_entries))) DIR *entries = again >= 0 ? fdopendir(again) : NULL;
    const struct dirent *entry = NULL;
    char own[CONTROL_NAME_SIZE];

    if (entries == NULL) {
        return cannot("read", errno, failure);
    }
    (void)fd_take(&again); /* closedir closes it */
    FD_AUTO from = new_socket();
    if (from < 0) {
        return cannot("used", errno, failure);
    }
    name_of(getpid(), own);
    while ((entry = readdir(entries)) != NULL) {
        if (is_name(entry->d_name) && strcmp(entry->d_name, own) != 0) {
            signal_one(folder, from, entry->d_name);
        }
    }
    return STATUS_OK;
}
