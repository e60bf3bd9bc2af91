// SPDX-License-Identifier: MIT
// An origin has one spelling: an accepted origin is refused in any other.
#include "base/origin.h"
#include "fuzz.h"

#include <ctype.h>
#include <string.h>

static enum status check(enum status (*checker)(struct view, struct failure *), struct view text)
{
    struct failure failure = {0};

    enum status status = checker(text, &failure);
    if (status != STATUS_OK) {
        FUZZ_CHECK(status == STATUS_BAD_ORIGIN);
        fuzz_check_failure(&failure, status);
    }
    return status;
}

static void check_refused_with(struct view origin, const char *suffix)
{
    BUFFER_AUTO other = {0};

    buffer_add(&other, origin);
    buffer_add_text(&other, suffix);
    FUZZ_CHECK(buffer_status(&other) == STATUS_OK);
    FUZZ_CHECK(check(origin_check, view_of_buffer(&other)) == STATUS_BAD_ORIGIN);
}

static void check_refused_in_capitals(struct view origin)
{
    BYTES_AUTO other = {0};

    FUZZ_CHECK(bytes_copy(origin, &other) == STATUS_OK);
    for (size_t i = 0; i < other.size; i++) {
        FUZZ_CHECK(other.data[i] > ' ' && other.data[i] < 0x7F && !isupper(other.data[i]));
        if (islower(other.data[i])) {
            other.data[i] = (uint8_t)toupper(other.data[i]);
            FUZZ_CHECK(check(origin_check, view_of_bytes(&other)) == STATUS_BAD_ORIGIN);
            other.data[i] = origin.data[i];
        }
    }
}

/* The position of the port's colon, or the end. */
static size_t host_end(struct view origin)
{
    size_t end = origin.size;

    while (end > 0 && isdigit(origin.data[end - 1])) {
        end--;
    }
    return end > 0 && end < origin.size && origin.data[end - 1] == ':' &&
                   memchr(origin.data, ']', end) == NULL
               ? end - 1
           : end > 1 && end < origin.size && origin.data[end - 2] == ']' ? end - 1
                                                                         : origin.size;
}

static void check_one_spelling(struct view origin)
{
    size_t end = host_end(origin);
    bool has_port = end < origin.size;

    FUZZ_CHECK(origin.size <= ORIGIN_SIZE_MAX);
    check_refused_in_capitals(origin);
    check_refused_with(origin, "/");
    check_refused_with(origin, "?");
    check_refused_with(origin, "#");
    check_refused_with(origin, "@example.com");
    check_refused_with(origin, "\\");
    check_refused_with(origin, ":");
    check_refused_with(origin, ":00000");
    check_refused_with(origin, origin.data[4] == 's' ? ":443" : ":80");
    FUZZ_CHECK((check(site_check, origin) == STATUS_OK) == !has_port);
    FUZZ_CHECK(check(site_check, (struct view){origin.data, end}) == STATUS_OK);
    FUZZ_CHECK(check(origin_check, (struct view){origin.data, end}) == STATUS_OK);
}

static void check_site(struct view site)
{
    bool special = view_equal(site, VIEW("null")) || view_equal(site, VIEW("file://"));

    FUZZ_CHECK((check(origin_check, site) == STATUS_OK) == !special);
}

void fuzz_one(struct view input)
{
    if (check(origin_check, input) == STATUS_OK) {
        check_one_spelling(input);
    }
    if (check(site_check, input) == STATUS_OK) {
        check_site(input);
    }
}
