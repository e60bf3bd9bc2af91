/* SPDX-License-Identifier: MIT */
#include "support.h"

#include "base/hex.h"
#include "base/utf8.h"

#include <fcntl.h>
#include <ftw.h>
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

struct bytes bytes_of(struct view view)
{
    struct bytes copy = {0};

    assert_int_equal(bytes_alloc(view.size, &copy), STATUS_OK);
    if (view.size > 0) {
        memcpy(copy.data, view.data, view.size);
    }
    return copy;
}

struct bytes bytes_of_hex(const char *digits)
{
    struct bytes decoded = {0};

    if (digits[0] == '\0') {
        return bytes_of((struct view){NULL, 0});
    }
    assert_int_equal(hex_decode(view_of_text(digits), &decoded), STATUS_OK);
    return decoded;
}

struct bytes file_read(const char *path)
{
    struct bytes content = {0};
    struct stat info;

    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        fail_msg("%s cannot be read", path);
    }
    assert_int_equal(fstat(fd, &info), 0);
    assert_int_equal(bytes_alloc((size_t)info.st_size, &content), STATUS_OK);
    for (size_t used = 0; used < content.size;) {
        ssize_t count = read(fd, content.data + used, content.size - used);
        assert_true(count > 0);
        used += (size_t)count;
    }
    close(fd);
    return content;
}

void file_write(const char *path, struct view content)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    assert_true(fd >= 0);
    for (size_t used = 0; used < content.size;) {
        ssize_t count = write(fd, content.data + used, content.size - used);
        assert_true(count > 0);
        used += (size_t)count;
    }
    close(fd);
}

bool file_exists(const char *path)
{
    struct stat info;

    return lstat(path, &info) == 0;
}

const char *path_in(const char *folder, const char *name)
{
    static char paths[10][TEST_PATH_SIZE];
    static size_t next = 0;
    char *path = paths[next++ % COUNT(paths)];

    int length = snprintf(path, TEST_PATH_SIZE, "%s/%s", folder, name);
    assert_true(length >= 1 && length < TEST_PATH_SIZE);
    return path;
}

struct bytes folder_new(void)
{
    const char *parent = getenv("TMPDIR");

    parent = parent != NULL && parent[0] == '/' ? parent : "/tmp";
    const char *path = path_in(parent, "powerup-secrets-test-XXXXXX");
    struct bytes folder = bytes_of((struct view){(const uint8_t *)path, strlen(path) + 1});
    assert_non_null(mkdtemp((char *)folder.data));
    return folder;
}

static int remove_entry(const char *path, const struct stat *info, int kind, struct FTW *place)
{
    (void)info;
    (void)kind;
    (void)place;
    return remove(path);
}

void folder_remove(struct bytes *folder)
{
    if (folder->data != NULL) {
        (void)nftw((const char *)folder->data, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    }
    bytes_wipe(folder);
}

const char *vectors_path(const char *name)
{
    const char *folder = getenv("POWERUP_SECRETS_VECTORS");

    if (folder == NULL) {
        fail_msg("POWERUP_SECRETS_VECTORS must name tests/vectors; run the test with ctest");
    }
    return path_in(folder, name);
}

struct bytes vectors_read(const char *name)
{
    return file_read(vectors_path(name));
}

void assert_view_equal(struct view actual, struct view expected)
{
    assert_int_equal(actual.size, expected.size);
    if (expected.size > 0) {
        assert_memory_equal(actual.data, expected.data, expected.size);
    }
}

bool view_contains(struct view haystack, struct view needle)
{
    return memmem(haystack.data, haystack.size, needle.data, needle.size) != NULL;
}

void assert_plain_failure(const struct failure *failure, enum status status)
{
    assert_int_equal(failure->status, status);
    assert_string_equal(failure->error_class, "Error");
    assert_string_equal(failure->error_name, "Error");
    assert_false(failure->operational);
    assert_true(failure->message[0] != '\0');
    assert_true(utf8_is_valid(view_of_text(failure->message)));
}

void assert_library_failure(const struct failure *failure, const char *error_class,
                            const char *error_name, bool operational, const char *message)
{
    assert_int_equal(failure->status, STATUS_LIBRARY_ERROR);
    assert_string_equal(failure->error_class, error_class);
    assert_string_equal(failure->error_name, error_name);
    assert_int_equal(failure->operational, operational);
    assert_string_equal(failure->message, message);
}
