/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Signals are blocked and waited for, so that nothing runs in a handler and
 * none is lost between two looks.
 */
#include <sys/prctl.h>
#include <sys/wait.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "io.h"
#include "keeper.h"
#include "log.h"

#define YOUNG_MS     10000 /* a child that lived longer was healthy */
#define PAUSE_MS     50    /* before the second start in a row; doubles */
#define PAUSE_MAX_MS 5000
#define READY_MS     50
#define END_MS       15000 /* what a child has to finish its work */

struct loop {
	struct keeper *k;
	sigset_t set;
	bool ready, ending, failed;
	long long kill_at;
};

static void
child_start(struct loop *l, struct keeper_child *c)
{
	pid_t keeper = getpid();
	sigset_t none;

	fflush(NULL);
	c->started = io_now_ms();
	if ((c->pid = fork()) == -1) {
		log_warn("%s: fork", c->name);
		c->pid = 0;
		c->next = c->started + PAUSE_MAX_MS;
		return;
	}
	if (c->pid != 0)
		return;
	sigemptyset(&none);
	if (setpgid(0, 0) == 0 && sigprocmask(SIG_SETMASK, &none, NULL) == 0 &&
	    prctl(PR_SET_PDEATHSIG, SIGTERM) == 0 && getppid() == keeper)
		c->run(l->k->ctx);
	_exit(127);
}

static void
child_died(struct loop *l, struct keeper_child *c, int status)
{
	long long now = io_now_ms();

	/* What it has started goes with it: Kore's workers would keep the port. */
	(void)kill(-c->pid, SIGKILL);
	c->pid = 0;
	if (l->ending)
		return;
	log_warnx("%s ended (%s %d)", c->name, WIFSIGNALED(status) ? "signal" : "status",
	    WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
	if (!l->ready && c->essential) {
		l->failed = l->ending = true;
		return;
	}
	c->young = now - c->started < YOUNG_MS ? c->young + 1 : 0;
	c->next = now;
	if (c->young > 1)
		c->next += c->young > 8 ? PAUSE_MAX_MS : PAUSE_MS << (c->young - 2);
}

static void
reap(struct loop *l)
{
	int status;
	pid_t pid;
	size_t i;

	/* As the first process of a container the keeper also gets strangers. */
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		for (i = 0; i < l->k->n; i++)
			if (l->k->children[i].pid == pid)
				child_died(l, &l->k->children[i], status);
}

static void
start_due(struct loop *l)
{
	size_t i;

	for (i = 0; i < l->k->n; i++)
		if (l->k->children[i].pid == 0 && l->k->children[i].next <= io_now_ms())
			child_start(l, &l->k->children[i]);
}

/* The first that still runs is asked to end; the others keep serving it meanwhile. */
static bool
end_next(struct loop *l)
{
	struct keeper_child *c = l->k->children, *end = c + l->k->n;

	while (c < end && c->pid == 0)
		c++;
	if (c == end)
		return false;
	if (!c->told) {
		c->told = true;
		l->kill_at = io_now_ms() + END_MS;
		kill(c->pid, SIGTERM);
	} else if (io_now_ms() >= l->kill_at)
		kill(c->pid, SIGKILL);
	return true;
}

static void
reload(struct loop *l)
{
	struct keeper_child *c;
	size_t i;

	if (l->k->reload == NULL || !l->k->reload(l->k->ctx))
		return;
	for (i = 0; i < l->k->n; i++) {
		c = &l->k->children[i];
		if (!c->anew)
			continue;
		c->young = 0;
		if (c->pid != 0)
			kill(c->pid, SIGTERM);
	}
}

static long long
timeout_ms(const struct loop *l)
{
	long long now = io_now_ms(), left = 60000;
	size_t i;

	if (l->ending || !l->ready)
		return READY_MS;
	for (i = 0; i < l->k->n; i++)
		if (l->k->children[i].pid == 0 && l->k->children[i].next - now < left)
			left = l->k->children[i].next - now;
	return left < 0 ? 0 : left;
}

static void
wait_signal(struct loop *l)
{
	long long ms = timeout_ms(l);
	struct timespec ts = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
	siginfo_t si;

	switch (sigtimedwait(&l->set, &si, &ts)) {
	case SIGCHLD:
		reap(l);
		break;
	case SIGTERM:
	case SIGINT:
	case SIGQUIT:
		l->ending = true;
		break;
	case SIGHUP:
		if (!l->ending)
			reload(l);
		break;
	default:
		/* time, or a signal of no interest; a lost SIGCHLD is made good here */
		reap(l);
	}
}

int
keeper_run(struct keeper *k)
{
	struct loop l = {.k = k, .ready = k->ready == NULL};

	sigemptyset(&l.set);
	sigaddset(&l.set, SIGCHLD);
	sigaddset(&l.set, SIGTERM);
	sigaddset(&l.set, SIGINT);
	sigaddset(&l.set, SIGQUIT);
	sigaddset(&l.set, SIGHUP);
	if (sigprocmask(SIG_BLOCK, &l.set, NULL) == -1) {
		log_warn("signals");
		return 1;
	}
	for (;;) {
		if (l.ending && !end_next(&l))
			break;
		if (!l.ending)
			start_due(&l);
		wait_signal(&l);
		if (!l.ready && !l.ending)
			l.ready = k->ready(k->ctx);
	}
	return l.failed ? 1 : 0;
}
