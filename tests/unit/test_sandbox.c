/* SPDX-License-Identifier: MIT */
/* The kernel restricts one thread at a time, so each test gives up rights in a thread of its own,
 * tries there, and looks at the results outside. */
#include "native/landlock.h"
#include "native/sandbox.h"
#include "native/syscall_filter.h"
#include "support.h"
#include "system/process.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <spawn.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#ifdef __SANITIZE_ADDRESS__
enum { BUILT_WITHOUT = 1 };
#else
enum { BUILT_WITHOUT = 0 };
#endif

static struct bytes parent;
static char state_folder[TEST_PATH_SIZE];
static char beside[TEST_PATH_SIZE];

static int set_up(void **state)
{
    (void)state;
    parent = folder_new();
    (void)snprintf(state_folder, sizeof state_folder, "%s/state", (const char *)parent.data);
    assert_int_equal(mkdir(state_folder, 0700), 0);
    (void)snprintf(beside, sizeof beside, "%s/beside", (const char *)parent.data);
    file_write(beside, view_of_text("of somebody else"));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    folder_remove(&parent);
    return 0;
}

/* What a call gave: 0, or its errno. */
static int errno_of(long result)
{
    int code = errno;

    if (result < 0) {
        return code;
    }
    return 0;
}

static int try_open(const char *path, int flags)
{
    int fd = open(path, flags | O_CLOEXEC, 0600);
    int code = errno_of(fd);

    if (fd >= 0) {
        (void)close(fd);
    }
    return code;
}

static int try_socket(int family)
{
    int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int code = errno_of(fd);

    if (fd >= 0) {
        (void)close(fd);
    }
    return code;
}

static int try_program(const char *path)
{
    char *const arguments[] = {(char *)(uintptr_t)path, NULL};
    char *const environment[] = {NULL};
    pid_t pid = 0;

    int code = posix_spawn(&pid, path, NULL, NULL, arguments, environment);
    if (code == 0) {
        (void)waitpid(pid, NULL, 0);
    }
    return code;
}

static const char *in_state(const char *name)
{
    return path_in(state_folder, name);
}

enum { TRIES_MAX = 32 };
struct tries {
    struct {
        const char *what;
        int code;
        int wanted;
    } done[TRIES_MAX];
    size_t count;
};

static void note(struct tries *tries, const char *what, int code, int wanted)
{
    tries->done[tries->count].what = what;
    tries->done[tries->count].code = code;
    tries->done[tries->count++].wanted = wanted;
}

/* A kernel from before 5.13, or one that was built or started without it. */
static bool kernel_has_landlock(void)
{
    return syscall(SYS_landlock_create_ruleset, NULL, 0, 1 /* its version */) > 0;
}

