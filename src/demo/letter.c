/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writes a one-page letter and its incremental updates: ISO 32000-2, 7.5
 * (file structure).  What the page looks like is in sheet.c, signing in
 * letter_sign.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <zlib.h>

#include "when.h"

#include "letter.h"
#include "sheet.h"

#define LETTER_MAX (64u << 20)
#define PAD_CHUNK  (64u << 10)
#define PAD_WIDTH  64

/* Fixed numbers of the first revision. */
enum {
	CATALOG = 1,
	PAGES,
	PAGE,
	CONTENT,
	FONT,
	FONT_BOLD,
	INFO,
	PADDING,
	STRUCT_ROOT, /* LETTER_HYBRID only */
	STRUCT_ELEM
};

uint64_t
letter_offset(const struct letter *l, size_t at)
{
	return l->pad_len > 0 && at >= l->pad_at ? at + l->pad_len : at;
}

uint64_t
letter_length(const struct letter *l)
{
	return l->out.len + l->pad_len;
}

enum rc
letter_rc(const struct letter *l)
{
	return maker_rc(l->m) != RC_OK ? maker_rc(l->m) : buf_rc(&l->out);
}

void
letter_clear(struct letter *l)
{
	buf_clear(&l->out);
}

/* Any octets will do for the padding; these repeat every PAD_CHUNK. */
static void
pad_fill(uint8_t *p)
{
	uint32_t x = 2463534242u;
	size_t i;

	for (i = 0; i < PAD_CHUNK; i++) {
		x ^= x << 13;
		x ^= x >> 17;
		x ^= x << 5;
		p[i] = (uint8_t)x;
	}
}

typedef bool sink_fn(void *arg, const uint8_t *p, size_t len);

/* Give the file's octets [from, to) to the sink, in order. */
static bool
feed(const struct letter *l, uint64_t from, uint64_t to, sink_fn *sink, void *arg)
{
	uint64_t pad_end = l->pad_at + l->pad_len, k, at;
	uint8_t *chunk;
	bool ok = true;

	if (from < to && from < l->pad_at) {
		k = (to < l->pad_at ? to : l->pad_at) - from;
		ok = sink(arg, l->out.p + from, k);
		from += k;
	}
	if (ok && from < to && from < pad_end) {
		chunk = malloc(PAD_CHUNK);
		if (chunk == NULL)
			return false;
		pad_fill(chunk);
		while (ok && from < to && from < pad_end) {
			at = (from - l->pad_at) % PAD_CHUNK;
			k = (to < pad_end ? to : pad_end) - from;
			if (k > PAD_CHUNK - at)
				k = PAD_CHUNK - at;
			ok = sink(arg, chunk + at, k);
			from += k;
		}
		free(chunk);
	}
	if (ok && from < to)
		ok = sink(arg, l->out.p + (from - l->pad_len), to - from);
	return ok;
}

static bool
sink_fd(void *arg, const uint8_t *p, size_t len)
{
	ssize_t n;

	while (len > 0) {
		n = write(*(int *)arg, p, len);
		if (n <= 0)
			return false;
		p += n;
		len -= (size_t)n;
	}
	return true;
}

enum rc
letter_write(const struct letter *l, int fd)
{
	return feed(l, 0, letter_length(l), sink_fd, &fd) ? RC_OK : RC_IO;
}

static bool
sink_digest(void *arg, const uint8_t *p, size_t len)
{
	return EVP_DigestUpdate(arg, p, len) == 1;
}

struct der
letter_digest(struct letter *l, const char *digest, const uint64_t r[4])
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	uint8_t md[EVP_MAX_MD_SIZE];
	unsigned len = 0;
	uint64_t end = letter_length(l);
	bool ok;

	ok = ctx != NULL && r[0] <= end && r[1] <= end - r[0] && r[2] <= end &&
	     r[3] <= end - r[2] &&
	     EVP_DigestInit_ex(ctx, EVP_get_digestbyname(digest), NULL) == 1 &&
	     feed(l, r[0], r[0] + r[1], sink_digest, ctx) &&
	     feed(l, r[2], r[2] + r[3], sink_digest, ctx) && EVP_DigestFinal_ex(ctx, md, &len) == 1;
	EVP_MD_CTX_free(ctx);
	if (!ok) {
		maker_fail(l->m, RC_CRYPTO);
		return ASN_NONE;
	}
	return maker_copy(l->m, md, len);
}

/* --- objects and sections --- */

static struct letter_entry *
entry(struct letter *l, unsigned number, uint64_t at)
{
	struct letter_entry *e;

	if (l->nentries == LETTER_ENTRIES) {
		maker_fail(l->m, RC_TOOBIG);
		l->nentries = 0;
	}
	e = &l->entries[l->nentries++];
	*e = (struct letter_entry){.number = number, .at = at};
	return e;
}

