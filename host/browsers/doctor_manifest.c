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
#include <sys/statvfs.h>
#include <unistd.h>

void doctor_fix(const struct doctor *doctor, const struct browser_row *row,
                enum browser_scope scope, const char *file, char ret_fix[FIX_SIZE])
{
    bool system = scope == SCOPE_SYSTEM;
    char command[256];
    char install[FIX_SIZE / 2];
    char reinstall[FIX_SIZE];

    (void)snprintf(command, sizeof command, "%spowerup-secrets install%s --browser %s",
                   system ? "sudo " : "", system ? " --system" : "", row->name);
    if (doctor->user_data_dir != NULL) {
        (void)strncat(command, " --user-data-dir", sizeof command - strlen(command) - 1);
        fix_write(reinstall, command, doctor->user_data_dir, "");
    } else {
        (void)snprintf(reinstall, sizeof reinstall, "%s", command);
    }
    if (file == NULL) {
        memcpy(ret_fix, reinstall, strlen(reinstall) + 1);
        return;
    }
    (void)snprintf(install, sizeof install, "&& %.*s", (int)sizeof install - 4, reinstall);
    fix_write(ret_fix, system ? "sudo rm" : "rm", file, install);
}

/* Whether the mode and the file system of a host let it be executed. */
static bool check_executable(const struct doctor *doctor, const struct browser_row *row,
                             const char *file, const char *host, mode_t mode)
{
    char fix[FIX_SIZE];
    struct statvfs system;

    if (statvfs(host, &system) == 0 && (system.f_flag & ST_NOEXEC) != 0) {
        findings_add(doctor->findings, FINDING_PROBLEM, row->name,
                     "install powerup-secrets on a file system that programs may run from",
                     "The host in %s, %s, cannot be executed: its file system is mounted noexec.",
                     file, host);
        return false;
    }
    /* To root everything seems executable that anybody may execute. */
    if ((mode & 0111) == 0 || access(host, X_OK) != 0) {
        fix_write(fix, "chmod 755", host, "");
        findings_add(doctor->findings, FINDING_PROBLEM, row->name, fix,
                     "The host in %s, %s, is not executable.", file, host);
        return false;
    }
    return true;
}

/* The program that a manifest names must be one that can be started. */
static bool check_host_file(const struct doctor *doctor, const struct browser_row *row,
                            const char *file, const char *host, const char *reinstall)
{
    struct findings *findings = doctor->findings;
    struct stat info;

    if (stat(host, &info) != 0) {
        int code = errno;
        bool dangles = code == ENOENT && lstat(host, &info) == 0;
        findings_add(findings, FINDING_PROBLEM, row->name, reinstall,
                     dangles ? "The host in %s, %s, is a broken symbolic link (%s)."
                             : "The host in %s, %s, cannot be found: %s.",
                     file, host, strerror(code));
        return false;
    }
    if (!S_ISREG(info.st_mode)) {
        findings_add(findings, FINDING_PROBLEM, row->name, reinstall,
                     "The host in %s, %s, is not a file.", file, host);
        return false;
    }
    return check_executable(doctor, row, file, host, info.st_mode);
}

/* A host that works may still be that of another installation. */
static void compare_hosts(const struct doctor *doctor, const struct browser_row *row,
                          const char *file, const char *host, const char *reinstall)
{
    char ours[PATH_MAX] = "";
    char real[PATH_MAX] = "";
    struct failure ignored = {0};

    if (installation_host(ours, &ignored) == STATUS_OK && realpath(host, real) != NULL &&
        strcmp(ours, real) != 0) {
        findings_add(doctor->findings, FINDING_WARNING, row->name, reinstall,
                     "%s starts the host of another installation, %s; this one has %s.", file, host,
                     ours);
    }
}

static enum status check_host(const struct doctor *doctor, const struct browser_row *row,
                              const char *file, const char *host, const char *reinstall)
{
    if (!check_host_file(doctor, row, file, host, reinstall)) {
        return STATUS_OK;
    }
    enum status status = host_trial_run(
        &(struct host_trial){
            .family = row->family,
            .subject = row->name,
            .manifest = file,
            .host = host,
            .folder = doctor->temporary,
            .fix = reinstall,
        },
        doctor->findings);
    if (status == STATUS_OK) {
        compare_hosts(doctor, row, file, host, reinstall);
    }
    return status_allow_absent(status);
}

/* What is in a manifest. STATUS_ABSENT: it breaks a rule, which was added. */
static enum status check_text(const struct doctor *doctor, const struct browser_row *row,
                              enum browser_scope scope, const char *file, struct view text)
{
    BYTES_AUTO host = {0};
    char reinstall[FIX_SIZE];

    enum status ours = native_manifest_is_ours(text);
    TRY(status_allow_absent(ours));
    /* install replaces none that it did not write. */
    doctor_fix(doctor, row, scope, ours == STATUS_OK ? NULL : file, reinstall);
    TRY(native_manifest_check(text,
                              &(struct manifest_place){
                                  .family = row->family,
                                  .subject = row->name,
                                  .file = file,
                                  .fix = reinstall,
                              },
                              doctor->findings, &host));
    findings_add(doctor->findings, FINDING_OK, row->name, NULL,
                 "The native manifest %s follows the rules of the browser.", file);
    return check_host(doctor, row, file, (char *)host.data, reinstall);
}

enum status doctor_manifest(const struct doctor *doctor, const struct browser_row *row,
                            enum browser_scope scope, const char *file, struct failure *failure)
{
    struct failure why = {0};
    BYTES_AUTO text = {0};
    char reinstall[FIX_SIZE];

    enum status status = file_load(file, &text, &why);
    if (status == STATUS_ABSENT) {
        doctor_fix(doctor, row, scope, file, reinstall);
        findings_add(doctor->findings, FINDING_PROBLEM, row->name, reinstall,
                     "The native manifest %s is a broken symbolic link.", file);
        return STATUS_OK;
    }
    if (status == STATUS_IO_FAILED) {
        fix_write(reinstall, scope == SCOPE_SYSTEM ? "sudo chmod 644" : "chmod 644", file, "");
        findings_add(doctor->findings, FINDING_PROBLEM, row->name, reinstall,
                     "The native manifest cannot be read: %s", why.message);
        return STATUS_OK;
    }
    TRY(failure_explain(failure, status));
    return failure_explain(
        failure, status_allow_absent(check_text(doctor, row, scope, file, view_of_bytes(&text))));
}
