/* SPDX-License-Identifier: GPL-3.0-or-later */
/* printing.h: from what was chosen on a page to a job for periksa-paper. */
#include <string.h>

#include "letterhead.h"
#include "press.h"
#include "printing.h"

void
print_choose(const struct visit *v, struct print_choice *c)
{
	bool sent = form_has(v->form, "wording");

	c->wording = form_get(v->form, "wording");
	c->text = form_get(v->form, "text");
	c->model = form_get(v->form, "model");
	c->logo = !sent || strcmp(form_get(v->form, "logo"), "1") == 0;
}

static void
models(struct fields *f, const char *list, const char *prefix, const char *chosen)
{
	const char *name;
	struct fields *item;
	size_t i;

	for (i = 0; (name = stationery_template(web.stationery, prefix, i)) != NULL; i++) {
		item = fields_item(f, list);
		fields_text(item, "model_name", name);
		fields_flag(
		    item, "model_chosen", strcmp(name, *chosen != '\0' ? chosen : prefix) == 0);
	}
	fields_flag(f, "has_models", i > 1);
}

void
print_choice_fields(const struct visit *v, struct fields *f, const struct print_choice *c)
{
	struct buf b;

	(void)v;
	buf_init(&b, 4096);
	buf_printf(&b, "logo=%d&wording=", c->logo);
	if (*c->wording != '\0') {
		buf_clear(&b);
		desk_query(&b, "wording", c->wording);
		buf_printf(&b, "logo=%d", c->logo);
	}
	fields_text(f, "choice", buf_text(&b));
	buf_clear(&b);
	desk_query(&b, "model", c->model);
	fields_text(f, "model_choice", buf_text(&b));
	buf_clear(&b);
	fields_flag(f, "logo", c->logo);
	fields_text(f, "own_text", c->text);
	if (web.stationery != NULL)
		models(f, "specimen_models", "specimen", c->model);
}

enum rc
print_wordings(struct visit *v, struct fields *f, int64_t agency, const struct print_choice *c)
{
	const struct stationery_wording *w;
	struct letterhead *head = NULL;
	struct store *s = web_store();
	struct fields *item;
	enum rc rc = RC_IO;
	size_t i;

	if (s == NULL || web.stationery == NULL ||
	    (rc = letterhead_read(s, agency, &head)) != RC_OK)
		return rc;
	for (i = 0; (w = stationery_wording(web.stationery, i)) != NULL; i++) {
		item = fields_item(f, "wordings");
		fields_text(item, "wording_name", w->name);
		fields_text(item, "wording_text", w->text);
		fields_flag(item, "wording_chosen", strcmp(w->name, c->wording) == 0);
		if (strcmp(w->name, head->wording) == 0)
			fields_text(f, "agency_wording", w->text);
	}
	if (*head->wording == '\0')
		fields_text(f, "agency_wording", head->text);
	fields_flag(f, "agency_chosen", *c->wording == '\0');
	letterhead_free(head);
	(void)v;
	return RC_OK;
}

enum rc
print_start(struct visit *v, struct paper_job *job, const char *address, const char *id,
    int64_t agency, const char *agency_name, const struct print_choice *c)
{
	struct stationery_footer footer = {
	    .address = address, .id = id, .agency_name = agency_name, .logo = c->logo};
	struct letterhead *head = NULL;
	struct store *s = web_store();
	enum rc rc = RC_IO;

	if (s == NULL || web.stationery == NULL ||
	    (rc = letterhead_read(s, agency, &head)) != RC_OK)
		return rc;
	footer.head = head;
	if (*c->wording != '\0')
		footer.wording = c->wording;
	if (*c->text != '\0')
		footer.text = c->text;
	rc = stationery_footer(web.stationery, &footer, job);
	if (rc == RC_OK)
		rc = press_start(v->req, job);
	letterhead_free(head);
	return rc;
}

bool
print_target(const char *typed, struct buf *address, char id[CROCKFORD_ID_LEN + 1])
{
	id[0] = '\0';
	if (strncmp(typed, "https://", 8) == 0 || strncmp(typed, "http://", 7) == 0) {
		buf_str(address, typed);
		return buf_rc(address) == RC_OK;
	}
	if (!crockford_id_read(typed, strlen(typed), id))
		return false;
	desk_address(address, id);
	return address->len > 0;
}
