/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a signature may look like is judged here, element by element; xmlsec then does
 * the canonicalisation and the cryptography, with nothing enabled that was not looked at.
 */
#include <string.h>

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <libxml/tree.h>
#include <xmlsec/xmlsec.h>
#include <xmlsec/errors.h>
#include <xmlsec/transforms.h>
#include <xmlsec/xmldsig.h>
#include <xmlsec/openssl/app.h>
#include <xmlsec/openssl/crypto.h>

#include "caps.h"
#include "dsig.h"
#include "node.h"

#define DS                "http://www.w3.org/2000/09/xmldsig#"
#define XADES             "http://uri.etsi.org/01903/v1.3.2#"
#define MORE              "http://www.w3.org/2001/04/xmldsig-more#"
#define XENC              "http://www.w3.org/2001/04/xmlenc#"
#define ENVELOPED         DS "enveloped-signature"
#define EXCLUSIVE         "http://www.w3.org/2001/10/xml-exc-c14n#"
#define SIGNED_PROPERTIES "http://uri.etsi.org/01903#SignedProperties"

#define RSA_BITS 2048
#define EC_BITS  256

static const char *const digests[] = {XENC "sha256", MORE "sha384", XENC "sha512", NULL};
static const char *const signatures[] = {MORE "rsa-sha256", MORE "rsa-sha384", MORE "rsa-sha512",
    MORE "ecdsa-sha256", MORE "ecdsa-sha384", MORE "ecdsa-sha512", NULL};

/* Everything of the signature that matters, found before anything is computed. */
struct dsig {
	xmlNodePtr root, node, info, key_info, properties_node;
	char root_id[128], properties_id[128]; /* "": none */
	unsigned whole, properties;            /* references of either kind */
};

const char *
dsig_start(void)
{
	if (xmlSecInit() < 0 || xmlSecOpenSSLAppInit(NULL) < 0 || xmlSecOpenSSLInit() < 0)
		return "xmlsec does not start";
	xmlSecErrorsDefaultCallbackEnableOutput(0);
	return NULL;
}

/* --- how it looks --- */

static bool
algorithm(xmlNodePtr n, const char *const *allowed)
{
	char value[128];

	if (n == NULL || !node_attr(n, "Algorithm", value, sizeof(value)) || node_first(n) != NULL)
		return false;
	for (; *allowed != NULL; allowed++)
		if (strcmp(value, *allowed) == 0)
			return true;
	return false;
}

static bool
algorithm_is(xmlNodePtr n, const char *uri)
{
	const char *const one[] = {uri, NULL};

	return algorithm(n, one);
}

/* Exactly these transforms, in this order. */
static bool
transforms_are(xmlNodePtr n, const char *first, const char *second)
{
	xmlNodePtr t = node_first(n);

	if (!node_is(t, "Transform", DS) || !algorithm_is(t, first))
		return false;
	t = node_next(t);
	if (second == NULL)
		return t == NULL;
	return node_is(t, "Transform", DS) && algorithm_is(t, second) && node_next(t) == NULL;
}

static const char *
look_at_reference(struct dsig *s, xmlNodePtr ref)
{
	xmlNodePtr n = node_first(ref), transforms = NULL;
	char uri[128], type[128] = "";

	if (!node_attr(ref, "URI", uri, sizeof(uri)))
		return "a reference has no URI";
	(void)node_attr(ref, "Type", type, sizeof(type));
	if (node_is(n, "Transforms", DS)) {
		transforms = n;
		n = node_next(n);
	}
	if (!node_is(n, "DigestMethod", DS) || !algorithm(n, digests))
		return "a digest is weak or unknown";
	if (!node_is(node_next(n), "DigestValue", DS) || node_next(node_next(n)) != NULL)
		return "a reference is not laid out as it must be";
	if (uri[0] == '\0' ||
	    (uri[0] == '#' && s->root_id[0] != '\0' && strcmp(uri + 1, s->root_id) == 0)) {
		s->whole++;
		return transforms != NULL && transforms_are(transforms, ENVELOPED, EXCLUSIVE)
			   ? NULL
			   : "the document's reference has other transforms than "
			     "enveloped-signature and exclusive canonicalisation";
	}
	if (strcmp(type, SIGNED_PROPERTIES) != 0 || s->properties_id[0] == '\0' ||
	    strcmp(uri, "#") == 0 || strcmp(uri + 1, s->properties_id) != 0 || uri[0] != '#')
		return "a reference is to something else than the whole document";
	s->properties++;
	return transforms == NULL || transforms_are(transforms, EXCLUSIVE, NULL)
		   ? NULL
		   : "the reference to the signed properties has other transforms";
}

