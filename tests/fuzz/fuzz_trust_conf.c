/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A section that is taken is whole: whom it names as an anchor has a name and a purpose. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "caps.h"
#include "trust_conf.h"

static void
check(const struct trust_conf *c, const struct trust_entry *e)
{
	size_t i;
	const char *p;

	if (trust_role_name(e->role) == NULL ||
	    trust_role_parse(trust_role_name(e->role)) != e->role)
		abort();
	if (trust_role_anchors(e->role) != (e->purposes != 0) ||
	    (trust_role_anchors(e->role) && e->name == NULL))
		abort();
	if (trust_conf_find(c, e->file) != e) /* no two of one file */
		abort();
	for (i = 0; i < e->nhosts; i++)
		for (p = e->hosts[i]; *p != '\0'; p++)
			if (*p <= ' ' || *p > '~' || *p == '/' || *p == ',' ||
			    (*p >= 'A' && *p <= 'Z'))
				abort();
	for (i = 0; i < e->nissuer_urls; i++)
		if (strncmp(e->issuer_urls[i], "http", 4) != 0 ||
		    strpbrk(e->issuer_urls[i], " \t,") != NULL)
			abort();
	if (e->nhosts > CAP_TRUST_HOSTS || e->nissuer_urls > CAP_TRUST_HOSTS)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct arena *a = arena_new(CAP_TRUST);
	struct trust_conf *c;
	struct buf log;
	size_t i;
	enum rc rc;

	buf_init(&log, 1u << 20);
	if (a == NULL)
		abort();
	rc = trust_conf_parse(&c, a, (const char *)data, len, &log);
	if (rc != RC_OK && rc != RC_NOMEM)
		abort();
	for (i = 0; rc == RC_OK && i < c->n; i++)
		check(c, &c->v[i]);
	buf_clear(&log);
	arena_free(a);
	return 0;
}
