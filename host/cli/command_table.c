/* SPDX-License-Identifier: MIT */
#include "cli/command_table.h"

const struct command *const commands[] = {
    &command_storage,
    &command_sign_in,
    &command_sign_out,
    &command_fidelity,
    &command_remove_personal_settings,
    &command_clear_site_data,
    &command_seed,
    &command_reveal,
    &command_items,
    &command_item_get,
    &command_item_set,
    &command_item_remove,
    &command_plugin_data_get,
    &command_plugin_data_set,
    &command_plugin_data_remove,
    &command_fault,
    &command_calls,
    &command_rotate_key,
    &command_browser_profile,
    &command_partition,
    &command_answer,
    &command_invoke,
    &command_power_up,
    &command_browsers,
    &command_install,
    &command_uninstall,
    &command_doctor,
    &command_reset,
    &command_encrypt,
    &command_decrypt,
    &command_completion,
    &command_help,
};

const size_t command_count = sizeof commands / sizeof commands[0];
