/* SPDX-License-Identifier: MIT */
#include "wire/running_browser.h"

#include "base/file.h"
#include "base/request.h"
#include "wire/control_socket.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>

/* The id of the one request that each browser gets. */
enum { REQUEST_ID = 1 };

/* How long a host that closed a connection may take to end. */
enum { ENDING_MS = 1000 };

void running_browser_free(struct running_browser *browser)
{
    peer_close(&browser->peer);
    json_put(&browser->greeting);
    json_put(&browser->result);
    bytes_wipe(&browser->error);
}

struct running_browser running_browser_init(pid_t pid)
{
    return (struct running_browser){.pid = pid, .peer = peer_init(-1)};
}

bool running_browser_is_connected(const struct running_browser *browser)
{
    return browser->peer.reader.fd >= 0;
}

static enum status fail(struct running_browser *browser, struct view error)
{
    bytes_wipe(&browser->error);
    browser->state = RUNNING_BROWSER_FAILED;
    peer_close(&browser->peer);
    return bytes_copy(error, &browser->error);
}

static void name_of(pid_t pid, char ret_name[CONTROL_NAME_SIZE])
{
    (void)snprintf(ret_name, CONTROL_NAME_SIZE, "%ld.sock", (long)pid);
}

enum status running_browser_connect(struct running_browser *browser, int folder,
                                    struct json_object *request)
{
    char name[CONTROL_NAME_SIZE];
    int fd = -1;

    name_of(browser->pid, name);
    enum status status = control_socket_connect(folder, name, &fd);
    if (status == STATUS_ABSENT) {
        browser->state = RUNNING_BROWSER_GONE;
        return STATUS_OK;
    }
    if (status == STATUS_NEED_MORE) {
        return STATUS_OK;
    }
    if (status != STATUS_OK) {
        return fail(browser, view_of_text(strerror(errno)));
    }
    browser->peer = peer_init(fd);
    browser->sent = true;
    json_set_number(request, "id", REQUEST_ID);
    TRY(json_status(request));
    status = peer_send(&browser->peer, request);
    /* A host that went in this moment shows when it is read from. */
    return status == STATUS_IO_FAILED ? STATUS_OK : status;
}

/* Whether a host says why it closes a connection that has no request open for it. */
static bool is_refusal(struct json_object *message)
{
    struct json_object *id = NULL;

    return json_object_object_get_ex(message, "id", &id) && id == NULL &&
           request_string(message, "error").data != NULL;
}

/* The first message is the greeting, the next the answer; each may be a refusal. */
static enum status take_message(struct running_browser *browser, struct view text)
{
    struct failure failure = {0};
    JSON_AUTO(message) = NULL;
    struct json_object *ok = NULL;
    int64_t id = 0;

    enum status status = json_text_parse(text, &message, &failure);
    if (status == STATUS_NO_MEMORY) {
        return status;
    }
    bool is_object = status == STATUS_OK && json_object_is_type(message, json_type_object);
    if (is_object && is_refusal(message)) {
        return fail(browser, request_string(message, "error"));
    }
    if (is_object && browser->greeting == NULL) {
        MOVE(browser->greeting, message);
        return STATUS_OK;
    }
    if (!is_object || request_id(message, &id, &failure) != STATUS_OK || id != REQUEST_ID ||
        !json_object_object_get_ex(message, "ok", &ok)) {
        return fail(browser, view_of_text("its host sent an unknown message; update it"));
    }
    if (!json_object_get_boolean(ok)) {
        return fail(browser, request_string(message, "error"));
    }
    browser->result = json_object_get(json_object_object_get(message, "result"));
    browser->state = RUNNING_BROWSER_ANSWERED;
    peer_close(&browser->peer);
    return STATUS_OK;
}

/* Whether a process has ended, or ends in a moment: a host closes its connections on the way out,
 * one after the other. */
static bool ends(pid_t pid)
{
    FD_AUTO process = pidfd_open(pid, 0);

    if (process < 0) {
        return errno == ESRCH;
    }
    struct pollfd ended = {.fd = process, .events = POLLIN};
    return poll(&ended, 1, ENDING_MS) > 0;
}

/* A host closes when its browser ends; one that keeps running has cut us off. */
static enum status lost(struct running_browser *browser, int folder)
{
    char name[CONTROL_NAME_SIZE];
    FD_AUTO fd = -1;

    name_of(browser->pid, name);
    enum status status = control_socket_connect(folder, name, &fd);
    fd_close(&fd);
    if (status == STATUS_ABSENT || (status == STATUS_OK && ends(browser->pid))) {
        browser->state = RUNNING_BROWSER_GONE;
        peer_close(&browser->peer);
        return STATUS_OK;
    }
    return fail(browser, view_of_text("its host closed the connection"));
}

static enum status take_messages(struct running_browser *browser)
{
    struct view message;

    TRY(peer_fill(&browser->peer));
    while (running_browser_is_connected(browser)) {
        TRY(peer_take(&browser->peer, &message));
        TRY(take_message(browser, message));
    }
    return STATUS_OK;
}

static enum status read_messages(struct running_browser *browser, int folder)
{
    enum status status = take_messages(browser);

    switch (status) {
    case STATUS_OK:
    case STATUS_NEED_MORE:
        return STATUS_OK;
    case STATUS_NO_MEMORY:
        return status;
    default:
        return lost(browser, folder);
    }
}

enum status running_browser_serve(struct running_browser *browser, int folder, short events)
{
    if ((events & POLLOUT) != 0 && peer_flush(&browser->peer) != STATUS_OK) {
        return lost(browser, folder);
    }
    return (events & (POLLIN | POLLHUP | POLLERR)) != 0 ? read_messages(browser, folder)
                                                        : STATUS_OK;
}

enum status running_browser_name(const struct running_browser *browser, struct bytes *ret_name)
{
    struct view known = request_string(browser->greeting, "browser");
    BUFFER_AUTO name = {0};

    if (known.data != NULL) {
        buffer_add(&name, known);
        buffer_print(&name, " (host process %ld)", (long)browser->pid);
    } else {
        buffer_print(&name, "a browser (host process %ld)", (long)browser->pid);
    }
    TRY(buffer_status(&name));
    return bytes_copy(view_of_buffer(&name), ret_name);
}
