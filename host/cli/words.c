/* SPDX-License-Identifier: MIT */
#include "cli/words.h"

#include "base/nearest.h"

enum { EXCERPT_MAX = 40 };

bool words_have(const char *const *words, struct view value)
{
    while (*words != NULL && !view_equal(value, view_of_text(*words))) {
        words++;
    }
    return *words != NULL;
}

void words_add_list(struct buffer *output, const char *const *words)
{
    for (size_t i = 0; words[i] != NULL; i++) {
        const char *before = i == 0 ? "" : words[i + 1] == NULL ? " or " : ", ";
        buffer_print(output, "%s%s", before, words[i]);
    }
}

struct view words_excerpt(struct view value)
{
    if (value.size > EXCERPT_MAX) {
        value.size = EXCERPT_MAX;
        while (value.size > 0 && (value.data[value.size] & 0xC0) == 0x80) {
            value.size--;
        }
    }
    return value;
}

enum status words_check(const char *what, const char *const *words, struct view value,
                        struct failure *failure)
{
    const char *meant = nearest_of(words, value);
    struct view excerpt = words_excerpt(value);
    BUFFER_AUTO list = {0};

    if (words_have(words, value)) {
        return STATUS_OK;
    }
    words_add_list(&list, words);
    return failure_set(failure, STATUS_BAD_REQUEST, "%s %.*s, not \"%.*s\"%s%s%s", what,
                       (int)list.size, (const char *)list.data, (int)excerpt.size,
                       (const char *)excerpt.data, meant != NULL ? "; did you mean \"" : ".",
                       meant != NULL ? meant : "", meant != NULL ? "\"?" : "");
}

enum status words_refuse(const char *thing, const char *const *words, struct view value,
                         const char *meant, struct failure *failure)
{
    struct view excerpt = words_excerpt(value);
    BUFFER_AUTO list = {0};

    if (meant != NULL) {
        return failure_set(failure, STATUS_BAD_REQUEST,
                           "There is no %s \"%.*s\"; did you mean \"%s\"?", thing,
                           (int)excerpt.size, (const char *)excerpt.data, meant);
    }
    words_add_list(&list, words);
    return failure_set(failure, STATUS_BAD_REQUEST, "There is no %s \"%.*s\"; it must be %.*s.",
                       thing, (int)excerpt.size, (const char *)excerpt.data, (int)list.size,
                       (const char *)list.data);
}
