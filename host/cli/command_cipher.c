/* SPDX-License-Identifier: MIT */
/* Encryption and decryption by hand, with a key and without a store. */
#include "base/hex.h"
#include "cli/command_context.h"
#include "cli/command_table.h"
#include "store/crypto.h"
#include "trello/cipher.h"

/* The key of --key, which must be one that Trello's library can use. */
static enum status read_key(const struct command_context *context, struct bytes *ret_key,
                            struct failure *failure)
{
    BYTES_AUTO key = {0};

    enum status status = hex_decode(command_value(context, OPTION_KEY), &key);
    if (status == STATUS_NO_MEMORY) {
        return status;
    }
    if (status != STATUS_OK || (key.size != 16 && key.size != CIPHER_KEY_SIZE)) {
        return failure_set(failure, STATUS_BAD_REQUEST,
                           "--key: It must be an AES key in hex, 64 digits (or 32).");
    }
    MOVE(*ret_key, key);
    return STATUS_OK;
}

static enum status run_encrypt(struct command_context *context, struct failure *failure)
{
    BYTES_AUTO key = {0};
    BYTES_AUTO iv = {0};
    BYTES_AUTO value = {0};

    TRY(read_key(context, &key, failure));
    TRY(command_read_input(context, OPTION_VALUE_FILE, failure));
    struct view secret = view_of_bytes(&context->input);
    TRY(crypto_start());
    TRY(cipher_random(CIPHER_IV_SIZE, &iv));
    TRY(cipher_encrypt(view_of_bytes(&key), view_of_bytes(&iv), secret, secret, &value, failure));
    return command_give(context, "value", view_of_bytes(&value));
}

const struct command command_encrypt = {
    .name = "encrypt",
    .help = "encrypt a secret as Trello's library does",
    .more = "Prints initialization vector and ciphertext in hex, as they are in localStorage.",
    .options =
        OPTIONS({OPTION_KEY, true, "the member's AES key in hex"},
                {OPTION_VALUE_FILE, false, "the file with the secret (default: standard input)"}),
    .kind = COMMAND_PLAIN,
    .run = run_encrypt,
};

/* The value to decrypt, which lasts as long as the context. */
static enum status read_value(struct command_context *context, struct view *ret_value,
                              struct failure *failure)
{
    struct view value = {NULL, 0};

    if (context->word_count > 0) {
        value = view_of_text(context->words[0]);
    } else {
        TRY(command_read_input(context, OPTION_VALUE_FILE, failure));
        value = view_of_bytes(&context->input);
    }
    /* What a shell or an editor adds at the end of a line. */
    while (value.size > 0 && value.data[value.size - 1] == '\n') {
        value.size--;
    }
    *ret_value = value;
    return STATUS_OK;
}

static enum status run_decrypt(struct command_context *context, struct failure *failure)
{
    struct view value;
    BYTES_AUTO key = {0};
    BYTES_AUTO secret = {0};

    TRY(read_key(context, &key, failure));
    if (context->word_count > 0 && arguments_have(context->arguments, OPTION_VALUE_FILE)) {
        return failure_set(failure, STATUS_BAD_REQUEST,
                           "Give the value either as VALUE or with --value-file.");
    }
    TRY(read_value(context, &value, failure));
    TRY(crypto_start());
    TRY(cipher_decrypt(view_of_bytes(&key), value, &secret, failure));
    return command_give(context, "value", view_of_bytes(&secret));
}

const struct command command_decrypt = {
    .name = "decrypt",
    .arguments = "[VALUE]",
    .words_min = 0,
    .words_max = 1,
    .help = "decrypt a value that Trello's library made",
    .more = "VALUE is what is in the browser's localStorage (hex;hex).",
    .options =
        OPTIONS({OPTION_KEY, true, "the member's AES key in hex"},
                {OPTION_VALUE_FILE, false,
                 "the file with the value, if VALUE is not given (default: standard input)"}),
    .kind = COMMAND_PLAIN,
    .decrypts = true,
    .run = run_decrypt,
};
