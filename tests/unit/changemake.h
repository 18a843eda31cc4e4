/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CHANGEMAKE_H
#define CHANGEMAKE_H

#include "pdfmake.h"

/*
 * A signed letter with one of everything that a later revision may touch, and a table of
 * such revisions.  cm_letter() makes it: two pages, a stamp, an empty place to sign, a text and a
 * text in a group, a note, a structure.
 */
#define nitems(a) (sizeof(a) / sizeof((a)[0]))

#define CM_CATALOG(more) \
	"<</Type/Catalog/Pages 2 0 R/AcroForm 10 0 R/StructTreeRoot 30 0 R" more ">>"
#define CM_PAGES "<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>"
#define CM_PAGE(annots, more)                                                                 \
	"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 5 0 R/StructParents 0"        \
	"/Resources<</Font<</F1 12 0 R>>/XObject<</X 13 0 R>>>>/Annots[20 0 R 21 0 R 22 0 R " \
	"23 0 R" annots "]" more ">>"
#define CM_PAGE2(annots) \
	"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 6 0 R/Annots[25 0 R" annots "]>>"
#define CM_STREAM(five) "<</Length 5>>\nstream\n" five "\nendstream"
#define CM_FORM(fields, more)                          \
	"<</Fields[20 0 R 21 0 R 22 0 R 24 0 R" fields \
	"]/SigFlags 1/DA(/F1 9 Tf)/DR<</Font<</F1 12 0 R>>/XObject<</X 13 0 R>>>>" more ">>"
#define CM_FONT "<</Type/Font/Subtype/Type1/BaseFont/Courier>>"
#define CM_DRAW(five) \
	"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length 5>>\nstream\n" five "\nendstream"
#define CM_SIGNED(more)                                                               \
	"<</Type/Annot/Subtype/Widget/FT/Sig/T(first)/Rect[1 1 9 9]/P 3 0 R/V 40 0 R" \
	"/AP<</N 41 0 R>>" more ">>"
#define CM_EMPTY(more) \
	"<</Type/Annot/Subtype/Widget/FT/Sig/T(second)/Rect[11 1 19 9]/P 3 0 R" more ">>"
#define CM_TEXT(value, more)                                                        \
	"<</Type/Annot/Subtype/Widget/FT/Tx/T(sum)/Rect[21 1 29 9]/P 3 0 R/V" value \
	"/AP<</N 42 0 R>>" more ">>"
#define CM_NOTE(text, more)  "<</Type/Annot/Subtype/Text/Rect[31 1 39 9]/Contents" text more ">>"
#define CM_GROUP(kids, more) "<</T(group)/Kids[25 0 R" kids "]" more ">>"
#define CM_NAME(value, more) \
	"<</Type/Annot/Subtype/Widget/FT/Tx/T(name)/Parent 24 0 R/Rect[1 1 9 9]/V" value more ">>"
#define CM_TREE(more)       "<</Type/StructTreeRoot/K[31 0 R]/ParentTree 32 0 R" more ">>"
#define CM_ELEM(kids, more) "<</Type/StructElem/S/Document/P 30 0 R/Pg 3 0 R/K[0" kids "]" more ">>"

/* A stamp for a new signature in field 50, with its value in 51 and its picture in 52. */
#define CM_NEW(rect, more) \
	"<</Type/Annot/Subtype/Widget/FT/Sig/T(third)/Rect[" rect "]/P 3 0 R" more ">>"

