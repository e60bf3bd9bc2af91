/* SPDX-License-Identifier: MIT */
#include "failing_vfs.h"

#include <sqlite3.h>

#include <errno.h>
#include <stdlib.h>

/* SQLite allocates as much for each file as the VFS asks for: our struct, followed by that of the
 * real one.
 */
struct failing_file {
    sqlite3_file base;
    sqlite3_file *real;
};

static sqlite3_vfs *real_vfs;
static struct fault_plan plan;
static size_t calls;
static size_t failed;

void failing_vfs_plan(struct fault_plan new_plan)
{
    plan = new_plan;
    calls = 0;
    failed = 0;
}

size_t failing_vfs_failed(void)
{
    return failed;
}

static bool fails(void)
{
    calls++;
    bool now = plan.first != 0 && (calls == plan.first || (plan.onwards && calls > plan.first));
    failed += now;
    return now;
}

/* Whether a call that needs no disk space fails. */
static bool breaks(void)
{
    return !plan.full && plan.error == 0 && fails();
}

/* The code of a call that needs disk space, when it has failed. */
static int code_of_failure(int code)
{
    if (plan.full) {
        return SQLITE_FULL;
    }
    if (plan.error != 0) {
        errno = plan.error;
    }
    return code;
}

static sqlite3_file *real_of(sqlite3_file *file)
{
    return ((struct failing_file *)file)->real;
}

static int file_close(sqlite3_file *file)
{
    sqlite3_file *real = real_of(file);

    return real->pMethods != NULL ? real->pMethods->xClose(real) : SQLITE_OK;
}

static int file_read(sqlite3_file *file, void *to, int size, sqlite3_int64 at)
{
    return breaks() ? SQLITE_IOERR_READ
                    : real_of(file)->pMethods->xRead(real_of(file), to, size, at);
}

static int file_write(sqlite3_file *file, const void *from, int size, sqlite3_int64 at)
{
    if (fails()) {
        /* Half of it is written, as when a disk is full or fails. */
        int code = real_of(file)->pMethods->xWrite(real_of(file), from, size / 2, at);
        return code == SQLITE_FULL ? code : code_of_failure(SQLITE_IOERR_WRITE);
    }
    return real_of(file)->pMethods->xWrite(real_of(file), from, size, at);
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    return breaks() ? SQLITE_IOERR_TRUNCATE
                    : real_of(file)->pMethods->xTruncate(real_of(file), size);
}

static int file_sync(sqlite3_file *file, int flags)
{
    /* Some file systems look for room only now. */
    if (plan.error != 0 ? fails() : breaks()) {
        return code_of_failure(SQLITE_IOERR_FSYNC);
    }
    return real_of(file)->pMethods->xSync(real_of(file), flags);
}

static int file_size(sqlite3_file *file, sqlite3_int64 *ret_size)
{
    return breaks() ? SQLITE_IOERR_FSTAT
                    : real_of(file)->pMethods->xFileSize(real_of(file), ret_size);
}

static int file_lock(sqlite3_file *file, int kind)
{
    return breaks() ? SQLITE_IOERR_LOCK : real_of(file)->pMethods->xLock(real_of(file), kind);
}

static int file_unlock(sqlite3_file *file, int kind)
{
    return real_of(file)->pMethods->xUnlock(real_of(file), kind);
}

static int file_check_reserved_lock(sqlite3_file *file, int *ret_reserved)
{
    return breaks() ? SQLITE_IOERR_CHECKRESERVEDLOCK
                    : real_of(file)->pMethods->xCheckReservedLock(real_of(file), ret_reserved);
}

static int file_control(sqlite3_file *file, int operation, void *argument)
{
    return real_of(file)->pMethods->xFileControl(real_of(file), operation, argument);
}

static int file_sector_size(sqlite3_file *file)
{
    return real_of(file)->pMethods->xSectorSize(real_of(file));
}

static int file_characteristics(sqlite3_file *file)
{
    return real_of(file)->pMethods->xDeviceCharacteristics(real_of(file));
}

