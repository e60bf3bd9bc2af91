/* SPDX-License-Identifier: MIT */
#include "base/text_list.h"

#include <stdlib.h>
#include <string.h>

void text_list_free(struct text_list *list)
{
    buffer_wipe(&list->joined);
    free(list->texts);
    *list = (struct text_list){0};
}

static void add(struct text_list *list, struct view text)
{
    static const struct view nul = {(const uint8_t *)"", 1};

    buffer_add(&list->joined, text);
    buffer_add(&list->joined, nul);
    list->count++;
}

/* The texts stay where they are from now on. */
static enum status point(struct text_list *list)
{
    size_t at = 0;

    list->texts = calloc(list->count + 1, sizeof *list->texts);
    if (list->texts == NULL) {
        return STATUS_NO_MEMORY;
    }
    TRY(buffer_status(&list->joined));
    for (size_t i = 0; i < list->count; i++) {
        list->texts[i] = (const char *)list->joined.data + at;
        at += strlen(list->texts[i]) + 1;
    }
    return STATUS_OK;
}

enum status text_list_of(const char *program, struct json_object *arguments, size_t count_max,
                         struct text_list *ret_list, struct failure *failure)
{
    size_t count = json_object_array_length(arguments);
    TEXT_LIST_AUTO list = {0};

    if (count == 0 || count > count_max) {
        return failure_set(failure, STATUS_BAD_REQUEST,
                           "A command has from 1 to %zu arguments, not %zu.", count_max, count);
    }
    add(&list, view_of_text(program));
    for (size_t i = 0; i < count; i++) {
        struct json_object *argument = json_object_array_get_idx(arguments, i);
        if (!json_object_is_type(argument, json_type_string) ||
            memchr(json_object_get_string(argument), 0, json_string_view(argument).size) != NULL) {
            return failure_set(failure, STATUS_BAD_REQUEST,
                               "Each argument must be a string without NUL.");
        }
        add(&list, json_string_view(argument));
    }
    if (point(&list) != STATUS_OK) {
        return failure_set(failure, STATUS_NO_MEMORY, "Out of memory for the arguments.");
    }
    MOVE(*ret_list, list);
    return STATUS_OK;
}