unsigned
letter_put(struct letter *l, unsigned number)
{
	if (number == 0)
		number = l->size++;
	entry(l, number, letter_offset(l, l->out.len));
	buf_printf(&l->out, "%u 0 obj\n", number);
	return number;
}

void
letter_done(struct letter *l)
{
	buf_str(&l->out, "\nendobj\n");
}

void
letter_update(struct letter *l)
{
	l->nentries = 0;
	l->update_at = l->out.len;
}

static int
by_number(const void *a, const void *b)
{
	const struct letter_entry *x = a, *y = b;

	return (x->number > y->number) - (x->number < y->number);
}

/* Length of the run of consecutive numbers that begins at entry i. */
static unsigned
run(const struct letter *l, size_t i)
{
	unsigned n = 1;

	while (i + n < l->nentries && l->entries[i + n].number == l->entries[i].number + n)
		n++;
	return n;
}

static void
trailer_keys(struct letter *l, struct buf *b)
{
	buf_printf(b, "/Size %u ", l->size);
	if (l->trailer != NULL)
		buf_str(b, l->trailer);
	else
		buf_printf(b,
		    "/Root %u 0 R /Info %u 0 R /ID [<5065726b736120636f6e746f68206469>"
		    " <5065726b736120636f6e746f68206469>]",
		    l->catalog, l->info);
	if (l->startxref > 0)
		buf_printf(b, " /Prev %ju", (uintmax_t)l->startxref);
}

static void
section_end(struct letter *l, uint64_t at)
{
	buf_printf(&l->out, "startxref\n%ju\n%%%%EOF\n", (uintmax_t)at);
	l->startxref = at;
	l->nentries = 0;
}

static void
section_table(struct letter *l)
{
	uint64_t at = letter_offset(l, l->out.len);
	size_t i, k, n;

	qsort(l->entries, l->nentries, sizeof(l->entries[0]), by_number);
	buf_str(&l->out, "xref\n");
	for (i = 0; i < l->nentries; i += n) {
		n = run(l, i);
		buf_printf(&l->out, "%u %zu\n", l->entries[i].number, n);
		for (k = i; k < i + n; k++)
			buf_printf(&l->out, "%010ju %05u %c \n", (uintmax_t)l->entries[k].at,
			    l->entries[k].free ? 65535 : 0, l->entries[k].free ? 'f' : 'n');
	}
	buf_str(&l->out, "trailer\n<< ");
	trailer_keys(l, &l->out);
	buf_str(&l->out, " >>\n");
	section_end(l, at);
}

/* << keys /Filter /FlateDecode /Length n >> stream … endstream */
static void
put_flate(struct letter *l, const char *keys, const struct buf *data)
{
	uLongf len = compressBound(data->len);
	uint8_t *p = malloc(len);

	if (p == NULL || compress2(p, &len, data->p, data->len, 9) != Z_OK) {
		maker_fail(l->m, RC_NOMEM);
		len = 0;
	}
	buf_printf(&l->out, "<< %s /Filter /FlateDecode /Length %lu >>\nstream\n", keys, len);
	if (len > 0)
		buf_put(&l->out, p, len);
	buf_str(&l->out, "\nendstream");
	free(p);
}

/* A cross-reference stream over the entries; its offset in the file. */
static uint64_t
put_xref_stream(struct letter *l, bool prev)
{
	uint64_t at = letter_offset(l, l->out.len), keep = l->startxref;
	unsigned number = l->size++;
	struct letter_entry *e;
	struct buf rows, keys;
	size_t i;

	buf_init(&rows, 1u << 16);
	buf_init(&keys, 1u << 16);
	letter_put(l, number);
	qsort(l->entries, l->nentries, sizeof(l->entries[0]), by_number);
	buf_str(&keys, "/Type /XRef /W [1 5 2] /Index [");
	for (i = 0; i < l->nentries; i += run(l, i))
		buf_printf(&keys, "%u %u ", l->entries[i].number, run(l, i));
	buf_str(&keys, "] ");
	if (!prev)
		l->startxref = 0;
	trailer_keys(l, &keys);
	l->startxref = keep;
	for (i = 0; i < l->nentries; i++) {
		e = &l->entries[i];
		buf_u8(&rows, e->free ? 0 : e->container > 0 ? 2 : 1);
		buf_u8(&rows, (uint8_t)((e->container > 0 ? 0 : e->at) >> 32));
		buf_u32(&rows, (uint32_t)(e->container > 0 ? e->container : e->at));
		buf_u8(&rows, e->free ? 0xff : 0);
		buf_u8(&rows, (uint8_t)(e->free ? 0xff : e->container > 0 ? e->at : 0));
	}
	put_flate(l, buf_text(&keys), &rows);
	letter_done(l);
	buf_clear(&rows);
	buf_clear(&keys);
	return at;
}

