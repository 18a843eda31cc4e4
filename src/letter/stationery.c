/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Files that an administrator may change, so what is wrong with them is told by name.  What a
 * template means, and whether a text fits in it, only periksa-paper knows.
 */
#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "caps.h"
#include "conf.h"
#include "io.h"
#include "match.h"
#include "stationery.h"

#define WORDING  "F1"
#define FOOTER   "footer"
#define SPECIMEN "specimen"
#define LONGEST  64 /* characters of a template's or a wording's name */

struct model {
	const char *name;
	struct paper_octets svg;
};

struct stationery {
	struct arena *arena;
	struct model templates[CAP_TEMPLATES];
	size_t ntemplates;
	struct stationery_wording wordings[CAP_WORDINGS];
	size_t nwordings;
	struct paper_octets logo; /* the house's; empty: none */
};

/* What is wrong with which file. */
struct reader {
	struct stationery *s;
	const char *dir;
	char *why;
	size_t why_len;
};

static enum rc
wrong(const struct reader *r, enum rc rc, const char *file, const char *what)
{
	(void)snprintf(r->why, r->why_len, "%s/%s: %s", r->dir, file, what);
	return rc;
}

/* --- files --- */

/* In the arena, with a NUL behind it.  RC_ABSENT: there is no such file, nothing is said. */
static enum rc
read_file(const struct reader *r, const char *file, size_t max, struct paper_octets *out)
{
	char path[PATH_MAX];
	struct stat st;
	uint8_t *p = NULL;
	enum rc rc;
	int fd;

	*out = (struct paper_octets){NULL, 0};
	if (snprintf(path, sizeof(path), "%s/%s", r->dir, file) >= (int)sizeof(path))
		return wrong(r, RC_TOOBIG, file, "its name is too long");
	if ((fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)) == -1)
		return errno == ENOENT ? RC_ABSENT : wrong(r, RC_IO, file, strerrordesc_np(errno));
	if (fstat(fd, &st) == -1)
		rc = wrong(r, RC_IO, file, strerrordesc_np(errno));
	else if (!S_ISREG(st.st_mode))
		rc = wrong(r, RC_FORMAT, file, "no file");
	else if (st.st_size < 0 || (uintmax_t)st.st_size > max)
		rc = wrong(r, RC_TOOBIG, file, rc_str(RC_TOOBIG));
	else if ((p = arena_alloc(r->s->arena, (size_t)st.st_size + 1)) == NULL)
		rc = wrong(r, RC_NOMEM, file, rc_str(RC_NOMEM));
	else if ((rc = io_read_full(fd, p, (size_t)st.st_size)) != RC_OK)
		rc = wrong(r, rc, file, rc == RC_IO ? strerrordesc_np(errno) : rc_str(rc));
	else
		*out = (struct paper_octets){p, (size_t)st.st_size};
	io_close(&fd);
	return rc;
}

/* Letters, digits and hyphens: a name that leads to no other folder. */
static bool
is_name(const char *s, size_t len)
{
	return len > 0 && len <= LONGEST &&
	       strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-") >= len;
}

static enum rc
read_logo(const struct reader *r)
{
	static const char *const names[] = {"logo.svg", "logo.png"};
	enum rc rc = RC_ABSENT;
	size_t i;

	for (i = 0; rc == RC_ABSENT && i < sizeof(names) / sizeof(names[0]); i++)
		rc = read_file(r, names[i], CAP_PAPER_LOGO, &r->s->logo);
	return rc == RC_ABSENT ? RC_OK : rc;
}

/* --- templates --- */

static enum rc
add_template(const struct reader *r, const char *file)
{
	struct stationery *s = r->s;
	size_t len = strlen(file);
	enum rc rc;

	if (len < 5 || strcmp(file + len - 4, ".svg") != 0 || strcmp(file, "logo.svg") == 0)
		return RC_OK;
	if (!is_name(file, len - 4))
		return wrong(r, RC_FORMAT, file, "a template's name is letters, digits and -");
	if (s->ntemplates == CAP_TEMPLATES)
		return wrong(r, RC_TOOBIG, file, "too many templates");
	rc = read_file(r, file, CAP_PAPER_TEMPLATE, &s->templates[s->ntemplates].svg);
	if (rc == RC_ABSENT)
		return wrong(r, RC_IO, file, strerrordesc_np(ENOENT));
	if (rc != RC_OK)
		return rc;
	s->templates[s->ntemplates].name = arena_str(s->arena, file, len - 4);
	if (s->templates[s->ntemplates].name == NULL)
		return wrong(r, RC_NOMEM, file, rc_str(RC_NOMEM));
	s->ntemplates++;
	return RC_OK;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(((const struct model *)a)->name, ((const struct model *)b)->name);
}

static enum rc
read_templates(const struct reader *r)
{
	DIR *d = opendir(r->dir);
	const struct dirent *e;
	enum rc rc = RC_OK;

	if (d == NULL)
		return wrong(r, RC_IO, "", strerrordesc_np(errno));
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): a stream of our own */
	while (rc == RC_OK && (e = readdir(d)) != NULL)
		rc = add_template(r, e->d_name);
	closedir(d);
	qsort(r->s->templates, r->s->ntemplates, sizeof(r->s->templates[0]), by_name);
	return rc;
}

