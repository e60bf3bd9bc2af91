/* SPDX-License-Identifier: MIT */
#include "native/log.h"

#include "base/file.h"
#include "base/origin.h"
#include "base/request.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { LINE_SIZE = 1024, STAMP_SIZE = 32 };

static int file = -1;
static bool on_stderr;

static void complain(const char *what, const char *why)
{
    fprintf(stderr, "powerup-secrets-host: $POWERUP_SECRETS_LOG %s: %s\n", what, why);
}

/* Not blocking, in case it is a pipe. */
static int open_file(const char *path)
{
    struct stat info;
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);

    if (fd >= 0 && fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && (info.st_mode & 077) != 0 &&
        fchmod(fd, 0600) != 0) {
        int code = errno;
        (void)close(fd);
        errno = code;
        return -1;
    }
    return fd;
}

void log_open(bool verbose)
{
    const char *path = getenv("POWERUP_SECRETS_LOG");

    on_stderr = verbose;
    if (path == NULL || path[0] == '\0') {
        return;
    }
    if (path[0] != '/') {
        complain("is not used", "it must be an absolute path");
        return;
    }
    file = open_file(path);
    if (file < 0) {
        complain("cannot be opened", strerror(errno));
    }
}

bool log_is_open(void)
{
    return file >= 0 || on_stderr;
}

/* One write, so that the lines of several hosts do not mix; a second one only where the first took
 * a part, to learn why. */
static void put(const char *line, size_t size)
{
    if (on_stderr) {
        (void)fwrite(line, 1, size, stderr);
    }
    if (file >= 0 && !write_full(file, (struct view){(const uint8_t *)line, size})) {
        complain("cannot be written", strerror(errno));
        (void)close(file);
        file = -1;
    }
}

static void stamp(char ret_stamp[STAMP_SIZE])
{
    struct timespec now = {0};
    struct tm parts = {0};
    char second[STAMP_SIZE / 2 + 4] = "";

    (void)clock_gettime(CLOCK_REALTIME, &now);
    (void)gmtime_r(&now.tv_sec, &parts);
    (void)strftime(second, sizeof second, "%Y-%m-%dT%H:%M:%S", &parts);
    (void)snprintf(ret_stamp, STAMP_SIZE, "%s.%03ldZ", second, now.tv_nsec / 1000000);
}

void log_write(const char *format, ...)
{
    char line[LINE_SIZE];
    char text[LINE_SIZE - 64];
    char when[STAMP_SIZE];
    va_list values;

    if (!log_is_open()) {
        return;
    }
    va_start(values, format);
    (void)vsnprintf(text, sizeof text, format, values);
    va_end(values);
    stamp(when);
    int size = snprintf(line, sizeof line, "%s %ld %s\n", when, (long)getpid(), text);
    put(line, (size_t)size < sizeof line ? (size_t)size : sizeof line - 1);
}

void log_operation(const char *name, struct json_object *request, enum status status,
                   int64_t started_us)
{
    struct failure ignored = {0};

    if (!log_is_open()) {
        return;
    }
    struct json_object *object = json_object_is_type(request, json_type_object) ? request : NULL;
    struct view origin = request_string(object, "origin");
    bool has_origin = origin.data != NULL && origin_check(origin, &ignored) == STATUS_OK;
    log_write("operation %s %.*s %s %.3f ms", name, has_origin ? (int)origin.size : 1,
              has_origin ? (const char *)origin.data : "-", status_name(status),
              (double)(log_now_us() - started_us) / 1000);
}

int64_t log_now_us(void)
{
    struct timespec now = {0};

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}
