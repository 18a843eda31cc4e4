/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cross-references: which chains are sound, and what is said of the others. */
#define _GNU_SOURCE /* memmem */
#include "caps.h"
#include "pdfmake.h"
#include "revision.h"
#include "xref.h"

#define nitems(a) (sizeof(a) / sizeof((a)[0]))

struct reading {
	struct arena *arena;
	struct doc d;
	enum rc rc;
};

static void
read_xref(struct reading *r, const struct pm *m)
{
	uint8_t *p;

	r->arena = arena_new(16u << 20);
	p = arena_dup(r->arena, m->b.p, m->b.len);
	assert_non_null(p);
	doc_init(&r->d, r->arena, p, m->b.len);
	r->rc = xref_read(&r->d);
}

static void
read_end(struct reading *r)
{
	doc_clear(&r->d);
	arena_free(r->arena);
}

static bool
says(const struct reading *r, enum pdf_rule rule)
{
	return pm_has(r->d.findings, r->d.nfindings, rule);
}

static void
tails(void **state)
{
	static const struct {
		const char *in;
		uint64_t value, eof;
		unsigned eols;
		bool ok;
	} cases[] = {
	    {"startxref\n12\n%%EOF", 12, 18, 0, true},
	    {"startxref\n12\n%%EOF\n", 12, 18, 1, true},
	    {"startxref\r\n12\r\n%%EOF\r\n", 12, 20, 1, true},
	    {"startxref 7 %%EOF\n\r\n", 7, 17, 2, true},
	    {"startxref\n12\n%%EOF\n\n\n", 12, 18, 3, true},
	    {"startxref\n12\n%%EOFx", 0, 0, 0, false},
	    {"startxref\n12x\n%%EOF", 0, 0, 0, false},
	    {"startxref12\n%%EOF", 0, 0, 0, false},
	    {"startxref\n\n%%EOF", 0, 0, 0, false},
	    {"tartxref\n12\n%%EOF", 0, 0, 0, false},
	    {"%%EOF", 0, 0, 0, false},
	    {"", 0, 0, 0, false},
	};
	struct xref_tail t;
	size_t i;
	bool ok;

	(void)state;
	for (i = 0; i < nitems(cases); i++) {
		ok = xref_tail((const uint8_t *)cases[i].in, strlen(cases[i].in), &t);
		if (ok != cases[i].ok ||
		    (ok && (t.value != cases[i].value || t.eof != cases[i].eof ||
			       t.eols != cases[i].eols)))
			fail_msg("'%s': %d %u", cases[i].in, ok, (unsigned)t.value);
	}
}

static void
good(void **state)
{
	struct reading r;
	struct pm m;

	(void)state;
	pm_init(&m);
	pm_page(&m);
	pm_end(&m, "");
	pm_obj(&m, 4, "<</Length 5>>\nstream\n1 1 m\nendstream");
	pm_end(&m, "");
	read_xref(&r, &m);
	assert_int_equal(r.rc, RC_OK);
	assert_int_equal(r.d.nfindings, 0);
	assert_int_equal(r.d.nsections, 2);
	assert_int_equal(r.d.nrevisions, 2);
	assert_int_equal(r.d.nbackward, 0);
	assert_true(revision_def(&r.d, 0, 4)->off < revision_def(&r.d, 1, 4)->off);
	assert_ptr_equal(revision_def(&r.d, 0, 3), revision_def(&r.d, 1, 3));
	assert_null(revision_def(&r.d, 1, 0));
	assert_null(revision_def(&r.d, 1, 9));
	assert_null(revision_def(&r.d, 1, 4000000000u));
	read_end(&r);
	buf_clear(&m.b);
}

