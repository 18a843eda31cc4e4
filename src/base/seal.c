/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Limits and lists of system calls; which ones, only the processes know that are shut in. */
#define _GNU_SOURCE
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "io.h"
#include "seal.h"

struct seal {
	struct sock_filter *filter;
	unsigned short len;
};

/* libseccomp 2.5 exports to a file only: one in memory. */
static enum rc
export_filter(scmp_filter_ctx ctx, struct seal *s)
{
	enum rc rc = RC_IO;
	off_t size;
	int fd;

	if ((fd = memfd_create("filter", MFD_CLOEXEC)) == -1)
		return RC_IO;
	if (seccomp_export_bpf(ctx, fd) != 0 || (size = lseek(fd, 0, SEEK_END)) <= 0 ||
	    (size_t)size > BPF_MAXINSNS * sizeof(*s->filter) || lseek(fd, 0, SEEK_SET) != 0)
		goto out;
	if ((s->filter = malloc((size_t)size)) == NULL) {
		rc = RC_NOMEM;
		goto out;
	}
	s->len = (unsigned short)((size_t)size / sizeof(*s->filter));
	rc = io_read_full(fd, s->filter, (size_t)size);
out:
	io_close(&fd);
	return rc;
}

static int
in_place(const void *a, const void *b)
{
	(void)a;
	(void)b;
	return 0;
}

/*
 * The first time that it sorts more than a kilobyte, glibc's qsort() asks the kernel how much
 * memory there is.  Now it has asked, and no list need allow that.
 */
static void
warm_sort(void)
{
	uint64_t v[512] = {0};

	qsort(v, sizeof(v) / sizeof(v[0]), sizeof(v[0]), in_place);
}

int
seal_calls(void *ctx, const int *allowed, size_t nallowed, const int *refused, size_t nrefused)
{
	const struct scmp_arg_cmp not_executable = SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
	size_t i;
	int bad = 0;

	for (i = 0; i < nallowed; i++)
		bad |= seccomp_rule_add(ctx, SCMP_ACT_ALLOW, allowed[i], 0);
	for (i = 0; i < nrefused; i++)
		bad |= seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EACCES), refused[i], 0);
	bad |= seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, not_executable);
	bad |= seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, not_executable);
	return bad;
}

enum rc
seal_new(struct seal **out, seal_rules_fn *rules)
{
	scmp_filter_ctx ctx = NULL;
	struct seal *s;
	enum rc rc = RC_NOMEM;

	*out = NULL;
	warm_sort();
	if ((s = calloc(1, sizeof(*s))) == NULL)
		return RC_NOMEM;
	if (SEAL_OFF)
		rc = RC_OK;
	else if ((ctx = seccomp_init(SCMP_ACT_KILL_PROCESS)) != NULL)
		/* A tree instead of a list: half the comparisons for each call. */
		rc = rules(ctx) != 0 || seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, 2) != 0
			 ? RC_IO
			 : export_filter(ctx, s);
	if (ctx != NULL)
		seccomp_release(ctx);
	if (rc != RC_OK) {
		seal_free(s);
		return rc;
	}
	*out = s;
	return RC_OK;
}

void
seal_free(struct seal *s)
{
	if (s == NULL)
		return;
	free(s->filter);
	free(s);
}

bool
seal_limit(__rlimit_resource_t what, rlim_t soft, rlim_t hard)
{
	struct rlimit now, rl;

	if (getrlimit(what, &now) == -1)
		return false;
	rl.rlim_max = now.rlim_max < hard ? now.rlim_max : hard;
	rl.rlim_cur = rl.rlim_max < soft ? rl.rlim_max : soft;
	return setrlimit(what, &rl) == 0;
}

enum rc
seal_load(const struct seal *s)
{
	struct sock_fprog prog = {.len = s->len, .filter = s->filter};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1)
		return RC_IO;
	if (!SEAL_OFF && syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &prog) == -1)
		return RC_IO;
	return RC_OK;
}

/* A file of the kernel, not of a stranger. */
enum rc
seal_address_space(uint64_t *out)
{
	char line[128], *end;
	unsigned long pages;
	enum rc rc = RC_IO;
	FILE *f;

	if ((f = fopen("/proc/self/statm", "re")) == NULL)
		return RC_IO;
	if (fgets(line, sizeof(line), f) != NULL) {
		errno = 0;
		pages = strtoul(line, &end, 10);
		if (errno == 0 && end != line && *end == ' ') {
			*out = (uint64_t)pages * (uint64_t)sysconf(_SC_PAGESIZE);
			rc = RC_OK;
		}
	}
	fclose(f);
	return rc;
}
