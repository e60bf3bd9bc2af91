/* SPDX-License-Identifier: MIT */
#include "browsers/host_trial.h"

#include "base/clock.h"
#include "base/identity.h"
#include "base/json_text.h"
#include "base/path.h"
#include "base/request.h"
#include "system/child_process.h"
#include "wire/frame.h"
#include "wire/protocol.h"

#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* How long it may take to answer; how long Chromium lets it run after the end of its input. */
enum { ANSWER_MS = 10 * 1000, END_MS = 2000 };

/* How much of what a host prints is shown; the length before a message. */
enum { SHOWN = 60, HEADER = 4 };

/* In its temporary folder. */
#define LOG_NAME "log"

#define PROBLEM(trial, findings, ...)                                                              \
    findings_add((findings), FINDING_PROBLEM, (trial)->subject, (trial)->fix, __VA_ARGS__)

/* The output is not a frame. Browsers read its first bytes as a length. */
static void report_text(const struct host_trial *trial, struct view text, struct findings *findings)
{
    uint32_t length = 0;
    int size = (int)(text.size < SHOWN ? text.size : SHOWN);

    if (text.size >= HEADER) {
        memcpy(&length, text.data, sizeof length);
        PROBLEM(trial, findings,
                "%s prints \"%.*s\" on standard output, where only messages are allowed: "
                "browsers read its first four bytes as a length of %lu.",
                trial->host, size, (const char *)text.data, (unsigned long)length);
        return;
    }
    PROBLEM(trial, findings,
            "%s prints \"%.*s\" on standard output, where only messages are allowed.", trial->host,
            size, (const char *)text.data);
}

static void report_end(const struct host_trial *trial, struct child_process *host,
                       struct findings *findings)
{
    BYTES_AUTO log = {0};
    char words[LAST_LINE_SIZE] = "";
    struct failure ignored = {0};
    int wait_status = 0;

    bool ended = child_process_wait(host, END_MS, &wait_status);
    if (path_join(trial->folder, LOG_NAME, &log, &ignored) == STATUS_OK) {
        log_last_line((char *)log.data, words);
    }
    if (!ended) {
        PROBLEM(trial, findings, "%s closes its output without an answer.%s", trial->host, words);
    } else if (WIFSIGNALED(wait_status)) {
        PROBLEM(trial, findings, "%s is killed at once by signal %d.%s", trial->host,
                WTERMSIG(wait_status), words);
    } else {
        PROBLEM(trial, findings, "%s exits at once, with status %d.%s", trial->host,
                WEXITSTATUS(wait_status), words);
    }
}

/* Checks what it answered to hello. */
static enum status check_answer(const struct host_trial *trial, struct view message,
                                struct findings *findings)
{
    struct failure ignored = {0};
    JSON_AUTO(reply) = NULL;

    enum status status = json_text_parse(message, &reply, &ignored);
    if (status == STATUS_NO_MEMORY) {
        return status;
    }
    if (status != STATUS_OK || !json_object_is_type(reply, json_type_object)) {
        PROBLEM(trial, findings, "%s answers hello with a message that is not a JSON object.",
                trial->host);
        return STATUS_ABSENT;
    }
    if (!json_object_get_boolean(json_object_object_get(reply, "ok"))) {
        struct view why = request_string(json_object_object_get(reply, "error"), "message");
        PROBLEM(trial, findings, "%s refuses hello: %.*s", trial->host, (int)why.size,
                why.data != NULL ? (const char *)why.data : "");
        return STATUS_ABSENT;
    }
    struct view version = request_string(json_object_object_get(reply, "result"), "host");
    if (!view_equal(version, view_of_text(POWERUP_SECRETS_VERSION))) {
        PROBLEM(trial, findings, "%s has version %.*s, but this command line has version %s.",
                trial->host, (int)version.size,
                version.data != NULL ? (const char *)version.data : "", POWERUP_SECRETS_VERSION);
        return STATUS_ABSENT;
    }
    return STATUS_OK;
}

/* A message as soon as there is one. STATUS_NEED_MORE: not yet. */
static enum status read_some(int fd, int timeout_ms, struct frame_reader *reader,
                             struct view *ret_message)
{
    struct pollfd polled = {.fd = fd, .events = POLLIN};

    if (poll(&polled, 1, timeout_ms) <= 0) {
        return STATUS_NEED_MORE;
    }
    TRY(frame_reader_fill(reader));
    return frame_reader_take(reader, ret_message);
}

/* Waits for the answer. STATUS_ABSENT: none, or a bad one. */
static enum status read_answer(const struct host_trial *trial, struct child_process *host,
                               struct frame_reader *reader, struct findings *findings)
{
    int64_t end = clock_now_ms() + ANSWER_MS;
    struct view message;
    enum status status = STATUS_NEED_MORE;

