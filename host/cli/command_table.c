/* SPDX-License-Identifier: MIT */
#include "cli/command.h"
#include "store/settings.h"

#define END                                                                                        \
    {                                                                                              \
        OPTION_END, false, NULL                                                                    \
    }

#define ORIGIN_NEEDED                                                                              \
    {                                                                                              \
        OPTION_ORIGIN, true, "the origin of the pages"                                             \
    }
#define ORIGIN_OR_ALL                                                                              \
    {                                                                                              \
        OPTION_ORIGIN, false, NULL                                                                 \
    }

#define MEMBER_OF_ORIGIN                                                                           \
    {                                                                                              \
        OPTION_MEMBER, false, NULL                                                                 \
    }
#define SITE                                                                                       \
    {                                                                                              \
        OPTION_TOP_LEVEL_SITE, false, NULL                                                         \
    }

static const struct option_use none[] = {END};
static const struct option_use origin_or_all[] = {ORIGIN_OR_ALL, END};
static const struct option_use sign_in[] = {
    {OPTION_MEMBER, false,
     "whose id, 24 lower-case hex digits (default: " SETTING_DEFAULT_MEMBER ")"},
    ORIGIN_OR_ALL,
    END,
};
static const struct option_use origin_member[] = {ORIGIN_NEEDED, MEMBER_OF_ORIGIN, END};
static const struct option_use seed[] = {
    ORIGIN_NEEDED,
    {OPTION_KEY, true, NULL},
    MEMBER_OF_ORIGIN,
    SITE,
    {OPTION_VALUE_FILE, false, "what has the secret (default: standard input)"},
    END,
};
static const struct option_use reveal[] = {
    ORIGIN_NEEDED, {OPTION_KEY, true, NULL}, MEMBER_OF_ORIGIN, SITE, END,
};
static const struct option_use item[] = {
    ORIGIN_NEEDED,
    {OPTION_SLOT, false, NULL},
    {OPTION_KEY, false, "instead of --slot: the Power-Up's name for the secret"},
    MEMBER_OF_ORIGIN,
    SITE,
    END,
};
static const struct option_use item_set[] = {
    ORIGIN_NEEDED,
    {OPTION_SLOT, false, NULL},
    {OPTION_KEY, false, "instead of --slot: the Power-Up's name for the secret"},
    MEMBER_OF_ORIGIN,
    SITE,
    {OPTION_VALUE_FILE, false, NULL},
    END,
};
#define PLUGIN_DATA_PLACE                                                                          \
    ORIGIN_NEEDED, {OPTION_SCOPE, true, NULL}, {OPTION_VISIBILITY, true, NULL},                    \
        {OPTION_OWNER, false, NULL}, MEMBER_OF_ORIGIN,                                             \
    {                                                                                              \
        OPTION_NAME, false, NULL                                                                   \
    }
