/* SPDX-License-Identifier: MIT */
#include "base/hex.h"
#include "base/json_text.h"
#include "cipher_fixture.h"
#include "store/crypto.h"
#include "support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define IV_MESSAGE PADDING_MESSAGE "The \"iv\" has an unexpected length -- must be 16 bytes"

static struct bytes encrypt(struct view digest_of, struct view secret)
{
    struct bytes value = {0};
    struct failure failure = {0};

    assert_int_equal(cipher_encrypt(view_of_bytes(&key), view_of_bytes(&iv), digest_of, secret,
                                    &value, &failure),
                     STATUS_OK);
    return value;
}

static struct view member_of(struct json_object *vector, const char *name)
{
    struct json_object *value = NULL;

    assert_true(json_object_object_get_ex(vector, name, &value));
    return json_string_view(value);
}

static void every_recorded_vector_is_reproduced_byte_for_byte(void **state)
{
    (void)state;
    BYTES_AUTO text = vectors_read("cipher.json");
    JSON_AUTO(root) = NULL;
    struct json_object *vectors = NULL;
    struct failure failure = {0};

    assert_int_equal(json_text_parse(view_of_bytes(&text), &root, &failure), STATUS_OK);
    assert_true(json_object_object_get_ex(root, "vectors", &vectors));
    assert_true(json_object_array_length(vectors) >= 6);
    for (size_t i = 0; i < json_object_array_length(vectors); i++) {
        struct json_object *vector = json_object_array_get_idx(vectors, i);
        struct view secret = member_of(vector, "secret");
        struct view digits = member_of(vector, "iv");
        struct view ciphertext = member_of(vector, "ciphertext");
        char slot[CIPHER_SLOT_SIZE];
        BYTES_AUTO vector_key = {0};
        BYTES_AUTO vector_iv = {0};
        BYTES_AUTO value = {0};
        BYTES_AUTO decrypted = {0};

        assert_int_equal(cipher_slot(member_of(vector, "member"), member_of(vector, "key"), slot),
                         STATUS_OK);
        assert_view_equal((struct view){(uint8_t *)slot, sizeof slot},
                          member_of(vector, "storageKey"));
        assert_int_equal(cipher_key_parse(member_of(vector, "aesKey"), &vector_key, &failure),
                         STATUS_OK);
        assert_int_equal(hex_decode(digits, &vector_iv), STATUS_OK);
        assert_int_equal(cipher_encrypt(view_of_bytes(&vector_key), view_of_bytes(&vector_iv),
                                        secret, secret, &value, &failure),
                         STATUS_OK);
        assert_int_equal(value.size, 33 + ciphertext.size);
        assert_view_equal((struct view){value.data, 32}, digits);
        assert_int_equal(value.data[32], ';');
        assert_view_equal((struct view){value.data + 33, value.size - 33}, ciphertext);
        assert_int_equal(
            cipher_decrypt(view_of_bytes(&vector_key), view_of_bytes(&value), &decrypted, &failure),
            STATUS_OK);
        assert_view_equal(view_of_bytes(&decrypted), secret);
    }
}

static void a_value_has_the_size_that_the_format_gives_and_decrypts(void **state)
{
    (void)state;
    for (size_t size = 0; size <= 1100; size++) {
        BYTES_AUTO secret = {0};
        assert_int_equal(bytes_alloc(size, &secret), STATUS_OK);
        memset(secret.data, 'x', size);
        BYTES_AUTO value = encrypt(view_of_bytes(&secret), view_of_bytes(&secret));
        assert_int_equal(value.size, 33 + 32 * ((64 + size) / 16 + 1));
        if (size <= 15) {
            assert_int_equal(value.size, 193);
        } else if (size <= 31) {
            assert_int_equal(value.size, 225);
        } else if (size == 1024) {
            assert_int_equal(value.size, 2241);
        }
        assert_decrypts(view_of_bytes(&value), view_of_bytes(&secret));
    }
}

