/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * periksa batch: many letters at once, on an own store and with a periksa-paper of its own that
 * stays warm from row to row.
 */
#include <sys/stat.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "bulk.h"
#include "caps.h"
#include "cli.h"
#include "home.h"
#include "io.h"
#include "papercall.h"
#include "portalconf.h"
#include "shelf.h"
#include "supervisor.h"
#include "ticket.h"

static const char usage[] =
    "usage: periksa batch CSV --kind footers [--format png|svg|pdf] [--dpi N] -o OUT.zip\n"
    "       periksa batch CSV --kind stamped --files DIR [--pages WHICH] -o OUT.zip\n\n"
    "Makes the footers of many letters, or puts them on their pages.  A row of the CSV (UTF-8;\n"
    "comma, semicolon or tab) names a letter by its id, or says what a new draft says:\n\n"
    "  nomor, perihal, tanggal, unit, visibilitas, penandatangan1 ... (JABATAN|NAMA|PANGKAT)\n"
    "  number, subject, date, unit, visibility, signer1 ...\n"
    "  berkas, file: the letter's PDF in the folder of --files\n\n"
    "laporan.csv in the zip says what became of each row.  A row that fails stops no other.  If "
    "it\n"
    "is stopped, the same command goes on and drafts nothing twice (OUT.zip.state).\n\n"
    "  --kind KIND      footers, or stamped: the letters with them on their pages\n"
    "  --files DIR      where the PDFs are\n"
    "  --format FORMAT  of footers: png (the default, transparent), svg or pdf\n"
    "  --dpi N          dots an inch of a PNG, 72 to 1200; default 300\n"
    "  --pages WHICH    of stamped letters: all (the default), first, last, N or A-B\n"
    "  --wording NAME   of templates/paper/wordings.conf; default: the agency's, else F1\n"
    "  --public-url URL the portal's address; else PERIKSA_PUBLIC_URL or conf/portal.conf\n"
    "  --agency CODE    whose the drafts are, made if it is new (default: the only one there is)\n"
    "  -o FILE          the zip\n"
    "  --help           this text\n\n"
    "Status: 0 all rows were done, 2 some were not, or none.\n";

static const struct option options[] = {{"kind", required_argument, NULL, 'k'},
    {"files", required_argument, NULL, 'F'}, {"format", required_argument, NULL, 'f'},
    {"dpi", required_argument, NULL, 'd'}, {"public-url", required_argument, NULL, 'p'},
    {"agency", required_argument, NULL, 'a'}, {"pages", required_argument, NULL, 'g'},
    {"wording", required_argument, NULL, 'w'}, {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0}};

#define FIRST_AGENCY "umum"                            /* as periksa doc */
#define PAPER_MS     ((CAP_PAPER_SECONDS + 15) * 1000) /* for one row */

struct sheaf {
	const char *csv, *files, *public_url, *agency, *out;
	struct bulk bulk;
	struct portalconf portal;
	struct stationery *stationery;
	int dir;         /* of files, -1 */
	char folder[64]; /* of the socket; "": not made */
	char socket[80];
	pid_t paper; /* -1: not started */
	bool bar;
	unsigned shown; /* rows that the bar says */
};

/* --- options --- */

static bool
one_of(const char *s, const char *const *names, unsigned n, unsigned *out)
{
	unsigned i;

	for (i = 0; i < n; i++)
		if (strcmp(s, names[i]) == 0) {
			*out = i;
			return true;
		}
	return false;
}

