/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Attacks on what a signature covers: universal signature forgery, incremental
 * saving, signature wrapping (Mladenov et al., CCS 2019), and plainly broken
 * ranges that a good key signed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "forge.h"
#include "when.h"

/* Spaces over len bytes, and the text at their beginning. */
static void
blot(struct letter *l, size_t at, size_t len, const char *text)
{
	if (letter_rc(l) != RC_OK || at == 0 || len > l->out.len - at || strlen(text) > len) {
		maker_fail(l->m, RC_ABSENT);
		return;
	}
	memset(l->out.p + at, ' ', len);
	memcpy(l->out.p + at, text, strlen(text));
}

/* Number of the object of /V: it is made right after the first field's number. */
static unsigned
value_number(const struct letter *l)
{
	return l->fields[0] + 1;
}

/* Length of the token after /Contents, with its brackets. */
static size_t
contents_at(struct letter *l, size_t *len)
{
	size_t at = forge_last(l, "/Contents <");
	const uint8_t *end;

	*len = 0;
	if (at == 0)
		return 0;
	end = memchr(l->out.p + at, '>', l->out.len - at);
	*len = end == NULL ? 0 : (size_t)(end - l->out.p) + 1 - at;
	return at;
}

/* --- universal signature forgery --- */

static void
usf_range(struct forge *f, struct letter *l, const char *arg)
{
	forge_base(f, l);
	blot(l, forge_last(l, "/ByteRange ["), LETTER_RANGE_ROOM, arg);
}

static void
usf_contents(struct forge *f, struct letter *l, const char *arg)
{
	size_t at, len;

	forge_base(f, l);
	at = contents_at(l, &len);
	blot(l, at, len, arg);
}

/* The dictionary again, later, with one entry changed. */
static void
redefine(struct letter *l, const char *range, const char *contents)
{
	size_t at = forge_object(l, value_number(l)), range_at, len, contents_end;
	struct buf body;

	if (at == 0 || letter_rc(l) != RC_OK) {
		maker_fail(l->m, RC_ABSENT);
		return;
	}
	buf_init(&body, 1u << 20);
	at += strcspn((const char *)l->out.p + at, "<");
	range_at = forge_last(l, "/ByteRange [");
	contents_end = contents_at(l, &len) + len;
	buf_put(&body, l->out.p + at, range_at - at);
	if (range != NULL)
		buf_str(&body, range);
	else
		buf_put(&body, l->out.p + range_at, LETTER_RANGE_ROOM);
	buf_u8(&body, ' ');
	if (contents != NULL)
		buf_str(&body, contents);
	else
		buf_put(&body, l->out.p + contents_end - len, len);
	buf_str(&body, " >>");
	letter_update(l);
	letter_put(l, value_number(l));
	buf_put(&l->out, body.p, body.len);
	letter_done(l);
	letter_update_end(l);
	buf_clear(&body);
}

static void
usf_later_range(struct forge *f, struct letter *l, const char *arg)
{
	forge_base(f, l);
	redefine(l, arg, NULL);
}

static void
usf_later_contents(struct forge *f, struct letter *l, const char *arg)
{
	forge_base(f, l);
	redefine(l, NULL, arg);
}

/* --- incremental saving --- */

const char forge_evil_page[] =
    "<< /Length 46 >>\nstream\nBT /F2 13 Tf 220 496 Td (Rp 92.500.000) Tj ET\n\nendstream";

static void
isa_update(struct forge *f, struct letter *l, const char *arg)
{
	struct letter_text other = forge_text;

	(void)arg;
	forge_base(f, l);
	other.amount = "Rp 92.500.000,00";
	letter_redraw(l, &other);
}

static void
isa_body(struct forge *f, struct letter *l, const char *arg)
{
	forge_base(f, l);
	buf_printf(&l->out, "4 0 obj\n%s\nendobj\n%s", forge_evil_page, arg);
}

