/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages (CMS) and timestamp tokens that are bent, in letters that are else good. */
#include <stdio.h>
#include <string.h>

#include "forge.h"
#include "when.h"

static void
message(struct forge *f, struct letter *l, const struct envelope *e)
{
	letter_init(l, f->m, LETTER_CLASSIC, &forge_text, 0);
	forge_message_sign(f, l, e, NULL, true);
}

static struct der
text_span(const char *s)
{
	return (struct der){(const uint8_t *)s, strlen(s)};
}

static void
econtent(struct forge *f, struct letter *l, const char *arg)
{
	message(f, l, &(struct envelope){.econtent = text_span(arg)});
}

/* The message signs its own content, which is not the document. */
static void
econtent_signed(struct forge *f, struct letter *l, const char *arg)
{
	struct der content = text_span(arg);

	message(f, l,
	    &(struct envelope){.econtent = content, .md = maker_digest(f->m, "SHA256", content)});
}

static void
two_signers(struct forge *f, struct letter *l, const char *arg)
{
	struct envelope second = {
	    .signer = &f->other, .md = maker_digest(f->m, "SHA256", text_span("x"))};

	(void)arg;
	message(f, l, &(struct envelope){.second = &second});
}

static void
other_digest(struct forge *f, struct letter *l, const char *arg)
{
	message(f, l, &(struct envelope){.md_attr = maker_digest(f->m, "SHA256", text_span(arg))});
}

static void
content_type(struct forge *f, struct letter *l, const char *arg)
{
	message(f, l, &(struct envelope){.content_type_attr = arg});
}

static void
token_type(struct forge *f, struct letter *l, const char *arg)
{
	message(f, l, &(struct envelope){.content_type = arg});
}

static void
algorithm(struct forge *f, struct letter *l, const char *arg)
{
	message(f, l, &(struct envelope){.algorithm = ASN_SEQ(f->m, asn_oid(f->m, arg))});
}

static void
no_ess(struct forge *f, struct letter *l, const char *arg)
{
	(void)arg;
	message(f, l, &(struct envelope){.ess = ENVELOPE_ESS_NONE});
}

static void
ess_of_another(struct forge *f, struct letter *l, const char *arg)
{
	(void)arg;
	message(f, l, &(struct envelope){.ess_cert = &f->other});
}

static void
no_attributes(struct forge *f, struct letter *l, const char *arg)
{
	(void)arg;
	message(f, l, &(struct envelope){.no_attributes = true});
}

/* The signer's certificate is nowhere. */
static void
no_certificate(struct forge *f, struct letter *l, const char *arg)
{
	const struct pki_cert *certs[] = {&f->agency.root, &f->agency.ca};

	(void)arg;
	letter_init(l, f->m, LETTER_CLASSIC, &forge_text, 0);
	forge_message_sign(f, l, &(struct envelope){.certs = certs, .ncerts = 2}, NULL, false);
}

/* The signer's certificate is in the DSS only: not a baseline signature, but a good one. */
static void
certificate_in_dss(struct forge *f, struct letter *l, const char *arg)
{
	const struct pki_cert *certs[] = {&f->agency.root, &f->agency.ca};
	struct letter_evidence ev;

	letter_init(l, f->m, LETTER_CLASSIC, &forge_text, 0);
	forge_message_sign(f, l,
	    &(struct envelope){.certs = certs,
		.ncerts = 2,
		.ess = arg[0] == 'e' ? ENVELOPE_ESS_V2 : ENVELOPE_ESS_NONE},
	    NULL, false);
	forge_evidence(f, &f->signer, FORGE_SIGNED + 4, &ev);
	ev.certs[ev.ncerts++] = f->signer.der;
	letter_dss(l, &ev);
}

/* Octets behind the message that are not zero: a warning (B6), for they prove nothing. */
static void
padding(struct forge *f, struct letter *l, const char *arg)
{
	size_t at;

	forge_base(f, l);
	at = forge_last(l, "/Contents <");
	if (at != 0)
		forge_poke(l, at + 11 + 2 * (16384 - 16), arg);
}

static void
weak(struct forge *f, struct letter *l, const char *arg)
{
	message(f, l, &(struct envelope){.digest = arg});
}

/* One octet of the message, from its beginning. */
static void
flip(struct letter *l, size_t octet)
{
	size_t at = forge_last(l, "/Contents <");

	if (at == 0)
		return;
	l->out.p[at + 11 + 2 * octet] ^= l->out.p[at + 11 + 2 * octet] == '0' ? 1 : 2;
}

static void
flipped(struct forge *f, struct letter *l, const char *arg)
{
	unsigned octet = 0;

	for (; *arg != '\0'; arg++)
		octet = 10 * octet + (unsigned)(*arg - '0');
	forge_base(f, l);
	flip(l, octet);
}

