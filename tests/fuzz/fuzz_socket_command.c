// SPDX-License-Identifier: MIT
// A client of the host's socket that sends anything, next to a well-behaved one. Input: a byte for
// the size of the pieces, whose lowest bit means that each line is a frame; then the stream or the
// lines.
#include "base/origin.h"
#include "fuzz.h"
#include "native/event.h"
#include "native/relay.h"
#include "wire/frame.h"

#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The maximum number of pieces sent. */
enum { PIECES_MAX = 64 };

struct fixture {
    struct relay relay;
    int browser;     /* a file of the events that were sent */
    size_t answered; /* how much of it was answered */
    int64_t tickets;
};

static struct json_object *greet(void *context)
{
    (void)context;
    return json_object_new_object();
}

/* The other end of a new client. */
static int connect_client(struct relay *relay)
{
    int ends[2];

    FUZZ_CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) == 0);
    relay_add(relay, ends[0], 1);
    return ends[1];
}

/* As the host does, until nothing is left to do. */
static void serve_clients(struct fixture *fixture)
{
    struct pollfd polled[RELAY_CLIENTS_MAX];
    bool more = true;

    while (more) {
        bool at_once = relay_poll(&fixture->relay, polled);
        more = poll(polled, RELAY_CLIENTS_MAX, 0) > 0 || at_once;
        FUZZ_CHECK(relay_serve(&fixture->relay, polled, fixture->browser) == STATUS_OK);
    }
}

static bool is_event(struct view name)
{
    for (size_t i = 0; i < event_count; i++) {
        if (view_equal(name, view_of_text(events[i].name))) {
            return true;
        }
    }
    return false;
}

/* An event has the form of the table, and the next ticket. */
static void check_event(struct fixture *fixture, struct view text)
{
    JSON_AUTO(event) = fuzz_parse(text);
    struct json_object *ticket = NULL;
    struct view origin = request_string(event, "origin");
    struct failure failure = {0};

    FUZZ_CHECK(is_event(request_string(event, "event")));
    FUZZ_CHECK(json_object_object_get_ex(event, "ticket", &ticket));
    FUZZ_CHECK(json_object_get_int64(ticket) == ++fixture->tickets);
    FUZZ_CHECK(origin.data == NULL || origin_check(origin, &failure) == STATUS_OK);
    FUZZ_CHECK(!json_object_object_get_ex(event, "id", NULL));
    FUZZ_CHECK(!json_object_object_get_ex(event, "op", NULL));
}

/* Confirms every event; its client may have disconnected. A ticket is good for one answer. Whether
 * there was any: then more may be read. */
static bool confirm_events(struct fixture *fixture)
{
    BYTES_AUTO sent = fuzz_file_content(fixture->browser);
    struct view rest = {sent.data + fixture->answered, sent.size - fixture->answered};
    struct view none = {NULL, 0};
    struct view text;
    bool any = false;

    fixture->answered = sent.size;
    while (fuzz_take_frame(&rest, &text)) {
        struct failure failure = {0};
        check_event(fixture, text);
        enum status status = relay_confirm(&fixture->relay, fixture->tickets, NULL, none, &failure);
        FUZZ_CHECK(status == STATUS_OK || status == STATUS_BAD_REQUEST);
        FUZZ_CHECK(relay_confirm(&fixture->relay, fixture->tickets, NULL, none, &failure) ==
                   STATUS_BAD_REQUEST);
        any = true;
    }
    return any;
}

static void serve_and_confirm(struct fixture *fixture)
{
    do {
        serve_clients(fixture);
    } while (confirm_events(fixture));
}

/* Everything that a client was sent, which must be complete frames. */
static void receive(int client, struct buffer *received)
{
    uint8_t piece[4096];
    ssize_t count = 0;

    while ((count = read(client, piece, sizeof piece)) > 0) {
        buffer_add(received, (struct view){piece, (size_t)count});
    }
    FUZZ_CHECK(buffer_status(received) == STATUS_OK);
}

/* {id, ok: true, result} or {id, ok: false, error}. */
static void check_answer(struct view text)
{
    JSON_AUTO(answer) = fuzz_parse(text);
    struct json_object *ok = NULL;
    int64_t id = 0;
    struct failure failure = {0};

    FUZZ_CHECK(request_id(answer, &id, &failure) == STATUS_OK);
    FUZZ_CHECK(json_object_object_get_ex(answer, "ok", &ok));
    FUZZ_CHECK(json_object_object_length(answer) == 3);
    bool good = json_object_get_boolean(ok) != 0;
    FUZZ_CHECK(json_object_object_get_ex(answer, good ? "result" : "error", NULL));
    FUZZ_CHECK(good || request_string(answer, "error").size > 0);
}

static void check_answers(struct view received)
{
    struct view text;

    FUZZ_CHECK(fuzz_take_frame(&received, &text));
    FUZZ_CHECK(view_equal(text, VIEW("{}"))); /* the greeting */
    while (fuzz_take_frame(&received, &text)) {
        check_answer(text);
    }
}

static void send_pieces(struct fixture *fixture, int client, struct view stream, size_t size)
{
    BUFFER_AUTO received = {0};

    for (int i = 0; i < PIECES_MAX && stream.size > 0; i++) {
        size_t count = size < stream.size && i < PIECES_MAX - 1 ? size : stream.size;
        ssize_t sent = send(client, stream.data, count, MSG_NOSIGNAL);
        if (sent <= 0) {
            break; /* it violated the protocol and was disconnected */
        }
        stream = (struct view){stream.data + sent, stream.size - (size_t)sent};
        serve_and_confirm(fixture);
        receive(client, &received);
    }
    receive(client, &received);
    check_answers(view_of_buffer(&received));
}

/* The well-behaved client is answered whatever the other one did. */
static void check_other_client(struct fixture *fixture, int client)
{
    BUFFER_AUTO request = {0};
    BUFFER_AUTO received = {0};
    struct view text;

    fuzz_add_frame(&request, VIEW("{\"id\":7,\"op\":\"apply\",\"limitMs\":9}"));
    fuzz_write(client, view_of_buffer(&request));
    serve_and_confirm(fixture);
    receive(client, &received);
    struct view rest = view_of_buffer(&received);
    FUZZ_CHECK(fuzz_take_frame(&rest, &text)); /* the greeting */
    FUZZ_CHECK(fuzz_take_frame(&rest, &text));
    FUZZ_CHECK(view_equal(text, VIEW("{\"id\":7,\"ok\":true,\"result\":null}")));
    FUZZ_CHECK(rest.size == 0);
}

static void frame_lines(struct view lines, struct buffer *stream)
{
    while (lines.size > 0) {
        fuzz_add_frame(stream, fuzz_take_until(&lines, '\n'));
    }
}

void fuzz_one(struct view input)
{
    struct fixture fixture = {.relay = {.greeting = greet},
                              .browser = fuzz_file((struct view){NULL, 0})};
    BUFFER_AUTO stream = {0};
    uint8_t shape = fuzz_take_byte(&input);

    if ((shape & 1) != 0) {
        frame_lines(input, &stream);
    } else {
        buffer_add(&stream, input);
    }
    int good = connect_client(&fixture.relay);
    int bad = connect_client(&fixture.relay);
    send_pieces(&fixture, bad, view_of_buffer(&stream), (size_t)1 + shape);
    (void)close(bad);
    serve_clients(&fixture);
    check_other_client(&fixture, good);
    (void)close(good);
    (void)close(fixture.browser);
    relay_end(&fixture.relay);
}
