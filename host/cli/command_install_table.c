/* SPDX-License-Identifier: MIT */
#include "browsers/browser_table.h"
#include "cli/command_install.h"
#include "cli/listing.h"

static void add_browser(struct json_object *list, const struct browser_row *row)
{
    JSON_AUTO(object) = json_object_new_object();
    const struct member_text members[] = {
        {"name", view_of_text(row->name)},
        {"title", view_of_text(row->title)},
        {"family", view_of_text(browser_family_name(row->family))},
        {"packaging", view_of_text(browser_packaging_name(row->packaging))},
        {"package", listing_text(row->package)},
        {"profile", listing_text(row->profile)},
        {"folder", listing_text(row->user_folder)},
        {"folderOfAllUsers", listing_text(row->system_folder)},
        {"programs", listing_text(row->programs)},
    };

    listing_set_texts(object, members, sizeof members / sizeof members[0]);
    json_set_boolean(object, "loadsUnpacked", row->loads_unpacked);
    json_push(list, &object);
}

enum status install_table(struct command_context *context)
{
    static const struct column columns[] = {
        {"BROWSER", .member = "name"},
        {"AS", .member = "packaging"},
        {"FOLDER", .member = "folder"},
        {"FOLDER OF ALL USERS", .member = "folderOfAllUsers"},
    };
    JSON_AUTO(list) = json_object_new_array();

    for (size_t i = 0; i < browser_table_size; i++) {
        add_browser(list, &browser_table[i]);
    }
    return listing_give(context, &list, columns, sizeof columns / sizeof columns[0]);
}
