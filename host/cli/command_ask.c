/* SPDX-License-Identifier: MIT */
#include "cli/command_ask.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/request.h"
#include "cli/command_context.h"
#include "cli/print.h"
#include "wire/control_socket.h"

#include <stdlib.h>

enum { TIMEOUT_DEFAULT_MS = 5000 };

/* How often to look for hosts that have not started yet. */
enum { LOOK_MS = 20 };

long command_timeout_ms(const struct command_context *context)
{
    const char *timeout = context->arguments->values[OPTION_TIMEOUT];

    return timeout != NULL ? option_milliseconds(timeout) : TIMEOUT_DEFAULT_MS;
}

enum status command_concern(struct command_context *context, struct view origin)
{
    if (context->origins == NULL) {
        context->origins = json_object_new_array();
    }
    if (context->origins == NULL) {
        return STATUS_NO_MEMORY;
    }
    if (!json_array_has_text(context->origins, origin)) {
        json_push_string(context->origins, origin);
    }
    return json_status(context->origins);
}

/* Asks in rounds, until all have answered or the time is over. */
struct asking {
    struct command_context *context;
    struct json_object *request;
    bool repeatable; /* by the next host of a browser whose host has ended */
    size_t wanted;   /* how many must confirm, whoever they are */
    int64_t end;
    int folder; /* of the sockets; -1 as long as no host has run */
    struct running_browsers list;
};
#define ASKING_AUTO __attribute__((cleanup(asking_free))) struct asking
static void asking_free(struct asking *asking)
{
    running_browsers_free(&asking->list);
    fd_close(&asking->folder);
}

static int64_t left_ms(const struct asking *asking)
{
    int64_t left = asking->end - clock_now_ms();

    return left > 0 ? left : 0;
}

/* The extension is to be done earlier, so that its own message, which knows more, arrives on a busy
 * machine, too. */
static enum status set_limit(const struct asking *asking)
{
    int64_t left = left_ms(asking);
    int64_t limit = left - left / 4;

    json_set_number(asking->request, "limitMs", limit > 0 ? limit : 1);
    return json_status(asking->request);
}

static size_t confirmed_in(const struct asking *asking)
{
    size_t count = 0;

    for (size_t i = 0; i < asking->list.count; i++) {
        count += asking->list.browsers[i].state == RUNNING_BROWSER_ANSWERED;
    }
    return count;
}

/* Whether a host has ended that may have passed on what must not be asked twice. */
static bool has_lost(const struct asking *asking, const struct running_browser *host)
{
    return !asking->repeatable && host->state == RUNNING_BROWSER_GONE && host->sent;
}

static bool has_lost_any(const struct asking *asking)
{
    for (size_t i = 0; i < asking->list.count; i++) {
        if (has_lost(asking, &asking->list.browsers[i])) {
            return true;
        }
    }
    return false;
}

static bool has_lost_host_of(const struct asking *asking, const struct expected_browser *browser)
{
    for (size_t i = 0; i < asking->list.count; i++) {
        if (asking->list.browsers[i].pid == browser->host_pid) {
            return has_lost(asking, &asking->list.browsers[i]);
        }
    }
    return false;
}

/* Asks the hosts that were not there before. */
static enum status ask_new(struct asking *asking, struct failure *failure)
{
    const struct command_context *context = asking->context;

    if (asking->folder < 0) {
        enum status status =
            control_folder_open((const char *)context->state.data, &asking->folder, failure);
        if (status == STATUS_ABSENT) {
            return STATUS_OK;
        }
        TRY(status);
    }
    if (has_lost_any(asking)) {
        return STATUS_OK;
    }
    TRY(failure_explain(failure, set_limit(asking)));
    return failure_explain(failure,
                           running_browsers_ask(&asking->list, asking->folder, asking->request,
                                                context->silent, context->silent_count));
}

static enum status find_expected(const struct asking *asking, struct failure *failure)
{
    struct command_context *context = asking->context;
    struct expected_browsers expected = {0};

    if (asking->folder < 0) {
        return STATUS_OK; /* nobody has said hello yet */
    }
    if (context->store == NULL) {
        TRY(kept_store_take(context->kept, (const char *)context->state.data, &context->store,
                            failure));
    }
    TRY(expected_browsers_find(context->store, &asking->list, context->silent,
                               context->silent_count, &expected, failure));
    expected_browsers_free(&context->expected);
    context->expected = expected;
    return STATUS_OK;
}

static bool is_given_up(const struct command_context *context,
                        const struct expected_browser *browser)
{
    for (size_t i = 0; i < context->given_up_count; i++) {
        if (context->given_up[i].pid == browser->process.pid &&
            context->given_up[i].started == browser->process.started) {
            return true;
        }
    }
    return false;
}

/* Whether this command still waits for the next host of a browser. */
static bool lacks_host(const struct command_context *context,
                       const struct expected_browser *browser)
{
    return browser->state == EXPECTED_NO_HOST && !context->forgets &&
           !is_given_up(context, browser);
}

static bool any_lacks_host(const struct command_context *context)
{
    for (size_t i = 0; i < context->expected.count; i++) {
        if (lacks_host(context, &context->expected.browsers[i])) {
            return true;
        }
    }
    return false;
}

