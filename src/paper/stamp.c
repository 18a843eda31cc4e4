/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * qpdf reads and writes; a file that it would have to repair is not stamped, since what it means
 * is a guess.  The QR stays large enough to be read from paper, or there is no footer.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <qpdf/qpdf-c.h>
#include <zlib.h>

#include "caps.h"
#include "footer.h"
#include "leaf.h"
#include "room.h"
#include "stamp.h"

#define MODULE  0.935 /* points, 0.33 mm: what a phone reads from a copy */
#define LEAST   0.6   /* of the letters' size */
#define PARENTS 64

struct page {
	double box[4]; /* of what is seen: left, bottom, right, top in user space */
	int turned;    /* clockwise: 0, 90, 180, 270 */
	double unit;   /* points a unit */
	struct room room;
	struct dots before;
};

struct stamp {
	struct paper_answer *a;
	struct footer footer;
	struct dots footer_dots;
	struct canvas canvas; /* the document before */
	qpdf_data pdf;
	qpdf_oh form, head; /* in pdf: the footer; what stands before a page's content */
	uint32_t from, to, npages;
	char pdfa, level;   /* its part, 0: it is none; and its level of conformance */
	bool transparent;   /* the footer */
	struct page *pages; /* of from to to */
};

/* --- the document --- */

static enum paper_code
open_document(struct stamp *s, const struct paper_octets *o)
{
	enum qpdf_error_code_e code;

	if (o->len < 5 || memcmp(o->p, "%PDF-", 5) != 0)
		return PAPER_NOT_READABLE;
	if ((s->pdf = qpdf_init()) == NULL)
		return PAPER_TROUBLE;
	qpdf_silence_errors(s->pdf);
	qpdf_set_suppress_warnings(s->pdf, QPDF_TRUE);
	qpdf_set_attempt_recovery(s->pdf, QPDF_FALSE);
	if ((qpdf_read_memory(s->pdf, "document", (const char *)o->p, o->len, NULL) &
		QPDF_ERRORS) != 0) {
		code = qpdf_get_error_code(s->pdf, qpdf_get_error(s->pdf));
		return code == qpdf_e_password ? PAPER_ENCRYPTED : PAPER_DAMAGED;
	}
	if (qpdf_is_encrypted(s->pdf))
		return PAPER_ENCRYPTED;
	if (qpdf_more_warnings(s->pdf) || qpdf_get_num_pages(s->pdf) <= 0)
		return PAPER_DAMAGED;
	return PAPER_OK;
}

/*
 * What a signature granted to the document: certification, or usage rights, which forbid changes
 * by themselves (ISO 32000-1, 12.8.4).  Whatever stands there, somebody relies on it.
 */
static bool
has_permissions(qpdf_data pdf)
{
	static const char *const keys[] = {"/DocMDP", "/UR3", "/UR"};
	qpdf_oh perms = qpdf_oh_get_key(pdf, qpdf_get_root(pdf), "/Perms");
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (qpdf_oh_is_dictionary(pdf, perms) && qpdf_oh_has_key(pdf, perms, keys[i]))
			return true;
	return false;
}

/* A value with both marks of a signature, wherever it is; or its mark in the octets themselves. */
static bool
is_signed(qpdf_data pdf, const struct paper_octets *o)
{
	long long size =
	    qpdf_oh_get_int_value(pdf, qpdf_oh_get_key(pdf, qpdf_get_trailer(pdf), "/Size"));
	qpdf_oh oh;
	int i;
	bool found = has_permissions(pdf) || memmem(o->p, o->len, "/ByteRange", 10) != NULL;

	for (i = 1; !found && i < size && i < (int)CAP_OBJECTS; i++) {
		oh = qpdf_get_object_by_id(pdf, i, 0);
		found = qpdf_oh_is_dictionary(pdf, oh) && qpdf_oh_has_key(pdf, oh, "/ByteRange") &&
			qpdf_oh_has_key(pdf, oh, "/Contents");
		qpdf_oh_release(pdf, oh);
	}
	return found;
}

