/* SPDX-License-Identifier: MIT */
#include "browsers/native_manifest.h"

#include "base/heap.h"
#include "base/identity.h"
#include "base/request.h"
#include "base/utf8.h"

#include <ctype.h>
#include <string.h>

static const char host_program[] = "/powerup-secrets-host";
static const char origin_scheme[] = "chrome-extension://";
static const char our_origin[] = "chrome-extension://" POWERUP_SECRETS_CHROMIUM_ID "/";

static void add_callers(struct json_object *manifest, enum browser_family family)
{
    bool is_chromium = family == FAMILY_CHROMIUM;
    JSON_AUTO(list) = json_object_new_array();

    json_push_string(list, view_of_text(is_chromium ? our_origin : POWERUP_SECRETS_FIREFOX_ID));
    json_set(manifest, is_chromium ? "allowed_origins" : "allowed_extensions", &list);
}

static void build(enum browser_family family, const char *host, struct json_object *manifest)
{
    const struct {
        const char *name;
        const char *value;
    } members[] = {
        {"name", POWERUP_SECRETS_NATIVE_NAME},
        {"description", POWERUP_SECRETS_NATIVE_DESCRIPTION},
        {"path", host},
        {"type", "stdio"},
    };

    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        json_set_string(manifest, members[i].name, view_of_text(members[i].value));
    }
    add_callers(manifest, family);
}

enum status native_manifest_text(enum browser_family family, const char *host,
                                 struct bytes *ret_text, struct failure *failure)
{
    JSON_AUTO(manifest) = json_object_new_object();
    BUFFER_AUTO text = {0};
    unsigned long failures = heap_failures();

    if (!utf8_is_valid(view_of_text(host))) {
        return failure_set(failure, STATUS_BAD_REQUEST,
                           "The path of the host is not UTF-8, and no browser can read it then; "
                           "install powerup-secrets in another folder.");
    }
    build(family, host, manifest);
    TRY(failure_explain(failure, json_status(manifest)));
    const char *written = json_object_to_json_string_ext(
        manifest, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_NOSLASHESCAPE);
    /* json-c leaves out what it has no memory for. */
    if (written == NULL || heap_failures() != failures) {
        return failure_no_memory(failure);
    }
    buffer_print(&text, "%s\n", written);
    TRY(failure_explain(failure, buffer_status(&text)));
    return failure_explain(failure, bytes_copy(view_of_buffer(&text), ret_text));
}

static bool ends_with(struct view text, const char *end)
{
    size_t size = strlen(end);

    return text.size >= size && memcmp(text.data + text.size - size, end, size) == 0;
}

enum status native_manifest_is_ours(struct view text)
{
    struct failure ignored = {0};
    JSON_AUTO(manifest) = NULL;

    enum status status = json_text_parse(text, &manifest, &ignored);
    if (status == STATUS_NO_MEMORY) {
        return status;
    }
    bool ours =
        status == STATUS_OK && json_object_is_type(manifest, json_type_object) &&
        view_equal(request_string(manifest, "name"), view_of_text(POWERUP_SECRETS_NATIVE_NAME)) &&
        view_equal(request_string(manifest, "description"),
                   view_of_text(POWERUP_SECRETS_NATIVE_DESCRIPTION)) &&
        ends_with(request_string(manifest, "path"), host_program);
    return ours ? STATUS_OK : STATUS_ABSENT;
}

/* One examination. */
struct check {
    const struct manifest_place *place;
    struct findings *findings;
    struct json_object *manifest;
    bool broken;
};

#define BREAKS(check, ...)                                                                         \
    do {                                                                                           \
        findings_add((check)->findings, FINDING_PROBLEM, (check)->place->subject,                  \
                     (check)->place->fix, __VA_ARGS__);                                            \
        (check)->broken = true;                                                                    \
    } while (0)

static const char *browser_of(const struct check *check)
{
    return check->place->family == FAMILY_CHROMIUM ? "Chromium" : "Firefox";
}

/* The text of a member; no data, and a problem, when it has none. */
static struct view need_text(struct check *check, const char *name)
{
    struct json_object *value = json_object_object_get(check->manifest, name);

    if (!json_object_is_type(value, json_type_string)) {
        BREAKS(check, "\"%s\" in %s is missing, or not a string: %s refuses the file.", name,
               check->place->file, browser_of(check));
        return (struct view){NULL, 0};
    }
    return json_string_view(value);
}

