/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first page of who has signed in: what needs a hand, then what there is. */
#include <stdio.h>
#include <time.h>

#include "batch.h"
#include "bureau.h"

#define ALERTS  10 /* letters named at once; the list has all */
#define BATCHES 5

struct rows {
	struct visit *v;
	struct fields *f;
	unsigned left;
};

static bool
add_alert(const struct register_row *row, void *arg)
{
	struct rows *r = arg;
	struct fields *item = fields_item(r->f, "alerts");

	fields_text(item, "alert_id", row->id);
	fields_text(item, "alert_number", row->number);
	fields_text(item, "alert_subject", row->subject);
	return --r->left > 0;
}

static bool
add_batch(const struct batch *b, void *arg)
{
	struct rows *r = arg;
	struct fields *item = fields_item(r->f, "batches");

	fields_text(item, "batch_id", b->id);
	bureau_word(r->v, item, "batch_kind", "desk.batch.kind.", batch_kind_name(b->kind));
	bureau_word(r->v, item, "batch_state", "desk.batch.state.", batch_state_name(b->state));
	html_time(web.html, r->v->lang, item, "batch_at", b->at);
	fields_flag(r->f, "has_batches", true);
	return --r->left > 0;
}

static void
add_counts(struct visit *v, struct fields *f, const struct register_counts *c)
{
	struct fields *item;
	int i;

	for (i = 0; i < LETTER_STATE__MAX; i++) {
		item = fields_item(f, "states");
		fields_text(item, "state_name", letter_state_name((enum letter_state)i));
		bureau_word(
		    v, item, "state_word", "desk.state.", letter_state_name((enum letter_state)i));
		bureau_number(item, "state_count", c->states[i]);
	}
	fields_flag(f, "has_pending", c->pending > 0);
	bureau_number(f, "pending", c->pending);
	fields_flag(f, "has_alerts", c->alerts > 0);
	bureau_number(f, "alert_count", c->alerts);
	fields_flag(f, "more_alerts", c->alerts > ALERTS);
	fields_flag(f, "was_checked", c->last_check > 0);
	if (c->last_check > 0)
		html_time(web.html, v->lang, f, "last_check", c->last_check);
}

int
home_desk(struct visit *v)
{
	const struct register_query q = {
	    .state = LETTER_STATE__MAX, .alerts = true, .limit = ALERTS};
	struct store *s = web_store();
	enum register_answer answer = REGISTER_DONE;
	struct register_counts counts;
	struct fields *f;
	struct rows alerts = {v, NULL, ALERTS}, batches = {v, NULL, BATCHES};
	enum rc rc = s == NULL ? RC_IO : register_count(s, &v->who, &counts);

	if (rc != RC_OK)
		return staff_refuse(v, rc, 0);
	f = alerts.f = batches.f = staff_fields(v);
	add_counts(v, f, &counts);
	if (counts.alerts > 0)
		rc = register_list(s, &v->who, &q, add_alert, &alerts, &answer);
	if (rc == RC_OK && v->who.role != ROLE_AUDITOR)
		rc = batch_list(s, &v->who, add_batch, &batches);
	if (rc != RC_OK) {
		fields_free(f);
		return staff_refuse(v, rc, 0);
	}
	return staff_page(v, HTTP_STATUS_OK, HTML_DESK_HOME, f);
}