static int
take(struct sheaf *s, int option, char **argv)
{
	static const char *const kinds[] = {"footers", "stamped"};
	static const char *const formats[PAPER_FORMATS] = {"png", "svg", "pdf"};
	unsigned i;
	int64_t n;

	switch (option) {
	case 'k':
		if (!one_of(optarg, kinds, BATCH_KIND__MAX, &i))
			return cli_usage("batch", "batch: --kind is footers or stamped");
		s->bulk.kind = (enum batch_kind)i;
		return CLI_OK;
	case 'f':
		if (!one_of(optarg, formats, PAPER_FORMATS, &i))
			return cli_usage("batch", "batch: --format is png, svg or pdf");
		s->bulk.format = (enum paper_format)i;
		return CLI_OK;
	case 'd':
		if ((n = shelf_number(optarg)) < 72 || n > 1200)
			return cli_usage("batch", "batch: --dpi is a number from 72 to 1200");
		s->bulk.dpi = (uint32_t)n;
		return CLI_OK;
	case 'g':
		return ticket_pages(optarg, &s->bulk.from, &s->bulk.to)
			   ? CLI_OK
			   : cli_usage("batch", "batch: --pages is all, first, last, N or A-B");
	case 'w':
		s->bulk.wording = optarg;
		return CLI_OK;
	case 'F':
		s->files = optarg;
		return CLI_OK;
	case 'p':
		s->public_url = optarg;
		return CLI_OK;
	case 'a':
		s->agency = optarg;
		return CLI_OK;
	case 'o':
		s->out = optarg;
		return CLI_OK;
	default:
		return cli_bad_option(argv, option);
	}
}

static int
check(struct sheaf *s, int argc, char **argv)
{
	struct buf b;
	bool good;

	if (argc - optind != 1 || s->out == NULL || s->bulk.kind == BATCH_KIND__MAX)
		return cli_usage("batch", "batch: one CSV, --kind and -o FILE are needed");
	s->csv = argv[optind];
	if (s->bulk.kind == BATCH_STAMPED && s->files == NULL)
		return cli_usage("batch", "batch: --kind stamped needs --files DIR");
	if (s->public_url == NULL) {
		if (portalconf_read(&s->portal) != CLI_OK)
			return CLI_TROUBLE;
		s->public_url = s->portal.public_url;
	}
	if (*s->public_url == '\0')
		return cli_usage("batch", "batch: the portal's address is not known: --public-url, "
					  "PERIKSA_PUBLIC_URL or conf/portal.conf");
	buf_init(&b, CAP_PAPER_ADDRESS + 1);
	good = stationery_address(&b, s->public_url, "0");
	buf_clear(&b);
	if (!good)
		return cli_usage(
		    "batch", "batch: an address like https://periksa.example.go.id is expected");
	s->bulk.public_url = s->public_url;
	return CLI_OK;
}

/* --- periksa-paper --- */

static int
start_paper(struct sheaf *s)
{
	const char *tmp = getenv("TMPDIR");
	char path[PATH_MAX];
	pid_t self = getpid();
	int listener = -1, status = CLI_OK;

	if (home_built("periksa-paper", path, sizeof(path)) == NULL)
		return cli_fail("batch: periksa-paper is not installed beside periksa");
	if ((size_t)snprintf(s->folder, sizeof(s->folder), "%s/periksa.XXXXXX",
		tmp != NULL && *tmp != '\0' ? tmp : "/tmp") >= sizeof(s->folder))
		(void)snprintf(s->folder, sizeof(s->folder), "/tmp/periksa.XXXXXX");
	if (mkdtemp(s->folder) == NULL) {
		status = cli_fail("batch: %s: %m", s->folder);
		s->folder[0] = '\0';
		return status;
	}
	(void)snprintf(s->socket, sizeof(s->socket), "%s/paper", s->folder);
	if (supervisor_listen(s->socket, &listener) != RC_OK || (s->paper = fork()) == -1)
		status = cli_fail("batch: periksa-paper: %m");
	else if (s->paper == 0)
		papercall_become(path, listener, self);
	io_close(&listener);
	return status;
}

static void
end_paper(struct sheaf *s)
{
	if (s->paper > 0) {
		(void)kill(s->paper, SIGTERM);
		while (waitpid(s->paper, NULL, 0) == -1 && errno == EINTR)
			continue;
	}
	if (s->folder[0] == '\0')
		return;
	(void)unlink(s->socket);
	(void)rmdir(s->folder);
}

