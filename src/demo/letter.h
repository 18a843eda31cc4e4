/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LETTER_H
#define LETTER_H

#include "buf.h"
#include "envelope.h"
#include "token.h"

/*
 * A small honest PDF writer (ISO 32000-2): one letter of one page, and
 * incremental updates with signature fields, a document security store and
 * document timestamps.  The bytes are plain in `out`, so that a forger can
 * change them; padding of any size is counted and never held.
 */

enum letter_form {
	LETTER_CLASSIC, /* cross-reference tables */
	LETTER_STREAM,  /* cross-reference streams and an object stream */
	LETTER_HYBRID   /* as Word writes: tables, and an /XRefStm for the structure tree */
};

/* What the page says.  The word to change in place is `amount`. */
struct letter_text {
	const char *number, *date, *subject, *amount, *signer, *role;
};

/* Room for what `make bench` asks for: fifty signatures, each with evidence of its own. */
#define LETTER_SIGNATURES 64
#define LETTER_EVIDENCE   64
#define LETTER_ENTRIES    128

struct letter_entry {
	unsigned number;
	unsigned container; /* of a compressed object, else 0 */
	uint64_t at;        /* offset in the file, or index in the container */
	bool free;
};

struct letter {
	struct maker *m;
	struct buf out;           /* the file without its padding; letter_clear() frees it */
	uint64_t pad_at, pad_len; /* pad_len octets stand in the file at pad_at of out */
	enum letter_form form;
	unsigned size;      /* the next free object number */
	uint64_t startxref; /* of the last section, as a file offset */
	unsigned catalog, pages, page, acroform, info, font, font_bold;
	unsigned fields[LETTER_SIGNATURES], nfields;
	unsigned note;      /* an annotation that is no field, 0: none */
	unsigned certified; /* the signature that certifies, 0: none */
	unsigned dss;       /* the DSS dictionary, 0: none */
	unsigned dss_certs[LETTER_EVIDENCE], ndss_certs;
	unsigned dss_ocsps[LETTER_EVIDENCE], ndss_ocsps;
	unsigned dss_crls[LETTER_EVIDENCE], ndss_crls;
	struct der vri[LETTER_SIGNATURES]; /* SHA-1 of /Contents with its padding */
	unsigned nvri;
	struct letter_entry entries[LETTER_ENTRIES]; /* of the section being written */
	size_t nentries;
	uint64_t update_at;  /* where in out the update being written begins */
	struct der contents; /* octets of the last /Contents, padding included */
	const char *trailer; /* the trailer's keys but /Size and /Prev; NULL: the letter's own */
};

/* The first revision, with pad octets in an image that the page does not show. */
void letter_init(struct letter *l, struct maker *m, enum letter_form form,
    const struct letter_text *text, uint64_t pad);
void letter_clear(struct letter *l);
/* RC_OK if everything so far was made: memory, keys, numbers of objects. */
enum rc letter_rc(const struct letter *l);
/* Where in the file the octet at of out stands. */
uint64_t letter_offset(const struct letter *l, size_t at);
uint64_t letter_length(const struct letter *l);
/* The digest of the file's octets [r0, r0 + r1) and [r2, r2 + r3). */
struct der letter_digest(struct letter *l, const char *digest, const uint64_t r[4]);
/* Write the file to a descriptor; the padding is streamed.  RC_OK or RC_IO. */
enum rc letter_write(const struct letter *l, int fd);

/*
 * An update: begin, any objects, end.  letter_put() begins an object that is
 * new (number 0) or defined again, and gives its number; write its value to
 * out and close it with letter_done().
 */
void letter_update(struct letter *l);
unsigned letter_put(struct letter *l, unsigned number);
void letter_done(struct letter *l);
/* Catalog and form again, as they are now; the page with all widgets. */
void letter_put_form(struct letter *l, bool page_too);
/* The page's dictionary as it is now. */
void letter_page(const struct letter *l, struct buf *b);
/* Cross-reference section, trailer, startxref, %%EOF. */
void letter_update_end(struct letter *l);

/* A whole update that draws the page anew: what a forger does. */
void letter_redraw(struct letter *l, const struct letter_text *text);

/* A signature, or with token set a document timestamp. */
struct letter_sign {
	const char *field;               /* partial name of a new field */
	const char *sub_filter;          /* NULL: ETSI.CAdES.detached */
	int64_t at;                      /* /M; WHEN_NONE: absent */
	const char *reason;              /* or NULL */
	size_t hole;                     /* octets of /Contents; 0: 16384 */
	bool visible;                    /* a box with the signer's name on the page */
	const char *shown;               /* text in the box */
	int left, bottom;                /* of the box; both 0: its usual place */
	int docmdp;                      /* 1..3; 0: no certification */
	const char *fieldmdp;            /* keys of FieldMDP's parameters; NULL: none */
	const struct envelope *envelope; /* md is filled in */
	const struct token *token;       /* imprint is filled in */
	const char *dictionary;          /* a forger's text instead of the whole dictionary; it
					  * holds LETTER_RANGE and LETTER_CONTENTS where they go */
};

#define LETTER_RANGE      "/ByteRange [0 0000000000 0000000000 0000000000]"
#define LETTER_RANGE_ROOM 47

/* Where the last signature dictionary has its range and its hole, in out. */
struct letter_hole {
	size_t range_at;    /* "/ByteRange" */
	size_t open, close; /* '<' and the octet after '>' */
	uint64_t range[4];  /* file offsets as they will be written */
};

/* Sign: an update with field, widget and dictionary; digest; message. */
void letter_sign(struct letter *l, const struct letter_sign *spec);
/* The same in two steps, so that a forger may change the hole between them. */
void letter_sign_begin(struct letter *l, const struct letter_sign *spec, struct letter_hole *hole);
void letter_sign_end(struct letter *l, const struct letter_sign *spec, struct letter_hole *hole);
/* The two parts of letter_sign_begin() for who writes the update by himself: the
 * dictionary as the value of an object, and the hole in the update that was ended. */
void letter_dictionary(struct buf *b, const struct letter_sign *spec);
void letter_hole_find(const struct letter *l, struct letter_hole *hole);
/* The placeholder of /Contents for a forger's dictionary. */
void letter_contents(struct buf *b, size_t octets);

/* Evidence for the document security store. */
struct letter_evidence {
	struct der certs[LETTER_EVIDENCE], ocsps[LETTER_EVIDENCE], crls[LETTER_EVIDENCE];
	size_t ncerts, nocsps, ncrls;
	bool no_vri;
};

/* An update with /DSS (what it held stays), /VRI for the last signature. */
void letter_dss(struct letter *l, const struct letter_evidence *evidence);

#endif /* LETTER_H */
