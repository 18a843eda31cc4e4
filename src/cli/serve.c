/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * periksa serve: the keeper of Kore and of the processes that serve it.
 * It loads the anchors, lays out the data folder, writes Kore's configuration, and then
 * only waits.  The processes themselves are in servants.c.
 */
#define _GNU_SOURCE
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <netdb.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "buf.h"
#include "canary.h"
#include "cli.h"
#include "errand.h"
#include "evidence_conf.h"
#include "home.h"
#include "io.h"
#include "koreconf.h"
#include "log.h"
#include "servants.h"
#include "supervisor.h"

#define NOT_SERVED  1 /* exit status: understood, but can't */
#define WORKERS_MAX 64
#define CONF_MAX    65536

static const char help[] =
    "usage: periksa serve [OPTION]...\n\n"
    "Runs the portal until it is told to stop (SIGTERM, SIGINT).  SIGHUP loads the\n"
    "anchors, policies and evidence.conf anew; visitors are not cut off.\n\n"
    "  --port N       port to listen on (PERIKSA_PORT, 8080)\n"
    "  --bind ADDR    address to listen on (PERIKSA_BIND, 127.0.0.1)\n"
    "  --data DIR     folder for everything stored (PERIKSA_DATA, ./data)\n"
    "  --trust DIR    anchors; else the installed ones\n"
    "  --demo [DIR]   offer the samples that `periksa demo DIR` wrote, with their anchors\n"
    "                 (DIR: demo in the data folder)\n"
    "  --workers N    processes that answer browsers (one a processor)\n"
    "  --offline      never ask the network what a letter lacks (PERIKSA_OFFLINE=1)\n"
    "  --hosts any    ask whatever host a trusted certificate names, not only those that\n"
    "                 anchors.conf lists\n"
    "  --evidence-conf FILE\n"
    "                 how the network is asked; else conf/evidence.conf\n"
    "  --help         this text\n\n"
    "conf/portal.conf says at which address citizens find the portal, PERIKSA_PUBLIC_URL\n"
    "goes before it: QRs hold it.\n\n"
    "As root the workers and inspectors run as the user PERIKSA_USER (nobody).\n";

static const char *
env(const char *name, const char *otherwise)
{
	const char *v = getenv(name);

	return v != NULL && *v != '\0' ? v : otherwise;
}

/* A decimal number from 1 to max, or -1. */
static long
number(const char *s, long max)
{
	char *end;
	long n;

	if (s == NULL || *s < '0' || *s > '9')
		return -1;
	errno = 0;
	n = strtol(s, &end, 10);
	return errno == 0 && *end == '\0' && n >= 1 && n <= max ? n : -1;
}

static int
parse_options(struct service *s, int argc, char **argv)
{
	static const struct option options[] = {{"port", required_argument, NULL, 'p'},
	    {"bind", required_argument, NULL, 'b'}, {"data", required_argument, NULL, 'd'},
	    {"trust", required_argument, NULL, 't'}, {"demo", optional_argument, NULL, 'D'},
	    {"workers", required_argument, NULL, 'w'}, {"offline", no_argument, NULL, 'o'},
	    {"hosts", required_argument, NULL, 'H'},
	    {"evidence-conf", required_argument, NULL, 'e'}, {"help", no_argument, NULL, 'h'},
	    {NULL, 0, NULL, 0}};
	int c;

	opterr = 0;
	while ((c = getopt_long(argc, argv, ":h", options, NULL)) != -1)
		switch (c) {
		case 'p':
			s->port = optarg;
			break;
		case 'b':
			s->bind = optarg;
			break;
		case 'd':
			s->data = optarg;
			break;
		case 't':
			s->trust_dir = optarg;
			break;
		case 'D':
			s->demo_wanted = true;
			s->demo = optarg;
			if (optarg == NULL && optind < argc && argv[optind][0] != '-')
				s->demo = argv[optind++];
			break;
		case 'w':
			if ((s->workers = number(optarg, WORKERS_MAX)) == -1)
				return cli_usage(
				    "serve", "serve: --workers wants 1 to %d", WORKERS_MAX);
			break;
		case 'o':
			s->offline = true;
			break;
		case 'H':
			if (optarg == NULL || strcmp(optarg, "any") != 0)
				return cli_usage("serve", "serve: --hosts wants any");
			s->hosts = optarg;
			break;
		case 'e':
			s->evidence_conf = optarg;
			break;
		case 'h':
			exit(cli_help(help));
		default:
			return cli_bad_option(argv, c);
		}
	if (optind < argc)
		return cli_usage("serve", "serve: takes no operand");
	if (number(s->port, 65535) == -1)
		return cli_usage("serve", "serve: the port is 1 to 65535");
	return CLI_OK;
}