/* A copy of the signature under another number, and /V led there. */
static void
isa_copy(struct forge *f, struct letter *l, const char *arg)
{
	size_t at, end;
	struct buf body;
	unsigned copy;

	(void)arg;
	forge_base(f, l);
	at = forge_object(l, value_number(l));
	if (at == 0)
		return;
	at += strcspn((const char *)l->out.p + at, "<");
	end = contents_at(l, &at) + at;
	at = forge_object(l, value_number(l));
	at += strcspn((const char *)l->out.p + at, "<");
	buf_init(&body, 1u << 20);
	buf_put(&body, l->out.p + at, end - at);
	buf_str(&body, " >>");
	letter_update(l);
	copy = letter_put(l, 0);
	buf_put(&l->out, body.p, body.len);
	letter_done(l);
	letter_put(l, l->fields[0]);
	buf_printf(&l->out,
	    "<< /Type /Annot /Subtype /Widget /FT /Sig /F 132 /T (TandaTangan1) /P %u 0 R"
	    " /V %u 0 R /Rect [0 0 0 0] >>",
	    l->page, copy);
	letter_done(l);
	letter_put(l, 4);
	buf_str(&l->out, forge_evil_page);
	letter_done(l);
	letter_update_end(l);
	buf_clear(&body);
}

/* --- signature wrapping --- */

/* A table row for an object of the moved part. */
static void
moved_row(struct buf *b, const struct letter *l, unsigned number, size_t shift)
{
	buf_printf(b, "%u 1\n%010zu 00000 n \n", number, forge_object(l, number) + shift);
}

/*
 * The second part moves to the end; the gap gets a second /ByteRange that
 * finds it, a new page, and a cross-reference where the signed startxref points.
 */
static void
wrap(struct forge *f, struct letter *l, const char *arg)
{
	size_t a, c, len, xref, evil, shift, first_xref;
	struct buf b;

	(void)arg;
	letter_init(l, f->m, LETTER_CLASSIC, &forge_text, 0);
	first_xref = (size_t)l->startxref;
	agency_sign(&f->agency, l,
	    &(struct agency_order){.signer = &f->signer, .level = AGENCY_T, .at = FORGE_SIGNED});
	a = contents_at(l, &len) + 10;
	c = a - 10 + len;
	xref = (size_t)l->startxref;
	if (letter_rc(l) != RC_OK || xref < c + 200)
		return;
	buf_init(&b, 1u << 20);
	shift = 4096;
	buf_put(&b, l->out.p, c);
	buf_printf(&b, " /ByteRange [0 %zu %zu %zu] >>\nendobj\n", a, c + shift, l->out.len - c);
	evil = b.len;
	buf_printf(&b, "4 0 obj\n%s\nendobj\n", forge_evil_page);
	while (b.len < xref)
		buf_u8(&b, ' ');
	buf_printf(&b, "xref\n4 1\n%010zu 00000 n \n", evil);
	moved_row(&b, l, l->catalog, shift);
	moved_row(&b, l, l->page, shift);
	moved_row(&b, l, l->acroform, shift);
	moved_row(&b, l, l->fields[0], shift);
	buf_printf(
	    &b, "%u 1\n%010zu 00000 n \n", value_number(l), forge_object(l, value_number(l)));
	buf_printf(&b, "trailer\n<< /Size %u /Root 1 0 R /Prev %zu >>\nstartxref\n%zu\n%%%%EOF\n",
	    l->size, first_xref, xref);
	while (b.len < c + shift)
		buf_u8(&b, ' ');
	buf_put(&b, l->out.p + c, l->out.len - c);
	if (buf_rc(&b) != RC_OK || b.len != l->out.len + shift)
		maker_fail(l->m, RC_FORMAT);
	buf_clear(&l->out);
	l->out = b; /* transferred */
}

/* --- ranges that a good key signed --- */

struct bent {
	struct pki_cert const *certs[3];
	struct token stamp;
	struct envelope envelope;
	struct letter_sign sign;
	struct letter_hole hole;
};

