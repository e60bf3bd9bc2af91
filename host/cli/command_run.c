/* SPDX-License-Identifier: MIT */
#include "cli/command_run.h"

#include "cli/command_context.h"
#include "store/store_open.h"
#include "store/transaction.h"

static bool has_step(const struct command_context *context, unsigned step)
{
    return ((unsigned)context->kind & step) != 0;
}

static enum status run_in_transaction(struct command_context *context, struct failure *failure)
{
    TRANSACTION_AUTO transaction = {0};
    bool writes = has_step(context, STEP_WRITE);

    if (!writes && !has_step(context, STEP_READ)) {
        return context->command->run(context, failure);
    }
    TRY(transaction_begin(context->store, writes ? TRANSACTION_WRITE : TRANSACTION_READ,
                          &transaction, failure));
    context->in_transaction = true;
    TRY(context->command->run(context, failure));
    context->in_transaction = false;
    return writes ? transaction_commit(&transaction, failure) : STATUS_OK;
}

/* Says how many browsers know of a change. */
static enum status report_confirmed(struct command_context *context)
{
    buffer_print(&context->notes, "%zu browser%s confirmed\n", context->confirmed,
                 context->confirmed == 1 ? "" : "s");
    if (!command_wants_json(context)) {
        return STATUS_OK;
    }
    if (context->result == NULL) {
        context->result = json_object_new_object();
    }
    return json_add_number(context->result, "confirmed", (int64_t)context->confirmed);
}

enum status command_run(struct command_context *context, struct failure *failure)
{
    context->kind = context->command->kind;
    if (context->command->prepare != NULL) {
        TRY(context->command->prepare(context, failure));
    }
    if (has_step(context, STEP_OPEN)) {
        TRY(store_open((const char *)context->state.data, &context->store, failure));
    }
    if (has_step(context, STEP_APPLY_FIRST)) {
        TRY(command_apply(context, failure));
    }
    TRY(run_in_transaction(context, failure));
    if (has_step(context, STEP_APPLY_LAST)) {
        TRY(command_apply(context, failure));
        TRY(report_confirmed(context));
    }
    return STATUS_OK;
}
