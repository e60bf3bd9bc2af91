/* SPDX-License-Identifier: MIT */
/* Secrets with a value or key from the caller, and the effect of a missing key. */
#include "base/hex.h"
#include "secrets_fixture.h"
#include "store/settings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define HEX16 "00112233445566778899aabbccddeeff"

static enum status load_value(struct view value, struct bytes *ret_secret)
{
    struct secret_place place = TOKEN;

    failure = (struct failure){0};
    return secrets_load(store, &place, value, ret_secret, &failure);
}

static void encrypt(const char *aescbc, struct stored_secret *ret_stored, struct bytes *ret_aescbc)
{
    if (secrets_encrypt(&TOKEN, view_of_text(aescbc), VIEW("hello"), VIEW("hello"), ret_stored,
                        ret_aescbc, &failure) != STATUS_OK) {
        fail_msg("%s", failure.message);
    }
}

static void a_missing_key_is_a_decryption_error_as_documented(void **state)
{
    (void)state;
    assert_stores(store, TOKEN, VIEW("hello"));
    BYTES_AUTO good = member_private(ORIGIN, MEMBER);
    execute("DELETE FROM plugin_data");
    assert_int_equal(load(store, TOKEN), STATUS_LIBRARY_ERROR);
    assert_library_failure(&failure, "Error", "Error", true, "Decryption failed. Message: ");
    set_member_private_view(view_of_bytes(&good));
    assert_loads(store, TOKEN, VIEW("hello"));
}

static void with_a_missing_key_there_is_no_secret_in_the_library(void **state)
{
    (void)state;
    assert_stores(store, TOKEN, VIEW("hello"));
    execute("DELETE FROM plugin_data");
    assert_int_equal(settings_set(store, VIEW(ORIGIN), "fidelity", VIEW("library"), &failure),
                     STATUS_OK);
    assert_int_equal(load(store, TOKEN), STATUS_ABSENT);
    assert_int_equal(settings_set(store, VIEW(ORIGIN), "fidelity", VIEW("documented"), &failure),
                     STATUS_OK);
    assert_int_equal(load(store, TOKEN), STATUS_LIBRARY_ERROR);
}

static void without_an_item_there_is_no_secret_whatever_fidelity_and_key(void **state)
{
    (void)state;
    static const char *const fidelities[] = {"documented", "library"};
    static const char *const texts[] = {"", "{}", "{\"aescbc\":1}", "{\"aescbc\":\"x\"}"};

    for (size_t i = 0; i < COUNT(fidelities) * COUNT(texts); i++) {
        assert_int_equal(
            settings_set(store, VIEW(""), "fidelity", view_of_text(fidelities[i % 2]), &failure),
            STATUS_OK);
        set_member_private(texts[i / 2]);
        assert_int_equal(load(store, TOKEN), STATUS_ABSENT);
    }
}

static void an_invalid_fidelity_matters_only_if_the_key_is_missing(void **state)
{
    (void)state;
    assert_stores(store, TOKEN, VIEW("hello"));
    execute("INSERT INTO setting VALUES ('', 'fidelity', 'exact')");
    assert_loads(store, TOKEN, VIEW("hello"));
    execute("DELETE FROM plugin_data");
    assert_int_equal(load(store, TOKEN), STATUS_BAD_REQUEST);
    assert_plain_failure(&failure, STATUS_BAD_REQUEST);
    assert_non_null(strstr(failure.message, "\"exact\""));
}