/* The signature value's last octet: right before the unsigned attributes. */
static void
flipped_value(struct forge *f, struct letter *l, const char *arg)
{
	/* id-aa-timeStampToken, as hex in the file */
	size_t at;

	(void)arg;
	forge_base(f, l);
	at = forge_last(l, "060b2a864886f70d010910020e");
	/* SEQUENCE and [1] headers before it: 4 + 4 octets */
	if (at > 40)
		l->out.p[at - 18] = l->out.p[at - 18] == '0' ? '1' : '0';
}

static void
swapped_message(struct forge *f, struct letter *l, const char *arg)
{
	struct letter other;
	size_t from, to, len = 16384;

	(void)arg;
	letter_init(&other, f->m, LETTER_STREAM, &forge_text, 0);
	agency_sign(&f->agency, &other,
	    &(struct agency_order){.signer = &f->signer, .level = AGENCY_LT, .at = FORGE_SIGNED});
	forge_base(f, l);
	from = forge_last(&other, "/Contents <");
	to = forge_last(l, "/Contents <");
	if (from > 0 && to > 0)
		memcpy(l->out.p + to + 11, other.out.p + from + 11, 2 * len);
	letter_clear(&other);
}

static void
signing_time(struct forge *f, struct letter *l, const char *arg)
{
	(void)arg;
	message(f, l, &(struct envelope){.signing_time = FORGE_SIGNED});
}

static void
sub_filter(struct forge *f, struct letter *l, const char *arg)
{
	letter_init(l, f->m, LETTER_CLASSIC, &forge_text, 0);
	forge_message_sign(f, l, &(struct envelope){.signing_time = 0}, arg, true);
}

/* --- attributes: RFC 5652, 11; RFC 5035; RFC 6211 --- */

static struct der
attribute_of(struct forge *f, const char *oid, struct der value, struct der second)
{
	return ASN_SEQ(f->m, asn_oid(f->m, oid), ASN_SET(f->m, value, second));
}

#define MESSAGE_DIGEST "1.2.840.113549.1.9.4"
#define CONTENT_TYPE   "1.2.840.113549.1.9.3"
#define PROTECTION     "1.2.840.113549.1.9.52"

/* One attribute more among the signed ones: t type, d digest; the same again. */
static void
twice(struct forge *f, struct letter *l, const char *arg)
{
	struct der md = asn_octets(f->m, maker_digest(f->m, "SHA256", text_span("lain")));
	struct der more =
	    arg[0] == 't' ? attribute_of(f, CONTENT_TYPE, asn_oid(f->m, ENVELOPE_DATA), ASN_NONE)
			  : attribute_of(f, MESSAGE_DIGEST, md, ASN_NONE);

	message(f, l, &(struct envelope){.more_signed = more});
}

static void
two_values(struct forge *f, struct letter *l, const char *arg)
{
	struct der type = asn_oid(f->m, ENVELOPE_DATA), other = asn_oid(f->m, arg);

	message(f, l,
	    &(struct envelope){
		.no_type = true, .more_signed = attribute_of(f, CONTENT_TYPE, type, other)});
}

static void
missing(struct forge *f, struct letter *l, const char *arg)
{
	message(f, l, &(struct envelope){.no_type = arg[0] == 't', .no_md = arg[0] == 'd'});
}

static void
unsorted(struct forge *f, struct letter *l, const char *arg)
{
	(void)arg;
	message(f, l, &(struct envelope){.unsorted = true});
}

static void
digest_algorithms(struct forge *f, struct letter *l, const char *arg)
{
	message(f, l, &(struct envelope){.digest_algorithms = arg});
}

/* Which algorithms it was signed with, said in an attribute: rightly or not. */
static void
protection(struct forge *f, struct letter *l, const char *arg)
{
	struct der name = pki_algorithm(f->m, f->signer.key, PKI_DEFAULT, "SHA256");
	struct der body = asn_body(name);
	struct der value =
	    ASN_SEQ(f->m, asn_digest_algo(f->m, arg), ASN(f->m, DER_CONTEXT(1), body));

	message(
	    f, l, &(struct envelope){.more_signed = attribute_of(f, PROTECTION, value, ASN_NONE)});
}

/* What belongs among the signed attributes stands among the others. */
static void
unsigned_digest(struct forge *f, struct letter *l, const char *arg)
{
	struct der md = asn_octets(f->m, maker_digest(f->m, "SHA256", text_span(arg)));

	message(f, l,
	    &(struct envelope){.more_unsigned = attribute_of(f, MESSAGE_DIGEST, md, ASN_NONE)});
}

