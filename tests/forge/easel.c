/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hires drawers. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "easel.h"
#include "io.h"
#include "painter.h"

bool
easel_open(struct easel *e)
{
	const char *dir = getenv("BUILD"); /* NOLINT(concurrency-mt-unsafe): one thread */
	char path[512];

	memset(e, 0, sizeof(*e));
	e->jobs = e->answers = -1;
	e->pid = -1;
	snprintf(path, sizeof(path), "%s/periksa-draw", dir != NULL ? dir : "build");
	if (painter_start(path, &e->jobs, &e->pid) == RC_OK)
		return true;
	fprintf(stderr, "# easel: can't start %s\n", path);
	return false;
}

void
easel_close(struct easel *e)
{
	io_close(&e->answers);
	io_close(&e->jobs);
	if (e->pid <= 0)
		return;
	kill(e->pid, SIGTERM);
	while (waitpid(e->pid, NULL, 0) < 0 && errno == EINTR)
		;
}

static void
hire(struct easel *e)
{
	struct paint_job job;
	int drawer = -1, document = memfd_create("document", MFD_CLOEXEC);

	painter_job(&job, 0, e->len, NULL, 0);
	if (document < 0 || io_write_full(document, e->p, e->len) != RC_OK ||
	    painter_stream(&e->answers, &drawer) != RC_OK ||
	    painter_hire(e->jobs, &job, drawer, document, -1) != RC_OK)
		io_close(&e->answers);
	io_close(&drawer);
	io_close(&document);
	painter_init(&e->drawer, &e->answers);
}

static enum rc
ask(void *ctx, const struct paint_question *q, struct paint_answer *a)
{
	struct easel *e = ctx;

	if (e->answers < 0)
		hire(e);
	return e->drawer.ask(e->drawer.ctx, q, a);
}

struct painter
easel_put(struct easel *e, const void *p, size_t len)
{
	io_close(&e->answers);
	e->p = p;
	e->len = len;
	return (struct painter){.ask = ask, .ctx = e};
}
