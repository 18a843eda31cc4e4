/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A field's value and what its widget shows (ISO 32000-2, 12.7.4.3, 12.7.5.2):
 * the text of simple appearances in simple fonts, and the state of buttons.
 * Where that can not be told for sure, nothing is said.
 */
#include <string.h>

#include "caps.h"
#include "notice_look.h"
#include "stream.h"
#include "text.h"

#define PARENTS        32
#define FF_MULTILINE   (1 << 12)
#define FF_PASSWORD    (1 << 13)
#define FF_PUSHBUTTON  (1 << 16)
#define FF_COMBO       (1 << 17)
#define TEXT_INVISIBLE 3 /* rendering mode, table 104 */

/* Characters without white space; all of ISO 8859-1, which is what can be told here. */
struct shown {
	uint8_t p[CAP_NOTICE_SHOWN];
	size_t n;
	bool unknown;
};

/* What a font makes of a code: only where it is sure. */
struct font {
	bool known, latin; /* latin: also the codes from 0xa1 */
	bool other[256];   /* codes that mean something else */
};

/* --- characters --- */

static void
put(struct shown *s, uint32_t c)
{
	if (c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == 0xa0)
		return;
	if (c == '`') /* StandardEncoding has curly quotes for both */
		c = '\'';
	if (c == 0xad)
		c = '-';
	if (c < 0x20 || (c >= 0x7f && c <= 0xa0) || c > 0xff || s->n == sizeof(s->p))
		s->unknown = true;
	else
		s->p[s->n++] = (uint8_t)c;
}

/* A text string; longer ones than can be shown are not told apart. */
static void
put_value(struct shown *s, struct arena *arena, const struct obj *o)
{
	const char *t;
	uint32_t c;

	if (o->type == OBJ_NULL)
		return;
	if (o->type != OBJ_STRING || o->u.s.len > TEXT_MAX / 4 ||
	    (t = text_utf8(arena, o->u.s)) == NULL) {
		s->unknown = true;
		return;
	}
	for (; *t != '\0'; t++) {
		c = (uint8_t)*t;
		if (c >= 0xc4) /* behind Latin-1 */
			s->unknown = true;
		else if (c >= 0xc2)
			put(s, (c & 3) << 6 | ((uint8_t)t[1] & 0x3f));
		else if (c < 0x80)
			put(s, c);
	}
}

static bool
equal(const struct shown *a, const struct shown *b)
{
	return a->n == b->n && memcmp(a->p, b->p, a->n) == 0;
}

/* --- fonts --- */

static bool
sure_name(struct pdf_bytes name, int64_t code)
{
	if (name.len == 1)
		return name.p[0] == code;
	return (code == '\'' && bytes_are(name, "quotesingle")) ||
	       (code == '`' && bytes_are(name, "grave")) ||
	       (code == ' ' && bytes_are(name, "space"));
}

static void
differences(struct look *l, const struct obj *o, struct font *f)
{
	int64_t code = -1;
	const struct obj *item;
	uint32_t i;

	o = look_get(l, o);
	for (i = 0; o->type == OBJ_ARRAY && i < o->n && look_step(l); i++) {
		item = look_get(l, &o->u.items[i]);
		if (item->type == OBJ_INT) {
			code = item->u.i;
		} else if (item->type == OBJ_NAME && code >= 0 && code < 256) {
			f->other[code] |= !sure_name(item->u.s, code);
			code++;
		}
	}
}

static void
read_font(struct look *l, const struct obj *o, struct font *f)
{
	static const char *const files[] = {"FontFile", "FontFile2", "FontFile3"};
	const struct obj *type = look_key(l, o, "Subtype"), *base = look_key(l, o, "BaseFont");
	const struct obj *enc = look_key(l, o, "Encoding"), *desc;
	size_t i;

	memset(f, 0, sizeof(*f));
	if (!obj_is_name(type, "Type1") && !obj_is_name(type, "TrueType"))
		return;
	if (base->type != OBJ_NAME || bytes_are(base->u.s, "Symbol") ||
	    bytes_are(base->u.s, "ZapfDingbats"))
		return;
	if (enc->type == OBJ_DICT) {
		differences(l, obj_get(enc, "Differences"), f);
		enc = look_key(l, enc, "BaseEncoding");
	}
	f->latin = obj_is_name(enc, "WinAnsiEncoding") || obj_is_name(enc, "PDFDocEncoding");
	f->known = f->latin || obj_is_name(enc, "StandardEncoding") ||
		   obj_is_name(enc, "MacRomanEncoding");
	if (enc->type != OBJ_NULL)
		return;
	/* Its own encoding: Latin letters in one of the standard fonts, else who knows. */
	f->known = true;
	desc = look_key(l, o, "FontDescriptor");
	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		f->known &= obj_get(desc, files[i])->type == OBJ_NULL;
}

