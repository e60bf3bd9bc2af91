/* SPDX-License-Identifier: MIT */
/* The browsers that can start the host, and where each looks for native manifests. install,
 * uninstall, doctor and docs/browsers.md come from this one table. */
#ifndef POWERUP_SECRETS_BROWSERS_BROWSER_TABLE_H
#define POWERUP_SECRETS_BROWSERS_BROWSER_TABLE_H

#include "base/bytes.h"

enum browser_family { FAMILY_CHROMIUM, FAMILY_FIREFOX };

/* How it comes to the machine. The last two run in a sandbox of their own. */
enum browser_packaging { PACKAGING_NATIVE, PACKAGING_SNAP, PACKAGING_FLATPAK };

/* Folders begin with "~/" (the home folder), "$CONFIG/" (where programs keep their settings) or
 * "/". NULL where there is none. */
struct browser_row {
    const char *name; /* for --browser; rows that follow each other may share one */
    const char *title;
    enum browser_family family;
    enum browser_packaging packaging;
    const char *package; /* of a Snap or Flatpak */
    /* Whether its command line takes an unpacked extension, as a test needs it. */
    bool loads_unpacked;
    const char *profile;       /* exists once the browser was started */
    const char *user_folder;   /* of native manifests, for one user */
    const char *system_folder; /* the same for all users */
    const char *programs;      /* names and absolute paths, with ":" between them */
};

extern const struct browser_row browser_table[];
extern const size_t browser_table_size;

/* Static text for people and for --json. */
const char *browser_family_name(enum browser_family family);
const char *browser_packaging_name(enum browser_packaging packaging);

/* Whether a list of names with commas between them has a name. */
bool browser_list_has(const char *names, const char *name);

/* For --browser: STATUS_BAD_REQUEST when a name in the list is not in the table. */
MUST_CHECK enum status browser_list_check(struct view names, struct failure *failure);

#endif
