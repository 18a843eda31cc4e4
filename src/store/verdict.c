/* SPDX-License-Identifier: GPL-3.0-or-later */
/* verdict.h: reports are kept in rows as in the log, without names. */
#include <string.h>

#include "buf.h"
#include "caps.h"
#include "verdict.h"

bool
verdict_hashed(const uint8_t hash[DB_HASH])
{
	static const uint8_t zero[DB_HASH];

	return memcmp(hash, zero, DB_HASH) != 0;
}

static enum rc
bind_reasons(sqlite3_stmt *st, int column, const struct report *r)
{
	const char *name;
	struct buf b;
	enum rc rc;
	size_t i;

	buf_init(&b, CAP_WIRE); /* the report's own ceiling */
	for (i = 0; i < r->nreasons; i++) {
		if ((name = check_name(r->reasons[i])) == NULL)
			continue;
		if (b.len > 0)
			buf_u8(&b, ' ');
		buf_str(&b, name);
	}
	if ((rc = buf_rc(&b)) == RC_OK)
		rc = db_rc(sqlite3_bind_text(
		    st, column, b.len > 0 ? (const char *)b.p : "", (int)b.len, SQLITE_TRANSIENT));
	buf_clear(&b);
	return rc;
}

enum rc
verdict_bind(sqlite3_stmt *st, int first, const struct report *r)
{
	sqlite3_bind_text(st, first, conclusion_name(r->conclusion), -1, SQLITE_STATIC);
	sqlite3_bind_text(st, first + 2, r->policy_id, -1, SQLITE_STATIC);
	sqlite3_bind_text(st, first + 3, r->policy_version, -1, SQLITE_STATIC);
	if (verdict_hashed(r->trust_id))
		sqlite3_bind_blob(st, first + 4, r->trust_id, DB_HASH, SQLITE_STATIC);
	return bind_reasons(st, first + 1, r);
}
