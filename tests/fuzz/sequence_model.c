// SPDX-License-Identifier: MIT
#include "sequence_model.h"

#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

const struct view model_origins[ORIGINS] = {
    VIEW("https://a.example"),
    VIEW("https://a.example:8443"),
    VIEW("http://localhost:3000"),
};
const struct view model_sites[SITES] = {
    {NULL, 0},
    VIEW("https://trello.com"),
    VIEW("null"),
};
const struct view model_profiles[PROFILES] = {
    VIEW("default"),
    VIEW("work"),
    VIEW("w"),
};
/* "m" and "x:y" are the same entry as "m:x" and "y", under another member's AES key. */
const struct view model_members[MEMBERS] = {VIEW("m"), VIEW("m:x"), VIEW("")};
const struct view model_keys[KEYS] = {VIEW("y"), VIEW("x:y"), VIEW("\0key")};
const char *const model_scopes[SCOPES] = {"board", "card", "member", "organization"};
const char *const model_visibilities[VISIBILITIES] = {"shared", "private"};

const struct model_form model_forms[FORMS] = {
    {"{}", "{\"aescbc\":\"", "\"}"},
    {"", "{\"aescbc\":\"", "\"}"},
    {"{\"c\":[1, \"x\"]}", "{\"c\":[1, \"x\"],\"aescbc\":\"", "\"}"},
    {"[7]", "{\"0\":7,\"aescbc\":\"", "\"}"},
    {"{\"aescbc\":\"\",\"z\":0}", "{\"aescbc\":\"", "\",\"z\":0}"},
    {"{\"aescbc\":7}", NULL, NULL},
};

static char slots[SLOTS][CIPHER_SLOT_SIZE];
static size_t slot_of[MEMBERS][KEYS];

static int compare_slots(const void *a, const void *b)
{
    return memcmp(a, b, CIPHER_SLOT_SIZE);
}

static void make_slots(void)
{
    char all[MEMBERS * KEYS][CIPHER_SLOT_SIZE];
    size_t count = 0;

    for (size_t i = 0; i < (size_t)MEMBERS * KEYS; i++) {
        FUZZ_CHECK(cipher_slot(model_members[i / KEYS], model_keys[i % KEYS], all[i]) == STATUS_OK);
    }
    qsort(all, (size_t)MEMBERS * KEYS, CIPHER_SLOT_SIZE, compare_slots);
    for (size_t i = 0; i < (size_t)MEMBERS * KEYS; i++) {
        if (i == 0 || compare_slots(all[i - 1], all[i]) != 0) {
            FUZZ_CHECK(count < SLOTS);
            memcpy(slots[count++], all[i], CIPHER_SLOT_SIZE);
        }
    }
    FUZZ_CHECK(count == SLOTS);
}

static size_t find_slot(size_t member, size_t key)
{
    char slot[CIPHER_SLOT_SIZE];

    FUZZ_CHECK(cipher_slot(model_members[member], model_keys[key], slot) == STATUS_OK);
    const char *found = bsearch(slot, slots, SLOTS, CIPHER_SLOT_SIZE, compare_slots);
    FUZZ_CHECK(found != NULL);
    return (size_t)(found - slots[0]) / CIPHER_SLOT_SIZE;
}

void model_start(struct model *model)
{
    static const struct view plain[] = {VIEW(""), VIEW("v"), VIEW("00;11")};

    *model = (struct model){.partitioned = true};
    if (slots[0][0] == '\0') {
        make_slots();
        for (size_t i = 0; i < (size_t)MEMBERS * KEYS; i++) {
            slot_of[i / KEYS][i % KEYS] = find_slot(i / KEYS, i % KEYS);
        }
    }
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++) {
        (void)model_add_value(model, plain[i], (struct view){NULL, 0}, "");
    }
}

void model_end(struct model *model)
{
    for (size_t i = 0; i < model->value_count; i++) {
        bytes_wipe(&model->values[i].text);
        bytes_wipe(&model->values[i].secret);
    }
    for (size_t i = 0; i < model->call_count; i++) {
        bytes_wipe(&model->calls[i].detail);
    }
}

size_t model_slot(size_t member, size_t key)
{
    return slot_of[member][key];
}

struct view model_slot_text(size_t slot)
{
    return (struct view){(const uint8_t *)slots[slot], CIPHER_SLOT_SIZE};
}

model_item *model_items(struct model *model, size_t origin, size_t site)
{
    size_t profile = model->profile_is_fixed ? model->fixed_profile : model->profile;

    return model->items[profile][origin][model->partitioned ? site : 0];
}

model_item model_add_value(struct model *model, struct view text, struct view secret,
                           const char *key)
{
    FUZZ_CHECK(model->value_count < VALUES_MAX);
    struct model_value *value = &model->values[model->value_count++];
    FUZZ_CHECK(bytes_copy(text, &value->text) == STATUS_OK);
    FUZZ_CHECK(secret.data == NULL || bytes_copy(secret, &value->secret) == STATUS_OK);
    strcpy(value->key, key);
    return model->value_count;
}

const struct model_value *model_value(const struct model *model, model_item item)
{
    return item > 0 ? &model->values[item - 1] : NULL;
}

struct model_text *model_text(struct model *model, size_t origin, size_t scope, size_t owner,
                              size_t visibility, size_t viewer)
{
    bool seen_by_one = visibility == VISIBILITY_PRIVATE && scope != SCOPE_MEMBER;

    return &model->data[origin][scope][owner][visibility][seen_by_one ? viewer : 0];
}

struct bytes model_text_bytes(const struct model_text *kept)
{
    BUFFER_AUTO text = {0};
    struct bytes copy = {0};

    if (kept->key[0] != '\0') {
        buffer_add_text(&text, kept->form->before_key);
        buffer_add_text(&text, kept->key);
        buffer_add_text(&text, kept->form->after_key);
    } else {
        buffer_add_text(&text, kept->form->text);
    }
    FUZZ_CHECK(bytes_copy(view_of_buffer(&text), &copy) == STATUS_OK);
    return copy;
}

bool model_text_same(const struct model_text *a, const struct model_text *b)
{
    if (a->form == NULL || b->form == NULL) {
        return a->form == b->form;
    }
    BYTES_AUTO a_text = model_text_bytes(a);
    BYTES_AUTO b_text = model_text_bytes(b);
    return view_equal(view_of_bytes(&a_text), view_of_bytes(&b_text));
}

static enum fidelity fidelity_of(const struct model *model, size_t origin)
{
    return model->fidelity_is_set[origin]    ? model->fidelity[origin]
           : model->fidelity_is_set[ORIGINS] ? model->fidelity[ORIGINS]
                                             : FIDELITY_DOCUMENTED;
}

bool model_load(struct model *model, size_t origin, size_t site, size_t member, size_t key,
                struct view *ret_secret)
{
    const struct model_value *value =
        model_value(model, model_items(model, origin, site)[model_slot(member, key)]);
    const struct model_text *kept =
        model_text(model, origin, SCOPE_MEMBER, member, VISIBILITY_PRIVATE, 0);

    *ret_secret = (struct view){NULL, 0};
    if (value == NULL || value->text.size == 0) {
        return true;
    }
    if (kept->key[0] == '\0') {
        bool other = kept->form != NULL && kept->form->before_key == NULL;
        return !other && fidelity_of(model, origin) == FIDELITY_LIBRARY;
    }
    *ret_secret = view_of_bytes(&value->secret);
    return value->secret.data != NULL && strcmp(value->key, kept->key) == 0;
}
