/* SPDX-License-Identifier: MIT */
#include "cli/command_invoke.h"

#include "base/request.h"
#include "cli/command_context.h"
#include "store/plugin_data.h"
#include "trello/default_context.h"

#include <string.h>

enum status invoke_handlers(struct command_context *context, const char *command,
                            struct json_object **args, struct running_browsers *ret_list,
                            struct failure *failure)
{
    JSON_AUTO(request) = json_object_new_object();

    enum status status =
        request != NULL ? json_add_string(request, "op", view_of_text("invoke")) : STATUS_NO_MEMORY;
    if (status == STATUS_OK) {
        status = json_add_string(request, "origin", command_origin(context));
    }
    if (status == STATUS_OK) {
        status = json_add_string(request, "command", view_of_text(command));
    }
    if (status == STATUS_OK) {
        status = json_add(request, "args", args);
    }
    json_put(args);
    return status == STATUS_OK ? command_ask(context, request, ret_list, failure)
                               : command_no_memory(failure);
}

bool invoke_outcome(const struct running_browser *browser, struct invoke_outcome *ret_outcome)
{
    struct json_object *success = NULL;
    struct json_object *response = NULL;

    if (browser->state != RUNNING_BROWSER_ANSWERED ||
        !json_object_is_type(browser->result, json_type_object) ||
        !json_object_object_get_ex(browser->result, "success", &success)) {
        return false;
    }
    response = json_object_object_get(browser->result, "response");
    if (json_object_get_boolean(success)) {
        *ret_outcome = (struct invoke_outcome){.response = response};
        return true;
    }
    struct view message = json_object_is_type(response, json_type_object)
                              ? request_string(response, "message")
                              : (struct view){NULL, 0};
    *ret_outcome = (struct invoke_outcome){
        .error = message.data != NULL ? message : view_of_text("the handler failed, without words"),
    };
    return true;
}

/* [{}] with what a handler is told beside its context. */
static struct json_object *arguments_of(const struct command_context *context)
{
    struct view options = command_value(context, OPTION_OPTIONS);
    struct failure ignored = {0};
    JSON_AUTO(args) = json_object_new_array();
    JSON_AUTO(first) = NULL;

    if (options.data == NULL) {
        first = json_object_new_object();
    } else if (json_text_parse(options, &first, &ignored) != STATUS_OK) {
        return NULL;
    }
    if (args == NULL || json_append(args, &first) != STATUS_OK) {
        return NULL;
    }
    struct json_object *made = args;
    args = NULL;
    return made;
}

static enum status print_response(struct command_context *context, struct json_object *response,
                                  struct failure *failure)
{
    struct view text;

    if (json_text_of(response, &text) != STATUS_OK) {
        return command_no_memory(failure);
    }
    buffer_add(&context->output, text);
    buffer_add_text(&context->output, "\n");
    return STATUS_OK;
}

enum status command_invoke(struct command_context *context, struct failure *failure)
{
    JSON_AUTO(args) = arguments_of(context);
    RUNNING_BROWSERS_AUTO list = {0};
    struct invoke_outcome outcome;

    if (args == NULL) {
        return failure_set(failure, STATUS_BAD_REQUEST,
                           "--options: It must not be nested deeper than %d.", JSON_DEPTH_MAX);
    }
    TRY(invoke_handlers(context, context->words[0], &args, &list, failure));
    for (size_t i = 0; i < list.count; i++) {
        if (!invoke_outcome(&list.browsers[i], &outcome)) {
            continue;
        }
        if (outcome.error.data != NULL) {
            return failure_set(failure, STATUS_LIBRARY_ERROR, "%.*s", (int)outcome.error.size,
                               (const char *)outcome.error.data);
        }
        return print_response(context, outcome.response, failure);
    }
    return failure_set(failure, STATUS_ABSENT,
                       "No open page of that origin has a handler for \"%.100s\".",
                       context->words[0]);
}
