/* SPDX-License-Identifier: MIT */
/* What every fallible function returns, and the error that travels back to a page. */
#ifndef POWERUP_SECRETS_BASE_STATUS_H
#define POWERUP_SECRETS_BASE_STATUS_H

#include <stdbool.h>
#include <stddef.h>

#define MUST_CHECK                __attribute__((warn_unused_result))
#define PRINTF_LIKE(text, values) __attribute__((format(printf, text, values)))

/* X(constant, name, sentence). The name travels in replies as error.code, so none is ever reused
 * for another meaning; the sentence is what a person reads when there is no better one. */
#define STATUS_LIST(X)                                                                             \
    X(STATUS_OK, "ok", "Done.")                                                                    \
    X(STATUS_ABSENT, "absent", "There is no such entry.")                                          \
    X(STATUS_NEED_MORE, "need_more", "More input is needed.")                                      \
    X(STATUS_DEFERRED, "deferred", "The answer follows later.")                                    \
    X(STATUS_END_OF_INPUT, "end_of_input", "The input ended between two messages.")                \
    X(STATUS_FRAME_TOO_LARGE, "frame_too_large", "A message is larger than the limit.")            \
    X(STATUS_FRAME_TRUNCATED, "frame_truncated", "The input ended inside a message.")              \
    X(STATUS_BAD_JSON, "bad_json", "The message is not valid JSON.")                               \
    X(STATUS_BAD_REQUEST, "bad_request", "The request is malformed.")                              \
    X(STATUS_UNKNOWN_OPERATION, "unknown_operation", "The operation is unknown.")                  \
    X(STATUS_HELLO_FIRST, "hello_first", "The first operation must be hello.")                     \
    X(STATUS_PROTOCOL_MISMATCH, "protocol_mismatch",                                               \
      "Extension and host speak different protocols.")                                             \
    X(STATUS_BAD_ORIGIN, "bad_origin", "The origin cannot have storage.")                          \
    X(STATUS_LIBRARY_ERROR, "library_error", "Trello's library fails here.")                       \
    X(STATUS_STATE_FOLDER, "state_folder", "The state folder cannot be used.")                     \
    X(STATUS_ROOT_KEY, "root_key", "The root key cannot be used.")                                 \
    X(STATUS_STORE_BUSY, "store_busy", "Another program holds the store.")                         \
    X(STATUS_STORE_FULL, "store_full", "There is no space left on the disk.")                      \
    X(STATUS_STORE_READ_ONLY, "store_read_only", "The store cannot be written.")                   \
    X(STATUS_STORE_DAMAGED, "store_damaged", "The database file is damaged.")                      \
    X(STATUS_STORE_NEWER, "store_newer", "A newer powerup-secrets made this store.")               \
    X(STATUS_STORE_FAILED, "store_failed", "The store could not be read or written.")              \
    X(STATUS_DAMAGED, "damaged", "Stored bytes fail their check.")                                 \
    X(STATUS_CRYPTO_FAILED, "crypto_failed", "The crypto library failed.")                         \
    X(STATUS_IO_FAILED, "io_failed", "Reading or writing failed.")                                 \
    X(STATUS_NO_MEMORY, "no_memory", "Out of memory.")

#define STATUS_CONSTANT(constant, name, sentence) constant,
enum status { STATUS_LIST(STATUS_CONSTANT) };
#undef STATUS_CONSTANT

/* Returns the status of a call unless it is STATUS_OK. What the function owns must clean up after
 * itself (…_AUTO). */
#define TRY(call)                                                                                  \
    do {                                                                                           \
        enum status try_status = (call);                                                           \
        if (try_status != STATUS_OK) {                                                             \
            return try_status;                                                                     \
        }                                                                                          \
    } while (false)

/* Hands what an owned local holds over to another owner, and leaves the local empty, all zero. Not
 * for descriptors, whose empty value is -1: fd_take. */
#define MOVE(to, from)                                                                             \
    do {                                                                                           \
        (to) = (from);                                                                             \
        (from) = (__typeof__(from)){0};                                                            \
    } while (false)

/* STATUS_ABSENT becomes STATUS_OK, where a missing entry is no failure. */
MUST_CHECK enum status status_allow_absent(enum status status);

/* Both return static text. */
const char *status_name(enum status status);
const char *status_sentence(enum status status);

/* An error in the form in which a page meets it. The class is the constructor ("Error",
 * "TypeError", "DOMException"), the name its `name`, operational says whether the promise class
 * marks it as expected (bluebird's isOperational). Class and name are static text; the message is
 * UTF-8 and never holds a secret or a key. */
struct failure {
    enum status status;
    bool operational;
    const char *error_class;
    const char *error_name;
    char message[512];
};

/* Records a plain, not operational Error, and returns the status so that a function can end with
 * `return failure_set(...)`. A message that is too long is cut between two characters. */
enum status failure_set(struct failure *failure, enum status status, const char *format, ...)
    PRINTF_LIKE(3, 4);

/* Ends a step that has no sentence of its own: passes STATUS_OK on, and otherwise records the
 * sentence of the status and returns the status. */
enum status failure_explain(struct failure *failure, enum status status);

/* Records "Out of memory." and returns STATUS_NO_MEMORY. */
enum status failure_no_memory(struct failure *failure);

/* Records one of the errors that Trello's library raises, word for word. Returns
 * STATUS_LIBRARY_ERROR. */
enum status failure_library(struct failure *failure, const char *error_class,
                            const char *error_name, bool operational, const char *message);

#endif
