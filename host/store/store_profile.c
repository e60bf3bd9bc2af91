/* SPDX-License-Identifier: MIT */
#include "store/store_profile.h"

#include "store/profile.h"
#include "store/property.h"
#include "store/store_private.h"

#include <stdlib.h>
#include <string.h>

static void use_profile(struct store *store, struct view name)
{
    memcpy(store->browser_profile, name.data, name.size);
    store->browser_profile[name.size] = '\0';
}

enum status store_fix_profile(struct store *store, struct failure *failure)
{
    const char *name = getenv("POWERUP_SECRETS_BROWSER_PROFILE");

    if (name == NULL || name[0] == '\0') {
        return STATUS_OK;
    }
    enum status status =
        profile_check(view_of_text(name), "POWERUP_SECRETS_BROWSER_PROFILE", failure);
    if (status == STATUS_OK) {
        use_profile(store, view_of_text(name));
        store->profile_is_fixed = true;
    }
    return status;
}

enum status store_refresh(struct store *store, struct failure *failure)
{
    BYTES_AUTO profile = {0};
    BYTES_AUTO partition = {0};

    enum status status = property_read(store, PROPERTY_PARTITION, &partition, failure);
    if (status == STATUS_OK || status == STATUS_ABSENT) {
        store->partitioned = !view_equal(view_of_bytes(&partition), view_of_text("off"));
        status = store->profile_is_fixed
                     ? STATUS_OK
                     : property_read(store, PROPERTY_BROWSER_PROFILE, &profile, failure);
    }
    if (status == STATUS_ABSENT) {
        use_profile(store, view_of_text("default"));
        return STATUS_OK;
    }
    if (status != STATUS_OK || store->profile_is_fixed) {
        return status;
    }
    status = profile_check(view_of_bytes(&profile), "what changed the store", failure);
    if (status == STATUS_OK) {
        use_profile(store, view_of_bytes(&profile));
    }
    return status;
}