/* --- PDF/A (ISO 19005) --- */

/* The character that is the value of a property, an attribute or an element; 0: there is none. */
static char
property(const unsigned char *p, size_t len, const char *name)
{
	const unsigned char *at = memmem(p, len, name, strlen(name)), *end = p + len;

	if (at == NULL)
		return 0;
	for (at += strlen(name); at < end && strchr("=>\"' \t\r\n", *at) != NULL; at++)
		;
	return (
	    char)(at < end && ((*at >= '1' && *at <= '9') || (*at >= 'A' && *at <= 'Z')) ? *at : 0);
}

/* Part and level of conformance, if its metadata have them. */
static bool
says_pdfa(struct stamp *s)
{
	qpdf_oh meta = qpdf_oh_get_key(s->pdf, qpdf_get_root(s->pdf), "/Metadata");
	unsigned char *p = NULL;
	QPDF_BOOL filtered;
	size_t len = 0;

	if (qpdf_oh_is_stream(s->pdf, meta) &&
	    qpdf_oh_get_stream_data(s->pdf, meta, qpdf_dl_generalized, &filtered, &p, &len) ==
		QPDF_SUCCESS &&
	    p != NULL && (s->pdfa = property(p, len, "pdfaid:part")) != 0)
		s->level = property(p, len, "pdfaid:conformance");
	free(p);
	return s->pdfa != 0;
}

/* Whether anything in the footer's own file shines through. */
static bool
is_transparent(qpdf_data pdf)
{
	static const char *const alphas[] = {"/ca", "/CA"};
	long long size =
	    qpdf_oh_get_int_value(pdf, qpdf_oh_get_key(pdf, qpdf_get_trailer(pdf), "/Size"));
	qpdf_oh oh, dict;
	double v;
	int i, k;

	for (i = 1; i < size && i < (int)CAP_OBJECTS; i++) {
		oh = qpdf_get_object_by_id(pdf, i, 0);
		dict = qpdf_oh_is_stream(pdf, oh) ? qpdf_oh_get_dict(pdf, oh) : oh;
		if (!qpdf_oh_is_dictionary(pdf, dict))
			continue;
		if (qpdf_oh_has_key(pdf, dict, "/SMask") &&
		    !qpdf_oh_is_name(pdf, qpdf_oh_get_key(pdf, dict, "/SMask")))
			return true;
		for (k = 0; k < 2; k++)
			if (qpdf_oh_get_value_as_number(
				pdf, qpdf_oh_get_key(pdf, dict, alphas[k]), &v) &&
			    v < 1)
				return true;
	}
	return false;
}

/*
 * Fonts are embedded, nothing is an annotation, structure and metadata stay: what the footer then
 * can take from a file is its purity of colours and, of the first part, of transparency.
 */
static void
tell_loss(const struct stamp *s)
{
	qpdf_oh intents = qpdf_oh_get_key(s->pdf, qpdf_get_root(s->pdf), "/OutputIntents");

	(void)snprintf(s->a->detail, sizeof(s->a->detail), "PDF/A-%c%.*s%s%s", s->pdfa,
	    s->level != 0, &s->level,
	    s->transparent && s->pdfa == '1' ? "; lost: the logo is transparent" : "",
	    qpdf_oh_is_array(s->pdf, intents) ? "" : "; lost: colours without an output intent");
}

static enum paper_code
look_over(struct stamp *s, const struct paper_octets *o)
{
	qpdf_oh form = qpdf_oh_get_key(s->pdf, qpdf_get_root(s->pdf), "/AcroForm");

	if (is_signed(s->pdf, o))
		return PAPER_SIGNED;
	if (qpdf_oh_is_dictionary(s->pdf, form) && qpdf_oh_has_key(s->pdf, form, "/XFA"))
		return PAPER_FORM;
	if (canvas_open(&s->canvas, o->p, o->len, NULL) != RC_OK ||
	    s->canvas.pages != qpdf_get_num_pages(s->pdf))
		return PAPER_DAMAGED;
	if (says_pdfa(s))
		s->a->notes |= PAPER_NOTE_PDFA;
	if (qpdf_is_linearized(s->pdf))
		s->a->notes |= PAPER_NOTE_LINEARIZED;
	return PAPER_OK;
}

