/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Appearances and their rectangles. */
#include <math.h>

#include "fit.h"

/* A stamp of 10 000 pixels in ten points has 1e-6; what comes near nothing has no inverse. */
#define LEAST 1e-12

/* Numbers of an array of n; false if it is none. */
static bool
numbers(struct walk *w, const struct obj *o, double *v, uint32_t n)
{
	uint32_t i;

	if (o->type != OBJ_ARRAY || o->n < n)
		return false;
	for (i = 0; i < n; i++)
		v[i] = obj_number(walk_new(w, &o->u.items[i]), 0);
	return true;
}

/* How far the box reaches along one axis, of which the matrix has x and y. */
static double
reach(const double box[4], double x, double y)
{
	return fabs(x) * fabs(box[2] - box[0]) + fabs(y) * fabs(box[3] - box[1]);
}

static bool
form_fits(struct walk *w, const struct obj *form, const double rect[4])
{
	double m[6] = {1, 0, 0, 1, 0, 0}, box[4] = {0, 0, 0, 0}, wide, high, scale;

	(void)numbers(w, walk_new(w, obj_get(form, "Matrix")), m, 6);
	(void)numbers(w, walk_new(w, obj_get(form, "BBox")), box, 4);
	wide = reach(box, m[0], m[2]);
	high = reach(box, m[1], m[3]);
	/* Of an empty box nothing is seen. */
	scale = (wide > 0 ? (rect[2] - rect[0]) / wide : 1) *
		(high > 0 ? (rect[3] - rect[1]) / high : 1);
	scale *= m[0] * m[3] - m[1] * m[2];
	return isfinite(scale) && fabs(scale) > LEAST;
}

bool
fit_holds(struct walk *w, const struct obj *annot, const double rect[4])
{
	const struct obj *n = walk_new(w, obj_get(walk_new(w, obj_get(annot, "AP")), "N")), *form;
	uint32_t i;

	if (n->type == OBJ_STREAM)
		return form_fits(w, n, rect);
	/* One for each state. */
	for (i = 0; n->type == OBJ_DICT && i < n->n; i++) {
		form = walk_new(w, &n->u.d.pairs[i].val);
		if (form->type == OBJ_STREAM && !form_fits(w, form, rect))
			return false;
	}
	return true;
}
