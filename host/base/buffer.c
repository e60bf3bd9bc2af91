/* SPDX-License-Identifier: MIT */
#include "base/buffer.h"

#include "base/hidden.h"
#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

enum { CAPACITY_MIN = 256 };

void buffer_wipe(struct buffer *buffer)
{
    struct bytes whole = {buffer->data, buffer->capacity};

    bytes_wipe(&whole);
    *buffer = (struct buffer){0};
}

struct view view_of_buffer(const struct buffer *buffer)
{
    return (struct view){buffer->data, buffer->size};
}

/* Room for so many bytes more. The old place is wiped, which realloc would not do. */
static bool make_room(struct buffer *buffer, size_t more)
{
    struct bytes old = {buffer->data, buffer->capacity};
    struct bytes grown = {0};
    size_t capacity = buffer->capacity > 0 ? buffer->capacity : CAPACITY_MIN;

    if (buffer->failed || more > SIZE_MAX / 4 - buffer->size) {
        buffer->failed = true;
        return false;
    }
    if (buffer->capacity - buffer->size >= more) {
        return true;
    }
    while (capacity - buffer->size < more) {
        capacity *= 2;
    }
    if (bytes_alloc(capacity, &grown) != STATUS_OK) {
        buffer->failed = true;
        return false;
    }
    if (buffer->size > 0) {
        memcpy(grown.data, old.data, buffer->size);
    }
    bytes_wipe(&old);
    buffer->data = grown.data;
    buffer->capacity = grown.size;
    return true;
}

void buffer_add(struct buffer *buffer, struct view view)
{
    if (view.size > 0 && make_room(buffer, view.size)) {
        memcpy(buffer->data + buffer->size, view.data, view.size);
        buffer->size += view.size;
    }
}

void buffer_join(struct buffer *buffer, const struct buffer *other)
{
    buffer->failed = buffer->failed || other->failed;
    buffer_add(buffer, view_of_buffer(other));
}

void buffer_add_text(struct buffer *buffer, const char *text)
{
    buffer_add(buffer, view_of_text(text));
}

/* As in a JSON string. */
static void add_escaped(struct buffer *buffer, uint32_t character)
{
    const char *letter = character == '\n'   ? "\\n"
                         : character == '\r' ? "\\r"
                         : character == '\t' ? "\\t"
                                             : NULL;

    if (letter != NULL) {
        buffer_add_text(buffer, letter);
    } else if (character < 0x10000) {
        buffer_print(buffer, "\\u%04x", (unsigned)character);
    } else {
        buffer_print(buffer, "\\u%04x\\u%04x", (unsigned)(0xD7C0 + (character >> 10)),
                     (unsigned)(0xDC00 | (character & 0x3FF)));
    }
}

/* Runs of what stays are added at once; `kept` are hidden characters that stay, too. */
static void add_plain(struct buffer *buffer, struct view text, const char *kept)
{
    static const char replacement[] = "\xEF\xBF\xBD";
    size_t from = 0;

    for (size_t at = 0; at < text.size;) {
        uint32_t character = 0;
        struct view rest = {text.data + at, text.size - at};
        size_t size = utf8_next(rest, &character);
        bool valid = character != 0xFFFD || (size == 3 && memcmp(rest.data, replacement, 3) == 0);
        bool stays = valid && (!is_hidden(character) || (character != 0 && character < 0x80 &&
                                                         strchr(kept, (int)character) != NULL));
        if (!stays) {
            buffer_add(buffer, (struct view){text.data + from, at - from});
            from = at + size;
        }
        at += size;
        if (!valid) {
            buffer_add_text(buffer, replacement);
        } else if (!stays) {
            add_escaped(buffer, character);
        }
    }
    if (from < text.size) {
        buffer_add(buffer, (struct view){text.data + from, text.size - from});
    }
}

void buffer_add_plain(struct buffer *buffer, struct view text)
{
    add_plain(buffer, text, "");
}

void buffer_add_plain_lines(struct buffer *buffer, struct view text)
{
    add_plain(buffer, text, "\n\t");
}

void buffer_print_values(struct buffer *buffer, const char *format, va_list values)
{
    va_list again;

    va_copy(again, values);
    int length = vsnprintf(NULL, 0, format, values);
    if (length < 0) {
        buffer->failed = true;
    } else if (make_room(buffer, (size_t)length + 1)) { /* vsnprintf wants to end with NUL */
        (void)vsnprintf((char *)buffer->data + buffer->size, (size_t)length + 1, format, again);
        buffer->size += (size_t)length;
    }
    va_end(again);
}

void buffer_print(struct buffer *buffer, const char *format, ...)
{
    va_list values;

    va_start(values, format);
    buffer_print_values(buffer, format, values);
    va_end(values);
}

void buffer_drop(struct buffer *buffer, size_t size)
{
    size_t rest = buffer->size - size;

    if (size == 0) {
        return;
    }
    memmove(buffer->data, buffer->data + size, rest);
    memory_wipe(buffer->data + rest, size);
    buffer->size = rest;
}

enum status buffer_status(const struct buffer *buffer)
{
    return buffer->failed ? STATUS_NO_MEMORY : STATUS_OK;
}
