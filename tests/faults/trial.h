/* SPDX-License-Identifier: MIT */
/* Tries something with one allocation after the other failing, or with one descriptor more each
 * time: each try in a process of its own, for one that ends. */
#ifndef POWERUP_SECRETS_TEST_TRIAL_H
#define POWERUP_SECRETS_TEST_TRIAL_H

#include <stdbool.h>
#include <stddef.h>

/* What is tried: puts in the n-th fault, checks, and calls trial_leave. */
typedef void trial_function(const void *subject, size_t n, bool onwards);

/* Tries until the n-th fault is not met any more. Fails the running test when a try fails or
 * crashes. The name is for the message then. */
void trial_run(trial_function *try, const void *subject, const char *name, bool onwards);

/* Prints how many faults of a kind were injected since the last time and what came of them, of
 * which at least so many must have been survived. How many ended the process with a word. */
size_t trial_tell(const char *kind, size_t survived_min);

/* For the tries: the end of one, in which a fault was met or none. */
_Noreturn void trial_leave(bool met);

/* For the tries: one that has failed says why. */
__attribute__((format(printf, 2, 3))) void trial_check(bool condition, const char *format, ...);

#endif
