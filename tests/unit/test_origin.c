/* SPDX-License-Identifier: MIT */
#include "base/origin.h"
#include "support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char *const hosts[] = {
    "example.com",
    "localhost",
    "a",
    "a.b.c.d.e",
    "xn--bcher-kva.example",
    "xn--p1ai",
    "under_score.example",
    "-a-.example",
    "a--b",
    "a.",
    "example.com.",
    "1a",
    "1.2.3.a",
    "a.0x1g",
    "0xg",
    "a1",
    "1-2",
    "a..b",
    ".a",
    "a..",
    ".",
    "a!b$c&d'e(f)g+h,i;j=k~l",
    "a\"b`c{d}e",
    "127.0.0.1",
    "0.0.0.0",
    "255.255.255.255",
    "1.2.3.4",
    "[::]",
    "[::1]",
    "[1::]",
    "[2001:db8::1]",
    "[1:2:3:4:5:6:7:8]",
    "[::ffff:102:304]",
    "[::102:304]",
    "[1:0:0:2::3]",
    "[1::2:0:0:3:4]",
    "[0:1:2:3:4:5:6:7]",
    "[1:0:2:3:4:5:6:7]",
    "[1:2:3:4:5:6:7:0]",
    "[fe80::abcd:ef]",
    "[1:2:3:4:5:6::]",
};

/* Hosts that no browser ever writes in an origin. */
static const char *const bad_hosts[] = {
    /* empty, or more than a host */
    "",
    "user@example.com",
    "user:pw@example.com",
    "@example.com",
    "example.com/",
    "example.com/path",
    "example.com?",
    "example.com?q",
    "example.com#",
    "example.com\\",
    /* characters that the URL parser lowers, decodes, drops or refuses */
    "Example.com",
    "EXAMPLE.COM",
    "example.coM",
    "%65xample.com",
    "a%00b",
    "a%",
    "a b",
    " a",
    "a ",
    "a\tb",
    "a\n",
    "a\r",
    "a\x7F",
    "a<b",
    "a>b",
    "a^b",
    "a|b",
    "a*b",
    "a%2Ab",
    "a%20b",
    "*",
    "*.localhost",
    "a.*",
    "a[b",
    "a]b",
    "b\xC3\xBC"
    "cher.example",
    "\xF0\x9F\x94\x91",
    "\xEF\xBC\xA1",
    "a\xE3\x80\x82"
    "b",
    "\xFF",
    "xn--BCHER-kva.example",
    /* IPv4 in another spelling, or an invalid number */
    "1",
    "0",
    "127.1",
    "127.0.1",
    "127.0.0.1.",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0x7f.0.0.1",
    "0177.0.0.1",
    "127.0.0.01",
    "127.0.0.001",
    "00.0.0.0",
    "256.0.0.1",
    "1.2.3.256",
    "1.2.3.4.5",
    "1.2.3.4294967296",
    "0x",
    "0x.",
    "1.2.3.0x4",
    "a.1",
    "a.b.0",
    "a.0x",
    "a.0xf",
    "foo.09",
    "1.2.3.08",
    "1..2",
    ".1",
    "1.2.3.4 ",
    "a.1.",
    "4294967295",
    "4294967296",
    "1.2.3",
    /* IPv6 in another spelling, or invalid */
    "[]",
    "[:]",
    "[:::]",
    "[::1",
    "::1",
    "[::1]]",
    "[[::1]]",
    "[::1]a",
    "a[::1]",
    "[::1%25lo]",
    "[::1%lo]",
    "[::01]",
    "[::0]",
    "[0::]",
    "[0:0:0:0:0:0:0:0]",
    "[0:0:0:0:0:0:0:1]",
    "[::ffff:1.2.3.4]",
    "[::FFFF:102:304]",
    "[::1.2.3.4]",
    "[::0102:304]",
    "[2001:DB8::1]",
    "[2001:0db8::1]",
    "[1:2:3:4:5:6:7]",
    "[1:2:3:4:5:6:7:8:9]",
    "[1::2:3:4:5:6:7]",
    "[1:0:0:2:0:0:0:3]",
    "[1::2:0:0:0:3]",
    "[1:0:0:2:3:4:5:6]",
    "[1:2:3:4:5:6:0:0]",
    "[1::2::3]",
    "[12345::]",
    "[g::]",
    "[1:2:3:4:5:6:7:]",
    "[:1:2:3:4:5:6:7]",
    "[127.0.0.1]",
    "[v1.a]",
    "[ ::1]",
    "[::1 ]",
};

