/* SPDX-License-Identifier: MIT */
#include "browsers/browser_table.h"
#include "cli/command_table.h"
#include "cli/help.h"
#include "store/settings.h"
#include "support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct bytes folder;
static struct buffer output;
static struct buffer notes;

static int start(void **state)
{
    (void)state;
    folder = folder_new();
    return 0;
}

static int finish(void **state)
{
    (void)state;
    buffer_wipe(&output);
    buffer_wipe(&notes);
    folder_remove(&folder);
    return 0;
}

/* Runs a command line, its words separated by single spaces, in the state folder of the test. */
static enum command_exit run(const char *line)
{
    char *copy = strdup(line);
    char *texts[16] = {(char[]){"powerup-secrets"}, (char[]){"--state"}, (char *)folder.data};
    int count = 3;

    assert_non_null(copy);
    for (char *word = strtok(copy, " "); word != NULL; word = strtok(NULL, " ")) {
        texts[count++] = word;
    }
    buffer_wipe(&output);
    buffer_wipe(&notes);
    enum command_exit exit = command_line_run(count, texts, NULL, &output, &notes);
    free(copy);
    return exit;
}

static void assert_run(const char *line, enum command_exit expected)
{
    enum command_exit exit = run(line);

    if (exit != expected) {
        fail_msg("%s: %d %.*s", line, (int)exit, (int)notes.size, (char *)notes.data);
    }
}

static void every_row_of_the_table_is_complete(void **state)
{
    (void)state;
    for (size_t i = 0; i < command_count; i++) {
        const struct command *command = commands[i];
        bool seen[OPTION_COUNT] = {false};
        assert_true(strlen(command->name) > 0);
        assert_true(strlen(command->help) > 0);
        assert_non_null(command->run);
        assert_true(command->words_min <= command->words_max);
        assert_int_equal(command->words_max == 0, command->arguments == NULL);
        assert_true(command->words_max > 0 || command->words == NULL);
        assert_true(command->words != NULL || !command->other_words);
        for (const struct option_use *use = command->options; use->option != OPTION_END; use++) {
            assert_false(seen[use->option]);
            seen[use->option] = true;
            assert_false(use->required && option_rows[use->option].argument == NULL);
        }
        assert_false(seen[OPTION_STATE] || seen[OPTION_JSON] || seen[OPTION_HELP] ||
                     seen[OPTION_VERSION]);
        /* A command that asks no browser may use the option otherwise. */
        assert_false(seen[OPTION_TIMEOUT] && command->kind != COMMAND_PLAIN);
        assert_false(seen[OPTION_WAIT]);
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(command->name, commands[j]->name);
        }
    }
}

static void every_option_is_used_by_a_command(void **state)
{
    (void)state;
    for (enum option option = OPTION_CLEAR; option < OPTION_COUNT; option++) {
        bool used = option == OPTION_WAIT; /* by all that ask browsers */
        for (size_t i = 0; i < command_count; i++) {
            for (const struct option_use *use = commands[i]->options; use->option != OPTION_END;
                 use++) {
                used = used || use->option == option;
            }
        }
        assert_true(used);
    }
}

static void exit_statuses_reflect_the_result(void **state)
{
    (void)state;
    assert_run("storage denied", COMMAND_DONE);
    assert_view_equal(view_of_buffer(&notes),
                      VIEW("no browser is running on this state folder; the change is in "
                           "force for every page that is opened from now on\n"));
    assert_int_equal(output.size, 0);
    assert_run("storage off", COMMAND_WRONG_USE);
    assert_run("item get --origin https://a --key k", COMMAND_ABSENT);
    assert_run("decrypt --key 00112233445566778899aabbccddeeff 00;11", COMMAND_NOT_DECRYPTED);
    assert_run("browser-profile phone", COMMAND_DONE);
    assert_run("browser-profile --json", COMMAND_DONE);
    assert_view_equal(view_of_buffer(&output), VIEW("{\"browserProfile\":\"phone\"}\n"));
    assert_int_equal(notes.size, 0);
    file_write(path_in((const char *)folder.data, "root.key"), VIEW("short"));
    assert_run("storage denied", COMMAND_FAILED);
}

