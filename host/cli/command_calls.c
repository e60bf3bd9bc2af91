/* SPDX-License-Identifier: MIT */
#include "base/request.h"
#include "cli/command_context.h"
#include "cli/table.h"
#include "store/calls.h"
#include "store/transaction.h"

#include <stdio.h>
#include <time.h>

static enum status add_call(struct json_object *list, const struct call *call,
                            struct json_object **detail)
{
    JSON_AUTO(object) = json_object_new_object();

    enum status status =
        object != NULL ? json_add_number(object, "at", call->at) : STATUS_NO_MEMORY;
    if (status == STATUS_OK) {
        status = json_add_string(object, "origin", call->origin);
    }
    if (status == STATUS_OK) {
        status = json_add_string(object, "method", call->method);
    }
    if (status == STATUS_OK) {
        status = json_add_string(object, "problem", call->problem);
    }
    if (status == STATUS_OK) {
        status = json_add(object, "detail", detail);
    }
    return status == STATUS_OK ? json_append(list, &object) : status;
}

static enum status to_json(void *list, const struct call *call, struct failure *failure)
{
    JSON_AUTO(detail) = NULL;

    TRY(json_text_parse(call->detail, &detail, failure));
    if (add_call(list, call, &detail) != STATUS_OK) {
        return command_no_memory(failure);
    }
    return STATUS_OK;
}

/* ISO 8601, to the millisecond, in UTC. */
static void add_time(struct table *table, int64_t at)
{
    time_t seconds = (time_t)(at / 1000 - (at % 1000 < 0));
    struct tm parts = {0};
    char day[64] = "";
    BUFFER_AUTO text = {0};

    if (gmtime_r(&seconds, &parts) == NULL ||
        strftime(day, sizeof day, "%Y-%m-%dT%H:%M:%S", &parts) == 0) {
        buffer_print(&text, "%lld", (long long)at);
    } else {
        buffer_print(&text, "%s.%03dZ", day, (int)((at % 1000 + 1000) % 1000));
    }
    table_add_buffer(table, &text);
}

/* What there is to say beside the columns: the problem, the error, or what the call was given. */
static enum status add_rest(struct table *table, const struct call *call,
                            struct json_object *detail)
{
    struct json_object *value = NULL;
    BUFFER_AUTO text = {0};

    if (call->problem.data != NULL) {
        buffer_add_text(&text, "problem ");
        buffer_add(&text, call->problem);
        buffer_add_text(&text, ": ");
        buffer_add(&text, request_string(detail, "advice"));
    } else if (json_object_object_get_ex(detail, "error", &value)) {
        buffer_add(&text, request_string(value, "name"));
        buffer_add_text(&text, ": ");
        buffer_add(&text, request_string(value, "message"));
    } else if (json_object_object_get_ex(detail, "arguments", &value)) {
        struct view arguments;
        enum status status = json_text_of(value, &arguments);
        if (status != STATUS_OK) {
            return status;
        }
        buffer_add(&text, arguments);
    }
    table_add_buffer(table, &text);
    return buffer_status(&text);
}

static enum status to_table(void *context, const struct call *call, struct failure *failure)
{
    struct table *table = context;
    JSON_AUTO(detail) = NULL;
    BUFFER_AUTO duration = {0};
    struct json_object *milliseconds = NULL;

    TRY(json_text_parse(call->detail, &detail, failure));
    if (json_object_object_get_ex(detail, "durationMs", &milliseconds)) {
        buffer_print(&duration, "%.1f ms", json_object_get_double(milliseconds));
    }
    add_time(table, call->at);
    table_add(table, call->origin);
    table_add(table, request_string(detail, "member"));
    table_add(table, call->method);
    table_add(table, request_string(detail, "key"));
    table_add(table, request_string(detail, "outcome"));
    table_add_buffer(table, &duration);
    return add_rest(table, call, detail) == STATUS_OK ? STATUS_OK : command_no_memory(failure);
}

static enum status list_calls(struct command_context *context, struct failure *failure)
{
    static const char *const titles[] = {"TIME", "ORIGIN",  "MEMBER",   "OPERATION",
                                         "KEY",  "OUTCOME", "DURATION", "MORE"};
    struct view last = arguments_value(context->arguments, OPTION_LAST);
    struct call_filter filter = {
        .origin = command_origin(context),
        .only_problems = arguments_have(context->arguments, OPTION_PROBLEMS),
        .last = last.data != NULL ? option_number((const char *)last.data) : 0,
    };
    TRANSACTION_AUTO transaction = {0};
    TABLE_AUTO table = {.columns = sizeof titles / sizeof titles[0]};

    enum status status = transaction_begin(context->store, TRANSACTION_READ, &transaction, failure);
    if (status != STATUS_OK) {
        return status;
    }
    if (command_wants_json(context)) {
        context->result = json_object_new_array();
        return context->result != NULL
                   ? calls_visit(context->store, &filter, to_json, context->result, failure)
                   : command_no_memory(failure);
    }
    for (size_t i = 0; i < table.columns; i++) {
        table_add_text(&table, titles[i]);
    }
    status = calls_visit(context->store, &filter, to_table, &table, failure);
    table_print(&table, &context->output);
    return status;
}

static enum status clear(struct command_context *context, struct failure *failure)
{
    TRANSACTION_AUTO transaction = {0};

    enum status status =
        transaction_begin(context->store, TRANSACTION_WRITE, &transaction, failure);
    if (status == STATUS_OK) {
        status = calls_clear(context->store, command_origin(context), failure);
    }
    return status == STATUS_OK ? transaction_commit(&transaction, failure) : status;
}

enum status command_calls(struct command_context *context, struct failure *failure)
{
    bool clears = arguments_have(context->arguments, OPTION_CLEAR);

    if (clears && (arguments_have(context->arguments, OPTION_PROBLEMS) ||
                   arguments_have(context->arguments, OPTION_LAST))) {
        return failure_set(failure, STATUS_BAD_REQUEST,
                           "--clear forgets all calls, or those of --origin; give it without "
                           "--problems and --last.");
    }
    TRY(command_open(context, failure));
    TRY(command_apply(context, failure));
    return clears ? clear(context, failure) : list_calls(context, failure);
}
