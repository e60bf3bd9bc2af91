/* SPDX-License-Identifier: MIT */
/* The file by which a browser finds the host: made, recognised, and read as the browsers read it.
 * Sources: Chromium's native_messaging_host_manifest.cc and url_pattern.cc; Firefox's
 * NativeManifests.sys.mjs with its schema native_manifest.json. */
#ifndef POWERUP_SECRETS_BROWSERS_NATIVE_MANIFEST_H
#define POWERUP_SECRETS_BROWSERS_NATIVE_MANIFEST_H

#include "browsers/browser_table.h"
#include "browsers/findings.h"

/* Its text for a host, owned by the caller. STATUS_BAD_REQUEST: the path is not UTF-8, which JSON
 * needs. */
MUST_CHECK enum status native_manifest_text(enum browser_family family, const char *host,
                                            struct bytes *ret_text, struct failure *failure);

/* Whether a manifest was made by this program: its name, its description, and a path to a
 * powerup-secrets-host in whatever folder. STATUS_ABSENT: it was not. */
MUST_CHECK enum status native_manifest_is_ours(struct view text);

/* Where a manifest is, for what is found in it. */
struct manifest_place {
    enum browser_family family;
    const char *subject; /* who reads it */
    const char *file;    /* its path */
    const char *fix;     /* the command that writes it again */
};

/* Adds a problem for each rule of the browser that a manifest breaks. On STATUS_OK it broke none,
 * and the caller owns *ret_path, the absolute path that it gives. STATUS_ABSENT: it broke some. */
MUST_CHECK enum status native_manifest_check(struct view text, const struct manifest_place *place,
                                             struct findings *findings, struct bytes *ret_path);

#endif
