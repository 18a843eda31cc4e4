/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Of a registered letter: its agency's wording and logo, and the address that its QR holds.  An id
 * that is not in the register is not printed, unless somebody says where it leads.
 */
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"
#include "portalconf.h"
#include "shelf.h"
#include "ticket.h"

static bool
fail(const struct ticket *t, const char *what, const char *why)
{
	(void)cli_fail("%s: %s: %s", t->verb, what, why);
	return false;
}

static bool
is_explicit(const struct ticket *t)
{
	return t->url != NULL || t->public_url != NULL;
}

bool
ticket_store(struct store **s)
{
	char path[PATH_MAX];

	*s = NULL;
	if (snprintf(path, sizeof(path), "%s/periksa.db", cli_data_dir()) < (int)sizeof(path) &&
	    access(path, F_OK) == -1)
		return true;
	return shelf_find(s) == CLI_OK;
}

static bool
look_up(struct ticket *t, struct store *s)
{
	enum register_answer answer;
	enum rc rc = register_read(s, &actor_operator, t->id, time(NULL), &t->letter, &answer);

	if (rc != RC_OK)
		return fail(t, "register", rc_str(rc));
	if (answer == REGISTER_ABSENT && is_explicit(t))
		return true;
	if (answer != REGISTER_DONE)
		return fail(t, t->id, register_answer_text(answer));
	t->id = t->letter->id;
	rc = letterhead_read(s, t->letter->agency, &t->head);
	return rc == RC_OK || fail(t, "letterhead", rc_str(rc));
}

bool
ticket_letter(struct ticket *t)
{
	struct store *s;
	bool ok = true;

	if (t->id == NULL)
		return true;
	if (!ticket_store(&s))
		return false;
	if (s != NULL)
		ok = look_up(t, s);
	else if (!is_explicit(t))
		ok = fail(t, t->id, "there is no register in PERIKSA_DATA (--url, --public-url)");
	store_close(s);
	return ok;
}

/* What the portal of this machine calls itself. */
static bool
own_address(struct ticket *t)
{
	struct portalconf c;

	if (portalconf_read(&c) != CLI_OK)
		return false;
	if (c.public_url[0] == '\0')
		return fail(t, "public_url",
		    "neither in conf/portal.conf nor in "
		    "PERIKSA_PUBLIC_URL; give --public-url");
	return stationery_address(&t->address, c.public_url, t->id) ||
	       fail(t, c.public_url, "makes no address, or one that is too long");
}

bool
ticket_address(struct ticket *t)
{
	if (t->url != NULL) {
		buf_str(&t->address, t->url);
		return buf_rc(&t->address) == RC_OK || fail(t, "--url", "too long");
	}
	if (t->id == NULL) {
		(void)cli_usage(t->verb, "%s: --id ID or --url URL is needed", t->verb);
		return false;
	}
	if (t->public_url == NULL)
		return own_address(t);
	return stationery_address(&t->address, t->public_url, t->id) ||
	       fail(t, "--id, --public-url", "they make no address, or one that is too long");
}

const char *
ticket_agency(const struct ticket *t)
{
	if (t->agency != NULL || t->letter == NULL)
		return t->agency;
	return t->letter->agency_name;
}
