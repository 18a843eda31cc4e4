/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Letters that are good, in every shape that the attacks resemble. */
#include <string.h>

#include "forge.h"
#include "when.h"

static void
plain(struct forge *f, struct letter *l, const char *arg)
{
	(void)arg;
	forge_base(f, l);
}

static void
stream_form(struct forge *f, struct letter *l, const char *arg)
{
	(void)arg;
	forge_base_form(f, l, LETTER_STREAM);
}

static void
hybrid_form(struct forge *f, struct letter *l, const char *arg)
{
	(void)arg;
	forge_base_form(f, l, LETTER_HYBRID);
}

static void
visible(struct forge *f, struct letter *l, const char *arg)
{
	letter_init(l, f->m, LETTER_CLASSIC, &forge_text, 0);
	agency_sign(&f->agency, l,
	    &(struct agency_order){
		.signer = &f->signer, .level = AGENCY_LT, .at = FORGE_SIGNED, .shown = arg});
}

static void
archive(struct forge *f, struct letter *l, const char *arg)
{
	(void)arg;
	letter_init(l, f->m, LETTER_CLASSIC, &forge_text, 0);
	agency_sign(&f->agency, l,
	    &(struct agency_order){.signer = &f->signer, .level = AGENCY_LTA, .at = FORGE_SIGNED});
}

/* Certificate over since, timestamp and evidence of its time. */
static void
expired(struct forge *f, struct letter *l, const char *arg)
{
	(void)arg;
	letter_init(l, f->m, LETTER_CLASSIC, &forge_text, 0);
	agency_sign(&f->agency, l,
	    &(struct agency_order){
		.signer = &f->expired, .level = AGENCY_LT, .at = FORGE_SIGNED_EARLIER});
}

static void
trailing_eol(struct forge *f, struct letter *l, const char *arg)
{
	forge_base(f, l);
	buf_str(&l->out, arg);
}

static void
big(struct forge *f, struct letter *l, const char *arg)
{
	uint8_t pad[64 * 16] = {0};
	size_t at;

	(void)arg;
	/* the padding is held in memory here: what is counted must be what is written */
	letter_init(l, f->m, LETTER_CLASSIC, &forge_text, sizeof(pad));
	at = (size_t)l->pad_at;
	if (letter_rc(l) == RC_OK) {
		struct buf whole;

		buf_init(&whole, 1u << 20);
		buf_put(&whole, l->out.p, at);
		buf_put(&whole, pad, sizeof(pad));
		buf_put(&whole, l->out.p + at, l->out.len - at);
		buf_clear(&l->out);
		l->out = whole; /* transferred */
		l->pad_len = 0;
	}
	agency_sign(&f->agency, l,
	    &(struct agency_order){.signer = &f->signer, .level = AGENCY_LT, .at = FORGE_SIGNED});
}

static const struct pki_cert *
signer_with(struct forge *f, enum maker_key kind)
{
	struct pki_cert *c = arena_alloc(f->m->arena, sizeof(*c));

	if (c == NULL)
		return &f->signer;
	agency_admit(&f->agency, c, maker_key(f->m, kind), "Siti Rahmawati Contoh",
	    FORGE_AT - 365 * FORGE_DAY, FORGE_AT + 365 * FORGE_DAY);
	return c;
}

static void
message(struct forge *f, struct letter *l, const struct envelope *e, const char *sub_filter)
{
	letter_init(l, f->m, LETTER_CLASSIC, &forge_text, 0);
	forge_message_sign(f, l, e, sub_filter, true);
}

static void
indefinite(struct forge *f, struct letter *l, const char *arg)
{
	(void)arg;
	message(f, l, &(struct envelope){.indefinite = true}, NULL);
}

static void
digest(struct forge *f, struct letter *l, const char *arg)
{
	message(f, l, &(struct envelope){.digest = arg}, NULL);
}

static void
rsa(struct forge *f, struct letter *l, const char *arg)
{
	message(f, l, &(struct envelope){.signer = signer_with(f, MAKER_RSA), .digest = arg}, NULL);
}

static void
pss(struct forge *f, struct letter *l, const char *arg)
{
	message(f, l,
	    &(struct envelope){
		.signer = signer_with(f, MAKER_RSA), .scheme = PKI_PSS, .digest = arg},
	    NULL);
}

static void
p384(struct forge *f, struct letter *l, const char *arg)
{
	message(
	    f, l, &(struct envelope){.signer = signer_with(f, MAKER_P384), .digest = arg}, NULL);
}

static void
brainpool(struct forge *f, struct letter *l, const char *arg)
{
	message(f, l, &(struct envelope){.signer = signer_with(f, MAKER_BRAINPOOL), .digest = arg},
	    NULL);
}

static void
ed25519(struct forge *f, struct letter *l, const char *arg)
{
	message(
	    f, l, &(struct envelope){.signer = signer_with(f, MAKER_ED25519), .digest = arg}, NULL);
}

static void
pkcs7(struct forge *f, struct letter *l, const char *arg)
{
	message(f, l, &(struct envelope){.signing_time = FORGE_SIGNED}, arg);
}

static void
ess_v1(struct forge *f, struct letter *l, const char *arg)
{
	(void)arg;
	message(f, l, &(struct envelope){.ess = ENVELOPE_ESS_V1}, NULL);
}

