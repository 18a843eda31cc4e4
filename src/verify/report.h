/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_H
#define REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "changes.h"
#include "checks.h"
#include "lookup.h"

/*
 * What Periksa says about one document: one structure, filled by verify(),
 * carried by wire.c, printed by render/.  Every text is valid UTF-8 without
 * control characters, at most CAP_TEXT bytes, NULL where nothing is known.
 * Times are seconds since 1970, WHEN_NONE where nothing is known.
 */

/* In every enum zero is "not known": memory that nobody filled never says good. */

enum conclusion {
	CONCLUSION_INDETERMINATE,
	CONCLUSION_VALID,
	CONCLUSION_INVALID,
	CONCLUSION_NO_SIGNATURE,
	CONCLUSION_UNREADABLE,
	CONCLUSION__MAX
};

/* EN 319 102-1, 5.1.3 */
enum indication { IND_INDETERMINATE, IND_PASSED, IND_FAILED, IND__MAX };

enum sub_indication {
	SUB_NONE,
	SUB_FORMAT_FAILURE,
	SUB_HASH_FAILURE,
	SUB_SIG_CRYPTO_FAILURE,
	SUB_REVOKED,
	SUB_EXPIRED,
	SUB_NOT_YET_VALID,
	SUB_SIG_CONSTRAINTS_FAILURE,
	SUB_CHAIN_CONSTRAINTS_FAILURE,
	SUB_CERTIFICATE_CHAIN_GENERAL_FAILURE,
	SUB_CRYPTO_CONSTRAINTS_FAILURE,
	SUB_CRYPTO_CONSTRAINTS_FAILURE_NO_POE,
	SUB_POLICY_PROCESSING_ERROR,
	SUB_SIGNATURE_POLICY_NOT_AVAILABLE,
	SUB_TIMESTAMP_ORDER_FAILURE,
	SUB_NO_SIGNING_CERTIFICATE_FOUND,
	SUB_NO_CERTIFICATE_CHAIN_FOUND,
	SUB_NO_CERTIFICATE_CHAIN_FOUND_NO_POE,
	SUB_REVOKED_NO_POE,
	SUB_REVOKED_CA_NO_POE,
	SUB_OUT_OF_BOUNDS_NO_POE,
	SUB_OUT_OF_BOUNDS_NOT_REVOKED,
	SUB_REVOCATION_OUT_OF_BOUNDS_NO_POE,
	SUB_NO_POE,
	SUB_TRY_LATER,
	SUB_SIGNED_DATA_NOT_FOUND,
	SUB_GENERIC,
	SUB__MAX
};

struct status {
	enum indication ind;
	enum sub_indication sub;
};

enum integrity { INTEGRITY_UNKNOWN, INTEGRITY_INTACT, INTEGRITY_BROKEN, INTEGRITY__MAX };
enum coverage { COVERAGE_UNCLEAR, COVERAGE_ENTIRE_FILE, COVERAGE_ENTIRE_REVISION, COVERAGE__MAX };
enum modification {
	MOD_UNKNOWN, /* not analysed: null in JSON */
	MOD_NONE,
	MOD_LTA_UPDATES,
	MOD_FORM_FILLING,
	MOD_ANNOTATIONS,
	MOD_OTHER,
	MOD__MAX
};
enum level {
	LEVEL_NONE,
	LEVEL_PADES_B,
	LEVEL_PADES_T,
	LEVEL_PADES_LT,
	LEVEL_PADES_LTA,
	LEVEL_PKCS7_B,
	LEVEL_PKCS7_T,
	LEVEL_PKCS7_LT,
	LEVEL_PKCS7_LTA,
	LEVEL__MAX
};
enum trust_status { TRUST_UNKNOWN, TRUST_TRUSTED, TRUST_UNTRUSTED, TRUST__MAX };
enum revocation_word { REV_UNKNOWN, REV_GOOD, REV_REVOKED, REV__MAX };
enum evidence_source { SOURCE_NONE, SOURCE_EMBEDDED, SOURCE_ONLINE, SOURCE__MAX };
enum proven_by { PROVEN_NONE, PROVEN_SIGNATURE_TS, PROVEN_DOCUMENT_TS, PROVEN__MAX };
enum tst_kind { TST_SIGNATURE_TS, TST_DOCUMENT_TS, TST_CONTENT_TS, TST_KIND__MAX };
enum sig_kind { KIND_SIGNATURE, KIND_DOCUMENT_TIMESTAMP, KIND__MAX };