static const struct model *
find_template(const struct stationery *s, const char *name)
{
	size_t i;

	for (i = 0; i < s->ntemplates; i++)
		if (strcmp(s->templates[i].name, name) == 0)
			return &s->templates[i];
	return NULL;
}

const char *
stationery_template(const struct stationery *s, const char *prefix, size_t n)
{
	size_t i, len = strlen(prefix);

	for (i = 0; i < s->ntemplates; i++)
		if (strncmp(s->templates[i].name, prefix, len) == 0 && n-- == 0)
			return s->templates[i].name;
	return NULL;
}

/* --- wordings --- */

#define CONF "wordings.conf"

static enum rc
add_wording(const struct reader *r, const char *name)
{
	struct stationery *s = r->s;

	if (!is_name(name, strlen(name)))
		return wrong(r, RC_FORMAT, CONF, "a wording's name is letters, digits and -");
	if (stationery_find(s, name) != NULL)
		return wrong(r, RC_FORMAT, CONF, "two wordings of one name");
	if (s->nwordings == CAP_WORDINGS)
		return wrong(r, RC_TOOBIG, CONF, "too many wordings");
	s->wordings[s->nwordings++] = (struct stationery_wording){name, "", "", "", "", ""};
	return RC_OK;
}

static enum rc
set_wording(const struct reader *r, const char *key, const char *value)
{
	struct stationery_wording *w;

	if (r->s->nwordings == 0)
		return wrong(r, RC_FORMAT, CONF, "a line before the first [name]");
	w = &r->s->wordings[r->s->nwordings - 1];
	if (strlen(value) > CAP_PAPER_TEXT)
		return wrong(r, RC_TOOBIG, CONF, "a text is too long");
	if (strcmp(key, "text") == 0)
		w->text = value;
	else if (strcmp(key, "source") == 0)
		w->source = value;
	else if (strcmp(key, "note") == 0)
		w->note = value;
	else if (strcmp(key, "sumber") == 0)
		w->sumber = value;
	else if (strcmp(key, "catatan") == 0)
		w->catatan = value;
	else
		return wrong(r, RC_FORMAT, CONF,
		    "a key that is none of text, source, note, sumber, catatan");
	return RC_OK;
}

static enum rc
read_wordings(const struct reader *r)
{
	struct paper_octets all;
	char *rest, *key, *value;
	enum conf_kind kind;
	enum rc rc = read_file(r, CONF, CAP_WORDINGS_CONF, &all);
	size_t i;

	if (rc == RC_ABSENT)
		return wrong(r, RC_IO, CONF, strerrordesc_np(ENOENT));
	if (rc != RC_OK)
		return rc;
	/* With a NUL behind it; texts stay in it. */
	if ((rest = arena_str(r->s->arena, (const char *)all.p, all.len)) == NULL)
		return wrong(r, RC_NOMEM, CONF, rc_str(RC_NOMEM));
	while (rc == RC_OK && (kind = conf_next(&rest, &key, &value)) != CONF_END) {
		if (kind == CONF_HEADING)
			rc = add_wording(r, key);
		else if (kind == CONF_PAIR)
			rc = set_wording(r, key, value);
		else
			rc = wrong(
			    r, RC_FORMAT, CONF, "a line that is neither [name] nor key = value");
	}
	for (i = 0; rc == RC_OK && i < r->s->nwordings; i++)
		if (*r->s->wordings[i].text == '\0')
			rc = wrong(r, RC_FORMAT, CONF, "a wording without text");
	if (rc == RC_OK && stationery_find(r->s, WORDING) == NULL)
		rc = wrong(r, RC_FORMAT, CONF, "no [" WORDING "], which is the default");
	return rc;
}

const struct stationery_wording *
stationery_wording(const struct stationery *s, size_t n)
{
	return n < s->nwordings ? &s->wordings[n] : NULL;
}

const struct stationery_wording *
stationery_find(const struct stationery *s, const char *name)
{
	size_t i;

	for (i = 0; i < s->nwordings; i++)
		if (strcmp(s->wordings[i].name, name) == 0)
			return &s->wordings[i];
	return NULL;
}

static const char *
either(const char *wanted, const char *other)
{
	return *wanted != '\0' ? wanted : other;
}

const char *
stationery_source(const struct stationery_wording *w, bool english)
{
	return english ? either(w->source, w->sumber) : either(w->sumber, w->source);
}

const char *
stationery_note(const struct stationery_wording *w, bool english)
{
	return english ? either(w->note, w->catatan) : either(w->catatan, w->note);
}

/* --- all of it --- */

