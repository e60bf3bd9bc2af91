/* SPDX-License-Identifier: MIT */
#include "cli/print.h"

#include <stdarg.h>

enum status print_json(struct buffer *output, struct json_object *value)
{
    struct view text;

    TRY(json_text_of(value, &text));
    buffer_add_plain(output, text);
    buffer_add_text(output, "\n");
    return buffer_status(output);
}

void print_line(struct buffer *output, const struct buffer *line)
{
    output->failed = output->failed || line->failed;
    buffer_add_plain(output, view_of_buffer(line));
    buffer_add_text(output, "\n");
}

void print_note(struct buffer *output, const char *format, ...)
{
    BUFFER_AUTO line = {0};
    va_list values;

    va_start(values, format);
    buffer_print_values(&line, format, values);
    va_end(values);
    print_line(output, &line);
}

void print_value(struct buffer *output, struct view value, bool for_terminal)
{
    if (!for_terminal) {
        buffer_add(output, value);
        return;
    }
    buffer_add_plain_lines(output, value);
    buffer_add_text(output, "\n");
}
