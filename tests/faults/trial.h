/* SPDX-License-Identifier: MIT */
/* Tries something with one allocation after the other failing, each try in a process of its own,
 * for one that ends. */
#ifndef POWERUP_SECRETS_TEST_TRIAL_H
#define POWERUP_SECRETS_TEST_TRIAL_H

#include <stdbool.h>
#include <stddef.h>

/* What is tried: lets the n-th allocation fail, checks, and calls trial_leave. */
typedef void trial_function(const void *subject, size_t n, bool onwards);

/* Tries until so late an allocation shall fail that none such is made. Fails the running test when
 * a try fails or crashes. The name is for the message then. */
void trial_run(trial_function *try, const void *subject, const char *name, bool onwards);

/* Prints how many faults were injected since the last time, and what came of them. */
void trial_tell(void);

/* For the tries: the end of one, in which some allocation failed or none. */
_Noreturn void trial_leave(bool some_failed);

/* For the tries: one that has failed says why. */
__attribute__((format(printf, 2, 3))) void trial_check(bool condition, const char *format, ...);

#endif
