/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The report as an object: its memory, its texts, and the names of its enums
 * (EN 319 102-1, clause 5.1, for indications).  What it says is filled by verify.c.
 */
#include <string.h>

#include "buf.h"
#include "caps.h"
#include "report.h"
#include "when.h"

#define nitems(a) (sizeof(a) / sizeof((a)[0]))

struct report *
report_new(void)
{
	struct arena *a;
	struct report *r;

	if ((a = arena_new(CAP_ARENA)) == NULL)
		return NULL;
	if ((r = arena_alloc(a, sizeof(*r))) == NULL) {
		arena_free(a);
		return NULL;
	}
	r->arena = a;
	r->validated_at = WHEN_NONE;
	r->conclusion = CONCLUSION_UNREADABLE;
	return r;
}

void
report_free(struct report *r)
{
	/* The report lies in its own arena. */
	if (r != NULL)
		arena_free(r->arena);
}

void
report_drop_questions(struct report *r)
{
	size_t i;

	for (i = 0; i < r->nwanted; i++) {
		r->wanted[i].question = NULL;
		r->wanted[i].question_len = 0;
	}
}

void
report_not_examined(struct report *r, enum check reason)
{
	static const enum check asked[] = {
	    CHECK_SIGNER_NAME, CHECK_UNCHANGED, CHECK_TIMESTAMP, CHECK_LTV, CHECK_ISSUER_TRUSTED};
	size_t i;

	r->conclusion = CONCLUSION_INDETERMINATE;
	r->nreasons = r->nsigs = r->nchecks = r->nwanted = r->nnotices = 0;
	if ((r->reasons = arena_array(r->arena, 1, sizeof(*r->reasons))) != NULL)
		r->reasons[r->nreasons++] = reason;
	r->checks = arena_array(r->arena, nitems(asked) + 1, sizeof(*r->checks));
	if (r->checks == NULL)
		return;
	for (i = 0; i <= nitems(asked); i++)
		r->checks[r->nchecks++] = (struct report_check){
		    .id = i < nitems(asked) ? asked[i] : reason,
		    .signature = -1,
		    .result = RESULT_UNKNOWN,
		};
}

bool
report_was_examined(const struct report *r)
{
	size_t i;

	for (i = 0; i < r->nreasons; i++)
		if (r->reasons[i] == CHECK_NOT_EXAMINED || r->reasons[i] == CHECK_TIME_LIMIT)
			return false;
	return true;
}

bool
report_says_changed(const struct report *r)
{
	static const enum check changed[] = {CHECK_UNCHANGED, CHECK_CHANGED_AFTER_SIGNING,
	    CHECK_CERTIFICATION_VIOLATED, CHECK_FIELD_LOCK_VIOLATED, CHECK_DIGEST};
	size_t i, k;

	for (i = 0; i < r->nreasons; i++)
		for (k = 0; k < nitems(changed); k++)
			if (r->reasons[i] == changed[k])
				return true;
	return false;
}

enum modification
report_added(const struct report *r)
{
	enum modification most = MOD_NONE;
	size_t i;

	for (i = 0; i < r->nsigs; i++)
		if (r->sigs[i].kind == KIND_SIGNATURE && r->sigs[i].modification > most)
			most = r->sigs[i].modification;
	return most;
}

const char *
report_sentence(enum check id, enum check_result result, enum lang lang)
{
	/* Allowed additions are a note: they change nothing of what was signed. */
	if (id == CHECK_UNCHANGED && result == RESULT_WARNING)
		id = CHECK_ADDED_AFTER_SIGNING;
	switch (result) {
	case RESULT_OK:
		return check_yes(id, lang);
	case RESULT_WARNING:
	case RESULT_FAIL:
		return check_no(id, lang);
	case RESULT_UNKNOWN:
		return check_unknown(id, lang);
	case RESULT_NOT_APPLICABLE:
	case RESULT__MAX:
		break;
	}
	return NULL;
}

/*
 * The character at p (RFC 3629: no overlong form, no surrogate) and its octets;
 * 0 octets if there is none.
 */
static size_t
utf8_char(const uint8_t *p, size_t len, uint32_t *c)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t n, i;

	if (len == 0)
		return 0;
	if (p[0] < 0x80) {
		*c = p[0];
		return 1;
	}
	if (p[0] >= 0xc2 && p[0] <= 0xdf)
		n = 2;
	else if (p[0] >= 0xe0 && p[0] <= 0xef)
		n = 3;
	else if (p[0] >= 0xf0 && p[0] <= 0xf4)
		n = 4;
	else
		return 0;
	if (len < n)
		return 0;
	*c = p[0] & (0xffu >> (n + 1));
	for (i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		*c = *c << 6 | (p[i] & 0x3f);
	}
	if (*c < least[n] || *c > 0x10ffff || (*c >= 0xd800 && *c <= 0xdfff))
		return 0;
	return n;
}

