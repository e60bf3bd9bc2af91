/* SPDX-License-Identifier: MIT */
#include "cli/command_context.h"
#include "cli/command_table.h"
#include "cli/listing.h"
#include "store/items.h"
#include "trello/secrets.h"

static enum status add_item(void *list, const struct kept_item *item, struct failure *failure)
{
    JSON_AUTO(object) = json_object_new_object();
    struct view site = item->key.top_level_site;
    const struct member_text members[] = {
        {"profile", item->browser_profile},
        {"origin", item->key.origin},
        {"topLevelSite", site.size > 0 ? site : (struct view){NULL, 0}},
        {"slot", item->slot},
        {"value", item->value},
    };

    (void)failure;
    listing_set_texts(object, members, sizeof members / sizeof members[0]);
    json_push(list, &object);
    return json_status(list);
}

static enum status run_items(struct command_context *context, struct failure *failure)
{
    static const struct column columns[] = {
        {"PROFILE", .member = "profile"},
        {"ORIGIN", .member = "origin"},
        {"TOP-LEVEL SITE", .member = "topLevelSite"},
        {"SLOT", .member = "slot"},
        {"VALUE", .member = "value"},
    };
    JSON_AUTO(list) = json_object_new_array();

    TRY(items_visit(context->store, command_origin(context), add_item, list, failure));
    return listing_give(context, &list, columns, sizeof columns / sizeof columns[0]);
}

const struct command command_items = {
    .name = "items",
    .help = "list the stored items of all browser profiles",
    .more = "Each with its browser profile, origin, top-level site, slot (the name of the "
            "localStorage entry) and value.",
    .options = OPTIONS(OPTIONAL(ORIGIN)),
    .kind = COMMAND_READING,
    .run = run_items,
};

static enum status run_clear_site_data(struct command_context *context, struct failure *failure)
{
    return items_clear(context->store, command_origin(context), failure);
}

const struct command command_clear_site_data = {
    .name = "clear-site-data",
    .help = "delete the stored items of the browser; keys stay",
    .more = "Those of the current browser profile, including what open pages stored just before.",
    .options = OPTIONS(OPTIONAL(ORIGIN)),
    .kind = COMMAND_REPLACING,
    .run = run_clear_site_data,
};

/* The slot that --slot names, or --key of a member. The caller owns *ret_slot. */
static enum status find_slot(struct command_context *context, struct bytes *ret_slot,
                             struct failure *failure)
{
    struct view slot = command_value(context, OPTION_SLOT);
    char made[CIPHER_SLOT_SIZE];
    BYTES_AUTO member = {0};

    if (slot.data != NULL) {
        return bytes_copy(slot, ret_slot);
    }
    TRY(command_member(context, &member, failure));
    TRY(cipher_slot(view_of_bytes(&member), command_value(context, OPTION_KEY), made));
    return bytes_copy((struct view){(const uint8_t *)made, sizeof made}, ret_slot);
}

static enum status check_slot(struct command_context *context, struct failure *failure)
{
    bool slot = arguments_have(context->arguments, OPTION_SLOT);
    bool key = arguments_have(context->arguments, OPTION_KEY);

    return slot != key ? STATUS_OK
                       : failure_set(failure, STATUS_BAD_REQUEST,
                                     "Name the item either with --slot or with --key.");
}

static enum status run_get(struct command_context *context, struct failure *failure)
{
    BYTES_AUTO slot = {0};
    BYTES_AUTO value = {0};

    TRY(find_slot(context, &slot, failure));
    enum status status = items_get(context->store, command_storage_key(context),
                                   view_of_bytes(&slot), &value, failure);
    if (status == STATUS_ABSENT) {
        return failure_set(failure, status, "There is no such item.");
    }
    TRY(status);
    return command_give(context, "value", view_of_bytes(&value));
}

#define ITEM_OPTIONS                                                                               \
    ORIGIN_REQUIRED, OPTIONAL(SLOT),                                                               \
        {OPTION_KEY, false, "instead of --slot: the Power-Up's name for the secret"},              \
        OPTIONAL(MEMBER), OPTIONAL(TOP_LEVEL_SITE)

const struct command command_item_get = {
    .name = "item get",
    .help = "print the value of one stored item",
    .options = OPTIONS(ITEM_OPTIONS),
    .kind = COMMAND_READING,
    .prepare = check_slot,
    .run = run_get,
};

static enum status prepare_set(struct command_context *context, struct failure *failure)
{
    TRY(check_slot(context, failure));
    return command_read_input(context, OPTION_VALUE_FILE, failure);
}

static enum status run_set(struct command_context *context, struct failure *failure)
{
    BYTES_AUTO slot = {0};

    TRY(find_slot(context, &slot, failure));
    return items_set(context->store, command_storage_key(context), view_of_bytes(&slot),
                     view_of_bytes(&context->input), failure);
}

const struct command command_item_set = {
    .name = "item set",
    .help = "store any value in one item",
    .more = "The value is every byte of the file or of standard input.",
    .options = OPTIONS(ITEM_OPTIONS, OPTIONAL(VALUE_FILE)),
    .kind = COMMAND_CHANGING,
    .prepare = prepare_set,
    .run = run_set,
};

static enum status run_remove(struct command_context *context, struct failure *failure)
{
    BYTES_AUTO slot = {0};

    TRY(find_slot(context, &slot, failure));
    return items_remove(context->store, command_storage_key(context), view_of_bytes(&slot),
                        failure);
}

const struct command command_item_remove = {
    .name = "item remove",
    .help = "delete one stored item",
    .more = "It is not an error when there was none.",
    .options = OPTIONS(ITEM_OPTIONS),
    .kind = COMMAND_CHANGING,
    .prepare = check_slot,
    .run = run_remove,
};
