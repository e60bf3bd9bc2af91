/* SPDX-License-Identifier: MIT */
#include "process.h"

#include <sys/resource.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/prctl.h>
#endif

void process_protect(void)
{
    struct rlimit none = {0, 0};

    /* Neither can fail for a process of its own that asks for less. */
    (void)setrlimit(RLIMIT_CORE, &none);
#ifdef __linux__
    (void)prctl(PR_SET_DUMPABLE, 0L, 0L, 0L, 0L);
#endif
}

void process_close_inherited(void)
{
    closefrom(STDERR_FILENO + 1);
}
