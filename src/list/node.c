/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Steps from element to element, and what they hold. */
#include <string.h>

#include <libxml/tree.h>
#include <openssl/evp.h>

#include "node.h"

bool
node_is(xmlNodePtr n, const char *name, const char *ns)
{
	return n != NULL && n->type == XML_ELEMENT_NODE && n->ns != NULL && n->ns->href != NULL &&
	       strcmp((const char *)n->name, name) == 0 &&
	       strcmp((const char *)n->ns->href, ns) == 0;
}

static xmlNodePtr
element(xmlNodePtr n)
{
	while (n != NULL && n->type != XML_ELEMENT_NODE)
		n = n->next;
	return n;
}

xmlNodePtr
node_first(xmlNodePtr n)
{
	return n != NULL ? element(n->children) : NULL;
}

xmlNodePtr
node_next(xmlNodePtr n)
{
	return n != NULL ? element(n->next) : NULL;
}

xmlNodePtr
node_after(xmlNodePtr top, xmlNodePtr n)
{
	xmlNodePtr next;

	if ((next = node_first(n)) != NULL)
		return next;
	for (; n != NULL && n != top; n = n->parent)
		if ((next = node_next(n)) != NULL)
			return next;
	return NULL;
}

xmlNodePtr
node_child(xmlNodePtr n, const char *name, const char *ns)
{
	for (n = node_first(n); n != NULL; n = node_next(n))
		if (node_is(n, name, ns))
			return n;
	return NULL;
}

bool
node_attr(xmlNodePtr n, const char *name, char *out, size_t max)
{
	xmlChar *value = n != NULL ? xmlGetNoNsProp(n, (const xmlChar *)name) : NULL;
	size_t len = value != NULL ? (size_t)xmlStrlen(value) : 0;
	bool fits = value != NULL && len < max;

	out[0] = '\0';
	if (fits)
		memcpy(out, value, len + 1);
	xmlFree(value);
	return fits;
}

bool
node_id(xmlNodePtr n, char *out, size_t max)
{
	const char *p;

	if (!node_attr(n, "Id", out, max))
		return false;
	for (p = out; *p != '\0'; p++) {
		if ((*p < 'a' || *p > 'z') && (*p < 'A' || *p > 'Z') && (*p < '0' || *p > '9') &&
		    strchr("_-.", *p) == NULL) {
			out[0] = '\0';
			return false;
		}
	}
	return p > out;
}

bool
node_text(xmlNodePtr n, char *out, size_t max)
{
	xmlChar *text = n != NULL ? xmlNodeGetContent(n) : NULL;
	const xmlChar *p;
	size_t len = 0;
	bool blank = false, fits = text != NULL;

	for (p = text; fits && *p != '\0'; p++) {
		if (*p <= 0x20 || *p == 0x7f) {
			blank = len > 0;
			continue;
		}
		if ((fits = len + blank + 1 < max)) {
			if (blank)
				out[len++] = ' ';
			out[len++] = (char)*p;
			blank = false;
		}
	}
	out[fits ? len : 0] = '\0';
	xmlFree(text);
	return fits;
}

/* Base64 with blanks in it, decoded in place; 0 if it is none. */
static size_t
decode(xmlChar *text)
{
	size_t i, n = 0, pad = 0;
	uint8_t *out = text;

	for (i = 0; text[i] != '\0'; i++)
		if (text[i] != ' ' && text[i] != '\n' && text[i] != '\r' && text[i] != '\t')
			text[n++] = text[i];
	if (n == 0 || n % 4 != 0 || n > INT32_MAX)
		return 0;
	while (pad < 2 && text[n - 1 - pad] == '=')
		pad++;
	/* four characters are read before three octets are written */
	for (i = 0; i < n; i += 4, out += 3) {
		uint8_t three[4];

		if (EVP_DecodeBlock(three, text + i, 4) != 3)
			return 0;
		memcpy(out, three, 3);
	}
	return n / 4 * 3 - pad;
}

uint8_t *
node_octets(xmlNodePtr n, size_t max, size_t *len)
{
	xmlChar *text = n != NULL ? xmlNodeGetContent(n) : NULL;

	*len = 0;
	if (text != NULL && (size_t)xmlStrlen(text) <= 2 * max)
		*len = decode(text);
	if (*len > 0 && *len <= max)
		return text;
	xmlFree(text);
	return NULL;
}
