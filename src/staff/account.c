/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One's own account: another password, another telephone, nobody else signed in. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "chore.h"
#include "enrol.h"
#include "login.h"

#define HERE "/staff/account"

static bool
take_row(const struct account_row *row, void *arg)
{
	unsigned *recovery = arg;

	*recovery = row->recovery;
	return false;
}

static int
show(struct visit *v, int status, const char *problem)
{
	struct store *s = web_store();
	unsigned recovery = 0;
	struct fields *f;
	char number[16];
	enum rc rc = s == NULL ? RC_IO : account_show(s, v->who.account, take_row, &recovery);

	if (rc != RC_OK)
		return staff_refuse(v, rc, 0);
	f = staff_fields(v);
	snprintf(number, sizeof(number), "%u", recovery);
	fields_text(f, "recovery_left", number);
	fields_flag(f, "few_left", recovery < 3);
	staff_problem(v, f, problem);
	return staff_page(v, status, HTML_STAFF_ACCOUNT, f);
}

static int
account_page(struct visit *v)
{
	return show(v, HTTP_STATUS_OK, NULL);
}

/* ---- with the old password and a code ---- */

struct proof { /* the chore's */
	struct actor who;
	bool renew; /* another telephone; else another password */
	char login[4 * CAP_LOGIN + 1];
	char old[CAP_LOGIN_PASSWORD + 2], fresh[CAP_LOGIN_PASSWORD + 2];
	char code[64];
	char address[INET6_ADDRSTRLEN];
	int64_t now;
	struct account_secrets secrets;
	enum account_answer answer;
	bool begun; /* the session after it */
};

static enum rc
prove(struct store *s, void *arg)
{
	struct proof *p = arg;
	const struct account_claim c = {.login = p->login,
	    .code = p->code,
	    .address = p->address,
	    .password = p->old,
	    .password_len = strlen(p->old)};

	if (p->renew)
		return account_renew(s, &p->who, &c, p->now, &p->secrets, &p->answer);
	return account_password(s, &p->who, &c, p->fresh, strlen(p->fresh), p->now, &p->answer);
}

static enum rc
start(struct visit *v, bool renew)
{
	struct proof *p = calloc(1, sizeof(*p));

	if (p == NULL)
		return RC_NOMEM;
	p->who = v->who;
	p->renew = renew;
	snprintf(p->login, sizeof(p->login), "%s", v->login);
	snprintf(p->old, sizeof(p->old), "%s", form_raw(v->form, "old"));
	snprintf(p->fresh, sizeof(p->fresh), "%s", form_raw(v->form, "password"));
	snprintf(p->code, sizeof(p->code), "%s", form_get(v->form, "code"));
	ask_address_text(v->req, p->address);
	p->now = time(NULL);
	return chore_start(v->req, prove, p, sizeof(*p), NULL);
}

/* Goes on with what was begun: *p, once it is done and was right; else *ret. */
static bool
proven(struct visit *v, bool renew, struct proof **p, int *ret)
{
	void *arg = NULL;
	enum rc rc = RC_OK;

	if (!chore_known(v->req))
		rc = start(v, renew);
	if (rc == RC_OK)
		rc = chore_step(v->req, &arg);
	*p = arg;
	*ret = KORE_RESULT_RETRY;
	if (rc == RC_BUSY && chore_known(v->req))
		return false;
	if (rc == RC_OK && (*p)->answer != ACCOUNT_DONE) {
		*ret = show(v, HTTP_STATUS_FORBIDDEN, login_problem((*p)->answer));
		return false;
	}
	/* All sessions are over; this one goes on under another token. */
	if (rc == RC_OK && !(*p)->begun) {
		(*p)->begun = true;
		rc = login_begin(v, &v->who);
	}
	if (rc != RC_OK)
		*ret = staff_refuse(v, rc, 0);
	return rc == RC_OK;
}

static int
account_password_change(struct visit *v)
{
	struct proof *p;
	int ret;

	if (!chore_known(v->req) &&
	    strcmp(form_raw(v->form, "password"), form_raw(v->form, "again")) != 0)
		return show(v, HTTP_STATUS_BAD_REQUEST, "unlike");
	if (!proven(v, false, &p, &ret))
		return ret;
	return staff_see(v, HERE, "password");
}

static int
account_telephone(struct visit *v)
{
	struct proof *p;
	int ret;

	if (!proven(v, true, &p, &ret))
		return ret;
	return enrol_show(v, p->login, &p->secrets, HERE);
}

/* ---- */

static int
account_sessions(struct visit *v)
{
	struct store *s = web_store();
	enum rc rc = s == NULL ? RC_IO : session_end_others(s, v->who.account, v->token);

	return rc == RC_OK ? staff_see(v, HERE, "others") : staff_refuse(v, rc, 0);
}

const struct staff_page pages_account[] = {
    {"account", HTTP_METHOD_GET, FOR_ALL, account_page},
    {"account/password", HTTP_METHOD_POST, FOR_ALL, account_password_change},
    {"account/telephone", HTTP_METHOD_POST, FOR_ALL, account_telephone},
    {"account/sessions", HTTP_METHOD_POST, FOR_ALL, account_sessions},
    {NULL, 0, 0, NULL},
};