/* A certificate as it is shown. */
struct report_cert {
	char *subject, *issuer; /* RFC 2253 texts */
	char *serial;           /* hex */
	uint8_t sha256[32];
	int64_t not_before, not_after;
	char *key; /* "RSA 2048", "ECDSA P-256" */
};

struct report_timestamp {
	enum tst_kind kind;
	int64_t time;
	char *authority; /* common name of the authority's certificate */
	struct status status;
	enum check reason; /* CHECK__NONE when it counts */
};

/* Where something is, as far as that is known. */
struct report_place {
	unsigned object; /* 0: none */
	unsigned page;   /* 1 = first; 0: on no page */
	bool has_rect;
	double rect[4]; /* llx lly urx ury in the page's user space */
	char *path;
};

/* One thing that a later revision did to the signed one. */
struct report_change {
	enum modification level;
	enum change kind;
	bool allowed; /* by what the signatures before it allow */
	unsigned revision;
	struct report_place place;
	char *field; /* full name of the form field, NULL if it is none */
};

/* What the document holds besides what it shows: told, never judged. */
struct report_notice {
	enum notice kind;
	unsigned revision;
	struct report_place place;
};

/* The signed revision drawn beside the present one. */
enum visual { VISUAL_NOT_COMPARED, VISUAL_SAME, VISUAL_DIFFERS, VISUAL_UNKNOWN, VISUAL__MAX };

struct report_visual {
	enum visual status;
	unsigned compared; /* pages */
	unsigned *pages;   /* those that differ, 1 = first */
	size_t npages;
};

struct report_sig {
	char *field;
	enum sig_kind kind;
	unsigned revision;
	char *sub_filter;
	bool has_byte_range;
	int64_t byte_range[4];
	uint64_t contents_bytes;
	/* Of the message without its padding; zeros: there is none.  Whatever is done to a file,
	 * a signature keeps it. */
	uint8_t message_sha256[32];
	struct status status; /* under the chosen policy */
	struct status strict; /* under the unrelaxed ETSI policy */
	enum integrity integrity;
	enum coverage coverage;
	enum modification modification;
	bool modification_allowed;
	struct report_change *changes; /* the worst first */
	size_t nchanges;
	struct report_visual visual;
	enum level level;
	enum check *level_missing; /* what keeps it from the next level */
	size_t nlevel_missing;
	bool ltv;
	enum check *ltv_missing;
	size_t nltv_missing;
	/*
	 * Until when the proof can be checked without a network, and what ends first:
	 * a check of checks.def (HORIZON_…) and the name of the certificate, or the algorithm.
	 */
	int64_t ltv_until;
	enum check ltv_weakest; /* CHECK__NONE where nothing is proven */
	char *ltv_weakest_name;
	struct {
		char *name, *organization, *title, *serial_number, *dn;
		bool has_certificate;
		struct report_cert certificate;
	} signer;
	struct {
		enum trust_status status;
		char *anchor; /* its name, NULL if none */
		struct report_cert *chain;
		size_t nchain;
	} trust;
	struct {
		enum revocation_word status;
		int64_t at; /* time of revocation */
		enum evidence_source source;
		int64_t this_update, produced_at;
		int64_t asked; /* ONLINE: when the answer came; else WHEN_NONE */
	} revocation;
	struct {
		int64_t claimed, proven;
		enum proven_by by;
	} time;
	struct report_timestamp *timestamps;
	size_t ntimestamps;
	int docmdp; /* 1..3, 0: null */
	char **field_locks;
	size_t nfield_locks;
	char *digest, *signature; /* names of algorithms */
	unsigned key_bits;
	char *reason, *location, *contact;
	unsigned page; /* 0: null */
	double rect[4];
};

enum check_result {
	RESULT_UNKNOWN,
	RESULT_OK,
	RESULT_WARNING,
	RESULT_FAIL,
	RESULT_NOT_APPLICABLE,
	RESULT__MAX
};

struct report_check {
	enum check id;
	int signature; /* index into signatures, -1: the document */
	enum check_result result;
	char *detail; /* or NULL */
};

enum want_kind { WANT_OCSP, WANT_CRL, WANT_ISSUER, WANT__MAX };