static const char *const ports[] = {"1", "79", "81", "442", "444", "3000", "8080", "65535"};

static const char *const bad_ports[] = {
    "",    "0",     "00",     "65536",      "01",    "080",   "0080",
    "000", "99999", "100000", "4294967376", "-1",    "+1",    " 1",
    "1 ",  "1/",    "1a",     "a",          "0x50",  "1:2",   "\xD9\xA1",
    "1e3", "1.0",   "/",      "?",          "8080#", "00000", "18446744073709551617",
};

static bool is_origin(struct view origin)
{
    struct failure failure = {0};
    BYTES_AUTO exact = bytes_of(origin); /* so that a sanitizer detects a read beyond the end */
    enum status status = origin_check(view_of_bytes(&exact), &failure);

    if (status != STATUS_OK) {
        assert_plain_failure(&failure, STATUS_BAD_ORIGIN);
    }
    return status == STATUS_OK;
}

static bool is_site(struct view site)
{
    struct failure failure = {0};
    BYTES_AUTO exact = bytes_of(site);
    enum status status = site_check(view_of_bytes(&exact), &failure);

    if (status != STATUS_OK) {
        assert_plain_failure(&failure, STATUS_BAD_ORIGIN);
    }
    return status == STATUS_OK;
}

static void assert_judged(const char *scheme, const char *host, const char *port, bool origin,
                          bool site)
{
    char text[512];

    (void)snprintf(text, sizeof text, "%s%s%s%s", scheme, host, port != NULL ? ":" : "",
                   port != NULL ? port : "");
    if (is_origin(view_of_text(text)) != origin) {
        fail_msg("the origin %s is %s", text, origin ? "refused" : "accepted");
    }
    if (is_site(view_of_text(text)) != site) {
        fail_msg("the site %s is %s", text, site ? "refused" : "accepted");
    }
}

static void hosts_as_browsers_write_them_are_accepted_with_every_port(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(hosts); i++) {
        assert_judged("https://", hosts[i], NULL, true, true);
        assert_judged("http://", hosts[i], NULL, true, true);
        for (size_t j = 0; j < COUNT(ports); j++) {
            assert_judged("https://", hosts[i], ports[j], true, false);
            assert_judged("http://", hosts[i], ports[j], true, false);
        }
    }
}

static void default_ports_are_never_written(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(hosts); i++) {
        assert_judged("https://", hosts[i], "443", false, false);
        assert_judged("http://", hosts[i], "80", false, false);
        assert_judged("https://", hosts[i], "80", true, false);
        assert_judged("http://", hosts[i], "443", true, false);
    }
}

static void hosts_in_another_spelling_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(bad_hosts); i++) {
        assert_judged("https://", bad_hosts[i], NULL, false, false);
        assert_judged("http://", bad_hosts[i], NULL, false, false);
        assert_judged("https://", bad_hosts[i], "8080", false, false);
    }
}

static void ports_in_another_spelling_are_refused(void **state)
{
    (void)state;
    static const char *const some_hosts[] = {"example.com", "127.0.0.1", "[::1]"};

    for (size_t i = 0; i < COUNT(some_hosts); i++) {
        for (size_t j = 0; j < COUNT(bad_ports); j++) {
            assert_judged("https://", some_hosts[i], bad_ports[j], false, false);
            assert_judged("http://", some_hosts[i], bad_ports[j], false, false);
        }
    }
}

static void only_http_and_https_have_storage(void **state)
{
    (void)state;
    static const char *const schemes[] = {
        "",
        "//",
        "://",
        "https:",
        "https:/",
        "https:///",
        "HTTPS://",
        "Https://",
        " https://",
        "http:",
        "http:/",
        "http:///",
        "HTTP://",
        "httpss://",
        "ws://",
        "wss://",
        "ftp://",
        "data:",
        "about:",
        "javascript:",
        "blob:https://",
        "filesystem:https://",
        "view-source:https://",
        "chrome://",
        "chrome-extension://",
        "moz-extension://",
        "file:",
        "file:///",
        "h://",
        "https;//",
        "https:\\\\",
    };

    for (size_t i = 0; i < COUNT(schemes); i++) {
        assert_judged(schemes[i], "example.com", NULL, false, false);
    }
}

