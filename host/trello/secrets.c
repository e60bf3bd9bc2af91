/* SPDX-License-Identifier: MIT */
#include "trello/secrets.h"

#include "base/hex.h"
#include "store/settings.h"
#include "store/transaction.h"
#include "trello/member_key.h"

#include <string.h>

void stored_secret_free(struct stored_secret *stored)
{
    bytes_wipe(&stored->value);
}

static struct view slot_view(const char slot[CIPHER_SLOT_SIZE])
{
    return (struct view){(const uint8_t *)slot, CIPHER_SLOT_SIZE};
}

static enum status find_slot(const struct secret_place *place, char ret_slot[CIPHER_SLOT_SIZE],
                             struct failure *failure)
{
    if (place->slot.data == NULL) {
        return failure_explain(failure, cipher_slot(place->member, place->key, ret_slot));
    }
    TRY(cipher_check_slot(place->slot, failure));
    memcpy(ret_slot, place->slot.data, CIPHER_SLOT_SIZE);
    return STATUS_OK;
}

static enum status encrypt(struct view key, struct view digest_of, struct view secret,
                           struct bytes *ret_value, struct failure *failure)
{
    BYTES_AUTO iv = {0};

    TRY(failure_explain(failure, cipher_random(CIPHER_IV_SIZE, &iv)));
    return cipher_encrypt(key, view_of_bytes(&iv), digest_of, secret, ret_value, failure);
}

enum status secrets_store(struct store *store, const struct secret_place *place,
                          struct view digest_of, struct view secret,
                          struct stored_secret *ret_stored, struct failure *failure)
{
    TRANSACTION_AUTO transaction = {0};
    STORED_SECRET_AUTO stored = {0};
    BYTES_AUTO key = {0};

    TRY(find_slot(place, stored.slot, failure));
    TRY(transaction_begin(store, TRANSACTION_WRITE, &transaction, failure));
    TRY(member_key_get_or_make(store, place->storage_key.origin, place->member, &key,
                               &stored.made_key, failure));
    TRY(encrypt(view_of_bytes(&key), digest_of, secret, &stored.value, failure));
    TRY(items_set(store, place->storage_key, slot_view(stored.slot), view_of_bytes(&stored.value),
                  failure));
    TRY(transaction_commit(&transaction, failure));
    MOVE(*ret_stored, stored);
    return STATUS_OK;
}

static enum status read_value(struct store *store, const struct secret_place *place,
                              struct bytes *ret_value, struct failure *failure)
{
    char slot[CIPHER_SLOT_SIZE];

    TRY(find_slot(place, slot, failure));
    return items_get(store, place->storage_key, slot_view(slot), ret_value, failure);
}

/* The key for an item that is there. */
static enum status read_key(struct store *store, const struct secret_place *place,
                            struct bytes *ret_key, struct failure *failure)
{
    enum fidelity fidelity = FIDELITY_DOCUMENTED;

    enum status status =
        member_key_get(store, place->storage_key.origin, place->member, ret_key, failure);
    if (status != STATUS_ABSENT) {
        return status;
    }
    TRY(settings_fidelity(store, place->storage_key.origin, &fidelity, failure));
    return fidelity == FIDELITY_LIBRARY
               ? STATUS_ABSENT
               : failure_library(failure, "Error", "Error", true, "Decryption failed. Message: ");
}

enum status secrets_load(struct store *store, const struct secret_place *place, struct view value,
                         struct bytes *ret_secret, struct failure *failure)
{
    TRANSACTION_AUTO transaction = {0};
    BYTES_AUTO kept = {0};
    BYTES_AUTO key = {0};

    TRY(transaction_begin(store, TRANSACTION_READ, &transaction, failure));
    if (value.data == NULL) {
        TRY(read_value(store, place, &kept, failure));
        value = view_of_bytes(&kept);
    }
    if (value.size == 0) {
        return STATUS_ABSENT;
    }
    TRY(read_key(store, place, &key, failure));
    return cipher_decrypt(view_of_bytes(&key), value, ret_secret, failure);
}

enum status secrets_clear(struct store *store, const struct secret_place *place,
                          struct failure *failure)
{
    char slot[CIPHER_SLOT_SIZE];
    TRANSACTION_AUTO transaction = {0};

    TRY(find_slot(place, slot, failure));
    TRY(transaction_begin(store, TRANSACTION_WRITE, &transaction, failure));
    TRY(items_remove(store, place->storage_key, slot_view(slot), failure));
    return transaction_commit(&transaction, failure);
}

/* The key that a hex text stands for, or a new one, with its text. */
static enum status choose_key(struct view aescbc, struct bytes *ret_key, struct bytes *ret_aescbc,
                              struct failure *failure)
{
    if (aescbc.size > 0) {
        TRY(cipher_key_parse(aescbc, ret_key, failure));
        return failure_explain(failure, bytes_copy(aescbc, ret_aescbc));
    }
    TRY(failure_explain(failure, cipher_random(CIPHER_KEY_SIZE, ret_key)));
    TRY(failure_explain(failure, bytes_alloc(2 * ret_key->size, ret_aescbc)));
    hex_encode(view_of_bytes(ret_key), (char *)ret_aescbc->data);
    return STATUS_OK;
}

enum status secrets_encrypt(const struct secret_place *place, struct view aescbc,
                            struct view digest_of, struct view secret,
                            struct stored_secret *ret_stored, struct bytes *ret_aescbc,
                            struct failure *failure)
{
    STORED_SECRET_AUTO stored = {.made_key = aescbc.size == 0};
    BYTES_AUTO key_bytes = {0};
    BYTES_AUTO key_text = {0};

    TRY(find_slot(place, stored.slot, failure));
    TRY(choose_key(aescbc, &key_bytes, &key_text, failure));
    TRY(encrypt(view_of_bytes(&key_bytes), digest_of, secret, &stored.value, failure));
    MOVE(*ret_stored, stored);
    MOVE(*ret_aescbc, key_text);
    return STATUS_OK;
}

enum status secrets_decrypt(struct view aescbc, struct view value, struct bytes *ret_secret,
                            struct failure *failure)
{
    BYTES_AUTO key = {0};

    TRY(cipher_key_parse(aescbc, &key, failure));
    return cipher_decrypt(view_of_bytes(&key), value, ret_secret, failure);
}
