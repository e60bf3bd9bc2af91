/* SPDX-License-Identifier: MIT */
#include "cli/command_invoke.h"

#include "base/nearest.h"
#include "base/request.h"
#include "cli/command_ask.h"
#include "cli/command_context.h"
#include "cli/command_table.h"
#include "cli/names.h"
#include "cli/print.h"

#include <string.h>

static const char *const capabilities[] = {CAPABILITIES, NULL};

enum status invoke_handlers(struct command_context *context, const char *command,
                            struct json_object **args, bool waits,
                            struct running_browsers *ret_list, struct failure *failure)
{
    JSON_AUTO(request) = json_object_new_object();

    json_set_string(request, "op", view_of_text("invoke"));
    json_set_string(request, "origin", command_origin(context));
    json_set_string(request, "command", view_of_text(command));
    json_set(request, "args", args);
    json_set_boolean(request, "waits", waits);
    if (arguments_have(context->arguments, OPTION_PAGE)) {
        json_set_string(request, "page", command_value(context, OPTION_PAGE));
    }
    TRY(json_status(request));
    return command_ask(context, request, ret_list, failure);
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
    bool not_handled = json_object_is_type(response, json_type_object) &&
                       view_equal(request_string(response, "code"), view_of_text("not handled"));
    *ret_outcome = (struct invoke_outcome){
        .error = message.data != NULL ? message
                 : not_handled
                     ? view_of_text("the handler answered t.NotHandled, without a message")
                     : view_of_text("the handler failed with something that has no message, and "
                                    "Trello learns no more; the page's console has it"),
    };
    return true;
}

/* [{}] with what a handler is given beside its context. The caller owns *ret_args. */
static enum status arguments_of(const struct command_context *context,
                                struct json_object **ret_args, struct failure *failure)
{
    struct view options = command_value(context, OPTION_OPTIONS);
    struct failure why = {0};
    JSON_AUTO(args) = json_object_new_array();
    JSON_AUTO(first) = NULL;

    if (options.data == NULL) {
        first = json_object_new_object();
    } else {
        enum status status = json_text_parse(options, &first, &why);
        if (status == STATUS_BAD_JSON) {
            /* It is valid JSON: the check of --options saw to that. */
            return failure_set(failure, STATUS_BAD_REQUEST,
                               "--options: It must not be nested deeper than %d.", JSON_DEPTH_MAX);
        }
        TRY(status);
    }
    json_push(args, &first);
    TRY(json_status(args));
    MOVE(*ret_args, args);
    return STATUS_OK;
}

/* Prints the response or, with --json, the whole outcome, also that of a handler that failed. */
static enum status give_outcome(struct command_context *context, struct json_object *result,
                                const struct invoke_outcome *outcome, struct failure *failure)
{
    if (command_wants_json(context)) {
        context->result = json_object_get(result);
    }
    if (outcome->error.data != NULL && !command_wants_json(context)) {
        return failure_set(failure, STATUS_LIBRARY_ERROR, "%.*s", (int)outcome->error.size,
                           (const char *)outcome->error.data);
    }
    if (outcome->error.data != NULL) {
        context->failed = true;
        print_note(&context->notes, "powerup-secrets: %.*s", (int)outcome->error.size,
                   (const char *)outcome->error.data);
        return STATUS_OK;
    }
    return print_json(&context->output, outcome->response);
}

/* The names of the handlers that there are instead, each once. */
static void add_handlers(struct buffer *names, const struct running_browsers *list)
{
    JSON_AUTO(known) = json_object_new_object();

    for (size_t i = 0; i < list->count; i++) {
        struct json_object *handlers =
            json_object_is_type(list->browsers[i].result, json_type_object)
                ? json_object_object_get(list->browsers[i].result, "handlers")
                : NULL;
        size_t count =
            json_object_is_type(handlers, json_type_array) ? json_object_array_length(handlers) : 0;
        for (size_t j = 0; j < count; j++) {
            const char *name = json_object_get_string(json_object_array_get_idx(handlers, j));
            if (name == NULL || json_object_object_get_ex(known, name, NULL)) {
                continue;
            }
            json_set_boolean(known, name, true);
            buffer_add_text(names, names->size > 0 ? ", " : "");
            buffer_add_text(names, name);
        }
    }
    names->failed = names->failed || json_status(known) != STATUS_OK;
}

