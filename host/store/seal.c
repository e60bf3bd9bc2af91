/* SPDX-License-Identifier: MIT */
#include "store/seal.h"

#include "store/crypto.h"

#include <string.h>

enum { VERSION = 1, NONCE_SIZE = 12, TAG_SIZE = 16, HEADER_SIZE = 1 + NONCE_SIZE, KEY_SIZE = 32 };

static enum status derive(psa_key_id_t root, const char *purpose, uint8_t *ret_bytes, size_t size)
{
    psa_key_derivation_operation_t operation = PSA_KEY_DERIVATION_OPERATION_INIT;

    psa_status_t status = psa_key_derivation_setup(&operation, PSA_ALG_HKDF(PSA_ALG_SHA_256));
    if (status == PSA_SUCCESS) {
        status = psa_key_derivation_input_key(&operation, PSA_KEY_DERIVATION_INPUT_SECRET, root);
    }
    if (status == PSA_SUCCESS) {
        status = psa_key_derivation_input_bytes(&operation, PSA_KEY_DERIVATION_INPUT_INFO,
                                                (const uint8_t *)purpose, strlen(purpose));
    }
    if (status == PSA_SUCCESS) {
        status = psa_key_derivation_output_bytes(&operation, ret_bytes, size);
    }
    (void)psa_key_derivation_abort(&operation);
    return crypto_status(status);
}

enum status seal_init(const uint8_t root_key[SEAL_ROOT_KEY_SIZE], struct seal *ret_seal)
{
    struct seal seal = {0};
    uint8_t key[KEY_SIZE];
    psa_key_id_t root = 0;

    enum status status =
        crypto_import(PSA_KEY_TYPE_DERIVE, PSA_ALG_HKDF(PSA_ALG_SHA_256), PSA_KEY_USAGE_DERIVE,
                      (struct view){root_key, SEAL_ROOT_KEY_SIZE}, &root);
    if (status != STATUS_OK) {
        return status;
    }
    status = derive(root, "powerup-secrets sealing key, version 1", key, sizeof key);
    if (status == STATUS_OK) {
        status = derive(root, "powerup-secrets root key id, version 1", seal.root_key_id,
                        sizeof seal.root_key_id);
    }
    if (status == STATUS_OK) {
        status = crypto_import(PSA_KEY_TYPE_AES, PSA_ALG_GCM,
                               PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_DECRYPT,
                               (struct view){key, sizeof key}, &seal.key);
    }
    memory_wipe(key, sizeof key);
    enum status destroyed = crypto_status(psa_destroy_key(root));
    if (status == STATUS_OK && destroyed != STATUS_OK) {
        seal_free(&seal);
        status = destroyed;
    }
    if (status == STATUS_OK) {
        *ret_seal = seal;
    }
    return status;
}

void seal_free(struct seal *seal)
{
    (void)psa_destroy_key(seal->key); /* nothing can be done about a failure, and 0 is allowed */
    *seal = (struct seal){0};
}

static void put_length(uint8_t *out, size_t length)
{
    for (int i = 0; i < 4; i++) {
        out[i] = (uint8_t)(length >> (24 - 8 * i));
    }
}

static enum status authenticated_data(const struct view *place, size_t fields,
                                      struct bytes *ret_data)
{
    size_t size = 1;

    for (size_t i = 0; i < fields; i++) {
        size += 4 + place[i].size;
    }
    TRY(bytes_alloc(size, ret_data));
    uint8_t *out = ret_data->data;
    *out++ = VERSION;
    for (size_t i = 0; i < fields; i++) {
        put_length(out, place[i].size);
        out += 4;
        if (place[i].size > 0) {
            memcpy(out, place[i].data, place[i].size);
        }
        out += place[i].size;
    }
    return STATUS_OK;
}

enum status seal_close(const struct seal *seal, const struct view *place, size_t place_fields,
                       struct view text, struct bytes *ret_sealed)
{
    BYTES_AUTO data = {0};
    BYTES_AUTO sealed = {0};
    size_t size = 0;

    TRY(authenticated_data(place, place_fields, &data));
    TRY(bytes_alloc(HEADER_SIZE + text.size + TAG_SIZE, &sealed));
    sealed.data[0] = VERSION;
    TRY(crypto_random(sealed.data + 1, NONCE_SIZE));
    TRY(crypto_status(psa_aead_encrypt(
        seal->key, PSA_ALG_GCM, sealed.data + 1, NONCE_SIZE, data.data, data.size, text.data,
        text.size, sealed.data + HEADER_SIZE, sealed.size - HEADER_SIZE, &size)));
    MOVE(*ret_sealed, sealed);
    return STATUS_OK;
}

enum status seal_open(const struct seal *seal, const struct view *place, size_t place_fields,
                      struct view sealed, struct bytes *ret_text)
{
    BYTES_AUTO data = {0};
    BYTES_AUTO text = {0};
    size_t size = 0;

    if (sealed.size < HEADER_SIZE + TAG_SIZE || sealed.data[0] != VERSION) {
        return STATUS_DAMAGED;
    }
    TRY(authenticated_data(place, place_fields, &data));
    TRY(bytes_alloc(sealed.size - HEADER_SIZE - TAG_SIZE, &text));
    TRY(crypto_status(psa_aead_decrypt(seal->key, PSA_ALG_GCM, sealed.data + 1, NONCE_SIZE,
                                       data.data, data.size, sealed.data + HEADER_SIZE,
                                       sealed.size - HEADER_SIZE, text.data, text.size, &size)));
    MOVE(*ret_text, text);
    return STATUS_OK;
}
