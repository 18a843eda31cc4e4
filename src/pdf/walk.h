/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WALK_H
#define WALK_H

#include "doc.h"
#include "object.h"
#include "pdf.h"

/*
 * The dual walk: the old view of a document and a later one, compared side by
 * side.  It knows what is the same; its callers say where a comparison begins
 * and what a difference below that place means.
 */

/* Where a comparison begins, and what a difference means. */
struct root {
	const char *base;     /* "Root", "Page"; a constant */
	int64_t index;        /* page or field, -1 if none */
	struct pdf_bytes key; /* below base */
	enum pdf_modification level;
	enum pdf_change_kind kind;
	bool draws; /* a page is drawn with what is below: no object is judged elsewhere then */
	bool lock_exempt;
	bool fresh;              /* shown is newly on its page, whatever it was before */
	unsigned page;           /* 1 = first, 0 unknown */
	uint32_t field;          /* 1 + index in the caller's list, 0 none */
	uint32_t object;         /* that holds the key, 0 if direct */
	const struct obj *shown; /* annotation or widget whose /Rect is the place, or NULL */
	uint32_t shown_num;      /* its object */
};

/* Two values to be compared. */
struct pending {
	struct root at;
	const struct obj *a, *b;
	bool told;
};

/* A difference that was found. */
struct hit {
	struct root at;
	uint32_t object; /* that differs, in the new view; 0 if it is no object */
	char *path;
};

/* An object that is reached from a comparison. */
struct step {
	uint32_t root;             /* index of the pending comparison */
	uint32_t parent;           /* 1 + index of the step that refers to this one */
	uint32_t a, agen, b, bgen; /* the object in the old and in the new view */
};

/* What is known of an object number; each is valid where it equals walk.mark. */
struct known {
	uint32_t special; /* judged by a walk of its own */
	uint32_t added;   /* a widget of a new field that is allowed */
	uint32_t widget;  /* of an old field: field says which */
	uint32_t leaf;    /* a page of the new view: page says which */
	uint32_t placed;  /* in the new /Annots of a page: page says which, 1 = first */
	uint32_t was;     /* in the old /Annots of a page */
	uint32_t node;    /* of the old page tree */
	uint32_t field;
	unsigned page;
	uint32_t in_list, pos; /* of the list at hand: equals walk.list */
};

struct walk {
	struct doc *d;
	size_t o, n; /* sections: the old view and the new one */
	struct pending *todo;
	size_t ntodo, cap_todo;
	struct step *steps;
	size_t nsteps, cap_steps, next;
	uint64_t *pairs; /* heap: hash set of (a, b) with different numbers */
	size_t npairs, cap_pairs;
	struct known *known; /* heap, by object number */
	uint32_t mark, list;
	struct pdf_bytes key; /* that a condition is asked about */
	struct hit *hits;
	size_t nhits, cap_hits;
	enum pdf_modification level; /* of all hits */
	bool tired;                  /* a limit was reached, and told */
	enum rc rc;
};

typedef bool condition(struct walk *w, const struct obj *a, const struct obj *b);

/*
 * A key: where the condition holds (NULL: always) a difference has this level and kind;
 * PDF_MOD_NONE: it is judged elsewhere, or means nothing.  Where it does not hold, a difference
 * is PDF_MOD_OTHER of the kind bad.
 */
struct rule {
	const char *key;
	condition *when;
	enum pdf_modification level;
	enum pdf_change_kind kind, bad;
	bool draws;
};

/* All keys of one sort of dictionary. */
struct table {
	const struct rule *rules;
	size_t n;
	struct rule other; /* for the keys that have no rule */
};

/* A difference of the root's level and kind, found at this object (0: at none). */
void walk_tell(struct walk *w, const struct root *at, uint32_t object);
/* Compare these two values, raw, once walk_run() is called. */
void walk_pend(struct walk *w, const struct root *at, const struct obj *a, const struct obj *b);
/* Two dictionaries, key by key; at says where they are (its key, level and kind are not read). */
void walk_dict(struct walk *w, const struct table *t, struct root at, const struct obj *a,
    const struct obj *b);
/* Compare all that is pending, the strictest first: what one comparison has seen none repeats. */
void walk_run(struct walk *w);

/* "Root/Names/...": the root, and the references from it to the step (NULL: none). */
void walk_path(
    struct walk *w, const struct root *at, const struct step *st, char *path, size_t room);

/* Fill in node.refs.  RC_OK, RC_NOMEM. */
enum rc walk_refs(struct doc *d, struct node *node);
struct known *walk_known(struct walk *w, uint32_t num); /* NULL: no such number */
bool walk_special(struct walk *w, uint32_t num);
void walk_set_special(struct walk *w, uint32_t num);
/* The object of this number in one view: NULL and RC_OK if it is undefined there. */
enum rc walk_node(struct walk *w, size_t section, uint32_t num, uint32_t gen, struct node **out,
    struct def **def);
/* What a raw value stands for in the old and in the new view; obj_null if nothing. */
const struct obj *walk_old(struct walk *w, const struct obj *raw);
const struct obj *walk_new(struct walk *w, const struct obj *raw);

#endif /* WALK_H */
