/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PAPER_H
#define PAPER_H

#include "agency.h"
#include "letter.h"
#include "sight.h"

/*
 * Any PDF, whoever made it, open for updates: what offices do to their letters
 * and what forgers do.  Read by the strict reader; written as the file itself is,
 * with tables or with streams.  The bytes stay in a struct letter, so that what
 * works on letters works here.  Paths are those of sight.h.
 */
#define PAPER_SETS 48

struct paper {
	struct letter *l; /* the caller's */
	struct sight *sight;
	unsigned pages;
	struct sight_set sets[PAPER_SETS];
	size_t nsets;
	unsigned style; /* enum paper_style: how the program that signs does things */
};

enum paper_style {
	PAPER_KIDS = 1,       /* a field and its widget are two objects */
	PAPER_FLATE = 2,      /* evidence is compressed */
	PAPER_DATED = 4,      /* each update brings a date, an identifier and metadata */
	PAPER_EXTENSIONS = 8, /* the catalog names what a store of evidence needs */
	PAPER_INDIRECT = 16,  /* the form and its list of fields are objects */
	PAPER_FACE = 32,      /* an invisible field has an empty appearance */
	PAPER_NO_PAGE = 64,   /* a field does not name its page */
	PAPER_DEFAULTS = 128, /* fonts and a default appearance in the form */
	PAPER_PACKED = 256    /* updates of streams put what they can into an object stream */
};

/* Read the letter's bytes as they are; what is wrong is kept in letter_rc(). */
void paper_open(struct paper *p, struct letter *l);
/* A letter of these bytes: free it with letter_clear(). */
void paper_load(struct letter *l, struct maker *m, const void *bytes, size_t len);
/* A whole file as a letter; RC_ABSENT in letter_rc() if it can't be read. */
void paper_file(struct letter *l, struct maker *m, const char *path);
void paper_close(struct paper *p);

/*
 * An update: begin; objects by letter_put() and letter_done() on p->l, or the
 * ones below; values to set; end.  Whatever is set is seen after the end.
 */
void paper_update(struct paper *p);
/* A new object (number 0) or one again, of this text; its number. */
unsigned paper_put(struct paper *p, unsigned number, const char *text);
/* The same for a stream: the keys but /Length, and the bytes. */
unsigned paper_put_stream(
    struct paper *p, unsigned number, const char *keys, const void *data, size_t len);
/* Another value at a path, printed; NULL takes it away. */
void paper_set(struct paper *p, const char *path, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void paper_unset(struct paper *p, const char *path);
void paper_update_end(struct paper *p);

/* --- forms and signatures: paper_sign.c --- */

/* One update with a new field in it: an empty signature field, or text with this value. */
void paper_add_signature_field(
    struct paper *p, const char *name, unsigned page, const double rect[4], const char *more);
void paper_add_text_field(struct paper *p, const char *name, unsigned page, const double rect[4],
    const char *value, const char *more);
/* The same with a box to tick, which is empty. */
void paper_add_box(struct paper *p, const char *name, unsigned page, const double rect[4]);
/* One update that ticks a box. */
void paper_tick(struct paper *p, const char *name);
/* One update that fills a text field in, with its appearance. */
void paper_fill(struct paper *p, const char *name, const char *value);

/* What is to be signed and how; what is zero is as an honest office has it. */
struct paper_order {
	const struct pki_cert *signer;
	enum agency_level level;
	int64_t at;           /* claimed time; the timestamp is 3 s later */
	const char *field;    /* an empty field, or the name of a new one */
	const char *shown;    /* text of a visible stamp; NULL: invisible */
	unsigned page;        /* of a new field; 0: the first */
	double rect[4];       /* of a visible new field */
	int docmdp;           /* 1..3: certify */
	const char *fieldmdp; /* keys of FieldMDP's parameters */
	const char *lock;     /* the new field's /Lock */
	const char *sub_filter;
	const char *digest;
	enum pki_scheme scheme;
	const char *stamp; /* operators of the stamp, instead of the usual picture */
	const char *more;  /* more keys of a new field */
	bool no_stamp;     /* LT evidence without a timestamp */
	bool bare;         /* the form refers to nothing that is shown: no page has the field */
};

/* Sign, then evidence and an archive timestamp as the level asks. */
void paper_sign(struct paper *p, struct agency *a, const struct paper_order *o);
/* The parts: evidence about a signer as of a time; an archive timestamp in a new field. */
void paper_dss(struct paper *p, struct agency *a, const struct pki_cert *signer, int64_t at);
void paper_stamp(struct paper *p, struct agency *a, const char *field, int64_t at);

#endif /* PAPER_H */
