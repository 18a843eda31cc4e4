/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PDF_H
#define PDF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "rc.h"
#include "source.h"

/*
 * The face of the strict PDF reader: what a document says about its
 * signatures.  It never repairs: a defect is a finding with the rule that
 * failed and the place.  It knows nothing of certificates, trust or verdicts.
 */

/* The rules of the reader.  S: structure, D: signature dictionary, B: byte
 * range and coverage.  pdf_rule_id() gives the short name ("B3"). */
enum pdf_rule {
	PDF_S1_HEADER,        /* %PDF- at byte 0 */
	PDF_S2_TAIL,          /* startxref N %%EOF within the last bytes, nothing but EOLs after */
	PDF_S3_XREF,          /* the chain of cross-references is sound */
	PDF_S4_NUMBERS,       /* no object number twice in a section, /Size fits */
	PDF_S5_OBJECT,        /* an in-use entry points to that well-formed object */
	PDF_S6_OBJSTM,        /* compressed objects */
	PDF_S7_HYBRID,        /* table and /XRefStm agree (HYBRID_AMBIGUOUS) */
	PDF_S8_DUPLICATE_KEY, /* a dictionary with one key twice */
	PDF_S9_LIMIT,         /* a limit of caps.h was reached */
	PDF_S10_LINEARIZED,   /* a linearized file's first two sections */
	PDF_TRAILING_BYTES,   /* bytes after the last %%EOF that hold no PDF syntax */
	PDF_D1_FIELD_VALUE, /* /V is an indirect reference to an unshared dictionary (AMBIGUOUS) */
	PDF_D2_REDEFINED,   /* the signature's object is defined again later */
	PDF_D3_DIRECT,      /* /ByteRange and /Contents direct, of the right types */
	PDF_D4_PLACE,       /* the dictionary read lies around the gap it names */
	PDF_D4_COMMENT,     /* a comment inside the signature dictionary (warning) */
	PDF_D5_TYPE,        /* /Type absent, Sig or DocTimeStamp */
	PDF_D6_SUBFILTER,   /* a /SubFilter that is not supported */
	PDF_D7_FILTER,      /* /Filter missing (failure) or unknown (warning) */
	PDF_D8_ORPHAN,      /* a signature dictionary that no field reaches (ORPHAN_SIGNATURE) */
	PDF_B1_START,
	PDF_B2_RANGE,
	PDF_B3_GAP_BOUNDS,
	PDF_B4_GAP_HEX,
	PDF_B5_GAP_CONTENTS,
	PDF_B7_REVISION_END,
	PDF_B8_SECTIONS,
	PDF_B9_RESOLVE,
	PDF_B10_OFFSETS,
	PDF_B11_OVERLAP,
	PDF_B12_DUPLICATE_RANGE,
	PDF_B13_TAIL_EXPLAINED,
	PDF_B14_LATER_REVISION,
	PDF_E1_HANDLER, /* a security handler that is not supported (warning) */
	PDF_E2_ENCRYPT, /* /Encrypt is malformed, or not the same in all revisions */
	PDF_E3_PERMS,   /* /Perms of R 6 contradicts the dictionary around it (warning) */
	PDF_LOCKED,     /* encrypted: what needs a key was not read */
	PDF_RULE__MAX
};

const char *pdf_rule_id(enum pdf_rule rule);

struct pdf_finding {
	enum pdf_rule rule;
	bool fatal;   /* false: only a warning */
	uint64_t off; /* where in the file, UINT64_MAX if nowhere */
};

enum pdf_status {
	PDF_READ,   /* the whole file was read strictly */
	PDF_DEFECT, /* broken somewhere: findings name the rule; sigs holds what sound
		     * prefixes of the file show */
	PDF_NOT_PDF /* no %PDF- anywhere near the start, or no startxref at all: UNREADABLE */
};

enum pdf_subfilter {
	PDF_SF_CADES,      /* ETSI.CAdES.detached */
	PDF_SF_PKCS7,      /* adbe.pkcs7.detached */
	PDF_SF_PKCS7_SHA1, /* adbe.pkcs7.sha1 */
	PDF_SF_X509_SHA1,  /* adbe.x509.rsa_sha1 */
	PDF_SF_RFC3161,    /* ETSI.RFC3161: a document timestamp */
	PDF_SF_OTHER
};

enum pdf_coverage {
	PDF_COVERAGE_UNCLEAR,  /* some B rule fails */
	PDF_COVERAGE_REVISION, /* exactly [0,E), a complete revision; bytes follow */
	PDF_COVERAGE_FILE      /* E is the end of the file */
};

/* What happened after the signed revision; the order is from harmless to bad. */
enum pdf_modification {
	PDF_MOD_NONE,
	PDF_MOD_LTA_UPDATES, /* provably only DSS, document timestamps and bookkeeping */
	PDF_MOD_FORM_FILLING,
	PDF_MOD_ANNOTATIONS,
	PDF_MOD_NOT_ANALYSED, /* something else, which no rule judges yet */
	PDF_MOD_OTHER /* provably not a sound update: broken structure, or content changed */
};

/* A span of bytes that lives as long as the survey's arena. */
struct pdf_bytes {
	const uint8_t *p;
	size_t len;
};

/* One leaf of a DSS, decoded. */
struct pdf_evidence {
	struct pdf_bytes der;
	unsigned revision; /* the first revision (1 = oldest) whose DSS holds it */
};

/* Union of /DSS and its /VRI over the revisions of the file; deduplicated by bytes. */
struct pdf_dss {
	bool present;
	unsigned first_revision; /* that has a /DSS; 0 if none */
	struct pdf_evidence *certs, *ocsps, *crls, *vri_ts;
	size_t ncerts, nocsps, ncrls, nvri_ts;
};