static bool
is_control(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c <= 0x9f);
}

/* Characters that would turn the text around them: a name could be shown as another. */
static bool
is_deceptive(uint32_t c)
{
	return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x2028 ||
	       c == 0x2029 || c == 0xfeff;
}

bool
report_text_ok(const void *p, size_t len)
{
	const uint8_t *q = p;
	uint32_t c;
	size_t n;

	if (len > CAP_TEXT)
		return false;
	for (; len > 0; q += n, len -= n)
		if ((n = utf8_char(q, len, &c)) == 0 || is_control(c))
			return false;
	return true;
}

char *
report_text(struct arena *a, const void *p, size_t len)
{
	static const uint8_t replacement[] = {0xef, 0xbf, 0xbd}; /* U+FFFD */
	const uint8_t *q = p, *from;
	uint8_t out[CAP_TEXT];
	size_t n, put, used = 0;
	uint32_t c;

	for (; len > 0; q += n, len -= n) {
		from = q;
		put = n = utf8_char(q, len, &c);
		if (n == 0 || is_control(c) || is_deceptive(c)) {
			from = replacement;
			put = sizeof(replacement);
			n = n == 0 ? 1 : n;
			if (len >= n && (*q == '\t' || *q == '\n' || *q == '\r')) {
				from = (const uint8_t *)" ";
				put = 1;
			}
		}
		if (put > sizeof(out) - used)
			break;
		memcpy(out + used, from, put);
		used += put;
	}
	return arena_str(a, (const char *)out, used);
}

static const char *
name_of(const char *const *names, size_t n, unsigned i)
{
	return i < n ? names[i] : NULL;
}
#define NAME(names, i) name_of((names), nitems(names), (unsigned)(i))

static const char *const conclusions[CONCLUSION__MAX] = {
    [CONCLUSION_VALID] = "VALID",
    [CONCLUSION_INVALID] = "INVALID",
    [CONCLUSION_INDETERMINATE] = "INDETERMINATE",
    [CONCLUSION_NO_SIGNATURE] = "NO_SIGNATURE",
    [CONCLUSION_UNREADABLE] = "UNREADABLE",
};

const char *
conclusion_name(enum conclusion c)
{
	return NAME(conclusions, c);
}

enum conclusion
conclusion_parse(const char *name)
{
	unsigned i;

	for (i = 0; i < CONCLUSION__MAX; i++)
		if (strcmp(conclusions[i], name) == 0)
			break;
	return (enum conclusion)i;
}

const char *
indication_name(enum indication i)
{
	static const char *const names[IND__MAX] = {
	    [IND_PASSED] = "TOTAL_PASSED",
	    [IND_FAILED] = "TOTAL_FAILED",
	    [IND_INDETERMINATE] = "INDETERMINATE",
	};

	return NAME(names, i);
}

const char *
sub_indication_name(enum sub_indication s)
{
	static const char *const names[SUB__MAX] = {
#define SUB(name) [SUB_##name] = #name
	    SUB(FORMAT_FAILURE),
	    SUB(HASH_FAILURE),
	    SUB(SIG_CRYPTO_FAILURE),
	    SUB(REVOKED),
	    SUB(EXPIRED),
	    SUB(NOT_YET_VALID),
	    SUB(SIG_CONSTRAINTS_FAILURE),
	    SUB(CHAIN_CONSTRAINTS_FAILURE),
	    SUB(CERTIFICATE_CHAIN_GENERAL_FAILURE),
	    SUB(CRYPTO_CONSTRAINTS_FAILURE),
	    SUB(CRYPTO_CONSTRAINTS_FAILURE_NO_POE),
	    SUB(POLICY_PROCESSING_ERROR),
	    SUB(SIGNATURE_POLICY_NOT_AVAILABLE),
	    SUB(TIMESTAMP_ORDER_FAILURE),
	    SUB(NO_SIGNING_CERTIFICATE_FOUND),
	    SUB(NO_CERTIFICATE_CHAIN_FOUND),
	    SUB(NO_CERTIFICATE_CHAIN_FOUND_NO_POE),
	    SUB(REVOKED_NO_POE),
	    SUB(REVOKED_CA_NO_POE),
	    SUB(OUT_OF_BOUNDS_NO_POE),
	    SUB(OUT_OF_BOUNDS_NOT_REVOKED),
	    SUB(REVOCATION_OUT_OF_BOUNDS_NO_POE),
	    SUB(NO_POE),
	    SUB(TRY_LATER),
	    SUB(SIGNED_DATA_NOT_FOUND),
	    SUB(GENERIC),
#undef SUB
	};

	return NAME(names, s);
}