static void a_given_value_is_decrypted_instead_of_the_stored_one(void **state)
{
    (void)state;
    struct secret_place place = TOKEN;
    STORED_SECRET_AUTO first = {0};
    BYTES_AUTO secret = {0};

    assert_int_equal(secrets_store(store, &place, VIEW("one"), VIEW("one"), &first, &failure),
                     STATUS_OK);
    assert_true(first.made_key);
    assert_stores(store, TOKEN, VIEW("two"));
    assert_int_equal(load_value(view_of_bytes(&first.value), &secret), STATUS_OK);
    assert_view_equal(view_of_bytes(&secret), VIEW("one"));
    assert_loads(store, TOKEN, VIEW("two"));
    /* No stored item is needed, and none is stored. */
    bytes_wipe(&secret);
    assert_int_equal(secrets_clear(store, &place, &failure), STATUS_OK);
    assert_int_equal(load_value(view_of_bytes(&first.value), &secret), STATUS_OK);
    assert_view_equal(view_of_bytes(&secret), VIEW("one"));
    assert_int_equal(load(store, TOKEN), STATUS_ABSENT);
}

static void an_empty_given_value_counts_as_missing_and_a_bad_one_fails(void **state)
{
    (void)state;
    BYTES_AUTO secret = {0};

    assert_stores(store, TOKEN, VIEW("kept"));
    assert_int_equal(load_value(VIEW(""), &secret), STATUS_ABSENT);
    assert_int_equal(load_value(VIEW("x"), &secret), STATUS_LIBRARY_ERROR);
    assert_library_failure(&failure, "Error", "Error", false, "Invalid hexString");
    set_member_private("{\"aescbc\":7}");
    assert_int_equal(load_value(VIEW(""), &secret), STATUS_ABSENT);
    assert_int_equal(load_value(VIEW("x"), &secret), STATUS_LIBRARY_ERROR);
    assert_library_failure(&failure, "TypeError", "TypeError", false,
                           "e.toLowerCase is not a function");
    execute("DELETE FROM plugin_data");
    assert_int_equal(load_value(VIEW("x"), &secret), STATUS_LIBRARY_ERROR);
    assert_library_failure(&failure, "Error", "Error", true, "Decryption failed. Message: ");
    assert_null(secret.data);
}

static void encrypting_needs_no_store_and_leaves_nothing_in_it(void **state)
{
    (void)state;
    static const char *const keys[] = {HEX16, HEX16 HEX16, "00112233445566778899AABBCCDDEEFF"};

    for (size_t i = 0; i < COUNT(keys); i++) {
        STORED_SECRET_AUTO stored = {0};
        BYTES_AUTO aescbc = {0};
        BYTES_AUTO secret = {0};
        encrypt(keys[i], &stored, &aescbc);
        assert_memory_equal(stored.slot,
                            "edaaa9c6c882996d5781efe07592c14cbc82801bc6e991544a63909ada7b1c1b",
                            sizeof stored.slot);
        assert_view_equal(view_of_bytes(&aescbc), view_of_text(keys[i]));
        assert_false(stored.made_key);
        assert_int_equal(secrets_decrypt(view_of_bytes(&aescbc), view_of_bytes(&stored.value),
                                         &secret, &failure),
                         STATUS_OK);
        assert_view_equal(view_of_bytes(&secret), VIEW("hello"));
    }
    assert_int_equal(
        count("SELECT (SELECT count(*) FROM item) + (SELECT count(*) FROM plugin_data)"), 0);
}

static void without_a_key_each_encryption_makes_one(void **state)
{
    (void)state;
    STORED_SECRET_AUTO first = {0};
    STORED_SECRET_AUTO second = {0};
    BYTES_AUTO first_key = {0};
    BYTES_AUTO second_key = {0};
    BYTES_AUTO secret = {0};

    encrypt("", &first, &first_key);
    encrypt("", &second, &second_key);
    assert_true(first.made_key);
    assert_int_equal(first_key.size, 64);
    assert_int_equal(second_key.size, 64);
    assert_memory_not_equal(first_key.data, second_key.data, 64);
    BYTES_AUTO decoded = {0};
    assert_int_equal(hex_decode(view_of_bytes(&first_key), &decoded), STATUS_OK);
    assert_int_equal(
        secrets_decrypt(view_of_bytes(&first_key), view_of_bytes(&first.value), &secret, &failure),
        STATUS_OK);
    assert_view_equal(view_of_bytes(&secret), VIEW("hello"));
    bytes_wipe(&secret);
    assert_int_equal(
        secrets_decrypt(view_of_bytes(&second_key), view_of_bytes(&first.value), &secret, &failure),
        STATUS_LIBRARY_ERROR);
    assert_null(secret.data);
}

