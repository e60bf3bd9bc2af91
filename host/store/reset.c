/* SPDX-License-Identifier: MIT */
#include "store/reset.h"

#include "store/revisions.h"

enum status reset_store(struct store *store, struct failure *failure)
{
    static const char *const changes[] = {
        "DELETE FROM storage_key", /* its items go with it */
        "DELETE FROM plugin_data",
        "DELETE FROM power_up_origin",
        "DELETE FROM setting",
        "DELETE FROM answer",
        "DELETE FROM fault",
        "DELETE FROM call",
        "DELETE FROM call_lost",
        "DELETE FROM property WHERE name NOT IN ('root_key_id', 'filled', 'items_revision')",
    };

    /* What pages saw until now is gone. */
    TRY(revisions_grow_all(store, failure));
    TRY(revisions_grow_items(store, failure));
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        TRY(store_change(store, changes[i], NULL, 0, failure));
    }
    return STATUS_OK;
}
