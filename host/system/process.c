/* SPDX-License-Identifier: MIT */
#include "system/process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

void process_protect(void)
{
    struct rlimit none = {0, 0};

    /* None can fail for a process of its own that asks for less. */
    (void)setrlimit(RLIMIT_CORE, &none);
    (void)prctl(PR_SET_DUMPABLE, 0L, 0L, 0L, 0L);
    (void)signal(SIGXFSZ, SIG_IGN);
}

void process_close_inherited(void)
{
    int first = STDERR_FILENO + 1;
    struct stat info;

    if (fstat(first, &info) == 0 && S_ISFIFO(info.st_mode) &&
        (fcntl(first, F_GETFL) & O_ACCMODE) == O_WRONLY && fcntl(first, F_SETFD, FD_CLOEXEC) == 0) {
        first++;
    }
    closefrom(first);
}
