/* SPDX-License-Identifier: MIT */
/* What opening a store and using it share; nothing else includes this. */
#ifndef POWERUP_SECRETS_STORE_PRIVATE_H
#define POWERUP_SECRETS_STORE_PRIVATE_H

#include "store.h"

/* As many kinds of statements as the program may have, and the longest browser profile's name. */
enum { STORE_STATEMENTS_MAX = 64, STORE_PROFILE_SIZE_MAX = 64 };

struct store {
    sqlite3 *database;
    struct seal seal;
    char browser_profile[STORE_PROFILE_SIZE_MAX + 1];
    struct {
        const char *sql;
        sqlite3_stmt *statement;
    } statements[STORE_STATEMENTS_MAX];
};

/* Runs statements that give no rows. */
MUST_CHECK enum status store_execute(struct store *store, const char *sql, struct failure *failure);

#endif
