/* SPDX-License-Identifier: MIT */
#include "native/changed.h"

#include "native/log.h"
#include "store/revisions.h"
#include "wire/change_signal.h"
#include "wire/frame.h"

#include <string.h>

/* How many origins one event has at most, so that it fits into a frame. */
enum { ORIGINS_MAX = 1000 };

/* Sets the number of an origin in an object. */
static enum status set_number(struct json_object *numbers, struct view origin, int64_t number,
                              struct failure *failure)
{
    BYTES_AUTO name = {0};

    TRY(failure_explain(failure, bytes_alloc(origin.size + 1, &name)));
    memcpy(name.data, origin.data, origin.size);
    name.data[origin.size] = '\0';
    json_set_number(numbers, (const char *)name.data, number);
    return failure_explain(failure, json_status(numbers));
}

static enum status add_number(void *numbers, struct view origin, int64_t number,
                              struct failure *failure)
{
    return set_number(numbers, origin, number, failure);
}

/* Keeps what a result or an event tells; not by json_set, as it outlives a lack of memory. */
static enum status keep_told(struct session *session, struct json_object *numbers)
{
    json_object_object_foreach(numbers, origin, number)
    {
        if (json_object_object_add(session->told, origin, json_object_get(number)) != 0) {
            json_object_put(number);
            return STATUS_NO_MEMORY;
        }
    }
    return STATUS_OK;
}

enum status changed_add(struct session *session, struct view origin, struct json_object *result,
                        struct failure *failure)
{
    JSON_AUTO(numbers) = json_object_new_object();

    if (numbers == NULL) {
        return failure_no_memory(failure);
    }
    TRY(revisions_visit(session->store, origin, add_number, numbers, failure));
    json_set_shared(result, "pluginData", numbers);
    TRY(failure_explain(failure, json_status(result)));
    if (session->told == NULL && origin.size == 0) {
        session->told = json_object_new_object();
    }
    if (session->told != NULL) {
        TRY(failure_explain(failure, keep_told(session, numbers)));
    }
    return STATUS_OK;
}

void changed_signal(struct session *session)
{
    struct failure failure = {0};

    if (session->store != NULL && revisions_take_growth(session->store) &&
        change_signal_send(session->socket->folder, &failure) != STATUS_OK) {
        /* The change is made, and its own extension is told by the reply. */
        log_write("signal to other hosts: %s", status_name(failure.status));
    }
}

/* Sends what is in *numbers, which is taken over. */
static enum status send_event(struct session *session, struct json_object **numbers, int browser)
{
    JSON_AUTO(event) = json_object_new_object();
    struct view text;

    TRY(keep_told(session, *numbers));
    json_set_string(event, "event", view_of_text("changed"));
    json_set(event, "pluginData", numbers);
    TRY(json_status(event));
    TRY(json_text_of(event, &text));
    log_write("event changed");
    return frame_write(browser, text);
}

static bool is_told(const struct session *session, const char *origin, struct json_object *number)
{
    struct json_object *told = NULL;

    return json_object_object_get_ex(session->told, origin, &told) &&
           json_object_get_int64(told) == json_object_get_int64(number);
}

static enum status send_news(struct session *session, struct json_object *all, int browser)
{
    JSON_AUTO(news) = NULL;

    json_object_object_foreach(all, origin, number)
    {
        if (is_told(session, origin, number)) {
            continue;
        }
        if (news == NULL) {
            news = json_object_new_object();
        }
        json_set_shared(news, origin, number);
        TRY(json_status(news));
        if (json_object_object_length(news) == ORIGINS_MAX) {
            TRY(send_event(session, &news, browser));
        }
    }
    return news != NULL ? send_event(session, &news, browser) : STATUS_OK;
}

enum status changed_send(struct session *session, int browser)
{
    JSON_AUTO(all) = json_object_new_object();
    struct failure failure = {0};

    change_signal_drain(session->changed);
    if (session->told == NULL) {
        return STATUS_OK; /* what it asks for first has this, too */
    }
    enum status status =
        revisions_visit(session->store, (struct view){NULL, 0}, add_number, all, &failure);
    if (status == STATUS_OK) {
        status = send_news(session, all, browser);
    }
    if (status != STATUS_OK && status != STATUS_IO_FAILED) {
        log_write("event changed: %s", status_name(status)); /* the next signal tries again */
        return STATUS_OK;
    }
    return status;
}
