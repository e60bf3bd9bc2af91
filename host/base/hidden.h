/* SPDX-License-Identifier: MIT */
/* Characters that a reader does not see, and that change what is seen of others. */
#ifndef POWERUP_SECRETS_BASE_HIDDEN_H
#define POWERUP_SECRETS_BASE_HIDDEN_H

#include <stdbool.h>
#include <stdint.h>

/* Whether a terminal acts on it, orders other text by it, or shows nothing for it: the controls,
 * the line and paragraph separators and the interlinear annotation characters of Unicode (Cc, Zl,
 * Zp, U+FFF9 to U+FFFB), and what is Default_Ignorable_Code_Point: bidirectional controls,
 * zero-width and other invisible characters, variation selectors and tags. */
bool is_hidden(uint32_t character);

#endif
