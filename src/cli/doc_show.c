/* SPDX-License-Identifier: GPL-3.0-or-later */
/* periksa doc show and list: letters as the register has them. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cli.h"
#include "doc_order.h"
#include "json.h"
#include "shelf.h"
#include "when.h"

struct print {
	struct buf b;
	bool json;
	size_t n;
};

static void
put_signers(struct buf *b, const struct register_content *c)
{
	size_t i;

	buf_str(b, ",\"signers\":[");
	for (i = 0; i < c->nsigners; i++) {
		buf_str(b, i > 0 ? ",{\"title\":" : "{\"title\":");
		json_text(b, c->signers[i].title);
		json_member(b, "name", c->signers[i].name);
		json_member(b, "rank", c->signers[i].rank);
		buf_u8(b, '}');
	}
	buf_u8(b, ']');
}

static const char *
truth(bool v)
{
	return v ? "true" : "false";
}

/* What was registered, and what the latest look at it said. */
static void
put_file_json(struct buf *b, const struct register_letter *l)
{
	char text[WHEN_TEXT];

	if (!l->has_file) {
		buf_str(b, ",\"file\":null");
		return;
	}
	buf_str(b, ",\"file\":{\"sha256\":\"");
	buf_hex(b, l->sha256, sizeof(l->sha256));
	buf_printf(b, "\",\"size\":%" PRIu64 ",\"kept\":%s", l->size, truth(l->kept));
	json_member(b, "registered", when_format(l->registered, text));
	json_member(b, "checked", when_format(l->checked, text));
	json_member(b, "verdict", conclusion_name(l->verdict));
	buf_printf(b, ",\"pending\":%s", truth(l->pending));
	json_member(b, "differences", l->differences);
	json_member(b, "overruled", l->overruled);
	buf_u8(b, '}');
}

static void
put_letter_json(struct buf *b, const struct register_letter *l)
{
	const struct register_content *c = &l->content;
	char text[WHEN_TEXT];

	buf_printf(b, "{\"kind\":\"letter\",\"id\":\"%s\"", l->id);
	json_member(b, "state", letter_state_name(l->state));
	json_member(b, "agency", l->agency_code);
	json_member(b, "agency_name", l->agency_name);
	json_member(b, "number", c->number);
	json_member(b, "subject", c->subject);
	json_member(b, "date", c->date);
	json_member(b, "unit", c->unit);
	json_member(b, "visibility", letter_visibility_name(c->visibility));
	put_signers(b, c);
	buf_printf(b, ",\"version\":%u", l->version);
	json_member(b, "created", when_format(l->created, text));
	put_file_json(b, l);
	json_member(b, "successor", l->successor);
	json_member(b, "since", l->since);
	json_member(b, "reason", l->reason);
	buf_str(b, ",\"history\":[");
}

static void
put_file(struct buf *b, const struct register_letter *l)
{
	char text[WHEN_TEXT];

	buf_str(b, "sha256      ");
	buf_hex(b, l->sha256, sizeof(l->sha256));
	buf_printf(
	    b, "\nfile        %" PRIu64 " octets, %s\n", l->size, l->kept ? "kept" : "not kept");
	buf_printf(b, "registered  %s\n", when_format(l->registered, text));
	buf_printf(b, "verdict     %s%s, %s\n", conclusion_name(l->verdict),
	    l->pending ? " (only revocation data lacks)" : "", when_format(l->checked, text));
	if (*l->differences != '\0')
		buf_printf(b, "differs     %s\nall the same %s\n", l->differences, l->overruled);
}

static void
put_letter(struct buf *b, const struct register_letter *l)
{
	const struct register_content *c = &l->content;
	size_t i;

	buf_printf(b, "id          %s\nstate       %s\nagency      %s, %s\n", l->id,
	    letter_state_name(l->state), l->agency_code, l->agency_name);
	buf_printf(b, "number      %s\nsubject     %s\ndate        %s\nunit        %s\n", c->number,
	    c->subject, c->date, c->unit);
	for (i = 0; i < c->nsigners; i++) {
		buf_printf(
		    b, "signer %-4zu %s, %s", i + 1, c->signers[i].name, c->signers[i].title);
		buf_printf(b, *c->signers[i].rank != '\0' ? ", %s\n" : "%s\n", c->signers[i].rank);
	}
	buf_printf(b, "visibility  %s\n", letter_visibility_name(c->visibility));
	if (l->has_file)
		put_file(b, l);
}

static bool
put_event(const struct register_event *e, void *arg)
{
	struct print *p = arg;
	char at[WHEN_TEXT];

	when_format(e->at, at);
	if (p->json) {
		buf_printf(&p->b, "%s{\"at\":\"%s\"", p->n++ > 0 ? "," : "", at);
		json_member(&p->b, "what", e->what);
		buf_printf(&p->b, ",\"version\":%u", e->version);
		json_member(&p->b, "date", e->date);
		json_member(&p->b, "reason", e->reason);
		json_member(&p->b, "successor", e->successor);
		buf_u8(&p->b, '}');
	} else {
		buf_printf(&p->b, "%s  %s", at, e->what);
		if (*e->successor != '\0')
			buf_printf(&p->b, " by %s", e->successor);
		if (*e->date != '\0')
			buf_printf(&p->b, " from %s: %s", e->date, e->reason);
		buf_u8(&p->b, '\n');
	}
	return buf_rc(&p->b) == RC_OK;
}

