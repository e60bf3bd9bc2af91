/* SPDX-License-Identifier: MIT */
#include "native/all_settings.h"

#include "base/request.h"
#include "native/changed.h"
#include "store/faults.h"
#include "store/property.h"
#include "store/revisions.h"
#include "store/settings.h"
#include "store/transaction.h"

#include <string.h>

static enum status add_fault_origin(void *origins, const struct fault *fault,
                                    struct failure *failure)
{
    if (!json_array_has_text(origins, fault->origin)) {
        json_push_string(origins, fault->origin);
    }
    return failure_explain(failure, json_status(origins));
}

enum status all_settings_faults(struct store *store, struct json_object **ret_origins,
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

static void begin_origin(struct json_object *origins, struct view origin)
{
    JSON_AUTO(row) = json_object_new_object();
    JSON_AUTO(settings) = json_object_new_object();

    json_set_string(row, "origin", origin);
    json_set(row, "settings", &settings);
    json_push(origins, &row);
}

static enum status add_row(void *context, const struct setting_row *row, struct failure *failure)
{
    struct json_object *origins = context;
    BYTES_AUTO name = {0};

    TRY(failure_explain(failure, bytes_alloc(row->name.size + 1, &name)));
    memcpy(name.data, row->name.data, row->name.size);
    if (!is_of_last(origins, row->origin)) {
        begin_origin(origins, row->origin);
        TRY(failure_explain(failure, json_status(origins)));
    }
    json_set_string(last_settings(origins), (const char *)name.data, row->value);
    return failure_explain(failure, json_status(last_settings(origins)));
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
    json_set_boolean(object, "filled", true);
    return STATUS_OK;
}

enum status all_settings(struct session *session, struct json_object **ret_settings,
                         struct failure *failure)
{
    TRANSACTION_AUTO transaction = {0};
    JSON_AUTO(result) = json_object_new_object();
    JSON_AUTO(origins) = json_object_new_array();
    JSON_AUTO(faults) = NULL;
    int64_t items_revision = 0;

    if (origins == NULL) {
        return failure_no_memory(failure);
    }
    TRY(transaction_begin(session->store, TRANSACTION_READ, &transaction, failure));
    TRY(settings_list(session->store, add_row, origins, failure));
    json_set(result, "origins", &origins);
    TRY(all_settings_faults(session->store, &faults, failure));
    json_set(result, "faults", &faults);
    json_set_boolean(result, "partition", store_partitioned(session->store));
    TRY(add_filled(session->store, result, failure));
    TRY(revisions_items(session->store, &items_revision, failure));
    json_set_number(result, "itemsRevision", items_revision);
    TRY(changed_add(session, (struct view){NULL, 0}, result, failure));
    MOVE(*ret_settings, result);
    return STATUS_OK;
}

static enum status add_items_revision(struct session *session, struct json_object *facts,
                                      struct failure *failure)
{
    int64_t number = 0;

    TRY(revisions_items(session->store, &number, failure));
    json_set_number(facts, "itemsRevision", number);
    return STATUS_OK;
}

enum status all_settings_facts(void *session, struct view event, struct json_object **ret_facts,
                               struct failure *failure)
{
    JSON_AUTO(facts) = json_object_new_object();
    JSON_AUTO(settings) = NULL;

    if (view_equal(event, view_of_text("apply"))) {
        TRY(all_settings(session, &settings, failure));
        json_set(facts, "settings", &settings);
    } else if (view_equal(event, view_of_text("report"))) {
        TRY(add_items_revision(session, facts, failure));
    }
    TRY(failure_explain(failure, json_status(facts)));
    MOVE(*ret_facts, facts);
    return STATUS_OK;
}
