/* SPDX-License-Identifier: MIT */
#include "base/file.h"
#include "support.h"
#include "system/temporary_folder.h"

#include <dirent.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* The calls that may fail while a file is replaced. */
enum { CALL_NONE, CALL_WRITE, CALL_FCHMOD, CALL_FSYNC, CALL_RENAME, CALLS };
static int failing;

ssize_t __real_write(int fd, const void *data, size_t size);
ssize_t __wrap_write(int fd, const void *data, size_t size);
ssize_t __wrap_write(int fd, const void *data, size_t size)
{
    if (failing == CALL_WRITE) {
        errno = ENOSPC;
        return -1;
    }
    return __real_write(fd, data, size > 3 ? 3 : size); /* always a short write */
}

int __real_fchmod(int fd, mode_t mode);
int __wrap_fchmod(int fd, mode_t mode);
int __wrap_fchmod(int fd, mode_t mode)
{
    errno = EPERM;
    return failing == CALL_FCHMOD ? -1 : __real_fchmod(fd, mode);
}

int __real_fsync(int fd);
int __wrap_fsync(int fd);
int __wrap_fsync(int fd)
{
    errno = EIO;
    return failing == CALL_FSYNC ? -1 : __real_fsync(fd);
}

int __real_rename(const char *from, const char *to);
int __wrap_rename(const char *from, const char *to);
int __wrap_rename(const char *from, const char *to)
{
    errno = EACCES;
    return failing == CALL_RENAME ? -1 : __real_rename(from, to);
}

static size_t entries_of(const char *folder)
{
    DIR *entries = opendir(folder);
    size_t count = 0;

    assert_non_null(entries);
    while (readdir(entries) != NULL) {
        count++;
    }
    assert_int_equal(closedir(entries), 0);
    return count - 2; /* "." and ".." */
}

static void a_file_is_replaced_completely_and_read_back(void **state)
{
    (void)state;
    FOLDER_AUTO folder = folder_new();
    const char *path = path_in((char *)folder.data, "a.json");
    static const char *const contents[] = {"first", "", "a longer second text"};
    struct stat info;

    for (size_t i = 0; i < COUNT(contents); i++) {
        struct failure failure = {0};
        BYTES_AUTO content = {0};
        assert_int_equal(file_replace(path, view_of_text(contents[i]), &failure), STATUS_OK);
        assert_int_equal(file_load(path, &content, &failure), STATUS_OK);
        assert_view_equal(view_of_bytes(&content), view_of_text(contents[i]));
        assert_int_equal(stat(path, &info), 0);
        assert_int_equal(info.st_mode & 07777, 0644);
    }
    assert_int_equal(entries_of((char *)folder.data), 1);
}

static void when_a_call_fails_only_the_old_file_is_left(void **state)
{
    (void)state;
    FOLDER_AUTO folder = folder_new();
    const char *path = path_in((char *)folder.data, "a.json");
    struct failure failure = {0};

    assert_int_equal(file_replace(path, VIEW("old"), &failure), STATUS_OK);
    for (failing = CALL_NONE + 1; failing < CALLS; failing++) {
        BYTES_AUTO content = {0};
        enum status status = file_replace(path, VIEW("new"), &failure);
        assert_int_equal(status, STATUS_IO_FAILED);
        assert_plain_failure(&failure, STATUS_IO_FAILED);
        int now = failing;
        failing = CALL_NONE;
        assert_int_equal(file_load(path, &content, &failure), STATUS_OK);
        assert_view_equal(view_of_bytes(&content), VIEW("old"));
        assert_int_equal(entries_of((char *)folder.data), 1);
        failing = now;
    }
    failing = CALL_NONE;
}

