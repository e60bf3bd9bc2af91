/* SPDX-License-Identifier: MIT */
#include "browsers/browser_choice.h"

#include <string.h>

static bool has_folder(const struct browser_row *row, enum browser_scope scope)
{
    return (scope == SCOPE_SYSTEM ? row->system_folder : row->user_folder) != NULL;
}

static enum status is_installed(const struct browser_row *row, bool *ret_is,
                                struct failure *failure)
{
    BYTES_AUTO program = {0};

    enum status status = browser_program(row, &program, failure);
    TRY(status_allow_absent(status));
    *ret_is = status == STATUS_OK;
    return STATUS_OK;
}

/* What stands for "it is in use here" in a scope. */
static enum status is_in_use(const struct browser_row *row, enum browser_scope scope, bool *ret_is,
                             struct failure *failure)
{
    return scope == SCOPE_SYSTEM ? is_installed(row, ret_is, failure)
                                 : browser_has_profile(row, ret_is, failure);
}

bool browser_is_enclosed(const struct browser_row *row)
{
    return row->packaging != PACKAGING_NATIVE && row->family == FAMILY_CHROMIUM;
}

/* Whether a row stands for its name although it was not started: it is the first of those that can
 * start the host, and none of these was started, or its program is here. */
static enum status stands_for_name(size_t row, enum browser_scope scope, bool *ret_stands,
                                   struct failure *failure)
{
    const struct browser_row *browser = &browser_table[row];
    bool is_first = !browser_is_enclosed(browser);
    bool any_used = false;

    for (size_t i = 0; is_first && !any_used && i < browser_table_size; i++) {
        const struct browser_row *other = &browser_table[i];
        if (strcmp(other->name, browser->name) == 0 && has_folder(other, scope) &&
            !browser_is_enclosed(other)) {
            TRY(is_in_use(other, scope, &any_used, failure));
            is_first = i >= row;
        }
    }
    *ret_stands = is_first && !any_used;
    return is_first && any_used ? is_installed(browser, ret_stands, failure) : STATUS_OK;
}

enum status browser_choose(size_t row, const char *names, enum browser_scope scope,
                           enum browser_choice *ret_choice, struct failure *failure)
{
    const struct browser_row *browser = &browser_table[row];
    bool used = false;

    if (!has_folder(browser, scope) || (names != NULL && !browser_list_has(names, browser->name))) {
        *ret_choice = CHOICE_OTHER;
        return STATUS_OK;
    }
    TRY(is_in_use(browser, scope, &used, failure));
    if (!used && names != NULL) {
        TRY(stands_for_name(row, scope, &used, failure));
    }
    *ret_choice = used && browser_is_enclosed(browser) ? CHOICE_SANDBOXED
                  : used                               ? CHOICE_CHOSEN
                  : names != NULL                      ? CHOICE_OTHER
                  : scope == SCOPE_SYSTEM              ? CHOICE_NOT_FOUND
                                                       : CHOICE_NEVER_STARTED;
    return STATUS_OK;
}

bool browser_is_first_of_name(size_t row)
{
    return row == 0 || strcmp(browser_table[row - 1].name, browser_table[row].name) != 0;
}

enum status browser_name_is_chosen(size_t row, const char *names, enum browser_scope scope,
                                   bool *ret_is, struct failure *failure)
{
    bool is = false;

    for (size_t i = 0; !is && i < browser_table_size; i++) {
        enum browser_choice choice = CHOICE_OTHER;
        if (strcmp(browser_table[i].name, browser_table[row].name) == 0) {
            TRY(browser_choose(i, names, scope, &choice, failure));
            is = choice == CHOICE_CHOSEN;
        }
    }
    *ret_is = is;
    return STATUS_OK;
}

const struct browser_row *browser_first(const char *names)
{
    size_t size = names != NULL ? strcspn(names, ",") : 0;
    const char *wanted = names != NULL ? names : "chromium";
    size_t wanted_size = names != NULL ? size : strlen(wanted);

    for (size_t i = 0; i < browser_table_size; i++) {
        if (strlen(browser_table[i].name) == wanted_size &&
            memcmp(browser_table[i].name, wanted, wanted_size) == 0) {
            return &browser_table[i];
        }
    }
    return &browser_table[0]; /* the names were checked */
}
