/* SPDX-License-Identifier: MIT */
#include "secrets_fixture.h"
#include "store/power_up.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define PRIVATE VIEW("private")
#define SHARED  VIEW("shared")

static struct plugin_data_place at(const char *scope, struct view visibility, const char *viewer)
{
    return (struct plugin_data_place){VIEW(ORIGIN), view_of_text(scope), VIEW("owner"), visibility,
                                      view_of_text(viewer)};
}

static void set(struct plugin_data_place place, const char *text)
{
    assert_int_equal(plugin_data_set(store, &place, view_of_text(text), &failure), STATUS_OK);
}

static void assert_holds(struct plugin_data_place place, const char *text)
{
    BYTES_AUTO kept = {0};

    enum status status = plugin_data_get(store, &place, &kept, &failure);
    assert_int_equal(status, text != NULL ? STATUS_OK : STATUS_ABSENT);
    if (text != NULL) {
        assert_view_equal(view_of_bytes(&kept), view_of_text(text));
    }
}

static void join(const char *power_up, const char *origin)
{
    assert_int_equal(power_up_join(store, view_of_text(power_up), view_of_text(origin), &failure),
                     STATUS_OK);
}

static void a_text_is_kept_replaced_and_removed(void **state)
{
    (void)state;
    struct plugin_data_place place = at("card", SHARED, "");

    assert_holds(place, NULL);
    set(place, "{\"a\":1}");
    assert_holds(place, "{\"a\":1}");
    set(place, "");
    assert_holds(place, "");
    assert_int_equal(plugin_data_remove(store, &place, &failure), STATUS_OK);
    assert_holds(place, NULL);
    assert_int_equal(plugin_data_remove(store, &place, &failure), STATUS_OK);
    assert_int_equal(count("SELECT count(*) FROM plugin_data"), 0);
}

static void each_part_of_the_place_distinguishes_texts(void **state)
{
    (void)state;
    const struct plugin_data_place places[] = {
        {VIEW(ORIGIN), VIEW("board"), VIEW("1"), PRIVATE, VIEW("m")},
        {VIEW("https://b"), VIEW("board"), VIEW("1"), PRIVATE, VIEW("m")},
        {VIEW(ORIGIN), VIEW("card"), VIEW("1"), PRIVATE, VIEW("m")},
        {VIEW(ORIGIN), VIEW("board"), VIEW("2"), PRIVATE, VIEW("m")},
        {VIEW(ORIGIN), VIEW("board"), VIEW("1"), SHARED, VIEW("m")},
        {VIEW(ORIGIN), VIEW("board"), VIEW("1"), PRIVATE, VIEW("n")},
        {VIEW(ORIGIN), VIEW("board"), VIEW("1"), PRIVATE, VIEW("")},
        {VIEW(ORIGIN), VIEW("member"), VIEW("1"), PRIVATE, VIEW("m")},
    };
    static const char *const texts[] = {"a", "b", "c", "d", "e", "f", "g", "h"};

    for (size_t i = 0; i < COUNT(places); i++) {
        assert_holds(places[i], NULL);
        set(places[i], texts[i]);
    }
    for (size_t i = 0; i < COUNT(places); i++) {
        assert_holds(places[i], texts[i]);
    }
    for (size_t i = 0; i < COUNT(places); i++) {
        assert_int_equal(plugin_data_remove(store, &places[i], &failure), STATUS_OK);
        assert_holds(places[i], NULL);
        assert_int_equal(count("SELECT count(*) FROM plugin_data"), (int)(COUNT(places) - 1 - i));
    }
}

static void the_viewer_matters_only_in_private_texts_of_boards_cards_and_organizations(void **state)
{
    (void)state;
    static const char *const scopes[] = {"board", "card", "organization", "member"};

    for (size_t i = 0; i < COUNT(scopes); i++) {
        bool counts = strcmp(scopes[i], "member") != 0;
        set(at(scopes[i], SHARED, "m"), "shared");
        assert_holds(at(scopes[i], SHARED, "n"), "shared");
        set(at(scopes[i], PRIVATE, "m"), "of m");
        assert_holds(at(scopes[i], PRIVATE, "n"), counts ? NULL : "of m");
        assert_holds(at(scopes[i], PRIVATE, ""), counts ? NULL : "of m");
    }
    assert_int_equal(count("SELECT count(*) FROM plugin_data WHERE viewer = 'm'"), 3);
    assert_int_equal(count("SELECT count(*) FROM plugin_data WHERE viewer = ''"), 5);
}

