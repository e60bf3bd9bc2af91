/* SPDX-License-Identifier: MIT */
/* drive: talks to a native host over pipes, as a browser does, and prints time and memory, one
 * sample per line, in nanoseconds and KiB. The requests are frames in files; each is answered by
 * one frame.
 *
 *   drive start COUNT REQUEST -- HOST [ARGUMENT]...
 *     from fork to the answer of the first request, from the end of the input to the exit, peak RSS
 *   drive call COUNT SETUP REQUESTS -- HOST [ARGUMENT]...
 *     the round trip of each request: first those of SETUP once, without printing, then
 *     those of REQUESTS one after another, repeatedly
 *   drive memory COUNT SETUP REQUESTS -- HOST [ARGUMENT]...
 *     the same; prints RSS after SETUP, after each tenth of COUNT, and the peak
 *
 * DRIVE_CORES=1 pins both processes to one core, DRIVE_CORES=2 each to its own. Unpinned, one
 * subject may run on one core and the next on two, and waking an idle core takes longer than most
 * answers.
 */
#include "frames.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct host {
    pid_t pid;
    int input; /* the standard input of the host */
    int output;
};

/* The frames of a file, one after another. */
struct requests {
    uint8_t *bytes;
    size_t size;
};

static int64_t now(void)
{
    struct timespec time;

    if (clock_gettime(CLOCK_MONOTONIC, &time) != 0) {
        give_up("clock_gettime");
    }
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static struct requests requests_of(const char *path)
{
    struct stat info;
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0 || fstat(fd, &info) != 0) {
        give_up(path);
    }
    struct requests requests = {malloc((size_t)info.st_size + 1), (size_t)info.st_size};
    if (requests.bytes == NULL ||
        read(fd, requests.bytes, requests.size) != (ssize_t)requests.size) {
        give_up(path);
    }
    (void)close(fd);
    return requests;
}

/* The size of the frame at an offset. */
static size_t frame_at(const struct requests *requests, size_t at)
{
    uint32_t length = 0;

    if (requests->size - at < sizeof length) {
        errno = EBADMSG;
        give_up("incomplete frame");
    }
    memcpy(&length, requests->bytes + at, sizeof length);
    if (requests->size - at - sizeof length < length) {
        errno = EBADMSG;
        give_up("incomplete frame");
    }
    return sizeof length + length;
}

/* Pins this process to a core if requested: number 0 is the first core that it may use. */
static void hold_on_core(int number)
{
    const char *cores = getenv("DRIVE_CORES");
    cpu_set_t allowed;
    cpu_set_t one;

    if (cores == NULL || *cores == '\0') {
        return;
    }
    if (strcmp(cores, "2") != 0) {
        number = 0;
    }
    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) {
        give_up("sched_getaffinity");
    }
    int core = -1;
    do {
        core++;
        number -= CPU_ISSET(core, &allowed) ? 1 : 0;
    } while (number >= 0 && core < CPU_SETSIZE - 1);
    CPU_ZERO(&one);
    CPU_SET(core, &one);
    if (sched_setaffinity(0, sizeof one, &one) != 0) {
        give_up("sched_setaffinity");
    }
}

static struct host host_start(char **command)
{
    int input[2];
    int output[2];

    if (pipe2(input, O_CLOEXEC) != 0 || pipe2(output, O_CLOEXEC) != 0) {
        give_up("pipe2");
    }
    pid_t pid = vfork();
    if (pid == 0) {
        hold_on_core(1);
        (void)dup2(input[0], STDIN_FILENO);
        (void)dup2(output[1], STDOUT_FILENO);
        (void)execv(command[0], command);
        _exit(127);
    }
    if (pid < 0) {
        give_up("vfork");
    }
    (void)close(input[0]);
    (void)close(output[1]);
    hold_on_core(0);
    return (struct host){pid, input[1], output[0]};
}

