// SPDX-License-Identifier: MIT
// Any sequence of messages to the host, of changes by the command line and of restarts: each reply,
// and at the end the store, is what the model says. Input: for each step a byte that chooses it and
// the bytes that it takes; a byte that is missing is 0.
#include "base/request.h"
#include "fuzz.h"
#include "fuzz_store.h"
#include "sequence.h"
#include "sequence_store.h"
#include "store/store_open.h"

#include <stdlib.h>
#include <string.h>

enum { STEPS_MAX = 64 };

/* --- Secrets --- */

static struct model_text *key_text(struct sequence *run, const struct sequence_place *place)
{
    return model_text(&run->model, place->origin, SCOPE_MEMBER, place->member, VISIBILITY_PRIVATE,
                      0);
}

static void learn_key(struct sequence *run, const struct sequence_place *place)
{
    struct model_text *kept = key_text(run, place);
    JSON_AUTO(request) = sequence_request("getPluginData");

    sequence_add_text(request, "origin", model_origins[place->origin]);
    sequence_add_text(request, "member", model_members[place->member]);
    JSON_AUTO(reply) = sequence_ask(run, request);
    struct json_object *scopes = json_object_object_get(reply, "result");
    struct view text = request_string(json_object_object_get(scopes, "member"), "private");
    kept->form = kept->form != NULL ? kept->form : &model_forms[0];
    size_t before = strlen(kept->form->before_key);
    FUZZ_CHECK(text.size == before + 2 * (size_t)CIPHER_KEY_SIZE + strlen(kept->form->after_key));
    memcpy(kept->key, text.data + before, 2 * (size_t)CIPHER_KEY_SIZE);
    FUZZ_CHECK(strspn(kept->key, "0123456789abcdef") == 2 * (size_t)CIPHER_KEY_SIZE);
    BYTES_AUTO expected = model_text_bytes(kept);
    FUZZ_CHECK(view_equal(text, view_of_bytes(&expected)));
}

static void add_revision(struct sequence *run, size_t origin, struct json_object *result)
{
    struct json_object *numbers = json_object_new_object();

    sequence_add(numbers, (const char *)model_origins[origin].data,
                 json_object_new_int64(++run->model.data_revision));
    sequence_add(result, "pluginData", numbers);
}

static void check_stored(struct sequence *run, const struct sequence_place *place,
                         struct json_object *reply, struct view value, bool makes_key)
{
    struct json_object *result = json_object_new_object();

    sequence_add_text(result, "key", model_slot_text(model_slot(place->member, place->key)));
    sequence_add_text(result, "value", value);
    sequence_add(result, "madeKey", json_object_new_boolean(makes_key));
    if (makes_key) {
        add_revision(run, place->origin, result);
    }
    sequence_check_gives(run, reply, result, ++run->model.items_revision);
}

static void store_secret(struct sequence *run)
{
    struct sequence_place place = sequence_take_place(run);
    BYTES_AUTO secret = sequence_take_text(run);
    JSON_AUTO(request) = sequence_request_for("storeSecret", &place);
    size_t slot = model_slot(place.member, place.key);
    struct model_text *kept = key_text(run, &place);
    bool makes_key = kept->key[0] == '\0';

    sequence_add_text(request, "data", view_of_bytes(&secret));
    if (sequence_take_below(run, 2) == 1) {
        sequence_add_text(request, "slot", model_slot_text(slot));
    }
    JSON_AUTO(reply) = sequence_ask(run, request);
    if (kept->form != NULL && kept->form->before_key == NULL) {
        sequence_check_refused(run, reply, "library_error");
        return;
    }
    struct view value = request_string(json_object_object_get(reply, "result"), "value");
    check_stored(run, &place, reply, value, makes_key);
    if (makes_key) {
        learn_key(run, &place);
    }
    model_items(&run->model, place.origin, place.site)[slot] =
        model_add_value(&run->model, value, view_of_bytes(&secret), kept->key);
}

static void load(struct sequence *run, const struct sequence_place *place)
{
    JSON_AUTO(request) = sequence_request_for("loadSecret", place);
    struct view secret;

    JSON_AUTO(reply) = sequence_ask(run, request);
    if (!model_load(&run->model, place->origin, place->site, place->member, place->key, &secret)) {
        sequence_check_refused(run, reply, "library_error");
        return;
    }
    sequence_check_gives(run, reply,
                         secret.data == NULL ? NULL
                                             : json_object_new_string_len((const char *)secret.data,
                                                                          (int)secret.size),
                         0);
}

static void load_secret(struct sequence *run)
{
    struct sequence_place place = sequence_take_place(run);

    load(run, &place);
}