static void an_opaque_origin_is_a_site_but_has_no_storage_and_the_failure_says_so(void **state)
{
    (void)state;
    struct failure failure = {0};

    assert_int_equal(origin_check(VIEW("null"), &failure), STATUS_BAD_ORIGIN);
    assert_non_null(strstr(failure.message, "opaque"));
    assert_true(is_site(VIEW("null")));
    assert_false(is_site(VIEW("null ")));
    assert_false(is_site(VIEW("Null")));
    assert_false(is_site(VIEW("null\0")));
    assert_false(is_origin(VIEW("NULL")));
}

static void a_page_from_disk_is_a_site_but_has_no_storage(void **state)
{
    (void)state;
    assert_true(is_site(VIEW("file://")));
    assert_false(is_origin(VIEW("file://")));
    assert_false(is_site(VIEW("file:///")));
    assert_false(is_site(VIEW("file://host")));
    assert_false(is_site(VIEW("file:")));
    assert_false(is_site(VIEW("FILE://")));
}

static void an_empty_text_and_text_around_an_origin_are_refused(void **state)
{
    (void)state;
    static const char origin[] = "https://example.com";

    assert_false(is_origin((struct view){NULL, 0}));
    assert_false(is_site((struct view){NULL, 0}));
    for (unsigned byte = 0; byte < 0x100; byte++) {
        uint8_t text[sizeof origin] = {0};
        bool host_character =
            byte != 0 &&
            strchr("abcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()+,;=\"`{}", (int)byte);
        memcpy(text + 1, origin, sizeof origin - 1);
        text[0] = (uint8_t)byte;
        assert_false(is_origin((struct view){text, sizeof text}));
        assert_false(is_site((struct view){text, sizeof text}));
        memcpy(text, origin, sizeof origin - 1);
        text[sizeof text - 1] = (uint8_t)byte;
        assert_int_equal(is_origin((struct view){text, sizeof text}), host_character);
        assert_int_equal(is_site((struct view){text, sizeof text}), host_character);
    }
}

/* Checks that the failure says which origin or site was meant; "" stands for none. */
static void a_nul_anywhere_is_refused(void **state)
{
    (void)state;
    static const char origin[] = "https://example.com:8080";

    for (size_t i = 0; i < sizeof origin; i++) {
        uint8_t text[sizeof origin];
        memcpy(text, origin, i);
        text[i] = '\0';
        memcpy(text + i + 1, origin + i, sizeof origin - 1 - i);
        assert_false(is_origin((struct view){text, sizeof text}));
        assert_false(is_site((struct view){text, sizeof text}));
    }
}

static void reading_an_origin_truncated_anywhere_stays_within_it(void **state)
{
    (void)state;
    static const char origin[] = "https://[1:2::8]:81";

    for (size_t size = 0; size < sizeof origin - 1; size++) {
        bool whole =
            size == sizeof "https://[1:2::8]" - 1 || size == sizeof "https://[1:2::8]:8" - 1;
        assert_int_equal(is_origin((struct view){(const uint8_t *)origin, size}), whole);
    }
}

static void origins_are_accepted_up_to_the_longest(void **state)
{
    (void)state;
    uint8_t text[4 * ORIGIN_SIZE_MAX];

    memset(text, 'a', sizeof text);
    memcpy(text, "https://", 8);
    for (size_t size = 9; size <= sizeof text; size++) {
        assert_int_equal(is_origin((struct view){text, size}), size <= ORIGIN_SIZE_MAX);
        assert_int_equal(is_site((struct view){text, size}), size <= ORIGIN_SIZE_MAX);
    }
    memcpy(text + 8, "[1", 2);
    assert_false(is_origin((struct view){text, ORIGIN_SIZE_MAX}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hosts_as_browsers_write_them_are_accepted_with_every_port),
        cmocka_unit_test(default_ports_are_never_written),
        cmocka_unit_test(hosts_in_another_spelling_are_refused),
        cmocka_unit_test(ports_in_another_spelling_are_refused),
        cmocka_unit_test(only_http_and_https_have_storage),
        cmocka_unit_test(an_opaque_origin_is_a_site_but_has_no_storage_and_the_failure_says_so),
        cmocka_unit_test(a_page_from_disk_is_a_site_but_has_no_storage),
        cmocka_unit_test(an_empty_text_and_text_around_an_origin_are_refused),
        cmocka_unit_test(a_nul_anywhere_is_refused),
        cmocka_unit_test(reading_an_origin_truncated_anywhere_stays_within_it),
        cmocka_unit_test(origins_are_accepted_up_to_the_longest),
    };

    return cmocka_run_group_tests_name("origin", tests, NULL, NULL);
}
