/* SPDX-License-Identifier: MIT */
#include "base/json_scan.h"
#include "base/utf8.h"
#include "cli/command_context.h"
#include "cli/command_table.h"
#include "store/plugin_data.h"
#include "trello/default_context.h"
#include "trello/plugin_data_text.h"

/* What the options name: a place, and one name in the text there or NULL. */
struct target {
    struct plugin_data_place place;
    const char *name;
    struct bytes member; /* what the place's owner and viewer point to where they are the member */
};
#define TARGET_AUTO __attribute__((cleanup(target_free))) struct target

static void target_free(struct target *target)
{
    bytes_wipe(&target->member);
}

static enum status find_target(struct command_context *context, struct target *ret_target,
                               struct failure *failure)
{
    struct plugin_data_place place = {
        .origin = command_origin(context),
        .scope = command_value(context, OPTION_SCOPE),
        .owner = command_value(context, OPTION_OWNER),
        .visibility = command_value(context, OPTION_VISIBILITY),
    };
    bool of_member = view_equal(place.scope, view_of_text("member"));
    bool is_private = view_equal(place.visibility, view_of_text("private"));
    TARGET_AUTO target = {.name = context->arguments->values[OPTION_NAME]};

    if ((of_member && place.owner.data == NULL) || (!of_member && is_private)) {
        TRY(command_member(context, &target.member, failure));
        place.viewer = view_of_bytes(&target.member);
    }
    if (place.owner.data == NULL) {
        place.owner = of_member ? place.viewer : default_context_id(place.scope);
    }
    TRY(plugin_data_check(&place, failure));
    target.place = place;
    MOVE(*ret_target, target);
    return STATUS_OK;
}

/* Gives the whole text, or one name's value in it. */
static enum status give_text(struct command_context *context, const struct target *target,
                             struct failure *failure)
{
    BYTES_AUTO text = {0};

    TRY(plugin_data_get(context->store, &target->place, &text, failure));
    struct view found = view_of_bytes(&text);
    if (target->name != NULL) {
        TRY(plugin_data_text_find(view_of_bytes(&text), target->name, &found));
    }
    return command_give(context, "text", found);
}

static enum status run_get(struct command_context *context, struct failure *failure)
{
    TARGET_AUTO target = {0};

    TRY(find_target(context, &target, failure));
    enum status status = give_text(context, &target, failure);
    return status == STATUS_ABSENT ? failure_set(failure, status, "There is no such plugin data.")
                                   : status;
}

#define PLACE_OPTIONS                                                                              \
    ORIGIN_REQUIRED, REQUIRED(SCOPE), REQUIRED(VISIBILITY), OPTIONAL(OWNER), OPTIONAL(MEMBER),     \
        OPTIONAL(NAME)

const struct command command_plugin_data_get = {
    .name = "plugin-data get",
    .help = "print a text that Trello keeps, or one name's value in it",
    .options = OPTIONS(PLACE_OPTIONS),
    .kind = COMMAND_READING,
    .run = run_get,
};

static enum status check_set(struct command_context *context, struct failure *failure)
{
    TRY(command_read_input(context, OPTION_TEXT_FILE, failure));
    if (arguments_have(context->arguments, OPTION_NAME) &&
        !json_scan_is_valid(view_of_bytes(&context->input))) {
        return failure_set(failure, STATUS_BAD_REQUEST,
                           "The value of a name must be JSON; write a string \"in quotes\".");
    }
    return STATUS_OK;
}

/* Stores a text, unless Trello would not. */
static enum status store_text(struct command_context *context,
                              const struct plugin_data_place *place, struct view text,
                              struct failure *failure)
{
    size_t most = plugin_data_text_length_max(place->scope);
    size_t length = utf8_utf16_length(text);

    return length <= most
               ? plugin_data_set(context->store, place, text, failure)
               : failure_set(failure, STATUS_BAD_REQUEST,
                             "With this, the text of scope %.*s and visibility %.*s would have %zu "
                             "characters (UTF-16 units); Trello keeps at most %zu, all names "
                             "together. Nothing was changed.",
                             (int)place->scope.size, (const char *)place->scope.data,
                             (int)place->visibility.size, (const char *)place->visibility.data,
                             length, most);
}

static enum status run_set(struct command_context *context, struct failure *failure)
{
    struct view given = view_of_bytes(&context->input);
    TARGET_AUTO target = {0};
    BYTES_AUTO text = {0};
    BYTES_AUTO edited = {0};

    TRY(find_target(context, &target, failure));
    if (target.name == NULL) {
        return store_text(context, &target.place, given, failure);
    }
    enum status status = plugin_data_get(context->store, &target.place, &text, failure);
    TRY(status == STATUS_ABSENT ? STATUS_OK : status);
    TRY(plugin_data_text_set(view_of_bytes(&text), target.name, given, &edited));
    return store_text(context, &target.place, view_of_bytes(&edited), failure);
}

const struct command command_plugin_data_set = {
    .name = "plugin-data set",
    .help = "store a text where Trello keeps it, or a value under one name in it",
    .more = "Without --name any text is stored; with it a JSON value, which is put into the text "
            "that is there. The whole text has at most 8192 characters (UTF-16 units) for a board "
            "or an organization, 4096 for a card or a member, as in Trello.",
    .options = OPTIONS(PLACE_OPTIONS, OPTIONAL(TEXT_FILE)),
    .kind = COMMAND_CHANGING,
    .prepare = check_set,
    .run = run_set,
};

static enum status remove_name(struct command_context *context, const struct target *target,
                               struct failure *failure)
{
    BYTES_AUTO text = {0};
    BYTES_AUTO edited = {0};

    TRY(plugin_data_get(context->store, &target->place, &text, failure));
    TRY(plugin_data_text_remove(view_of_bytes(&text), target->name, &edited));
    return plugin_data_set(context->store, &target->place, view_of_bytes(&edited), failure);
}

static enum status run_remove(struct command_context *context, struct failure *failure)
{
    TARGET_AUTO target = {0};

    TRY(find_target(context, &target, failure));
    enum status status = target.name != NULL
                             ? remove_name(context, &target, failure)
                             : plugin_data_remove(context->store, &target.place, failure);
    return status == STATUS_ABSENT ? STATUS_OK : status;
}

const struct command command_plugin_data_remove = {
    .name = "plugin-data remove",
    .help = "delete a text that Trello keeps, or one name in it",
    .more = "It is not an error when there was nothing.",
    .options = OPTIONS(PLACE_OPTIONS),
    .kind = COMMAND_CHANGING,
    .run = run_remove,
};
