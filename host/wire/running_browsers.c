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

static bool is_listed(const struct running_browsers *list, pid_t pid)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->browsers[i].pid == pid) {
            return true;
        }
    }
    return false;
}

static bool is_among(pid_t pid, const pid_t *pids, size_t count)
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

/* Adds the sockets that are there. */
static enum status find_browsers(struct running_browsers *list, int folder, const pid_t *without,
                                 size_t without_count)
{
    /* Opened again, because a copy of the descriptor would share its place in the folder. */
    FD_AUTO again = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    __attribute__((cleanup(close_entries))) DIR *entries = again >= 0 ? fdopendir(again) : NULL;
    const struct dirent *entry = NULL;

    if (entries == NULL) {
        return STATUS_NO_MEMORY;
    }
    (void)fd_take(&again); /* closedir closes it */
    while ((entry = readdir(entries)) != NULL) {
        pid_t pid = control_socket_pid(entry->d_name);
        if (pid > 0 && !is_listed(list, pid) && !is_among(pid, without, without_count)) {
            TRY(add_browser(list, pid));
        }
    }
    return STATUS_OK;
}

enum status running_browsers_ask(struct running_browsers *list, int folder,
                                 struct json_object *request, const pid_t *without,
                                 size_t without_count)
{
    size_t first = list->count;

    TRY(find_browsers(list, folder, without, without_count));
    for (size_t i = first; i < list->count; i++) {
        TRY(running_browser_connect(&list->browsers[i], folder, request));
    }
    return STATUS_OK;
}

bool running_browsers_are_asked(const struct running_browsers *list)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->browsers[i].state == RUNNING_BROWSER_ASKED) {
            return true;
        }
    }
    return false;
}

enum status running_browsers_wait(struct running_browsers *list, int folder,
                                  struct json_object *request, int wait_ms)
{
    FREE_AUTO struct pollfd *polled = memory_new(list->count + 1, sizeof *polled);

    if (polled == NULL) {
        return STATUS_NO_MEMORY;
    }
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

enum status running_browsers_ask_all(const char *state_folder, struct json_object *request,
                                     long timeout_ms, struct running_browsers *ret_list,
                                     struct failure *failure)
{
    int64_t end = clock_now_ms() + timeout_ms;
    RUNNING_BROWSERS_AUTO list = {0};
    FD_AUTO folder = -1;

    enum status status = control_folder_open(state_folder, &folder, failure);
    if (status == STATUS_ABSENT) {
        return STATUS_OK; /* *ret_list stays empty */
    }
    TRY(status);
    TRY(failure_explain(failure, running_browsers_ask(&list, folder, request, NULL, 0)));
    for (int64_t left = timeout_ms; left > 0 && running_browsers_are_asked(&list);
         left = end - clock_now_ms()) {
        TRY(failure_explain(failure, running_browsers_wait(&list, folder, request, (int)left)));
    }
    MOVE(*ret_list, list);
    return STATUS_OK;
}
