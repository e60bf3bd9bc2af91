/* SPDX-License-Identifier: MIT */
#include "store/crypto.h"
#include "store/state_folder.h"
#include "support.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static const char *const variables[] = {"POWERUP_SECRETS_DIR", "XDG_STATE_HOME", "HOME"};

static void set_variables(const char *const values[3])
{
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(
            values[i] != NULL ? setenv(variables[i], values[i], 1) : unsetenv(variables[i]), 0);
    }
}

static int open_folder(const char *path)
{
    struct failure failure = {0};
    int fd = -1;

    assert_int_equal(state_folder_open(path, &fd, &failure), STATUS_OK);
    return fd;
}

static void the_first_variable_that_is_set_gives_the_path(void **state)
{
    (void)state;
    static const struct {
        const char *values[3];
        const char *path;
    } cases[] = {
        {{"/a", "/b", "/c"}, "/a"},
        {{"/a/", "relative", "relative"}, "/a/"},
        {{"", "/b", "/c"}, "/b/powerup-secrets"},
        {{NULL, "/b", NULL}, "/b/powerup-secrets"},
        {{NULL, "", "/c"}, "/c/.local/state/powerup-secrets"},
        {{NULL, NULL, "/c"}, "/c/.local/state/powerup-secrets"},
        {{"/a b\xC3\xA9", NULL, NULL}, "/a b\xC3\xA9"},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        BYTES_AUTO path = {0};
        struct failure failure = {0};
        set_variables(cases[i].values);
        assert_int_equal(state_folder_path(&path, &failure), STATUS_OK);
        assert_string_equal((const char *)path.data, cases[i].path);
    }
}

static void a_relative_path_is_refused_and_its_variable_named(void **state)
{
    (void)state;
    static const char *const relative[] = {"a", "./a", "../a", "~/a", " /a", "a/", "."};

    for (size_t i = 0; i < COUNT(relative); i++) {
        for (size_t j = 0; j < 3; j++) {
            const char *values[3] = {NULL, NULL, NULL};
            struct bytes path = {0};
            struct failure failure = {0};
            values[j] = relative[i];
            set_variables(values);
            assert_int_equal(state_folder_path(&path, &failure), STATUS_STATE_FOLDER);
            assert_plain_failure(&failure, STATUS_STATE_FOLDER);
            assert_non_null(strstr(failure.message, variables[j]));
            assert_null(path.data);
        }
    }
}

static void without_variables_there_is_no_path(void **state)
{
    (void)state;
    static const char *const values[][3] = {{NULL, NULL, NULL}, {"", "", ""}};

    for (size_t i = 0; i < COUNT(values); i++) {
        struct bytes path = {0};
        struct failure failure = {0};
        set_variables(values[i]);
        assert_int_equal(state_folder_path(&path, &failure), STATUS_STATE_FOLDER);
        assert_non_null(strstr(failure.message, "set POWERUP_SECRETS_DIR"));
        assert_null(path.data);
    }
}

static void a_root_key_is_read_as_it_was_made(void **state)
{
    (void)state;
    FOLDER_AUTO folder = folder_new();
    int fd = open_folder((const char *)folder.data);
    uint8_t made[SEAL_ROOT_KEY_SIZE] = {0};
    uint8_t read_again[SEAL_ROOT_KEY_SIZE] = {0};
    struct failure failure = {0};

    assert_int_equal(root_key_read(fd, made, &failure), STATUS_ABSENT);
    assert_int_equal(root_key_create(fd, made, &failure), STATUS_OK);
    assert_int_equal(root_key_read(fd, read_again, &failure), STATUS_OK);
    assert_memory_equal(made, read_again, sizeof made);
    assert_false(file_exists(path_in((const char *)folder.data, "root.key.new")));
    close(fd);
}

