/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NOTICE_LOOK_H
#define NOTICE_LOOK_H

#include "doc.h"

/*
 * The newest view of a document as the search for hidden content goes through
 * it.  Internal to notice_*.c.
 */

#define LOOK_PATH 200 /* characters of a path: what is longer is cut off */

/* An object that the view reaches, and from where it was reached first. */
struct visit {
	const struct obj *obj;
	uint32_t num;
	uint32_t parent; /* index of another visit; its own for the catalog */
	uint32_t page;   /* 1 = first: it belongs to this page; 0: to none, or to all */
	bool in_tree;    /* it is a node of the page tree, or the catalog */
	bool on_page;    /* it is an annotation of a page */
};

/* A member of an array or dictionary that is looked at. */
struct frame {
	const struct frame *up;
	const struct obj_pair *pair; /* NULL: the item index of an array */
	uint32_t index;
};

struct look {
	struct doc *d;
	size_t view;         /* the newest section */
	struct arena *arena; /* of the survey; d's own is given up afterwards */
	struct pdf_survey *out;
	const struct obj *root;
	struct visit *v;
	size_t n, cap;
	uint32_t *seen; /* by object number: 1 + index of its visit */
	bool tree;      /* the page tree reads as a whole */
	unsigned steps;
	unsigned told[PDF_NOTICE__MAX]; /* so often, also at one place twice */
	size_t shown;                   /* bytes of appearances that were read */
	bool full;              /* a limit was reached: what was found is all that is told */
	const struct frame *at; /* inside of the object that is looked at, NULL: at its top */
	enum rc rc;             /* of the survey's own memory */
};

/* What o refers to, or o itself; obj_null where that does not read. */
const struct obj *look_get(struct look *l, const struct obj *o);
const struct obj *look_key(struct look *l, const struct obj *dict, const char *key);
/* The visit of what a reference names, SIZE_MAX if there is none. */
size_t look_visit(const struct look *l, const struct obj *ref);
/* One step of the search; false when it has to end. */
bool look_step(struct look *l);
/* A notice at an object: behind its path comes the inner one; rect may be NULL. */
void look_tell(
    struct look *l, enum pdf_notice_kind kind, size_t visit, const char *inner, const double *rect);

/* Objects that the catalog reaches: scripts, actions, external streams. */
void look_walk(struct look *l);
/* Pages, catalogs and annotations that it does not reach. */
void look_hidden(struct look *l);
/* What the catalog itself says: attachments, layers. */
void look_catalog(struct look *l);
/* Annotations and fields, page by page. */
void look_pages(struct look *l);

/* A widget, with what it inherits from its field. */
struct widget {
	size_t visit;             /* of the widget or else of its page */
	const struct obj *obj;    /* the annotation */
	const struct obj *normal; /* the stream of its normal appearance, obj_null if none */
	const double *rect;       /* lower left corner first */
	char inner[LOOK_PATH];    /* path from visit */
};

/* What the widget shows and its field's value: do they differ?  *fills: a viewer would draw it. */
void look_widget(struct look *l, const struct widget *w, bool *fills);

#endif /* NOTICE_LOOK_H */
