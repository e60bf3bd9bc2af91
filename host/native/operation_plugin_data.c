/* SPDX-License-Identifier: MIT */
#include "native/changed.h"
#include "native/operation.h"
#include "store/plugin_data.h"
#include "store/revisions.h"
#include "store/transaction.h"
#include "trello/plugin_data_text.h"

/* Adds the text of one place to an object, when there is one. */
static enum status add_text(struct store *store, const struct plugin_data_place *place,
                            const char *name, struct json_object *object, struct failure *failure)
{
    BYTES_AUTO text = {0};

    enum status status = plugin_data_get(store, place, &text, failure);
    if (status == STATUS_ABSENT) {
        return STATUS_OK;
    }
    TRY(status);
    json_set_string(object, name, view_of_bytes(&text));
    return failure_explain(failure, json_status(object));
}

/* Adds what a scope has, when it has anything. */
static enum status add_scope(struct store *store, struct json_object *request, const char *scope,
                             struct json_object *result, struct failure *failure)
{
    struct plugin_data_place place = {
        .origin = request_string(request, "origin"),
        .scope = view_of_text(scope),
        .owner = request_string(request, scope),
        .visibility = view_of_text("shared"),
        .viewer = request_string(request, "member"),
    };
    JSON_AUTO(texts) = json_object_new_object();

    if (place.owner.data == NULL) {
        return STATUS_OK;
    }
    if (texts == NULL) {
        return failure_no_memory(failure);
    }
    TRY(add_text(store, &place, "shared", texts, failure));
    if (place.viewer.data != NULL) {
        place.visibility = view_of_text("private");
        TRY(add_text(store, &place, "private", texts, failure));
    }
    if (json_object_object_length(texts) > 0) {
        json_set(result, scope, &texts);
    }
    return failure_explain(failure, json_status(result));
}

static enum status run_get_plugin_data(struct session *session, struct json_object *request,
                                       struct json_object **ret_result, struct failure *failure)
{
    /* Named like the members that give their owners. */
    static const char *const scopes[] = {"board", "card", "member", "organization"};
    TRANSACTION_AUTO transaction = {0};
    struct storage_key key;

    TRY(operation_storage_key(request, &key, failure));
    JSON_AUTO(result) = json_object_new_object();
    if (result == NULL) {
        return failure_no_memory(failure);
    }
    TRY(transaction_begin(session->store, TRANSACTION_READ, &transaction, failure));
    for (size_t i = 0; i < sizeof scopes / sizeof scopes[0]; i++) {
        TRY(add_scope(session->store, request, scopes[i], result, failure));
    }
    MOVE(*ret_result, result);
    return STATUS_OK;
}

static const struct member get_plugin_data_members[] = {
    {"origin", json_type_string, MEMBER_REQUIRED},
    {"member", json_type_string, 0},
    {"board", json_type_string, 0},
    {"card", json_type_string, 0},
    {"organization", json_type_string, 0},
    MEMBERS_END,
};
const struct operation operation_get_plugin_data = {
    .name = "getPluginData",
    .help = "read what Trello keeps for a Power-Up",
    .needs_hello = true,
    .members = get_plugin_data_members,
    .run = run_get_plugin_data,
};

/* Whether the kept text is the one that the request wants to replace. */
static enum status matches_base(struct store *store, const struct plugin_data_place *place,
                                struct json_object *request, bool *ret_matches,
                                struct failure *failure)
{
    struct view base = request_string(request, "base");
    BYTES_AUTO kept = {0};

    if (!json_object_object_get_ex(request, "base", NULL)) {
        *ret_matches = true;
        return STATUS_OK;
    }
    enum status status = plugin_data_get(store, place, &kept, failure);
    TRY(status_allow_absent(status));
    *ret_matches = status == STATUS_ABSENT
                       ? base.data == NULL
                       : base.data != NULL && view_equal(base, view_of_bytes(&kept));
    return STATUS_OK;
}

static enum status write_text(struct store *store, const struct plugin_data_place *place,
                              struct json_object *request, bool *ret_written,
                              struct failure *failure)
{
    TRANSACTION_AUTO transaction = {0};
    bool matches = false;

    TRY(transaction_begin(store, TRANSACTION_WRITE, &transaction, failure));
    TRY(matches_base(store, place, request, &matches, failure));
    if (matches) {
        TRY(plugin_data_set(store, place, request_string(request, "text"), failure));
        TRY(transaction_commit(&transaction, failure));
    }
    *ret_written = matches;
    return STATUS_OK;
}

static enum status run_set_plugin_data(struct session *session, struct json_object *request,
                                       struct json_object **ret_result, struct failure *failure)
{
    const struct plugin_data_place place = {
        .origin = request_string(request, "origin"),
        .scope = request_string(request, "scope"),
        .owner = request_string(request, "owner"),
        .visibility = request_string(request, "visibility"),
        .viewer = request_string(request, "member"),
    };
    struct storage_key key;
    bool written = false;

    TRY(operation_storage_key(request, &key, failure));
    TRY(plugin_data_check(&place, failure));
    TRY(plugin_data_text_check_length(request_string(request, "text"), place.scope, failure));
    TRY(write_text(session->store, &place, request, &written, failure));
    JSON_AUTO(result) = json_object_new_object();
    json_set_boolean(result, "written", written);
    if (json_status(result) != STATUS_OK) {
        return failure_set(failure, STATUS_NO_MEMORY,
                           "Out of memory for the answer; the text is kept.");
    }
    if (revisions_have_grown(session->store)) {
        TRY(changed_add(session, key.origin, result, failure));
    }
    MOVE(*ret_result, result);
    return STATUS_OK;
}

static const struct member set_plugin_data_members[] = {
    {"origin", json_type_string, MEMBER_REQUIRED},
    {"scope", json_type_string, MEMBER_REQUIRED},
    {"owner", json_type_string, MEMBER_REQUIRED},
    {"visibility", json_type_string, MEMBER_REQUIRED},
    {"member", json_type_string, 0},
    {"text", json_type_string, MEMBER_REQUIRED | MEMBER_LARGE},
    {"base", json_type_string, MEMBER_OR_NULL | MEMBER_LARGE},
    MEMBERS_END,
};
const struct operation operation_set_plugin_data = {
    .name = "setPluginData",
    .help = "change what Trello keeps for a Power-Up",
    .needs_hello = true,
    .members = set_plugin_data_members,
    .run = run_set_plugin_data,
};
