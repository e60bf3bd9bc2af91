/* SPDX-License-Identifier: MIT */
#include "base/request.h"
#include "cli/command_context.h"
#include "cli/command_table.h"
#include "cli/listing.h"
#include "store/calls.h"

#include <time.h>

/* Characters of a cell, with the mark that it was cut, which a key has after 256 as well. */
enum { CELL_MAX = 257 };

/* A call without its detail. */
static enum status make_call(const struct call *call, struct json_object **ret_object)
{
    JSON_AUTO(object) = json_object_new_object();
    const struct member_text members[] = {
        {"origin", call->origin},
        {"method", call->method},
        {"problem", call->problem},
        {"page", call->page},
    };

    json_set_number(object, "at", call->at);
    listing_set_texts(object, members, sizeof members / sizeof members[0]);
    TRY(json_status(object));
    MOVE(*ret_object, object);
    return STATUS_OK;
}

/* ISO 8601, to the millisecond, in UTC; the number where that is no date for JavaScript either. */
static void write_time(struct buffer *cell, struct json_object *row)
{
    int64_t at = json_object_get_int64(json_object_object_get(row, "at"));
    time_t seconds = (time_t)(at / 1000 - (at % 1000 < 0));
    struct tm parts = {0};
    char day[64] = "";

    if (at < -CALL_TIME_MAX || at > CALL_TIME_MAX || gmtime_r(&seconds, &parts) == NULL ||
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

static enum status add_row(void *table, const struct call *call, struct failure *failure)
{
    JSON_AUTO(row) = NULL;
    JSON_AUTO(detail) = NULL;

    TRY(json_text_parse(call->detail, &detail, failure));
    TRY(make_call(call, &row));
    json_set(row, "detail", &detail);
    TRY(json_status(row));
    listing_add_row(table, columns, row);
    return buffer_status(&((struct table *)table)->text);
}

static enum status give_table(struct command_context *context, const struct call_filter *filter,
                              struct failure *failure)
{
    TABLE_AUTO table = {.columns = sizeof columns / sizeof columns[0],
                        .cell_max = CELL_MAX,
                        .line_max = command_line_width()};

    listing_add_titles(&table, columns);
    TRY(calls_visit(context->store, filter, add_row, &table, failure));
    table_print(&table, &context->output);
    return buffer_status(&context->output);
}

/* The text of a detail is JSON already, and takes many times its size in memory when it is built.
 */
static enum status add_json(void *data, const struct call *call, struct failure *failure)
{
    struct buffer *output = data;
    JSON_AUTO(object) = NULL;
    struct view text;

    (void)failure;
    TRY(make_call(call, &object));
    TRY(json_text_of(object, &text));
    buffer_add_text(output, output->size > 1 ? "," : "");
    buffer_add_plain(output, (struct view){text.data, text.size - 1}); /* up to its "}" */
    buffer_add_text(output, ",\"detail\":");
    buffer_add_plain(output, call->detail);
    buffer_add_text(output, "}");
    return buffer_status(output);
}

static enum status give_json(struct command_context *context, const struct call_filter *filter,
                             struct failure *failure)
{
    buffer_add_text(&context->output, "[");
    TRY(calls_visit(context->store, filter, add_json, &context->output, failure));
    buffer_add_text(&context->output, "]\n");
    return buffer_status(&context->output);
}

static enum status list_calls(struct command_context *context, struct failure *failure)
{
    const char *last = context->arguments->values[OPTION_LAST];
    const struct call_filter filter = {
        .origin = command_origin(context),
        .only_problems = arguments_have(context->arguments, OPTION_PROBLEMS),
        .last = last != NULL ? option_number(last) : 0,
    };

    return command_wants_json(context) ? give_json(context, &filter, failure)
                                       : give_table(context, &filter, failure);
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
        "calls-lost. The table cuts cells after 256 characters and, on a terminal, its widest "
        "columns to the terminal's width; with --json everything is whole.",
    .options = OPTIONS(OPTIONAL(ORIGIN), OPTIONAL(PROBLEMS), OPTIONAL(LAST),
                       {OPTION_CLEAR, false, "delete the calls, or those of --origin"}),
    .kind = COMMAND_READING,
    .prepare = prepare_calls,
    .run = run_calls,
};
