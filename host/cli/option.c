/* SPDX-License-Identifier: MIT */
#include "cli/option.h"

#include "base/json_scan.h"
#include "base/origin.h"
#include "browsers/browser_table.h"
#include "store/faults.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { TIMEOUT_MAX_SECONDS = 3600, SLOT_DIGITS = 64, WAIT_MAX = 1000 };

/* A value of the command line ends with NUL. */
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
    return failure_set(failure, STATUS_BAD_REQUEST, "It must be %s, not \"%.*s\".", rule,
                       (int)(value.size < 200 ? value.size : 200), text_of(value));
}

static enum status check_not_empty(struct view value, struct failure *failure)
{
    return value.size > 0 ? STATUS_OK : refuse("some text", value, failure);
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
               : refuse("a number of milliseconds up to 86400000", value, failure);
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

/* How pages and Trello name what they call. */
static enum status check_op(struct view value, struct failure *failure)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    static const char further[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";
    static const char *const calls[] = {"storeSecret", "loadSecret", "clearSecret", "get", "set"};
    bool fits = value.size > 0 && value.size <= 64 && strspn(text_of(value), letters) > 0 &&
                strspn(text_of(value), further) == value.size;

    /* A misspelt one would wait for its calls for ever. */
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        fits = fits &&
               (strcasecmp(text_of(value), calls[i]) != 0 || strcmp(text_of(value), calls[i]) == 0);
    }

    return fits
               ? STATUS_OK
               : refuse("storeSecret, loadSecret, clearSecret, get, set, or what t asks of Trello, "
                        "such as board",
                        value, failure);
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

static enum status check_word(const char *const *words, const char *rule, struct view value,
                              struct failure *failure)
{
    for (; *words != NULL; words++) {
        if (view_equal(value, view_of_text(*words))) {
            return STATUS_OK;
        }
    }
    return refuse(rule, value, failure);
}

static enum status check_scope(struct view value, struct failure *failure)
{
    static const char *const scopes[] = {"board", "card", "member", "organization", NULL};

    return check_word(scopes, "board, card, member or organization", value, failure);
}

static enum status check_visibility(struct view value, struct failure *failure)
{
    static const char *const visibilities[] = {"shared", "private", NULL};

    return check_word(visibilities, "shared or private", value, failure);
}

/* The name of one value in plugin data, which is put into JSON as it is. */
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

const struct option_row option_rows[OPTION_COUNT] = {
    [OPTION_STATE] = {"state", "DIR",
                      "the state folder (default: $POWERUP_SECRETS_DIR, else "
                      "$XDG_STATE_HOME/powerup-secrets, else ~/.local/state/powerup-secrets)",
                      check_not_empty, false},
    [OPTION_JSON] = {"json", NULL, "print JSON", NULL, false},
    [OPTION_TIMEOUT] = {"timeout", "SECONDS",
                        "how long to wait for each browser to confirm (default: 5)", check_timeout,
                        false},
    [OPTION_HELP] = {"help", NULL, "print help", NULL, false},
    [OPTION_VERSION] = {"version", NULL, "print the version", NULL, false},
    [OPTION_BROWSER] = {"browser", "NAME", "which browser; may be given several times",
                        browser_list_check, true},
    [OPTION_CLEAR] = {"clear", NULL, "take back, or forget", NULL, false},
    [OPTION_DELAY] = {"delay", "MS", "the call waits for so many milliseconds, then goes on",
                      check_delay, false},
    [OPTION_ERROR] = {"error", "CLASS:MESSAGE", "the call fails with an error of that class", NULL,
                      false},
    [OPTION_KEY] = {"key", "KEY", "the Power-Up's name for the secret", NULL, false},
    [OPTION_LAST] = {"last", "N", "only so many of the newest", check_times, false},
    [OPTION_MEMBER] = {"member", "ID", "the member (default: who is signed in at the origin)",
                       check_not_empty, false},
    [OPTION_NAME] = {"name", "NAME", "one name in the text (default: the whole text)", check_name,
                     false},
    [OPTION_NO_REPLY] = {"no-reply", NULL, "the call is never answered", NULL, false},
    [OPTION_OP] = {"op", "OP",
                   "storeSecret, loadSecret, clearSecret, get, set, or what t asks of Trello, such "
                   "as board",
                   check_op, false},
    [OPTION_OPTIONS] = {"options", "JSON", "the object that the handler gets as options",
                        check_json_object, false},
    [OPTION_ORIGIN] = {"origin", "ORIGIN", "the origin of the pages (default: all)", origin_check,
                       false},
    [OPTION_OWNER] = {"owner", "ID",
                      "the board, card, member or organization (default: the one of the default "
                      "context)",
                      check_not_empty, false},
    [OPTION_PROBLEMS] = {"problems", NULL, "only what would hurt in Trello", NULL, false},
    [OPTION_SCOPE] = {"scope", "SCOPE", "board, card, member or organization", check_scope, false},
    [OPTION_SLOT] = {"slot", "SLOT", "the name of the localStorage entry, 64 hex digits",
                     check_slot, false},
    [OPTION_SYSTEM] = {"system", NULL, "for all users of this machine", NULL, false},
    [OPTION_TABLE] = {"table", NULL, "print all commands and options as JSON", NULL, false},
    [OPTION_TEXT_FILE] = {"text-file", "FILE", "what has the text (default: standard input)",
                          check_not_empty, false},
    [OPTION_TIMES] = {"times", "N", "for how many calls (default: 1)", check_times, false},
    [OPTION_TOP_LEVEL_SITE] = {"top-level-site", "SITE",
                               "the site that the page is embedded in (default: none)", site_check,
                               false},
    [OPTION_USER_DATA_DIR] = {"user-data-dir", "DIR",
                              "only for a test profile: the --user-data-dir of a Chromium, or the "
                              "HOME that a Firefox is started with",
                              check_not_empty, false},
    [OPTION_VALUE_FILE] = {"value-file", "FILE", "what has the value (default: standard input)",
                           check_not_empty, false},
    [OPTION_VISIBILITY] = {"visibility", "VISIBILITY", "shared or private", check_visibility,
                           false},
    [OPTION_WAIT] = {"wait", "N", "first wait until so many browsers have the scene", check_wait,
                     false},
};

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
