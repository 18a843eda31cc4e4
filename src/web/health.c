/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Alive: this worker answers.  Ready: anchors are loaded, the store takes a
 * record, and an inspector judges a document as it should.
 */
#include <string.h>

#include "answer.h"
#include "job.h"
#include "routes.h"
#include "web.h"

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

static int
answer_ready(struct http_request *req, bool inspector)
{
	struct store *store = web_store();
	bool writable = store != NULL && store_probe(store) == RC_OK;
	bool ready = web.anchors && writable && inspector;
	struct buf b;
	int ret;

	if (!ready)
		http_response_header(req, "retry-after", "3");
	buf_init(&b, 256);
	buf_printf(&b, "{\"status\":\"%s\",\"anchors\":%s,\"store\":%s,\"inspector\":%s}",
	    ready ? "ready" : "not ready", web.anchors ? "true" : "false",
	    writable ? "true" : "false", inspector ? "true" : "false");
	ret = answer_json(req, ready ? HTTP_STATUS_OK : HTTP_STATUS_SERVICE_UNAVAILABLE, &b);
	buf_clear(&b);
	return ret;
}

int
health_ready(struct http_request *req, const char *name)
{
	struct job *j = job_of(req);
	const struct report *r;
	enum rc rc = RC_OK;

	(void)name;
	if (j == NULL) {
		j = job_new(req);
		rc = job_bytes(j, tiny, sizeof(tiny) - 1);
	}
	if (rc == RC_OK)
		rc = job_step(j, &r);
	if (rc == RC_BUSY)
		return KORE_RESULT_RETRY;
	/* An inspector with other anchors than ours would judge by another standard. */
	return answer_ready(req, rc == RC_OK && r->conclusion == CONCLUSION_NO_SIGNATURE &&
				     memcmp(r->trust_id, web.trust_id, sizeof(r->trust_id)) == 0);
}
