/* SPDX-License-Identifier: MIT */
#include "base/file.h"
#include "support.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

/* The next calls transfer one byte, are interrupted, or fail. */
static const int *plan;

enum { ONE = 0 };

ssize_t __real_read(int fd, void *buffer, size_t size);
ssize_t __real_write(int fd, const void *buffer, size_t size);
ssize_t __wrap_read(int fd, void *buffer, size_t size);
ssize_t __wrap_write(int fd, const void *buffer, size_t size);

static bool fails(void)
{
    if (plan == NULL || *plan == ONE) {
        return false;
    }
    errno = *plan++;
    return true;
}

ssize_t __wrap_read(int fd, void *buffer, size_t size)
{
    return fails() ? -1 : __real_read(fd, buffer, plan != NULL ? 1 : size);
}

ssize_t __wrap_write(int fd, const void *buffer, size_t size)
{
    return fails() ? -1 : __real_write(fd, buffer, plan != NULL ? 1 : size);
}

static void reads_and_writes_complete_in_pieces_and_after_interrupts(void **state)
{
    (void)state;
    static const int interrupted[] = {EINTR, EINTR, ONE};
    static const char text[] = "more than one byte";
    uint8_t read[sizeof text + 1] = {0};
    int fds[2];

    assert_int_equal(pipe(fds), 0);
    plan = interrupted;
    assert_true(write_full(fds[1], (struct view){(const uint8_t *)text, sizeof text}));
    close(fds[1]);
    plan = interrupted;
    assert_int_equal(read_full(fds[0], read, sizeof read), sizeof text);
    plan = NULL;
    assert_string_equal((char *)read, text);
    close(fds[0]);
}

static void a_read_stops_at_the_end_of_the_buffer(void **state)
{
    (void)state;
    uint8_t read[4] = {0};
    int fds[2];

    assert_int_equal(pipe(fds), 0);
    assert_true(write_full(fds[1], view_of_text("longer")));
    assert_int_equal(read_full(fds[0], read, sizeof read), sizeof read);
    assert_memory_equal(read, "long", sizeof read);
    close(fds[0]);
    close(fds[1]);
}

static void errors_are_reported(void **state)
{
    (void)state;
    static const int failing[] = {EINTR, EIO, ONE};
    uint8_t read[4] = {0};

    plan = failing;
    assert_int_equal(read_full(STDIN_FILENO, read, sizeof read), -1);
    assert_int_equal(errno, EIO);
    plan = failing;
    assert_false(write_full(STDOUT_FILENO, view_of_text("x")));
    assert_int_equal(errno, EIO);
    plan = NULL;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_and_writes_complete_in_pieces_and_after_interrupts),
        cmocka_unit_test(a_read_stops_at_the_end_of_the_buffer),
        cmocka_unit_test(errors_are_reported),
    };

    return cmocka_run_group_tests_name("file_io", tests, NULL, NULL);
}