/* Object/QualifyingProperties/SignedProperties of this signature. */
static const char *
find_properties(struct dsig *s)
{
	xmlNodePtr object, qualifying, n;

	for (object = node_first(s->node); object != NULL; object = node_next(object)) {
		if (!node_is(object, "Object", DS))
			continue;
		qualifying = node_first(object);
		if (!node_is(qualifying, "QualifyingProperties", XADES))
			continue;
		for (n = node_first(qualifying); n != NULL; n = node_next(n)) {
			if (!node_is(n, "SignedProperties", XADES))
				continue;
			if (s->properties_id[0] != '\0' ||
			    !node_id(n, s->properties_id, sizeof(s->properties_id)))
				return "its signed properties are there twice, or have no Id";
			s->properties_node = n;
		}
	}
	if (s->properties_id[0] != '\0' && strcmp(s->properties_id, s->root_id) == 0)
		return "two elements have one Id";
	return NULL;
}

static const char *
look_at_info(struct dsig *s)
{
	xmlNodePtr n = node_first(s->info);
	const char *why;

	if (!node_is(n, "CanonicalizationMethod", DS) || !algorithm_is(n, EXCLUSIVE))
		return "its own canonicalisation is not the exclusive one";
	n = node_next(n);
	if (!node_is(n, "SignatureMethod", DS) || !algorithm(n, signatures))
		return "its algorithm is weak or unknown";
	for (n = node_next(n); n != NULL; n = node_next(n)) {
		if (!node_is(n, "Reference", DS))
			return "it is not laid out as it must be";
		if ((why = look_at_reference(s, n)) != NULL)
			return why;
	}
	if (s->whole != 1 || s->properties > 1)
		return "it does not cover the document exactly once";
	return NULL;
}

static const char *
look(struct dsig *s, xmlDocPtr doc)
{
	xmlNodePtr n;
	const char *why;

	if ((s->root = xmlDocGetRootElement(doc)) == NULL)
		return "there is no document";
	(void)node_id(s->root, s->root_id, sizeof(s->root_id));
	for (n = s->root; n != NULL; n = node_after(s->root, n)) {
		if (!node_is(n, "Signature", DS))
			continue;
		if (s->node != NULL || n->parent != s->root)
			return "there is more than one signature, or not below the root";
		s->node = n;
	}
	if (s->node == NULL)
		return "it is not signed";
	s->info = node_first(s->node);
	if (!node_is(s->info, "SignedInfo", DS) ||
	    !node_is(n = node_next(s->info), "SignatureValue", DS) ||
	    !node_is(s->key_info = node_next(n), "KeyInfo", DS))
		return "its signature is not laid out as it must be";
	if ((why = find_properties(s)) != NULL)
		return why;
	return look_at_info(s);
}

/* --- by whom --- */

static bool
is_pinned(const uint8_t (*pinned)[32], size_t n, const uint8_t hash[32])
{
	size_t i;

	for (i = 0; i < n; i++)
		if (memcmp(pinned[i], hash, 32) == 0)
			return true;
	return false;
}

/* The first certificate of KeyInfo that is pinned; NULL if none is.  Free with xmlFree(). */
static uint8_t *
find_signer(
    const struct dsig *s, const uint8_t (*pinned)[32], size_t n, uint8_t used[32], size_t *len)
{
	xmlNodePtr data, cert;
	uint8_t *der;

	for (data = node_first(s->key_info); data != NULL; data = node_next(data)) {
		if (!node_is(data, "X509Data", DS))
			continue;
		for (cert = node_first(data); cert != NULL; cert = node_next(cert)) {
			if (!node_is(cert, "X509Certificate", DS) ||
			    (der = node_octets(cert, CAP_CERT, len)) == NULL)
				continue;
			if (EVP_Digest(der, *len, used, NULL, EVP_sha256(), NULL) == 1 &&
			    is_pinned(pinned, n, used))
				return der;
			xmlFree(der);
		}
	}
	return NULL;
}

