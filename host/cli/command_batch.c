/* SPDX-License-Identifier: MIT */
#include "cli/batch.h"
#include "cli/command_context.h"
#include "cli/command_table.h"

static enum status read_batch(struct command_context *context, struct failure *failure)
{
    struct batch *batch = NULL;

    TRY(command_read_input(context, OPTION_TEXT_FILE, failure));
    TRY(batch_read(view_of_bytes(&context->input), &batch, &context->kind, failure));
    context->own = batch;
    context->own_free = batch_free;
    return STATUS_OK;
}

static enum status run_batch(struct command_context *context, struct failure *failure)
{
    return batch_run(context->own, context, failure);
}

const struct command command_batch = {
    .name = "batch",
    .help = "run several commands that take effect together",
    .more =
        "The file or standard input is a JSON array of objects {\"arguments\": [\"seed\", "
        "\"--origin\", ...], \"input\": what the command reads from standard input (optional)}. "
        "The commands run in their order, each seeing what those before it did, in one "
        "transaction: if one fails, nothing is changed. Pages get all changes at once. What a "
        "command would print is not printed.",
    .options =
        OPTIONS({OPTION_TEXT_FILE, false, "the file with the commands (default: standard input)"}),
    .kind = COMMAND_CHANGING,
    .prepare = read_batch,
    .run = run_batch,
};
