/* SPDX-License-Identifier: MIT */
/* Values with a plaintext that the library never produces. */
#include "base/hex.h"
#include "cipher_fixture.h"
#include "store/crypto.h"
#include "support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* "IV;CIPHERTEXT" of any plaintext, with PKCS#7 padding or without (then whole blocks). */
static struct bytes encrypt_raw(struct view plaintext, bool padded)
{
    psa_cipher_operation_t operation = PSA_CIPHER_OPERATION_INIT;
    psa_algorithm_t algorithm = padded ? PSA_ALG_CBC_PKCS7 : PSA_ALG_CBC_NO_PADDING;
    psa_key_id_t id = 0;
    uint8_t output[512];
    size_t used = 0;
    size_t size = 0;
    struct bytes value = {0};

    assert_true(plaintext.size <= sizeof output - 32);
    assert_int_equal(
        crypto_import(PSA_KEY_TYPE_AES, algorithm, PSA_KEY_USAGE_ENCRYPT, view_of_bytes(&key), &id),
        STATUS_OK);
    assert_int_equal(psa_cipher_encrypt_setup(&operation, id, algorithm), PSA_SUCCESS);
    assert_int_equal(psa_cipher_set_iv(&operation, iv.data, iv.size), PSA_SUCCESS);
    if (plaintext.size > 0) {
        assert_int_equal(psa_cipher_update(&operation, plaintext.data, plaintext.size, output,
                                           sizeof output, &used),
                         PSA_SUCCESS);
    }
    assert_int_equal(psa_cipher_finish(&operation, output + used, sizeof output - used, &size),
                     PSA_SUCCESS);
    used += size;
    assert_int_equal(psa_destroy_key(id), PSA_SUCCESS);
    assert_int_equal(bytes_alloc(33 + 2 * used, &value), STATUS_OK);
    memcpy(value.data, IV ";", 33);
    hex_encode((struct view){output, used}, (char *)value.data + 33);
    return value;
}

/* The digest of one text, followed by another text. */
static struct bytes plaintext_of(const char *before, struct view digest_of, struct view after)
{
    uint8_t digest[CRYPTO_SHA256_SIZE];
    size_t size = 0;
    size_t head = strlen(before);
    struct bytes plaintext = {0};

    assert_int_equal(psa_hash_compute(PSA_ALG_SHA_256, digest_of.data, digest_of.size, digest,
                                      sizeof digest, &size),
                     PSA_SUCCESS);
    assert_int_equal(bytes_alloc(head + 64 + after.size, &plaintext), STATUS_OK);
    memcpy(plaintext.data, before, head);
    hex_encode((struct view){digest, sizeof digest}, (char *)plaintext.data + head);
    memcpy(plaintext.data + head + 64, after.data, after.size);
    return plaintext;
}

static void every_wrong_padding_is_a_decryption_error_without_a_reason(void **state)
{
    (void)state;
    /* The last block repeats one byte: only 1 to 16 are valid paddings. */
    for (unsigned byte = 0; byte <= 255; byte++) {
        uint8_t plaintext[80];
        memset(plaintext, (int)byte, sizeof plaintext);
        BYTES_AUTO value = encrypt_raw((struct view){plaintext, sizeof plaintext}, false);
        bool padding = byte >= 1 && byte <= 16;
        assert_refused(view_of_bytes(&value), !padding,
                       padding ? INTEGRITY_MESSAGE : PADDING_MESSAGE);
    }
}

static void no_byte_of_a_long_padding_goes_unchecked(void **state)
{
    (void)state;
    for (size_t i = 0; i < 15; i++) {
        BYTES_AUTO plaintext = plaintext_of("", VIEW(""),
                                            VIEW("\20\20\20\20\20\20\20\20"
                                                 "\20\20\20\20\20\20\20\20"));
        BYTES_AUTO whole = encrypt_raw(view_of_bytes(&plaintext), false);
        assert_decrypts(view_of_bytes(&whole), VIEW(""));
        plaintext.data[64 + i] ^= 1;
        BYTES_AUTO changed = encrypt_raw(view_of_bytes(&plaintext), false);
        assert_refused(view_of_bytes(&changed), true, PADDING_MESSAGE);
    }
}

