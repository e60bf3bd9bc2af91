/* SPDX-License-Identifier: MIT */
#include "native/sandbox.h"

#include "native/landlock.h"
#include "native/syscall_filter.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef __SANITIZE_ADDRESS__
#include <sys/prctl.h>

static int restrict_files(const char *state_folder)
{
    const struct landlock_rule rules[] = {
        {state_folder, LANDLOCK_KEEP},
        {"/dev/null", LANDLOCK_READ_WRITE},
    };

    return landlock_restrict(rules, sizeof rules / sizeof rules[0]);
}

static void warn(const char *what, int code)
{
    if (code != 0) {
        fprintf(stderr, "powerup-secrets-host: this system does not let the host %s: %s\n", what,
                strerror(code));
    }
}

void sandbox_enter(const char *state_folder)
{
    const char *wanted = getenv("POWERUP_SECRETS_SANDBOX");

    if (wanted != NULL && strcmp(wanted, "off") == 0) {
        return;
    }
    if (prctl(PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L) != 0) {
        warn("give up privileges", errno);
        return;
    }
    warn("restrict the files that it can reach (Landlock)", restrict_files(state_folder));
    warn("restrict its system calls (seccomp)", syscall_filter_install());
}
#else
void sandbox_enter(const char *state_folder)
{
    (void)state_folder;
}
#endif
