/* SPDX-License-Identifier: MIT */
#include "cli/batch.h"

#include "base/request.h"
#include "base/text_list.h"
#include "cli/command_ask.h"
#include "cli/command_context.h"
#include "cli/command_table.h"
#include "store/transaction.h"

#include <stdlib.h>

enum { COMMANDS_MAX = 10000, ARGUMENTS_MAX = 64 };

struct entry {
    struct text_list texts;
    struct arguments arguments;
    struct command_context context;
};

struct batch {
    struct json_object *commands; /* whose input the entries point to */
    struct entry *entries;
    size_t count;
};

void batch_free(void *own)
{
    struct batch *batch = own;

    for (size_t i = 0; i < batch->count; i++) {
        struct entry *entry = &batch->entries[i];
        entry->context.store = NULL; /* the caller's */
        command_context_free(&entry->context);
        arguments_free(&entry->arguments);
        text_list_free(&entry->texts);
    }
    free(batch->entries);
    json_put(&batch->commands);
    free(batch);
}

static void free_owned(struct batch **batch)
{
    if (*batch != NULL) {
        batch_free(*batch);
    }
}

/* Says which command failed. */
static enum status blame(size_t at, const struct entry *entry, enum status status,
                         struct failure *why, struct failure *failure)
{
    const struct command *command = entry->context.command;

    if (why->message[0] == '\0') {
        failure_explain(why, status);
    }
    *failure = *why;
    BUFFER_AUTO message = {0};
    if (command != NULL) {
        buffer_print(&message, "command %zu, %s: %s", at + 1, command->name, why->message);
    } else {
        buffer_print(&message, "command %zu: %s", at + 1, why->message);
    }
    return buffer_status(&message) == STATUS_OK
               ? failure_set(failure, status, "%.*s", (int)message.size, (const char *)message.data)
               : failure_no_memory(failure);
}

/* What the batch says for all of its commands. */
static enum status check_own_options(const struct arguments *arguments, struct failure *failure)
{
    static const enum option of_batch[] = {OPTION_STATE, OPTION_JSON,    OPTION_TIMEOUT,
                                           OPTION_WAIT,  OPTION_VERSION, OPTION_HELP};

    for (size_t i = 0; i < sizeof of_batch / sizeof of_batch[0]; i++) {
        if (arguments_have(arguments, of_batch[i])) {
            return failure_set(failure, STATUS_BAD_REQUEST,
                               "--%s is not for one command of a batch, only for all together.",
                               option_rows[of_batch[i]].name);
        }
    }
    return STATUS_OK;
}

static enum status read_entry(struct json_object *row, struct entry *entry, struct failure *failure)
{
    static const struct member members[] = {
        {"arguments", json_type_array, MEMBER_REQUIRED},
        {"input", json_type_string, MEMBER_LARGE},
        MEMBERS_END,
    };
    struct command_context *context = &entry->context;

    if (!json_object_is_type(row, json_type_object)) {
        return failure_set(failure, STATUS_BAD_REQUEST,
                           "It must be an object {\"arguments\": [...], \"input\": ...}.");
    }
    TRY(request_check("batch", members, row, failure));
    TRY(text_list_of("powerup-secrets", json_object_object_get(row, "arguments"), ARGUMENTS_MAX,
                     &entry->texts, failure));
    TRY(arguments_parse((int)entry->texts.count, (char **)(uintptr_t)entry->texts.texts,
                        &entry->arguments, failure));
    context->arguments = &entry->arguments;
    struct view input = request_string(row, "input");
    context->given_input = input.data != NULL ? input : view_of_text("");
    TRY(command_choose(context, failure));
    TRY(check_own_options(&entry->arguments, failure));
    context->kind = context->command->kind;
    if (context->command->prepare != NULL && context->command != &command_batch) {
        TRY(context->command->prepare(context, failure));
    }
    if (((unsigned)context->kind & STEP_WRITE) == 0 || context->command == &command_batch) {
        return failure_set(failure, STATUS_BAD_REQUEST,
                           "A batch has commands that change something and ask no page; run this "
                           "one by itself.");
    }
    return STATUS_OK;
}

enum status batch_read(struct view text, struct batch **ret_batch, enum command_kind *ret_kind,
                       struct failure *failure)
{
    __attribute__((cleanup(free_owned))) struct batch *batch = memory_new(1, sizeof *batch);
    unsigned kind = COMMAND_CHANGING;

    if (batch == NULL) {
        return failure_no_memory(failure);
    }
    struct failure why = {0};
    enum status parsed = json_text_parse(text, &batch->commands, &why);
    if (parsed != STATUS_OK && parsed != STATUS_BAD_JSON) {
        *failure = why;
        return parsed;
    }
    if (!json_object_is_type(batch->commands, json_type_array) ||
        json_object_array_length(batch->commands) > COMMANDS_MAX) {
        const char *reason = text.size > 0 && parsed != STATUS_OK ? why.message : "";
        return failure_set(failure, STATUS_BAD_REQUEST,
                           "A batch must be a JSON array of at most %d objects {\"arguments\": "
                           "[...], \"input\": ...}.%s%s",
                           COMMANDS_MAX, reason[0] != '\0' ? " " : "", reason);
    }
    size_t count = json_object_array_length(batch->commands);
    batch->entries = memory_new(count + 1, sizeof *batch->entries);
    if (batch->entries == NULL) {
        return failure_no_memory(failure);
    }
    for (size_t i = 0; i < count; i++) {
        struct entry *entry = &batch->entries[batch->count++];
        why = (struct failure){0};
        enum status status = read_entry(json_object_array_get_idx(batch->commands, i), entry, &why);
        if (status != STATUS_OK) {
            return blame(i, entry, status, &why, failure);
        }
        kind |= (unsigned)entry->context.kind;
    }
    *ret_kind = (enum command_kind)kind;
    MOVE(*ret_batch, batch);
    return STATUS_OK;
}

/* A transaction of its own within the caller's, so that each command sees what those before it did.
 */
static enum status run_entry(struct entry *entry, struct command_context *batch,
                             struct failure *failure)
{
    TRANSACTION_AUTO transaction = {0};
    struct command_context *context = &entry->context;

    context->store = batch->store;
    context->in_transaction = true;
    TRY(transaction_begin(context->store, TRANSACTION_WRITE, &transaction, failure));
    TRY(context->command->run(context, failure));
    buffer_join(&batch->notes, &context->notes);
    return transaction_commit(&transaction, failure);
}

/* The pages of a command's origins, or all. *all: some command has concerned all. */
static enum status concern(const struct command_context *context, struct command_context *batch,
                           bool *all)
{
    struct view origin = command_value(context, OPTION_ORIGIN);

    if (origin.size > 0) {
        TRY(command_concern(batch, origin));
    }
    if (origin.size == 0 && context->origins == NULL) {
        *all = true;
    }
    for (size_t i = 0; context->origins != NULL && i < json_object_array_length(context->origins);
         i++) {
        TRY(command_concern(batch,
                            json_string_view(json_object_array_get_idx(context->origins, i))));
    }
    return STATUS_OK;
}

enum status batch_run(struct batch *batch, struct command_context *context, struct failure *failure)
{
    bool all = false;

    for (size_t i = 0; i < batch->count; i++) {
        struct entry *entry = &batch->entries[i];
        struct failure why = {0};
        enum status status = run_entry(entry, context, &why);
        if (status != STATUS_OK) {
            return blame(i, entry, status, &why, failure);
        }
        TRY(failure_explain(failure, concern(&entry->context, context, &all)));
    }
    if (all) {
        json_put(&context->origins);
    }
    return STATUS_OK;
}