static const struct option_use plugin_data[] = {PLUGIN_DATA_PLACE, END};
static const struct option_use plugin_data_set[] = {
    PLUGIN_DATA_PLACE,
    {OPTION_TEXT_FILE, false, NULL},
    END,
};
static const struct option_use fault[] = {
    ORIGIN_OR_ALL,
    {OPTION_OP, false, NULL},
    {OPTION_ERROR, false, NULL},
    {OPTION_DELAY, false, NULL},
    {OPTION_NO_REPLY, false, NULL},
    {OPTION_TIMES, false, NULL},
    {OPTION_CLEAR, false, "take back all faults, or those of --origin"},
    END,
};
static const struct option_use calls[] = {
    ORIGIN_OR_ALL,
    {OPTION_PROBLEMS, false, NULL},
    {OPTION_LAST, false, NULL},
    {OPTION_CLEAR, false, "forget the calls, or those of --origin"},
    END,
};
static const struct option_use invoke[] = {ORIGIN_NEEDED, {OPTION_OPTIONS, false, NULL}, END};
static const struct option_use browsers[] = {{OPTION_WAIT, false, NULL}, END};
static const struct option_use encrypt[] = {
    {OPTION_KEY, true, "the member's AES key in hex"},
    {OPTION_VALUE_FILE, false, "what has the secret (default: standard input)"},
    END,
};
static const struct option_use decrypt[] = {
    {OPTION_KEY, true, "the member's AES key in hex"},
    {OPTION_VALUE_FILE, false,
     "what has the value, where it is not given (default: standard input)"},
    END,
};
static const struct option_use install[] = {
    {OPTION_BROWSER, false, "only for this browser, of any number; also where it never ran"},
    {OPTION_SYSTEM, false, NULL},
    {OPTION_USER_DATA_DIR, false, NULL},
    {OPTION_TABLE, false, "print the browsers, and where each looks for the manifest"},
    END,
};
static const struct option_use uninstall[] = {
    {OPTION_BROWSER, false, "only for this browser, of any number"},
    {OPTION_SYSTEM, false, NULL},
    {OPTION_USER_DATA_DIR, false, NULL},
    END,
};
static const struct option_use doctor[] = {
    {OPTION_BROWSER, false, "only this browser, of any number, which is started to see it work"},
    {OPTION_USER_DATA_DIR, false, NULL},
    {OPTION_TIMEOUT, false, "how long a browser may take to reach its host (default: 60)"},
    END,
};
static const struct option_use help[] = {{OPTION_TABLE, false, NULL}, END};

