/* SPDX-License-Identifier: MIT */
#include "native/all_settings.h"
#include "native/operation.h"
#include "store/answers.h"
#include "store/property.h"
#include "store/settings.h"
#include "store/transaction.h"

#include <stdlib.h>
#include <string.h>

/* Adds the setting in force for an origin; an empty one as null. */
static enum status add_setting(struct store *store, struct view origin, const char *name,
                               struct json_object *settings, struct failure *failure)
{
    BYTES_AUTO value = {0};

    TRY(settings_effective(store, origin, name, &value, failure));
    struct view text = value.size > 0 ? view_of_bytes(&value) : (struct view){NULL, 0};
    json_set_string(settings, name, text);
    return STATUS_OK;
}

/* Adds whether calls of an origin's pages may meet a fault, so that they ask for one only then. */
static enum status add_faults_of(struct store *store, struct view origin,
                                 struct json_object *settings, struct failure *failure)
{
    JSON_AUTO(origins) = NULL;

    TRY(all_settings_faults(store, &origins, failure));
    json_set_boolean(settings, "faults",
                     json_array_has_text(origins, origin) ||
                         json_array_has_text(origins, view_of_text("")));
    return STATUS_OK;
}

/* Adds a setting that is on or off. */
static enum status add_switch(struct store *store, struct view origin, const char *name,
                              struct json_object *settings, struct failure *failure)
{
    BYTES_AUTO value = {0};

    TRY(settings_effective(store, origin, name, &value, failure));
    json_set_boolean(settings, name, view_equal(view_of_bytes(&value), view_of_text("on")));
    return STATUS_OK;
}

/* Whether a test runner started this host, so that pages speak of the runner's calls. */
static bool started_by_runner(void)
{
    const char *value = getenv("POWERUP_SECRETS_RUNNER");

    return value != NULL && strcmp(value, "1") == 0;
}

static enum status run_get_settings(struct session *session, struct json_object *request,
                                    struct json_object **ret_result, struct failure *failure)
{
    static const char *const names[] = {SETTING_FIDELITY, SETTING_STORAGE, SETTING_MEMBER};
    TRANSACTION_AUTO transaction = {0};
    JSON_AUTO(settings) = json_object_new_object();
    struct storage_key key;

    TRY(operation_storage_key(request, &key, failure));
    TRY(transaction_begin(session->store, TRANSACTION_READ, &transaction, failure));
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        TRY(add_setting(session->store, key.origin, names[i], settings, failure));
    }
    TRY(add_switch(session->store, key.origin, SETTING_RENDER_WRITER, settings, failure));
    TRY(add_faults_of(session->store, key.origin, settings, failure));
    json_set_boolean(settings, "runner", started_by_runner());
    TRY(failure_explain(failure, json_status(settings)));
    MOVE(*ret_result, settings);
    return STATUS_OK;
}

static const struct member get_settings_members[] = {
    {"origin", json_type_string, MEMBER_REQUIRED},
    MEMBERS_END,
};
const struct operation operation_get_settings = {
    .name = "getSettings",
    .help = "read the settings of an origin's pages",
    .needs_hello = true,
    .members = get_settings_members,
    .run = run_get_settings,
};

static enum status run_list_settings(struct session *session, struct json_object *request,
                                     struct json_object **ret_result, struct failure *failure)
{
    (void)request;
    return all_settings(session, ret_result, failure);
}

static const struct member list_settings_members[] = {MEMBERS_END};
const struct operation operation_list_settings = {
    .name = "listSettings",
    .help = "list the settings of all origins",
    .needs_hello = true,
    .members = list_settings_members,
    .run = run_list_settings,
};

static enum status run_answer(struct session *session, struct json_object *request,
                              struct json_object **ret_result, struct failure *failure)
{
    TRANSACTION_AUTO transaction = {0};
    JSON_AUTO(result) = json_object_new_object();
    BYTES_AUTO json = {0};
    struct storage_key key;

    TRY(operation_storage_key(request, &key, failure));
    TRY(transaction_begin(session->store, TRANSACTION_READ, &transaction, failure));
    enum status status =
        answers_get(session->store, key.origin, request_string(request, "method"), &json, failure);
    if (status == STATUS_ABSENT) {
        *ret_result = NULL;
        return STATUS_OK;
    }
    TRY(status);
    json_set_string(result, "json", view_of_bytes(&json));
    TRY(failure_explain(failure, json_status(result)));
    MOVE(*ret_result, result);
    return STATUS_OK;
}

static const struct member answer_members[] = {
    {"origin", json_type_string, MEMBER_REQUIRED},
    {"method", json_type_string, MEMBER_REQUIRED},
    MEMBERS_END,
};
const struct operation operation_answer = {
    .name = "answer",
    .help = "read the answer set for a page's question to Trello",
    .needs_hello = true,
    .members = answer_members,
    .run = run_answer,
};
