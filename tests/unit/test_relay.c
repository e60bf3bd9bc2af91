/* SPDX-License-Identifier: MIT */
#include "native/relay.h"
#include "support.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

static struct relay relay;
static int browser[2]; /* the ends that the host writes to and the browser reads from */

static struct json_object *say_hello(void *context)
{
    (void)context;
    return json_object_new_string("hello");
}

static int start(void **state)
{
    (void)state;
    relay = (struct relay){.greeting = say_hello};
    return socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, browser);
}

static int finish(void **state)
{
    (void)state;
    relay_end(&relay);
    (void)close(browser[0]);
    return close(browser[1]);
}

/* The other end of a new client of a process. */
static int add_client_of(pid_t process)
{
    int ends[2];

    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
    relay_add(&relay, ends[0], process);
    return ends[1];
}

/* The text of the next message that the given end received, NULL if there is none. */
static const char *next_text(int fd)
{
    static char text[4096];
    uint32_t length = 0;

    if (read(fd, &length, sizeof length) != sizeof length) {
        return NULL;
    }
    assert_true(length < sizeof text);
    assert_int_equal(read(fd, text, length), length);
    text[length] = '\0';
    return text;
}

static void assert_next(int fd, const char *expected)
{
    const char *text = next_text(fd);

    assert_non_null(text);
    assert_string_equal(text, expected);
}

static int add_greeted_client(void)
{
    int end = add_client_of(1);

    assert_next(end, "\"hello\"");
    return end;
}

static void put(int fd, const char *message)
{
    uint32_t length = (uint32_t)strlen(message);

    assert_int_equal(write(fd, &length, sizeof length), sizeof length);
    assert_int_equal(write(fd, message, length), length);
}

/* As the host does, until nothing is left to do. */
static void serve(void)
{
    struct pollfd polled[RELAY_CLIENTS_MAX];

    do {
        (void)relay_poll(&relay, polled);
        assert_true(poll(polled, RELAY_CLIENTS_MAX, 0) >= 0);
        assert_int_equal(relay_serve(&relay, polled, browser[0]), STATUS_OK);
        (void)relay_poll(&relay, polled);
    } while (relay_poll(&relay, polled) || poll(polled, RELAY_CLIENTS_MAX, 0) > 0);
}

static enum status confirm(int64_t ticket)
{
    struct failure failure = {0};

    return relay_confirm(&relay, ticket, NULL, (struct view){NULL, 0}, &failure);
}

static void a_request_becomes_an_event_and_its_confirmation_the_answer(void **state)
{
    (void)state;
    JSON_AUTO(result) = json_object_new_int(7);
    struct failure failure = {0};
    int client = add_greeted_client();

    put(client, "{\"id\":5,\"op\":\"apply\",\"limitMs\":9}");
    serve();
    assert_next(browser[1], "{\"event\":\"apply\",\"ticket\":1,\"limitMs\":9}");
    assert_int_equal(relay_confirm(&relay, 1, result, (struct view){NULL, 0}, &failure), STATUS_OK);
    assert_next(client, "{\"id\":5,\"ok\":true,\"result\":7}");
    put(client, "{\"id\":6,\"op\":\"describe\",\"limitMs\":9}");
    serve();
    assert_next(browser[1], "{\"event\":\"describe\",\"ticket\":2,\"limitMs\":9}");
    assert_int_equal(relay_confirm(&relay, 2, result, VIEW("no"), &failure), STATUS_OK);
    assert_next(client, "{\"id\":6,\"ok\":false,\"error\":\"no\"}");
    (void)close(client);
}

static void a_ticket_is_valid_once(void **state)
{
    (void)state;
    struct failure failure = {0};
    int client = add_greeted_client();

    put(client, "{\"id\":1,\"op\":\"apply\",\"limitMs\":9}");
    serve();
    for (int64_t ticket = -1; ticket < 4; ticket++) {
        if (ticket != 1) {
            assert_int_equal(confirm(ticket), STATUS_BAD_REQUEST);
        }
    }
    assert_int_equal(confirm(1), STATUS_OK);
    assert_int_equal(relay_confirm(&relay, 1, NULL, (struct view){NULL, 0}, &failure),
                     STATUS_BAD_REQUEST);
    assert_plain_failure(&failure, STATUS_BAD_REQUEST);
    assert_next(client, "{\"id\":1,\"ok\":true,\"result\":null}");
    (void)close(client);
}

static void a_disconnected_client_loses_its_tickets(void **state)
{
    (void)state;
    int first = add_greeted_client();
    int second = add_greeted_client();

    put(first, "{\"id\":1,\"op\":\"apply\",\"limitMs\":9}");
    serve();
    put(second, "{\"id\":2,\"op\":\"apply\",\"limitMs\":9}");
    serve();
    (void)close(first);
    serve();
    int third = add_greeted_client(); /* in the place of the first */
    assert_int_equal(confirm(1), STATUS_BAD_REQUEST);
    assert_int_equal(confirm(2), STATUS_OK);
    assert_null(next_text(third));
    assert_next(second, "{\"id\":2,\"ok\":true,\"result\":null}");
    (void)close(second);
    (void)close(third);
}

