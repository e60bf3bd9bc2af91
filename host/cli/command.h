/* SPDX-License-Identifier: MIT */
/* The commands of powerup-secrets. A command is one row of the table in command_table.c and one
 * function in a command_SUBJECT.c; help, checks of the form and shell completion come from the
 * table. Nothing here prints: what a command says is collected in buffers. */
#ifndef POWERUP_SECRETS_CLI_COMMAND_H
#define POWERUP_SECRETS_CLI_COMMAND_H

#include "cli/arguments.h"
#include "store/items.h"
#include "store/store.h"
#include "wire/running_browsers.h"

enum command_exit {
    COMMAND_DONE = 0,
    COMMAND_FAILED = 1,        /* store, system */
    COMMAND_WRONG_USE = 2,     /* nothing was changed */
    COMMAND_NOT_CONFIRMED = 3, /* by a browser that runs */
    COMMAND_ABSENT = 4,        /* what was asked for is not there */
    COMMAND_NOT_DECRYPTED = 5, /* a secret is there that does not decrypt */
};

/* An option that a command takes beside those that all take. Lists end with OPTION_END. */
struct option_use {
    enum option option;
    bool required;
    const char *help; /* NULL: what option_rows says */
};

/* What a command works with. */
struct command_context {
    const struct command *command;
    const struct arguments *arguments;
    char *const *words; /* the arguments behind the command's name */
    size_t word_count;
    struct bytes state;  /* path of the state folder, NUL-terminated */
    struct store *store; /* NULL before command_open */
    pid_t *silent;       /* browsers that failed once; they are not asked again */
    size_t silent_count;
    bool failed;        /* in part, as its output says */
    bool not_confirmed; /* by a browser that should have */
    size_t confirmed;   /* how many browsers confirmed when last asked */
    bool asked;
    struct json_object *result; /* what --json prints; may stay NULL */
    struct buffer output;       /* what is printed without it */
    struct buffer notes;        /* for stderr */
};
#define COMMAND_CONTEXT_AUTO __attribute__((cleanup(command_context_free))) struct command_context
void command_context_free(struct command_context *context);

enum command_kind {
    COMMAND_PLAIN,    /* asks no browser */
    COMMAND_READING,  /* asks browsers, and tells of those that failed */
    COMMAND_CHANGING, /* the same, and tells how many confirmed */
};

struct command {
    const char *name;      /* one word or two */
    const char *arguments; /* "MODE", "ID ORIGIN..."; "" for none */
    size_t words_min;
    size_t words_max;
    const char *help; /* one line */
    const char *more; /* further lines for its own help, or NULL */
    const struct option_use *options;
    enum command_kind kind;
    bool decrypts; /* an error of Trello's library is COMMAND_NOT_DECRYPTED */
    /* The form was checked. STATUS_BAD_REQUEST and STATUS_BAD_ORIGIN: wrong use, nothing was
     * changed. STATUS_ABSENT: what was asked for is not there. */
    enum status (*run)(struct command_context *context, struct failure *failure);
};

extern const struct command commands[];
extern const size_t command_count;

/* As many words as there are. */
#define COMMAND_WORDS_ANY ((size_t)-1)

/* Runs a whole command line. What it says is appended to the buffers: *output is for stdout,
 * *notes for stderr. Returns the exit status. */
enum command_exit command_line_run(int count, char **texts, struct buffer *output,
                                   struct buffer *notes);

/* The rows' functions. */
#define COMMAND(function)                                                                          \
    MUST_CHECK enum status function(struct command_context *context, struct failure *failure)
COMMAND(command_storage);
COMMAND(command_fidelity);
COMMAND(command_sign_in);
COMMAND(command_sign_out);
COMMAND(command_partition);
COMMAND(command_browser_profile);
COMMAND(command_power_up);
COMMAND(command_answer);
COMMAND(command_seed);
COMMAND(command_reveal);
COMMAND(command_rotate_key);
COMMAND(command_encrypt);
COMMAND(command_decrypt);
COMMAND(command_items);
COMMAND(command_item_get);
COMMAND(command_item_set);
COMMAND(command_item_remove);
COMMAND(command_clear_site_data);
COMMAND(command_plugin_data_get);
COMMAND(command_plugin_data_set);
COMMAND(command_plugin_data_remove);
COMMAND(command_remove_personal_settings);
COMMAND(command_fault);
COMMAND(command_calls);
COMMAND(command_invoke);
COMMAND(command_browsers);
COMMAND(command_install);
COMMAND(command_uninstall);
COMMAND(command_doctor);
COMMAND(command_reset);
COMMAND(command_help);
#undef COMMAND

#endif
