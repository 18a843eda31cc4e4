/* SPDX-License-Identifier: GPL-3.0-or-later */
/* printing.h: from what was chosen on a page to a job for periksa-paper. */
#include <stdio.h>
#include <string.h>

#include "letterhead.h"
#include "press.h"
#include "printing.h"

static const struct print_form forms[] = {
    {"png300", "png", "image/png", PAPER_PNG, 300},
    {"png600", "png", "image/png", PAPER_PNG, 600},
    {"svg", "svg", "image/svg+xml", PAPER_SVG, 300},
    {"pdf", "pdf", "application/pdf", PAPER_PDF, 300},
    {"preview", "png", "image/png", PAPER_PNG, PRINT_PREVIEW_DPI},
};

const struct print_form *
print_form(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if (strcmp(forms[i].name, name) == 0)
			return &forms[i];
	return NULL;
}

void
print_choose(const struct visit *v, struct print_choice *c)
{
	bool sent = form_has(v->form, "wording");

	c->wording = form_get(v->form, "wording");
	c->text = form_get(v->form, "text");
	c->model = form_get(v->form, "model");
	c->bare = strcmp(form_get(v->form, "bare"), "1") == 0;
	c->logo = !sent || strcmp(form_get(v->form, "logo"), "1") == 0;
}

/* A designer's own template has no text: its name will do. */
static void
models(const struct visit *v, struct fields *f, const char *list, const char *prefix,
    const char *chosen)
{
	const char *name, *word;
	struct fields *item;
	char key[96];
	size_t i;

	for (i = 0; (name = stationery_template(web.stationery, prefix, i)) != NULL; i++) {
		item = fields_item(f, list);
		fields_text(item, "model_name", name);
		snprintf(key, sizeof(key), "desk.model.%s", name);
		word = staff_text(v, key);
		fields_text(item, "model_word", *word != '\0' ? word : name);
		fields_flag(
		    item, "model_chosen", strcmp(name, *chosen != '\0' ? chosen : prefix) == 0);
	}
}

void
print_choice_fields(const struct visit *v, struct fields *f, const struct print_choice *c)
{
	struct buf b;

	buf_init(&b, 4096);
	if (*c->wording == '\0')
		buf_str(&b, "wording=&");
	bureau_query(&b, "wording", c->wording);
	buf_printf(&b, "logo=%d", c->logo);
	fields_text(f, "choice", buf_text(&b));
	buf_clear(&b);
	bureau_query(&b, "model", c->model);
	if (c->bare)
		buf_str(&b, "bare=1");
	fields_text(f, "model_choice", buf_text(&b));
	buf_clear(&b);
	fields_flag(f, "logo", c->logo);
	fields_flag(f, "bare", c->bare);
	fields_text(f, "own_text", c->text);
	if (web.stationery != NULL)
		models(v, f, "specimen_models", "specimen", c->model);
}

enum rc
print_wordings(
    const struct visit *v, struct fields *f, int64_t agency, const struct print_choice *c)
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
		fields_text(item, "wording_source", stationery_source(w, v->lang == LANG_EN));
		fields_text(item, "wording_note", stationery_note(w, v->lang == LANG_EN));
		fields_flag(item, "wording_noted", *stationery_note(w, false) != '\0');
		fields_flag(item, "wording_chosen", strcmp(w->name, c->wording) == 0);
		if (strcmp(w->name, head->wording) == 0)
			fields_text(f, "agency_wording", w->text);
	}
	if (*head->wording == '\0')
		fields_text(f, "agency_wording", head->text);
	fields_flag(f, "agency_chosen", *c->wording == '\0');
	letterhead_free(head);
	return RC_OK;
}

/* --- which pages --- */

/* A page's number, 0: none. */
static uint32_t
page_number(const char *s)
{
	char *end;
	unsigned long n;

	if (*s < '0' || *s > '9')
		return 0;
	n = strtoul(s, &end, 10);
	return *end != '\0' || n > CAP_PAGES ? 0 : (uint32_t)n;
}

static const char *
page_kind(const struct visit *v)
{
	static const char *const kinds[] = {"first", "last", "range"};
	const char *kind = form_get(v->form, "pages");
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kind, kinds[i]) == 0)
			return kinds[i];
	return "all";
}

bool
print_pages(const struct visit *v, uint32_t *from, uint32_t *to)
{
	const char *kind = page_kind(v);

	*from = 1;
	*to = PAPER_LAST;
	if (strcmp(kind, "first") == 0) {
		*to = 1;
	} else if (strcmp(kind, "last") == 0) {
		*from = PAPER_LAST;
	} else if (strcmp(kind, "range") == 0) {
		*from = page_number(form_get(v->form, "from"));
		*to = page_number(form_get(v->form, "to"));
	}
	return *from >= 1 && *to >= *from;
}

void
print_page_fields(const struct visit *v, struct fields *f)
{
	char flag[32];

	snprintf(flag, sizeof(flag), "pages_%s", page_kind(v));
	fields_flag(f, flag, true);
	fields_text(f, "from", form_get(v->form, "from"));
	fields_text(f, "to", form_get(v->form, "to"));
}

/* --- jobs --- */

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
	bureau_address(address, id);
	return address->len > 0;
}

enum rc
print_signer(struct visit *v, const struct print_form *form, int64_t agency,
    const struct register_signer *signer)
{
	struct paper_job job = {.kind = PAPER_SPECIMEN, .format = form->format, .dpi = form->dpi};
	const char *model = form_get(v->form, "model");
	struct letterhead *head = NULL;
	struct store *s = web_store();
	enum rc rc = RC_IO;

	/* A footer's template has other words in it. */
	if (*model != '\0' && strncmp(model, "specimen", 8) != 0)
		return RC_ABSENT;
	if (s == NULL || web.stationery == NULL ||
	    (rc = letterhead_read(s, agency, &head)) != RC_OK)
		return rc;
	rc = stationery_specimen(web.stationery, *model != '\0' ? model : NULL, signer,
	    strcmp(form_get(v->form, "bare"), "1") == 0, head, &job);
	if (rc == RC_OK)
		rc = press_start(v->req, &job);
	letterhead_free(head);
	return rc;
}

int
print_refused(struct visit *v, enum rc rc)
{
	return rc == RC_ABSENT ? answer_error(v->req, HTTP_STATUS_NOT_FOUND, 0)
			       : staff_refuse(v, rc, 0);
}