static void clear_secret(struct sequence *run)
{
    struct sequence_place place = sequence_take_place(run);
    JSON_AUTO(request) = sequence_request_for("clearSecret", &place);
    model_item *item =
        &model_items(&run->model, place.origin, place.site)[model_slot(place.member, place.key)];

    JSON_AUTO(reply) = sequence_ask(run, request);
    sequence_check_gives(run, reply, NULL, *item != 0 ? ++run->model.items_revision : 0);
    *item = 0;
}

/* --- Items --- */

/* None, the one that is kept, or any that ever was. */
static model_item take_item(struct sequence *run, model_item kept)
{
    size_t chosen = fuzz_take_byte(&run->input);

    return chosen % 4 == 0 ? 0 : chosen % 4 == 1 ? kept : 1 + chosen / 4 % run->model.value_count;
}

static struct view text_of_item(const struct sequence *run, model_item item)
{
    const struct model_value *value = model_value(&run->model, item);

    return value != NULL ? view_of_bytes(&value->text) : (struct view){NULL, 0};
}

static void add_change(const struct sequence *run, struct json_object *changes, size_t slot,
                       model_item item)
{
    struct json_object *change = json_object_new_object();

    sequence_add_text(change, "slot", model_slot_text(slot));
    sequence_add_text(change, "value", text_of_item(run, item));
    FUZZ_CHECK(json_object_array_put_idx(changes, json_object_array_length(changes), change) == 0);
}

/* Lists the slots of a set, the last first, and notes what the page has. */
static struct json_object *take_known(struct sequence *run, size_t listed, const model_item *items,
                                      model_item bases[SLOTS], model_item locals[SLOTS])
{
    struct json_object *known = json_object_new_array();

    for (size_t slot = SLOTS; slot-- > 0;) {
        if ((listed >> slot & 1) == 0) {
            continue;
        }
        struct json_object *item = json_object_new_object();
        bases[slot] = take_item(run, items[slot]);
        locals[slot] = take_item(run, items[slot]);
        sequence_add_text(item, "slot", model_slot_text(slot));
        sequence_add_text(item, "base", text_of_item(run, bases[slot]));
        sequence_add_text(item, "local", text_of_item(run, locals[slot]));
        FUZZ_CHECK(json_object_array_add(known, item) == 0);
    }
    return known;
}

static void synchronize_items(struct sequence *run)
{
    struct sequence_place place = sequence_take_place(run);
    size_t listed = fuzz_take_byte(&run->input);
    model_item *items = model_items(&run->model, place.origin, place.site);
    JSON_AUTO(request) = sequence_request_at("synchronizeItems", place.origin, place.site);
    struct json_object *result = json_object_new_object();
    struct json_object *changes = json_object_new_array();
    model_item bases[SLOTS] = {0};
    model_item locals[SLOTS] = {0};
    bool changed = false;

    sequence_add(request, "items", take_known(run, listed, items, bases, locals));
    JSON_AUTO(reply) = sequence_ask(run, request);
    for (size_t slot = 0; slot < SLOTS; slot++) {
        if (locals[slot] != bases[slot] && items[slot] == bases[slot]) {
            items[slot] = locals[slot];
            changed = true;
        } else if (locals[slot] != items[slot]) {
            add_change(run, changes, slot, items[slot]);
        }
    }
    sequence_add(result, "items", changes);
    run->model.items_revision += changed;
    sequence_check_gives(run, reply, result, run->model.items_revision);
}

/* --- Plugin data --- */

/* A form, one with a key that the page made, or a text that is kept somewhere. */
static struct model_text take_kept_text(struct sequence *run)
{
    static const char key[] = "00112233445566778899aabbccddeeffffeeddccbbaa99887766554433221100";
    size_t chosen = fuzz_take_byte(&run->input);
    struct model_text text = {.form = &model_forms[chosen / 3 % FORMS]};

    if (chosen % 3 == 1 && text.form->before_key != NULL) {
        memcpy(text.key, key, sizeof key);
    } else if (chosen % 3 == 2) {
        const struct model_text *kept =
            model_text(&run->model, chosen / 3 % ORIGINS, SCOPE_MEMBER,
                       chosen / (3 * ORIGINS) % MEMBERS, VISIBILITY_PRIVATE, 0);
        text = kept->form != NULL ? *kept : text;
    }
    return text;
}

/* Adds which text must be replaced; whether it is the one that is kept. */
static bool take_base(struct sequence *run, struct json_object *request,
                      const struct model_text *kept)
{
    switch (sequence_take_below(run, 4)) {
    case 0:
        return true;
    case 1:
        sequence_add(request, "base", NULL);
        return kept->form == NULL;
    case 2:
        sequence_add_text(request, "base", view_of_text("a text that is nowhere"));
        return false;
    default:
        break;
    }
    if (kept->form == NULL) {
        sequence_add(request, "base", NULL);
        return true;
    }
    BYTES_AUTO text = model_text_bytes(kept);
    sequence_add_text(request, "base", view_of_bytes(&text));
    return true;
}

