/* SPDX-License-Identifier: MIT */
#include "operation.h"
#include "origin.h"
#include "secrets.h"

static struct view string_member(struct json_object *request, const char *name)
{
    struct json_object *value = NULL;

    return json_object_object_get_ex(request, name, &value) ? json_string_view(value)
                                                            : (struct view){NULL, 0};
}

static enum status read_place(struct json_object *request, struct secret_place *ret_place,
                              struct failure *failure)
{
    struct view origin = string_member(request, "origin");
    struct view site = string_member(request, "topLevelSite");

    enum status status = origin_check(origin, failure);
    if (status == STATUS_OK && site.data != NULL) {
        status = site_check(site, failure);
    }
    if (status == STATUS_OK) {
        *ret_place = (struct secret_place){
            .storage_key = {.origin = origin, .top_level_site = site},
            .member = string_member(request, "member"),
            .key = string_member(request, "key"),
        };
    }
    return status;
}

enum status operation_store_secret(struct session *session, struct json_object *request,
                                   struct json_object **ret_result, struct failure *failure)
{
    struct secret_place place;
    char slot[CIPHER_SLOT_SIZE];
    BYTES_AUTO value = {0};
    JSON_AUTO(result) = NULL;

    enum status status = read_place(request, &place, failure);
    if (status == STATUS_OK) {
        struct view data = string_member(request, "data");
        struct view digest_of = string_member(request, "digestOf");
        status = secrets_store(session->store, &place, digest_of.data != NULL ? digest_of : data,
                               data, slot, &value, failure);
    }
    if (status != STATUS_OK) {
        return status;
    }
    result = json_object_new_object();
    status = result == NULL
                 ? STATUS_NO_MEMORY
                 : json_add_string(result, "key", (struct view){(uint8_t *)slot, sizeof slot});
    if (status == STATUS_OK) {
        status = json_add_string(result, "value", view_of_bytes(&value));
    }
    if (status != STATUS_OK) {
        return failure_set(failure, status,
                           "Out of memory; the secret is stored, only the answer is not.");
    }
    *ret_result = result;
    result = NULL;
    return STATUS_OK;
}

enum status operation_load_secret(struct session *session, struct json_object *request,
                                  struct json_object **ret_result, struct failure *failure)
{
    struct secret_place place;
    BYTES_AUTO secret = {0};

    enum status status = read_place(request, &place, failure);
    if (status == STATUS_OK) {
        status = secrets_load(session->store, &place, &secret, failure);
    }
    if (status == STATUS_ABSENT) {
        *ret_result = NULL;
        return STATUS_OK;
    }
    if (status != STATUS_OK) {
        return status;
    }
    *ret_result = json_object_new_string_len((const char *)secret.data, (int)secret.size);
    return *ret_result != NULL ? STATUS_OK
                               : failure_set(failure, STATUS_NO_MEMORY, "Out of memory.");
}

enum status operation_clear_secret(struct session *session, struct json_object *request,
                                   struct json_object **ret_result, struct failure *failure)
{
    struct secret_place place;

    enum status status = read_place(request, &place, failure);
    if (status == STATUS_OK) {
        status = secrets_clear(session->store, &place, failure);
    }
    if (status == STATUS_OK) {
        *ret_result = NULL;
    }
    return status;
}
