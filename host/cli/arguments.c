/* SPDX-License-Identifier: MIT */
#include "cli/arguments.h"

#include "base/heap.h"
#include "base/nearest.h"
#include "base/utf8.h"
#include "cli/words.h"

#include <popt.h>
#include <stdlib.h>
#include <string.h>

void arguments_free(struct arguments *arguments)
{
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        free(arguments->values[i]);
    }
    for (size_t i = 0; i < arguments->word_count; i++) {
        free(arguments->words[i]);
    }
    free(arguments->words);
    *arguments = (struct arguments){0};
}

static void free_context(poptContext *context)
{
    (void)poptFreeContext(*context);
}

static enum status not_utf8(struct failure *failure)
{
    return failure_set(failure, STATUS_BAD_REQUEST, "Arguments must be UTF-8.");
}

/* Appends a further value to those that an option has. */
static enum status lengthen(char **values, const char *further, struct failure *failure)
{
    size_t used = strlen(*values);
    size_t size = strlen(further) + 1;

    if (!utf8_is_valid(view_of_text(further))) {
        return not_utf8(failure);
    }
    char *longer = realloc(*values, used + 1 + size);
    if (longer == NULL) {
        return failure_no_memory(failure);
    }
    longer[used] = ',';
    memcpy(longer + used + 1, further, size);
    *values = longer;
    return STATUS_OK;
}

static enum status take_option(poptContext context, enum option option, struct arguments *arguments,
                               struct failure *failure)
{
    const struct option_row *row = &option_rows[option];
    char *value = row->argument != NULL ? poptGetOptArg(context) : strdup("");

    if (value == NULL) {
        return failure_no_memory(failure);
    }
    if (arguments->values[option] != NULL && row->list) {
        enum status status = lengthen(&arguments->values[option], value, failure);
        free(value);
        return status;
    }
    if (arguments->values[option] != NULL) {
        free(value);
        return failure_set(failure, STATUS_BAD_REQUEST, "--%s was given twice; give it once.",
                           row->name);
    }
    arguments->values[option] = value;
    return utf8_is_valid(view_of_text(value)) ? STATUS_OK : not_utf8(failure);
}

static enum status take_words(poptContext context, struct arguments *arguments,
                              struct failure *failure)
{
    const char **words = poptGetArgs(context);
    size_t count = 0;

    while (words != NULL && words[count] != NULL) {
        count++;
    }
    arguments->words = calloc(count + 1, sizeof *arguments->words);
    if (arguments->words == NULL) {
        return failure_no_memory(failure);
    }
    for (size_t i = 0; i < count; i++) {
        if (!utf8_is_valid(view_of_text(words[i]))) {
            return not_utf8(failure);
        }
        arguments->words[i] = strdup(words[i]);
        if (arguments->words[i] == NULL) {
            return failure_no_memory(failure);
        }
        arguments->word_count++;
    }
    return STATUS_OK;
}

static enum status refuse_unknown(const char *option, struct failure *failure)
{
    const char *name = option + strspn(option, "-");
    struct nearest nearest = {.text = {(const uint8_t *)name, strcspn(name, "=")}};
    struct view excerpt = words_excerpt(view_of_text(option));

    for (size_t i = 0; i < OPTION_COUNT; i++) {
        nearest_consider(&nearest, option_rows[i].name);
    }
    return nearest.word != NULL
               ? failure_set(failure, STATUS_BAD_REQUEST, "Unknown option %.*s; did you mean --%s?",
                             (int)excerpt.size, (const char *)excerpt.data, nearest.word)
               : failure_set(failure, STATUS_BAD_REQUEST,
                             "Unknown option %.*s; put -- before an argument that begins with a "
                             "dash.",
                             (int)excerpt.size, (const char *)excerpt.data);
}

static enum status refuse(poptContext context, int code, struct failure *failure)
{
    const char *given = poptBadOption(context, POPT_BADOPTION_NOALIAS);
    const char *option =
        given != NULL && utf8_is_valid(view_of_text(given)) ? given : "(not UTF-8)";

    switch (code) {
    case POPT_ERROR_MALLOC:
        return failure_no_memory(failure);
    case POPT_ERROR_NOARG:
        return failure_set(failure, STATUS_BAD_REQUEST, "%s needs a value.", option);
    case POPT_ERROR_UNWANTEDARG:
        return failure_set(failure, STATUS_BAD_REQUEST, "%s takes no value.", option);
    case POPT_ERROR_BADOPT:
        return refuse_unknown(option, failure);
    default:
        return failure_set(failure, STATUS_BAD_REQUEST, "%s: %s.", option, poptStrerror(code));
    }
}

static enum status take_all(poptContext context, struct arguments *arguments,
                            struct failure *failure)
{
    int code = 0;

    while ((code = poptGetNextOpt(context)) > 0) {
        TRY(take_option(context, (enum option)(code - 1), arguments, failure));
    }
    if (code < -1) {
        return refuse(context, code, failure);
    }
    return take_words(context, arguments, failure);
}

enum status arguments_parse(int count, char **texts, struct arguments *ret_arguments,
                            struct failure *failure)
{
    struct poptOption rows[OPTION_COUNT + 1] = {0};
    ARGUMENTS_AUTO arguments = {0};
    unsigned long failures = heap_failures();

    for (int i = 0; i < OPTION_COUNT; i++) {
        rows[i].longName = option_rows[i].name;
        rows[i].shortName = option_rows[i].letter;
        rows[i].argInfo = option_rows[i].argument != NULL ? POPT_ARG_STRING : POPT_ARG_NONE;
        rows[i].val = 1 + i; /* popt does not return 0 */
    }
    __attribute__((cleanup(free_context))) poptContext context =
        poptGetContext("powerup-secrets", count, (const char **)(uintptr_t)texts, rows, 0);
    if (context == NULL) {
        return failure_no_memory(failure);
    }
    enum status status = take_all(context, &arguments, failure);
    /* popt does not always report it. */
    if (heap_failures() != failures) {
        return failure_no_memory(failure);
    }
    TRY(status);
    MOVE(*ret_arguments, arguments);
    return STATUS_OK;
}

bool arguments_have(const struct arguments *arguments, enum option option)
{
    return arguments->values[option] != NULL;
}

struct view arguments_value(const struct arguments *arguments, enum option option)
{
    return arguments_have(arguments, option) ? view_of_text(arguments->values[option])
                                             : (struct view){NULL, 0};
}
