/* SPDX-License-Identifier: MIT */
/* The store itself, for the modules that open it and run its transactions and statements alone. */
#ifndef POWERUP_SECRETS_STORE_STORE_PRIVATE_H
#define POWERUP_SECRETS_STORE_STORE_PRIVATE_H

#include "store/profile.h"
#include "store/seal.h"

#include <sqlite3.h>

/* As many kinds of statements as the program may have. */
enum { STORE_STATEMENTS_MAX = 96 };

struct store {
    sqlite3 *database;
    char *folder; /* without symbolic links, owned; NULL: the store is in memory */
    struct seal seal;
    char browser_profile[PROFILE_SIZE_MAX + 1];
    bool profile_is_fixed; /* by the environment */
    bool partitioned;
    bool revisions_grew;    /* and nobody has asked yet (see revisions.h) */
    bool items_grew;        /* in this transaction */
    int64_t items_revision; /* of the last operation, until somebody asks; 0: it noted none */
    bool open; /* the tables are there, and the two above are read with each transaction */
    struct {
        const char *sql;
        sqlite3_stmt *statement;
    } statements[STORE_STATEMENTS_MAX];
};

#endif
