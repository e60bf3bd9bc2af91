// SPDX-License-Identifier: MIT
// A browser's requests, one per line, through the whole host and a real store, which is the same at
// the start of each input: one origin has a secret in it that no request of another origin may
// read.
#include "base/request.h"
#include "fuzz.h"
#include "fuzz_store.h"
#include "native/serve.h"

#include <string.h>
#include <unistd.h>

#define GUARDED_ORIGIN "https://guarded.example"
#define GUARDED_SECRET "what no one else may read"
#define GUARDED_PLACE                                                                              \
    "\"origin\":\"" GUARDED_ORIGIN "\",\"member\":\"5f0000000000000000000001\",\"key\":\"token\""

static const char hello[] =
    "{\"id\":1,\"op\":\"hello\",\"protocol\":1,\"extension\":\"0.1.0\",\"browser\":\"fuzz\"}";
static const char store_guarded[] =
    "{\"id\":2,\"op\":\"storeSecret\"," GUARDED_PLACE ",\"data\":\"" GUARDED_SECRET "\"}";
static const char load_guarded[] = "{\"id\":2,\"op\":\"loadSecret\"," GUARDED_PLACE "}";

enum { REQUESTS_MAX = 64 };

/* The requests to the host, and its answers. */
struct conversation {
    struct buffer requests;
    struct bytes replies;
};

static void conversation_end(struct conversation *conversation)
{
    buffer_wipe(&conversation->requests);
    bytes_wipe(&conversation->replies);
}
#define CONVERSATION_AUTO __attribute__((cleanup(conversation_end))) struct conversation

/* As main() of the host does. The input consists of complete frames, so the host ends normally. */
static void converse(struct conversation *conversation)
{
    struct failure failure = {0};
    int input = fuzz_file(view_of_buffer(&conversation->requests));
    int output = fuzz_file((struct view){NULL, 0});

    FUZZ_CHECK(serve(input, output, NULL, &failure) == STATUS_OK);
    conversation->replies = fuzz_file_content(output);
    (void)close(input);
    (void)close(output);
}

static void store_guarded_secret(void)
{
    CONVERSATION_AUTO conversation = {0};

    fuzz_add_frame(&conversation.requests, view_of_text(hello));
    fuzz_add_frame(&conversation.requests, view_of_text(store_guarded));
    converse(&conversation);
}

static bool has(struct view text, struct view part)
{
    return memmem(text.data, text.size, part.data, part.size) != NULL;
}

static struct json_object *member_of(struct json_object *object, const char *name,
                                     enum json_type type)
{
    struct json_object *value = NULL;

    FUZZ_CHECK(json_object_object_get_ex(object, name, &value));
    FUZZ_CHECK(json_object_is_type(value, type));
    return value;
}

/* Statuses of a broken store or a broken machine; no request may cause them. */
static bool is_defect(const char *code)
{
    static const char *const defects[] = {"crypto_failed", "damaged",         "no_memory",
                                          "root_key",      "state_folder",    "store_busy",
                                          "store_damaged", "store_failed",    "store_full",
                                          "store_newer",   "store_read_only", "io_failed"};

    for (size_t i = 0; i < sizeof defects / sizeof defects[0]; i++) {
        if (strcmp(code, defects[i]) == 0) {
            return true;
        }
    }
    return false;
}

static void check_error(struct json_object *error)
{
    const char *code = json_object_get_string(member_of(error, "code", json_type_string));

    FUZZ_CHECK(json_object_object_length(error) == 5);
    FUZZ_CHECK(!is_defect(code));
    (void)member_of(error, "class", json_type_string);
    (void)member_of(error, "name", json_type_string);
    (void)member_of(error, "operational", json_type_boolean);
    struct json_object *message = member_of(error, "message", json_type_string);
    FUZZ_CHECK(json_object_get_string_len(message) > 0 || strcmp(code, "library_error") == 0);
}

/* The properties of a request line; all zero if it cannot be parsed. */
struct asked {
    int64_t id;
    bool nul_in_name; /* it must be refused */
    bool guarded;     /* from the origin that has the secret */
};

/* {id, ok, result} or {id, ok, error}; the id is null if that of the request could not be read. */
static void check_reply(struct json_object *reply, struct asked asked)
{
    struct json_object *reply_id =
        member_of(reply, "id", asked.id > 0 ? json_type_int : json_type_null);
    bool ok = json_object_get_boolean(member_of(reply, "ok", json_type_boolean)) != 0;

    bool has_revision = ok && json_object_object_get_ex(reply, "itemsRevision", NULL);
    FUZZ_CHECK(json_object_object_length(reply) == (has_revision ? 4 : 3));
    FUZZ_CHECK(!has_revision ||
               json_object_get_int64(member_of(reply, "itemsRevision", json_type_int)) > 0);
    FUZZ_CHECK(asked.id == 0 || json_object_get_int64(reply_id) == asked.id);
    FUZZ_CHECK(!ok || (asked.id > 0 && !asked.nul_in_name));
    if (ok) {
        FUZZ_CHECK(json_object_object_get_ex(reply, "result", NULL));
    } else {
        check_error(member_of(reply, "error", json_type_object));
    }
}

static struct asked read_request(struct view message)
{
    JSON_AUTO(request) = NULL;
    struct failure failure = {0};
    struct asked asked = {0};
    struct json_facts facts;

    bool fits = json_text_check(message, &facts, &failure) == STATUS_OK;
    asked.id = request_id_of(facts.id);
    if (!fits || json_text_build(message, &request, &failure) != STATUS_OK) {
        return asked;
    }
    asked.nul_in_name = facts.nul_in_name;
    struct json_object *origin = json_object_object_get(request, "origin");
    asked.guarded = json_object_is_type(origin, json_type_string) &&
                    view_equal(json_string_view(origin), VIEW(GUARDED_ORIGIN));
    return asked;
}

/* Every request has one reply, in order. The last one reads the secret, which only its own origin
 * may have changed, and no other may have read. */
static void check_replies(struct view requests, struct view replies)
{
    struct view request;
    struct view text;
    bool reachable = false; /* or known: the secret was in a request */

    while (fuzz_take_frame(&requests, &request)) {
        struct asked asked = read_request(request);
        FUZZ_CHECK(fuzz_take_frame(&replies, &text));
        JSON_AUTO(reply) = fuzz_parse(text);
        check_reply(reply, asked);
        bool last = requests.size == 0;
        reachable = reachable || (asked.guarded && !last) || has(request, VIEW(GUARDED_SECRET));
        FUZZ_CHECK(reachable || has(text, VIEW(GUARDED_SECRET)) == last);
    }
    FUZZ_CHECK(replies.size == 0);
}

void fuzz_one(struct view input)
{
    CONVERSATION_AUTO conversation = {0};

    fuzz_reset_store(store_guarded_secret);
    fuzz_add_frame(&conversation.requests, view_of_text(hello));
    for (size_t count = 0; input.size > 0 && count < REQUESTS_MAX; count++) {
        fuzz_add_frame(&conversation.requests, fuzz_take_until(&input, '\n'));
    }
    fuzz_add_frame(&conversation.requests, view_of_text(load_guarded));
    converse(&conversation);
    check_replies(view_of_buffer(&conversation.requests), view_of_bytes(&conversation.replies));
}