const char *
integrity_name(enum integrity i)
{
	static const char *const names[INTEGRITY__MAX] = {
	    [INTEGRITY_INTACT] = "intact",
	    [INTEGRITY_BROKEN] = "broken",
	    [INTEGRITY_UNKNOWN] = "unknown",
	};

	return NAME(names, i);
}

const char *
coverage_name(enum coverage c)
{
	static const char *const names[COVERAGE__MAX] = {
	    [COVERAGE_ENTIRE_FILE] = "entire_file",
	    [COVERAGE_ENTIRE_REVISION] = "entire_revision",
	    [COVERAGE_UNCLEAR] = "unclear",
	};

	return NAME(names, c);
}

const char *
modification_name(enum modification m)
{
	static const char *const names[MOD__MAX] = {
	    [MOD_NONE] = "none",
	    [MOD_LTA_UPDATES] = "lta_updates",
	    [MOD_FORM_FILLING] = "form_filling",
	    [MOD_ANNOTATIONS] = "annotations",
	    [MOD_OTHER] = "other",
	};

	return NAME(names, m);
}

const char *
level_name(enum level l)
{
	static const char *const names[LEVEL__MAX] = {
	    [LEVEL_NONE] = "none",
	    [LEVEL_PADES_B] = "PAdES-B-B",
	    [LEVEL_PADES_T] = "PAdES-B-T",
	    [LEVEL_PADES_LT] = "PAdES-B-LT",
	    [LEVEL_PADES_LTA] = "PAdES-B-LTA",
	    [LEVEL_PKCS7_B] = "PKCS7-B",
	    [LEVEL_PKCS7_T] = "PKCS7-T",
	    [LEVEL_PKCS7_LT] = "PKCS7-LT",
	    [LEVEL_PKCS7_LTA] = "PKCS7-LTA",
	};

	return NAME(names, l);
}

const char *
trust_name(enum trust_status t)
{
	static const char *const names[TRUST__MAX] = {
	    [TRUST_TRUSTED] = "trusted",
	    [TRUST_UNTRUSTED] = "untrusted",
	    [TRUST_UNKNOWN] = "unknown",
	};

	return NAME(names, t);
}

const char *
revocation_name(enum revocation_word r)
{
	static const char *const names[REV__MAX] = {
	    [REV_GOOD] = "good",
	    [REV_REVOKED] = "revoked",
	    [REV_UNKNOWN] = "unknown",
	};

	return NAME(names, r);
}

const char *
source_name(enum evidence_source s)
{
	static const char *const names[SOURCE__MAX] = {
	    [SOURCE_EMBEDDED] = "embedded",
	    [SOURCE_ONLINE] = "online",
	    [SOURCE_NONE] = "none",
	};

	return NAME(names, s);
}

const char *
proven_by_name(enum proven_by p)
{
	static const char *const names[PROVEN__MAX] = {
	    [PROVEN_SIGNATURE_TS] = "signature_timestamp",
	    [PROVEN_DOCUMENT_TS] = "document_timestamp",
	    [PROVEN_NONE] = "none",
	};

	return NAME(names, p);
}

const char *
tst_kind_name(enum tst_kind k)
{
	static const char *const names[TST_KIND__MAX] = {
	    [TST_SIGNATURE_TS] = "signature_timestamp",
	    [TST_DOCUMENT_TS] = "document_timestamp",
	    [TST_CONTENT_TS] = "content_timestamp",
	};

	return NAME(names, k);
}

const char *
sig_kind_name(enum sig_kind k)
{
	static const char *const names[KIND__MAX] = {
	    [KIND_SIGNATURE] = "signature",
	    [KIND_DOCUMENT_TIMESTAMP] = "document_timestamp",
	};

	return NAME(names, k);
}

const char *
result_name(enum check_result r)
{
	static const char *const names[RESULT__MAX] = {
	    [RESULT_OK] = "ok",
	    [RESULT_WARNING] = "warning",
	    [RESULT_FAIL] = "fail",
	    [RESULT_UNKNOWN] = "unknown",
	    [RESULT_NOT_APPLICABLE] = "not_applicable",
	};

	return NAME(names, r);
}

const char *
want_name(enum want_kind w)
{
	static const char *const names[WANT__MAX] = {
	    [WANT_OCSP] = "ocsp",
	    [WANT_CRL] = "crl",
	    [WANT_ISSUER] = "issuer",
	};

	return NAME(names, w);
}

const char *
visual_name(enum visual v)
{
	static const char *const names[VISUAL__MAX] = {
	    [VISUAL_NOT_COMPARED] = "not_compared",
	    [VISUAL_SAME] = "same",
	    [VISUAL_DIFFERS] = "differs",
	    [VISUAL_UNKNOWN] = "unknown",
	};

	return NAME(names, v);
}
