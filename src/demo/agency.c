/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The invented authority.  Extensions follow what real end-entity certificates
 * for official letters in Indonesia carry: key purpose «Adobe authentic
 * documents» alone and critical, QcSSCD, OCSP and CRL addresses (here under
 * .invalid, so that nobody can be asked).
 */
#include <string.h>

#include "when.h"

#include "agency.h"

#define DAY ((int64_t)24 * 3600)

static void
issue_authorities(struct agency *a, const struct agency_times *t, EVP_PKEY *keys[4])
{
	const char *office = "Balai Contoh Sertifikasi";
	struct pki_spec root = {
	    .subject = {"ID", "Kementerian Contoh", "Root CA Contoh", NULL},
	    .key = keys[0],
	    .serial = a->serial++,
	    .from = t->root[0],
	    .until = t->root[1],
	    .ca = true,
	    .path_len = -1,
	    .key_usage = PKI_DIGITAL_SIGNATURE | PKI_CERT_SIGN | PKI_CRL_SIGN,
	};
	struct pki_spec ca = {
	    .subject = {"ID", office, "CA Contoh G1", NULL},
	    .key = keys[1],
	    .issuer = &a->root,
	    .serial = a->serial++,
	    .from = t->ca[0],
	    .until = t->ca[1],
	    .ca = true,
	    .path_len = 0,
	    .key_usage = PKI_CERT_SIGN | PKI_CRL_SIGN,
	    .url_crl = "http://crl.contoh.invalid/akar.crl",
	};
	struct pki_spec tsa = {
	    .subject = {"ID", office, "Timestamp Authority Contoh", NULL},
	    .key = keys[2],
	    .issuer = &a->root,
	    .serial = a->serial++,
	    .from = t->tsa[0],
	    .until = t->tsa[1],
	    .path_len = -1,
	    .key_usage = PKI_DIGITAL_SIGNATURE | PKI_NON_REPUDIATION,
	    .eku = PKI_EKU_TIMESTAMPING,
	    .eku_critical = true,
	    .ocsp_nocheck = true,
	    .policies = {"2.16.360.1.1.1.3.11.2.0.1", NULL, NULL},
	};
	struct pki_spec responder = {
	    .subject = {"ID", office, "CA Contoh G1 - Validation Authority", NULL},
	    .key = keys[3],
	    .issuer = &a->ca,
	    .serial = a->serial++,
	    .from = t->responder[0],
	    .until = t->responder[1],
	    .path_len = -1,
	    .key_usage = PKI_DIGITAL_SIGNATURE,
	    .eku = PKI_EKU_OCSP_SIGNING,
	    .ocsp_nocheck = true,
	};

	pki_issue(a->m, &root, &a->root);
	pki_issue(a->m, &ca, &a->ca);
	pki_issue(a->m, &tsa, &a->tsa);
	pki_issue(a->m, &responder, &a->responder);
}

void
agency_found(struct agency *a, struct maker *m, enum maker_key kind, const struct agency_times *t)
{
	EVP_PKEY *keys[4];
	size_t i;

	memset(a, 0, sizeof(*a));
	a->m = m;
	a->serial = 0x1001;
	a->fresh = 365 * DAY;
	for (i = 0; i < 4; i++)
		keys[i] = maker_key(m, kind);
	issue_authorities(a, t, keys);
}

void
agency_admit(struct agency *a, struct pki_cert *out, EVP_PKEY *key, const char *name, int64_t from,
    int64_t until)
{
	struct pki_spec spec = {
	    .subject = {"ID", "Dinas Contoh", name, "000000CONTOH_Tanda Tangan Elektronik"},
	    .key = key,
	    .issuer = &a->ca,
	    .serial = a->serial++,
	    .from = from,
	    .until = until,
	    .path_len = -1,
	    .key_usage = PKI_DIGITAL_SIGNATURE | PKI_NON_REPUDIATION,
	    .eku = PKI_EKU_ADOBE,
	    .eku_critical = true,
	    .qc_sscd = true,
	    .url_ca = "http://va.contoh.invalid/ca.crt",
	    .url_ocsp = "http://va.contoh.invalid/ocsp",
	    .url_crl = "http://va.contoh.invalid/ca.crl",
	    .policies = {"2.16.360.1.1.1.5.1.4.3", "2.16.360.1.1.1.3.11.2.0.1",
		"2.16.360.1.1.1.9.1"},
	};

	pki_issue(a->m, &spec, out);
}

void
agency_evidence(
    struct agency *a, const struct agency_order *o, int64_t at, struct letter_evidence *out)
{
	struct proof_answer answer = {
	    .subject = o->signer,
	    .issuer = &a->ca,
	    .responder = &a->responder,
	    .status = o->revoked_at != 0 ? PROOF_REVOKED : PROOF_GOOD,
	    .revoked_at = o->revoked_at,
	    .reason = -1,
	    .produced = at,
	    .this_update = at,
	    .next_update = a->fresh > 0 ? at + a->fresh : WHEN_NONE,
	};
	/* a root's CRL is issued rarely and lives long */
	struct proof_list list = {
	    .issuer = &a->root,
	    .number = 13,
	    .this_update = at - 3 * DAY,
	    .next_update = at + (a->fresh > 0 ? a->fresh : 180 * DAY),
	};

	memset(out, 0, sizeof(*out));
	out->certs[out->ncerts++] = a->root.der;
	out->certs[out->ncerts++] = a->ca.der;
	out->certs[out->ncerts++] = o->signer->der;
	out->certs[out->ncerts++] = a->tsa.der;
	out->certs[out->ncerts++] = a->responder.der;
	out->ocsps[out->nocsps++] = proof_ocsp(a->m, &answer);
	out->crls[out->ncrls++] = proof_crl(a->m, &list);
}

static void
archive_stamp(struct agency *a, struct letter *l, const struct token *t, int64_t at)
{
	struct token archive = *t;
	struct letter_sign sign = {
	    .field = "StempelWaktu", .at = WHEN_NONE, .hole = 8192, .token = &archive};

	archive.gen_time = at;
	archive.serial = a->serial++;
	letter_sign(l, &sign);
}

void
agency_sign(struct agency *a, struct letter *l, const struct agency_order *o)
{
	const struct pki_cert *chain[] = {&a->root, &a->ca, o->signer};
	const struct pki_cert *tsa_chain[] = {&a->tsa, &a->root};
	struct token stamp = {
	    .authority = &a->tsa,
	    .certs = tsa_chain,
	    .ncerts = 2,
	    .gen_time = o->at + 3,
	    .serial = a->serial++,
	};
	struct envelope envelope = {
	    .signer = o->signer,
	    .certs = chain,
	    .ncerts = 3,
	    .stamp = o->level == AGENCY_B || o->no_stamp ? NULL : &stamp,
	};
	struct letter_sign sign = {
	    .field = o->field != NULL ? o->field : "TandaTangan1",
	    .at = o->at,
	    .reason = "Surat contoh",
	    .visible = o->shown != NULL,
	    .shown = o->shown,
	    .left = o->left,
	    .bottom = o->bottom,
	    .docmdp = o->docmdp,
	    .envelope = &envelope,
	};
	struct letter_evidence evidence;

	letter_sign(l, &sign);
	if (o->level < AGENCY_LT)
		return;
	/* the responder is asked as soon as the timestamp is there */
	agency_evidence(a, o, o->at + 4, &evidence);
	letter_dss(l, &evidence);
	if (o->level == AGENCY_LTA)
		archive_stamp(a, l, &stamp, o->at + 60);
}
