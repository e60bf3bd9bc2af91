/* SPDX-License-Identifier: MIT */
#include "system/living_process.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The first process of the system, which becomes the parent of those whose own has ended. */
enum { PID_INIT = 1 };

/* Room for the fields that are of interest, and the place of the start among those after the name:
 * proc(5) numbers them from 1, and the name is the second. */
enum { STAT_SIZE = 1024, FIELD_START = 22, FIELDS_BEFORE = 2 };

/* Whose name it is that passes requests on for browsers in a sandbox. */
static const char portal[] = "(xdg-";

/* What /proc says of a process. */
struct stat_line {
    char text[STAT_SIZE];
    const char *name;   /* "(…)" */
    const char *fields; /* what follows the name */
};

/* False with errno set. */
static bool read_line(int64_t pid, struct stat_line *ret_line)
{
    char path[64];

    (void)snprintf(path, sizeof path, "/proc/%lld/stat", (long long)pid);
    FD_AUTO fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t size =
        fd >= 0 ? read_full(fd, (uint8_t *)ret_line->text, sizeof ret_line->text - 1) : -1;
    if (size < 0) {
        return false;
    }
    ret_line->text[size] = '\0';
    /* The name may hold anything, blanks and parentheses too. */
    ret_line->name = strchr(ret_line->text, '(');
    const char *end = strrchr(ret_line->text, ')');
    errno = ESRCH;
    if (ret_line->name == NULL || end == NULL || end[1] != ' ') {
        return false;
    }
    ret_line->fields = end + 2;
    return true;
}

static bool has_ended(const struct stat_line *line)
{
    return strchr("ZXx", line->fields[0]) != NULL;
}

/* 0 where the line is too short. */
static int64_t start_of(const struct stat_line *line)
{
    const char *field = line->fields;

    for (int number = FIELDS_BEFORE + 1; field != NULL && number < FIELD_START; number++) {
        field = strchr(field, ' ');
        field = field != NULL ? field + 1 : NULL;
    }
    return field != NULL ? strtoll(field, NULL, 10) : 0;
}

bool living_process_find(int64_t pid, struct living_process *ret_process)
{
    struct stat_line line;

    if (!read_line(pid, &line) || has_ended(&line)) {
        return false;
    }
    *ret_process = (struct living_process){pid, start_of(&line)};
    return true;
}

bool living_process_still_lives(const struct living_process *process)
{
    struct stat_line line;

    if (read_line(process->pid, &line)) {
        return !has_ended(&line) && start_of(&line) == process->started;
    }
    if (errno == ENOENT || errno == ESRCH) {
        return false;
    }
    return tgkill((pid_t)process->pid, (pid_t)process->pid, 0) == 0 || errno != ESRCH;
}

bool living_process_parent(struct living_process *ret_process)
{
    struct stat_line line;
    pid_t parent = getppid();

    if (parent <= PID_INIT || !read_line(parent, &line) || has_ended(&line) ||
        strncmp(line.name, portal, sizeof portal - 1) == 0) {
        return false;
    }
    *ret_process = (struct living_process){parent, start_of(&line)};
    /* It may have ended just now, and its id be used again. */
    return getppid() == parent;
}
