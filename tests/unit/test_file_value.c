/* SPDX-License-Identifier: MIT */
#include "base/file.h"
#include "support.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void a_file_is_read_byte_for_byte(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 16 * 1024 - 1, 16 * 1024, 16 * 1024 + 1, 300000};
    FOLDER_AUTO folder = folder_new();
    const char *path = path_in((const char *)folder.data, "value");
    struct failure failure = {0};

    for (size_t i = 0; i < COUNT(sizes); i++) {
        BYTES_AUTO written = {0};
        BYTES_AUTO content = {0};
        assert_int_equal(bytes_alloc(sizes[i], &written), STATUS_OK);
        for (size_t at = 0; at < written.size; at++) {
            written.data[at] = (uint8_t)(at * 7 + at / 256);
        }
        file_write(path, view_of_bytes(&written));
        assert_int_equal(file_load_value(path, &content, &failure), STATUS_OK);
        assert_view_equal(view_of_bytes(&content), view_of_bytes(&written));
    }
}

static void without_a_path_standard_input_is_read(void **state)
{
    (void)state;
    BYTES_AUTO content = {0};
    struct failure failure = {0};
    int ends[2];

    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "a\0b\n", 4), 4);
    (void)close(ends[1]);
    int kept = dup(STDIN_FILENO);
    assert_int_equal(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
    enum status status = file_load_value(NULL, &content, &failure);
    (void)(kept >= 0 ? dup2(kept, STDIN_FILENO) : close(STDIN_FILENO));
    (void)close(ends[0]);
    (void)close(kept);
    assert_int_equal(status, STATUS_OK);
    assert_view_equal(view_of_bytes(&content), VIEW("a\0b\n"));
}

static void an_unreadable_file_is_reported(void **state)
{
    (void)state;
    FOLDER_AUTO folder = folder_new();
    BYTES_AUTO content = {0};
    struct failure failure = {0};

    assert_int_equal(
        file_load_value(path_in((const char *)folder.data, "missing"), &content, &failure),
        STATUS_BAD_REQUEST);
    assert_plain_failure(&failure, STATUS_BAD_REQUEST);
    assert_non_null(strstr(failure.message, "missing"));
    assert_int_equal(file_load_value((const char *)folder.data, &content, &failure),
                     STATUS_BAD_REQUEST);
    assert_non_null(strstr(failure.message, "cannot be read"));
    assert_null(content.data);
}

static void more_than_64_mib_is_no_value(void **state)
{
    (void)state;
    FOLDER_AUTO folder = folder_new();
    const char *path = path_in((const char *)folder.data, "large");
    BYTES_AUTO first = {0};
    BYTES_AUTO second = {0};
    struct failure failure = {0};

    file_write(path, VIEW(""));
    assert_int_equal(truncate(path, FILE_VALUE_MAX), 0);
    assert_int_equal(file_load_value(path, &first, &failure), STATUS_OK);
    assert_int_equal(first.size, FILE_VALUE_MAX);
    assert_int_equal(truncate(path, FILE_VALUE_MAX + 1), 0);
    assert_int_equal(file_load_value(path, &second, &failure), STATUS_BAD_REQUEST);
    assert_null(second.data);
}

int main(void)
{
#define TEST(name) cmocka_unit_test(name)
    const struct CMUnitTest tests[] = {
        TEST(a_file_is_read_byte_for_byte),
        TEST(without_a_path_standard_input_is_read),
        TEST(an_unreadable_file_is_reported),
        TEST(more_than_64_mib_is_no_value),
    };

    return cmocka_run_group_tests_name("file_value", tests, NULL, NULL);
}