static void an_invalid_message_disconnects_only_its_client(void **state)
{
    (void)state;
    static const char *const messages[] = {
        "", "nonsense", "[]", "{}", "{\"id\":0}", "{\"id\":\"1\",\"op\":\"apply\",\"limitMs\":9}"};

    int other = add_greeted_client();
    for (size_t i = 0; i < COUNT(messages); i++) {
        char byte = 0;
        int client = add_greeted_client();
        put(client, messages[i]);
        serve();
        assert_int_equal(read(client, &byte, 1), 0);
        (void)close(client);
    }
    assert_null(next_text(browser[1]));
    put(other, "{\"id\":1,\"op\":\"apply\",\"limitMs\":9}");
    serve();
    assert_next(browser[1], "{\"event\":\"apply\",\"ticket\":1,\"limitMs\":9}");
    (void)close(other);
}

static void an_invalid_request_is_answered_at_once(void **state)
{
    (void)state;
    int client = add_greeted_client();

    put(client, "{\"id\":3,\"op\":\"reload\"}");
    serve();
    assert_next(client, "{\"id\":3,\"ok\":false,\"error\":\"A request needs the member \\\"op\\\": "
                        "apply, report, render, invoke or describe.\"}");
    assert_null(next_text(browser[1]));
    (void)close(client);
}

#define APPLY "{\"id\":1,\"op\":\"apply\",\"limitMs\":9}"

static size_t count_texts(int fd)
{
    size_t count = 0;

    while (next_text(fd) != NULL) {
        count++;
    }
    return count;
}

static void the_next_request_of_a_client_is_read_after_the_answer_to_its_last(void **state)
{
    (void)state;
    int client = add_greeted_client();

    for (int i = 0; i < 3; i++) {
        put(client, APPLY);
    }
    for (int64_t ticket = 1; ticket <= 3; ticket++) {
        serve();
        assert_int_equal(count_texts(browser[1]), 1);
        assert_null(next_text(client));
        assert_int_equal(confirm(ticket), STATUS_OK);
        assert_next(client, "{\"id\":1,\"ok\":true,\"result\":null}");
    }
    (void)close(client);
}

static void a_client_that_has_closed_loses_its_request(void **state)
{
    (void)state;
    int client = add_greeted_client();

    put(client, APPLY);
    serve();
    put(client, APPLY); /* is not read any more */
    (void)close(client);
    serve();
    assert_false(relay.clients[0].connected);
    assert_int_equal(count_texts(browser[1]), 1);
    assert_int_equal(confirm(1), STATUS_BAD_REQUEST);
}

/* As much as the socket takes. */
static void fill_socket(int fd)
{
    char bytes[1024] = "";

    while (send(fd, bytes, sizeof bytes, MSG_DONTWAIT) > 0) {
    }
}

static void a_client_that_does_not_read_is_not_read(void **state)
{
    (void)state;
    int client = add_greeted_client();

    fill_socket(relay.clients[0].peer.reader.fd);
    put(client, "{\"id\":1,\"op\":\"reload\"}");
    for (int i = 0; i < 100; i++) {
        put(client, APPLY);
    }
    serve();
    assert_true(relay.clients[0].connected);
    assert_true(relay.clients[0].peer.unsent.size >= 1 &&
                relay.clients[0].peer.unsent.size <= 1024); /* the one answer */
    assert_int_equal(count_texts(browser[1]), 0);
    (void)close(client);
}

static void one_client_does_not_delay_the_browser(void **state)
{
    (void)state;
    struct pollfd polled[RELAY_CLIENTS_MAX];
    int client = add_greeted_client();

    for (int i = 0; i < 20; i++) {
        put(client, "{\"id\":1,\"op\":\"reload\"}");
    }
    assert_false(relay_poll(&relay, polled));
    assert_int_equal(poll(polled, RELAY_CLIENTS_MAX, 0), 1);
    assert_int_equal(relay_serve(&relay, polled, browser[0]), STATUS_OK);
    assert_int_equal(count_texts(client), 1);
    assert_true(relay_poll(&relay, polled)); /* the rest has already been read */
    serve();
    assert_int_equal(count_texts(client), 19);
    (void)close(client);
}

/* The young ones stay so however slow the machine is. */
enum { YOUNG_MS = -60000, OLD_MS = 2000, OLDEST_MS = 60000 };
enum { NOBODY = RELAY_CLIENTS_MAX };

/* All places are taken, by processes 1, 2, … up to `processes` in turn, with a request open and
 * `age_ms` old. One is different; then a client of `newcomer` comes. */
