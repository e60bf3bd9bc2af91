/* SPDX-License-Identifier: MIT */
#include "base/origin.h"

#include "base/url_host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { NO_PORT = -1, PORT_HTTP = 80, PORT_HTTPS = 443, PORT_MAX = 65535 };

/* What an origin is made of. */
struct address {
    bool secure;
    long port; /* NO_PORT: that of the scheme */
    char host[URL_HOST_SIZE_MAX + 1];
    const char *fault; /* why there is none, where that is known */
};

/* False: there is something, and no page is served at such a port. */
static bool read_port(const char *text, struct address *ret_address)
{
    size_t digits = strspn(text, "0123456789");

    ret_address->port =
        digits > 0 ? strtol(text, NULL, 10) : NO_PORT; /* the largest when it is too large */
    if (text[digits] != '\0') {
        return false;
    }
    if (digits > 0 && (ret_address->port == 0 || ret_address->port > PORT_MAX)) {
        ret_address->fault = "a page's port is a number from 1 to 65535.";
        return false;
    }
    return true;
}

/* What a host has that the URL parser does not leave there, or that pages cannot be served at. */
static const char *fault_of_host(const char *host)
{
    if (strchr(host, '*') != NULL || strcasestr(host, "%2a") != NULL) {
        return "\"*\" does not stand for other hosts, and pages whose host name has it get no "
               "storage; name one host.";
    }
    for (const char *at = host; *at != '\0'; at++) {
        if ((unsigned char)*at >= 0x80) {
            return "the host name has characters outside ASCII; give it as browsers write it in "
                   "location.origin, such as \"xn--bcher-kva.example\".";
        }
    }
    if (strchr(host, '%') == NULL) {
        return NULL;
    }
    return host[0] == '[' ? "browsers open no address with a zone (\"%\"); leave the zone out."
                          : "the host name has \"%\"; give it decoded, as browsers write it in "
                            "location.origin. A page where it stays has no storage.";
}

/* Whether it is a host of this machine, which is seldom reached with https. */
static bool is_local(const char *host)
{
    static const char suffix[] = ".localhost";
    size_t length = strlen(host);

    return strcmp(host, "localhost") == 0 || strncmp(host, "127.", 4) == 0 ||
           strcmp(host, "[::1]") == 0 ||
           (length >= sizeof suffix && strcmp(host + length + 1 - sizeof suffix, suffix) == 0);
}

/* Reads host and port, which are changed. */
static bool read_host(char *host, struct address *ret_address)
{
    char *end = host[0] == '[' ? strchr(host, ']') : host;
    char *colon = end != NULL ? strchr(end, ':') : NULL;

    if (!read_port(colon != NULL ? colon + 1 : "", ret_address)) {
        return false;
    }
    if (colon != NULL) {
        *colon = '\0';
    }
    for (char *at = host; *at != '\0'; at++) {
        *at = (char)(*at >= 'A' && *at <= 'Z' ? *at - 'A' + 'a' : *at);
    }
    ret_address->fault = fault_of_host(host);
    return ret_address->fault == NULL && url_host_serialize(host, ret_address->host);
}

/* Reads what may be meant as an origin: an address, with all that the URL parser lets pass, or one
 * without its scheme. The text is changed. False: *ret_address has the fault alone. */
static bool read_address(char *text, struct address *ret_address)
{
    bool secure = strncasecmp(text, "https:", 6) == 0;
    bool has_scheme = secure || strncasecmp(text, "http:", 5) == 0;

    *ret_address = (struct address){.secure = secure};
    if (!has_scheme && strstr(text, "://") != NULL) {
        return false;
    }
    text += has_scheme ? strcspn(text, ":") + 1 : 0;
    text += strspn(text, "/\\");
    text[strcspn(text, "/\\?#")] = '\0';
    char *user = has_scheme ? strrchr(text, '@') : NULL;
    if (!read_host(user != NULL ? user + 1 : text, ret_address)) {
        return false;
    }
    long port = ret_address->port;
    const char *host = ret_address->host;
    if (!has_scheme) {
        ret_address->secure = port == PORT_HTTPS || (port != PORT_HTTP && !is_local(host));
    }
    /* A word alone may be anything. */
    return has_scheme || port != NO_PORT || is_local(host) || strpbrk(host, ".[") != NULL;
}

/* Writes the origin that a text may mean, or without a port its site, as browsers serialise it; ""
 * where it means none. Returns why, where that is known, else NULL. */
static const char *find_meant(struct view given, bool with_port,
                              char ret_meant[ORIGIN_SIZE_MAX + 1])
{
    char text[2 * ORIGIN_SIZE_MAX + 1];
    size_t size = given.size < sizeof text - 1 ? given.size : sizeof text - 1;
    char port[8] = "";
    struct address address;

    memcpy(text, given.data, size);
    text[size] = '\0';
    ret_meant[0] = '\0';
    if (!read_address(text, &address)) {
        return address.fault;
    }
    if (with_port && address.port != NO_PORT &&
        address.port != (address.secure ? PORT_HTTPS : PORT_HTTP)) {
        (void)snprintf(port, sizeof port, ":%ld", address.port);
    }
    int length = snprintf(ret_meant, ORIGIN_SIZE_MAX + 1, "http%s://%s%s",
                          address.secure ? "s" : "", address.host, port);
    if (length > ORIGIN_SIZE_MAX) {
        ret_meant[0] = '\0';
    }
    return NULL;
}

/* What browsers write for pages without an origin of their own, and the address of such a page. */
static bool is_opaque(struct view origin)
{
    return view_equal(origin, view_of_text("null")) ||
           (origin.size >= 5 && memcmp(origin.data, "file:", 5) == 0);
}

enum status origin_check(struct view origin, struct failure *failure)
{
    char meant[ORIGIN_SIZE_MAX + 1] = "";

    if (is_opaque(origin)) {
        return failure_set(failure, STATUS_BAD_ORIGIN,
                           "A page with an opaque origin (\"null\") has no storage; serve the page "
                           "from http or https, without a sandbox.");
    }
    const char *fault = origin.size > 0 ? find_meant(origin, true, meant) : NULL;
    if (meant[0] != '\0' && view_equal(origin, view_of_text(meant))) {
        return STATUS_OK;
    }
    if (meant[0] != '\0') {
        return failure_set(failure, STATUS_BAD_ORIGIN,
                           "Not an origin as browsers write it; did you mean \"%s\"?", meant);
    }
    return failure_set(failure, STATUS_BAD_ORIGIN, "Not an origin: %s",
                       fault != NULL
                           ? fault
                           : "give scheme, host and a port that is not the default, as a browser "
                             "writes location.origin, such as \"http://localhost:3000\".");
}

enum status site_check(struct view site, struct failure *failure)
{
    char meant[ORIGIN_SIZE_MAX + 1] = "";

    if (view_equal(site, view_of_text("file://")) || view_equal(site, view_of_text("null"))) {
        return STATUS_OK;
    }
    const char *fault = site.size > 0 ? find_meant(site, false, meant) : NULL;
    if (meant[0] != '\0' && view_equal(site, view_of_text(meant))) {
        return STATUS_OK;
    }
    if (meant[0] != '\0') {
        return failure_set(
            failure, STATUS_BAD_ORIGIN,
            "Not a top-level site, which is scheme and registrable domain; did you mean \"%s\"?",
            meant);
    }
    return failure_set(failure, STATUS_BAD_ORIGIN, "Not a top-level site: %s",
                       fault != NULL ? fault
                                     : "give scheme and registrable domain without a port, such as "
                                       "\"https://trello.com\".");
}