static void
bent_begin(struct forge *f, struct letter *l, struct bent *b, const char *dictionary)
{
	memset(b, 0, sizeof(*b));
	if (l->m == NULL)
		letter_init(l, f->m, LETTER_CLASSIC, &forge_text, 0);
	b->certs[0] = &f->agency.root;
	b->certs[1] = &f->agency.ca;
	b->certs[2] = &f->signer;
	forge_token(f, &b->stamp, FORGE_SIGNED);
	b->envelope = (struct envelope){
	    .signer = &f->signer, .certs = b->certs, .ncerts = 3, .stamp = &b->stamp};
	b->sign = (struct letter_sign){.field = "TandaTangan1",
	    .at = FORGE_SIGNED,
	    .hole = 8192,
	    .dictionary = dictionary,
	    .envelope = &b->envelope};
	letter_sign_begin(l, &b->sign, &b->hole);
}

static void
bent_end(struct forge *f, struct letter *l, struct bent *b)
{
	struct letter_evidence ev;

	letter_sign_end(l, &b->sign, &b->hole);
	forge_evidence(f, &f->signer, FORGE_SIGNED + 4, &ev);
	letter_dss(l, &ev);
}

/* arg: four numbers added to the honest range. */
static void
bent_range(struct forge *f, struct letter *l, const char *arg)
{
	struct bent b;
	size_t i;
	char *end;

	bent_begin(f, l, &b, NULL);
	for (i = 0; i < 4; i++) {
		b.hole.range[i] += (uint64_t)strtoll(arg, &end, 10);
		arg = end;
	}
	bent_end(f, l, &b);
}

/* Something else than hex in the hole, outside of what is signed. */
static void
hole_text(struct forge *f, struct letter *l, const char *arg)
{
	struct bent b;

	bent_begin(f, l, &b, NULL);
	bent_end(f, l, &b);
	forge_poke(l, b.hole.close - 1 - strlen(arg), arg);
}

/* The whole dictionary by hand; "%" stands for the hole. */
static void
dictionary(struct forge *f, struct letter *l, const char *arg)
{
	struct bent b;
	struct buf text;

	buf_init(&text, 1u << 20);
	buf_str(&text, "<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached\n");
	for (; *arg != '\0'; arg++)
		if (*arg == '%')
			letter_contents(&text, 8192);
		else
			buf_u8(&text, (uint8_t)*arg);
	buf_str(&text, " >>");
	bent_begin(f, l, &b, buf_text(&text));
	bent_end(f, l, &b);
	buf_clear(&text);
}

/* A direct range is needed: this one is object 60, with the right numbers. */
static void
indirect_range(struct forge *f, struct letter *l, const char *arg)
{
	struct bent b;
	char text[96];
	size_t at;

	(void)arg;
	letter_init(l, f->m, LETTER_CLASSIC, &forge_text, 0);
	letter_update(l);
	l->size = 61;
	letter_put(l, 60);
	buf_str(&l->out, "[0 0000000000 0000000000 0000000000]");
	letter_done(l);
	letter_update_end(l);
	bent_begin(f, l, &b, NULL);
	snprintf(text, sizeof(text), "[0 %010ju %010ju %010ju]", (uintmax_t)b.hole.range[1],
	    (uintmax_t)b.hole.range[2], (uintmax_t)b.hole.range[3]);
	at = forge_object(l, 60);
	forge_poke(l, at > 0 ? at + 9 : 0, text);
	blot(l, b.hole.range_at, LETTER_RANGE_ROOM, "/ByteRange 60 0 R");
	b.hole.range_at = 0;
	bent_end(f, l, &b);
}