/* One thing wrong in a file of one revision. */
static void
defects(void **state)
{
	static const struct {
		const char *old, *text;
		enum rc rc;
		enum pdf_rule rule;
	} cases[] = {
	    {"%PDF-", " %PDF", RC_FORMAT, PDF_S1_HEADER},
	    {"%%EOF", "%%EOG", RC_FORMAT, PDF_S2_TAIL},
	    {"startxref", "startxreg", RC_FORMAT, PDF_S2_TAIL},
	    {"xref\n0 1", "xreg\n0 1", RC_FORMAT, PDF_S3_XREF},
	    {"trailer", "trailes", RC_FORMAT, PDF_S3_XREF},
	    {"0000000000 65535 f", "0000000000 65535 x", RC_FORMAT, PDF_S3_XREF},
	    {"0000000000 65535 f", "0000000000 65536 f", RC_FORMAT, PDF_S3_XREF},
	    {"0 1\n0000000000", "0 9\n0000000000", RC_FORMAT, PDF_S3_XREF},
	    {"\n4 1\n", "\n3 1\n", RC_FORMAT, PDF_S4_NUMBERS},
	    {"/Size 64", "/Size 04", RC_OK, PDF_S4_NUMBERS},
	    {"/Size 64", "/Sise 64", RC_FORMAT, PDF_S4_NUMBERS},
	    {"/Root 1 0 R", "/Root 1/Roo", RC_FORMAT, PDF_S3_XREF},
	    {"/Size 64/Root 1 0 R", "/Size 64/Size 64   ", RC_OK, PDF_S8_DUPLICATE_KEY},
	};
	struct reading r;
	struct pm m;
	size_t i;

	(void)state;
	for (i = 0; i < nitems(cases); i++) {
		pm_init(&m);
		pm_page(&m);
		pm_end(&m, "");
		pm_patch(&m, cases[i].old, cases[i].text);
		read_xref(&r, &m);
		if (r.rc != cases[i].rc || !says(&r, cases[i].rule))
			fail_msg("%s: rc %d, %zu findings, first %s", cases[i].text, (int)r.rc,
			    r.d.nfindings,
			    r.d.nfindings == 0 ? "-" : pdf_rule_id(r.d.findings[0].rule));
		read_end(&r);
		buf_clear(&m.b);
	}
}

/* A chain that comes back to itself, leaves the file, or is too long. */
static void
chains(void **state)
{
	static const char *const prevs[] = {
	    "/Prev 99999", "/Prev 0", "/Prev -1", "/Prev 1 0 R", "/Prev 1.5", "/Prev 9"};
	struct reading r;
	struct pm m;
	char self[32];
	size_t i;

	(void)state;
	for (i = 0; i <= nitems(prevs); i++) {
		pm_init(&m);
		pm_page(&m);
		snprintf(self, sizeof(self), "/Prev %zu", m.b.len);
		pm_end(&m, i < nitems(prevs) ? prevs[i] : self);
		read_xref(&r, &m);
		assert_int_equal(r.rc, RC_FORMAT);
		assert_true(says(&r, PDF_S3_XREF));
		read_end(&r);
		buf_clear(&m.b);
	}
	pm_init(&m);
	pm_page(&m);
	for (i = 0; i <= CAP_SECTIONS; i++)
		pm_end(&m, "");
	read_xref(&r, &m);
	assert_int_equal(r.rc, RC_FORMAT);
	assert_true(says(&r, PDF_S9_LIMIT));
	read_end(&r);
	buf_clear(&m.b);
}

/* The last startxref names the first revision: the display is rolled back. */
static void
rollback(void **state)
{
	struct reading r;
	struct pm m;
	uint64_t first;

	(void)state;
	pm_init(&m);
	pm_page(&m);
	pm_end(&m, "");
	first = m.prev;
	pm_obj(&m, 4, "<</Length 5>>\nstream\n1 1 m\nendstream");
	pm_end(&m, "");
	buf_printf(&m.b, "startxref\n%u\n%%%%EOF\n", (unsigned)first);
	read_xref(&r, &m);
	assert_int_equal(r.rc, RC_OK);
	assert_true(r.d.rollback);
	assert_true(says(&r, PDF_S2_TAIL));
	read_end(&r);
	buf_clear(&m.b);
}

