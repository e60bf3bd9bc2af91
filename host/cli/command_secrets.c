/* SPDX-License-Identifier: MIT */
#include "base/hex.h"
#include "cli/command_context.h"
#include "store/crypto.h"
#include "store/transaction.h"
#include "trello/member_key.h"
#include "trello/secrets.h"

static struct secret_place place_of(const struct command_context *context,
                                    const struct bytes *member)
{
    return (struct secret_place){command_storage_key(context), view_of_bytes(member),
                                 command_value(context, OPTION_KEY)};
}

/* What the page gets from storeSecret, and whether a key was made. */
static enum status give_stored(struct command_context *context, const struct stored_secret *stored,
                               struct failure *failure)
{
    struct view slot = {(const uint8_t *)stored->slot, sizeof stored->slot};

    if (!command_wants_json(context)) {
        return STATUS_OK;
    }
    context->result = json_object_new_object();
    return context->result != NULL && json_add_string(context->result, "key", slot) == STATUS_OK &&
                   json_add_string(context->result, "value", view_of_bytes(&stored->value)) ==
                       STATUS_OK &&
                   json_add_boolean(context->result, "madeKey", stored->made_key) == STATUS_OK
               ? STATUS_OK
               : command_no_memory(failure);
}

enum status command_seed(struct command_context *context, struct failure *failure)
{
    STORED_SECRET_AUTO stored = {0};
    BYTES_AUTO secret = {0};
    BYTES_AUTO member = {0};

    TRY(command_content(context, OPTION_VALUE_FILE, &secret, failure));
    TRY(command_open(context, failure));
    TRY(command_member(context, &member, failure));
    struct secret_place place = place_of(context, &member);
    TRY(secrets_store(context->store, &place, view_of_bytes(&secret), view_of_bytes(&secret),
                      &stored, failure));
    TRY(give_stored(context, &stored, failure));
    return command_apply(context, failure);
}

enum status command_reveal(struct command_context *context, struct failure *failure)
{
    BYTES_AUTO member = {0};
    BYTES_AUTO secret = {0};

    enum status status = command_open(context, failure);
    if (status == STATUS_OK) {
        status = command_apply(context, failure);
    }
    if (status == STATUS_OK) {
        status = command_member(context, &member, failure);
    }
    if (status == STATUS_OK) {
        struct secret_place place = place_of(context, &member);
        status = secrets_load(context->store, &place, (struct view){NULL, 0}, &secret, failure);
    }
    if (status == STATUS_ABSENT) {
        failure_set(failure, status, "There is no such secret of that member.");
    }
    return status == STATUS_OK ? command_give(context, "value", view_of_bytes(&secret), failure)
                               : status;
}

static enum status rotate(struct command_context *context, struct view member,
                          struct failure *failure)
{
    TRANSACTION_AUTO transaction = {0};

    enum status status =
        transaction_begin(context->store, TRANSACTION_WRITE, &transaction, failure);
    if (status == STATUS_OK) {
        status = member_key_rotate(context->store, command_origin(context), member, failure);
    }
    return status == STATUS_OK ? transaction_commit(&transaction, failure) : status;
}

enum status command_rotate_key(struct command_context *context, struct failure *failure)
{
    BYTES_AUTO member = {0};

    enum status status = command_open(context, failure);
    if (status == STATUS_OK) {
        status = command_member(context, &member, failure);
    }
    if (status == STATUS_OK) {
        status = rotate(context, view_of_bytes(&member), failure);
    }
    if (status == STATUS_ABSENT) {
        failure_set(failure, status, "The member has no key yet.");
    }
    return status == STATUS_OK ? command_apply(context, failure) : status;
}

/* The key of --key, which must be one that Trello's library can use. */
static enum status read_key(const struct command_context *context, struct bytes *ret_key,
                            struct failure *failure)
{
    BYTES_AUTO key = {0};

    enum status status = hex_decode(command_value(context, OPTION_KEY), &key);
    if (status == STATUS_NO_MEMORY) {
        return command_no_memory(failure);
    }
    if (status != STATUS_OK || (key.size != 16 && key.size != CIPHER_KEY_SIZE)) {
        return failure_set(failure, STATUS_BAD_REQUEST,
                           "--key: It must be an AES key in hex, 64 digits (or 32).");
    }
    MOVE(*ret_key, key);
    return STATUS_OK;
}

static enum status start_crypto(struct failure *failure)
{
    enum status status = crypto_start();

    return status == STATUS_OK ? status
                               : failure_set(failure, status, "%s", status_sentence(status));
}

enum status command_encrypt(struct command_context *context, struct failure *failure)
{
    BYTES_AUTO key = {0};
    BYTES_AUTO iv = {0};
    BYTES_AUTO secret = {0};
    BYTES_AUTO value = {0};

    enum status status = read_key(context, &key, failure);
    if (status == STATUS_OK) {
        status = command_content(context, OPTION_VALUE_FILE, &secret, failure);
    }
    if (status == STATUS_OK) {
        status = start_crypto(failure);
    }
    if (status == STATUS_OK) {
        status = cipher_random(CIPHER_IV_SIZE, &iv);
        if (status != STATUS_OK) {
            status = failure_set(failure, status, "%s", status_sentence(status));
        }
    }
    if (status == STATUS_OK) {
        status = cipher_encrypt(view_of_bytes(&key), view_of_bytes(&iv), view_of_bytes(&secret),
                                view_of_bytes(&secret), &value, failure);
    }
    return status == STATUS_OK ? command_give(context, "value", view_of_bytes(&value), failure)
                               : status;
}

enum status command_decrypt(struct command_context *context, struct failure *failure)
{
    BYTES_AUTO key = {0};
    BYTES_AUTO content = {0};
    BYTES_AUTO secret = {0};

    TRY(read_key(context, &key, failure));
    if (context->word_count > 0 && arguments_have(context->arguments, OPTION_VALUE_FILE)) {
        return failure_set(failure, STATUS_BAD_REQUEST,
                           "Give the value either as VALUE or with --value-file.");
    }
    if (context->word_count == 0) {
        TRY(command_content(context, OPTION_VALUE_FILE, &content, failure));
    }
    TRY(start_crypto(failure));
    struct view value =
        context->word_count == 0 ? view_of_bytes(&content) : view_of_text(context->words[0]);
    /* What a shell or an editor puts behind a line. */
    while (value.size > 0 && value.data[value.size - 1] == '\n') {
        value.size--;
    }
    TRY(cipher_decrypt(view_of_bytes(&key), value, &secret, failure));
    return command_give(context, "value", view_of_bytes(&secret), failure);
}