/* An RSA signature that names another algorithm. */
static void
rsa_algorithm(struct forge *f, struct letter *l, const char *arg)
{
	struct pki_cert rsa;

	agency_admit(&f->agency, &rsa, maker_key(f->m, MAKER_RSA), "Siti Rahmawati Contoh",
	    FORGE_AT - 365 * FORGE_DAY, FORGE_AT + 365 * FORGE_DAY);
	message(f, l,
	    &(struct envelope){
		.signer = &rsa, .algorithm = ASN_SEQ(f->m, asn_oid(f->m, arg), asn_null(f->m))});
}

/* An RSA-PSS signature over SHA-256 whose parameters name another digest. */
static void
pss_parameters(struct forge *f, struct letter *l, const char *arg)
{
	struct pki_cert rsa;

	agency_admit(&f->agency, &rsa, maker_key(f->m, MAKER_RSA), "Siti Rahmawati Contoh",
	    FORGE_AT - 365 * FORGE_DAY, FORGE_AT + 365 * FORGE_DAY);
	message(f, l,
	    &(struct envelope){.signer = &rsa,
		.scheme = PKI_PSS,
		.algorithm = pki_algorithm(f->m, rsa.key, PKI_PSS, arg)});
}

static void
type_and_attribute(struct forge *f, struct letter *l, const char *arg)
{
	message(f, l, &(struct envelope){.content_type = arg, .content_type_attr = ENVELOPE_DATA});
}

#define BAD  CONCLUSION_INVALID
#define OPEN CONCLUSION_INDETERMINATE
#define ANY  CONCLUSION__MAX

