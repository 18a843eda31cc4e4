/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Files are read and written here, with the caller's rights; who reads their content has none.
 * A program of its own for each job: nothing of one letter is left for the next.
 */
#include <sys/stat.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "caps.h"
#include "cli.h"
#include "conf.h"
#include "home.h"
#include "io.h"
#include "papercall.h"
#include "ticket.h"

#define PAPER    "templates/paper"
#define CONF_MAX (64u << 10)

void
ticket_init(struct ticket *t, const char *verb, enum paper_kind kind)
{
	memset(t, 0, sizeof(*t));
	t->verb = verb;
	t->job.kind = kind;
	t->job.dpi = 300;
	t->job.from = 1;
	t->job.to = PAPER_LAST;
	buf_init(&t->address, CAP_PAPER_TEXT);
	buf_init(&t->logo, CAP_PAPER_JOB);
	buf_init(&t->document, CAP_PAPER_JOB);
	buf_init(&t->reply, PAPERCALL_REPLY);
}

void
ticket_clear(struct ticket *t)
{
	stationery_free(t->paper);
	register_free(t->letter);
	letterhead_free(t->head);
	buf_clear(&t->address);
	buf_clear(&t->logo);
	buf_clear(&t->document);
	buf_clear(&t->reply);
}

static bool
fail(const struct ticket *t, const char *what, const char *why)
{
	(void)cli_fail("%s: %s: %s", t->verb, what, why);
	return false;
}

/* --- what goes in --- */

/* RC_ABSENT, silently: there is no such file. */
static enum rc
read_file(struct buf *b, const char *path, size_t max)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	enum rc rc;

	if (fd == -1)
		return errno == ENOENT ? RC_ABSENT : RC_IO;
	buf_clear(b);
	rc = io_slurp(fd, max, b);
	io_close(&fd);
	return rc;
}

static bool
take_file(struct ticket *t, enum paper_part part, const char *path, size_t max)
{
	struct buf *b = part == PAPER_LOGO ? &t->logo : &t->document;
	enum rc rc = read_file(b, path, max);

	t->job.part[part] = (struct paper_octets){b->p, b->len};
	if (rc == RC_IO || rc == RC_ABSENT)
		return fail(t, path, strerrordesc_np(errno));
	return rc == RC_OK || fail(t, path, rc_str(rc));
}

/* A page's number; 0: none. */
static uint32_t
page_number(const char *s, char **end)
{
	unsigned long v = *s >= '0' && *s <= '9' ? strtoul(s, end, 10) : 0;

	return v > 0 && v < PAPER_LAST ? (uint32_t)v : 0;
}

bool
ticket_pages(const char *which, uint32_t *from, uint32_t *to)
{
	char *end = NULL;

	*from = 1;
	*to = PAPER_LAST;
	if (strcmp(which, "all") == 0)
		return true;
	if (strcmp(which, "first") == 0)
		*to = 1;
	else if (strcmp(which, "last") == 0)
		*from = PAPER_LAST;
	else {
		if ((*from = *to = page_number(which, &end)) == 0)
			return false;
		if (*end == '-' && (*to = page_number(end + 1, &end)) == 0)
			return false;
		return *end == '\0' && *from <= *to;
	}
	return true;
}

bool
ticket_document(struct ticket *t, const char *path)
{
	return take_file(t, PAPER_DOCUMENT, path, CAP_UPLOAD);
}

static bool
get_paper(struct ticket *t)
{
	char dir[PATH_MAX], why[PATH_MAX + 128];

	if (home_path(PAPER, dir, sizeof(dir)) == NULL)
		return fail(t, PAPER, "the program's folder is not known");
	return stationery_load(&t->paper, dir, why, sizeof(why)) == RC_OK || fail(t, dir, why);
}