/* Objects: the entry must lead to that object, complete. */
static void
objects(void **state)
{
	static const struct {
		const char *old, *text;
	} cases[] = {
	    {"4 0 obj", "5 0 obj"},
	    {"4 0 obj", "4 1 obj"},
	    {"4 0 obj", "4 0 obk"},
	    {"/Length 5", "/Length 4"},
	    {"/Length 5", "/Length 9"},
	    {"/Length 5", "/Lengti 5"},
	    {"stream\n0 0", "stream\r0 0"},
	    {"endstream\nendobj", "endstream\nendoby"},
	};
	struct reading r;
	struct node *node;
	struct pm m;
	size_t i;

	(void)state;
	for (i = 0; i < nitems(cases); i++) {
		pm_init(&m);
		pm_page(&m);
		pm_end(&m, "");
		pm_patch(&m, cases[i].old, cases[i].text);
		read_xref(&r, &m);
		assert_int_equal(r.rc, RC_OK);
		assert_int_equal(
		    revision_node(&r.d, 0, revision_def(&r.d, 0, 4), &node), RC_FORMAT);
		assert_null(node);
		assert_true(says(&r, PDF_S5_OBJECT));
		read_end(&r);
		buf_clear(&m.b);
	}
}

/* A cross-reference stream and an object stream, neither compressed: 5 is the
 * object stream with the catalog 1 and the pages 2, 6 the cross-references. */
static void
packed_as(struct pm *m, const char *dict, const char *numbers, const char *w)
{
	uint8_t e[7][4];
	uint64_t off[7] = {0};
	size_t i;

	pm_init(m);
	off[3] = m->b.len;
	pm_obj(m, 3, "<</Type/Page/Parent 2 0 R>>");
	off[5] = m->b.len;
	buf_printf(&m->b,
	    "5 0 obj\n<</Type/ObjStm%s>>\nstream\n%s"
	    "<</Type/Catalog/Pages 2 0 R>>\n<</Type/Pages/Kids[3 0 R]>>\nendstream\nendobj\n",
	    dict, numbers);
	off[6] = m->b.len;
	memset(e, 0, sizeof(e));
	for (i = 0; i < 7; i++) {
		e[i][0] = off[i] != 0;
		e[i][1] = (uint8_t)(off[i] >> 8);
		e[i][2] = (uint8_t)off[i];
	}
	e[1][0] = e[2][0] = 2;
	e[1][2] = e[2][2] = 5;
	e[2][3] = 1;
	buf_printf(&m->b, "6 0 obj\n<</Type/XRef/Size 7%s/Root 1 0 R/Length 28>>\nstream\n", w);
	buf_put(&m->b, e, sizeof(e));
	buf_printf(&m->b, "\nendstream\nendobj\nstartxref\n%u\n%%%%EOF\n", (unsigned)off[6]);
}

static void
packed(struct pm *m, const char *numbers, const char *w)
{
	packed_as(m, "/N 2/First 9/Length 67", numbers, w);
}

static void
streams(void **state)
{
	static const struct {
		const char *numbers, *w;
		enum rc read, object;
		enum pdf_rule rule;
	} cases[] = {
	    {"1 0 2 30 ", "/W[1 2 1]", RC_OK, RC_OK, PDF_RULE__MAX},
	    {"1 0 2 30 ", "/W[1 2 1]/Index[0 7]", RC_OK, RC_OK, PDF_RULE__MAX},
	    {"1 0 2 30 ", "/W[1 2 1]/Index[0 6]", RC_FORMAT, RC_OK, PDF_S3_XREF},
	    {"1 0 2 30 ", "/W[1 2 1]/Index[0 8]", RC_FORMAT, RC_OK, PDF_S3_XREF},
	    {"1 0 2 30 ", "/W[1 2 1]/Index[0]", RC_FORMAT, RC_OK, PDF_S3_XREF},
	    {"1 0 2 30 ", "/W[1 2]", RC_FORMAT, RC_OK, PDF_S3_XREF},
	    {"1 0 2 30 ", "/W[1 2 9]", RC_FORMAT, RC_OK, PDF_S3_XREF},
	    {"1 0 2 30 ", "/W[0 0 0]", RC_FORMAT, RC_OK, PDF_S3_XREF},
	    {"1 0 2 30 ", "", RC_FORMAT, RC_OK, PDF_S3_XREF},
	    {"1 0 7 30 ", "/W[1 2 1]", RC_OK, RC_FORMAT, PDF_S6_OBJSTM},
	    {"2 0 2 30 ", "/W[1 2 1]", RC_OK, RC_FORMAT, PDF_S6_OBJSTM},
	    {"9 0 2 30 ", "/W[1 2 1]", RC_OK, RC_OK, PDF_RULE__MAX},
	    {"1 0 2 99 ", "/W[1 2 1]", RC_OK, RC_FORMAT, PDF_S6_OBJSTM},
	    {"1 9 2 0  ", "/W[1 2 1]", RC_OK, RC_FORMAT, PDF_S6_OBJSTM},
	    {"1 0 2 31 ", "/W[1 2 1]", RC_OK, RC_FORMAT, PDF_S6_OBJSTM},
	};
	struct reading r;
	struct node *node;
	struct pm m;
	size_t i;
	enum rc rc;

	(void)state;
	for (i = 0; i < nitems(cases); i++) {
		packed(&m, cases[i].numbers, cases[i].w);
		read_xref(&r, &m);
		if (r.rc != cases[i].read)
			fail_msg("%s %s: rc %d", cases[i].numbers, cases[i].w, (int)r.rc);
		if (r.rc == RC_OK) {
			rc = revision_node(&r.d, 0, revision_def(&r.d, 0, 2), &node);
			if (rc != cases[i].object)
				fail_msg("%s %s: object %d", cases[i].numbers, cases[i].w, (int)rc);
		}
		if (cases[i].rule == PDF_RULE__MAX)
			assert_int_equal(r.d.nfindings, 0);
		else
			assert_true(says(&r, cases[i].rule));
		read_end(&r);
		buf_clear(&m.b);
	}
}

