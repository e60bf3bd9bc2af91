/* SPDX-License-Identifier: MIT */
#include "browsers/manifest_file.h"

#include "base/file.h"
#include "browsers/native_manifest.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MODE = 0644, FOLDER_OF_USER = 0700, FOLDER_OF_ALL = 0755 };

/* What is there. STATUS_ABSENT: nothing. STATUS_IO_FAILED: not ours, or it cannot be read. */
static enum status load_ours(const char *path, struct bytes *ret_text, struct failure *failure)
{
    BYTES_AUTO text = {0};
    struct stat info;

    enum status status = file_load(path, &text, failure);
    if (status == STATUS_ABSENT && lstat(path, &info) == 0) {
        return failure_set(failure, STATUS_IO_FAILED,
                           "It is a broken symbolic link, which powerup-secrets did not make; "
                           "remove it first.");
    }
    if (status != STATUS_OK) {
        return status;
    }
    status = native_manifest_is_ours(view_of_bytes(&text));
    if (status == STATUS_ABSENT) {
        return failure_set(failure, STATUS_IO_FAILED,
                           "It was not written by powerup-secrets and is left alone; remove it "
                           "first if nobody needs it.");
    }
    TRY(status);
    MOVE(*ret_text, text);
    return STATUS_OK;
}

static bool has_mode(const char *path)
{
    struct stat info;

    return lstat(path, &info) == 0 && S_ISREG(info.st_mode) && (info.st_mode & 07777) == MODE;
}

static enum status write_manifest(const struct manifest_job *job, const char *path,
                                  enum browser_family family, enum manifest_outcome *ret_outcome,
                                  struct failure *failure)
{
    BYTES_AUTO there = {0};
    BYTES_AUTO text = {0};

    TRY(native_manifest_text(family, job->host, &text, failure));
    enum status status = load_ours(path, &there, failure);
    TRY(status_allow_absent(status));
    if (status == STATUS_OK && view_equal(view_of_bytes(&there), view_of_bytes(&text)) &&
        has_mode(path)) {
        *ret_outcome = MANIFEST_UNCHANGED;
        return STATUS_OK;
    }
    TRY(file_make_folder(path, job->scope == SCOPE_SYSTEM ? FOLDER_OF_ALL : FOLDER_OF_USER,
                         failure));
    TRY(file_replace(path, view_of_bytes(&text), failure));
    *ret_outcome = MANIFEST_WRITTEN;
    return STATUS_OK;
}

static enum status remove_manifest(const char *path, enum manifest_outcome *ret_outcome,
                                   struct failure *failure)
{
    BYTES_AUTO there = {0};

    enum status status = load_ours(path, &there, failure);
    if (status == STATUS_ABSENT) {
        *ret_outcome = MANIFEST_ABSENT;
        return STATUS_OK;
    }
    if (status != STATUS_OK) {
        return status;
    }
    if (unlink(path) != 0) {
        return failure_set(failure, STATUS_IO_FAILED, "It cannot be removed: %s.", strerror(errno));
    }
    *ret_outcome = MANIFEST_REMOVED;
    return STATUS_OK;
}

enum status manifest_file_do(const struct manifest_job *job, const char *path,
                             enum browser_family family, enum manifest_outcome *ret_outcome,
                             struct failure *failure)
{
    return job->remove ? remove_manifest(path, ret_outcome, failure)
                       : write_manifest(job, path, family, ret_outcome, failure);
}
