/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads a trust list; who signed it is dsig.c's, whom to trust somebody else's. */
#define _GNU_SOURCE /* memmem() */
#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>

#include <libxml/parser.h>
#include <libxml/tree.h>

#include "caps.h"
#include "node.h"
#include "tsl.h"
#include "when.h"

#define TSL      "http://uri.etsi.org/02231/v2#"
#define TEXT_MAX 256

xmlDocPtr
tsl_parse(const void *p, size_t len, const char **why)
{
	xmlDocPtr doc = NULL;

	/* Before the parser sees any of it: no entities, and one encoding. */
	if (len == 0 || len > CAP_TRUST_LIST)
		*why = "it is empty, or larger than any trust list";
	else if (memchr(p, '\0', len) != NULL)
		*why = "it is no UTF-8";
	else if (memmem(p, len, "<!DOCTYPE", 9) != NULL || memmem(p, len, "<!ENTITY", 8) != NULL)
		*why = "it has a document type or entities";
	else if ((doc = xmlReadMemory(p, (int)len, NULL, "UTF-8",
		      XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
			  XML_PARSE_NOCDATA)) == NULL)
		*why = "it is no well-formed XML";
	else if (doc->intSubset != NULL || doc->extSubset != NULL) {
		xmlFreeDoc(doc);
		doc = NULL;
		*why = "it has a document type or entities";
	}
	return doc;
}

/* What follows this part of an address, if it is a plain word; else "". */
static void
last_part(char *text, const char *behind)
{
	char *p = strstr(text, behind);
	const char *word = p != NULL ? p + strlen(behind) : "", *q;

	for (q = word; *q != '\0'; q++)
		if ((*q < 'a' || *q > 'z') && (*q < 'A' || *q > 'Z') && (*q < '0' || *q > '9') &&
		    strchr("/_-", *q) == NULL)
			word = "";
	memmove(text, word, strlen(word) + 1);
}

static bool
field(xmlNodePtr parent, const char *name, char out[TEXT_MAX])
{
	return node_text(node_child(parent, name, TSL), out, TEXT_MAX) && out[0] != '\0';
}

/* --- services --- */

/* The uses that an authority is supervised for. */
static void
put_uses(struct buf *b, xmlNodePtr service)
{
	xmlNodePtr ext = node_child(service, "ServiceInformationExtensions", TSL), info;
	char uri[TEXT_MAX];
	bool first = true;

	for (ext = node_first(ext); ext != NULL; ext = node_next(ext)) {
		info = node_child(ext, "AdditionalServiceInformation", TSL);
		if (!field(info, "URI", uri))
			continue;
		last_part(uri, "/SvcInfoExt/");
		if (uri[0] == '\0')
			continue;
		buf_printf(b, "%s%s", first ? "" : ",", uri);
		first = false;
	}
}

/* The English name, or the first. */
static void
service_name(xmlNodePtr service, char out[TEXT_MAX])
{
	xmlNodePtr names = node_child(service, "ServiceName", TSL), n, best = node_first(names);
	bool found = false;
	xmlChar *lang;

	for (n = node_first(names); n != NULL && !found; n = node_next(n)) {
		lang = xmlNodeGetLang(n);
		found = lang != NULL && strcmp((const char *)lang, "en") == 0;
		if (found)
			best = n;
		xmlFree(lang);
	}
	(void)node_text(best, out, TEXT_MAX);
}

static void
put_certificate(struct buf *b, const uint8_t *der, size_t len)
{
	uint8_t text[65];
	size_t at, n;

	for (at = 0; at < len; at += n) {
		n = len - at < 48 ? len - at : 48;
		buf_put(b, text, (size_t)EVP_EncodeBlock(text, der + at, (int)n));
	}
}

static void
put_service(struct buf *b, xmlNodePtr service)
{
	char type[TEXT_MAX], status[TEXT_MAX], since[TEXT_MAX], name[TEXT_MAX], at[WHEN_TEXT];
	xmlNodePtr id = node_child(service, "ServiceDigitalIdentity", TSL), cert;
	uint8_t *der;
	int64_t start;
	size_t len;

	if (!field(service, "ServiceTypeIdentifier", type) ||
	    !field(service, "ServiceStatus", status) ||
	    !field(service, "StatusStartingTime", since) || !when_parse(since, &start))
		return;
	last_part(type, "/Svctype/");
	last_part(status, "/Svcstatus/");
	if (type[0] == '\0' || status[0] == '\0')
		return;
	service_name(service, name);
	for (id = node_first(id); id != NULL; id = node_next(id)) {
		cert = node_child(id, "X509Certificate", TSL);
		if ((der = node_octets(cert, CAP_CERT, &len)) == NULL)
			continue;
		buf_printf(b, "service\t%s\t%s\t%s\t", type, status, when_format(start, at));
		put_uses(b, service);
		buf_printf(b, "\t%s\t", name);
		put_certificate(b, der, len);
		buf_u8(b, '\n');
		xmlFree(der);
	}
}

static void
put_services(struct buf *b, xmlNodePtr root)
{
	xmlNodePtr provider = node_child(root, "TrustServiceProviderList", TSL), service;

	for (provider = node_first(provider); provider != NULL; provider = node_next(provider)) {
		if (!node_is(provider, "TrustServiceProvider", TSL))
			continue;
		service = node_first(node_child(provider, "TSPServices", TSL));
		for (; service != NULL; service = node_next(service))
			if (node_is(service, "TSPService", TSL))
				put_service(b, node_child(service, "ServiceInformation", TSL));
	}
}

/* --- the list --- */

static bool
is_number(const char *s)
{
	size_t len = strspn(s, "0123456789");

	return len > 0 && len < 19 && s[len] == '\0';
}

/* A time of the list as we write it. */
static bool
take_time(xmlNodePtr n, const char *name, int64_t *out, char text[WHEN_TEXT])
{
	char value[TEXT_MAX];

	if (!field(n, name, value) || !when_parse(value, out))
		return false;
	when_format(*out, text);
	return true;
}

const char *
tsl_print(
    struct buf *b, xmlDocPtr doc, int64_t now, const uint8_t signer[32], const uint8_t sha256[32])
{
	xmlNodePtr root = xmlDocGetRootElement(doc);
	xmlNodePtr info = node_child(root, "SchemeInformation", TSL);
	char territory[TEXT_MAX], type[TEXT_MAX], sequence[TEXT_MAX];
	char issued[WHEN_TEXT], next[WHEN_TEXT];
	int64_t from, until;

	if (!node_is(root, "TrustServiceStatusList", TSL))
		return "it is no trust list";
	if (!field(info, "TSLSequenceNumber", sequence) || !is_number(sequence) ||
	    !field(info, "TSLType", type) || !field(info, "SchemeTerritory", territory) ||
	    !take_time(info, "ListIssueDateTime", &from, issued))
		return "it does not say its number, type, territory or time";
	last_part(type, "/TSLType/");
	if (type[0] == '\0' || strlen(territory) > 8)
		return "its type or territory is not understood";
	if (!take_time(node_child(info, "NextUpdate", TSL), "dateTime", &until, next))
		return "it names no next update";
	if (until <= now)
		return "its time is over: a newer one must be had";
	if (from > now + CAP_CLOCK_SKEW)
		return "it was issued in the future";
	buf_printf(b, "list\t%s\t%s\t%s\t%s\t%s\t", territory, type, sequence, issued, next);
	buf_hex(b, signer, 32);
	buf_u8(b, '\t');
	buf_hex(b, sha256, 32);
	buf_u8(b, '\n');
	put_services(b, root);
	buf_str(b, "end\n");
	return NULL;
}
