/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DOC_H
#define DOC_H

#include "arena.h"
#include "inflate.h"
#include "object.h"
#include "pdf.h"

/*
 * One reading of a file or of a prefix of it: its cross-reference sections in
 * the order in which they were written, and what they define.  Internal to
 * this room; filled by xref.c, read through revision.c.
 */

enum def_type { DEF_FREE, DEF_PLAIN, DEF_PACKED };

/* An indirect object that was parsed, with what is remembered of it. */
struct node {
	struct obj obj;
	uint32_t container;    /* packed: 1 + index of the stream's definition */
	struct objstm *objstm; /* an object stream, once opened */
	struct pdf_bytes data; /* a stream, once decoded */
	bool decoded, framed;  /* framed: "endstream" was found where a direct /Length says */
	uint8_t taken;         /* kinds of evidence that it was taken as */
	uint32_t *refs;        /* number and generation of each reference in it, once asked for */
	uint32_t nrefs;
	bool refs_known;
	uint16_t still; /* a field without kids: until this section it says what it said */
	uint32_t mark;  /* the walk that came here last */
};

/* What one section says about one object number. */
struct def {
	uint64_t off; /* plain: where "num gen obj" is; packed: index in its container */
	uint32_t num;
	uint32_t older; /* 1 + index of the definition it replaces, 0 if none */
	uint32_t newer; /* and of the one that replaces it */
	uint32_t gen;   /* plain: generation; packed: object number of the container */
	uint16_t section;
	uint8_t type; /* enum def_type */
	bool hidden;  /* comes from a hybrid file's /XRefStm */
	bool broken;  /* was tried and does not read */
	bool checked; /* hybrid: with and without the stream compared */
	struct node *node;
};

struct section {
	uint64_t named;      /* the offset by which startxref or /Prev calls it */
	uint64_t off, end;   /* "xref" or the stream object, to the end of the trailer or endobj */
	struct obj trailer;  /* dictionary */
	uint32_t def, ndefs; /* its definitions */
	uint64_t low;        /* the smaller of off and the offset of its /XRefStm */
	uint64_t top;        /* 1 + largest offset that it and all older ones name, 0 if none */
	uint64_t foot;       /* end of the furthest of it and all older sections */
	unsigned revision;   /* 1 = oldest */
	bool hybrid;
};

/* The leaves of a page tree in order, as object numbers. */
struct pages {
	uint32_t *num;
	size_t n, cap;
};

struct doc {
	const uint8_t *p;
	uint64_t n;
	const uint8_t *sieve; /* of scan.h, of at least n bytes, or NULL */
	struct arena *arena;
	struct obj_parser parser;
	struct inflater inflater;
	size_t budget; /* bytes that may still be decoded */

	struct section *sections; /* oldest first */
	size_t nsections, cap_sections;
	unsigned nrevisions;
	struct def *defs; /* heap */
	size_t ndefs, cap_defs;
	uint32_t *newest; /* heap: by object number, 1 + index of the newest definition */
	uint32_t *asked;  /* heap: by object number, 1 + index of one near that of the last view */
	uint32_t nnums;
	uint32_t *backward; /* indices of definitions that point before their own revision */
	size_t nbackward, cap_backward;

	struct pages pages; /* of the view pages_section */
	struct pages tree;  /* and all nodes of their tree */
	size_t pages_section;
	bool rollback;       /* the last startxref does not name the last section */
	struct crypt *crypt; /* the keyring's; NULL: not encrypted, or no key */
	bool encrypted;      /* some revision is */
	bool reencrypted;    /* and not all in the same way */
	bool wrong_password;
	bool locked;      /* an object was asked for that needs a key */
	uint64_t parsed;  /* bytes of all objects that were read, each time */
	uint32_t steps;   /* of all walks */
	uint32_t mark;    /* of the current walk */
	unsigned nesting; /* of objects that are read to read another */
	/* The first section behind those that were asked that answers otherwise: lowered by
	 * revision_def(), set to SIZE_MAX by whoever wants to know. */
	size_t until;
	struct {
		const struct obj *dss;
		size_t from, until; /* sections in whose views it is clean */
	} clean;

	struct pdf_finding *findings;
	size_t nfindings, cap_findings;
	bool defect; /* a fatal finding of the rules S */
};

void doc_init(struct doc *d, struct arena *arena, const uint8_t *p, uint64_t n);
void doc_clear(struct doc *d);
/* Note a finding once; RC_FORMAT, so that readers can return it. */
enum rc doc_fail(struct doc *d, enum pdf_rule rule, uint64_t off);
void doc_warn(struct doc *d, enum pdf_rule rule, uint64_t off);
/* This section is the last one of its revision. */
bool doc_ends_revision(const struct doc *d, size_t section);
/* Strings and streams are encrypted, and there is no key. */
bool doc_sealed(const struct doc *d);
/* One step of a walk; false when CAP_WALK is used up. */
bool doc_step(struct doc *d);
/* Bytes were parsed for an object, or 0 before; false when CAP_PARSED is used up. */
bool doc_parsed(struct doc *d, uint64_t bytes);

/* Append to a list of findings in the arena, each rule and place once, up to CAP_FINDINGS. */
void finding_add(struct arena *arena, struct pdf_finding **v, size_t *n, size_t *cap,
    const struct pdf_finding *f);

#endif /* DOC_H */
