/* SPDX-License-Identifier: MIT */
#include "cli/option.h"

#include "base/json_scan.h"
#include "base/origin.h"
#include "browsers/browser_table.h"
#include "cli/method.h"
#include "cli/words.h"
#include "store/calls.h"
#include "store/faults.h"

#include <stdlib.h>
#include <string.h>

enum { TIMEOUT_MAX_SECONDS = 3600, SLOT_DIGITS = 64, WAIT_MAX = 1000 };

/* A value from the command line ends with NUL. */
static const char *text_of(struct view value)
{
    return (const char *)value.data;
}

static bool is_number(struct view value, long least, long most)
{
    bool digits =
        value.size > 0 && value.size < 10 && strspn(text_of(value), "0123456789") == value.size;

    return digits && option_number(text_of(value)) >= least &&
           option_number(text_of(value)) <= most;
}

static enum status refuse(const char *rule, struct view value, struct failure *failure)
{
    struct view excerpt = words_excerpt(value);

    return failure_set(failure, STATUS_BAD_REQUEST, "It must be %s, not \"%.*s\".", rule,
                       (int)excerpt.size, (const char *)excerpt.data);
}

static enum status check_not_empty(struct view value, struct failure *failure)
{
    return value.size > 0 ? STATUS_OK
                          : failure_set(failure, STATUS_BAD_REQUEST, "It must not be empty.");
}

static enum status check_page(struct view value, struct failure *failure)
{
    return value.size > 0 && value.size <= CALL_PAGE_SIZE_MAX
               ? STATUS_OK
               : refuse("the id of a page, of 1 to 64 bytes", value, failure);
}

static enum status check_timeout(struct view value, struct failure *failure)
{
    size_t whole = strspn(text_of(value), "0123456789");
    bool point = text_of(value)[whole] == '.';
    size_t part = point ? strspn(text_of(value) + whole + 1, "0123456789") : 0;
    size_t size = whole + (point ? 1 + part : 0);
    bool fits = whole > 0 && whole < 5 && size == value.size && (!point || (part > 0 && part < 4));

    return fits && option_milliseconds(text_of(value)) > 0 &&
                   option_milliseconds(text_of(value)) <= TIMEOUT_MAX_SECONDS * 1000L
               ? STATUS_OK
               : refuse("a number of seconds above 0 and up to 3600", value, failure);
}

static enum status check_delay(struct view value, struct failure *failure)
{
    return is_number(value, 0, FAULT_DELAY_MAX_MS)
               ? STATUS_OK
               : refuse("a number of milliseconds from 0 to 86400000 (a day)", value, failure);
}

static enum status check_times(struct view value, struct failure *failure)
{
    return is_number(value, 1, FAULT_TIMES_MAX)
               ? STATUS_OK
               : refuse("a number from 1 to 1000000", value, failure);
}

static enum status check_wait(struct view value, struct failure *failure)
{
    return is_number(value, 1, WAIT_MAX) ? STATUS_OK
                                         : refuse("a number from 1 to 1000", value, failure);
}

static enum status check_slot(struct view value, struct failure *failure)
{
    bool fits =
        value.size == SLOT_DIGITS && strspn(text_of(value), "0123456789abcdef") == SLOT_DIGITS;

    return fits ? STATUS_OK
                : refuse("the name of a localStorage entry, 64 lower-case hex digits", value,
                         failure);
}

static enum status check_json_object(struct view value, struct failure *failure)
{
    bool fits = json_scan_is_valid(value) && value.data[json_scan_blanks(value, 0)] == '{';

    return fits ? STATUS_OK : refuse("a JSON object", value, failure);
}

/* The name of one value in plugin data, which goes into JSON as it is. */
static enum status check_name(struct view value, struct failure *failure)
{
    bool fits = value.size > 0;

    for (size_t i = 0; fits && i < value.size; i++) {
        fits = value.data[i] >= ' ' && value.data[i] < 0x7F && value.data[i] != '"' &&
               value.data[i] != '\\';
    }
    return fits ? STATUS_OK
                : refuse("printable ASCII characters without quotation marks and backslashes",
                         value, failure);
}

static const char *const scopes[] = {"board", "card", "member", "organization", NULL};
static const char *const visibilities[] = {"shared", "private", NULL};

