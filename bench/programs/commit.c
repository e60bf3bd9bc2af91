/* SPDX-License-Identifier: MIT */
/* commit COUNT DATABASE SIZE: replaces the value of one item of a store by another of SIZE bytes,
 * each time in its own transaction, and prints how long each took, in nanoseconds. It uses the same
 * row and the same settings as the host, and does nothing else. */
#include <sqlite3.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static sqlite3 *database;

static void check(int code, int expected)
{
    if (code != expected) {
        fprintf(stderr, "commit: %s\n", sqlite3_errmsg(database));
        exit(EXIT_FAILURE);
    }
}

static int64_t now(void)
{
    struct timespec time;

    (void)clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

int main(int count, char **arguments)
{
    static const char settings[] =
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
        "PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY";
    static const char replace[] = "UPDATE item SET value = ?1 WHERE id = 1";
    sqlite3_stmt *statement = NULL;

    if (count != 4) {
        fprintf(stderr, "usage: commit COUNT DATABASE SIZE\n");
        return 2;
    }
    long times = strtol(arguments[1], NULL, 10);
    int size = (int)strtol(arguments[3], NULL, 10);
    char *value = malloc((size_t)size + 1);
    if (value == NULL) {
        return EXIT_FAILURE;
    }
    check(sqlite3_open(arguments[2], &database), SQLITE_OK);
    check(sqlite3_exec(database, settings, NULL, NULL, NULL), SQLITE_OK);
    check(sqlite3_prepare_v3(database, replace, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL),
          SQLITE_OK);
    for (long i = 0; i < times; i++) {
        memset(value, 'a' + (int)(i % 26), (size_t)size);
        int64_t start = now();
        check(sqlite3_bind_text(statement, 1, value, size, SQLITE_STATIC), SQLITE_OK);
        check(sqlite3_step(statement), SQLITE_DONE);
        check(sqlite3_reset(statement), SQLITE_OK);
        printf("%" PRId64 "\n", now() - start);
        if (sqlite3_changes(database) != 1) {
            fprintf(stderr, "commit: the item does not exist\n");
            return EXIT_FAILURE;
        }
    }
    free(value);
    (void)sqlite3_finalize(statement);
    check(sqlite3_close(database), SQLITE_OK);
    return 0;
}
