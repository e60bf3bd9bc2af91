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
#include <signal.h>
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
#include <sys/un.h>
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

enum { TRIES_MAX = 40 };
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
    note(tries, "run another program", try_program("/usr/bin/env"), ENOSYS);
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

/* Sockets of another program, and what a host has of its own. */
struct sockets {
    struct sockaddr_un stream;   /* somebody listens there */
    struct sockaddr_un datagram; /* somebody receives there */
    int listener;
    int pair[2];
    int unconnected;
};

static struct sockaddr_un address_of(const char *name)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    (void)snprintf(address.sun_path, sizeof address.sun_path, "%s/%s", (const char *)parent.data,
                   name);
    (void)unlink(address.sun_path);
    return address;
}

static int bound(int type, const struct sockaddr_un *address)
{
    int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);

    if (fd < 0 || bind(fd, (const struct sockaddr *)address, sizeof *address) != 0) {
        return -1;
    }
    return fd;
}

static struct sockets open_sockets(void)
{
    struct sockets sockets = {
        .stream = address_of("stream"),
        .datagram = address_of("datagram"),
        .pair = {-1, -1},
        .unconnected = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0),
    };

    sockets.listener = bound(SOCK_STREAM, &sockets.stream);
    (void)listen(sockets.listener, 1);
    (void)bound(SOCK_DGRAM, &sockets.datagram);
    (void)socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets.pair);
    return sockets;
}

/* Every way to another program. */
static void try_ways_out(struct tries *tries, const struct sockets *sockets, int wanted)
{
    const struct sockaddr *stream = (const struct sockaddr *)&sockets->stream;
    const struct sockaddr *datagram = (const struct sockaddr *)&sockets->datagram;
    struct iovec byte = {.iov_base = &(char){0}, .iov_len = 1};
    struct msghdr message = {.msg_name = (void *)(uintptr_t)datagram,
                             .msg_namelen = sizeof sockets->datagram,
                             .msg_iov = &byte,
                             .msg_iovlen = 1};
    struct mmsghdr messages = {.msg_hdr = message};
    struct iovec taken = {.iov_base = &(char){0}, .iov_len = 1};
    struct msghdr received = {.msg_iov = &taken, .msg_iovlen = 1};
    struct sockaddr_un own = address_of("own");
    int ends[2];

    note(tries, "an address for a datagram",
         errno_of(sendto(sockets->unconnected, "", 1, 0, datagram, sizeof sockets->datagram)),
         wanted);
    note(tries, "a message with an address", errno_of(sendmsg(sockets->unconnected, &message, 0)),
         wanted);
    note(tries, "messages with addresses",
         errno_of(sendmmsg(sockets->unconnected, &messages, 1, 0)), wanted);
    note(tries, "connect a datagram socket",
         errno_of(connect(sockets->unconnected, datagram, sizeof sockets->datagram)), wanted);
    int client = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    note(tries, "a socket of this machine", errno_of(client), wanted);
    note(tries, "connect", errno_of(connect(client, stream, sizeof sockets->stream)), wanted);
    note(tries, "give a socket a name",
         errno_of(bind(sockets->unconnected, (const struct sockaddr *)&own, sizeof own)), wanted);
    note(tries, "listen", errno_of(listen(sockets->listener, 2)), wanted);
    note(tries, "a pair of sockets", errno_of(socketpair(AF_UNIX, SOCK_STREAM, 0, ends)), wanted);
    (void)send(sockets->pair[0], "", 1, MSG_NOSIGNAL);
    note(tries, "a message that may bring descriptors",
         errno_of(recvmsg(sockets->pair[1], &received, MSG_DONTWAIT)), wanted);
    note(tries, "signals of a descriptor", errno_of(fcntl(sockets->pair[0], F_SETOWN, getpid())),
         wanted);
    note(tries, "a program", try_program("/usr/bin/env"), wanted);
    note(tries, "a signal", errno_of(syscall(SYS_tgkill, getpid(), gettid(), SIGURG)), wanted);
}

static void *try_ways_out_without(void *data)
{
    struct sockets sockets = open_sockets();

    try_ways_out(data, &sockets, 0);
    return NULL;
}

