/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a painter's answers do to changes: they worsen, and silence does too. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "caps.h"
#include "visual.h"

#define nitems(a) (sizeof(a) / sizeof((a)[0]))

/* A painter that knows how much ink lies at each x, and what it was asked. */
struct script {
	double points[PAINT_RECTS]; /* under a rectangle, by its x */
	double area;
	double differs[4]; /* by question */
	enum rc rc;
	struct paint_question last;
	size_t asked;
};

static enum rc
ask(void *ctx, const struct paint_question *q, struct paint_answer *a)
{
	struct script *s = ctx;
	uint32_t i;

	s->last = *q;
	memset(a, 0, sizeof(*a));
	if (q->kind == PAINT_DIFFER)
		a->points = s->differs[s->asked];
	for (i = 0; q->kind == PAINT_COVER && i < q->nrects; i++)
		a->points += s->points[(size_t)q->rects[i][0]];
	a->area = s->area;
	s->asked++;
	return s->rc;
}

static struct pdf_change
stamp(unsigned page, double x)
{
	struct pdf_change c = {.level = PDF_MOD_FORM_FILLING,
	    .kind = PDF_CHANGE_SIGNATURE_ADDED,
	    .revision = 3,
	    .place = {.page = page, .has_rect = true, .rect = {x, 0, x + 1, 1}},
	    .may_cover = true};

	return c;
}

static struct pdf_sig
signature(struct pdf_change *c, size_t n)
{
	struct pdf_sig s = {.revision = 2,
	    .byte_range = {0, 100, 200, 50},
	    .has_byte_range = true,
	    .range_sound = true,
	    .coverage = PDF_COVERAGE_REVISION,
	    .modification = PDF_MOD_FORM_FILLING,
	    .changes = c,
	    .nchanges = n};

	return s;
}

static void
test_covers(void **state)
{
	struct pdf_change c[4] = {stamp(1, 1), stamp(1, 2), stamp(1, 3), stamp(2, 4)};
	struct script k = {.points = {[1] = 40, [2] = CAP_COVER_POINTS + 1}};
	const struct painter p = {ask, &k};
	struct pdf_sig s;

	(void)state;
	c[2].may_cover = false;
	c[3].kind = PDF_CHANGE_BOOKKEEPING;
	s = signature(c, 4);
	visual_covers(&p, &s, NULL);
	/* the page, then each stamp of it, then the other page */
	assert_int_equal(k.asked, 4);
	assert_int_equal(k.last.end, 250);
	assert_int_equal(k.last.kind, PAINT_COVER);
	assert_int_equal(s.modification, PDF_MOD_ANNOTATIONS);
	assert_int_equal(s.changes[0].kind, PDF_CHANGE_COVERED);
	assert_int_equal(s.changes[0].level, PDF_MOD_ANNOTATIONS);
	assert_true(s.changes[0].place.rect[0] > 1.5 && s.changes[0].place.rect[0] < 2.5);
	assert_int_equal(s.changes[1].kind, PDF_CHANGE_SIGNATURE_ADDED);
	assert_int_equal(s.changes[2].kind, PDF_CHANGE_SIGNATURE_ADDED);
	assert_int_equal(s.changes[3].kind, PDF_CHANGE_BOOKKEEPING);
}

static void
test_free_place(void **state)
{
	struct pdf_change c[3] = {stamp(1, 1), stamp(1, 2), stamp(1, 3)};
	struct script k = {.points = {[1] = 30, [2] = 0, [3] = 10}, .area = 0.1};
	const struct painter p = {ask, &k};
	struct pdf_sig s = signature(c, 3);

	(void)state;
	visual_covers(&p, &s, NULL);
	assert_int_equal(k.asked, 1);
	assert_int_equal(k.last.nrects, 3);
	assert_int_equal(s.modification, PDF_MOD_FORM_FILLING);
	/* a document without such a change asks nobody */
	visual_covers(&p, &s, NULL);
	assert_int_equal(k.asked, 1);
}

/* Together too much, each alone too little: then all. */
static void
test_together(void **state)
{
	struct pdf_change c[2] = {stamp(1, 1), stamp(1, 2)};
	struct script k = {.points = {[1] = 40, [2] = 40}};
	const struct painter p = {ask, &k};
	struct pdf_sig s = signature(c, 2);

	(void)state;
	visual_covers(&p, &s, NULL);
	assert_int_equal(s.changes[0].kind, PDF_CHANGE_COVERED);
	assert_int_equal(s.changes[1].kind, PDF_CHANGE_COVERED);
}