/* --- where things are --- */

static bool
absolute(const char *path, char out[PATH_MAX])
{
	return path != NULL && realpath(path, out) != NULL;
}

/* Who asks the network, unless all is offline. */
static int
find_fetcher(struct service *s)
{
	char path[PATH_MAX];

	if (s->offline)
		return CLI_OK;
	if (!absolute(home_built("periksa-fetch", path, sizeof(path)), s->fetch_path)) {
		s->fetch_path[0] = '\0';
		log_warnx("periksa-fetch was not found: the network is not asked what a letter "
			  "lacks");
		return CLI_OK;
	}
	if (!absolute(s->evidence_conf != NULL
			  ? s->evidence_conf
			  : home_path("conf/evidence.conf", path, sizeof(path)),
		s->evidence_path))
		return cli_fail("serve: %s: %m",
		    s->evidence_conf != NULL ? s->evidence_conf : "conf/evidence.conf");
	return CLI_OK;
}

static int
find_files(struct service *s)
{
	char path[PATH_MAX], why[512];

	if (!absolute(home_built("portal.so", path, sizeof(path)), s->module))
		return cli_fail("serve: portal.so was not found; is PERIKSA_HOME right?");
	if (!absolute(home_path("kore.conf", path, sizeof(path)), s->conf) ||
	    !absolute(home_path("templates", path, sizeof(path)), s->templates) ||
	    !absolute(home_path("templates/paper", path, sizeof(path)), s->papers) ||
	    !absolute(home_path("assets", path, sizeof(path)), s->assets))
		return cli_fail("serve: kore.conf, templates or assets were not found; is "
				"PERIKSA_HOME right?");
	if (!absolute(home_path("conf/addresses.conf", path, sizeof(path)), s->addresses)) {
		s->addresses[0] = '\0';
		log_warnx("conf/addresses.conf was not found: every scanned address is foreign");
	}
	if (!absolute(home_built("periksa-draw", path, sizeof(path)), s->draw_path)) {
		s->draw_path[0] = '\0';
		log_warnx("periksa-draw was not found: nobody can say what a later stamp covers");
	}
	if (!absolute(home_built("periksa-paper", path, sizeof(path)), s->paper_path)) {
		s->paper_path[0] = '\0';
		log_warnx("periksa-paper was not found: nothing can be printed or scanned");
	}
	if (stationery_load(&s->stationery, s->papers, why, sizeof(why)) != RC_OK)
		log_warnx("nothing can be printed: %s", why);
	if (!absolute(home_built("canary", path, sizeof(path)), s->canary)) {
		s->canary[0] = '\0';
		log_warnx("the canary documents were not found: the portal will not be ready");
	}
	return find_fetcher(s);
}

static int
find_trust(struct service *s)
{
	char path[PATH_MAX];
	const char *dir = s->trust_dir;
	int n;

	if (s->demo_wanted) {
		if (s->demo == NULL) {
			n = snprintf(path, sizeof(path), "%s/demo", s->data);
			if (n < 0 || (size_t)n >= sizeof(path))
				return cli_fail("serve: the data folder's name is too long");
			s->demo = path;
		}
		if (!absolute(s->demo, s->demo_path))
			return cli_fail(
			    "serve: %s: %m; `periksa demo %s` makes it", s->demo, s->demo);
		s->demo = s->demo_path;
		n = snprintf(path, sizeof(path), "%s/anchors", s->demo_path);
		if (n < 0 || (size_t)n >= sizeof(path))
			return cli_fail("serve: the samples' folder's name is too long");
		if (dir == NULL)
			dir = path;
	} else if (dir == NULL)
		dir = home_path("conf/trust", path, sizeof(path));
	if (!absolute(dir, s->trust_path))
		return cli_fail("serve: no trust anchors in %s: %m", dir == NULL ? "?" : dir);
	return CLI_OK;
}

static const char *
visible_host(const struct service *s)
{
	if (strcmp(s->bind, "0.0.0.0") == 0)
		return "127.0.0.1";
	return strcmp(s->bind, "::") == 0 ? "::1" : s->bind;
}

