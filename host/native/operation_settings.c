/* SPDX-License-Identifier: MIT */
#include "native/changed.h"
#include "native/operation.h"
#include "store/answers.h"
#include "store/faults.h"
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
    return failure_explain(failure, json_add_string(settings, name, text));
}

static bool has_text(struct json_object *texts, struct view text)
{
    for (size_t i = 0; i < json_object_array_length(texts); i++) {
        if (view_equal(json_string_view(json_object_array_get_idx(texts, i)), text)) {
            return true;
        }
    }
    return false;
}

static enum status add_fault_origin(void *origins, const struct fault *fault,
                                    struct failure *failure)
{
    if (has_text(origins, fault->origin)) {
        return STATUS_OK;
    }
    JSON_AUTO(origin) =
        json_object_new_string_len((const char *)fault->origin.data, (int)fault->origin.size);
    return failure_explain(failure, json_append(origins, &origin));
}

/* The origins that faults are set for. */
static enum status list_faults(struct store *store, struct json_object **ret_origins,
                               struct failure *failure)
{
    JSON_AUTO(origins) = json_object_new_array();

    if (origins == NULL) {
        return failure_no_memory(failure);
    }
    TRY(faults_list(store, add_fault_origin, origins, failure));
    MOVE(*ret_origins, origins);
    return STATUS_OK;
}

/* Adds whether calls of an origin's pages may meet a fault, so that they ask for one only then. */
static enum status add_faults_of(struct store *store, struct view origin,
                                 struct json_object *settings, struct failure *failure)
{
    JSON_AUTO(origins) = NULL;

    TRY(list_faults(store, &origins, failure));
    return failure_explain(failure, json_add_boolean(settings, "faults",
                                                     has_text(origins, origin) ||
                                                         has_text(origins, view_of_text(""))));
}

/* Adds a setting that is on or off. */
static enum status add_switch(struct store *store, struct view origin, const char *name,
                              struct json_object *settings, struct failure *failure)
{
    BYTES_AUTO value = {0};

    TRY(settings_effective(store, origin, name, &value, failure));
    return failure_explain(
        failure,
        json_add_boolean(settings, name, view_equal(view_of_bytes(&value), view_of_text("on"))));
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
    TRY(failure_explain(failure, json_add_boolean(settings, "runner", started_by_runner())));
    MOVE(*ret_result, settings);
    return STATUS_OK;
}

static const struct member get_settings_members[] = {
    {"origin", json_type_string, true, false},
    MEMBERS_END,
};
const struct operation operation_get_settings = {
    .name = "getSettings",
    .help = "read the settings of an origin's pages",
    .needs_hello = true,
    .members = get_settings_members,
    .run = run_get_settings,
};

/* The settings of the origin that the last row was of. */
static struct json_object *last_settings(struct json_object *origins)
{
    size_t count = json_object_array_length(origins);

    return json_object_object_get(json_object_array_get_idx(origins, count - 1), "settings");
}

static bool is_of_last(struct json_object *origins, struct view origin)
{
    size_t count = json_object_array_length(origins);

    return count > 0 &&
           view_equal(request_string(json_object_array_get_idx(origins, count - 1), "origin"),
                      origin);
}

static enum status begin_origin(struct json_object *origins, struct view origin)
{
    JSON_AUTO(row) = json_object_new_object();
    JSON_AUTO(settings) = json_object_new_object();

    TRY(json_add_string(row, "origin", origin));
    TRY(json_add(row, "settings", &settings));
    return json_append(origins, &row);
}

static enum status add_row(void *context, const struct setting_row *row, struct failure *failure)
{
    struct json_object *origins = context;
    BYTES_AUTO name = {0};

    TRY(failure_explain(failure, bytes_alloc(row->name.size + 1, &name)));
    memcpy(name.data, row->name.data, row->name.size);
    if (!is_of_last(origins, row->origin)) {
        TRY(failure_explain(failure, begin_origin(origins, row->origin)));
    }
    return failure_explain(
        failure, json_add_string(last_settings(origins), (const char *)name.data, row->value));
}

/* Adds "filled" if localStorages may have the entry of the storage mode "full". */
static enum status add_filled(struct store *store, struct json_object *object,
                              struct failure *failure)
{
    BYTES_AUTO value = {0};

    enum status status = property_read(store, PROPERTY_FILLED, &value, failure);
    if (status == STATUS_ABSENT) {
        return STATUS_OK;
    }
    TRY(status);
    return failure_explain(failure, json_add_boolean(object, "filled", true));
}

static enum status run_list_settings(struct session *session, struct json_object *request,
                                     struct json_object **ret_result, struct failure *failure)
{
    TRANSACTION_AUTO transaction = {0};
    JSON_AUTO(result) = json_object_new_object();
    JSON_AUTO(origins) = json_object_new_array();
    JSON_AUTO(faults) = NULL;

    (void)request;
    if (origins == NULL) {
        return failure_no_memory(failure);
    }
    TRY(transaction_begin(session->store, TRANSACTION_READ, &transaction, failure));
    TRY(settings_list(session->store, add_row, origins, failure));
    TRY(failure_explain(failure, json_add(result, "origins", &origins)));
    TRY(list_faults(session->store, &faults, failure));
    TRY(failure_explain(failure, json_add(result, "faults", &faults)));
    TRY(failure_explain(failure,
                        json_add_boolean(result, "partition", store_partitioned(session->store))));
    TRY(add_filled(session->store, result, failure));
    TRY(changed_add(session, (struct view){NULL, 0}, result, failure));
    MOVE(*ret_result, result);
    return STATUS_OK;
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
    TRY(failure_explain(failure, json_add_string(result, "json", view_of_bytes(&json))));
    MOVE(*ret_result, result);
    return STATUS_OK;
}

static const struct member answer_members[] = {
    {"origin", json_type_string, true, false},
    {"method", json_type_string, true, false},
    MEMBERS_END,
};
const struct operation operation_answer = {
    .name = "answer",
    .help = "read the answer set for a page's question to Trello",
    .needs_hello = true,
    .members = answer_members,
    .run = run_answer,
};
