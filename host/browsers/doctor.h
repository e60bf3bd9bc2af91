/* SPDX-License-Identifier: MIT */
/* What the command doctor checks. Each function adds what it finds; a status other than STATUS_OK
 * means that it could not continue, and *failure says why. */
#ifndef POWERUP_SECRETS_BROWSERS_DOCTOR_H
#define POWERUP_SECRETS_BROWSERS_DOCTOR_H

#include "browsers/browser_choice.h"
#include "browsers/findings.h"

/* What it was asked. */
struct doctor {
    const char *names;         /* of browsers; NULL: those that are in use here */
    const char *user_data_dir; /* instead of the usual folders; may be NULL */
    const char *state;         /* path of the state folder */
    const char *temporary;     /* folder for temporary files */
    long timeout_ms;           /* for a browser to reach its host */
    struct findings *findings;
};

/* Host and extension beside this command line. */
MUST_CHECK enum status doctor_installation(const struct doctor *doctor, struct failure *failure);

/* The state folder: owner, modes, whether the database opens and is intact. Makes none. */
MUST_CHECK enum status doctor_state(const struct doctor *doctor, struct failure *failure);

/* The browsers, their native manifests, and the hosts that these start. */
MUST_CHECK enum status doctor_browsers(const struct doctor *doctor, struct failure *failure);

/* One native manifest, which is there, and the host that it starts. */
MUST_CHECK enum status doctor_manifest(const struct doctor *doctor, const struct browser_row *row,
                                       enum browser_scope scope, const char *file,
                                       struct failure *failure);

/* Starts each browser that was named, headless and with a profile of its own, and waits until its
 * extension has reached the host. */
MUST_CHECK enum status doctor_round_trips(const struct doctor *doctor, struct failure *failure);

/* What a Snap or Flatpak means for native messaging, for a row that was started here. */
MUST_CHECK enum status doctor_packaging(const struct doctor *doctor, size_t row,
                                        struct failure *failure);
#define FIX_ENCLOSED "install the browser as an ordinary package"

/* The first row of a row's name whose program is here, and that program, owned by the caller.
 * STATUS_ABSENT: there is none. */
MUST_CHECK enum status doctor_find_program(size_t row, const struct browser_row **ret_row,
                                           struct bytes *ret_program, struct failure *failure);

/* Whether one of a row's name was started here that its sandbox keeps from every host. */
MUST_CHECK enum status doctor_has_enclosed(size_t row, bool *ret_has, struct failure *failure);

/* The command that installs the manifest of a browser again, for one user or for all. First it
 * removes the file, unless that is NULL. */
void doctor_fix(const struct doctor *doctor, const struct browser_row *row,
                enum browser_scope scope, const char *file, char ret_fix[FIX_SIZE]);

#endif
