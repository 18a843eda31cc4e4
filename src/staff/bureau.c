/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bureau.h: letters as fields of templates, and the way from an address to one of them. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "act.h"
#include "bureau.h"
#include "stationery.h"

const char *
bureau_part(const struct visit *v, char id[CROCKFORD_ID_LEN + 1])
{
	size_t n = strcspn(v->rest, "/");

	snprintf(id, CROCKFORD_ID_LEN + 1, "%.*s", (int)n, v->rest);
	if (n > CROCKFORD_ID_LEN) /* cut, it might be another's */
		id[0] = '\0';
	return v->rest[n] == '/' ? v->rest + n + 1 : "";
}

enum rc
bureau_letter(struct visit *v, struct register_letter **l, int *ret)
{
	enum register_answer answer = REGISTER_ABSENT;
	char id[CROCKFORD_ID_LEN + 1];
	struct store *s = web_store();
	enum rc rc = RC_IO;

	*l = NULL;
	(void)bureau_part(v, id);
	if (s != NULL)
		rc = register_read(s, &v->who, id, time(NULL), l, &answer);
	if (rc == RC_OK && *l != NULL)
		return RC_OK;
	*ret = staff_refuse(v, rc, (int)answer);
	return rc != RC_OK ? rc : RC_ABSENT;
}

int
bureau_forbid(struct visit *v, const char *id)
{
	struct store *s = web_store();

	if (s == NULL || act_add(s, &v->who, ACT_ROLE_REFUSED, id, 0, time(NULL)) != RC_OK)
		kore_log(LOG_ERR, "a refusal could not be recorded");
	return staff_refuse(v, RC_OK, REGISTER_FORBIDDEN);
}

void
bureau_address(struct buf *b, const char *id)
{
	if (web.public_url == NULL || !stationery_address(b, web.public_url, id))
		buf_clear(b);
}

void
bureau_groups(struct buf *b, const char *id)
{
	size_t i;

	for (i = 0; id[i] != '\0'; i++) {
		if (i > 0 && i % 4 == 0)
			buf_u8(b, ' ');
		buf_u8(b, (uint8_t)id[i]);
	}
}

void
bureau_number(struct fields *f, const char *key, int64_t n)
{
	char text[24];

	snprintf(text, sizeof(text), "%lld", (long long)n);
	fields_text(f, key, text);
}

void
bureau_query(struct buf *b, const char *name, const char *value)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				    "0123456789-._~";

	if (*value == '\0')
		return;
	buf_printf(b, "%s=", name);
	for (; *value != '\0'; value++)
		if (strchr(plain, *value) != NULL)
			buf_u8(b, (uint8_t)*value);
		else
			buf_printf(b, "%%%02X", (unsigned)(uint8_t)*value);
	buf_u8(b, '&');
}

void
bureau_word(
    const struct visit *v, struct fields *f, const char *key, const char *prefix, const char *name)
{
	char text[96];

	snprintf(text, sizeof(text), "%s%s", prefix, name);
	fields_text(f, key, staff_text(v, text));
}

void
bureau_problem(const struct visit *v, struct fields *f, const char *field, const char *key)
{
	struct fields *item = fields_item(f, "problems");
	char flag[64];

	fields_flag(f, "has_problems", true);
	fields_text(item, "problem_field", field);
	fields_text(item, "problem_text", staff_text(v, key));
	snprintf(flag, sizeof(flag), "bad_%s", field);
	fields_text(f, flag, staff_text(v, key));
}

void
bureau_today(char out[11])
{
	time_t now = time(NULL);
	struct tm tm;

	if (localtime_r(&now, &tm) == NULL || strftime(out, 11, "%Y-%m-%d", &tm) == 0)
		out[0] = '\0';
}

void
bureau_filename(char *out, size_t size, const char *id, const char *kind, const char *ext)
{
	snprintf(out, size, "%s%s%s.%s", kind, *id != '\0' ? "-" : "", id, ext);
}

static void
signer_fields(struct fields *f, const struct register_content *c)
{
	struct fields *item;
	size_t i;

	for (i = 0; i < c->nsigners; i++) {
		item = fields_item(f, "signers");
		bureau_number(item, "signer_n", (int64_t)i + 1);
		fields_text(item, "signer_title", c->signers[i].title);
		fields_text(item, "signer_name", c->signers[i].name);
		fields_flag(item, "has_rank", *c->signers[i].rank != '\0');
		fields_text(item, "signer_rank", c->signers[i].rank);
	}
}

