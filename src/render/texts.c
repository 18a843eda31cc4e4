/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A strict reader of the part of gettext's .po format that our own files use.
 * It reads files of the installation, never of a visitor.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "buf.h"
#include "texts.h"

#define TEXTS_MAX (1u << 20) /* one language: a hundred times what there is */

struct entry {
	const char *key, *text;
};

struct texts {
	struct arena *arena;
	struct entry *v;
	size_t n, cap;
};

/* What is being read. */
struct reader {
	struct texts *t;
	struct buf id, str;
	struct buf *into; /* which of the two a continuation line belongs to */
	unsigned line;
	char *why;
	size_t why_len;
};

static enum rc wrong(struct reader *r, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static enum rc
wrong(struct reader *r, const char *fmt, ...)
{
	char text[128];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	snprintf(r->why, r->why_len, "line %u: %s", r->line, text);
	return RC_FORMAT;
}

/* "…" with nothing behind it, appended to r->into. */
static enum rc
quoted(struct reader *r, const char *s)
{
	if (r->into == NULL || *s++ != '"')
		return wrong(r, "a quoted text is expected");
	for (; *s != '"'; s++) {
		if (*s == '\0')
			return wrong(r, "the quoted text does not end");
		if (*s != '\\') {
			buf_u8(r->into, (uint8_t)*s);
			continue;
		}
		switch (*++s) {
		case 'n':
			buf_u8(r->into, '\n');
			break;
		case 't':
			buf_u8(r->into, '\t');
			break;
		case '"':
		case '\\':
			buf_u8(r->into, (uint8_t)*s);
			break;
		default:
			return wrong(r, "unknown escape");
		}
	}
	return s[1] == '\0' ? RC_OK : wrong(r, "something follows the text");
}

/* The pair that has been read so far becomes an entry. */
static enum rc
finish(struct reader *r)
{
	struct texts *t = r->t;
	const char *id = buf_text(&r->id), *str = buf_text(&r->str);
	struct entry e;

	if (r->into == NULL)
		return RC_OK;
	if (r->into == &r->id)
		return wrong(r, "msgid without msgstr");
	r->into = NULL;
	if (*id == '\0') /* gettext's header */
		return RC_OK;
	if (*str == '\0')
		return wrong(r, "%s has no text", id);
	e.key = arena_str(t->arena, id, strlen(id));
	e.text = arena_str(t->arena, str, strlen(str));
	if (e.key == NULL || e.text == NULL ||
	    arena_grow(t->arena, &t->v, t->n, &t->cap, sizeof(*t->v)) != RC_OK)
		return RC_NOMEM;
	t->v[t->n++] = e;
	return RC_OK;
}

static enum rc
take_line(struct reader *r, const char *s)
{
	enum rc rc;

	if (*s == '\0' || *s == '#')
		return RC_OK;
	if (*s == '"')
		return quoted(r, s);
	if (strncmp(s, "msgid ", 6) == 0) {
		if ((rc = finish(r)) != RC_OK)
			return rc;
		buf_clear(&r->id);
		buf_clear(&r->str);
		r->into = &r->id;
		return quoted(r, s + 6);
	}
	if (strncmp(s, "msgstr ", 7) == 0 && r->into == &r->id) {
		r->into = &r->str;
		return quoted(r, s + 7);
	}
	return wrong(r, "not a line of a .po file");
}

static int
by_key(const void *a, const void *b)
{
	return strcmp(((const struct entry *)a)->key, ((const struct entry *)b)->key);
}

static enum rc
read_lines(struct reader *r, FILE *f)
{
	char *line = NULL;
	size_t cap = 0, i;
	ssize_t n;
	enum rc rc = RC_OK;

	while (rc == RC_OK && (n = getline(&line, &cap, f)) != -1) {
		r->line++;
		while (n > 0 && (line[n - 1] == '\n' || line[n - 1] == '\r'))
			line[--n] = '\0';
		rc = strlen(line) == (size_t)n ? take_line(r, line) : wrong(r, "a NUL byte");
	}
	free(line);
	if (rc == RC_OK && ferror(f))
		rc = RC_IO;
	if (rc == RC_OK)
		rc = finish(r);
	if (rc == RC_OK && (buf_rc(&r->id) != RC_OK || buf_rc(&r->str) != RC_OK))
		rc = RC_NOMEM;
	if (rc != RC_OK)
		return rc;
	if (r->t->n > 0)
		qsort(r->t->v, r->t->n, sizeof(*r->t->v), by_key);
	for (i = 1; i < r->t->n; i++)
		if (strcmp(r->t->v[i - 1].key, r->t->v[i].key) == 0)
			return wrong(r, "%s is there twice", r->t->v[i].key);
	return RC_OK;
}

enum rc
texts_load(struct texts **out, const char *path, char *why, size_t why_len)
{
	struct reader r = {.why = why, .why_len = why_len};
	FILE *f = NULL;
	enum rc rc = RC_NOMEM;

	snprintf(why, why_len, "no memory");
	buf_init(&r.id, TEXTS_MAX);
	buf_init(&r.str, TEXTS_MAX);
	if ((r.t = *out) == NULL && ((r.t = calloc(1, sizeof(*r.t))) == NULL ||
					(r.t->arena = arena_new(TEXTS_MAX)) == NULL))
		goto out;
	if ((f = fopen(path, "re")) == NULL) {
		snprintf(why, why_len, "%s: %m", path);
		rc = RC_IO;
		goto out;
	}
	if ((rc = read_lines(&r, f)) != RC_OK)
		goto out;
	*out = r.t;
out:
	if (f != NULL)
		fclose(f);
	buf_clear(&r.id);
	buf_clear(&r.str);
	if (*out != r.t)
		texts_free(r.t);
	return rc;
}

void
texts_free(struct texts *t)
{
	if (t == NULL)
		return;
	arena_free(t->arena);
	free(t);
}

const char *
texts_get(const struct texts *t, const char *key)
{
	const struct entry want = {.key = key}, *e = NULL;

	if (t->n > 0)
		e = bsearch(&want, t->v, t->n, sizeof(*t->v), by_key);
	return e != NULL ? e->text : NULL;
}

const char *
texts_missing(const struct texts *a, const struct texts *b)
{
	size_t i;

	for (i = 0; i < a->n; i++)
		if (texts_get(b, a->v[i].key) == NULL)
			return a->v[i].key;
	return NULL;
}
