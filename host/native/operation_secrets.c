/* SPDX-License-Identifier: MIT */
#include "native/changed.h"
#include "native/operation.h"
#include "trello/secrets.h"

/* The members that say which secret it is, and in which storage. */
#define SECRET_NAME                                                                                \
    {"member", json_type_string, MEMBER_REQUIRED},                                                 \
        {"key", json_type_string, MEMBER_REQUIRED | MEMBER_LARGE},                                 \
    {                                                                                              \
        "slot", json_type_string, 0                                                                \
    }
#define STORAGE_KEY                                                                                \
    {"origin", json_type_string, MEMBER_REQUIRED},                                                 \
    {                                                                                              \
        "topLevelSite", json_type_string, 0                                                        \
    }

static struct secret_place read_name(struct json_object *request)
{
    return (struct secret_place){.member = request_string(request, "member"),
                                 .key = request_string(request, "key"),
                                 .slot = request_string(request, "slot")};
}

static enum status read_place(struct json_object *request, struct secret_place *ret_place,
                              struct failure *failure)
{
    struct secret_place place = read_name(request);

    TRY(operation_storage_key(request, &place.storage_key, failure));
    *ret_place = place;
    return STATUS_OK;
}

/* The text whose digest stands before the secret. */
static struct view digest_of(struct json_object *request)
{
    struct view given = request_string(request, "digestOf");

    return given.data != NULL ? given : request_string(request, "data");
}

/* Adds what the library resolves to: name and value of the localStorage entry. */
static void add_entry(struct json_object *result, const struct stored_secret *stored)
{
    struct view slot = {(const uint8_t *)stored->slot, sizeof stored->slot};

    json_set_string(result, "key", slot);
    json_set_string(result, "value", view_of_bytes(&stored->value));
}

static enum status give_secret(struct view secret, struct json_object **ret_result,
                               struct failure *failure)
{
    *ret_result = json_object_new_string_len((const char *)secret.data, (int)secret.size);
    return *ret_result != NULL ? STATUS_OK : failure_no_memory(failure);
}

static enum status run_store_secret(struct session *session, struct json_object *request,
                                    struct json_object **ret_result, struct failure *failure)
{
    struct secret_place place;
    STORED_SECRET_AUTO stored = {0};

    TRY(read_place(request, &place, failure));
    TRY(secrets_store(session->store, &place, digest_of(request), request_string(request, "data"),
                      &stored, failure));
    JSON_AUTO(result) = json_object_new_object();
    add_entry(result, &stored);
    json_set_boolean(result, "madeKey", stored.made_key);
    if (json_status(result) != STATUS_OK) {
        return failure_set(failure, STATUS_NO_MEMORY,
                           "Out of memory for the answer; the secret is stored.");
    }
    if (stored.made_key) {
        TRY(changed_add(session, place.storage_key.origin, result, failure));
    }
    MOVE(*ret_result, result);
    return STATUS_OK;
}

static const struct member store_secret_members[] = {
    STORAGE_KEY,
    SECRET_NAME,
    {"data", json_type_string, MEMBER_REQUIRED | MEMBER_LARGE},
    {"digestOf", json_type_string, MEMBER_LARGE},
    MEMBERS_END,
};
const struct operation operation_store_secret = {
    .name = "storeSecret",
    .help = "encrypt a secret and keep it",
    .needs_hello = true,
    .members = store_secret_members,
    .run = run_store_secret,
};

static enum status run_load_secret(struct session *session, struct json_object *request,
                                   struct json_object **ret_result, struct failure *failure)
{
    struct secret_place place;
    BYTES_AUTO secret = {0};

    TRY(read_place(request, &place, failure));
    enum status status =
        secrets_load(session->store, &place, request_string(request, "value"), &secret, failure);
    if (status == STATUS_ABSENT) {
        *ret_result = NULL;
        return STATUS_OK;
    }
    TRY(status);
    return give_secret(view_of_bytes(&secret), ret_result, failure);
}

static const struct member load_secret_members[] = {
    STORAGE_KEY,
    SECRET_NAME,
    {"value", json_type_string, MEMBER_LARGE},
    MEMBERS_END,
};
const struct operation operation_load_secret = {
    .name = "loadSecret",
    .help = "decrypt a secret that was kept",
    .needs_hello = true,
    .members = load_secret_members,
    .run = run_load_secret,
};

static enum status run_clear_secret(struct session *session, struct json_object *request,
                                    struct json_object **ret_result, struct failure *failure)
{
    struct secret_place place;

    TRY(read_place(request, &place, failure));
    TRY(secrets_clear(session->store, &place, failure));
    *ret_result = NULL;
    return STATUS_OK;
}

static const struct member clear_secret_members[] = {
    STORAGE_KEY,
    SECRET_NAME,
    MEMBERS_END,
};
const struct operation operation_clear_secret = {
    .name = "clearSecret",
    .help = "forget a secret",
    .needs_hello = true,
    .members = clear_secret_members,
    .run = run_clear_secret,
};

static enum status run_encrypt_secret(struct session *session, struct json_object *request,
                                      struct json_object **ret_result, struct failure *failure)
{
    const struct secret_place place = read_name(request);
    STORED_SECRET_AUTO stored = {0};
    BYTES_AUTO aescbc = {0};

    (void)session;
    TRY(secrets_encrypt(&place, request_string(request, "aescbc"), digest_of(request),
                        request_string(request, "data"), &stored, &aescbc, failure));
    JSON_AUTO(result) = json_object_new_object();
    add_entry(result, &stored);
    json_set_string(result, "aescbc", view_of_bytes(&aescbc));
    TRY(failure_explain(failure, json_status(result)));
    MOVE(*ret_result, result);
    return STATUS_OK;
}

static const struct member encrypt_secret_members[] = {
    SECRET_NAME,
    {"data", json_type_string, MEMBER_REQUIRED | MEMBER_LARGE},
    {"digestOf", json_type_string, MEMBER_LARGE},
    {"aescbc", json_type_string, MEMBER_LARGE},
    MEMBERS_END,
};
const struct operation operation_encrypt_secret = {
    .name = "encryptSecret",
    .help = "encrypt a secret and keep nothing",
    .needs_hello = true,
    .members = encrypt_secret_members,
    .run = run_encrypt_secret,
};

static enum status run_decrypt_secret(struct session *session, struct json_object *request,
                                      struct json_object **ret_result, struct failure *failure)
{
    BYTES_AUTO secret = {0};

    (void)session;
    TRY(secrets_decrypt(request_string(request, "aescbc"), request_string(request, "value"),
                        &secret, failure));
    return give_secret(view_of_bytes(&secret), ret_result, failure);
}

static const struct member decrypt_secret_members[] = {
    {"aescbc", json_type_string, MEMBER_REQUIRED | MEMBER_LARGE},
    {"value", json_type_string, MEMBER_REQUIRED | MEMBER_LARGE},
    MEMBERS_END,
};
const struct operation operation_decrypt_secret = {
    .name = "decryptSecret",
    .help = "decrypt a value with a given key",
    .needs_hello = true,
    .members = decrypt_secret_members,
    .run = run_decrypt_secret,
};