struct data_place {
    size_t origin;
    size_t scope;
    size_t owner;
    size_t visibility;
    size_t viewer; /* MEMBERS: the request names none */
};

static struct data_place take_data_place(struct sequence *run)
{
    struct data_place place;

    place.origin = sequence_take_below(run, ORIGINS);
    place.scope = sequence_take_below(run, SCOPES);
    place.owner = sequence_take_below(run, MEMBERS);
    place.visibility = sequence_take_below(run, VISIBILITIES);
    place.viewer = sequence_take_below(run, MEMBERS + 1);
    return place;
}

static struct json_object *data_request(const struct data_place *place,
                                        const struct model_text *text)
{
    struct json_object *request = sequence_request("setPluginData");
    BYTES_AUTO bytes = model_text_bytes(text);

    sequence_add_text(request, "origin", model_origins[place->origin]);
    sequence_add_text(request, "scope", view_of_text(model_scopes[place->scope]));
    sequence_add_text(request, "owner", model_members[place->owner]);
    sequence_add_text(request, "visibility", view_of_text(model_visibilities[place->visibility]));
    sequence_add_text(request, "text", view_of_bytes(&bytes));
    if (place->viewer < MEMBERS) {
        sequence_add_text(request, "member", model_members[place->viewer]);
    }
    return request;
}

static void set_plugin_data(struct sequence *run)
{
    struct data_place place = take_data_place(run);
    struct model_text text = take_kept_text(run);
    JSON_AUTO(request) = data_request(&place, &text);
    struct model_text *kept = model_text(&run->model, place.origin, place.scope, place.owner,
                                         place.visibility, place.viewer % MEMBERS);
    bool written = take_base(run, request, kept);

    JSON_AUTO(reply) = sequence_ask(run, request);
    if (place.viewer == MEMBERS && place.visibility == VISIBILITY_PRIVATE &&
        place.scope != SCOPE_MEMBER) {
        sequence_check_refused(run, reply, "bad_request");
        return;
    }
    struct json_object *result = json_object_new_object();
    sequence_add(result, "written", json_object_new_boolean(written));
    if (written && !model_text_same(kept, &text)) {
        add_revision(run, place.origin, result);
    }
    sequence_check_gives(run, reply, result, 0);
    *kept = written ? text : *kept;
}

static void add_kept(struct json_object *texts, const char *name, const struct model_text *kept)
{
    if (kept->form != NULL) {
        BYTES_AUTO text = model_text_bytes(kept);
        sequence_add_text(texts, name, view_of_bytes(&text));
    }
}

static void get_plugin_data(struct sequence *run)
{
    JSON_AUTO(request) = sequence_request("getPluginData");
    struct json_object *result = json_object_new_object();
    size_t origin = sequence_take_below(run, ORIGINS);
    size_t viewer = sequence_take_below(run, MEMBERS + 1);

    sequence_add_text(request, "origin", model_origins[origin]);
    for (size_t scope = 0; scope < SCOPES; scope++) {
        size_t owner = scope == SCOPE_MEMBER ? viewer : sequence_take_below(run, MEMBERS + 1);
        if (owner == MEMBERS) {
            continue;
        }
        struct json_object *texts = json_object_new_object();
        sequence_add_text(request, model_scopes[scope], model_members[owner]);
        add_kept(texts, "shared", model_text(&run->model, origin, scope, owner, 0, 0));
        if (viewer < MEMBERS) {
            add_kept(texts, "private",
                     model_text(&run->model, origin, scope, owner, VISIBILITY_PRIVATE, viewer));
        }
        if (json_object_object_length(texts) > 0) {
            sequence_add(result, model_scopes[scope], texts);
        } else {
            json_object_put(texts);
        }
    }
    JSON_AUTO(reply) = sequence_ask(run, request);
    sequence_check_gives(run, reply, result, 0);
}

/* --- Calls --- */

static struct json_object *call_of(const struct model_call *call)
{
    struct json_object *object = json_object_new_object();

    sequence_add_text(object, "method", view_of_text("t"));
    sequence_add(object, "at", json_object_new_int64(call->at));
    if (call->problem) {
        sequence_add_text(object, "problem", view_of_text("unknown-member"));
    }
    return object;
}

