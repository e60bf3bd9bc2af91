/* SPDX-License-Identifier: MIT */
#include "base/origin.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* URL Standard, IPv6 serializer: hex pieces without leading zeros, the first longest run of at
 * least two zero pieces compressed, no dotted quad at the end. */
static void serialize_ipv6(const struct in6_addr *address, char *ret_text, size_t size)
{
    unsigned pieces[8];
    int best = -1;
    int best_length = 1;
    size_t used = 0;

    const uint8_t *bytes = address->s6_addr;
    for (int i = 0; i < 8; i++, bytes += 2) {
        pieces[i] = (unsigned)(bytes[0] << 8 | bytes[1]);
    }
    for (int i = 0; i < 8; i++) {
        int length = 0;
        while (i + length < 8 && pieces[i + length] == 0) {
            length++;
        }
        if (length > best_length) {
            best = i;
            best_length = length;
        }
    }
    ret_text[0] = '\0';
    for (int i = 0; i < 8; i++) {
        if (i == best) {
            used += (size_t)snprintf(ret_text + used, size - used, "%s", i == 0 ? "::" : ":");
            i += best_length - 1;
            continue;
        }
        used += (size_t)snprintf(ret_text + used, size - used, "%x%s", pieces[i], i < 7 ? ":" : "");
    }
}

static bool is_ipv6(const char *host)
{
    char inner[INET6_ADDRSTRLEN + 1];
    char canonical[INET6_ADDRSTRLEN + 1];
    struct in6_addr address;
    size_t length = strlen(host);

    if (length < 4 || length - 2 >= sizeof inner || host[length - 1] != ']') {
        return false;
    }
    memcpy(inner, host + 1, length - 2);
    inner[length - 2] = '\0';
    if (inet_pton(AF_INET6, inner, &address) != 1) {
        return false;
    }
    serialize_ipv6(&address, canonical, sizeof canonical);
    return strcmp(inner, canonical) == 0;
}

/* URL Standard, "ends in a number": such a host is an IPv4 address or nothing. */
static bool ends_in_a_number(const char *host)
{
    size_t end = strlen(host);

    end -= end > 0 && host[end - 1] == '.';
    size_t start = end;
    while (start > 0 && host[start - 1] != '.') {
        start--;
    }
    if (start == end) {
        return false;
    }
    bool hexadecimal = end - start >= 2 && host[start] == '0' && host[start + 1] == 'x';
    size_t first = start + (hexadecimal ? 2 : 0);
    size_t count = strspn(host + first, hexadecimal ? "0123456789abcdef" : "0123456789");
    return first + count == end;
}

static bool is_ipv4(const char *host)
{
    char canonical[INET_ADDRSTRLEN];
    struct in_addr address;

    return inet_pton(AF_INET, host, &address) == 1 &&
           inet_ntop(AF_INET, &address, canonical, sizeof canonical) != NULL &&
           strcmp(host, canonical) == 0;
}

static bool is_host(const char *host)
{
    if (host[0] == '[') {
        return is_ipv6(host);
    }
    /* What a domain can still hold after the URL parser lowered and percent-decoded it. */
    size_t allowed = strspn(host, "abcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=");
    if (host[0] == '\0' || host[allowed] != '\0') {
        return false;
    }
    return !ends_in_a_number(host) || is_ipv4(host);
}

static bool is_port(const char *port, bool secure)
{
    size_t length = strlen(port);

    if (length == 0 || length > 5 || !is_digit(port[0]) || strspn(port, "0123456789") != length ||
        (port[0] == '0' && length > 1)) {
        return false;
    }
    long number = strtol(port, NULL, 10);
    return number <= 65535 && number != (secure ? 443 : 80);
}

/* Splits and checks; false also when a port is there but not wanted. */
static bool is_origin(struct view origin, bool port_wanted)
{
    char text[ORIGIN_SIZE_MAX + 1];

    if (origin.size > ORIGIN_SIZE_MAX || memchr(origin.data, '\0', origin.size) != NULL) {
        return false;
    }
    memcpy(text, origin.data, origin.size);
    text[origin.size] = '\0';

    bool secure = strncmp(text, "https://", 8) == 0;
    if (!secure && strncmp(text, "http://", 7) != 0) {
        return false;
    }
    char *host = text + (secure ? 8 : 7);
    char *host_end = host[0] == '[' ? strchr(host, ']') : NULL;
    char *colon = strchr(host_end != NULL ? host_end : host, ':');
    if (colon != NULL) {
        *colon = '\0';
        if (!port_wanted || !is_port(colon + 1, secure)) {
            return false;
        }
    }
    return is_host(host);
}

enum status origin_check(struct view origin, struct failure *failure)
{
    if (view_equal(origin, view_of_text("null"))) {
        return failure_set(failure, STATUS_BAD_ORIGIN,
                           "A page with an opaque origin (\"null\") has no storage; serve the page "
                           "from http or https, without a sandbox.");
    }
    if (origin.size == 0 || !is_origin(origin, true)) {
        return failure_set(failure, STATUS_BAD_ORIGIN,
                           "Not an origin: give scheme, host and a port that is not the default, "
                           "as a browser writes location.origin, such as "
                           "\"http://localhost:3000\".");
    }
    return STATUS_OK;
}

enum status site_check(struct view site, struct failure *failure)
{
    if (site.size > 0 && (is_origin(site, false) || view_equal(site, view_of_text("file://")) ||
                          view_equal(site, view_of_text("null")))) {
        return STATUS_OK;
    }
    return failure_set(failure, STATUS_BAD_ORIGIN,
                       "Not a top-level site: give scheme and registrable domain without a port, "
                       "such as \"https://trello.com\".");
}
