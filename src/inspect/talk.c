/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Both sides of the supervisor's socket in one file, so that they stay one. */
#include <string.h>

#include "rd.h"
#include "talk.h"

#define REQUEST_MAGIC 0x50524b33u /* "PRK3": the last letter is the version */

/* of a request */
#define FLAG_OFFLINE  1
#define FLAG_PICTURES 2
#define FLAG_CANARY   4

static void
put_text(struct buf *b, const char s[TALK_TEXT])
{
	size_t len = strnlen(s, TALK_TEXT - 1);

	buf_u8(b, (uint8_t)len);
	buf_put(b, s, len);
}

/* Identifiers and versions: printable ASCII. */
static bool
get_text(struct rd *r, char s[TALK_TEXT])
{
	size_t i, len = rd_u8(r);
	const uint8_t *p;

	memset(s, 0, TALK_TEXT);
	if (len >= TALK_TEXT || (p = rd_bytes(r, len)) == NULL)
		return false;
	for (i = 0; i < len; i++)
		if (p[i] < 0x20 || p[i] > 0x7e)
			return false;
	memcpy(s, p, len);
	return true;
}

void
talk_put_frame(struct buf *b, uint32_t tag, size_t len)
{
	buf_u32(b, tag);
	buf_u32(b, (uint32_t)len);
}

void
talk_put_request(struct buf *b, const struct talk_request *q)
{
	buf_u32(b, REQUEST_MAGIC);
	buf_u64(b, q->off);
	buf_u64(b, q->len);
	buf_u64(b, (uint64_t)q->at);
	buf_u8(b, (uint8_t)((q->offline ? FLAG_OFFLINE : 0) | (q->pictures ? FLAG_PICTURES : 0) |
			    (q->canary ? FLAG_CANARY : 0)));
	put_text(b, q->policy);
	buf_u8(b, q->password_len);
	buf_put(b, q->password, q->password_len);
}

enum rc
talk_get_request(struct talk_request *q, const void *p, size_t len)
{
	const uint8_t *password;
	struct rd r;
	uint8_t flags;

	memset(q, 0, sizeof(*q));
	rd_init(&r, p, len);
	if (rd_u32(&r) != REQUEST_MAGIC)
		return RC_FORMAT;
	q->off = rd_u64(&r);
	q->len = rd_u64(&r);
	q->at = (int64_t)rd_u64(&r);
	flags = rd_u8(&r);
	q->offline = (flags & FLAG_OFFLINE) != 0;
	q->pictures = (flags & FLAG_PICTURES) != 0;
	q->canary = (flags & FLAG_CANARY) != 0;
	if (!get_text(&r, q->policy) ||
	    (flags & ~(FLAG_OFFLINE | FLAG_PICTURES | FLAG_CANARY)) != 0)
		return RC_FORMAT;
	q->password_len = rd_u8(&r);
	if (q->password_len > sizeof(q->password) ||
	    (password = rd_bytes(&r, q->password_len)) == NULL || !rd_end(&r))
		return RC_FORMAT;
	memcpy(q->password, password, q->password_len);
	return RC_OK;
}

void
talk_put_head(struct buf *b, const struct talk_head *h)
{
	talk_put_frame(b, TALK_HEAD,
	    sizeof(h->trust_id) + 3 + strnlen(h->policy_id, TALK_TEXT - 1) +
		strnlen(h->policy_version, TALK_TEXT - 1));
	buf_put(b, h->trust_id, sizeof(h->trust_id));
	buf_u8(b, h->demonstration);
	put_text(b, h->policy_id);
	put_text(b, h->policy_version);
}

enum rc
talk_get_head(struct talk_head *h, const void *p, size_t len)
{
	const uint8_t *id;
	struct rd r;
	uint8_t demonstration;

	memset(h, 0, sizeof(*h));
	rd_init(&r, p, len);
	if ((id = rd_bytes(&r, sizeof(h->trust_id))) == NULL)
		return RC_FORMAT;
	memcpy(h->trust_id, id, sizeof(h->trust_id));
	demonstration = rd_u8(&r);
	h->demonstration = demonstration == 1;
	return demonstration <= 1 && get_text(&r, h->policy_id) &&
		       get_text(&r, h->policy_version) && rd_end(&r)
		   ? RC_OK
		   : RC_FORMAT;
}

void
talk_put_end(struct buf *b, enum talk_end e)
{
	talk_put_frame(b, TALK_END, 4);
	buf_u32(b, (uint32_t)e);
}

enum talk_end
talk_get_end(const void *p)
{
	struct rd r;
	uint32_t e;

	rd_init(&r, p, TALK_END_LEN);
	if (rd_u32(&r) != TALK_END || rd_u32(&r) != 4 || (e = rd_u32(&r)) >= TALK_END__MAX)
		return TALK_END__MAX;
	return (enum talk_end)e;
}