/* The container is redefined: the old content must not be read as the new one. */
static void
container_replaced(void **state)
{
	struct reading r;
	struct node *node;
	struct pm m;

	(void)state;
	packed(&m, "1 0 2 30 ", "/W[1 2 1]");
	m.prev = (uint64_t)((uint8_t *)memmem(m.b.p, m.b.len, "6 0 obj", 7) - m.b.p);
	memset(m.dirty, 0, sizeof(m.dirty));
	pm_obj(&m, 5, "<</Type/ObjStm/N 0/First 0/Length 0>>\nstream\n\nendstream");
	pm_end(&m, "");
	read_xref(&r, &m);
	assert_int_equal(r.rc, RC_OK);
	assert_int_equal(revision_node(&r.d, 0, revision_def(&r.d, 0, 2), &node), RC_OK);
	assert_int_equal(revision_node(&r.d, 1, revision_def(&r.d, 1, 2), &node), RC_FORMAT);
	assert_true(says(&r, PDF_S6_OBJSTM));
	read_end(&r);
	buf_clear(&m.b);
}

/* What an object stream holds must not depend on objects that a later revision can change. */
static void
container_depends(void **state)
{
	static const char *const dicts[] = {
	    "/N 3 0 R/First 9/Length 67",
	    "/N 2/First 3 0 R/Length 67",
	    "/N 2/First 9/Length 67/Filter 9 0 R",
	    "/N 2/First 9/Length 67/Filter[9 0 R]",
	    "/N 2/First 9/Length 67/DecodeParms 9 0 R",
	    "/N 2/First 9/Length 67/DecodeParms[<</Predictor 9 0 R>>]",
	};
	struct reading r;
	struct node *node;
	struct pm m;
	size_t i;

	(void)state;
	for (i = 0; i < nitems(dicts); i++) {
		packed_as(&m, dicts[i], "1 0 2 30 ", "/W[1 2 1]");
		read_xref(&r, &m);
		assert_int_equal(r.rc, RC_OK);
		assert_int_equal(
		    revision_node(&r.d, 0, revision_def(&r.d, 0, 2), &node), RC_FORMAT);
		assert_true(says(&r, PDF_S6_OBJSTM));
		read_end(&r);
		buf_clear(&m.b);
	}
}