/* --- a page --- */

/* Its own key, or its parents'. */
static qpdf_oh
inherited(qpdf_data pdf, qpdf_oh page, const char *key)
{
	qpdf_oh at = page, value = qpdf_oh_get_key(pdf, at, key);
	int i;

	for (i = 0; i < PARENTS && qpdf_oh_is_null(pdf, value); i++) {
		at = qpdf_oh_get_key(pdf, at, "/Parent");
		if (!qpdf_oh_is_dictionary(pdf, at))
			break;
		value = qpdf_oh_get_key(pdf, at, key);
	}
	return value;
}

static bool
rectangle(qpdf_data pdf, qpdf_oh array, double box[4])
{
	double v[4];
	int i;

	if (!qpdf_oh_is_array(pdf, array) || qpdf_oh_get_array_n_items(pdf, array) != 4)
		return false;
	for (i = 0; i < 4; i++)
		if (!qpdf_oh_get_value_as_number(pdf, qpdf_oh_get_array_item(pdf, array, i), &v[i]))
			return false;
	box[0] = fmin(v[0], v[2]);
	box[1] = fmin(v[1], v[3]);
	box[2] = fmax(v[0], v[2]);
	box[3] = fmax(v[1], v[3]);
	return true;
}

static bool
measure(struct page *p, qpdf_data pdf, qpdf_oh page)
{
	qpdf_oh turn = inherited(pdf, page, "/Rotate");
	double crop[4];

	if (!rectangle(pdf, inherited(pdf, page, "/MediaBox"), p->box))
		return false;
	if (rectangle(pdf, inherited(pdf, page, "/CropBox"), crop)) {
		p->box[0] = fmax(p->box[0], crop[0]);
		p->box[1] = fmax(p->box[1], crop[1]);
		p->box[2] = fmin(p->box[2], crop[2]);
		p->box[3] = fmin(p->box[3], crop[3]);
	}
	p->turned =
	    qpdf_oh_is_integer(pdf, turn) ? (int)(qpdf_oh_get_int_value(pdf, turn) % 360) : 0;
	p->turned = (p->turned + 360) % 360;
	if (!qpdf_oh_get_value_as_number(pdf, qpdf_oh_get_key(pdf, page, "/UserUnit"), &p->unit))
		p->unit = 1;
	return p->turned % 90 == 0 && p->unit >= 0.01 && p->unit <= 100 && p->box[0] < p->box[2] &&
	       p->box[1] < p->box[3];
}

/* As Poppler sees it, or what is drawn is not what was measured. */
static bool
agrees(const struct page *p)
{
	double across = p->box[2] - p->box[0], upwards = p->box[3] - p->box[1];
	bool lies = p->turned % 180 != 0;

	return fabs(p->before.width - (lies ? upwards : across)) <= 1.5 &&
	       fabs(p->before.height - (lies ? across : upwards)) <= 1.5;
}

static void
add_page(char detail[256], uint32_t n)
{
	size_t len = strlen(detail);

	if (len < 230)
		(void)snprintf(detail + len, 256 - len, "%s%u", len == 0 ? "page " : ", ", n);
	else if (detail[len - 1] != '.')
		(void)snprintf(detail + len, 256 - len, " ...");
}