const struct option_row option_rows[OPTION_COUNT] = {
    [OPTION_STATE] = {.name = "state",
                      .argument = "DIR",
                      .help = "the state folder (default: $POWERUP_SECRETS_DIR, else "
                              "$XDG_STATE_HOME/powerup-secrets, else "
                              "~/.local/state/powerup-secrets)",
                      .check = check_not_empty},
    [OPTION_JSON] = {.name = "json", .help = "print JSON"},
    [OPTION_TIMEOUT] = {.name = "timeout",
                        .argument = "SECONDS",
                        .help = "how long to wait for each browser to confirm (default: 5)",
                        .check = check_timeout},
    [OPTION_HELP] = {.name = "help", .letter = 'h', .help = "print help"},
    [OPTION_VERSION] = {.name = "version", .letter = 'v', .help = "print the version"},
    [OPTION_BROWSER] = {.name = "browser",
                        .argument = "NAME",
                        .help = "which browser; may be given several times",
                        .check = browser_list_check,
                        .list = true},
    [OPTION_CLEAR] = {.name = "clear", .help = "delete"},
    [OPTION_DELAY] = {.name = "delay",
                      .argument = "MS",
                      .help = "delay the call by so many milliseconds",
                      .check = check_delay},
    [OPTION_ERROR] = {.name = "error",
                      .argument = "CLASS:MESSAGE",
                      .help = "make the call fail with an error of that class"},
    [OPTION_FORGET] = {.name = "forget",
                       .help = "have commands no longer wait for known browsers that do not "
                               "answer, and list those"},
    [OPTION_KEY] = {.name = "key", .argument = "KEY", .help = "the Power-Up's name for the secret"},
    [OPTION_LAST] = {.name = "last",
                     .argument = "N",
                     .help = "only the newest N",
                     .check = check_times},
    [OPTION_MAN] = {.name = "man", .help = "print the manual page's section on commands, in roff"},
    [OPTION_MEMBER] = {.name = "member",
                       .argument = "ID",
                       .help = "the member's id (default: who is signed in at the origin)",
                       .check = check_not_empty},
    [OPTION_NAME] = {.name = "name",
                     .argument = "NAME",
                     .help = "one name in the text (default: the whole text)",
                     .check = check_name},
    [OPTION_NO_REPLY] = {.name = "no-reply", .help = "never answer the call"},
    [OPTION_OP] = {.name = "op",
                   .argument = "OP",
                   .help = "which calls, by the name of the method of t: storeSecret, loadSecret, "
                           "clearSecret, get, set, or what is asked of Trello, such as board or "
                           "popup",
                   .words = method_fault_names,
                   .check = method_check_fault},
    [OPTION_OPTIONS] = {.name = "options",
                        .argument = "JSON",
                        .help = "the object that the handler gets as options",
                        .check = check_json_object},
    [OPTION_ORIGIN] = {.name = "origin",
                       .argument = "ORIGIN",
                       .help = "the origin of the pages (default: all)",
                       .check = origin_check},
    [OPTION_OWNER] = {.name = "owner",
                      .argument = "ID",
                      .help =
                          "the board, card, member or organization (default: that of the default "
                          "context)",
                      .check = check_not_empty},
    [OPTION_PAGE] = {.name = "page",
                     .argument = "ID",
                     .help = "only the page with this id, as in calls --json",
                     .check = check_page},
    [OPTION_PROBLEMS] = {.name = "problems", .help = "only what would fail in Trello"},
    [OPTION_SCOPE] = {.name = "scope",
                      .argument = "SCOPE",
                      .help = "board, card, member or organization",
                      .words = scopes},
    [OPTION_SLOT] = {.name = "slot",
                     .argument = "SLOT",
                     .help = "the name of the localStorage entry, 64 hex digits",
                     .check = check_slot},
    [OPTION_SYSTEM] = {.name = "system", .help = "for all users of this machine"},
    [OPTION_TABLE] = {.name = "table", .help = "print all commands and options as JSON"},
    [OPTION_TEXT_FILE] = {.name = "text-file",
                          .argument = "FILE",
                          .help = "the file with the text (default: standard input)",
                          .check = check_not_empty},
    [OPTION_TIMES] = {.name = "times",
                      .argument = "N",
                      .help = "for how many calls (default: 1)",
                      .check = check_times},
    [OPTION_TOP_LEVEL_SITE] = {.name = "top-level-site",
                               .argument = "SITE",
                               .help = "the site that the page is embedded in (default: none)",
                               .check = site_check},
    [OPTION_USER_DATA_DIR] = {.name = "user-data-dir",
                              .argument = "DIR",
                              .help =
                                  "only for a test profile: the --user-data-dir of a Chromium, or "
                                  "the HOME that a Firefox is started with",
                              .check = check_not_empty},
    [OPTION_VALUE_FILE] = {.name = "value-file",
                           .argument = "FILE",
                           .help = "the file with the value (default: standard input)",
                           .check = check_not_empty},
    [OPTION_VISIBILITY] = {.name = "visibility",
                           .argument = "VISIBILITY",
                           .help = "shared or private",
                           .words = visibilities},
    [OPTION_WAIT] = {.name = "wait",
                     .argument = "N",
                     .help = "wait, up to --timeout, until N browsers have confirmed; fewer are "
                             "exit status 3",
                     .check = check_wait},
};

enum status option_check(enum option option, struct view value, struct failure *failure)
{
    const struct option_row *row = &option_rows[option];

    if (row->check != NULL) {
        return row->check(value, failure);
    }
    return row->words != NULL ? words_check("It must be", row->words, value, failure) : STATUS_OK;
}

long option_number(const char *value)
{
    return strtol(value, NULL, 10);
}

long option_milliseconds(const char *seconds)
{
    char *end = NULL;
    long milliseconds = strtol(seconds, &end, 10) * 1000;
    long digit = 100;

    for (const char *at = *end == '.' ? end + 1 : end; *at != '\0'; at++) {
        milliseconds += digit * (*at - '0');
        digit /= 10;
    }
    return milliseconds;
}
