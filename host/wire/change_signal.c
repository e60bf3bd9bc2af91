/* SPDX-License-Identifier: MIT */
#include "wire/change_signal.h"

#include "base/disk.h"
#include "base/file.h"
#include "wire/control_socket.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SUFFIX ".changed"

/* What a pipe holds: one read takes all signals that have arrived, and never more than that of
 * somebody who sends without end. */
enum { PIPE_SIZE = 64 * 1024 };

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

/* Open for reading before it gets the name that others look for: between the two steps it would be
 * taken for one of a killed host. */
static int open_as(int folder, const char *name)
{
    char early[CONTROL_NAME_SIZE];

    (void)snprintf(early, sizeof early, "%ld.new", (long)getpid());
    (void)unlinkat(folder, early, 0); /* of a process of the same number that was killed */
    if (mkfifoat(folder, early, 0600) != 0) {
        return -1;
    }
    /* Also for writing: a pipe without a writer would be reported as ended. */
    FD_AUTO fd = openat(folder, early, O_RDWR | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0 || renameat(folder, early, folder, name) != 0) {
        int code = errno;
        (void)unlinkat(folder, early, 0);
        errno = code;
        return -1;
    }
    return fd_take(&fd);
}

enum status change_signal_open(int folder, int *ret_fd, struct failure *failure)
{
    char name[CONTROL_NAME_SIZE];

    name_of(getpid(), name);
    int fd = open_as(folder, name);
    if (fd < 0) {
        return cannot("given a pipe", errno, failure);
    }
    *ret_fd = fd;
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
    char bytes[PIPE_SIZE];
    ssize_t size = 0;

    do {
        size = read(fd, bytes, sizeof bytes);
    } while (size < 0 && errno == EINTR);
}

/* Removes a pipe that nobody reads. Something else of that name stays. */
static void remove_pipe(int folder, const char *name)
{
    struct stat info;

    if (fstatat(folder, name, &info, AT_SYMLINK_NOFOLLOW) == 0 && S_ISFIFO(info.st_mode)) {
        (void)unlinkat(folder, name, 0);
    }
}

static void signal_one(int folder, const char *name)
{
    const char byte = 0;
    ssize_t size = 0;
    FD_AUTO fd = openat(folder, name, O_WRONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);

    if (fd < 0) {
        if (errno == ENXIO) {
            remove_pipe(folder, name);
        }
        return;
    }
    do {
        size = write(fd, &byte, sizeof byte);
    } while (size < 0 && errno == EINTR);
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
    name_of(getpid(), own);
    /* A host may end between the opening and the writing of its pipe. */
    void (*handler)(int) = signal(SIGPIPE, SIG_IGN);
    while ((entry = readdir(entries)) != NULL) {
        if (is_name(entry->d_name) && strcmp(entry->d_name, own) != 0) {
            signal_one(folder, entry->d_name);
        }
    }
    (void)signal(SIGPIPE, handler);
    return STATUS_OK;
}
