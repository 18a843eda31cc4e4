/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whatever a certificate says, its parts lie inside it and its texts are UTF-8. */
#include <openssl/objects.h>

#include "cert.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
inside(const uint8_t *data, size_t len, struct der d)
{
	if (d.len != 0 && (d.p < data || d.len > len || (size_t)(d.p - data) > len - d.len))
		__builtin_trap();
}

/* Well-formed UTF-8 without controls. */
static void
printable(const char *s)
{
	const unsigned char *p = (const unsigned char *)s;
	size_t more;

	for (; s != NULL && *p != '\0'; p++) {
		more = *p < 0x80 ? 0 : *p >= 0xf0 ? 3 : *p >= 0xe0 ? 2 : 1;
		if (*p < 0x20 || *p == 0x7f || (*p >= 0x80 && *p < 0xc2) || *p > 0xf4)
			__builtin_trap();
		for (; more > 0; more--)
			if ((*++p & 0xc0) != 0x80)
				__builtin_trap();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct der d = {data, len};
	struct arena *a = arena_new(1 << 20);
	struct cert c;
	char **urls;
	size_t n, i;
	int k;

	(void)cert_name_equal(d, d);
	if (a == NULL || cert_parse(&c, d) != RC_OK)
		goto out;
	inside(data, len, c.tbs);
	inside(c.tbs.p, c.tbs.len, c.issuer);
	inside(c.tbs.p, c.tbs.len, c.subject);
	inside(c.tbs.p, c.tbs.len, c.serial);
	inside(c.tbs.p, c.tbs.len, c.spki);
	inside(c.spki.p, c.spki.len, c.key_bits);
	inside(c.tbs.p, c.tbs.len, c.ski);
	inside(c.tbs.p, c.tbs.len, c.aki);
	inside(c.tbs.p, c.tbs.len, c.aia);
	inside(c.tbs.p, c.tbs.len, c.crldp);
	inside(data, len, c.sig_alg);
	inside(data, len, c.sig);
	printable(cert_name_text(c.subject, a));
	printable(cert_name_text(c.issuer, a));
	printable(cert_subject_attr(&c, NID_commonName, a));
	printable(cert_serial_text(&c, a));
	if (cert_name_equal(c.subject, c.issuer) != cert_name_equal(c.issuer, c.subject))
		__builtin_trap();
	for (k = CERT_URL_OCSP; k <= CERT_URL_CRL; k++)
		if (cert_urls(&c, (enum cert_url)k, a, &urls, &n) == RC_OK)
			for (i = 0; i < n; i++)
				printable(urls[i]);
out:
	arena_free(a);
	return 0;
}
