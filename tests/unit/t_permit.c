/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What may be done to a signed document: every clause, on surveys made by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "permit.h"

#define nitems(a) (sizeof(a) / sizeof((a)[0]))
#define NONE      PDF_MOD_NONE
#define LTA       PDF_MOD_LTA_UPDATES
#define FORM      PDF_MOD_FORM_FILLING
#define ANNOT     PDF_MOD_ANNOTATIONS
#define OTHER     PDF_MOD_OTHER

static struct arena *arena;

static int
begin(void **state)
{
	(void)state;
	return (arena = arena_new(1u << 20)) == NULL;
}

static int
end(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

/* Signatures from one line of a table; 0: no certification, no lock. */
struct row {
	const char *name;
	int docmdp; /* of the first signature, if it certifies */
	int lock_p; /* of the first signature's field */
	enum pdf_modification level;
	enum pdf_change_kind kind;
	const char *field;
	int visible, lock_exempt;
	const char *path;
	enum indication ind;
	enum check why;
	bool warned;
};

#define P       IND_PASSED
#define F       IND_FAILED
#define I       IND_INDETERMINATE
#define K(kind) PDF_CHANGE_##kind
#define C(code) CHECK_##code

/* One signature, one change. */
static const struct row rows[] = {
    /* P = 1: validation data and document timestamps, nothing else */
    {"P1 nothing", 1, 0, NONE, K(OTHER), NULL, 0, 0, NULL, P, C(_NONE), 0},
    {"P1 DSS", 1, 0, LTA, K(EVIDENCE_ADDED), NULL, 0, 1, NULL, P, C(_NONE), 0},
    {"P1 DTS", 1, 0, LTA, K(TIMESTAMP_ADDED), "Stempel", 0, 1, NULL, P, C(_NONE), 0},
    {"P1 signature", 1, 0, FORM, K(SIGNATURE_FILLED), "S2", 0, 0, NULL, F,
	C(CERTIFICATION_VIOLATED), 0},
    {"P1 value", 1, 0, FORM, K(FIELD_VALUE), "Nama", 0, 0, NULL, F, C(CERTIFICATION_VIOLATED), 0},
    {"P1 note", 1, 0, ANNOT, K(ANNOTATION_ADDED), NULL, 0, 0, NULL, F, C(CERTIFICATION_VIOLATED),
	0},
    {"P1 page", 1, 0, OTHER, K(PAGE_CONTENT), NULL, 0, 0, NULL, F, C(CHANGED_AFTER_SIGNING), 0},
    /* P = 2: forms and signatures */
    {"P2 DSS", 2, 0, LTA, K(EVIDENCE_ADDED), NULL, 0, 1, NULL, P, C(_NONE), 0},
    {"P2 value", 2, 0, FORM, K(FIELD_VALUE), "Nama", 0, 0, NULL, P, C(_NONE), 0},
    {"P2 form", 2, 0, FORM, K(FORM), NULL, 0, 0, "Root/AcroForm/NeedAppearances", P, C(_NONE), 0},
    {"P2 filled", 2, 0, FORM, K(SIGNATURE_FILLED), "S2", 0, 0, NULL, P, C(_NONE), 0},
    {"P2 invisible", 2, 0, FORM, K(SIGNATURE_ADDED), "S2", 0, 0, NULL, P, C(_NONE), 0},
    {"P2 visible", 2, 0, FORM, K(SIGNATURE_ADDED), "S2", 1, 0, NULL, F, C(CERTIFICATION_VIOLATED),
	0},
    {"P2 empty field", 2, 0, FORM, K(SIGNATURE_FIELD_ADDED), "S2", 0, 0, NULL, P, C(_NONE), 0},
    {"P2 drawn field", 2, 0, ANNOT, K(SIGNATURE_FIELD_ADDED), "S2", 1, 0, NULL, F,
	C(CERTIFICATION_VIOLATED), 0},
    {"P2 note", 2, 0, ANNOT, K(ANNOTATION_ADDED), NULL, 0, 0, NULL, F, C(CERTIFICATION_VIOLATED),
	0},
    {"P2 covered", 2, 0, ANNOT, K(COVERED), "S2", 1, 0, NULL, F, C(CERTIFICATION_VIOLATED), 0},
    {"P2 other", 2, 0, OTHER, K(ACTION), NULL, 0, 0, NULL, F, C(CHANGED_AFTER_SIGNING), 0},
    /* P = 3: notes, too, and they are told */
    {"P3 value", 3, 0, FORM, K(FIELD_VALUE), "Nama", 0, 0, NULL, P, C(_NONE), 0},
    {"P3 note", 3, 0, ANNOT, K(ANNOTATION_ADDED), NULL, 0, 0, NULL, P, C(_NONE), 1},
    {"P3 note gone", 3, 0, ANNOT, K(ANNOTATION_REMOVED), NULL, 0, 0, NULL, P, C(_NONE), 1},
    {"P3 covered", 3, 0, ANNOT, K(COVERED), NULL, 1, 0, NULL, I, C(COVERED), 0},
    {"P3 stamp covers", 3, 0, ANNOT, K(COVERED), "S2", 1, 0, NULL, F, C(CERTIFICATION_VIOLATED), 0},
    {"P3 drawn field", 3, 0, ANNOT, K(SIGNATURE_FIELD_ADDED), "S2", 1, 0, NULL, F,
	C(CERTIFICATION_VIOLATED), 0},
    {"P3 visible", 3, 0, FORM, K(SIGNATURE_ADDED), "S2", 1, 0, NULL, F, C(CERTIFICATION_VIOLATED),
	0},
    {"P3 other", 3, 0, OTHER, K(PAGE_ADDED), NULL, 0, 0, NULL, F, C(CHANGED_AFTER_SIGNING), 0},
    /* nobody certified: what belongs to signing */
    {"nothing", 0, 0, NONE, K(OTHER), NULL, 0, 0, NULL, P, C(_NONE), 0},
    {"DSS", 0, 0, LTA, K(EVIDENCE_ADDED), NULL, 0, 1, NULL, P, C(_NONE), 0},
    {"stamp", 0, 0, FORM, K(SIGNATURE_ADDED), "S2", 1, 0, NULL, P, C(_NONE), 0},
    {"prepared", 0, 0, FORM, K(SIGNATURE_FILLED), "S2", 0, 0, NULL, P, C(_NONE), 0},
    {"empty field", 0, 0, FORM, K(SIGNATURE_FIELD_ADDED), "S2", 0, 0, NULL, P, C(_NONE), 0},
    {"drawn field", 0, 0, ANNOT, K(SIGNATURE_FIELD_ADDED), "S2", 1, 0, NULL, I,
	C(ANNOTATIONS_AFTER_APPROVAL), 0},
    {"structure", 0, 0, FORM, K(STRUCTURE), NULL, 0, 0, NULL, P, C(_NONE), 0},
    {"stamp's font", 0, 0, FORM, K(FORM), NULL, 0, 0, "Root/AcroForm/DR", P, C(_NONE), 0},
    {"drawn anew", 0, 0, FORM, K(FORM), NULL, 0, 0, "Root/AcroForm/NeedAppearances", I,
	C(FORM_CHANGED_AFTER_APPROVAL), 0},
    {"value", 0, 0, FORM, K(FIELD_VALUE), "Nama", 0, 0, NULL, I, C(FORM_CHANGED_AFTER_APPROVAL), 0},
    {"property", 0, 0, FORM, K(FIELD_PROPERTY), "Nama", 0, 0, NULL, I,
	C(FORM_CHANGED_AFTER_APPROVAL), 0},
    {"note", 0, 0, ANNOT, K(ANNOTATION_ADDED), NULL, 0, 0, NULL, I, C(ANNOTATIONS_AFTER_APPROVAL),
	0},
    {"covered", 0, 0, ANNOT, K(COVERED), "S2", 1, 0, NULL, I, C(COVERED), 0},
    {"page", 0, 0, OTHER, K(PAGE_CONTENT), NULL, 0, 0, NULL, F, C(CHANGED_AFTER_SIGNING), 0},
    {"locked file", 0, 0, PDF_MOD_NOT_ANALYSED, K(OTHER), NULL, 0, 0, NULL, I,
	C(LATER_CHANGES_NOT_ANALYSED), 0},
    {"locked file, P1", 1, 0, PDF_MOD_NOT_ANALYSED, K(OTHER), NULL, 0, 0, NULL, I,
	C(LATER_CHANGES_NOT_ANALYSED), 0},
    /* a lock's /P forbids like a certification's, and allows nothing by itself */
    {"lock P1", 0, 1, FORM, K(SIGNATURE_ADDED), "S2", 0, 0, NULL, F, C(CERTIFICATION_VIOLATED), 0},
    {"lock P2", 0, 2, FORM, K(FIELD_VALUE), "Nama", 0, 0, NULL, I, C(FORM_CHANGED_AFTER_APPROVAL),
	0},
    {"lock P3", 0, 3, ANNOT, K(ANNOTATION_ADDED), NULL, 0, 0, NULL, I,
	C(ANNOTATIONS_AFTER_APPROVAL), 0},
    {"the least", 3, 2, ANNOT, K(ANNOTATION_ADDED), NULL, 0, 0, NULL, F, C(CERTIFICATION_VIOLATED),
	0},
    /* what is no permission */
    {"P invalid", -1, 0, NONE, K(OTHER), NULL, 0, 0, NULL, I, C(CERTIFICATION_INVALID_P), 0},
    {"lock P invalid", 0, -1, NONE, K(OTHER), NULL, 0, 0, NULL, I, C(CERTIFICATION_INVALID_P), 0},
    {"P invalid, page", -1, 0, OTHER, K(PAGE_CONTENT), NULL, 0, 0, NULL, F,
	C(CHANGED_AFTER_SIGNING), 0},
};

static struct pdf_change
change_of(const struct row *r)
{
	return (struct pdf_change){.level = r->level,
	    .kind = r->kind,
	    .revision = 2,
	    .place = {.path = r->path == NULL ? NULL : arena_str(arena, r->path, strlen(r->path))},
	    .field = r->field == NULL ? NULL : arena_str(arena, r->field, strlen(r->field)),
	    .lock_exempt = r->lock_exempt != 0,
	    .visible = r->visible != 0};
}

static struct permit *
judge(struct pdf_sig *sigs, size_t n, bool visible)
{
	const struct pdf_survey v = {.sigs = sigs, .nsigs = n};
	struct permit *p;

	assert_int_equal(permit_judge(&p, arena, &v, visible), RC_OK);
	return p;
}

static void
test_rows(void **state)
{
	struct pdf_change c;
	struct pdf_sig s;
	struct permit *p;
	size_t i;

	(void)state;
	for (i = 0; i < nitems(rows); i++) {
		const struct row *r = &rows[i];

		c = change_of(r);
		s = (struct pdf_sig){.docmdp = r->docmdp,
		    .certifies = r->docmdp != 0,
		    .lock = {.p = r->lock_p},
		    .modification = r->level,
		    .changes = &c,
		    .nchanges = r->level != NONE};
		p = judge(&s, 1, false);
		if (p->ind != r->ind || p->annotations != r->warned ||
		    (p->nwhy == 0 ? CHECK__NONE : p->why[0]) != r->why)
			fail_msg("%s: %s %s", r->name, indication_name(p->ind),
			    p->nwhy > 0 ? check_name(p->why[0]) : "-");
		assert_int_equal(p->sub, r->ind == P   ? SUB_NONE
					 : r->ind == F ? SUB_FORMAT_FAILURE
					 : r->why == CHECK_LATER_CHANGES_NOT_ANALYSED
					     ? SUB_GENERIC
					     : SUB_SIG_CONSTRAINTS_FAILURE);
		assert_int_equal(p->level, r->level);
		if (s.nchanges > 0 && r->docmdp >= 0 && r->lock_p >= 0)
			assert_int_equal(p->allowed[0], r->ind == P);
	}
}

/* A level without a list of changes is judged all the same. */
static void
test_level_alone(void **state)
{
	static const struct {
		enum pdf_modification level;
		enum indication ind;
	} t[] = {{NONE, P}, {LTA, P}, {FORM, I}, {ANNOT, I}, {PDF_MOD_NOT_ANALYSED, I}, {OTHER, F}};
	struct pdf_change known = {.level = LTA, .kind = PDF_CHANGE_EVIDENCE_ADDED};
	struct pdf_sig s;
	size_t i;

	(void)state;
	for (i = 0; i < nitems(t); i++) {
		s = (struct pdf_sig){.modification = t[i].level};
		assert_int_equal(judge(&s, 1, false)->ind, t[i].ind);
		s.changes = &known;
		s.nchanges = 1;
		assert_int_equal(judge(&s, 1, false)->ind, t[i].ind);
	}
	/* and a change worse than the level that stands beside it counts as what it is */
	known.level = OTHER;
	s = (struct pdf_sig){.modification = NONE, .changes = &known, .nchanges = 1};
	assert_int_equal(judge(&s, 1, false)->ind, F);
	assert_int_equal(judge(&s, 1, false)->level, OTHER);
}

static void
test_visible_signature_switch(void **state)
{
	struct pdf_change c = {.level = FORM, .kind = PDF_CHANGE_SIGNATURE_ADDED, .visible = true};
	struct pdf_sig s = {
	    .docmdp = 2, .certifies = true, .modification = FORM, .changes = &c, .nchanges = 1};

	(void)state;
	assert_int_equal(judge(&s, 1, false)->ind, F);
	assert_int_equal(judge(&s, 1, true)->ind, P);
	s.docmdp = 1;
	assert_int_equal(judge(&s, 1, true)->ind, F);
}

static void
test_several_changes(void **state)
{
	struct pdf_change c[] = {
	    {.level = OTHER, .kind = PDF_CHANGE_PAGE_CONTENT},
	    {.level = ANNOT, .kind = PDF_CHANGE_COVERED},
	    {.level = FORM, .kind = PDF_CHANGE_FIELD_VALUE, .field = arena_str(arena, "Nama", 4)},
	    {.level = FORM, .kind = PDF_CHANGE_SIGNATURE_ADDED},
	    {.level = LTA, .kind = PDF_CHANGE_EVIDENCE_ADDED},
	    {.level = FORM, .kind = PDF_CHANGE_FIELD_VALUE, .field = arena_str(arena, "Umur", 4)},
	};
	struct pdf_sig s = {.modification = OTHER, .changes = c, .nchanges = nitems(c)};
	struct permit *p = judge(&s, 1, false);

	(void)state;
	assert_int_equal(p->ind, F);
	assert_int_equal(p->nwhy, 3);
	assert_int_equal(p->why[0], CHECK_CHANGED_AFTER_SIGNING);
	assert_int_equal(p->why[1], CHECK_COVERED);
	assert_int_equal(p->why[2], CHECK_FORM_CHANGED_AFTER_APPROVAL);
	assert_false(p->allowed[0]);
	assert_false(p->allowed[1]);
	assert_false(p->allowed[2]);
	assert_true(p->allowed[3]);
	assert_true(p->allowed[4]);
	assert_false(p->allowed[5]);
}

/* What a page looks like is worse than what it is: told even where it decides nothing. */
static void
test_drawn_differently(void **state)
{
	struct pdf_change c = {.level = OTHER, .kind = PDF_CHANGE_DRAWN_DIFFERENTLY};
	struct pdf_sig s = {.modification = LTA, .changes = &c, .nchanges = 1};
	struct permit *p = judge(&s, 1, false);

	(void)state;
	assert_int_equal(p->ind, F);
	assert_int_equal(p->nwhy, 2);
	assert_int_equal(p->why[0], CHECK_CHANGED_AFTER_SIGNING);
	assert_int_equal(p->why[1], CHECK_DRAWN_DIFFERENTLY);
	c.level = ANNOT;
	assert_int_equal(judge(&s, 1, false)->ind, I);
	assert_int_equal(judge(&s, 1, false)->why[0], CHECK_DRAWN_DIFFERENTLY);
}

/* What earlier signatures say holds for later ones, and not the other way round. */
static void
test_earlier_permissions(void **state)
{
	struct pdf_change value = {.level = FORM, .kind = PDF_CHANGE_FIELD_VALUE};
	struct pdf_sig s[3] = {
	    {.docmdp = 2, .certifies = true, .modification = FORM},
	    {.lock = {.p = 1}, .modification = LTA},
	    {.modification = FORM},
	};
	struct permit *p;
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		s[i].changes = &value;
		s[i].nchanges = s[i].modification == FORM;
	}
	p = judge(s, 3, false);
	assert_int_equal(p[0].limit, 2);
	assert_int_equal(p[1].limit, 1);
	assert_int_equal(p[2].limit, 1);
	assert_int_equal(p[0].ind, P);
	assert_int_equal(p[1].ind, P);
	assert_int_equal(p[2].ind, F);
	/* the same without the certification: a later lock opens nothing for who signed before */
	s[0].certifies = false;
	s[0].docmdp = 0;
	p = judge(s, 3, false);
	assert_int_equal(p[0].limit, 0);
	assert_int_equal(p[0].ind, I);
	/* only what the catalog names certifies */
	s[0].docmdp = 3;
	assert_int_equal(judge(s, 1, false)[0].limit, 0);
}

