/* SPDX-License-Identifier: MIT */
#include "base/nearest.h"
#include "cli/help.h"
#include "cli/words.h"

#include <string.h>

const char *help_second_word(const char *name, const char *first)
{
    size_t size = strlen(first);

    return strncmp(name, first, size) == 0 && name[size] == ' ' ? name + size + 1 : NULL;
}

/* Finds what was meant by a first word that no name has: a name like it, or one of two words like
 * both that were given. */
static const char *nearest_name(const char *first, struct view both)
{
    struct nearest nearest = {0};

    for (size_t i = 0; i < command_count; i++) {
        nearest.text = view_of_text(first);
        nearest_consider(&nearest, commands[i]->name);
        if (strchr(commands[i]->name, ' ') != NULL) {
            nearest.text = both;
            nearest_consider(&nearest, commands[i]->name);
        }
    }
    return nearest.word;
}

static enum status refuse_second(char *const *words, size_t count, const struct buffer *seconds,
                                 const char *meant, struct failure *failure)
{
    struct view second = words_excerpt(view_of_text(count > 1 ? words[1] : ""));

    if (count == 1) {
        return failure_set(failure, STATUS_BAD_REQUEST, "%s needs one of: %.*s.", words[0],
                           (int)seconds->size, (const char *)seconds->data);
    }
    return meant != NULL
               ? failure_set(failure, STATUS_BAD_REQUEST,
                             "Unknown command \"%s %.*s\"; did you mean \"%s %s\"?", words[0],
                             (int)second.size, (const char *)second.data, words[0], meant)
               : failure_set(failure, STATUS_BAD_REQUEST,
                             "Unknown command \"%s %.*s\"; %s needs one of: %.*s.", words[0],
                             (int)second.size, (const char *)second.data, words[0],
                             (int)seconds->size, (const char *)seconds->data);
}

static enum status refuse_first(char *const *words, size_t count, struct failure *failure)
{
    BUFFER_AUTO both = {0};

    buffer_print(&both, "%s%s%s", words[0], count > 1 ? " " : "", count > 1 ? words[1] : "");
    TRY(buffer_status(&both));
    const char *meant = nearest_name(words[0], view_of_buffer(&both));
    bool of_two = meant != NULL && strchr(meant, ' ') != NULL;
    struct view given = words_excerpt(of_two ? view_of_buffer(&both) : view_of_text(words[0]));
    return meant != NULL
               ? failure_set(failure, STATUS_BAD_REQUEST,
                             "Unknown command \"%.*s\"; did you mean \"%s\"?", (int)given.size,
                             (const char *)given.data, meant)
               : failure_set(failure, STATUS_BAD_REQUEST,
                             "Unknown command \"%.*s\"; \"powerup-secrets help\" lists the "
                             "commands.",
                             (int)given.size, (const char *)given.data);
}

enum status help_unknown(char *const *words, size_t count, struct failure *failure)
{
    struct nearest nearest = {.text = view_of_text(count > 1 ? words[1] : "")};
    BUFFER_AUTO seconds = {0};

    for (size_t i = 0; i < command_count; i++) {
        const char *second = help_second_word(commands[i]->name, words[0]);
        if (second != NULL) {
            buffer_print(&seconds, "%s%s", seconds.size > 0 ? ", " : "", second);
            nearest_consider(&nearest, second);
        }
    }
    return seconds.size > 0 ? refuse_second(words, count, &seconds, nearest.word, failure)
                            : refuse_first(words, count, failure);
}
