/* SPDX-License-Identifier: MIT */
#include "native/session.h"

#include "base/identity.h"
#include "store/transaction.h"
#include "wire/change_signal.h"

#include <errno.h>
#include <unistd.h>

void session_end(struct session *session)
{
    int code = errno;

    /* First, so that no client finds a socket whose host is about to end. */
    if (session->socket != NULL) {
        change_signal_close(session->socket->folder, &session->changed);
    }
    control_socket_close(&session->socket);
    json_put(&session->told);
    relay_end(&session->relay);
    child_end(&session->child);
    store_close(&session->store);
    bytes_wipe(&session->browser);
    bytes_wipe(&session->extension);
    errno = code; /* of what ended it */
}

static void describe(const struct session *session, struct json_object *greeting)
{
    json_set_string(greeting, "host", view_of_text(POWERUP_SECRETS_VERSION));
    json_set_number(greeting, "pid", getpid());
    json_set_string(greeting, "browser", view_of_bytes(&session->browser));
    json_set_string(greeting, "extension", view_of_bytes(&session->extension));
    json_set_number_or_null(greeting, "browserPid", session->process.pid);
    json_set_string(greeting, "browserProfile", store_browser_profile(session->store));
}

struct json_object *session_greeting(void *context)
{
    const struct session *session = context;
    JSON_AUTO(greeting) = json_object_new_object();
    TRANSACTION_AUTO transaction = {0};
    struct failure ignored = {0};

    /* Brings the browser profile up to date; where that fails, the last known one is given. */
    (void)(transaction_begin(session->store, TRANSACTION_READ, &transaction, &ignored) ==
           STATUS_OK);
    describe(session, greeting);
    return json_status(greeting) == STATUS_OK ? json_object_get(greeting) : NULL;
}
