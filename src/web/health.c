/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Alive: this worker answers.  Ready: anchors are loaded and are those that were approved, the
 * store takes a record, an inspector judges a document by these anchors, and letters whose
 * verdicts never change still get them.  Whether the network can be asked is told, too; without it
 * letters are judged offline.
 */
#include <stdio.h>
#include <string.h>

#include "answer.h"
#include "canary.h"
#include "io.h"
#include "job.h"
#include "routes.h"
#include "web.h"

#define CANARY_MS 5000 /* a probe a second costs nothing then */

/* The smallest whole document: no page, no signature. */
static const char tiny[] = "%PDF-1.7\n"
			   "1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
			   "2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n"
			   "xref\n0 3\n"
			   "0000000000 65535 f \n"
			   "0000000009 00000 n \n"
			   "0000000054 00000 n \n"
			   "trailer\n<</Size 3/Root 1 0 R>>\n"
			   "startxref\n100\n%%EOF\n";

/* What this worker has last seen of them, since which anchors were loaded, and until when. */
static struct {
	bool right[CANARIES];
	uint8_t trust_id[32];
	long long until;
} seen;

int
health_live(struct http_request *req, const char *name)
{
	struct buf b;
	int ret;

	(void)name;
	buf_init(&b, 64);
	buf_str(&b, "{\"status\":\"alive\"}");
	ret = answer_json(req, HTTP_STATUS_OK, &b);
	buf_clear(&b);
	return ret;
}

static void
member(struct buf *b, const char *key, bool value)
{
	buf_printf(b, ",\"%s\":%s", key, value ? "true" : "false");
}

/* {"good":true,…}: each by its file's name.  True: there are some, and all are right. */
static bool
put_canaries(struct buf *b)
{
	const struct canary *c;
	bool right = web.canaries != NULL;
	size_t i;

	buf_str(b, ",\"canary\":{");
	for (i = 0; web.canaries != NULL && i < web.canaries->n; i++) {
		c = &web.canaries->v[i];
		buf_printf(b, "%s\"%.*s\":%s", i > 0 ? "," : "", (int)strcspn(c->file, ".\"\\"),
		    c->file, seen.right[i] ? "true" : "false");
		right = right && seen.right[i];
	}
	buf_u8(b, '}');
	return right;
}

static int
answer_ready(struct http_request *req, bool inspector, bool fetcher)
{
	const struct web_trust *trust = web_trust();
	struct store *store = web_store();
	bool writable = store != NULL && store_probe(store) == RC_OK;
	bool ready = trust->loaded && trust->recorded && writable && inspector;
	struct buf b, canaries;
	int ret;

	buf_init(&canaries, 1024);
	ready = put_canaries(&canaries) && ready;
	if (!ready)
		http_response_header(req, "retry-after", "3");
	buf_init(&b, 2048);
	buf_printf(&b, "{\"status\":\"%s\"", ready ? "ready" : "not ready");
	member(&b, "anchors", trust->loaded);
	member(&b, "record", trust->recorded);
	buf_put(&b, canaries.p, canaries.len);
	member(&b, "store", writable);
	member(&b, "inspector", inspector);
	if (web.fetcher == NULL)
		buf_str(&b, ",\"fetcher\":null}");
	else
		buf_printf(&b, ",\"fetcher\":%s}", fetcher ? "true" : "false");
	ret = answer_json(req, ready ? HTTP_STATUS_OK : HTTP_STATUS_SERVICE_UNAVAILABLE, &b);
	buf_clear(&canaries);
	buf_clear(&b);
	return ret;
}

/* An inspector with other anchors than ours would judge by another standard. */
static bool
is_inspector(const struct report *r)
{
	return r->conclusion == CONCLUSION_NO_SIGNATURE &&
	       (memcmp(r->trust_id, web_trust()->id, sizeof(r->trust_id)) == 0 ||
		   memcmp(r->trust_id, web_trust_now()->id, sizeof(r->trust_id)) == 0);
}

/* The document that was judged last was the tiny one.  True: the canaries are known, too. */
static bool
take_inspector(const struct report *r, enum rc rc, bool *ok)
{
	*ok = rc == RC_OK && is_inspector(r);
	if (!*ok || web.canaries == NULL ||
	    (io_now_ms() < seen.until &&
		memcmp(seen.trust_id, r->trust_id, sizeof(r->trust_id)) == 0))
		return true;
	memcpy(seen.trust_id, r->trust_id, sizeof(r->trust_id));
	seen.until = 0;
	return false;
}

/*
 * The documents in turn: the tiny one, which says whether there is an inspector (*ok), then
 * each canary.  RC_BUSY: the request sleeps.
 */
static enum rc
examine(struct job *j, bool *ok)
{
	const struct canaries *c = web.canaries;
	const struct report *r;
	unsigned n;
	enum rc rc;

	for (;;) {
		if ((rc = job_step(j, &r)) == RC_BUSY)
			return RC_BUSY;
		n = job_documents(j);
		if (n == 1 && take_inspector(r, rc, ok))
			return RC_OK;
		if (n > 1)
			seen.right[n - 2] = rc == RC_OK && canary_right(&c->v[n - 2], r);
		if (n > c->n)
			break;
		if (job_canary(j, &c->v[n - 1], c->at) != RC_OK) {
			memset(seen.right, 0, sizeof(seen.right));
			break;
		}
	}
	seen.until = io_now_ms() + CANARY_MS;
	return RC_OK;
}

int
health_ready(struct http_request *req, const char *name)
{
	struct job *j = job_of(req);
	bool *inspector, fetcher = false;
	enum rc rc = RC_OK;

	(void)name;
	if (j == NULL) {
		j = job_new(req);
		job_offline(j);
		rc = job_bytes(j, tiny, sizeof(tiny) - 1);
	}
	inspector = job_flag(j);
	if (rc == RC_OK && !job_pings(j) && examine(j, inspector) == RC_BUSY)
		return KORE_RESULT_RETRY;
	if (web.fetcher != NULL) {
		if ((rc = job_ping(j)) == RC_BUSY)
			return KORE_RESULT_RETRY;
		fetcher = rc == RC_OK;
	}
	return answer_ready(req, *inspector, fetcher);
}
