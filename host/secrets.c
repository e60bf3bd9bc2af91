/* SPDX-License-Identifier: MIT */
#include "secrets.h"

#include "hex.h"
#include "json_text.h"
#include "plugin_data.h"

#include <string.h>

/* The name of the AES key in the member's private plugin data. */
#define KEY_NAME "aescbc"

static enum status slot_of(const struct secret_place *place, char ret_slot[CIPHER_SLOT_SIZE],
                           struct failure *failure)
{
    enum status status = cipher_slot(place->member, place->key, ret_slot);

    return status == STATUS_OK ? status
                               : failure_set(failure, status, "%s", status_sentence(status));
}

static struct plugin_data_place member_private(const struct secret_place *place)
{
    return (struct plugin_data_place){
        .power_up = place->storage_key.origin,
        .scope = view_of_text("member"),
        .owner = place->member,
        .visibility = view_of_text("private"),
    };
}

/* The member's private plugin data as an object; what is absent or not an object counts as {}. */
static enum status read_member_private(struct store *store, const struct secret_place *place,
                                       struct json_object **ret_object, struct failure *failure)
{
    struct plugin_data_place member = member_private(place);
    BYTES_AUTO text = {0};
    JSON_AUTO(object) = NULL;

    enum status status = plugin_data_get(store, &member, &text, failure);
    if (status == STATUS_OK) {
        status = json_text_parse(view_of_bytes(&text), &object, failure);
    }
    if (status != STATUS_OK && status != STATUS_ABSENT && status != STATUS_BAD_JSON) {
        return status;
    }
    if (!json_object_is_type(object, json_type_object)) {
        json_put(&object);
        object = json_object_new_object();
        if (object == NULL) {
            return failure_set(failure, STATUS_NO_MEMORY, "Out of memory.");
        }
    }
    *ret_object = object;
    object = NULL;
    return STATUS_OK;
}

/* The AES key in there. STATUS_ABSENT: none, or one of the values that JavaScript holds false. */
static enum status key_of(struct json_object *member_private, struct bytes *ret_key,
                          struct failure *failure)
{
    struct json_object *value = NULL;

    if (!json_object_object_get_ex(member_private, KEY_NAME, &value)) {
        return STATUS_ABSENT;
    }
    switch (json_object_get_type(value)) {
    case json_type_null:
        return STATUS_ABSENT;
    case json_type_boolean:
    case json_type_int:
    case json_type_double:
        if (json_object_get_double(value) == 0) {
            return STATUS_ABSENT;
        }
        break;
    case json_type_string:
        return json_object_get_string_len(value) == 0
                   ? STATUS_ABSENT
                   : cipher_key_parse(json_string_view(value), ret_key, failure);
    case json_type_object:
    case json_type_array:
        break;
    }
    return failure_library(failure, "TypeError", "TypeError", false,
                           "e.toLowerCase is not a function");
}

/* Makes a new key, and puts it beside whatever else the member's private plugin data hold. */
static enum status make_key(struct store *store, const struct secret_place *place,
                            struct json_object *member, struct bytes *ret_key,
                            struct failure *failure)
{
    struct plugin_data_place member_place = member_private(place);
    char digits[2 * CIPHER_KEY_SIZE];
    BYTES_AUTO key = {0};
    struct view text;

    enum status status = cipher_random(CIPHER_KEY_SIZE, &key);
    if (status == STATUS_OK) {
        hex_encode(view_of_bytes(&key), digits);
        status = json_add_string(member, KEY_NAME,
                                 (struct view){(const uint8_t *)digits, sizeof digits});
        memory_wipe(digits, sizeof digits);
    }
    if (status == STATUS_OK) {
        status = json_text_of(member, &text);
    }
    if (status != STATUS_OK) {
        return failure_set(failure, status, "%s", status_sentence(status));
    }
    status = plugin_data_set(store, &member_place, text, failure);
    if (status == STATUS_OK) {
        *ret_key = key;
        key = (struct bytes){NULL, 0};
    }
    return status;
}

