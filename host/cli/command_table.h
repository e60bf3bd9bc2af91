/* SPDX-License-Identifier: MIT */
/* Every command; the row command_NAME stands beside its function. */
#ifndef POWERUP_SECRETS_CLI_COMMAND_TABLE_H
#define POWERUP_SECRETS_CLI_COMMAND_TABLE_H

#include "cli/command.h"

/* X(name): in the order of the help. */
#define COMMAND_LIST(X)                                                                            \
    X(storage)                                                                                     \
    X(sign_in)                                                                                     \
    X(sign_out)                                                                                    \
    X(fidelity)                                                                                    \
    X(remove_personal_settings)                                                                    \
    X(clear_site_data)                                                                             \
    X(seed)                                                                                        \
    X(reveal)                                                                                      \
    X(items)                                                                                       \
    X(item_get)                                                                                    \
    X(item_set)                                                                                    \
    X(item_remove)                                                                                 \
    X(plugin_data_get)                                                                             \
    X(plugin_data_set)                                                                             \
    X(plugin_data_remove)                                                                          \
    X(fault)                                                                                       \
    X(calls)                                                                                       \
    X(rotate_key)                                                                                  \
    X(browser_profile)                                                                             \
    X(partition)                                                                                   \
    X(answer)                                                                                      \
    X(invoke)                                                                                      \
    X(power_up)                                                                                    \
    X(render)                                                                                      \
    X(render_writer)                                                                               \
    X(browsers)                                                                                    \
    X(install)                                                                                     \
    X(uninstall)                                                                                   \
    X(doctor)                                                                                      \
    X(reset)                                                                                       \
    X(batch)                                                                                       \
    X(encrypt)                                                                                     \
    X(decrypt)                                                                                     \
    X(session)                                                                                     \
    X(completion)                                                                                  \
    X(help)

#define COMMAND_DECLARATION(name) extern const struct command command_##name;
COMMAND_LIST(COMMAND_DECLARATION)
#undef COMMAND_DECLARATION

#endif
