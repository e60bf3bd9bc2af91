/* SPDX-License-Identifier: MIT */
#include "base/nearest.h"
#include "base/request.h"
#include "cli/command_context.h"
#include "cli/command_table.h"
#include "cli/listing.h"
#include "cli/words.h"
#include "store/faults.h"

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

static enum status refuse_class(struct view word, struct failure *failure)
{
    struct nearest nearest = {.text = word};
    struct view excerpt = words_excerpt(word);

    for (size_t i = 0; i < sizeof error_classes / sizeof error_classes[0]; i++) {
        nearest_consider(&nearest, error_classes[i].word);
    }
    return nearest.word != NULL
               ? failure_set(failure, STATUS_BAD_REQUEST,
                             "--error: Unknown class \"%.*s\"; did you mean \"%s\"?",
                             (int)excerpt.size, (const char *)excerpt.data, nearest.word)
               : failure_set(failure, STATUS_BAD_REQUEST,
                             "--error: Unknown class \"%.*s\"; use Error, TypeError or another "
                             "error of the language, or a name of DOMException such as "
                             "SecurityError.",
                             (int)excerpt.size, (const char *)excerpt.data);
}

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
    return refuse_class(word, failure);
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

static enum status add_fault(void *list, const struct fault *fault, struct failure *failure)
{
    JSON_AUTO(object) = json_object_new_object();
    const struct member_text members[] = {
        {"origin", fault->origin.size > 0 ? fault->origin : (struct view){NULL, 0}},
        {"op", fault->op},
        {"kind", view_of_text(fault_kind_name(fault->kind))},
        {"class", fault->error_class},
        {"name", fault->error_name},
        {"message", fault->message},
    };

    (void)failure;
    listing_set_texts(object, members, fault->kind == FAULT_ERROR ? 6 : 3);
    if (fault->kind == FAULT_DELAY) {
        json_set_number(object, "delayMs", fault->delay_ms);
    }
    json_set_number(object, "timesLeft", fault->times_left);
    json_push(list, &object);
    return json_status(list);
}

static void write_fault(struct buffer *cell, struct json_object *row)
{
    struct json_object *delay = NULL;
    struct view name = request_string(row, "name");

    buffer_add(cell, request_string(row, "kind"));
    if (json_object_object_get_ex(row, "delayMs", &delay)) {
        buffer_print(cell, " %lld ms", (long long)json_object_get_int64(delay));
    }
    if (name.data != NULL) {
        buffer_add_text(cell, " ");
        buffer_add(cell, name);
        buffer_add_text(cell, ": ");
        buffer_add(cell, request_string(row, "message"));
    }
}

static enum status list_faults(struct command_context *context, struct failure *failure)
{
    static const struct column columns[] = {
        {"ORIGIN", .member = "origin"},
        {"OP", .member = "op"},
        {"TIMES", .member = "timesLeft"},
        {"FAULT", .write = write_fault},
    };
    JSON_AUTO(list) = json_object_new_array();

    TRY(faults_list(context->store, add_fault, list, failure));
    return listing_give(context, &list, columns, sizeof columns / sizeof columns[0]);
}

static bool has_none_of(const struct arguments *arguments, const enum option *options)
{
    while (*options != OPTION_END && !arguments_have(arguments, *options)) {
        options++;
    }
    return *options == OPTION_END;
}

static enum status prepare_fault(struct command_context *context, struct failure *failure)
{
    static const enum option of_one[] = {OPTION_OP,       OPTION_ERROR, OPTION_DELAY,
                                         OPTION_NO_REPLY, OPTION_TIMES, OPTION_END};
    bool describes = !has_none_of(context->arguments, of_one);
    struct fault fault;

    if (arguments_have(context->arguments, OPTION_CLEAR)) {
        return describes ? failure_set(failure, STATUS_BAD_REQUEST,
                                       "--clear removes all faults, or those of --origin; use it "
                                       "without the options of a new one.")
                         : STATUS_OK;
    }
    if (describes || arguments_have(context->arguments, OPTION_ORIGIN)) {
        return read_fault(context, &fault, failure);
    }
    context->kind = COMMAND_LOOKING;
    return STATUS_OK;
}

static enum status run_fault(struct command_context *context, struct failure *failure)
{
    struct fault fault;

    if (context->kind == COMMAND_LOOKING) {
        return list_faults(context, failure);
    }
    if (arguments_have(context->arguments, OPTION_CLEAR)) {
        return faults_clear(context->store, command_origin(context), failure);
    }
    TRY(read_fault(context, &fault, failure));
    return faults_add(context->store, &fault, failure);
}

const struct command command_fault = {
    .name = "fault",
    .help = "make the next calls fail, wait or never be answered",
    .more = "Needs --op and one of --error, --delay and --no-reply. Faults apply to calls in the "
            "order in which they were set. CLASS is Error, TypeError or another error of the "
            "language, or a name of DOMException such as SecurityError. Without options the "
            "pending faults are listed.",
    .options = OPTIONS(OPTIONAL(ORIGIN), OPTIONAL(OP), OPTIONAL(ERROR), OPTIONAL(DELAY),
                       OPTIONAL(NO_REPLY), OPTIONAL(TIMES),
                       {OPTION_CLEAR, false, "remove all faults, or those of --origin"}),
    .kind = COMMAND_CHANGING,
    .prepare = prepare_fault,
    .run = run_fault,
};
