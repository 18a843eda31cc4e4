/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Known drawings: what is ink, what lies under a rectangle, what differs; with numbers. */
#include "pdfmake.h"

#include <dlfcn.h>
#include <math.h>

#include "canvas.h"
#include "caps.h"
#include "drawer.h"
#include "ink.h"

#define nitems(a) (sizeof(a) / sizeof((a)[0]))

/* Poppler, fontconfig and glib keep what they have until the process ends. */
const char *__lsan_default_suppressions(void);

const char *
__lsan_default_suppressions(void)
{
	return "leak:libpoppler\nleak:libfontconfig\nleak:libglib\nleak:libgobject\nleak:"
	       "libcairo\n";
}

/* One page: keys of its dictionary, what it draws. */
static void
one_page(struct pm *m, const char *keys, const char *content)
{
	char text[4096];

	pm_init(m);
	pm_obj(m, 1, "<</Type/Catalog/Pages 2 0 R>>");
	pm_obj(m, 2, "<</Type/Pages/Kids[3 0 R]/Count 1>>");
	snprintf(text, sizeof(text),
	    "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F "
	    "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>%s>>",
	    keys);
	pm_obj(m, 3, text);
	snprintf(text, sizeof(text), "<</Length %zu>>\nstream\n%s\nendstream", strlen(content) + 1,
	    content);
	pm_obj(m, 4, text);
	pm_end(m, "");
}

static void
draw(struct drawing *d, struct canvas *c, const struct pm *m)
{
	assert_int_equal(canvas_open(c, m->b.p, m->b.len, NULL), RC_OK);
	assert_int_equal(canvas_draw(d, c, 1, CAP_DRAW_SIDE, NULL), RC_OK);
}

/* What lies under one rectangle of the page's own space. */
static void
under(struct paint_answer *a, const char *keys, const char *content, const double rect[4])
{
	struct drawing d;
	struct canvas c;
	struct area area;
	struct ink k;
	struct pm m;

	one_page(&m, keys, content);
	draw(&d, &c, &m);
	assert_int_equal(ink_find(&k, &d), RC_OK);
	assert_true(drawing_area(&d, rect, 0, &area));
	assert_int_equal(ink_cover(a, &k, &area, 1, d.scale), RC_OK);
	ink_clear(&k);
	drawing_clear(&d);
	canvas_close(&c);
	buf_clear(&m.b);
}

static void
close_to(const char *what, double got, double want, double by)
{
	if (!(fabs(got - want) <= by))
		fail_msg("%s: %g, want %g", what, got, want);
}

/* Bars of 4 x 10: one alone, three together. */
#define BARS "0 g 100 100 4 10 re 200 300 4 10 re 220 300 4 10 re 240 300 4 10 re f"

static void
test_shares(void **state)
{
	static const struct {
		double rect[4], ink, area, points;
	} cases[] = {
	    {{90, 90, 120, 120}, 0.25, 900.0 / 240000, 40},
	    {{120, 120, 90, 90}, 0.25, 900.0 / 240000, 40}, /* corners the other way */
	    {{190, 290, 250, 320}, 0.75, 1800.0 / 240000, 120}, {{0, 0, 400, 600}, 1, 1, 160},
	    {{-50, -50, 450, 650}, 1, 1, 160}, /* over the edge */
	    {{300, 300, 350, 400}, 0, 5000.0 / 240000, 0},
	    {{500, 700, 600, 800}, 0, 0, 0},                  /* nowhere */
	    {{100, 100, 102, 110}, 0.125, 20.0 / 240000, 40}, /* what stands beside belongs to it */
	};
	struct paint_answer a;
	size_t i;

	(void)state;
	for (i = 0; i < nitems(cases); i++) {
		under(&a, "/MediaBox[0 0 400 600]", BARS, cases[i].rect);
		close_to("ink", a.ink, cases[i].ink, 0.001);
		close_to("area", a.area, cases[i].area, 0.0001);
		close_to("points", a.points, cases[i].points, 1);
	}
}

