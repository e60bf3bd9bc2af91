/* SPDX-License-Identifier: MIT */
#include "store/profile.h"

enum status profile_check(struct view name, const char *where, struct failure *failure)
{
    bool fits = name.size > 0 && name.size <= PROFILE_SIZE_MAX;

    for (size_t i = 0; fits && i < name.size; i++) {
        fits = name.data[i] > ' ' && name.data[i] < 0x7F;
    }
    return fits ? STATUS_OK
                : failure_set(failure, STATUS_BAD_REQUEST,
                              "A browser profile's name has 1 to %d printable ASCII characters "
                              "without blanks; fix %s.",
                              PROFILE_SIZE_MAX, where);
}