/* --- what bulk_run() asks for --- */

static enum rc
press(void *ctx, const struct paper_job *job, struct buf *reply, struct paper_answer *a)
{
	const struct sheaf *s = ctx;
	enum rc rc = papercall_run(s->socket, job, PAPER_MS, reply, a);

	/* Nobody starts it again. */
	if (rc != RC_OK && waitpid(s->paper, NULL, WNOHANG) != 0)
		return RC_ABSENT;
	return rc;
}

static enum rc
slurp(int dir, const char *name, size_t max, struct buf *b)
{
	int fd = openat(dir, name, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	struct stat st;
	enum rc rc;

	if (fd == -1)
		return errno == ENOENT ? RC_ABSENT : RC_IO;
	if (fstat(fd, &st) == -1)
		rc = RC_IO;
	else if (S_ISREG(st.st_mode) && (uintmax_t)st.st_size > max)
		rc = RC_TOOBIG;
	else
		rc = io_slurp(fd, max, b);
	io_close(&fd);
	return rc;
}

/* A name, never a path: the rows may come from somebody else. */
static enum rc
file(void *ctx, const char *name, struct buf *b)
{
	const struct sheaf *s = ctx;
	enum rc rc;

	if (*name == '.' || strchr(name, '/') != NULL)
		return RC_ABSENT;
	rc = slurp(s->dir, name, CAP_UPLOAD, b);
	return rc == RC_IO ? RC_ABSENT : rc;
}

static void
progress(void *ctx, unsigned total, unsigned done, unsigned failed)
{
	enum { WIDTH = 40 };
	static const char full[] = "########################################";
	struct sheaf *s = ctx;
	unsigned n = done + failed, width = total > 0 ? n * WIDTH / total : 0;

	if (!s->bar || (n > 0 && n < total && n * 200 / total == s->shown))
		return;
	s->shown = total > 0 ? n * 200 / total : 0;
	(void)fprintf(stderr, "\r[%-*.*s] %u/%u%s", WIDTH, (int)width, full, n, total,
	    n == total ? "\n" : "");
}

/* --- all of it --- */

/* The drafts' agency: the one that is named, or the only one; made if none is there. */
static int
find_agency(struct sheaf *s)
{
	enum account_answer answer;
	bool several;
	enum rc rc = account_agency(s->bulk.store, s->agency, &s->bulk.agency, &several);

	if (rc == RC_OK && s->bulk.agency != 0)
		return CLI_OK;
	if (rc == RC_OK && several)
		return cli_usage("batch", "batch: there are several agencies: --agency");
	if (rc == RC_OK)
		rc = account_agency_add(s->bulk.store, &actor_operator,
		    s->agency != NULL ? s->agency : FIRST_AGENCY, NULL, time(NULL), &s->bulk.agency,
		    &answer);
	if (rc != RC_OK)
		return cli_fail("batch: %s", rc_str(rc));
	return answer == ACCOUNT_DONE ? CLI_OK : cli_fail("batch: %s", account_answer_text(answer));
}

static int
load_stationery(struct sheaf *s)
{
	char path[PATH_MAX], why[512];

	if (home_path("templates/paper", path, sizeof(path)) == NULL)
		return cli_fail("batch: templates/paper was not found; is PERIKSA_HOME right?");
	if (stationery_load(&s->stationery, path, why, sizeof(why)) != RC_OK)
		return cli_fail("batch: %s", why);
	s->bulk.stationery = s->stationery;
	if (s->bulk.wording != NULL && stationery_find(s->stationery, s->bulk.wording) == NULL)
		return cli_fail("batch: %s: no such wording in templates/paper", s->bulk.wording);
	if (s->files != NULL && (s->dir = open(s->files, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) == -1)
		return cli_fail("batch: %s: %m", s->files);
	return CLI_OK;
}

static int
say(const struct sheaf *s, enum rc rc, const struct bulk_sum *sum)
{
	if (rc == RC_FORMAT)
		return cli_fail("batch: %s: %s", s->csv, sum->why);
	if (rc == RC_ABSENT)
		return cli_fail("batch: %s.state is of another CSV; take another -o, or delete it "
				"if that one is not to go on",
		    s->out);
	if (rc != RC_OK)
		return cli_fail("batch: %s; the same command goes on", rc_str(rc));
	if (sum->failed > 0)
		return cli_fail("batch: %u of %u rows failed: see laporan.csv in %s", sum->failed,
		    sum->total, s->out);
	return CLI_OK;
}

/* The zip is there when it is whole; until then OUT.zip.state knows what was drafted. */
static int
run(struct sheaf *s, const struct buf *csv)
{
	char part[PATH_MAX], state[PATH_MAX];
	struct bulk_sum sum;
	int out = -1, status;
	enum rc rc;

	if ((size_t)snprintf(part, sizeof(part), "%s.part", s->out) >= sizeof(part) ||
	    (size_t)snprintf(state, sizeof(state), "%s.state", s->out) >= sizeof(state))
		return cli_fail("batch: %s: name too long", s->out);
	s->bulk.state = open(state, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	out = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (s->bulk.state == -1 || out == -1) {
		status = cli_fail("batch: %s: %m", s->out);
		goto out;
	}
	rc = bulk_run(&s->bulk, csv->p, csv->len, out, time(NULL), &sum);
	if (rc == RC_OK && (fsync(out) == -1 || rename(part, s->out) == -1))
		status = cli_fail("batch: %s: %m", s->out);
	else
		status = say(s, rc, &sum);
	if (rc != RC_OK)
		(void)unlink(part);
	if (rc == RC_OK || rc == RC_FORMAT)
		(void)unlink(state);
out:
	io_close(&s->bulk.state);
	io_close(&out);
	return status;
}

static int
work(struct sheaf *s)
{
	struct buf csv;
	int status;
	enum rc rc;

	buf_init(&csv, CAP_BATCH_CSV + (64u << 10));
	if ((rc = slurp(AT_FDCWD, s->csv, CAP_BATCH_CSV, &csv)) != RC_OK)
		status = rc == RC_TOOBIG ? cli_fail("batch: %s: %s", s->csv, rc_str(rc))
					 : cli_fail("batch: %s: %m", s->csv);
	else if ((status = load_stationery(s)) == CLI_OK &&
		 (status = shelf_open(&s->bulk.store)) == CLI_OK &&
		 (status = find_agency(s)) == CLI_OK && (status = start_paper(s)) == CLI_OK)
		status = run(s, &csv);
	buf_clear(&csv);
	return status;
}

int
cmd_batch(int argc, char **argv)
{
	struct sheaf s = {
	    .dir = -1,
	    .paper = -1,
	    .bar = isatty(STDERR_FILENO) == 1,
	    .bulk = {.who = actor_operator,
		.kind = BATCH_KIND__MAX,
		.dpi = 300,
		.from = 1,
		.to = PAPER_LAST,
		.state = -1,
		.press = press,
		.file = file,
		.progress = progress},
	};
	int option, status = CLI_OK;

	s.bulk.ctx = &s;
	opterr = 0;
	while (status == CLI_OK &&
	       /* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread */
	       (option = getopt_long(argc, argv, ":ho:", options, NULL)) != -1) {
		if (option == 'h')
			return cli_help(usage);
		status = take(&s, option, argv);
	}
	if (status == CLI_OK && (status = check(&s, argc, argv)) == CLI_OK && s.csv != NULL)
		status = work(&s);
	end_paper(&s);
	store_close(s.bulk.store);
	stationery_free(s.stationery);
	io_close(&s.dir);
	return status;
}
