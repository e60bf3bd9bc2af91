/* SPDX-License-Identifier: MIT */
#include "browsers/browser_table.h"
#include "cli/command_install.h"
#include "cli/table.h"

static enum status to_json(struct json_object *list, const struct browser_row *row,
                           enum browser_system system)
{
    const struct browser_places *places = &row->places[system];
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
        {"system", browser_system_name(system)},
        {"profile", places->profile},
        {"folder", places->user},
        {"folderOfAllUsers", places->system},
        {"programs", places->programs},
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

static void to_table(struct table *table, const struct browser_row *row, enum browser_system system)
{
    const struct browser_places *places = &row->places[system];

    table_add_text(table, row->name);
    table_add_text(table, browser_system_name(system));
    table_add_text(table, browser_packaging_name(row->packaging));
    table_add_text(table, places->user);
    table_add_text(table, places->system != NULL ? places->system : "");
}

enum status install_table(struct json_object *list, struct buffer *output)
{
    static const char *const titles[] = {"BROWSER", "SYSTEM", "AS", "FOLDER",
                                         "FOLDER OF ALL USERS"};
    TABLE_AUTO table = {.columns = sizeof titles / sizeof titles[0]};
    enum status status = STATUS_OK;

    for (size_t i = 0; i < table.columns; i++) {
        table_add_text(&table, titles[i]);
    }
    for (enum browser_system system = 0; system < BROWSER_SYSTEMS; system++) {
        for (size_t i = 0; status == STATUS_OK && i < browser_table_size; i++) {
            if (browser_table[i].places[system].user != NULL) {
                to_table(&table, &browser_table[i], system);
                status = to_json(list, &browser_table[i], system);
            }
        }
    }
    table_print(&table, output);
    return status;
}