static bool is_page_open(const struct running_browsers *list)
{
    for (size_t i = 0; i < list->count; i++) {
        if (json_object_is_type(list->browsers[i].result, json_type_object)) {
            return true;
        }
    }
    return false;
}

static void add_absence(struct buffer *text, const struct command_context *context,
                        struct buffer *names)
{
    struct view page = command_value(context, OPTION_PAGE);

    buffer_add_text(text, "No open page of ");
    buffer_add(text, command_origin(context));
    if (page.data != NULL) {
        buffer_add_text(text, " with the id \"");
        buffer_add(text, page);
        buffer_add_text(text, "\"");
    }
    buffer_print(text, " has a handler for \"%.100s\"", context->words[0]);
    if (names->size > 0) {
        buffer_add_text(text, "; there are handlers for: ");
        buffer_join(text, names);
    }
    buffer_add_text(text, ".");
}

static enum status refuse_handler(const struct command_context *context,
                                  const struct running_browsers *list, struct failure *failure)
{
    struct view origin = command_origin(context);
    struct view page = command_value(context, OPTION_PAGE);
    BUFFER_AUTO text = {0};
    BUFFER_AUTO names = {0};

    if (page.data == NULL && !is_page_open(list)) {
        buffer_add_text(&text, "No page of ");
        buffer_add(&text, origin);
        buffer_add_text(&text,
                        " that uses TrelloPowerUp is open in a browser on this state folder.");
    } else {
        add_handlers(&names, list);
        add_absence(&text, context, &names);
    }
    const char *meant = nearest_of(capabilities, view_of_text(context->words[0]));
    if (meant != NULL && strcmp(meant, context->words[0]) != 0) {
        buffer_print(&text, " Did you mean \"%s\"?", meant);
    }
    TRY(buffer_status(&text));
    return failure_set(failure, STATUS_ABSENT, "%.*s", (int)text.size, (const char *)text.data);
}

static enum status run_invoke(struct command_context *context, struct failure *failure)
{
    JSON_AUTO(args) = NULL;
    RUNNING_BROWSERS_AUTO list = {0};
    struct invoke_outcome outcome;

    TRY(arguments_of(context, &args, failure));
    bool waits = !arguments_have(context->arguments, OPTION_PAGE);
    TRY(invoke_handlers(context, context->words[0], &args, waits, &list, failure));
    for (size_t i = 0; i < list.count; i++) {
        if (!invoke_outcome(&list.browsers[i], &outcome)) {
            continue;
        }
        return give_outcome(context, list.browsers[i].result, &outcome, failure);
    }
    /* What a browser said is in the notes; whether a page has such a handler is not known. */
    return context->not_confirmed ? STATUS_OK : refuse_handler(context, &list, failure);
}

const struct command command_invoke = {
    .name = "invoke",
    .arguments = "CAPABILITY",
    .words_min = 1,
    .words_max = 1,
    .words = capabilities,
    .other_words = true, /* of handlers that Trello does not call, such as callbacks */
    .help = "call a handler that a page registered, and print its result",
    .more =
        "CAPABILITY is a name given to TrelloPowerUp.initialize, such as authorization-status or "
        "show-settings. The result is printed as JSON. The exit status is 1, with the handler's "
        "message, when it failed, and 4 when no open page has such a handler. With --json the "
        "whole outcome is printed, in both cases: {\"success\": true or false, \"response\": ..., "
        "\"page\": the id of the page}. Of several pages that have the handler, the newest is "
        "asked.",
    .options = OPTIONS(ORIGIN_REQUIRED, OPTIONAL(OPTIONS), OPTIONAL(PAGE)),
    .kind = COMMAND_ASKING,
    .run = run_invoke,
};
