/* SPDX-License-Identifier: MIT */
/* Where the parts of this installation are: beside each other, as they are built and packed for
 * npm, or where cmake --install puts them. */
#ifndef POWERUP_SECRETS_SYSTEM_INSTALLATION_H
#define POWERUP_SECRETS_SYSTEM_INSTALLATION_H

#include "base/status.h"

#include <limits.h>

/* For the command line: the absolute path of the host. STATUS_ABSENT: it is missing; *failure says
 * where it was looked for. STATUS_IO_FAILED: this program does not know its own folder. */
MUST_CHECK enum status installation_host(char ret_path[PATH_MAX], struct failure *failure);

/* For the command line: the folder of the unpacked extension for a family of browsers, "chromium"
 * or "firefox". As above. */
MUST_CHECK enum status installation_extension(const char *family, char ret_path[PATH_MAX],
                                              struct failure *failure);

/* For the host: the absolute path of the command line, so that both are of the same version.
 * Where it is not there, the path at which it should be. False with errno set. */
MUST_CHECK bool installation_command(char ret_path[PATH_MAX]);

#endif
