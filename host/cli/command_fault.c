/* SPDX-License-Identifier: MIT */
#include "cli/command_context.h"
#include "cli/table.h"
#include "store/faults.h"
#include "store/transaction.h"

#include <string.h>

/* What --error may name: constructors of the language, and names of the browser's DOMException. */
static const struct error_class {
    const char *word;
    const char *constructor;
} error_classes[] = {
    {"Error", "Error"},
    {"TypeError", "TypeError"},
    {"RangeError", "RangeError"},
    {"ReferenceError", "ReferenceError"},
    {"SyntaxError", "SyntaxError"},
    {"EvalError", "EvalError"},
    {"URIError", "URIError"},
    {"AbortError", "DOMException"},
    {"DataCloneError", "DOMException"},
    {"DataError", "DOMException"},
    {"InvalidAccessError", "DOMException"},
    {"InvalidStateError", "DOMException"},
    {"NetworkError", "DOMException"},
    {"NotAllowedError", "DOMException"},
    {"NotFoundError", "DOMException"},
    {"NotSupportedError", "DOMException"},
    {"OperationError", "DOMException"},
    {"QuotaExceededError", "DOMException"},
    {"SecurityError", "DOMException"},
    {"TimeoutError", "DOMException"},
    {"UnknownError", "DOMException"},
};

static enum status read_error(struct view given, struct fault *fault, struct failure *failure)
{
    const uint8_t *colon = memchr(given.data, ':', given.size);
    size_t size = colon != NULL ? (size_t)(colon - given.data) : given.size;
    struct view word = {given.data, size};

    if (colon == NULL) {
        return failure_set(failure, STATUS_BAD_REQUEST,
                           "--error: It must be CLASS:MESSAGE, such as \"Error:no connection\".");
    }
    for (size_t i = 0; i < sizeof error_classes / sizeof error_classes[0]; i++) {
        if (view_equal(word, view_of_text(error_classes[i].word))) {
            fault->kind = FAULT_ERROR;
            fault->error_class = view_of_text(error_classes[i].constructor);
            fault->error_name = view_of_text(error_classes[i].word);
            fault->message = (struct view){colon + 1, given.size - size - 1};
            return STATUS_OK;
        }
    }
    return failure_set(failure, STATUS_BAD_REQUEST,
                       "--error: There is no class \"%.*s\"; it may be Error, TypeError and the "
                       "language's other errors, or a name of DOMException such as SecurityError.",
                       (int)(size < 100 ? size : 100), (const char *)given.data);
}

/* The fault that the options describe. */
static enum status read_fault(const struct command_context *context, struct fault *ret_fault,
                              struct failure *failure)
{
    const struct arguments *arguments = context->arguments;
    const char *times = arguments->values[OPTION_TIMES];
    struct view error = command_value(context, OPTION_ERROR);
    int kinds = (error.data != NULL) + arguments_have(arguments, OPTION_DELAY) +
                arguments_have(arguments, OPTION_NO_REPLY);
    struct fault fault = {
        .origin = command_origin(context),
        .op = command_value(context, OPTION_OP),
        .kind = FAULT_NO_REPLY,
        .times_left = times != NULL ? option_number(times) : 1,
    };

    if (fault.op.data == NULL || kinds != 1) {
        return failure_set(failure, STATUS_BAD_REQUEST,
                           "fault needs --op OP and one of --error, --delay and --no-reply; see "
                           "\"powerup-secrets help fault\".");
    }
    if (arguments_have(arguments, OPTION_DELAY)) {
        fault.kind = FAULT_DELAY;
        fault.delay_ms = option_number(arguments->values[OPTION_DELAY]);
    }
    *ret_fault = fault;
    return error.data != NULL ? read_error(error, ret_fault, failure) : STATUS_OK;
}

static enum status to_json(void *list, const struct fault *fault, struct failure *failure)
{
    JSON_AUTO(object) = json_object_new_object();
    const struct {
        const char *name;
        struct view value;
    } texts[] = {
        {"origin", fault->origin.size > 0 ? fault->origin : (struct view){NULL, 0}},
        {"op", fault->op},
        {"kind", view_of_text(fault_kind_name(fault->kind))},
        {"class", fault->error_class},
        {"name", fault->error_name},
        {"message", fault->message},
    };
    size_t count = fault->kind == FAULT_ERROR ? 6 : 3;

