/* SPDX-License-Identifier: MIT */
/* Which rows of the table of browsers a command is about. */
#ifndef POWERUP_SECRETS_BROWSERS_BROWSER_CHOICE_H
#define POWERUP_SECRETS_BROWSERS_BROWSER_CHOICE_H

#include "browsers/browser_paths.h"

/* Why a row is none of them, or that it is one. */
enum browser_choice {
    CHOICE_CHOSEN,
    CHOICE_OTHER,         /* it has no folder of that scope, or another was named */
    CHOICE_NEVER_STARTED, /* it has no profile here */
    CHOICE_NOT_FOUND,     /* it has no program here */
    CHOICE_SANDBOXED,     /* its sandbox lets it start no program of the system */
};

/* Whether its sandbox lets it start no program of the system: a Chromium in a Snap or Flatpak. */
bool browser_is_enclosed(const struct browser_row *row);

/* Without names (NULL) those that were started here, or for all users those whose program is here.
 * With names those rows of a name that were started here, and the first that can start the host,
 * where none such was started or its program is here. */
MUST_CHECK enum status browser_choose(size_t row, const char *names, enum browser_scope scope,
                                      enum browser_choice *ret_choice, struct failure *failure);

/* Whether any row of a row's name is chosen. */
MUST_CHECK enum status browser_name_is_chosen(size_t row, const char *names,
                                              enum browser_scope scope, bool *ret_is,
                                              struct failure *failure);

/* Whether it is the first row of its name. */
bool browser_is_first_of_name(size_t row);

/* The first row of the first name in a list; of all names Chromium, without a list. */
const struct browser_row *browser_first(const char *names);

#endif