static const struct crowd {
    const char *what;
    pid_t processes;
    int64_t age_ms;
    size_t other;
    bool other_waits; /* it has a request open */
    int64_t other_age_ms;
    pid_t newcomer;
    bool has_room;
    size_t evicted; /* NOBODY: the newcomer, if it is taken at all */
} crowds[] = {
    {"idle", 64, OLD_MS, 5, false, OLD_MS, 99, true, 5},
    {"idle, of whom all else are", 1, OLDEST_MS, 5, false, OLD_MS, 1, true, 5},
    {"idle, but not long", 64, YOUNG_MS, 5, false, YOUNG_MS, 99, false, NOBODY},
    {"one program that hoards requests", 1, YOUNG_MS, 7, true, OLD_MS, 99, true, 7},
    {"one program that hoards, again", 1, YOUNG_MS, 7, true, OLD_MS, 1, true, NOBODY},
    {"two programs, one more", 2, OLDEST_MS, 0, true, OLDEST_MS + 1, 3, true, 0},
    {"many programs with two", 32, YOUNG_MS, 40, true, OLD_MS, 99, true, 40},
    {"many programs, the youngest waits", 64, OLD_MS, 40, true, OLDEST_MS, 99, true, 40},
    {"many programs, all of them new", 64, YOUNG_MS, 40, true, YOUNG_MS, 99, false, NOBODY},
};

static void crowd_in(const struct crowd *crowd, int ends[RELAY_CLIENTS_MAX])
{
    for (size_t i = 0; i < RELAY_CLIENTS_MAX; i++) {
        assert_true(relay_has_room(&relay));
        ends[i] = add_client_of((pid_t)i % crowd->processes + 1);
        assert_next(ends[i], "\"hello\"");
        if (i != crowd->other || crowd->other_waits) {
            put(ends[i], APPLY);
            serve();
            assert_int_equal(count_texts(browser[1]), 1);
        }
        relay.clients[i].since -= i == crowd->other ? crowd->other_age_ms : crowd->age_ms;
    }
}

static void check_crowd(const struct crowd *crowd)
{
    int ends[RELAY_CLIENTS_MAX];

    crowd_in(crowd, ends);
    if (relay_has_room(&relay) != crowd->has_room) {
        fail_msg("%s: room", crowd->what);
    }
    int late = add_client_of(crowd->newcomer);
    const char *text = next_text(late);
    if (text == NULL || (strcmp(text, "\"hello\"") == 0) != (crowd->evicted != NOBODY)) {
        fail_msg("%s: the newcomer got %s", crowd->what, text);
    }
    for (size_t i = 0; i < RELAY_CLIENTS_MAX; i++) {
        text = next_text(ends[i]);
        if ((text != NULL) != (i == crowd->evicted) ||
            (text != NULL && strstr(text, "gave its place") == NULL &&
             strstr(text, "gave this connection's place") == NULL)) {
            fail_msg("%s: client %zu got %s", crowd->what, i, text);
        }
        (void)close(ends[i]);
    }
    (void)close(late);
}

static void every_program_gets_a_place_and_none_has_many_for_long(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(crowds); i++) {
        check_crowd(&crowds[i]);
        relay_end(&relay);
    }
}

static struct json_object *no_greeting(void *context)
{
    (void)context;
    return NULL;
}

static void a_client_that_cannot_be_greeted_is_closed(void **state)
{
    (void)state;
    char byte = 0;
    int ends[2];

    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
    relay.greeting = no_greeting;
    relay_add(&relay, ends[0], 1);
    assert_int_equal(read(ends[1], &byte, 1), 0);
    (void)close(ends[1]);
    assert_false(relay.clients[0].connected);
}

static void a_browser_that_cannot_be_written_to_is_reported(void **state)
{
    (void)state;
    struct pollfd polled[RELAY_CLIENTS_MAX];
    int client = add_greeted_client();
    int closed = open("/dev/full", O_WRONLY | O_CLOEXEC);

    put(client, "{\"id\":1,\"op\":\"apply\",\"limitMs\":9}");
    (void)relay_poll(&relay, polled);
    assert_int_equal(poll(polled, RELAY_CLIENTS_MAX, 0), 1);
    assert_int_equal(relay_serve(&relay, polled, closed), STATUS_IO_FAILED);
    (void)close(closed);
    (void)close(client);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, finish)
    const struct CMUnitTest tests[] = {
        TEST(a_request_becomes_an_event_and_its_confirmation_the_answer),
        TEST(a_ticket_is_valid_once),
        TEST(a_disconnected_client_loses_its_tickets),
        TEST(an_invalid_message_disconnects_only_its_client),
        TEST(an_invalid_request_is_answered_at_once),
        TEST(the_next_request_of_a_client_is_read_after_the_answer_to_its_last),
        TEST(a_client_that_has_closed_loses_its_request),
        TEST(a_client_that_does_not_read_is_not_read),
        TEST(one_client_does_not_delay_the_browser),
        TEST(every_program_gets_a_place_and_none_has_many_for_long),
        TEST(a_client_that_cannot_be_greeted_is_closed),
        TEST(a_browser_that_cannot_be_written_to_is_reported),
    };

    return cmocka_run_group_tests_name("relay", tests, NULL, NULL);
}
