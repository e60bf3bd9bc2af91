/* SPDX-License-Identifier: MIT */
#include "cli/command_context.h"
#include "store/reset.h"
#include "store/transaction.h"

static enum status forget(struct command_context *context, struct failure *failure)
{
    TRANSACTION_AUTO transaction = {0};

    enum status status =
        transaction_begin(context->store, TRANSACTION_WRITE, &transaction, failure);
    if (status == STATUS_OK) {
        status = reset_store(context->store, failure);
    }
    return status == STATUS_OK ? transaction_commit(&transaction, failure) : status;
}

enum status command_reset(struct command_context *context, struct failure *failure)
{
    TRY(command_open(context, failure));

    /* What pages have done just now must be known to be forgotten. */
    TRY(command_apply(context, failure));
    TRY(forget(context, failure));
    return command_apply(context, failure);
}
