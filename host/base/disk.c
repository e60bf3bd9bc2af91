/* SPDX-License-Identifier: MIT */
#include "base/disk.h"

#include <errno.h>
#include <sys/statvfs.h>

static enum status no_space(struct failure *failure)
{
    return failure_set(failure, STATUS_STORE_FULL,
                       "The disk with the state folder is full; nothing was changed. Free some "
                       "space and try again.");
}

static enum status nothing_left(struct failure *failure)
{
    return failure_set(failure, STATUS_STORE_FULL,
                       "The disk with the state folder is full: it has no space or no inodes left "
                       "(df, df -i); nothing was changed. Remove some files and try again.");
}

enum status disk_check_room(int folder, struct failure *failure)
{
    struct statvfs disk;

    if (folder < 0 || fstatvfs(folder, &disk) != 0) {
        return STATUS_OK;
    }
    /* Some disks have no fixed number of blocks or inodes, and say 0 for both total and free. */
    if (disk.f_blocks > 0 && disk.f_bavail == 0) {
        return no_space(failure);
    }
    if (disk.f_files > 0 && disk.f_favail == 0) {
        return failure_set(failure, STATUS_STORE_FULL,
                           "The disk with the state folder is full: it has no inodes left for "
                           "another file (df -i); nothing was changed. Remove some files and try "
                           "again.");
    }
    return STATUS_OK;
}

enum status disk_check_errno(int code, int folder, struct failure *failure)
{
    switch (code) {
    case ENOSPC:
        TRY(disk_check_room(folder, failure));
        return folder < 0 ? nothing_left(failure) : no_space(failure); /* or less than it takes */
    case EDQUOT:
        return failure_set(failure, STATUS_STORE_FULL,
                           "Your quota on the disk with the state folder is full; nothing was "
                           "changed. Remove some of your files and try again.");
    case EFBIG:
        return failure_set(failure, STATUS_STORE_FULL,
                           "A file in the state folder has become as large as this program may "
                           "make one (ulimit -f); nothing was changed. Raise that limit where the "
                           "browser or the command is started, and start it again.");
    default:
        return STATUS_OK;
    }
}
