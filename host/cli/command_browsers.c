/* SPDX-License-Identifier: MIT */
#include "base/clock.h"
#include "base/request.h"
#include "cli/command_context.h"
#include "cli/table.h"

#include <poll.h>

/* How often browsers are looked for that have not started. */
enum { LOOK_MS = 20 };

/* What a host says about itself, in the order of the columns. */
static const char *const members[] = {"browser", "extension", "host", "browserProfile"};
static const size_t member_count = sizeof members / sizeof members[0];

static enum status to_json(struct json_object *list, const struct running_browser *browser)
{
    JSON_AUTO(object) = json_object_new_object();

    enum status status =
        object != NULL ? json_add_number(object, "pid", browser->pid) : STATUS_NO_MEMORY;
    for (size_t i = 0; status == STATUS_OK && i < member_count; i++) {
        status = json_add_string(object, members[i], request_string(browser->greeting, members[i]));
    }
    if (status == STATUS_OK) {
        status = json_object_object_add(object, "pages", json_object_get(browser->result)) == 0
                     ? STATUS_OK
                     : STATUS_NO_MEMORY;
    }
    return status == STATUS_OK ? json_append(list, &object) : status;
}

static enum status add_pages(struct table *table, struct json_object *pages)
{
    BUFFER_AUTO text = {0};
    size_t count =
        json_object_is_type(pages, json_type_array) ? json_object_array_length(pages) : 0;

    for (size_t i = 0; i < count; i++) {
        struct json_object *page = json_object_array_get_idx(pages, i);
        struct view url = json_object_is_type(page, json_type_object) ? request_string(page, "url")
                                                                      : (struct view){NULL, 0};
        buffer_add_text(&text, i > 0 ? ", " : "");
        buffer_add(&text, url.data != NULL ? url : view_of_text("?"));
    }
    table_add_buffer(table, &text);
    return buffer_status(&text);
}

static enum status to_table(struct table *table, const struct running_browser *browser)
{
    BUFFER_AUTO pid = {0};

    buffer_print(&pid, "%ld", (long)browser->pid);
    table_add_buffer(table, &pid);
    for (size_t i = 0; i < member_count; i++) {
        table_add(table, request_string(browser->greeting, members[i]));
    }
    return add_pages(table, browser->result);
}

/* Waits until so many browsers have confirmed that they have the scene. */
static enum status wait_for(struct command_context *context, size_t count, struct failure *failure)
{
    int64_t end = clock_now_ms() + command_timeout_ms(context);

    enum status status = command_apply(context, failure);
    while (status == STATUS_OK && context->confirmed < count && clock_now_ms() < end) {
        (void)poll(NULL, 0, LOOK_MS);
        status = command_apply(context, failure);
    }
    if (status == STATUS_OK && context->confirmed < count) {
        context->not_confirmed = true;
        buffer_print(&context->notes, "waited for %zu browser%s, and %zu confirmed\n", count,
                     count == 1 ? "" : "s", context->confirmed);
    }
    return status;
}

enum status command_browsers(struct command_context *context, struct failure *failure)
{
    static const char *const titles[] = {"PID", "BROWSER", "EXTENSION", "HOST", "PROFILE", "PAGES"};
    JSON_AUTO(request) = json_object_new_object();
    JSON_AUTO(json) = json_object_new_array();
    RUNNING_BROWSERS_AUTO list = {0};
    TABLE_AUTO table = {.columns = sizeof titles / sizeof titles[0]};

    if (request == NULL || json == NULL ||
        json_add_string(request, "op", view_of_text("describe")) != STATUS_OK) {
        return command_no_memory(failure);
    }
    const char *wait = context->arguments->values[OPTION_WAIT];
    enum status status =
        wait != NULL ? wait_for(context, (size_t)option_number(wait), failure) : STATUS_OK;
    if (status == STATUS_OK) {
        status = command_ask(context, request, &list, failure);
    }
    if (status != STATUS_OK) {
        return status;
    }
    for (size_t i = 0; i < table.columns; i++) {
        table_add_text(&table, titles[i]);
    }
    for (size_t i = 0; i < list.count; i++) {
        const struct running_browser *browser = &list.browsers[i];
        if (browser->state == RUNNING_BROWSER_GONE) {
            continue;
        }
        status = command_wants_json(context) ? to_json(json, browser) : to_table(&table, browser);
        if (status != STATUS_OK) {
            return command_no_memory(failure);
        }
    }
    if (command_wants_json(context)) {
        context->result = json;
        json = NULL;
    } else {
        table_print(&table, &context->output);
    }
    return STATUS_OK;
}
