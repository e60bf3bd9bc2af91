/* SPDX-License-Identifier: MIT */
/* A seccomp filter: the system calls that a host makes once its store is open and its socket
 * listens, and no others; none that starts a program or reaches another one.
 * https://docs.kernel.org/userspace-api/seccomp_filter.html */
#ifndef POWERUP_SECRETS_NATIVE_SYSCALL_FILTER_H
#define POWERUP_SECRETS_NATIVE_SYSCALL_FILTER_H

#include "base/status.h"

/* Needs no_new_privs. Every other call fails with ENOSYS, as on a kernel that
 * does not have it: a newer C library then takes the older call, where killing the process would
 * cost the calls of a page. 0, or an errno: ENOSYS where there is no filter for this processor. */
MUST_CHECK int syscall_filter_install(void);

#endif
