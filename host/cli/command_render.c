/* SPDX-License-Identifier: MIT */
#include "cli/command_ask.h"
#include "cli/command_run.h"
#include "cli/command_table.h"

static enum status run_render(struct command_context *context, struct failure *failure)
{
    TRY(command_ask_pages(context, "render", failure));
    return command_report_confirmed(context, "there is no page to render");
}

const struct command command_render = {
    .name = "render",
    .help = "have open pages render, as when plugin data has changed",
    .more = "Each calls what it gave to t.render. Other commands have pages render only where they "
            "change plugin data.",
    .options = OPTIONS(OPTIONAL(ORIGIN)),
    .kind = COMMAND_ASKING,
    .run = run_render,
};