/* A failure without words of its own gets its status's sentence. */
static enum status finish(enum status status, struct failure *failure)
{
    if (status != STATUS_OK && status != STATUS_ABSENT && failure->status != status) {
        failure_set(failure, status, "%s", status_sentence(status));
    }
    return status;
}

enum status secrets_store(struct store *store, const struct secret_place *place,
                          struct view digest_of, struct view secret,
                          char ret_slot[CIPHER_SLOT_SIZE], struct bytes *ret_value,
                          struct failure *failure)
{
    char slot[CIPHER_SLOT_SIZE];
    TRANSACTION_AUTO transaction = {0};
    JSON_AUTO(member) = NULL;
    BYTES_AUTO key = {0};
    BYTES_AUTO iv = {0};
    BYTES_AUTO value = {0};

    enum status status = slot_of(place, slot, failure);
    if (status == STATUS_OK) {
        status = transaction_begin(store, TRANSACTION_WRITE, &transaction, failure);
    }
    if (status == STATUS_OK) {
        status = read_member_private(store, place, &member, failure);
    }
    if (status == STATUS_OK) {
        status = key_of(member, &key, failure);
        if (status == STATUS_ABSENT) {
            status = make_key(store, place, member, &key, failure);
        }
    }
    if (status == STATUS_OK) {
        status = cipher_random(CIPHER_IV_SIZE, &iv);
    }
    if (status == STATUS_OK) {
        status = cipher_encrypt(view_of_bytes(&key), view_of_bytes(&iv), digest_of, secret, &value,
                                failure);
    }
    if (status == STATUS_OK) {
        status =
            items_set(store, place->storage_key, (struct view){(const uint8_t *)slot, sizeof slot},
                      view_of_bytes(&value), failure);
    }
    if (status == STATUS_OK) {
        status = transaction_commit(&transaction, failure);
    }
    if (status == STATUS_OK) {
        memcpy(ret_slot, slot, sizeof slot);
        *ret_value = value;
        value = (struct bytes){NULL, 0};
    }
    return finish(status, failure);
}

enum status secrets_load(struct store *store, const struct secret_place *place,
                         struct bytes *ret_secret, struct failure *failure)
{
    char slot[CIPHER_SLOT_SIZE];
    TRANSACTION_AUTO transaction = {0};
    JSON_AUTO(member) = NULL;
    BYTES_AUTO value = {0};
    BYTES_AUTO key = {0};

    enum status status = slot_of(place, slot, failure);
    if (status == STATUS_OK) {
        status = transaction_begin(store, TRANSACTION_READ, &transaction, failure);
    }
    if (status == STATUS_OK) {
        status = items_get(store, place->storage_key,
                           (struct view){(const uint8_t *)slot, sizeof slot}, &value, failure);
    }
    if (status == STATUS_OK && value.size == 0) {
        status = STATUS_ABSENT; /* an empty slot counts as none */
    }
    if (status == STATUS_OK) {
        status = read_member_private(store, place, &member, failure);
    }
    if (status == STATUS_OK) {
        status = key_of(member, &key, failure);
    }
    if (status == STATUS_OK) {
        status = cipher_decrypt(view_of_bytes(&key), view_of_bytes(&value), ret_secret, failure);
    }
    return finish(status, failure);
}

enum status secrets_clear(struct store *store, const struct secret_place *place,
                          struct failure *failure)
{
    char slot[CIPHER_SLOT_SIZE];
    TRANSACTION_AUTO transaction = {0};

    enum status status = slot_of(place, slot, failure);
    if (status == STATUS_OK) {
        status = transaction_begin(store, TRANSACTION_WRITE, &transaction, failure);
    }
    if (status == STATUS_OK) {
        status = items_remove(store, place->storage_key,
                              (struct view){(const uint8_t *)slot, sizeof slot}, failure);
    }
    if (status == STATUS_OK) {
        status = transaction_commit(&transaction, failure);
    }
    return finish(status, failure);
}
