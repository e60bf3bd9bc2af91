// SPDX-License-Identifier: MIT
#include "sequence.h"

#include "base/request.h"
#include "fuzz.h"
#include "native/serve.h"

#include <unistd.h>

void sequence_add(struct json_object *object, const char *name, struct json_object *value)
{
    FUZZ_CHECK(json_object_object_add(object, name, value) == 0);
}

void sequence_add_text(struct json_object *object, const char *name, struct view text)
{
    json_set_string(object, name, text);
    FUZZ_CHECK(json_status(object) == STATUS_OK);
}

struct json_object *sequence_request(const char *op)
{
    struct json_object *request = json_object_new_object();

    sequence_add_text(request, "op", view_of_text(op));
    return request;
}

struct json_object *sequence_ask(struct sequence *run, struct json_object *request)
{
    int output = fuzz_file((struct view){NULL, 0});
    struct view text;
    struct view frame;

    sequence_add(request, "id", json_object_new_int64(++run->id));
    FUZZ_CHECK(json_text_of(request, &text) == STATUS_OK);
    FUZZ_CHECK(serve_message(&run->session, text, output) == STATUS_OK);
    BYTES_AUTO sent = fuzz_file_content(output);
    (void)close(output);
    struct view rest = view_of_bytes(&sent);
    FUZZ_CHECK(fuzz_take_frame(&rest, &frame) && rest.size == 0);
    return fuzz_parse(frame);
}

void sequence_check_gives(const struct sequence *run, struct json_object *reply,
                          struct json_object *result, int64_t items_revision)
{
    JSON_AUTO(expected) = json_object_new_object();

    sequence_add(expected, "id", json_object_new_int64(run->id));
    sequence_add(expected, "ok", json_object_new_boolean(1));
    sequence_add(expected, "result", result);
    if (items_revision > 0) {
        sequence_add(expected, "itemsRevision", json_object_new_int64(items_revision));
    }
    FUZZ_CHECK(json_object_equal(reply, expected));
}

void sequence_check_refused(const struct sequence *run, struct json_object *reply, const char *code)
{
    struct json_object *error = json_object_object_get(reply, "error");

    FUZZ_CHECK(json_object_object_length(reply) == 3);
    FUZZ_CHECK(json_object_get_int64(json_object_object_get(reply, "id")) == run->id);
    FUZZ_CHECK(!json_object_get_boolean(json_object_object_get(reply, "ok")));
    FUZZ_CHECK(view_equal(request_string(error, "code"), view_of_text(code)));
}

size_t sequence_take_below(struct sequence *run, size_t count)
{
    return fuzz_take_byte(&run->input) % count;
}

struct bytes sequence_take_text(struct sequence *run)
{
    BUFFER_AUTO text = {0};
    BUFFER_AUTO json = {0};
    struct bytes copy = {0};

    for (size_t left = sequence_take_below(run, 16); left > 0; left--) {
        fuzz_add_character(fuzz_take_byte(&run->input), 1, &text, &json);
    }
    FUZZ_CHECK(bytes_copy(view_of_buffer(&text), &copy) == STATUS_OK);
    return copy;
}

struct sequence_place sequence_take_place(struct sequence *run)
{
    size_t chosen = fuzz_take_byte(&run->input);

    return (struct sequence_place){chosen % ORIGINS, chosen / ORIGINS % SITES,
                                   chosen / (ORIGINS * SITES) % MEMBERS,
                                   chosen / (ORIGINS * SITES * MEMBERS) % KEYS};
}

struct json_object *sequence_request_at(const char *op, size_t origin, size_t site)
{
    struct json_object *request = sequence_request(op);

    sequence_add_text(request, "origin", model_origins[origin]);
    if (model_sites[site].data != NULL) {
        sequence_add_text(request, "topLevelSite", model_sites[site]);
    }
    return request;
}

struct json_object *sequence_request_for(const char *op, const struct sequence_place *place)
{
    struct json_object *request = sequence_request_at(op, place->origin, place->site);

    sequence_add_text(request, "member", model_members[place->member]);
    sequence_add_text(request, "key", model_keys[place->key]);
    return request;
}
