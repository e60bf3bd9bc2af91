/* SPDX-License-Identifier: MIT */
#include "base/request.h"
#include "cli/command_context.h"
#include "cli/command_table.h"
#include "cli/listing.h"
#include "store/calls.h"

#include <time.h>

static enum status add_call(void *list, const struct call *call, struct failure *failure)
{
    JSON_AUTO(object) = json_object_new_object();
    JSON_AUTO(detail) = NULL;
    const struct member_text members[] = {
        {"origin", call->origin},
        {"method", call->method},
        {"problem", call->problem},
        {"page", call->page},
    };

    TRY(json_text_parse(call->detail, &detail, failure));
    TRY(json_add_number(object, "at", call->at));
    TRY(listing_add_texts(object, members, sizeof members / sizeof members[0]));
    TRY(json_add(object, "detail", &detail));
    return json_append(list, &object);
}

/* ISO 8601, to the millisecond, in UTC. */
static void write_time(struct buffer *cell, struct json_object *row)
{
    int64_t at = json_object_get_int64(json_object_object_get(row, "at"));
    time_t seconds = (time_t)(at / 1000 - (at % 1000 < 0));
    struct tm parts = {0};
    char day[64] = "";

    if (gmtime_r(&seconds, &parts) == NULL ||
        strftime(day, sizeof day, "%Y-%m-%dT%H:%M:%S", &parts) == 0) {
        buffer_print(cell, "%lld", (long long)at);
    } else {
        buffer_print(cell, "%s.%03dZ", day, (int)((at % 1000 + 1000) % 1000));
    }
}

static void write_duration(struct buffer *cell, struct json_object *row)
{
    struct json_object *milliseconds = NULL;

    if (json_object_object_get_ex(json_object_object_get(row, "detail"), "durationMs",
                                  &milliseconds)) {
        buffer_print(cell, "%.1f ms", json_object_get_double(milliseconds));
    }
}

/* What has no column of its own: the problem, the error, or the call's arguments. */
static void write_more(struct buffer *cell, struct json_object *row)
{
    struct view problem = request_string(row, "problem");
    struct json_object *detail = json_object_object_get(row, "detail");
    struct json_object *value = NULL;
    struct view arguments;

    if (problem.data != NULL) {
        buffer_add_text(cell, "problem ");
        buffer_add(cell, problem);
        buffer_add_text(cell, ": ");
        buffer_add(cell, request_string(detail, "advice"));
    } else if (json_object_object_get_ex(detail, "error", &value)) {
        buffer_add(cell, request_string(value, "name"));
        buffer_add_text(cell, ": ");
        buffer_add(cell, request_string(value, "message"));
    } else if (json_object_object_get_ex(detail, "arguments", &value)) {
        if (json_text_of(value, &arguments) == STATUS_OK) {
            buffer_add(cell, arguments);
        } else {
            cell->failed = true;
        }
    }
}

static enum status list_calls(struct command_context *context, struct failure *failure)
{
    static const struct column columns[] = {
        {"TIME", .write = write_time},
        {"ORIGIN", .member = "origin"},
        {"MEMBER", .object = "detail", .member = "member"},
        {"OPERATION", .member = "method"},
        {"KEY", .object = "detail", .member = "key"},
        {"OUTCOME", .object = "detail", .member = "outcome"},
        {"DURATION", .write = write_duration},
        {"MORE", .write = write_more},
    };
    const char *last = context->arguments->values[OPTION_LAST];
    struct call_filter filter = {
        .origin = command_origin(context),
        .only_problems = arguments_have(context->arguments, OPTION_PROBLEMS),
        .last = last != NULL ? option_number(last) : 0,
    };
    JSON_AUTO(list) = json_object_new_array();

    TRY(calls_visit(context->store, &filter, add_call, list, failure));
    return listing_give(context, &list, columns, sizeof columns / sizeof columns[0]);
}

static enum status prepare_calls(struct command_context *context, struct failure *failure)
{
    if (!arguments_have(context->arguments, OPTION_CLEAR)) {
        return STATUS_OK;
    }
    if (arguments_have(context->arguments, OPTION_PROBLEMS) ||
        arguments_have(context->arguments, OPTION_LAST)) {
        return failure_set(failure, STATUS_BAD_REQUEST,
                           "--clear deletes all calls, or those of --origin; use it without "
                           "--problems and --last.");
    }
    context->kind = COMMAND_EDITING;
    return STATUS_OK;
}

static enum status run_calls(struct command_context *context, struct failure *failure)
{
    return context->kind == COMMAND_EDITING
               ? calls_clear(context->store, command_origin(context), failure)
               : list_calls(context, failure);
}

const struct command command_calls = {
    .name = "calls",
    .help = "list what pages called and showed, and problems; never a secret",
    .more =
        "Each call with its time, origin, member, operation, key, outcome and duration; which "
        "popups, alerts and sizes pages asked for; and problems: what works here but would fail "
        "in Trello. The newest 50,000 are kept, and at most 32 MiB of them; how many of an origin "
        "had to give way to newer ones is an entry of its own at the start, with the problem "
        "calls-lost.",
    .options = OPTIONS(OPTIONAL(ORIGIN), OPTIONAL(PROBLEMS), OPTIONAL(LAST),
                       {OPTION_CLEAR, false, "delete the calls, or those of --origin"}),
    .kind = COMMAND_READING,
    .prepare = prepare_calls,
    .run = run_calls,
};
