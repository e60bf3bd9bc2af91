/* SPDX-License-Identifier: MIT */
#include "cli/command_context.h"
#include "cli/command_table.h"
#include "cli/print.h"
#include "trello/member_key.h"
#include "trello/secrets.h"

static struct secret_place place_of(const struct command_context *context,
                                    const struct bytes *member)
{
    return (struct secret_place){.storage_key = command_storage_key(context),
                                 .member = view_of_bytes(member),
                                 .key = command_value(context, OPTION_KEY)};
}

/* What the page gets from storeSecret, and whether a key was made. */
static enum status give_stored(struct command_context *context, const struct stored_secret *stored)
{
    struct view slot = {(const uint8_t *)stored->slot, sizeof stored->slot};

    if (!command_wants_json(context)) {
        return STATUS_OK;
    }
    TRY(command_give(context, "key", slot));
    json_set_string(context->result, "value", view_of_bytes(&stored->value));
    json_set_boolean(context->result, "madeKey", stored->made_key);
    return json_status(context->result);
}

static enum status read_secret(struct command_context *context, struct failure *failure)
{
    return command_read_input(context, OPTION_VALUE_FILE, failure);
}

static enum status run_seed(struct command_context *context, struct failure *failure)
{
    struct view secret = view_of_bytes(&context->input);
    STORED_SECRET_AUTO stored = {0};
    BYTES_AUTO member = {0};

    TRY(command_member(context, &member, failure));
    struct secret_place place = place_of(context, &member);
    TRY(secrets_store(context->store, &place, secret, secret, &stored, failure));
    if (secret.size == 0) {
        print_note(&context->notes, "the input was empty, and so is the secret");
    }
    return give_stored(context, &stored);
}

const struct command command_seed = {
    .name = "seed",
    .help = "store a secret as the page would",
    .more = "The secret is every byte of the file or of standard input, which must be UTF-8. The "
            "member's key is made if there is none. With --json the localStorage entry is printed.",
    .options =
        OPTIONS(ORIGIN_REQUIRED, REQUIRED(KEY), OPTIONAL(MEMBER), OPTIONAL(TOP_LEVEL_SITE),
                {OPTION_VALUE_FILE, false, "the file with the secret (default: standard input)"}),
    .kind = COMMAND_CHANGING,
    .prepare = read_secret,
    .run = run_seed,
};

static enum status run_reveal(struct command_context *context, struct failure *failure)
{
    BYTES_AUTO member = {0};
    BYTES_AUTO secret = {0};

    TRY(command_member(context, &member, failure));
    struct secret_place place = place_of(context, &member);
    enum status status =
        secrets_load(context->store, &place, (struct view){NULL, 0}, &secret, failure);
    if (status == STATUS_ABSENT) {
        return failure_set(failure, status, "There is no such secret of that member.");
    }
    TRY(status);
    return command_give(context, "value", view_of_bytes(&secret));
}

const struct command command_reveal = {
    .name = "reveal",
    .help = "decrypt and print one secret",
    .more = "Its bytes are printed as they are; only on a terminal a line end follows, and what is "
            "invisible there, except for line ends and tabs, is printed as \\u escapes.",
    .options = OPTIONS(ORIGIN_REQUIRED, REQUIRED(KEY), OPTIONAL(MEMBER), OPTIONAL(TOP_LEVEL_SITE)),
    .kind = COMMAND_READING,
    .decrypts = true,
    .run = run_reveal,
};

static enum status run_rotate_key(struct command_context *context, struct failure *failure)
{
    BYTES_AUTO member = {0};

    TRY(command_member(context, &member, failure));
    return member_key_rotate(context->store, command_origin(context), view_of_bytes(&member),
                             failure);
}

const struct command command_rotate_key = {
    .name = "rotate-key",
    .help = "replace the member's key by another valid one",
    .more = "The same happens in Trello when a second browser stores a secret after "
            "remove-personal-settings: what was stored before no longer decrypts. A member without "
            "a key gets one.",
    .options = OPTIONS(ORIGIN_REQUIRED, OPTIONAL(MEMBER)),
    .kind = COMMAND_CHANGING,
    .run = run_rotate_key,
};
