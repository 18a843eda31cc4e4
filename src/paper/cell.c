/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The limits of a drawer, and threads; its fence is a drawer's own. */
#include <sys/prctl.h>

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <unistd.h>

#include "caps.h"
#include "cell.h"
#include "drawer.h"
#include "log.h"
#include "papercall.h"

#define nitems(a) (sizeof(a) / sizeof((a)[0]))

static const int allowed[] = {
    SCMP_SYS(read),
    SCMP_SYS(pread64),
    SCMP_SYS(lseek),
    SCMP_SYS(close),
    SCMP_SYS(fstat),
    SCMP_SYS(newfstatat),
    SCMP_SYS(fstatfs),
    SCMP_SYS(getdents64),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(madvise),
    SCMP_SYS(brk),
    SCMP_SYS(futex),
    SCMP_SYS(access), /* whether a font is there: Pango asks */
    SCMP_SYS(faccessat),
    SCMP_SYS(faccessat2),
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(getrandom),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(set_robust_list),
    SCMP_SYS(rseq),
    SCMP_SYS(sched_yield),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
};

/* Asked for by libraries that can live without. */
static const int refused[] = {
    SCMP_SYS(writev), SCMP_SYS(open), SCMP_SYS(stat), SCMP_SYS(readlink), SCMP_SYS(readlinkat),
    SCMP_SYS(fcntl), SCMP_SYS(fadvise64), SCMP_SYS(ioctl), SCMP_SYS(sysinfo), SCMP_SYS(uname),
    SCMP_SYS(prlimit64), SCMP_SYS(sched_getaffinity), SCMP_SYS(sched_getattr),
    SCMP_SYS(sched_setattr), SCMP_SYS(sigaltstack),
    SCMP_SYS(getpeername), /* whether messages go to a journal */
    SCMP_SYS(prctl),       /* names of threads */
};

static int
rules(void *ctx)
{
	const struct scmp_arg_cmp to_read =
	    SCMP_A2(SCMP_CMP_MASKED_EQ, O_ACCMODE | O_CREAT | O_TRUNC, O_RDONLY);
	const struct scmp_arg_cmp thread = SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD);
	int bad = seal_calls(ctx, allowed, nitems(allowed), refused, nitems(refused));

	bad |= seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1, to_read);
	bad |= seccomp_rule_add(
	    ctx, SCMP_ACT_ALLOW, SCMP_SYS(write), 1, SCMP_A0(SCMP_CMP_EQ, CELL_ANSWER, 0));
	bad |= seccomp_rule_add(
	    ctx, SCMP_ACT_ERRNO(EBADF), SCMP_SYS(write), 1, SCMP_A0(SCMP_CMP_LT, CELL_ANSWER, 0));
	bad |= seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1, thread);
	/* Its flags lie in memory, where no filter looks; libc then asks for the one above. */
	bad |= seccomp_rule_add(ctx, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
	return bad;
}

bool
cell_build(struct cell *c)
{
	if (seal_new(&c->seal, rules) != RC_OK || seal_address_space(&c->space) != RC_OK)
		return false;
	if (!drawer_fence())
		log_warnx("this kernel has no Landlock: only the user's rights keep files out");
	(void)prctl(PR_SET_DUMPABLE, 0);
	return true;
}

bool
cell_shut(const struct cell *c)
{
	const rlim_t memory = c->space + CAP_PAPER_MEMORY;

	(void)alarm(CAP_PAPER_SECONDS);
	if (!seal_limit(RLIMIT_CPU, CAP_PAPER_CPU, CAP_PAPER_CPU + 1) ||
	    !seal_limit(RLIMIT_CORE, 0, 0) || !seal_limit(RLIMIT_NOFILE, 64, 64) ||
	    !seal_limit(RLIMIT_FSIZE, PAPERCALL_REPLY, PAPERCALL_REPLY))
		return false;
	if (!SEAL_OFF && !seal_limit(RLIMIT_AS, memory, memory))
		return false;
	return seal_load(c->seal) == RC_OK;
}
