/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <sys/wait.h>

#include <limits.h>
#include <signal.h>
#include <string.h>

#include "artist.h"
#include "caps.h"
#include "home.h"
#include "io.h"

static bool
start(struct artist *a)
{
	char path[PATH_MAX];

	if (a->jobs == -1 && !a->missing)
		a->missing = home_built("periksa-draw", path, sizeof(path)) == NULL ||
			     painter_start(path, &a->jobs, &a->pid) != RC_OK;
	return a->jobs != -1;
}

static void
hire(struct artist *a)
{
	int drawer;

	a->hired = true;
	if (!start(a) || painter_stream(&a->answers, &drawer) != RC_OK)
		return;
	if (painter_hire(a->jobs, &a->job, drawer, a->document, a->album) != RC_OK)
		io_close(&a->answers);
	io_close(&drawer);
}

static enum rc
ask(void *ctx, const struct paint_question *q, struct paint_answer *answer)
{
	struct artist *a = ctx;
	struct painter drawer;
	long long began;
	enum rc rc;

	if (!a->hired)
		hire(a);
	painter_init(&drawer, &a->answers);
	began = io_now_ms();
	rc = drawer.ask(drawer.ctx, q, answer);
	/* No drawer lives that long: none was started, and no other document need wait for one. */
	if (rc == RC_IO && io_now_ms() - began >= CAP_DRAW_WAIT_SECONDS * 1000LL) {
		io_close(&a->jobs);
		a->missing = true;
	}
	return rc;
}

void
artist_init(struct artist *a)
{
	memset(a, 0, sizeof(*a));
	a->painter.ask = ask;
	a->painter.ctx = a;
	a->jobs = a->answers = a->document = a->album = -1;
}

void
artist_document(struct artist *a, int document, const struct paint_job *job, int album)
{
	io_close(&a->answers);
	a->hired = false;
	a->document = document;
	a->job = *job;
	a->album = album;
}

void
artist_end(struct artist *a)
{
	io_close(&a->answers);
	io_close(&a->jobs);
	/* It has nothing to finish. */
	if (a->pid > 0 && kill(a->pid, SIGKILL) == 0)
		(void)waitpid(a->pid, NULL, 0);
	a->pid = 0;
	explicit_bzero(&a->job, sizeof(a->job));
}
