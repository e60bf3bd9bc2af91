/* SPDX-License-Identifier: MIT */
#include "cli/command_context.h"
#include "cli/command_invoke.h"
#include "store/plugin_data.h"
#include "store/transaction.h"
#include "trello/default_context.h"

/* What a page's handler is called with: the context of the member. */
static struct json_object *arguments_for(struct view member)
{
    JSON_AUTO(args) = json_object_new_array();
    JSON_AUTO(first) = json_object_new_object();
    JSON_AUTO(context) = default_context(member);

    if (args == NULL || first == NULL || json_add(first, "context", &context) != STATUS_OK ||
        json_append(args, &first) != STATUS_OK) {
        return NULL;
    }
    struct json_object *made = args;
    args = NULL;
    return made;
}

/* A handler that fails does not keep Trello from removing. */
static enum status call_handlers(struct command_context *context, struct view member,
                                 struct failure *failure)
{
    JSON_AUTO(args) = arguments_for(member);
    RUNNING_BROWSERS_AUTO list = {0};
    struct invoke_outcome outcome;

    if (args == NULL) {
        return command_no_memory(failure);
    }
    TRY(invoke_handlers(context, "remove-data", &args, &list, failure));
    for (size_t i = 0; i < list.count; i++) {
        if (invoke_outcome(&list.browsers[i], &outcome) && outcome.error.data != NULL) {
            buffer_add_text(&context->notes, "warning: the handler remove-data failed: ");
            buffer_add_plain(&context->notes, outcome.error);
            buffer_add_text(&context->notes, "\n");
        }
    }
    return STATUS_OK;
}

static enum status remove_data(struct command_context *context, struct view member,
                               struct failure *failure)
{
    TRANSACTION_AUTO transaction = {0};

    enum status status =
        transaction_begin(context->store, TRANSACTION_WRITE, &transaction, failure);
    if (status == STATUS_OK) {
        status =
            plugin_data_remove_personal(context->store, command_origin(context), member, failure);
    }
    return status == STATUS_OK ? transaction_commit(&transaction, failure) : status;
}

enum status command_remove_personal_settings(struct command_context *context,
                                             struct failure *failure)
{
    BYTES_AUTO member = {0};

    TRY(command_open(context, failure));
    TRY(command_member(context, &member, failure));
    TRY(call_handlers(context, view_of_bytes(&member), failure));
    TRY(remove_data(context, view_of_bytes(&member), failure));
    return command_apply(context, failure);
}
