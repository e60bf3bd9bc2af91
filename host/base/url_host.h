/* SPDX-License-Identifier: MIT */
/* Hosts of addresses, in the form in which browsers serialise them (URL Standard, host
 * serializing). */
#ifndef POWERUP_SECRETS_BASE_URL_HOST_H
#define POWERUP_SECRETS_BASE_URL_HOST_H

#include <stdbool.h>

enum { URL_HOST_SIZE_MAX = 300 };

/* Serialises a host whose letters are lower case: domains stay as they are, IP addresses in any
 * spelling get the one of browsers. False: it is no host, or one that the URL parser would have to
 * decode first. "*" is no part of a host here: Chromium writes it "%2A", Firefox opens no such
 * page, and in the patterns of browser extensions it stands for any. */
bool url_host_serialize(const char *host, char ret_host[URL_HOST_SIZE_MAX + 1]);

#endif
