/* SPDX-License-Identifier: MIT */
#ifndef POWERUP_SECRETS_BASE_CLOCK_H
#define POWERUP_SECRETS_BASE_CLOCK_H

#include <stdint.h>

/* Milliseconds of a clock that never jumps, from a start that means nothing. */
int64_t clock_now_ms(void);

#endif