static void secrets_of_every_kind_survive_a_round_trip(void **state)
{
    (void)state;
    const struct view secrets[] = {
        {NULL, 0},
        VIEW(""),
        VIEW("a\0b"),
        VIEW("\0"),
        VIEW("\xF0\x9F\x94\x91\xE2\x80\x8D\xF0\x9F\x94\x92"),
        VIEW("\xEF\xBB\xBFmark at the start"),
        VIEW("\xEF\xBF\xBE"),
        VIEW("\r\n"),
        VIEW(";;"),
        VIEW(KEY),
        VIEW(KEY KEY),
    };

    for (size_t i = 0; i < COUNT(secrets); i++) {
        BYTES_AUTO value = encrypt(secrets[i], secrets[i]);
        assert_decrypts(view_of_bytes(&value), secrets[i]);
    }
}

static void slots_differ_by_member_and_key_but_not_by_the_place_of_the_colon(void **state)
{
    (void)state;
    char slots[4][CIPHER_SLOT_SIZE];

    assert_int_equal(cipher_slot(VIEW("a"), VIEW("b"), slots[0]), STATUS_OK);
    assert_int_equal(cipher_slot(VIEW("b"), VIEW("a"), slots[1]), STATUS_OK);
    assert_memory_not_equal(slots[0], slots[1], CIPHER_SLOT_SIZE);
    /* An ambiguity of the format: a member's id never contains a colon. */
    assert_int_equal(cipher_slot(VIEW("a:"), VIEW("b"), slots[2]), STATUS_OK);
    assert_int_equal(cipher_slot(VIEW("a"), VIEW(":b"), slots[3]), STATUS_OK);
    assert_memory_equal(slots[2], slots[3], CIPHER_SLOT_SIZE);
}

static void random_bytes_differ_each_time(void **state)
{
    (void)state;
    BYTES_AUTO first = {0};
    BYTES_AUTO second = {0};

    assert_int_equal(cipher_random(CIPHER_KEY_SIZE, &first), STATUS_OK);
    assert_int_equal(cipher_random(CIPHER_KEY_SIZE, &second), STATUS_OK);
    assert_int_equal(first.size, CIPHER_KEY_SIZE);
    assert_memory_not_equal(first.data, second.data, CIPHER_KEY_SIZE);
}

static void a_key_is_hex_of_either_case(void **state)
{
    (void)state;
    static const char *const refused[] = {
        "",      "0",      "000",    "0g",        "0x00", " 00",          "00 ",
        "0 0",   "00\n",   "\n00",   "00;00",     "+1",   "-1",           "zz",
        KEY "0", KEY "\n", "0x" KEY, " " KEY " ", "g0",   "\xD9\xA0\xD9", "\xEF\xBC\x90",
        "/0",    ":0",     "@0",     "G0",        "`0",   "{0",
    };
    struct failure failure;
    BYTES_AUTO lower = {0};
    BYTES_AUTO upper = {0};

    assert_int_equal(cipher_key_parse(VIEW("00ff0aBc"), &lower, &failure), STATUS_OK);
    assert_int_equal(cipher_key_parse(VIEW("00FF0AbC"), &upper, &failure), STATUS_OK);
    assert_view_equal(view_of_bytes(&lower), view_of_bytes(&upper));
    for (size_t i = 0; i < COUNT(refused); i++) {
        struct bytes parsed = {0};
        failure = (struct failure){0};
        assert_int_equal(cipher_key_parse(view_of_text(refused[i]), &parsed, &failure),
                         STATUS_LIBRARY_ERROR);
        assert_null(parsed.data);
        assert_library_failure(&failure, "Error", "Error", false, "Invalid hexString");
    }
}

static void only_keys_of_128_and_256_bits_are_imported(void **state)
{
    (void)state;
    uint8_t data[64] = {0};
    BYTES_AUTO value = encrypt(VIEW("hello"), VIEW("hello"));

    for (size_t size = 0; size <= sizeof data; size++) {
        struct view other = {data, size};
        struct failure failures[2] = {{0}};
        BYTES_AUTO encrypted = {0};
        BYTES_AUTO secret = {0};
        bool fits = size == 16 || size == 32;

        enum status status = cipher_encrypt(other, view_of_bytes(&iv), VIEW("hello"), VIEW("hello"),
                                            &encrypted, &failures[0]);
        assert_int_equal(status, fits ? STATUS_OK : STATUS_LIBRARY_ERROR);
        if (fits) {
            assert_int_equal(
                cipher_decrypt(other, view_of_bytes(&encrypted), &secret, &failures[1]), STATUS_OK);
            assert_view_equal(view_of_bytes(&secret), VIEW("hello"));
            continue;
        }
        assert_null(encrypted.data);
        assert_int_equal(cipher_decrypt(other, view_of_bytes(&value), &secret, &failures[1]),
                         STATUS_LIBRARY_ERROR);
        for (size_t i = 0; i < 2; i++) {
            assert_library_failure(&failures[i], "DOMException",
                                   size == 24 ? "OperationError" : "DataError", false,
                                   size == 24 ? "192-bit AES keys are not supported"
                                              : "AES key data must be 128 or 256 bits");
        }
    }
}

