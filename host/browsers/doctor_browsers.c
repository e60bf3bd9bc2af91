/* SPDX-License-Identifier: MIT */
#include "base/identity.h"
#include "browsers/doctor.h"
#include "system/installation.h"
#include "system/invoking_user.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static bool exists(const char *path)
{
    struct stat info;

    return lstat(path, &info) == 0;
}

enum status doctor_installation(const struct doctor *doctor, struct failure *failure)
{
    static const char subject[] = "installation";
    char path[PATH_MAX] = "";
    struct failure why = {0};

    (void)failure;
    if (installation_host(path, &why) != STATUS_OK) {
        findings_add(doctor->findings, FINDING_PROBLEM, subject, "cmake --install build", "%s",
                     why.message);
    } else {
        findings_add(doctor->findings, FINDING_OK, subject, NULL,
                     "The host of this command line (version %s) is %s.", POWERUP_SECRETS_VERSION,
                     path);
    }
    for (enum browser_family family = 0; family <= FAMILY_FIREFOX; family++) {
        if (installation_extension(browser_family_name(family), path, &why) != STATUS_OK) {
            findings_add(doctor->findings, FINDING_WARNING, subject, "cmake --install build",
                         "For the %s family: %s", browser_family_name(family), why.message);
        }
    }
    return STATUS_OK;
}

/* Whether a file was checked already; now it is. *seen has the path of each with its NUL. */
static bool was_seen(struct buffer *seen, const struct bytes *file)
{
    size_t size = strlen((char *)file->data) + 1;

    for (size_t at = 0; at < seen->size; at += strlen((char *)seen->data + at) + 1) {
        if (strcmp((char *)seen->data + at, (char *)file->data) == 0) {
            return true;
        }
    }
    buffer_add(seen, (struct view){file->data, size});
    return false;
}

/* The manifest of one scope, when there is one. STATUS_ABSENT: none. *ret_file is its path even so,
 * where the browser has a folder. */
static enum status check_scope(const struct doctor *doctor, const struct browser_row *row,
                               enum browser_scope scope, struct buffer *seen,
                               struct bytes *ret_file, struct failure *failure)
{
    TRY(browser_manifest_path(row, scope, ret_file, failure));
    const char *file = (const char *)ret_file->data;
    if (!exists(file)) {
        return STATUS_ABSENT;
    }
    return was_seen(seen, ret_file) ? STATUS_OK
                                    : doctor_manifest(doctor, row, scope, file, failure);
}

/* For one user and for all. */
static enum status check_manifests(const struct doctor *doctor, const struct browser_row *row,
                                   struct buffer *seen, struct failure *failure)
{
    BYTES_AUTO first = {0};
    BYTES_AUTO second = {0};
    char fix[FIX_SIZE];

    enum status of_user = check_scope(doctor, row, SCOPE_USER, seen, &first, failure);
    TRY(status_allow_absent(of_user));
    enum status of_all = check_scope(doctor, row, SCOPE_SYSTEM, seen, &second, failure);
    TRY(status_allow_absent(of_all));
    if (of_user != STATUS_OK && of_all != STATUS_OK && !was_seen(seen, &first)) {
        doctor_fix(doctor, row, SCOPE_USER, NULL, fix);
        findings_add(doctor->findings, FINDING_PROBLEM, row->name, fix,
                     "%s cannot find the host: there is no native manifest %s.", row->title,
                     (char *)first.data);
    }
    return STATUS_OK;
}

/* Whether its program is here. Of one that was named, the round trip says that it is not. */
static enum status check_program(const struct doctor *doctor, const struct browser_row *row,
                                 enum browser_choice choice, struct failure *failure)
{
    BYTES_AUTO program = {0};
    char fix[FIX_SIZE];