static void run_in_thread(void *(*body)(void *))
{
    struct tries tries = {.count = 0};
    pthread_t thread;

    if (BUILT_WITHOUT) {
        print_message("skipped: the sandbox is not in a build with sanitizers\n");
        skip();
    }
    assert_int_equal(pthread_create(&thread, NULL, body, &tries), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_true(tries.count > 0);
    for (size_t i = 0; i < tries.count; i++) {
        if (tries.done[i].code != tries.done[i].wanted) {
            fail_msg("%s: %s instead of %s", tries.done[i].what, strerror(tries.done[i].code),
                     strerror(tries.done[i].wanted));
        }
    }
}

static void *try_files(void *data)
{
    struct tries *tries = data;

    sandbox_enter(state_folder);
    note(tries, "make a file", try_open(in_state("new"), O_RDWR | O_CREAT), 0);
    note(tries, "read a file", try_open(in_state("new"), O_RDONLY), 0);
    note(tries, "shorten a file", try_open(in_state("new"), O_WRONLY | O_TRUNC), 0);
    note(tries, "rename a file", errno_of(rename(in_state("new"), in_state("other"))), 0);
    note(tries, "remove a file", errno_of(unlink(in_state("other"))), 0);
    note(tries, "make a folder", errno_of(mkdir(in_state("folder"), 0700)), 0);
    note(tries, "remove a folder", errno_of(rmdir(in_state("folder"))), 0);
    note(tries, "make a device", errno_of(mknod(in_state("device"), S_IFCHR, 0)), ENOSYS);
    note(tries, "make a link", errno_of(symlink(beside, in_state("link"))), ENOSYS);
    note(tries, "read beside", try_open(beside, O_RDONLY), EACCES);
    note(tries, "write beside", try_open(beside, O_WRONLY), EACCES);
    note(tries, "remove beside", errno_of(unlink(beside)), EACCES);
    note(tries, "read /etc/passwd", try_open("/etc/passwd", O_RDONLY), EACCES);
    note(tries, "list /", try_open("/", O_RDONLY | O_DIRECTORY), EACCES);
    note(tries, "read /dev/null", try_open("/dev/null", O_RDONLY), 0);
    note(tries, "run another program", try_program("/usr/bin/env"), EACCES);
    return NULL;
}

static void of_all_files_only_the_state_folder(void **state)
{
    (void)state;
    if (!kernel_has_landlock()) {
        print_message("skipped: this kernel has no Landlock\n");
        skip();
    }
    run_in_thread(try_files);
    assert_true(file_exists(beside));
}

static void *try_calls(void *data)
{
    struct tries *tries = data;

    note(tries, "no new privileges", errno_of(prctl(PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L)), 0);
    note(tries, "install the filter", syscall_filter_install(), 0);
    note(tries, "a socket of this machine", try_socket(AF_UNIX), 0);
    note(tries, "a socket of the network", try_socket(AF_INET), ENOSYS);
    note(tries, "a packet socket", try_socket(AF_PACKET), ENOSYS);
    note(tries, "trace", errno_of(ptrace(PTRACE_TRACEME, 0, NULL, NULL)), ENOSYS);
    note(tries, "a namespace", errno_of(unshare(CLONE_NEWUSER)), ENOSYS);
    note(tries, "priority", errno_of(setpriority(PRIO_PROCESS, 0, 0)), ENOSYS);
    note(tries, "another name", errno_of(prctl(PR_SET_NAME, "x", 0L, 0L, 0L)), ENOSYS);
    note(tries, "not dumpable", errno_of(prctl(PR_SET_DUMPABLE, 0L, 0L, 0L, 0L)), 0);
    note(tries, "another user", errno_of(syscall(SYS_setuid, getuid())), ENOSYS);
    note(tries, "a child", try_program("/usr/bin/env"), 0);
    return NULL;
}

static void only_the_system_calls_of_the_list(void **state)
{
    (void)state;
    run_in_thread(try_calls);
}

static void *try_rules(void *data)
{
    struct tries *tries = data;
    const struct landlock_rule rules[] = {
        {beside, LANDLOCK_READ},
        {path_in((const char *)parent.data, "missing"), LANDLOCK_KEEP},
        {"/dev/null", LANDLOCK_READ_WRITE},
    };

    note(tries, "no new privileges", errno_of(prctl(PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L)), 0);
    note(tries, "restrict", landlock_restrict(rules, COUNT(rules)), 0);
    note(tries, "read", try_open(beside, O_RDONLY), 0);
    note(tries, "write what is for reading", try_open(beside, O_WRONLY), EACCES);
    note(tries, "write what is for both", try_open("/dev/null", O_WRONLY), 0);
    note(tries, "make what was missing",
         try_open(path_in((const char *)parent.data, "missing"), O_RDWR | O_CREAT), EACCES);
    return NULL;
}

static void a_rule_gives_what_it_says_and_no_more(void **state)
{
    (void)state;
    if (!kernel_has_landlock()) {
        print_message("skipped: this kernel has no Landlock\n");
        skip();
    }
    run_in_thread(try_rules);
}

static void *try_without_privileges(void *data)
{
    struct tries *tries = data;

    note(tries, "turned off", (setenv("POWERUP_SECRETS_SANDBOX", "off", 1)), 0);
    sandbox_enter(state_folder);
    note(tries, "list /", try_open("/", O_RDONLY | O_DIRECTORY), 0);
    note(tries, "turned on", unsetenv("POWERUP_SECRETS_SANDBOX"), 0);
    return NULL;
}

static void it_can_be_turned_off(void **state)
{
    (void)state;
    run_in_thread(try_without_privileges);
}

static void a_protected_process_leaves_no_core_and_cannot_be_looked_into(void **state)
{
    (void)state;
    struct rlimit limit = {1, 1};

    process_protect();
    assert_int_equal(getrlimit(RLIMIT_CORE, &limit), 0);
    assert_int_equal(limit.rlim_cur, 0);
    assert_int_equal(limit.rlim_max, 0);
    assert_int_equal(prctl(PR_GET_DUMPABLE, 0L, 0L, 0L, 0L), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_all_files_only_the_state_folder),
        cmocka_unit_test(only_the_system_calls_of_the_list),
        cmocka_unit_test(a_rule_gives_what_it_says_and_no_more),
        cmocka_unit_test(it_can_be_turned_off),
        cmocka_unit_test(a_protected_process_leaves_no_core_and_cannot_be_looked_into),
    };

    return cmocka_run_group_tests_name("sandbox", tests, set_up, tear_down);
}