/* The hole is an object of its own. */
static void
indirect_contents(struct forge *f, struct letter *l, const char *arg)
{
	static const char text[] =
	    "<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached\n" LETTER_RANGE
	    "\n/Contents 60 0 R >>";
	struct bent b;
	size_t at;

	(void)arg;
	letter_init(l, f->m, LETTER_CLASSIC, &forge_text, 0);
	letter_update(l);
	l->size = 61;
	letter_put(l, 60);
	letter_contents(&l->out, 8192);
	letter_done(l);
	letter_update_end(l);
	at = forge_object(l, 60);
	blot(l, at > 0 ? at + 9 : 0, 10, "");
	bent_begin(f, l, &b, text);
	b.hole.range_at = forge_last(l, "/ByteRange [");
	b.hole.open = at + 19;
	b.hole.close = b.hole.open + 2 + (size_t)2 * 8192;
	b.hole.range[1] = b.hole.open;
	b.hole.range[2] = b.hole.close;
	b.hole.range[3] = l->out.len - b.hole.close;
	bent_end(f, l, &b);
}

/* --- what stands around --- */

static void
appended(struct forge *f, struct letter *l, const char *arg)
{
	forge_base(f, l);
	buf_str(&l->out, arg);
}

static void
junk_before(struct forge *f, struct letter *l, const char *arg)
{
	struct buf whole;

	forge_base(f, l);
	buf_init(&whole, 1u << 20);
	buf_str(&whole, arg);
	buf_put(&whole, l->out.p, l->out.len);
	buf_clear(&l->out);
	l->out = whole; /* transferred */
}

/* Display rolls back to the unsigned revision. */
static void
rollback(struct forge *f, struct letter *l, const char *arg)
{
	uint64_t first;

	(void)arg;
	letter_init(l, f->m, LETTER_CLASSIC, &forge_text, 0);
	first = l->startxref;
	agency_sign(&f->agency, l,
	    &(struct agency_order){.signer = &f->signer, .level = AGENCY_LT, .at = FORGE_SIGNED});
	buf_printf(&l->out, "startxref\n%ju\n%%%%EOF\n", (uintmax_t)first);
}

/* A later revision whose /Prev jumps over the signed one. */
static void
skip(struct forge *f, struct letter *l, const char *arg)
{
	struct letter_text other = forge_text;
	uint64_t first;

	(void)arg;
	letter_init(l, f->m, LETTER_CLASSIC, &forge_text, 0);
	first = l->startxref;
	agency_sign(&f->agency, l,
	    &(struct agency_order){.signer = &f->signer, .level = AGENCY_LT, .at = FORGE_SIGNED});
	other.amount = "Rp 92.500.000,00";
	l->startxref = first;
	letter_redraw(l, &other);
}

static void
new_root(struct forge *f, struct letter *l, const char *arg)
{
	(void)arg;
	forge_base(f, l);
	letter_update(l);
	l->catalog = letter_put(l, 0);
	buf_printf(&l->out, "<< /Type /Catalog /Pages %u 0 R >>", l->pages);
	letter_done(l);
	letter_update_end(l);
}

/* Another field of this name and value: two fields, one signature. */
static void
second_field(struct forge *f, struct letter *l, const char *arg)
{
	unsigned number;

	forge_base(f, l);
	letter_update(l);
	number = letter_put(l, 0);
	buf_printf(&l->out,
	    "<< /Type /Annot /Subtype /Widget /FT /Sig /F 132 /T (%s) /P %u 0 R /V %u 0 R"
	    " /Rect [72 600 400 700] >>",
	    arg, l->page, value_number(l));
	letter_done(l);
	l->fields[l->nfields++] = number;
	letter_put_form(l, true);
	letter_update_end(l);
}

/* The field under the same name is another object with another value. */
static void
same_name(struct forge *f, struct letter *l, const char *arg)
{
	unsigned number;

	(void)arg;
	forge_base(f, l);
	letter_update(l);
	number = letter_put(l, 0);
	buf_printf(&l->out,
	    "<< /Type /Annot /Subtype /Widget /FT /Sig /F 132 /T (TandaTangan1) /P %u 0 R"
	    " /V << /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached"
	    " /Contents <30> /ByteRange [0 10 20 30] >> /Rect [72 600 400 700] >>",
	    l->page);
	letter_done(l);
	l->fields[0] = number;
	letter_put_form(l, true);
	letter_update_end(l);
}

