/* SPDX-License-Identifier: MIT */
#include "wire/running_browsers.h"

#include "base/clock.h"
#include "base/file.h"
#include "wire/control_socket.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>

/* How often a host that has too many connections waiting is tried again. */
enum { RETRY_MS = 20 };

void running_browsers_free(struct running_browsers *list)
{
    for (size_t i = 0; i < list->count; i++) {
        running_browser_free(&list->browsers[i]);
    }
    free(list->browsers);
    *list = (struct running_browsers){0};
}

static enum status add_browser(struct running_browsers *list, pid_t pid)
{
    struct running_browser *browsers =
        reallocarray(list->browsers, list->count + 1, sizeof *list->browsers);

    if (browsers == NULL) {
        return STATUS_NO_MEMORY;
    }
    list->browsers = browsers;
    list->browsers[list->count++] = running_browser_init(pid);
    return STATUS_OK;
}

static bool is_listed(pid_t pid, const pid_t *pids, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (pids[i] == pid) {
            return true;
        }
    }
    return false;
}

static void close_entries(DIR **entries)
{
    if (*entries != NULL) {
        (void)closedir(*entries);
    }
}

/* Lists the sockets that are there. */
static enum status find_browsers(int folder, const pid_t *without, size_t without_count,
                                 struct running_browsers *list)
{
    FD_AUTO copy = fcntl(folder, F_DUPFD_CLOEXEC, 0);
    __attribute__((cleanup(close_entries))) DIR *entries = copy >= 0 ? fdopendir(copy) : NULL;
    const struct dirent *entry = NULL;

    if (entries == NULL) {
        return STATUS_NO_MEMORY;
    }
    (void)fd_take(&copy); /* closedir closes it */
    while ((entry = readdir(entries)) != NULL) {
        pid_t pid = control_socket_pid(entry->d_name);
        if (pid > 0 && !is_listed(pid, without, without_count)) {
            TRY(add_browser(list, pid));
        }
    }
    return STATUS_OK;
}

/* One round of waiting, at most until `wait_ms` have passed. */
static enum status wait_for(struct running_browsers *list, struct pollfd *polled, int folder,
                            struct json_object *request, int wait_ms)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct running_browser *browser = &list->browsers[i];
        polled[i] =
            (struct pollfd){.fd = browser->peer.reader.fd, .events = peer_events(&browser->peer)};
        if (browser->state == RUNNING_BROWSER_ASKED && !running_browser_is_connected(browser) &&
            wait_ms > RETRY_MS) {
            wait_ms = RETRY_MS;
        }
    }
    if (poll(polled, list->count, wait_ms) < 0) {
        return errno == EINTR ? STATUS_OK : STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < list->count; i++) {
        struct running_browser *browser = &list->browsers[i];
        if (running_browser_is_connected(browser)) {
            TRY(running_browser_serve(browser, folder, polled[i].revents));
        } else if (browser->state == RUNNING_BROWSER_ASKED) {
            TRY(running_browser_connect(browser, folder, request));
        }
    }
    return STATUS_OK;
}

static bool any_asked(const struct running_browsers *list)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->browsers[i].state == RUNNING_BROWSER_ASKED) {
            return true;
        }
    }
    return false;
}

static enum status ask_all(struct running_browsers *list, int folder, struct json_object *request,
                           long timeout_ms)
{
    FREE_AUTO struct pollfd *polled = memory_new(list->count + 1, sizeof *polled);
    int64_t end = clock_now_ms() + timeout_ms;

    if (polled == NULL) {
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < list->count; i++) {
        TRY(running_browser_connect(&list->browsers[i], folder, request));
    }
    for (int64_t left = timeout_ms; left > 0 && any_asked(list); left = end - clock_now_ms()) {
        TRY(wait_for(list, polled, folder, request, (int)left));
    }
    return STATUS_OK;
}

enum status running_browsers_ask(const char *state_folder, struct json_object *request,
                                 long timeout_ms, const pid_t *without, size_t without_count,
                                 struct running_browsers *ret_list, struct failure *failure)
{
    RUNNING_BROWSERS_AUTO list = {0};
    FD_AUTO folder = -1;

    enum status status = control_folder_open(state_folder, &folder, failure);
    if (status == STATUS_ABSENT) {
        return STATUS_OK; /* *ret_list stays empty */
    }
    TRY(status);
    TRY(failure_explain(failure, find_browsers(folder, without, without_count, &list)));
    TRY(failure_explain(failure, ask_all(&list, folder, request, timeout_ms)));
    MOVE(*ret_list, list);
    return STATUS_OK;
}