/* What a QR holds before /d/: without configuration, right on this machine only. */
static int
find_address(struct service *s)
{
	const char *host = visible_host(s);
	bool v6 = strchr(host, ':') != NULL;
	int status = portalconf_read(&s->portal), n;

	if (status != CLI_OK || s->portal.public_url[0] != '\0')
		return status;
	s->public_guess = true;
	n = snprintf(s->portal.public_url, sizeof(s->portal.public_url), "http://%s%s%s:%s",
	    v6 ? "[" : "", host, v6 ? "]" : "", s->port);
	if (n < 0 || (size_t)n >= sizeof(s->portal.public_url))
		return cli_fail("serve: %s is no address to listen on", s->bind);
	return CLI_OK;
}

static enum rc
load_trust(const char *path, struct trust **trust)
{
	struct buf text;
	enum rc rc;

	buf_init(&text, 1u << 16);
	rc = trust_load(trust, path, &text);
	if (text.len != 0)
		fputs(buf_text(&text), stderr);
	buf_clear(&text);
	return rc;
}

/* Nothing that is for tests only may be asked with anchors of real people. */
static enum rc
check_evidence(const struct service *s, const struct trust *trust, uint32_t *deadline_ms)
{
	struct evidence_conf conf;
	struct buf text;
	enum rc rc;

	*deadline_ms = 0;
	if (s->fetch_path[0] == '\0')
		return RC_OK;
	buf_init(&text, 1u << 16);
	rc = evidence_conf_load(&conf, s->evidence_path, &text);
	if (text.len != 0)
		fputs(buf_text(&text), stderr);
	buf_clear(&text);
	if (rc == RC_OK && !evidence_conf_allowed(&conf, trust->demonstration)) {
		log_warnx("evidence.conf has a test's settings, and the anchors are real");
		rc = RC_FORMAT;
	}
	*deadline_ms = conf.deadline_ms;
	return rc;
}

/* By what is judged, and how long the network may take, for the portal's workers, which live on
 * when that changes. */
static enum rc
tell_trust(const struct service *s, const struct trust *trust, uint32_t deadline_ms)
{
	struct buf b;
	enum rc rc;

	buf_init(&b, 256);
	buf_hex(&b, trust->id, sizeof(trust->id));
	buf_printf(&b, " %s %s %u\n", trust->demonstration ? "demonstration" : "real",
	    trust_record_good(trust) ? "recorded" : "unrecorded", deadline_ms);
	if ((rc = buf_rc(&b)) == RC_OK)
		rc = datadir_write(&s->dir, "trust", buf_text(&b), b.len);
	buf_clear(&b);
	return rc;
}

/* --- Kore --- */

static enum rc
read_template(const char *path, char *text, size_t max, size_t *len)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	enum rc rc = RC_IO;
	ssize_t n;

	if (fd == -1)
		return RC_IO;
	for (*len = 0; *len < max && (n = read(fd, text + *len, max - *len)) > 0;)
		*len += (size_t)n;
	if (*len > 0 && *len < max)
		rc = RC_OK;
	io_close(&fd);
	return rc;
}

static enum rc
write_conf(const struct service *s)
{
	char workers[16], text[CONF_MAX];
	const struct koreconf_word words[] = {
	    {"BIND", s->bind},
	    {"PORT", s->port},
	    {"MODULE", s->module},
	    {"ROOT", s->dir.path},
	    {"SPOOL", DATADIR_SPOOL},
	    {"RUNAS", s->user},
	    {"WORKERS", workers},
	};
	struct buf out;
	size_t len;
	enum rc rc;
	int fd = -1;

	snprintf(workers, sizeof(workers), "%ld", s->workers);
	buf_init(&out, 2 * CONF_MAX);
	if ((rc = read_template(s->conf, text, sizeof(text), &len)) != RC_OK ||
	    (rc = koreconf_fill(&out, text, len, words, sizeof(words) / sizeof(words[0]))) != RC_OK)
		goto out;
	rc = RC_IO;
	if (unlinkat(s->dir.run_fd, DATADIR_CONF, 0) == -1 && errno != ENOENT)
		goto out;
	fd = openat(s->dir.run_fd, DATADIR_CONF,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd != -1)
		rc = io_write_full(fd, out.p, out.len);
out:
	io_close(&fd);
	buf_clear(&out);
	return rc;
}

/* What the fetcher loads itself, as a user who may not come near the originals. */
static enum rc
hand_over(const struct service *s)
{
	enum rc rc;

	if (s->fetch_path[0] == '\0')
		return RC_OK;
	rc = datadir_copy(&s->dir, s->evidence_path, strrchr(DATADIR_ASKING, '/') + 1);
	if (rc == RC_OK)
		rc = datadir_copy_folder(&s->dir, s->trust_path, strrchr(DATADIR_ANCHORS, '/') + 1);
	return rc;
}

