/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Shadow attacks (Mainka et al., NDSS 2021) that are written by bytes: hybrid files and
 * tables that lead elsewhere.  Those that are plain updates are in deed_attack.c.
 */
#include <string.h>

#include "forge.h"

/* A later revision in hybrid form: table and stream name different pages. */
static void
hybrid_shadow(struct forge *f, struct letter *l, const char *arg)
{
	static const uint8_t w_row = 1;
	size_t evil, good, stream, at;

	(void)arg;
	forge_base_form(f, l, LETTER_HYBRID);
	evil = l->out.len;
	buf_printf(&l->out, "4 0 obj\n%s\nendobj\n", forge_evil_page);
	good = l->out.len;
	buf_str(
	    &l->out, "5 0 obj\n<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>\nendobj\n");
	stream = l->out.len;
	buf_printf(&l->out,
	    "%u 0 obj\n<< /Type /XRef /W [1 4 0] /Index [4 1] /Size %u /Root 1 0 R /Length 5 >>\n"
	    "stream\n",
	    l->size, l->size + 1);
	buf_u8(&l->out, w_row);
	buf_u32(&l->out, (uint32_t)evil);
	buf_str(&l->out, "\nendstream\nendobj\n");
	at = l->out.len;
	buf_printf(&l->out,
	    "xref\n5 1\n%010zu 00000 n \ntrailer\n<< /Size %u /Root 1 0 R /Prev %ju /XRefStm %zu "
	    ">>\n"
	    "startxref\n%zu\n%%%%EOF\n",
	    good, l->size + 1, (uintmax_t)l->startxref, stream, at);
}

/* The signed revision itself is ambiguous: a reader of streams sees another page. */
static void
hybrid_signed(struct forge *f, struct letter *l, const char *arg)
{
	size_t evil, stream, at;
	unsigned number;

	(void)arg;
	letter_init(l, f->m, LETTER_HYBRID, &forge_text, 0);
	evil = l->out.len;
	buf_printf(&l->out, "4 0 obj\n%s\nendobj\n", forge_evil_page);
	number = l->size++;
	stream = l->out.len;
	buf_printf(&l->out,
	    "%u 0 obj\n<< /Type /XRef /W [1 4 0] /Index [4 1] /Size %u /Root 1 0 R /Length 5 >>\n"
	    "stream\n",
	    number, l->size);
	buf_u8(&l->out, 1);
	buf_u32(&l->out, (uint32_t)evil);
	buf_str(&l->out, "\nendstream\nendobj\n");
	at = l->out.len;
	buf_printf(&l->out,
	    "xref\n0 0\ntrailer\n<< /Size %u /Root 1 0 R /Prev %ju /XRefStm %zu >>\n"
	    "startxref\n%zu\n%%%%EOF\n",
	    l->size, (uintmax_t)l->startxref, stream, at);
	l->startxref = at;
	agency_sign(&f->agency, l,
	    &(struct agency_order){.signer = &f->signer, .level = AGENCY_LT, .at = FORGE_SIGNED});
}

/* A later revision names the stream of the first one again, with what it hid. */
static void
hybrid_again(struct forge *f, struct letter *l, const char *arg)
{
	size_t old = 0, at;
	const uint8_t *p;

	(void)arg;
	forge_base_form(f, l, LETTER_HYBRID);
	p = memmem(l->out.p, l->out.len, "/XRefStm ", 9);
	for (p = p != NULL ? p + 9 : NULL; p != NULL && *p >= '0' && *p <= '9'; p++)
		old = 10 * old + (size_t)(*p - '0');
	at = l->out.len;
	buf_printf(&l->out,
	    "xref\n0 0\ntrailer\n<< /Size %u /Root 1 0 R /Prev %ju /XRefStm %zu >>\n"
	    "startxref\n%zu\n%%%%EOF\n",
	    l->size, (uintmax_t)l->startxref, old, at);
}

/* The signed bytes hold a second page; later only the table leads there. */
static void
hide_and_replace(struct forge *f, struct letter *l, const char *arg)
{
	size_t evil, at;

	(void)arg;
	letter_init(l, f->m, LETTER_CLASSIC, &forge_text, 0);
	evil = l->out.len;
	buf_printf(&l->out, "4 0 obj\n%s\nendobj\n", forge_evil_page);
	agency_sign(&f->agency, l,
	    &(struct agency_order){.signer = &f->signer, .level = AGENCY_LT, .at = FORGE_SIGNED});
	at = l->out.len;
	buf_printf(&l->out,
	    "xref\n4 1\n%010zu 00000 n \ntrailer\n<< /Size %u /Root 1 0 R /Prev %ju >>\n"
	    "startxref\n%zu\n%%%%EOF\n",
	    evil, l->size, (uintmax_t)l->startxref, at);
}

