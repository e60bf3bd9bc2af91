/* SPDX-License-Identifier: MIT */
/* One name inside a plugin data text, read and written as Trello's library does it (it parses the
 * text, merges, and writes it again), except that all but that name's value stays as it is, byte
 * for byte. */
#ifndef POWERUP_SECRETS_TRELLO_PLUGIN_DATA_TEXT_H
#define POWERUP_SECRETS_TRELLO_PLUGIN_DATA_TEXT_H

#include "base/bytes.h"

/* How many UTF-16 units the whole text of a scope and visibility has at most. */
enum { MEMBER_TEXT_LENGTH_MAX = 4096, BOARD_TEXT_LENGTH_MAX = 8192 };

/* Which of these holds for a scope; a card's is that of a member, an organization's of a board. */
size_t plugin_data_text_length_max(struct view scope);

/* STATUS_LIBRARY_ERROR: the text is longer; *failure is what the library rejects with. */
MUST_CHECK enum status plugin_data_text_check_length(struct view text, struct view scope,
                                                     struct failure *failure);

/* The JSON text of a name's value, inside the text. STATUS_ABSENT: the text is not a JSON
 * object, or has no such name. A repeated name counts the last time. */
MUST_CHECK enum status plugin_data_text_find(struct view text, const char *name,
                                             struct view *ret_value);

/* The text with the name set to a value (JSON text); the caller owns *ret_text. A value that is
 * there is replaced where it is, a new name comes last. The elements of an array become the names
 * "0", "1", …, so do the UTF-16 units of a string, and a text that is anything else counts as {}.
 * The name must need no escapes. STATUS_NO_MEMORY. */
MUST_CHECK enum status plugin_data_text_set(struct view text, const char *name, struct view value,
                                            struct bytes *ret_text);

/* The text without a name; the caller owns *ret_text. STATUS_ABSENT: the text is not a JSON
 * object, or has no such name. STATUS_NO_MEMORY. */
MUST_CHECK enum status plugin_data_text_remove(struct view text, const char *name,
                                               struct bytes *ret_text);

#endif
