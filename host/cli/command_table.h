/* SPDX-License-Identifier: MIT */
/* Every command; each stands beside its function. */
#ifndef POWERUP_SECRETS_CLI_COMMAND_TABLE_H
#define POWERUP_SECRETS_CLI_COMMAND_TABLE_H

#include "cli/command.h"

extern const struct command command_storage;
extern const struct command command_sign_in;
extern const struct command command_sign_out;
extern const struct command command_fidelity;
extern const struct command command_remove_personal_settings;
extern const struct command command_clear_site_data;
extern const struct command command_seed;
extern const struct command command_reveal;
extern const struct command command_items;
extern const struct command command_item_get;
extern const struct command command_item_set;
extern const struct command command_item_remove;
extern const struct command command_plugin_data_get;
extern const struct command command_plugin_data_set;
extern const struct command command_plugin_data_remove;
extern const struct command command_fault;
extern const struct command command_calls;
extern const struct command command_rotate_key;
extern const struct command command_browser_profile;
extern const struct command command_partition;
extern const struct command command_answer;
extern const struct command command_invoke;
extern const struct command command_power_up;
extern const struct command command_browsers;
extern const struct command command_install;
extern const struct command command_uninstall;
extern const struct command command_doctor;
extern const struct command command_reset;
extern const struct command command_encrypt;
extern const struct command command_decrypt;
extern const struct command command_completion;
extern const struct command command_help;

#endif
