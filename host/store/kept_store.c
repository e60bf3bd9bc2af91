/* SPDX-License-Identifier: MIT */
#include "store/kept_store.h"

#include "base/file.h"
#include "store/state_folder.h"
#include "store/store_files.h"
#include "store/store_open.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

void kept_store_free(struct kept_store *kept)
{
    store_close(&kept->store);
    bytes_wipe(&kept->folder);
    *kept = (struct kept_store){0};
}

static struct file_stamp stamp_of(int folder, const char *name)
{
    struct stat info;

    if (fstatat(folder, name, &info, AT_SYMLINK_NOFOLLOW) != 0) {
        return (struct file_stamp){0};
    }
    return (struct file_stamp){info.st_dev, info.st_ino, info.st_size, info.st_ctim};
}

static bool is_same_file(struct file_stamp one, struct file_stamp other)
{
    return one.device == other.device && one.inode == other.inode;
}

static bool is_unchanged(struct file_stamp one, struct file_stamp other)
{
    return is_same_file(one, other) && one.size == other.size &&
           one.changed.tv_sec == other.changed.tv_sec &&
           one.changed.tv_nsec == other.changed.tv_nsec;
}

/* The database's file changes only when the journal is written back to it, by whoever has it open:
 * then it is opened again, as if it were another. */
static bool is_still_there(const struct kept_store *kept, const char *folder)
{
    FD_AUTO fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    return fd >= 0 && is_unchanged(kept->database, stamp_of(fd, STORE_DATABASE)) &&
           is_same_file(kept->journal, stamp_of(fd, STORE_DATABASE "-wal")) &&
           is_unchanged(kept->root_key, stamp_of(fd, STORE_ROOT_KEY));
}

static bool is_kept(const struct kept_store *kept, const char *folder)
{
    return kept != NULL && kept->store != NULL &&
           strcmp((const char *)kept->folder.data, folder) == 0 && is_still_there(kept, folder);
}

enum status kept_store_take(struct kept_store *kept, const char *folder, struct store **ret_store,
                            struct failure *failure)
{
    FD_AUTO fd = -1;

    if (!is_kept(kept, folder)) {
        if (kept != NULL) {
            kept_store_free(kept);
        }
        return store_open(folder, ret_store, failure);
    }
    TRY(state_folder_open(folder, &fd, failure));
    MOVE(*ret_store, kept->store);
    return STATUS_OK;
}

void kept_store_keep(struct kept_store *kept, const char *folder, struct store **store)
{
    if (kept == NULL || *store == NULL) {
        store_close(store);
        return;
    }
    kept_store_free(kept);
    FD_AUTO fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct view path = {(const uint8_t *)folder, strlen(folder) + 1};
    if (fd < 0 || bytes_copy(path, &kept->folder) != STATUS_OK) {
        store_close(store);
        return;
    }
    kept->database = stamp_of(fd, STORE_DATABASE);
    kept->journal = stamp_of(fd, STORE_DATABASE "-wal");
    kept->root_key = stamp_of(fd, STORE_ROOT_KEY);
    MOVE(kept->store, *store);
}
