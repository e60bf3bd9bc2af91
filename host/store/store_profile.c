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
    TRY(profile_check(view_of_text(name), "POWERUP_SECRETS_BROWSER_PROFILE", failure));
    use_profile(store, view_of_text(name));
    store->profile_is_fixed = true;
    return STATUS_OK;
}

enum status store_refresh(struct store *store, struct failure *failure)
{
    BYTES_AUTO profile = {0};
    BYTES_AUTO partition = {0};

    TRY(status_allow_absent(property_read(store, PROPERTY_PARTITION, &partition, failure)));
    store->partitioned = !view_equal(view_of_bytes(&partition), view_of_text("off"));
    if (store->profile_is_fixed) {
        return STATUS_OK;
    }
    enum status status = property_read(store, PROPERTY_BROWSER_PROFILE, &profile, failure);
    if (status == STATUS_ABSENT) {
        use_profile(store, view_of_text("default"));
        return STATUS_OK;
    }
    TRY(status);
    TRY(profile_check(view_of_bytes(&profile), "what changed the store", failure));
    use_profile(store, view_of_bytes(&profile));
    return STATUS_OK;
}
