/* SPDX-License-Identifier: MIT */
#include "cli/arguments.h"

#include "base/heap.h"
#include "base/utf8.h"

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

static enum status no_memory(struct failure *failure)
{
    return failure_set(failure, STATUS_NO_MEMORY, "Out of memory.");
}

static enum status not_utf8(struct failure *failure)
{
    return failure_set(failure, STATUS_BAD_REQUEST, "What is given must be UTF-8.");
}

/* Puts a further value of an option behind those that it has, and frees it. */
static enum status lengthen(char **values, char *further, struct failure *failure)
{
    size_t used = strlen(*values);
    size_t size = strlen(further) + 1;
    bool valid = utf8_is_valid(view_of_text(further));
    char *longer = valid ? realloc(*values, used + 1 + size) : NULL;

    if (longer != NULL) {
        longer[used] = ',';
        memcpy(longer + used + 1, further, size);
        *values = longer;
    }
    free(further);
    return longer != NULL ? STATUS_OK : valid ? no_memory(failure) : not_utf8(failure);
}

static enum status take_option(poptContext context, enum option option, struct arguments *arguments,
                               struct failure *failure)
{
    const struct option_row *row = &option_rows[option];
    char *value = row->argument != NULL ? poptGetOptArg(context) : strdup("");

    if (value == NULL) {
        return no_memory(failure);
    }
    if (arguments->values[option] != NULL && row->list) {
        return lengthen(&arguments->values[option], value, failure);
    }
    if (arguments->values[option] != NULL) {
        free(value);
        return failure_set(failure, STATUS_BAD_REQUEST, "--%s is given twice; give it once.",
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
        return no_memory(failure);
    }
    for (size_t i = 0; i < count; i++) {
        if (!utf8_is_valid(view_of_text(words[i]))) {
            return not_utf8(failure);
        }
        arguments->words[i] = strdup(words[i]);
        if (arguments->words[i] == NULL) {
            return no_memory(failure);
        }
        arguments->word_count++;
    }
    return STATUS_OK;
}

static enum status refuse(poptContext context, int code, struct failure *failure)
{
    const char *given = poptBadOption(context, POPT_BADOPTION_NOALIAS);
    const char *option = given != NULL && utf8_is_valid(view_of_text(given)) ? given : "That";

    switch (code) {
    case POPT_ERROR_MALLOC:
        return no_memory(failure);
    case POPT_ERROR_NOARG:
        return failure_set(failure, STATUS_BAD_REQUEST, "%s needs a value behind it.", option);
    case POPT_ERROR_UNWANTEDARG:
        return failure_set(failure, STATUS_BAD_REQUEST, "%s takes no value.", option);
    case POPT_ERROR_BADOPT:
        return failure_set(failure, STATUS_BAD_REQUEST,
                           "There is no option %s; put -- before a word that begins with a dash.",
                           option);
    default:
        return failure_set(failure, STATUS_BAD_REQUEST, "%s: %s.", option, poptStrerror(code));
    }
}

enum status arguments_parse(int count, char **texts, struct arguments *ret_arguments,
                            struct failure *failure)
{
    struct poptOption rows[OPTION_COUNT + 1] = {0};
    ARGUMENTS_AUTO arguments = {0};
    unsigned long failures = heap_failures();

    for (int i = 0; i < OPTION_COUNT; i++) {
        rows[i].longName = option_rows[i].name;
        rows[i].argInfo = option_rows[i].argument != NULL ? POPT_ARG_STRING : POPT_ARG_NONE;
        rows[i].val = 1 + i; /* 0 would mean that popt keeps it to itself */
    }
    __attribute__((cleanup(free_context))) poptContext context =
        poptGetContext("powerup-secrets", count, (const char **)(uintptr_t)texts, rows, 0);
    if (context == NULL) {
        return no_memory(failure);
    }
    enum status status = STATUS_OK;
    int code = 0;
    while (status == STATUS_OK && (code = poptGetNextOpt(context)) > 0) {
        status = take_option(context, (enum option)(code - 1), &arguments, failure);
    }
    if (status == STATUS_OK && code < -1) {
        status = refuse(context, code, failure);
    }
    if (status == STATUS_OK) {
        status = take_words(context, &arguments, failure);
    }
    /* popt does not always say so. */
    if (heap_failures() != failures) {
        return no_memory(failure);
    }
    if (status == STATUS_OK) {
        MOVE(*ret_arguments, arguments);
    }
    return status;
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
