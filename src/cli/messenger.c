/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <sys/stat.h>
#include <sys/wait.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "evidence_conf.h"
#include "home.h"
#include "io.h"
#include "messenger.h"
#include "order.h"

/* A variable that says something; NULL if it does not. */
static const char *
variable(const char *name)
{
	const char *v = getenv(name);

	return v != NULL && *v != '\0' ? v : NULL;
}

/* All folders of the path, those that are missing closed to others. */
static bool
make_folders(char *path)
{
	char *slash = path;

	while ((slash = strchr(slash + 1, '/')) != NULL) {
		*slash = '\0';
		(void)mkdir(path, 0700); /* the last one tells */
		*slash = '/';
	}
	return mkdir(path, 0700) == 0 || errno == EEXIST;
}

/* Where evidence is kept: as asked, or where programs keep such things.  NULL: nowhere. */
static const char *
cache_folder(const struct messenger *m, char out[PATH_MAX])
{
	const char *at, *rest = "";
	int len;

	if (m->cache != NULL && strcmp(m->cache, "none") == 0)
		return NULL;
	if ((at = m->cache) == NULL && (at = variable("PERIKSA_CACHE")) == NULL) {
		rest = "/periksa/evidence";
		if ((at = variable("XDG_CACHE_HOME")) == NULL) {
			rest = "/.cache/periksa/evidence";
			at = variable("HOME");
		}
	}
	if (at == NULL)
		return NULL;
	len = snprintf(out, PATH_MAX, "%s%s", at, rest);
	if (len < 0 || len >= PATH_MAX)
		return NULL;
	if (make_folders(out))
		return out;
	if (m->cache != NULL)
		cli_fail("%s: %m; nothing is kept", m->cache);
	return NULL;
}

static const char *
conf_file(const struct messenger *m, char out[PATH_MAX])
{
	if (m->conf != NULL)
		return m->conf;
	return home_path("conf/evidence.conf", out, PATH_MAX);
}

/* Start it with its end of the socket.  False: nobody will answer. */
static bool
start(struct messenger *m, int program)
{
	char path[PATH_MAX], conf[PATH_MAX], cache[PATH_MAX];
	struct errand_program p = {.program = home_built("periksa-fetch", path, sizeof(path)),
	    .conf = conf_file(m, conf),
	    .trust = m->trust,
	    .hosts = m->hosts};

	if (p.program == NULL || p.conf == NULL)
		return false;
	p.cache = cache_folder(m, cache);
	return errand_spawn(&p, program, &m->pid) == RC_OK;
}

static void
hire(struct messenger *m)
{
	int fetcher, program = -1;

	m->hired = true;
	if (m->jobs == -1) {
		if (errand_socket(&m->jobs, &program) == RC_OK && !start(m, program))
			io_close(&m->jobs);
		io_close(&program);
	}
	if (m->jobs == -1 || errand_stream(&m->stream, &fetcher) != RC_OK)
		return;
	if (errand_hire(m->jobs, fetcher, ORDER_FETCH | ORDER_BODIES) != RC_OK)
		io_close(&m->stream);
	io_close(&fetcher);
}

/* What a document may take of the network's time: a conf that can't be read is the fetcher's to
 * complain of. */
static unsigned
deadline(const struct messenger *m)
{
	struct evidence_conf conf;
	const char *file;
	char path[PATH_MAX];
	struct buf log;

	buf_init(&log, 4096);
	if ((file = conf_file(m, path)) == NULL || evidence_conf_load(&conf, file, &log) != RC_OK)
		evidence_conf_default(&conf);
	buf_clear(&log);
	return conf.deadline_ms;
}

static enum rc
ask(void *ctx, struct arena *a, const struct lookup_question *v, size_t n,
    struct lookup_answer *answers)
{
	struct messenger *m = ctx;
	struct lookup fetcher;
	long long began;
	enum rc rc;

	if (!m->hired)
		hire(m);
	if (m->deadline == 0)
		m->deadline = deadline(m);
	/* With nothing left it still tells what is kept. */
	m->errand.milliseconds = m->spent < m->deadline ? (uint32_t)(m->deadline - m->spent) : 1;
	errand_lookup(&fetcher, &m->errand);
	began = io_now_ms();
	rc = fetcher.ask(fetcher.ctx, a, v, n, answers);
	m->spent += io_now_ms() - began;
	return rc;
}

void
messenger_document(struct messenger *m)
{
	m->spent = 0;
}

void
messenger_init(struct messenger *m)
{
	memset(m, 0, sizeof(*m));
	m->lookup.ask = ask;
	m->lookup.ctx = m;
	m->jobs = m->unused = m->stream = -1;
	m->errand.fd = &m->stream;
	m->errand.flags = ORDER_FETCH | ORDER_BODIES;
	m->conf = variable("PERIKSA_EVIDENCE_CONF");
}

bool
messenger_ready(const struct messenger *m)
{
	if (m->conf == NULL || access(m->conf, R_OK) == 0)
		return true;
	cli_fail("%s: %m", m->conf);
	return false;
}

void
messenger_share(struct messenger *m)
{
	/* Without it each starts its own. */
	(void)errand_socket(&m->jobs, &m->unused);
}

void
messenger_start(struct messenger *m)
{
	(void)start(m, m->unused);
	/* If it did not start, those who wait see that the other side is gone. */
	io_close(&m->unused);
}

void
messenger_forked(struct messenger *m)
{
	io_close(&m->unused);
	m->pid = 0; /* not ours to wait for */
}

void
messenger_end(struct messenger *m)
{
	io_close(&m->stream);
	io_close(&m->unused);
	io_close(&m->jobs);
	/* It has nothing to finish. */
	if (m->pid > 0 && kill(m->pid, SIGKILL) == 0)
		(void)waitpid(m->pid, NULL, 0);
	m->pid = 0;
}
