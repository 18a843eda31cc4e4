/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PAPERWORK_H
#define PAPERWORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "rc.h"

/*
 * What is asked of periksa-paper, the program that puts ink on paper, and what it answers:
 * octets in, octets out.  It opens no file but fonts: templates, logos and documents come with
 * the job.  One job: written whole to its standard input, then closed; its answer is read from
 * its standard output until the end.  Both sides take what they read as a stranger's.
 */

enum paper_kind {
	PAPER_SPECIMEN = 1, /* template, title, name, rank, logo -> picture */
	PAPER_FOOTER,       /* template, address, wording, and more -> picture */
	PAPER_STAMP,        /* the same and a PDF -> that PDF with the footer on its pages */
	PAPER_SCAN,         /* a PDF or a picture -> its QRs and ids, see paper_find_next() */
	PAPER_QR,           /* address: any text -> a QR and nothing else, as PNG, SVG or TEXT */
	PAPER_KINDS
};

enum paper_format {
	PAPER_PNG,
	PAPER_SVG,
	PAPER_PDF,
	PAPER_FORMATS,             /* those that are files */
	PAPER_TEXT = PAPER_FORMATS /* QR: characters for a terminal, with their colours */
};

/* What comes with a job; what a kind does not know is ignored, what is empty is left out. */
enum paper_part {
	PAPER_TEMPLATE, /* an SVG file, see templates/paper/README.md */
	PAPER_TITLE,    /* texts: UTF-8, one paragraph each */
	PAPER_NAME,
	PAPER_RANK,
	PAPER_AGENCY,
	PAPER_WORDING,
	PAPER_ADDRESS, /* what the QR holds, and what stands beside it: an http(s) URL */
	PAPER_ID,
	PAPER_LOGO,     /* PNG, JPEG or SVG */
	PAPER_DOCUMENT, /* PDF, PNG or JPEG */
	PAPER_PARTS
};

struct paper_octets {
	const uint8_t *p;
	size_t len;
};

#define PAPER_LAST UINT32_MAX /* for from and to: the last page */

struct paper_job {
	enum paper_kind kind;
	enum paper_format format; /* SPECIMEN, FOOTER, QR */
	uint32_t dpi;             /* of a PNG: 72 to 1200 */
	uint32_t from, to;        /* STAMP: pages, 1 = first */
	struct paper_octets part[PAPER_PARTS];
};

enum paper_code {
#define PAPER_CODE(name, text) PAPER_##name,
#include "paperwork.def"
#undef PAPER_CODE
	PAPER_CODES
};

/* Said beside a job that was done, as bits. */
enum {
	PAPER_NOTE_NO_LOGO = 1, /* with the logo in it, the QR could not be read: it has none */
	PAPER_NOTE_PDFA = 2,    /* STAMP: the file calls itself PDF/A; detail: "PDF/A-2B", and with
				   "; lost: " before each what the footer takes from it */
	PAPER_NOTE_LINEARIZED = 4, /* STAMP: it was made for fast web view, and no longer is */
	PAPER_NOTE_SMALLER = 8,    /* STAMP: on some page the footer is smaller than designed */
	PAPER_NOTE_MORE = 16       /* SCAN: more pages than are looked at */
};

struct paper_answer {
	enum paper_code code;
	uint32_t notes;
	char detail[256]; /* which text, which pages: ASCII; "" */
	struct paper_octets out;
};

/* "NO_ROOM"; never NULL. */
const char *paper_code_name(enum paper_code code);
/* One English phrase; never NULL. */
const char *paper_code_text(enum paper_code code);
/* The word of a part, as templates and details use it ("title"); never NULL. */
const char *paper_part_name(enum paper_part part);

/* Appended to b; ask buf_rc(). */
void paper_job_encode(struct buf *b, const struct paper_job *job);
void paper_answer_encode(struct buf *b, const struct paper_answer *a);
/* RC_OK, or RC_FORMAT.  The octets that *job or *a then points to lie in p. */
enum rc paper_job_decode(struct paper_job *job, const uint8_t *p, size_t len);
enum rc paper_answer_decode(struct paper_answer *a, const uint8_t *p, size_t len);

/* The answer to SCAN is a row of these. */
enum paper_source {
	PAPER_FROM_QR,
	PAPER_FROM_TEXT /* of a PDF: an id of a letter in its text (idtext.h), normalised */
};
struct paper_find {
	uint32_t page; /* 1 = first; of a picture 1 */
	enum paper_source source;
	struct paper_octets text;
};
void paper_find_encode(struct buf *b, const struct paper_find *f);
/* The next one of *rest, which is cut.  RC_OK, RC_ABSENT at the end, RC_FORMAT. */
enum rc paper_find_next(struct paper_octets *rest, struct paper_find *f);

#endif /* PAPERWORK_H */
