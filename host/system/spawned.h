/* SPDX-License-Identifier: MIT */
/* A program that this one starts, in a process group of its own, and ends again. */
#ifndef POWERUP_SECRETS_SYSTEM_SPAWNED_H
#define POWERUP_SECRETS_SYSTEM_SPAWNED_H

#include "base/status.h"

#include <sys/types.h>

struct spawn_request {
    const char *program;          /* its path */
    const char *const *arguments; /* the first is its name; NULL ends them */
    const char *const *variables; /* "NAME=VALUE" in place of this program's own; NULL ends them */
    const char *folder;           /* where it starts; NULL: where this program is */
    const char *log;              /* a file that gets its standard error */
    bool piped; /* its standard input and output are pipes; else nothing, and the log */
};

struct spawned {
    pid_t pid;  /* and the process group; 0: none */
    int input;  /* -1 when not piped, or closed */
    int output; /* the same */
};

/* On STATUS_OK the caller calls spawned_end. STATUS_IO_FAILED: *failure says why it cannot be
 * started, in the words of the system. */
MUST_CHECK enum status spawned_start(const struct spawn_request *request,
                                     struct spawned *ret_spawned, struct failure *failure);

void spawned_close_input(struct spawned *spawned);

/* Waits until it has ended, and gives what waitpid says. False when it goes on. */
MUST_CHECK bool spawned_wait(struct spawned *spawned, int timeout_ms, int *ret_wait_status);

/* Ends it and all that is left of its group: asked first, for as long, then killed. */
void spawned_end(struct spawned *spawned, int patience_ms);

#endif
