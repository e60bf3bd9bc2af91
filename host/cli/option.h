/* SPDX-License-Identifier: MIT */
/* The options of the command line. An option is one row of the table in option.c; which command
 * takes which is in the row of each command. */
#ifndef POWERUP_SECRETS_CLI_OPTION_H
#define POWERUP_SECRETS_CLI_OPTION_H

#include "base/bytes.h"

enum option {
    OPTION_STATE,
    OPTION_JSON,
    OPTION_TIMEOUT,
    OPTION_HELP,
    OPTION_VERSION,
    OPTION_BROWSER,
    OPTION_CLEAR,
    OPTION_DELAY,
    OPTION_ERROR,
    OPTION_FORGET,
    OPTION_KEY,
    OPTION_LAST,
    OPTION_MAN,
    OPTION_MEMBER,
    OPTION_NAME,
    OPTION_NO_REPLY,
    OPTION_OP,
    OPTION_OPTIONS,
    OPTION_ORIGIN,
    OPTION_OWNER,
    OPTION_PAGE,
    OPTION_PROBLEMS,
    OPTION_SCOPE,
    OPTION_SLOT,
    OPTION_SYSTEM,
    OPTION_TABLE,
    OPTION_TEXT_FILE,
    OPTION_TIMES,
    OPTION_TOP_LEVEL_SITE,
    OPTION_USER_DATA_DIR,
    OPTION_VALUE_FILE,
    OPTION_VISIBILITY,
    OPTION_WAIT,
    OPTION_COUNT,
    OPTION_END = OPTION_COUNT, /* ends lists of options */
};

struct option_row {
    const char *name;
    const char *argument; /* NULL when it takes none; "DIR" and "FILE" are completed as such */
    const char *help;
    /* The words that the value may be or, where there is a check, may be among others; ends with
     * NULL. NULL: any text. */
    const char *const *words;
    /* STATUS_BAD_REQUEST: *failure says what it must be. NULL: what `words` says. */
    enum status (*check)(struct view value, struct failure *failure);
    char letter; /* of its short form, such as -h; '\0' when it has none */
    bool list;   /* may be given several times; the value has commas between them */
};

extern const struct option_row option_rows[OPTION_COUNT];

/* Whether a value may be given to an option. STATUS_BAD_REQUEST and STATUS_BAD_ORIGIN: *failure
 * says what it must be. */
MUST_CHECK enum status option_check(enum option option, struct view value, struct failure *failure);

/* The number in a value of --delay, --last, --times or --wait, and the milliseconds in one of
 * --timeout. The value was checked. */
long option_number(const char *value);
long option_milliseconds(const char *seconds);

#endif