/* The same place of the page's own space, however the page is shown. */
static void
test_turned(void **state)
{
	static const char *const shown[] = {"", "/Rotate 90", "/Rotate 180", "/Rotate 270",
	    "/Rotate -90", "/Rotate 450", "/UserUnit 3", "/CropBox[50 60 350 500]",
	    "/CropBox[50 60 350 500]/Rotate 90", "/CropBox[50 60 350 500]/Rotate 180",
	    "/CropBox[50 60 350 500]/Rotate 270", "/CropBox[90 95 300 305]/Rotate 180",
	    "/CropBox[90 95 300 305]/Rotate 270"};
	static const double one[] = {98, 98, 106, 112};
	char keys[128];
	struct paint_answer a;
	size_t i;

	(void)state;
	for (i = 0; i < nitems(shown); i++) {
		snprintf(keys, sizeof(keys), "/MediaBox[0 0 400 600]%s", shown[i]);
		under(&a, keys, "0 g 100 100 4 10 re 200 280 4 10 re 220 280 4 10 re f", one);
		close_to(shown[i], a.points, 40, 1);
		close_to(shown[i], a.ink, 1.0 / 3, 0.01);
	}
	/* a MediaBox that does not begin at 0, the other way round */
	under(&a, "/MediaBox[300 500 -100 -100]", "0 g 100 100 4 10 re f", one);
	close_to("box", a.points, 40, 1);
}

static void
test_what_is_ink(void **state)
{
	static const struct {
		const char *what, *content;
		double least, most;
	} cases[] = {
	    {"an empty page", "", 0, 0},
	    {"a tag of 12 points", "BT /F 12 Tf 100 100 Td (#) Tj ET", 25, CAP_COVER_POINTS},
	    {"a tag of 14 points", "BT /F 14 Tf 100 100 Td (#) Tj ET", 25, CAP_COVER_POINTS},
	    {"an amount", "BT /F 12 Tf 100 100 Td (Rp 5.000) Tj ET", 200, 1000},
	    {"a small amount", "BT /F 8 Tf 100 100 Td (Rp 500) Tj ET", CAP_COVER_POINTS + 1, 1000},
	    {"grey text", "0.5 g BT /F 12 Tf 100 100 Td (Rp 5.000) Tj ET", 200, 1000},
	    {"red text", "1 0 0 rg BT /F 12 Tf 100 100 Td (Rp 5.000) Tj ET", 200, 1000},
	    {"white text in a dark box",
		"0.2 g 60 60 200 100 re f 1 g BT /F 12 Tf 100 100 Td (Rp 5.000) Tj ET", 200, 1000},
	    {"text on a scan's grey paper",
		"0.8 g 0 0 400 600 re f 0.2 g BT /F 12 Tf 100 100 Td (Rp 5.000) Tj ET", 200, 1000},
	    {"a watermark", "0.87 g BT /F 60 Tf 60 100 Td (DRAFT) Tj ET", 0, 0},
	    {"a coloured box", "0.8 0.9 1 rg 60 60 200 100 re f", 0, 0},
	    {"a rule", "0.7 w 60 100 m 300 100 l S", 0, 0},
	    {"a thick rule", "2 w 60 100 m 300 100 l S", 0, 0},
	    {"an upright rule", "1 w 100 60 m 100 200 l S", 0, 0},
	    {"where to sign", "BT /F 10 Tf 80 100 Td (..............................) Tj ET", 0, 0},
	    {"invisible text", "3 Tr BT /F 12 Tf 100 100 Td (Rp 5.000) Tj ET", 0, 0},
	};
	static const double rect[] = {50, 50, 320, 220};
	struct paint_answer a;
	size_t i;

	(void)state;
	for (i = 0; i < nitems(cases); i++) {
		under(&a, "/MediaBox[0 0 400 600]", cases[i].content, rect);
		if (a.points < cases[i].least || a.points > cases[i].most)
			fail_msg("%s: %g, want %g to %g", cases[i].what, a.points, cases[i].least,
			    cases[i].most);
	}
}

