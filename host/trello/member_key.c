/* SPDX-License-Identifier: MIT */
#include "trello/member_key.h"

#include "base/hex.h"
#include "base/json_text.h"
#include "store/plugin_data.h"
#include "trello/cipher.h"
#include "trello/plugin_data_text.h"

#define KEY_NAME "aescbc"

static struct plugin_data_place place_of(struct view origin, struct view member)
{
    return (struct plugin_data_place){
        .origin = origin,
        .scope = view_of_text("member"),
        .owner = member,
        .visibility = view_of_text("private"),
    };
}

static enum status not_a_string(struct failure *failure)
{
    return failure_library(failure, "TypeError", "TypeError", false,
                           "e.toLowerCase is not a function");
}

/* The key in a member's private text. */
static enum status key_in(struct view text, struct bytes *ret_key, struct failure *failure)
{
    JSON_AUTO(value) = NULL;
    struct view found;

    if (plugin_data_text_find(text, KEY_NAME, &found) != STATUS_OK) {
        return STATUS_ABSENT;
    }
    if (found.data[0] == '{' || found.data[0] == '[') {
        return not_a_string(failure);
    }
    TRY(json_text_parse(found, &value, failure));
    if (json_object_is_type(value, json_type_string)) {
        return json_object_get_string_len(value) == 0
                   ? STATUS_ABSENT
                   : cipher_key_parse(json_string_view(value), ret_key, failure);
    }
    return value == NULL || json_object_get_double(value) == 0 ? STATUS_ABSENT
                                                               : not_a_string(failure);
}

/* The text with a key in it. */
static enum status add_key(struct view text, struct view key, struct bytes *ret_text,
                           struct failure *failure)
{
    char quoted[1 + 2 * CIPHER_KEY_SIZE + 1];
    BYTES_AUTO edited = {0};

    quoted[0] = '"';
    hex_encode(key, quoted + 1);
    quoted[sizeof quoted - 1] = '"';
    enum status status = plugin_data_text_set(
        text, KEY_NAME, (struct view){(const uint8_t *)quoted, sizeof quoted}, &edited);
    memory_wipe(quoted, sizeof quoted);
    TRY(failure_explain(failure, status));
    TRY(plugin_data_text_check_length(view_of_bytes(&edited), view_of_text("member"), failure));
    MOVE(*ret_text, edited);
    return STATUS_OK;
}

static enum status make_key(struct store *store, const struct plugin_data_place *place,
                            struct view text, struct bytes *ret_key, struct failure *failure)
{
    BYTES_AUTO key = {0};
    BYTES_AUTO edited = {0};

    TRY(failure_explain(failure, cipher_random(CIPHER_KEY_SIZE, &key)));
    TRY(add_key(text, view_of_bytes(&key), &edited, failure));
    TRY(plugin_data_set(store, place, view_of_bytes(&edited), failure));
    MOVE(*ret_key, key);
    return STATUS_OK;
}

/* The key at a place; *ret_text is the text there even where it holds no key. */
static enum status read_key(struct store *store, const struct plugin_data_place *place,
                            struct bytes *ret_text, struct bytes *ret_key, struct failure *failure)
{
    TRY(plugin_data_get(store, place, ret_text, failure));
    return key_in(view_of_bytes(ret_text), ret_key, failure);
}

enum status member_key_get(struct store *store, struct view origin, struct view member,
                           struct bytes *ret_key, struct failure *failure)
{
    struct plugin_data_place place = place_of(origin, member);
    BYTES_AUTO text = {0};

    return read_key(store, &place, &text, ret_key, failure);
}

enum status member_key_get_or_make(struct store *store, struct view origin, struct view member,
                                   struct bytes *ret_key, bool *ret_made, struct failure *failure)
{
    struct plugin_data_place place = place_of(origin, member);
    BYTES_AUTO text = {0};

    enum status status = read_key(store, &place, &text, ret_key, failure);
    bool made = status == STATUS_ABSENT;
    TRY(made ? make_key(store, &place, view_of_bytes(&text), ret_key, failure) : status);
    *ret_made = made;
    return STATUS_OK;
}

enum status member_key_rotate(struct store *store, struct view origin, struct view member,
                              struct failure *failure)
{
    struct plugin_data_place place = place_of(origin, member);
    BYTES_AUTO text = {0};
    BYTES_AUTO key = {0};
    BYTES_AUTO made = {0};

    enum status status = read_key(store, &place, &text, &key, failure);
    bool known = status == STATUS_OK || status == STATUS_LIBRARY_ERROR || status == STATUS_ABSENT;
    return known ? make_key(store, &place, view_of_bytes(&text), &made, failure) : status;
}