static void notes_are_one_line_whatever_they_contain(void **state)
{
    (void)state;
    assert_run("storage \x1B[2J\na", COMMAND_WRONG_USE);
    assert_int_equal(output.size, 0);
    assert_view_equal((struct view){notes.data, 17}, VIEW("powerup-secrets: "));
    assert_ptr_equal(memchr(notes.data, '\n', notes.size), notes.data + notes.size - 1);
    assert_null(memchr(notes.data, 0x1B, notes.size));
}

static void a_name_of_two_words_is_found_before_its_arguments(void **state)
{
    (void)state;
    assert_run("item get --origin https://a --key k further", COMMAND_WRONG_USE);
    assert_true(
        view_contains(view_of_buffer(&notes), VIEW("item get takes no argument \"further\"")));
    assert_run("item", COMMAND_WRONG_USE);
    assert_true(view_contains(view_of_buffer(&notes), VIEW("get, set, remove")));
}

/* A kind that writes must report which browsers confirmed, unless pages never see the change. */
static void every_kind_has_steps_that_fit_together(void **state)
{
    (void)state;
    for (size_t i = 0; i < command_count; i++) {
        unsigned steps = (unsigned)commands[i]->kind;
        assert_false((steps & STEP_READ) != 0 && (steps & STEP_WRITE) != 0);
        assert_true((steps & STEP_OPEN) != 0 || (steps & ~(unsigned)STEP_ASK) == 0);
        assert_true((steps & STEP_WRITE) == 0 || (steps & STEP_APPLY) != 0);
    }
}

static void a_further_argument_that_is_a_command_is_named_as_one(void **state)
{
    (void)state;
    assert_run("storage denied sign-out", COMMAND_WRONG_USE);
    assert_true(view_contains(view_of_buffer(&notes),
                              VIEW("storage takes no further argument; \"sign-out\" is another "
                                   "command, run it by itself.")));
    assert_run("sign-out item", COMMAND_WRONG_USE);
    assert_true(view_contains(view_of_buffer(&notes), VIEW("takes no argument; \"item\" is")));
    assert_run("storage denied now", COMMAND_WRONG_USE);
    assert_true(
        view_contains(view_of_buffer(&notes), VIEW("storage takes no further argument \"now\"")));
    assert_run("storage", COMMAND_WRONG_USE);
    assert_true(view_contains(view_of_buffer(&notes), VIEW("usage: powerup-secrets storage MODE")));
}

static void words_of_settings_are_those_that_the_store_accepts(void **state)
{
    (void)state;
    const struct {
        const struct command *command;
        const char *setting;
    } rows[] = {{&command_storage, SETTING_STORAGE},
                {&command_fidelity, SETTING_FIDELITY},
                {&command_render_writer, SETTING_RENDER_WRITER}};
    struct failure failure = {0};

    for (size_t i = 0; i < COUNT(rows); i++) {
        for (const char *const *word = rows[i].command->words; *word != NULL; word++) {
            assert_int_equal(settings_check(rows[i].setting, view_of_text(*word), &failure),
                             STATUS_OK);
        }
    }
}

/* A word with its last letter doubled. */
static const char *misspelt(const char *word)
{
    static char text[80];

    (void)snprintf(text, sizeof text, "%s%c", word, word[strlen(word) - 1]);
    return text;
}

static void assert_meant(struct view message, const char *before, const char *word,
                         const char *after)
{
    char expected[200];

    /* A sentence may begin with it. */
    (void)snprintf(expected, sizeof expected, "id you mean %s%s%s?", before, word, after);
    if (!view_contains(message, view_of_text(expected))) {
        fail_msg("\"%.*s\" does not say \"%s\"", (int)message.size, (const char *)message.data,
                 expected);
    }
}

static void assert_refused_with(const char *line, const char *before, const char *word,
                                const char *after)
{
    assert_true(run(line) != COMMAND_DONE);
    assert_int_equal(output.size, 0);
    assert_meant(view_of_buffer(&notes), before, word, after);
}