/* The same for its length: two are right, and give other objects. */
static void
container_length(void **state)
{
	struct reading r;
	struct node *node;
	struct pm m;

	(void)state;
	packed_as(&m, "/N 2/First 9/Length 7 0 R", "1 0 2 30 ", "/W[1 2 1]");
	m.prev = (uint64_t)((uint8_t *)memmem(m.b.p, m.b.len, "6 0 obj", 7) - m.b.p);
	memset(m.dirty, 0, sizeof(m.dirty));
	pm_obj(&m, 7, "67");
	pm_end(&m, "");
	pm_obj(&m, 7, "66");
	pm_end(&m, "");
	read_xref(&r, &m);
	assert_int_equal(r.rc, RC_OK);
	assert_int_equal(revision_node(&r.d, 1, revision_def(&r.d, 1, 2), &node), RC_OK);
	assert_int_equal(revision_node(&r.d, 2, revision_def(&r.d, 2, 2), &node), RC_FORMAT);
	read_end(&r);
	buf_clear(&m.b);
}

/* Objects that lie in one another cost what they are long, each time. */
static void
nested_objects(void **state)
{
	struct reading r;
	struct node *node;
	struct pm m;

	(void)state;
	pm_init(&m);
	pm_page(&m);
	pm_end(&m, "");
	read_xref(&r, &m);
	assert_true(doc_parsed(&r.d, CAP_PARSED - 10));
	assert_int_equal(revision_node(&r.d, 0, revision_def(&r.d, 0, 4), &node), RC_FORMAT);
	assert_true(says(&r, PDF_S9_LIMIT));
	read_end(&r);
	buf_clear(&m.b);
}

/* A hybrid update of the page: hidden in its stream; shown in its table, freed there if NULL. */
static void
hybrid_update(struct pm *m, const char *hidden, const char *shown)
{
	uint64_t off = m->b.len, stm, at;
	uint8_t e[4] = {1, (uint8_t)(off >> 16), (uint8_t)(off >> 8), (uint8_t)off};

	buf_printf(&m->b, "3 0 obj\n%s\nendobj\n", hidden);
	stm = m->b.len;
	buf_str(&m->b, "7 0 obj\n<</Type/XRef/Size 64/W[1 3 0]/Index[3 1]/Length 4>>\nstream\n");
	buf_put(&m->b, e, sizeof(e));
	buf_str(&m->b, "\nendstream\nendobj\n");
	off = m->b.len;
	if (shown != NULL)
		buf_printf(&m->b, "3 0 obj\n%s\nendobj\n", shown);
	at = m->b.len;
	buf_printf(&m->b, "xref\n3 1\n%010llu 00000 %c \ntrailer\n<</Size 64/Root 1 0 R",
	    (unsigned long long)(shown == NULL ? 0 : off), shown == NULL ? 'f' : 'n');
	buf_printf(&m->b, "/XRefStm %llu/Prev %llu>>\nstartxref\n%llu\n%%%%EOF\n",
	    (unsigned long long)stm, (unsigned long long)m->prev, (unsigned long long)at);
}

/* Readers with and without the stream must see the same page. */
static void
hybrid_ambiguous(void **state)
{
	static const char page[] = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R>>",
			  other[] = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>";
	static const struct {
		const char *hidden, *shown;
		bool ambiguous;
	} cases[] = {
	    {page, page, false},
	    {other, page, true},
	    {page, NULL, true},
	};
	struct reading r;
	struct pm m;
	size_t i;

	(void)state;
	for (i = 0; i < nitems(cases); i++) {
		pm_init(&m);
		pm_page(&m);
		pm_end(&m, "");
		hybrid_update(&m, cases[i].hidden, cases[i].shown);
		read_xref(&r, &m);
		assert_int_equal(r.rc, RC_OK);
		assert_non_null(revision_def(&r.d, 1, 3));
		assert_int_equal(says(&r, PDF_S7_HYBRID), cases[i].ambiguous);
		read_end(&r);
		buf_clear(&m.b);
	}
}

