/* harden.c - what the running server gives up. */
#include "server/harden.h"

#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) ||             \
    __has_feature(memory_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

/* What a server that answers, reads and writes files and talks to a database never
 * does.  Names, because not every machine has every call. */
static const char *const refused[] = {
    /* other programs */
    "execve", "execveat", "fork", "vfork",
    /* other processes */
    "ptrace", "process_vm_readv", "process_vm_writev", "pidfd_open", "pidfd_getfd",
    "kcmp", "process_madvise",
    /* the kernel and the machine */
    "init_module", "finit_module", "delete_module", "kexec_load", "kexec_file_load",
    "reboot", "bpf", "perf_event_open", "iopl", "ioperm", "swapon", "swapoff", "acct",
    "quotactl", "settimeofday", "clock_settime", "adjtimex", "clock_adjtime",
    "sethostname", "setdomainname", "syslog", "lookup_dcookie", "nfsservctl", "vhangup",
    /* the file system as a whole */
    "mount", "umount2", "pivot_root", "chroot", "move_mount", "open_tree", "fsopen",
    "fsconfig", "fsmount", "mknod", "mknodat", "name_to_handle_at", "open_by_handle_at",
    /* other name spaces, other users */
    "setns", "unshare", "setuid", "setgid", "setreuid", "setregid", "setresuid",
    "setresgid", "setgroups", "setfsuid", "setfsgid", "capset", "personality",
    /* ways that have led around such filters */
    "io_uring_setup", "io_uring_enter", "io_uring_register", "userfaultfd", "keyctl",
    "add_key", "request_key", "memfd_secret", "modify_ldt", "uselib"};

static int
refuse_names(scmp_filter_ctx f)
{
	int rc = 0;

	for (size_t i = 0; i < HF_COUNT(refused) && rc == 0; i++) {
		int number = seccomp_syscall_resolve_name(refused[i]);

		if (number != __NR_SCMP_ERROR)
			rc = seccomp_rule_add(f, SCMP_ACT_ERRNO(EPERM), number, 0);
		if (rc == -EDOM || rc == -EINVAL)
			rc = 0; /* this machine has no such call */
	}
	return rc;
}

/* A thread is made by clone, a process too: what tells them is a flag.  clone3 hides
 * its flags behind a pointer; without it the C library uses clone. */
static int
refuse_processes(scmp_filter_ctx f)
{
	int rc = seccomp_rule_add(f, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1,
				  SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0));

	if (rc == 0)
		rc = seccomp_rule_add(f, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
	return rc;
}

/* Code comes from files that were mapped for running, never from what was written. */
static int
refuse_new_code(scmp_filter_ctx f)
{
	int rc = seccomp_rule_add(f, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(mmap), 1,
				  SCMP_A2(SCMP_CMP_MASKED_EQ,
					  (unsigned)(PROT_WRITE | PROT_EXEC),
					  PROT_WRITE | PROT_EXEC));

	if (rc == 0)
		rc =
		    seccomp_rule_add(f, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(mprotect), 1,
				     SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, PROT_EXEC));
	if (rc == 0)
		rc = seccomp_rule_add(
		    f, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(pkey_mprotect), 1,
		    SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, PROT_EXEC));
	return rc;
}

/* Local, IPv4, IPv6, and what looking up names uses. */
static int
refuse_odd_sockets(scmp_filter_ctx f)
{
	int rc = seccomp_rule_add(f, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(socket), 1,
				  SCMP_A0(SCMP_CMP_GT, AF_NETLINK, 0));

	for (int family = AF_INET + 1; family < AF_NETLINK && rc == 0; family++)
		if (family != AF_INET6)
			rc = seccomp_rule_add(
			    f, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(socket), 1,
			    SCMP_A0(SCMP_CMP_EQ, (unsigned)family, 0));
	return rc;
}

static int
filter(void)
{
	scmp_filter_ctx f = seccomp_init(SCMP_ACT_ALLOW);
	int rc = f ? seccomp_attr_set(f, SCMP_FLTATR_CTL_TSYNC, 1) : -ENOMEM;

	if (rc == 0)
		rc = refuse_names(f);
	if (rc == 0)
		rc = refuse_processes(f);
	if (rc == 0)
		rc = refuse_new_code(f);
	if (rc == 0)
		rc = refuse_odd_sockets(f);
	if (rc == 0)
		rc = seccomp_load(f);
	if (f)
		seccomp_release(f);
	return rc;
}

bool
hf_harden_works(void)
{
	return !SANITIZED;
}

enum hf_rc
hf_harden(struct hf_err *err)
{
	struct rlimit none = {0, 0};
	int rc;

	if (SANITIZED)
		return HF_OK;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return hf_fail(err, HF_FAULT, NULL, "privileges cannot be given up: %s",
			       strerror(errno));
	/* A dump of memory would hold records and keys. */
	(void)setrlimit(RLIMIT_CORE, &none);
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	rc = filter();
	if (rc)
		return hf_fail(err, HF_FAULT, NULL,
			       "the kernel takes no filter of system calls: %s",
			       strerror(-rc));
	return HF_OK;
}
