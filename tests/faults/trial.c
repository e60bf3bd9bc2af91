/* SPDX-License-Identifier: MIT */
#include "trial.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* The outcome of a trial, as the exit status of its process. */
enum outcome {
    DONE_WITHOUT_FAULT = 0,
    ENDED_WITH_MESSAGE = EXIT_FAILURE, /* as heap.c's strdup and popt do */
    SURVIVED = 10,
    WRONG = 11,
};

static size_t counts[WRONG + 1];

#ifdef POWERUP_SECRETS_COVERAGE
void __gcov_dump(void); // NOLINT(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp)
#endif

/* Like exit(), without cmocka's exit handlers. */
static _Noreturn void leave(enum outcome outcome)
{
#ifdef POWERUP_SECRETS_COVERAGE
    __gcov_dump();
#endif
    _exit((int)outcome);
}

void trial_leave(bool met)
{
    leave(met ? SURVIVED : DONE_WITHOUT_FAULT);
}

void trial_check(bool condition, const char *format, ...)
{
    va_list values;

    if (condition) {
        return;
    }
    va_start(values, format);
    (void)vfprintf(stderr, format, values);
    va_end(values);
    (void)fputc('\n', stderr);
    leave(WRONG);
}

static enum outcome outcome_of(trial_function *try, const void *subject, const char *name, size_t n,
                               bool onwards)
{
    int status = 0;
    pid_t pid = fork();

    if (pid == 0) {
        try(subject, n, onwards);
    }
    assert_true(pid > 0 && waitpid(pid, &status, 0) == pid);
    int outcome = WIFEXITED(status) ? WEXITSTATUS(status) : WRONG;
    if (outcome != DONE_WITHOUT_FAULT && outcome != ENDED_WITH_MESSAGE && outcome != SURVIVED) {
        fail_msg("%s, fault %zu%s: status %#x", name, n, onwards ? " and all that follow" : "",
                 (unsigned)status);
    }
    return (enum outcome)outcome;
}

void trial_run(trial_function *try, const void *subject, const char *name, bool onwards,
               size_t step)
{
    static size_t runs;
    enum outcome outcome = SURVIVED;

    for (size_t n = 1 + runs++ % step; outcome != DONE_WITHOUT_FAULT; n += step) {
        outcome = outcome_of(try, subject, name, n, onwards);
        counts[outcome]++;
    }
}

size_t trial_step(void)
{
    const char *faults = getenv("POWERUP_SECRETS_FAULTS");

    return faults != NULL && strcmp(faults, "each") == 0 ? 1 : 5;
}

size_t trial_report(const char *kind, size_t survived_min)
{
    size_t survived = counts[SURVIVED];
    size_t ended = counts[ENDED_WITH_MESSAGE];

    print_message("%s faults: %zu injected, %zu answered or refused, %zu ended the process with a "
                  "message\n",
                  kind, survived + ended, survived, ended);
    assert_true(survived >= survived_min);
    memset(counts, 0, sizeof counts);
    return ended;
}
