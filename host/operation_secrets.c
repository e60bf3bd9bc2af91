/* SPDX-License-Identifier: MIT */
#include "operation.h"
#include "secrets.h"

static enum status read_place(struct json_object *request, struct secret_place *ret_place,
                              struct failure *failure)
{
    struct secret_place place = {.member = request_string(request, "member"),
                                 .key = request_string(request, "key")};

    enum status status = operation_storage_key(request, &place.storage_key, failure);
    if (status == STATUS_OK) {
        *ret_place = place;
    }
    return status;
}

/* The text whose digest goes before the secret. */
static struct view digest_of(struct json_object *request)
{
    struct view given = request_string(request, "digestOf");

    return given.data != NULL ? given : request_string(request, "data");
}

/* What the library resolves to: name and value of the localStorage entry. */
static struct json_object *entry(const struct stored_secret *stored)
{
    JSON_AUTO(result) = json_object_new_object();
    struct view slot = {(const uint8_t *)stored->slot, sizeof stored->slot};

    enum status status = result != NULL ? json_add_string(result, "key", slot) : STATUS_NO_MEMORY;
    if (status == STATUS_OK) {
        status = json_add_string(result, "value", view_of_bytes(&stored->value));
    }
    if (status != STATUS_OK) {
        return NULL;
    }
    struct json_object *made = result;
    result = NULL;
    return made;
}

static enum status give_secret(struct view secret, struct json_object **ret_result,
                               struct failure *failure)
{
    *ret_result = json_object_new_string_len((const char *)secret.data, (int)secret.size);
    return *ret_result != NULL ? STATUS_OK
                               : failure_set(failure, STATUS_NO_MEMORY, "Out of memory.");
}

enum status operation_store_secret(struct session *session, struct json_object *request,
                                   struct json_object **ret_result, struct failure *failure)
{
    struct secret_place place;
    STORED_SECRET_AUTO stored = {0};

    enum status status = read_place(request, &place, failure);
    if (status == STATUS_OK) {
        status = secrets_store(session->store, &place, digest_of(request),
                               request_string(request, "data"), &stored, failure);
    }
    if (status != STATUS_OK) {
        return status;
    }
    JSON_AUTO(result) = entry(&stored);
    if (result == NULL || json_add_boolean(result, "madeKey", stored.made_key) != STATUS_OK) {
        return failure_set(failure, STATUS_NO_MEMORY,
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
        status = secrets_load(session->store, &place, request_string(request, "value"), &secret,
                              failure);
    }
    if (status == STATUS_ABSENT) {
        *ret_result = NULL;
        return STATUS_OK;
    }
    return status == STATUS_OK ? give_secret(view_of_bytes(&secret), ret_result, failure) : status;
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

enum status operation_encrypt_secret(struct session *session, struct json_object *request,
                                     struct json_object **ret_result, struct failure *failure)
{
    STORED_SECRET_AUTO stored = {0};
    BYTES_AUTO aescbc = {0};

    (void)session;
    enum status status =
        secrets_encrypt(request_string(request, "member"), request_string(request, "key"),
                        request_string(request, "aescbc"), digest_of(request),
                        request_string(request, "data"), &stored, &aescbc, failure);
    if (status != STATUS_OK) {
        return status;
    }
    JSON_AUTO(result) = entry(&stored);
    if (result == NULL || json_add_string(result, "aescbc", view_of_bytes(&aescbc)) != STATUS_OK) {
        return failure_set(failure, STATUS_NO_MEMORY, "Out of memory.");
    }
    *ret_result = result;
    result = NULL;
    return STATUS_OK;
}

enum status operation_decrypt_secret(struct session *session, struct json_object *request,
                                     struct json_object **ret_result, struct failure *failure)
{
    BYTES_AUTO secret = {0};

    (void)session;
    enum status status = secrets_decrypt(request_string(request, "aescbc"),
                                         request_string(request, "value"), &secret, failure);
    return status == STATUS_OK ? give_secret(view_of_bytes(&secret), ret_result, failure) : status;
}