/* Adds a call to the request, and to those that the model will have. */
static void take_call(struct sequence *run, size_t origin, struct json_object *calls)
{
    struct model *model = &run->model;
    BYTES_AUTO text = sequence_take_text(run);
    struct json_object *detail = json_object_new_object();
    struct view json;

    FUZZ_CHECK(model->call_count < CALLS_MAX);
    struct model_call *call = &model->calls[model->call_count];
    *call = (struct model_call){.origin = origin,
                                .at = (int64_t)model->call_count,
                                .problem = sequence_take_below(run, 2) == 1};
    model->call_count++;
    sequence_add_text(detail, "text", view_of_bytes(&text));
    FUZZ_CHECK(json_text_of(detail, &json) == STATUS_OK);
    FUZZ_CHECK(bytes_copy(json, &call->detail) == STATUS_OK);
    struct json_object *object = call_of(call);
    sequence_add(object, "detail", detail);
    FUZZ_CHECK(json_object_array_add(calls, object) == 0);
}

/* All or, where the last one is not valid, none. */
static void record_calls(struct sequence *run)
{
    JSON_AUTO(request) = sequence_request("recordCalls");
    struct json_object *calls = json_object_new_array();
    size_t origin = sequence_take_below(run, ORIGINS);
    size_t count = sequence_take_below(run, 4);
    bool valid = sequence_take_below(run, 4) > 0;
    size_t before = run->model.call_count;

    for (size_t i = 0; i < count; i++) {
        take_call(run, origin, calls);
    }
    if (!valid) {
        const struct model_call no_call = {.at = -1};
        struct json_object *object = call_of(&no_call);
        sequence_add(object, "detail", json_object_new_object());
        FUZZ_CHECK(json_object_array_add(calls, object) == 0);
    }
    sequence_add_text(request, "origin", model_origins[origin]);
    sequence_add(request, "calls", calls);
    JSON_AUTO(reply) = sequence_ask(run, request);
    if (valid) {
        sequence_check_gives(run, reply, NULL, 0);
        return;
    }
    sequence_check_refused(run, reply, "bad_request");
    for (; run->model.call_count > before; run->model.call_count--) {
        bytes_wipe(&run->model.calls[run->model.call_count - 1].detail);
    }
}

/* --- The host and the command line --- */

static void greet(struct sequence *run)
{
    JSON_AUTO(request) = sequence_request("hello");

    sequence_add(request, "protocol", json_object_new_int64(1));
    sequence_add_text(request, "extension", view_of_text("0"));
    sequence_add_text(request, "browser", view_of_text("fuzz"));
    JSON_AUTO(reply) = sequence_ask(run, request);
    FUZZ_CHECK(json_object_get_boolean(json_object_object_get(reply, "ok")));
}

static void restart(struct sequence *run)
{
    static const char name[] = "POWERUP_SECRETS_BROWSER_PROFILE";
    size_t chosen = sequence_take_below(run, PROFILES + 1);

    session_end(&run->session);
    run->session = (struct session){0};
    run->model.profile_is_fixed = chosen < PROFILES;
    run->model.fixed_profile = chosen;
    if (chosen < PROFILES) {
        FUZZ_CHECK(setenv(name, (const char *)model_profiles[chosen].data, 1) == 0);
    } else {
        FUZZ_CHECK(unsetenv(name) == 0);
    }
    greet(run);
}

static void change_settings(struct sequence *run)
{
    size_t chosen = fuzz_take_byte(&run->input);

    sequence_change_settings(&run->model, chosen);
}

/* The names for one entry, as far as the input has them. */
static void load_all(struct sequence *run)
{
    for (size_t i = 0; i < (size_t)ORIGINS * SITES * MEMBERS * KEYS; i++) {
        const struct sequence_place place = {i % ORIGINS, i / ORIGINS % SITES,
                                             i / (ORIGINS * SITES) % MEMBERS,
                                             i / (ORIGINS * SITES * MEMBERS)};
        size_t slot = model_slot(place.member, place.key);
        if (model_items(&run->model, place.origin, place.site)[slot] != 0) {
            load(run, &place);
        }
    }
}

static void make_store(void)
{
    struct store *store = NULL;
    struct failure failure = {0};

    FUZZ_CHECK(store_open(fuzz_state_folder(), &store, &failure) == STATUS_OK);
    store_close(&store);
}

void fuzz_one(struct view input)
{
    static void (*const steps[])(struct sequence *) = {
        store_secret,    load_secret,  clear_secret, synchronize_items, set_plugin_data,
        get_plugin_data, record_calls, restart,      change_settings,
    };
    struct sequence run = {.input = input};

    fuzz_reset_store(make_store);
    FUZZ_CHECK(unsetenv("POWERUP_SECRETS_BROWSER_PROFILE") == 0);
    model_start(&run.model);
    greet(&run);
    for (size_t i = 0; i < STEPS_MAX && run.input.size > 0; i++) {
        steps[sequence_take_below(&run, sizeof steps / sizeof steps[0])](&run);
    }
    load_all(&run);
    session_end(&run.session);
    sequence_check_store(&run.model);
    model_end(&run.model);
}