/* /V of the last timestamp's field becomes /W: it is no signature any more. */
static void
orphan(struct forge *f, struct letter *l, const char *arg)
{
	size_t at;

	(void)arg;
	letter_init(l, f->m, LETTER_CLASSIC, &forge_text, 0);
	agency_sign(&f->agency, l,
	    &(struct agency_order){.signer = &f->signer, .level = AGENCY_LTA, .at = FORGE_SIGNED});
	at = forge_last(l, "/V ");
	forge_poke(l, at, "/W ");
}

static void
orphan_signature(struct forge *f, struct letter *l, const char *arg)
{
	size_t at;

	(void)arg;
	forge_base(f, l);
	at = forge_last(l, "/V ");
	forge_poke(l, at, "/W ");
}

/* arg is the tail of a revision that is cut or broken. */
static void
broken_later(struct forge *f, struct letter *l, const char *arg)
{
	forge_base(f, l);
	buf_printf(&l->out, "4 0 obj\n%s\nendobj\n", forge_evil_page);
	buf_printf(
	    &l->out, "xref\n%s\nstartxref\n%zu\n%%%%EOF\n", arg, forge_last(l, "\nendobj\n") + 8);
}

/* A second signature whose first part ends inside the first one's revision. */
static void
overlap(struct forge *f, struct letter *l, const char *arg)
{
	struct bent b;

	(void)arg;
	letter_init(l, f->m, LETTER_CLASSIC, &forge_text, 0);
	agency_sign(&f->agency, l,
	    &(struct agency_order){.signer = &f->signer, .level = AGENCY_T, .at = FORGE_SIGNED});
	bent_begin(f, l, &b, NULL);
	b.hole.range[1] = 2000;
	bent_end(f, l, &b);
}

/* A second signature of another official. */
static void
second_signature(struct forge *f, struct letter *l, const char *arg)
{
	forge_base(f, l);
	agency_sign(&f->agency, l,
	    &(struct agency_order){
		.signer = &f->other, .level = AGENCY_LT, .at = FORGE_SIGNED + 3600, .field = arg});
}

#define ANY  CONCLUSION__MAX
#define BAD  CONCLUSION_INVALID
#define OPEN CONCLUSION_INDETERMINATE