static void a_text_moved_to_another_viewer_is_damaged(void **state)
{
    (void)state;
    static const char *const moves[][2] = {
        {"UPDATE plugin_data SET viewer = 'n'", "n"},
        {"UPDATE plugin_data SET viewer = ''", ""},
        {"UPDATE plugin_data SET sealed = (SELECT sealed FROM plugin_data WHERE viewer = '')"
         " WHERE viewer = 'm'",
         "m"},
    };

    for (size_t i = 0; i < COUNT(moves); i++) {
        BYTES_AUTO text = {0};
        execute("DELETE FROM plugin_data");
        set(at("board", PRIVATE, "m"), "of m");
        if (i == 2) {
            set(at("board", PRIVATE, ""), "of nobody");
        }
        execute(moves[i][0]);
        struct plugin_data_place place = at("board", PRIVATE, moves[i][1]);
        assert_int_equal(plugin_data_get(store, &place, &text, &failure), STATUS_DAMAGED);
        assert_plain_failure(&failure, STATUS_DAMAGED);
        assert_null(text.data);
    }
}

/* A missing id differs from an empty one. */
static struct view given(const char *id)
{
    return id != NULL ? view_of_text(id) : (struct view){NULL, 0};
}

static void an_invalid_place_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *scope;
        const char *owner;
        const char *visibility;
        const char *viewer;
        const char *words;
    } cases[] = {
        {"", "o", "shared", "", "scope"},
        {"Board", "o", "shared", "", "board, card, member or organization"},
        {"boards", "o", "shared", "", "scope"},
        {"board", "o", "", "", "visibility"},
        {"board", "o", "Private", "m", "shared or private"},
        {"board", NULL, "shared", "", "id of the board"},
        {"member", NULL, "private", "m", "id of the member"},
        {"board", "o", "private", NULL, "board needs the member"},
        {"card", "o", "private", NULL, "card needs the member"},
        {"organization", "o", "private", NULL, "organization needs the member"},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct plugin_data_place place = {VIEW(ORIGIN), view_of_text(cases[i].scope),
                                          given(cases[i].owner), view_of_text(cases[i].visibility),
                                          given(cases[i].viewer)};
        assert_int_equal(plugin_data_check(&place, &failure), STATUS_BAD_REQUEST);
        assert_plain_failure(&failure, STATUS_BAD_REQUEST);
        if (strstr(failure.message, cases[i].words) == NULL) {
            fail_msg("\"%s\" does not say \"%s\"", failure.message, cases[i].words);
        }
    }
    struct plugin_data_place nul = at("board", VIEW("shared\0"), "");
    assert_int_equal(plugin_data_check(&nul, &failure), STATUS_BAD_REQUEST);
}

static void every_valid_place_is_accepted(void **state)
{
    (void)state;
    static const char *const scopes[] = {"board", "card", "member", "organization"};

    for (size_t i = 0; i < COUNT(scopes); i++) {
        struct plugin_data_place shared = at(scopes[i], SHARED, "");
        struct plugin_data_place private = at(scopes[i], PRIVATE, "m");
        assert_int_equal(plugin_data_check(&shared, &failure), STATUS_OK);
        assert_int_equal(plugin_data_check(&private, &failure), STATUS_OK);
    }
    struct plugin_data_place own = at("member", PRIVATE, "");
    assert_int_equal(plugin_data_check(&own, &failure), STATUS_OK);
}

static void an_origin_is_its_own_power_up_until_it_joins_another(void **state)
{
    (void)state;
    BYTES_AUTO alone = {0};
    BYTES_AUTO joined = {0};
    BYTES_AUTO left = {0};

    assert_int_equal(power_up_of(store, VIEW(ORIGIN), &alone, &failure), STATUS_OK);
    assert_view_equal(view_of_bytes(&alone), VIEW(ORIGIN));
    join("first", ORIGIN);
    join("planner", ORIGIN);
    assert_int_equal(power_up_of(store, VIEW(ORIGIN), &joined, &failure), STATUS_OK);
    assert_view_equal(view_of_bytes(&joined), VIEW("planner"));
    assert_int_equal(power_up_leave(store, VIEW(ORIGIN), &failure), STATUS_OK);
    assert_int_equal(power_up_leave(store, VIEW(ORIGIN), &failure), STATUS_OK);
    assert_int_equal(power_up_of(store, VIEW(ORIGIN), &left, &failure), STATUS_OK);
    assert_view_equal(view_of_bytes(&left), VIEW(ORIGIN));
}

static void origins_of_one_power_up_share_its_plugin_data(void **state)
{
    (void)state;
    struct plugin_data_place here = at("board", SHARED, "");
    struct plugin_data_place there = here;
    struct plugin_data_place stranger = here;

    there.origin = VIEW("http://localhost:3000");
    stranger.origin = VIEW("http://localhost:3001");
    set(here, "before");
    join("planner", ORIGIN);
    join("planner", "http://localhost:3000");
    assert_holds(here, NULL);
    set(here, "together");
    assert_holds(there, "together");
    assert_holds(stranger, NULL);
    assert_int_equal(power_up_leave(store, VIEW(ORIGIN), &failure), STATUS_OK);
    assert_holds(here, "before");
    assert_holds(there, "together");
}