/* Chromium's [a-z0-9._], Firefox's \w+(\.\w+)*. */
static bool is_name(struct view name, enum browser_family family)
{
    static const char lower[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
    static const char all[] = "abcdefghijklmnopqrstuvwxyz0123456789_ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    const char *letters = family == FAMILY_CHROMIUM ? lower : all;

    for (size_t i = 0; i < name.size; i++) {
        bool dot = name.data[i] == '.';
        bool alone = dot && (i == 0 || i + 1 == name.size || name.data[i - 1] == '.');
        if (alone || (!dot && (name.data[i] == '\0' || strchr(letters, name.data[i]) == NULL))) {
            return false;
        }
    }
    return name.size > 0;
}

static void check_name(struct check *check)
{
    struct view name = need_text(check, "name");
    const char *slash = strrchr(check->place->file, '/');
    const char *base = slash != NULL ? slash + 1 : check->place->file;

    if (name.data == NULL) {
        return;
    }
    if (!is_name(name, check->place->family)) {
        BREAKS(check, "The name \"%.*s\" in %s is not one that %s accepts.", (int)name.size,
               (const char *)name.data, check->place->file, browser_of(check));
    } else if (strlen(base) != name.size + 5 || memcmp(base, name.data, name.size) != 0) {
        BREAKS(check, "The name \"%.*s\" in %s differs from that of the file: %s refuses it.",
               (int)name.size, (const char *)name.data, check->place->file, browser_of(check));
    }
}

static void check_description(struct check *check)
{
    struct view description = need_text(check, "description");

    if (description.data != NULL && description.size == 0 &&
        check->place->family == FAMILY_CHROMIUM) {
        BREAKS(check, "The description in %s is empty: Chromium refuses the file.",
               check->place->file);
    }
}

static void check_type(struct check *check)
{
    struct view type = need_text(check, "type");

    if (type.data != NULL && !view_equal(type, view_of_text("stdio"))) {
        BREAKS(check, "The type in %s is not \"stdio\": %s refuses the file.", check->place->file,
               browser_of(check));
    }
}

static struct view check_path(struct check *check)
{
    struct view path = need_text(check, "path");

    if (path.data != NULL &&
        (path.size == 0 || path.data[0] != '/' || memchr(path.data, '\0', path.size) != NULL)) {
        BREAKS(check, "The path in %s is not absolute: %s does not start \"%.*s\".",
               check->place->file, browser_of(check), (int)path.size, (const char *)path.data);
    }
    return path;
}

/* Firefox refuses a file with a member that it does not know. */
static void check_members(struct check *check)
{
    static const char *const known[] = {"name", "description", "path", "type",
                                        "allowed_extensions"};

    json_object_object_foreach(check->manifest, name, value)
    {
        bool is_known = false;
        (void)value;
        for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
            is_known = is_known || strcmp(name, known[i]) == 0;
        }
        if (!is_known) {
            BREAKS(check,
                   "%s has the member \"%s\", which Firefox does not know: it refuses the file. "
                   "Each family of browsers needs a file of its own.",
                   check->place->file, name);
        }
    }
}

/* What is wrong with an entry of allowed_origins by the rules of Chromium's URLPattern; NULL for
 * nothing. */
static const char *fault_of_origin(struct view origin)
{
    static const char host[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";
    size_t size = strlen(origin_scheme);

    if (origin.size < size || memcmp(origin.data, origin_scheme, size) != 0) {
        return "does not begin with chrome-extension://";
    }
    const uint8_t *slash = memchr(origin.data + size, '/', origin.size - size);
    if (slash == NULL) {
        return "has no slash at its end";
    }
    size_t end = (size_t)(slash - origin.data);
    if (end == size) {
        return "names no extension";
    }
    for (size_t i = size; i < end; i++) {
        if (origin.data[i] == '*') {
            return "has a wildcard";
        }
        if (origin.data[i] == '\0' || strchr(host, origin.data[i]) == NULL) {
            return "has an invalid host";
        }
    }
    return NULL;
}

/* "{8-4-4-4-12 hex digits}". */
static bool is_uuid(struct view text)
{
    static const char form[] = "{xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx}";
    bool is = text.size == sizeof form - 1;

    for (size_t i = 0; is && i < text.size; i++) {
        is = form[i] == 'x' ? isxdigit(text.data[i]) != 0 : text.data[i] == (uint8_t)form[i];
    }
    return is;
}

/* The same for an entry of allowed_extensions, by Firefox's schema of an add-on's id. */
static const char *fault_of_addon(struct view addon)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";
    const uint8_t *at = addon.size > 0 ? memchr(addon.data, '@', addon.size) : NULL;
    bool fits = at != NULL && at + 1 < addon.data + addon.size;

    for (size_t i = 0; fits && i < addon.size; i++) {
        fits = addon.data + i == at ||
               (addon.data[i] != '\0' && strchr(letters, addon.data[i]) != NULL);
    }
    return fits || is_uuid(addon) ? NULL : "is not the ID of an add-on";
}

/* Whether an entry allows our extension: a pattern with the id and any path that "/" matches. */
static bool is_our_origin(struct view origin)
{
    return view_equal(origin, view_of_text(our_origin)) ||
           view_equal(origin, view_of_text("chrome-extension://" POWERUP_SECRETS_CHROMIUM_ID "/*"));
}