void
letter_update_end(struct letter *l)
{
	uint64_t at;

	if (l->form == LETTER_STREAM) {
		at = put_xref_stream(l, true);
		section_end(l, at);
	} else {
		section_table(l);
	}
}

/* --- the first revision --- */

static void
body_catalog(struct letter *l, struct buf *b)
{
	buf_printf(b, "<< /Type /Catalog /Pages %u 0 R /Lang (id-ID)", l->pages);
	if (l->form == LETTER_HYBRID)
		buf_printf(b, " /MarkInfo << /Marked true >> /StructTreeRoot %u 0 R", STRUCT_ROOT);
	if (l->acroform > 0)
		buf_printf(b, " /AcroForm %u 0 R", l->acroform);
	if (l->dss > 0)
		buf_printf(b, " /DSS %u 0 R", l->dss);
	if (l->certified > 0)
		buf_printf(b, " /Perms << /DocMDP %u 0 R >>", l->certified);
	buf_str(b, " >>");
}

void
letter_page(const struct letter *l, struct buf *b)
{
	unsigned i;

	buf_printf(b,
	    "<< /Type /Page /Parent %u 0 R /MediaBox [0 0 595 842] /Contents %u 0 R\n"
	    "/Resources << /Font << /F1 %u 0 R /F2 %u 0 R >> ",
	    l->pages, CONTENT, FONT, FONT_BOLD);
	if (l->pad_len > 0)
		buf_printf(b, "/XObject << /Im1 %u 0 R >> ", PADDING);
	buf_str(b, ">>");
	if (l->form == LETTER_HYBRID)
		buf_str(b, " /StructParents 0");
	if (l->nfields > 0 || l->note > 0) {
		buf_str(b, " /Annots [");
		for (i = 0; i < l->nfields; i++)
			buf_printf(b, "%u 0 R ", l->fields[i]);
		if (l->note > 0)
			buf_printf(b, "%u 0 R ", l->note);
		buf_str(b, "]");
	}
	buf_str(b, " >>");
}

static void
body_font(struct buf *b, const char *name)
{
	buf_printf(
	    b, "<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding /WinAnsiEncoding >>", name);
}

static void
put_content(struct letter *l, const struct letter_text *text)
{
	struct buf b;

	buf_init(&b, 1u << 16);
	sheet_draw(&b, text);
	letter_put(l, CONTENT);
	buf_printf(&l->out, "<< /Length %zu >>\nstream\n", b.len);
	buf_put(&l->out, b.p, b.len);
	buf_str(&l->out, "\nendstream");
	letter_done(l);
	if (buf_rc(&b) != RC_OK)
		maker_fail(l->m, buf_rc(&b));
	buf_clear(&b);
}

static void
put_padding(struct letter *l, uint64_t pad)
{
	letter_put(l, PADDING);
	buf_printf(&l->out,
	    "<< /Type /XObject /Subtype /Image /Width %u /Height %ju /ColorSpace /DeviceGray\n"
	    "/BitsPerComponent 8 /Length %ju >>\nstream\n",
	    PAD_WIDTH, (uintmax_t)(pad / PAD_WIDTH), (uintmax_t)pad);
	l->pad_at = l->out.len;
	l->pad_len = pad;
	buf_str(&l->out, "\nendstream");
	letter_done(l);
}

/* Objects for an object stream, or at once into the file. */
struct pack {
	struct letter *l;
	bool plain;
	unsigned container, n;
	struct buf index, data;
};

static void
pack_add(struct pack *p, unsigned number, const struct buf *body)
{
	if (p->plain) {
		letter_put(p->l, number);
		buf_put(&p->l->out, body->p, body->len);
		letter_done(p->l);
		return;
	}
	buf_printf(&p->index, "%u %zu ", number, p->data.len);
	buf_put(&p->data, body->p, body->len);
	buf_u8(&p->data, ' ');
	entry(p->l, number, p->n++)->container = p->container;
}

static void
pack_text(struct pack *p, unsigned number, const char *text)
{
	struct buf b;

	buf_init(&b, 4096);
	buf_str(&b, text);
	pack_add(p, number, &b);
	buf_clear(&b);
}

static void
pack_end(struct pack *p)
{
	char keys[64];

	snprintf(keys, sizeof(keys), "/Type /ObjStm /N %u /First %zu", p->n, p->index.len);
	buf_put(&p->index, p->data.p, p->data.len);
	letter_put(p->l, p->container);
	put_flate(p->l, keys, &p->index);
	letter_done(p->l);
	buf_clear(&p->index);
	buf_clear(&p->data);
}

