/* SPDX-License-Identifier: MIT */
#include "cli/command_context.h"
#include "cli/command_invoke.h"
#include "cli/command_table.h"
#include "cli/print.h"
#include "store/plugin_data.h"
#include "store/transaction.h"
#include "trello/default_context.h"

/* What a page's handler is called with: the context of the member. The caller owns *ret_args. */
static enum status arguments_for(struct view member, struct json_object **ret_args)
{
    JSON_AUTO(args) = json_object_new_array();
    JSON_AUTO(first) = json_object_new_object();
    JSON_AUTO(context) = default_context(member);

    json_set(first, "context", &context);
    json_push(args, &first);
    TRY(json_status(args));
    MOVE(*ret_args, args);
    return STATUS_OK;
}

/* A handler that fails does not keep Trello from removing. */
static enum status call_handlers(struct command_context *context, struct view member,
                                 struct failure *failure)
{
    JSON_AUTO(args) = NULL;
    RUNNING_BROWSERS_AUTO list = {0};
    struct invoke_outcome outcome;

    TRY(arguments_for(member, &args));
    TRY(invoke_handlers(context, "remove-data", &args, false, &list, failure));
    for (size_t i = 0; i < list.count; i++) {
        if (invoke_outcome(&list.browsers[i], &outcome) && outcome.error.data != NULL) {
            print_note(&context->notes, "warning: the handler remove-data failed: %.*s",
                       (int)outcome.error.size, (const char *)outcome.error.data);
        }
    }
    return STATUS_OK;
}

static enum status run_remove(struct command_context *context, struct failure *failure)
{
    TRANSACTION_AUTO transaction = {0};
    BYTES_AUTO member = {0};

    TRY(command_member(context, &member, failure));
    /* Handlers call the library, whose host writes: no transaction may be open yet. */
    TRY(call_handlers(context, view_of_bytes(&member), failure));
    TRY(transaction_begin(context->store, TRANSACTION_WRITE, &transaction, failure));
    TRY(plugin_data_remove_personal(context->store, command_origin(context), view_of_bytes(&member),
                                    failure));
    return transaction_commit(&transaction, failure);
}

const struct command command_remove_personal_settings = {
    .name = "remove-personal-settings",
    .help = "do what the member's button in Trello does",
    .more =
        "The Power-Up's handler remove-data is called in every open page that has one, with the "
        "default context of the member, and awaited; its failure is only a warning. Then the "
        "member's private plugin data of the Power-Up is deleted in all scopes, including the "
        "key of the secrets.",
    .options = OPTIONS(ORIGIN_REQUIRED, OPTIONAL(MEMBER)),
    .kind = COMMAND_CHANGING_ALONE,
    .run = run_remove,
};