static void a_plaintext_must_start_with_its_digest_in_lower_case(void **state)
{
    (void)state;
    BYTES_AUTO plaintext = plaintext_of("", VIEW("hello"), VIEW("hello"));
    BYTES_AUTO intact = encrypt_raw(view_of_bytes(&plaintext), true);

    assert_decrypts(view_of_bytes(&intact), VIEW("hello"));
    for (size_t size = 0; size < plaintext.size; size++) {
        BYTES_AUTO cut = encrypt_raw((struct view){plaintext.data, size}, true);
        assert_refused(view_of_bytes(&cut), false, INTEGRITY_MESSAGE);
    }
    for (size_t i = 0; i < 64; i++) {
        if (plaintext.data[i] >= 'a') {
            plaintext.data[i] -= 0x20;
            BYTES_AUTO upper = encrypt_raw(view_of_bytes(&plaintext), true);
            assert_refused(view_of_bytes(&upper), false, INTEGRITY_MESSAGE);
            plaintext.data[i] += 0x20;
        }
    }
}

static void a_digest_alone_is_an_empty_secret(void **state)
{
    (void)state;
    BYTES_AUTO plaintext = plaintext_of("", VIEW(""), VIEW(""));
    BYTES_AUTO value = encrypt_raw(view_of_bytes(&plaintext), true);

    assert_decrypts(view_of_bytes(&value), VIEW(""));
}

static void one_byte_order_mark_before_the_digest_is_dropped(void **state)
{
    (void)state;
    static const struct {
        const char *before;
        bool intact;
    } cases[] = {{"\xEF\xBB\xBF", true}, {"\xEF\xBB\xBF\xEF\xBB\xBF", false},
                 {"\xEF\xBB", false},    {" ", false},
                 {"\n", false},          {"\xFE\xFF", false}};

    for (size_t i = 0; i < COUNT(cases); i++) {
        BYTES_AUTO plaintext = plaintext_of(cases[i].before, VIEW("hello"), VIEW("hello"));
        BYTES_AUTO value = encrypt_raw(view_of_bytes(&plaintext), true);
        if (cases[i].intact) {
            assert_decrypts(view_of_bytes(&value), VIEW("hello"));
        } else {
            assert_refused(view_of_bytes(&value), false, INTEGRITY_MESSAGE);
        }
    }
}

static void the_digest_is_of_the_decoded_text_not_of_raw_bytes(void **state)
{
    (void)state;
    BYTES_AUTO raw = plaintext_of("", VIEW("a\xFF"), VIEW("a\xFF"));
    BYTES_AUTO decoded = plaintext_of("", VIEW("a\xEF\xBF\xBD"), VIEW("a\xFF"));
    BYTES_AUTO raw_value = encrypt_raw(view_of_bytes(&raw), true);
    BYTES_AUTO decoded_value = encrypt_raw(view_of_bytes(&decoded), true);

    assert_refused(view_of_bytes(&raw_value), false, INTEGRITY_MESSAGE);
    assert_decrypts(view_of_bytes(&decoded_value), VIEW("a\xEF\xBF\xBD"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_wrong_padding_is_a_decryption_error_without_a_reason),
        cmocka_unit_test(no_byte_of_a_long_padding_goes_unchecked),
        cmocka_unit_test(a_plaintext_must_start_with_its_digest_in_lower_case),
        cmocka_unit_test(a_digest_alone_is_an_empty_secret),
        cmocka_unit_test(one_byte_order_mark_before_the_digest_is_dropped),
        cmocka_unit_test(the_digest_is_of_the_decoded_text_not_of_raw_bytes),
    };

    return cmocka_run_group_tests_name("cipher_plaintext", tests, cipher_start, cipher_stop);
}