/* Its peak RSS in KiB. */
static long host_end(const struct host *host)
{
    struct rusage usage;
    int status = 0;

    (void)close(host->input);
    if (wait4(host->pid, &status, 0, &usage) != host->pid || !WIFEXITED(status) ||
        WEXITSTATUS(status) != 0) {
        errno = ECHILD;
        give_up("the host failed");
    }
    (void)close(host->output);
    return usage.ru_maxrss;
}

static bool has(const struct frame *reply, const char *text)
{
    size_t looked_at = reply->size < 64 ? reply->size : 64;

    return memmem(reply->bytes, looked_at, text, strlen(text)) != NULL;
}

/* The answer may come in parts (docs/protocol.md). */
static void ask(const struct host *host, const struct requests *requests, size_t at,
                struct frame *reply)
{
    frame_write(host->input, requests->bytes + at, frame_at(requests, at));
    do {
        if (!frame_read(host->output, reply)) {
            errno = EPIPE;
            give_up("the host ended");
        }
    } while (has(reply, "\"last\":false"));
    if (has(reply, "\"ok\":false")) {
        fprintf(stderr, "%.*s\n", (int)(reply->size - FRAME_HEADER), reply->bytes + FRAME_HEADER);
        errno = EPROTO;
        give_up("the host refused a request");
    }
}

static void drive_start(long count, const struct requests *requests, char **command)
{
    struct frame reply = {0};

    for (long i = 0; i < count; i++) {
        int64_t start = now();
        struct host host = host_start(command);
        ask(&host, requests, 0, &reply);
        int64_t answered = now();
        /* The host still has deferred work for a moment. */
        struct timespec pause = {0, 2000000};
        (void)nanosleep(&pause, NULL);
        int64_t end = now();
        long peak = host_end(&host);
        printf("%" PRId64 " %" PRId64 " %ld\n", answered - start, now() - end, peak);
    }
}

/* The current RSS in KiB. */
static long rss_of(pid_t pid)
{
    char path[64];
    char line[128];
    long size = -1;

    (void)snprintf(path, sizeof path, "/proc/%ld/status", (long)pid);
    FILE *status = fopen(path, "re");
    if (status == NULL) {
        give_up(path);
    }
    while (size < 0 && fgets(line, sizeof line, status) != NULL) {
        if (sscanf(line, "VmRSS: %ld", &size) != 1) {
            size = -1;
        }
    }
    (void)fclose(status);
    return size;
}

static void drive_calls(long count, const struct requests *setup, const struct requests *requests,
                        char **command, bool memory)
{
    struct frame reply = {0};
    struct host host = host_start(command);
    size_t at = 0;

    for (size_t i = 0; i < setup->size; i += frame_at(setup, i)) {
        ask(&host, setup, i, &reply);
    }
    if (memory) {
        printf("%ld\n", rss_of(host.pid));
    }
    for (long i = 1; i <= count; i++) {
        int64_t start = now();
        ask(&host, requests, at, &reply);
        int64_t end = now();
        at = (at + frame_at(requests, at)) % requests->size;
        if (!memory) {
            printf("%" PRId64 "\n", end - start);
        } else if (i % (count / 10) == 0) {
            printf("%ld\n", rss_of(host.pid));
        }
    }
    long peak = host_end(&host);
    if (memory) {
        printf("%ld\n", peak);
    }
}

int main(int count, char **arguments)
{
    int files = count > 3 && strcmp(arguments[1], "start") == 0 ? 1 : 2;
    int separator = 3 + files;

    if (count < separator + 2 || strcmp(arguments[separator], "--") != 0) {
        fprintf(stderr, "usage: drive start COUNT REQUEST -- HOST...\n"
                        "       drive call|memory COUNT SETUP REQUESTS -- HOST...\n");
        return 2;
    }
    long times = strtol(arguments[2], NULL, 10);
    struct requests first = requests_of(arguments[3]);
    if (files == 1) {
        drive_start(times, &first, arguments + separator + 1);
        return 0;
    }
    struct requests second = requests_of(arguments[4]);
    drive_calls(times, &first, &second, arguments + separator + 1,
                strcmp(arguments[1], "memory") == 0);
    return 0;
}