static enum paper_code
find_rooms(struct stamp *s)
{
	double least = fmin(1, fmax(LEAST, MODULE / fmax(s->footer.module, 0.01))), scale;
	enum paper_code code = PAPER_OK;
	struct page *p;
	uint32_t n;

	for (n = s->from; n <= s->to; n++) {
		p = &s->pages[n - s->from];
		if (!measure(p, s->pdf, qpdf_get_page_n(s->pdf, n - 1)) ||
		    leaf_dots(&p->before, &scale, &s->canvas, n, 72) != RC_OK || scale < 1 ||
		    !agrees(p)) {
			(void)snprintf(s->a->detail, sizeof(s->a->detail), "page %u", n);
			return PAPER_DAMAGED;
		}
		if (!room_find(&p->room, &p->before, s->footer.print.width / p->unit,
			s->footer.print.height / p->unit, least)) {
			add_page(s->a->detail, n);
			code = PAPER_NO_ROOM;
		} else if (p->room.scale < 1)
			s->a->notes |= PAPER_NOTE_SMALLER;
	}
	return code;
}

/* --- the footer as an object --- */

static qpdf_oh
new_stream(qpdf_data pdf, const unsigned char *p, size_t len)
{
	qpdf_oh stream = qpdf_oh_new_stream(pdf), none = qpdf_oh_new_null(pdf);

	qpdf_oh_replace_stream_data(pdf, stream, p, len, none, none);
	return stream;
}

/* The content of cairo's page, as a form that any page can show. */
static enum paper_code
make_form(struct stamp *s, qpdf_data from)
{
	/* cairo makes each page a group; what hides nothing needs none, and PDF/A-1 has none. */
	static const char *const keys[] = {"/Resources", "/Group"};
	qpdf_oh page = qpdf_get_page_n(from, 0), form, dict, value;
	unsigned char *p = NULL, *packed = NULL;
	size_t len, i;
	uLongf packed_len;

	if (qpdf_oh_get_page_content_data(from, page, &p, &len) != QPDF_SUCCESS)
		return PAPER_TROUBLE;
	packed_len = compressBound(len);
	if ((packed = malloc(packed_len)) == NULL ||
	    compress2(packed, &packed_len, p, len, 9) != Z_OK) {
		free(packed);
		free(p);
		return PAPER_TROUBLE;
	}
	form = qpdf_oh_new_stream(from);
	qpdf_oh_replace_stream_data(from, form, packed, packed_len,
	    qpdf_oh_new_name(from, "/FlateDecode"), qpdf_oh_new_null(from));
	dict = qpdf_oh_get_dict(from, form);
	qpdf_oh_replace_key(from, dict, "/Type", qpdf_oh_new_name(from, "/XObject"));
	qpdf_oh_replace_key(from, dict, "/Subtype", qpdf_oh_new_name(from, "/Form"));
	qpdf_oh_replace_key(from, dict, "/BBox", inherited(from, page, "/MediaBox"));
	s->transparent = is_transparent(from);
	for (i = 0; i < (s->transparent ? 2 : 1); i++) {
		value = inherited(from, page, keys[i]);
		if (!qpdf_oh_is_null(from, value))
			qpdf_oh_replace_key(from, dict, keys[i], value);
	}
	s->form = qpdf_oh_copy_foreign_object(s->pdf, from, form);
	free(packed);
	free(p);
	return qpdf_has_error(from) || qpdf_has_error(s->pdf) ? PAPER_TROUBLE : PAPER_OK;
}

static enum paper_code
read_footer(struct stamp *s, qpdf_data *from, struct buf *page)
{
	enum paper_code code = print_draw(page, &s->footer.print, PAPER_PDF, 0);

	if (code != PAPER_OK)
		return code;
	if ((*from = qpdf_init()) == NULL)
		return PAPER_TROUBLE;
	qpdf_silence_errors(*from);
	if (qpdf_read_memory(*from, "footer", (const char *)page->p, page->len, NULL) !=
	    QPDF_SUCCESS)
		return PAPER_TROUBLE;
	s->head = new_stream(s->pdf, (const unsigned char *)"q\n", 2);
	return make_form(s, *from);
}

/* --- onto a page --- */

