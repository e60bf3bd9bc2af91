/* SPDX-License-Identifier: MIT */
#include "base/request.h"

#include <stdio.h>
#include <string.h>

static const struct member common_members[] = {
    {"id", json_type_int, true, false},
    {"op", json_type_string, true, false},
    MEMBERS_END,
};

static const struct member no_members[] = {MEMBERS_END};

static const char *type_words(const struct member *member)
{
    switch (member->type) {
    case json_type_null:
        return "anything";
    case json_type_boolean:
        return member->or_null ? "true, false or null" : "true or false";
    case json_type_double:
        return member->or_null ? "a number or null" : "a number";
    case json_type_int:
        return member->or_null ? "an integer or null" : "an integer";
    case json_type_object:
        return member->or_null ? "an object or null" : "an object";
    case json_type_array:
        return member->or_null ? "an array or null" : "an array";
    case json_type_string:
        break;
    }
    return member->or_null ? "a string or null" : "a string";
}

static const struct member *find_in(const struct member *members, const char *name)
{
    while (members->name != NULL && strcmp(members->name, name) != 0) {
        members++;
    }
    return members->name != NULL ? members : NULL;
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
        bool fits = member->type == json_type_null || json_object_is_type(value, member->type) ||
                    (member->or_null && value == NULL);
        if (!fits) {
            return failure_set(failure, STATUS_BAD_REQUEST, "The member \"%s\" of %s must be %s.",
                               name, what, type_words(member));
        }
    }
    for (const struct member *member = members; member->name != NULL; member++) {
        if (member->required && !json_object_object_get_ex(object, member->name, NULL)) {
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
