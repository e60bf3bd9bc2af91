/* SPDX-License-Identifier: MIT */
#include "base/file.h"
#include "browsers/doctor.h"
#include "browsers/host_trial.h"
#include "browsers/native_manifest.h"
#include "system/installation.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void doctor_mend(const struct doctor *doctor, const struct browser_row *row,
                 enum browser_scope scope, const char *file, char ret_mend[MEND_SIZE])
{
    bool system = scope == SCOPE_SYSTEM;
    char command[256];
    char install[MEND_SIZE / 2];
    char anew[MEND_SIZE];

    (void)snprintf(command, sizeof command, "%spowerup-secrets install%s --browser %s",
                   system ? "sudo " : "", system ? " --system" : "", row->name);
    if (doctor->user_data_dir != NULL) {
        (void)strncat(command, " --user-data-dir", sizeof command - strlen(command) - 1);
        mend_write(anew, command, doctor->user_data_dir, "");
    } else {
        (void)snprintf(anew, sizeof anew, "%s", command);
    }
    if (file == NULL) {
        memcpy(ret_mend, anew, strlen(anew) + 1);
        return;
    }
    (void)snprintf(install, sizeof install, "&& %.*s", (int)sizeof install - 4, anew);
    mend_write(ret_mend, system ? "sudo rm" : "rm", file, install);
}

/* The program that a manifest names must be one that can be started. */
static bool check_host_file(const struct doctor *doctor, const struct browser_row *row,
                            const char *file, const char *host, const char *anew)
{
    struct findings *findings = doctor->findings;
    char mend[MEND_SIZE];
    struct stat info;

    if (stat(host, &info) != 0) {
        int code = errno;
        bool dangles = code == ENOENT && lstat(host, &info) == 0;
        findings_add(findings, FINDING_PROBLEM, row->name, anew,
                     dangles ? "The host in %s, %s, is a symbolic link to nothing (%s)."
                             : "The host in %s, %s, cannot be found: %s.",
                     file, host, strerror(code));
        return false;
    }
    if (!S_ISREG(info.st_mode)) {
        findings_add(findings, FINDING_PROBLEM, row->name, anew, "The host in %s, %s, is no file.",
                     file, host);
        return false;
    }
    /* To root everything seems executable that anybody may execute. */
    if ((info.st_mode & 0111) == 0 || access(host, X_OK) != 0) {
        mend_write(mend, "chmod 755", host, "");
        findings_add(findings, FINDING_PROBLEM, row->name, mend,
                     "The host in %s, %s, is not executable.", file, host);
        return false;
    }
    return true;
}

/* A host that works may still be that of another installation. */
static void compare_hosts(const struct doctor *doctor, const struct browser_row *row,
                          const char *file, const char *host, const char *anew)
{
    char ours[PATH_MAX] = "";
    char real[PATH_MAX] = "";
    struct failure ignored = {0};

    if (installation_host(ours, &ignored) == STATUS_OK && realpath(host, real) != NULL &&
        strcmp(ours, real) != 0) {
        findings_add(doctor->findings, FINDING_WARNING, row->name, anew,
                     "%s starts the host of another installation, %s; this one has %s.", file, host,
                     ours);
    }
}

static enum status check_host(const struct doctor *doctor, const struct browser_row *row,
                              const char *file, const char *host, const char *anew)
{
    if (!check_host_file(doctor, row, file, host, anew)) {
        return STATUS_OK;
    }
    enum status status = host_trial_run(
        &(struct host_trial){
            .family = row->family,
            .subject = row->name,
            .manifest = file,
            .host = host,
            .folder = doctor->temporary,
            .mend = anew,
        },
        doctor->findings);
    if (status == STATUS_OK) {
        compare_hosts(doctor, row, file, host, anew);
    }
    return status == STATUS_ABSENT ? STATUS_OK : status;
}

enum status doctor_manifest(const struct doctor *doctor, const struct browser_row *row,
                            enum browser_scope scope, const char *file, struct failure *failure)
{
    struct failure why = {0};
    BYTES_AUTO text = {0};
    BYTES_AUTO host = {0};
    char anew[MEND_SIZE];

    enum status status = file_load(file, &text, &why);
    if (status == STATUS_ABSENT) {
        doctor_mend(doctor, row, scope, file, anew);
        findings_add(doctor->findings, FINDING_PROBLEM, row->name, anew,
                     "The native manifest %s is a symbolic link to nothing.", file);
        return STATUS_OK;
    }
    if (status == STATUS_IO_FAILED) {
        mend_write(anew, scope == SCOPE_SYSTEM ? "sudo chmod 644" : "chmod 644", file, "");
        findings_add(doctor->findings, FINDING_PROBLEM, row->name, anew,
                     "The native manifest cannot be read: %s", why.message);
        return STATUS_OK;
    }
    enum status ours = status == STATUS_OK ? native_manifest_is_ours(view_of_bytes(&text)) : status;
    /* install replaces none that it did not write. */
    doctor_mend(doctor, row, scope, ours == STATUS_OK ? NULL : file, anew);
    if (ours == STATUS_OK || ours == STATUS_ABSENT) {
        status = native_manifest_check(view_of_bytes(&text),
                                       &(struct manifest_place){
                                           .family = row->family,
                                           .subject = row->name,
                                           .file = file,
                                           .mend = anew,
                                       },
                                       doctor->findings, &host);
    } else {
        status = ours;
    }
    if (status == STATUS_OK) {
        findings_add(doctor->findings, FINDING_OK, row->name, NULL,
                     "The native manifest %s follows the rules of the browser.", file);
        status = check_host(doctor, row, file, (char *)host.data, anew);
    }
    if (status == STATUS_NO_MEMORY) {
        return failure_set(failure, status, "Out of memory.");
    }
    return STATUS_OK;
}
