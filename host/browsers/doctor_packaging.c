/* SPDX-License-Identifier: MIT */
#include "base/identity.h"
#include "browsers/doctor.h"

#include <stdio.h>
#include <string.h>

static bool is_of_name(size_t row, size_t other)
{
    return strcmp(browser_table[row].name, browser_table[other].name) == 0;
}

enum status doctor_find_program(size_t row, const struct browser_row **ret_row,
                                struct bytes *ret_program, struct failure *failure)
{
    for (size_t i = 0; i < browser_table_size; i++) {
        enum status status = is_of_name(row, i)
                                 ? browser_program(&browser_table[i], ret_program, failure)
                                 : STATUS_ABSENT;
        if (status != STATUS_ABSENT) {
            *ret_row = &browser_table[i];
            return status;
        }
    }
    return STATUS_ABSENT;
}

enum status doctor_has_enclosed(size_t row, bool *ret_has, struct failure *failure)
{
    bool has = false;

    for (size_t i = 0; !has && i < browser_table_size; i++) {
        if (is_of_name(row, i) && browser_is_enclosed(&browser_table[i])) {
            TRY(browser_has_profile(&browser_table[i], &has, failure));
        }
    }
    *ret_has = has;
    return STATUS_OK;
}

static void report_enclosed(const struct doctor *doctor, const struct browser_row *row,
                            bool is_only)
{
    const char *kind = browser_packaging_name(row->packaging);

    if (!is_only) {
        findings_add(doctor->findings, FINDING_WARNING, row->name, NULL,
                     "%s is also here as a %s: the sandbox of that one does not let it start "
                     "programs of the system, so it cannot reach the host.",
                     row->title, kind);
        return;
    }
    findings_add(doctor->findings, doctor->names != NULL ? FINDING_PROBLEM : FINDING_WARNING,
                 row->name, FIX_ENCLOSED,
                 "%s is a %s: its sandbox does not let it start programs of the system, so it "
                 "cannot reach the host.",
                 row->title, kind);
}

/* One that is started later is not judged before. */
static enum status check_enclosed(const struct doctor *doctor, size_t index,
                                  struct failure *failure)
{
    const struct browser_row *row = &browser_table[index];
    const struct browser_row *started = NULL;
    BYTES_AUTO program = {0};

    TRY(status_allow_absent(doctor_find_program(index, &started, &program, failure)));
    if (started != row || doctor->names == NULL) {
        report_enclosed(doctor, row, started == NULL || browser_is_enclosed(started));
    }
    return STATUS_OK;
}

enum status doctor_packaging(const struct doctor *doctor, size_t index, struct failure *failure)
{
    const struct browser_row *row = &browser_table[index];
    char fix[FIX_SIZE];

    if (row->packaging == PACKAGING_NATIVE) {
        return STATUS_OK;
    }
    if (browser_is_enclosed(row)) {
        return check_enclosed(doctor, index, failure);
    }
    (void)snprintf(fix, sizeof fix, "flatpak permission-set webextensions %s %s%s yes",
                   POWERUP_SECRETS_NATIVE_NAME, row->packaging == PACKAGING_SNAP ? "snap." : "",
                   row->package);
    findings_add(doctor->findings, FINDING_WARNING, row->name, fix,
                 "%s is a %s: it starts the host through the desktop's portal for native "
                 "messaging, which must be installed and allow it.",
                 row->title, browser_packaging_name(row->packaging));
    return STATUS_OK;
}
