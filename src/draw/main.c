/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * periksa-draw: the warm process that drawers are forked from.  Whoever starts
 * it hands it a socket as descriptor PAINT_JOBS; each message there is a document
 * that needs a drawer.  It ends when the other side is closed.
 */
#define _GNU_SOURCE
#include <sys/prctl.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "caps.h"
#include "drawer.h"
#include "io.h"
#include "log.h"

/* Only the socket and standard error stay open. */
static bool
settle(void)
{
	sigset_t none;
	int sig;

	for (sig = 1; sig < NSIG; sig++)
		(void)signal(sig, SIG_DFL); /* those that can't be set stay */
	(void)signal(SIGINT, SIG_IGN);
	(void)signal(SIGHUP, SIG_IGN);
	sigemptyset(&none);
	return sigprocmask(SIG_SETMASK, &none, NULL) == 0 &&
	       close_range(0, STDOUT_FILENO, 0) == 0 && close_range(PAINT_JOBS + 1, ~0u, 0) == 0 &&
	       /* The first descriptors are taken, so that nothing else gets their numbers. */
	       open("/dev/null", O_RDWR | O_CLOEXEC) == 0 && fcntl(0, F_DUPFD_CLOEXEC, 0) == 1;
}

/* Those that have ended; waits for one where there is no room for another. */
static void
reap(unsigned *running)
{
	while (*running > 0 && waitpid(-1, NULL, *running < CAP_DRAWERS ? WNOHANG : 0) > 0)
		(*running)--;
}

static void
start(const struct drawer *d, const struct paint_job *job, const int *fds, int album,
    unsigned *running)
{
	pid_t pid;

	reap(running);
	if ((pid = fork()) == -1)
		log_warn("fork");
	else if (pid == 0)
		drawer_run(d, job, fds[0], fds[1], album);
	else
		(*running)++;
}

static enum rc
serve(const struct drawer *d, bool fenced)
{
	struct paint_job job;
	unsigned running = 0;
	int fds[IO_FDS];
	size_t len, n;
	enum rc rc;

	for (;;) {
		rc = io_recv_fds(PAINT_JOBS, &job, sizeof(job), &len, fds, &n);
		if (rc == RC_TOOBIG)
			continue;
		if (rc != RC_OK)
			return rc == RC_SHORT ? RC_OK : rc;
		if (len == sizeof(job) && (n == 2 || n == 3) && job.password_len <= CAP_PASSWORD)
			start(d, &job, fds, n == 3 && fenced ? fds[2] : -1, &running);
		while (n > 0)
			io_close(&fds[--n]);
	}
}

int
main(void)
{
	struct drawer d = {.parent = getpid()};
	struct seal *seal = NULL;
	bool fenced;
	enum rc rc;

	log_name("periksa drawer");
	if (!settle())
		return 1;
	if ((rc = drawer_warm()) != RC_OK) {
		log_warnx("no page can be drawn: %s", rc_str(rc));
		return 1;
	}
	if ((rc = seal_new(&seal, drawer_rules)) == RC_OK &&
	    (rc = seal_address_space(&d.address_space)) == RC_OK) {
		d.seal = seal;
		if (!(fenced = drawer_fence()))
			log_warnx("this kernel has no Landlock: no pictures of pages");
		(void)prctl(PR_SET_DUMPABLE, 0);
		rc = serve(&d, fenced);
	}
	if (rc != RC_OK)
		log_warnx("can't go on: %s", rc_str(rc));
	/* Poppler, glib and fontconfig free nothing, and need not. */
	_exit(rc == RC_OK ? 0 : 1);
}