/* A /Size that leaves objects out counts where it is the newest, whatever came before it. */
static void
sizes(void **state)
{
	static const struct {
		int before, newest;
		bool wrong;
	} cases[] = {{64, 64, false}, {64, 5, false}, {64, 4, true}, {1, 5, false}, {1, 4, true},
	    {1, 1, true}, {64, 0, true}, {1, 64, false}};
	struct reading r;
	struct pm m;
	uint64_t at;
	size_t i;
	int k;

	(void)state;
	for (i = 0; i < nitems(cases); i++) {
		pm_init(&m);
		pm_page(&m);
		pm_end(&m, "");
		for (k = 0; k < 2; k++) {
			at = m.b.len;
			buf_printf(&m.b, "xref\n0 1\n0000000000 65535 f \ntrailer\n<</Size %d",
			    k == 0 ? cases[i].before : cases[i].newest);
			buf_printf(&m.b, "/Root 1 0 R/Prev %llu>>\nstartxref\n%llu\n%%%%EOF\n",
			    (unsigned long long)m.prev, (unsigned long long)at);
			m.prev = at;
		}
		read_xref(&r, &m);
		assert_int_equal(r.rc, RC_OK);
		if (r.d.defect != cases[i].wrong)
			fail_msg("%d, %d", cases[i].before, cases[i].newest);
		read_end(&r);
		buf_clear(&m.b);
	}
}

/* An indirect /Length is read as each revision has it. */
static void
length_replaced(void **state)
{
	struct reading r;
	struct node *node;
	struct pm m;

	(void)state;
	pm_init(&m);
	pm_page(&m);
	pm_obj(&m, 4, "<</Length 7 0 R>>\nstream\n0 0 m\nendstream");
	pm_obj(&m, 7, "5");
	pm_end(&m, "");
	pm_obj(&m, 7, "3");
	pm_end(&m, "");
	read_xref(&r, &m);
	assert_int_equal(r.rc, RC_OK);
	assert_int_equal(revision_node(&r.d, 0, revision_def(&r.d, 0, 4), &node), RC_OK);
	assert_int_equal(revision_node(&r.d, 1, revision_def(&r.d, 1, 4), &node), RC_FORMAT);
	read_end(&r);
	buf_clear(&m.b);
}

#define VIEWS 9

/*
 * An object that some revisions define, asked for in any two views one after the other:
 * which definition answers, and until which section it does.
 */
static void
views(void **state)
{
	static const char *const plans[] = {
	    "d--d-d-d-", "---d-----", "d-------d", "---------", "ddddddddd", "-ddd-----"};
	size_t answer[VIEWS], until[VIEWS], i, a, b, k;
	const struct def *def;
	struct reading r;
	struct pm m;

	(void)state;
	for (k = 0; k < nitems(plans); k++) {
		pm_init(&m);
		pm_page(&m);
		for (i = 0; i < VIEWS; i++) {
			pm_obj(&m, 8, "(each)");
			if (plans[k][i] == 'd')
				pm_obj(&m, 9, "(some)");
			pm_end(&m, "");
			answer[i] = i == 0 ? SIZE_MAX : answer[i - 1];
			if (plans[k][i] == 'd')
				answer[i] = i;
		}
		for (i = VIEWS; i-- > 0;) {
			until[i] = i + 1 == VIEWS ? SIZE_MAX : until[i + 1];
			if (i + 1 < VIEWS && plans[k][i + 1] == 'd')
				until[i] = i + 1;
		}
		read_xref(&r, &m);
		assert_int_equal(r.rc, RC_OK);
		assert_int_equal(r.d.nsections, VIEWS);
		for (a = 0; a < VIEWS; a++)
			for (b = 0; b < VIEWS; b++) {
				(void)revision_def(&r.d, a, 9);
				r.d.until = SIZE_MAX;
				def = revision_def(&r.d, b, 9);
				assert_int_equal(def == NULL ? SIZE_MAX : def->section, answer[b]);
				assert_int_equal(r.d.until, until[b]);
			}
		read_end(&r);
		buf_clear(&m.b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(tails),
	    cmocka_unit_test(good),
	    cmocka_unit_test(defects),
	    cmocka_unit_test(chains),
	    cmocka_unit_test(rollback),
	    cmocka_unit_test(objects),
	    cmocka_unit_test(streams),
	    cmocka_unit_test(sizes),
	    cmocka_unit_test(container_replaced),
	    cmocka_unit_test(container_depends),
	    cmocka_unit_test(hybrid_ambiguous),
	    cmocka_unit_test(container_length),
	    cmocka_unit_test(nested_objects),
	    cmocka_unit_test(length_replaced),
	    cmocka_unit_test(views),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
