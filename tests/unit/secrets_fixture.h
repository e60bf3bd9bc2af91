/* SPDX-License-Identifier: MIT */
/* A new store for each test, and functions to use it. */
#ifndef POWERUP_SECRETS_SECRETS_FIXTURE_H
#define POWERUP_SECRETS_SECRETS_FIXTURE_H

#include "store/plugin_data.h"
#include "support.h"
#include "trello/secrets.h"

#define ORIGIN "https://example.com"
#define MEMBER "5f0000000000000000000001"
#define OTHER  "5f0000000000000000000002"
#define PLACE(origin, site, member, key)                                                           \
    ((struct secret_place){{VIEW(origin), VIEW(site)}, VIEW(member), VIEW(key), {NULL, 0}})
#define TOKEN PLACE(ORIGIN, "", MEMBER, "token")

#define NO_VALUE ((struct view){NULL, 0})

extern struct bytes folder;
extern struct store *store;
extern struct failure failure;

struct store *open_store(const char *profile);
int start(void **state);
int finish(void **state);
enum status try_store(struct store *in, struct secret_place place, struct view secret);
void assert_stores(struct store *in, struct secret_place place, struct view secret);
void assert_loads(struct store *in, struct secret_place place, struct view expected);
enum status load(struct store *in, struct secret_place place);
void set_member_private_view(struct view text);
void set_member_private(const char *text);
struct bytes member_private(const char *origin, const char *member);
void execute(const char *sql);
int count(const char *sql);

#endif
