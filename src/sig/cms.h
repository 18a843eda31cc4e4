/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CMS_H
#define CMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "algo.h"
#include "arena.h"
#include "cert.h"
#include "der.h"
#include "rc.h"

/*
 * One CMS SignedData (RFC 5652) as a signature of a PDF or a timestamp token
 * needs it.  What is wrong with it is a bit of findings (rules C1-C11); the
 * caller decides what that means.
 */
enum cms_finding {
	CMS_C1_SIGNED_DATA = 1 << 0, /* not SignedData, or without a SignerInfo */
	CMS_C2_ECONTENT = 1 << 1,    /* eContent present or absent against the rule for its kind */
	CMS_C3_ATTRIBUTES = 1 << 2,  /* duplicated, multi-valued, missing or misplaced attributes */
	CMS_C3_NO_ATTRIBUTES = 1 << 3, /* no signed attributes at all */
	CMS_C4_CONTENT_TYPE = 1 << 4,  /* content-type attribute differs from eContentType */
	CMS_C6_ALGORITHM = 1 << 5,     /* signature algorithm, digest and key do not fit together */
	CMS_C6_UNSUPPORTED = 1 << 6,   /* unknown digest or signature algorithm */
	CMS_C8_NO_CERT = 1 << 7,       /* no certificate in the message matches the signer id */
	CMS_C8_ESS_MISMATCH = 1 << 8,  /* signing-certificate attribute names another certificate */
	CMS_C8_ESS_ABSENT = 1 << 9,    /* no signing-certificate attribute (PAdES needs one) */
	CMS_C8_ESS_ISSUER = 1 << 10,   /* its issuerSerial differs: a warning */
	CMS_C9_ENCODING = 1 << 11,     /* broken BER, signed attributes not DER */
	CMS_B6_PADDING = 1 << 12,      /* bytes after the message that are not zero: a warning */
	CMS_ATTRS_UNSORTED = 1 << 13,  /* signed attributes not in DER order: a warning */
	CMS_C2_OTHER = 1 << 15,        /* eContent beside the document, and not the same */
	CMS_C1_SIGNERS = 1 << 14       /* more than one SignerInfo: only the first is read */
};

enum cms_kind {
	CMS_DETACHED, /* ETSI.CAdES.detached, adbe.pkcs7.detached: eContent absent */
	CMS_SHA1,     /* adbe.pkcs7.sha1: eContent is the 20-octet SHA-1 of the ranges */
	CMS_TOKEN     /* a timestamp token: eContent is a TSTInfo */
};

/* The signature-policy-identifier attribute (ETSI EN 319 122-1, 5.2.9). */
enum cms_policy {
	CMS_POLICY_NONE,
	CMS_POLICY_NAMED,   /* an OID, in policy_id */
	CMS_POLICY_IMPLIED, /* "implied": which one is not said */
	CMS_POLICY_BROKEN   /* malformed, or a hash value that its algorithm can't have */
};

struct cms {
	unsigned findings;        /* bits of enum cms_finding */
	struct der whole;         /* the message without padding */
	struct der econtent_type; /* OID contents octets */
	struct der econtent;      /* its octets (segments joined), len 0 if absent */
	bool has_econtent;
	struct der *certs; /* whole Certificates as found in the message, certificate-values too */
	size_t ncerts;
	struct der *crls; /* whole CertificateLists of SignedData.crls */
	size_t ncrls;
	/* the one SignerInfo */
	struct der sid_issuer, sid_serial; /* issuerAndSerialNumber, or len 0 */
	struct der sid_ski;                /* subjectKeyIdentifier, or len 0 */
	enum hash digest;
	struct sig_algo algo;
	bool algo_known;
	bool has_attrs;
	struct der signed_attrs; /* the bytes to verify: received order, tag patched to SET */
	struct der message_digest;
	struct der signature; /* value octets */
	int64_t signing_time; /* signed attribute, WHEN_NONE if absent */
	bool has_signing_time, has_ess_v1, has_ess_v2;
	bool has_policy_id, has_commitment, multiple_signer_attrs;
	enum cms_policy policy;
	struct der policy_id; /* signature-policy-id OID octets, len 0 if absent */
	bool has_content_ts;
	/*
	 * Evidence.  ocsps: OCSPResponse or BasicOCSPResponse of adbe-revocationInfoArchival
	 * (signed), revocation-values (unsigned) and the other formats of SignedData.crls.
	 */
	struct der *ocsps;
	size_t nocsps;
	struct der *attr_crls;
	size_t nattr_crls;
	bool has_adbe_revocation; /* adbe-revocationInfoArchival present */
	struct der *sig_ts;       /* signature-time-stamp tokens (unsigned attributes) */
	size_t nsig_ts;
	struct der *content_ts; /* content-time-stamp tokens (signed attributes) */
	size_t ncontent_ts;
	struct der ess_hash; /* certHash of the first ESSCertID(v2); v2 if both are there */
	enum hash ess_alg;
	struct der ess_issuer, ess_serial; /* its issuerSerial, len 0 if absent */
	size_t ess_count;
	struct der ess_v1_hash; /* certHash (SHA-1) of the first ESSCertID, len 0 if absent */
};

/*
 * Split the message.  contents may carry zero padding behind it (/Contents of
 * a PDF).  RC_OK: *out (in the arena, spans into contents or the arena) is as
 * complete as findings allow; when C1 or C9 stand, nothing else may be used.
 * RC_NOMEM; RC_TOOBIG above CAP_CMS and its like.
 */
enum rc cms_parse(struct cms **out, struct arena *a, struct der contents, enum cms_kind kind);

/*
 * The signer's certificate: matched by signer id, then by ESS hash, among the
 * message's own certificates first, then the pool's (rule C8).  NULL, if none.
 * Sets CMS_C8_* bits.  *from_cms says whether it was inside the message.
 */
const struct cert *cms_signer(struct cms *cms, const struct cert_pool *pool, bool *from_cms);

enum cms_check {
	CMS_UNCHECKED, /* no certificate, unsupported algorithm, or unusable message */
	CMS_INTACT,
	CMS_HASH_MISMATCH, /* C5: message-digest differs from the digest of the data */
	CMS_BAD_SIGNATURE  /* C7, or C6 inconsistency */
};

/*
 * C5, C6, C7 for data whose digest under cms->digest is md (CMS_SHA1: md is
 * the SHA-1 of the ranges; the eContent is compared with it and then signed).
 * cert may be NULL: then C5 alone is decided and the rest is CMS_UNCHECKED.
 * Sets CMS_C6_* bits.
 */
enum cms_check cms_verify(
    struct cms *cms, enum cms_kind kind, const struct cert *cert, const uint8_t *md, size_t md_len);

#endif /* CMS_H */
