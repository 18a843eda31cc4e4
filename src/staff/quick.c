/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A footer or a specimen at once, without a letter.  Names go by POST: addresses are logged. */
#include <stdio.h>
#include <string.h>

#include "pigeonhole.h"
#include "press.h"
#include "printing.h"

static const struct print_form *
asked(const struct visit *v)
{
	const struct print_form *form = print_form(form_get(v->form, "give"));

	return form != NULL ? form : print_form("preview");
}

struct quick { /* a quick page: the footer's, or the specimen's */
	const char *kind;
	enum html_page page;
	/* Fills in what was typed; false: something is wrong with it, and told in f. */
	bool (*fields)(struct visit *v, struct fields *f, bool sent);
	enum rc (*start)(struct visit *v, const struct print_form *form);
};

static int
quick_page(
    struct visit *v, const struct quick *q, int status, bool sent, const struct paper_answer *a)
{
	struct fields *f = staff_fields(v);
	char nonce[PIGEONHOLE_NONCE + 1], address[64 + PIGEONHOLE_NONCE];
	struct print_choice c;
	enum rc rc;

	print_choose(v, &c);
	print_choice_fields(v, f, &c);
	(void)q->fields(v, f, sent);
	rc = print_wordings(v, f, v->who.agency, &c);
	if (rc == RC_OK && a != NULL && a->code == PAPER_OK) {
		/* Another nonce each time, so that no picture of before is shown. */
		pigeonhole_nonce(nonce);
		rc = pigeonhole_put(v, q->kind, a->out.p, a->out.len);
		snprintf(address, sizeof(address), "/staff/%s/preview?t=%s", q->kind, nonce);
		fields_text(f, "preview", address);
		fields_flag(f, "has_preview", true);
		bureau_notes(f, a->notes);
	} else if (a != NULL) {
		bureau_word(v, f, "refusal", "desk.paper.", paper_code_name(a->code));
		fields_flag(f, "has_refusal", true);
	}
	if (rc == RC_OK)
		return staff_page(v, status, q->page, f);
	fields_free(f);
	return staff_refuse(v, rc, 0);
}

static int
quick_step(struct visit *v, const struct quick *q)
{
	const struct print_form *form = asked(v);
	const struct paper_answer *a;
	char name[64];
	enum rc rc = press_step(v->req, &a);

	if (rc == RC_BUSY)
		return KORE_RESULT_RETRY;
	if (rc != RC_OK)
		return staff_refuse(v, rc, 0);
	if (a->code != PAPER_OK)
		return quick_page(v, q, 422, true, a);
	if (form == print_form("preview"))
		return quick_page(v, q, HTTP_STATUS_OK, true, a);
	bureau_filename(name, sizeof(name), "", q->kind, form->ext);
	return staff_file(v, form->type, name, true, a->out.p, a->out.len);
}

static int
quick_post(struct visit *v, const struct quick *q)
{
	struct fields *f;
	bool good;
	enum rc rc;

	if (press_known(v->req))
		return quick_step(v, q);
	f = staff_fields(v);
	good = q->fields(v, f, true);
	fields_free(f);
	if (!good)
		return quick_page(v, q, HTTP_STATUS_BAD_REQUEST, true, NULL);
	rc = q->start(v, asked(v));
	return rc == RC_OK ? quick_step(v, q) : print_refused(v, rc);
}

static int
preview(struct visit *v, const char *kind)
{
	size_t len;
	int fd;
	enum rc rc = pigeonhole_open(v, kind, &fd, &len);

	if (rc != RC_OK)
		return staff_refuse(v, rc == RC_ABSENT ? RC_OK : rc, REGISTER_ABSENT);
	return pigeonhole_send(v, "image/png", NULL, fd, len);
}

/* the footer */

static bool
footer_fields(struct visit *v, struct fields *f, bool sent)
{
	const char *target = form_get(v->form, "target");
	char id[CROCKFORD_ID_LEN + 1];
	struct buf address;
	bool good;

	fields_text(f, "target", target);
	buf_init(&address, CAP_FORM_TEXT);
	good = print_target(target, &address, id);
	buf_clear(&address);
	if (sent && !good)
		bureau_problem(v, f, "target", "desk.problem.target");
	return good;
}

static enum rc
footer_start(struct visit *v, const struct print_form *form)
{
	struct paper_job job = {.kind = PAPER_FOOTER, .format = form->format, .dpi = form->dpi};
	char id[CROCKFORD_ID_LEN + 1];
	struct print_choice c;
	struct buf address;
	enum rc rc;

	print_choose(v, &c);
	buf_init(&address, CAP_FORM_TEXT);
	(void)print_target(form_get(v->form, "target"), &address, id);
	rc = print_start(v, &job, buf_text(&address), *id != '\0' ? id : NULL, v->who.agency,
	    v->agency_name, &c);
	buf_clear(&address);
	return rc;
}

static const struct quick footer = {"footer", HTML_DESK_FOOTER, footer_fields, footer_start};

static int
footer_page(struct visit *v)
{
	return quick_page(v, &footer, HTTP_STATUS_OK, false, NULL);
}

static int
footer_post(struct visit *v)
{
	return quick_post(v, &footer);
}

static int
footer_preview(struct visit *v)
{
	return preview(v, footer.kind);
}

/* the specimen */

static bool
specimen_fields(struct visit *v, struct fields *f, bool sent)
{
	static const char *const names[] = {"title", "name", "rank"};
	const char *text;
	char key[64];
	bool good = true;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		text = form_get(v->form, names[i]);
		snprintf(key, sizeof(key), "typed_%s", names[i]);
		fields_text(f, key, text);
		if (*text != '\0' || i == 2) /* there are officials without a rank */
			continue;
		good = false;
		snprintf(key, sizeof(key), "desk.problem.%s", names[i]);
		if (sent)
			bureau_problem(v, f, names[i], key);
	}
	return good;
}

static enum rc
specimen_start(struct visit *v, const struct print_form *form)
{
	const struct register_signer signer = {.title = form_get(v->form, "title"),
	    .name = form_get(v->form, "name"),
	    .rank = form_get(v->form, "rank")};

	return print_signer(v, form, v->who.agency, &signer);
}

static const struct quick specimens = {
    "specimen", HTML_DESK_SPECIMEN, specimen_fields, specimen_start};

static int
specimen_page(struct visit *v)
{
	return quick_page(v, &specimens, HTTP_STATUS_OK, false, NULL);
}

static int
specimen_post(struct visit *v)
{
	return quick_post(v, &specimens);
}

static int
specimen_preview(struct visit *v)
{
	return preview(v, specimens.kind);
}

const struct staff_page pages_print[] = {
    {"footer", HTTP_METHOD_GET, FOR_WRITERS, footer_page},
    {"footer", HTTP_METHOD_POST, FOR_WRITERS, footer_post},
    {"footer/preview", HTTP_METHOD_GET, FOR_WRITERS, footer_preview},
    {"specimen", HTTP_METHOD_GET, FOR_WRITERS, specimen_page},
    {"specimen", HTTP_METHOD_POST, FOR_WRITERS, specimen_post},
    {"specimen/preview", HTTP_METHOD_GET, FOR_WRITERS, specimen_preview},
    {"stamp", HTTP_METHOD_GET, FOR_WRITERS, stamp_form},
    {"stamp", HTTP_METHOD_POST, FOR_WRITERS, stamp_file},
    {"stamped/", HTTP_METHOD_GET, FOR_WRITERS, stamp_result},
    {NULL, 0, 0, NULL},
};
