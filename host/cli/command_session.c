/* SPDX-License-Identifier: MIT */
/* Commands that a program sends line by line. Each worker process runs one at a time: one that
 * waits for a browser keeps no other waiting, and one that is killed takes no other with it. */
#include "base/file.h"
#include "base/path.h"
#include "cli/command_context.h"
#include "cli/command_table.h"
#include "cli/session_worker.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    WORKERS_MAX = 32, /* further lines wait in the pipe */
    READ_SIZE = 64 * 1024,
};

/* It lives as long as the session, or until it is killed. */
struct worker {
    pid_t pid; /* 0: it has not been started */
    int socket;
    struct buffer line;   /* that it runs; size 0: it is free */
    struct buffer answer; /* as far as it has come */
};

struct lines {
    struct buffer text; /* what was read and not given to a worker yet */
    size_t searched;    /* so much of it has no line end */
    bool ended;
    bool too_long; /* it ended with a line that was */
    struct worker workers[WORKERS_MAX];
};
#define LINES_AUTO __attribute__((cleanup(lines_free))) struct lines

static void wait_for(pid_t pid, int *ret_status)
{
    *ret_status = 0;
    while (waitpid(pid, ret_status, 0) < 0 && errno == EINTR) {
    }
}

/* Lets a worker end, when it is not running a command. */
static void end_worker(struct worker *worker, int *ret_status)
{
    (void)close(worker->socket);
    wait_for(worker->pid, ret_status);
    buffer_wipe(&worker->line);
    buffer_wipe(&worker->answer);
    *worker = (struct worker){0};
}

static void lines_free(struct lines *lines)
{
    int ignored = 0;

    buffer_wipe(&lines->text);
    for (size_t i = 0; i < WORKERS_MAX; i++) {
        if (lines->workers[i].pid != 0) {
            end_worker(&lines->workers[i], &ignored);
        }
    }
}

static enum status put_line(const struct buffer *line, struct failure *failure)
{
    return write_full(STDOUT_FILENO, view_of_buffer(line))
               ? STATUS_OK
               : failure_set(failure, STATUS_IO_FAILED, "stdout cannot be written: %s.",
                             strerror(errno));
}

static bool is_busy(const struct worker *worker)
{
    return worker->line.size > 0;
}

static bool any_is_busy(const struct lines *lines)
{
    for (size_t i = 0; i < WORKERS_MAX; i++) {
        if (is_busy(&lines->workers[i])) {
            return true;
        }
    }
    return false;
}

/* The first: it is the one that has a store open. NULL: all are busy. */
static struct worker *find_free(struct lines *lines)
{
    for (size_t i = 0; i < WORKERS_MAX; i++) {
        if (!is_busy(&lines->workers[i])) {
            return &lines->workers[i];
        }
    }
    return NULL;
}

/* In a worker's process: has it end with its own socket, whoever else lives. */
static void close_others(const struct lines *lines)
{
    for (size_t i = 0; i < WORKERS_MAX; i++) {
        if (lines->workers[i].pid != 0) {
            (void)close(lines->workers[i].socket);
        }
    }
}

/* In a worker's process: a command that waits does not outlive a session that is killed, whose
 * pipes it would hold open. */
static void end_with(pid_t session)
{
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != session) {
        _exit(1);
    }
}

/* False with errno set. */
static bool start_worker(const struct lines *lines, struct worker *worker)
{
    int ends[2];

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
        return false;
    }
    pid_t session = getpid();
    pid_t pid = fork();
    if (pid == 0) {
        end_with(session);
        (void)close(ends[0]);
        close_others(lines);
        _exit(session_worker_run(ends[1]));
    }
    int code = errno;
    (void)close(ends[1]);
    if (pid < 0) {
        (void)close(ends[0]);
        errno = code;
        return false;
    }
    *worker = (struct worker){.pid = pid, .socket = ends[0]};
    return true;
}

static enum status refuse(struct view line, const char *why, struct failure *failure)
{
    BUFFER_AUTO answer = {0};

    TRY(failure_explain(failure, session_refuse(line, why, &answer)));
    return put_line(&answer, failure);
}

