/* SPDX-License-Identifier: MIT */
#include "base/json_scan.h"
#include "cli/command_context.h"
#include "store/plugin_data.h"
#include "store/transaction.h"
#include "trello/default_context.h"
#include "trello/plugin_data_text.h"

/* The place that the options name. Its owner and viewer are in *ret_member where the member is
 * meant, which the caller owns. */
static enum status find_place(struct command_context *context, struct plugin_data_place *ret_place,
                              struct bytes *ret_member, struct failure *failure)
{
    struct plugin_data_place place = {
        .origin = command_origin(context),
        .scope = command_value(context, OPTION_SCOPE),
        .owner = command_value(context, OPTION_OWNER),
        .visibility = command_value(context, OPTION_VISIBILITY),
    };
    bool of_member = view_equal(place.scope, view_of_text("member"));
    bool is_private = view_equal(place.visibility, view_of_text("private"));

    if ((of_member && place.owner.data == NULL) || (!of_member && is_private)) {
        enum status status = command_member(context, ret_member, failure);
        if (status != STATUS_OK) {
            return status;
        }
        place.viewer = view_of_bytes(ret_member);
    }
    if (place.owner.data == NULL) {
        place.owner = of_member ? place.viewer : default_context_id(place.scope);
    }
    *ret_place = place;
    return plugin_data_check(ret_place, failure);
}

/* The whole text, or one name's value in it. */
static enum status read_text(struct command_context *context, const struct plugin_data_place *place,
                             struct bytes *ret_text, struct failure *failure)
{
    const char *name = context->arguments->values[OPTION_NAME];
    TRANSACTION_AUTO transaction = {0};
    BYTES_AUTO text = {0};
    struct view found;

    enum status status = transaction_begin(context->store, TRANSACTION_READ, &transaction, failure);
    if (status == STATUS_OK) {
        status = plugin_data_get(context->store, place, &text, failure);
    }
    found = view_of_bytes(&text);
    if (status == STATUS_OK && name != NULL) {
        status = plugin_data_text_find(view_of_bytes(&text), name, &found);
    }
    if (status == STATUS_ABSENT) {
        return failure_set(failure, status, "There are no such plugin data.");
    }
    if (status == STATUS_OK && bytes_copy(found, ret_text) != STATUS_OK) {
        return command_no_memory(failure);
    }
    return status;
}

enum status command_plugin_data_get(struct command_context *context, struct failure *failure)
{
    struct plugin_data_place place;
    BYTES_AUTO member = {0};
    BYTES_AUTO text = {0};

    TRY(command_open(context, failure));
    TRY(command_apply(context, failure));
    TRY(find_place(context, &place, &member, failure));
    TRY(read_text(context, &place, &text, failure));
    return command_give(context, "text", view_of_bytes(&text), failure);
}

/* Puts a text, or a name's value, or takes it away where the data of `given` is NULL. */
static enum status write_text(struct command_context *context,
                              const struct plugin_data_place *place, struct view given,
                              struct failure *failure)
{
    const char *name = context->arguments->values[OPTION_NAME];
    BYTES_AUTO text = {0};
    BYTES_AUTO edited = {0};

    if (name == NULL) {
        return given.data != NULL ? plugin_data_set(context->store, place, given, failure)
                                  : plugin_data_remove(context->store, place, failure);
    }
    enum status status = plugin_data_get(context->store, place, &text, failure);
    if (status != STATUS_OK && (status != STATUS_ABSENT || given.data == NULL)) {
        return status == STATUS_ABSENT ? STATUS_OK : status;
    }
    status = given.data != NULL ? plugin_data_text_set(view_of_bytes(&text), name, given, &edited)
                                : plugin_data_text_remove(view_of_bytes(&text), name, &edited);
    if (status == STATUS_NO_MEMORY) {
        return command_no_memory(failure);
    }
    return status == STATUS_OK
               ? plugin_data_set(context->store, place, view_of_bytes(&edited), failure)
               : STATUS_OK; /* there is no such name to take away */
}

static enum status change(struct command_context *context, struct view given,
                          struct failure *failure)
{
    struct plugin_data_place place;
    TRANSACTION_AUTO transaction = {0};
    BYTES_AUTO member = {0};

    TRY(command_open(context, failure));
    TRY(find_place(context, &place, &member, failure));
    TRY(transaction_begin(context->store, TRANSACTION_WRITE, &transaction, failure));
    TRY(write_text(context, &place, given, failure));
    TRY(transaction_commit(&transaction, failure));
    return command_apply(context, failure);
}

enum status command_plugin_data_set(struct command_context *context, struct failure *failure)
{
    BYTES_AUTO text = {0};

    TRY(command_content(context, OPTION_TEXT_FILE, &text, failure));
    if (arguments_have(context->arguments, OPTION_NAME) &&
        !json_scan_is_valid(view_of_bytes(&text))) {
        return failure_set(failure, STATUS_BAD_REQUEST,
                           "The value of a name must be JSON; a text must be written \"in "
                           "quotes\".");
    }
    return change(context, view_of_bytes(&text), failure);
}

enum status command_plugin_data_remove(struct command_context *context, struct failure *failure)
{
    return change(context, (struct view){NULL, 0}, failure);
}