static void
test_order_of_certification(void **state)
{
	struct pdf_sig s[3] = {{.docmdp = 0}, {.docmdp = 2, .certifies = true}, {.docmdp = 0}};
	struct permit *p;

	(void)state;
	p = judge(s, 3, false); /* a certification after a signature */
	assert_int_equal(p[0].ind, P);
	assert_int_equal(p[1].ind, I);
	assert_int_equal(p[1].why[0], CHECK_CERTIFICATION_ORDER);
	assert_int_equal(p[2].ind, P);
	s[0].is_timestamp = true; /* a timestamp before it is none */
	assert_int_equal(judge(s, 3, false)[1].ind, P);
	s[2] = s[1]; /* a second one */
	p = judge(s, 3, false);
	assert_int_equal(p[1].ind, P);
	assert_int_equal(p[2].ind, I);
	assert_int_equal(p[2].why[0], CHECK_CERTIFICATION_ORDER);
}

/* --- locks --- */

static char name_form[] = "form", name_deep[] = "form.orang.nama", name_empty[] = "";
static char *names[] = {name_form, name_deep, name_empty};

static const struct {
	int action;
	unsigned n; /* of names */
	const char *field;
	bool locked;
} locks[] = {
    {0, 3, "form", false},
    {'A', 0, "apa pun", true},
    {'I', 1, "form", true},
    {'I', 1, "form.nama", true},
    {'I', 1, "form.orang.nama", true},
    {'I', 1, "formulir", false},
    {'I', 1, "for", false},
    {'I', 1, "Form", false},
    {'I', 1, "x.form", false},
    {'I', 0, "form", false},
    {'I', 3, "lain", false},
    {'I', 3, ".lain", false},
    {'E', 1, "form", false},
    {'E', 1, "form.nama", false},
    {'E', 1, "formulir", true},
    {'E', 0, "form", true},
    {'?', 1, "form", false},
};

