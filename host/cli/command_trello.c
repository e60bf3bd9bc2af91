/* SPDX-License-Identifier: MIT */
#include "base/json_scan.h"
#include "base/origin.h"
#include "cli/command_ask.h"
#include "cli/command_context.h"
#include "cli/command_table.h"
#include "cli/method.h"
#include "store/answers.h"
#include "store/power_up.h"

#include <string.h>

/* The longest name of a Power-Up. */
enum { POWER_UP_SIZE_MAX = 300 };

static enum status check_answer(struct command_context *context, struct failure *failure)
{
    TRY(method_check_answer(view_of_text(context->words[0]), failure));
    if (context->word_count == 2 && !json_scan_is_valid(view_of_text(context->words[1]))) {
        return failure_set(failure, STATUS_BAD_REQUEST,
                           "The answer is not JSON; write a string \"in quotes\".");
    }
    return STATUS_OK;
}

static enum status run_answer(struct command_context *context, struct failure *failure)
{
    struct view method = view_of_text(context->words[0]);
    struct view origin = command_origin(context);

    TRY(origin.size == 0 ? answers_forget(context->store, method, failure)
                         : answers_remove(context->store, origin, method, failure));
    return context->word_count == 2 ? answers_set(context->store, origin, method,
                                                  view_of_text(context->words[1]), failure)
                                    : STATUS_OK;
}

const struct command command_answer = {
    .name = "answer",
    .arguments = "METHOD [JSON]",
    .words_min = 1,
    .words_max = 2,
    .words = method_answer_names,
    .other_words = true,
    .help = "set what t.METHOD(), such as t.board(), answers",
    .more = "METHOD is a method of t that reads what Trello has, such as board or card, or that "
            "asks for a token: jwt, requestToken, authorizationCodeExchange or refreshTokens. JSON "
            "is what its promise resolves to. Without JSON the answer is removed.",
    .options = OPTIONS(OPTIONAL(ORIGIN)),
    .kind = COMMAND_CHANGING,
    .prepare = check_answer,
    .run = run_answer,
};

static enum status check_power_up(struct command_context *context, struct failure *failure)
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

static enum status run_power_up(struct command_context *context, struct failure *failure)
{
    struct view power_up = view_of_text(context->words[0]);

    for (size_t i = 1; i < context->word_count; i++) {
        struct view origin = view_of_text(context->words[i]);
        TRY(failure_explain(failure, command_concern(context, origin)));
        TRY(view_equal(origin, power_up)
                ? power_up_leave(context->store, origin, failure)
                : power_up_join(context->store, power_up, origin, failure));
    }
    return STATUS_OK;
}

const struct command command_power_up = {
    .name = "power-up",
    .arguments = "ID ORIGIN...",
    .words_min = 2,
    .words_max = COMMAND_WORDS_ANY,
    .help = "make origins one Power-Up, which shares its plugin data",
    .more =
        "Each origin is a Power-Up of its own until it is made part of another. An origin leaves "
        "its Power-Up when ID is the origin itself.",
    .options = NO_OPTIONS,
    .kind = COMMAND_CHANGING,
    .prepare = check_power_up,
    .run = run_power_up,
};