const struct forge_case forge_message[] = {
    {"eContent beside the document", econtent, "isi lain", BAD, SUB_FORMAT_FAILURE,
	CHECK_CMS_CONTENT, 0, 0},
    {"eContent signed instead of the document", econtent_signed, "isi lain", BAD,
	SUB_FORMAT_FAILURE, CHECK_CMS_CONTENT, 0, 0},
    {"two signers", two_signers, NULL, CONCLUSION__MAX, SUB__MAX, CHECK__NONE, 0, 0},
    {"digest of something else", other_digest, "isi lain", BAD, SUB_HASH_FAILURE, CHECK_DIGEST, 0,
	0},
    {"content type differs", content_type, "1.2.840.113549.1.7.5", BAD, SUB_FORMAT_FAILURE,
	CHECK_CMS_CONTENT_TYPE, 0, 0},
    {"content type of a timestamp", token_type, ENVELOPE_TST_INFO, CONCLUSION_VALID, SUB_NONE,
	CHECK__NONE, 0, 1},
    {"algorithm says another digest", algorithm, "1.2.840.10045.4.3.4", BAD, SUB_SIG_CRYPTO_FAILURE,
	CHECK_ALGORITHM_CONSISTENT, 0, 0},
    {"algorithm says SHA-1", algorithm, "1.2.840.10045.4.1", BAD, SUB_SIG_CRYPTO_FAILURE,
	CHECK_ALGORITHM_CONSISTENT, 0, 0},
    {"algorithm says RSA", algorithm, "1.2.840.113549.1.1.11", BAD, SUB_SIG_CRYPTO_FAILURE,
	CHECK_ALGORITHM_CONSISTENT, 0, 0},
    {"algorithm says MD5 with RSA", rsa_algorithm, "1.2.840.113549.1.1.4", BAD,
	SUB_SIG_CRYPTO_FAILURE, CHECK_ALGORITHM_CONSISTENT, 0, 0},
    {"algorithm says SHA-512 with RSA", rsa_algorithm, "1.2.840.113549.1.1.13", BAD,
	SUB_SIG_CRYPTO_FAILURE, CHECK_ALGORITHM_CONSISTENT, 0, 0},
    {"algorithm says SHA3-256 with RSA", rsa_algorithm, "2.16.840.1.101.3.4.3.14", BAD,
	SUB_SIG_CRYPTO_FAILURE, CHECK_ALGORITHM_CONSISTENT, 0, 0},
    {"algorithm says SHA-256 with RSA, rightly", rsa_algorithm, "1.2.840.113549.1.1.11",
	CONCLUSION_VALID, SUB_NONE, CHECK__NONE, 0, 0},
    {"algorithm says RSA alone", rsa_algorithm, "1.2.840.113549.1.1.1", CONCLUSION_VALID, SUB_NONE,
	CHECK__NONE, 0, 0},
    {"PSS with parameters of SHA-512", pss_parameters, "SHA512", BAD, SUB_SIG_CRYPTO_FAILURE,
	CHECK__NONE, 0, 0},
    {"PSS with its own parameters", pss_parameters, "SHA256", CONCLUSION_VALID, SUB_NONE,
	CHECK__NONE, 0, 0},
    {"plain ECDSA that is not plain", algorithm, "0.4.0.127.0.7.1.1.4.1.3", BAD,
	SUB_SIG_CRYPTO_FAILURE, CHECK__NONE, 0, 0},
    {"message digest twice", twice, "d", BAD, SUB_FORMAT_FAILURE, CHECK__NONE, 0, 0},
    {"content type twice", twice, "t", BAD, SUB_FORMAT_FAILURE, CHECK__NONE, 0, 0},
    {"content type of two values", two_values, "1.2.840.113549.1.7.5", BAD, SUB_FORMAT_FAILURE,
	CHECK__NONE, 0, 0},
    {"no message digest", missing, "d", BAD, SUB_FORMAT_FAILURE, CHECK__NONE, 0, 0},
    {"no content type", missing, "t", BAD, SUB_FORMAT_FAILURE, CHECK__NONE, 0, 0},
    {"attributes in another order", unsorted, NULL, CONCLUSION_VALID, SUB_NONE, CHECK__NONE, 0, 0},
    {"digest not among those announced", digest_algorithms, "SHA512", CONCLUSION_VALID, SUB_NONE,
	CHECK__NONE, 0, 0},
    {"algorithms said in an attribute", protection, "SHA256", CONCLUSION_VALID, SUB_NONE,
	CHECK__NONE, 0, 0},
    {"other algorithms said in an attribute", protection, "SHA512", BAD, SUB_SIG_CRYPTO_FAILURE,
	CHECK_ALGORITHM_CONSISTENT, 0, 0},
    {"a digest that nobody signed", unsigned_digest, "isi lain", BAD, SUB_FORMAT_FAILURE,
	CHECK__NONE, 0, 0},
    {"type of a timestamp, attribute of data", type_and_attribute, ENVELOPE_TST_INFO, BAD,
	SUB_FORMAT_FAILURE, CHECK_CMS_CONTENT_TYPE, 0, 0},
    {"unknown algorithm", algorithm, "1.3.6.1.4.1.32473.2", OPEN, SUB__MAX,
	CHECK_ALGORITHM_SUPPORTED, 0, 0},
    {"no signing-certificate attribute", no_ess, NULL, OPEN, SUB_SIG_CONSTRAINTS_FAILURE,
	CHECK_SIGNING_CERTIFICATE_REFERENCE, 0, 0},
    {"signing-certificate of another", ess_of_another, NULL, OPEN, SUB_NO_SIGNING_CERTIFICATE_FOUND,
	CHECK_SIGNING_CERTIFICATE_REFERENCE, 0, 0},
    {"no signed attributes", no_attributes, NULL, BAD, SUB_FORMAT_FAILURE, CHECK_CMS_ATTRIBUTES, 0,
	0},
    {"no certificate", no_certificate, NULL, OPEN, SUB_NO_SIGNING_CERTIFICATE_FOUND,
	CHECK_SIGNING_CERTIFICATE, 0, 0},
    {"certificate in the DSS alone", certificate_in_dss, "e", CONCLUSION_VALID, SUB_NONE,
	CHECK__NONE, 0, 1},
    {"certificate in the DSS alone, no reference", certificate_in_dss, "n", OPEN, SUB__MAX,
	CHECK_SIGNING_CERTIFICATE_REFERENCE, 0, 1},
    {"octets behind the message", padding, "cafe", CONCLUSION_VALID, SUB_NONE,
	CHECK_PADDING_NONZERO, 0, 0},
    {"SHA-1", weak, "SHA1", OPEN, SUB__MAX, CHECK_ALGORITHM_STRENGTH, 0, 0},
    {"message of another letter", swapped_message, NULL, BAD, SUB_HASH_FAILURE, CHECK_DIGEST, 0, 0},
    {"first octet flipped", flipped, "0", BAD, SUB_FORMAT_FAILURE, CHECK_CMS_SIGNED_DATA, 0, 0},
    {"octet 60 flipped", flipped, "60", BAD, SUB_FORMAT_FAILURE, CHECK_CMS_ENCODING, 0, 0},
    {"signature value flipped", flipped_value, NULL, BAD, SUB__MAX, CHECK__NONE, 0, 0},
    {"signing time in a PAdES message", signing_time, NULL, CONCLUSION_VALID, SUB_NONE, CHECK__NONE,
	0, 1},
    {"unknown sub-filter", sub_filter, "Contoh.lain", OPEN, SUB__MAX, CHECK_SUBFILTER, 0, 0},
    {"sub-filter of a timestamp", sub_filter, "ETSI.RFC3161", ANY, SUB__MAX, CHECK__NONE, 0, 0},
    {"sub-filter of SHA-1", sub_filter, "adbe.pkcs7.sha1", OPEN, SUB__MAX, CHECK_CMS_CONTENT, 0, 0},
    {"sub-filter without a message", sub_filter, "adbe.x509.rsa_sha1", OPEN, SUB__MAX,
	CHECK_ALGORITHM_STRENGTH, 0, 0},
    {.name = NULL},
};