static void
test_lock_names(void **state)
{
	struct pdf_lock lock;
	size_t i;

	(void)state;
	for (i = 0; i < nitems(locks); i++) {
		lock = (struct pdf_lock){
		    .action = (char)locks[i].action, .names = names, .nnames = locks[i].n};
		assert_int_equal(permit_locks(&lock, locks[i].field), locks[i].locked);
	}
	/* the longer name alone does not lock what is above it */
	lock = (struct pdf_lock){.action = 'I', .names = names + 1, .nnames = 1};
	assert_false(permit_locks(&lock, "form.orang"));
	assert_true(permit_locks(&lock, "form.orang.nama"));
}

static void
test_locked_fields(void **state)
{
	static char nama[] = "form.nama", lain[] = "lain";
	struct pdf_change c = {.level = FORM, .kind = PDF_CHANGE_FIELD_VALUE, .field = nama};
	struct pdf_sig s = {.docmdp = 2,
	    .certifies = true,
	    .lock = {.action = 'I', .names = names, .nnames = 1},
	    .modification = FORM,
	    .changes = &c,
	    .nchanges = 1};

	(void)state;
	assert_int_equal(judge(&s, 1, false)->ind, F);
	assert_int_equal(judge(&s, 1, false)->why[0], CHECK_FIELD_LOCK_VIOLATED);
	c.field = lain;
	assert_int_equal(judge(&s, 1, false)->ind, P);
	c.field = nama;
	c.lock_exempt = true; /* a document timestamp's own field */
	assert_int_equal(judge(&s, 1, false)->ind, P);
	c.lock_exempt = false;
	c.level = s.modification = LTA;
	assert_int_equal(judge(&s, 1, false)->ind, P);
	/* a lock without a certification fails, where the change alone would be open */
	c.level = s.modification = FORM;
	s.certifies = false;
	s.docmdp = 0;
	assert_int_equal(judge(&s, 1, false)->why[0], CHECK_FIELD_LOCK_VIOLATED);
	c.kind = PDF_CHANGE_SIGNATURE_FILLED;
	assert_int_equal(judge(&s, 1, false)->ind, F);
	c.field = NULL;
	assert_int_equal(judge(&s, 1, false)->ind, P);
}

static void
test_without_memory(void **state)
{
	struct pdf_sig s[2] = {{.nchanges = 0}, {.nchanges = SIZE_MAX / sizeof(bool)}};
	struct pdf_survey v = {.sigs = s, .nsigs = 2};
	struct permit *p;

	(void)state;
	assert_int_equal(permit_judge(&p, arena, &v, false), RC_NOMEM);
	assert_null(p);
	v.nsigs = SIZE_MAX / 2;
	assert_int_equal(permit_judge(&p, arena, &v, false), RC_NOMEM);
	v.nsigs = 0;
	assert_int_equal(permit_judge(&p, arena, &v, false), RC_OK);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_rows),
	    cmocka_unit_test(test_level_alone),
	    cmocka_unit_test(test_visible_signature_switch),
	    cmocka_unit_test(test_several_changes),
	    cmocka_unit_test(test_drawn_differently),
	    cmocka_unit_test(test_earlier_permissions),
	    cmocka_unit_test(test_order_of_certification),
	    cmocka_unit_test(test_lock_names),
	    cmocka_unit_test(test_locked_fields),
	    cmocka_unit_test(test_without_memory),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("permit", tests, begin, end);
}
