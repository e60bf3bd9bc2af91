/* SPDX-License-Identifier: MIT */
/* Our native manifest in the folder of a browser. */
#ifndef POWERUP_SECRETS_BROWSERS_MANIFEST_FILE_H
#define POWERUP_SECRETS_BROWSERS_MANIFEST_FILE_H

#include "browsers/browser_paths.h"

enum manifest_outcome {
    MANIFEST_WRITTEN,
    MANIFEST_UNCHANGED,
    MANIFEST_REMOVED,
    MANIFEST_ABSENT, /* there was nothing to remove */
};

/* What a run of install and uninstall has in common for all browsers. */
struct manifest_job {
    bool remove;
    const char *host;         /* to write: its path */
    enum browser_scope scope; /* folders that are made for all users can be read by all */
};

/* Writes or removes one. STATUS_IO_FAILED: *failure says why it cannot, or that the file is not one
 * that this program wrote; then it stays as it is. */
MUST_CHECK enum status manifest_file_do(const struct manifest_job *job, const char *path,
                                        enum browser_family family,
                                        enum manifest_outcome *ret_outcome,
                                        struct failure *failure);

#endif
