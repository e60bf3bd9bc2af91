/* SPDX-License-Identifier: MIT */
#include "browsers/kept_out.h"

#include "base/file.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

/* What is behind a flag of a name: "=VALUE" or nothing. No data when it is another argument. */
static struct view after_flag(struct view argument, const char *name)
{
    size_t dashes = 0;
    size_t size = strlen(name);

    while (dashes < 2 && dashes < argument.size && argument.data[dashes] == '-') {
        dashes++;
    }
    struct view rest = {argument.data + dashes, argument.size - dashes};
    if (dashes == 0 || rest.size < size || memcmp(rest.data, name, size) != 0 ||
        (rest.size > size && rest.data[size] != '=')) {
        return (struct view){NULL, 0};
    }
    return (struct view){rest.data + size, rest.size - size};
}

/* Whether "=FOLDER,FOLDER" has one. */
static bool has_folder(struct view value, const char *folder)
{
    while (value.size > 0) {
        const uint8_t *start = value.data + 1; /* behind "=" or "," */
        const uint8_t *comma = memchr(start, ',', value.size - 1);
        size_t size = comma != NULL ? (size_t)(comma - start) : value.size - 1;
        if (view_equal((struct view){start, size}, view_of_text(folder))) {
            return true;
        }
        value = (struct view){start + size, value.size - 1 - size};
    }
    return false;
}

struct view kept_out_by(struct view command_line, const char *extension)
{
    struct view all = {NULL, 0};
    struct view except = {NULL, 0};
    struct view value = {NULL, 0};

    while (command_line.size > 0) {
        const uint8_t *end = memchr(command_line.data, '\0', command_line.size);
        size_t size = end != NULL ? (size_t)(end - command_line.data) : command_line.size;
        struct view argument = {command_line.data, size};
        struct view its = after_flag(argument, "disable-extensions-except");
        all = after_flag(argument, "disable-extensions").data != NULL ? argument : all;
        if (its.data != NULL) { /* the last one counts, whatever comes with it */
            except = argument;
            value = its;
        }
        size_t taken = size + (end != NULL);
        command_line = (struct view){command_line.data + taken, command_line.size - taken};
    }
    if (except.data == NULL) {
        return all;
    }
    return has_folder(value, extension) ? (struct view){NULL, 0} : except;
}

void kept_out_of_process(long pid, const char *extension, char ret_argument[KEPT_OUT_SIZE])
{
    static uint8_t text[128 * 1024]; /* more than a browser is started with */
    char path[64];

    ret_argument[0] = '\0';
    (void)snprintf(path, sizeof path, "/proc/%ld/cmdline", pid);
    FD_AUTO fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t size = fd >= 0 ? read_full(fd, text, sizeof text) : 0;
    if (size > 0) {
        struct view found = kept_out_by((struct view){text, (size_t)size}, extension);
        (void)snprintf(ret_argument, KEPT_OUT_SIZE, "%.*s", (int)found.size,
                       found.data != NULL ? (const char *)found.data : "");
    }
}
