/* SPDX-License-Identifier: GPL-3.0-or-later */
/* periksa user: the accounts of staff, auditors and admins. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "account.h"
#include "cli.h"
#include "json.h"
#include "menu.h"
#include "shelf.h"
#include "ticket.h"
#include "when.h"

static const char usage[] =
    "usage: periksa user add NAME --role ROLE --agency CODE [--agency-name TEXT]\n"
    "                    [--password-fd N] [--qr | --json]\n"
    "       periksa user reset NAME [--password-fd N] [--qr | --json]\n"
    "       periksa user role NAME --role ROLE [--agency CODE]\n"
    "       periksa user disable | enable NAME\n"
    "       periksa user list [--json]\n\n"
    "Accounts of the portal in PERIKSA_DATA (default: data).  `add` and `reset` ask for a\n"
    "password and print, this once, the secret for an authenticator (TOTP), on a terminal as a QR\n"
    "too, and ten recovery codes.  An account that is reset, disabled or given another role or\n"
    "agency is signed out everywhere.\n\n"
    "  --role ROLE         staff: letters of the own agency; auditor: reads everything;\n"
    "                      admin: everything, accounts too\n"
    "  --agency CODE       the agency (perangkat daerah); `add` makes it if it is new\n"
    "  --agency-name TEXT  what a new one is called\n"
    "  --password-fd N     read the password from descriptor N: its first line\n"
    "  --qr                print the QR wherever the output goes\n"
    "  --json              JSON, one object a line\n"
    "  --help              this text\n";

struct order {
	struct store *store;
	const char *name, *agency, *agency_name, *password_fd;
	enum role role;
	bool json, qr;
	uint8_t password[CAP_LOGIN_PASSWORD + 1]; /* one more than may be */
	size_t password_len;
};

/*
 * The QR of an address, for a terminal.  Without one (it has been said why on standard error) the
 * secret can still be typed.
 */
static void
put_qr(struct buf *b, struct buf *address)
{
	struct ticket t;

	ticket_init(&t, "user", PAPER_QR);
	t.job.format = PAPER_TEXT;
	t.job.part[PAPER_ADDRESS] = (struct paper_octets){address->p, address->len};
	if (ticket_run(&t))
		buf_put(b, t.answer.out.p, t.answer.out.len);
	if (t.reply.len > 0)
		explicit_bzero(t.reply.p, t.reply.len);
	ticket_clear(&t);
}

static int
print_secrets(const struct order *o, const struct account_secrets *secrets)
{
	struct buf b, address;
	size_t i;
	int status;

	buf_init(&b, CAP_PAPER_OUT);
	buf_init(&address, CAP_TEXT);
	account_otpauth(&address, o->name, secrets);
	if (o->json) {
		buf_str(&b, "{\"kind\":\"account\",\"name\":");
		json_text(&b, o->name);
		json_member(&b, "totp", secrets->totp);
		json_member(&b, "otpauth", buf_text(&address));
		buf_str(&b, ",\"recovery\":[");
		for (i = 0; i < ACCOUNT_RECOVERY; i++)
			buf_printf(&b, "%s\"%s\"", i > 0 ? "," : "", secrets->recovery[i]);
		buf_str(&b, "]}\n");
	} else {
		if (o->qr)
			put_qr(&b, &address);
		buf_printf(&b, "secret    %s\naddress   %s\n", secrets->totp, buf_text(&address));
		for (i = 0; i < ACCOUNT_RECOVERY; i++)
			buf_printf(
			    &b, "%s  %s\n", i == 0 ? "recovery" : "        ", secrets->recovery[i]);
		buf_str(&b, "\nThese are shown once.  Put the secret into an authenticator; each "
			    "recovery code works once.\n");
	}
	explicit_bzero(address.p, address.len);
	buf_clear(&address);
	status = shelf_print(&b, "user");
	return status;
}

static int
refuse(enum account_answer answer)
{
	return answer == ACCOUNT_DONE ? CLI_OK : cli_fail("user: %s", account_answer_text(answer));
}

static int
add(void *order)
{
	const struct order *o = order;
	const struct account_new a = {
	    o->name, o->role, o->agency, o->agency_name, o->password, o->password_len};
	enum account_answer answer;
	struct account_secrets secrets;
	enum rc rc;
	int status;

	if (o->role == ROLE__MAX || o->agency == NULL)
		return cli_usage("user", "user add: --role and --agency are needed");
	if ((rc = account_add(o->store, &actor_operator, &a, time(NULL), &secrets, &answer)) !=
	    RC_OK)
		return cli_fail("user: %s", rc_str(rc));
	if ((status = refuse(answer)) == CLI_OK)
		status = print_secrets(o, &secrets);
	explicit_bzero(&secrets, sizeof(secrets));
	return status;
}

static int
reset(void *order)
{
	const struct order *o = order;
	enum account_answer answer;
	struct account_secrets secrets;
	enum rc rc;
	int status;

	rc = account_reset(o->store, &actor_operator, o->name, o->password, o->password_len,
	    time(NULL), &secrets, &answer);
	if (rc != RC_OK)
		return cli_fail("user: %s", rc_str(rc));
	if ((status = refuse(answer)) == CLI_OK)
		status = print_secrets(o, &secrets);
	explicit_bzero(&secrets, sizeof(secrets));
	return status;
}

