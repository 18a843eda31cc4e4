/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Objects are written again from what the reader understood, with the values that were
 * set in their places.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "doc.h"
#include "page.h"
#include "revision.h"
#include "sight.h"
#include "stream.h"
#include "xref.h"

struct sight {
	struct arena *arena;
	struct doc doc;
	size_t last; /* the newest section */
	const struct sight_set *sets;
	size_t nsets;
};

void
sight_close(struct sight *s)
{
	if (s == NULL)
		return;
	doc_clear(&s->doc);
	arena_free(s->arena);
	free(s);
}

struct sight *
sight_open(const void *p, size_t len, struct sight_file *out)
{
	struct sight *s = calloc(1, sizeof(*s));
	const struct obj *size;
	const struct section *last;
	uint8_t *copy;

	memset(out, 0, sizeof(*out));
	if (s == NULL)
		return NULL;
	s->arena = arena_new(256u << 20);
	copy = s->arena != NULL ? arena_dup(s->arena, p, len) : NULL;
	doc_init(&s->doc, s->arena, copy, copy != NULL ? len : 0);
	if (copy == NULL || xref_read(&s->doc) != RC_OK || s->doc.nsections == 0 ||
	    page_list(&s->doc, s->last = s->doc.nsections - 1) != RC_OK) {
		sight_close(s);
		return NULL;
	}
	last = &s->doc.sections[s->last];
	size = obj_get(&last->trailer, "Size");
	out->size = size->type == OBJ_INT ? (unsigned)size->u.i : 0;
	if (out->size < s->doc.nnums)
		out->size = s->doc.nnums;
	out->startxref = last->off;
	out->streams = copy[last->off] != 'x';
	out->pages = (unsigned)s->doc.pages.n;
	return s;
}

static const struct obj *
follow(struct sight *p, const struct obj *o)
{
	const struct obj *out = &obj_null;

	if (p == NULL || o->type == OBJ_NULL)
		return &obj_null;
	return revision_get(&p->doc, p->last, o, &out) == RC_OK ? out : &obj_null;
}

/* Where a path leads: the object that holds the value, and the way inside it. */
struct spot {
	unsigned holder;
	const char *inside;
	const struct obj *value;
};

static bool
number(const char *s, size_t len, uint32_t *out)
{
	size_t i;

	*out = 0;
	for (i = 0; i < len && s[i] >= '0' && s[i] <= '9'; i++)
		*out = 10 * *out + (uint32_t)(s[i] - '0');
	return len > 0 && i == len;
}

static const struct obj *
step(const struct obj *o, const char *s, size_t len)
{
	uint32_t i;

	if (o->type == OBJ_ARRAY)
		return number(s, len, &i) && i < o->n ? &o->u.items[i] : &obj_null;
	if (!obj_is_dict(o))
		return &obj_null;
	return obj_get_bytes(o, (struct pdf_bytes){(const uint8_t *)s, len});
}

static struct spot
find(struct sight *p, const char *path)
{
	struct obj first = {.type = OBJ_REF};
	struct spot s = {0, path, &obj_null};
	size_t len;

	if (p == NULL)
		return s;
	s.value = &p->doc.sections[p->last].trailer;
	if (*path == '#') {
		len = strcspn(++path, "/");
		number(path, len, &first.u.ref.num);
		s.holder = first.u.ref.num;
		s.value = follow(p, &first);
		path += len + (path[len] == '/');
		s.inside = path;
	}
	while (*path != '\0') {
		if (s.value->type == OBJ_REF) {
			s.holder = s.value->u.ref.num;
			s.value = follow(p, s.value);
			s.inside = path;
		}
		len = strcspn(path, "/");
		s.value = step(s.value, path, len);
		path += len + (path[len] == '/');
	}
	return s;
}

static const struct obj *
get(struct sight *p, const char *path)
{
	return follow(p, find(p, path).value);
}

bool
sight_has(struct sight *p, const char *path)
{
	return get(p, path)->type != OBJ_NULL;
}

double
sight_value(struct sight *p, const char *path, double dflt)
{
	return obj_number(get(p, path), dflt);
}

unsigned
sight_holder(struct sight *p, const char *path, const char **inside)
{
	struct spot s = find(p, path);

	*inside = s.inside;
	return s.holder;
}

