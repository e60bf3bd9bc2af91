/* SPDX-License-Identifier: MIT */
#include "browsers/browser_paths.h"

#include "base/identity.h"
#include "base/path.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MANIFEST_NAME POWERUP_SECRETS_NATIVE_NAME ".json"

/* Browsers do not follow a relative path in these variables either. */
static const char *absolute_variable(const char *name)
{
    const char *value = getenv(name);

    return value != NULL && value[0] == '/' ? value : NULL;
}

static enum status add_home(struct buffer *text, struct failure *failure)
{
    const char *home = absolute_variable("HOME");

    if (home == NULL) {
        return failure_set(failure, STATUS_BAD_REQUEST,
                           "Browsers keep their folders in the home folder: set HOME to it, an "
                           "absolute path.");
    }
    buffer_add_text(text, home);
    return STATUS_OK;
}

static enum status add_config_folder(struct buffer *text, struct failure *failure)
{
    static const char *const variables[] = {"CHROME_CONFIG_HOME", "XDG_CONFIG_HOME"};

    for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++) {
        const char *folder = absolute_variable(variables[i]);
        if (folder != NULL) {
            buffer_add_text(text, folder);
            return STATUS_OK;
        }
    }
    TRY(add_home(text, failure));
    buffer_add_text(text, "/.config");
    return STATUS_OK;
}

enum status browser_path(const char *text, struct bytes *ret_path, struct failure *failure)
{
    static const char config[] = "$CONFIG/";
    BUFFER_AUTO path = {0};

    if (strncmp(text, config, sizeof config - 1) == 0) {
        TRY(add_config_folder(&path, failure));
        text += sizeof config - 2;
    } else if (text[0] == '~') {
        TRY(add_home(&path, failure));
        text += 1;
    } else {
        const char *root = getenv("DESTDIR");
        buffer_add_text(&path, root != NULL ? root : "");
    }
    buffer_add_text(&path, text);
    return path_finish(&path, ret_path, failure);
}

enum status browser_has_profile(const struct browser_row *row, bool *ret_has,
                                struct failure *failure)
{
    BYTES_AUTO path = {0};
    struct stat info;

    TRY(browser_path(row->profile, &path, failure));
    *ret_has = stat((char *)path.data, &info) == 0 && S_ISDIR(info.st_mode);
    return STATUS_OK;
}

static bool is_program(const char *path)
{
    struct stat info;

    return stat(path, &info) == 0 && S_ISREG(info.st_mode) && access(path, X_OK) == 0;
}

/* In the folders of $PATH. */
static enum status search(struct view name, struct bytes *ret_path, struct failure *failure)
{
    const char *folders = getenv("PATH");

    while (folders != NULL && *folders != '\0') {
        size_t size = strcspn(folders, ":");
        BUFFER_AUTO text = {0};
        BYTES_AUTO path = {0};
        buffer_print(&text, "%.*s/%.*s", (int)size, folders, (int)name.size,
                     (const char *)name.data);
        TRY(path_finish(&text, &path, failure));
        if (size > 0 && is_program((char *)path.data)) {
            MOVE(*ret_path, path);
            return STATUS_OK;
        }
        folders += size + (folders[size] == ':');
    }
    return STATUS_ABSENT;
}

static enum status look_at(struct view place, struct bytes *ret_path, struct failure *failure)
{
    BUFFER_AUTO text = {0};
    BYTES_AUTO given = {0};
    BYTES_AUTO path = {0};

    if (place.data[0] != '/') {
        return search(place, ret_path, failure);
    }
    buffer_add(&text, place);
    TRY(path_finish(&text, &given, failure));
    TRY(browser_path((char *)given.data, &path, failure));
    if (!is_program((char *)path.data)) {
        return STATUS_ABSENT;
    }
    MOVE(*ret_path, path);
    return STATUS_OK;
}

/* A Snap leaves a program of the ordinary name on $PATH, which is not an ordinary browser. */
static bool is_of_snap(const struct bytes *path)
{
    return strstr((const char *)path->data, "/snap/bin/") != NULL;
}

enum status browser_program(const struct browser_row *row, struct bytes *ret_path,
                            struct failure *failure)
{
    const char *programs = row->programs;

    while (programs != NULL && *programs != '\0') {
        size_t size = strcspn(programs, ":");
        BYTES_AUTO path = {0};
        enum status status =
            look_at((struct view){(const uint8_t *)programs, size}, &path, failure);
        if (status == STATUS_OK && (row->packaging != PACKAGING_NATIVE || !is_of_snap(&path))) {
            MOVE(*ret_path, path);
            return STATUS_OK;
        }
        TRY(status_allow_absent(status));
        programs += size + (programs[size] == ':');
    }
    return STATUS_ABSENT;
}

enum status browser_manifest_path(const struct browser_row *row, enum browser_scope scope,
                                  struct bytes *ret_path, struct failure *failure)
{
    const char *folder = scope == SCOPE_SYSTEM ? row->system_folder : row->user_folder;
    BYTES_AUTO path = {0};

    if (folder == NULL) {
        return STATUS_ABSENT;
    }
    TRY(browser_path(folder, &path, failure));
    return path_join((const char *)path.data, MANIFEST_NAME, ret_path, failure);
}

enum status browser_manifest_path_in(const char *folder, enum browser_family family,
                                     struct bytes *ret_path, struct failure *failure)
{
    const char *below = family == FAMILY_CHROMIUM
                            ? "NativeMessagingHosts/" MANIFEST_NAME
                            : ".mozilla/native-messaging-hosts/" MANIFEST_NAME;

    return path_join(folder, below, ret_path, failure);
}
