/* SPDX-License-Identifier: MIT */
#include "store/crypto.h"
#include "store/seal.h"
#include "support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { OVERHEAD = 1 + 12 + 16 };

/* Computed with another implementation (node:crypto), from the description in seal.h. */
#define ROOT_KEY_ID "e03f081f64c97ae547072e328759855b"
#define SEALED      "01000102030405060708090a0b8e17d2131749a35d9d5058f667fa713f7e8c2049f23cd7"

static const uint8_t root_key[SEAL_ROOT_KEY_SIZE] = "0123456789abcdef0123456789abcde";
static struct seal seal;

static int start(void **state)
{
    (void)state;
    return crypto_start() == STATUS_OK && seal_init(root_key, &seal) == STATUS_OK ? 0 : -1;
}

static int finish(void **state)
{
    (void)state;
    seal_free(&seal);
    return 0;
}

static struct bytes seal_text(const struct view *place, size_t fields, struct view text)
{
    struct bytes sealed = {0};

    assert_int_equal(seal_close(&seal, place, fields, text, &sealed), STATUS_OK);
    assert_int_equal(sealed.size, text.size + OVERHEAD);
    assert_int_equal(sealed.data[0], 1);
    return sealed;
}

static void assert_damaged(const struct seal *with, const struct view *place, size_t fields,
                           struct view sealed)
{
    struct bytes text = {0};

    assert_int_equal(seal_open(with, place, fields, sealed, &text), STATUS_DAMAGED);
    assert_null(text.data);
}

static void texts_of_every_size_survive_a_round_trip(void **state)
{
    (void)state;
    const struct view place[] = {VIEW("a"), VIEW("b")};

    for (size_t size = 0; size <= 200; size++) {
        BYTES_AUTO text = {0};
        BYTES_AUTO opened = {0};
        assert_int_equal(bytes_alloc(size, &text), STATUS_OK);
        memset(text.data, 'x', size);
        BYTES_AUTO sealed = seal_text(place, 2, view_of_bytes(&text));
        assert_int_equal(seal_open(&seal, place, 2, view_of_bytes(&sealed), &opened), STATUS_OK);
        assert_view_equal(view_of_bytes(&opened), view_of_bytes(&text));
    }
}

static void text_and_place_may_be_empty(void **state)
{
    (void)state;
    const struct view place[] = {{NULL, 0}};
    BYTES_AUTO sealed = seal_text(place, 1, (struct view){NULL, 0});
    BYTES_AUTO opened = {0};

    assert_int_equal(seal_open(&seal, place, 1, view_of_bytes(&sealed), &opened), STATUS_OK);
    assert_int_equal(opened.size, 0);
    assert_damaged(&seal, NULL, 0, view_of_bytes(&sealed));
}

static void sealing_twice_has_no_bytes_in_common(void **state)
{
    (void)state;
    const struct view place[] = {VIEW("a")};
    BYTES_AUTO first = seal_text(place, 1, VIEW("the same text"));
    BYTES_AUTO second = seal_text(place, 1, VIEW("the same text"));

    assert_memory_not_equal(first.data + 1, second.data + 1, 12);
    assert_memory_not_equal(first.data + 13, second.data + 13, 13);
    assert_false(view_contains(view_of_bytes(&first), VIEW("same")));
}

