/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WALK_H
#define WALK_H

#include "doc.h"
#include "object.h"
#include "pdf.h"

/*
 * The dual walk: the old view of a document and a later one, compared side by
 * side.  It knows what is the same; what may differ is told by its caller's tables.
 */

/* Where a comparison stands: below a fixed place, or reached from another step. */
struct step {
	const char *base;          /* "Root", "Page", NULL below a parent */
	int64_t index;             /* page or field, -1 if none */
	struct pdf_bytes key;      /* below base */
	uint32_t parent;           /* 1 + index of the step that refers to this one */
	uint32_t a, agen, b, bgen; /* the object in the old and in the new view */
};

struct walk {
	struct doc *d;
	size_t o, n; /* sections: the old view and the new one */
	struct step *steps;
	size_t nsteps, cap_steps, next;
	uint64_t *pairs; /* heap: hash set of (a, b) with different numbers */
	size_t npairs, cap_pairs;
	uint32_t *special; /* heap, by object number: the walk that judges it elsewhere */
	uint32_t *added;   /* heap: widgets of new fields that are allowed */
	uint32_t mark;
	enum pdf_modification level;
	struct pdf_change *changes;
	size_t nchanges, cap_changes;
	enum rc rc;
};

typedef bool condition(struct walk *w, const struct obj *a, const struct obj *b);

/* A key where a difference is allowed if the condition holds (NULL: always). */
struct rule {
	const char *key;
	condition *when;
	enum pdf_modification level;
};

/* A difference that no rule allows: raises w->level and is listed in w->changes. */
void walk_differs(struct walk *w, const struct step *st, enum pdf_modification level);
/* This object is judged by a walk of its own. */
bool walk_special(const struct walk *w, uint32_t num);
/*
 * Two values are the same; what they refer to is compared later, by walk_drain(), below the
 * step at or, for SIZE_MAX, from.  False: they differ, or a limit was reached.
 */
bool walk_same(struct walk *w, const struct obj *a, const struct obj *b, struct step from,
    size_t at, unsigned depth);
/* An object that both views share: only what it refers to can differ. */
void walk_follow(struct walk *w, struct node *node, struct step from, size_t at);
/* The object of this number in one view: NULL and RC_OK if it is undefined there. */
enum rc walk_node(struct walk *w, size_t section, uint32_t num, uint32_t gen, struct node **out,
    struct def **def);
/* Compare all that is still to be compared. */
void walk_drain(struct walk *w);
/* Two dictionaries, key by key, where rules say what may differ; base and index name the place. */
void walk_dict(struct walk *w, const struct rule *rules, size_t n, const char *base, int64_t index,
    const struct obj *a, const struct obj *b);
/* What a raw value stands for in the old and in the new view; obj_null if nothing. */
const struct obj *walk_old(struct walk *w, const struct obj *raw);
const struct obj *walk_new(struct walk *w, const struct obj *raw);

#endif /* WALK_H */
