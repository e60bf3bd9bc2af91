/* SPDX-License-Identifier: MIT */
#include "store/seal.h"

#include "store/crypto.h"

#include <string.h>

enum { VERSION = 1, NONCE_SIZE = 12, TAG_SIZE = 16, HEADER_SIZE = 1 + NONCE_SIZE, KEY_SIZE = 32 };

static void abort_derivation(psa_key_derivation_operation_t *operation)
{
    (void)psa_key_derivation_abort(operation);
}

static enum status derive(psa_key_id_t root, const char *purpose, uint8_t *ret_bytes, size_t size)
{
    __attribute__((cleanup(abort_derivation))) psa_key_derivation_operation_t operation =
        PSA_KEY_DERIVATION_OPERATION_INIT;

    TRY(crypto_status(psa_key_derivation_setup(&operation, PSA_ALG_HKDF(PSA_ALG_SHA_256))));
    TRY(crypto_status(
        psa_key_derivation_input_key(&operation, PSA_KEY_DERIVATION_INPUT_SECRET, root)));
    TRY(crypto_status(psa_key_derivation_input_bytes(&operation, PSA_KEY_DERIVATION_INPUT_INFO,
                                                     (const uint8_t *)purpose, strlen(purpose))));
    return crypto_status(psa_key_derivation_output_bytes(&operation, ret_bytes, size));
}

enum status seal_init(const uint8_t root_key[SEAL_ROOT_KEY_SIZE], struct seal *ret_seal)
{
    struct seal seal = {0};
    KEY_AUTO root = 0;
    BYTES_AUTO key = {0};

    TRY(bytes_alloc(KEY_SIZE, &key));
    TRY(crypto_import(PSA_KEY_TYPE_DERIVE, PSA_ALG_HKDF(PSA_ALG_SHA_256), PSA_KEY_USAGE_DERIVE,
                      (struct view){root_key, SEAL_ROOT_KEY_SIZE}, &root));
    TRY(derive(root, "powerup-secrets sealing key, version 1", key.data, key.size));
    TRY(derive(root, "powerup-secrets root key id, version 1", seal.root_key_id,
               sizeof seal.root_key_id));
    TRY(crypto_import(PSA_KEY_TYPE_AES, PSA_ALG_GCM, PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_DECRYPT,
                      view_of_bytes(&key), &seal.key));
    *ret_seal = seal;
    return STATUS_OK;
}

void seal_free(struct seal *seal)
{
    crypto_destroy_key(&seal->key);
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
