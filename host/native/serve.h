/* SPDX-License-Identifier: MIT */
#ifndef POWERUP_SECRETS_NATIVE_SERVE_H
#define POWERUP_SECRETS_NATIVE_SERVE_H

#include "native/operation.h"

/* What is called once when the store is open and the socket listens. */
typedef void serve_opened(const char *state_folder);

/* Answers the requests that come on one descriptor with replies on the other, one after another,
 * until the input ends (STATUS_OK). A request that cannot be understood gets an error reply and the
 * next one is read; after a broken frame (STATUS_FRAME_TOO_LARGE, STATUS_FRAME_TRUNCATED) there is
 * one last error reply. STATUS_IO_FAILED and STATUS_NO_MEMORY end it too. *failure then says why.
 *
 * From a successful hello on, requests of the command line come over the control socket beside
 * these and go out as events. Nothing that happens there delays a reply or ends the host. Then
 * `opened` is called too, unless it is NULL.
 */
MUST_CHECK enum status serve(int input, int output, serve_opened *opened, struct failure *failure);

/* Answers one request, with a reply or, for one that the session answers later, with none.
 * STATUS_NO_MEMORY: there was none for the reply either; STATUS_IO_FAILED. */
MUST_CHECK enum status serve_message(struct session *session, struct view message, int output);

#endif