static void a_power_up_may_be_named_like_one_of_its_origins(void **state)
{
    (void)state;
    struct plugin_data_place first = at("board", SHARED, "");
    struct plugin_data_place second = first;

    second.origin = VIEW("http://localhost:3000");
    set(first, "kept");
    join(ORIGIN, "http://localhost:3000");
    assert_holds(second, "kept");
    set(second, "changed");
    assert_holds(first, "changed");
}

static void origins_of_one_power_up_share_the_key_and_no_item(void **state)
{
    (void)state;
    const char *other = "http://localhost:3000";

    join("planner", ORIGIN);
    join("planner", other);
    assert_stores(store, TOKEN, VIEW("hello"));
    assert_int_equal(load(store, PLACE("http://localhost:3000", "", MEMBER, "token")),
                     STATUS_ABSENT);
    assert_stores(store, PLACE("http://localhost:3000", "", MEMBER, "token"), VIEW("there"));
    assert_loads(store, TOKEN, VIEW("hello"));
    BYTES_AUTO first = member_private(ORIGIN, MEMBER);
    BYTES_AUTO second = member_private(other, MEMBER);
    assert_view_equal(view_of_bytes(&first), view_of_bytes(&second));
    assert_int_equal(count("SELECT count(*) FROM plugin_data WHERE power_up = 'planner'"), 1);
    assert_int_equal(count("SELECT count(*) FROM plugin_data"), 1);
}

static void personal_data_are_those_that_only_one_member_sees(void **state)
{
    (void)state;
    static const char *const scopes[] = {"board", "card", "organization"};
    struct plugin_data_place own = at("member", PRIVATE, "");
    struct plugin_data_place own_shared = at("member", SHARED, "");
    struct plugin_data_place others = at("member", PRIVATE, "");

    own.owner = own_shared.owner = VIEW("m1");
    others.owner = VIEW("m2");
    set(own, "1");
    set(own_shared, "2");
    set(others, "3");
    for (size_t i = 0; i < COUNT(scopes); i++) {
        set(at(scopes[i], PRIVATE, "m1"), "4");
        set(at(scopes[i], PRIVATE, "m2"), "5");
        set(at(scopes[i], SHARED, ""), "6");
    }
    assert_int_equal(
        plugin_data_remove_personal(store, VIEW("https://b.example"), VIEW("m1"), &failure),
        STATUS_OK);
    assert_holds(own, "1");
    assert_int_equal(plugin_data_remove_personal(store, VIEW(ORIGIN), VIEW("m1"), &failure),
                     STATUS_OK);
    assert_holds(own, NULL);
    assert_holds(own_shared, "2");
    assert_holds(others, "3");
    for (size_t i = 0; i < COUNT(scopes); i++) {
        assert_holds(at(scopes[i], PRIVATE, "m1"), NULL);
        assert_holds(at(scopes[i], PRIVATE, "m2"), "5");
        assert_holds(at(scopes[i], SHARED, ""), "6");
    }
}

static void personal_data_of_a_power_up_are_removed_from_any_of_its_origins(void **state)
{
    (void)state;
    struct plugin_data_place own = at("member", PRIVATE, "");

    join("planner", ORIGIN);
    join("planner", "http://localhost:3000");
    set(own, "1");
    assert_int_equal(
        plugin_data_remove_personal(store, VIEW("http://localhost:3000"), own.owner, &failure),
        STATUS_OK);
    assert_holds(own, NULL);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, finish)
    const struct CMUnitTest tests[] = {
        TEST(a_text_is_kept_replaced_and_removed),
        TEST(each_part_of_the_place_distinguishes_texts),
        TEST(the_viewer_matters_only_in_private_texts_of_boards_cards_and_organizations),
        TEST(a_text_moved_to_another_viewer_is_damaged),
        TEST(an_invalid_place_is_refused),
        TEST(every_valid_place_is_accepted),
        TEST(an_origin_is_its_own_power_up_until_it_joins_another),
        TEST(origins_of_one_power_up_share_its_plugin_data),
        TEST(a_power_up_may_be_named_like_one_of_its_origins),
        TEST(origins_of_one_power_up_share_the_key_and_no_item),
        TEST(personal_data_are_those_that_only_one_member_sees),
        TEST(personal_data_of_a_power_up_are_removed_from_any_of_its_origins),
    };

    return cmocka_run_group_tests_name("plugin_data", tests, NULL, NULL);
}