/* Another dictionary with the same entries: this one may be other pages', too. */
static qpdf_oh
copy_of(qpdf_data pdf, qpdf_oh dict)
{
	qpdf_oh copy = qpdf_oh_new_dictionary(pdf);
	const char *key;

	if (!qpdf_oh_is_dictionary(pdf, dict))
		return copy;
	qpdf_oh_begin_dict_key_iter(pdf, dict);
	while (qpdf_oh_dict_more_keys(pdf)) {
		key = qpdf_oh_dict_next_key(pdf);
		qpdf_oh_replace_key(pdf, copy, key, qpdf_oh_get_key(pdf, dict, key));
	}
	return copy;
}

/* From the footer's own space to the page's, turned as the page is. */
static void
matrix(const struct page *p, double m[6])
{
	double s = p->room.scale / p->unit, x = p->room.x, y = p->room.y;

	memset(m, 0, 6 * sizeof(*m));
	switch (p->turned) {
	case 90:
		m[1] = s;
		m[2] = -s;
		m[4] = p->box[2] - y;
		m[5] = p->box[1] + x;
		break;
	case 180:
		m[0] = m[3] = -s;
		m[4] = p->box[2] - x;
		m[5] = p->box[3] - y;
		break;
	case 270:
		m[1] = -s;
		m[2] = s;
		m[4] = p->box[0] + y;
		m[5] = p->box[3] - x;
		break;
	default:
		m[0] = m[3] = s;
		m[4] = p->box[0] + x;
		m[5] = p->box[1] + y;
	}
}

static qpdf_oh
new_tail(const struct stamp *s, const struct page *p, const char *name)
{
	double m[6], w = s->footer.print.width, h = s->footer.print.height, x, y;
	char text[512];
	int len;

	matrix(p, m);
	x = m[0] * w + m[2] * h + m[4];
	y = m[1] * w + m[3] * h + m[5];
	len = snprintf(text, sizeof(text),
	    "\nQ\n/Artifact <</Type /Pagination /Subtype /Footer /BBox [%.3f %.3f %.3f %.3f]>> "
	    "BDC\n"
	    "q %.5f %.5f %.5f %.5f %.3f %.3f cm %s Do Q\nEMC\n",
	    fmin(m[4], x), fmin(m[5], y), fmax(m[4], x), fmax(m[5], y), m[0], m[1], m[2], m[3],
	    m[4], m[5], name);
	return new_stream(s->pdf, (const unsigned char *)text, (size_t)len);
}

static void
put(const struct stamp *s, const struct page *p, qpdf_oh page)
{
	qpdf_oh resources = copy_of(s->pdf, inherited(s->pdf, page, "/Resources"));
	qpdf_oh forms = copy_of(s->pdf, qpdf_oh_get_key(s->pdf, resources, "/XObject"));
	qpdf_oh was = qpdf_oh_get_key(s->pdf, page, "/Contents"), now = qpdf_oh_new_array(s->pdf);
	char name[32];
	int i;

	for (i = 0; i == 0 || qpdf_oh_has_key(s->pdf, forms, name); i++)
		(void)snprintf(name, sizeof(name), "/PeriksaFooter%d", i);
	qpdf_oh_replace_key(s->pdf, forms, name, s->form);
	qpdf_oh_replace_key(s->pdf, resources, "/XObject", forms);
	qpdf_oh_replace_key(s->pdf, page, "/Resources", resources);
	qpdf_oh_append_item(s->pdf, now, s->head);
	if (qpdf_oh_is_array(s->pdf, was))
		for (i = 0; i < qpdf_oh_get_array_n_items(s->pdf, was); i++)
			qpdf_oh_append_item(s->pdf, now, qpdf_oh_get_array_item(s->pdf, was, i));
	else if (qpdf_oh_is_stream(s->pdf, was))
		qpdf_oh_append_item(s->pdf, now, was);
	qpdf_oh_append_item(s->pdf, now, new_tail(s, p, name));
	qpdf_oh_replace_key(s->pdf, page, "/Contents", now);
}