unsigned
sight_number(struct sight *p, const char *path)
{
	struct spot s = find(p, path);

	return s.value->type == OBJ_REF ? s.value->u.ref.num : 0;
}

unsigned
sight_first(struct sight *p, const char *path)
{
	const struct obj *o = get(p, path);
	uint32_t i;

	for (i = 0; obj_is_dict(o) && i < o->n; i++)
		if (o->u.d.pairs[i].val.type == OBJ_REF)
			return o->u.d.pairs[i].val.u.ref.num;
	return 0;
}

unsigned
sight_page(const struct sight *p, unsigned page)
{
	return p != NULL && page > 0 && page <= p->doc.pages.n ? p->doc.pages.num[page - 1] : 0;
}

/* A partial name at the beginning of a full one: its length there, 0 if it is another. */
static size_t
same_name(struct pdf_bytes t, const char *name)
{
	bool wide = t.len > 1 && t.p[0] == 0xfe && t.p[1] == 0xff;
	size_t i, len = wide ? t.len / 2 - 1 : t.len;

	for (i = 0; i < len; i++)
		if (name[i] == '\0' || (char)t.p[wide ? 2 * i + 3 : i] != name[i])
			return 0;
	return len;
}

/* Fields by their full names, as far as ASCII goes. */
static unsigned
/* NOLINTNEXTLINE(misc-no-recursion): depth is limited */
field_below(struct sight *p, const struct obj *kids, const char *name, unsigned depth)
{
	const struct obj *o, *t;
	unsigned found;
	size_t len;
	uint32_t i;

	for (i = 0; kids->type == OBJ_ARRAY && depth < 8 && i < kids->n; i++) {
		o = follow(p, &kids->u.items[i]);
		t = obj_get(o, "T");
		if (t->type != OBJ_STRING || kids->u.items[i].type != OBJ_REF)
			continue;
		if ((len = same_name(t->u.s, name)) == 0)
			continue;
		if (name[len] == '\0')
			return kids->u.items[i].u.ref.num;
		if (name[len] != '.')
			continue;
		found = field_below(p, follow(p, obj_get(o, "Kids")), name + len + 1, depth + 1);
		if (found > 0)
			return found;
	}
	return 0;
}

unsigned
sight_field(struct sight *p, const char *name)
{
	return field_below(p, get(p, "Root/AcroForm/Fields"), name, 0);
}

/* --- writing --- */

static void
write_name(struct buf *b, struct pdf_bytes s)
{
	size_t i;

	buf_u8(b, '/');
	for (i = 0; i < s.len; i++)
		if (s.p[i] > 32 && s.p[i] < 127 && strchr("()<>[]{}/%#", s.p[i]) == NULL)
			buf_u8(b, s.p[i]);
		else
			buf_printf(b, "#%02x", s.p[i]);
}

/* A value being written, and what of it was set. */
struct pen {
	struct sight *p;
	struct buf *b;
	unsigned holder;
	char path[512];
};

static const struct sight_set *
set_here(const struct pen *pen)
{
	const struct sight *p = pen->p;
	size_t i;

	for (i = 0; i < p->nsets; i++)
		if (p->sets[i].holder == pen->holder && strcmp(p->sets[i].path, pen->path) == 0)
			return &p->sets[i];
	return NULL;
}

static size_t
go(struct pen *pen, const char *name, size_t len)
{
	size_t old = strlen(pen->path);

	snprintf(
	    pen->path + old, sizeof(pen->path) - old, "%s%.*s", old > 0 ? "/" : "", (int)len, name);
	return old;
}

/* NOLINTBEGIN(misc-no-recursion): as deep as the reader allows */
static void write_value(struct pen *pen, const struct obj *o);

/* What was set directly below this place and is not there yet. */
static void
write_added(struct pen *pen, const struct obj *o)
{
	const struct sight_set *s;
	size_t len = strlen(pen->path), i;
	const char *name;

	for (i = 0; i < pen->p->nsets; i++) {
		s = &pen->p->sets[i];
		name = s->path + len + (len > 0);
		if (s->holder != pen->holder || s->text == NULL || strlen(s->path) <= len ||
		    strncmp(s->path, pen->path, len) != 0 || (len > 0 && s->path[len] != '/') ||
		    strchr(name, '/') != NULL)
			continue;
		if (o->type == OBJ_ARRAY && name[0] == '+')
			buf_printf(pen->b, " %s", s->text);
		if (o->type != OBJ_ARRAY && step(o, name, strlen(name))->type == OBJ_NULL)
			buf_printf(pen->b, "/%s %s ", name, s->text);
	}
}