/* What is known of a page is not asked again, unless something came near. */
static void
test_before(void **state)
{
	struct script k = {.points = {0, 99, 0, 0, 0, 0, 0, 0}};
	struct painter p = {ask, &k};
	char names[3][7] = {"first", "second", "third"};
	struct pdf_change a[3], b[2];
	struct pdf_sig one, two;
	size_t i, round, asked;

	(void)state;
	/* rounds: clean; one covers; one between covered, and what is left has little under it,
	 * or much; near; in no place; another rectangle */
	for (round = 0; round < 7; round++) {
		k.points[2] = k.points[3] = round == 3 ? CAP_COVER_POINTS * 0.6 : 1;
		a[0] = stamp(1, round == 2 || round == 3 ? 1 : 2);
		a[1] = stamp(1, round == 1 ? 1 : 2);
		a[2] = stamp(round == 3 ? 1 : 2, 3);
		for (i = 0; i < 3; i++) {
			a[i].visible = true;
			a[i].field = names[i];
			a[i].revision = 3 + (unsigned)i;
		}
		/* the first one stands far from the others, but in the fifth round */
		a[0].place.rect[1] += round == 4 ? 9 : 200;
		a[0].place.rect[3] += round == 4 ? 9 : 200;
		if (round == 5)
			a[0].place.has_rect = a[0].may_cover = false;
		b[0] = a[1];
		b[1] = a[2];
		if (round == 6)
			b[0].place.rect[2] += 1;
		one = signature(a, 3);
		two = signature(b, 2);
		two.revision = 3;
		two.byte_range[3] += 100;
		k.asked = 0;
		visual_covers(&p, &one, NULL);
		asked = k.asked;
		visual_covers(&p, &two, &one);
		assert_int_equal(k.asked - asked, round < 3 ? 0 : 1);
		assert_int_equal(b[0].kind == PDF_CHANGE_COVERED, round == 1 || round == 3);
		assert_int_equal(two.modification,
		    round == 1 || round == 3 ? PDF_MOD_ANNOTATIONS : PDF_MOD_FORM_FILLING);
	}
}

static void
test_silence(void **state)
{
	struct pdf_change big[PAINT_RECTS + 1], c[2];
	struct script k = {.rc = RC_IO};
	const struct painter p = {ask, &k};
	struct pdf_sig s;
	size_t i;

	(void)state;
	c[0] = stamp(1, 1);
	s = signature(c, 1);
	visual_covers(&p, &s, NULL);
	assert_int_equal(s.changes[0].kind, PDF_CHANGE_COVERED);
	assert_int_equal(s.modification, PDF_MOD_ANNOTATIONS);
	/* nobody there */
	c[0] = stamp(1, 1);
	s = signature(c, 1);
	visual_covers(NULL, &s, NULL);
	assert_int_equal(s.changes[0].kind, PDF_CHANGE_COVERED);
	/* no place to ask about */
	k.rc = RC_OK;
	c[0] = stamp(0, 1);
	c[1] = stamp(1, 2);
	c[1].place.has_rect = false;
	s = signature(c, 2);
	visual_covers(&p, &s, NULL);
	assert_int_equal(s.changes[0].kind, PDF_CHANGE_COVERED);
	assert_int_equal(s.changes[1].kind, PDF_CHANGE_COVERED);
	/* more than one question holds */
	for (i = 0; i < nitems(big); i++)
		big[i] = stamp(1, 1);
	s = signature(big, nitems(big));
	visual_covers(&p, &s, NULL);
	assert_int_equal(s.modification, PDF_MOD_ANNOTATIONS);
	/* a fifth of the page */
	k.area = CAP_COVER_AREA * 1.01;
	c[0] = stamp(1, 1);
	s = signature(c, 1);
	visual_covers(&p, &s, NULL);
	assert_int_equal(s.changes[0].kind, PDF_CHANGE_COVERED);
}

