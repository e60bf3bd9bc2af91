// SPDX-License-Identifier: MIT
// Secrets as the library stores them, and sealed texts. Input: a byte that selects what to change,
// then two parts separated by a line feed. Both are used as secret, stored value, key and sealed
// text.
#include "base/utf8.h"
#include "fuzz.h"
#include "store/seal.h"
#include "trello/cipher.h"

#include <string.h>

static const struct view key = {(const uint8_t *)"0123456789abcdef0123456789ABCDEF",
                                CIPHER_KEY_SIZE};
static const struct view iv = {(const uint8_t *)"fedcba9876543210", CIPHER_IV_SIZE};

static enum status decrypt(struct view any_key, struct view value, struct bytes *ret_secret)
{
    struct failure failure = {0};

    enum status status = cipher_decrypt(any_key, value, ret_secret, &failure);
    if (status != STATUS_OK) {
        FUZZ_CHECK(status == STATUS_LIBRARY_ERROR);
        FUZZ_CHECK(ret_secret->data == NULL);
        fuzz_check_failure(&failure, status);
    }
    return status;
}

static void encrypt(struct view digest_of, struct view secret, struct bytes *ret_value)
{
    struct failure failure = {0};

    FUZZ_CHECK(cipher_encrypt(key, iv, digest_of, secret, ret_value, &failure) == STATUS_OK);
    FUZZ_CHECK(ret_value->size == 33 + 32 * ((64 + secret.size) / 16 + 1));
}

/* A secret survives a round trip, unless it is not UTF-8: then it cannot be decrypted. */
static void check_round_trip(struct view secret)
{
    BYTES_AUTO value = {0};
    BYTES_AUTO decrypted = {0};

    encrypt(secret, secret, &value);
    enum status status = decrypt(key, view_of_bytes(&value), &decrypted);
    FUZZ_CHECK((status == STATUS_OK) == utf8_is_valid(secret));
    FUZZ_CHECK(status != STATUS_OK || view_equal(view_of_bytes(&decrypted), secret));
}

/* The digest of another text is detected. */
static void check_digest(struct view digest_of, struct view secret)
{
    BYTES_AUTO value = {0};
    BYTES_AUTO decrypted = {0};

    encrypt(digest_of, secret, &value);
    enum status status = decrypt(key, view_of_bytes(&value), &decrypted);
    FUZZ_CHECK(status != STATUS_OK || utf8_is_valid(view_of_bytes(&decrypted)));
    FUZZ_CHECK(status != STATUS_OK || view_equal(view_of_bytes(&decrypted), digest_of));
}

/* A stored value with one character changed gives the same secret (it was the case of a digit) or
 * none. */
static void check_changed(struct view secret, uint8_t change)
{
    BYTES_AUTO value = {0};
    BYTES_AUTO decrypted = {0};

    encrypt(secret, secret, &value);
    value.data[(change * (size_t)257) % value.size] ^= (uint8_t)(1U << change % 7);
    if (decrypt(key, view_of_bytes(&value), &decrypted) == STATUS_OK) {
        FUZZ_CHECK(view_equal(view_of_bytes(&decrypted), secret));
    }
}

static void check_any_value(struct view value)
{
    BYTES_AUTO decrypted = {0};

    if (decrypt(key, value, &decrypted) == STATUS_OK) {
        FUZZ_CHECK(utf8_is_valid(view_of_bytes(&decrypted)));
        check_round_trip(view_of_bytes(&decrypted));
    }
}

static void check_any_key(struct view digits, struct view value)
{
    BYTES_AUTO any_key = {0};
    BYTES_AUTO decrypted = {0};
    struct failure failure = {0};

    enum status status = cipher_key_parse(digits, &any_key, &failure);
    if (status == STATUS_OK) {
        FUZZ_CHECK(2 * any_key.size == digits.size);
        (void)(decrypt(view_of_bytes(&any_key), value, &decrypted) == STATUS_OK);
    } else {
        FUZZ_CHECK(status == STATUS_LIBRARY_ERROR);
        fuzz_check_failure(&failure, status);
    }
}

static void check_does_not_open(const struct seal *seal, const struct view *place, size_t fields,
                                struct view sealed)
{
    BYTES_AUTO none = {0};

    FUZZ_CHECK(seal_open(seal, place, fields, sealed, &none) == STATUS_DAMAGED);
    FUZZ_CHECK(none.data == NULL);
}

/* A sealed text opens only in its own place, however the same characters are divided into other
 * fields. */
static void check_places(const struct seal *seal, struct view text, struct view place,
                         uint8_t change)
{
    size_t half = place.size / 2;
    const struct view here[] = {{place.data, half}, {place.data + half, place.size - half}};
    const struct view shifted[] = {{place.data, half + 1},
                                   {place.data + half + 1, place.size - half - 1}};
    BYTES_AUTO elsewhere = {0};
    BYTES_AUTO closed = {0};
    BYTES_AUTO opened = {0};

    FUZZ_CHECK(bytes_copy(place, &elsewhere) == STATUS_OK);
    elsewhere.data[change % place.size] ^= 1;
    const struct view changed[] = {{elsewhere.data, half},
                                   {elsewhere.data + half, place.size - half}};
    FUZZ_CHECK(seal_close(seal, here, 2, text, &closed) == STATUS_OK);
    struct view sealed = view_of_bytes(&closed);
    FUZZ_CHECK(seal_open(seal, here, 2, sealed, &opened) == STATUS_OK);
    FUZZ_CHECK(view_equal(view_of_bytes(&opened), text));
    check_does_not_open(seal, here, 1, sealed);
    check_does_not_open(seal, &place, 1, sealed);
    check_does_not_open(seal, shifted, 2, sealed);
    check_does_not_open(seal, changed, 2, sealed);
    closed.data[(change * (size_t)257) % sealed.size] ^= (uint8_t)(1U << change % 8);
    check_does_not_open(seal, here, 2, sealed);
}

static void check_seal(struct view text, struct view place, uint8_t change)
{
    static const uint8_t root_key[SEAL_ROOT_KEY_SIZE] = {1, 2, 3};
    struct seal seal;

    FUZZ_CHECK(seal_init(root_key, &seal) == STATUS_OK);
    check_does_not_open(&seal, &place, 1, text);
    if (place.size > 0) {
        check_places(&seal, text, place, change);
    }
    seal_free(&seal);
}

void fuzz_one(struct view input)
{
    uint8_t change = fuzz_take_byte(&input);
    struct view whole = input;
    struct view first = fuzz_take_until(&input, '\n');

    check_round_trip(whole);
    check_digest(first, input);
    check_changed(first, change);
    check_any_value(first);
    check_any_key(first, input);
    check_seal(first, input, change);
}
