/* SPDX-License-Identifier: MIT */
#include "cli/command_context.h"

#include "base/file.h"
#include "base/utf8.h"
#include "cli/print.h"
#include "cli/session_worker.h"
#include "store/settings.h"
#include "store/state_folder.h"
#include "store/transaction.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

void command_context_free(struct command_context *context)
{
    kept_store_keep(context->kept, (const char *)context->state.data, &context->store);
    if (context->own != NULL) {
        context->own_free(context->own);
    }
    bytes_wipe(&context->input);
    bytes_wipe(&context->state);
    free(context->silent);
    free(context->given_up);
    expected_browsers_free(&context->expected);
    json_put(&context->origins);
    json_put(&context->result);
    buffer_wipe(&context->output);
    buffer_wipe(&context->notes);
}

enum status command_find_state(struct command_context *context, struct failure *failure)
{
    const char *given = context->arguments->values[OPTION_STATE];

    if (given == NULL) {
        return state_folder_path(&context->state, failure);
    }
    struct view path = {(const uint8_t *)given, strlen(given) + 1};
    return bytes_copy(path, &context->state);
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

    if (file == NULL && context->given_input.data != NULL) {
        TRY(failure_explain(failure, bytes_copy(context->given_input, &context->input)));
    } else {
        TRY(file_load_value(file, &context->input, failure));
    }
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

/* What a session's command prints goes into an answer. */
static bool is_for_terminal(void)
{
    return isatty(STDOUT_FILENO) && !session_worker_is_here();
}

size_t command_line_width(void)
{
    const char *columns = getenv("COLUMNS");
    struct winsize size = {0};

    if (!is_for_terminal()) {
        return 0;
    }
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
        return size.ws_col;
    }
    long given = columns != NULL ? strtol(columns, NULL, 10) : 0;
    return given > 0 && given <= USHRT_MAX ? (size_t)given : 0;
}

enum status command_give(struct command_context *context, const char *name, struct view value)
{
    if (command_wants_json(context)) {
        context->result = json_object_new_object();
        json_set_string(context->result, name, value);
        return json_status(context->result);
    }
    print_value(&context->output, value, is_for_terminal());
    return STATUS_OK;
}
