/* SPDX-License-Identifier: MIT */
#include "secrets_fixture.h"
#include "store/known_browsers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static enum status note(void *context, const struct known_browser *browser,
                        struct failure *visit_failure)
{
    char *noted = context;
    size_t used = strlen(noted);

    (void)visit_failure;
    (void)snprintf(noted + used, 256 - used, "%lld %lld %lld %lld %.*s\n", (long long)browser->pid,
                   (long long)browser->started, (long long)browser->host_pid,
                   (long long)browser->host_started, (int)browser->name.size,
                   (const char *)browser->name.data);
    return STATUS_OK;
}

static void assert_known(const char *expected)
{
    char noted[256] = "";

    assert_int_equal(known_browsers_visit(store, note, noted, &failure), STATUS_OK);
    assert_string_equal(noted, expected);
}

static void set(struct known_browser browser)
{
    assert_int_equal(known_browsers_set(store, &browser, &failure), STATUS_OK);
}

static void a_browser_is_known_with_its_newest_host(void **state)
{
    (void)state;
    assert_known("");
    set((struct known_browser){7, 70, 8, 80, VIEW("Chrome/1")});
    set((struct known_browser){5, 50, 6, 60, VIEW("")});
    set((struct known_browser){7, 70, 9, INT64_MAX, VIEW("Chrome/2")});
    assert_known("5 50 6 60 \n7 70 9 9223372036854775807 Chrome/2\n");
}

static void a_process_that_got_the_same_id_is_another_browser(void **state)
{
    (void)state;
    set((struct known_browser){7, 70, 8, 80, VIEW("a")});
    set((struct known_browser){7, 71, 8, 80, VIEW("b")});
    assert_int_equal(known_browsers_forget(store, 7, 70, &failure), STATUS_OK);
    assert_int_equal(known_browsers_forget(store, 7, 72, &failure), STATUS_OK);
    assert_int_equal(known_browsers_forget(store, 8, 71, &failure), STATUS_OK);
    assert_known("7 71 8 80 b\n");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, finish)
    const struct CMUnitTest tests[] = {
        TEST(a_browser_is_known_with_its_newest_host),
        TEST(a_process_that_got_the_same_id_is_another_browser),
    };

    return cmocka_run_group_tests_name("known_browsers", tests, NULL, NULL);
}