/* A page with much on it: text, rules, dots, colours, a clipped picture, fields here and there. */
static void
busy_page(struct pm *m, const char *keys)
{
	char text[8192], content[6000];
	size_t len = 0;
	int y;

	for (y = 20; y < 580; y += 13)
		len += (size_t)snprintf(content + len, sizeof(content) - len,
		    "0.%d g BT /F 11 Tf %d %d Td (Nomor 12/%d tentang Rp 5.%d "
		    "........................) "
		    "Tj ET ",
		    y % 6, 20 + y % 40, y, y, y);
	snprintf(content + len, sizeof(content) - len,
	    "0.5 w 30 30 m 30 560 l S 1 w 20 300.5 m 380 300.5 l S 0.7 w [2 3] 0 d 20 200 m 380 "
	    "200 l S "
	    "0.9 0.2 0.2 rg 200 400 90 60 re f 1 g BT /F 14 Tf 210 420 Td (PENTING) Tj ET "
	    "q 60 0 0 40 250 100 cm BI /W 2 /H 2 /CS /G /BPC 8 ID \x01\xf0\xf0\x01 EI Q");
	pm_init(m);
	pm_obj(m, 1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R 6 0 R]>>>>");
	pm_obj(m, 2, "<</Type/Pages/Kids[3 0 R]/Count 1>>");
	snprintf(text, sizeof(text),
	    "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Annots[5 0 R 6 0 R]/Resources<</Font<</F "
	    "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>%s>>",
	    keys);
	pm_obj(m, 3, text);
	snprintf(text, sizeof(text), "<</Length %zu>>\nstream\n%s\nendstream", strlen(content) + 1,
	    content);
	pm_obj(m, 4, text);
	for (y = 5; y < 7; y++) {
		snprintf(text, sizeof(text),
		    "<</Type/Annot/Subtype/Widget/FT/Tx/T(%d)/F 4/Rect[%s]/AP<</N 7 0 R>>>>", y,
		    y == 5 ? "100 100 160 130" : "300 500 360 540");
		pm_obj(m, (unsigned)y, text);
	}
	pm_obj(m, 7,
	    "<</Type/XObject/Subtype/Form/BBox[0 0 30 30]/Length 47>>\nstream\n"
	    "0 g 2 2 5 26 re 12 2 5 26 re 22 2 5 26 re f    \nendstream");
	pm_end(m, "");
}

/* The part of a page says of its places what the whole page says. */
static void
test_part(void **state)
{
	static const char *const shown[] = {"/MediaBox[0 0 400 600]",
	    "/MediaBox[0 0 400 600]/Rotate 90",
	    "/MediaBox[0 0 400 600]/CropBox[50 60 350 500]/Rotate 180", "/MediaBox[0 0 2000 3000]",
	    "/MediaBox[-100 -100 400 600]/Rotate 270"};
	static const double rects[][4] = {{90, 90, 120, 120}, {60, 295, 90, 306},
	    {305, 510, 330, 530}, {20, 190, 200, 212}, {250, 380, 300, 470}, {25, 100, 35, 500},
	    {0, 0, 400, 600}, {-50, -50, 40, 650}, {240, 90, 330, 150}, {900, 900, 950, 950}};
	struct paint_answer whole, part;
	struct drawing d, some;
	struct places where = {.n = 1, .grow = -1, .around = INK_AROUND};
	struct canvas c;
	struct area area;
	struct ink k, l;
	struct pm m;
	size_t i, n, drawn = 0;

	(void)state;
	for (i = 0; i < nitems(shown); i++) {
		busy_page(&m, shown[i]);
		draw(&d, &c, &m);
		assert_int_equal(ink_find(&k, &d), RC_OK);
		assert_true(k.total > 1000);
		for (n = 0; n < nitems(rects); n++) {
			where.rects = &rects[n];
			assert_int_equal(canvas_draw(&some, &c, 1, CAP_DRAW_SIDE, &where), RC_OK);
			assert_int_equal(ink_find(&l, &some), RC_OK);
			assert_true(drawing_area(&d, rects[n], -1, &area));
			assert_int_equal(ink_cover(&whole, &k, &area, 1, d.scale), RC_OK);
			assert_int_equal(ink_cover(&part, &l, &area, 1, some.scale), RC_OK);
			if (fabs(whole.points - part.points) > 0 ||
			    fabs(whole.area - part.area) > 0)
				fail_msg("%s, %zu: %g of %g, not %g of %g", shown[i], n,
				    part.points, part.area, whole.points, whole.area);
			drawn += (size_t)(some.drawn.x1 - some.drawn.x0) < (size_t)d.width;
			ink_clear(&l);
			drawing_clear(&some);
		}
		/* What was not looked at is not answered for; and nothing stays hidden. */
		where.rects = &rects[0];
		assert_int_equal(canvas_draw(&some, &c, 1, CAP_DRAW_SIDE, &where), RC_OK);
		assert_int_equal(ink_find(&l, &some), RC_OK);
		area = (struct area){0, 0, d.width, d.height};
		assert_int_equal(ink_cover(&part, &l, &area, 1, 1), RC_FORMAT);
		ink_clear(&l);
		drawing_clear(&some);
		assert_int_equal(canvas_draw(&some, &c, 1, CAP_DRAW_SIDE, NULL), RC_OK);
		assert_int_equal(ink_find(&l, &some), RC_OK);
		assert_int_equal(l.total, k.total);
		ink_clear(&l);
		ink_clear(&k);
		drawing_clear(&some);
		drawing_clear(&d);
		canvas_close(&c);
		buf_clear(&m.b);
	}
	assert_true(drawn > 20);
}

