/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The footer on the pages of a letter that is not signed yet.  What periksa-paper made waits in a
 * pigeonhole, so that its notes are read before the file is taken away.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io.h"
#include "pigeonhole.h"
#include "press.h"
#include "printing.h"

/* --- the form --- */

/* l NULL: the quick page.  f: with its problems. */
static int
show(struct visit *v, int status, const struct register_letter *l, struct fields *f)
{
	struct print_choice c;
	enum rc rc;

	print_choose(v, &c);
	print_choice_fields(v, f, &c);
	print_page_fields(v, f);
	fields_text(f, "target", form_get(v->form, "target"));
	fields_flag(f, "quick", l == NULL);
	if (l != NULL)
		bureau_letter_fields(v, f, l);
	rc = print_wordings(v, f, l != NULL ? l->agency : v->who.agency, &c);
	if (rc == RC_OK)
		return staff_page(v, status, HTML_DESK_STAMP, f);
	fields_free(f);
	return staff_refuse(v, rc, 0);
}

static int
refuse(struct visit *v, const struct register_letter *l, const struct paper_answer *a)
{
	struct fields *f = staff_fields(v);
	char key[64];

	snprintf(key, sizeof(key), "desk.paper.%s", paper_code_name(a->code));
	bureau_problem(v, f, "file", key);
	/* "page 2, 5" */
	fields_flag(f, "has_pages", strncmp(a->detail, "page ", 5) == 0);
	fields_text(f, "pages", strncmp(a->detail, "page ", 5) == 0 ? a->detail + 5 : "");
	return show(v, 422, l, f);
}

/* --- the work --- */

static enum rc
start(struct visit *v, const struct register_letter *l, const uint8_t *p, size_t len, uint32_t from,
    uint32_t to)
{
	struct paper_job job = {.kind = PAPER_STAMP, .format = PAPER_PDF, .dpi = 300};
	char id[CROCKFORD_ID_LEN + 1] = "";
	struct print_choice c;
	struct buf address;
	enum rc rc;

	job.from = from;
	job.to = to;
	job.part[PAPER_DOCUMENT] = (struct paper_octets){p, len};
	print_choose(v, &c);
	buf_init(&address, CAP_FORM_TEXT);
	(void)print_target(l != NULL ? l->id : form_get(v->form, "target"), &address, id);
	rc = print_start(v, &job, buf_text(&address), *id != '\0' ? id : NULL,
	    l != NULL ? l->agency : v->who.agency, l != NULL ? l->agency_name : v->agency_name, &c);
	buf_clear(&address);
	return rc;
}

/* Checks what was sent; nothing is wrong: RC_OK, the job is under way.  RC_FORMAT: told in f. */
static enum rc
begin(struct visit *v, const struct register_letter *l, struct fields *f)
{
	char id[CROCKFORD_ID_LEN + 1];
	const uint8_t *p = NULL;
	struct form_file file;
	uint32_t from, to;
	struct buf address;
	bool good = true;

	if (l == NULL) {
		buf_init(&address, CAP_FORM_TEXT);
		if (!print_target(form_get(v->form, "target"), &address, id)) {
			bureau_problem(v, f, "target", "desk.problem.target");
			good = false;
		}
		buf_clear(&address);
	}
	if (form_file(v->form, "file", 0, &file) && file.len > 0)
		p = staff_octets(v, &file);
	if (p == NULL) {
		bureau_problem(v, f, "file", "desk.problem.file");
		good = false;
	}
	if (!print_pages(v, &from, &to)) {
		bureau_problem(v, f, "from", "desk.problem.pages");
		good = false;
	}
	return good ? start(v, l, p, file.len, from, to) : RC_FORMAT;
}

/* "NONCE-NOTES-ID": what a stamped file is found by, all of it bound to the session. */
static int
keep(struct visit *v, const struct register_letter *l, const struct paper_answer *a)
{
	char nonce[PIGEONHOLE_NONCE + 1], name[128], path[192];
	enum rc rc;

	pigeonhole_nonce(nonce);
	snprintf(name, sizeof(name), "%s-%u-%s", nonce, a->notes, l != NULL ? l->id : "");
	if ((rc = pigeonhole_put(v, name, a->out.p, a->out.len)) != RC_OK)
		return staff_refuse(v, rc, 0);
	snprintf(path, sizeof(path), "/staff/stamped/%s", name);
	return answer_see(v->req, path);
}

