/* SPDX-License-Identifier: MIT */
#include "base/path.h"
#include "browsers/doctor.h"
#include "store/store.h"
#include "store/store_open.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static const char subject[] = "state folder";

/* A folder or file that must be its user's alone. */
static void check_mode(const struct doctor *doctor, const char *path, const struct stat *info)
{
    char fix[FIX_SIZE];

    if (info->st_uid != geteuid()) {
        fix_write(fix, "sudo chown -R \"$(id -u)\"", path, "");
        findings_add(doctor->findings, FINDING_PROBLEM, subject, fix, "%s belongs to another user.",
                     path);
    } else if ((info->st_mode & 077) != 0) {
        fix_write(fix, S_ISDIR(info->st_mode) ? "chmod 700" : "chmod 600", path, "");
        findings_add(doctor->findings, FINDING_PROBLEM, subject, fix,
                     "%s has mode %03o, but holds secrets: only you may have access to it.", path,
                     (unsigned)info->st_mode & 0777);
    }
}

static enum status check_modes(const struct doctor *doctor, struct failure *failure)
{
    static const char *const names[] = {"root.key", "store.sqlite3", "store.sqlite3-wal",
                                        "store.sqlite3-shm", "hosts"};
    struct stat info;

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        BYTES_AUTO path = {0};
        TRY(path_join(doctor->state, names[i], &path, failure));
        if (lstat((char *)path.data, &info) == 0) {
            check_mode(doctor, (char *)path.data, &info);
        }
    }
    return STATUS_OK;
}

/* The state folder put aside: what is damaged in it may still be of use to somebody. */
static void fix_by_new_folder(const struct doctor *doctor, char ret_fix[FIX_SIZE])
{
    char quoted[FIX_SIZE];
    char aside[FIX_SIZE];

    (void)snprintf(aside, sizeof aside, "%s.damaged", doctor->state);
    fix_write(quoted, "", aside, "");
    fix_write(ret_fix, "mv", doctor->state, quoted);
}

static enum status check_integrity(const struct doctor *doctor, struct store *store,
                                   struct failure *failure)
{
    static const char check[] = "PRAGMA integrity_check(1)";
    struct failure why = {0};
    char fix[FIX_SIZE];
    STATEMENT_AUTO *statement = NULL;

    enum status status = store_run(store, check, NULL, 0, &statement, &why);
    struct view said =
        status == STATUS_OK ? statement_view(statement, 0) : view_of_text(why.message);
    if (status == STATUS_NO_MEMORY) {
        return failure_no_memory(failure);
    }
    if (status == STATUS_OK && view_equal(said, view_of_text("ok"))) {
        findings_add(doctor->findings, FINDING_OK, subject, NULL,
                     "The database in %s opens and is intact.", doctor->state);
        return STATUS_OK;
    }
    fix_by_new_folder(doctor, fix);
    findings_add(doctor->findings, FINDING_PROBLEM, subject, fix,
                 "The database in %s is damaged: %.*s", doctor->state, (int)said.size,
                 (const char *)said.data);
    return STATUS_OK;
}

static enum status check_database(const struct doctor *doctor, struct failure *failure)
{
    STORE_AUTO *store = NULL;
    struct failure why = {0};
    char fix[FIX_SIZE];

    enum status status = store_open(doctor->state, &store, &why);
    if (status == STATUS_NO_MEMORY) {
        return failure_no_memory(failure);
    }
    if (status != STATUS_OK) {
        bool damaged = status == STATUS_STORE_DAMAGED || status == STATUS_ROOT_KEY;
        fix_by_new_folder(doctor, fix);
        findings_add(doctor->findings, FINDING_PROBLEM, subject, damaged ? fix : NULL,
                     "The database in %s does not open: %s", doctor->state, why.message);
        return STATUS_OK;
    }
    return check_integrity(doctor, store, failure);
}

enum status doctor_state(const struct doctor *doctor, struct failure *failure)
{
    BYTES_AUTO database = {0};
    char fix[FIX_SIZE];
    struct stat info;
    size_t problems = doctor->findings->problems;

    if (stat(doctor->state, &info) != 0 && errno == ENOENT) {
        findings_add(doctor->findings, FINDING_OK, subject, NULL,
                     "%s does not exist yet; the first host or command creates it.", doctor->state);
        return STATUS_OK;
    }
    if (stat(doctor->state, &info) != 0 || !S_ISDIR(info.st_mode)) {
        fix_by_new_folder(doctor, fix);
        findings_add(doctor->findings, FINDING_PROBLEM, subject, fix,
                     "%s cannot be used: it is not a folder, or cannot be reached.", doctor->state);
        return STATUS_OK;
    }
    check_mode(doctor, doctor->state, &info);
    TRY(check_modes(doctor, failure));
    /* What is open to others is not opened. */
    if (doctor->findings->problems != problems) {
        return STATUS_OK;
    }
    TRY(path_join(doctor->state, "store.sqlite3", &database, failure));
    if (lstat((char *)database.data, &info) != 0) {
        findings_add(doctor->findings, FINDING_OK, subject, NULL,
                     "%s has no database yet; the first host or command creates it.",
                     doctor->state);
        return STATUS_OK;
    }
    return check_database(doctor, failure);
}
