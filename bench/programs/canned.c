/* SPDX-License-Identifier: MIT */
/* canned FILE: answers each request of the extension with the result that FILE has for its
 * operation, in a line "OPERATION RESULT", and does nothing else. With it, a page's call takes the
 * whole round trip but no time in the host. The requests are ours, so they are not parsed. */
#include "frames.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ANSWERS_MAX = 32 };

struct answer {
    char *operation;
    char *result;
};

static struct answer answers[ANSWERS_MAX];

static void read_answers(const char *path)
{
    FILE *file = fopen(path, "re");
    char *line = NULL;
    size_t room = 0;

    if (file == NULL) {
        give_up(path);
    }
    for (int i = 0; i < ANSWERS_MAX && getline(&line, &room, file) > 0; i++) {
        char *space = strchr(line, ' ');
        char *end = strchr(line, '\n');
        if (space == NULL || end == NULL) {
            errno = EBADMSG;
            give_up(path);
        }
        *space = *end = '\0';
        answers[i] = (struct answer){line, space + 1};
        line = NULL;
        room = 0;
    }
    (void)fclose(file);
}

static const char *result_of(const char *operation, size_t size)
{
    for (int i = 0; i < ANSWERS_MAX && answers[i].operation != NULL; i++) {
        if (strlen(answers[i].operation) == size &&
            memcmp(answers[i].operation, operation, size) == 0) {
            return answers[i].result;
        }
    }
    errno = ENOENT;
    give_up("unknown operation");
}

/* The text between a mark near the start of a message and the next end character. */
static const char *behind(const struct frame *frame, const char *mark, char end, size_t *ret_size)
{
    const char *text = (const char *)frame->bytes + FRAME_HEADER;
    size_t size = frame->size - FRAME_HEADER;
    const char *found = memmem(text, size < 128 ? size : 128, mark, strlen(mark));

    if (found != NULL) {
        found += strlen(mark);
        const char *last = memchr(found, end, (size_t)(text + size - found));
        if (last != NULL) {
            *ret_size = (size_t)(last - found);
            return found;
        }
    }
    errno = EBADMSG;
    give_up("not a request");
}

int main(int count, char **arguments)
{
    struct frame request = {0};
    struct frame reply = {0};
    static char text[1024 * 1024];

    if (count < 2) {
        fprintf(stderr, "usage: canned FILE\n");
        return 2;
    }
    read_answers(arguments[1]);
    while (frame_read(STDIN_FILENO, &request)) {
        size_t id_size = 0;
        size_t operation_size = 0;
        const char *id = behind(&request, "{\"id\":", ',', &id_size);
        const char *operation = behind(&request, "\"op\":\"", '"', &operation_size);
        int size = snprintf(text, sizeof text, "{\"id\":%.*s,\"ok\":true,\"result\":%s}",
                            (int)id_size, id, result_of(operation, operation_size));
        frame_fill(&reply, text, (size_t)size);
        frame_write(STDOUT_FILENO, reply.bytes, reply.size);
    }
    return 0;
}