/* A worse change is not made better, and stays in front. */
static void
test_never_lowers(void **state)
{
	struct pdf_change c[2] = {stamp(1, 1), stamp(1, 2)};
	struct script k = {.rc = RC_IO};
	const struct painter p = {ask, &k};
	struct pdf_sig s;

	(void)state;
	c[0].level = PDF_MOD_OTHER;
	c[0].kind = PDF_CHANGE_PAGE_CONTENT;
	c[0].may_cover = false;
	s = signature(c, 2);
	s.modification = PDF_MOD_OTHER;
	visual_covers(&p, &s, NULL);
	assert_int_equal(s.modification, PDF_MOD_OTHER);
	assert_int_equal(s.changes[0].kind, PDF_CHANGE_PAGE_CONTENT);
	assert_int_equal(s.changes[1].kind, PDF_CHANGE_COVERED);
}

static void
compare(
    struct script *k, struct pdf_sig *s, uint32_t pages, struct report_visual *v, struct arena *a)
{
	const struct painter p = {ask, k};

	k->asked = 0;
	assert_int_equal(visual_compare(v, a, a, k == NULL ? NULL : &p, s, pages), RC_OK);
}

static void
test_compare(void **state)
{
	struct pdf_change c[2] = {stamp(2, 1), stamp(2, 2)};
	struct arena *a = arena_new(1u << 20);
	struct script k = {.area = 0};
	struct report_visual v;
	struct pdf_sig s = signature(c, 1);

	(void)state;
	compare(&k, &s, 3, &v, a);
	assert_int_equal(v.status, VISUAL_SAME);
	assert_int_equal(v.compared, 3);
	assert_int_equal(v.npages, 0);
	assert_int_equal(s.nchanges, 1);
	assert_int_equal(k.last.pictures, 1);

	/* the page with the stamp is asked first, without the stamp's place */
	k.differs[0] = 100;
	k.differs[1] = 100;
	compare(&k, &s, 3, &v, a);
	assert_int_equal(k.asked, 4);
	assert_int_equal(v.status, VISUAL_DIFFERS);
	assert_int_equal(v.npages, 1);
	assert_int_equal(v.pages[0], 2);
	assert_int_equal(s.modification, PDF_MOD_OTHER);
	assert_int_equal(s.nchanges, 2);
	assert_int_equal(s.changes[0].kind, PDF_CHANGE_DRAWN_DIFFERENTLY);
	assert_int_equal(s.changes[0].place.page, 2);

	/* an annotation that is told already explains it */
	c[0] = stamp(2, 1);
	c[0].level = PDF_MOD_ANNOTATIONS;
	s = signature(c, 1);
	s.modification = PDF_MOD_ANNOTATIONS;
	k.differs[1] = 0;
	compare(&k, &s, 2, &v, a);
	assert_int_equal(v.status, VISUAL_DIFFERS);
	assert_int_equal(s.modification, PDF_MOD_ANNOTATIONS);
	assert_int_equal(s.nchanges, 1);

	/* a note's icon may be larger than its place */
	c[0].kind = PDF_CHANGE_ANNOTATION_ADDED;
	c[0].place.page = 1;
	k.differs[0] = 100;
	compare(&k, &s, 1, &v, a);
	assert_int_equal(k.asked, 2);
	assert_int_equal(k.last.nrects, 1);
	assert_true(k.last.rects[0][0] == 1 - CAP_NOTE_ICON);
	assert_true(k.last.rects[0][3] == 1 + CAP_NOTE_ICON);

	/* so does what is as bad as can be */
	s.modification = PDF_MOD_OTHER;
	k.differs[1] = 100;
	compare(&k, &s, 1, &v, a);
	assert_int_equal(s.nchanges, 1);

	/* no answer, no claim */
	k.rc = RC_IO;
	compare(&k, &s, 2, &v, a);
	assert_int_equal(v.status, VISUAL_UNKNOWN);
	assert_int_equal(v.compared, 0);
	k.rc = RC_OK;
	memset(k.differs, 0, sizeof(k.differs));
	s.coverage = PDF_COVERAGE_FILE;
	compare(&k, &s, 2, &v, a);
	assert_int_equal(v.status, VISUAL_NOT_COMPARED);
	assert_int_equal(k.asked, 0);
	arena_free(a);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_covers),
	    cmocka_unit_test(test_free_place),
	    cmocka_unit_test(test_together),
	    cmocka_unit_test(test_before),
	    cmocka_unit_test(test_silence),
	    cmocka_unit_test(test_never_lowers),
	    cmocka_unit_test(test_compare),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("visual", tests, NULL, NULL);
}