/* The font that the page is written in is changed. */
static void
font(struct forge *f, struct letter *l, const char *arg)
{
	forge_base(f, l);
	letter_update(l);
	letter_put(l, l->font_bold);
	buf_str(&l->out, arg);
	letter_done(l);
	letter_update_end(l);
}

/* Object 4 compressed in a later revision of a file with streams. */
static void
stream_shadow(struct forge *f, struct letter *l, const char *arg)
{
	struct letter_text other = forge_text;

	(void)arg;
	forge_base_form(f, l, LETTER_STREAM);
	other.amount = "Rp 92.500.000,00";
	letter_redraw(l, &other);
}

/*
 * An object of the signed revision that goes on behind its end, so that what it shows
 * is written later.  arg: s a stream; i one whose length is an object; t a text.
 */
static void
beyond(struct forge *f, struct letter *l, const char *arg)
{
	const size_t len = 60000;
	struct letter_evidence ev;
	unsigned length;
	size_t body;

	letter_init(l, f->m, LETTER_CLASSIC, &forge_text, 0);
	letter_update(l);
	length = letter_put(l, 0);
	buf_printf(&l->out, "%zu", len);
	letter_done(l);
	if (arg[0] == 't') {
		letter_put(l, l->font_bold);
		buf_str(&l->out, "<< /Type /Font /Subtype /Type1 /Contoh (");
	} else {
		letter_put(l, 4);
		if (arg[0] == 's')
			buf_printf(&l->out, "<< /Length %zu >>\nstream\n", len);
		else
			buf_printf(&l->out, "<< /Length %u 0 R >>\nstream\n", length);
	}
	body = l->out.len;
	buf_str(&l->out, "BT /F1 11 Tf 72 700 Td (Rp 2.500.000,00) Tj ET\nendstream");
	letter_done(l);
	letter_update_end(l);
	agency_sign(&f->agency, l,
	    &(struct agency_order){.signer = &f->signer, .level = AGENCY_T, .at = FORGE_SIGNED});
	buf_str(&l->out, "BT /F1 11 Tf 72 700 Td (Rp 92.500.000,00) Tj ET\n");
	while (l->out.len < body + len && letter_rc(l) == RC_OK)
		buf_u8(&l->out, ' ');
	buf_str(
	    &l->out, arg[0] == 't' ? ") /BaseFont /Symbol >>\nendobj\n" : "\nendstream\nendobj\n");
	forge_evidence(f, &f->signer, FORGE_SIGNED + 4, &ev);
	letter_dss(l, &ev);
}

/* The field whose value is the dictionary, and the form. */
static void
field_of(struct letter *l, unsigned widget, unsigned value)
{
	letter_put(l, widget);
	buf_printf(&l->out,
	    "<< /Type /Annot /Subtype /Widget /FT /Sig /F 132 /T (TandaTangan1) /P %u 0 R "
	    "/V %u 0 R /Rect [0 0 0 0] >>",
	    l->page, value);
	letter_done(l);
	letter_put_form(l, true);
	letter_update_end(l);
}

/*
 * Another object is written around the signature's, so that the hole, which nobody
 * signs, is a part of what it shows.  arg: s a stream; i one whose length is an object;
 * m one whose length is missing; t a text.
 */
