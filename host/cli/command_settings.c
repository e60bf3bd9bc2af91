/* SPDX-License-Identifier: MIT */
#include "cli/command_context.h"
#include "store/profile.h"
#include "store/property.h"
#include "store/settings.h"
#include "store/transaction.h"

#include <string.h>

/* Opens the store and begins to change it. */
static enum status begin(struct command_context *context, struct transaction *ret_transaction,
                         struct failure *failure)
{
    TRY(command_open(context, failure));

    return transaction_begin(context->store, TRANSACTION_WRITE, ret_transaction, failure);
}

/* A setting for all holds for all: those of single origins go. */
static enum status write_setting(struct command_context *context, const char *name,
                                 struct view value, struct failure *failure)
{
    struct view origin = command_origin(context);
    TRANSACTION_AUTO transaction = {0};

    TRY(begin(context, &transaction, failure));
    if (origin.size == 0) {
        TRY(settings_forget(context->store, name, failure));
    }
    TRY(settings_set(context->store, origin, name, value, failure));
    return transaction_commit(&transaction, failure);
}

static enum status set(struct command_context *context, const char *name, struct view value,
                       struct failure *failure)
{
    TRY(settings_check(name, value, failure));

    TRY(write_setting(context, name, value, failure));
    return command_apply(context, failure);
}

enum status command_storage(struct command_context *context, struct failure *failure)
{
    return set(context, SETTING_STORAGE, view_of_text(context->words[0]), failure);
}

enum status command_fidelity(struct command_context *context, struct failure *failure)
{
    return set(context, SETTING_FIDELITY, view_of_text(context->words[0]), failure);
}

enum status command_sign_in(struct command_context *context, struct failure *failure)
{
    struct view member = command_value(context, OPTION_MEMBER);

    return set(context, SETTING_MEMBER,
               member.data != NULL ? member : view_of_text(SETTING_DEFAULT_MEMBER), failure);
}

enum status command_sign_out(struct command_context *context, struct failure *failure)
{
    return set(context, SETTING_MEMBER, view_of_text(""), failure);
}

static enum status write_store_setting(struct command_context *context, const char *name,
                                       struct view value, struct failure *failure)
{
    TRANSACTION_AUTO transaction = {0};

    TRY(begin(context, &transaction, failure));
    TRY(property_write(context->store, name, value, failure));
    return transaction_commit(&transaction, failure);
}

/* Changes which storage pages have. What they kept until now belongs to the one that they leave. */
static enum status switch_storage(struct command_context *context, const char *name,
                                  struct view value, struct failure *failure)
{
    TRY(command_apply(context, failure));

    TRY(write_store_setting(context, name, value, failure));
    return command_apply(context, failure);
}

enum status command_partition(struct command_context *context, struct failure *failure)
{
    const char *value = context->words[0];

    if (strcmp(value, "on") != 0 && strcmp(value, "off") != 0) {
        return failure_set(failure, STATUS_BAD_REQUEST,
                           "partition is \"on\" or \"off\", not \"%.100s\".", value);
    }
    return switch_storage(context, PROPERTY_PARTITION, view_of_text(value), failure);
}

static enum status give_profile(struct command_context *context, struct failure *failure)
{
    TRANSACTION_AUTO transaction = {0};

    TRY(command_open(context, failure));
    TRY(transaction_begin(context->store, TRANSACTION_READ, &transaction, failure));
    return command_give(context, "browserProfile", store_browser_profile(context->store), failure);
}

enum status command_browser_profile(struct command_context *context, struct failure *failure)
{
    if (context->word_count == 0) {
        return give_profile(context, failure);
    }
    struct view name = view_of_text(context->words[0]);
    TRY(profile_check(name, "the name", failure));
    return switch_storage(context, PROPERTY_BROWSER_PROFILE, name, failure);
}
