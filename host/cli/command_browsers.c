/* SPDX-License-Identifier: MIT */
#include "base/request.h"
#include "cli/command_ask.h"
#include "cli/command_context.h"
#include "cli/command_table.h"
#include "cli/listing.h"
#include "store/known_browsers.h"
#include "store/transaction.h"

#define NO_TEXT ((struct view){NULL, 0})

/* A browser whose host runs. */
static void add_browser(struct json_object *list, const struct running_browser *browser)
{
    static const char *const members[] = {"extension", "host", "browserProfile"};
    bool answered = browser->state == RUNNING_BROWSER_ANSWERED;
    struct json_object *process = NULL;
    JSON_AUTO(object) = json_object_new_object();

    (void)(browser->greeting != NULL &&
           json_object_object_get_ex(browser->greeting, "browserPid", &process));
    json_set_number(object, "pid", browser->pid);
    json_set_string(object, "browser", request_string(browser->greeting, "browser"));
    json_set_shared(object, "browserPid", process);
    json_set_string(object, "state", view_of_text(answered ? "connected" : "not answering"));
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        json_set_string(object, members[i], request_string(browser->greeting, members[i]));
    }
    json_set_shared(object, "pages", browser->result);
    json_push(list, &object);
}

static void write_pages(struct buffer *cell, struct json_object *row)
{
    struct json_object *pages = json_object_object_get(row, "pages");
    size_t count =
        json_object_is_type(pages, json_type_array) ? json_object_array_length(pages) : 0;

    for (size_t i = 0; i < count; i++) {
        struct json_object *page = json_object_array_get_idx(pages, i);
        struct json_object *answers = NULL;
        struct view url = json_object_is_type(page, json_type_object) ? request_string(page, "url")
                                                                      : (struct view){NULL, 0};
        buffer_add_text(cell, i > 0 ? ", " : "");
        buffer_add(cell, url.data != NULL ? url : view_of_text("?"));
        if (json_object_object_get_ex(page, "answers", &answers) &&
            !json_object_get_boolean(answers)) {
            buffer_add_text(cell, " (does not answer)");
        }
    }
}

/* A browser that is known to run. */
static void add_expected(struct json_object *list, const struct expected_browser *browser)
{
    JSON_AUTO(object) = json_object_new_object();
    const struct member_text unknown[] = {
        {"extension", NO_TEXT}, {"host", NO_TEXT}, {"browserProfile", NO_TEXT}, {"pages", NO_TEXT}};

    json_set_string(object, "pid", NO_TEXT);
    json_set_string(object, "browser", view_of_bytes(&browser->name));
    json_set_number(object, "browserPid", browser->process.pid);
    json_set_string(object, "state",
                    view_of_text(browser->state == EXPECTED_NO_HOST ? "no host" : "not answering"));
    listing_set_texts(object, unknown, sizeof unknown / sizeof unknown[0]);
    json_push(list, &object);
}

/* Adds those that did not answer, after they were forgotten. */
static enum status forget_browsers(struct command_context *context, struct json_object *list,
                                   struct failure *failure)
{
    TRANSACTION_AUTO transaction = {0};

    if (context->expected.count == 0) {
        return STATUS_OK;
    }
    TRY(transaction_begin(context->store, TRANSACTION_WRITE, &transaction, failure));
    for (size_t i = 0; i < context->expected.count; i++) {
        const struct expected_browser *browser = &context->expected.browsers[i];
        if (browser->state != EXPECTED_CONFIRMED) {
            TRY(known_browsers_forget(context->store, browser->process.pid,
                                      browser->process.started, failure));
            add_expected(list, browser);
        }
    }
    TRY(failure_explain(failure, json_status(list)));
    return transaction_commit(&transaction, failure);
}

static void list_browsers(const struct command_context *context,
                          const struct running_browsers *running, struct json_object *list)
{
    for (size_t i = 0; i < running->count; i++) {
        if (running->browsers[i].state != RUNNING_BROWSER_GONE) {
            add_browser(list, &running->browsers[i]);
        }
    }
    for (size_t i = 0; i < context->expected.count; i++) {
        if (context->expected.browsers[i].state == EXPECTED_NO_HOST) {
            add_expected(list, &context->expected.browsers[i]);
        }
    }
}

static enum status run_browsers(struct command_context *context, struct failure *failure)
{
    static const struct column columns[] = {
        {"PID", .member = "pid"},
        {"BROWSER", .member = "browser"},
        {"PROCESS", .member = "browserPid"},
        {"STATE", .member = "state"},
        {"EXTENSION", .member = "extension"},
        {"HOST", .member = "host"},
        {"PROFILE", .member = "browserProfile"},
        {"PAGES", .write = write_pages},
    };
    JSON_AUTO(request) = json_object_new_object();
    JSON_AUTO(list) = json_object_new_array();
    RUNNING_BROWSERS_AUTO running = {0};

    context->forgets = arguments_have(context->arguments, OPTION_FORGET);
    json_set_string(request, "op", view_of_text("describe"));
    TRY(json_status(request));
    if (arguments_have(context->arguments, OPTION_WAIT)) {
        TRY(command_ask_pages(context, "apply", failure)); /* they have the settings then */
    }
    TRY(command_ask(context, request, &running, failure));
    if (context->forgets) {
        TRY(forget_browsers(context, list, failure));
    } else {
        list_browsers(context, &running, list);
    }
    return listing_give(context, &list, columns, sizeof columns / sizeof columns[0]);
}

const struct command command_browsers = {
    .name = "browsers",
    .help = "list the running browsers, and their pages with a Power-Up",
    .more = "Each with the processes of its host and of the browser, whether it answers, the "
            "versions of extension and host, and the addresses of the open pages with a Power-Up. "
            "Commands wait for every browser that is known to run; one whose extension was "
            "disabled or removed is known until it ends, or until --forget. A browser that has "
            "just started gets the settings a moment later; wait for it with --wait before opening "
            "the first page whose first script needs them.",
    .options = OPTIONS(OPTIONAL(FORGET)),
    .kind = COMMAND_ASKING,
    .run = run_browsers,
};
