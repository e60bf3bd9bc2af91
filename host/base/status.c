/* SPDX-License-Identifier: MIT */
#include "base/status.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    const char *sentence;
} texts[] = {
#define STATUS_TEXTS(constant, name, sentence) [constant] = {name, sentence},
    STATUS_LIST(STATUS_TEXTS)
#undef STATUS_TEXTS
};

const char *status_name(enum status status)
{
    return texts[status].name;
}

const char *status_sentence(enum status status)
{
    return texts[status].sentence;
}

enum status status_allow_absent(enum status status)
{
    return status == STATUS_ABSENT ? STATUS_OK : status;
}

/* Removes the last character when vsnprintf cut it in the middle. */
static void drop_cut_character(char *text)
{
    size_t end = strlen(text);
    size_t start = end;

    while (start > 0 && ((unsigned char)text[start - 1] & 0xC0) == 0x80) {
        start--;
    }
    if (start == 0) {
        return;
    }
    unsigned char lead = (unsigned char)text[start - 1];
    size_t wanted = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    if (end - (start - 1) < wanted) {
        text[start - 1] = '\0';
    }
}

enum status failure_set(struct failure *failure, enum status status, const char *format, ...)
{
    va_list values;

    *failure = (struct failure){.status = status, .error_class = "Error", .error_name = "Error"};
    va_start(values, format);
    int length = vsnprintf(failure->message, sizeof failure->message, format, values);
    va_end(values);
    if (length < 0) {
        snprintf(failure->message, sizeof failure->message, "%s", status_sentence(status));
    } else if ((size_t)length >= sizeof failure->message) {
        drop_cut_character(failure->message);
    }
    return status;
}

enum status failure_explain(struct failure *failure, enum status status)
{
    return status == STATUS_OK ? status
                               : failure_set(failure, status, "%s", status_sentence(status));
}

enum status failure_no_memory(struct failure *failure)
{
    return failure_explain(failure, STATUS_NO_MEMORY);
}

enum status failure_library(struct failure *failure, const char *error_class,
                            const char *error_name, bool operational, const char *message)
{
    failure_set(failure, STATUS_LIBRARY_ERROR, "%s", message);
    failure->error_class = error_class;
    failure->error_name = error_name;
    failure->operational = operational;
    return STATUS_LIBRARY_ERROR;
}
