/* SPDX-License-Identifier: MIT */
#include "native/caller.h"

#include "base/identity.h"

#include <string.h>

static bool is_chromium_origin(const char *argument)
{
    static const char origin[] = "chrome-extension://" POWERUP_SECRETS_CHROMIUM_ID;
    size_t length = sizeof origin - 1;

    return strncmp(argument, origin, length) == 0 &&
           (argument[length] == '\0' || strcmp(argument + length, "/") == 0);
}

enum status caller_check(int argument_count, char *const *arguments, struct failure *failure)
{
    static const char parent_window[] = "--parent-window=";

    if (argument_count >= 2 && is_chromium_origin(arguments[1]) &&
        (argument_count == 2 || (argument_count == 3 && strncmp(arguments[2], parent_window,
                                                                sizeof parent_window - 1) == 0))) {
        return STATUS_OK;
    }
    if (argument_count == 3 && arguments[1][0] == '/' &&
        strcmp(arguments[2], POWERUP_SECRETS_FIREFOX_ID) == 0) {
        return STATUS_OK;
    }
    if (argument_count < 2) {
        return failure_set(failure, STATUS_BAD_REQUEST, "no extension is named as the caller");
    }
    return failure_set(failure, STATUS_BAD_REQUEST, "the caller \"%s\" is not our extension",
                       arguments[argument_count > 2 ? 2 : 1]);
}
