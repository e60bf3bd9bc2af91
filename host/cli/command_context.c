/* SPDX-License-Identifier: MIT */
#include "cli/command_context.h"

#include "base/file.h"
#include "base/utf8.h"
#include "store/settings.h"
#include "store/transaction.h"

#include <stdlib.h>
#include <unistd.h>

enum { TIMEOUT_DEFAULT_MS = 5000 };

void command_context_free(struct command_context *context)
{
    bytes_wipe(&context->input);
    bytes_wipe(&context->state);
    store_close(&context->store);
    free(context->silent);
    json_put(&context->result);
    buffer_wipe(&context->output);
    buffer_wipe(&context->notes);
}

struct view command_value(const struct command_context *context, enum option option)
{
    return arguments_value(context->arguments, option);
}

struct view command_origin(const struct command_context *context)
{
    return command_value(context, OPTION_ORIGIN);
}

struct storage_key command_storage_key(const struct command_context *context)
{
    return (struct storage_key){command_origin(context),
                                command_value(context, OPTION_TOP_LEVEL_SITE)};
}

enum status command_member(struct command_context *context, struct bytes *ret_member,
                           struct failure *failure)
{
    struct view given = command_value(context, OPTION_MEMBER);
    TRANSACTION_AUTO transaction = {0};
    BYTES_AUTO member = {0};

    if (given.data != NULL) {
        return bytes_copy(given, ret_member);
    }
    if (!context->in_transaction) {
        TRY(transaction_begin(context->store, TRANSACTION_READ, &transaction, failure));
    }
    TRY(settings_effective(context->store, command_origin(context), SETTING_MEMBER, &member,
                           failure));
    if (member.size == 0) {
        return failure_set(failure, STATUS_BAD_REQUEST,
                           "No member is signed in at that origin; name one with --member.");
    }
    MOVE(*ret_member, member);
    return STATUS_OK;
}

enum status command_read_input(struct command_context *context, enum option option,
                               struct failure *failure)
{
    const char *file = context->arguments->values[option];

    TRY(file_load_value(file, &context->input, failure));
    if (!utf8_is_valid(view_of_bytes(&context->input))) {
        return failure_set(failure, STATUS_BAD_REQUEST,
                           "%.200s is not UTF-8; Trello stores only UTF-8 text.",
                           file != NULL ? file : "Standard input");
    }
    return STATUS_OK;
}

bool command_wants_json(const struct command_context *context)
{
    return arguments_have(context->arguments, OPTION_JSON);
}

enum status command_give(struct command_context *context, const char *name, struct view value)
{
    if (command_wants_json(context)) {
        context->result = json_object_new_object();
        return json_add_string(context->result, name, value);
    }
    buffer_add(&context->output, value);
    if (isatty(STDOUT_FILENO)) {
        buffer_add_text(&context->output, "\n");
    }
    return STATUS_OK;
}

/* Reports a browser that did not confirm, which is not asked again. */
static enum status note_silent(struct command_context *context,
                               const struct running_browser *browser, long timeout_ms)
{
    BYTES_AUTO name = {0};

    pid_t *silent =
        reallocarray(context->silent, context->silent_count + 1, sizeof *context->silent);
    if (silent == NULL) {
        return STATUS_NO_MEMORY;
    }
    context->silent = silent;
    context->silent[context->silent_count++] = browser->pid;
    context->not_confirmed = true;
    TRY(running_browser_name(browser, &name));
    buffer_add_plain(&context->notes, view_of_bytes(&name));
    if (browser->state == RUNNING_BROWSER_FAILED) {
        buffer_add_text(&context->notes, " did not confirm: ");
        buffer_add_plain(&context->notes, view_of_bytes(&browser->error));
        buffer_add_text(&context->notes, "\n");
    } else {
        buffer_print(&context->notes, " did not answer within %g seconds\n",
                     (double)timeout_ms / 1000);
    }
    return buffer_status(&context->notes);
}

long command_timeout_ms(const struct command_context *context)
{
    const char *timeout = context->arguments->values[OPTION_TIMEOUT];

    return timeout != NULL ? option_milliseconds(timeout) : TIMEOUT_DEFAULT_MS;
}

enum status command_ask(struct command_context *context, struct json_object *request,
                        struct running_browsers *ret_list, struct failure *failure)
{
    long timeout_ms = command_timeout_ms(context);
    RUNNING_BROWSERS_AUTO list = {0};

    TRY(json_add_number(request, "limitMs", timeout_ms));
    TRY(running_browsers_ask((const char *)context->state.data, request, timeout_ms,
                             context->silent, context->silent_count, &list, failure));
    context->confirmed = 0;
    for (size_t i = 0; i < list.count; i++) {
        enum running_browser_state state = list.browsers[i].state;
        context->confirmed += state == RUNNING_BROWSER_ANSWERED;
        if (state == RUNNING_BROWSER_ASKED || state == RUNNING_BROWSER_FAILED) {
            TRY(note_silent(context, &list.browsers[i], timeout_ms));
        }
    }
    MOVE(*ret_list, list);
    return STATUS_OK;
}

enum status command_apply(struct command_context *context, struct failure *failure)
{
    JSON_AUTO(request) = json_object_new_object();
    RUNNING_BROWSERS_AUTO list = {0};

    TRY(json_add_string(request, "op", view_of_text("apply")));
    return command_ask(context, request, &list, failure);
}