enum rc
stationery_load(struct stationery **out, const char *dir, char *why, size_t why_len)
{
	struct reader r = {.dir = dir, .why = why, .why_len = why_len};
	enum rc rc = RC_NOMEM;

	*out = NULL;
	(void)snprintf(why, why_len, "%s", rc_str(rc));
	if ((r.s = calloc(1, sizeof(*r.s))) == NULL ||
	    (r.s->arena = arena_new(CAP_STATIONERY)) == NULL)
		goto out;
	if ((rc = read_templates(&r)) == RC_OK && (rc = read_wordings(&r)) == RC_OK &&
	    (rc = read_logo(&r)) == RC_OK &&
	    (find_template(r.s, FOOTER) == NULL || find_template(r.s, SPECIMEN) == NULL))
		rc = wrong(&r, RC_FORMAT, FOOTER ".svg, " SPECIMEN ".svg", "one is missing");
out:
	if (rc != RC_OK) {
		stationery_free(r.s);
		return rc;
	}
	*out = r.s;
	return RC_OK;
}

void
stationery_free(struct stationery *s)
{
	if (s != NULL)
		arena_free(s->arena);
	free(s);
}

/* --- what goes into a job --- */

/* An http(s) URL that a path can be put behind: what RFC 3986 lets stand in host and path. */
static bool
can_lead(const char *s)
{
	size_t at = strncmp(s, "https://", 8) == 0 ? 8 : strncmp(s, "http://", 7) == 0 ? 7 : 0;

	return at > 0 && s[at] != '\0' && s[at] != '/' && s[at] != ':' &&
	       s[strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
			   "-._~:/[]@!$&'()*+,;=%")] == '\0';
}

bool
stationery_address(struct buf *b, const char *public_url, const char *id)
{
	size_t len = strlen(public_url);

	if (!can_lead(public_url) || !is_name(id, strlen(id)))
		return false;
	while (public_url[len - 1] == '/')
		len--;
	if (len > CAP_PAPER_ADDRESS || strlen(id) + 3 > CAP_PAPER_ADDRESS - len)
		return false;
	buf_put(b, public_url, len);
	buf_str(b, "/d/");
	buf_str(b, id);
	return buf_rc(b) == RC_OK;
}

static void
say(struct paper_job *job, enum paper_part part, const char *text)
{
	if (text == NULL)
		text = "";
	job->part[part] = (struct paper_octets){(const uint8_t *)text, strlen(text)};
}

static enum rc
use_template(const struct stationery *s, const char *name, struct paper_job *job)
{
	const struct model *t = find_template(s, name);

	if (t == NULL)
		return RC_ABSENT;
	job->part[PAPER_TEMPLATE] = t->svg;
	return RC_OK;
}

/* The agency's, else the house's. */
static void
use_logo(const struct stationery *s, const struct letterhead *head, struct paper_job *job)
{
	job->part[PAPER_LOGO] = s->logo;
	if (head != NULL && head->logo != NULL && head->logo_len > 0)
		job->part[PAPER_LOGO] = (struct paper_octets){head->logo, head->logo_len};
}

static enum rc
use_wording(const struct stationery *s, const struct stationery_footer *f, struct paper_job *job)
{
	const struct stationery_wording *w;
	const char *name = WORDING;

	if (f->text != NULL && *f->text != '\0') {
		say(job, PAPER_WORDING, f->text);
		return RC_OK;
	}
	if (f->wording != NULL)
		name = f->wording;
	else if (f->head != NULL && *f->head->wording != '\0')
		name = f->head->wording;
	else if (f->head != NULL && *f->head->text != '\0') {
		say(job, PAPER_WORDING, f->head->text);
		return RC_OK;
	}
	if ((w = stationery_find(s, name)) == NULL)
		return RC_ABSENT;
	say(job, PAPER_WORDING, w->text);
	return RC_OK;
}

/* An agency that was never named has its code for a name: no line for readers of letters. */
static bool
is_named(const struct stationery_footer *f)
{
	return f->agency_name != NULL && (f->head == NULL || f->head->code == NULL ||
					     strcmp(f->head->code, f->agency_name) != 0);
}

enum rc
stationery_footer(
    const struct stationery *s, const struct stationery_footer *f, struct paper_job *job)
{
	if (use_template(s, f->model != NULL ? f->model : FOOTER, job) != RC_OK ||
	    use_wording(s, f, job) != RC_OK)
		return RC_ABSENT;
	say(job, PAPER_ADDRESS, f->address);
	say(job, PAPER_ID, f->id);
	say(job, PAPER_AGENCY, is_named(f) ? f->agency_name : NULL);
	job->part[PAPER_LOGO] = (struct paper_octets){NULL, 0};
	if (f->logo)
		use_logo(s, f->head, job);
	return RC_OK;
}

enum rc
stationery_specimen(const struct stationery *s, const char *model,
    const struct register_signer *signer, bool bare, const struct letterhead *head,
    struct paper_job *job)
{
	struct paper_octets *name = &job->part[PAPER_NAME];
	size_t from;

	if (use_template(s, model != NULL ? model : SPECIMEN, job) != RC_OK)
		return RC_ABSENT;
	say(job, PAPER_TITLE, signer->title);
	say(job, PAPER_NAME, signer->name);
	if (bare && name->p != NULL) {
		name->len = match_bare(signer->name, name->len, &from);
		name->p += from;
	}
	say(job, PAPER_RANK, signer->rank);
	use_logo(s, head, job);
	return RC_OK;
}
