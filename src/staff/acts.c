/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was done, by whom, when: for auditors and admins, newest first. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "act.h"
#include "crockford.h"
#include "register.h"
#include "staff.h"
#include "when.h"

#define PAGE 50

struct deed {
	int64_t seq, at, account, object;
	char what[32], letter[CROCKFORD_ID_LEN + 1];
};

struct page {
	struct deed v[PAGE + 1]; /* one more: there is another page */
	size_t n;
};

static bool
keep(const struct act_row *row, void *arg)
{
	struct page *p = arg;
	struct deed *d = &p->v[p->n++];

	d->seq = row->seq;
	d->at = row->at;
	d->account = row->account;
	d->object = row->object;
	snprintf(d->what, sizeof(d->what), "%s", row->what);
	snprintf(d->letter, sizeof(d->letter), "%s", row->letter);
	return p->n <= PAGE;
}

static bool
put_name(const struct account_row *row, void *arg)
{
	fields_text(arg, "name", row->login);
	return false;
}

/* Who: a name, or nobody. */
static enum rc
put_account(struct fields *f, const char *key, int64_t account)
{
	char flag[32];
	enum rc rc = RC_OK;

	snprintf(flag, sizeof(flag), "has_%s", key);
	fields_flag(f, flag, account != 0);
	if (account != 0)
		rc = account_show(web_store(), account, put_name, fields_object(f, key));
	return rc == RC_ABSENT ? RC_OK : rc;
}

static enum rc
put_deed(const struct visit *v, struct fields *f, const struct deed *d)
{
	char key[64];
	enum rc rc;

	html_time(web.html, v->lang, f, "at", d->at);
	snprintf(key, sizeof(key), "staff.act.%s", d->what);
	fields_text(f, "what", *staff_text(v, key) != '\0' ? staff_text(v, key) : d->what);
	fields_flag(
	    f, "refused", strstr(d->what, "refused") != NULL || strstr(d->what, "locked") != NULL);
	fields_text(f, "letter", d->letter);
	fields_flag(f, "has_letter", d->letter[0] != '\0');
	if ((rc = put_account(f, "account", d->account)) == RC_OK)
		rc = put_account(f, "object", d->object);
	return rc;
}

/* The number of a query: decimal, at most 15 digits; 0 otherwise. */
static int64_t
number(const char *s)
{
	size_t n = strspn(s, "0123456789");

	return n > 0 && n <= 15 && s[n] == '\0' ? strtoll(s, NULL, 10) : 0;
}

static int
acts_list(struct visit *v)
{
	struct act_query q = {.since = WHEN_NONE,
	    .until = WHEN_NONE,
	    .before = number(form_get(v->form, "before")),
	    .limit = PAGE + 1};
	struct page *p = calloc(1, sizeof(*p));
	struct fields *f = staff_fields(v);
	char before[32];
	size_t i;
	enum rc rc = RC_NOMEM;

	if (p != NULL)
		rc = act_list(web_store(), &v->who, &q, keep, p);
	for (i = 0; rc == RC_OK && i < p->n && i < PAGE; i++)
		rc = put_deed(v, fields_item(f, "acts"), &p->v[i]);
	if (rc != RC_OK) {
		fields_free(f);
		free(p);
		return staff_refuse(v, rc == RC_ABSENT ? RC_OK : rc, REGISTER_FORBIDDEN);
	}
	fields_flag(f, "any", p->n > 0);
	fields_flag(f, "later", q.before != 0);
	fields_flag(f, "more", p->n > PAGE);
	snprintf(before, sizeof(before), "%" PRId64, p->n > PAGE ? p->v[PAGE - 1].seq : 0);
	fields_text(f, "before", before);
	free(p);
	return staff_page(v, HTTP_STATUS_OK, HTML_STAFF_ACTS, f);
}

const struct staff_page pages_acts[] = {
    {"acts", HTTP_METHOD_GET, FOR_AUDITOR | FOR_ADMIN, acts_list},
    {NULL, 0, 0, NULL},
};
