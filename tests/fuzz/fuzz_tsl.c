/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A trust list by whoever claims to have signed it: the first certificate in it is taken for
 * the pinned one.  What is printed is lines of printable fields up to "end".
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/tree.h>
#include <openssl/evp.h>

#include "caps.h"
#include "dsig.h"
#include "node.h"
#include "tsl.h"

#define DS  "http://www.w3.org/2000/09/xmldsig#"
#define NOW 1797000000 /* the seeds were valid then */

static void
pin(xmlDocPtr doc, uint8_t pinned[32])
{
	xmlNodePtr root = xmlDocGetRootElement(doc), n;
	uint8_t *der;
	size_t len;

	for (n = root; n != NULL; n = node_after(root, n)) {
		if (!node_is(n, "X509Certificate", DS) ||
		    (der = node_octets(n, CAP_CERT, &len)) == NULL)
			continue;
		(void)EVP_Digest(der, len, pinned, NULL, EVP_sha256(), NULL);
		xmlFree(der);
		return;
	}
}

static void
check(const struct buf *b)
{
	size_t i;

	for (i = 0; i < b->len; i++)
		if ((b->p[i] < ' ' && b->p[i] != '\t' && b->p[i] != '\n') || b->p[i] == 0x7f)
			abort();
	if (b->len < 5 || memcmp(b->p, "list\t", 5) != 0 ||
	    memcmp(b->p + b->len - 5, "\nend\n", 5) != 0)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const char *started = "";
	uint8_t pinned[1][32] = {{0}}, used[32];
	const char *why;
	struct buf out;
	xmlDocPtr doc;

	if (started != NULL && (started = dsig_start()) != NULL)
		abort();
	if ((doc = tsl_parse(data, len, &why)) == NULL)
		return 0;
	pin(doc, pinned[0]);
	(void)dsig_verify(doc, (const uint8_t(*)[32])pinned, 1, NOW, used);
	buf_init(&out, 2 * CAP_TRUST_LIST);
	if (tsl_print(&out, doc, NOW, pinned[0], pinned[0]) == NULL && buf_rc(&out) == RC_OK)
		check(&out);
	buf_clear(&out);
	xmlFreeDoc(doc);
	return 0;
}
