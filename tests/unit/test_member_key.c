/* SPDX-License-Identifier: MIT */
/* The AES key in the member's private plugin data. */
#include "secrets_fixture.h"
#include "trello/member_key.h"
#include "trello/plugin_data_text.h"

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

static void a_falsy_key_counts_as_missing_and_is_replaced(void **state)
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
        assert_int_equal(load(store, TOKEN), STATUS_LIBRARY_ERROR);
        assert_library_failure(&failure, "Error", "Error", true, "Decryption failed. Message: ");
        assert_stores(store, TOKEN, VIEW("again"));
        assert_loads(store, TOKEN, VIEW("again"));
    }
}

static void every_unusable_key_fails_both_store_and_load_and_is_kept(void **state)
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

static void an_empty_slot_counts_as_missing_even_with_a_bad_key(void **state)
{
    (void)state;
    assert_stores(store, TOKEN, VIEW("hello"));
    set_member_private("{\"aescbc\":1}");
    execute("UPDATE item SET value = ''");
    assert_int_equal(load(store, TOKEN), STATUS_ABSENT);
}

/* The error for a text that has no room for the key. */
static void assert_too_long(void)
{
    assert_library_failure(&failure, "Error", "Error", false,
                           "PluginData length of 4096 characters exceeded. See: "
                           "https://developers.trello.com/v1.0/reference#section-size-limit");
}

/* A text that has `units` UTF-16 units when the key is added, and is longer in bytes. */
static void set_member_private_for(size_t units)
{
    static const char head[] = "{\"a\":\"";
    static const char added[] = "\"},\"aescbc\":\"\"";
    char text[3 * 4200];
    size_t fill = units - (sizeof head - 1) - (sizeof added - 1) - 64;
    size_t used = sizeof head - 1;

    memcpy(text, head, used);
    for (; fill > 2; fill -= 3) {
        memcpy(text + used, "\xE2\x82\xAC\xF0\x9F\x94\x91", 7);
        used += 7;
    }
    for (; fill > 0; fill--) {
        text[used++] = 'x';
    }
    memcpy(text + used, "\"}", 2);
    set_member_private_view((struct view){(uint8_t *)text, used + 2});
}

static void a_key_has_room_up_to_4096_units_and_not_one_more(void **state)
{
    (void)state;
    for (size_t units = 4090; units <= 4102; units++) {
        bool fits = units <= MEMBER_TEXT_LENGTH_MAX;
        set_member_private_for(units);
        BYTES_AUTO before = member_private(ORIGIN, MEMBER);
        assert_int_equal(try_store(store, TOKEN, VIEW("hello")),
                         fits ? STATUS_OK : STATUS_LIBRARY_ERROR);
        BYTES_AUTO after = member_private(ORIGIN, MEMBER);
        if (fits) {
            assert_int_equal(after.size, before.size + sizeof ",\"aescbc\":\"\"" - 1 + 64);
            assert_loads(store, TOKEN, VIEW("hello"));
            execute("DELETE FROM item");
        } else {
            assert_too_long();
            assert_view_equal(view_of_bytes(&after), view_of_bytes(&before));
            assert_int_equal(count("SELECT count(*) FROM item"), 0);
        }
    }
}

static void the_key_of_a_text_that_is_already_too_long_is_found(void **state)
{
    (void)state;
    char text[6000];

    (void)snprintf(text, sizeof text, "{\"aescbc\":\"" HEX16 "\",\"a\":\"%05000d\"}", 0);
    set_member_private(text);
    assert_stores(store, TOKEN, VIEW("hello"));
    assert_loads(store, TOKEN, VIEW("hello"));
}

static void only_the_text_of_the_key_changes_in_the_plugin_data(void **state)
{
    (void)state;
    static const struct {
        const char *before;
        size_t kept; /* bytes before the key's digits; those behind them are kept as well */
        const char *after;
    } cases[] = {
        {"{ \"a\\u0000\" : 1.50 }", sizeof "{ \"a\\u0000\" : 1.50,\"aescbc\":\"" - 1, "\" }"},
        {"{\"aes\\u0063bc\" : 0 , \"b\":\"\\ud83d\"}", sizeof "{\"aes\\u0063bc\" : \"" - 1,
         "\" , \"b\":\"\\ud83d\"}"},
        {"[{\"aescbc\":\"x\"},1]", sizeof "{\"0\":{\"aescbc\":\"x\"},\"1\":1,\"aescbc\":\"" - 1,
         "\"}"},
        {"\"a\\ud83d\"", sizeof "{\"0\":\"a\",\"1\":\"\\ud83d\",\"aescbc\":\"" - 1, "\"}"},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        set_member_private(cases[i].before);
        assert_stores(store, TOKEN, VIEW("hello"));
        BYTES_AUTO text = member_private(ORIGIN, MEMBER);
        assert_int_equal(text.size, cases[i].kept + 64 + strlen(cases[i].after));
        assert_memory_equal(text.data + cases[i].kept + 64, cases[i].after, strlen(cases[i].after));
        assert_loads(store, TOKEN, VIEW("hello"));
    }
}