static int
stamp(struct visit *v, const struct register_letter *l)
{
	const struct paper_answer *a;
	struct fields *f;
	enum rc rc;

	if (!press_known(v->req)) {
		f = staff_fields(v);
		if ((rc = begin(v, l, f)) == RC_FORMAT)
			return show(v, HTTP_STATUS_BAD_REQUEST, l, f);
		fields_free(f);
		if (rc == RC_TOOBIG)
			return answer_error(v->req, HTTP_STATUS_REQUEST_ENTITY_TOO_LARGE, 0);
		if (rc != RC_OK)
			return rc == RC_ABSENT ? answer_error(v->req, HTTP_STATUS_BAD_REQUEST, 0)
					       : staff_refuse(v, rc, 0);
	}
	if ((rc = press_step(v->req, &a)) == RC_BUSY)
		return KORE_RESULT_RETRY;
	if (rc != RC_OK)
		return staff_refuse(v, rc, 0);
	return a->code == PAPER_OK ? keep(v, l, a) : refuse(v, l, a);
}

static bool
open_to(const struct register_letter *l)
{
	return l->state == LETTER_DRAFT || l->state == LETTER_ISSUED;
}

int
stamp_page(struct visit *v, struct register_letter *l)
{
	return open_to(l) ? show(v, HTTP_STATUS_OK, l, staff_fields(v))
			  : staff_refuse(v, RC_OK, REGISTER_STATE);
}

int
stamp_letter(struct visit *v, struct register_letter *l)
{
	return open_to(l) ? stamp(v, l) : staff_refuse(v, RC_OK, REGISTER_STATE);
}

int
stamp_form(struct visit *v)
{
	return show(v, HTTP_STATUS_OK, NULL, staff_fields(v));
}

int
stamp_file(struct visit *v)
{
	return stamp(v, NULL);
}

/* --- what came of it --- */

/* What lies in a pigeonhole by another kind of name is not a stamped file. */
static bool
is_stamped(const char *name)
{
	const char *notes = name + PIGEONHOLE_NONCE + 1, *id;

	if (strspn(name, "0123456789abcdef") != PIGEONHOLE_NONCE || notes[-1] != '-')
		return false;
	id = notes + strspn(notes, "0123456789");
	return id > notes && *id == '-' && strchr(id + 1, '-') == NULL;
}

/* The parts of a name that is_stamped(). */
static void
stamped_fields(struct fields *f, const char *name)
{
	struct buf b;
	const char *notes = name + PIGEONHOLE_NONCE + 1, *id = strrchr(name, '-') + 1;

	bureau_notes(f, (uint32_t)strtoul(notes, NULL, 10));
	fields_text(f, "name", name);
	fields_flag(f, "has_id", *id != '\0');
	fields_text(f, "id", id);
	buf_init(&b, 64);
	bureau_groups(&b, id);
	fields_text(f, "groups", buf_text(&b));
	buf_clear(&b);
	bureau_number(f, "minutes", CAP_HOLE_SECONDS / 60);
}

int
stamp_result(struct visit *v)
{
	size_t n = strcspn(v->rest, "/"), len;
	char name[128], file[96];
	const char *part = v->rest[n] == '/' ? v->rest + n + 1 : "";
	struct fields *f;
	enum rc rc;
	int fd;

	snprintf(name, sizeof(name), "%.*s", n < sizeof(name) ? (int)n : 0, v->rest);
	if (!is_stamped(name))
		return staff_refuse(v, RC_OK, REGISTER_ABSENT);
	if ((rc = pigeonhole_open(v, name, &fd, &len)) != RC_OK)
		return staff_refuse(v, rc == RC_ABSENT ? RC_OK : rc, REGISTER_ABSENT);
	bureau_filename(file, sizeof(file), strrchr(name, '-') + 1, "surat", "pdf");
	if (strcmp(part, "download") == 0)
		return pigeonhole_send(v, "application/pdf", file, fd, len);
	if (strcmp(part, "view") == 0)
		return pigeonhole_send(v, "application/pdf", NULL, fd, len);
	io_close(&fd);
	if (*part != '\0')
		return answer_error(v->req, HTTP_STATUS_NOT_FOUND, 0);
	f = staff_fields(v);
	stamped_fields(f, name);
	html_size(web.html, v->lang, f, "size", len);
	return staff_page(v, HTTP_STATUS_OK, HTML_DESK_STAMPED, f);
}