static enum paper_code
write_out(const struct stamp *s, struct buf *out)
{
	uint32_t n;

	for (n = s->from; n <= s->to; n++)
		put(s, &s->pages[n - s->from], qpdf_get_page_n(s->pdf, n - 1));
	if (qpdf_has_error(s->pdf) || qpdf_init_write_memory(s->pdf) != QPDF_SUCCESS)
		return PAPER_TROUBLE;
	qpdf_set_object_stream_mode(s->pdf, qpdf_o_preserve);
	qpdf_set_compress_streams(s->pdf, QPDF_FALSE);
	qpdf_set_decode_level(s->pdf, qpdf_dl_none);
	qpdf_set_deterministic_ID(s->pdf, QPDF_TRUE);
	if ((qpdf_write(s->pdf) & QPDF_ERRORS) != 0)
		return PAPER_TROUBLE;
	if (qpdf_more_warnings(s->pdf))
		return PAPER_DAMAGED;
	buf_put(out, qpdf_get_buffer(s->pdf), qpdf_get_buffer_length(s->pdf));
	return buf_rc(out) == RC_OK ? PAPER_OK : PAPER_TROUBLE;
}

/* What came out, drawn, beside what went in. */
static enum paper_code
compare(struct stamp *s, const struct buf *out)
{
	enum paper_code code = PAPER_OK;
	struct canvas now;
	struct dots d;
	double scale;
	uint32_t n;
	struct page *p;

	if (canvas_open(&now, out->p, out->len, NULL) != RC_OK)
		return PAPER_TROUBLE;
	for (n = s->from; n <= s->to; n++) {
		p = &s->pages[n - s->from];
		if (leaf_dots(&d, &scale, &now, n, 72) != RC_OK ||
		    !room_only_there(&p->room, &p->before, &d, &s->footer_dots)) {
			add_page(s->a->detail, n);
			code = PAPER_DISTURBED;
		}
		free(d.p);
	}
	canvas_close(&now);
	return code;
}

static enum paper_code
choose_pages(struct stamp *s, const struct paper_job *job)
{
	s->npages = (uint32_t)s->canvas.pages;
	s->from = job->from == PAPER_LAST ? s->npages : job->from;
	s->to = job->to == PAPER_LAST ? s->npages : job->to;
	if (s->from == 0 || s->from > s->to || s->to > s->npages)
		return PAPER_NO_PAGE;
	s->pages = calloc(s->to - s->from + 1, sizeof(*s->pages));
	return s->pages == NULL ? PAPER_TROUBLE : PAPER_OK;
}

void
stamp_do(struct paper_answer *a, struct buf *out, const struct paper_job *job)
{
	struct stamp s = {.a = a};
	qpdf_data from = NULL;
	struct buf page;
	uint32_t n;

	buf_init(&page, CAP_PAPER_OUT);
	footer_make(&s.footer, a, job);
	if (a->code == PAPER_OK &&
	    (a->code = open_document(&s, &job->part[PAPER_DOCUMENT])) == PAPER_OK &&
	    (a->code = look_over(&s, &job->part[PAPER_DOCUMENT])) == PAPER_OK &&
	    (a->code = choose_pages(&s, job)) == PAPER_OK &&
	    (a->code = print_dots(&s.footer_dots, &s.footer.print, NULL, 72)) == PAPER_OK &&
	    (a->code = find_rooms(&s)) == PAPER_OK &&
	    (a->code = read_footer(&s, &from, &page)) == PAPER_OK &&
	    (a->code = write_out(&s, out)) == PAPER_OK)
		a->code = compare(&s, out);
	if (a->code == PAPER_OK && s.pdfa != 0)
		tell_loss(&s);
	for (n = s.from; s.pages != NULL && n <= s.to; n++)
		free(s.pages[n - s.from].before.p);
	free(s.pages);
	free(s.footer_dots.p);
	canvas_close(&s.canvas);
	if (s.pdf != NULL)
		qpdf_cleanup(&s.pdf);
	if (from != NULL)
		qpdf_cleanup(&from);
	footer_clear(&s.footer);
	buf_clear(&page);
}
