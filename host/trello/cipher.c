/* SPDX-License-Identifier: MIT */
#include "trello/cipher.h"

#include "base/hex.h"
#include "base/utf8.h"
#include "store/crypto.h"

#include <string.h>

/* PSA writes at most the input and one block more. */
#define BLOCK_SIZE 16

static void abort_hash(psa_hash_operation_t *operation)
{
    (void)psa_hash_abort(operation);
}

static enum status sha256_hex(const struct view *parts, size_t count,
                              char ret_digits[CIPHER_DIGEST_DIGITS])
{
    __attribute__((cleanup(abort_hash))) psa_hash_operation_t operation = PSA_HASH_OPERATION_INIT;
    uint8_t digest[CRYPTO_SHA256_SIZE];
    size_t size = 0;

    TRY(crypto_status(psa_hash_setup(&operation, PSA_ALG_SHA_256)));
    for (size_t i = 0; i < count; i++) {
        TRY(crypto_status(psa_hash_update(&operation, parts[i].data, parts[i].size)));
    }
    TRY(crypto_status(psa_hash_finish(&operation, digest, sizeof digest, &size)));
    hex_encode((struct view){digest, sizeof digest}, ret_digits);
    memory_wipe(digest, sizeof digest);
    return STATUS_OK;
}

enum status cipher_slot(struct view member, struct view key, char ret_slot[CIPHER_SLOT_SIZE])
{
    const struct view parts[] = {member, view_of_text(":"), key};

    return sha256_hex(parts, 3, ret_slot);
}

enum status cipher_check_slot(struct view slot, struct failure *failure)
{
    bool fits = slot.size == CIPHER_SLOT_SIZE;

    for (size_t i = 0; fits && i < slot.size; i++) {
        uint8_t digit = slot.data[i];
        fits = (digit >= '0' && digit <= '9') || (digit >= 'a' && digit <= 'f');
    }
    return fits ? STATUS_OK
                : failure_set(failure, STATUS_BAD_REQUEST,
                              "A slot must be %d lower-case hex digits.", CIPHER_SLOT_SIZE);
}

static enum status hex_or_error(struct view digits, struct bytes *ret_bytes,
                                struct failure *failure)
{
    enum status status = hex_decode(digits, ret_bytes);

    return status == STATUS_ABSENT
               ? failure_library(failure, "Error", "Error", false, "Invalid hexString")
               : failure_explain(failure, status);
}

enum status cipher_key_parse(struct view digits, struct bytes *ret_key, struct failure *failure)
{
    return hex_or_error(digits, ret_key, failure);
}

enum status cipher_random(size_t size, struct bytes *ret_bytes)
{
    BYTES_AUTO random = {0};

    TRY(bytes_alloc(size, &random));
    TRY(crypto_random(random.data, random.size));
    MOVE(*ret_bytes, random);
    return STATUS_OK;
}

/* WebCrypto's errors for keys that it does not import. */
static enum status check_key_size(struct view key, struct failure *failure)
{
    switch (key.size) {
    case 16:
    case 32:
        return STATUS_OK;
    case 24:
        return failure_library(failure, "DOMException", "OperationError", false,
                               "192-bit AES keys are not supported");
    default:
        return failure_library(failure, "DOMException", "DataError", false,
                               "AES key data must be 128 or 256 bits");
    }
}

static void abort_cipher(psa_cipher_operation_t *operation)
{
    (void)psa_cipher_abort(operation);
}

/* The ciphertext of head and tail, or the plaintext of head when not encrypting. */
static enum status run_cipher(bool encrypting, struct view key, struct view iv, struct view head,
                              struct view tail, struct bytes *ret_output)
{
    KEY_AUTO key_id = 0;
    __attribute__((cleanup(abort_cipher))) psa_cipher_operation_t operation =
        PSA_CIPHER_OPERATION_INIT;
    BYTES_AUTO output = {0};
    size_t used = 0;
    size_t size = 0;

    TRY(bytes_alloc(head.size + tail.size + BLOCK_SIZE, &output));
    TRY(crypto_import(PSA_KEY_TYPE_AES, PSA_ALG_CBC_PKCS7,
                      encrypting ? PSA_KEY_USAGE_ENCRYPT : PSA_KEY_USAGE_DECRYPT, key, &key_id));
    TRY(crypto_status(encrypting
                          ? psa_cipher_encrypt_setup(&operation, key_id, PSA_ALG_CBC_PKCS7)
                          : psa_cipher_decrypt_setup(&operation, key_id, PSA_ALG_CBC_PKCS7)));
    TRY(crypto_status(psa_cipher_set_iv(&operation, iv.data, iv.size)));
    TRY(crypto_status(
        psa_cipher_update(&operation, head.data, head.size, output.data, output.size, &size)));
    used += size;
    if (tail.size > 0) {
        TRY(crypto_status(psa_cipher_update(&operation, tail.data, tail.size, output.data + used,
                                            output.size - used, &size)));
        used += size;
    }
    TRY(crypto_status(
        psa_cipher_finish(&operation, output.data + used, output.size - used, &size)));
    used += size;
    /* A block of the plaintext may be left behind its end. */
    memory_wipe(output.data + used, output.size - used);
    output.size = used;
    MOVE(*ret_output, output);
    return STATUS_OK;
}

