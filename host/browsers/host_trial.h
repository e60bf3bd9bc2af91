/* SPDX-License-Identifier: MIT */
/* Starts a host as a browser does, says hello, and lets it end. */
#ifndef POWERUP_SECRETS_BROWSERS_HOST_TRIAL_H
#define POWERUP_SECRETS_BROWSERS_HOST_TRIAL_H

#include "browsers/browser_table.h"
#include "browsers/findings.h"

struct host_trial {
    enum browser_family family;
    const char *subject;  /* whose host */
    const char *manifest; /* the path of the native manifest, as Firefox passes it */
    const char *host;     /* the path in it */
    const char *folder;   /* a temporary folder, for the state and the log */
    const char *fix;      /* the command that installs again */
};

/* Adds the result: one finding. STATUS_ABSENT: it was a problem. STATUS_NO_MEMORY. */
MUST_CHECK enum status host_trial_run(const struct host_trial *trial, struct findings *findings);

#endif