/* A string for each code of "A B C". */
static void
put_codes(struct buf *b, const char *codes)
{
	size_t n;

	buf_str(b, ",\"reasons\":[");
	for (; *codes != '\0'; codes += n + (codes[n] == ' ')) {
		n = strcspn(codes, " ");
		buf_printf(b, "\"%.*s\"%s", (int)n, codes, codes[n] == ' ' ? "," : "");
	}
	buf_u8(b, ']');
}

static bool
put_check(const struct register_check *c, void *arg)
{
	struct print *p = arg;
	char at[WHEN_TEXT];

	buf_printf(&p->b, "%s{\"at\":\"%s\"", p->n++ > 0 ? "," : "", when_format(c->at, at));
	json_member(&p->b, "verdict", conclusion_name(c->conclusion));
	put_codes(&p->b, c->reasons);
	json_member(&p->b, "policy", c->policy);
	json_member(&p->b, "policy_version", c->policy_version);
	buf_printf(&p->b, ",\"pending\":%s}", truth(c->pending));
	return buf_rc(&p->b) == RC_OK;
}

int
doc_show(void *order)
{
	struct doc_order *o = order;
	struct register_letter *l = NULL;
	struct print p = {.json = o->json};
	enum register_answer answer;
	int64_t now = time(NULL);
	int status;
	enum rc rc;

	buf_init(&p.b, CAP_WIRE);
	rc = register_read(o->store, &actor_operator, o->id, now, &l, &answer);
	if ((status = doc_refuse(rc, answer)) != CLI_OK)
		goto out;
	if (o->json)
		put_letter_json(&p.b, l);
	else
		put_letter(&p.b, l);
	rc = register_history(o->store, &actor_operator, o->id, now, put_event, &p, &answer);
	if ((status = doc_refuse(rc, answer)) != CLI_OK)
		goto out;
	if (o->json) {
		buf_str(&p.b, "],\"checks\":[");
		p.n = 0;
		rc = register_checks(o->store, &actor_operator, o->id, now, put_check, &p, &answer);
		if ((status = doc_refuse(rc, answer)) != CLI_OK)
			goto out;
		buf_str(&p.b, "]}\n");
	}
	status = shelf_print(&p.b, "doc");
out:
	buf_clear(&p.b);
	register_free(l);
	return status;
}

/* ---- many ---- */

static void
print_header(void)
{
	printf("%-27s  STATE       DATE        AGENCY      NUMBER, SUBJECT\n", "ID");
}

/* A row at a time, so that a register of any size is printed. */
static bool
print_row(const struct register_row *r, void *arg)
{
	struct print *p = arg;

	p->b.len = 0;
	if (p->n++ == 0 && !p->json)
		print_header();
	if (p->json) {
		buf_printf(&p->b, "{\"kind\":\"letter\",\"id\":\"%s\"", r->id);
		json_member(&p->b, "state", letter_state_name(r->state));
		json_member(&p->b, "agency", r->agency);
		json_member(&p->b, "number", r->number);
		json_member(&p->b, "subject", r->subject);
		json_member(&p->b, "date", r->date);
		json_member(&p->b, "unit", r->unit);
		json_member(&p->b, "visibility", letter_visibility_name(r->visibility));
		buf_printf(
		    &p->b, ",\"pending\":%s,\"alert\":%s}\n", truth(r->pending), truth(r->alert));
	} else {
		buf_printf(&p->b, "%s  %-10s  %s  %-10s  %s  %s%s\n", r->id,
		    letter_state_name(r->state), r->date, r->agency, r->number, r->subject,
		    r->alert     ? "  (ALERT)"
		    : r->pending ? "  (pending)"
				 : "");
	}
	return buf_rc(&p->b) == RC_OK && fwrite(p->b.p, 1, p->b.len, stdout) == p->b.len;
}

int
doc_list(void *order)
{
	struct doc_order *o = order;
	struct print p = {.json = o->json};
	enum register_answer answer;
	bool several;
	enum rc rc;

	if (o->agency != NULL) {
		if ((rc = account_agency(o->store, o->agency, &o->q.agency, &several)) != RC_OK)
			return cli_fail("doc: %s", rc_str(rc));
		if (o->q.agency == 0)
			return cli_fail("doc: there is no such agency");
	}
	buf_init(&p.b, CAP_WIRE);
	rc = register_list(o->store, &actor_operator, &o->q, print_row, &p, &answer);
	if (rc == RC_OK)
		rc = buf_rc(&p.b);
	buf_clear(&p.b);
	if (rc == RC_OK && answer == REGISTER_MALFORMED)
		return cli_fail("doc: --before wants an ID, --since and --until a day");
	if (rc == RC_OK && p.n == 0 && !o->json)
		print_header();
	return doc_refuse(rc, answer) == CLI_OK ? cli_done(CLI_OK) : CLI_TROUBLE;
}
