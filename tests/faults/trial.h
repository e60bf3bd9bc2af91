/* SPDX-License-Identifier: MIT */
/* Runs a trial with each allocation failing in turn, or with one more descriptor each time: each in
 * its own process, as a fault may end it. */
#ifndef POWERUP_SECRETS_TEST_TRIAL_H
#define POWERUP_SECRETS_TEST_TRIAL_H

#include <stdbool.h>
#include <stddef.h>

/* A trial: injects the n-th fault, checks, and calls trial_leave. */
typedef void trial_function(const void *subject, size_t n, bool onwards);

/* Runs trials, with every `step`-th fault, until one does not occur any more. Fails the running
 * test, with the name in its message, when a trial fails or crashes. */
void trial_run(trial_function *try, const void *subject, const char *name, bool onwards,
               size_t step);

/* For thousands of faults: every fifth, from another first one in each run; with
 * POWERUP_SECRETS_FAULTS=each in the environment, every one. */
size_t trial_step(void);

/* Prints how many faults of a kind were injected since the last call and what they caused; at least
 * survived_min must have been survived. Returns how many ended the process with a message. */
size_t trial_report(const char *kind, size_t survived_min);

/* For trials: ends one, in which a fault occurred or not. */
_Noreturn void trial_leave(bool met);

/* For trials: ends one with a message if the condition is false. */
__attribute__((format(printf, 2, 3))) void trial_check(bool condition, const char *format, ...);

#endif
