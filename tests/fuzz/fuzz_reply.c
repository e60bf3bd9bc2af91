// SPDX-License-Identifier: MIT
// Replies of any size, joined again as the extension does it. Input: a byte for the id and one for
// the revision, then two for each text of the result, which are a character and how often it is
// there; large counts end close to the limit of a frame.
#include "base/request.h"
#include "fuzz.h"
#include "native/reply.h"
#include "wire/frame.h"

#include <unistd.h>

/* Bytes of the whole reply; some are in three parts. */
enum { REPLY_SIZE_MAX = 5 * 1024 * 1024 / 2 };

/* The arguments of reply_result, and the text that it must send. */
struct answer {
    int64_t id;
    int64_t items_revision;
    struct json_object *result;
    struct buffer expected;
};

static void answer_end(struct answer *answer)
{
    json_put(&answer->result);
    buffer_wipe(&answer->expected);
}
#define ANSWER_AUTO __attribute__((cleanup(answer_end))) struct answer

/* One to 256 at a time, these up to 2048 times, or as many as nearly fill a frame. */
static size_t repetitions(uint8_t character, uint8_t count, size_t size)
{
    enum { EXPONENT_MAX = 11, SHORT_OF_LIMIT = 300 };
    size_t exponent = character >> 4;

    return exponent <= EXPONENT_MAX ? ((size_t)count + 1) << exponent
                                    : (FRAME_REPLY_MAX - SHORT_OF_LIMIT + count) / size;
}

/* Appends one text to the result; false where there is no room for it. */
static bool add_text(struct answer *answer, uint8_t character, uint8_t count)
{
    BUFFER_AUTO one = {0};
    BUFFER_AUTO one_json = {0};
    BUFFER_AUTO text = {0};
    BUFFER_AUTO json = {0};

    fuzz_add_character(character, 1, &one, &one_json);
    size_t times = repetitions(character, count, one_json.size);
    if (answer->expected.size + times * one_json.size > REPLY_SIZE_MAX) {
        return false;
    }
    fuzz_add_character(character, times, &text, &json);
    bool first = json_object_array_length(answer->result) == 0;
    JSON_AUTO(string) = json_object_new_string_len((const char *)text.data, (int)text.size);
    json_push(answer->result, &string);
    FUZZ_CHECK(json_status(answer->result) == STATUS_OK);
    buffer_add_text(&answer->expected, first ? "\"" : ",\"");
    buffer_join(&answer->expected, &json);
    buffer_add_text(&answer->expected, "\"");
    return true;
}

static void read_answer(struct view input, struct answer *answer)
{
    answer->id = REQUEST_ID_MAX >> fuzz_take_byte(&input) % 53;
    answer->items_revision = fuzz_take_byte(&input);
    answer->result = json_object_new_array();
    buffer_print(&answer->expected, "{\"id\":%lld,\"ok\":true,\"result\":[", (long long)answer->id);
    while (input.size >= 2) {
        uint8_t character = fuzz_take_byte(&input);
        if (!add_text(answer, character, fuzz_take_byte(&input))) {
            break;
        }
    }
    buffer_add_text(&answer->expected, "]");
    if (answer->items_revision != 0) {
        buffer_print(&answer->expected, ",\"itemsRevision\":%lld",
                     (long long)answer->items_revision);
    }
    buffer_add_text(&answer->expected, "}");
    FUZZ_CHECK(buffer_status(&answer->expected) == STATUS_OK);
}

/* {id, part, last, text}: the next one of this reply. Only the last may be short. */
static void join_part(struct view frame, int64_t id, int64_t number, bool last,
                      struct buffer *joined)
{
    JSON_AUTO(part) = fuzz_parse(frame);
    struct view text = request_string(part, "text");

    FUZZ_CHECK(json_object_object_length(part) == 4);
    FUZZ_CHECK(json_object_get_int64(json_object_object_get(part, "id")) == id);
    FUZZ_CHECK(json_object_get_int64(json_object_object_get(part, "part")) == number);
    FUZZ_CHECK(json_object_get_boolean(json_object_object_get(part, "last")) == last);
    FUZZ_CHECK(text.size > 0);
    FUZZ_CHECK(last || frame.size > FRAME_REPLY_MAX / 2);
    buffer_add(joined, text);
}

static void check_sent(struct view sent, const struct answer *answer)
{
    BUFFER_AUTO joined = {0};
    struct view frame;

    if (answer->expected.size <= FRAME_REPLY_MAX) {
        FUZZ_CHECK(fuzz_take_frame(&sent, &frame));
        FUZZ_CHECK(sent.size == 0);
        buffer_add(&joined, frame);
    }
    for (int64_t number = 0; fuzz_take_frame(&sent, &frame); number++) {
        FUZZ_CHECK(frame.size <= FRAME_REPLY_MAX);
        join_part(frame, answer->id, number, sent.size == 0, &joined);
    }
    FUZZ_CHECK(view_equal(view_of_buffer(&joined), view_of_buffer(&answer->expected)));
}

void fuzz_one(struct view input)
{
    ANSWER_AUTO answer = {0};
    int output = fuzz_file((struct view){NULL, 0});

    read_answer(input, &answer);
    FUZZ_CHECK(reply_result(output, answer.id, answer.items_revision, &answer.result) == STATUS_OK);
    FUZZ_CHECK(answer.result == NULL);
    BYTES_AUTO sent = fuzz_file_content(output);
    (void)close(output);
    check_sent(view_of_bytes(&sent), &answer);
}
