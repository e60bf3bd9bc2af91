// SPDX-License-Identifier: MIT
#include "fuzz.h"

#include "base/json_scan.h"
#include "base/utf8.h"
#include "store/crypto.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Called by libFuzzer. */
int LLVMFuzzerInitialize(int *count, char ***arguments);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *count, char ***arguments)
{
    (void)count;
    (void)arguments;
    FUZZ_CHECK(crypto_start() == STATUS_OK);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_one((struct view){data, size});
    return 0;
}

void fuzz_check(bool holds, const char *condition, const char *file, int line)
{
    if (!holds) {
        (void)fprintf(stderr, "%s:%d: check failed: %s\n", file, line, condition);
        abort();
    }
}

uint8_t fuzz_take_byte(struct view *rest)
{
    if (rest->size == 0) {
        return 0;
    }
    uint8_t byte = rest->data[0];
    *rest = (struct view){rest->data + 1, rest->size - 1};
    return byte;
}

struct view fuzz_take_until(struct view *rest, char separator)
{
    const uint8_t *end = rest->size > 0 ? memchr(rest->data, separator, rest->size) : NULL;
    size_t size = end != NULL ? (size_t)(end - rest->data) : rest->size;
    size_t taken = end != NULL ? size + 1 : size;
    struct view part = {rest->data, size};

    if (taken > 0) {
        *rest = (struct view){rest->data + taken, rest->size - taken};
    }
    return part;
}

/* The same bytes many times; in blocks, which is faster. */
static void add_repeated(struct buffer *buffer, struct view unit, size_t count)
{
    enum { BLOCK = 256 };
    BUFFER_AUTO block = {0};

    for (size_t i = 0; i < BLOCK && i < count; i++) {
        buffer_add(&block, unit);
    }
    for (; count >= BLOCK; count -= BLOCK) {
        buffer_join(buffer, &block);
    }
    buffer_add(buffer, (struct view){block.data, count * unit.size});
}

void fuzz_add_character(uint8_t chosen, size_t count, struct buffer *text, struct buffer *json)
{
    static const struct {
        struct view text;
        struct view json; /* size 0: the same */
    } characters[16] = {
        {VIEW("a"), {NULL, 0}},
        {VIEW("\""), VIEW("\\\"")},
        {VIEW("\\"), VIEW("\\\\")},
        {VIEW("\n"), VIEW("\\n")},
        {VIEW("\0"), VIEW("\\u0000")},
        {VIEW("\x1b"), VIEW("\\u001b")},
        {VIEW("\x7f"), {NULL, 0}},
        {VIEW("/"), {NULL, 0}},
        {VIEW("\b"), VIEW("\\b")},
        {VIEW("}"), {NULL, 0}},
        {VIEW("\xC2\x85"), {NULL, 0}},         /* U+0085, a control */
        {VIEW("\xC3\xA9"), {NULL, 0}},         /* U+00E9 */
        {VIEW("\xE2\x80\xAE"), {NULL, 0}},     /* U+202E, which turns the direction of text */
        {VIEW("\xE2\x82\xAC"), {NULL, 0}},     /* U+20AC */
        {VIEW("\xF0\x9F\x98\x80"), {NULL, 0}}, /* U+1F600 */
        {VIEW("\xF3\xA0\x80\x81"), {NULL, 0}}, /* U+E0001, a tag, which is not seen */
    };
    struct view character = characters[chosen % 16].text;
    struct view escaped = characters[chosen % 16].json;

    add_repeated(text, character, count);
    add_repeated(json, escaped.size > 0 ? escaped : character, count);
    FUZZ_CHECK(buffer_status(text) == STATUS_OK && buffer_status(json) == STATUS_OK);
}

void fuzz_add_frame(struct buffer *stream, struct view message)
{
    uint32_t length = (uint32_t)message.size;

    buffer_add(stream, (struct view){(const uint8_t *)&length, sizeof length});
    buffer_add(stream, message);
    FUZZ_CHECK(buffer_status(stream) == STATUS_OK);
}

bool fuzz_take_frame(struct view *rest, struct view *ret_message)
{
    uint32_t length = 0;

    if (rest->size == 0) {
        return false;
    }
    FUZZ_CHECK(rest->size >= sizeof length);
    memcpy(&length, rest->data, sizeof length);
    FUZZ_CHECK(rest->size - sizeof length >= length);
    *ret_message = (struct view){rest->data + sizeof length, length};
    *rest = (struct view){ret_message->data + length, rest->size - sizeof length - length};
    return true;
}

struct json_object *fuzz_parse(struct view text)
{
    struct json_object *value = NULL;
    struct failure failure = {0};

    FUZZ_CHECK(json_scan_is_valid(text));
    FUZZ_CHECK(json_text_parse(text, &value, &failure) == STATUS_OK);
    return value;
}

void fuzz_check_failure(const struct failure *failure, enum status status)
{
    FUZZ_CHECK(failure->status == status);
    FUZZ_CHECK(failure->message[0] != '\0');
    FUZZ_CHECK(utf8_is_valid(view_of_text(failure->message)));
}

int fuzz_file(struct view content)
{
    int fd = memfd_create("fuzz", MFD_CLOEXEC);

    FUZZ_CHECK(fd >= 0);
    fuzz_write(fd, content);
    FUZZ_CHECK(lseek(fd, 0, SEEK_SET) == 0);
    return fd;
}

struct bytes fuzz_file_content(int fd)
{
    struct bytes content = {0};
    struct stat info;

    FUZZ_CHECK(fstat(fd, &info) == 0);
    FUZZ_CHECK(bytes_alloc((size_t)info.st_size, &content) == STATUS_OK);
    FUZZ_CHECK(pread(fd, content.data, content.size, 0) == info.st_size);
    return content;
}

void fuzz_write(int fd, struct view content)
{
    FUZZ_CHECK(content.size == 0 || write(fd, content.data, content.size) == (ssize_t)content.size);
}
