// SPDX-License-Identifier: MIT
// A native manifest that anyone may have written. Input: its text.
#include "base/identity.h"
#include "base/request.h"
#include "browsers/native_manifest.h"
#include "fuzz.h"

#include <string.h>

/* What Chromium compares the caller with. */
static bool names_us(struct json_object *manifest, enum browser_family family)
{
    const char *member = family == FAMILY_CHROMIUM ? "allowed_origins" : "allowed_extensions";
    struct view text;

    FUZZ_CHECK(json_text_of(json_object_object_get(manifest, member), &text) == STATUS_OK);
    const char *id =
        family == FAMILY_CHROMIUM ? POWERUP_SECRETS_CHROMIUM_ID : POWERUP_SECRETS_FIREFOX_ID;
    return memmem(text.data, text.size, id, strlen(id)) != NULL;
}

static void check_accepted(struct view input, enum browser_family family, const struct bytes *path)
{
    struct failure failure = {0};
    JSON_AUTO(manifest) = NULL;

    enum status status = json_text_parse(input, &manifest, &failure);
    if (status != STATUS_OK && family == FAMILY_CHROMIUM) {
        FUZZ_CHECK(memchr(input.data, '/', input.size) != NULL); /* a comment */
        return;
    }
    FUZZ_CHECK(status == STATUS_OK);
    FUZZ_CHECK(json_object_is_type(manifest, json_type_object));
    FUZZ_CHECK(names_us(manifest, family));
    FUZZ_CHECK(path->size > 1 && path->data[0] == '/');
    FUZZ_CHECK(memchr(path->data, '\0', path->size) == path->data + path->size - 1);
    FUZZ_CHECK(
        view_equal(request_string(manifest, "path"), (struct view){path->data, path->size - 1}));
}

static void check_as(struct view input, enum browser_family family)
{
    FINDINGS_AUTO findings = findings_init();
    BUFFER_AUTO output = {0};
    BYTES_AUTO path = {0};
    struct manifest_place place = {family, "browser", "/f/" POWERUP_SECRETS_NATIVE_NAME ".json",
                                   "fix"};

    enum status status = native_manifest_check(input, &place, &findings, &path);
    FUZZ_CHECK(findings_status(&findings) == STATUS_OK);
    FUZZ_CHECK(status == (findings.problems == 0 ? STATUS_OK : STATUS_ABSENT));
    if (status == STATUS_OK) {
        check_accepted(input, family, &path);
    } else {
        FUZZ_CHECK(path.data == NULL);
    }
    /* One line each, whatever the manifest contains. */
    findings_print(&findings, &output);
    size_t lines = 0;
    for (size_t i = 0; i < output.size; i++) {
        lines += output.data[i] == '\n';
    }
    FUZZ_CHECK(lines == findings.problems);
}

void fuzz_one(struct view input)
{
    check_as(input, FAMILY_CHROMIUM);
    check_as(input, FAMILY_FIREFOX);
    enum status ours = native_manifest_is_ours(input);
    FUZZ_CHECK(ours == STATUS_OK || ours == STATUS_ABSENT);
}
