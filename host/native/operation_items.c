/* SPDX-License-Identifier: MIT */
#include "native/operation.h"
#include "trello/synchronize.h"

#include <stdlib.h>

/* No localStorage has room for more secrets than 32,563: its limit is 5,242,880 code units, of
 * which each takes 64 for its name and at least 97 for its value. */
enum { ITEMS_MAX = 40000, ITEM_VALUES = 4 };

static enum status read_items(struct json_object *request, struct known_item **ret_known,
                              size_t *ret_count, struct failure *failure)
{
    static const struct member item_members[] = {
        {"slot", json_type_string, MEMBER_REQUIRED},
        {"base", json_type_string, MEMBER_REQUIRED | MEMBER_OR_NULL | MEMBER_LARGE},
        {"local", json_type_string, MEMBER_REQUIRED | MEMBER_OR_NULL | MEMBER_LARGE},
        MEMBERS_END,
    };
    struct json_object *items = json_object_object_get(request, "items");
    size_t count = json_object_array_length(items);

    TRY(request_check_array(request, "items", item_members, ITEMS_MAX, failure));
    struct known_item *known = calloc(count > 0 ? count : 1, sizeof *known);
    if (known == NULL) {
        return failure_no_memory(failure);
    }
    for (size_t i = 0; i < count; i++) {
        struct json_object *item = json_object_array_get_idx(items, i);
        known[i] = (struct known_item){request_string(item, "slot"), request_string(item, "base"),
                                       request_string(item, "local")};
    }
    *ret_known = known;
    *ret_count = count;
    return STATUS_OK;
}

static void describe(const struct item_list *changes, struct json_object *result)
{
    JSON_AUTO(items) = json_object_new_array();

    for (size_t i = 0; i < changes->count; i++) {
        JSON_AUTO(item) = json_object_new_object();
        json_set_string(item, "slot", view_of_bytes(&changes->items[i].slot));
        json_set_string(item, "value", view_of_bytes(&changes->items[i].value));
        json_push(items, &item);
    }
    json_set(result, "items", &items);
}

static enum status run_synchronize_items(struct session *session, struct json_object *request,
                                         struct json_object **ret_result, struct failure *failure)
{
    FREE_AUTO struct known_item *known = NULL;
    struct storage_key key;
    size_t count = 0;
    ITEM_LIST_AUTO changes = {0};

    TRY(operation_storage_key(request, &key, failure));
    TRY(read_items(request, &known, &count, failure));
    TRY(items_synchronize(session->store, key, known, count, &changes, failure));
    JSON_AUTO(result) = json_object_new_object();
    describe(&changes, result);
    if (json_status(result) != STATUS_OK) {
        return failure_set(failure, STATUS_NO_MEMORY,
                           "Out of memory for the answer; the items are kept.");
    }
    MOVE(*ret_result, result);
    return STATUS_OK;
}

static const struct member synchronize_items_members[] = {
    {"origin", json_type_string, MEMBER_REQUIRED},
    {"topLevelSite", json_type_string, 0},
    {"items", json_type_array, MEMBER_REQUIRED},
    MEMBERS_END,
};

const struct operation operation_synchronize_items = {
    .name = "synchronizeItems",
    .help = "bring localStorage and the kept items together",
    .needs_hello = true,
    .members = synchronize_items_members,
    .values_max = ITEM_VALUES * ITEMS_MAX + OPERATION_VALUES_MAX,
    .run = run_synchronize_items,
};