/* Fields beside a whole page are drawn, too: some draw anywhere. */
static void
test_beside(void **state)
{
	static const char *const matrices[] = {"0 0 0 0 0 0", "1 1 1 1 0 0"};
	struct drawing d;
	struct canvas c;
	struct ink k;
	struct pm m;
	char text[256];
	size_t i;

	(void)state;
	for (i = 0; i < nitems(matrices); i++) {
		pm_init(&m);
		pm_obj(&m, 1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R]>>>>");
		pm_obj(&m, 2, "<</Type/Pages/Kids[3 0 R]/Count 1>>");
		pm_obj(&m, 3,
		    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 600]/Contents 4 0 R"
		    "/Annots[5 0 R]>>");
		pm_obj(&m, 4, "<</Length 5>>\nstream\n0 0 m\nendstream");
		pm_obj(&m, 5,
		    "<</Type/Annot/Subtype/Widget/FT/Sig/T(a)/F 4/Rect[900 900 950 950]"
		    "/AP<</N 6 0 R>>>>");
		snprintf(text, sizeof(text),
		    "<</Type/XObject/Subtype/Form/BBox[0 0 400 600]/Matrix[%s]/Length 26>>\n"
		    "stream\n0 g 100 100 5 200 re f    \nendstream",
		    matrices[i]);
		pm_obj(&m, 6, text);
		pm_end(&m, "");
		draw(&d, &c, &m);
		assert_int_equal(ink_find(&k, &d), RC_OK);
		assert_true(k.total > 500);
		ink_clear(&k);
		drawing_clear(&d);
		canvas_close(&c);
		buf_clear(&m.b);
	}
}

/* A digit in an amount is no tag. */
static void
test_digit(void **state)
{
	static const double rect[] = {146, 95, 153, 115};
	struct paint_answer a;

	(void)state;
	under(&a, "/MediaBox[0 0 400 600]", "BT /F 12 Tf 100 100 Td (Rp 5.123.456) Tj ET", rect);
	assert_true(a.ink < 0.2);
	assert_true(a.points > CAP_COVER_POINTS);
}

static void
differing(struct paint_answer *a, struct area *where, const char *one, const char *other,
    const double mask[4])
{
	struct drawing d[2];
	struct canvas c[2];
	struct area area;
	struct pm m[2];
	int i;

	one_page(&m[0], "/MediaBox[0 0 400 600]", one);
	one_page(&m[1], "/MediaBox[0 0 400 600]", other);
	for (i = 0; i < 2; i++)
		draw(&d[i], &c[i], &m[i]);
	assert_true(drawing_area(&d[0], mask, 0, &area));
	assert_int_equal(ink_differ(a, where, &d[0], &d[1], &area, 1), RC_OK);
	for (i = 0; i < 2; i++) {
		drawing_clear(&d[i]);
		canvas_close(&c[i]);
		buf_clear(&m[i].b);
	}
}

static void
test_differ(void **state)
{
	static const double nothing[] = {0, 0, 0, 0}, around[] = {200, 300, 220, 320};
	struct paint_answer a;
	struct area where;

	(void)state;
	differing(&a, &where, BARS, BARS, nothing);
	assert_true(a.ink <= 0 && a.points <= 0 && where.x0 == where.x1);
	differing(&a, &where, "", "0 g 200 300 20 20 re f", nothing);
	close_to("points", a.points, 400, 0.5);
	close_to("share", a.ink, 400.0 / 240000, 1e-6);
	assert_int_equal(where.x0, 200);
	assert_int_equal(where.x1, 220);
	assert_int_equal(where.y0, 280);
	assert_int_equal(where.y1, 300);
	differing(&a, &where, "", "0 g 200 300 20 20 re f", around);
	assert_true(a.points <= 0);
	differing(&a, &where, "", "0 g 200 300 21 20 re f", around);
	close_to("beside the mask", a.points, 20, 0.5);
	/* one digit, one full stop, one shade */
	differing(&a, &where, "BT /F 10 Tf 50 50 Td (Rp 1.000.000) Tj ET",
	    "BT /F 10 Tf 50 50 Td (Rp 7.000.000) Tj ET", nothing);
	assert_true(a.points > CAP_DIFFER_POINTS);
	differing(&a, &where, "BT /F 8 Tf 50 50 Td (1000) Tj ET",
	    "BT /F 8 Tf 50 50 Td (1000.) Tj ET", nothing);
	assert_true(a.points > CAP_DIFFER_POINTS);
	differing(&a, &where, "0.50 g 200 300 20 20 re f", "0.51 g 200 300 20 20 re f", nothing);
	assert_true(a.points <= 0);
}