static void no_bit_of_a_sealed_value_can_be_changed(void **state)
{
    (void)state;
    const struct view place[] = {VIEW("a"), VIEW("b")};
    BYTES_AUTO sealed = seal_text(place, 2, VIEW("{\"aescbc\":\"00\"}"));

    for (size_t bit = 0; bit < 8 * sealed.size; bit++) {
        sealed.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_damaged(&seal, place, 2, view_of_bytes(&sealed));
        sealed.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
}

static void every_other_version_byte_is_refused(void **state)
{
    (void)state;
    const struct view place[] = {VIEW("a")};
    BYTES_AUTO sealed = seal_text(place, 1, VIEW("text"));

    for (unsigned version = 0; version < 0x100; version++) {
        sealed.data[0] = (uint8_t)version;
        if (version != 1) {
            assert_damaged(&seal, place, 1, view_of_bytes(&sealed));
        }
    }
}

static void a_truncated_or_extended_sealed_value_is_refused(void **state)
{
    (void)state;
    const struct view place[] = {VIEW("a")};
    BYTES_AUTO sealed = seal_text(place, 1, VIEW("some text"));

    for (size_t size = 0; size < sealed.size; size++) {
        BYTES_AUTO head = bytes_of((struct view){sealed.data, size});
        BYTES_AUTO tail = bytes_of((struct view){sealed.data + sealed.size - size, size});
        assert_damaged(&seal, place, 1, view_of_bytes(&head));
        assert_damaged(&seal, place, 1, view_of_bytes(&tail));
    }
    assert_damaged(&seal, place, 1, (struct view){NULL, 0});
    BYTES_AUTO grown = {0};
    assert_int_equal(bytes_alloc(sealed.size + 1, &grown), STATUS_OK);
    memcpy(grown.data, sealed.data, sealed.size);
    assert_damaged(&seal, place, 1, view_of_bytes(&grown));
}

static void a_sealed_value_opens_only_at_its_own_place(void **state)
{
    (void)state;
    const struct {
        struct view fields[4];
        size_t count;
    } places[] = {
        {{VIEW("ab"), VIEW("c"), VIEW("d")}, 3},
        {{VIEW("a"), VIEW("bc"), VIEW("d")}, 3},
        {{VIEW("abc"), VIEW(""), VIEW("d")}, 3},
        {{VIEW(""), VIEW("abc"), VIEW("d")}, 3},
        {{VIEW("ab"), VIEW("d"), VIEW("c")}, 3},
        {{VIEW("ab"), VIEW("cd"), VIEW("")}, 3},
        {{VIEW("ab"), VIEW("c")}, 2},
        {{VIEW("ab"), VIEW("cd")}, 2},
        {{VIEW("abcd")}, 1},
        {{VIEW("ab"), VIEW("c"), VIEW("d"), VIEW("")}, 4},
        {{VIEW(""), VIEW("ab"), VIEW("c"), VIEW("d")}, 4},
        {{VIEW("Ab"), VIEW("c"), VIEW("d")}, 3},
        {{VIEW("ab\0"), VIEW("c"), VIEW("d")}, 3},
        {{VIEW("ab\0\0\0\1c\0\0\0\1d")}, 1},
        {{VIEW("\0\0\0\2ab\0\0\0\1c"), VIEW("d")}, 2},
        {{VIEW("")}, 0},
    };

    for (size_t i = 0; i < COUNT(places); i++) {
        BYTES_AUTO sealed = seal_text(places[i].fields, places[i].count, VIEW("text"));
        for (size_t j = 0; j < COUNT(places); j++) {
            BYTES_AUTO opened = {0};
            if (i == j) {
                assert_int_equal(seal_open(&seal, places[j].fields, places[j].count,
                                           view_of_bytes(&sealed), &opened),
                                 STATUS_OK);
                assert_view_equal(view_of_bytes(&opened), VIEW("text"));
            } else {
                assert_damaged(&seal, places[j].fields, places[j].count, view_of_bytes(&sealed));
            }
        }
    }
}

static void only_its_root_key_opens_a_value_and_each_key_has_its_own_id(void **state)
{
    (void)state;
    const struct view place[] = {VIEW("a")};
    BYTES_AUTO sealed = seal_text(place, 1, VIEW("text"));

    /* 256 keys in turn also show that none is left in a key slot. */
    for (size_t bit = 0; bit < 8 * sizeof root_key; bit++) {
        uint8_t other_key[SEAL_ROOT_KEY_SIZE];
        struct seal other = {0};
        memcpy(other_key, root_key, sizeof root_key);
        other_key[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_int_equal(seal_init(other_key, &other), STATUS_OK);
        assert_memory_not_equal(other.root_key_id, seal.root_key_id, SEAL_ROOT_KEY_ID_SIZE);
        assert_damaged(&other, place, 1, view_of_bytes(&sealed));
        seal_free(&other);
        assert_int_equal(other.key, 0);
    }
}

static void the_same_root_key_opens_a_value_again_and_has_the_same_id(void **state)
{
    (void)state;
    const struct view place[] = {VIEW("a")};
    BYTES_AUTO sealed = seal_text(place, 1, VIEW("text"));
    BYTES_AUTO opened = {0};
    struct seal again = {0};

    assert_int_equal(seal_init(root_key, &again), STATUS_OK);
    assert_memory_equal(again.root_key_id, seal.root_key_id, SEAL_ROOT_KEY_ID_SIZE);
    assert_int_equal(seal_open(&again, place, 1, view_of_bytes(&sealed), &opened), STATUS_OK);
    seal_free(&again);
}

static void the_root_key_id_reveals_nothing_of_the_root_key(void **state)
{
    (void)state;
    for (size_t i = 0; i + 4 <= SEAL_ROOT_KEY_ID_SIZE; i++) {
        assert_false(view_contains((struct view){root_key, sizeof root_key},
                                   (struct view){seal.root_key_id + i, 4}));
    }
}

/* Existing stores must stay readable: these never change for version 1. */
static void a_value_sealed_by_the_first_version_still_opens(void **state)
{
    (void)state;
    const struct view place[] = {VIEW("plugin_data"), VIEW("https://example.com")};
    BYTES_AUTO id = bytes_of_hex(ROOT_KEY_ID);
    BYTES_AUTO sealed = bytes_of_hex(SEALED);
    BYTES_AUTO opened = {0};

    assert_view_equal((struct view){seal.root_key_id, SEAL_ROOT_KEY_ID_SIZE}, view_of_bytes(&id));
    assert_int_equal(seal_open(&seal, place, 2, view_of_bytes(&sealed), &opened), STATUS_OK);
    assert_view_equal(view_of_bytes(&opened), VIEW("{\"a\":1}"));
}

static void out_of_memory_is_never_reported_as_damage(void **state)
{
    (void)state;
    assert_int_equal(crypto_status(PSA_SUCCESS), STATUS_OK);
    assert_int_equal(crypto_status(PSA_ERROR_INSUFFICIENT_MEMORY), STATUS_NO_MEMORY);
    assert_int_equal(crypto_status(PSA_ERROR_INVALID_SIGNATURE), STATUS_DAMAGED);
    assert_int_equal(crypto_status(PSA_ERROR_INVALID_PADDING), STATUS_DAMAGED);
    assert_int_equal(crypto_status(PSA_ERROR_GENERIC_ERROR), STATUS_CRYPTO_FAILED);
    assert_int_equal(crypto_status(PSA_ERROR_INVALID_ARGUMENT), STATUS_CRYPTO_FAILED);
    assert_int_equal(crypto_status(PSA_ERROR_INSUFFICIENT_ENTROPY), STATUS_CRYPTO_FAILED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_of_every_size_survive_a_round_trip),
        cmocka_unit_test(text_and_place_may_be_empty),
        cmocka_unit_test(sealing_twice_has_no_bytes_in_common),
        cmocka_unit_test(no_bit_of_a_sealed_value_can_be_changed),
        cmocka_unit_test(every_other_version_byte_is_refused),
        cmocka_unit_test(a_truncated_or_extended_sealed_value_is_refused),
        cmocka_unit_test(a_sealed_value_opens_only_at_its_own_place),
        cmocka_unit_test(only_its_root_key_opens_a_value_and_each_key_has_its_own_id),
        cmocka_unit_test(the_same_root_key_opens_a_value_again_and_has_the_same_id),
        cmocka_unit_test(the_root_key_id_reveals_nothing_of_the_root_key),
        cmocka_unit_test(a_value_sealed_by_the_first_version_still_opens),
        cmocka_unit_test(out_of_memory_is_never_reported_as_damage),
    };

    return cmocka_run_group_tests_name("seal", tests, start, finish);
}