static void
pack_document(struct pack *p, const struct letter_text *text)
{
	struct letter *l = p->l;
	struct buf b;

	buf_init(&b, 4096);
	body_catalog(l, &b);
	pack_add(p, CATALOG, &b);
	b.len = 0;
	buf_printf(&b, "<< /Type /Pages /Kids [%u 0 R] /Count 1 >>", PAGE);
	pack_add(p, PAGES, &b);
	b.len = 0;
	letter_page(l, &b);
	pack_add(p, PAGE, &b);
	b.len = 0;
	body_font(&b, "Helvetica");
	pack_add(p, FONT, &b);
	b.len = 0;
	body_font(&b, "Helvetica-Bold");
	pack_add(p, FONT_BOLD, &b);
	b.len = 0;
	buf_str(&b, "<< /Title ");
	sheet_string(&b, text->subject);
	buf_str(&b, " /Producer (Periksa, surat contoh) >>");
	pack_add(p, INFO, &b);
	if (buf_rc(&b) != RC_OK)
		maker_fail(l->m, buf_rc(&b));
	buf_clear(&b);
}

/* What Word puts out of old readers' sight: the structure tree. */
static void
pack_structure(struct pack *p)
{
	pack_text(p, STRUCT_ROOT, "<< /Type /StructTreeRoot /K 10 0 R /ParentTreeNextKey 1 >>");
	pack_text(p, STRUCT_ELEM, "<< /Type /StructElem /S /Document /P 9 0 R /Pg 3 0 R >>");
}

/* Two sections, as Word writes them: a whole table, and an empty one that
 * points to the stream with the hidden objects. */
static void
hybrid_sections(struct letter *l)
{
	uint64_t at, stream;
	size_t i;

	stream = put_xref_stream(l, false);
	for (i = 0; i < l->nentries; i++) {
		if (l->entries[i].container == 0)
			continue;
		l->entries[i] = (struct letter_entry){
		    .number = l->entries[i].number, .at = l->entries[i].number + 1, .free = true};
	}
	section_table(l);
	at = letter_offset(l, l->out.len);
	buf_str(&l->out, "xref\n0 0\ntrailer\n<< ");
	trailer_keys(l, &l->out);
	buf_printf(&l->out, " /XRefStm %ju >>\n", (uintmax_t)stream);
	section_end(l, at);
}

void
letter_init(struct letter *l, struct maker *m, enum letter_form form,
    const struct letter_text *text, uint64_t pad)
{
	struct pack p = {.l = l, .plain = form != LETTER_STREAM};

	memset(l, 0, sizeof(*l));
	l->m = m;
	l->form = form;
	l->catalog = CATALOG;
	l->pages = PAGES;
	l->page = PAGE;
	l->info = INFO;
	l->font = FONT;
	l->font_bold = FONT_BOLD;
	pad = (pad + PAD_WIDTH - 1) / PAD_WIDTH * PAD_WIDTH;
	l->size = form == LETTER_HYBRID ? STRUCT_ELEM + 1 : PADDING + (pad > 0);
	buf_init(&l->out, LETTER_MAX);
	buf_init(&p.index, 1u << 16);
	buf_init(&p.data, 1u << 16);
	buf_str(&l->out, "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n");
	entry(l, 0, 0)->free = true;
	if (pad > 0)
		put_padding(l, pad);
	else if (form == LETTER_HYBRID)
		entry(l, PADDING, 0)->free = true;
	put_content(l, text);
	if (form == LETTER_STREAM)
		p.container = l->size++;
	pack_document(&p, text);
	if (form == LETTER_HYBRID) {
		p.plain = false;
		p.container = l->size++;
		pack_structure(&p);
	}
	if (form == LETTER_CLASSIC) {
		section_table(l);
		return;
	}
	pack_end(&p);
	if (form == LETTER_HYBRID)
		hybrid_sections(l);
	else
		section_end(l, put_xref_stream(l, false));
}

/* --- updates --- */

void
letter_put_form(struct letter *l, bool page_too)
{
	unsigned i;

	letter_put(l, l->catalog);
	body_catalog(l, &l->out);
	letter_done(l);
	if (l->acroform > 0) {
		letter_put(l, l->acroform);
		buf_str(&l->out, "<< /SigFlags 3 /Fields [");
		for (i = 0; i < l->nfields; i++)
			buf_printf(&l->out, "%u 0 R ", l->fields[i]);
		buf_str(&l->out, "] >>");
		letter_done(l);
	}
	if (page_too) {
		letter_put(l, l->page);
		letter_page(l, &l->out);
		letter_done(l);
	}
}

void
letter_redraw(struct letter *l, const struct letter_text *text)
{
	letter_update(l);
	put_content(l, text);
	letter_update_end(l);
}
