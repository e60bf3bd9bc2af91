/* SPDX-License-Identifier: MIT */
/* The files of a state folder, for the modules that open them. */
#ifndef POWERUP_SECRETS_STORE_STORE_FILES_H
#define POWERUP_SECRETS_STORE_STORE_FILES_H

#define STORE_DATABASE "store.sqlite3"
#define STORE_ROOT_KEY "root.key"

#endif