const struct forge_case forge_coverage[] = {
    {"USF: range null", usf_range, "/ByteRange null", BAD, SUB_FORMAT_FAILURE, CHECK__NONE, 0, 0},
    {"USF: range []", usf_range, "/ByteRange []", BAD, SUB_FORMAT_FAILURE, CHECK__NONE, 0, 0},
    {"USF: range [0 0 0 0]", usf_range, "/ByteRange [0 0 0 0]", BAD, SUB_FORMAT_FAILURE,
	CHECK__NONE, 0, 0},
    {"USF: range negative", usf_range, "/ByteRange [0 -1 -2 -3]", BAD, SUB_FORMAT_FAILURE,
	CHECK__NONE, 0, 0},
    {"USF: range huge", usf_range, "/ByteRange [0 9223372036854775807 1 2]", BAD,
	SUB_FORMAT_FAILURE, CHECK__NONE, 0, 0},
    {"USF: range past 64 bits", usf_range, "/ByteRange [0 99999999999999999999 1 2]", BAD,
	SUB_FORMAT_FAILURE, CHECK__NONE, 0, 0},
    {"USF: range of one", usf_range, "/ByteRange [0]", BAD, SUB_FORMAT_FAILURE, CHECK__NONE, 0, 0},
    {"USF: range of three", usf_range, "/ByteRange [0 1 2]", BAD, SUB_FORMAT_FAILURE, CHECK__NONE,
	0, 0},
    {"USF: range of six", usf_range, "/ByteRange [0 100 200 10 300 10]", BAD, SUB_FORMAT_FAILURE,
	CHECK__NONE, 0, 0},
    {"USF: range of reals", usf_range, "/ByteRange [0 1.0 2.0 3.0]", BAD, SUB_FORMAT_FAILURE,
	CHECK__NONE, 0, 0},
    {"USF: range a string", usf_range, "/ByteRange (0 1 2 3)", BAD, SUB_FORMAT_FAILURE, CHECK__NONE,
	0, 0},
    {"USF: range of a name", usf_range, "/ByteRange [/a]", BAD, SUB_FORMAT_FAILURE, CHECK__NONE, 0,
	0},
    {"USF: no range", usf_range, "", BAD, SUB_FORMAT_FAILURE, CHECK_DICTIONARY_DIRECT, 0, 0},
    {"USF: contents null", usf_contents, "/Contents null", BAD, SUB_FORMAT_FAILURE, CHECK__NONE, 0,
	0},
    {"USF: contents empty", usf_contents, "/Contents <>", BAD, SUB_FORMAT_FAILURE, CHECK__NONE, 0,
	0},
    {"USF: contents ()", usf_contents, "/Contents ()", BAD, SUB_FORMAT_FAILURE, CHECK__NONE, 0, 0},
    {"USF: contents 0x00", usf_contents, "/Contents <00>", BAD, SUB_FORMAT_FAILURE, CHECK__NONE, 0,
	0},
    {"USF: contents garbage", usf_contents, "/Contents <deadbeef>", BAD, SUB_FORMAT_FAILURE,
	CHECK__NONE, 0, 0},
    {"USF: no contents", usf_contents, "", BAD, SUB_FORMAT_FAILURE, CHECK_DICTIONARY_DIRECT, 0, 0},
    {"USF later: range null", usf_later_range, "/ByteRange null", BAD, SUB_FORMAT_FAILURE,
	CHECK_SIGNATURE_REDEFINED, 0, 0},
    {"USF later: range []", usf_later_range, "/ByteRange []", BAD, SUB_FORMAT_FAILURE,
	CHECK_SIGNATURE_REDEFINED, 0, 0},
    {"USF later: range [0 0 0 0]", usf_later_range, "/ByteRange [0 0 0 0]", BAD, SUB_FORMAT_FAILURE,
	CHECK_SIGNATURE_REDEFINED, 0, 0},
    {"USF later: no range", usf_later_range, "", BAD, SUB_FORMAT_FAILURE, CHECK_SIGNATURE_REDEFINED,
	0, 0},
    {"USF later: contents null", usf_later_contents, "/Contents null", BAD, SUB_FORMAT_FAILURE,
	CHECK_SIGNATURE_REDEFINED, 0, 0},
    {"USF later: contents empty", usf_later_contents, "/Contents <>", BAD, SUB_FORMAT_FAILURE,
	CHECK_SIGNATURE_REDEFINED, 0, 0},
    {"USF later: no contents", usf_later_contents, "", BAD, SUB_FORMAT_FAILURE,
	CHECK_SIGNATURE_REDEFINED, 0, 0},
    {"signature defined again later", usf_later_range, NULL, BAD, SUB_FORMAT_FAILURE,
	CHECK_SIGNATURE_REDEFINED, 0, 0},
    {"ISA 1: a whole update", isa_update, NULL, BAD, SUB_FORMAT_FAILURE,
	CHECK_CHANGED_AFTER_SIGNING, 0, 0},
    {"ISA 2: an object alone", isa_body, "", BAD, SUB_FORMAT_FAILURE, CHECK_CHANGED_AFTER_SIGNING,
	0, 0},
    {"ISA 2: an object and %%EOF", isa_body, "%%EOF\n", BAD, SUB_FORMAT_FAILURE,
	CHECK_CHANGED_AFTER_SIGNING, 0, 0},
    {"ISA 2: an object and a trailer", isa_body, "trailer\n<< /Size 20 /Root 1 0 R >>\n%%EOF\n",
	BAD, SUB_FORMAT_FAILURE, CHECK_CHANGED_AFTER_SIGNING, 0, 0},
    {"ISA 3: a malformed table", isa_body,
	"xref\n4 1\nnonsense\ntrailer\n<< /Root 1 0 R >>\nstartxref\n42000\n%%EOF\n", BAD,
	SUB_FORMAT_FAILURE, CHECK_CHANGED_AFTER_SIGNING, 0, 0},
    {"ISA 4: a copy of the signature", isa_copy, NULL, BAD, SUB_FORMAT_FAILURE,
	CHECK_DICTIONARY_PLACE, 0, 0},
    {"SWA: second part moved", wrap, NULL, BAD, SUB_FORMAT_FAILURE, CHECK_REVISION_SECTIONS, 1, 0},
    {"tail uncovered", bent_range, "0 0 0 -6", BAD, SUB_FORMAT_FAILURE, CHECK__NONE, 0, 0},
    {"half of the tail uncovered", bent_range, "0 0 0 -300", BAD, SUB_FORMAT_FAILURE, CHECK__NONE,
	0, 0},
    {"gap begins early", bent_range, "0 -10 0 0", BAD, SUB_FORMAT_FAILURE, CHECK__NONE, 0, 0},
    {"gap begins much earlier", bent_range, "0 -700 0 0", BAD, SUB_FORMAT_FAILURE, CHECK__NONE, 0,
	0},
    {"gap ends late", bent_range, "0 0 3 -3", BAD, SUB_FORMAT_FAILURE, CHECK__NONE, 0, 0},
    {"gap ends much later", bent_range, "0 0 200 -200", BAD, SUB_FORMAT_FAILURE, CHECK__NONE, 0, 0},
    {"gap without its brackets", bent_range, "0 1 -1 1", BAD, SUB_FORMAT_FAILURE, CHECK__NONE, 0,
	0},
    {"range starts after 0", bent_range, "9 -9 0 0", BAD, SUB_FORMAT_FAILURE, CHECK__NONE, 0, 0},
    {"parts overlap", bent_range, "0 0 -17000 17000", BAD, SUB_FORMAT_FAILURE, CHECK__NONE, 0, 0},
    {"white space in the hole", hole_text, "0 0 0 0 ", BAD, SUB_FORMAT_FAILURE, CHECK__NONE, 0, 0},
    {"end of line in the hole", hole_text, "00\r\n00", BAD, SUB_FORMAT_FAILURE, CHECK__NONE, 0, 0},
    {"comment in the hole", hole_text, "%comment\n", BAD, SUB_FORMAT_FAILURE, CHECK__NONE, 0, 0},
    {"junk in the hole", hole_text, "00zz00", BAD, SUB_FORMAT_FAILURE, CHECK__NONE, 0, 0},
    {"another entry in the hole", hole_text, "> /Reason (x) /Evil <00", BAD, SUB_FORMAT_FAILURE,
	CHECK__NONE, 0, 0},
    {"another dictionary in the hole", hole_text, ">>>\nendobj\n4 0 obj\n<< /X <00", BAD, SUB__MAX,
	CHECK__NONE, 1, 0},
    {"contents twice, false one first", dictionary, LETTER_RANGE "\n/Contents <30> %", BAD,
	SUB_FORMAT_FAILURE, CHECK__NONE, 0, 0},
    {"contents twice, false one last", dictionary, LETTER_RANGE "\n% /Contents <30>", OPEN,
	SUB__MAX, CHECK_DUPLICATE_KEY, 0, 0},
    {"range twice", dictionary, LETTER_RANGE "\n% /ByteRange [0 1 2 3]", OPEN, SUB__MAX,
	CHECK_DUPLICATE_KEY, 0, 0},
    {"sub-filter twice", dictionary, LETTER_RANGE "\n% /SubFilter /ETSI.RFC3161", OPEN, SUB__MAX,
	CHECK_DUPLICATE_KEY, 0, 0},
    {"dictionary in another order", dictionary, LETTER_RANGE "\n% /Reason (x)", CONCLUSION_VALID,
	SUB_NONE, CHECK__NONE, 0, 0},
    {"indirect range", indirect_range, NULL, BAD, SUB_FORMAT_FAILURE, CHECK_DICTIONARY_DIRECT, 0,
	0},
    {"indirect contents", indirect_contents, NULL, BAD, SUB_FORMAT_FAILURE, CHECK_DICTIONARY_DIRECT,
	0, 0},
    {"two fields with one value", second_field, "Lain", BAD, SUB_FORMAT_FAILURE, CHECK_AMBIGUOUS, 0,
	0},
    {"two fields with one name and value", second_field, "TandaTangan1", BAD, SUB_FORMAT_FAILURE,
	CHECK_AMBIGUOUS, 0, 0},
    {"another field of the same name", same_name, NULL, BAD, SUB_FORMAT_FAILURE, CHECK_AMBIGUOUS, 0,
	0},
    {"new catalog without a form", new_root, NULL, BAD, SUB_FORMAT_FAILURE,
	CHECK_CHANGED_AFTER_SIGNING, 0, 0},
    {"second startxref", rollback, NULL, BAD, SUB_FORMAT_FAILURE, CHECK_CHANGED_AFTER_SIGNING, 0,
	0},
    {"chain that skips the signed revision", skip, NULL, BAD, SUB_FORMAT_FAILURE,
	CHECK_CHANGED_AFTER_SIGNING, 0, 0},
    {"plain bytes appended", appended, "sent by a mail gateway\n", OPEN, SUB__MAX,
	CHECK_TRAILING_BYTES, 0, 0},
    {"zeros and text appended", appended, "\n\n\n\n\nscanned\n", OPEN, SUB__MAX,
	CHECK_TRAILING_BYTES, 0, 0},
    {"object appended", appended, "99 0 obj\nnull\nendobj\n", BAD, SUB_FORMAT_FAILURE,
	CHECK_CHANGED_AFTER_SIGNING, 0, 0},
    {"header appended", appended, "%PDF-1.4\n", BAD, SUB_FORMAT_FAILURE,
	CHECK_CHANGED_AFTER_SIGNING, 0, 0},
    {"startxref appended", appended, "startxref\n0\n%%EOF\n", BAD, SUB_FORMAT_FAILURE,
	CHECK_CHANGED_AFTER_SIGNING, 0, 0},
    {"junk before the header", junk_before, "junk\n", OPEN, SUB__MAX, CHECK_HEADER, 1, 0},
    {"one byte before the header", junk_before, "\n", OPEN, SUB__MAX, CHECK_HEADER, 1, 0},
    {"later revision: table cut", broken_later, "4 1\n0000", BAD, SUB_FORMAT_FAILURE,
	CHECK_CHANGED_AFTER_SIGNING, 0, 0},
    {"later revision: no trailer", broken_later, "4 1\n0000040000 00000 n \n", BAD,
	SUB_FORMAT_FAILURE, CHECK_CHANGED_AFTER_SIGNING, 0, 0},
    {"later revision: offset past the end", broken_later,
	"4 1\n9999999999 00000 n \ntrailer\n<< /Size 20 /Root 1 0 R /Prev 1 >>", BAD,
	SUB_FORMAT_FAILURE, CHECK_CHANGED_AFTER_SIGNING, 0, 0},
    {"timestamp's field without its value", orphan, NULL, BAD, SUB_FORMAT_FAILURE,
	CHECK_ORPHAN_SIGNATURE, 0, 0},
    {"signature's field without its value", orphan_signature, NULL, OPEN, SUB__MAX,
	CHECK_ORPHAN_SIGNATURE, 0, 0},
    {"a second signature", second_signature, "TandaTangan2", CONCLUSION_VALID, SUB_NONE,
	CHECK__NONE, 0, 0},
    {"overlapping ranges", overlap, NULL, BAD, SUB_FORMAT_FAILURE, CHECK__NONE, 0, 0},
    {.name = NULL},
};
