/* SPDX-License-Identifier: MIT */
#include "base/url_host.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

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

static bool serialize_in_brackets(const char *host, char ret_host[URL_HOST_SIZE_MAX + 1])
{
    char text[INET6_ADDRSTRLEN + 1];
    struct in6_addr address;
    size_t length = strlen(host);

    if (length < 4 || length - 2 >= sizeof text || host[length - 1] != ']') {
        return false;
    }
    memcpy(text, host + 1, length - 2);
    text[length - 2] = '\0';
    if (inet_pton(AF_INET6, text, &address) != 1) {
        return false;
    }
    serialize_ipv6(&address, text, sizeof text);
    (void)snprintf(ret_host, URL_HOST_SIZE_MAX + 1, "[%s]", text);
    return true;
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

/* Parts of an IPv4 address may be hexadecimal, octal or left out, and a dot may follow it. */
static bool serialize_ipv4(const char *host, char ret_host[URL_HOST_SIZE_MAX + 1])
{
    char text[URL_HOST_SIZE_MAX + 1];
    struct in_addr address;
    size_t length = strlen(host);

    if (length >= sizeof text) {
        return false;
    }
    memcpy(text, host, length + 1);
    if (text[length - 1] == '.') {
        text[length - 1] = '\0';
    }
    return inet_aton(text, &address) != 0 &&
           inet_ntop(AF_INET, &address, ret_host, URL_HOST_SIZE_MAX + 1) != NULL;
}

bool url_host_serialize(const char *host, char ret_host[URL_HOST_SIZE_MAX + 1])
{
    if (host[0] == '[') {
        return serialize_in_brackets(host, ret_host);
    }
    /* What a domain can still hold after the URL parser lowered and percent-decoded it. */
    size_t allowed = strspn(host, "abcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()+,;=\"`{}");
    if (host[0] == '\0' || host[allowed] != '\0' || allowed > URL_HOST_SIZE_MAX) {
        return false;
    }
    if (ends_in_a_number(host)) {
        return serialize_ipv4(host, ret_host);
    }
    memcpy(ret_host, host, allowed + 1);
    return true;
}
