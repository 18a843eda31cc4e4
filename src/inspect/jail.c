/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The seal of an inspector.  Read the tables top to bottom: what is allowed, what
 * is refused with an errno because libraries ask for it and can live without, and
 * everything else ends the process.
 */
#define _GNU_SOURCE

#include <fcntl.h>
#include <seccomp.h>
#include <unistd.h>

#include "io.h"
#include "jail.h"

#define nitems(a) (sizeof(a) / sizeof((a)[0]))

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
allow_on(scmp_filter_ctx ctx, int call, int fd)
{
	return seccomp_rule_add(
	    ctx, SCMP_ACT_ALLOW, call, 1, SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)fd, 0));
}

static int
rules(void *ctx)
{
	/* streams to those who are asked */
	static const int asked[] = {JAIL_PAINTER, JAIL_EVIDENCE};
	size_t i;
	int bad = seal_calls(ctx, allowed, nitems(allowed), refused, nitems(refused));

	bad |= allow_on(ctx, SCMP_SYS(pread64), JAIL_DOCUMENT);
	bad |= allow_on(ctx, SCMP_SYS(write), JAIL_REPLY);
	for (i = 0; i < nitems(asked); i++) {
		/* send() to whom it is connected with */
		bad |= seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(sendto), 2,
		    SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)asked[i], 0), SCMP_A4(SCMP_CMP_EQ, 0, 0));
		bad |= allow_on(ctx, SCMP_SYS(read), asked[i]);
		bad |= allow_on(ctx, SCMP_SYS(close), asked[i]);
	}
	return bad;
}

enum rc
jail_new(struct seal **out)
{
	return seal_new(out, rules);
}

enum rc
jail_descriptors(int reply, int document, int painter, int evidence)
{
	/* by their numbers, from JAIL_REPLY on */
	const int want[] = {reply, document, painter, evidence};
	int moved[nitems(want)];
	size_t i;

	/* Out of the way first: each may sit in another's place. */
	for (i = 0; i < nitems(want); i++) {
		moved[i] = want[i] == -1 ? -1 : fcntl(want[i], F_DUPFD, JAIL_EVIDENCE + 1);
		if (moved[i] == -1 && (want[i] != -1 || i < 2))
			return RC_IO;
	}
	for (i = 0; i < nitems(want); i++)
		if (moved[i] == -1)
			(void)close(JAIL_REPLY + (int)i);
		else if (dup2(moved[i], JAIL_REPLY + (int)i) == -1)
			return RC_IO;
	if (close_range(JAIL_EVIDENCE + 1, ~0u, 0) == -1)
		return RC_IO;
	return close_range(0, JAIL_OFF ? STDOUT_FILENO : STDERR_FILENO, 0) == -1 ? RC_IO : RC_OK;
}

enum rc
jail_seal(const struct seal *s, uint64_t memory, unsigned cpu_seconds)
{
	/* The soft limit's SIGXCPU tells the supervisor why; the hard one would kill. */
	if (!seal_limit(RLIMIT_CPU, cpu_seconds, cpu_seconds + 1) ||
	    !seal_limit(RLIMIT_NPROC, 0, 0) || !seal_limit(RLIMIT_FSIZE, 0, 0) ||
	    !seal_limit(RLIMIT_CORE, 0, 0) || !seal_limit(RLIMIT_NOFILE, 0, 0))
		return RC_IO;
	if (!JAIL_OFF && !seal_limit(RLIMIT_AS, memory, memory))
		return RC_IO;
	return seal_load(s);
}
