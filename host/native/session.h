/* SPDX-License-Identifier: MIT */
/* One connection to one browser, and what belongs to it. */
#ifndef POWERUP_SECRETS_NATIVE_SESSION_H
#define POWERUP_SECRETS_NATIVE_SESSION_H

#include "native/child.h"
#include "native/relay.h"
#include "store/store.h"
#include "system/living_process.h"
#include "wire/control_socket.h"

/* All zero before a successful hello. */
struct session {
    struct store *store;
    struct control_socket *socket; /* for the command line, whose requests go over the relay */
    int changed;                   /* where other processes signal a change, beside the socket */
    struct json_object *told;      /* what the extension knows of changes; NULL: nothing */
    struct living_process process; /* of the browser; all zero where it is not known */
    struct living_process host;    /* this one */
    struct relay relay;
    struct child child;   /* a command of the panel */
    struct bytes browser; /* what hello said */
    struct bytes extension;
};

/* Keeps errno. */
void session_end(struct session *session);
#define SESSION_AUTO __attribute__((cleanup(session_end))) struct session

/* A relay_greeting of a session. */
struct json_object *session_greeting(void *session);

#endif
