/* SPDX-License-Identifier: MIT */
/* The flags by which a Chromium is told to keep extensions out. */
#ifndef POWERUP_SECRETS_BROWSERS_KEPT_OUT_H
#define POWERUP_SECRETS_BROWSERS_KEPT_OUT_H

#include "base/bytes.h"

/* The argument of a command line, as /proc has it with a NUL behind each, that keeps the extension
 * in a folder out; no data when there is none. It points into the command line. */
struct view kept_out_by(struct view command_line, const char *extension);

/* The same for a running process, in ret_argument; "" when there is none, or the process cannot be
 * looked at. */
enum { KEPT_OUT_SIZE = 512 };
void kept_out_of_process(long pid, const char *extension, char ret_argument[KEPT_OUT_SIZE]);

#endif
