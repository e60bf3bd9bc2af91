/* SPDX-License-Identifier: MIT */
#include "secrets_fixture.h"

#include "store/store_open.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

struct bytes folder;
struct store *store;
struct failure failure;

struct store *open_store(const char *profile)
{
    struct store *opened = NULL;

    (void)(profile != NULL ? setenv("POWERUP_SECRETS_BROWSER_PROFILE", profile, 1)
                           : unsetenv("POWERUP_SECRETS_BROWSER_PROFILE"));
    enum status status = store_open((const char *)folder.data, &opened, &failure);
    (void)unsetenv("POWERUP_SECRETS_BROWSER_PROFILE");
    assert_int_equal(status, STATUS_OK);
    return opened;
}

int start(void **state)
{
    (void)state;
    failure = (struct failure){0};
    folder = folder_new();
    store = open_store(NULL);
    return 0;
}

int finish(void **state)
{
    (void)state;
    store_close(&store);
    folder_remove(&folder);
    return 0;
}

enum status try_store(struct store *in, struct secret_place place, struct view secret)
{
    STORED_SECRET_AUTO stored = {0};

    return secrets_store(in, &place, secret, secret, &stored, &failure);
}

void assert_stores(struct store *in, struct secret_place place, struct view secret)
{
    if (try_store(in, place, secret) != STATUS_OK) {
        fail_msg("%s", failure.message);
    }
}

void assert_loads(struct store *in, struct secret_place place, struct view expected)
{
    BYTES_AUTO secret = {0};

    assert_int_equal(secrets_load(in, &place, NO_VALUE, &secret, &failure), STATUS_OK);
    assert_view_equal(view_of_bytes(&secret), expected);
}

enum status load(struct store *in, struct secret_place place)
{
    BYTES_AUTO secret = {0};

    return secrets_load(in, &place, NO_VALUE, &secret, &failure);
}

static struct plugin_data_place member_place(const char *origin, const char *member)
{
    return (struct plugin_data_place){view_of_text(origin), VIEW("member"), view_of_text(member),
                                      VIEW("private"), NO_VALUE};
}

void set_member_private_view(struct view text)
{
    struct plugin_data_place place = member_place(ORIGIN, MEMBER);

    assert_int_equal(plugin_data_set(store, &place, text, &failure), STATUS_OK);
}

void set_member_private(const char *text)
{
    set_member_private_view(view_of_text(text));
}

struct bytes member_private(const char *origin, const char *member)
{
    struct plugin_data_place place = member_place(origin, member);
    struct bytes text = {0};

    assert_int_equal(plugin_data_get(store, &place, &text, &failure), STATUS_OK);
    return text;
}

/* Changes the database as another program would. */
void execute(const char *sql)
{
    sqlite3 *database = NULL;

    assert_int_equal(sqlite3_open(path_in((const char *)folder.data, "store.sqlite3"), &database),
                     SQLITE_OK);
    if (sqlite3_exec(database, sql, NULL, NULL, NULL) != SQLITE_OK) {
        fail_msg("%s: %s", sql, sqlite3_errmsg(database));
    }
    assert_int_equal(sqlite3_close(database), SQLITE_OK);
}

int count(const char *sql)
{
    sqlite3 *database = NULL;
    sqlite3_stmt *statement = NULL;

    assert_int_equal(sqlite3_open(path_in((const char *)folder.data, "store.sqlite3"), &database),
                     SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(database, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int number = sqlite3_column_int(statement, 0);
    assert_int_equal(sqlite3_finalize(statement), SQLITE_OK);
    assert_int_equal(sqlite3_close(database), SQLITE_OK);
    return number;
}
