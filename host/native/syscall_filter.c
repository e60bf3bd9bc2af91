/* SPDX-License-Identifier: MIT */
#include "native/syscall_filter.h"

#include <errno.h>
#include <fcntl.h>

#if defined(__x86_64__) || defined(__aarch64__)
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#ifdef __x86_64__
#define ARCHITECTURE AUDIT_ARCH_X86_64
#else
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

#define LOAD(member)                                                                               \
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (unsigned)offsetof(struct seccomp_data, member))
/* The halves of an argument; both processors store the lower one first. */
#define LOAD_LOW(n) LOAD(args[n])
#define LOAD_HIGH(n)                                                                               \
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS,                                                             \
             (unsigned)(offsetof(struct seccomp_data, args[n]) + sizeof(__u32)))
#define IF_EQUAL(value, yes, no) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (value), (yes), (no))
#define ALLOW                    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
#define REFUSE                   BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS)

/* With the number of the call loaded: */
#define ALLOW_CALL(name) IF_EQUAL(__NR_##name, 0, 1), ALLOW
/* …its argument n must be zero, or NULL. */
#define ALLOW_CALL_WITHOUT(name, n)                                                                \
    IF_EQUAL(__NR_##name, 0, 6), LOAD_LOW(n), IF_EQUAL(0, 0, 3), LOAD_HIGH(n), IF_EQUAL(0, 0, 1),  \
        ALLOW, REFUSE

/* …its argument n must be neither of two values. */
#define ALLOW_CALL_BUT(name, n, one, other)                                                        \
    IF_EQUAL(__NR_##name, 0, 5), LOAD_LOW(n), IF_EQUAL((one), 2, 0), IF_EQUAL((other), 1, 0),      \
        ALLOW, REFUSE

static struct sock_filter filter[] = {
    LOAD(arch),
    IF_EQUAL(ARCHITECTURE, 1, 0),
    REFUSE,
    LOAD(nr), /* those of x32 are other numbers, none of which is below */

    /* Descriptors */
    ALLOW_CALL(read),
    ALLOW_CALL(write),
    ALLOW_CALL(readv),
    ALLOW_CALL(writev),
    ALLOW_CALL(pread64),
    ALLOW_CALL(pwrite64),
    ALLOW_CALL(close),
    ALLOW_CALL(close_range),
    ALLOW_CALL(lseek),
    ALLOW_CALL_BUT(fcntl, 1, F_SETOWN, F_SETOWN_EX), /* who gets signals of a descriptor */
    ALLOW_CALL(dup),
    ALLOW_CALL(dup3),
    ALLOW_CALL(ppoll),

    /* Files, which Landlock limits */
    ALLOW_CALL(openat),
    ALLOW_CALL(fstat),
    ALLOW_CALL(newfstatat),
    ALLOW_CALL(statx),
    ALLOW_CALL(faccessat),
    ALLOW_CALL(faccessat2),
    ALLOW_CALL(readlinkat),
    ALLOW_CALL(getdents64),
    ALLOW_CALL(getcwd),
    ALLOW_CALL(mkdirat),
    ALLOW_CALL(unlinkat),
    ALLOW_CALL(renameat),
    ALLOW_CALL(renameat2),
    ALLOW_CALL(linkat),
    ALLOW_CALL(fchmod),
    ALLOW_CALL(fchown),
    ALLOW_CALL(ftruncate),
    ALLOW_CALL(fallocate),
    ALLOW_CALL(fsync),
    ALLOW_CALL(fdatasync),
    ALLOW_CALL(flock),
    ALLOW_CALL(umask),
    ALLOW_CALL(fstatfs),

    /* Memory */
    ALLOW_CALL(brk),
    ALLOW_CALL(mmap),
    ALLOW_CALL(munmap),
    ALLOW_CALL(mremap),
    ALLOW_CALL(mprotect),
    ALLOW_CALL(madvise),

    /* The socket that it has, and those that connect to it: none can be made, none connected, none
     * received, and nothing sent but to the other end. */
    ALLOW_CALL(accept4),
    ALLOW_CALL_WITHOUT(sendto, 4),
    ALLOW_CALL(recvfrom),
    ALLOW_CALL(shutdown),
    ALLOW_CALL(getsockopt),

    /* The end, and whether a process lives; no signal to any */
    ALLOW_CALL(exit),
    ALLOW_CALL(exit_group),
    ALLOW_CALL_WITHOUT(tgkill, 2),

    /* What a C library does by itself */
    ALLOW_CALL(rt_sigaction),
    ALLOW_CALL(rt_sigprocmask),
    ALLOW_CALL(rt_sigreturn),
    ALLOW_CALL(restart_syscall),
    ALLOW_CALL(futex),
    ALLOW_CALL(getpid),
    ALLOW_CALL(gettid),
    ALLOW_CALL(getuid),
    ALLOW_CALL(geteuid),
    ALLOW_CALL(getgid),
    ALLOW_CALL(getegid),
    ALLOW_CALL(uname),
    ALLOW_CALL(sysinfo),
    ALLOW_CALL(getrandom),
    ALLOW_CALL(clock_gettime),
    ALLOW_CALL(clock_nanosleep),
    ALLOW_CALL(nanosleep),
    ALLOW_CALL(gettimeofday),
    ALLOW_CALL(sched_yield),

#ifdef __x86_64__
    /* Older forms of the above, which this processor still has */
    ALLOW_CALL(open),
    ALLOW_CALL(stat),
    ALLOW_CALL(lstat),
    ALLOW_CALL(access),
    ALLOW_CALL(readlink),
    ALLOW_CALL(mkdir),
    ALLOW_CALL(rmdir),
    ALLOW_CALL(unlink),
    ALLOW_CALL(rename),
    ALLOW_CALL(poll),
    ALLOW_CALL(dup2),
    ALLOW_CALL(time),
#endif

    REFUSE,
};

int syscall_filter_install(void)
{
    struct sock_fprog program = {sizeof filter / sizeof filter[0], filter};

    return prctl(PR_SET_SECCOMP, (long)SECCOMP_MODE_FILTER, &program, 0L, 0L) == 0 ? 0 : errno;
}
#else
int syscall_filter_install(void)
{
    return ENOSYS;
}
#endif
