/* SPDX-License-Identifier: MIT */
#include "base/request.h"

#include <stdio.h>
#include <string.h>

static const struct member common_members[] = {
    {"id", json_type_int, MEMBER_REQUIRED},
    {"op", json_type_string, MEMBER_REQUIRED},
    MEMBERS_END,
};

static const struct member no_members[] = {MEMBERS_END};

static const char *type_words(const struct member *member)
{
    bool or_null = (member->flags & MEMBER_OR_NULL) != 0;

    switch (member->type) {
    case json_type_null:
        return "anything";
    case json_type_boolean:
        return or_null ? "true, false or null" : "true or false";
    case json_type_double:
        return or_null ? "a number or null" : "a number";
    case json_type_int:
        return or_null ? "an integer or null" : "an integer";
    case json_type_object:
        return or_null ? "an object or null" : "an object";
    case json_type_array:
        return or_null ? "an array or null" : "an array";
    case json_type_string:
        break;
    }
    return or_null ? "a string or null" : "a string";
}

static const struct member *find_in(const struct member *members, const char *name)
{
    while (members->name != NULL && strcmp(members->name, name) != 0) {
        members++;
    }
    return members->name != NULL ? members : NULL;
}

/* What the values of a request may take, in bytes: so much, and so much for each byte of it. */
enum { COST_BASE = 4 * 1024 * 1024, COST_FACTOR = 7 };

enum status request_check_values(const struct json_facts *facts, size_t size, size_t values_max,
                                 struct failure *failure)
{
    size_t count = facts->objects + facts->arrays + facts->scalars;

    if (count > values_max) {
        return failure_set(failure, STATUS_BAD_REQUEST,
                           "The request has %zu values; it may have at most %zu.", count,
                           values_max);
    }
    if (json_text_cost(facts) > COST_BASE + COST_FACTOR * size) {
        return failure_set(failure, STATUS_BAD_REQUEST,
                           "The request has %zu values, which is too many for %zu bytes.", count,
                           size);
    }
    return STATUS_OK;
}

/* Checks a member's value. */
static enum status check_value(const char *what, const struct member *member,
                               struct json_object *value, struct failure *failure)
{
    size_t size_max = (member->flags & MEMBER_LARGE) != 0 ? SIZE_MAX : MEMBER_SIZE_MAX;
    bool fits = member->type == json_type_null || json_object_is_type(value, member->type) ||
                ((member->flags & MEMBER_OR_NULL) != 0 && value == NULL);

    if (!fits) {
        return failure_set(failure, STATUS_BAD_REQUEST, "The member \"%s\" of %s must be %s.",
                           member->name, what, type_words(member));
    }
    if (member->type == json_type_string && value != NULL &&
        json_string_view(value).size > size_max) {
        return failure_set(failure, STATUS_BAD_REQUEST,
                           "The member \"%s\" of %s has %zu bytes, at most %zu are allowed.",
                           member->name, what, json_string_view(value).size, size_max);
    }
    return STATUS_OK;
}

/* `what` is whose members they are; further members are allowed too. */
static enum status check(const char *what, const struct member *members,
                         const struct member *further, struct json_object *object,
                         struct failure *failure)
{
    json_object_object_foreach(object, name, value)
    {
        const struct member *member = find_in(members, name);
        if (member == NULL) {
            member = find_in(further, name);
        }
        if (member == NULL) {
            return failure_set(failure, STATUS_BAD_REQUEST,
                               "%s has no member \"%s\"; remove it, or update the host.", what,
                               name);
        }
        TRY(check_value(what, member, value, failure));
    }
    for (const struct member *member = members; member->name != NULL; member++) {
        if ((member->flags & MEMBER_REQUIRED) != 0 &&
            !json_object_object_get_ex(object, member->name, NULL)) {
            return failure_set(failure, STATUS_BAD_REQUEST, "%s needs the member \"%s\".", what,
                               member->name);
        }
    }
    return STATUS_OK;
}

enum status request_check(const char *operation, const struct member *members,
                          struct json_object *request, struct failure *failure)
{
    return check(operation, members, common_members, request, failure);
}

enum status request_check_array(struct json_object *request, const char *name,
                                const struct member *members, size_t count_max,
                                struct failure *failure)
{
    struct json_object *array = json_object_object_get(request, name);
    size_t count = json_object_array_length(array);
    char what[64];

    if (count > count_max) {
        return failure_set(failure, STATUS_BAD_REQUEST,
                           "\"%s\" has %zu elements, at most %zu may be sent at once.", name, count,
                           count_max);
    }
    for (size_t i = 0; i < count; i++) {
        struct json_object *element = json_object_array_get_idx(array, i);
        (void)snprintf(what, sizeof what, "%s[%zu]", name, i);
        if (!json_object_is_type(element, json_type_object)) {
            return failure_set(failure, STATUS_BAD_REQUEST, "%s must be an object.", what);
        }
        TRY(check(what, members, no_members, element, failure));
    }
    return STATUS_OK;
}

/* The parser does not build what it refuses, so this reads the digits itself. */
int64_t request_id_of(struct view text)
{
    int64_t id = 0;

    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] < '0' || text.data[i] > '9' || id > REQUEST_ID_MAX / 10) {
            return 0;
        }
        id = id * 10 + (text.data[i] - '0');
    }
    return id <= REQUEST_ID_MAX ? id : 0;
}

enum status request_id(struct json_object *request, int64_t *ret_id, struct failure *failure)
{
    struct json_object *value = NULL;

    if (!json_object_is_type(request, json_type_object)) {
        return failure_set(failure, STATUS_BAD_REQUEST, "A message must be a JSON object.");
    }
    if (json_object_object_get_ex(request, "id", &value) &&
        json_object_is_type(value, json_type_int)) {
        int64_t id = json_object_get_int64(value);
        if (id > 0 && id <= REQUEST_ID_MAX) {
            *ret_id = id;
            return STATUS_OK;
        }
    }
    return failure_set(failure, STATUS_BAD_REQUEST,
                       "A request needs the member \"id\", an integer from 1 to 2^53 - 1.");
}

struct view request_string(struct json_object *object, const char *name)
{
    struct json_object *value = NULL;

    return json_object_object_get_ex(object, name, &value) && value != NULL
               ? json_string_view(value)
               : (struct view){NULL, 0};
}