static void *try_ways_out_filtered(void *data)
{
    struct tries *tries = data;
    struct sockets sockets = open_sockets();
    pid_t (*const forks[])(void) = {fork, vfork};

    note(tries, "no new privileges", errno_of(prctl(PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L)), 0);
    note(tries, "install the filter", syscall_filter_install(), 0);
    try_ways_out(tries, &sockets, ENOSYS);
    for (size_t i = 0; i < COUNT(forks); i++) {
        pid_t pid = forks[i]();
        if (pid == 0) {
            _exit(0);
        }
        note(tries, "another process", errno_of(pid), ENOSYS);
    }
    note(tries, "a thread", errno_of(syscall(SYS_clone3, NULL, 0)), ENOSYS);
    note(tries, "run in place", errno_of(syscall(SYS_execve, "/usr/bin/env", NULL, NULL)), ENOSYS);
    note(tries, "run a descriptor", errno_of(syscall(SYS_execveat, 0, "", NULL, NULL, 0)), ENOSYS);
    note(tries, "io_uring", errno_of(syscall(SYS_io_uring_setup, 1, NULL)), ENOSYS);
    note(tries, "a descriptor of another", errno_of(syscall(SYS_pidfd_open, getpid(), 0)), ENOSYS);
    note(tries, "its descriptors", errno_of(syscall(SYS_pidfd_getfd, 0, 0, 0)), ENOSYS);
    note(tries, "kill", errno_of(syscall(SYS_kill, getpid(), SIGURG)), ENOSYS);
    note(tries, "limits of another", errno_of(syscall(SYS_prlimit64, 0, 0, NULL, NULL)), ENOSYS);
    return NULL;
}

static void nothing_reaches_another_program(void **state)
{
    (void)state;
    run_in_thread(try_ways_out_without);
    run_in_thread(try_ways_out_filtered);
}

static void *try_calls(void *data)
{
    struct tries *tries = data;
    struct sockets sockets = open_sockets();
    char byte = 0;

    note(tries, "no new privileges", errno_of(prctl(PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L)), 0);
    note(tries, "install the filter", syscall_filter_install(), 0);
    note(tries, "send to the other end", errno_of(send(sockets.pair[0], "", 1, MSG_NOSIGNAL)), 0);
    note(tries, "receive", errno_of(recv(sockets.pair[1], &byte, 1, 0)), 0);
    note(tries, "take no connection", errno_of(fcntl(sockets.listener, F_SETFL, O_NONBLOCK)), 0);
    note(tries, "none is there", errno_of(accept4(sockets.listener, NULL, NULL, SOCK_CLOEXEC)),
         EAGAIN);
    note(tries, "ask whether a process lives", errno_of(syscall(SYS_tgkill, getpid(), getpid(), 0)),
         0);
    note(tries, "a socket of the network", errno_of(socket(AF_INET, SOCK_STREAM, 0)), ENOSYS);
    note(tries, "a packet socket", errno_of(socket(AF_PACKET, SOCK_STREAM, 0)), ENOSYS);
    note(tries, "trace", errno_of(ptrace(PTRACE_TRACEME, 0, NULL, NULL)), ENOSYS);
    note(tries, "a namespace", errno_of(unshare(CLONE_NEWUSER)), ENOSYS);
    note(tries, "priority", errno_of(setpriority(PRIO_PROCESS, 0, 0)), ENOSYS);
    note(tries, "another name", errno_of(prctl(PR_SET_NAME, "x", 0L, 0L, 0L)), ENOSYS);
    note(tries, "dumpable", errno_of(prctl(PR_SET_DUMPABLE, 1L, 0L, 0L, 0L)), ENOSYS);
    note(tries, "another user", errno_of(syscall(SYS_setuid, getuid())), ENOSYS);
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
        {beside, LANDLOCK_READ_WRITE},
        {path_in((const char *)parent.data, "missing"), LANDLOCK_KEEP},
        {"/dev/null", LANDLOCK_READ_WRITE},
    };

    note(tries, "no new privileges", errno_of(prctl(PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L)), 0);
    note(tries, "restrict", landlock_restrict(rules, COUNT(rules)), 0);
    note(tries, "read", try_open(beside, O_RDONLY), 0);
    note(tries, "write", try_open(beside, O_WRONLY), 0);
    note(tries, "read what no rule names", try_open(state_folder, O_RDONLY), EACCES);
    note(tries, "write a device", try_open("/dev/null", O_WRONLY), 0);
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
        cmocka_unit_test(nothing_reaches_another_program),
        cmocka_unit_test(a_rule_gives_what_it_says_and_no_more),
        cmocka_unit_test(it_can_be_turned_off),
        cmocka_unit_test(a_protected_process_leaves_no_core_and_cannot_be_looked_into),
    };

    return cmocka_run_group_tests_name("sandbox", tests, set_up, tear_down);
}
