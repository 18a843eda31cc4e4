/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Format checking and cryptographic verification, EN 319 102-1 (V1.4.1), 5.2.2 to
 * 5.2.7: what is decided without any time.
 */
#include "format.h"

static void
decide(struct judged *j, enum indication ind, enum sub_indication sub, enum check why)
{
	j->st.ind = ind;
	j->st.sub = sub;
	j->why = why;
}

enum check
format_rule_check(enum pdf_rule rule)
{
	static const enum check checks[PDF_RULE__MAX] = {
	    [PDF_S1_HEADER] = CHECK_HEADER,
	    [PDF_S2_TAIL] = CHECK_FILE_END,
	    [PDF_S3_XREF] = CHECK_XREF_CHAIN,
	    [PDF_S4_NUMBERS] = CHECK_OBJECT_NUMBERS,
	    [PDF_S5_OBJECT] = CHECK_OBJECT,
	    [PDF_S6_OBJSTM] = CHECK_OBJECT_STREAM,
	    [PDF_S7_HYBRID] = CHECK_HYBRID_AMBIGUOUS,
	    [PDF_S8_DUPLICATE_KEY] = CHECK_DUPLICATE_KEY,
	    [PDF_S9_LIMIT] = CHECK_LIMIT,
	    [PDF_S10_LINEARIZED] = CHECK_LINEARIZED,
	    [PDF_TRAILING_BYTES] = CHECK_TRAILING_BYTES,
	    [PDF_D1_FIELD_VALUE] = CHECK_AMBIGUOUS,
	    [PDF_D2_REDEFINED] = CHECK_SIGNATURE_REDEFINED,
	    [PDF_D3_DIRECT] = CHECK_DICTIONARY_DIRECT,
	    [PDF_D4_PLACE] = CHECK_DICTIONARY_PLACE,
	    [PDF_D4_COMMENT] = CHECK_DICTIONARY_COMMENT,
	    [PDF_D5_TYPE] = CHECK_DICTIONARY_TYPE,
	    [PDF_D6_SUBFILTER] = CHECK_SUBFILTER,
	    [PDF_D7_FILTER] = CHECK_FILTER,
	    [PDF_D8_ORPHAN] = CHECK_ORPHAN_SIGNATURE,
	    [PDF_B1_START] = CHECK_BYTE_RANGE,
	    [PDF_B2_RANGE] = CHECK_BYTE_RANGE,
	    [PDF_B3_GAP_BOUNDS] = CHECK_GAP,
	    [PDF_B4_GAP_HEX] = CHECK_GAP,
	    [PDF_B5_GAP_CONTENTS] = CHECK_GAP_CONTENTS,
	    [PDF_B7_REVISION_END] = CHECK_REVISION_END,
	    [PDF_B8_SECTIONS] = CHECK_REVISION_SECTIONS,
	    [PDF_B9_RESOLVE] = CHECK_REVISION_SECTIONS,
	    [PDF_B10_OFFSETS] = CHECK_REVISION_SECTIONS,
	    [PDF_B11_OVERLAP] = CHECK_RANGE_OVERLAP,
	    [PDF_B12_DUPLICATE_RANGE] = CHECK_RANGE_DUPLICATE,
	    [PDF_B13_TAIL_EXPLAINED] = CHECK_LATER_REVISION,
	    [PDF_B14_LATER_REVISION] = CHECK_LATER_REVISION,
	    [PDF_E1_HANDLER] = CHECK_ENCRYPTION_SUPPORTED,
	    [PDF_E2_ENCRYPT] = CHECK_ENCRYPTION_SAME,
	    [PDF_E3_PERMS] = CHECK_ENCRYPTION_PERMISSIONS,
	    [PDF_LOCKED] = CHECK_LOCKED,
	};

	return rule < PDF_RULE__MAX ? checks[rule] : CHECK_NOT_EXAMINED;
}

/* Rules of the dictionary and the coverage fail a signature; the rest leaves it open. */
static bool
rule_fails(enum pdf_rule rule)
{
	return (rule >= PDF_D1_FIELD_VALUE && rule <= PDF_D5_TYPE) || rule == PDF_D7_FILTER ||
	       (rule >= PDF_B1_START && rule <= PDF_B12_DUPLICATE_RANGE);
}

/* Format checking (5.2.2) of the file's side.  False: decided. */
bool
format_structure(const struct pdf_sig *p, struct judged *j)
{
	const struct pdf_finding *open = NULL;
	size_t i;

	for (i = 0; i < p->nfindings; i++) {
		const struct pdf_finding *f = &p->findings[i];

		if (!f->fatal)
			continue;
		if (rule_fails(f->rule)) {
			decide(j, IND_FAILED, SUB_FORMAT_FAILURE, format_rule_check(f->rule));
			return false;
		}
		if (open == NULL)
			open = f;
	}
	if (p->orphan) {
		decide(j, IND_INDETERMINATE, SUB_GENERIC, CHECK_ORPHAN_SIGNATURE);
		return false;
	}
	if (open != NULL) {
		decide(j, IND_INDETERMINATE, SUB_GENERIC, format_rule_check(open->rule));
		return false;
	}
	if (!p->range_sound || p->coverage == PDF_COVERAGE_UNCLEAR) {
		decide(j, IND_FAILED, SUB_FORMAT_FAILURE, CHECK_BYTE_RANGE);
		return false;
	}
	return true;
}

