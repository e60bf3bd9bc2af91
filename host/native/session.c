/* SPDX-License-Identifier: MIT */
#include "native/session.h"

#include "base/identity.h"
#include "store/transaction.h"

#include <unistd.h>

void session_end(struct session *session)
{
    /* Nobody must find a socket whose host is about to end. */
    control_socket_close(&session->socket);
    relay_end(&session->relay);
    child_end(&session->child);
    store_close(&session->store);
    bytes_wipe(&session->browser);
    bytes_wipe(&session->extension);
}

struct json_object *session_greeting(const struct session *session)
{
    JSON_AUTO(greeting) = json_object_new_object();
    struct json_object *given = NULL;
    TRANSACTION_AUTO transaction = {0};
    struct failure ignored = {0};

    /* Brings the browser profile up to date; without it the last one that was known is told. */
    (void)(transaction_begin(session->store, TRANSACTION_READ, &transaction, &ignored) ==
           STATUS_OK);

    enum status status =
        greeting != NULL ? json_add_string(greeting, "host", view_of_text(POWERUP_SECRETS_VERSION))
                         : STATUS_NO_MEMORY;
    if (status == STATUS_OK) {
        status = json_add_number(greeting, "pid", getpid());
    }
    if (status == STATUS_OK) {
        status = json_add_string(greeting, "browser", view_of_bytes(&session->browser));
    }
    if (status == STATUS_OK) {
        status = json_add_string(greeting, "extension", view_of_bytes(&session->extension));
    }
    if (status == STATUS_OK) {
        status = json_add_string(greeting, "browserProfile", store_browser_profile(session->store));
    }
    if (status == STATUS_OK) {
        given = greeting;
        greeting = NULL;
    }
    return given;
}
