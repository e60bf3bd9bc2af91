/* SPDX-License-Identifier: MIT */
#include "cli/command_table.h"

const struct command *const commands[] = {
#define COMMAND_ADDRESS(name) &command_##name,
    COMMAND_LIST(COMMAND_ADDRESS)
#undef COMMAND_ADDRESS
};

const size_t command_count = sizeof commands / sizeof commands[0];
