/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One order in its folder.  Nothing in there is opened by a name that a stranger gave: PDFs have
 * numbers.  What is half done stays as it is, and the next run goes on from there.
 */
#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "bulk.h"
#include "bulk_order.h"
#include "caps.h"
#include "io.h"
#include "log.h"
#include "papercall.h"

#define STATE       "state"
#define UNFINISHED  "out.new"
#define FOLDER      (O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
#define NAMES_MAX   (CAP_BATCH_FILES * 512)
#define PROGRESS_MS 250                               /* between two notes of it */
#define PAPER_MS    ((CAP_PAPER_SECONDS + 15) * 1000) /* for one row */
#define PAPER_TRIES 2
#define NEW_AGE     3600 /* seconds that somebody may write an order */

struct bulk_order {
	const struct clerk *c;
	struct store *s;
	struct batch b;
	struct actor who;
	int dir;
	struct buf names;
	long long told_ms;
};

/* --- files --- */

static enum rc
slurp(int dir, const char *name, size_t max, struct buf *b)
{
	int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat st;
	enum rc rc;

	if (fd == -1)
		return errno == ENOENT ? RC_ABSENT : RC_IO;
	if (fstat(fd, &st) == -1 || !S_ISREG(st.st_mode))
		rc = RC_IO;
	else if ((uintmax_t)st.st_size > max)
		rc = RC_TOOBIG;
	else
		rc = io_slurp(fd, max, b);
	io_close(&fd);
	return rc;
}

/* All but one, NULL: none is kept. */
static void
empty(int dir, const char *keep)
{
	int copy = fcntl(dir, F_DUPFD_CLOEXEC, 0);
	const struct dirent *e;
	DIR *d = copy != -1 ? fdopendir(copy) : NULL;

	if (d == NULL) {
		io_close(&copy);
		return;
	}
	rewinddir(d);
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): a stream of our own */
	while ((e = readdir(d)) != NULL)
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0 &&
		    (keep == NULL || strcmp(e->d_name, keep) != 0))
			(void)unlinkat(dir, e->d_name, 0);
	closedir(d);
}

static void
delete_folder(int parent, const char *name)
{
	int dir = openat(parent, name, FOLDER | O_CLOEXEC);

	if (dir == -1)
		return;
	empty(dir, NULL);
	io_close(&dir);
	(void)unlinkat(parent, name, AT_REMOVEDIR);
}

/* --- what bulk_run() asks for --- */

/* A sign of life, too: see batch_take(). */
static void
tell(struct bulk_order *o)
{
	enum rc rc = batch_progress(o->s, &o->b);

	o->told_ms = io_now_ms();
	if (rc != RC_OK)
		log_warnx("progress of an order could not be noted: %s", rc_str(rc));
}

static enum rc
press(void *ctx, const struct paper_job *job, struct buf *reply, struct paper_answer *a)
{
	struct bulk_order *o = ctx;
	enum rc rc = RC_ABSENT;
	int i;

	for (i = 0; o->c->paper != NULL && i < PAPER_TRIES; i++) {
		if (i > 0)
			tell(o);
		buf_clear(reply);
		rc = papercall_run(o->c->paper, job, PAPER_MS, reply, a);
		if (rc != RC_BUSY && rc != RC_IO)
			return rc;
	}
	/* Its socket is the keeper's: no answer at all means that nobody serves it. */
	return rc == RC_BUSY ? RC_ABSENT : rc;
}

static enum rc
file(void *ctx, const char *name, struct buf *b)
{
	const struct bulk_order *o = ctx;
	const char *p = (const char *)o->names.p, *line;
	size_t left = o->names.len, len = strlen(name), n;
	char path[16];
	unsigned i;

	for (i = 1; left > 0 && i <= CAP_BATCH_FILES; i++) {
		line = p;
		n = (size_t)((const char *)memchr(p, '\n', left) - p);
		p += n + 1;
		left -= n + 1;
		if (n != len || memcmp(line, name, n) != 0)
			continue;
		(void)snprintf(path, sizeof(path), "%u.pdf", i);
		return slurp(o->dir, path, CAP_UPLOAD, b);
	}
	return RC_ABSENT;
}

static void
progress(void *ctx, unsigned total, unsigned done, unsigned failed)
{
	struct bulk_order *o = ctx;

	o->b.total = total;
	o->b.done = done;
	o->b.failed = failed;
	if (done + failed == total || io_now_ms() - o->told_ms >= PROGRESS_MS)
		tell(o);
}

/* --- an order --- */

static bool
take_format(const char *name, enum paper_format *out)
{
	static const char *const names[PAPER_FORMATS] = {"png", "svg", "pdf"};
	int i;

	for (i = 0; i < PAPER_FORMATS; i++)
		if (strcmp(name, names[i]) == 0) {
			*out = (enum paper_format)i;
			return true;
		}
	return false;
}

static enum rc
run(struct bulk_order *o, const struct buf *csv, int state, int out)
{
	struct bulk b = {
	    .store = o->s,
	    .who = o->who,
	    .agency = o->b.agency,
	    .stationery = o->c->stationery,
	    .public_url = o->c->public_url,
	    .kind = o->b.kind,
	    .dpi = o->b.dpi != 0 ? o->b.dpi : 300,
	    .from = o->b.from != 0 ? o->b.from : 1,
	    .to = o->b.from != 0 ? o->b.to : PAPER_LAST,
	    .wording = o->b.wording,
	    .state = state,
	    .press = press,
	    .file = file,
	    .progress = progress,
	    .ctx = o,
	};
	struct bulk_sum sum;

	if (o->b.kind == BATCH_FOOTERS && !take_format(o->b.format, &b.format))
		return RC_FORMAT;
	return bulk_run(&b, csv->p, csv->len, out, time(NULL), &sum);
}

