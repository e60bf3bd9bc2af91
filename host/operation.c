/* SPDX-License-Identifier: MIT */
#include "operation.h"

#include "origin.h"

/* The members that say whose secret it is. */
#define SECRET_PLACE                                                                               \
    {"origin", json_type_string, true, false}, {"topLevelSite", json_type_string, false, false},   \
        {"member", json_type_string, true, false},                                                 \
    {                                                                                              \
        "key", json_type_string, true, false                                                       \
    }

static const struct member hello_members[] = {
    {"protocol", json_type_int, true, false},
    {"extension", json_type_string, true, false},
    {"browser", json_type_string, true, false},
    MEMBERS_END,
};

static const struct member scene_members[] = {
    {"origin", json_type_string, true, false},
    MEMBERS_END,
};

static const struct member scenes_members[] = {MEMBERS_END};

static const struct member confirm_members[] = {
    {"ticket", json_type_int, true, false},
    {"result", json_type_null, false, true},
    {"error", json_type_string, false, false},
    MEMBERS_END,
};

static const struct member command_members[] = {
    {"arguments", json_type_array, true, false},
    MEMBERS_END,
};

static const struct member take_fault_members[] = {
    {"origin", json_type_string, true, false},
    {"method", json_type_string, true, false},
    MEMBERS_END,
};

static const struct member store_secret_members[] = {
    SECRET_PLACE,
    {"data", json_type_string, true, false},
    {"digestOf", json_type_string, false, false},
    MEMBERS_END,
};

static const struct member load_secret_members[] = {
    SECRET_PLACE,
    {"value", json_type_string, false, false},
    MEMBERS_END,
};

static const struct member clear_secret_members[] = {
    SECRET_PLACE,
    MEMBERS_END,
};

static const struct member encrypt_secret_members[] = {
    {"member", json_type_string, true, false},  {"key", json_type_string, true, false},
    {"data", json_type_string, true, false},    {"digestOf", json_type_string, false, false},
    {"aescbc", json_type_string, false, false}, MEMBERS_END,
};

static const struct member decrypt_secret_members[] = {
    {"aescbc", json_type_string, true, false},
    {"value", json_type_string, true, false},
    MEMBERS_END,
};

static const struct member synchronize_items_members[] = {
    {"origin", json_type_string, true, false},
    {"topLevelSite", json_type_string, false, false},
    {"items", json_type_array, true, false},
    MEMBERS_END,
};

static const struct member get_plugin_data_members[] = {
    {"origin", json_type_string, true, false},        {"member", json_type_string, false, false},
    {"board", json_type_string, false, false},        {"card", json_type_string, false, false},
    {"organization", json_type_string, false, false}, MEMBERS_END,
};

static const struct member set_plugin_data_members[] = {
    {"origin", json_type_string, true, false},  {"scope", json_type_string, true, false},
    {"owner", json_type_string, true, false},   {"visibility", json_type_string, true, false},
    {"member", json_type_string, false, false}, {"text", json_type_string, true, false},
    {"base", json_type_string, false, true},    MEMBERS_END,
};

static const struct member record_members[] = {
    {"origin", json_type_string, true, false},
    {"calls", json_type_array, true, false},
    MEMBERS_END,
};

static const struct member answer_members[] = {
    {"origin", json_type_string, true, false},
    {"method", json_type_string, true, false},
    MEMBERS_END,
};

const struct operation operations[] = {
    {"hello", "agree on versions and open the store", false, hello_members, operation_hello},
    {"scene", "tell how pages of an origin shall be served", true, scene_members, operation_scene},
    {"scenes", "tell the settings of all origins", true, scenes_members, operation_scenes},
    {"storeSecret", "encrypt a secret and keep it", true, store_secret_members,
     operation_store_secret},
    {"loadSecret", "decrypt a secret that was kept", true, load_secret_members,
     operation_load_secret},
    {"clearSecret", "forget a secret", true, clear_secret_members, operation_clear_secret},
    {"encryptSecret", "encrypt a secret and keep nothing", true, encrypt_secret_members,
     operation_encrypt_secret},
    {"decryptSecret", "decrypt a value with a given key", true, decrypt_secret_members,
     operation_decrypt_secret},
    {"synchronizeItems", "bring localStorage and the kept items together", true,
     synchronize_items_members, operation_synchronize_items},
    {"getPluginData", "read what Trello keeps for a Power-Up", true, get_plugin_data_members,
     operation_get_plugin_data},
    {"setPluginData", "change what Trello keeps for a Power-Up", true, set_plugin_data_members,
     operation_set_plugin_data},
    {"record", "write down what a page called", true, record_members, operation_record},
    {"answer", "read what Trello shall answer to a page's question", true, answer_members,
     operation_answer},
    {"takeFault", "take the next fault that a call shall meet", true, take_fault_members,
     operation_take_fault},
    {"confirm", "answer an event", true, confirm_members, operation_confirm},
    {"command", "run the command line, for the panel", true, command_members, operation_command},
};

const size_t operation_count = sizeof operations / sizeof operations[0];

void session_end(struct session *session)
{
    /* Nobody must find a socket whose host is about to end. */
    control_socket_close(&session->socket);
    relay_end(&session->relay);
    child_end(&session->child);
    store_close(&session->store);
    bytes_wipe(&session->browser);
    bytes_wipe(&session->extension);
}

enum status operation_storage_key(struct json_object *request, struct storage_key *ret_key,
                                  struct failure *failure)
{
    struct view origin = request_string(request, "origin");
    struct view site = request_string(request, "topLevelSite");

    enum status status = origin_check(origin, failure);
    if (status == STATUS_OK && site.data != NULL) {
        status = site_check(site, failure);
    }
    if (status == STATUS_OK) {
        *ret_key = (struct storage_key){.origin = origin, .top_level_site = site};
    }
    return status;
}

enum status operation_run(struct session *session, struct json_object *request,
                          struct json_object **ret_result, struct failure *failure)
{
    struct json_object *op = NULL;

    if (!json_object_object_get_ex(request, "op", &op) ||
        !json_object_is_type(op, json_type_string)) {
        return failure_set(failure, STATUS_BAD_REQUEST,
                           "A request needs the member \"op\", a string.");
    }
    for (size_t i = 0; i < operation_count; i++) {
        const struct operation *operation = &operations[i];
        if (!view_equal(json_string_view(op), view_of_text(operation->name))) {
            continue;
        }
        if (operation->needs_hello && session->store == NULL) {
            return failure_set(failure, STATUS_HELLO_FIRST,
                               "The first operation must be hello, and it must have succeeded.");
        }
        enum status status = request_check(operation->name, operation->members, request, failure);
        return status == STATUS_OK ? operation->run(session, request, ret_result, failure) : status;
    }
    return failure_set(failure, STATUS_UNKNOWN_OPERATION,
                       "There is no operation \"%s\"; hello lists those that there are.",
                       json_object_get_string(op));
}
