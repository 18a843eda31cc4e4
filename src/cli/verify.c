/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * periksa verify: files and folders in, one report each out, in the order
 * given.  With --jobs the files are shared among that many processes, so that
 * a document that brings one down costs only the reports still owed by it.
 */
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <poll.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "album.h"
#include "buf.h"
#include "caps.h"
#include "cli.h"
#include "court.h"
#include "files.h"
#include "io.h"
#include "json.h"
#include "plain.h"
#include "rd.h"
#include "shelf.h"
#include "verify.h"
#include "when.h"

#define JOBS_MAX 64

static const char help[] =
    "usage: periksa verify [options] FILE|DIR...\n"
    "\n"
    "Says whether signed PDFs are genuine: who signed, unchanged since, trusted\n"
    "issuer, timestamp, long-term validation.  A DIR is walked for *.pdf.\n"
    "\n"
    "  --json         one report (periksa.report/1) a line\n"
    "  --trust DIR    the anchors: every PEM certificate in DIR (or those that its\n"
    "                 anchors.conf lists) instead of the installed ones\n"
    "  --policy NAME  nasional (default) or strict\n"
    "  --at TIME      validation time, RFC 3339; default now\n"
    "  --offline      ask nobody: judge with what the file carries\n"
    "  --hosts any    ask whatever host a trusted certificate names, not only those\n"
    "                 that anchors.conf lists\n"
    "  --cache DIR    keep what was fetched in DIR; none: keep nothing\n"
    "  --evidence-conf FILE\n"
    "                 how the network is asked, instead of the installed evidence.conf\n"
    "  --password-fd N\n"
    "                 read the password of encrypted files from descriptor N: its first\n"
    "                 line, of which 127 octets count\n"
    "  --pictures DIR compare how pages look, too; of those that differ, write pictures\n"
    "                 of the signed state and of the present one into DIR (PNG)\n"
    "  --jobs N       processes to share the files among (default: one a processor)\n"
    "  --help         this text\n"
    "\n"
    "Exit status: 0 every file is VALID, 1 some file is not, 2 some file could not\n"
    "be judged at all.\n";

struct options {
	struct court *court; /* this process' own */
	bool json;
	const char *pictures; /* folder, or NULL */
	unsigned jobs;
	uint8_t password[CAP_PASSWORD];
};

/* What one file came to; the text goes to standard output. */
struct outcome {
	int status;
	struct buf text;
};

