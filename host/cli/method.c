/* SPDX-License-Identifier: MIT */
#include "cli/method.h"

#include "base/nearest.h"
#include "cli/names.h"
#include "cli/words.h"

const struct method methods[] = {METHOD_ROWS};
const size_t method_count = sizeof methods / sizeof methods[0];

const char *const method_fault_names[] = {SECRET_METHODS, DATA_FAULTS,      SHOWN_METHODS,
                                          READ_METHODS,   ANSWERED_METHODS, NULL};
const char *const method_answer_names[] = {READ_METHODS, ANSWERED_METHODS, NULL};

/* Why no fault can be set for a method that is not in the list. */
static const char *const without_fault[] = {
    [METHOD_LOCAL] = "is not one of the calls that a fault can be set for.",
    [METHOD_PROPERTY] = "is not a method, so no fault can meet it.",
    [METHOD_MISSING] = "does not exist here, so no fault can meet it.",
};

static const char *const without_answer[] = {
    [METHOD_SECRET] = "is not answered by a set answer; \"powerup-secrets fault\" makes secret "
                      "calls fail, wait or hang, and \"powerup-secrets seed\" stores a secret.",
    [METHOD_DATA] = "is not answered by a set answer; \"powerup-secrets plugin-data set\" stores "
                    "what it works on.",
    [METHOD_SHOWN] = "only shows something, so there is no answer to set; \"powerup-secrets "
                     "fault\" makes it fail, wait or hang.",
    [METHOD_LOCAL] = "is not one of the calls that an answer can be set for.",
    [METHOD_PROPERTY] = "is not a method, so there is no answer to set.",
    [METHOD_MISSING] = "does not exist here, so there is no answer to set.",
};

static const struct method *find_by_name(struct view name)
{
    for (size_t i = 0; i < method_count; i++) {
        if (view_equal(name, view_of_text(methods[i].name))) {
            return &methods[i];
        }
    }
    return NULL;
}

/* The method that sends a command, or NULL. Tools that look into messages show commands. */
static const struct method *find_by_command(struct view command)
{
    for (size_t i = 0; i < method_count; i++) {
        if (methods[i].command != NULL && view_equal(command, view_of_text(methods[i].command))) {
            return &methods[i];
        }
    }
    return NULL;
}

/* A name that no method has. */
static enum status refuse_unknown(struct view name, const char *const *names,
                                  struct failure *failure)
{
    const struct method *sends = find_by_command(name);

    return words_refuse("call", names, name, sends != NULL ? sends->name : nearest_of(names, name),
                        failure);
}

enum status method_check_fault(struct view name, struct failure *failure)
{
    const struct method *method = find_by_name(name);

    if (words_have(method_fault_names, name)) {
        return STATUS_OK;
    }
    if (method == NULL) {
        return refuse_unknown(name, method_fault_names, failure);
    }
    return method->kind == METHOD_DATA
               ? failure_set(failure, STATUS_BAD_REQUEST,
                             "t.%s meets the fault of \"%s\"; set one for that.", method->name,
                             method->fault)
               : failure_set(failure, STATUS_BAD_REQUEST, "t.%s %s", method->name,
                             without_fault[method->kind]);
}

enum status method_check_answer(struct view name, struct failure *failure)
{
    const struct method *method = find_by_name(name);

    if (words_have(method_answer_names, name)) {
        return STATUS_OK;
    }
    return method == NULL ? refuse_unknown(name, method_answer_names, failure)
                          : failure_set(failure, STATUS_BAD_REQUEST, "t.%s %s", method->name,
                                        without_answer[method->kind]);
}
