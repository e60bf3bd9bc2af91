/* SPDX-License-Identifier: MIT */
/* A program that this one starts, and ends again or waits for. */
#ifndef POWERUP_SECRETS_SYSTEM_CHILD_PROCESS_H
#define POWERUP_SECRETS_SYSTEM_CHILD_PROCESS_H

#include "base/status.h"

#include <sys/types.h>

/* Standard input, output and error, by their numbers. */
enum { CHILD_STREAMS = 3 };

struct child_request {
    const char *program;          /* its path */
    const char *const *arguments; /* the first is its name; NULL ends them */
    const char *const *variables; /* "NAME=VALUE" in place of this program's own; NULL ends them.
                                     NULL: the environment of this program */
    const char *folder;           /* where it starts; NULL: where this program is */
    const char *log;              /* a file that gets what is written to no pipe */
    bool piped[CHILD_STREAMS];    /* other input is empty, other output goes to the log */
    bool own_group;               /* it leads a process group */
};

struct child_process {
    pid_t pid;                  /* 0: none, or it has ended */
    pid_t group;                /* the process group that it leads; 0: none */
    int streams[CHILD_STREAMS]; /* this program's ends of the pipes; -1: none, or closed */
};

struct child_process child_process_init(void);

/* Starts one, with SIGPIPE and SIGXFSZ as programs expect them. Once a group was started, orphans
 * of every child become children of this program (PR_SET_CHILD_SUBREAPER). On STATUS_OK the caller
 * ends or forgets it. STATUS_IO_FAILED or STATUS_NO_MEMORY: *failure says why it cannot be started,
 * in the words of the system. */
MUST_CHECK enum status child_process_start(const struct child_request *request,
                                           struct child_process *ret_child,
                                           struct failure *failure);

void child_process_close(struct child_process *child, int stream);

/* Waits until it has ended, and gives what waitpid says. False, with errno set, when it still runs
 * (ETIMEDOUT) or cannot be waited for. A negative timeout is none. */
MUST_CHECK bool child_process_wait(struct child_process *child, int timeout_ms,
                                   int *ret_wait_status);

/* Closes the pipes, and ends it with all that is left of its group, also when it has ended itself:
 * it is asked first, then killed when it does not end in time. What it started has ended when this
 * returns. */
void child_process_end(struct child_process *child, int timeout_ms);

/* Closes the pipes, and leaves it running. */
void child_process_forget(struct child_process *child);

#endif