/* The pictures of one document as files: NAME-PAGE-signed.png, NAME-PAGE-now.png. */
static enum rc
write_pictures(const char *dir, const char *name, int album)
{
	size_t off = 0, stem = strlen(name);
	struct album_picture pic;
	struct buf b, path;
	enum rc rc;
	int fd;

	if (stem > 4 && strcasecmp(name + stem - 4, ".pdf") == 0)
		stem -= 4;
	buf_init(&b, ALBUM_MAX);
	buf_init(&path, PATH_MAX);
	rc = album_read(album, &b);
	while (rc == RC_OK && (rc = album_next(&b, &off, &pic)) == RC_OK) {
		path.len = 0;
		buf_printf(&path, "%s/%.*s-%u-%s.png", dir, (int)stem, name, pic.page,
		    album_kind_name(pic.kind));
		fd = open(buf_text(&path), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
		rc = fd == -1 ? RC_IO : io_write_full(fd, pic.png, pic.len);
		io_close(&fd);
	}
	buf_clear(&path);
	buf_clear(&b);
	return rc == RC_ABSENT ? RC_OK : rc;
}

/* The report, and the pictures that this leaves. */
static enum rc
judge_source(struct report **r, const struct options *o, const struct source *src, const char *name)
{
	int album = -1;
	enum rc rc;

	if (o->pictures != NULL && (album = album_open()) == -1)
		return RC_IO;
	rc = court_judge(o->court, src, name, album, r);
	if (rc == RC_OK && album != -1 &&
	    (rc = write_pictures(o->pictures, name, album)) != RC_OK) {
		cli_fail("%s: %m", o->pictures);
		report_free(*r);
		*r = NULL;
	}
	io_close(&album);
	return rc;
}

static int
judge_file(const struct options *o, const char *path, struct buf *text)
{
	struct report *r = NULL;
	struct source src;
	const char *base;
	int fd, status = CLI_TROUBLE;
	enum rc rc;

	if ((fd = open(path, O_RDONLY | O_CLOEXEC)) == -1)
		return cli_fail("%s: %m", path);
	if ((rc = source_open(&src, fd, 0, UINT64_MAX)) != RC_OK) {
		cli_fail("%s: %s", path, rc == RC_IO ? "not a readable file" : rc_str(rc));
		goto out;
	}
	base = strrchr(path, '/');
	rc = judge_source(&r, o, &src, base != NULL ? base + 1 : path);
	source_close(&src);
	if (rc != RC_OK) {
		cli_fail("%s: %s", path, rc_str(rc));
		goto out;
	}
	if (o->json) {
		json_report(text, r);
		buf_u8(text, '\n');
	} else
		plain_report(text, r);
	if (buf_rc(text) != RC_OK) {
		cli_fail("%s: %s", path, rc_str(buf_rc(text)));
		goto out;
	}
	if (r->conclusion == CONCLUSION_VALID)
		status = CLI_OK;
	else if (r->conclusion == CONCLUSION_UNREADABLE)
		status = CLI_TROUBLE;
	else
		status = CLI_NOT_VALID;
out:
	report_free(r);
	close(fd);
	return status;
}

static int
print_outcome(const struct buf *text)
{
	if (text->len != 0 && fwrite(text->p, 1, text->len, stdout) != text->len)
		return CLI_TROUBLE;
	return CLI_OK;
}

static int
worst(int a, int b)
{
	return a > b ? a : b;
}

static int
judge_here(const struct options *o, const struct files *f)
{
	struct buf text;
	int status = CLI_OK;
	size_t i;

	buf_init(&text, CAP_WIRE * 4);
	for (i = 0; i < f->n; i++) {
		text.len = 0;
		status = worst(status, judge_file(o, f->path[i], &text));
		status = worst(status, print_outcome(&text));
	}
	buf_clear(&text);
	return status;
}

/* A helper: takes the next file that nobody took, until there is none. */
static void
help_out(const struct options *o, const struct files *f, _Atomic size_t *next, int fd)
{
	struct buf text;
	struct buf head;
	size_t i;
	int status;

	buf_init(&text, CAP_WIRE * 4);
	buf_init(&head, 64);
	messenger_forked(&o->court->messenger);
	while ((i = atomic_fetch_add(next, 1)) < f->n) {
		text.len = head.len = 0;
		status = judge_file(o, f->path[i], &text);
		buf_u64(&head, i);
		buf_u32(&head, (uint32_t)status);
		buf_u64(&head, text.len);
		if (io_write_full(fd, head.p, head.len) != RC_OK ||
		    io_write_full(fd, text.p, text.len) != RC_OK)
			break;
	}
	artist_end(&o->court->artist);
	messenger_end(&o->court->messenger);
	_exit(i < f->n ? CLI_TROUBLE : CLI_OK);
}

/* One answer from the pipe that all helpers of this process share in turn. */
static enum rc
take_answer(int fd, struct outcome *v, size_t n)
{
	uint8_t head[20];
	struct outcome *out;
	struct rd r;
	uint64_t i, len;
	uint32_t status;
	uint8_t *p;
	enum rc rc;

	if ((rc = io_read_full(fd, head, sizeof(head))) != RC_OK)
		return rc;
	rd_init(&r, head, sizeof(head));
	i = rd_u64(&r);
	status = rd_u32(&r);
	len = rd_u64(&r);
	if (i >= n || status > CLI_TROUBLE || len > CAP_WIRE * 4)
		return RC_FORMAT;
	out = &v[i];
	if ((p = malloc((size_t)len + 1)) == NULL)
		return RC_NOMEM;
	if ((rc = io_read_full(fd, p, (size_t)len)) == RC_OK) {
		buf_put(&out->text, p, (size_t)len);
		out->status = (int)status;
	}
	free(p);
	return rc;
}

static int
judge_shared(const struct options *o, const struct files *f)
{
	struct pollfd fds[JOBS_MAX + 1];
	int pair[2], status = CLI_OK;
	_Atomic size_t *next;
	struct outcome *v;
	size_t i, k, printed = 0;
	unsigned started = 0, open_fds;
	pid_t pid;

	next = mmap(NULL, sizeof(*next), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	v = calloc(f->n, sizeof(*v));
	if (next == MAP_FAILED || v == NULL) {
		status = cli_fail("%s", rc_str(RC_NOMEM));
		goto out;
	}
	atomic_store(next, 0);
	for (i = 0; i < f->n; i++) {
		v[i].status = -1;
		buf_init(&v[i].text, CAP_WIRE * 4);
	}
	fflush(stdout);
	if (!o->court->params.offline)
		messenger_share(&o->court->messenger);
	for (k = 0; k < o->jobs; k++) {
		if (pipe2(pair, O_CLOEXEC) == -1 || (pid = fork()) == -1)
			break;
		if (pid == 0)
			help_out(o, f, next, pair[1]);
		close(pair[1]);
		fds[started].fd = pair[0];
		fds[started++].events = POLLIN;
	}
	for (open_fds = started; open_fds > 0;) {
		/* The first helper that lacks something speaks to who is not there yet. */
		fds[started] = (struct pollfd){.fd = o->court->messenger.unused, .events = POLLIN};
		if (poll(fds, started + 1, -1) == -1)
			continue;
		if (fds[started].revents != 0)
			messenger_start(&o->court->messenger);
		for (k = 0; k < started; k++) {
			if (fds[k].fd == -1 || fds[k].revents == 0 ||
			    take_answer(fds[k].fd, v, f->n) == RC_OK)
				continue;
			close(fds[k].fd);
			fds[k].fd = -1;
			open_fds--;
		}
		for (; printed < f->n && v[printed].status >= 0; printed++) {
			status = worst(status, v[printed].status);
			status = worst(status, print_outcome(&v[printed].text));
			buf_clear(&v[printed].text);
		}
	}
	for (; printed < f->n; printed++) {
		if (v[printed].status < 0)
			status = worst(status,
			    cli_fail("%s: the check stopped before it was done", f->path[printed]));
		else {
			status = worst(status, v[printed].status);
			status = worst(status, print_outcome(&v[printed].text));
		}
		buf_clear(&v[printed].text);
	}
	/* first, since it ends with us only */
	messenger_end(&o->court->messenger);
	while (wait(NULL) > 0)
		continue;
out:
	free(v);
	if (next != MAP_FAILED)
		munmap(next, sizeof(*next));
	return status;
}

/* Those that this process may run on. */
static unsigned
processors(void)
{
	cpu_set_t set;
	int n;

	CPU_ZERO(&set);
	if (sched_getaffinity(0, sizeof(set), &set) == -1 || (n = CPU_COUNT(&set)) < 1)
		return 1;
	return n < JOBS_MAX ? (unsigned)n : JOBS_MAX;
}

static int
read_password(struct options *o, const char *arg)
{
	o->court->params.password = o->password;
	return shelf_password(
	    "verify", arg, o->password, sizeof(o->password), &o->court->params.password_len);
}

static int
parse_options(struct options *o, int argc, char **argv)
{
	enum {
		JSON = 256,
		TRUST,
		POLICY,
		AT,
		OFFLINE,
		HOSTS,
		CACHE,
		CONF,
		PASSWORD,
		PICTURES,
		JOBS,
		HELP
	};
	static const struct option longs[] = {{"json", no_argument, NULL, JSON},
	    {"trust", required_argument, NULL, TRUST}, {"policy", required_argument, NULL, POLICY},
	    {"at", required_argument, NULL, AT}, {"offline", no_argument, NULL, OFFLINE},
	    {"hosts", required_argument, NULL, HOSTS}, {"cache", required_argument, NULL, CACHE},
	    {"evidence-conf", required_argument, NULL, CONF},
	    {"password-fd", required_argument, NULL, PASSWORD},
	    {"pictures", required_argument, NULL, PICTURES},
	    {"jobs", required_argument, NULL, JOBS}, {"help", no_argument, NULL, HELP},
	    {NULL, 0, NULL, 0}};
	unsigned long n;
	char *end;
	int c, status;

	opterr = 0;
	while ((c = getopt_long(argc, argv, ":", longs, NULL)) != -1)
		switch (c) {
		case JSON:
			o->json = true;
			break;
		case TRUST:
			o->court->trust_dir = optarg;
			break;
		case POLICY:
			if ((o->court->params.policy = policy_find(optarg)) == NULL)
				return cli_usage("verify", "verify: there is no policy %s", optarg);
			break;
		case AT:
			if (!when_parse(optarg, &o->court->params.at))
				return cli_usage(
				    "verify", "verify: %s is no RFC 3339 time", optarg);
			break;
		case OFFLINE:
			o->court->params.offline = true;
			break;
		case HOSTS:
			if (strcmp(optarg, "any") != 0 && strcmp(optarg, "listed") != 0)
				return cli_usage("verify", "verify: --hosts wants listed or any");
			o->court->messenger.hosts = *optarg == 'a' ? optarg : NULL;
			break;
		case CACHE:
			o->court->messenger.cache = optarg;
			break;
		case CONF:
			o->court->messenger.conf = optarg;
			break;
		case PASSWORD:
			if ((status = read_password(o, optarg)) != CLI_OK)
				return status;
			break;
		case PICTURES:
			o->pictures = optarg;
			o->court->params.pictures = true;
			if (mkdir(optarg, 0777) == -1 && errno != EEXIST)
				return cli_fail("%s: %m", optarg);
			break;
		case JOBS:
			n = strtoul(optarg, &end, 10);
			if (*optarg < '0' || *optarg > '9' || *end != '\0' || n < 1 || n > JOBS_MAX)
				return cli_usage(
				    "verify", "verify: --jobs wants 1 to %d", JOBS_MAX);
			o->jobs = (unsigned)n;
			break;
		case HELP:
			exit(cli_help(help));
		default:
			return cli_bad_option(argv, c);
		}
	return optind < argc ? CLI_OK : cli_usage("verify", "verify: no file given");
}

int
cmd_verify(int argc, char **argv)
{
	struct court court;
	struct files files;
	struct options o;
	int status;

	memset(&o, 0, sizeof(o));
	memset(&files, 0, sizeof(files));
	o.court = &court;
	o.jobs = processors();
	if ((status = court_init(&court)) != CLI_OK ||
	    (status = parse_options(&o, argc, argv)) != CLI_OK ||
	    (status = court_open(&court)) != CLI_OK)
		goto out;
	status = files_collect(&files, argv + optind, (size_t)(argc - optind));
	if (o.jobs > files.n)
		o.jobs = files.n == 0 ? 1 : (unsigned)files.n;
	status = worst(status, o.jobs > 1 ? judge_shared(&o, &files) : judge_here(&o, &files));
	status = cli_done(status);
out:
	explicit_bzero(o.password, sizeof(o.password));
	court_close(&court);
	files_free(&files);
	return status;
}
