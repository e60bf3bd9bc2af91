/* SPDX-License-Identifier: MIT */
/* What opening a store and using it share; nothing else includes this. */
#ifndef POWERUP_SECRETS_STORE_PRIVATE_H
#define POWERUP_SECRETS_STORE_PRIVATE_H

#include "store.h"

/* As many kinds of statements as the program may have. */
enum { STORE_STATEMENTS_MAX = 96 };

struct store {
    sqlite3 *database;
    struct seal seal;
    char browser_profile[STORE_PROFILE_SIZE_MAX + 1];
    bool profile_is_fixed; /* by the environment */
    bool partitioned;
    bool open; /* the tables are there, and the two above are read with each transaction */
    struct {
        const char *sql;
        sqlite3_stmt *statement;
    } statements[STORE_STATEMENTS_MAX];
};

/* Takes the browser profile from the environment, when it names one. */
MUST_CHECK enum status store_fix_profile(struct store *store, struct failure *failure);

/* Reads again what may change while the store is open. */
MUST_CHECK enum status store_refresh(struct store *store, struct failure *failure);

/* Runs statements that give no rows. */
MUST_CHECK enum status store_execute(struct store *store, const char *sql, struct failure *failure);

#endif
