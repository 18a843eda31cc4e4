/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * periksa-fetch: the only program here that goes to the network.  Whoever starts it hands it a
 * socket as descriptor ORDER_JOBS, and perhaps one as ORDER_LISTEN; it ends when the other side
 * of the first is closed.  It reads its files, is sealed, and then serves its desk.
 */
#define _GNU_SOURCE
#include <sys/prctl.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "desk.h"
#include "fetch_seal.h"
#include "io.h"
#include "log.h"
#include "order.h"

struct options {
	const char *conf, *trust, *cache, *weather;
	bool any_host;
};

struct office {
	struct evidence_conf conf;
	struct trust *trust;
	struct guard guard;
	char **hosts; /* of the guard */
	struct fetch *fetch;
	struct cache *cache;
	struct hosts weather;
	struct searches *searches;
	int cache_dir, weather_dir;
	bool listens; /* ORDER_LISTEN is there */
	char weather_name[NAME_MAX + 1];
};

static bool
parse_options(struct options *o, int argc, char **argv)
{
	enum { CONF = 256, TRUST, CACHE, WEATHER, HOSTS };
	static const struct option longs[] = {{"conf", required_argument, NULL, CONF},
	    {"trust", required_argument, NULL, TRUST}, {"cache", required_argument, NULL, CACHE},
	    {"weather", required_argument, NULL, WEATHER},
	    {"hosts", required_argument, NULL, HOSTS}, {NULL, 0, NULL, 0}};
	int c;

	opterr = 0;
	while ((c = getopt_long(argc, argv, ":", longs, NULL)) != -1)
		switch (c) {
		case CONF:
			o->conf = optarg;
			break;
		case TRUST:
			o->trust = optarg;
			break;
		case CACHE:
			o->cache = optarg;
			break;
		case WEATHER:
			o->weather = optarg;
			break;
		case HOSTS:
			if (strcmp(optarg, "any") != 0)
				return false;
			o->any_host = true;
			break;
		default:
			return false;
		}
	return optind == argc && o->conf != NULL && o->trust != NULL;
}

/* Only the sockets and standard error stay open. */
static bool
settle(bool *listens)
{
	sigset_t none;
	int sig;

	for (sig = 1; sig < NSIG; sig++)
		(void)signal(sig, SIG_DFL); /* those that can't be set stay */
	(void)signal(SIGPIPE, SIG_IGN);
	(void)signal(SIGINT, SIG_IGN);
	(void)signal(SIGHUP, SIG_IGN);
	sigemptyset(&none);
	*listens = fcntl(ORDER_LISTEN, F_SETFD, FD_CLOEXEC) == 0;
	return sigprocmask(SIG_SETMASK, &none, NULL) == 0 &&
	       close_range(0, STDOUT_FILENO, 0) == 0 &&
	       close_range(ORDER_LISTEN + 1, ~0u, 0) == 0 &&
	       /* The first descriptors are taken, so that nothing else gets their numbers. */
	       open("/dev/null", O_RDWR | O_CLOEXEC) == 0 && fcntl(0, F_DUPFD_CLOEXEC, 0) == 1 &&
	       fcntl(ORDER_JOBS, F_SETFD, FD_CLOEXEC) == 0 &&
	       (*listens || fcntl(0, F_DUPFD_CLOEXEC, ORDER_LISTEN) == ORDER_LISTEN);
}

static enum rc
read_conf(struct office *o, const struct options *opt)
{
	struct buf log;
	enum rc rc;

	buf_init(&log, 1u << 16);
	if ((rc = evidence_conf_load(&o->conf, opt->conf, &log)) == RC_ABSENT)
		rc = RC_OK; /* the defaults */
	if (rc != RC_OK)
		log_warnx("evidence.conf: %s: %s", rc_str(rc), buf_text(&log));
	buf_clear(&log);
	if (opt->any_host)
		o->conf.any_host = true;
	if (rc == RC_OK && (rc = trust_load(&o->trust, opt->trust, &log)) != RC_OK)
		log_warnx("no trust anchors: %s", rc_str(rc));
	buf_clear(&log);
	if (rc == RC_OK && !evidence_conf_allowed(&o->conf, o->trust->demonstration)) {
		log_warnx("evidence.conf: settings of a test need the anchors of a demonstration");
		rc = RC_FORMAT;
	}
	return rc;
}

