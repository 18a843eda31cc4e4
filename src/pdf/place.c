/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Comparing places. */
#include <string.h>

#include "place.h"

bool
place_same_text(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

bool
place_same_rect(const double a[4], const double b[4])
{
	return a[0] == b[0] && a[1] == b[1] && a[2] == b[2] && a[3] == b[3];
}

bool
place_same_spot(const struct pdf_place *a, const struct pdf_place *b)
{
	return a->page == b->page && a->has_rect == b->has_rect &&
	       (!a->has_rect || place_same_rect(a->rect, b->rect));
}

bool
place_same(const struct pdf_place *a, const struct pdf_place *b)
{
	return a->object == b->object && place_same_spot(a, b) && place_same_text(a->path, b->path);
}