static const char *
check_signer(const uint8_t *der, size_t len, int64_t now)
{
	const uint8_t *p = der;
	X509 *x = d2i_X509(NULL, &p, (long)len);
	time_t t = (time_t)now;
	const char *why = NULL;
	EVP_PKEY *key;

	if (x == NULL || p != der + len || (key = X509_get0_pubkey(x)) == NULL)
		why = "its signer's certificate is malformed";
	else if (X509_cmp_time(X509_get0_notBefore(x), &t) >= 0 ||
		 X509_cmp_time(X509_get0_notAfter(x), &t) <= 0)
		why = "its signer's certificate is not valid now";
	else if (!(EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA &&
		     EVP_PKEY_get_bits(key) >= RSA_BITS) &&
		 !(EVP_PKEY_get_base_id(key) == EVP_PKEY_EC && EVP_PKEY_get_bits(key) >= EC_BITS))
		why = "its signer's key is weak or of an unknown kind";
	X509_free(x);
	return why;
}

/* --- the cryptography --- */

static bool
enable(xmlSecDSigCtxPtr ctx)
{
	const xmlSecTransformId allowed[] = {xmlSecTransformEnvelopedId, xmlSecTransformExclC14NId,
	    xmlSecTransformInclC14NId, xmlSecOpenSSLTransformSha256Id,
	    xmlSecOpenSSLTransformSha384Id, xmlSecOpenSSLTransformSha512Id};
	const xmlSecTransformId methods[] = {xmlSecTransformExclC14NId,
	    xmlSecOpenSSLTransformRsaSha256Id, xmlSecOpenSSLTransformRsaSha384Id,
	    xmlSecOpenSSLTransformRsaSha512Id, xmlSecOpenSSLTransformEcdsaSha256Id,
	    xmlSecOpenSSLTransformEcdsaSha384Id, xmlSecOpenSSLTransformEcdsaSha512Id};
	size_t i;

	for (i = 0; i < sizeof(allowed) / sizeof(allowed[0]); i++)
		if (xmlSecDSigCtxEnableReferenceTransform(ctx, allowed[i]) < 0)
			return false;
	for (i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
		if (xmlSecDSigCtxEnableSignatureTransform(ctx, methods[i]) < 0)
			return false;
	ctx->enabledReferenceUris =
	    xmlSecTransformUriTypeEmpty | xmlSecTransformUriTypeSameDocument;
	return true;
}

/* An Id that is known already (an xml:id, say) can't be made known again: then all fails. */
static bool
register_id(xmlDocPtr doc, xmlNodePtr n, const char *id)
{
	return n == NULL || *id == '\0' ||
	       xmlAddID(NULL, doc, (const xmlChar *)id, xmlHasProp(n, (const xmlChar *)"Id")) !=
		   NULL;
}

/* Only these two can be referred to. */
static bool
register_ids(const struct dsig *s, xmlDocPtr doc)
{
	return register_id(doc, s->root, s->root_id) &&
	       register_id(doc, s->properties_node, s->properties_id);
}

static const char *
compute(const struct dsig *s, xmlDocPtr doc, const uint8_t *der, size_t len)
{
	xmlSecDSigCtxPtr ctx = xmlSecDSigCtxCreate(NULL);
	const char *why = "its signature does not verify";

	if (ctx == NULL || !enable(ctx) || !register_ids(s, doc))
		why = "its signature can't be computed";
	else if ((ctx->signKey = xmlSecOpenSSLAppKeyLoadMemory(der, (xmlSecSize)len,
		      xmlSecKeyDataFormatCertDer, NULL, NULL, NULL)) != NULL &&
		 xmlSecDSigCtxVerify(ctx, s->node) >= 0 &&
		 ctx->status == xmlSecDSigStatusSucceeded &&
		 xmlSecPtrListGetSize(&ctx->signedInfoReferences) == s->whole + s->properties)
		why = NULL;
	if (ctx != NULL)
		xmlSecDSigCtxDestroy(ctx);
	return why;
}

const char *
dsig_verify(xmlDocPtr doc, const uint8_t (*pinned)[32], size_t n, int64_t now, uint8_t used[32])
{
	struct dsig s = {0};
	const char *why;
	uint8_t *der;
	size_t len;

	if ((why = look(&s, doc)) != NULL)
		return why;
	if ((der = find_signer(&s, pinned, n, used, &len)) == NULL)
		return "it is not signed by the certificate that was asked for";
	if ((why = check_signer(der, len, now)) == NULL)
		why = compute(&s, doc, der, len);
	xmlFree(der);
	return why;
}