static void a_root_key_never_replaces_another(void **state)
{
    (void)state;
    static const char *const contents[] = {"0123456789abcdef0123456789abcdef", "short", ""};

    for (size_t i = 0; i < COUNT(contents); i++) {
        FOLDER_AUTO folder = folder_new();
        int fd = open_folder((const char *)folder.data);
        uint8_t key[SEAL_ROOT_KEY_SIZE] = {0};
        struct failure failure = {0};
        const char *path = path_in((const char *)folder.data, "root.key");

        file_write(path, view_of_text(contents[i]));
        assert_int_equal(root_key_create(fd, key, &failure), STATUS_ROOT_KEY);
        assert_plain_failure(&failure, STATUS_ROOT_KEY);
        BYTES_AUTO after = file_read(path);
        assert_view_equal(view_of_bytes(&after), view_of_text(contents[i]));
        for (size_t j = 0; j < sizeof key; j++) {
            assert_int_equal(key[j], 0); /* untouched on failure */
        }
        close(fd);
    }
}

static void a_link_in_place_of_the_new_root_key_is_not_followed(void **state)
{
    (void)state;
    FOLDER_AUTO folder = folder_new();
    int fd = open_folder((const char *)folder.data);
    uint8_t key[SEAL_ROOT_KEY_SIZE];
    struct failure failure = {0};

    assert_int_equal(symlink("target", path_in((const char *)folder.data, "root.key.new")), 0);
    assert_int_equal(root_key_create(fd, key, &failure), STATUS_OK);
    assert_false(file_exists(path_in((const char *)folder.data, "target")));
    assert_int_equal(symlink("target", path_in((const char *)folder.data, "root.key.new")), 0);
    assert_int_equal(unlink(path_in((const char *)folder.data, "root.key")), 0);
    assert_int_equal(symlink("target", path_in((const char *)folder.data, "root.key")), 0);
    assert_int_equal(root_key_create(fd, key, &failure), STATUS_ROOT_KEY);
    assert_false(file_exists(path_in((const char *)folder.data, "target")));
    close(fd);
}

static void a_root_key_that_cannot_be_written_is_reported(void **state)
{
    (void)state;
    FOLDER_AUTO folder = folder_new();
    uint8_t key[SEAL_ROOT_KEY_SIZE];
    struct failure failure = {0};
    int file = open(path_in((const char *)folder.data, "file"), O_RDWR | O_CREAT | O_CLOEXEC, 0600);

    assert_int_equal(root_key_create(file, key, &failure), STATUS_ROOT_KEY);
    assert_non_null(strstr(failure.message, "cannot be written"));
    assert_int_equal(root_key_read(file, key, &failure), STATUS_ROOT_KEY);
    assert_non_null(strstr(failure.message, "cannot be read"));
    close(file);
}

static void a_root_key_that_does_not_fit_on_the_disk_is_reported_and_not_kept(void **state)
{
    (void)state;
    FOLDER_AUTO folder = folder_new();
    uint8_t key[SEAL_ROOT_KEY_SIZE];
    struct failure failure = {0};
    struct rlimit usual;
    int fd = open((const char *)folder.data, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    assert_int_equal(getrlimit(RLIMIT_FSIZE, &usual), 0);
    struct rlimit none = {0, usual.rlim_max};
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
    enum status status = root_key_create(fd, key, &failure);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &usual), 0);
    (void)signal(SIGXFSZ, handler);

    assert_int_equal(status, STATUS_STORE_FULL);
    assert_non_null(strstr(failure.message, "ulimit -f"));
    assert_false(file_exists(path_in((const char *)folder.data, "root.key")));
    assert_int_equal(root_key_create(fd, key, &failure), STATUS_OK);
    close(fd);
}

static int start(void **state)
{
    (void)state;
    return crypto_start() == STATUS_OK ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_variable_that_is_set_gives_the_path),
        cmocka_unit_test(a_relative_path_is_refused_and_its_variable_named),
        cmocka_unit_test(without_variables_there_is_no_path),
        cmocka_unit_test(a_root_key_is_read_as_it_was_made),
        cmocka_unit_test(a_root_key_never_replaces_another),
        cmocka_unit_test(a_link_in_place_of_the_new_root_key_is_not_followed),
        cmocka_unit_test(a_root_key_that_cannot_be_written_is_reported),
        cmocka_unit_test(a_root_key_that_does_not_fit_on_the_disk_is_reported_and_not_kept),
    };

    return cmocka_run_group_tests_name("state_folder", tests, start, NULL);
}