/* False when the other end is closed. */
static bool send_full(int socket, struct view content)
{
    while (content.size > 0) {
        ssize_t size = send(socket, content.data, content.size, MSG_NOSIGNAL);
        if (size < 0 && errno != EINTR) {
            return false;
        }
        size_t sent = size > 0 ? (size_t)size : 0;
        content = (struct view){content.data + sent, content.size - sent};
    }
    return true;
}

/* False with errno set. */
static bool send_line(const struct lines *lines, struct worker *worker, struct view line)
{
    int ignored = 0;

    if (worker->pid != 0 && send_full(worker->socket, line)) {
        return true;
    }
    if (worker->pid != 0) {
        end_worker(worker, &ignored); /* it was killed while it was free */
    }
    return start_worker(lines, worker) && send_full(worker->socket, line);
}

static enum status give_line(struct lines *lines, struct worker *worker, struct view line,
                             struct failure *failure)
{
    BUFFER_AUTO whole = {0};

    buffer_add(&whole, line);
    buffer_add_text(&whole, "\n");
    TRY(failure_explain(failure, buffer_status(&whole)));
    if (!send_line(lines, worker, view_of_buffer(&whole))) {
        return refuse(line, strerror(errno), failure);
    }
    MOVE(worker->line, whole);
    return STATUS_OK;
}

/* Where the next line begins is not known, so no further one is run. */
static enum status refuse_too_long(struct lines *lines, struct failure *failure)
{
    char why[96] = "";

    (void)snprintf(why, sizeof why, "a line is longer than %zu bytes; no further line is run",
                   SESSION_LINE_SIZE_MAX);
    buffer_wipe(&lines->text);
    lines->ended = true;
    lines->too_long = true;
    return refuse((struct view){NULL, 0}, why, failure);
}

static enum status give_lines(struct lines *lines, struct failure *failure)
{
    struct worker *worker = NULL;
    struct view line;

    while ((worker = find_free(lines)) != NULL) {
        if (session_line(&lines->text, &lines->searched, &line) != STATUS_OK) {
            return lines->text.size <= SESSION_LINE_SIZE_MAX ? STATUS_OK
                                                             : refuse_too_long(lines, failure);
        }
        size_t size = line.size + 1;
        TRY(give_line(lines, worker, line, failure));
        buffer_drop(&lines->text, size);
    }
    return STATUS_OK;
}

/* Reads once. False at the end. */
static bool read_some(int fd, struct buffer *text)
{
    uint8_t bytes[READ_SIZE];
    ssize_t size = read(fd, bytes, sizeof bytes);

    if (size > 0) {
        buffer_add(text, (struct view){bytes, (size_t)size});
    }
    return size > 0 || (size < 0 && errno == EINTR);
}

/* A worker has ended; it was killed, unless it had no memory. */
static enum status lose(struct worker *worker, struct failure *failure)
{
    char why[64] = "";
    BUFFER_AUTO line = {0};
    int ended = 0;

    MOVE(line, worker->line);
    end_worker(worker, &ended);
    if (line.size == 0) {
        return STATUS_OK;
    }
    (void)snprintf(why, sizeof why, "the command was ended by %s %d",
                   WIFSIGNALED(ended) ? "signal" : "status",
                   WIFSIGNALED(ended) ? WTERMSIG(ended) : WEXITSTATUS(ended));
    return refuse((struct view){line.data, line.size - 1}, why, failure);
}

/* Takes what has come from a worker; its whole answer is one line. */
static enum status take_answer(struct worker *worker, struct failure *failure)
{
    if (!read_some(worker->socket, &worker->answer)) {
        return lose(worker, failure);
    }
    TRY(failure_explain(failure, buffer_status(&worker->answer)));
    if (worker->answer.size == 0 || worker->answer.data[worker->answer.size - 1] != '\n') {
        return STATUS_OK;
    }
    TRY(put_line(&worker->answer, failure));
    buffer_wipe(&worker->answer);
    buffer_wipe(&worker->line);
    return STATUS_OK;
}

static enum status take_input(struct lines *lines, struct failure *failure)
{
    lines->ended = !read_some(STDIN_FILENO, &lines->text);
    if (lines->ended && lines->text.size > 0) {
        buffer_add_text(&lines->text, "\n"); /* the last line may lack it */
    }
    return failure_explain(failure, buffer_status(&lines->text));
}

