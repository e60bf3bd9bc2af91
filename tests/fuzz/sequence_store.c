// SPDX-License-Identifier: MIT
#include "sequence_store.h"

#include "fuzz.h"
#include "fuzz_store.h"
#include "store/calls.h"
#include "store/items.h"
#include "store/plugin_data.h"
#include "store/property.h"
#include "store/revisions.h"
#include "store/store_open.h"
#include "store/transaction.h"

static struct store *open_store(void)
{
    struct store *store = NULL;
    struct failure failure = {0};

    FUZZ_CHECK(store_open(fuzz_state_folder(), &store, &failure) == STATUS_OK);
    return store;
}

static void change_fidelity(struct store *store, struct model *model, size_t chosen)
{
    size_t origin = chosen / 2 % (ORIGINS + 1);
    struct failure failure = {0};
    struct view value = view_of_text(chosen % 2 == 0 ? "library" : "documented");

    model->fidelity_is_set[origin] = true;
    model->fidelity[origin] = chosen % 2 == 0 ? FIDELITY_LIBRARY : FIDELITY_DOCUMENTED;
    FUZZ_CHECK(settings_set(store, origin < ORIGINS ? model_origins[origin] : view_of_text(""),
                            SETTING_FIDELITY, value, &failure) == STATUS_OK);
}

static void change_profile(struct store *store, struct model *model, size_t chosen)
{
    struct failure failure = {0};

    model->profile = chosen % PROFILES;
    model->items_revision++;
    FUZZ_CHECK(revisions_grow_items(store, &failure) == STATUS_OK);
    FUZZ_CHECK(property_write(store, PROPERTY_BROWSER_PROFILE, model_profiles[model->profile],
                              &failure) == STATUS_OK);
}

static void change_partition(struct store *store, struct model *model, size_t chosen)
{
    struct failure failure = {0};

    model->partitioned = chosen % 2 == 1;
    model->items_revision++;
    FUZZ_CHECK(revisions_grow_items(store, &failure) == STATUS_OK);
    FUZZ_CHECK(property_write(store, PROPERTY_PARTITION,
                              view_of_text(model->partitioned ? "on" : "off"),
                              &failure) == STATUS_OK);
}

void sequence_change_settings(struct model *model, size_t chosen)
{
    static void (*const changes[])(struct store *, struct model *, size_t) = {
        change_fidelity,
        change_profile,
        change_partition,
    };
    enum { CHANGES = sizeof changes / sizeof changes[0] };
    STORE_AUTO *store = open_store();
    TRANSACTION_AUTO transaction = {0};
    struct failure failure = {0};

    FUZZ_CHECK(transaction_begin(store, TRANSACTION_WRITE, &transaction, &failure) == STATUS_OK);
    changes[chosen % CHANGES](store, model, chosen / CHANGES);
    FUZZ_CHECK(transaction_commit(&transaction, &failure) == STATUS_OK);
}

/* What is still expected of a visited list. */
struct check {
    const struct model *model;
    size_t left;
    size_t next;
};

static size_t place_in(const struct view *names, size_t count, struct view name)
{
    size_t i = 0;

    while (i < count && !view_equal(names[i], name)) {
        i++;
    }
    FUZZ_CHECK(i < count);
    return i;
}

static enum status check_item(void *context, const struct kept_item *item, struct failure *failure)
{
    struct check *check = context;
    size_t profile = place_in(model_profiles, PROFILES, item->browser_profile);
    size_t origin = place_in(model_origins, ORIGINS, item->key.origin);
    size_t site = place_in(model_sites, SITES, item->key.top_level_site);
    size_t slot = 0;

    (void)failure;
    while (slot < SLOTS && !view_equal(model_slot_text(slot), item->slot)) {
        slot++;
    }
    FUZZ_CHECK(slot < SLOTS);
    const struct model_value *value =
        model_value(check->model, check->model->items[profile][origin][site][slot]);
    FUZZ_CHECK(value != NULL && view_equal(view_of_bytes(&value->text), item->value));
    FUZZ_CHECK(check->left > 0);
    check->left--;
    return STATUS_OK;
}

static void check_items(struct store *store, const struct model *model)
{
    const model_item *items = &model->items[0][0][0][0];
    struct check check = {.model = model};
    struct failure failure = {0};

    for (size_t i = 0; i < (size_t)PROFILES * ORIGINS * SITES * SLOTS; i++) {
        check.left += items[i] != 0;
    }
    FUZZ_CHECK(items_visit(store, view_of_text(""), check_item, &check, &failure) == STATUS_OK);
    FUZZ_CHECK(check.left == 0);
}

static enum status check_call(void *context, const struct call *call, struct failure *failure)
{
    struct check *check = context;

    (void)failure;
    FUZZ_CHECK(check->next < check->model->call_count);
    const struct model_call *expected = &check->model->calls[check->next++];
    FUZZ_CHECK(call->at == expected->at);
    FUZZ_CHECK(view_equal(call->origin, model_origins[expected->origin]));
    FUZZ_CHECK((call->problem.data != NULL) == expected->problem);
    FUZZ_CHECK(view_equal(call->detail, view_of_bytes(&expected->detail)));
    return STATUS_OK;
}

static void check_calls(struct store *store, const struct model *model)
{
    const struct call_filter all = {.origin = view_of_text("")};
    struct check check = {.model = model};
    struct failure failure = {0};

    FUZZ_CHECK(calls_visit(store, &all, check_call, &check, &failure) == STATUS_OK);
    FUZZ_CHECK(check.next == model->call_count);
}

static void check_text(struct store *store, const struct plugin_data_place *place,
                       const struct model_text *kept)
{
    BYTES_AUTO expected = model_text_bytes(kept);
    BYTES_AUTO text = {0};
    struct failure failure = {0};

    FUZZ_CHECK(plugin_data_get(store, place, &text, &failure) == STATUS_OK);
    FUZZ_CHECK(view_equal(view_of_bytes(&text), view_of_bytes(&expected)));
}

static void check_plugin_data(struct store *store, const struct model *model)
{
    const struct model_text *texts = &model->data[0][0][0][0][0];
    STATEMENT_AUTO *statement = NULL;
    struct failure failure = {0};
    int64_t count = 0;

    for (size_t i = 0; i < sizeof model->data / sizeof *texts; i++) {
        const struct plugin_data_place place = {
            .origin = model_origins[i / (SCOPES * MEMBERS * VISIBILITIES * MEMBERS)],
            .scope = view_of_text(model_scopes[i / (MEMBERS * VISIBILITIES * MEMBERS) % SCOPES]),
            .owner = model_members[i / (VISIBILITIES * MEMBERS) % MEMBERS],
            .visibility = view_of_text(model_visibilities[i / MEMBERS % VISIBILITIES]),
            .viewer = model_members[i % MEMBERS],
        };
        if (texts[i].form != NULL) {
            check_text(store, &place, &texts[i]);
            count++;
        }
    }
    FUZZ_CHECK(store_run(store, "SELECT count(*) FROM plugin_data", NULL, 0, &statement,
                         &failure) == STATUS_OK);
    FUZZ_CHECK(sqlite3_column_int64(statement, 0) == count);
}

void sequence_check_store(struct model *model)
{
    STORE_AUTO *store = open_store();
    TRANSACTION_AUTO transaction = {0};
    struct failure failure = {0};

    FUZZ_CHECK(transaction_begin(store, TRANSACTION_READ, &transaction, &failure) == STATUS_OK);
    check_items(store, model);
    check_plugin_data(store, model);
    check_calls(store, model);
}
