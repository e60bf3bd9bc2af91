/* SPDX-License-Identifier: MIT */
#include "session_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct bytes folder;
struct session session;
struct failure failure;

int session_start(void **state)
{
    (void)state;
    (void)unsetenv("POWERUP_SECRETS_BROWSER_PROFILE");
    folder = folder_new();
    failure = (struct failure){0};
    return setenv("POWERUP_SECRETS_DIR", (const char *)folder.data, 1);
}

int session_stop(void **state)
{
    (void)state;
    session_end(&session);
    folder_remove(&folder);
    return 0;
}

int session_start_greeted(void **state)
{
    if (session_start(state) != 0) {
        return -1;
    }
    return run_text(HELLO) == STATUS_OK ? 0 : -1;
}

void session_end_with_browser(void)
{
    assert_int_equal(store_change(session.store, "DELETE FROM browser", NULL, 0, &failure),
                     STATUS_OK);
    session_end(&session);
    session = (struct session){0};
}

struct json_object *parse(const char *text)
{
    struct json_object *value = NULL;

    if (json_text_parse(view_of_text(text), &value, &failure) != STATUS_OK) {
        fail_msg("%s: %s", text, failure.message);
    }
    return value;
}

enum status run(struct json_object *request, struct json_object **ret_result)
{
    failure = (struct failure){0};
    enum status status = operation_run(&session, request, ret_result, &failure);
    if (status != STATUS_OK) {
        assert_int_equal(failure.status, status);
        assert_null(*ret_result);
    }
    return status;
}

enum status run_text(const char *text)
{
    JSON_AUTO(request) = parse(text);
    JSON_AUTO(result) = NULL;

    return run(request, &result);
}

/* The text of a request; the caller frees it. */
static char *request_text(const char *op, const char *members)
{
    char *text = NULL;

    assert_true(asprintf(&text, "{\"id\":1,\"op\":\"%s\",%s}", op, members) > 0);
    return text;
}

void assert_gives(const char *op, const char *members, const char *result)
{
    char *text = request_text(op, members);
    JSON_AUTO(request) = parse(text);
    JSON_AUTO(given) = NULL;
    struct view given_text;

    free(text);
    if (run(request, &given) != STATUS_OK) {
        fail_msg("%s {%s}: %s", op, members, failure.message);
    }
    assert_int_equal(json_text_of(given, &given_text), STATUS_OK);
    if (!view_equal(given_text, view_of_text(result))) {
        fail_msg("%s {%s} returns %.*s instead of %s", op, members, (int)given_text.size,
                 (const char *)given_text.data, result);
    }
}

void assert_refuses(const char *op, const char *members, enum status status, const char *words)
{
    char *text = request_text(op, members);
    enum status result = run_text(text);

    free(text);
    if (result != status) {
        fail_msg("%s {%s}: %s: %s", op, members, status_name(result), failure.message);
    }
    assert_plain_failure(&failure, status);
    if (strstr(failure.message, words) == NULL) {
        fail_msg("\"%s\" does not say \"%s\"", failure.message, words);
    }
}