static void invalid_keys_are_refused_as_in_the_library(void **state)
{
    (void)state;
    static const struct {
        const char *key;
        const char *error_class;
        const char *error_name;
        const char *message;
    } cases[] = {
        {" ", "Error", "Error", "Invalid hexString"},
        {"0", "Error", "Error", "Invalid hexString"},
        {"0x" HEX16, "Error", "Error", "Invalid hexString"},
        {"00", "DOMException", "DataError", "AES key data must be 128 or 256 bits"},
        {HEX16 "0011223344556677", "DOMException", "OperationError",
         "192-bit AES keys are not supported"},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        STORED_SECRET_AUTO stored = {0};
        BYTES_AUTO aescbc = {0};
        BYTES_AUTO secret = {0};
        assert_int_equal(secrets_encrypt(&TOKEN, view_of_text(cases[i].key), VIEW("x"), VIEW("x"),
                                         &stored, &aescbc, &failure),
                         STATUS_LIBRARY_ERROR);
        assert_library_failure(&failure, cases[i].error_class, cases[i].error_name, false,
                               cases[i].message);
        assert_null(stored.value.data);
        assert_null(aescbc.data);
        /* Before the value is checked. */
        assert_int_equal(
            secrets_decrypt(view_of_text(cases[i].key), VIEW("no value"), &secret, &failure),
            STATUS_LIBRARY_ERROR);
        assert_library_failure(&failure, cases[i].error_class, cases[i].error_name, false,
                               cases[i].message);
        assert_null(secret.data);
    }
}

static void invalid_values_are_refused_as_in_the_library(void **state)
{
    (void)state;
    static const struct {
        const char *value;
        bool operational;
        const char *message;
    } cases[] = {
        {"", false, "Invalid hexString"},
        {"x;y", false, "Invalid hexString"},
        {HEX16, false, "Invalid hexString"},
        {"00;" HEX16, true,
         "Decryption failed. Message: The \"iv\" has an unexpected length -- must be 16 bytes"},
        {HEX16 ";00", true, "Decryption failed. Message: "},
    };
    BYTES_AUTO secret = {0};

    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_int_equal(
            secrets_decrypt(VIEW(HEX16), view_of_text(cases[i].value), &secret, &failure),
            STATUS_LIBRARY_ERROR);
        assert_library_failure(&failure, "Error", "Error", cases[i].operational, cases[i].message);
        assert_null(secret.data);
    }
    assert_int_equal(secrets_decrypt(VIEW(""), VIEW(HEX16 ";" HEX16), &secret, &failure),
                     STATUS_LIBRARY_ERROR);
    assert_library_failure(&failure, "Error", "Error", false, "Invalid hexString");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, finish)
    const struct CMUnitTest tests[] = {
        TEST(a_missing_key_is_a_decryption_error_as_documented),
        TEST(with_a_missing_key_there_is_no_secret_in_the_library),
        TEST(without_an_item_there_is_no_secret_whatever_fidelity_and_key),
        TEST(an_invalid_fidelity_matters_only_if_the_key_is_missing),
        TEST(a_given_value_is_decrypted_instead_of_the_stored_one),
        TEST(an_empty_given_value_counts_as_missing_and_a_bad_one_fails),
        TEST(encrypting_needs_no_store_and_leaves_nothing_in_it),
        TEST(without_a_key_each_encryption_makes_one),
        TEST(invalid_keys_are_refused_as_in_the_library),
        TEST(invalid_values_are_refused_as_in_the_library),
    };

    return cmocka_run_group_tests_name("secrets_value", tests, NULL, NULL);
}
