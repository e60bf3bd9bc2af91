/* SPDX-License-Identifier: MIT */
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

static int stop(void **state)
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
    enum command_exit exit = command_line_run(count, texts, &output, &notes);
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

static void help_needs_no_store(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "help",          "--help",          "--version",      "help storage",
        "help item get", "seed --help",     "help --table",   "help --json",
        "help --man",    "completion bash", "completion zsh", "completion fish"};

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
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)
    const struct CMUnitTest tests[] = {
        TEST(every_row_of_the_table_is_complete),
        TEST(every_option_is_used_by_a_command),
        TEST(exit_statuses_reflect_the_result),
        TEST(notes_are_one_line_whatever_they_contain),
        TEST(a_name_of_two_words_is_found_before_its_arguments),
        TEST(every_kind_has_steps_that_fit_together),
        TEST(words_of_settings_are_those_that_the_store_accepts),
        TEST(help_needs_no_store),
        TEST(the_table_has_a_row_for_each_command),
    };

    return cmocka_run_group_tests_name("command_line", tests, NULL, NULL);
}
