/* SPDX-License-Identifier: MIT */
#include "store_fixture.h"

#include "store/store_open.h"
#include "support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct store *open_store(const char *folder)
{
    struct store *store = NULL;
    struct failure failure = {0};

    if (store_open(folder, &store, &failure) != STATUS_OK) {
        fail_msg("%s", failure.message);
    }
    return store;
}

void assert_opens(const char *folder)
{
    struct store *store = open_store(folder);

    store_close(&store);
}

struct bytes folder_with_store(void)
{
    struct bytes folder = folder_new();

    assert_opens((const char *)folder.data);
    return folder;
}

struct bytes content_of(const char *folder, const char *name)
{
    const char *path = path_in(folder, name);

    return file_exists(path) ? file_read(path) : (struct bytes){NULL, 0};
}

void assert_untouched_failure(const char *folder, enum status status, const char *fix)
{
    struct store *store = NULL;
    struct failure failure = {0};
    BYTES_AUTO database = content_of(folder, "store.sqlite3");
    BYTES_AUTO key = content_of(folder, "root.key");

    enum status result = store_open(folder, &store, &failure);
    if (result != status) {
        fail_msg("%s: %s", status_name(result), failure.message);
    }
    assert_null(store);
    assert_plain_failure(&failure, status);
    if (strstr(failure.message, fix) == NULL) {
        fail_msg("\"%s\" does not say \"%s\"", failure.message, fix);
    }
    BYTES_AUTO database_after = content_of(folder, "store.sqlite3");
    BYTES_AUTO key_after = content_of(folder, "root.key");
    assert_int_equal(key.data == NULL, key_after.data == NULL);
    if (database.data != NULL) {
        assert_view_equal(view_of_bytes(&database_after), view_of_bytes(&database));
    }
    assert_view_equal(view_of_bytes(&key_after), view_of_bytes(&key));
}