/* What would change the result: one entry for each address that could give it. */
struct report_want {
	enum want_kind kind;
	char *url;                   /* NULL if the certificate names none */
	char *issuer;                /* name of the issuing CA */
	uint8_t certificate[32];     /* SHA-256 of the certificate it is about */
	enum lookup_outcome outcome; /* LOOKUP_OPEN: nobody was asked */
	char *host;                  /* who was asked last; NULL: nobody */
	int64_t asked, retry;        /* WHEN_NONE: never; not known */
	/*
	 * The question as lookup_put_question() makes it, in the first entry about a
	 * certificate that somebody may still be asked about (NULL in all others).  Not for
	 * people: in no JSON, and gone from what is kept (report_drop_questions()).
	 */
	uint8_t *question;
	size_t question_len;
};

struct report {
	struct arena *arena; /* owns everything below, and the report itself */
	struct {
		char *name; /* as the caller gave it; NULL */
		uint8_t sha256[32];
		uint64_t size;
		uint32_t pages; /* 0: unknown */
		char *pdf_version;
		bool encrypted;
		uint32_t revisions;
	} document;
	char *policy_id, *policy_version;
	uint8_t trust_id[32]; /* SHA-256 over the anchor set */
	bool demonstration;   /* the anchors are those of `periksa demo` */
	int64_t validated_at;
	bool offline;
	enum conclusion conclusion;
	enum check *reasons; /* most important first */
	size_t nreasons;
	struct report_sig *sigs;
	size_t nsigs;
	struct report_check *checks;
	size_t nchecks;
	struct report_want *wanted;
	size_t nwanted;
	struct report_notice *notices; /* "warnings" in JSON */
	size_t nnotices;
};

/* An empty report (UNREADABLE, no arrays) with its own arena; NULL without memory. */
struct report *report_new(void);
/* Takes NULL. */
void report_free(struct report *r);

/* Before a report is kept: questions hold whole certificates, and are for the moment. */
void report_drop_questions(struct report *r);

/*
 * The report for a document that could not be looked at: INDETERMINATE with
 * this reason (CHECK_NOT_EXAMINED: the inspector died or ran out of time).
 */
void report_not_examined(struct report *r, enum check reason);

/* Somebody looked at it to the end: no reason says that nobody could, or had no time. */
bool report_was_examined(const struct report *r);
/* A reason says that the bytes are not those that were signed: the headline is "changed". */
bool report_says_changed(const struct report *r);
/* The most that was added after a signature: «tidak berubah» is for MOD_NONE and MOD_LTA_UPDATES.
 */
enum modification report_added(const struct report *r);
/* The sentence of a check that was answered like this; NULL: nothing to say. */
const char *report_sentence(enum check id, enum check_result result, enum lang lang);

/*
 * Any bytes as a text of the report: what is no UTF-8, control and direction
 * characters become U+FFFD (tab and line ends a space), cut at CAP_TEXT between two
 * characters.  NULL without memory.  Every text that a document, a certificate or
 * a caller brings goes through here: the wire refuses reports with other texts.
 */
char *report_text(struct arena *a, const void *p, size_t len);
/* At most CAP_TEXT octets of UTF-8 without control characters. */
bool report_text_ok(const void *p, size_t len);

/* The names of the report: "VALID", "TOTAL_PASSED", "FORMAT_FAILURE" (NULL for SUB_NONE), … */
const char *conclusion_name(enum conclusion c);
/* The value that conclusion_name() gives this name; CONCLUSION__MAX if none. */
enum conclusion conclusion_parse(const char *name);
const char *indication_name(enum indication i);
const char *sub_indication_name(enum sub_indication s);
const char *integrity_name(enum integrity i);
const char *coverage_name(enum coverage c);
const char *modification_name(enum modification m); /* NULL for MOD_UNKNOWN */
const char *level_name(enum level l);
const char *trust_name(enum trust_status t);
const char *revocation_name(enum revocation_word r);
const char *source_name(enum evidence_source s);
const char *proven_by_name(enum proven_by p);
const char *tst_kind_name(enum tst_kind k);
const char *sig_kind_name(enum sig_kind k);
const char *result_name(enum check_result r);
const char *want_name(enum want_kind w);
const char *visual_name(enum visual v);

#endif /* REPORT_H */
