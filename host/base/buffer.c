/* SPDX-License-Identifier: MIT */
#include "base/buffer.h"

#include <stdarg.h>
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

void buffer_add_plain(struct buffer *buffer, struct view text)
{
    for (size_t i = 0; i < text.size; i++) {
        bool control = text.data[i] < 0x20 || text.data[i] == 0x7F ||
                       (text.data[i] == 0xC2 && i + 1 < text.size && text.data[i + 1] < 0xA0);
        i += control && text.data[i] == 0xC2;
        buffer_add(buffer, control ? view_of_text("?") : (struct view){text.data + i, 1});
    }
}

void buffer_print(struct buffer *buffer, const char *format, ...)
{
    va_list values;
    va_list again;

    va_start(values, format);
    va_copy(again, values);
    int length = vsnprintf(NULL, 0, format, values);
    va_end(values);
    if (length < 0) {
        buffer->failed = true;
    } else if (make_room(buffer, (size_t)length + 1)) { /* vsnprintf wants to end with NUL */
        (void)vsnprintf((char *)buffer->data + buffer->size, (size_t)length + 1, format, again);
        buffer->size += (size_t)length;
    }
    va_end(again);
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
