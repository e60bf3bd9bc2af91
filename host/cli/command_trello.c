/* SPDX-License-Identifier: MIT */
#include "base/json_scan.h"
#include "base/origin.h"
#include "cli/command_context.h"
#include "store/answers.h"
#include "store/power_up.h"
#include "store/transaction.h"

#include <string.h>

/* The longest name of a method, and of a Power-Up. */
enum { METHOD_SIZE_MAX = 64, POWER_UP_SIZE_MAX = 300 };

static enum status check_method(struct view method, struct failure *failure)
{
    return method.size <= METHOD_SIZE_MAX
               ? option_rows[OPTION_OP].check(method, failure)
               : failure_set(failure, STATUS_BAD_REQUEST, "No method has so long a name.");
}

static enum status write_answer(struct command_context *context, struct failure *failure)
{
    struct view method = view_of_text(context->words[0]);
    struct view origin = command_origin(context);
    TRANSACTION_AUTO transaction = {0};

    enum status status =
        transaction_begin(context->store, TRANSACTION_WRITE, &transaction, failure);
    if (status == STATUS_OK) {
        status = origin.size == 0 ? answers_forget(context->store, method, failure)
                                  : answers_remove(context->store, origin, method, failure);
    }
    if (status == STATUS_OK && context->word_count == 2) {
        status =
            answers_set(context->store, origin, method, view_of_text(context->words[1]), failure);
    }
    return status == STATUS_OK ? transaction_commit(&transaction, failure) : status;
}

enum status command_answer(struct command_context *context, struct failure *failure)
{
    TRY(check_method(view_of_text(context->words[0]), failure));

    if (context->word_count == 2 && !json_scan_is_valid(view_of_text(context->words[1]))) {
        return failure_set(failure, STATUS_BAD_REQUEST,
                           "The answer is not JSON; a text must be written \"in quotes\".");
    }
    TRY(command_open(context, failure));
    TRY(write_answer(context, failure));
    return command_apply(context, failure);
}

static enum status check_power_up(const struct command_context *context, struct failure *failure)
{
    size_t size = strlen(context->words[0]);

    if (size == 0 || size > POWER_UP_SIZE_MAX) {
        return failure_set(failure, STATUS_BAD_REQUEST, "A Power-Up's id has 1 to %d bytes.",
                           POWER_UP_SIZE_MAX);
    }
    for (size_t i = 1; i < context->word_count; i++) {
        struct failure why = {0};
        if (origin_check(view_of_text(context->words[i]), &why) != STATUS_OK) {
            return failure_set(failure, STATUS_BAD_ORIGIN, "%.200s: %s", context->words[i],
                               why.message);
        }
    }
    return STATUS_OK;
}

static enum status join_origins(struct command_context *context, struct failure *failure)
{
    struct view power_up = view_of_text(context->words[0]);
    TRANSACTION_AUTO transaction = {0};

    enum status status =
        transaction_begin(context->store, TRANSACTION_WRITE, &transaction, failure);
    for (size_t i = 1; status == STATUS_OK && i < context->word_count; i++) {
        struct view origin = view_of_text(context->words[i]);
        status = view_equal(origin, power_up)
                     ? power_up_leave(context->store, origin, failure)
                     : power_up_join(context->store, power_up, origin, failure);
    }
    return status == STATUS_OK ? transaction_commit(&transaction, failure) : status;
}

enum status command_power_up(struct command_context *context, struct failure *failure)
{
    TRY(check_power_up(context, failure));

    TRY(command_open(context, failure));
    TRY(join_origins(context, failure));
    return command_apply(context, failure);
}