/* The program that sent the lines is gone: its commands would wait for nobody. */
static enum status give_up(const struct lines *lines, struct failure *failure)
{
    for (size_t i = 0; i < WORKERS_MAX; i++) {
        if (is_busy(&lines->workers[i])) {
            (void)kill(lines->workers[i].pid, SIGKILL);
        }
    }
    return failure_set(failure, STATUS_IO_FAILED, "Nobody reads the answers any more.");
}

/* Waits until something has come, and takes it. */
static enum status serve_once(struct lines *lines, struct failure *failure)
{
    struct pollfd polled[WORKERS_MAX + 2];
    struct pollfd *input = &polled[WORKERS_MAX];
    struct pollfd *output = &polled[WORKERS_MAX + 1];
    bool reads = !lines->ended && find_free(lines) != NULL;

    for (size_t i = 0; i < WORKERS_MAX; i++) {
        const struct worker *worker = &lines->workers[i];
        polled[i] = (struct pollfd){.fd = worker->pid != 0 ? worker->socket : -1, .events = POLLIN};
    }
    *input = (struct pollfd){.fd = reads ? STDIN_FILENO : -1, .events = POLLIN};
    *output = (struct pollfd){.fd = STDOUT_FILENO}; /* tells when its other end is closed */
    if (poll(polled, WORKERS_MAX + 2, -1) < 0) {
        return errno == EINTR ? STATUS_OK
                              : failure_set(failure, STATUS_IO_FAILED, "poll: %s", strerror(errno));
    }
    if (output->revents != 0) {
        return give_up(lines, failure);
    }
    for (size_t i = 0; i < WORKERS_MAX; i++) {
        if (polled[i].revents != 0) {
            TRY(take_answer(&lines->workers[i], failure));
        }
    }
    if (input->revents != 0) {
        TRY(take_input(lines, failure));
    }
    return give_lines(lines, failure);
}

/* The state folder of all commands that name none: workers have this process's environment. */
static enum status set_state(const struct command_context *context, struct failure *failure)
{
    const char *given = context->arguments->values[OPTION_STATE];
    char here[PATH_MAX] = "";
    BYTES_AUTO path = {0};

    if (given == NULL) {
        return STATUS_OK;
    }
    if (given[0] != '/' && getcwd(here, sizeof here) == NULL) {
        return failure_set(failure, STATUS_IO_FAILED, "The working directory is gone: %s.",
                           strerror(errno));
    }
    TRY(path_join(here, given, &path, failure));
    const char *whole = given[0] == '/' ? given : (const char *)path.data;
    return setenv("POWERUP_SECRETS_DIR", whole, 1) == 0 ? STATUS_OK : failure_no_memory(failure);
}

static enum status run_session(struct command_context *context, struct failure *failure)
{
    LINES_AUTO lines = {0};

    if (session_worker_is_here()) {
        return failure_set(failure, STATUS_BAD_REQUEST, "A session is running already.");
    }
    if (arguments_have(context->arguments, OPTION_JSON)) {
        return failure_set(failure, STATUS_BAD_REQUEST,
                           "--json is not for the session, only for its commands.");
    }
    TRY(set_state(context, failure));
    while (!lines.ended || any_is_busy(&lines) || lines.text.size > 0) {
        TRY(serve_once(&lines, failure));
    }
    return lines.too_long ? failure_set(failure, STATUS_IO_FAILED,
                                        "The session has ended: a line was longer than %zu bytes.",
                                        SESSION_LINE_SIZE_MAX)
                          : STATUS_OK;
}

const struct command command_session = {
    .name = "session",
    .help = "run commands that a program sends line by line",
    .more = "Each line of standard input is a JSON object: {\"id\": 1, \"arguments\": [\"items\", "
            "\"--json\"], \"input\": what the command reads from standard input (optional)}. The "
            "id is an integer from 1 to 2^53 - 1. When "
            "the command has ended, a line is printed: {\"id\": 1, \"status\": its exit status, "
            "\"stdout\": ..., \"stderr\": ...}; the id is null where the line has none that could "
            "be read. Up to 32 commands run side by side, so answers come in the "
            "order in which commands end. The session ends when standard input has ended and all "
            "commands have, or at once, with its commands, when nobody reads standard output any "
            "more.",
    .options = NO_OPTIONS,
    .kind = COMMAND_PLAIN,
    .run = run_session,
};
