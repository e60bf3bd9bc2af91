/* SPDX-License-Identifier: MIT */
/* open: opens the store in $POWERUP_SECRETS_DIR with the settings of the host, asks for one row,
 * and then sends each frame back. The cost of a native host that opens an SQLite database and does
 * nothing else. */
#include "frames.h"

#include <sqlite3.h>

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(void)
{
    static const char settings[] =
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
        "PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY;"
        "SELECT id FROM item LIMIT 1";
    const char *folder = getenv("POWERUP_SECRETS_DIR");
    char path[PATH_MAX];
    sqlite3 *database = NULL;
    struct frame frame = {0};

    (void)snprintf(path, sizeof path, "%s/store.sqlite3", folder != NULL ? folder : "");
    if (sqlite3_open_v2(path, &database, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK ||
        sqlite3_exec(database, settings, NULL, NULL, NULL) != SQLITE_OK) {
        fprintf(stderr, "open: %s: %s\n", path, sqlite3_errmsg(database));
        return EXIT_FAILURE;
    }
    while (frame_read(STDIN_FILENO, &frame)) {
        frame_write(STDOUT_FILENO, frame.bytes, frame.size);
    }
    return sqlite3_close(database) == SQLITE_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
