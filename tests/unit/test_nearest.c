/* SPDX-License-Identifier: MIT */
#include "base/nearest.h"
#include "support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char *const words[] = {"storeSecret", "loadSecret", "clearSecret", "get",
                                    "set",         "board",      "on",          "off",
                                    "card-badges", NULL};

static void assert_nearest(const char *text, const char *expected)
{
    BYTES_AUTO exact = bytes_of(view_of_text(text)); /* so that a sanitizer detects a read beyond */
    const char *word = nearest_of(words, view_of_bytes(&exact));

    if (word != expected && (word == NULL || expected == NULL || strcmp(word, expected) != 0)) {
        fail_msg("\"%s\" is near %s, not %s", text, word != NULL ? word : "none",
                 expected != NULL ? expected : "none");
    }
}

static void one_wrong_character_in_three_is_near(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *word;
    } cases[] = {
        {"lodSecret", "loadSecret"},
        {"loadSecrett", "loadSecret"},
        {"loadSecter", "loadSecret"},
        {"laodSecret", "loadSecret"},
        {"storeSecert", "storeSecret"},
        {"STORESECRET", "storeSecret"},
        {"store-secret", "storeSecret"},
        {"clear_secret", "clearSecret"},
        {"gte", "get"},
        {"gett", "get"},
        {"sset", "set"},
        {"bord", "board"},
        {"onn", "on"},
        {"ON", "on"},
        {"of", "off"},
        {"Off", "off"},
        {"card-badge", "card-badges"},
        {"card badges", "card-badges"},
        {"loadsecr\xC3\xA9t", "loadSecret"},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_nearest(cases[i].text, cases[i].word);
    }
}

static void a_beginning_of_three_characters_stands_for_the_word(void **state)
{
    (void)state;
    assert_nearest("load", "loadSecret");
    assert_nearest("Sto", "storeSecret");
    assert_nearest("car", "card-badges"); /* the first */
    assert_nearest("lo", NULL);
}

static void what_is_further_away_is_not_near(void **state)
{
    (void)state;
    static const char *const texts[] = {"",     "x",  "xx",        "no",           "secret",
                                        "list", "go", "loadXXXXt", "localStorage", "boardroom"};

    for (size_t i = 0; i < COUNT(texts); i++) {
        assert_nearest(texts[i], NULL);
    }
}

static void of_equally_near_words_the_one_that_begins_alike_is_taken(void **state)
{
    (void)state;
    assert_nearest("gxt", "get");
    assert_nearest("sxt", "set");
    assert_nearest("xet", "get"); /* the first */
}

static void every_word_is_nearest_to_itself(void **state)
{
    (void)state;
    for (size_t i = 0; words[i] != NULL; i++) {
        assert_nearest(words[i], words[i]);
    }
}

static void a_text_of_any_length_is_compared(void **state)
{
    (void)state;
    char text[200];

    for (size_t size = 0; size < sizeof text; size++) {
        memset(text, 'a', size);
        text[size] = '\0';
        const char *const longest[] = {text, NULL};
        assert_nearest(text, NULL);
        assert_ptr_equal(nearest_of(longest, view_of_text(text)), size <= 64 ? text : NULL);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test(name)
    const struct CMUnitTest tests[] = {
        TEST(one_wrong_character_in_three_is_near),
        TEST(a_beginning_of_three_characters_stands_for_the_word),
        TEST(what_is_further_away_is_not_near),
        TEST(of_equally_near_words_the_one_that_begins_alike_is_taken),
        TEST(every_word_is_nearest_to_itself),
        TEST(a_text_of_any_length_is_compared),
    };

    return cmocka_run_group_tests_name("nearest", tests, NULL, NULL);
}
