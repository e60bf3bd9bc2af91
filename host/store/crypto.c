/* SPDX-License-Identifier: MIT */
#include "store/crypto.h"

enum status crypto_status(psa_status_t status)
{
    switch (status) {
    case PSA_SUCCESS:
        return STATUS_OK;
    case PSA_ERROR_INSUFFICIENT_MEMORY:
        return STATUS_NO_MEMORY;
    case PSA_ERROR_INVALID_SIGNATURE:
    case PSA_ERROR_INVALID_PADDING:
        return STATUS_DAMAGED;
    default:
        return STATUS_CRYPTO_FAILED;
    }
}

enum status crypto_start(void)
{
    return crypto_status(psa_crypto_init());
}

enum status crypto_random(void *ret_bytes, size_t size)
{
    return crypto_status(psa_generate_random(ret_bytes, size));
}

enum status crypto_import(psa_key_type_t type, psa_algorithm_t algorithm, psa_key_usage_t usage,
                          struct view key, psa_key_id_t *ret_key)
{
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;

    psa_set_key_type(&attributes, type);
    psa_set_key_algorithm(&attributes, algorithm);
    psa_set_key_usage_flags(&attributes, usage);
    return crypto_status(psa_import_key(&attributes, key.data, key.size, ret_key));
}

void crypto_destroy_key(psa_key_id_t *key)
{
    (void)psa_destroy_key(*key); /* nothing can be done about a failure, and 0 is allowed */
    *key = 0;
}
