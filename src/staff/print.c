/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Footers and specimens of letters, as pictures to look at and files to take away. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "press.h"
#include "printing.h"

/* --- a letter's --- */

/* By the end of the address, and ?dpi=600 or ?show=1 for a picture. */
static const struct print_form *
form_of(const struct visit *v)
{
	const char *dot = strrchr(v->rest, '.');
	char name[16];

	if (form_has(v->form, "show"))
		return print_form("preview");
	snprintf(name, sizeof(name), "%.8s", dot != NULL ? dot + 1 : "");
	if (strcmp(name, "png") == 0)
		snprintf(name, sizeof(name), "png%s",
		    strcmp(form_get(v->form, "dpi"), "600") == 0 ? "600" : "300");
	return print_form(name);
}

/* The letter's footer as the query wants it, unless that has begun already. */
static enum rc
begin(struct visit *v, const struct register_letter *l, const struct print_form *form)
{
	struct paper_job job = {.kind = PAPER_FOOTER, .format = form->format, .dpi = form->dpi};
	struct print_choice c;
	struct buf address;
	enum rc rc;

	if (press_known(v->req))
		return RC_OK;
	print_choose(v, &c);
	buf_init(&address, 1024);
	bureau_address(&address, l->id);
	rc = print_start(v, &job, buf_text(&address), l->id, l->agency, l->agency_name, &c);
	buf_clear(&address);
	return rc;
}

/* Wait for the file that was begun, and give it. */
static int
deliver(struct visit *v, const struct register_letter *l, const struct print_form *form,
    const char *kind)
{
	const struct paper_answer *a;
	char name[96], back[64];
	enum rc rc = press_step(v->req, &a);

	if (rc == RC_BUSY)
		return KORE_RESULT_RETRY;
	if (rc != RC_OK)
		return staff_refuse(v, rc, 0);
	snprintf(back, sizeof(back), "/staff/letters/%s/print", l->id);
	if (a->code != PAPER_OK)
		return bureau_paper_refused(v, a, back);
	bureau_filename(name, sizeof(name), l->id, kind, form->ext);
	return staff_file(v, form->type, name, !form_has(v->form, "show"), a->out.p, a->out.len);
}

int
print_footer(struct visit *v, struct register_letter *l)
{
	const struct print_form *form = form_of(v);
	enum rc rc = begin(v, l, form);

	return rc == RC_OK ? deliver(v, l, form, "footer") : print_refused(v, rc);
}

int
print_specimen(struct visit *v, struct register_letter *l)
{
	const struct print_form *form = form_of(v);
	unsigned long n = strtoul(form_get(v->form, "n"), NULL, 10);
	char kind[32];
	enum rc rc = RC_OK;

	if (n < 1 || n > l->content.nsigners)
		return answer_error(v->req, HTTP_STATUS_NOT_FOUND, 0);
	if (!press_known(v->req))
		rc = print_signer(v, form, l->agency, &l->content.signers[n - 1]);
	snprintf(kind, sizeof(kind), "specimen-%lu", n);
	return rc == RC_OK ? deliver(v, l, form, kind) : print_refused(v, rc);
}

/* --- a letter's page: the footer is made once to hear what there is to say about it --- */

static int
show(struct visit *v, const struct register_letter *l, const struct paper_answer *a)
{
	struct fields *f = staff_fields(v);
	struct print_choice c;
	enum rc rc;

	print_choose(v, &c);
	bureau_letter_fields(v, f, l);
	print_choice_fields(v, f, &c);
	fields_flag(f, "printed", a->code == PAPER_OK);
	if (a->code == PAPER_OK)
		bureau_notes(f, a->notes);
	else
		bureau_word(v, f, "refusal", "desk.paper.", paper_code_name(a->code));
	if ((rc = print_wordings(v, f, l->agency, &c)) == RC_OK)
		return staff_page(v, HTTP_STATUS_OK, HTML_DESK_PRINT, f);
	fields_free(f);
	return staff_refuse(v, rc, 0);
}

int
print_page(struct visit *v, struct register_letter *l)
{
	const struct paper_answer *a;
	enum rc rc = begin(v, l, print_form("preview"));

	if (rc == RC_OK)
		rc = press_step(v->req, &a);
	if (rc == RC_BUSY)
		return KORE_RESULT_RETRY;
	return rc == RC_OK ? show(v, l, a) : print_refused(v, rc);
}