const struct command commands[] = {
    {"storage", "MODE", 1, 1, "what pages meet in their localStorage",
     "MODE is enabled (the browser's own), denied (reading it throws a SecurityError), missing (it "
     "is null) or full (setItem throws a QuotaExceededError). For all origins it also replaces "
     "the "
     "modes of single ones.",
     origin_or_all, COMMAND_CHANGING, false, command_storage},
    {"sign-in", "", 0, 0, "sign a member in to the default context", NULL, sign_in,
     COMMAND_CHANGING, false, command_sign_in},
    {"sign-out", "", 0, 0, "let nobody be signed in to the default context", NULL, origin_or_all,
     COMMAND_CHANGING, false, command_sign_out},
    {"fidelity", "SETTING", 1, 1,
     "documented or library: how exactly secret calls are as in Trello",
     "With documented they do what Trello's documentation promises, with library what its library "
     "does, to the letter.",
     origin_or_all, COMMAND_CHANGING, false, command_fidelity},
    {"remove-personal-settings", "", 0, 0, "what the member's button in Trello does",
     "The Power-Up's handler remove-data is called in every open page that has one, and awaited; "
     "then the member's private plugin data go, and the key of the secrets with them.",
     origin_member, COMMAND_CHANGING, false, command_remove_personal_settings},
    {"clear-site-data", "", 0, 0, "forget the stored items of the browser; keys stay", NULL,
     origin_or_all, COMMAND_CHANGING, false, command_clear_site_data},
    {"seed", "", 0, 0, "store a secret as the page would",
     "The secret is every byte of the file or of standard input. The member's key is made where "
     "there is none.",
     seed, COMMAND_CHANGING, false, command_seed},
    {"reveal", "", 0, 0, "decrypt and print one secret", NULL, reveal, COMMAND_READING, true,
     command_reveal},
    {"items", "", 0, 0, "list the stored items of all browser profiles", NULL, origin_or_all,
     COMMAND_READING, false, command_items},
    {"item get", "", 0, 0, "print the value of one stored item", NULL, item, COMMAND_READING, false,
     command_item_get},
    {"item set", "", 0, 0, "put any value into one stored item", NULL, item_set, COMMAND_CHANGING,
     false, command_item_set},
    {"item remove", "", 0, 0, "remove one stored item", NULL, item, COMMAND_CHANGING, false,
     command_item_remove},
    {"plugin-data get", "", 0, 0, "print a text that Trello keeps, or one name's value in it", NULL,
     plugin_data, COMMAND_READING, false, command_plugin_data_get},
    {"plugin-data set", "", 0, 0, "put a text where Trello keeps it, or a value under a name", NULL,
     plugin_data_set, COMMAND_CHANGING, false, command_plugin_data_set},
    {"plugin-data remove", "", 0, 0, "remove a text that Trello keeps, or one name in it", NULL,
     plugin_data, COMMAND_CHANGING, false, command_plugin_data_remove},
    {"fault", "", 0, 0, "let the next calls fail, wait or never be answered",
     "Needs --op and one of --error, --delay and --no-reply. Without options it lists the faults "
     "that wait for their calls. CLASS is Error, TypeError or another error of the language, or a "
     "name of DOMException such as SecurityError.",
     fault, COMMAND_CHANGING, false, command_fault},
    {"calls", "", 0, 0, "list what pages called, what they showed, and problems; never a secret",
     NULL, calls, COMMAND_READING, false, command_calls},
    {"rotate-key", "", 0, 0, "replace the member's key by another valid one",
     "As a store in a second browser after Remove Personal Settings does.", origin_member,
     COMMAND_CHANGING, false, command_rotate_key},
    {"browser-profile", "[NAME]", 0, 1, "which browser's items are in use from now on",
     "The first is default. Without NAME the current one is printed. Browsers that were started "
     "with $POWERUP_SECRETS_BROWSER_PROFILE keep theirs.",
     none, COMMAND_CHANGING, false, command_browser_profile},
    {"partition", "on|off", 1, 1, "whether embedded pages have storage of their own",
     "As browsers have it (on) for each top-level site, or shared with the origin's other pages "
     "(off).",
     none, COMMAND_CHANGING, false, command_partition},
    {"answer", "METHOD [JSON]", 1, 2, "what t.METHOD(), such as t.board(), answers",
     "Without JSON the answer is taken back.", origin_or_all, COMMAND_CHANGING, false,
     command_answer},
    {"invoke", "CAPABILITY", 1, 1, "call a handler that a page registered, print what it gives",
     "Such as authorization-status or show-settings. The result is JSON.", invoke, COMMAND_READING,
     false, command_invoke},
    {"power-up", "ID ORIGIN...", 2, COMMAND_WORDS_ANY,
     "let origins be one Power-Up and share plugin data",
     "An origin leaves its Power-Up when ID is the origin itself.", none, COMMAND_CHANGING, false,
     command_power_up},
    {"browsers", "", 0, 0, "list the browsers that run, and their pages with a Power-Up",
     "A browser that has just started knows the scene a moment later. Wait for it with --wait "
     "before "
     "the first page whose first script must meet the scene.",
     browsers, COMMAND_READING, false, command_browsers},
    {"install", "", 0, 0, "let browsers find the host",
     "Writes the native manifest for every browser that was started here, or those that are named, "
     "and tells each file. It is put in place whole, and one of somebody else is left alone.",
     install, COMMAND_PLAIN, false, command_install},
    {"uninstall", "", 0, 0, "undo what install did", NULL, uninstall, COMMAND_PLAIN, false,
     command_uninstall},
    {"doctor", "", 0, 0, "find out why a browser does not find the host",
     "Looks at browsers, native manifests, the host, which it starts as browsers do, and the state "
     "folder. Each finding is a line: ok, warning or problem, and the command that mends it. Exit "
     "status 1 when there is a problem.",
     doctor, COMMAND_PLAIN, false, command_doctor},
    {"reset", "", 0, 0, "forget everything in the state folder", NULL, none, COMMAND_CHANGING,
     false, command_reset},
    {"encrypt", "", 0, 0, "encrypt a secret as Trello's library does", NULL, encrypt, COMMAND_PLAIN,
     false, command_encrypt},
    {"decrypt", "[VALUE]", 0, 1, "decrypt a value that Trello's library made",
     "VALUE is what is in the browser's localStorage (hex;hex).", decrypt, COMMAND_PLAIN, true,
     command_decrypt},
    {"help", "[COMMAND]", 0, 2, "print help", NULL, help, COMMAND_PLAIN, false, command_help},
};

const size_t command_count = sizeof commands / sizeof commands[0];