bool
ticket_setting(
    const struct ticket *t, const char *file, const char *heading, const char *key, struct buf *out)
{
	char path[PATH_MAX], *rest, *k, *value;
	enum conf_kind kind;
	bool here = false, found = false;
	struct buf all;

	buf_init(&all, CONF_MAX);
	if (home_path(file, path, sizeof(path)) == NULL ||
	    read_file(&all, path, CONF_MAX - 1) != RC_OK) {
		buf_clear(&all);
		return fail(t, file, "can't be read");
	}
	buf_u8(&all, '\0');
	rest = (char *)all.p;
	while (!found && buf_rc(&all) == RC_OK && (kind = conf_next(&rest, &k, &value)) != CONF_END)
		if (kind == CONF_HEADING)
			here = strcmp(k, heading) == 0;
		else if (kind == CONF_PAIR && here && strcmp(k, key) == 0) {
			buf_str(out, value);
			found = true;
		}
	buf_clear(&all);
	if (!found)
		(void)cli_fail("%s: %s has no [%s]", t->verb, file, heading);
	return found;
}

bool
ticket_option(struct ticket *t, int option, const char *value)
{
	static const char letters[] = "uipwalmo";
	const char **const values[] = {&t->url, &t->id, &t->public_url, &t->wording, &t->agency,
	    &t->logo_file, &t->model, &t->out};
	const char *at = strchr(letters, option);

	if (at == NULL || option == '\0')
		return false;
	*values[at - letters] = value;
	return true;
}

/* The given logo, in place of another; or which template or wording is not there. */
static bool
settle(struct ticket *t, enum rc rc)
{
	if (rc == RC_OK)
		return t->logo_file == NULL ||
		       take_file(t, PAPER_LOGO, t->logo_file, CAP_PAPER_LOGO);
	if (t->wording != NULL && stationery_find(t->paper, t->wording) == NULL)
		return fail(t, t->wording, "no such wording in " PAPER);
	return fail(t, t->model != NULL ? t->model : PAPER, "no such template in " PAPER);
}

bool
ticket_footer(struct ticket *t)
{
	struct stationery_footer f = {.model = t->model, .wording = t->wording, .logo = true};

	if (!get_paper(t) || !ticket_letter(t) || !ticket_address(t))
		return false;
	f.address = buf_text(&t->address);
	f.id = t->id;
	f.agency_name = ticket_agency(t);
	f.head = t->head;
	return settle(t, stationery_footer(t->paper, &f, &t->job));
}

bool
ticket_specimen(struct ticket *t, const struct register_signer *signer, size_t n)
{
	struct register_signer who = *signer;

	if (!get_paper(t) || !ticket_letter(t))
		return false;
	if (t->letter != NULL) {
		if (n > t->letter->content.nsigners)
			return fail(t, t->id, "it has no such signer");
		if (who.title == NULL)
			who.title = t->letter->content.signers[n - 1].title;
		if (who.name == NULL)
			who.name = t->letter->content.signers[n - 1].name;
		if (who.rank == NULL)
			who.rank = t->letter->content.signers[n - 1].rank;
	}
	return settle(t, stationery_specimen(t->paper, t->model, &who, t->bare, t->head, &t->job));
}

bool
ticket_format(struct ticket *t, const char *name)
{
	static const char *const names[PAPER_FORMATS] = {"png", "svg", "pdf"};
	int i;

	for (i = 0; i < PAPER_FORMATS; i++)
		if (strcmp(name, names[i]) == 0) {
			t->job.format = (enum paper_format)i;
			return true;
		}
	(void)cli_usage(t->verb, "%s: format '%s' is none of png, svg, pdf", t->verb, name);
	return false;
}

bool
ticket_dpi(struct ticket *t, const char *text)
{
	char *end;
	unsigned long v = strtoul(text, &end, 10);

	if (*text < '0' || *text > '9' || *end != '\0' || v < 72 || v > 1200) {
		(void)cli_usage(t->verb, "%s: --dpi is a number from 72 to 1200", t->verb);
		return false;
	}
	t->job.dpi = (uint32_t)v;
	return true;
}

/* --- who does it --- */

static void
become(const char *path, int job, int reply)
{
	char *argv[] = {(char[]){"periksa-paper"}, NULL};

	if (dup2(job, STDIN_FILENO) != -1 && dup2(reply, STDOUT_FILENO) != -1)
		(void)execv(path, argv);
	_exit(127);
}

