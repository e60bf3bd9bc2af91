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

static int start(void **state)
{
    (void)state;
    relay = (struct relay){0};
    return socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, browser);
}

static int finish(void **state)
{
    (void)state;
    relay_end(&relay);
    (void)close(browser[0]);
    return close(browser[1]);
}

/* The other end of a new client. */
static int add_client(void)
{
    JSON_AUTO(greeting) = json_object_new_string("hello");
    int ends[2];

    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
    relay_add(&relay, ends[0], greeting);
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
    int end = add_client();

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

static void there_are_64_tickets(void **state)
{
    (void)state;
    int client = add_greeted_client();

    for (int i = 0; i < RELAY_TICKETS_MAX; i++) {
        put(client, "{\"id\":1,\"op\":\"apply\",\"limitMs\":9}");
    }
    put(client, "{\"id\":2,\"op\":\"apply\",\"limitMs\":9}");
    serve();
    for (int i = 0; i < RELAY_TICKETS_MAX; i++) {
        assert_non_null(next_text(browser[1]));
    }
    assert_null(next_text(browser[1]));
    const char *refused = next_text(client);
    assert_non_null(refused);
    assert_non_null(strstr(refused, "{\"id\":2,\"ok\":false"));
    assert_int_equal(confirm(64), STATUS_OK);
    put(client, "{\"id\":3,\"op\":\"apply\",\"limitMs\":9}");
    serve();
    assert_next(browser[1], "{\"event\":\"apply\",\"ticket\":65,\"limitMs\":9}");
    (void)close(client);
}

static void one_client_does_not_delay_the_browser(void **state)
{
    (void)state;
    struct pollfd polled[RELAY_CLIENTS_MAX];
    int client = add_greeted_client();
    int events = 0;

    for (int i = 0; i < 20; i++) {
        put(client, "{\"id\":1,\"op\":\"apply\",\"limitMs\":9}");
    }
    assert_false(relay_poll(&relay, polled));
    assert_int_equal(poll(polled, RELAY_CLIENTS_MAX, 0), 1);
    assert_int_equal(relay_serve(&relay, polled, browser[0]), STATUS_OK);
    while (next_text(browser[1]) != NULL) {
        events++;
    }
    assert_true(events >= 1 && events <= 19);
    assert_true(relay_poll(&relay, polled)); /* the rest has already been read */
    serve();
    while (next_text(browser[1]) != NULL) {
        events++;
    }
    assert_int_equal(events, 20);
    (void)close(client);
}

static void the_longest_idle_client_makes_room(void **state)
{
    (void)state;
    int clients[RELAY_CLIENTS_MAX];

    for (size_t i = 0; i < COUNT(clients); i++) {
        assert_true(relay_has_room(&relay));
        clients[i] = add_greeted_client();
    }
    assert_false(relay_has_room(&relay)); /* all have just connected */
    put(clients[3], "{\"id\":1,\"op\":\"apply\",\"limitMs\":9}");
    serve();
    for (size_t i = 0; i < COUNT(clients); i++) {
        relay.clients[i].last_read_at -= i == 3 ? 60000 : i == 5 ? 3000 : 2000;
    }
    assert_true(relay_has_room(&relay));
    char byte = 0;
    assert_int_equal(read(clients[5], &byte, 1), 0);
    assert_false(relay.clients[5].connected);
    assert_true(relay.clients[3].connected); /* it waits for an answer */
    for (size_t i = 0; i < COUNT(clients); i++) {
        (void)close(clients[i]);
    }
}

static void a_client_that_cannot_be_greeted_is_closed(void **state)
{
    (void)state;
    char byte = 0;
    int ends[2];

    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
    relay_add(&relay, ends[0], NULL);
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
        TEST(there_are_64_tickets),
        TEST(one_client_does_not_delay_the_browser),
        TEST(the_longest_idle_client_makes_room),
        TEST(a_client_that_cannot_be_greeted_is_closed),
        TEST(a_browser_that_cannot_be_written_to_is_reported),
    };

    return cmocka_run_group_tests_name("relay", tests, NULL, NULL);
}
