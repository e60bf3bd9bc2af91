/* SPDX-License-Identifier: MIT */
#include "browsers/browser_table.h"
#include "cli/command_install.h"
#include "cli/table.h"

static enum status to_json(struct json_object *list, const struct browser_row *row)
{
    JSON_AUTO(object) = json_object_new_object();
    const struct {
        const char *name;
        const char *value;
    } members[] = {
        {"name", row->name},
        {"title", row->title},
        {"family", browser_family_name(row->family)},
        {"packaging", browser_packaging_name(row->packaging)},
        {"package", row->package},
        {"profile", row->profile},
        {"folder", row->user_folder},
        {"folderOfAllUsers", row->system_folder},
        {"programs", row->programs},
    };
    TRY(object != NULL ? STATUS_OK : STATUS_NO_MEMORY);

    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        struct view value =
            members[i].value != NULL ? view_of_text(members[i].value) : (struct view){NULL, 0};
        TRY(json_add_string(object, members[i].name, value));
    }
    TRY(json_add_boolean(object, "loadsUnpacked", row->loads_unpacked));
    return json_append(list, &object);
}

static void to_table(struct table *table, const struct browser_row *row)
{
    table_add_text(table, row->name);
    table_add_text(table, browser_packaging_name(row->packaging));
    table_add_text(table, row->user_folder);
    table_add_text(table, row->system_folder != NULL ? row->system_folder : "");
}

enum status install_table(struct json_object *list, struct buffer *output)
{
    static const char *const titles[] = {"BROWSER", "AS", "FOLDER", "FOLDER OF ALL USERS"};
    TABLE_AUTO table = {.columns = sizeof titles / sizeof titles[0]};
    enum status status = STATUS_OK;

    for (size_t i = 0; i < table.columns; i++) {
        table_add_text(&table, titles[i]);
    }
    for (size_t i = 0; status == STATUS_OK && i < browser_table_size; i++) {
        to_table(&table, &browser_table[i]);
        status = to_json(list, &browser_table[i]);
    }
    table_print(&table, output);
    return status;
}
