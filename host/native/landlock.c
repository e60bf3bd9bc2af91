/* SPDX-License-Identifier: MIT */
#include "native/landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Rights on files, by the version of Landlock that brought them; kernel headers may be older. */
#define FS(bit) (UINT64_C(1) << (bit))
enum { VERSION_MAX = 6, RIGHT_REFER = 13, RIGHT_TRUNCATE = 14, RIGHT_IOCTL_DEV = 15 };

static const uint64_t read_write =
    LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | FS(RIGHT_TRUNCATE);
static const uint64_t keep = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE |
                             LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_REMOVE_DIR |
                             LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_DIR |
                             LANDLOCK_ACCESS_FS_MAKE_REG | FS(RIGHT_REFER) | FS(RIGHT_TRUNCATE);

/* struct landlock_ruleset_attr of version 6. A kernel that knows less takes it when what it does
 * not know is zero. */
struct ruleset {
    uint64_t files;
    uint64_t network; /* since version 4: bind and connect of TCP */
    uint64_t scopes;  /* since version 6: abstract sockets and signals outside */
};

/* Everything that can be refused is, unless a rule allows it. */
static struct ruleset refused_by(long version)
{
    struct ruleset refused = {.files = FS(RIGHT_REFER) - 1};

    if (version >= 2) {
        refused.files |= FS(RIGHT_REFER);
    }
    if (version >= 3) {
        refused.files |= FS(RIGHT_TRUNCATE);
    }
    if (version >= 4) {
        refused.network = 3;
    }
    if (version >= 5) {
        refused.files |= FS(RIGHT_IOCTL_DEV);
    }
    if (version >= VERSION_MAX) {
        refused.scopes = 3;
    }
    return refused;
}

static int add_rule(int ruleset, const struct landlock_rule *rule, uint64_t known)
{
    struct landlock_path_beneath_attr beneath = {
        .allowed_access = (rule->use == LANDLOCK_KEEP ? keep : read_write) & known,
    };
    struct stat info;
    int code = 0;

    beneath.parent_fd = open(rule->path, O_PATH | O_CLOEXEC);
    if (beneath.parent_fd < 0) {
        return errno == ENOENT || errno == EACCES ? 0 : errno;
    }
    if (fstat(beneath.parent_fd, &info) != 0) {
        code = errno;
    } else {
        if (!S_ISDIR(info.st_mode)) {
            beneath.allowed_access &= read_write;
        }
        if (syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0) != 0) {
            code = errno;
        }
    }
    (void)close(beneath.parent_fd);
    return code;
}

int landlock_restrict(const struct landlock_rule *rules, size_t count)
{
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (version < 0) {
        return errno;
    }
    struct ruleset refused = refused_by(version);
    int ruleset = (int)syscall(SYS_landlock_create_ruleset, &refused, sizeof refused, 0);
    if (ruleset < 0) {
        return errno;
    }
    int code = 0;
    for (size_t i = 0; code == 0 && i < count; i++) {
        code = add_rule(ruleset, &rules[i], refused.files);
    }
    if (code == 0 && syscall(SYS_landlock_restrict_self, ruleset, 0) != 0) {
        code = errno;
    }
    (void)close(ruleset);
    return code;
}