static void
state_fields(const struct visit *v, struct fields *f, const struct register_letter *l)
{
	static const char *const looks[] = {
	    [LETTER_DRAFT] = "plain",
	    [LETTER_ISSUED] = "warning",
	    [LETTER_SIGNED] = "ok",
	    [LETTER_SUPERSEDED] = "plain",
	    [LETTER_WITHDRAWN] = "fail",
	};
	bool writer = v->who.role != ROLE_AUDITOR;
	bool open = l->state == LETTER_DRAFT || l->state == LETTER_ISSUED;
	bool alert = l->has_file && l->state == LETTER_SIGNED && !l->pending &&
		     l->verdict != CONCLUSION_VALID;

	fields_text(f, "state", letter_state_name(l->state));
	bureau_word(v, f, "state_word", "desk.state.", letter_state_name(l->state));
	bureau_word(v, f, "state_text", "desk.state_text.", letter_state_name(l->state));
	fields_text(f, "state_look",
	    alert                                     ? "fail"
	    : l->state == LETTER_SIGNED && l->pending ? "unknown"
						      : looks[l->state]);
	fields_flag(f, "alert", alert);
	fields_flag(f, "pending", l->state == LETTER_SIGNED && l->pending);
	fields_flag(f, "can_edit", writer && l->state == LETTER_DRAFT);
	fields_flag(f, "can_issue", writer && l->state == LETTER_DRAFT);
	fields_flag(f, "can_register", writer && l->state == LETTER_ISSUED);
	fields_flag(f, "can_stamp", writer && open);
	fields_flag(
	    f, "can_supersede", writer && (l->state == LETTER_ISSUED || l->state == LETTER_SIGNED));
	fields_flag(f, "can_withdraw",
	    writer && l->state != LETTER_SUPERSEDED && l->state != LETTER_WITHDRAWN);
}

static void
file_fields(const struct visit *v, struct fields *f, const struct register_letter *l)
{
	struct buf b;

	fields_flag(f, "has_file", l->has_file);
	if (!l->has_file)
		return;
	buf_init(&b, 128);
	buf_hex(&b, l->sha256, sizeof(l->sha256));
	fields_text(f, "sha256", buf_text(&b));
	buf_clear(&b);
	html_size(web.html, v->lang, f, "size", l->size);
	html_time(web.html, v->lang, f, "registered", l->registered);
	fields_flag(f, "kept", l->kept);
	fields_flag(f, "overruled", *l->overruled != '\0');
	fields_text(f, "overruled_reason", l->overruled);
	fields_text(f, "differences", l->differences);
}

void
bureau_letter_fields(const struct visit *v, struct fields *f, const struct register_letter *l)
{
	struct buf b;

	buf_init(&b, 512);
	fields_text(f, "id", l->id);
	bureau_groups(&b, l->id);
	fields_text(f, "groups", buf_text(&b));
	buf_clear(&b);
	bureau_address(&b, l->id);
	fields_flag(f, "has_address", b.len > 0);
	fields_text(f, "address", buf_text(&b));
	buf_clear(&b);
	fields_text(f, "number", l->content.number);
	fields_text(f, "subject", l->content.subject);
	fields_text(f, "date", l->content.date);
	html_day(web.html, v->lang, f, "day", l->content.date);
	fields_text(f, "unit", l->content.unit);
	fields_text(f, "agency_name", l->agency_name);
	fields_text(f, "visibility", letter_visibility_name(l->content.visibility));
	bureau_word(v, f, "visibility_word", "desk.visibility.",
	    letter_visibility_name(l->content.visibility));
	fields_flag(f, "with_code", l->content.visibility == LETTER_CODE);
	signer_fields(f, &l->content);
	state_fields(v, f, l);
	file_fields(v, f, l);
	fields_flag(f, "ended", *l->since != '\0');
	html_day(web.html, v->lang, f, "since", l->since);
	fields_text(f, "reason", l->reason);
	fields_flag(f, "has_successor", *l->successor != '\0');
	fields_text(f, "successor", l->successor);
}

void
bureau_notes(struct fields *f, uint32_t notes)
{
	fields_flag(f, "note_no_logo", (notes & PAPER_NOTE_NO_LOGO) != 0);
	fields_flag(f, "note_pdfa", (notes & PAPER_NOTE_PDFA) != 0);
	fields_flag(f, "note_linearized", (notes & PAPER_NOTE_LINEARIZED) != 0);
	fields_flag(f, "note_smaller", (notes & PAPER_NOTE_SMALLER) != 0);
	fields_flag(f, "has_notes", (notes & ~(uint32_t)PAPER_NOTE_MORE) != 0);
}

int
bureau_paper_refused(struct visit *v, const struct paper_answer *a, const char *back)
{
	struct fields *f = staff_fields(v);

	bureau_word(v, f, "text", "desk.paper.", paper_code_name(a->code));
	fields_flag(f, "has_detail", a->detail[0] != '\0');
	fields_text(f, "detail", a->detail);
	fields_text(f, "back", back);
	return staff_page(v, 422, HTML_DESK_REFUSED, f);
}
