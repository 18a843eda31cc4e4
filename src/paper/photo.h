/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PHOTO_H
#define PHOTO_H

#include "paperwork.h"
#include "print.h"

struct _cairo;

/* Pictures that others made: logos, and photographs of paper. */

enum photo_kind { PHOTO_NONE, PHOTO_PNG, PHOTO_JPEG, PHOTO_SVG };
/* By how it begins. */
enum photo_kind photo_kind(const struct paper_octets *o);

/* Once, before no file can be opened: whoever decodes pictures looks for its parts. */
void photo_warm(void);

/* A logo, to be drawn into rectangles; clear it by photo_close(). */
struct photo {
	struct _RsvgHandle *svg;
	struct _cairo_surface *image;
	double width, height;
};

/* PAPER_OK, or PAPER_BAD_LOGO: none of the three, or too large, or it can't be read. */
enum paper_code photo_open(struct photo *p, const struct paper_octets *o);
/* Takes a closed one. */
void photo_close(struct photo *p);
/* As large as fits, in the middle.  False: it could not be drawn. */
bool photo_draw(const struct photo *p, struct _cairo *cr, const struct spot *at);

/* A PNG or JPEG as grey dots on white, smaller if it has more than CAP_PAPER_PIXELS.
 * PAPER_OK, PAPER_NOT_READABLE, PAPER_TROUBLE. */
enum paper_code photo_dots(struct dots *d, const struct paper_octets *o);

#endif /* PHOTO_H */