static void
write_below(
    struct pen *pen, const struct obj *o, const char *name, size_t len, const struct pdf_bytes *key)
{
	size_t old = go(pen, name, len);
	const struct sight_set *s = set_here(pen);

	if (s == NULL || s->text != NULL) {
		if (key != NULL)
			write_name(pen->b, *key);
		buf_u8(pen->b, ' ');
		if (s != NULL)
			buf_str(pen->b, s->text);
		else
			write_value(pen, o);
		buf_u8(pen->b, ' ');
	}
	pen->path[old] = '\0';
}

static void
write_dict(struct pen *pen, const struct obj *o)
{
	uint32_t i;

	buf_str(pen->b, "<<");
	for (i = 0; i < o->n; i++) {
		const struct obj_pair *pair = &o->u.d.pairs[i];

		write_below(pen, &pair->val, (const char *)pair->key.p, pair->key.len, &pair->key);
	}
	write_added(pen, o);
	buf_str(pen->b, ">>");
}

static void
write_array(struct pen *pen, const struct obj *o)
{
	char name[16];
	uint32_t i;

	buf_u8(pen->b, '[');
	for (i = 0; i < o->n; i++) {
		snprintf(name, sizeof(name), "%u", i);
		write_below(pen, &o->u.items[i], name, strlen(name), NULL);
	}
	write_added(pen, o);
	buf_u8(pen->b, ']');
}

/* A number as precise as it was read. */
static void
write_real(struct buf *b, double r)
{
	char text[64];
	size_t n;

	snprintf(text, sizeof(text), "%.24f", r);
	for (n = strlen(text); n > 0 && text[n - 1] == '0'; n--)
		text[n - 1] = '\0';
	buf_str(b, text);
}

static void
write_value(struct pen *pen, const struct obj *o)
{
	struct buf *b = pen->b;

	switch ((enum obj_type)o->type) {
	case OBJ_NULL:
		buf_str(b, "null");
		break;
	case OBJ_BOOL:
		buf_str(b, o->u.b ? "true" : "false");
		break;
	case OBJ_INT:
		buf_printf(b, "%jd", (intmax_t)o->u.i);
		break;
	case OBJ_REAL:
		write_real(b, o->u.r);
		break;
	case OBJ_STRING:
		buf_u8(b, '<');
		buf_hex(b, o->u.s.p, o->u.s.len);
		buf_u8(b, '>');
		break;
	case OBJ_NAME:
		write_name(b, o->u.s);
		break;
	case OBJ_ARRAY:
		write_array(pen, o);
		break;
	case OBJ_DICT:
	case OBJ_STREAM:
		write_dict(pen, o);
		break;
	case OBJ_REF:
		buf_printf(b, "%u %u R", o->u.ref.num, o->u.ref.gen);
		break;
	}
}
/* NOLINTEND(misc-no-recursion) */

/* The bytes of a stream behind its dictionary. */
static bool
write_body(struct sight *p, struct buf *b, const struct obj *o)
{
	struct pdf_bytes raw;
	uint64_t end;

	if (o->type != OBJ_STREAM)
		return true;
	if (stream_raw(&p->doc, p->last, o, &raw, &end) != RC_OK)
		return false;
	buf_str(b, "\nstream\n");
	buf_put(b, raw.p, raw.len);
	buf_str(b, "\nendstream");
	return true;
}

bool
sight_write(
    struct sight *p, struct buf *b, const char *path, const struct sight_set *sets, size_t nsets)
{
	struct spot s = find(p, path);
	struct pen pen = {.p = p, .b = b, .holder = s.holder};
	const struct sight_set *whole;

	p->sets = sets;
	p->nsets = nsets;
	snprintf(pen.path, sizeof(pen.path), "%s", s.inside);
	whole = set_here(&pen);
	if (whole != NULL) {
		if (whole->text != NULL)
			buf_str(b, whole->text);
		return whole->text != NULL;
	}
	if (s.value->type == OBJ_NULL)
		return false;
	write_value(&pen, s.value);
	return pen.path[0] != '\0' || write_body(p, b, s.value);
}
