/* SPDX-License-Identifier: MIT */
#include "base/nearest.h"

#include <string.h>

/* No word of ours is as long. */
enum { LENGTH_MAX = 64 };

/* Shorter ones stand for too many words. */
enum { BEGINNING_MIN = 3 };

static uint8_t lower(uint8_t character)
{
    return character >= 'A' && character <= 'Z' ? (uint8_t)(character - 'A' + 'a') : character;
}

static bool same(struct view a, size_t at, struct view b, size_t other)
{
    return lower(a.data[at]) == lower(b.data[other]);
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* The optimal string alignment distance, row by row: rows[i % 3][j] is that of the first i
 * characters of a and the first j of b. */
static size_t distance_of(struct view a, struct view b)
{
    size_t rows[3][LENGTH_MAX + 1] = {0};

    for (size_t j = 0; j <= b.size; j++) {
        rows[0][j] = j;
    }
    for (size_t i = 1; i <= a.size; i++) {
        size_t *row = rows[i % 3];
        const size_t *above = rows[(i + 2) % 3];
        row[0] = i;
        for (size_t j = 1; j <= b.size; j++) {
            row[j] =
                least(least(above[j], row[j - 1]) + 1, above[j - 1] + !same(a, i - 1, b, j - 1));
            if (i > 1 && j > 1 && same(a, i - 1, b, j - 2) && same(a, i - 2, b, j - 1)) {
                row[j] = least(row[j], rows[(i + 1) % 3][j - 2] + 1);
            }
        }
    }
    return rows[a.size % 3][b.size];
}

static size_t shared_of(struct view a, struct view b)
{
    size_t shared = 0;

    while (shared < least(a.size, b.size) && same(a, shared, b, shared)) {
        shared++;
    }
    return shared;
}

void nearest_consider(struct nearest *nearest, const char *word)
{
    struct view candidate = view_of_text(word);
    struct view text = nearest->text;
    size_t longer = text.size > candidate.size ? text.size : candidate.size;

    if (longer > LENGTH_MAX) {
        return;
    }
    size_t distance = distance_of(text, candidate);
    size_t shared = shared_of(text, candidate);
    bool nearer = nearest->word == NULL || distance < nearest->distance ||
                  (distance == nearest->distance && shared > nearest->shared);
    bool begins = shared == text.size && shared >= BEGINNING_MIN;
    if (nearer && (distance <= longer / 3 || begins)) {
        *nearest = (struct nearest){text, word, distance, shared};
    }
}

const char *nearest_of(const char *const *words, struct view text)
{
    struct nearest nearest = {.text = text};

    for (; *words != NULL; words++) {
        nearest_consider(&nearest, *words);
    }
    return nearest.word;
}
