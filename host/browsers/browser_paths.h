/* SPDX-License-Identifier: MIT */
/* The table of browsers on this machine: whose folders and programs are there. */
#ifndef POWERUP_SECRETS_BROWSERS_BROWSER_PATHS_H
#define POWERUP_SECRETS_BROWSERS_BROWSER_PATHS_H

#include "browsers/browser_table.h"

/* A path of the table as it is here, NUL-terminated, owned by the caller. "~/" is below $HOME,
 * "$CONFIG/" below $CHROME_CONFIG_HOME, else $XDG_CONFIG_HOME, else ~/.config; what begins with "/"
 * is below $DESTDIR, where packages are put together. STATUS_BAD_REQUEST: HOME is not set. */
MUST_CHECK enum status browser_path(const char *text, struct bytes *ret_path,
                                    struct failure *failure);

/* Whether the browser was started here. */
MUST_CHECK enum status browser_has_profile(const struct browser_row *row, bool *ret_has,
                                           struct failure *failure);

/* The browser's own program, owned by the caller: from the folders in $PATH, or where its packages
 * put it. STATUS_ABSENT: it is not there. */
MUST_CHECK enum status browser_program(const struct browser_row *row, struct bytes *ret_path,
                                       struct failure *failure);

/* The file in which this browser looks for our native manifest, owned by the caller.
 * STATUS_ABSENT: it has no such folder. */
enum browser_scope { SCOPE_USER, SCOPE_SYSTEM };
MUST_CHECK enum status browser_manifest_path(const struct browser_row *row,
                                             enum browser_scope scope, struct bytes *ret_path,
                                             struct failure *failure);

/* The same for a test profile: the --user-data-dir of a Chromium, the HOME of a Firefox. */
MUST_CHECK enum status browser_manifest_path_in(const char *folder, enum browser_family family,
                                                struct bytes *ret_path, struct failure *failure);

#endif
