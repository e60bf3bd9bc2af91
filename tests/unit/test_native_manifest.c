/* SPDX-License-Identifier: MIT */
#include "base/identity.h"
#include "browsers/native_manifest.h"
#include "support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define FILE_NAME "/x/" POWERUP_SECRETS_NATIVE_NAME ".json"
#define HOST      "/opt/a b/powerup-secrets-host"

/* How many problems a text has; its path is compared where it has none. */
static size_t problems_of(struct view text, enum browser_family family, const char *file)
{
    FINDINGS_AUTO findings = findings_init();
    BYTES_AUTO path = {0};
    struct manifest_place place = {family, "subject", file, "fix"};

    enum status status = native_manifest_check(text, &place, &findings, &path);
    assert_int_equal(status, findings.problems == 0 ? STATUS_OK : STATUS_ABSENT);
    assert_int_equal(findings_status(&findings), STATUS_OK);
    if (status == STATUS_OK) {
        assert_string_equal((char *)path.data, HOST);
    } else {
        assert_null(path.data);
    }
    return findings.problems;
}

static void what_is_made_is_ours_and_follows_the_rules(void **state)
{
    (void)state;
    for (enum browser_family family = 0; family <= FAMILY_FIREFOX; family++) {
        struct failure failure = {0};
        BYTES_AUTO text = {0};
        assert_int_equal(native_manifest_text(family, HOST, &text, &failure), STATUS_OK);
        assert_int_equal(native_manifest_is_ours(view_of_bytes(&text)), STATUS_OK);
        assert_int_equal(problems_of(view_of_bytes(&text), family, FILE_NAME), 0);
        assert_true(problems_of(view_of_bytes(&text), family, "/x/other.json") > 0);
    }
}

static void a_path_that_json_cannot_hold_is_refused(void **state)
{
    (void)state;
    struct failure failure = {0};
    struct bytes text = {0};

    assert_int_equal(native_manifest_text(FAMILY_CHROMIUM, "/\xFF/host", &text, &failure),
                     STATUS_BAD_REQUEST);
    assert_plain_failure(&failure, STATUS_BAD_REQUEST);
    assert_null(text.data);
}

static void cut_anywhere_it_is_neither_ours_nor_valid(void **state)
{
    (void)state;
    struct failure failure = {0};
    BYTES_AUTO text = {0};

    assert_int_equal(native_manifest_text(FAMILY_FIREFOX, HOST, &text, &failure), STATUS_OK);
    for (size_t size = 0; size < text.size - 2; size++) { /* "}" and the line end */
        struct view cut = {text.data, size};
        assert_int_equal(native_manifest_is_ours(cut), STATUS_ABSENT);
        assert_true(problems_of(cut, FAMILY_FIREFOX, FILE_NAME) > 0);
    }
}

/* A manifest of Chromium with one name, one origin beside ours. */
static size_t problems_with(const char *name, const char *origin)
{
    char text[1024];
    char file[256];

    (void)snprintf(text, sizeof text,
                   "{\"name\":\"%s\",\"description\":\"d\",\"type\":\"stdio\",\"path\":\"" HOST
                   "\",\"allowed_origins\":[\"chrome-extension://" POWERUP_SECRETS_CHROMIUM_ID
                   "/\"%s%s%s]}",
                   name, origin[0] != '\0' ? ",\"" : "", origin, origin[0] != '\0' ? "\"" : "");
    (void)snprintf(file, sizeof file, "/x/%s.json", name);
    return problems_of(view_of_text(text), FAMILY_CHROMIUM, file);
}

static void names_are_judged_as_chromium_does(void **state)
{
    (void)state;
    static const char *const good[] = {"a", "a.b", "a_b", "0", "_", "a.b.c", "dev.powerup_secrets"};
    static const char *const bad[] = {"",  ".",   ".a",  "a.",  "a..b",
                                      "A", "a-b", "a b", "a/b", "\xC3\xA9"};

    for (size_t i = 0; i < COUNT(good); i++) {
        assert_int_equal(problems_with(good[i], ""), 0);
    }
    for (size_t i = 0; i < COUNT(bad); i++) {
        if (problems_with(bad[i], "") != 1) {
            fail_msg("%s", bad[i]);
        }
    }
}

