/* SPDX-License-Identifier: MIT */
#include "cipher_fixture.h"

#include "store/crypto.h"
#include "support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct bytes key;
struct bytes iv;

int cipher_start(void **state)
{
    (void)state;
    key = bytes_of_hex(KEY);
    iv = bytes_of_hex(IV);
    return crypto_start() == STATUS_OK ? 0 : -1;
}

int cipher_stop(void **state)
{
    (void)state;
    bytes_wipe(&key);
    bytes_wipe(&iv);
    return 0;
}

void assert_decrypts(struct view value, struct view expected)
{
    BYTES_AUTO secret = {0};
    struct failure failure = {0};

    assert_int_equal(cipher_decrypt(view_of_bytes(&key), value, &secret, &failure), STATUS_OK);
    assert_view_equal(view_of_bytes(&secret), expected);
}

void assert_refused(struct view value, bool operational, const char *message)
{
    struct bytes secret = {0};
    struct failure failure = {0};

    assert_int_equal(cipher_decrypt(view_of_bytes(&key), value, &secret, &failure),
                     STATUS_LIBRARY_ERROR);
    assert_null(secret.data);
    assert_library_failure(&failure, "Error", "Error", operational, message);
}
