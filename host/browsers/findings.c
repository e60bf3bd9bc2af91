/* SPDX-License-Identifier: MIT */
#include "browsers/findings.h"

#include "base/file.h"
#include "base/request.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *const level_names[] = {
    [FINDING_OK] = "ok",
    [FINDING_WARNING] = "warning",
    [FINDING_PROBLEM] = "problem",
};

struct findings findings_init(void)
{
    return (struct findings){.list = json_object_new_array()};
}

void findings_free(struct findings *findings)
{
    json_put(&findings->list);
}

static void add(struct json_object *list, const char *level, const char *subject, const char *text,
                struct view fix)
{
    JSON_AUTO(finding) = json_object_new_object();

    json_set_string(finding, "level", view_of_text(level));
    json_set_string(finding, "subject", view_of_text(subject));
    json_set_string(finding, "text", view_of_text(text));
    json_set_string(finding, "fix", fix);
    json_push(list, &finding);
}

void findings_add(struct findings *findings, enum finding_level level, const char *subject,
                  const char *fix, const char *format, ...)
{
    char text[8192];
    va_list values;

    va_start(values, format);
    (void)vsnprintf(text, sizeof text, format, values);
    va_end(values);
    findings->problems += level == FINDING_PROBLEM;
    struct view advice = fix != NULL ? view_of_text(fix) : (struct view){NULL, 0};
    add(findings->list, level_names[level], subject, text, advice);
}

/* Writes text behind what is there, as far as there is room. */
static void append(char fix[FIX_SIZE], const char *text, size_t size)
{
    size_t used = strlen(fix);
    size_t room = FIX_SIZE - 1 - used;

    memcpy(fix + used, text, size < room ? size : room);
    fix[used + (size < room ? size : room)] = '\0';
}

/* As a shell takes it as one word. */
static void append_quoted(char fix[FIX_SIZE], const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "@%+=:,./_-";

    if (word[0] != '\0' && strspn(word, plain) == strlen(word)) {
        append(fix, word, strlen(word));
        return;
    }
    append(fix, "'", 1);
    for (; *word != '\0'; word++) {
        append(fix, *word == '\'' ? "'\\''" : word, *word == '\'' ? 4 : 1);
    }
    append(fix, "'", 1);
}

void fix_write(char ret_fix[FIX_SIZE], const char *before, const char *path, const char *after)
{
    ret_fix[0] = '\0';
    append(ret_fix, before, strlen(before));
    append(ret_fix, " ", before[0] != '\0');
    append_quoted(ret_fix, path);
    append(ret_fix, " ", after[0] != '\0');
    append(ret_fix, after, strlen(after));
}

void log_last_line(const char *log, char ret_text[LAST_LINE_SIZE])
{
    BYTES_AUTO text = {0};
    struct failure ignored = {0};

    ret_text[0] = '\0';
    if (file_load(log, &text, &ignored) != STATUS_OK) {
        return;
    }
    size_t end = text.size;
    while (end > 0 && (text.data[end - 1] == '\n' || text.data[end - 1] == '\0')) {
        end--;
    }
    size_t start = end;
    while (start > 0 && text.data[start - 1] != '\n') {
        start--;
    }
    if (start < end) {
        (void)snprintf(ret_text, LAST_LINE_SIZE, " It says: %.*s", (int)(end - start),
                       (const char *)text.data + start);
    }
}

void findings_print(const struct findings *findings, struct buffer *output)
{
    size_t count = findings->list != NULL ? json_object_array_length(findings->list) : 0;

    for (size_t i = 0; i < count; i++) {
        struct json_object *finding = json_object_array_get_idx(findings->list, i);
        struct view level = request_string(finding, "level");
        struct view fix = request_string(finding, "fix");
        buffer_print(output, "%-8.*s ", (int)level.size, (const char *)level.data);
        buffer_add_plain(output, request_string(finding, "subject"));
        buffer_add_text(output, ": ");
        buffer_add_plain(output, request_string(finding, "text"));
        if (fix.data != NULL) {
            buffer_add_text(output, " Fix: ");
            buffer_add_plain(output, fix);
        }
        buffer_add_text(output, "\n");
    }
}

enum status findings_status(const struct findings *findings)
{
    return json_status(findings->list);
}