struct pdf_lock {
	char action;  /* 'A' all, 'I' include, 'E' exclude, 0 none */
	int p;        /* /P of the lock dictionary, 0 if absent */
	char **names; /* fields */
	size_t nnames;
};

/* What a later revision did (changes.def). */
enum pdf_change_kind {
#define CHANGE(id, text_id, text_en) PDF_CHANGE_##id,
#include "changes.def"
#undef CHANGE
	PDF_CHANGE__MAX
};

/* What a signed document holds besides what it shows (notices.def). */
enum pdf_notice_kind {
#define NOTICE(id, text_id, text_en) PDF_NOTICE_##id,
#include "notices.def"
#undef NOTICE
	PDF_NOTICE__MAX
};

/* A place in the document, as far as it is known. */
struct pdf_place {
	unsigned object; /* 0 if it is not an object */
	unsigned page;   /* 1 = first, of the newest revision that shows it; 0: on no page */
	bool has_rect;
	double rect[4]; /* llx lly urx ury in that page's user space */
	char *path;     /* "Root/Pages/Kids[0]/Contents", printable ASCII */
};

struct pdf_change {
	enum pdf_modification level;
	enum pdf_change_kind kind;
	unsigned revision; /* in which the change was made, 1 = oldest */
	struct pdf_place place;
	char *field;      /* full name of the form field concerned, UTF-8; or NULL */
	bool lock_exempt; /* document timestamps and validation data: no lock forbids them */
	/*
	 * What stands at place.rect shows, on screen or on paper: a widget that is neither hidden
	 * nor without area.  A new visible signature field is what DocMDP forbids (ISO 32000-2,
	 * 12.8.2.2) even where it allows to sign.
	 */
	bool visible;
	/*
	 * Something visible was put on place.page at place.rect where the signed
	 * revision had no empty signature field of its own: whoever can draw has
	 * to say what lies under it.  (5.3: a widget's /AP can paint only inside its /Rect.)
	 */
	bool may_cover;
	bool asked; /* it has been said: kind and level are final */
	/* Then, of the page: square points of ink under it, share of the area; at most. */
	double ink, area;
};

struct pdf_notice {
	enum pdf_notice_kind kind;
	unsigned revision; /* that brought it, 1 = oldest */
	struct pdf_place place;
};

struct pdf_sig {
	char *field; /* full field name, UTF-8, NULL for an orphan or when locked */
	bool orphan;
	bool is_timestamp; /* by /SubFilter */
	bool says_sig;     /* its /Type is /Sig */
	enum pdf_subfilter sub_filter;
	char *sub_filter_name; /* as written, made printable; NULL if absent */
	unsigned
	    revision; /* 1 = oldest: the revision that [0,E) ends, else the one that defines it */
	unsigned object;           /* number of the object of /V */
	int64_t byte_range[4];     /* as written, meaningful if has_byte_range */
	bool has_byte_range;       /* four plain integers */
	bool range_sound;          /* B1, B2: digesting [0,a) and [c,E) stays inside the file */
	struct pdf_bytes contents; /* the whole decoded hex string, padding included */
	size_t gap;                /* c - a: bytes of the file that are left out */
	enum pdf_coverage coverage;
	enum pdf_modification modification;
	/* Everything that later revisions did, the worst first; also where a rule allows it. */
	struct pdf_change *changes;
	size_t nchanges;
	bool filter_present, m_present, cert_present, reason_present;
	struct pdf_bytes cert;                    /* /Cert, first string, for adbe.x509.rsa_sha1 */
	int64_t m;                                /* /M, WHEN_NONE if absent, malformed or locked */
	char *reason, *location, *contact, *name; /* UTF-8, NULL if absent or locked */
	unsigned page;                            /* 1 = first; 0 = not on a page */
	bool visible;
	double rect[4];       /* llx lly urx ury, if page != 0 */
	int docmdp;           /* 1..3; 0: not a certification; -1: invalid /P */
	bool certifies;       /* /Perms/DocMDP of its own revision's catalog names it */
	struct pdf_lock lock; /* FieldMDP of /Reference, else the field's /Lock */
	struct pdf_finding *findings;
	size_t nfindings;
};

/* E, where the bytes end that it signs; 0 if its range is not sound. */
uint64_t pdf_sig_end(const struct pdf_sig *sig);

struct pdf_survey {
	enum pdf_status status;
	char version[8];      /* "1.7"; the catalog's /Version wins; "" if unknown */
	bool encrypted;       /* trailer has /Encrypt */
	bool locked;          /* something that matters could not be read without a key */
	bool password_wrong;  /* a password was given and opens nothing */
	uint32_t pages;       /* 0 if unknown */
	uint32_t revisions;   /* sound revisions in the chain; 0 if none */
	struct pdf_sig *sigs; /* by end of the covered range, oldest first */
	size_t nsigs;
	struct pdf_dss dss;
	struct pdf_finding *findings; /* of the document, in file order */
	size_t nfindings;
	struct pdf_notice *notices; /* hidden content, by revision and object */
	size_t nnotices;
};

/*
 * Read the document and list its signatures over all revisions.  RC_OK when
 * *out tells what the document is, however broken that is; RC_NOMEM, RC_TOOBIG,
 * RC_IO or RC_CRYPTO when we could not look at it (*out is then zeroed).  Everything
 * in *out lives in the arena and, for undecoded spans, in src.  password: for
 * encrypted files, NULL for none (the empty password is always tried).
 */
enum rc pdf_survey(struct pdf_survey *out, struct arena *arena, const struct source *src,
    const struct pdf_bytes *password);

#endif /* PDF_H */