/* The hosts of anchors.conf, and those of the issuers that it lists. */
static enum rc
list_hosts(struct office *o)
{
	struct evidence_conf any = o->conf;
	struct guard open = {.conf = &any};
	struct guard_url url;
	size_t i, n = 0;

	any.any_host = true;
	o->hosts = calloc(o->trust->nhosts + o->trust->nissuer_urls + 1, sizeof(*o->hosts));
	if (o->hosts == NULL)
		return RC_NOMEM;
	o->guard.conf = &o->conf;
	o->guard.hosts = o->hosts;
	for (i = 0; i < o->trust->nhosts; i++)
		if ((o->hosts[n++] = strdup(o->trust->hosts[i])) == NULL)
			return RC_NOMEM;
	for (i = 0; i < o->trust->nissuer_urls; i++) {
		if (guard_url(&open, o->trust->issuer_urls[i], strlen(o->trust->issuer_urls[i]),
			&url) != LOOKUP_OPEN)
			continue;
		if ((o->hosts[n++] = strdup(url.host)) == NULL)
			return RC_NOMEM;
	}
	o->guard.nhosts = n;
	return RC_OK;
}

static int
open_folder(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd == -1)
		log_warn("a folder of its own can't be opened: nothing is kept there");
	return fd;
}

/* The folder of a file, and its name in it. */
static void
open_weather(struct office *o, const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path;
	char dir[PATH_MAX];
	size_t n = slash != NULL ? (size_t)(slash - path) : 0;

	if (strlen(name) > NAME_MAX - 4 || *name == '\0' || n >= sizeof(dir) - 1)
		return;
	memcpy(dir, path, n);
	if (slash == NULL)
		dir[n++] = '.';
	else if (n == 0)
		dir[n++] = '/';
	dir[n] = '\0';
	memcpy(o->weather_name, name, strlen(name) + 1);
	o->weather_dir = open_folder(dir);
}

static void
recall_weather(struct office *o, const char *path)
{
	struct arena *a = arena_new(1u << 20);
	struct weather w;

	if (a != NULL && weather_read(&w, a, path) == RC_OK)
		hosts_restore(&o->weather, &w, (int64_t)time(NULL));
	arena_free(a);
}

static enum rc
open_office(struct office *o, const struct options *opt)
{
	enum rc rc;

	if ((rc = read_conf(o, opt)) != RC_OK || (rc = list_hosts(o)) != RC_OK ||
	    (rc = fetch_new(&o->fetch, &o->guard)) != RC_OK)
		return rc;
	hosts_init(&o->weather, o->conf.failure_seconds);
	if (opt->cache != NULL)
		o->cache_dir = open_folder(opt->cache);
	if (opt->weather != NULL) {
		open_weather(o, opt->weather);
		recall_weather(o, opt->weather);
	}
	return RC_OK;
}

static enum rc
serve(struct office *o)
{
	const int folders[] = {o->cache_dir, o->weather_dir};
	struct fetch_seal seal = {folders, 2, o->conf.test_ports, o->conf.ntest_ports};
	bool files;
	struct search_parts parts = {
	    &o->conf, &o->guard, o->trust, o->fetch, NULL, &o->weather, o->listens};
	struct desk_parts desk = {NULL, o->fetch, &o->weather, o->conf.deadline_ms, ORDER_JOBS,
	    o->listens ? ORDER_LISTEN : -1, o->weather_dir, o->weather_name};
	enum rc rc;

	if ((rc = fetch_seal(&seal, &files)) != RC_OK)
		return rc;
	if (!files && (o->cache_dir != -1 || o->weather_dir != -1)) {
		log_warnx("this kernel has no Landlock: evidence is kept in memory only");
		desk.weather_dir = -1;
		io_close(&o->cache_dir);
	}
	if ((rc = cache_open(&o->cache, o->cache_dir, o->conf.cache_bytes, CAP_CACHE_MEMORY)) !=
	    RC_OK)
		return rc;
	parts.cache = o->cache;
	if ((rc = searches_open(&o->searches, &parts)) != RC_OK)
		return rc;
	desk.searches = o->searches;
	return desk_run(&desk);
}

static void
close_office(struct office *o)
{
	size_t i;

	searches_free(o->searches);
	cache_free(o->cache);
	fetch_free(o->fetch);
	for (i = 0; o->hosts != NULL && o->hosts[i] != NULL; i++)
		free(o->hosts[i]);
	free(o->hosts);
	trust_free(o->trust);
	io_close(&o->cache_dir);
	io_close(&o->weather_dir);
}

int
main(int argc, char **argv)
{
	struct office o = {.cache_dir = -1, .weather_dir = -1};
	struct options opt = {0};
	enum rc rc;

	log_name("periksa fetcher");
	/* Started by a descriptor, as out of a closed folder, it would be called by its number. */
	(void)prctl(PR_SET_NAME, "periksa-fetch");
	if (!parse_options(&opt, argc, argv)) {
		log_warnx("it is started by periksa, and by nobody else");
		return 2;
	}
	if (!settle(&o.listens)) {
		log_warn("no socket");
		return 1;
	}
	if ((rc = open_office(&o, &opt)) == RC_OK)
		rc = serve(&o);
	if (rc != RC_OK)
		log_warnx("can't go on: %s", rc_str(rc));
	close_office(&o);
	/* What libraries do at an end may need what is sealed off. */
	_exit(rc == RC_OK ? 0 : 1);
}
