/* SPDX-License-Identifier: MIT */
/* What a text that is no origin is said to have meant. */
#include "base/origin.h"
#include "support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void assert_meant(enum status (*check)(struct view, struct failure *), const char *given,
                         const char *meant)
{
    struct failure failure = {0};
    BYTES_AUTO exact = bytes_of(view_of_text(given));
    char expected[512];

    (void)snprintf(expected, sizeof expected, "did you mean \"%s\"?", meant);
    assert_int_equal(check(view_of_bytes(&exact), &failure), STATUS_BAD_ORIGIN);
    bool says = strstr(failure.message, meant[0] != '\0' ? expected : "did you mean") != NULL;
    if (says != (meant[0] != '\0')) {
        fail_msg("%s: %s", given, failure.message);
    }
    if (meant[0] != '\0') {
        assert_int_equal(check(view_of_text(meant), &failure), STATUS_OK);
    }
}

static void an_address_says_which_origin_was_meant(void **state)
{
    (void)state;
    static const struct {
        const char *given;
        const char *meant;
    } cases[] = {
        {"http://localhost:3000/", "http://localhost:3000"},
        {"http://localhost:3000/settings.html", "http://localhost:3000"},
        {"http://localhost:3000?a=b/c@d", "http://localhost:3000"},
        {"http://localhost:3000#%7B%22secret%22%3A1%7D", "http://localhost:3000"},
        {"http://localhost:3000\\a", "http://localhost:3000"},
        {"HTTP://LocalHost:3000", "http://localhost:3000"},
        {"https://Example.COM", "https://example.com"},
        {"https://example.com:443", "https://example.com"},
        {"http://example.com:80", "http://example.com"},
        {"https://example.com:", "https://example.com"},
        {"https://example.com:08080", "https://example.com:8080"},
        {"https://user:word@example.com/", "https://example.com"},
        {"https:example.com", "https://example.com"},
        {"https:///example.com", "https://example.com"},
        {"localhost", "http://localhost"},
        {"localhost:3000", "http://localhost:3000"},
        {"localhost:3000/a", "http://localhost:3000"},
        {"a.localhost:3000", "http://a.localhost:3000"},
        {"127.0.0.1:80", "http://127.0.0.1"},
        {"127.0.0.1:3000", "http://127.0.0.1:3000"},
        {"[::1]:3000", "http://[::1]:3000"},
        {"//example.com/a", "https://example.com"},
        {"example.com", "https://example.com"},
        {"example.com:443", "https://example.com"},
        {"example.com:80", "http://example.com"},
        {"powerup:3000", "https://powerup:3000"},
        {"http://127.1:3000", "http://127.0.0.1:3000"},
        {"http://0x7f.0.0.1", "http://127.0.0.1"},
        {"http://127.0.0.1.", "http://127.0.0.1"},
        {"http://[::FFFF:1.2.3.4]", "http://[::ffff:102:304]"},
        {"http://[0:0:0:0:0:0:0:1]:80/", "http://[::1]"},
    };
    static const char *const none[] = {
        "",
        "planner",
        "*",
        "http://*.localhost:3000",
        "https://*/",
        "http://",
        "https://a b",
        "https://a<b",
        "https://a%41",
        ("https://b\xC3\xBC"
         "cher.example"),
        "https://example.com:65536",
        "https://example.com:x",
        "http://256.0.0.1",
        "http://[::1",
        "ws://example.com",
        "chrome-extension://abc/page.html",
        "javascript:alert(1)",
        "mailto:a@example.com",
    };
    char longest[2 * ORIGIN_SIZE_MAX];

    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_meant(origin_check, cases[i].given, cases[i].meant);
    }
    for (size_t i = 0; i < COUNT(none); i++) {
        assert_meant(origin_check, none[i], "");
    }
    for (size_t size = 0; size < sizeof longest; size++) {
        (void)snprintf(longest, sizeof longest, "https://a/%0*d", (int)size + 1, 0);
        assert_meant(origin_check, longest, "https://a");
    }
}

static void an_address_says_which_site_was_meant(void **state)
{
    (void)state;
    assert_meant(site_check, "https://trello.com/b/abc/board", "https://trello.com");
    assert_meant(site_check, "https://trello.com:444", "https://trello.com");
    assert_meant(site_check, "trello.com", "https://trello.com");
    assert_meant(site_check, "HTTP://LOCALHOST:3000", "http://localhost");
    assert_meant(site_check, "https://*.trello.com", "");
    assert_meant(site_check, "trello", "");
}

/* One true cause each, of an origin and of a site. */
static void what_is_no_host_or_port_is_explained(void **state)
{
    (void)state;
    static const char star[] = "\"*\" does not stand for other hosts";
    static const char general[] = ": give scheme";
    static const struct {
        const char *given;
        const char *why;
    } cases[] = {
        {"http://*.localhost:3000", star},
        {"http://*", star},
        {"*.localhost", star},
        {"http://a%2Ab.localhost", star},
        {"http://*\xC3\xBC", star},
        {"http://b\xC3\xBC"
         "cher.example",
         "outside ASCII"},
        {"b\xC3\xBC"
         "cher.example:3000/a%b",
         "outside ASCII"},
        {"http://a%41", "the host name has \"%\""},
        {"http://[fe80::1%25lo]:3000", "zone"},
        {"[fe80::1%lo]", "zone"},
        {"http://localhost:0", "from 1 to 65535"},
        {"localhost:000", "from 1 to 65535"},
        {"http://[::1]:65536/", "from 1 to 65535"},
        {"http://localhost:99999999999999999999", "from 1 to 65535"},
        {"http://localhost:80a", general},
        {"http://localhost:-1", general},
        {"http://a b/*", general},
        {"http://a<b", general},
        {"ftp://*", general},
    };
    struct failure failure = {0};

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct view given = view_of_text(cases[i].given);
        enum status (*const checks[])(struct view, struct failure *) = {origin_check, site_check};
        for (size_t j = 0; j < COUNT(checks); j++) {
            assert_int_equal(checks[j](given, &failure), STATUS_BAD_ORIGIN);
            if (strstr(failure.message, cases[i].why) == NULL) {
                fail_msg("%s: %s", cases[i].given, failure.message);
            }
        }
    }
}

static void a_file_is_explained(void **state)
{
    (void)state;
    struct failure failure = {0};

    assert_int_equal(origin_check(VIEW("file:///a/b.html"), &failure), STATUS_BAD_ORIGIN);
    assert_non_null(strstr(failure.message, "serve the page"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_says_which_origin_was_meant),
        cmocka_unit_test(an_address_says_which_site_was_meant),
        cmocka_unit_test(what_is_no_host_or_port_is_explained),
        cmocka_unit_test(a_file_is_explained),
    };

    return cmocka_run_group_tests_name("origin_meant", tests, NULL, NULL);
}