static enum status ask_until_answered(struct asking *asking, struct failure *failure)
{
    for (;;) {
        TRY(ask_new(asking, failure));
        TRY(find_expected(asking, failure));
        bool looks = confirmed_in(asking) < asking->wanted || any_lacks_host(asking->context);
        bool ends = has_lost_any(asking) || !looks;
        int64_t left = left_ms(asking);
        if (left == 0 || (ends && !running_browsers_are_asked(&asking->list))) {
            return STATUS_OK;
        }
        TRY(failure_explain(
            failure, running_browsers_wait(&asking->list, asking->folder, asking->request,
                                           (int)(looks && left > LOOK_MS ? LOOK_MS : left))));
    }
}

/* Reports a browser that did not confirm, which is not asked again. */
static enum status note_silent(struct command_context *context,
                               const struct running_browser *browser)
{
    BYTES_AUTO name = {0};

    pid_t *silent =
        reallocarray(context->silent, context->silent_count + 1, sizeof *context->silent);
    if (silent == NULL) {
        return STATUS_NO_MEMORY;
    }
    context->silent = silent;
    context->silent[context->silent_count++] = browser->pid;
    context->not_confirmed = true;
    TRY(running_browser_name(browser, &name));
    if (browser->state == RUNNING_BROWSER_FAILED) {
        print_note(&context->notes, "%.*s did not confirm: %.*s", (int)name.size, (char *)name.data,
                   (int)browser->error.size, (char *)browser->error.data);
    } else {
        print_note(&context->notes, "%.*s did not answer within %g s", (int)name.size,
                   (char *)name.data, (double)command_timeout_ms(context) / 1000);
    }
    return buffer_status(&context->notes);
}

/* Reports a browser that has no host, which is not waited for again. */
static enum status note_without_host(struct command_context *context,
                                     const struct expected_browser *browser, bool lost)
{
    struct living_process *given_up =
        reallocarray(context->given_up, context->given_up_count + 1, sizeof *context->given_up);

    if (given_up == NULL) {
        return STATUS_NO_MEMORY;
    }
    context->given_up = given_up;
    context->given_up[context->given_up_count++] = browser->process;
    context->not_confirmed = true;
    struct view name = view_of_bytes(&browser->name);
    long long pid = browser->process.pid;
    if (lost) {
        print_note(&context->notes,
                   "%.*s (process %lld) lost its host before it answered, so a handler may have "
                   "been called",
                   (int)name.size, (const char *)name.data, pid);
    } else {
        print_note(&context->notes,
                   "%.*s (process %lld) is running, and no host of it has answered within %g s: "
                   "its host was killed, or its extension was stopped, disabled or removed. "
                   "Restart the browser, or have commands no longer wait for it with "
                   "\"powerup-secrets browsers --forget\"",
                   (int)name.size, (const char *)name.data, pid,
                   (double)command_timeout_ms(context) / 1000);
    }
    return buffer_status(&context->notes);
}

static enum status note_outcome(const struct asking *asking)
{
    struct command_context *context = asking->context;

    context->confirmed = confirmed_in(asking);
    for (size_t i = 0; i < asking->list.count; i++) {
        enum running_browser_state state = asking->list.browsers[i].state;
        if (state == RUNNING_BROWSER_ASKED || state == RUNNING_BROWSER_FAILED) {
            TRY(note_silent(context, &asking->list.browsers[i]));
        }
    }
    for (size_t i = 0; i < context->expected.count; i++) {
        const struct expected_browser *browser = &context->expected.browsers[i];
        if (lacks_host(context, browser)) {
            TRY(note_without_host(context, browser, has_lost_host_of(asking, browser)));
        }
    }
    if (context->confirmed < asking->wanted) {
        context->not_confirmed = true;
        context->waited = true;
        print_note(&context->notes, "waited for %zu browser%s, and %zu confirmed", asking->wanted,
                   asking->wanted == 1 ? "" : "s", context->confirmed);
    }
    return buffer_status(&context->notes);
}

enum status command_ask(struct command_context *context, struct json_object *request,
                        struct running_browsers *ret_list, struct failure *failure)
{
    const char *wait = context->arguments->values[OPTION_WAIT];
    ASKING_AUTO asking = {
        .context = context,
        .request = request,
        .repeatable = !view_equal(request_string(request, "op"), view_of_text("invoke")),
        .wanted = wait != NULL && !context->waited ? (size_t)option_number(wait) : 0,
        .end = clock_now_ms() + command_timeout_ms(context),
        .folder = -1,
    };

    TRY(ask_until_answered(&asking, failure));
    TRY(failure_explain(failure, note_outcome(&asking)));
    MOVE(*ret_list, asking.list);
    return STATUS_OK;
}

enum status command_ask_pages(struct command_context *context, const char *event,
                              struct failure *failure)
{
    JSON_AUTO(request) = json_object_new_object();
    RUNNING_BROWSERS_AUTO list = {0};

    json_set_string(request, "op", view_of_text(event));
    if (context->origins != NULL) {
        json_set_shared(request, "origins", context->origins);
    }
    TRY(json_status(request));
    return command_ask(context, request, &list, failure);
}