static void
find_font(struct look *l, const struct obj *form, struct pdf_bytes name, struct font *f)
{
	const struct obj *fonts = look_key(l, look_key(l, form, "Resources"), "Font"), *o;

	o = look_get(l, obj_get_bytes(fonts, name));
	if (o->type != OBJ_DICT) {
		fonts = look_key(l, look_key(l, l->root, "AcroForm"), "DR");
		o = look_get(l, obj_get_bytes(look_key(l, fonts, "Font"), name));
	}
	read_font(l, o, f);
}

/* --- what an appearance shows --- */

struct reading {
	struct look *l;
	const struct obj *form;
	struct font font;
	struct shown *out;
	struct shown operand;
	struct pdf_bytes name; /* the last name */
	int64_t i;             /* the last integer */
	bool invisible;
	unsigned strokes; /* of paths: text may be drawn, too */
};

static void
operand(struct reading *r, const struct token *t)
{
	uint8_t p[CAP_NOTICE_SHOWN + 1];
	size_t i, n;

	if (t->len > CAP_NOTICE_SHOWN) {
		r->operand.unknown = true;
		return;
	}
	n = lex_decode(t, p);
	for (i = 0; n != SIZE_MAX && i < n; i++) {
		if (!r->font.known || r->font.other[p[i]] || (p[i] >= 0x80 && !r->font.latin))
			r->operand.unknown = true;
		else
			put(&r->operand, p[i]);
	}
}

static void
show(struct reading *r)
{
	size_t i;

	if (r->invisible)
		return;
	r->out->unknown |= r->operand.unknown;
	for (i = 0; i < r->operand.n; i++)
		put(r->out, r->operand.p[i]);
}

static bool
is_one(const struct token *t, const char *const *words, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (lex_is_word(t, words[i]))
			return true;
	}
	return false;
}

#define IS(t, list) is_one(t, list, sizeof(list) / sizeof((list)[0]))

/* Operators of ISO 32000-2, annex A. */
static void
operate(struct reading *r, const struct token *t)
{
	static const char *const shows[] = {"Tj", "TJ", "'", "\""};
	static const char *const other[] = {"Do", "BI", "sh"};
	static const char *const paths[] = {"c", "v", "y"};

	if (IS(t, shows))
		show(r);
	else if (lex_is_word(t, "Tf"))
		find_font(r->l, r->form, r->name, &r->font);
	else if (lex_is_word(t, "Tr"))
		r->invisible = r->i == TEXT_INVISIBLE;
	else if (IS(t, paths))
		r->strokes++;
	else if (IS(t, other))
		r->out->unknown = true;
	r->operand.n = 0;
	r->operand.unknown = false;
}

/* The stream, if it is short; what is long or broken costs as much as the longest. */
static enum rc
appearance(struct look *l, const struct obj *form, struct pdf_bytes *data)
{
	size_t all = l->d->budget, most = CAP_NOTICE_APPEARANCE, max;
	enum rc rc;

	if (l->shown + most > CAP_NOTICE_APPEARANCES)
		return RC_TOOBIG;
	l->d->budget = max = all < most ? all : most;
	rc = stream_decode(l->d, l->view, form, data);
	l->d->budget = all - (max - l->d->budget);
	if (rc == RC_OK && data->len > most)
		rc = RC_TOOBIG;
	l->shown += rc == RC_OK ? data->len : most;
	return rc;
}

static void
read_appearance(struct look *l, const struct obj *form, struct shown *out)
{
	struct reading r = {.l = l, .form = form, .out = out};
	struct pdf_bytes data;
	struct token t;
	struct lex lx;
	enum rc rc;

	if ((rc = appearance(l, form, &data)) != RC_OK) {
		l->full |= rc == RC_NOMEM;
		out->unknown = true;
		return;
	}
	lex_init(&lx, data.p, data.len, 0);
	while (!out->unknown && lex_next(&lx, &t) != TOK_END) {
		if (t.tok == TOK_BAD) {
			out->unknown = true;
		} else if (t.tok == TOK_STRING || t.tok == TOK_HEX) {
			operand(&r, &t);
		} else if (t.tok == TOK_NAME) {
			r.name.p = t.p;
			r.name.len = t.len;
		} else if (t.tok == TOK_INT) {
			r.i = t.i;
		} else if (t.tok == TOK_WORD) {
			operate(&r, &t);
		}
	}
	if (out->n == 0 && r.strokes != 0)
		out->unknown = true;
}