enum status cipher_encrypt(struct view key, struct view iv, struct view digest_of,
                           struct view secret, struct bytes *ret_value, struct failure *failure)
{
    char digest[CIPHER_DIGEST_DIGITS];
    BYTES_AUTO ciphertext = {0};

    TRY(check_key_size(key, failure));
    TRY(failure_explain(failure, sha256_hex(&digest_of, 1, digest)));
    enum status status = run_cipher(true, key, iv, (struct view){(uint8_t *)digest, sizeof digest},
                                    secret, &ciphertext);
    memory_wipe(digest, sizeof digest);
    TRY(failure_explain(failure, status));
    TRY(failure_explain(failure, bytes_alloc(2 * iv.size + 1 + 2 * ciphertext.size, ret_value)));
    hex_encode(iv, (char *)ret_value->data);
    ret_value->data[2 * iv.size] = ';';
    hex_encode(view_of_bytes(&ciphertext), (char *)ret_value->data + 2 * iv.size + 1);
    return STATUS_OK;
}

/* Whether a decrypted text starts with the digest of what follows it. */
static enum status check_digest(struct view text, bool *ret_intact)
{
    char digest[CIPHER_DIGEST_DIGITS];

    if (text.size < CIPHER_DIGEST_DIGITS) {
        *ret_intact = false;
        return STATUS_OK;
    }
    struct view secret = {text.data + CIPHER_DIGEST_DIGITS, text.size - CIPHER_DIGEST_DIGITS};
    TRY(sha256_hex(&secret, 1, digest));
    *ret_intact = memcmp(digest, text.data, sizeof digest) == 0;
    memory_wipe(digest, sizeof digest);
    return STATUS_OK;
}

/* The secret inside a decrypted plaintext. */
static enum status open_plaintext(struct view plaintext, struct bytes *ret_secret,
                                  struct failure *failure)
{
    BYTES_AUTO text = {0};
    bool intact = false;

    TRY(failure_explain(failure, utf8_decode(plaintext, &text)));
    TRY(failure_explain(failure, check_digest(view_of_bytes(&text), &intact)));
    if (!intact) {
        return failure_library(failure, "Error", "Error", false,
                               "Decryption failed. Unable to validate integrity.");
    }
    struct view secret = {text.data + CIPHER_DIGEST_DIGITS, text.size - CIPHER_DIGEST_DIGITS};
    return failure_explain(failure, bytes_copy(secret, ret_secret));
}

enum status cipher_decrypt(struct view key, struct view value, struct bytes *ret_secret,
                           struct failure *failure)
{
    const uint8_t *separator = value.size > 0 ? memchr(value.data, ';', value.size) : NULL;
    size_t iv_digits = separator != NULL ? (size_t)(separator - value.data) : value.size;
    size_t rest = separator != NULL ? iv_digits + 1 : value.size;
    BYTES_AUTO iv = {0};
    BYTES_AUTO ciphertext = {0};
    BYTES_AUTO plaintext = {0};

    TRY(check_key_size(key, failure));
    TRY(hex_or_error((struct view){value.data, iv_digits}, &iv, failure));
    TRY(hex_or_error((struct view){value.data + rest, value.size - rest}, &ciphertext, failure));
    if (iv.size != CIPHER_IV_SIZE) {
        return failure_library(failure, "Error", "Error", true,
                               "Decryption failed. Message: The \"iv\" has an unexpected length "
                               "-- must be 16 bytes");
    }
    enum status status =
        ciphertext.size % BLOCK_SIZE != 0
            ? STATUS_DAMAGED
            : run_cipher(false, key, view_of_bytes(&iv), view_of_bytes(&ciphertext),
                         (struct view){NULL, 0}, &plaintext);
    if (status == STATUS_DAMAGED) {
        return failure_library(failure, "Error", "Error", true, "Decryption failed. Message: ");
    }
    TRY(failure_explain(failure, status));
    return open_plaintext(view_of_bytes(&plaintext), ret_secret, failure);
}