static void a_bad_key_is_reported_before_a_bad_value(void **state)
{
    (void)state;
    struct failure failure = {0};
    struct bytes secret = {0};

    assert_int_equal(cipher_decrypt(VIEW("short"), VIEW("no hex"), &secret, &failure),
                     STATUS_LIBRARY_ERROR);
    assert_library_failure(&failure, "DOMException", "DataError", false,
                           "AES key data must be 128 or 256 bits");
}

static void a_value_of_the_wrong_form_is_invalid_hex(void **state)
{
    (void)state;
    BYTES_AUTO value = encrypt(VIEW("hello"), VIEW("hello"));
    struct view ciphertext = {value.data + 33, value.size - 33};
    static const char *const heads[] = {
        "",          ";",  IV,    IV ";;", ";" IV ";", IV "; ",  " " IV ";", IV " ;",
        "0x" IV ";", "0;", "g0;", IV "0;", IV ";0",    IV ";zz", IV ";\n",
    };
    static const char *const tails[] = {";", " ", "0", "\n", "g0", ";00"};

    for (size_t i = 0; i < COUNT(heads); i++) {
        char text[512];
        int size = snprintf(text, sizeof text, "%s%.*s", heads[i], (int)ciphertext.size,
                            (const char *)ciphertext.data);
        assert_refused((struct view){(uint8_t *)text, (size_t)size}, false, "Invalid hexString");
    }
    for (size_t i = 0; i < COUNT(tails); i++) {
        char text[512];
        int size = snprintf(text, sizeof text, "%.*s%s", (int)value.size, (const char *)value.data,
                            tails[i]);
        assert_refused((struct view){(uint8_t *)text, (size_t)size}, false, "Invalid hexString");
    }
    assert_refused((struct view){NULL, 0}, false, "Invalid hexString");
    assert_refused(VIEW(IV ";"), false, "Invalid hexString");
    assert_refused(VIEW(IV ";00\0"), false, "Invalid hexString");
    assert_refused(VIEW("00"), false, "Invalid hexString");
}

static void upper_case_hex_decrypts(void **state)
{
    (void)state;
    BYTES_AUTO value = encrypt(VIEW("hello"), VIEW("hello"));

    for (size_t i = 0; i < value.size; i++) {
        if (value.data[i] >= 'a' && value.data[i] <= 'f') {
            value.data[i] = (uint8_t)(value.data[i] - 'a' + 'A');
        }
    }
    assert_decrypts(view_of_bytes(&value), VIEW("hello"));
}

static void an_iv_of_another_length_is_refused_with_the_browsers_error(void **state)
{
    (void)state;
    BYTES_AUTO value = encrypt(VIEW("hello"), VIEW("hello"));

    for (size_t size = 1; size <= 40; size++) {
        char text[512];
        memset(text, '0', 2 * size);
        memcpy(text + 2 * size, value.data + 32, value.size - 32);
        if (size != CIPHER_IV_SIZE) {
            assert_refused((struct view){(uint8_t *)text, 2 * size + value.size - 32}, true,
                           IV_MESSAGE);
        }
    }
}

static void a_truncated_ciphertext_never_decrypts(void **state)
{
    (void)state;
    BYTES_AUTO value = encrypt(VIEW("hello"), VIEW("hello"));

    for (size_t size = 0; size < value.size; size++) {
        BYTES_AUTO secret = {0};
        struct failure failure = {0};
        assert_int_equal(
            cipher_decrypt(view_of_bytes(&key), (struct view){value.data, size}, &secret, &failure),
            STATUS_LIBRARY_ERROR);
        if (size > 33 && (size - 33) % 2 == 0 && (size - 33) % 32 != 0) {
            assert_library_failure(&failure, "Error", "Error", true, PADDING_MESSAGE);
        }
    }
}