static int
set_disabled(const struct order *o, bool disable)
{
	enum account_answer answer;
	enum rc rc =
	    account_disable(o->store, &actor_operator, o->name, disable, time(NULL), &answer);

	return rc == RC_OK ? refuse(answer) : cli_fail("user: %s", rc_str(rc));
}

static int
disable(void *order)
{
	return set_disabled(order, true);
}

static int
enable(void *order)
{
	return set_disabled(order, false);
}

static int
change_role(void *order)
{
	const struct order *o = order;
	enum account_answer answer;
	enum rc rc;

	if (o->role == ROLE__MAX)
		return cli_usage("user", "user role: --role is needed");
	rc = account_move(
	    o->store, &actor_operator, o->name, o->role, o->agency, time(NULL), &answer);
	return rc == RC_OK ? refuse(answer) : cli_fail("user: %s", rc_str(rc));
}

struct list {
	struct buf b;
	bool json;
};

static bool
put_row(const struct account_row *row, void *arg)
{
	struct list *l = arg;
	char created[WHEN_TEXT];

	when_format(row->created, created);
	if (l->json) {
		buf_str(&l->b, "{\"kind\":\"account\",\"name\":");
		json_text(&l->b, row->login);
		json_member(&l->b, "role", role_name(row->role));
		json_member(&l->b, "agency", row->agency);
		json_member(&l->b, "agency_name", row->agency_name);
		json_member(&l->b, "created", created);
		buf_printf(&l->b, ",\"disabled\":%s,\"recovery_left\":%u}\n",
		    row->disabled ? "true" : "false", row->recovery);
	} else {
		buf_printf(&l->b, "%-8s  %-12s  %.10s  %-8s  %8u  %s\n", role_name(row->role),
		    row->agency, created, row->disabled ? "disabled" : "active", row->recovery,
		    row->login);
	}
	return buf_rc(&l->b) == RC_OK;
}

static int
list(void *order)
{
	const struct order *o = order;
	struct list l = {.json = o->json};
	enum account_answer answer;
	enum rc rc;

	buf_init(&l.b, CAP_WIRE);
	if (!l.json)
		buf_str(&l.b, "ROLE      AGENCY        CREATED     STATE     RECOVERY  NAME\n");
	rc = account_list(o->store, &actor_operator, time(NULL), put_row, &l, &answer);
	if (rc != RC_OK) {
		buf_clear(&l.b);
		return cli_fail("user: %s", rc_str(rc));
	}
	return shelf_print(&l.b, "user");
}

static int
take(void *order, int option)
{
	struct order *o = order;

	switch (option) {
	case 'r':
		o->role = role_parse(optarg);
		return o->role != ROLE__MAX ? CLI_OK
					    : cli_usage("user", "user: '%s' is no role", optarg);
	case 'a':
		o->agency = optarg;
		return CLI_OK;
	case 'A':
		o->agency_name = optarg;
		return CLI_OK;
	case 'p':
		o->password_fd = optarg;
		return CLI_OK;
	case 'q':
		o->qr = true;
		return CLI_OK;
	default: /* 'j' */
		o->json = true;
		return CLI_OK;
	}
}

static const struct option options[] = {
    {"role", required_argument, NULL, 'r'},
    {"agency", required_argument, NULL, 'a'},
    {"agency-name", required_argument, NULL, 'A'},
    {"password-fd", required_argument, NULL, 'p'},
    {"qr", no_argument, NULL, 'q'},
    {"json", no_argument, NULL, 'j'},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

static const struct menu_verb verbs[] = {
    {"add", "raApqj", 1, 1, add},
    {"reset", "pqj", 1, 1, reset},
    {"role", "ra", 1, 1, change_role},
    {"disable", "", 1, 1, disable},
    {"enable", "", 1, 1, enable},
    {"list", "j", 0, 0, list},
};

static const struct menu menu = {
    .verb = "user",
    .usage = usage,
    .what = "add, reset, role, disable, enable or list",
    .which = "whose account?",
    .options = options,
    .verbs = verbs,
    .nverbs = sizeof(verbs) / sizeof(verbs[0]),
    .take = take,
};

/* What is there is found; the first account makes the store. */
static int
run(const struct menu_verb *v, struct order *o)
{
	int status = CLI_OK;

	if (o->qr && o->json)
		return cli_usage("user", "user: --qr is for people, --json for programs");
	o->qr |= !o->json && isatty(STDOUT_FILENO) == 1;
	if ((v->run == add || v->run == reset) && o->password_fd != NULL)
		status = shelf_password(
		    "user", o->password_fd, o->password, sizeof(o->password), &o->password_len);
	else if (v->run == add || v->run == reset)
		status =
		    shelf_ask_password("user", o->password, sizeof(o->password), &o->password_len);
	if (status == CLI_OK)
		status = v->run == add ? shelf_open(&o->store) : shelf_find(&o->store);
	if (status == CLI_OK)
		status = v->run(o);
	store_close(o->store);
	explicit_bzero(o->password, sizeof(o->password));
	return status;
}

int
cmd_user(int argc, char **argv)
{
	struct order o = {.role = ROLE__MAX};
	const struct menu_verb *v;
	char **operands;
	int status = menu_read(&menu, argc, argv, &o, &v, &operands);

	if (v == NULL)
		return status;
	o.name = operands[0];
	return run(v, &o);
}