    enum status status = object != NULL ? STATUS_OK : STATUS_NO_MEMORY;
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        status = json_add_string(object, texts[i].name, texts[i].value);
    }
    if (status == STATUS_OK && fault->kind == FAULT_DELAY) {
        status = json_add_number(object, "delayMs", fault->delay_ms);
    }
    if (status == STATUS_OK) {
        status = json_add_number(object, "timesLeft", fault->times_left);
    }
    if (status == STATUS_OK) {
        status = json_append(list, &object);
    }
    return status == STATUS_OK ? status : command_no_memory(failure);
}

static enum status to_table(void *context, const struct fault *fault, struct failure *failure)
{
    struct table *table = context;
    BUFFER_AUTO what = {0};
    BUFFER_AUTO times = {0};

    (void)failure;
    buffer_print(&times, "%lld", (long long)fault->times_left);
    buffer_add_text(&what, fault_kind_name(fault->kind));
    if (fault->kind == FAULT_DELAY) {
        buffer_print(&what, " %lld ms", (long long)fault->delay_ms);
    } else if (fault->kind == FAULT_ERROR) {
        buffer_add_text(&what, " ");
        buffer_add(&what, fault->error_name);
        buffer_add_text(&what, ": ");
        buffer_add(&what, fault->message);
    }
    table_add(table, fault->origin);
    table_add(table, fault->op);
    table_add_buffer(table, &times);
    table_add_buffer(table, &what);
    return STATUS_OK;
}

static enum status list_faults(struct command_context *context, struct failure *failure)
{
    static const char *const titles[] = {"ORIGIN", "OP", "TIMES", "FAULT"};
    TRANSACTION_AUTO transaction = {0};
    TABLE_AUTO table = {.columns = 4};

    enum status status = transaction_begin(context->store, TRANSACTION_READ, &transaction, failure);
    if (status != STATUS_OK) {
        return status;
    }
    if (command_wants_json(context)) {
        context->result = json_object_new_array();
        return context->result != NULL
                   ? faults_list(context->store, to_json, context->result, failure)
                   : command_no_memory(failure);
    }
    for (size_t i = 0; i < table.columns; i++) {
        table_add_text(&table, titles[i]);
    }
    status = faults_list(context->store, to_table, &table, failure);
    table_print(&table, &context->output);
    return status;
}

/* Adds a fault, or takes faults back where it is NULL. */
static enum status change(struct command_context *context, const struct fault *fault,
                          struct failure *failure)
{
    TRANSACTION_AUTO transaction = {0};

    enum status status =
        transaction_begin(context->store, TRANSACTION_WRITE, &transaction, failure);
    if (status == STATUS_OK) {
        status = fault != NULL ? faults_add(context->store, fault, failure)
                               : faults_clear(context->store, command_origin(context), failure);
    }
    return status == STATUS_OK ? transaction_commit(&transaction, failure) : status;
}

static bool has_none_of(const struct arguments *arguments, const enum option *options)
{
    while (*options != OPTION_END && !arguments_have(arguments, *options)) {
        options++;
    }
    return *options == OPTION_END;
}

enum status command_fault(struct command_context *context, struct failure *failure)
{
    static const enum option of_one[] = {OPTION_OP,       OPTION_ERROR, OPTION_DELAY,
                                         OPTION_NO_REPLY, OPTION_TIMES, OPTION_END};
    bool clears = arguments_have(context->arguments, OPTION_CLEAR);
    bool lists = !clears && has_none_of(context->arguments, of_one) &&
                 !arguments_have(context->arguments, OPTION_ORIGIN);
    struct fault fault;
    enum status status = STATUS_OK;

    if (clears && !has_none_of(context->arguments, of_one)) {
        status = failure_set(failure, STATUS_BAD_REQUEST,
                             "--clear takes back all faults, or those of --origin; give it without "
                             "the options of a new one.");
    } else if (!clears && !lists) {
        status = read_fault(context, &fault, failure);
    }
    if (status == STATUS_OK) {
        status = command_open(context, failure);
    }
    if (status == STATUS_OK && lists) {
        return list_faults(context, failure);
    }
    if (status == STATUS_OK) {
        status = change(context, clears ? NULL : &fault, failure);
    }
    return status == STATUS_OK ? command_apply(context, failure) : status;
}