static void check_callers(struct check *check)
{
    bool is_chromium = check->place->family == FAMILY_CHROMIUM;
    const char *member = is_chromium ? "allowed_origins" : "allowed_extensions";
    struct json_object *list = json_object_object_get(check->manifest, member);
    bool has_ours = false;

    if (!json_object_is_type(list, json_type_array)) {
        BREAKS(check, "\"%s\" in %s is missing, or not an array: %s refuses the file.", member,
               check->place->file, browser_of(check));
        return;
    }
    for (size_t i = 0; i < json_object_array_length(list); i++) {
        struct json_object *entry = json_object_array_get_idx(list, i);
        if (!json_object_is_type(entry, json_type_string)) {
            BREAKS(check, "\"%s\" in %s has an entry that is not a string: %s refuses the file.",
                   member, check->place->file, browser_of(check));
            continue;
        }
        struct view text = json_string_view(entry);
        const char *fault = is_chromium ? fault_of_origin(text) : fault_of_addon(text);
        if (fault != NULL) {
            BREAKS(check, "\"%.*s\" in %s of %s %s: %s refuses the whole file.", (int)text.size,
                   (const char *)text.data, member, check->place->file, fault, browser_of(check));
        }
        has_ours =
            has_ours || (is_chromium ? is_our_origin(text)
                                     : view_equal(text, view_of_text(POWERUP_SECRETS_FIREFOX_ID)));
    }
    if (!has_ours) {
        BREAKS(check, "%s does not allow our extension: \"%s\" has no \"%s\".", check->place->file,
               member, is_chromium ? our_origin : POWERUP_SECRETS_FIREFOX_ID);
    }
}

/* The end of a comment that begins somewhere, or that place where none begins. */
static size_t comment_end(struct view text, size_t at)
{
    struct view rest = {text.data + at, text.size - at};
    bool is_line = rest.size > 1 && rest.data[0] == '/' && rest.data[1] == '/';
    bool is_block = rest.size > 1 && rest.data[0] == '/' && rest.data[1] == '*';
    const uint8_t *end = is_line    ? memchr(rest.data, '\n', rest.size)
                         : is_block ? memmem(rest.data + 2, rest.size - 2, "*/", 2)
                                    : rest.data;

    if (end == NULL) {
        return is_line ? text.size : at; /* a block that does not end is an error */
    }
    return (size_t)(end - text.data) + (is_block ? 2 : 0);
}

/* Chromium reads JSON with comments, Firefox without. */
static void add_without_comments(struct buffer *plain, struct view text)
{
    bool in_string = false;

    for (size_t at = 0; at < text.size;) {
        size_t end = in_string ? at : comment_end(text, at);
        if (end > at) {
            buffer_add_text(plain, " ");
            at = end;
            continue;
        }
        size_t size = in_string && text.data[at] == '\\' && at + 1 < text.size ? 2 : 1;
        in_string = in_string != (text.data[at] == '"');
        buffer_add(plain, (struct view){text.data + at, size});
        at += size;
    }
}

static enum status parse(struct view text, enum browser_family family,
                         struct json_object **ret_manifest, struct failure *failure)
{
    BUFFER_AUTO plain = {0};

    if (family == FAMILY_FIREFOX) {
        return json_text_parse(text, ret_manifest, failure);
    }
    add_without_comments(&plain, text);
    TRY(buffer_status(&plain));
    return json_text_parse(view_of_buffer(&plain), ret_manifest, failure);
}

enum status native_manifest_check(struct view text, const struct manifest_place *place,
                                  struct findings *findings, struct bytes *ret_path)
{
    struct check check = {.place = place, .findings = findings};
    struct failure failure = {0};
    JSON_AUTO(manifest) = NULL;

    enum status status = parse(text, place->family, &manifest, &failure);
    if (status == STATUS_NO_MEMORY) {
        return status;
    }
    if (status != STATUS_OK || !json_object_is_type(manifest, json_type_object)) {
        BREAKS(&check, "%s is not a JSON object: %s refuses it.%s%s", place->file,
               browser_of(&check), status != STATUS_OK ? " " : "", failure.message);
        return STATUS_ABSENT;
    }
    check.manifest = manifest;
    check_name(&check);
    check_description(&check);
    check_type(&check);
    struct view path = check_path(&check);
    check_callers(&check);
    if (place->family == FAMILY_FIREFOX) {
        check_members(&check);
    }
    if (check.broken || path.data == NULL) {
        return STATUS_ABSENT;
    }
    TRY(bytes_alloc(path.size + 1, ret_path));
    memcpy(ret_path->data, path.data, path.size);
    return STATUS_OK;
}