static void
content_stamp(struct forge *f, struct letter *l, const char *arg)
{
	struct token t;

	(void)arg;
	forge_token(f, &t, FORGE_SIGNED - 60);
	message(f, l, &(struct envelope){.content_stamp = &t}, NULL);
}

/* Evidence inside the message, no DSS: the signature covers the whole file. */
static void
embedded(struct forge *f, struct letter *l, const char *arg)
{
	struct letter_evidence ev;

	forge_evidence(f, &f->signer, FORGE_SIGNED, &ev);
	letter_init(l, f->m, LETTER_CLASSIC, &forge_text, 0);
	forge_message_sign(
	    f, l, &(struct envelope){.ocsp = ev.ocsps[0], .crl = ev.crls[0]}, arg, false);
}

/* Two stores of evidence, one after the other. */
static void
two_stores(struct forge *f, struct letter *l, const char *arg)
{
	struct letter_evidence ev;

	(void)arg;
	forge_base(f, l);
	forge_evidence(f, &f->signer, FORGE_SIGNED + 3600, &ev);
	ev.ncerts = 0;
	ev.no_vri = true;
	letter_dss(l, &ev);
}

static void
certified(struct forge *f, struct letter *l, const char *arg)
{
	const struct pki_cert *certs[] = {&f->agency.root, &f->agency.ca, &f->signer};
	struct token stamp;
	struct envelope e = {.signer = &f->signer, .certs = certs, .ncerts = 3, .stamp = &stamp};
	struct letter_sign sign = {
	    .field = "Sertifikasi", .at = FORGE_SIGNED, .docmdp = arg[0] - '0', .envelope = &e};
	struct letter_evidence ev;

	forge_token(f, &stamp, FORGE_SIGNED);
	letter_init(l, f->m, LETTER_CLASSIC, &forge_text, 0);
	letter_sign(l, &sign);
	forge_evidence(f, &f->signer, FORGE_SIGNED + 4, &ev);
	letter_dss(l, &ev);
}

/* Anyone can append a document timestamp: one that proves nothing takes nothing away. */
static void
worthless_stamp(struct forge *f, struct letter *l, const char *arg)
{
	const struct pki_cert *certs[] = {&f->evil.tsa, &f->evil.root};
	struct letter_sign stamp = {.field = "StempelWaktu", .hole = 8192, .at = WHEN_NONE};
	struct token t;

	forge_base(f, l);
	forge_token(f, &t, FORGE_SIGNED + 60);
	if (arg[0] == 'l') {
		t.authority = &f->evil.tsa;
		t.certs = certs;
	} else {
		t.imprint =
		    maker_digest(f->m, "SHA256", (struct der){(const uint8_t *)arg, strlen(arg)});
	}
	stamp.token = &t;
	letter_sign(l, &stamp);
}

#define GOOD(name, make, arg)                                                          \
	{                                                                              \
		name, make, arg, CONCLUSION_VALID, SUB_NONE, CHECK__NONE, false, false \
	}

const struct forge_case forge_good[] = {
    GOOD("B-LT", plain, NULL),
    GOOD("B-LT with cross-reference streams", stream_form, NULL),
    GOOD("B-LT in a hybrid file", hybrid_form, NULL),
    GOOD("visible signature", visible, "Siti Rahmawati Contoh"),
    GOOD("B-LTA", archive, NULL),
    GOOD("expired since, with timestamp", expired, NULL),
    GOOD("one more end of line", trailing_eol, "\n"),
    GOOD("one more CR LF", trailing_eol, "\r\n"),
    GOOD("a stream of zeros", big, NULL),
    GOOD("BER of indefinite length", indefinite, NULL),
    GOOD("ECDSA P-256 with SHA-256", digest, "SHA256"),
    GOOD("ECDSA P-256 with SHA-384", digest, "SHA384"),
    GOOD("ECDSA P-256 with SHA-512", digest, "SHA512"),
    GOOD("ECDSA P-256 with SHA3-256", digest, "SHA3-256"),
    GOOD("RSA with SHA-256", rsa, "SHA256"),
    GOOD("RSA with SHA-512", rsa, "SHA512"),
    GOOD("RSA with SHA3-256", rsa, "SHA3-256"),
    GOOD("RSA-PSS with SHA-256", pss, "SHA256"),
    GOOD("RSA-PSS with SHA-512", pss, "SHA512"),
    GOOD("ECDSA P-384 with SHA-384", p384, "SHA384"),
    GOOD("brainpoolP256r1 with SHA-256", brainpool, "SHA256"),
    GOOD("Ed25519", ed25519, "SHA512"),
    GOOD("PKCS#7", pkcs7, "adbe.pkcs7.detached"),
    GOOD("signing-certificate of version 1", ess_v1, NULL),
    GOOD("content timestamp", content_stamp, NULL),
    GOOD("evidence inside the message", embedded, NULL),
    GOOD("evidence inside a PKCS#7 message", embedded, "adbe.pkcs7.detached"),
    GOOD("two stores of evidence", two_stores, NULL),
    GOOD("archive timestamp of a look-alike", worthless_stamp, "look-alike"),
    GOOD("archive timestamp of other data", worthless_stamp, "other data"),
    GOOD("certified, no changes allowed", certified, "1"),
    GOOD("certified, forms allowed", certified, "2"),
    {.name = NULL},
};