/* As in the data folder: the path is short from there, wherever that lies. */
static enum rc
listen_at(const struct service *s, const char *path, int *fd)
{
	if (fchdir(s->dir.fd) == -1 || supervisor_listen(path, fd) != RC_OK)
		return RC_IO;
	if (s->dir.as_root &&
	    fchownat(s->dir.fd, path, s->dir.uid, s->dir.gid, AT_SYMLINK_NOFOLLOW) == -1)
		return RC_IO;
	return RC_OK;
}

/* The sockets of those that the portal's processes ask. */
static int
listen_all(struct service *s)
{
	if (listen_at(s, DATADIR_SOCKET, &s->listen_fd) != RC_OK)
		return cli_fail("serve: " DATADIR_SOCKET ": %m");
	if (s->draw_path[0] != '\0' &&
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, s->draw) == -1)
		return cli_fail("serve: %m");
	if (s->paper_path[0] != '\0' && listen_at(s, DATADIR_PAPER, &s->paper_fd) != RC_OK)
		return cli_fail("serve: " DATADIR_PAPER ": %m");
	if (s->fetch_path[0] == '\0')
		return CLI_OK;
	if (listen_at(s, DATADIR_FETCH, &s->fetch_fd) != RC_OK ||
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, s->evidence) == -1)
		return cli_fail("serve: " DATADIR_FETCH ": %m");
	return CLI_OK;
}

/* --- the port --- */

static struct addrinfo *
address(const char *host, const char *port)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV};
	struct addrinfo *ai;

	return getaddrinfo(host, port, &hints, &ai) == 0 ? ai : NULL;
}

/* Before anything is started: somebody else's answer must not be taken for ours. */
static int
check_port(const struct service *s)
{
	struct addrinfo *ai = address(s->bind, s->port);
	int fd, on = 1, status = CLI_OK;

	if (ai == NULL)
		return cli_fail("serve: %s is no address to listen on", s->bind);
	fd = socket(ai->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd == -1 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == -1 ||
	    bind(fd, ai->ai_addr, ai->ai_addrlen) == -1)
		status = cli_fail("serve: port %s of %s: %m", s->port, s->bind);
	io_close(&fd);
	freeaddrinfo(ai);
	return status;
}

/* One answer of any kind to a request for the liveness route. */
static bool
answers(const struct service *s)
{
	static const char request[] = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n"
				      "User-Agent: periksa\r\nConnection: close\r\n\r\n";
	struct addrinfo *ai = address(visible_host(s), s->port);
	struct timeval second = {.tv_sec = 1};
	char head[9];
	bool ok = false;
	int fd;

	if (ai == NULL)
		return false;
	fd = socket(ai->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd != -1 && setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof(second)) == 0 &&
	    connect(fd, ai->ai_addr, ai->ai_addrlen) == 0 &&
	    send(fd, request, sizeof(request) - 1, MSG_NOSIGNAL) == sizeof(request) - 1 &&
	    recv(fd, head, sizeof(head), MSG_WAITALL) == sizeof(head))
		ok = memcmp(head, "HTTP/1.1 ", sizeof(head)) == 0;
	io_close(&fd);
	freeaddrinfo(ai);
	return ok;
}

static bool
service_ready(void *ctx)
{
	const struct service *s = ctx;
	const char *host = visible_host(s);
	bool v6 = strchr(host, ':') != NULL;

	if (!answers(s))
		return false;
	printf("Periksa: http://%s%s%s:%s/\n", v6 ? "[" : "", host, v6 ? "]" : "", s->port);
	fflush(stdout);
	return true;
}

/* All or nothing: the policies last, which are taken as they are read. */
static bool
service_reload(void *ctx)
{
	struct service *s = ctx;
	struct trust *fresh = NULL;
	const char *what = "anchors";
	uint32_t deadline_ms;
	enum rc rc;

	if ((rc = load_trust(s->trust_path, &fresh)) != RC_OK)
		goto out;
	what = "evidence.conf";
	if ((rc = check_evidence(s, fresh, &deadline_ms)) != RC_OK)
		goto out;
	what = "policies";
	if ((rc = cli_policies()) != RC_OK)
		goto out;
	what = DATADIR_TRUST;
	if ((rc = hand_over(s)) != RC_OK || (rc = tell_trust(s, fresh, deadline_ms)) != RC_OK)
		goto out;
	trust_free(s->trust);
	s->trust = fresh;
	fresh = NULL; /* transferred */
	log_info("%zu anchors loaded anew", s->trust->anchors.n);
out:
	if (rc != RC_OK)
		log_warnx("not loaded anew, the old anchors stay: %s: %s", what, rc_str(rc));
	trust_free(fresh);
	return rc == RC_OK;
}

