/* SPDX-License-Identifier: MIT */
#include "cli/command_context.h"
#include "cli/table.h"
#include "store/transaction.h"
#include "trello/secrets.h"

static enum status add_item(struct json_object *list, const struct kept_item *item)
{
    JSON_AUTO(object) = json_object_new_object();
    const struct {
        const char *name;
        struct view value;
    } members[] = {
        {"profile", item->browser_profile},
        {"origin", item->key.origin},
        {"topLevelSite",
         item->key.top_level_site.size > 0 ? item->key.top_level_site : (struct view){NULL, 0}},
        {"slot", item->slot},
        {"value", item->value},
    };

    TRY(object != NULL ? STATUS_OK : STATUS_NO_MEMORY);
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        TRY(json_add_string(object, members[i].name, members[i].value));
    }
    return json_append(list, &object);
}

static enum status to_json(void *list, const struct kept_item *item, struct failure *failure)
{
    return add_item(list, item) == STATUS_OK ? STATUS_OK : command_no_memory(failure);
}

static enum status to_table(void *table, const struct kept_item *item, struct failure *failure)
{
    (void)failure;
    table_add(table, item->browser_profile);
    table_add(table, item->key.origin);
    table_add(table, item->key.top_level_site);
    table_add(table, item->slot);
    table_add(table, item->value);
    return STATUS_OK;
}

static enum status list_items(struct command_context *context, struct failure *failure)
{
    static const char *const titles[] = {"PROFILE", "ORIGIN", "TOP-LEVEL SITE", "SLOT", "VALUE"};
    struct view origin = command_origin(context);
    TRANSACTION_AUTO transaction = {0};
    TABLE_AUTO table = {.columns = 5};

    enum status status = transaction_begin(context->store, TRANSACTION_READ, &transaction, failure);
    if (status != STATUS_OK) {
        return status;
    }
    if (command_wants_json(context)) {
        context->result = json_object_new_array();
        return context->result != NULL
                   ? items_visit(context->store, origin, to_json, context->result, failure)
                   : command_no_memory(failure);
    }
    for (size_t i = 0; i < table.columns; i++) {
        table_add_text(&table, titles[i]);
    }
    status = items_visit(context->store, origin, to_table, &table, failure);
    table_print(&table, &context->output);
    return status;
}

enum status command_items(struct command_context *context, struct failure *failure)
{
    TRY(command_open(context, failure));

    TRY(command_apply(context, failure));
    return list_items(context, failure);
}

/* The slot that --slot names, or --key of a member. The caller owns *ret_slot. */
static enum status find_slot(struct command_context *context, struct bytes *ret_slot,
                             struct failure *failure)
{
    struct view slot = command_value(context, OPTION_SLOT);
    char made[CIPHER_SLOT_SIZE];
    BYTES_AUTO member = {0};
    enum status status = STATUS_OK;

    if (slot.data == NULL) {
        status = command_member(context, &member, failure);
        if (status != STATUS_OK) {
            return status;
        }
        status = cipher_slot(view_of_bytes(&member), command_value(context, OPTION_KEY), made);
        slot = (struct view){(const uint8_t *)made, sizeof made};
    }
    if (status == STATUS_OK) {
        status = bytes_copy(slot, ret_slot);
    }
    return status == STATUS_OK ? status
                               : failure_set(failure, status, "%s", status_sentence(status));
}

static enum status check_slot_options(const struct command_context *context,
                                      struct failure *failure)
{
    bool slot = arguments_have(context->arguments, OPTION_SLOT);
    bool key = arguments_have(context->arguments, OPTION_KEY);

    return slot != key ? STATUS_OK
                       : failure_set(failure, STATUS_BAD_REQUEST,
                                     "Say which item either with --slot or with --key.");
}

enum status command_item_get(struct command_context *context, struct failure *failure)
{
    TRANSACTION_AUTO transaction = {0};
    BYTES_AUTO slot = {0};
    BYTES_AUTO value = {0};

    enum status status = check_slot_options(context, failure);
    if (status == STATUS_OK) {
        status = command_open(context, failure);
    }
    if (status == STATUS_OK) {
        status = command_apply(context, failure);
    }
    if (status == STATUS_OK) {
        status = find_slot(context, &slot, failure);
    }
    if (status == STATUS_OK) {
        status = transaction_begin(context->store, TRANSACTION_READ, &transaction, failure);
    }
    if (status == STATUS_OK) {
        status = items_get(context->store, command_storage_key(context), view_of_bytes(&slot),
                           &value, failure);
    }
    if (status == STATUS_ABSENT) {
        failure_set(failure, status, "There is no such item.");
    }
    return status == STATUS_OK ? command_give(context, "value", view_of_bytes(&value), failure)
                               : status;
}

/* Puts a value into a slot or, where its data is NULL, empties it. */
static enum status change(struct command_context *context, struct view value,
                          struct failure *failure)
{
    TRANSACTION_AUTO transaction = {0};
    BYTES_AUTO slot = {0};

    TRY(command_open(context, failure));
    TRY(find_slot(context, &slot, failure));
    TRY(transaction_begin(context->store, TRANSACTION_WRITE, &transaction, failure));
    struct storage_key key = command_storage_key(context);
    TRY(value.data != NULL ? items_set(context->store, key, view_of_bytes(&slot), value, failure)
                           : items_remove(context->store, key, view_of_bytes(&slot), failure));
    TRY(transaction_commit(&transaction, failure));
    return command_apply(context, failure);
}

enum status command_item_set(struct command_context *context, struct failure *failure)
{
    BYTES_AUTO value = {0};

    TRY(check_slot_options(context, failure));
    TRY(command_content(context, OPTION_VALUE_FILE, &value, failure));
    return change(context, view_of_bytes(&value), failure);
}

enum status command_item_remove(struct command_context *context, struct failure *failure)
{
    TRY(check_slot_options(context, failure));

    return change(context, (struct view){NULL, 0}, failure);
}

static enum status clear(struct command_context *context, struct failure *failure)
{
    TRANSACTION_AUTO transaction = {0};

    enum status status =
        transaction_begin(context->store, TRANSACTION_WRITE, &transaction, failure);
    if (status == STATUS_OK) {
        status = items_clear(context->store, command_origin(context), failure);
    }
    return status == STATUS_OK ? transaction_commit(&transaction, failure) : status;
}

enum status command_clear_site_data(struct command_context *context, struct failure *failure)
{
    TRY(command_open(context, failure));

    /* What pages have stored just now must be known to be forgotten. */
    TRY(command_apply(context, failure));
    TRY(clear(context, failure));
    return command_apply(context, failure);
}
