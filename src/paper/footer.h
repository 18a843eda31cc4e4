/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FOOTER_H
#define FOOTER_H

#include "paperwork.h"
#include "photo.h"
#include "print.h"

/* The two drawings of an office: a signer's specimen, a page's footer; and a QR alone. */

struct _cairo_surface;

struct footer {
	struct print print;
	struct buf svg; /* of a QR as PAPER_TEXT: its characters */
	struct photo logo;
	struct spot spots[PRINT_SPOTS];
	struct spot place;            /* of the QR */
	double module;                /* points a side of the QR's modules; 0: it has no QR */
	struct _cairo_surface *drawn; /* the picture that was asked for; NULL: not drawn yet */
};

/*
 * The texts of a job in its template.  If it has a QR, what was drawn is read back by zbar: the
 * picture itself, or, if that is coarser or much finer, one of the resolution of an office's
 * copier.  A logo in it that stands in the way is left out (PAPER_NOTE_NO_LOGO); a QR that
 * can't be read is not given out.  a->code and a->detail say what
 * became of it.  footer_clear() takes it in any case.
 */
void footer_make(struct footer *f, struct paper_answer *a, const struct paper_job *job);
/* PAPER_QR: the job's address, any text of at most CAP_PAPER_ADDRESS * 2 octets, as a QR alone. */
void footer_qr(struct footer *f, struct paper_answer *a, const struct paper_job *job);
void footer_clear(struct footer *f);

#endif /* FOOTER_H */