/* Another size: nothing can be laid over each other. */
static void
test_sizes(void **state)
{
	struct paint_answer a;
	struct drawing d[2];
	struct canvas c[2];
	struct area where;
	struct pm m[2];
	int i;

	(void)state;
	one_page(&m[0], "/MediaBox[0 0 400 600]", "");
	one_page(&m[1], "/MediaBox[0 0 400 610]", "");
	for (i = 0; i < 2; i++)
		draw(&d[i], &c[i], &m[i]);
	assert_int_equal(ink_differ(&a, &where, &d[0], &d[1], NULL, 0), RC_OK);
	close_to("share", a.ink, 1, 0);
	close_to("points", a.points, 240000, 1);
	for (i = 0; i < 2; i++) {
		drawing_clear(&d[i]);
		canvas_close(&c[i]);
		buf_clear(&m[i].b);
	}
}

static void
test_bounds(void **state)
{
	static const double no_rect[][4] = {
	    {0, 0, (double)NAN, 1}, {0, (double)INFINITY, 1, 1}, {-(double)INFINITY, 0, 1, 1}};
	static const struct {
		const char *keys;
		enum rc want;
	} cases[] = {
	    {"/MediaBox[0 0 14400 14400]", RC_OK},
	    {"/MediaBox[0 0 14401 10]", RC_TOOBIG},
	    {"/MediaBox[0 0 100000 100000]", RC_TOOBIG},
	    {"/MediaBox[0 0 0.1 0.1]", RC_TOOBIG},
	};
	struct drawing d;
	struct canvas c;
	struct area area;
	struct pm m;
	size_t i;

	(void)state;
	for (i = 0; i < nitems(cases); i++) {
		one_page(&m, cases[i].keys, BARS);
		assert_int_equal(canvas_open(&c, m.b.p, m.b.len, NULL), RC_OK);
		assert_int_equal(canvas_draw(&d, &c, 0, CAP_DRAW_SIDE, NULL), RC_ABSENT);
		assert_int_equal(canvas_draw(&d, &c, 2, CAP_DRAW_SIDE, NULL), RC_ABSENT);
		if (canvas_draw(&d, &c, 1, CAP_DRAW_SIDE, NULL) != cases[i].want)
			fail_msg("%s: %d x %d", cases[i].keys, d.width, d.height);
		if (cases[i].want == RC_OK) {
			assert_true(d.width <= CAP_DRAW_SIDE && d.height <= CAP_DRAW_SIDE);
			assert_false(drawing_area(&d, no_rect[0], 0, &area));
			assert_false(drawing_area(&d, no_rect[1], 0, &area));
			assert_false(drawing_area(&d, no_rect[2], 0, &area));
			assert_true(drawing_area(
			    &d, (const double[]){-1e300, -1e300, 1e300, 1e300}, 0, &area));
			assert_int_equal(area.x1, d.width);
			assert_int_equal(area.y1, d.height);
		} else
			assert_null(d.surface);
		drawing_clear(&d);
		canvas_close(&c);
		buf_clear(&m.b);
	}
	assert_int_equal(canvas_open(&c, (const uint8_t *)"nothing", 7, NULL), RC_FORMAT);
}

/* Poppler's function that ours is found before still has this name, and ours is found. */
static void
test_profile(void **state)
{
	static const char name[] = "_ZN3Gfx18initDisplayProfileEv";
	void *ours = dlsym(RTLD_DEFAULT, name), *theirs = dlsym(RTLD_NEXT, name);

	(void)state;
	assert_non_null(theirs);
	assert_ptr_not_equal(ours, theirs);
}

/* Our own page is drawn as it should be: fonts are there, a turn is seen. */
static void
test_warm(void **state)
{
	(void)state;
	assert_int_equal(drawer_warm(), RC_OK);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_warm),
	    cmocka_unit_test(test_profile),
	    cmocka_unit_test(test_shares),
	    cmocka_unit_test(test_turned),
	    cmocka_unit_test(test_what_is_ink),
	    cmocka_unit_test(test_part),
	    cmocka_unit_test(test_beside),
	    cmocka_unit_test(test_digit),
	    cmocka_unit_test(test_differ),
	    cmocka_unit_test(test_sizes),
	    cmocka_unit_test(test_bounds),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("draw", tests, NULL, NULL);
}
