/* SPDX-License-Identifier: MIT */
/* The AES key in the member's private plugin data. */
#include "secrets_scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define HEX16 "00112233445566778899aabbccddeeff"

static void other_names_in_member_private_survive_a_first_store(void **state)
{
    (void)state;
    static const char *const before[] = {
        "{}",
        "{\"a\":1,\"b\":{\"c\":[null,\"\xC3\xA9/\\\"\"]}}",
        "{\"aescbc\":null,\"a\":1}",
    };
    static const char *const kept[] = {"", "\"a\":1,\"b\":{\"c\":[null,\"\xC3\xA9/\\\"\"]",
                                       "\"a\":1"};

    for (size_t i = 0; i < COUNT(before); i++) {
        set_member_private(before[i]);
        assert_stores(store, TOKEN, VIEW("hello"));
        assert_loads(store, TOKEN, VIEW("hello"));
        BYTES_AUTO after = member_private(ORIGIN, MEMBER);
        assert_true(view_contains(view_of_bytes(&after), view_of_text(kept[i])));
        assert_true(view_contains(view_of_bytes(&after), VIEW("\"aescbc\":\"")));
    }
}

static void a_false_key_counts_as_none_and_is_replaced(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "{}",
        "{\"aescbc\":null}",
        "{\"aescbc\":\"\"}",
        "{\"aescbc\":0}",
        "{\"aescbc\":-0}",
        "{\"aescbc\":0.0}",
        "{\"aescbc\":false}",
        "[]",
        "null",
        "\"aescbc\"",
        "1",
        "no JSON",
        "",
    };

    for (size_t i = 0; i < COUNT(texts); i++) {
        assert_stores(store, TOKEN, VIEW("hello"));
        set_member_private(texts[i]);
        assert_int_equal(load(store, TOKEN), STATUS_ABSENT);
        assert_stores(store, TOKEN, VIEW("again"));
        assert_loads(store, TOKEN, VIEW("again"));
    }
}

static void every_unusable_key_fails_store_and_load_alike_and_is_kept(void **state)
{
    (void)state;
    static const struct {
        const char *value;
        const char *error_class;
        const char *error_name;
        const char *message;
    } cases[] = {
        {"1", "TypeError", "TypeError", "e.toLowerCase is not a function"},
        {"-0.5", "TypeError", "TypeError", "e.toLowerCase is not a function"},
        {"true", "TypeError", "TypeError", "e.toLowerCase is not a function"},
        {"{}", "TypeError", "TypeError", "e.toLowerCase is not a function"},
        {"[]", "TypeError", "TypeError", "e.toLowerCase is not a function"},
        {"[0]", "TypeError", "TypeError", "e.toLowerCase is not a function"},
        {"\" \"", "Error", "Error", "Invalid hexString"},
        {"\"0\"", "Error", "Error", "Invalid hexString"},
        {"\"0x" HEX16 "\"", "Error", "Error", "Invalid hexString"},
        {"\"" HEX16 "\\n\"", "Error", "Error", "Invalid hexString"},
        {"\"" HEX16 "\\u0000\"", "Error", "Error", "Invalid hexString"},
        {"\" " HEX16 "\"", "Error", "Error", "Invalid hexString"},
        {"\"" HEX16 "0\"", "Error", "Error", "Invalid hexString"},
        {"\"z0112233445566778899aabbccddeeff\"", "Error", "Error", "Invalid hexString"},
        {"\"00\"", "DOMException", "DataError", "AES key data must be 128 or 256 bits"},
        {"\"" HEX16 "00\"", "DOMException", "DataError", "AES key data must be 128 or 256 bits"},
        {"\"" HEX16 HEX16 HEX16 "\"", "DOMException", "DataError",
         "AES key data must be 128 or 256 bits"},
        {"\"" HEX16 "0011223344556677\"", "DOMException", "OperationError",
         "192-bit AES keys are not supported"},
    };

    assert_stores(store, TOKEN, VIEW("hello"));
    BYTES_AUTO good = member_private(ORIGIN, MEMBER);
    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[256];
        (void)snprintf(text, sizeof text, "{\"aescbc\":%s}", cases[i].value);
        set_member_private(text);
        for (int storing = 0; storing < 2; storing++) {
            failure = (struct failure){0};
            assert_int_equal(storing ? try_store(store, TOKEN, VIEW("new")) : load(store, TOKEN),
                             STATUS_LIBRARY_ERROR);
            assert_library_failure(&failure, cases[i].error_class, cases[i].error_name, false,
                                   cases[i].message);
        }
        BYTES_AUTO after = member_private(ORIGIN, MEMBER);
        assert_view_equal(view_of_bytes(&after), view_of_text(text));
    }
    set_member_private_view(view_of_bytes(&good));
    assert_loads(store, TOKEN, VIEW("hello"));
}

