/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines of a history, read strictly: nobody but us has written them. */
#include <string.h>

#include "algo.h"
#include "caps.h"
#include "trust_conf.h"
#include "trust_history.h"
#include "when.h"

enum {
	FIELD_TIME,
	FIELD_EVENT,
	FIELD_SHA256,
	FIELD_NAME,
	FIELD_WHO,
	FIELD_WHY,
	FIELD_ID,
	FIELD_HASH,
	NFIELDS
};

static const char *const event_names[TRUST_EVENT__MAX] = {[TRUST_RECORDED] = "recorded",
    [TRUST_ADDED] = "added",
    [TRUST_REMOVED] = "removed",
    [TRUST_LISTED] = "list"};

const char *
trust_event_name(enum trust_event event)
{
	return event_names[event];
}

/* Of the line without its own hash, behind that of the line before. */
static bool
hash_line(const uint8_t *line, size_t len, uint8_t last[32])
{
	uint8_t md[HASH_SIZE_MAX];
	struct buf b;
	bool ok;

	buf_init(&b, CAP_TRUST_FILE);
	buf_put(&b, last, 32);
	buf_put(&b, line, len);
	ok = buf_rc(&b) == RC_OK && hash_span(HASH_SHA256, (struct der){b.p, b.len}, md) == 32;
	if (ok)
		memcpy(last, md, 32);
	buf_clear(&b);
	return ok;
}

static bool
parse_event(const char *s, enum trust_event *out)
{
	int i;

	for (i = 0; i < TRUST_EVENT__MAX; i++) {
		if (strcmp(s, event_names[i]) == 0) {
			*out = (enum trust_event)i;
			return true;
		}
	}
	return false;
}

/* One line without its end, as a text of its own that is cut up. */
static bool
parse_line(struct trust_line *out, char *line)
{
	char *fields[NFIELDS];
	size_t n;

	for (n = 0; n < NFIELDS && line != NULL; n++)
		fields[n] = strsep(&line, "\t");
	if (n < NFIELDS || line != NULL || !when_parse(fields[FIELD_TIME], &out->at) ||
	    !parse_event(fields[FIELD_EVENT], &out->event) ||
	    !trust_fingerprint_parse(fields[FIELD_SHA256], out->sha256) ||
	    !trust_fingerprint_parse(fields[FIELD_ID], out->id))
		return false;
	out->name = fields[FIELD_NAME];
	out->who = fields[FIELD_WHO];
	out->why = fields[FIELD_WHY];
	return true;
}

/* RC_OK if the line, behind the one with this hash, is as we would write it; last is then its. */
static enum rc
compare(const struct trust_line *line, const char *text, size_t len, uint8_t last[32])
{
	struct buf b;
	enum rc rc;

	buf_init(&b, CAP_TRUST_FILE);
	trust_history_put(&b, line, last);
	if ((rc = buf_rc(&b)) == RC_OK && (b.len != len || memcmp(b.p, text, len) != 0))
		rc = RC_FORMAT;
	buf_clear(&b);
	return rc;
}

enum rc
trust_history_parse(struct trust_history **out, struct arena *a, const char *text, size_t len)
{
	struct trust_history *h;
	struct trust_line line;
	const char *end;
	size_t cap = 0, n;
	char *copy;
	enum rc rc;

	*out = NULL;
	if ((h = arena_alloc(a, sizeof(*h))) == NULL)
		return RC_NOMEM;
	for (; len > 0; text += n, len -= n) {
		h->broken = h->n + 1; /* until all of it is understood */
		if ((end = memchr(text, '\n', len)) == NULL)
			break;
		n = (size_t)(end - text) + 1;
		if ((copy = arena_str(a, text, n - 1)) == NULL)
			return RC_NOMEM;
		memset(&line, 0, sizeof(line));
		if (!parse_line(&line, copy) ||
		    (rc = compare(&line, text, n, h->last)) == RC_FORMAT)
			break;
		if (rc != RC_OK || (rc = arena_grow(a, &h->v, h->n, &cap, sizeof(*h->v))) != RC_OK)
			return rc;
		h->v[h->n++] = line;
		h->broken = 0;
	}
	*out = h;
	return RC_OK;
}

/* A text that can't be taken for the next field or line; cut where a character ends. */
static void
put_text(struct buf *b, const char *s)
{
	size_t i, len = s != NULL ? strlen(s) : 0;

	if (len > CAP_TRUST_TEXT)
		for (len = CAP_TRUST_TEXT; len > 0 && ((uint8_t)s[len] & 0xc0u) == 0x80;)
			len--;
	for (i = 0; i < len; i++)
		buf_u8(b, (uint8_t)s[i] < 0x20 || s[i] == 0x7f ? ' ' : (uint8_t)s[i]);
	buf_u8(b, '\t');
}

void
trust_history_put(struct buf *b, const struct trust_line *line, uint8_t last[32])
{
	size_t begin = b->len;
	char at[WHEN_TEXT];

	put_text(b, when_format(line->at, at));
	put_text(b, event_names[line->event]);
	buf_hex(b, line->sha256, 32);
	buf_u8(b, '\t');
	put_text(b, line->name);
	put_text(b, line->who);
	put_text(b, line->why);
	buf_hex(b, line->id, 32);
	buf_u8(b, '\t');
	if (buf_rc(b) != RC_OK)
		return;
	if (!hash_line(b->p + begin, b->len - begin, last))
		b->rc = RC_CRYPTO;
	buf_hex(b, last, 32);
	buf_u8(b, '\n');
}

const struct trust_line *
trust_history_find(const struct trust_history *h, const uint8_t sha256[32])
{
	size_t i;

	for (i = h->n; i > 0; i--)
		if (h->v[i - 1].event != TRUST_LISTED &&
		    memcmp(h->v[i - 1].sha256, sha256, 32) == 0)
			return &h->v[i - 1];
	return NULL;
}
