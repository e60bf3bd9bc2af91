/* SPDX-License-Identifier: MIT */
#include "trello/default_context.h"

#include "base/identity.h"

static const struct {
    const char *scope;
    const char *id;
} owners[] = {
    {"organization", TRELLO_DEFAULT_ORGANIZATION},
    {"board", TRELLO_DEFAULT_BOARD},
    {"card", TRELLO_DEFAULT_CARD},
};
static const size_t owner_count = sizeof owners / sizeof owners[0];

struct view default_context_id(struct view scope)
{
    for (size_t i = 0; i < owner_count; i++) {
        if (view_equal(scope, view_of_text(owners[i].scope))) {
            return view_of_text(owners[i].id);
        }
    }
    return (struct view){NULL, 0};
}

static void describe(struct view member, struct json_object *context)
{
    JSON_AUTO(permissions) = json_object_new_object();

    json_set_string(context, "version", view_of_text(TRELLO_LIBRARY_VERSION));
    json_set_string(context, "member", member);
    for (size_t i = 0; i < owner_count; i++) {
        json_set_string(context, owners[i].scope, view_of_text(owners[i].id));
        json_set_string(permissions, owners[i].scope, view_of_text("write"));
    }
    json_set(context, "permissions", &permissions);
}

struct json_object *default_context(struct view member)
{
    JSON_AUTO(context) = json_object_new_object();

    describe(member, context);
    return json_status(context) == STATUS_OK ? json_object_get(context) : NULL;
}
