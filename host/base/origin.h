/* SPDX-License-Identifier: MIT */
/* Origins and sites, in exactly the form in which browsers serialise them (HTML Standard, "ASCII
 * serialization of an origin"; URL Standard, host serializing). Anything else is refused, so that
 * two spellings of one origin can never be two stores, nor two origins one. */
#ifndef POWERUP_SECRETS_BASE_ORIGIN_H
#define POWERUP_SECRETS_BASE_ORIGIN_H

#include "base/bytes.h"

/* The longest origin accepted, in bytes: a scheme, a name of 253 and a port fit. */
enum { ORIGIN_SIZE_MAX = 300 };

/* STATUS_OK for "https://host", "https://host:port" and the same with http. STATUS_BAD_ORIGIN:
 * *failure says what is wrong and what was expected. */
MUST_CHECK enum status origin_check(struct view origin, struct failure *failure);

/* STATUS_OK for the top-level site of an embedded frame: an origin without a port, "file://" for a
 * page read from disk, or "null" for a top-level page whose origin is opaque. */
MUST_CHECK enum status site_check(struct view site, struct failure *failure);

#endif
