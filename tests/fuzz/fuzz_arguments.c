// SPDX-License-Identifier: MIT
// A command line. Input: its words, separated by NUL.
#include "base/utf8.h"
#include "cli/arguments.h"
#include "fuzz.h"

#include <string.h>

enum { WORDS_MAX = 64 };

static void check_arguments(const struct arguments *arguments, size_t given)
{
    size_t taken = arguments->word_count;

    for (size_t i = 0; i < arguments->word_count; i++) {
        FUZZ_CHECK(utf8_is_valid(view_of_text(arguments->words[i])));
    }
    for (int option = 0; option < OPTION_COUNT; option++) {
        if (arguments_have(arguments, (enum option)option)) {
            FUZZ_CHECK(utf8_is_valid(arguments_value(arguments, (enum option)option)));
            taken++;
        }
    }
    FUZZ_CHECK(taken <= given + 1); /* one word may be -hv */
}

/* The words as main gets them: in `memory`, one after the other. */
static size_t split(struct view input, struct bytes *memory, char *ret_texts[WORDS_MAX])
{
    size_t count = 0;
    size_t at = 0;

    FUZZ_CHECK(bytes_alloc(input.size + 1, memory) == STATUS_OK);
    while (input.size > 0 && count < WORDS_MAX) {
        struct view word = fuzz_take_until(&input, '\0');
        ret_texts[count++] = (char *)memory->data + at;
        memcpy(memory->data + at, word.data, word.size);
        at += word.size + 1;
    }
    return count;
}

void fuzz_one(struct view input)
{
    char program[] = "powerup-secrets";
    char *texts[1 + WORDS_MAX + 1] = {program};
    BYTES_AUTO memory = {0};
    ARGUMENTS_AUTO arguments = {0};
    struct failure failure = {0};

    size_t count = split(input, &memory, texts + 1);
    enum status status = arguments_parse((int)count + 1, texts, &arguments, &failure);
    if (status == STATUS_OK) {
        check_arguments(&arguments, count);
    } else {
        FUZZ_CHECK(status == STATUS_BAD_REQUEST);
        FUZZ_CHECK(arguments.words == NULL);
        fuzz_check_failure(&failure, status);
    }
}