static inline void
cm_letter(struct pm *m)
{
	pm_init(m);
	pm_obj(m, 1, CM_CATALOG(""));
	pm_obj(m, 2, CM_PAGES);
	pm_obj(m, 3, CM_PAGE("", ""));
	pm_obj(m, 4, CM_PAGE2(""));
	pm_obj(m, 5, CM_STREAM("0 0 m"));
	pm_obj(m, 6, CM_STREAM("0 1 m"));
	pm_obj(m, 10, CM_FORM("", ""));
	pm_obj(m, 12, CM_FONT);
	pm_obj(m, 13, CM_DRAW("0 2 m"));
	pm_obj(m, 20, CM_SIGNED(""));
	pm_obj(m, 21, CM_EMPTY(""));
	pm_obj(m, 22, CM_TEXT("(1)", ""));
	pm_obj(m, 23, CM_NOTE("(a)", ""));
	pm_obj(m, 24, CM_GROUP("", ""));
	pm_obj(m, 25, CM_NAME("(a)", ""));
	pm_obj(m, 30, CM_TREE(""));
	pm_obj(m, 31, CM_ELEM("", ""));
	pm_obj(m, 32, "<</Nums[0[31 0 R]]>>");
	pm_obj(m, 41, CM_DRAW("0 3 m"));
	pm_obj(m, 42, CM_DRAW("0 4 m"));
	pm_obj(m, 45, "<</Type/Sig/ByteRange[0 1 2 3]/Contents<00>>>"); /* of no field */
	pm_sig(m, 40, "/SubFilter/ETSI.CAdES.detached");
	pm_end(m, "");
}

/* A later revision.  SIGN and STAMP stand for a signature and a document timestamp. */
#define SIGN  "sign"
#define STAMP "stamp"

struct cm_object {
	unsigned num;
	const char *text;
};

struct cm_update {
	const char *what;
	struct cm_object objs[7];
	enum pdf_modification level;
	enum pdf_change_kind kind; /* of the worst change */
};

static inline void
cm_revision(struct pm *m, const struct cm_object *o, size_t n)
{
	size_t i;

	for (i = 0; i < n && o[i].num != 0; i++) {
		if (strcmp(o[i].text, SIGN) == 0)
			pm_sig(m, o[i].num, "/SubFilter/ETSI.CAdES.detached");
		else if (strcmp(o[i].text, STAMP) == 0)
			pm_sig(m, o[i].num, "/SubFilter/ETSI.RFC3161");
		else
			pm_obj(m, o[i].num, o[i].text);
	}
	pm_end(m, "");
}

/* The survey of the letter; its oldest signature and what is always true of changes. */
static inline struct pdf_sig *
cm_judge(struct pm *m, struct arena **arena)
{
	struct pdf_survey s;
	struct pdf_sig *g;
	size_t i;

	*arena = pm_survey(m, &s);
	for (i = 0; i < s.nsigs && s.sigs[i].object != 40; i++)
		;
	assert_true(i < s.nsigs);
	g = &s.sigs[i];
	assert_int_equal(g->coverage, PDF_COVERAGE_REVISION);
	/* Whatever came later is told, the worst first. */
	assert_int_not_equal(g->nchanges, 0);
	assert_int_equal(g->changes[0].level, g->modification);
	for (i = 0; i < g->nchanges; i++) {
		assert_true(i == 0 || g->changes[i].level <= g->changes[i - 1].level);
		assert_true(g->changes[i].level >= PDF_MOD_LTA_UPDATES);
		assert_true(g->changes[i].revision > g->revision);
		assert_true(g->changes[i].place.path[0] != '\0');
	}
	return g;
}

static inline void
cm_table(const struct cm_update *v, size_t n)
{
	struct arena *arena;
	struct pdf_sig *g;
	struct pm m;
	size_t i, k, bad = 0;

	for (i = 0; i < n; i++) {
		cm_letter(&m);
		cm_revision(&m, v[i].objs, nitems(v[i].objs));
		g = cm_judge(&m, &arena);
		if (g->modification != v[i].level || g->changes[0].kind != v[i].kind) {
			bad++;
			print_error("%s: level %d, not %d\n", v[i].what, (int)g->modification,
			    (int)v[i].level);
			for (k = 0; k < g->nchanges; k++)
				print_error("  level %d kind %d %s\n", (int)g->changes[k].level,
				    (int)g->changes[k].kind, g->changes[k].place.path);
		}
		arena_free(arena);
		buf_clear(&m.b);
	}
	assert_int_equal(bad, 0);
}

#endif /* CHANGEMAKE_H */
