/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Updates of any PDF.  Objects are written again from what the reader understood, with
 * the values that were set in their places; everything else stays byte for byte.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "paper.h"

#define PAPER_MAX (64u << 20)

static void
fail(struct paper *p, const char *what)
{
	fprintf(stderr, "# paper: %s\n", what);
	maker_fail(p->l->m, RC_ABSENT);
}

/* --- reading --- */

static void
read_again(struct paper *p)
{
	struct letter *l = p->l;
	struct sight_file file;

	sight_close(p->sight);
	p->sight = NULL;
	if (letter_rc(l) != RC_OK)
		return;
	/* a forger's update may not read: nothing can be done after it, then */
	p->sight = sight_open(l->out.p, l->out.len, &file);
	l->size = file.size;
	l->startxref = file.startxref;
	l->form = file.streams ? LETTER_STREAM : LETTER_CLASSIC;
	l->pad_len = 0;
	p->pages = file.pages;
}

void
paper_open(struct paper *p, struct letter *l)
{
	memset(p, 0, sizeof(*p));
	p->l = l;
	read_again(p);
	if (p->sight == NULL)
		fail(p, "does not read");
}

void
paper_close(struct paper *p)
{
	sight_close(p->sight);
	p->sight = NULL;
}

void
paper_load(struct letter *l, struct maker *m, const void *bytes, size_t len)
{
	memset(l, 0, sizeof(*l));
	l->m = m;
	buf_init(&l->out, PAPER_MAX);
	buf_put(&l->out, bytes, len);
}

void
paper_file(struct letter *l, struct maker *m, const char *path)
{
	FILE *f = fopen(path, "rbe");
	uint8_t chunk[65536];
	size_t n;

	paper_load(l, m, "", 0);
	while (f != NULL && (n = fread(chunk, 1, sizeof(chunk), f)) > 0)
		buf_put(&l->out, chunk, n);
	if (f == NULL || l->out.len == 0) {
		fprintf(stderr, "# paper: can't read %s\n", path);
		maker_fail(m, RC_ABSENT);
	}
	if (f != NULL)
		fclose(f);
}

/* --- updates --- */

void
paper_update(struct paper *p)
{
	p->nsets = 0;
	letter_update(p->l);
}

unsigned
paper_put(struct paper *p, unsigned num, const char *text)
{
	num = letter_put(p->l, num);
	buf_str(&p->l->out, text);
	letter_done(p->l);
	return num;
}

unsigned
paper_put_stream(struct paper *p, unsigned num, const char *keys, const void *data, size_t len)
{
	num = letter_put(p->l, num);
	buf_printf(&p->l->out, "<< %s /Length %zu >>\nstream\n", keys, len);
	buf_put(&p->l->out, data, len);
	buf_str(&p->l->out, "\nendstream");
	letter_done(p->l);
	return num;
}

static void
set(struct paper *p, const char *path, const char *text)
{
	const char *inside;
	struct sight_set *out;

	if (p->nsets == PAPER_SETS || p->sight == NULL) {
		fail(p, path);
		return;
	}
	out = &p->sets[p->nsets++];
	out->holder = sight_holder(p->sight, path, &inside);
	out->path = arena_printf(p->l->m->arena, "%s", inside);
	out->text = text != NULL ? arena_printf(p->l->m->arena, "%s", text) : NULL;
	if (out->path == NULL)
		maker_fail(p->l->m, RC_NOMEM);
}

void
paper_set(struct paper *p, const char *path, const char *fmt, ...)
{
	va_list ap;
	char *text = NULL;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (n < 0)
		maker_fail(p->l->m, RC_NOMEM);
	else
		set(p, path, text);
	free(text);
}

void
paper_unset(struct paper *p, const char *path)
{
	set(p, path, NULL);
}

