/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A visitor's copy beside the registered file.  It is verified like any upload, and logged; what is
 * said of the two is letter/compare's.  Never a word about paper.
 */
#include <stdio.h>

#include "answer.h"
#include "caps.h"
#include "job.h"
#include "json.h"
#include "letter_part.h"
#include "logbook.h"
#include "routes.h"
#include "web.h"

/* {"comparison":…} for the script or program that sent it. */
static int
answer_program(struct http_request *req, const struct reading *r)
{
	static const char *const parts[] = {"word", "text", "do"};
	const char *kind = compare_word(r->result);
	char key[64];
	struct buf b;
	size_t i;
	int ret;

	buf_init(&b, CAP_WIRE);
	buf_printf(&b, "{\"id\":\"%s\",\"state\":\"%s\",\"comparison\":\"%s\"", r->id,
	    letter_state_name(r->letter->state), kind);
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		snprintf(key, sizeof(key), "compare.%s.%s", kind, parts[i]);
		buf_printf(&b, ",\"%s\":", parts[i]);
		json_text(&b, html_text(web.html, ask_lang(req), key));
	}
	buf_printf(&b, ",\"report\":\"/v/%s.json\"}", r->copy);
	ret = answer_json(req, HTTP_STATUS_OK, &b);
	buf_clear(&b);
	return ret;
}

int
letter_copy(struct http_request *req, struct reading *r)
{
	struct job *j = job_of(req);
	const struct report *report;
	enum rc rc;

	if (j == NULL) {
		j = job_new(req);
		job_pictures(j);
		if ((rc = job_form(j, "file")) != RC_OK)
			return verify_refuse(req, rc);
	}
	if ((rc = job_step(j, &report)) == RC_BUSY)
		return KORE_RESULT_RETRY;
	if (rc == RC_OK)
		rc = logbook_add(j, report, CHANNEL_PAGE, r->copy);
	if (rc != RC_OK)
		return answer_error(req, HTTP_STATUS_SERVICE_UNAVAILABLE, 3);
	r->compared = true;
	r->result = compare_copy(r->letter, r->report, report);
	return ask_json(req) ? answer_program(req, r) : letter_answer(req, r);
}
