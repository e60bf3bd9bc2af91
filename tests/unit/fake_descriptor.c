/* SPDX-License-Identifier: MIT */
#include "fake_descriptor.h"

#include "support.h"

#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cmocka.h>

struct fake fake;

ssize_t __wrap_read(int fd, void *buffer, size_t size);
ssize_t __wrap_writev(int fd, const struct iovec *parts, int count);
int __wrap_poll(struct pollfd *fds, nfds_t count, int timeout);
int __wrap___poll_chk(struct pollfd *fds, nfds_t count, int timeout, size_t size);

void fake_start(uint8_t *stream, size_t size)
{
    memset(&fake, 0, sizeof fake);
    fake.stream = stream;
    fake.size = size;
    fake.poll_result = 1;
}

/* How many of the requested bytes the call transfers, or -1. */
static ssize_t fake_call(int fd, size_t wanted)
{
    assert_int_equal(fd, FD);
    fake.calls++;
    if (fake.errors != NULL && *fake.errors != 0) {
        errno = *fake.errors++;
        return -1;
    }
    size_t count = wanted < fake.size - fake.at ? wanted : fake.size - fake.at;
    if (fake.chunk > 0 && count > fake.chunk) {
        count = fake.chunk;
    }
    for (size_t i = 0; i + 1 < count && fake.at + i < 32; i++) {
        if (fake.cuts >> (fake.at + i) & 1) {
            count = i + 1;
        }
    }
    return (ssize_t)count;
}

ssize_t __wrap_read(int fd, void *buffer, size_t size)
{
    assert_true(size > 0);
    ssize_t count = fake_call(fd, size);
    if (count > 0) {
        memcpy(buffer, fake.stream + fake.at, (size_t)count);
        fake.at += (size_t)count;
    }
    return count;
}

ssize_t __wrap_writev(int fd, const struct iovec *parts, int count)
{
    size_t wanted = 0;

    for (int i = 0; i < count; i++) {
        wanted += parts[i].iov_len;
    }
    ssize_t moved = fake_call(fd, wanted);
    assert_true(moved != 0 || wanted == 0);
    for (ssize_t rest = moved; rest > 0; parts++) {
        size_t part = parts->iov_len < (size_t)rest ? parts->iov_len : (size_t)rest;
        memcpy(fake.stream + fake.at, parts->iov_base, part);
        fake.at += part;
        rest -= (ssize_t)part;
    }
    return moved;
}

int __wrap_poll(struct pollfd *fds, nfds_t count, int timeout)
{
    assert_int_equal(count, 1);
    assert_int_equal(fds->fd, FD);
    assert_int_equal(timeout, -1);
    fake.polls++;
    fake.polled_events = fds->events;
    if (fake.interrupted_polls > 0) {
        fake.interrupted_polls--;
        errno = EINTR;
        return -1;
    }
    if (fake.poll_result < 0) {
        errno = ENOMEM;
    }
    return fake.poll_result;
}

size_t put_frame(uint8_t *stream, size_t at, struct view message)
{
    uint32_t length = (uint32_t)message.size;

    memcpy(stream + at, &length, HEADER);
    if (message.size > 0) {
        memcpy(stream + at + HEADER, message.data, message.size);
    }
    return at + HEADER + message.size;
}

/* What clang calls with _FORTIFY_SOURCE. */
int __wrap___poll_chk(struct pollfd *fds, nfds_t count, int timeout, size_t size)
{
    assert_true(size >= count * sizeof *fds);
    return __wrap_poll(fds, count, timeout);
}