static void another_key_decrypts_nothing(void **state)
{
    (void)state;
    BYTES_AUTO value = encrypt(VIEW("hello"), VIEW("hello"));
    size_t integrity = 0;

    /* Every key that differs in one bit, of which about 1 in 255 gives a valid padding. */
    for (size_t bit = 0; bit < 8 * key.size; bit++) {
        BYTES_AUTO other = bytes_of(view_of_bytes(&key));
        BYTES_AUTO secret = {0};
        struct failure failure = {0};
        other.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_int_equal(
            cipher_decrypt(view_of_bytes(&other), view_of_bytes(&value), &secret, &failure),
            STATUS_LIBRARY_ERROR);
        bool padding_fits = strcmp(failure.message, INTEGRITY_MESSAGE) == 0;
        integrity += padding_fits;
        assert_library_failure(&failure, "Error", "Error", !padding_fits,
                               padding_fits ? INTEGRITY_MESSAGE : PADDING_MESSAGE);
    }
    assert_true(integrity <= 16);
}

static bool is_hex(uint8_t c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

static void no_bit_of_a_value_can_be_changed(void **state)
{
    (void)state;
    BYTES_AUTO value = encrypt(VIEW("hello"), VIEW("hello"));

    for (size_t bit = 0; bit < 8 * value.size; bit++) {
        uint8_t before = value.data[bit / 8];
        uint8_t after = before ^ (uint8_t)(1 << bit % 8);
        BYTES_AUTO secret = {0};
        struct failure failure = {0};

        value.data[bit / 8] = after;
        enum status status =
            cipher_decrypt(view_of_bytes(&key), view_of_bytes(&value), &secret, &failure);
        value.data[bit / 8] = before;
        if (is_hex(before) && is_hex(after) && (before | 0x20) == (after | 0x20)) {
            assert_int_equal(status, STATUS_OK); /* the same digit in the other case */
            continue;
        }
        assert_int_equal(status, STATUS_LIBRARY_ERROR);
        if (!is_hex(after) ||
            bit / 8 == 32) { /* without its separator it is one text of odd length */
            assert_library_failure(&failure, "Error", "Error", false, "Invalid hexString");
        } else if (bit / 8 < value.size - 64) {
            /* Changes before the last two blocks do not affect the padding. */
            assert_library_failure(&failure, "Error", "Error", false, INTEGRITY_MESSAGE);
        }
    }
    assert_decrypts(view_of_bytes(&value), VIEW("hello"));
}

static void a_digest_of_something_else_fails_the_integrity_check(void **state)
{
    (void)state;
    BYTES_AUTO undefined = encrypt(VIEW(""), VIEW("undefined"));
    BYTES_AUTO blank = encrypt(VIEW("hello "), VIEW("hello"));

    assert_refused(view_of_bytes(&undefined), false, INTEGRITY_MESSAGE);
    assert_refused(view_of_bytes(&blank), false, INTEGRITY_MESSAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_recorded_vector_is_reproduced_byte_for_byte),
        cmocka_unit_test(a_value_has_the_size_that_the_format_gives_and_decrypts),
        cmocka_unit_test(secrets_of_every_kind_survive_a_round_trip),
        cmocka_unit_test(slots_differ_by_member_and_key_but_not_by_the_place_of_the_colon),
        cmocka_unit_test(random_bytes_differ_each_time),
        cmocka_unit_test(a_key_is_hex_of_either_case),
        cmocka_unit_test(only_keys_of_128_and_256_bits_are_imported),
        cmocka_unit_test(a_bad_key_is_reported_before_a_bad_value),
        cmocka_unit_test(a_value_of_the_wrong_form_is_invalid_hex),
        cmocka_unit_test(upper_case_hex_decrypts),
        cmocka_unit_test(an_iv_of_another_length_is_refused_with_the_browsers_error),
        cmocka_unit_test(a_truncated_ciphertext_never_decrypts),
        cmocka_unit_test(another_key_decrypts_nothing),
        cmocka_unit_test(no_bit_of_a_value_can_be_changed),
        cmocka_unit_test(a_digest_of_something_else_fails_the_integrity_check),
    };

    return cmocka_run_group_tests_name("cipher", tests, cipher_start, cipher_stop);
}