static int file_shm_map(sqlite3_file *file, int page, int size, int extend,
                        void volatile **ret_page)
{
    if (extend ? fails() : breaks()) {
        return code_of_failure(extend ? SQLITE_IOERR_SHMSIZE : SQLITE_IOERR_SHMMAP);
    }
    return real_of(file)->pMethods->xShmMap(real_of(file), page, size, extend, ret_page);
}

static int file_shm_lock(sqlite3_file *file, int offset, int count, int flags)
{
    if ((flags & SQLITE_SHM_UNLOCK) == 0 && breaks()) {
        return SQLITE_IOERR_SHMLOCK;
    }
    return real_of(file)->pMethods->xShmLock(real_of(file), offset, count, flags);
}

static void file_shm_barrier(sqlite3_file *file)
{
    real_of(file)->pMethods->xShmBarrier(real_of(file));
}

static int file_shm_unmap(sqlite3_file *file, int remove)
{
    return real_of(file)->pMethods->xShmUnmap(real_of(file), remove);
}

static const sqlite3_io_methods methods = {
    .iVersion = 2, /* no memory mapping, so that every read is a call */
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_check_reserved_lock,
    .xFileControl = file_control,
    .xSectorSize = file_sector_size,
    .xDeviceCharacteristics = file_characteristics,
    .xShmMap = file_shm_map,
    .xShmLock = file_shm_lock,
    .xShmBarrier = file_shm_barrier,
    .xShmUnmap = file_shm_unmap,
};

static int vfs_open(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *file, int flags,
                    int *ret_flags)
{
    struct failing_file *ours = (struct failing_file *)file;

    (void)vfs;
    ours->base.pMethods = NULL;
    ours->real = (sqlite3_file *)(ours + 1);
    if (breaks()) {
        return SQLITE_CANTOPEN;
    }
    int code = real_vfs->xOpen(real_vfs, name, ours->real, flags, ret_flags);
    if (ours->real->pMethods != NULL) {
        ours->base.pMethods = &methods;
    }
    return code;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *name, int sync_folder)
{
    (void)vfs;
    return breaks() ? SQLITE_IOERR_DELETE : real_vfs->xDelete(real_vfs, name, sync_folder);
}

static int vfs_access(sqlite3_vfs *vfs, const char *name, int flags, int *ret_result)
{
    (void)vfs;
    return breaks() ? SQLITE_IOERR_ACCESS : real_vfs->xAccess(real_vfs, name, flags, ret_result);
}

static int vfs_full_path(sqlite3_vfs *vfs, const char *name, int size, char *ret_path)
{
    (void)vfs;
    return breaks() ? SQLITE_CANTOPEN_FULLPATH
                    : real_vfs->xFullPathname(real_vfs, name, size, ret_path);
}

static int vfs_randomness(sqlite3_vfs *vfs, int size, char *ret_bytes)
{
    (void)vfs;
    return real_vfs->xRandomness(real_vfs, size, ret_bytes);
}

static int vfs_sleep(sqlite3_vfs *vfs, int microseconds)
{
    (void)vfs;
    return real_vfs->xSleep(real_vfs, microseconds);
}

static int vfs_time(sqlite3_vfs *vfs, sqlite3_int64 *ret_now)
{
    (void)vfs;
    return real_vfs->xCurrentTimeInt64(real_vfs, ret_now);
}

static int vfs_last_error(sqlite3_vfs *vfs, int size, char *ret_text)
{
    (void)vfs;
    return real_vfs->xGetLastError(real_vfs, size, ret_text);
}

void failing_vfs_install(void)
{
    static sqlite3_vfs ours = {
        .iVersion = 2,
        .zName = "failing",
        .xOpen = vfs_open,
        .xDelete = vfs_delete,
        .xAccess = vfs_access,
        .xFullPathname = vfs_full_path,
        .xRandomness = vfs_randomness,
        .xSleep = vfs_sleep,
        .xGetLastError = vfs_last_error,
        .xCurrentTimeInt64 = vfs_time,
    };

    real_vfs = sqlite3_vfs_find(NULL);
    ours.szOsFile = (int)sizeof(struct failing_file) + real_vfs->szOsFile;
    ours.mxPathname = real_vfs->mxPathname;
    if (sqlite3_vfs_register(&ours, 1) != SQLITE_OK) {
        abort();
    }
}
