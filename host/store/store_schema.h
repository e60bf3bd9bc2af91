/* SPDX-License-Identifier: MIT */
#ifndef POWERUP_SECRETS_STORE_STORE_SCHEMA_H
#define POWERUP_SECRETS_STORE_STORE_SCHEMA_H

/* Marks the file as ours ("PUS1"), so that no other database is ever changed by mistake. */
#define STORE_APPLICATION_ID 0x50555331

/* Entry i takes a store from schema version i to i + 1. */
extern const char *const store_migrations[];
extern const int store_schema_version;

#endif