static void a_misspelling_of_each_command_and_option_is_refused_with_it(void **state)
{
    (void)state;
    char line[200];

    for (size_t i = 0; i < command_count; i++) {
        assert_refused_with(misspelt(commands[i]->name), "\"", commands[i]->name, "\"");
        (void)snprintf(line, sizeof line, "help %s", misspelt(commands[i]->name));
        assert_refused_with(line, "\"", commands[i]->name, "\"");
    }
    for (enum option option = 0; option < OPTION_COUNT; option++) {
        (void)snprintf(line, sizeof line, "storage --%s", misspelt(option_rows[option].name));
        assert_refused_with(line, "--", option_rows[option].name, "");
    }
    assert_false(file_exists(path_in((const char *)folder.data, "store.sqlite3")));
}

static void a_misspelling_of_each_argument_is_refused_with_it(void **state)
{
    (void)state;
    char line[200];
    size_t walked = 0;

    for (size_t i = 0; i < command_count; i++) {
        const struct command *command = commands[i];
        for (const char *const *word = command->words; word != NULL && *word != NULL; word++) {
            bool required = command->options[0].required;
            (void)snprintf(line, sizeof line, "%s %s%s", command->name, misspelt(*word),
                           required ? " --origin https://a" : "");
            assert_refused_with(line, "\"", *word, "\"");
            walked++;
        }
    }
    assert_true(walked > 20);
}

static void assert_option_refuses(enum option option, const char *word)
{
    struct failure failure = {0};

    assert_int_equal(option_check(option, view_of_text(misspelt(word)), &failure),
                     STATUS_BAD_REQUEST);
    assert_meant(view_of_text(failure.message), "\"", word, "\"");
}

static void a_misspelling_of_each_value_of_an_option_is_refused_with_it(void **state)
{
    (void)state;
    for (enum option option = 0; option < OPTION_COUNT; option++) {
        const char *const *word = option_rows[option].words;
        for (; word != NULL && *word != NULL; word++) {
            assert_option_refuses(option, *word);
        }
    }
    for (size_t i = 0; i < browser_table_size; i++) {
        assert_option_refuses(OPTION_BROWSER, browser_table[i].name);
    }
}

static void help_needs_no_store(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "help",           "--help",          "--version",   "help storage", "help item get",
        "seed --help",    "help --table",    "help --json", "help --man",   "completion bash",
        "completion zsh", "completion fish", "-h",          "-v",           "storage -h",
        "item get -h",    "storage -v",      "-h seed"};

    for (size_t i = 0; i < COUNT(lines); i++) {
        assert_run(lines[i], COMMAND_DONE);
        assert_true(output.size > 0);
        assert_int_equal(notes.size, 0);
    }
    assert_false(file_exists(path_in((const char *)folder.data, "store.sqlite3")));
}

static void the_table_has_a_row_for_each_command(void **state)
{
    (void)state;
    JSON_AUTO(table) = NULL;

    assert_int_equal(help_table(&table), STATUS_OK);
    assert_int_equal(json_object_array_length(table), command_count);
    for (size_t i = 0; i < command_count; i++) {
        struct json_object *row = json_object_array_get_idx(table, i);
        assert_string_equal(json_object_get_string(json_object_object_get(row, "name")),
                            commands[i]->name);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, finish)
    const struct CMUnitTest tests[] = {
        TEST(every_row_of_the_table_is_complete),
        TEST(every_option_is_used_by_a_command),
        TEST(exit_statuses_reflect_the_result),
        TEST(notes_are_one_line_whatever_they_contain),
        TEST(a_name_of_two_words_is_found_before_its_arguments),
        TEST(every_kind_has_steps_that_fit_together),
        TEST(a_further_argument_that_is_a_command_is_named_as_one),
        TEST(words_of_settings_are_those_that_the_store_accepts),
        TEST(a_misspelling_of_each_command_and_option_is_refused_with_it),
        TEST(a_misspelling_of_each_argument_is_refused_with_it),
        TEST(a_misspelling_of_each_value_of_an_option_is_refused_with_it),
        TEST(help_needs_no_store),
        TEST(the_table_has_a_row_for_each_command),
    };

    return cmocka_run_group_tests_name("command_line", tests, NULL, NULL);
}