/* Known letters bring their own anchors.  Without these the portal is not ready, and says so. */
static void
load_canary_trust(struct service *s)
{
	char path[PATH_MAX];
	int n = snprintf(path, sizeof(path), "%s/" CANARY_ANCHORS, s->canary);
	enum rc rc;

	if (s->canary[0] == '\0' || n < 0 || (size_t)n >= sizeof(path))
		return;
	if ((rc = load_trust(path, &s->canary_trust)) != RC_OK)
		log_warnx("anchors of the canary letters: %s", rc_str(rc));
}

static int
prepare(struct service *s)
{
	uint32_t deadline_ms;
	int status;
	enum rc rc;

	if ((status = find_files(s)) != CLI_OK || (status = find_trust(s)) != CLI_OK ||
	    (status = find_address(s)) != CLI_OK || (status = check_port(s)) != CLI_OK)
		return status;
	if ((rc = cli_policies()) == RC_ABSENT)
		return cli_fail("serve: conf/policy.conf was not found; is PERIKSA_HOME right?");
	if (rc != RC_OK)
		return CLI_TROUBLE;
	rc = load_trust(s->trust_path, &s->trust);
	if (rc == RC_ABSENT)
		return cli_fail("serve: no trust anchor in %s; without one no letter can be "
				"confirmed",
		    s->trust_path);
	if (rc != RC_OK)
		return cli_fail("serve: anchors of %s: %s", s->trust_path, rc_str(rc));
	if ((rc = check_evidence(s, s->trust, &deadline_ms)) != RC_OK)
		return cli_fail("serve: %s: %s", s->evidence_path, rc_str(rc));
	load_canary_trust(s);
	rc = datadir_open(&s->dir, s->data, s->user);
	if (rc == RC_ABSENT)
		return cli_fail("serve: no such user: %s", s->user);
	if (rc == RC_FORMAT)
		return cli_fail("serve: %s: Kore takes no path with white space", s->dir.path);
	if (rc != RC_OK)
		return cli_fail("serve: %s: %m", s->data);
	if ((rc = hand_over(s)) != RC_OK)
		return cli_fail("serve: %s/run: %s", s->dir.path, rc_str(rc));
	if ((rc = write_conf(s)) != RC_OK)
		return cli_fail("serve: Kore's configuration: %s", rc_str(rc));
	if (tell_trust(s, s->trust, deadline_ms) != RC_OK)
		return cli_fail("serve: %s/run: %m", s->dir.path);
	return listen_all(s);
}

int
cmd_serve(int argc, char **argv)
{
	struct keeper_child children[SERVANTS];
	struct service s = {
	    .port = env("PERIKSA_PORT", "8080"),
	    .bind = env("PERIKSA_BIND", "127.0.0.1"),
	    .data = cli_data_dir(),
	    .user = env("PERIKSA_USER", "nobody"),
	    .workers = sysconf(_SC_NPROCESSORS_ONLN),
	    .dir = {.fd = -1, .run_fd = -1},
	    .offline = strcmp(env("PERIKSA_OFFLINE", "0"), "1") == 0,
	    .listen_fd = -1,
	    .fetch_fd = -1,
	    .paper_fd = -1,
	    .draw = {-1, -1},
	    .evidence = {-1, -1},
	};
	struct keeper k = {
	    .children = children, .ctx = &s, .ready = service_ready, .reload = service_reload};
	int status;

	if (s.workers < 1 || s.workers > WORKERS_MAX)
		s.workers = s.workers < 1 ? 1 : WORKERS_MAX;
	if ((status = parse_options(&s, argc, argv)) != CLI_OK)
		return status;
	log_name("periksa");
	status = prepare(&s);
	k.n = servants(&s, children);
	status = status == CLI_OK && keeper_run(&k) == 0 ? CLI_OK : NOT_SERVED;
	io_close(&s.draw[0]);
	io_close(&s.draw[1]);
	io_close(&s.evidence[0]);
	io_close(&s.evidence[1]);
	io_close(&s.listen_fd);
	io_close(&s.fetch_fd);
	io_close(&s.paper_fd);
	datadir_close(&s.dir);
	stationery_free(s.stationery);
	trust_free(s.trust);
	trust_free(s.canary_trust);
	return status;
}