/*
 * Format checking of the message, cryptographic verification (5.2.7), and the
 * signature policy (5.2.4): no policy is processed here, so that one that is
 * named does not matter; one that can't be told does.
 */
bool
format_message(const struct dossier_sig *s, struct judged *j)
{
	unsigned f;

	if (s->pdf->sub_filter == PDF_SF_X509_SHA1) {
		if (s->check == CMS_BAD_SIGNATURE)
			decide(j, IND_FAILED, SUB_SIG_CRYPTO_FAILURE, CHECK_SIGNATURE_VALUE);
		else
			decide(j, IND_INDETERMINATE, SUB_CRYPTO_CONSTRAINTS_FAILURE_NO_POE,
			    CHECK_ALGORITHM_STRENGTH);
		return false;
	}
	if (s->cms == NULL) {
		decide(j, IND_FAILED, SUB_FORMAT_FAILURE, CHECK_CMS_SIGNED_DATA);
		return false;
	}
	f = s->cms->findings;
	if (f & CMS_C1_SIGNED_DATA)
		decide(j, IND_FAILED, SUB_FORMAT_FAILURE, CHECK_CMS_SIGNED_DATA);
	else if (f & CMS_C9_ENCODING)
		decide(j, IND_FAILED, SUB_FORMAT_FAILURE, CHECK_CMS_ENCODING);
	else if (f & CMS_C2_ECONTENT && s->kind == CMS_SHA1 && !s->cms->has_econtent)
		decide(j, IND_INDETERMINATE, SUB_SIGNED_DATA_NOT_FOUND, CHECK_CMS_CONTENT);
	else if (f & CMS_C2_ECONTENT &&
		 (f & CMS_C2_OTHER || s->kind != CMS_DETACHED || s->check != CMS_INTACT))
		decide(j, IND_FAILED, SUB_FORMAT_FAILURE, CHECK_CMS_CONTENT);
	else if (f & CMS_C3_ATTRIBUTES ||
		 (f & CMS_C3_NO_ATTRIBUTES && s->pdf->sub_filter == PDF_SF_CADES))
		decide(j, IND_FAILED, SUB_FORMAT_FAILURE, CHECK_CMS_ATTRIBUTES);
	else if (f & CMS_C4_CONTENT_TYPE)
		decide(j, IND_FAILED, SUB_FORMAT_FAILURE, CHECK_CMS_CONTENT_TYPE);
	else if (s->check == CMS_HASH_MISMATCH)
		decide(j, IND_FAILED, SUB_HASH_FAILURE, CHECK_DIGEST);
	else if (f & CMS_C6_UNSUPPORTED)
		decide(j, IND_INDETERMINATE, SUB_CRYPTO_CONSTRAINTS_FAILURE,
		    CHECK_ALGORITHM_SUPPORTED);
	else if (f & CMS_C6_ALGORITHM)
		decide(j, IND_FAILED, SUB_SIG_CRYPTO_FAILURE, CHECK_ALGORITHM_CONSISTENT);
	else if (s->signer == NULL)
		decide(j, IND_INDETERMINATE, SUB_NO_SIGNING_CERTIFICATE_FOUND,
		    CHECK_SIGNING_CERTIFICATE);
	else if (f & CMS_C8_ESS_MISMATCH)
		decide(j, IND_INDETERMINATE, SUB_NO_SIGNING_CERTIFICATE_FOUND,
		    CHECK_SIGNING_CERTIFICATE_REFERENCE);
	else if (s->check == CMS_BAD_SIGNATURE)
		decide(j, IND_FAILED, SUB_SIG_CRYPTO_FAILURE, CHECK_SIGNATURE_VALUE);
	else if (s->check != CMS_INTACT)
		decide(j, IND_INDETERMINATE,
		    s->digest_known ? SUB_GENERIC : SUB_SIGNED_DATA_NOT_FOUND,
		    CHECK_SIGNATURE_VALUE);
	else if (f & (CMS_C1_SIGNERS | CMS_C2_ECONTENT))
		/* What is signed is the document; but others may look at the rest. */
		decide(j, IND_INDETERMINATE, SUB_SIG_CONSTRAINTS_FAILURE,
		    f & CMS_C1_SIGNERS ? CHECK_CMS_SIGNED_DATA : CHECK_CMS_CONTENT);
	else if (s->cms->policy == CMS_POLICY_BROKEN)
		decide(j, IND_INDETERMINATE, SUB_POLICY_PROCESSING_ERROR, CHECK_SIGNATURE_POLICY);
	else if (s->cms->policy == CMS_POLICY_IMPLIED)
		decide(j, IND_INDETERMINATE, SUB_SIGNATURE_POLICY_NOT_AVAILABLE,
		    CHECK_SIGNATURE_POLICY);
	else
		return true;
	return false;
}