/* From in.csv to out.zip, which is there when it is whole. */
static enum rc
make_zip(struct bulk_order *o)
{
	int state = -1, out = -1;
	struct buf csv;
	enum rc rc;

	buf_init(&csv, CAP_BATCH_CSV + 1);
	buf_init(&o->names, NAMES_MAX);
	if (o->c->stationery == NULL)
		return RC_IO;
	if ((rc = slurp(o->dir, CLERK_CSV, CAP_BATCH_CSV, &csv)) != RC_OK)
		goto out;
	rc = slurp(o->dir, CLERK_NAMES, NAMES_MAX - 1, &o->names);
	if (rc == RC_OK && o->names.len > 0 && o->names.p[o->names.len - 1] != '\n')
		buf_u8(&o->names, '\n');
	if ((rc != RC_OK && rc != RC_ABSENT) || (rc = buf_rc(&o->names)) != RC_OK)
		goto out;
	rc = RC_IO;
	state = openat(o->dir, STATE, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	out =
	    openat(o->dir, UNFINISHED, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (state == -1 || out == -1)
		goto out;
	rc = run(o, &csv, state, out);
	if ((rc == RC_OK || rc == RC_FORMAT) &&
	    (fsync(out) == -1 || renameat(o->dir, UNFINISHED, o->dir, CLERK_ZIP) == -1 ||
		fsync(o->dir) == -1))
		rc = RC_IO;
out:
	io_close(&state);
	io_close(&out);
	buf_clear(&csv);
	buf_clear(&o->names);
	return rc;
}

/* What staff sent is of no use any more, and the state holds codes. */
static enum rc
finish(struct bulk_order *o, bool done)
{
	enum rc rc = batch_progress(o->s, &o->b);

	if (rc == RC_OK)
		rc = batch_end(o->s, &o->b, done, time(NULL));
	if (rc == RC_OK && o->dir != -1)
		empty(o->dir, CLERK_ZIP);
	log_info("an order of %u rows: %s, %u done, %u failed", o->b.total,
	    done ? "done" : "not done", o->b.done, o->b.failed);
	return rc;
}

/* What can't get better by trying again ends. */
static enum rc
judge(struct bulk_order *o, enum rc rc)
{
	if (rc == RC_OK || rc == RC_FORMAT || rc == RC_TOOBIG || rc == RC_ABSENT)
		return finish(o, rc == RC_OK);
	log_warnx("an order could not be done now: %s", rc_str(rc));
	return rc;
}

static int
open_folder(const struct clerk *c, const char *id)
{
	int parent = open(c->batches, FOLDER | O_CLOEXEC), dir = -1;

	if (parent != -1)
		dir = openat(parent, id, FOLDER | O_CLOEXEC);
	io_close(&parent);
	return dir;
}

/* Whoever ordered it may still be giving it its name. */
static void
await_folder(struct bulk_order *o)
{
	const struct timespec pause = {.tv_nsec = 100000000};
	int64_t end = time(NULL) + CAP_BATCH_WAIT;

	while ((o->dir = open_folder(o->c, o->b.id)) == -1 && time(NULL) < end)
		(void)nanosleep(&pause, NULL);
}

enum rc
bulk_order_next(const struct clerk *c, struct store *s, bool after)
{
	struct bulk_order o = {.c = c, .s = s};
	enum rc rc = batch_take(s, time(NULL) + (after ? CAP_BATCH_LEASE + 1 : 0), &o.b, &o.who);

	if (rc != RC_OK)
		return rc;
	await_folder(&o);
	rc = o.dir == -1 ? finish(&o, false) : judge(&o, make_zip(&o));
	io_close(&o.dir);
	return rc;
}

/* --- what is over --- */

static void
gone(const char *id, void *arg)
{
	delete_folder(*(const int *)arg, id);
}

/* Also what a crash left: a folder in which nothing has happened for longer than any is kept. */
static void
sweep_old(int parent)
{
	int copy = fcntl(parent, F_DUPFD_CLOEXEC, 0);
	DIR *d = copy != -1 ? fdopendir(copy) : NULL;
	const struct dirent *e;
	struct stat st;
	int64_t age;

	if (d == NULL) {
		io_close(&copy);
		return;
	}
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): a stream of our own */
	while ((e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.' ||
		    fstatat(parent, e->d_name, &st, AT_SYMLINK_NOFOLLOW) == -1)
			continue;
		age = strncmp(e->d_name, CLERK_NEW, strlen(CLERK_NEW)) == 0
			  ? NEW_AGE
			  : (CAP_BATCH_DAYS + 1) * 86400;
		if (time(NULL) - st.st_mtime > age)
			delete_folder(parent, e->d_name);
	}
	closedir(d);
}

void
bulk_order_sweep(const struct clerk *c, struct store *s)
{
	int parent = open(c->batches, FOLDER | O_CLOEXEC);
	enum rc rc;

	if (parent == -1) {
		log_warn("the folder of orders");
		return;
	}
	rc = batch_expire(s, time(NULL) - CAP_BATCH_DAYS * 86400, gone, &parent);
	if (rc != RC_OK)
		log_warnx("old orders could not be deleted: %s", rc_str(rc));
	sweep_old(parent);
	io_close(&parent);
}
