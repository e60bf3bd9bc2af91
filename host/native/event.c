/* SPDX-License-Identifier: MIT */
#include "native/event.h"

#include "base/origin.h"
#include "native/log.h"
#include "wire/frame.h"

#include <string.h>

/* The longest limit, an hour. */
enum { LIMIT_MAX_MS = 60 * 60 * 1000 };

#define LIMIT                                                                                      \
    {                                                                                              \
        "limitMs", json_type_int, 0                                                                \
    }

static const struct member page_members[] = {
    {"origins", json_type_array, 0},
    LIMIT,
    MEMBERS_END,
};

static const struct member invoke_members[] = {
    {"origin", json_type_string, MEMBER_REQUIRED},
    {"command", json_type_string, MEMBER_REQUIRED | MEMBER_LARGE},
    {"args", json_type_array, MEMBER_REQUIRED},
    {"waits", json_type_boolean, 0},
    {"page", json_type_string, 0},
    LIMIT,
    MEMBERS_END,
};

static const struct member describe_members[] = {LIMIT, MEMBERS_END};

const struct event events[] = {
    {"apply", "something in the store has changed", page_members},
    {"report", "send what pages have not reported yet", page_members},
    {"render", "make pages render", page_members},
    {"invoke", "call a handler or callback of a page", invoke_members},
    {"describe", "list the open pages with a Power-Up", describe_members},
};

const size_t event_count = sizeof events / sizeof events[0];

static enum status check_origins(struct json_object *origins, struct failure *failure)
{
    size_t count = origins != NULL ? json_object_array_length(origins) : 0;

    for (size_t i = 0; i < count; i++) {
        struct json_object *origin = json_object_array_get_idx(origins, i);
        if (!json_object_is_type(origin, json_type_string)) {
            return failure_set(failure, STATUS_BAD_REQUEST,
                               "The member \"origins\" must be an array of strings.");
        }
        TRY(origin_check(json_string_view(origin), failure));
    }
    return STATUS_OK;
}

/* Checks what the rows of the table cannot say. */
static enum status check_values(struct json_object *request, struct failure *failure)
{
    struct json_object *given = json_object_object_get(request, "limitMs");
    int64_t limit = json_object_get_int64(given);
    struct view origin = request_string(request, "origin");

    if (given != NULL && (limit < 1 || limit > LIMIT_MAX_MS)) {
        return failure_set(failure, STATUS_BAD_REQUEST,
                           "The member \"limitMs\" must be from 1 to %d.", LIMIT_MAX_MS);
    }
    TRY(check_origins(json_object_object_get(request, "origins"), failure));
    return origin.data != NULL ? origin_check(origin, failure) : STATUS_OK;
}

enum status event_check(struct json_object *request, struct failure *failure)
{
    struct view name = {NULL, 0};
    struct json_object *op = NULL;

    if (json_object_object_get_ex(request, "op", &op) &&
        json_object_is_type(op, json_type_string)) {
        name = json_string_view(op);
    }
    for (size_t i = 0; i < event_count; i++) {
        if (!view_equal(name, view_of_text(events[i].name))) {
            continue;
        }
        TRY(request_check(events[i].name, events[i].members, request, failure));
        return check_values(request, failure);
    }
    return failure_set(failure, STATUS_BAD_REQUEST,
                       "A request needs the member \"op\": apply, report, render, invoke or "
                       "describe.");
}

/* Adds the members of an object, except those by which a request is known. */
static void add_members(struct json_object *event, struct json_object *members)
{
    json_object_object_foreach(members, name, value)
    {
        bool is_own = strcmp(name, "id") == 0 || strcmp(name, "op") == 0;
        if (!is_own) {
            json_set_shared(event, name, value);
        }
    }
}

static enum status send(int browser, int64_t ticket, struct json_object *request,
                        struct json_object *facts)
{
    JSON_AUTO(event) = json_object_new_object();
    struct view text;

    json_set_string(event, "event", request_string(request, "op"));
    json_set_number(event, "ticket", ticket);
    add_members(event, request);
    if (facts != NULL) {
        add_members(event, facts);
    }
    TRY(json_status(event));
    TRY(json_text_of(event, &text));
    return frame_write(browser, text);
}

enum status event_send(int browser, int64_t ticket, struct json_object *request,
                       struct json_object *facts)
{
    for (size_t i = 0; i < event_count; i++) {
        if (view_equal(request_string(request, "op"), view_of_text(events[i].name))) {
            log_write("event %s", events[i].name);
        }
    }
    enum status status = send(browser, ticket, request, facts);
    return status == STATUS_FRAME_TOO_LARGE && facts != NULL ? send(browser, ticket, request, NULL)
                                                             : status;
}