static void
put_again(struct paper *p, unsigned number)
{
	char path[16];

	snprintf(path, sizeof(path), "#%u", number);
	letter_put(p->l, number);
	if (!sight_write(p->sight, &p->l->out, path, p->sets, p->nsets))
		fail(p, path);
	letter_done(p->l);
}

/* The trailer's own keys, with what was set in it. */
static const char *
trailer(struct paper *p)
{
	static const char *const keys[] = {"Root", "Info", "ID", "Encrypt"};
	struct buf b, value;
	const char *out;
	size_t i;

	buf_init(&b, 1u << 20);
	buf_init(&value, 1u << 20);
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		value.len = 0;
		if (sight_write(p->sight, &value, keys[i], p->sets, p->nsets))
			buf_printf(&b, "/%s %s ", keys[i], buf_text(&value));
	}
	out = arena_printf(p->l->m->arena, "%s", buf_text(&b));
	buf_clear(&b);
	buf_clear(&value);
	return out;
}

static int
by_place(const void *a, const void *b)
{
	const struct letter_entry *x = a, *y = b;

	return (x->at > y->at) - (x->at < y->at);
}

/* The value in the text of an object, and whether an object stream may hold it. */
static bool
value_of(const uint8_t *text, size_t len, const uint8_t **value, size_t *value_len)
{
	static const char end[] = "\nendobj\n";
	const uint8_t *obj = memmem(text, len, " obj\n", 5);

	if (obj == NULL || len < sizeof(end))
		return false;
	*value = obj + 5;
	*value_len = len - (size_t)(*value - text) - (sizeof(end) - 1);
	return memmem(*value, *value_len, "/ByteRange", 10) == NULL &&
	       memmem(*value, *value_len, "endstream", 9) == NULL;
}

/* Objects of the update that are no streams and no signatures, into an object stream. */
static void
pack(struct paper *p)
{
	struct letter *l = p->l;
	struct letter_entry *e = l->entries;
	size_t n = l->nentries, i, len, value_len, end = l->out.len;
	struct buf plain, index, data;
	const uint8_t *value;
	unsigned container = l->size++, packed = 0;
	char keys[64];

	buf_init(&plain, PAPER_MAX);
	buf_init(&index, PAPER_MAX);
	buf_init(&data, PAPER_MAX);
	qsort(e, n, sizeof(*e), by_place);
	for (i = 0; i < n; i++) {
		if (e[i].free)
			continue;
		len = (i + 1 < n ? (size_t)e[i + 1].at : end) - (size_t)e[i].at;
		if (value_of(l->out.p + e[i].at, len, &value, &value_len)) {
			buf_printf(&index, "%u %zu ", e[i].number, data.len);
			buf_put(&data, value, value_len);
			buf_u8(&data, '\n');
			e[i].container = container;
			e[i].at = packed++;
		} else {
			buf_put(&plain, l->out.p + e[i].at, len);
			e[i].at = l->update_at + plain.len - len;
		}
	}
	l->out.len = l->update_at;
	buf_put(&l->out, plain.p, plain.len);
	snprintf(keys, sizeof(keys), "/Type /ObjStm /N %u /First %zu", packed, index.len);
	buf_put(&index, data.p, data.len);
	paper_put_stream(p, container, keys, index.p, index.len);
	buf_clear(&plain);
	buf_clear(&index);
	buf_clear(&data);
}

void
paper_update_end(struct paper *p)
{
	size_t i, k;

	if (letter_rc(p->l) != RC_OK || p->sight == NULL)
		return;
	for (i = 0; i < p->nsets; i++) {
		for (k = 0; k < i && p->sets[k].holder != p->sets[i].holder; k++)
			;
		if (k == i && p->sets[i].holder > 0)
			put_again(p, p->sets[i].holder);
	}
	if (p->style & PAPER_PACKED && p->l->form == LETTER_STREAM && p->l->nentries > 0)
		pack(p);
	p->l->trailer = trailer(p);
	letter_update_end(p->l);
	p->nsets = 0;
	read_again(p);
}
