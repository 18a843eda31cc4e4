/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DESKMAKE_H
#define DESKMAKE_H

/*
 * A small authority for tests of what is asked of the network, with a trust store made by
 * hand; and its questions as octets.
 */
#include <stdlib.h>
#include <string.h>

#include "asn.h"
#include "order.h"
#include "pki.h"
#include "proof.h"
#include "question.h"
#include "trust.h"
#include "when.h"

#define DESK_NOW 1793491200ll /* 2026-11-01 */
#define DESK_DAY 86400ll

struct desk_world {
	struct maker *m;
	struct pki_cert root, ca, signer, other, responder, plain, mute, stranger;
	char *hosts[2], *issuers[2];
	struct anchor anchor;
	struct trust trust;
	struct evidence_conf conf;
	struct guard guard;
	struct arena *arena;
	struct buf question;
};

static inline void
desk_cert(struct desk_world *w, struct pki_cert *out, const char *cn, const struct pki_cert *issuer,
    const struct pki_spec *more)
{
	static uint64_t serial = 0x8001;
	struct pki_spec spec = *more;

	spec.subject = (struct pki_name){.country = "ID", .common_name = cn};
	spec.key = maker_key(w->m, MAKER_P256);
	spec.issuer = issuer;
	spec.serial = serial++;
	spec.from = DESK_NOW - 300 * DESK_DAY;
	spec.until = DESK_NOW + 300 * DESK_DAY;
	if (spec.ca)
		spec.key_usage = PKI_CERT_SIGN | PKI_CRL_SIGN;
	pki_issue(w->m, &spec, out);
}

static inline struct desk_world *
desk_world_new(void)
{
	static const struct pki_spec ca = {.ca = true, .path_len = -1},
				     signer = {.path_len = -1,
					 .url_ocsp = "http://va.uji.example/ocsp",
					 .url_crl = "http://va.uji.example/ca.crl",
					 .url_ca = "http://va.uji.example/ca.crt"},
				     nocheck = {.path_len = -1,
					 .eku = PKI_EKU_OCSP_SIGNING,
					 .ocsp_nocheck = true},
				     plain = {.path_len = -1,
					 .eku = PKI_EKU_OCSP_SIGNING,
					 .url_crl = "http://va.uji.example/ca.crl"},
				     mute = {.path_len = -1, .eku = PKI_EKU_OCSP_SIGNING};
	struct desk_world *w = calloc(1, sizeof(*w));

	if (w == NULL || (w->m = maker_new()) == NULL || (w->arena = arena_new(64u << 20)) == NULL)
		abort();
	desk_cert(w, &w->root, "Root CA Uji", NULL, &ca);
	desk_cert(w, &w->ca, "CA Uji", &w->root, &ca);
	desk_cert(w, &w->signer, "Siti Contoh", &w->ca, &signer);
	desk_cert(w, &w->other, "Budi Contoh", &w->ca, &signer);
	desk_cert(w, &w->responder, "VA Uji", &w->ca, &nocheck);
	desk_cert(w, &w->plain, "VA Uji tanpa nocheck", &w->ca, &plain);
	desk_cert(w, &w->mute, "VA Uji tanpa alamat", &w->ca, &mute);
	/* of the same name, with a key of its own */
	desk_cert(w, &w->stranger, "CA Uji", NULL, &ca);
	if (maker_rc(w->m) != RC_OK)
		abort();
	w->trust.cache = cert_cache_new();
	if (cert_cache_get(w->trust.cache, w->root.der, true, &w->anchor.cert) != RC_OK)
		abort();
	w->anchor.purposes = ANCHOR_SIGNER;
	w->anchor.from = w->anchor.until = WHEN_NONE;
	w->trust.anchors = (struct anchors){&w->anchor, 1};
	w->hosts[0] = strdup("va.uji.example");
	w->issuers[0] = strdup("http://va.uji.example/ca.crt");
	w->trust.hosts = w->hosts;
	w->trust.issuer_urls = w->issuers;
	w->trust.nhosts = w->trust.nissuer_urls = 1;
	evidence_conf_default(&w->conf);
	w->guard = (struct guard){&w->conf, w->hosts, 1};
	buf_init(&w->question, CAP_LOOKUP);
	return w;
}

static inline void
desk_world_free(struct desk_world *w)
{
	buf_clear(&w->question);
	arena_free(w->arena);
	cert_cache_free(w->trust.cache);
	maker_free(w->m);
	free(w->hosts[0]);
	free(w->issuers[0]);
	free(w);
}

/* The question about this path, NULL at its end, as octets in w->question. */
static inline void
desk_ask(struct desk_world *w, enum lookup_kind kind, const struct pki_cert *a,
    const struct pki_cert *b, const struct pki_cert *c)
{
	const struct pki_cert *path[] = {a, b, c};
	struct lookup_question q = {.kind = kind};
	size_t i;

	for (i = 0; i < 3 && path[i] != NULL; i++)
		q.certs[q.ncerts++] = (struct lookup_octets){path[i]->der.p, path[i]->der.len};
	buf_clear(&w->question);
	if (order_put_question(&w->question, &q) != RC_OK || buf_rc(&w->question) != RC_OK)
		abort();
}

static inline enum rc
desk_read(struct desk_world *w, struct question *q)
{
	return question_read(q, w->arena, &w->trust, &w->guard, w->question.p, w->question.len);
}

/* An OCSP response about w->signer by the responder, good and of now, to be changed. */
static inline struct proof_answer
desk_answer(const struct desk_world *w)
{
	return (struct proof_answer){.subject = &w->signer,
	    .issuer = &w->ca,
	    .responder = &w->responder,
	    .status = PROOF_GOOD,
	    .reason = -1,
	    .revoked_at = DESK_NOW - DESK_DAY,
	    .produced = DESK_NOW,
	    .this_update = DESK_NOW,
	    .next_update = DESK_NOW + DESK_DAY};
}

#endif /* DESKMAKE_H */
