/* SPDX-License-Identifier: MIT */
#include "cli/arguments.h"
#include "support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct failure failure;

/* Parses the words of a NULL-terminated list behind the program's name. */
static enum status parse(const char *const *words, struct arguments *ret_arguments)
{
    char *texts[32] = {(char[]){"powerup-secrets"}};
    int size = 1;

    for (; words[size - 1] != NULL; size++) {
        texts[size] = strdup(words[size - 1]);
    }
    failure = (struct failure){0};
    enum status status = arguments_parse(size, texts, ret_arguments, &failure);
    for (int i = 1; i < size; i++) {
        free(texts[i]);
    }
    return status;
}

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void options_may_be_anywhere(void **state)
{
    (void)state;
    ARGUMENTS_AUTO arguments = {0};

    assert_int_equal(
        parse(WORDS("--json", "storage", "--origin", "https://a", "denied", "--state=/x y"),
              &arguments),
        STATUS_OK);
    assert_int_equal(arguments.word_count, 2);
    assert_string_equal(arguments.words[0], "storage");
    assert_string_equal(arguments.words[1], "denied");
    assert_true(arguments_have(&arguments, OPTION_JSON));
    assert_false(arguments_have(&arguments, OPTION_MEMBER));
    assert_null(arguments_value(&arguments, OPTION_MEMBER).data);
    assert_view_equal(arguments_value(&arguments, OPTION_ORIGIN), VIEW("https://a"));
    assert_view_equal(arguments_value(&arguments, OPTION_STATE), VIEW("/x y"));
}

static void two_dashes_end_the_options(void **state)
{
    (void)state;
    ARGUMENTS_AUTO arguments = {0};

    assert_int_equal(parse(WORDS("answer", "--", "board", "-1", "--json"), &arguments), STATUS_OK);
    assert_int_equal(arguments.word_count, 4);
    assert_string_equal(arguments.words[2], "-1");
    assert_string_equal(arguments.words[3], "--json");
    assert_false(arguments_have(&arguments, OPTION_JSON));
}

static void an_empty_value_is_a_value(void **state)
{
    (void)state;
    ARGUMENTS_AUTO first = {0};
    ARGUMENTS_AUTO second = {0};

    assert_int_equal(parse(WORDS("--key", "", "--member="), &first), STATUS_OK);
    assert_true(arguments_have(&first, OPTION_KEY));
    assert_int_equal(arguments_value(&first, OPTION_KEY).size, 0);
    assert_true(arguments_have(&first, OPTION_MEMBER));
    assert_int_equal(arguments_value(&first, OPTION_MEMBER).size, 0);
    assert_int_equal(parse((const char *const[]){NULL}, &second), STATUS_OK);
    assert_int_equal(second.word_count, 0);
}

static void a_value_may_look_like_an_option(void **state)
{
    (void)state;
    ARGUMENTS_AUTO arguments = {0};

    assert_int_equal(parse(WORDS("--key", "--json"), &arguments), STATUS_OK);
    assert_view_equal(arguments_value(&arguments, OPTION_KEY), VIEW("--json"));
    assert_false(arguments_have(&arguments, OPTION_JSON));
}

static void a_parse_error_is_reported_in_one_line(void **state)
{
    (void)state;
    static const struct {
        const char *words[4];
        const char *says;
    } cases[] = {
        {{"--orgin", "https://a"}, "Unknown option --orgin; did you mean --origin?"},
        {{"--orgin=https://a"}, "; did you mean --origin?"},
        {{"--Origin", "https://a"}, "Unknown option --Origin; did you mean --origin?"},
        {{"-origin", "https://a"}, "; did you mean --origin?"},
        {{"--top-level-sit", "https://a"}, "; did you mean --top-level-site?"},
        {{"-help"}, "; did you mean --help?"},
        {{"-j"}, "Unknown option -j; put --"},
        {{"-1"}, "Unknown option -1; put --"},
        {{"storage", "--origin"}, "--origin needs a value"},
        {{"--json=1"}, "--json=1 takes no value"},
        {{"--key", "a", "--key=b"}, "--key was given twice"},
        {{"--json", "--json"}, "--json was given twice"},
        {{"--key", "\xFF"}, "UTF-8"},
        {{"\xC3"}, "UTF-8"},
        {{"--\xFF"}, "Unknown option"},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct arguments arguments = {0};
        assert_int_equal(parse(cases[i].words, &arguments), STATUS_BAD_REQUEST);
        assert_plain_failure(&failure, STATUS_BAD_REQUEST);
        if (strstr(failure.message, cases[i].says) == NULL) {
            fail_msg("\"%s\" does not say \"%s\"", failure.message, cases[i].says);
        }
        assert_null(strchr(failure.message, '\n'));
        assert_null(arguments.words);
    }
}

static void help_and_version_have_a_letter(void **state)
{
    (void)state;
    ARGUMENTS_AUTO first = {0};
    ARGUMENTS_AUTO second = {0};

    assert_int_equal(parse(WORDS("storage", "-h"), &first), STATUS_OK);
    assert_true(arguments_have(&first, OPTION_HELP));
    assert_int_equal(first.word_count, 1);
    assert_int_equal(parse(WORDS("-v"), &second), STATUS_OK);
    assert_true(arguments_have(&second, OPTION_VERSION));
}

static void every_option_of_the_table_is_known(void **state)
{
    (void)state;
    char text[64];

    for (size_t i = 0; i < OPTION_COUNT; i++) {
        ARGUMENTS_AUTO arguments = {0};
        (void)snprintf(text, sizeof text, "--%s", option_rows[i].name);
        const char *const words[] = {text, option_rows[i].argument != NULL ? "value" : NULL, NULL};
        assert_int_equal(parse(words, &arguments), STATUS_OK);
        assert_true(arguments_have(&arguments, (enum option)i));
        assert_int_equal(arguments.word_count, 0);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test(name)
    const struct CMUnitTest tests[] = {
        TEST(options_may_be_anywhere),
        TEST(two_dashes_end_the_options),
        TEST(an_empty_value_is_a_value),
        TEST(a_value_may_look_like_an_option),
        TEST(a_parse_error_is_reported_in_one_line),
        TEST(help_and_version_have_a_letter),
        TEST(every_option_of_the_table_is_known),
    };

    return cmocka_run_group_tests_name("arguments", tests, NULL, NULL);
}