static void keys_of_128_bits_and_in_upper_case_work(void **state)
{
    (void)state;
    set_member_private("{\"aescbc\":\"" HEX16 "\"}");
    assert_stores(store, TOKEN, VIEW("hello"));
    set_member_private("{\"aescbc\":\"00112233445566778899AABBCCDDEEFF\"}");
    assert_loads(store, TOKEN, VIEW("hello"));
}

static void another_key_is_a_decryption_error(void **state)
{
    (void)state;
    assert_stores(store, TOKEN, VIEW("hello"));
    set_member_private("{\"aescbc\":\"" HEX16 HEX16 "\"}");
    assert_int_equal(load(store, TOKEN), STATUS_LIBRARY_ERROR);
    assert_int_equal(strncmp(failure.message, "Decryption failed", 17), 0);
}

static void an_empty_slot_counts_as_none_even_under_a_bad_key(void **state)
{
    (void)state;
    assert_stores(store, TOKEN, VIEW("hello"));
    set_member_private("{\"aescbc\":1}");
    execute("UPDATE item SET value = ''");
    assert_int_equal(load(store, TOKEN), STATUS_ABSENT);
}

static void each_member_and_origin_has_a_key_of_its_own(void **state)
{
    (void)state;
    assert_stores(store, TOKEN, VIEW("a"));
    assert_stores(store, PLACE(ORIGIN, "", OTHER, "token"), VIEW("b"));
    assert_stores(store, PLACE("http://localhost:1", "", MEMBER, "token"), VIEW("c"));
    BYTES_AUTO first = member_private(ORIGIN, MEMBER);
    BYTES_AUTO second = member_private(ORIGIN, OTHER);
    BYTES_AUTO third = member_private("http://localhost:1", MEMBER);
    assert_int_equal(first.size, sizeof "{\"aescbc\":\"\"}" - 1 + 64);
    assert_int_equal(second.size, first.size);
    assert_int_equal(third.size, first.size);
    assert_memory_not_equal(first.data, second.data, first.size);
    assert_memory_not_equal(first.data, third.data, first.size);
    assert_memory_not_equal(second.data, third.data, first.size);
}

static void the_key_survives_a_clear_and_later_stores(void **state)
{
    (void)state;
    struct secret_place place = TOKEN;

    assert_stores(store, TOKEN, VIEW("a"));
    BYTES_AUTO before = member_private(ORIGIN, MEMBER);
    assert_int_equal(secrets_clear(store, &place, &failure), STATUS_OK);
    assert_stores(store, PLACE(ORIGIN, "", MEMBER, "other"), VIEW("b"));
    BYTES_AUTO after = member_private(ORIGIN, MEMBER);
    assert_view_equal(view_of_bytes(&after), view_of_bytes(&before));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)
    const struct CMUnitTest tests[] = {
        TEST(other_names_in_member_private_survive_a_first_store),
        TEST(a_false_key_counts_as_none_and_is_replaced),
        TEST(every_unusable_key_fails_store_and_load_alike_and_is_kept),
        TEST(keys_of_128_bits_and_in_upper_case_work),
        TEST(another_key_is_a_decryption_error),
        TEST(an_empty_slot_counts_as_none_even_under_a_bad_key),
        TEST(each_member_and_origin_has_a_key_of_its_own),
        TEST(the_key_survives_a_clear_and_later_stores),
    };

    return cmocka_run_group_tests_name("member_key", tests, NULL, NULL);
}
