/* SPDX-License-Identifier: MIT */
/* Which word somebody meant who wrote another one. */
#ifndef POWERUP_SECRETS_BASE_NEAREST_H
#define POWERUP_SECRETS_BASE_NEAREST_H

#include "base/bytes.h"

/* A search: begin with {.text = …}, consider words, read `word`. A word is near when at most one
 * in three characters is wrong: left out, added, replaced, or exchanged with the next one; or when
 * it begins with the text, of at least three characters. Letters of either case are alike. Of words
 * that are equally near, the one that begins most like the text is taken, else the first. */
struct nearest {
    struct view text;
    const char *word; /* the nearest so far; NULL: none is near */
    size_t distance;
    size_t shared; /* how many characters at the start are the same */
};

void nearest_consider(struct nearest *nearest, const char *word);

/* The nearest of a list that ends with NULL, or NULL. */
const char *nearest_of(const char *const *words, struct view text);

#endif