static void deeply_nested_data_are_kept_and_do_not_interfere(void **state)
{
    (void)state;
    char text[4096] = "{\"deep\":";
    size_t head = strlen(text);
    size_t depth = 2000;

    memset(text + head, '[', depth);
    memset(text + head + depth, ']', depth);
    memcpy(text + head + 2 * depth, "}", 2);
    set_member_private(text);
    assert_stores(store, TOKEN, VIEW("hello"));
    BYTES_AUTO after = member_private(ORIGIN, MEMBER);
    assert_memory_equal(after.data, text, head + 2 * depth);
    assert_loads(store, TOKEN, VIEW("hello"));
}

static void the_caller_that_makes_the_key_is_informed(void **state)
{
    (void)state;
    BYTES_AUTO none = {0};
    BYTES_AUTO made = {0};
    BYTES_AUTO found = {0};
    BYTES_AUTO read = {0};
    bool is_new = false;

    assert_int_equal(member_key_get(store, VIEW(ORIGIN), VIEW(MEMBER), &none, &failure),
                     STATUS_ABSENT);
    assert_null(none.data);
    assert_int_equal(
        member_key_get_or_make(store, VIEW(ORIGIN), VIEW(MEMBER), &made, &is_new, &failure),
        STATUS_OK);
    assert_true(is_new);
    assert_int_equal(made.size, CIPHER_KEY_SIZE);
    assert_int_equal(
        member_key_get_or_make(store, VIEW(ORIGIN), VIEW(MEMBER), &found, &is_new, &failure),
        STATUS_OK);
    assert_false(is_new);
    assert_int_equal(member_key_get(store, VIEW(ORIGIN), VIEW(MEMBER), &read, &failure), STATUS_OK);
    assert_view_equal(view_of_bytes(&found), view_of_bytes(&made));
    assert_view_equal(view_of_bytes(&read), view_of_bytes(&made));
}

static void each_member_and_origin_has_its_own_key(void **state)
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

static enum status rotate(void)
{
    return member_key_rotate(store, VIEW(ORIGIN), VIEW(MEMBER), &failure);
}

static void a_rotated_key_is_different_and_the_other_names_are_kept(void **state)
{
    (void)state;
    set_member_private("{\"a\":1}");
    assert_stores(store, TOKEN, VIEW("hello"));
    BYTES_AUTO before = member_private(ORIGIN, MEMBER);
    assert_int_equal(rotate(), STATUS_OK);
    BYTES_AUTO after = member_private(ORIGIN, MEMBER);
    assert_int_equal(before.size, after.size);
    assert_false(view_equal(view_of_bytes(&before), view_of_bytes(&after)));
    assert_true(view_contains(view_of_bytes(&after), VIEW("{\"a\":1,\"aescbc\":\"")));
    assert_int_equal(load(store, TOKEN), STATUS_LIBRARY_ERROR);
    assert_stores(store, TOKEN, VIEW("again"));
    assert_loads(store, TOKEN, VIEW("again"));
}

static void a_member_without_a_key_gets_one_by_rotating(void **state)
{
    (void)state;
    static const char *const texts[] = {"{}", "{\"aescbc\":\"\"}", "{\"aescbc\":null}", "no JSON"};

    assert_int_equal(rotate(), STATUS_OK);
    assert_stores(store, TOKEN, VIEW("first"));
    for (size_t i = 0; i < COUNT(texts); i++) {
        set_member_private(texts[i]);
        assert_int_equal(rotate(), STATUS_OK);
        BYTES_AUTO before = member_private(ORIGIN, MEMBER);
        assert_stores(store, TOKEN, VIEW("x"));
        assert_loads(store, TOKEN, VIEW("x"));
        BYTES_AUTO after = member_private(ORIGIN, MEMBER);
        assert_view_equal(view_of_bytes(&after), view_of_bytes(&before));
    }
}

static void an_unusable_key_is_rotated_into_a_usable_one(void **state)
{
    (void)state;
    static const char *const texts[] = {"{\"aescbc\":\"xyz\"}", "{\"aescbc\":7}",
                                        "{\"aescbc\":{\"a\":1}}"};

    for (size_t i = 0; i < COUNT(texts); i++) {
        set_member_private(texts[i]);
        assert_int_equal(try_store(store, TOKEN, VIEW("x")), STATUS_LIBRARY_ERROR);
        assert_int_equal(rotate(), STATUS_OK);
        assert_stores(store, TOKEN, VIEW("x"));
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, finish)
    const struct CMUnitTest tests[] = {
        TEST(other_names_in_member_private_survive_a_first_store),
        TEST(a_falsy_key_counts_as_missing_and_is_replaced),
        TEST(every_unusable_key_fails_both_store_and_load_and_is_kept),
        TEST(keys_of_128_bits_and_in_upper_case_work),
        TEST(another_key_is_a_decryption_error),
        TEST(an_empty_slot_counts_as_missing_even_with_a_bad_key),
        TEST(a_key_has_room_up_to_4096_units_and_not_one_more),
        TEST(the_key_of_a_text_that_is_already_too_long_is_found),
        TEST(only_the_text_of_the_key_changes_in_the_plugin_data),
        TEST(deeply_nested_data_are_kept_and_do_not_interfere),
        TEST(the_caller_that_makes_the_key_is_informed),
        TEST(each_member_and_origin_has_its_own_key),
        TEST(the_key_survives_a_clear_and_later_stores),
        TEST(a_rotated_key_is_different_and_the_other_names_are_kept),
        TEST(a_member_without_a_key_gets_one_by_rotating),
        TEST(an_unusable_key_is_rotated_into_a_usable_one),
    };

    return cmocka_run_group_tests_name("member_key", tests, NULL, NULL);
}