/* --- the two of them --- */

/* An attribute of the field that a widget belongs to. */
static const struct obj *
inherited(struct look *l, const struct obj *o, const char *key)
{
	const struct obj *v;
	unsigned i;

	for (i = 0; i < PARENTS && o->type == OBJ_DICT && look_step(l); i++) {
		if ((v = look_key(l, o, key))->type != OBJ_NULL)
			return v;
		o = look_key(l, o, "Parent");
	}
	return &obj_null;
}

/* The text that stands for an exported value (12.7.5.4). */
static const struct obj *
choice(struct look *l, const struct obj *field, const struct obj *value)
{
	const struct obj *opt = inherited(l, field, "Opt"), *o;
	uint32_t i;

	for (i = 0; opt->type == OBJ_ARRAY && i < opt->n && look_step(l); i++) {
		o = look_get(l, &opt->u.items[i]);
		if (o->type != OBJ_ARRAY || o->n != 2)
			continue;
		if (look_get(l, &o->u.items[0])->type == OBJ_STRING && value->type == OBJ_STRING &&
		    bytes_eq(look_get(l, &o->u.items[0])->u.s, value->u.s))
			return look_get(l, &o->u.items[1]);
	}
	return value;
}

static bool
text_differs(struct look *l, const struct widget *w, int64_t ff, bool combo)
{
	const struct obj *v = inherited(l, w->obj, "V");
	struct shown shown = {.n = 0}, value = {.n = 0}, text = {.n = 0};

	put_value(&value, l->d->arena, v);
	if (value.unknown)
		return false;
	read_appearance(l, w->normal, &shown);
	if (shown.unknown || equal(&shown, &value))
		return false;
	/* What is too long for its box is cut. */
	if ((ff & FF_MULTILINE) != 0 && shown.n != 0 && shown.n < value.n &&
	    memcmp(shown.p, value.p, shown.n) == 0)
		return false;
	if (combo) {
		put_value(&text, l->d->arena, choice(l, w->obj, v));
		return !text.unknown && !equal(&shown, &text);
	}
	return true;
}

/* Each widget of a button shows its own state when that is the value, else it is off. */
static bool
state_differs(struct look *l, const struct widget *w)
{
	const struct obj *v = inherited(l, w->obj, "V"), *as = look_key(l, w->obj, "AS");
	const struct obj *n = look_key(l, look_key(l, w->obj, "AP"), "N");

	if (as->type != OBJ_NAME || n->type != OBJ_DICT)
		return false;
	if (v->type == OBJ_NAME && !bytes_are(v->u.s, "Off") &&
	    obj_get_bytes(n, v->u.s)->type != OBJ_NULL)
		return !bytes_eq(v->u.s, as->u.s);
	/* A state without an appearance shows nothing. */
	return (v->type == OBJ_NAME || v->type == OBJ_NULL) && !bytes_are(as->u.s, "Off") &&
	       obj_get_bytes(n, as->u.s)->type != OBJ_NULL;
}

void
look_widget(struct look *l, const struct widget *w, bool *fills)
{
	const struct obj *ft = inherited(l, w->obj, "FT"), *o = inherited(l, w->obj, "Ff");
	int64_t ff = o->type == OBJ_INT ? o->u.i : 0;
	bool text = obj_is_name(ft, "Tx"), combo = obj_is_name(ft, "Ch"), differs = false;

	if (!text && !combo && !obj_is_name(ft, "Btn"))
		return;
	*fills = true;
	if (doc_sealed(l->d))
		return;
	if (!text && !combo) {
		differs = (ff & FF_PUSHBUTTON) == 0 && state_differs(l, w);
	} else if (w->normal->type == OBJ_STREAM && (ff & (text ? FF_PASSWORD : 0)) == 0 &&
		   (text || (ff & FF_COMBO) != 0) &&
		   /* A script that formats the value is told as a script. */
		   obj_get(inherited(l, w->obj, "AA"), "F")->type == OBJ_NULL) {
		differs = text_differs(l, w, ff, combo);
	}
	if (differs)
		look_tell(l, PDF_NOTICE_APPEARANCE_DIFFERS, w->visit, w->inner, w->rect);
}
