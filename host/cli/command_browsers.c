/* SPDX-License-Identifier: MIT */
#include "base/clock.h"
#include "base/request.h"
#include "cli/command_context.h"
#include "cli/command_table.h"
#include "cli/listing.h"

#include <poll.h>

/* How often to look for browsers that have not started yet. */
enum { LOOK_MS = 20 };

static enum status add_browser(struct json_object *list, const struct running_browser *browser)
{
    static const char *const members[] = {"browser", "extension", "host", "browserProfile"};
    JSON_AUTO(object) = json_object_new_object();

    TRY(json_add_number(object, "pid", browser->pid));
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        TRY(json_add_string(object, members[i], request_string(browser->greeting, members[i])));
    }
    TRY(json_object_object_add(object, "pages", json_object_get(browser->result)) == 0
            ? STATUS_OK
            : STATUS_NO_MEMORY);
    return json_append(list, &object);
}

static void write_pages(struct buffer *cell, struct json_object *row)
{
    struct json_object *pages = json_object_object_get(row, "pages");
    size_t count =
        json_object_is_type(pages, json_type_array) ? json_object_array_length(pages) : 0;

    for (size_t i = 0; i < count; i++) {
        struct json_object *page = json_object_array_get_idx(pages, i);
        struct view url = json_object_is_type(page, json_type_object) ? request_string(page, "url")
                                                                      : (struct view){NULL, 0};
        buffer_add_text(cell, i > 0 ? ", " : "");
        buffer_add(cell, url.data != NULL ? url : view_of_text("?"));
    }
}

/* Waits until so many browsers have confirmed that their pages are up to date. */
static enum status wait_for(struct command_context *context, size_t count, struct failure *failure)
{
    int64_t end = clock_now_ms() + command_timeout_ms(context);

    TRY(command_apply(context, failure));
    while (context->confirmed < count && clock_now_ms() < end) {
        (void)poll(NULL, 0, LOOK_MS);
        TRY(command_apply(context, failure));
    }
    if (context->confirmed < count) {
        context->not_confirmed = true;
        buffer_print(&context->notes, "waited for %zu browser%s, and %zu confirmed\n", count,
                     count == 1 ? "" : "s", context->confirmed);
    }
    return STATUS_OK;
}

static enum status run_browsers(struct command_context *context, struct failure *failure)
{
    static const struct column columns[] = {
        {"PID", .member = "pid"},
        {"BROWSER", .member = "browser"},
        {"EXTENSION", .member = "extension"},
        {"HOST", .member = "host"},
        {"PROFILE", .member = "browserProfile"},
        {"PAGES", .write = write_pages},
    };
    const char *wait = context->arguments->values[OPTION_WAIT];
    JSON_AUTO(request) = json_object_new_object();
    JSON_AUTO(list) = json_object_new_array();
    RUNNING_BROWSERS_AUTO browsers = {0};

    TRY(json_add_string(request, "op", view_of_text("describe")));
    if (wait != NULL) {
        TRY(wait_for(context, (size_t)option_number(wait), failure));
    }
    TRY(command_ask(context, request, &browsers, failure));
    for (size_t i = 0; i < browsers.count; i++) {
        if (browsers.browsers[i].state != RUNNING_BROWSER_GONE) {
            TRY(add_browser(list, &browsers.browsers[i]));
        }
    }
    return listing_give(context, &list, columns, sizeof columns / sizeof columns[0]);
}

const struct command command_browsers = {
    .name = "browsers",
    .help = "list the running browsers, and their pages with a Power-Up",
    .more =
        "Each with the process of its host, the browser, the versions of extension and host, and "
        "the addresses of the open pages with a Power-Up. A browser that has just started gets "
        "the settings a moment later; wait for it with --wait before opening the first page "
        "whose first script needs them.",
    .options = OPTIONS(OPTIONAL(WAIT)),
    .kind = COMMAND_ASKING,
    .run = run_browsers,
};
