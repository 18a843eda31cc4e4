/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The seal: limits, no new privileges, and a list of system calls made by
 * libseccomp.  Read the tables top to bottom: what is allowed, what is refused
 * with an errno because libraries ask for it and can live without, and
 * everything else ends the process.
 */
#define _GNU_SOURCE
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdlib.h>
#include <unistd.h>

#include "io.h"
#include "jail.h"

#define nitems(a) (sizeof(a) / sizeof((a)[0]))

struct jail {
	struct sock_filter *filter;
	unsigned short len;
};

static const int allowed[] = {
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(madvise),
    SCMP_SYS(brk),
    SCMP_SYS(futex),
    SCMP_SYS(getpid),    /* OpenSSL asks whether it was forked */
    SCMP_SYS(getrandom), /* blinding */
    SCMP_SYS(clock_gettime),
    SCMP_SYS(exit_group),
};

static const int refused[] = {
    SCMP_SYS(open),
    SCMP_SYS(openat),
    SCMP_SYS(newfstatat),
    SCMP_SYS(stat),
    SCMP_SYS(access),
    SCMP_SYS(readlink),
    SCMP_SYS(ioctl),
};

static int
add_rules(scmp_filter_ctx ctx)
{
	const struct scmp_arg_cmp not_executable = SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
	size_t i;
	int bad = 0;

	for (i = 0; i < nitems(allowed); i++)
		bad |= seccomp_rule_add(ctx, SCMP_ACT_ALLOW, allowed[i], 0);
	for (i = 0; i < nitems(refused); i++)
		bad |= seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EACCES), refused[i], 0);
	bad |= seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, not_executable);
	bad |= seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, not_executable);
	bad |= seccomp_rule_add(
	    ctx, SCMP_ACT_ALLOW, SCMP_SYS(pread64), 1, SCMP_A0(SCMP_CMP_EQ, JAIL_DOCUMENT, 0));
	bad |= seccomp_rule_add(
	    ctx, SCMP_ACT_ALLOW, SCMP_SYS(write), 1, SCMP_A0(SCMP_CMP_EQ, JAIL_REPLY, 0));
	/* A tree instead of a list: half the comparisons for each call. */
	bad |= seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	return bad;
}

/* libseccomp 2.5 exports to a file only: one in memory. */
static enum rc
export_filter(scmp_filter_ctx ctx, struct jail *j)
{
	enum rc rc = RC_IO;
	off_t size;
	int fd;

	if ((fd = memfd_create("filter", MFD_CLOEXEC)) == -1)
		return RC_IO;
	if (seccomp_export_bpf(ctx, fd) != 0 || (size = lseek(fd, 0, SEEK_END)) <= 0 ||
	    (size_t)size > BPF_MAXINSNS * sizeof(*j->filter) || lseek(fd, 0, SEEK_SET) != 0)
		goto out;
	if ((j->filter = malloc((size_t)size)) == NULL) {
		rc = RC_NOMEM;
		goto out;
	}
	j->len = (unsigned short)((size_t)size / sizeof(*j->filter));
	rc = io_read_full(fd, j->filter, (size_t)size);
out:
	io_close(&fd);
	return rc;
}

enum rc
jail_new(struct jail **out)
{
	scmp_filter_ctx ctx = NULL;
	struct jail *j;
	enum rc rc = RC_NOMEM;

	*out = NULL;
	if ((j = calloc(1, sizeof(*j))) == NULL)
		return RC_NOMEM;
	if (JAIL_OFF)
		rc = RC_OK;
	else if ((ctx = seccomp_init(SCMP_ACT_KILL_PROCESS)) != NULL)
		rc = add_rules(ctx) != 0 ? RC_IO : export_filter(ctx, j);
	if (ctx != NULL)
		seccomp_release(ctx);
	if (rc != RC_OK) {
		jail_free(j);
		return rc;
	}
	*out = j;
	return RC_OK;
}

void
jail_free(struct jail *j)
{
	if (j == NULL)
		return;
	free(j->filter);
	free(j);
}

enum rc
jail_descriptors(int reply, int document)
{
	/* Out of the way first: either may sit in the other's place. */
	int r = fcntl(reply, F_DUPFD, JAIL_DOCUMENT + 1);
	int d = fcntl(document, F_DUPFD, JAIL_DOCUMENT + 1);

	if (r == -1 || d == -1 || dup2(r, JAIL_REPLY) == -1 || dup2(d, JAIL_DOCUMENT) == -1 ||
	    close_range(JAIL_DOCUMENT + 1, ~0u, 0) == -1)
		return RC_IO;
	return close_range(0, JAIL_OFF ? STDOUT_FILENO : STDERR_FILENO, 0) == -1 ? RC_IO : RC_OK;
}

static bool
limit(__rlimit_resource_t what, rlim_t soft, rlim_t hard)
{
	struct rlimit now, rl;

	if (getrlimit(what, &now) == -1)
		return false;
	/* Never above what the process may have. */
	rl.rlim_max = now.rlim_max < hard ? now.rlim_max : hard;
	rl.rlim_cur = rl.rlim_max < soft ? rl.rlim_max : soft;
	return setrlimit(what, &rl) == 0;
}

enum rc
jail_seal(const struct jail *j, uint64_t memory, unsigned cpu_seconds)
{
	struct sock_fprog prog = {.len = j->len, .filter = j->filter};

	/* The soft limit's SIGXCPU tells the supervisor why; the hard one would kill. */
	if (!limit(RLIMIT_CPU, cpu_seconds, cpu_seconds + 1) || !limit(RLIMIT_NPROC, 0, 0) ||
	    !limit(RLIMIT_FSIZE, 0, 0) || !limit(RLIMIT_CORE, 0, 0) || !limit(RLIMIT_NOFILE, 0, 0))
		return RC_IO;
	if (!JAIL_OFF && !limit(RLIMIT_AS, memory, memory))
		return RC_IO;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1)
		return RC_IO;
	if (!JAIL_OFF && syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &prog) == -1)
		return RC_IO;
	return RC_OK;
}