    enum status status = browser_program(row, &program, failure);
    if (status == STATUS_OK && choice == CHOICE_NEVER_STARTED) {
        doctor_fix(doctor, row, SCOPE_USER, NULL, fix);
        findings_add(
            doctor->findings, FINDING_WARNING, row->name, fix,
            "%s is installed, %s, but was never started; there is no native manifest for it.",
            row->title, (char *)program.data);
    } else if (status == STATUS_OK) {
        findings_add(doctor->findings, FINDING_OK, row->name, NULL, "%s is installed: %s.",
                     row->title, (char *)program.data);
    } else if (status == STATUS_ABSENT && choice == CHOICE_CHOSEN &&
               row->packaging == PACKAGING_NATIVE && doctor->names == NULL) {
        findings_add(
            doctor->findings, FINDING_WARNING, row->name, NULL,
            "%s has no program on the PATH; if it was removed, \"powerup-secrets uninstall "
            "--browser %s\" removes what was installed for it.",
            row->title, row->name);
    }
    return status_allow_absent(status);
}

/* One that was never started may have a manifest by its name, which counts. */
static enum status look_for_manifest(size_t index, enum browser_choice *choice,
                                     struct failure *failure)
{
    BYTES_AUTO file = {0};

    if (*choice != CHOICE_NEVER_STARTED || !browser_is_first_of_name(index)) {
        return STATUS_OK;
    }
    enum status status = browser_manifest_path(&browser_table[index], SCOPE_USER, &file, failure);
    if (status == STATUS_OK && exists((char *)file.data)) {
        *choice = CHOICE_CHOSEN;
    }
    return status_allow_absent(status);
}

static enum status check_row(const struct doctor *doctor, size_t index, struct buffer *seen,
                             bool *any, struct failure *failure)
{
    const struct browser_row *row = &browser_table[index];
    enum browser_choice choice = CHOICE_OTHER;

    TRY(browser_choose(index, doctor->names, SCOPE_USER, &choice, failure));
    TRY(look_for_manifest(index, &choice, failure));
    if (choice == CHOICE_OTHER) {
        return STATUS_OK;
    }
    *any = *any || choice != CHOICE_NEVER_STARTED;
    if (browser_is_first_of_name(index) || row->packaging != PACKAGING_NATIVE) {
        TRY(check_program(doctor, row, choice, failure));
    }
    if (choice == CHOICE_NEVER_STARTED) {
        return STATUS_OK;
    }
    TRY(doctor_packaging(doctor, index, failure));
    return choice == CHOICE_CHOSEN ? check_manifests(doctor, row, seen, failure) : STATUS_OK;
}

/* Root's browsers are hardly meant by somebody who uses sudo. */
static void check_user(const struct doctor *doctor)
{
    const char *home = getenv("HOME");
    struct invoking_user user;

    if (home != NULL && invoking_user_find(&user) && !invoking_user_owns(&user, home)) {
        findings_add(doctor->findings, FINDING_WARNING, "user", "run doctor without sudo",
                     "%s runs this as %s, and HOME is %s: these are the browsers of %s, not those "
                     "of %s.",
                     user.name, user.as, home, user.as, user.name);
    }
}

/* The manifest in a given profile. */
static enum status check_folder(const struct doctor *doctor, struct failure *failure)
{
    const struct browser_row *row = browser_first(doctor->names);
    BYTES_AUTO file = {0};
    char fix[FIX_SIZE];

    TRY(browser_manifest_path_in(doctor->user_data_dir, row->family, &file, failure));
    if (exists((char *)file.data)) {
        return doctor_manifest(doctor, row, SCOPE_USER, (char *)file.data, failure);
    }
    doctor_fix(doctor, row, SCOPE_USER, NULL, fix);
    findings_add(
        doctor->findings, FINDING_PROBLEM, row->name, fix,
        "A browser with this profile cannot find the host: there is no native manifest %s.",
        (char *)file.data);
    return STATUS_OK;
}

enum status doctor_browsers(const struct doctor *doctor, struct failure *failure)
{
    BUFFER_AUTO seen = {0};
    bool any = false;

    if (doctor->user_data_dir != NULL) {
        return check_folder(doctor, failure);
    }
    check_user(doctor);
    for (size_t i = 0; i < browser_table_size; i++) {
        TRY(check_row(doctor, i, &seen, &any, failure));
    }
    if (!any) {
        findings_add(doctor->findings, FINDING_WARNING, "browsers",
                     "powerup-secrets install --browser NAME",
                     "This user has never started a browser here.");
    }
    return buffer_status(&seen);
}