static void folders_are_created_with_their_mode_and_may_exist(void **state)
{
    (void)state;
    FOLDER_AUTO folder = folder_new();
    const char *path = path_in((char *)folder.data, "one/two/a.json");
    struct failure failure = {0};
    struct stat info;

    mode_t mask = umask(077);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(file_make_folder(path, 0755, &failure), STATUS_OK);
    }
    (void)umask(mask);
    assert_int_equal(stat(path_in((char *)folder.data, "one/two"), &info), 0);
    assert_int_equal(info.st_mode & 07777, 0755);
    assert_int_equal(stat((char *)folder.data, &info), 0);
    assert_int_equal(info.st_mode & 07777, 0700);
    file_write(path_in((char *)folder.data, "file"), VIEW("x"));
    path = path_in((char *)folder.data, "file/a.json");
    assert_int_equal(file_make_folder(path, 0755, &failure), STATUS_IO_FAILED);
    assert_plain_failure(&failure, STATUS_IO_FAILED);
    assert_int_equal(folder_make((char *)folder.data, 0755), 0);
    assert_int_equal(stat((char *)folder.data, &info), 0);
    assert_int_equal(info.st_mode & 07777, 0700);
    assert_int_equal(folder_make(path_in((char *)folder.data, "file"), 0700), ENOTDIR);
}

static void only_regular_files_are_read(void **state)
{
    (void)state;
    FOLDER_AUTO folder = folder_new();
    const char *pipe = path_in((char *)folder.data, "pipe");
    const char *large = path_in((char *)folder.data, "large");
    struct failure failure = {0};
    struct bytes content = {0};

    assert_int_equal(file_load(path_in((char *)folder.data, "absent"), &content, &failure),
                     STATUS_ABSENT);
    assert_int_equal(mkfifo(pipe, 0600), 0);
    file_write(large, VIEW(""));
    assert_int_equal(truncate(large, FILE_SIZE_MAX + 1), 0);
    const char *const bad[] = {(char *)folder.data, pipe, large, "/dev/zero"};
    for (size_t i = 0; i < COUNT(bad); i++) {
        assert_int_equal(file_load(bad[i], &content, &failure), STATUS_IO_FAILED);
        assert_plain_failure(&failure, STATUS_IO_FAILED);
        assert_null(content.data);
    }
}

static void a_temporary_folder_is_removed_with_its_content(void **state)
{
    (void)state;
    FOLDER_AUTO parent = folder_new();
    FOLDER_AUTO beside = folder_new();
    struct failure failure = {0};
    struct bytes made = {0};

    file_write(path_in((char *)beside.data, "kept"), VIEW("x"));
    assert_int_equal(setenv("TMPDIR", (char *)parent.data, 1), 0);
    assert_int_equal(temporary_folder_make(&made, &failure), STATUS_OK);
    assert_int_equal(mkdir(path_in((char *)made.data, "a"), 0700), 0);
    file_write(path_in((char *)made.data, "a/b"), VIEW("x"));
    assert_int_equal(symlink((char *)beside.data, path_in((char *)made.data, "link")), 0);
    temporary_folder_remove(&made);
    assert_null(made.data);
    assert_int_equal(entries_of((char *)parent.data), 0);
    assert_true(file_exists(path_in((char *)beside.data, "kept")));
    char name[256];
    (void)snprintf(name, sizeof name, "%s/%0100d", (char *)parent.data, 0);
    assert_int_equal(mkdir(name, 0700), 0);
    assert_int_equal(setenv("TMPDIR", name, 1), 0);
    assert_int_equal(temporary_folder_make(&made, &failure), STATUS_OK);
    assert_memory_equal(made.data, "/tmp/", 5);
    temporary_folder_remove(&made);
    assert_int_equal(setenv("TMPDIR", "/nonexistent", 1), 0);
    assert_int_equal(temporary_folder_make(&made, &failure), STATUS_IO_FAILED);
    assert_plain_failure(&failure, STATUS_IO_FAILED);
    assert_int_equal(unsetenv("TMPDIR"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_is_replaced_completely_and_read_back),
        cmocka_unit_test(when_a_call_fails_only_the_old_file_is_left),
        cmocka_unit_test(folders_are_created_with_their_mode_and_may_exist),
        cmocka_unit_test(only_regular_files_are_read),
        cmocka_unit_test(a_temporary_folder_is_removed_with_its_content),
    };

    return cmocka_run_group_tests_name("file", tests, NULL, NULL);
}