static void origins_are_judged_as_chromium_does(void **state)
{
    (void)state;
    static const char *const good[] = {
        "",
        "chrome-extension://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/",
        "chrome-extension://knldjmfmopnpolahpmmgbagdohdnhkik/*",
        "chrome-extension://any.host/path",
    };
    static const char *const bad[] = {
        "x",
        "chrome-extension:",
        "chrome-extension://",
        "chrome-extension:///",
        "chrome-extension://a",
        "chrome-extension://*/",
        "chrome-extension://*.a/",
        "chrome-extension://a@b.example/",
        "chrome-extension://a b/",
        "chrome-extension://a:1/",
        "Chrome-Extension://a/",
        "moz-extension://a/",
        "https://a.example/",
        " chrome-extension://a/",
    };

    for (size_t i = 0; i < COUNT(good); i++) {
        if (problems_with("a", good[i]) != 0) {
            fail_msg("%s", good[i]);
        }
    }
    for (size_t i = 0; i < COUNT(bad); i++) {
        if (problems_with("a", bad[i]) != 1) {
            fail_msg("%s", bad[i]);
        }
    }
}

static void comments_are_fine_for_chromium_alone(void **state)
{
    (void)state;
#define MEMBERS                                                                                    \
    "\"description\":\"d // \\\" /* d\",\"type\":\"stdio\",\"path\":\"" HOST                       \
    "\",\"allowed_origins\":[\"chrome-extension://" POWERUP_SECRETS_CHROMIUM_ID "/\"]}"
#define NAME "\"name\":\"" POWERUP_SECRETS_NATIVE_NAME "\","
    static const char *const good[] = {
        "{" NAME MEMBERS,
        "// first\n{" NAME MEMBERS "// last",
        "{/* \" */" NAME "/**/" MEMBERS "/* * / */\n",
    };
    static const char *const bad[] = {
        "/{" NAME MEMBERS,      "{/*" NAME MEMBERS,        "{" NAME "//" MEMBERS,
        "{" NAME MEMBERS "/*/", "# first\n{" NAME MEMBERS,
    };

    for (size_t i = 0; i < COUNT(good); i++) {
        if (problems_of(view_of_text(good[i]), FAMILY_CHROMIUM, FILE_NAME) != 0) {
            fail_msg("%s", good[i]);
        }
        assert_true(problems_of(view_of_text(good[i]), FAMILY_FIREFOX, FILE_NAME) > 0);
    }
    for (size_t i = 0; i < COUNT(bad); i++) {
        if (problems_of(view_of_text(bad[i]), FAMILY_CHROMIUM, FILE_NAME) == 0) {
            fail_msg("%s", bad[i]);
        }
    }
}

static void ids_of_addons_are_judged_as_firefox_does(void **state)
{
    (void)state;
    static const char *const good[] = {
        "a@b",
        "@b",
        "A-1_.x@example.org",
        "{aaaaaaaa-BBBB-0123-4567-89abcdef0123}",
    };
    static const char *const bad[] = {
        "",
        "a",
        "a@",
        "a@b@c",
        "a b@c",
        "\xC3\xA9@b",
        "aaaaaaaa-bbbb-0123-4567-89abcdef0123",
        "{aaaaaaaa-bbbb-0123-4567-89abcdef012}",
        "{aaaaaaaa-bbbb-0123-4567-89abcdef012g}",
        "chrome-extension://a/",
    };

    for (size_t i = 0; i < COUNT(good) + COUNT(bad); i++) {
        const char *id = i < COUNT(good) ? good[i] : bad[i - COUNT(good)];
        char text[1024];
        (void)snprintf(text, sizeof text,
                       "{\"name\":\"" POWERUP_SECRETS_NATIVE_NAME
                       "\",\"description\":\"\",\"type\":\"stdio\",\"path\":\"" HOST
                       "\",\"allowed_extensions\":[\"" POWERUP_SECRETS_FIREFOX_ID "\",\"%s\"]}",
                       id);
        if (problems_of(view_of_text(text), FAMILY_FIREFOX, FILE_NAME) != (i >= COUNT(good))) {
            fail_msg("%s", id);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_made_is_ours_and_follows_the_rules),
        cmocka_unit_test(a_path_that_json_cannot_hold_is_refused),
        cmocka_unit_test(cut_anywhere_it_is_neither_ours_nor_valid),
        cmocka_unit_test(names_are_judged_as_chromium_does),
        cmocka_unit_test(origins_are_judged_as_chromium_does),
        cmocka_unit_test(comments_are_fine_for_chromium_alone),
        cmocka_unit_test(ids_of_addons_are_judged_as_firefox_does),
    };

    return cmocka_run_group_tests_name("native_manifest", tests, NULL, NULL);
}
