/* SPDX-License-Identifier: MIT */
#include "cli/command_table.h"
#include "store/reset.h"

static enum status run_reset(struct command_context *context, struct failure *failure)
{
    return reset_store(context->store, failure);
}

const struct command command_reset = {
    .name = "reset",
    .help = "delete everything in the state folder",
    .more = "Items, plugin data, keys, settings, faults, answers and calls are deleted in one "
            "transaction; the root key stays.",
    .options = NO_OPTIONS,
    .kind = COMMAND_REPLACING,
    .run = run_reset,
};
