/* SPDX-License-Identifier: MIT */
/* The commands of powerup-secrets. A command is a row in the file of its function, a
 * command_SUBJECT.c, and one line in command_table.c; help, the manual page, shell completion and
 * checks of the form come from the rows. Nothing here prints: output is collected in buffers. */
#ifndef POWERUP_SECRETS_CLI_COMMAND_H
#define POWERUP_SECRETS_CLI_COMMAND_H

#include "cli/arguments.h"
#include "cli/expected_browsers.h"
#include "store/kept_store.h"
#include "wire/running_browsers.h"

enum command_exit {
    COMMAND_DONE = 0,
    COMMAND_FAILED = 1,        /* store, system */
    COMMAND_WRONG_USE = 2,     /* nothing was changed */
    COMMAND_NOT_CONFIRMED = 3, /* by a running browser */
    COMMAND_ABSENT = 4,        /* what was asked for does not exist */
    COMMAND_NOT_DECRYPTED = 5, /* a secret exists but does not decrypt */
};

/* What command_run does around a command's `run`, in this order. */
enum {
    STEP_ASK = 1 << 0,    /* nothing: `run` asks browsers by itself */
    STEP_OPEN = 1 << 1,   /* open the store */
    STEP_REPORT = 1 << 2, /* have browsers write to the store what their pages did */
    STEP_READ = 1 << 3,   /* begin a transaction that reads */
    STEP_WRITE = 1 << 4,  /* begin one that writes, and commit it when `run` succeeded */
    STEP_APPLY = 1 << 5,  /* have browsers bring their pages up to date; count who confirmed */
};

/* Kinds of commands: the steps that go together. */
enum command_kind {
    COMMAND_PLAIN = 0, /* neither store nor browsers */
    COMMAND_ASKING = STEP_ASK,
    COMMAND_LOOKING = STEP_OPEN | STEP_READ, /* at what pages have no part in */
    COMMAND_READING = STEP_OPEN | STEP_REPORT | STEP_READ,
    COMMAND_CHANGING = STEP_OPEN | STEP_WRITE | STEP_APPLY,
    /* What pages did just before must be in the store, so that it is replaced as well. */
    COMMAND_REPLACING = COMMAND_CHANGING | STEP_REPORT,
    /* What pages did is changed, and pages never see it. */
    COMMAND_EDITING = STEP_OPEN | STEP_REPORT | STEP_WRITE,
    /* As COMMAND_CHANGING, where `run` needs a transaction of its own. */
    COMMAND_CHANGING_ALONE = STEP_OPEN | STEP_APPLY,
};

/* An option that a command takes beside those that all take. */
struct option_use {
    enum option option;
    bool required;
    const char *help; /* NULL: that of option_rows */
};

/* For a row's options, and its words. */
#define OPTIONS(...) ((const struct option_use[]){__VA_ARGS__, {.option = OPTION_END}})
#define NO_OPTIONS   ((const struct option_use[]){{.option = OPTION_END}})
#define WORDS(...)   ((const char *const[]){__VA_ARGS__, NULL})
#define ORIGIN_REQUIRED                                                                            \
    {                                                                                              \
        OPTION_ORIGIN, true, "the origin of the pages"                                             \
    }
#define OPTIONAL(name)                                                                             \
    {                                                                                              \
        OPTION_##name, false, NULL                                                                 \
    }
#define REQUIRED(name)                                                                             \
    {                                                                                              \
        OPTION_##name, true, NULL                                                                  \
    }

/* What a command works with. */
struct command_context {
    const struct command *command;
    enum command_kind kind; /* the command's, unless `prepare` chose another */
    const struct arguments *arguments;
    char *const *words; /* the arguments after the command's name */
    size_t word_count;
    struct view given_input;     /* in place of standard input; data is NULL when there is none */
    void *own;                   /* what the command has from `prepare` for `run` */
    void (*own_free)(void *own); /* where that is not NULL */
    struct bytes input;          /* what `prepare` read from a file or standard input */
    struct bytes state;          /* path of the state folder, NUL-terminated */
    struct store *store;         /* NULL unless the kind opens it */
    struct kept_store *kept;     /* it comes from here and goes there; NULL: it is closed */
    bool in_transaction;
    struct json_object *origins; /* whose pages it is about; NULL: all */
    pid_t *silent;               /* hosts that failed once; they are not asked again */
    size_t silent_count;
    struct living_process *given_up; /* browsers without a host; they are not waited for again */
    size_t given_up_count;
    struct expected_browsers expected; /* when last asked */
    bool forgets;                      /* browsers without a host, and does not wait for them */
    bool waited;                       /* for as many browsers as --wait says, in vain */
    bool failed;                       /* in part, as its output says */
    bool not_confirmed;                /* by a browser that should have */
    size_t confirmed;                  /* how many browsers confirmed when last asked */
    struct json_object *result;        /* what --json prints; may stay NULL */
    struct buffer output;              /* what is printed without it */
    struct buffer notes;               /* for stderr */
};
#define COMMAND_CONTEXT_AUTO __attribute__((cleanup(command_context_free))) struct command_context
void command_context_free(struct command_context *context);

/* Returned by a row's functions: STATUS_BAD_REQUEST and STATUS_BAD_ORIGIN for wrong use,
 * STATUS_ABSENT where what was asked for does not exist. A failure without a sentence of its own is
 * explained by its status. */
typedef enum status command_function(struct command_context *context, struct failure *failure);

struct command {
    const char *name;      /* one word or two */
    const char *arguments; /* "MODE", "ID ORIGIN..."; NULL for none */
    size_t words_min;
    size_t words_max;
    const char *const *words; /* what the first argument may be; ends with NULL; NULL: any text */
    bool other_words;         /* it may be another text, too, unless `prepare` refuses it */
    const char *help;         /* one line */
    const char *more;         /* further sentences for its own help and the manual page, or NULL */
    const struct option_use *options; /* ends with OPTION_END */
    enum command_kind kind;
    bool decrypts; /* an error of Trello's library is COMMAND_NOT_DECRYPTED */
    /* Checks what was given and reads input, before anything is opened; NULL for nothing. */
    command_function *prepare;
    command_function *run;
};

/* In the order of help. */
extern const struct command *const commands[];
extern const size_t command_count;

/* For words_max: any number. */
#define COMMAND_WORDS_ANY ((size_t)-1)

/* Finds the row that context->arguments name, sets `command` and the words, and checks the form of
 * options and words. STATUS_BAD_REQUEST: *failure says what is wrong. */
MUST_CHECK enum status command_choose(struct command_context *context, struct failure *failure);

/* Runs a whole command line. Its output is appended to the buffers: *output is for stdout,
 * *notes for stderr. `kept` has a store for the next one; NULL: there is no next one. Returns the
 * exit status. */
enum command_exit command_line_run(int count, char **texts, struct kept_store *kept,
                                   struct buffer *output, struct buffer *notes);

#endif
