/* SPDX-License-Identifier: MIT */
#include "cli/command_table.h"
#include "cli/completion.h"

#include <string.h>

static const struct {
    const char *name;
    void (*print)(struct buffer *output);
} shells[] = {
    {"bash", completion_bash},
    {"zsh", completion_zsh},
    {"fish", completion_fish},
};

static enum status run_completion(struct command_context *context, struct failure *failure)
{
    (void)failure;
    for (size_t i = 0; i < sizeof shells / sizeof shells[0]; i++) {
        if (strcmp(context->words[0], shells[i].name) == 0) {
            shells[i].print(&context->output);
        }
    }
    return STATUS_OK;
}

const struct command command_completion = {
    .name = "completion",
    .arguments = "SHELL",
    .words_min = 1,
    .words_max = 1,
    .words = WORDS("bash", "zsh", "fish"),
    .help = "print a script that completes command lines in a shell",
    .more = "SHELL is bash, zsh or fish. An installed powerup-secrets has these scripts where the "
            "shells look for them; for one that is not installed, bash reads it with: source "
            "<(powerup-secrets completion bash).",
    .options = NO_OPTIONS,
    .kind = COMMAND_PLAIN,
    .run = run_completion,
};