    reader->message_max = FRAME_REPLY_MAX;
    while (status == STATUS_NEED_MORE) {
        int64_t left = end - clock_now_ms();
        if (left <= 0) {
            PROBLEM(trial, findings, "%s does not answer hello within %d seconds.", trial->host,
                    ANSWER_MS / 1000);
            return STATUS_ABSENT;
        }
        status = read_some(host->streams[STDOUT_FILENO], (int)left, reader, &message);
    }
    struct view rest = {reader->data + reader->start, reader->end - reader->start};
    switch (status) {
    case STATUS_OK:
        return check_answer(trial, message, findings);
    case STATUS_NO_MEMORY:
        return status;
    case STATUS_FRAME_TOO_LARGE:
    case STATUS_FRAME_TRUNCATED:
        report_text(trial, rest, findings);
        return STATUS_ABSENT;
    default:
        report_end(trial, host, findings);
        return STATUS_ABSENT;
    }
}

static enum status say_hello(int fd)
{
    static const char format[] =
        "{\"id\":1,\"op\":\"hello\",\"protocol\":%d,\"extension\":\"%s\",\"browser\":\"doctor\"}";
    char text[256];

    int size = snprintf(text, sizeof text, format, PROTOCOL_VERSION, POWERUP_SECRETS_VERSION);
    return frame_write(fd, (struct view){(const uint8_t *)text, (size_t)size});
}

static enum status talk(const struct host_trial *trial, struct child_process *host,
                        struct findings *findings)
{
    FRAME_READER_AUTO reader = frame_reader_init(host->streams[STDOUT_FILENO]);
    int wait_status = 0;

    /* Other failures show again when its answer is read. */
    enum status sent = say_hello(host->streams[STDIN_FILENO]);
    TRY(sent == STATUS_NO_MEMORY ? sent : STATUS_OK);
    TRY(read_answer(trial, host, &reader, findings));
    child_process_close(host, STDIN_FILENO);
    if (!child_process_wait(host, END_MS, &wait_status)) {
        PROBLEM(
            trial, findings,
            "%s keeps running after its browser has closed its input; Chromium kills it after %d "
            "seconds.",
            trial->host, END_MS / 1000);
        return STATUS_ABSENT;
    }
    findings_add(findings, FINDING_OK, trial->subject, NULL,
                 "%s starts as %s starts it, and answers: version %s.", trial->host,
                 trial->family == FAMILY_CHROMIUM ? "Chromium" : "Firefox",
                 POWERUP_SECRETS_VERSION);
    return STATUS_OK;
}

/* The folder of the program is where browsers start it. */
static enum status start(const struct host_trial *trial, const char *log, const char *variable,
                         struct child_process *ret_host, struct failure *failure)
{
    const char *const chromium[] = {trial->host,
                                    "chrome-extension://" POWERUP_SECRETS_CHROMIUM_ID "/", NULL};
    const char *const firefox[] = {trial->host, trial->manifest, POWERUP_SECRETS_FIREFOX_ID, NULL};
    const char *const variables[] = {variable, NULL};
    BYTES_AUTO folder = {0};
    size_t size = (size_t)(strrchr(trial->host, '/') - trial->host);

    TRY(failure_explain(failure, bytes_alloc(size + 2, &folder)));
    memcpy(folder.data, trial->host, size > 0 ? size : 1);
    return child_process_start(
        &(struct child_request){
            .program = trial->host,
            .arguments = trial->family == FAMILY_CHROMIUM ? chromium : firefox,
            .variables = variables,
            .folder = (char *)folder.data,
            .log = log,
            .piped = {[STDIN_FILENO] = true, [STDOUT_FILENO] = true},
            .own_group = true,
        },
        ret_host, failure);
}

/* Starts it with a state folder of its own. */
static enum status start_in_folder(const struct host_trial *trial, struct child_process *ret_host,
                                   struct failure *failure)
{
    BYTES_AUTO log = {0};
    BYTES_AUTO state = {0};
    char variable[PATH_MAX + 64];

    TRY(path_join(trial->folder, LOG_NAME, &log, failure));
    TRY(path_join(trial->folder, "state", &state, failure));
    (void)snprintf(variable, sizeof variable, "POWERUP_SECRETS_DIR=%s", (char *)state.data);
    (void)remove((char *)log.data); /* that of the last one; none is fine */
    return start(trial, (char *)log.data, variable, ret_host, failure);
}

enum status host_trial_run(const struct host_trial *trial, struct findings *findings)
{
    struct child_process host = child_process_init();
    struct failure failure = {0};

    enum status status = start_in_folder(trial, &host, &failure);
    if (status == STATUS_IO_FAILED) {
        PROBLEM(trial, findings, "%s cannot be started: %s.", trial->host, failure.message);
        return STATUS_ABSENT;
    }
    TRY(status);
    /* A host that has ended makes a write fail; it sends no signal. */
    void (*handler)(int) = signal(SIGPIPE, SIG_IGN);
    status = talk(trial, &host, findings);
    child_process_end(&host, 0);
    (void)signal(SIGPIPE, handler);
    return status;
}