/* All that it says; it has read the whole job before it says anything. */
static enum rc
talk(struct ticket *t, int *job, int reply)
{
	struct buf wire;
	enum rc rc;

	buf_init(&wire, CAP_PAPER_JOB);
	paper_job_encode(&wire, &t->job);
	if ((rc = buf_rc(&wire)) == RC_OK)
		rc = io_write_full(*job, wire.p, wire.len);
	buf_clear(&wire);
	io_close(job);
	if (rc != RC_OK)
		return rc;
	if ((rc = io_slurp(reply, PAPERCALL_REPLY, &t->reply)) == RC_OK)
		rc = paper_answer_decode(&t->answer, t->reply.p, t->reply.len);
	return rc;
}

static enum rc
employ(struct ticket *t)
{
	char path[PATH_MAX];
	int job[2] = {-1, -1}, reply[2] = {-1, -1};
	enum rc rc = RC_IO;
	pid_t pid = -1;

	if (home_built("periksa-paper", path, sizeof(path)) == NULL)
		return RC_ABSENT;
	if (pipe2(job, O_CLOEXEC) == -1 || pipe2(reply, O_CLOEXEC) == -1 || (pid = fork()) == -1)
		goto out;
	if (pid == 0)
		become(path, job[0], reply[1]);
	io_close(&job[0]);
	io_close(&reply[1]);
	rc = talk(t, &job[1], reply[0]);
out:
	io_close(&job[0]);
	io_close(&job[1]);
	io_close(&reply[0]);
	io_close(&reply[1]);
	if (pid > 0)
		while (waitpid(pid, NULL, 0) == -1 && errno == EINTR)
			;
	return rc;
}

static void
say_notes(const struct ticket *t)
{
	static const char *const notes[] = {
	    "the QR could not be read with the logo in it: it has none",
	    "the footer's fonts are embedded, the rest is as it was; have it checked",
	    "the file was made for fast web view and no longer is",
	    "on some pages the footer is smaller than designed: there was no more room",
	    "there are more pages or QRs than are looked at",
	};
	uint32_t note;
	size_t i;

	for (i = 0; i < sizeof(notes) / sizeof(notes[0]); i++)
		if (((note = 1u << i) & t->answer.notes) != 0)
			(void)cli_fail("%s: note: %s%s%s", t->verb,
			    note == PAPER_NOTE_PDFA ? t->answer.detail : "",
			    note == PAPER_NOTE_PDFA ? ": " : "", notes[i]);
}

bool
ticket_run(struct ticket *t)
{
	void (*before)(int) = signal(SIGPIPE, SIG_IGN);
	const struct paper_answer *a = &t->answer;
	enum rc rc = employ(t);

	(void)signal(SIGPIPE, before);
	if (rc == RC_ABSENT)
		return fail(t, "periksa-paper", "not installed beside periksa");
	if (rc != RC_OK)
		return fail(t, "periksa-paper", "gave no answer");
	if (a->code != PAPER_OK) {
		(void)cli_fail("%s: %s%s%s (%s)", t->verb, paper_code_text(a->code),
		    a->detail[0] != '\0' ? ": " : "", a->detail, paper_code_name(a->code));
		return false;
	}
	say_notes(t);
	return true;
}

/* --- what comes out --- */

bool
ticket_save(struct ticket *t)
{
	const struct paper_octets *o = &t->answer.out;
	char path[PATH_MAX];
	mode_t mask;
	enum rc rc;
	int fd;

	if (strcmp(t->out, "-") == 0)
		return io_write_full(STDOUT_FILENO, o->p, o->len) == RC_OK ||
		       fail(t, "standard output", strerrordesc_np(errno));
	if (snprintf(path, sizeof(path), "%s.XXXXXX", t->out) >= (int)sizeof(path))
		return fail(t, t->out, "name too long");
	if ((fd = mkostemp(path, O_CLOEXEC)) == -1)
		return fail(t, t->out, strerrordesc_np(errno));
	mask = umask(0);
	(void)umask(mask);
	rc = io_write_full(fd, o->p, o->len);
	if (rc == RC_OK && (fchmod(fd, 0666 & ~mask) == -1 || rename(path, t->out) == -1))
		rc = RC_IO;
	io_close(&fd);
	if (rc == RC_OK)
		return true;
	(void)fail(t, t->out, strerrordesc_np(errno));
	(void)unlink(path);
	return false;
}
