/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Orders of staff one after the other, and once a night a process that judges letters again, so
 * that neither waits for the other.  Whatever dies here is begun anew by the keeper, and goes on
 * where it was.
 */
#include <sys/prctl.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "bulk_order.h"
#include "clerk.h"
#include "log.h"
#include "recheck.h"
#include "store.h"
#include "ruling.h"
#include "vault.h"

#define LOOK_MS   500 /* how often an order is looked for */
#define SWEEP     3600
#define COPY_AGE  86400       /* of a copy into the vault that nobody goes on with */
#define NIGHT_AGE (12 * 3600) /* since the last verdict, so that a night judges each once */
#define START_AGE (36 * 3600) /* a night was missed */

struct office {
	const struct clerk *c;
	struct store *s;
	pid_t night;      /* who judges, 0: nobody */
	int64_t night_at; /* when the next night's work begins */
	int64_t sweep_at;
	bool looked; /* for what a predecessor left */
};

/* The next time that the clock on the wall says so. */
static int64_t
next_night(const struct clerk *c, int64_t now)
{
	struct tm tm;
	time_t t;
	int day;

	for (day = 0; day < 3; day++) {
		t = (time_t)now;
		if (localtime_r(&t, &tm) == NULL)
			break;
		tm.tm_mday += day;
		tm.tm_hour = c->hour;
		tm.tm_min = c->minute;
		tm.tm_sec = 0;
		tm.tm_isdst = -1;
		if ((t = mktime(&tm)) != (time_t)-1 && t > now)
			return t;
	}
	return now + 86400;
}

/* --- the night's work --- */

static enum rc
judge_letters(const struct clerk *c, int64_t before)
{
	struct ruling v = {.inspect = c->inspect, .fetch = c->fetch};
	struct recheck r = {.dir = AT_FDCWD, .vault = c->vault, .judge = ruling_get, .ctx = &v};
	struct recheck_sum sum = {0};
	enum rc rc = store_open(&r.store, c->store);

	if (rc == RC_OK)
		rc = recheck_all(&r, time(NULL), before, &sum);
	if (sum.judged + sum.failed > 0)
		log_info("registered letters: %u judged again, %u verdicts changed, %u not judged",
		    sum.judged, sum.changed, sum.failed);
	if (sum.lost > 0)
		log_warnx("registered letters: the files of %u are missing or damaged", sum.lost);
	store_close(r.store);
	return rc;
}

/* In a process of its own, which ends with this one. */
static void
begin_night(struct office *o, int64_t before)
{
	pid_t self = getpid();
	enum rc rc;

	if (o->night != 0)
		return;
	/* No handle may be carried over a fork. */
	store_close(o->s);
	o->s = NULL;
	if ((o->night = fork()) == 0) {
		log_name("periksa night");
		if (prctl(PR_SET_PDEATHSIG, SIGKILL) == -1 || getppid() != self)
			_exit(1);
		if ((rc = judge_letters(o->c, before)) != RC_OK)
			log_warnx("letters could not be judged again: %s", rc_str(rc));
		_exit(rc == RC_OK ? 0 : 1);
	}
	if (o->night == -1) {
		log_warn("the night's work can't begin");
		o->night = 0;
	}
}

static void
end_night(struct office *o)
{
	int status;

	if (o->night == 0 || waitpid(o->night, &status, WNOHANG) != o->night)
		return;
	o->night = 0;
	if (WIFSIGNALED(status))
		log_warnx("the night's work ended by signal %d", WTERMSIG(status));
}

/* --- one look around --- */

static enum rc
look(struct office *o)
{
	int64_t now = time(NULL);
	enum rc rc = RC_OK;

	end_night(o);
	if (now >= o->night_at) {
		o->night_at = next_night(o->c, now);
		begin_night(o, now - NIGHT_AGE);
	}
	if (o->s == NULL && (rc = store_open(&o->s, o->c->store)) != RC_OK) {
		log_warnx("the database can't be opened: %s", rc_str(rc));
		return rc == RC_BUSY ? RC_OK : rc;
	}
	if (now >= o->sweep_at) {
		o->sweep_at = now + SWEEP;
		bulk_order_sweep(o->c, o->s);
		if (vault_sweep(AT_FDCWD, o->c->vault, now - COPY_AGE) != RC_OK)
			log_warnx("the vault could not be swept");
	}
	/* What can't be done now comes again when the store says so. */
	(void)bulk_order_next(o->c, o->s, !o->looked);
	o->looked = true;
	return RC_OK;
}

enum rc
clerk_run(const struct clerk *c)
{
	const struct timespec pause = {.tv_nsec = LOOK_MS * 1000000L};
	struct office o = {.c = c, .night_at = next_night(c, time(NULL))};
	enum rc rc;

	if (signal(SIGPIPE, SIG_IGN) == SIG_ERR)
		return RC_IO;
	begin_night(&o, time(NULL) - START_AGE);
	while ((rc = look(&o)) == RC_OK)
		(void)nanosleep(&pause, NULL);
	store_close(o.s);
	return rc;
}