static void
around(struct forge *f, struct letter *l, const char *arg)
{
	const struct pki_cert *certs[] = {&f->agency.root, &f->agency.ca, &f->signer};
	struct token stamp;
	const struct envelope e = {
	    .signer = &f->signer, .certs = certs, .ncerts = 3, .stamp = &stamp};
	const struct letter_sign sign = {
	    .field = "TandaTangan1", .at = FORGE_SIGNED, .envelope = &e};
	unsigned widget, value, length;
	struct letter_evidence ev;
	struct letter_hole hole;
	size_t body;

	forge_token(f, &stamp, FORGE_SIGNED);
	letter_init(l, f->m, LETTER_CLASSIC, &forge_text, 0);
	letter_update(l);
	l->acroform = l->size++;
	widget = l->size++;
	length = l->size++;
	l->fields[l->nfields++] = widget;
	letter_put(l, arg[0] == 't' ? l->font_bold : 4);
	if (arg[0] == 's')
		buf_str(&l->out, "<< /#4cength 34000 >>\nstream\n");
	else if (arg[0] == 'i')
		buf_printf(&l->out, "<< /Length %u 0 R >>\nstream\n", length);
	else if (arg[0] == 'm')
		buf_str(&l->out, "<< /Length 0 >>\nstream\n");
	else
		buf_str(&l->out, "<< /Type /Font /Subtype /Type1 /Contoh (\n");
	body = l->out.len;
	buf_str(&l->out, "BT /F1 11 Tf 72 700 Td (Rp \n");
	value = letter_put(l, 0);
	letter_dictionary(&l->out, &sign);
	letter_done(l);
	buf_str(&l->out, ",00) Tj ET ");
	while (l->out.len < body + 34000 && letter_rc(l) == RC_OK)
		buf_u8(&l->out, ' ');
	buf_str(&l->out,
	    arg[0] == 't' ? ") /BaseFont /Helvetica-Bold >>\nendobj\n" : "\nendstream\nendobj\n");
	letter_put(l, length);
	buf_str(&l->out, "34000");
	letter_done(l);
	field_of(l, widget, value);
	letter_hole_find(l, &hole);
	letter_sign_end(l, &sign, &hole);
	forge_evidence(f, &f->signer, FORGE_SIGNED + 4, &ev);
	letter_dss(l, &ev);
	/* what stands behind the message */
	forge_poke(l, hole.close - 9, "99999999");
}

#define ANY  CONCLUSION__MAX
#define BAD  CONCLUSION_INVALID
#define OPEN CONCLUSION_INDETERMINATE

const struct forge_case forge_shadow[] = {
    {"shadow: hybrid later revision", hybrid_shadow, NULL, BAD, SUB_FORMAT_FAILURE,
	CHECK_CHANGED_AFTER_SIGNING, 0, 0},
    {"shadow: ambiguous signed revision", hybrid_signed, NULL, OPEN, SUB__MAX,
	CHECK_HYBRID_AMBIGUOUS, 0, 0},
    {"shadow: an older stream again", hybrid_again, NULL, BAD, SUB_FORMAT_FAILURE,
	CHECK_REVISION_SECTIONS, 0, 0},
    {"shadow: hide and replace", hide_and_replace, NULL, BAD, SUB_FORMAT_FAILURE,
	CHECK_REVISION_SECTIONS, 0, 0},
    {"shadow: another font", font,
	"<< /Type /Font /Subtype /Type1 /BaseFont /Symbol /Encoding /WinAnsiEncoding >>", BAD,
	SUB_FORMAT_FAILURE, CHECK_CHANGED_AFTER_SIGNING, 0, 0},
    {"shadow: object freed of its type", font, "null", BAD, SUB_FORMAT_FAILURE,
	CHECK_CHANGED_AFTER_SIGNING, 0, 0},
    {"update of a file with streams", stream_shadow, NULL, BAD, SUB_FORMAT_FAILURE,
	CHECK_CHANGED_AFTER_SIGNING, 0, 0},
    {"a stream that ends after its revision", beyond, "s", BAD, SUB__MAX, CHECK_OBJECT, 0, 0},
    {"the same, its length an object", beyond, "i", BAD, SUB__MAX, CHECK_OBJECT, 0, 0},
    {"a text that ends after its revision", beyond, "t", BAD, SUB__MAX, CHECK_OBJECT, 0, 0},
    {"a stream around the hole", around, "s", BAD, SUB_FORMAT_FAILURE, CHECK_DICTIONARY_PLACE, 0,
	0},
    {"the same, its length an object", around, "i", BAD, SUB_FORMAT_FAILURE, CHECK_DICTIONARY_PLACE,
	0, 0},
    {"the same, its length wrong", around, "m", BAD, SUB_FORMAT_FAILURE, CHECK_DICTIONARY_PLACE, 0,
	0},
    {"a text around the hole", around, "t", BAD, SUB_FORMAT_FAILURE, CHECK_DICTIONARY_PLACE, 0, 0},
    {.name = NULL},
};
