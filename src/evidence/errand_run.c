/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Starting `periksa-fetch`: it gets its sockets by number, and where its files are by options. */
#include <sys/prctl.h>
#include <sys/socket.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "errand.h"
#include "io.h"
#include "order.h"

#define ARGS_MAX 12

struct args {
	char *v[ARGS_MAX + 1];
	size_t n;
};

/* execve() has no const, and changes nothing. */
static char *
unconst(const char *s)
{
	union {
		const char *in;
		char *out;
	} u = {.in = s};

	return u.out;
}

static void
add(struct args *a, const char *option, const char *value)
{
	if (value == NULL)
		return;
	a->v[a->n++] = unconst(option);
	a->v[a->n++] = unconst(value);
}

/* In the place of to, open over an exec; -1 stays closed. */
static bool
place(int fd, int to)
{
	/* NOLINTNEXTLINE(android-cloexec-dup): it is to be inherited */
	return fd == -1 ? close_range((unsigned)to, (unsigned)to, 0) == 0 : dup2(fd, to) == to;
}

void
errand_become(const struct errand_program *p, int jobs, int listen, pid_t parent)
{
	struct args a = {.n = 0};
	int aside[2] = {jobs, listen};
	size_t i;

	a.v[a.n++] = unconst("periksa-fetch");
	add(&a, "--conf", p->conf);
	add(&a, "--trust", p->trust);
	add(&a, "--cache", p->cache);
	add(&a, "--weather", p->weather);
	add(&a, "--hosts", p->hosts);
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) == -1 || getppid() != parent)
		return;
	/* Out of the way first: each may sit in the other's place. */
	for (i = 0; i < 2; i++)
		if (aside[i] != -1 &&
		    (aside[i] = fcntl(aside[i], F_DUPFD_CLOEXEC, ORDER_LISTEN + 1)) == -1)
			return;
	if (place(aside[0], ORDER_JOBS) && place(aside[1], ORDER_LISTEN))
		execv(p->program, a.v);
}

enum rc
errand_socket(int *jobs, int *program)
{
	int pair[2];

	*jobs = *program = -1;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == -1)
		return RC_IO;
	*jobs = pair[0];
	*program = pair[1];
	return RC_OK;
}

enum rc
errand_spawn(const struct errand_program *p, int program, pid_t *pid)
{
	pid_t self = getpid();

	*pid = 0;
	if (access(p->program, X_OK) == -1)
		return RC_IO;
	if ((*pid = fork()) == 0) {
		errand_become(p, program, -1, self);
		_exit(127);
	}
	if (*pid != -1)
		return RC_OK;
	*pid = 0;
	return RC_IO;
}

enum rc
errand_launch(const struct errand_program *p, int *jobs, pid_t *pid)
{
	int program;
	enum rc rc;

	*pid = 0;
	if ((rc = errand_socket(jobs, &program)) != RC_OK)
		return rc;
	if ((rc = errand_spawn(p, program, pid)) != RC_OK)
		io_close(jobs);
	io_close(&program);
	return rc;
}
