/* SPDX-License-Identifier: MIT */
/* Shared by the tests of operations: a session with a new state folder for each test. */
#ifndef POWERUP_SECRETS_SESSION_FIXTURE_H
#define POWERUP_SECRETS_SESSION_FIXTURE_H

#include "native/operation.h"
#include "support.h"

#define HELLO "{\"id\":1,\"op\":\"hello\",\"protocol\":1,\"extension\":\"0\",\"browser\":\"test\"}"

/* Where a secret is, as members of a request. */
#define SECRET "\"origin\":\"https://example.com\",\"member\":\"m\",\"key\":\"k\""

extern struct bytes folder;
extern struct session session;
extern struct failure failure;

int session_start(void **state);
int session_stop(void **state);

/* The same, after a successful hello. */
int session_start_greeted(void **state);

/* Ends the session, as one whose browser has ended: commands do not wait for this process. */
void session_end_with_browser(void);

/* A JSON text that must be valid; the caller owns it. */
struct json_object *parse(const char *text);

/* Runs a request; on failure there is no result, and `failure` is set. */
enum status run(struct json_object *request, struct json_object **ret_result);
enum status run_text(const char *text);

/* Runs `{"id":1,"op":OP,MEMBERS}`, and compares the result's JSON text. */
void assert_gives(const char *op, const char *members, const char *result);

/* The same for a request that is refused with an error of the host whose message contains a text.
 */
void assert_refuses(const char *op, const char *members, enum status status, const char *words);

#endif
