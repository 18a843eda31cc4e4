/* SPDX-License-Identifier: GPL-3.0-or-later */
/* periksa user: the accounts of staff, auditors and admins. */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "account.h"
#include "cli.h"
#include "json.h"
#include "shelf.h"
#include "when.h"

static const char usage[] =
    "usage: periksa user add NAME --role ROLE --agency CODE [--agency-name TEXT]\n"
    "                    [--password-fd N] [--json]\n"
    "       periksa user reset NAME [--password-fd N] [--json]\n"
    "       periksa user disable | enable NAME\n"
    "       periksa user list [--json]\n\n"
    "Accounts of the portal in PERIKSA_DATA (default: data).  `add` and `reset` ask for a\n"
    "password and print, this once, the secret for an authenticator (TOTP) and ten recovery\n"
    "codes.  A reset or disabled account is signed out everywhere.\n\n"
    "  --role ROLE         staff: letters of the own agency; auditor: reads everything;\n"
    "                      admin: everything, accounts too\n"
    "  --agency CODE       the agency (perangkat daerah), made if it is new\n"
    "  --agency-name TEXT  what a new one is called\n"
    "  --password-fd N     read the password from descriptor N: its first line\n"
    "  --json              JSON, one object a line\n"
    "  --help              this text\n";

#define ISSUER "Periksa"

struct order {
	const char *name, *agency, *agency_name;
	enum role role;
	bool json;
	uint8_t password[CAP_LOGIN_PASSWORD + 1]; /* one more than may be */
	size_t password_len;
};

/* RFC 3986: what is not unreserved, in percent. */
static void
put_escaped(struct buf *b, const char *s)
{
	for (; *s != '\0'; s++)
		if (strchr("-._~", *s) != NULL || (*s >= '0' && *s <= '9') ||
		    (*s >= 'A' && *s <= 'Z') || (*s >= 'a' && *s <= 'z'))
			buf_u8(b, (uint8_t)*s);
		else
			buf_printf(b, "%%%02X", (unsigned)(uint8_t)*s);
}

/* The address that authenticators read: digits, seconds and SHA-1 are what all take for granted. */
static void
put_address(struct buf *b, const char *name, const struct account_secrets *secrets)
{
	buf_str(b, "otpauth://totp/" ISSUER ":");
	put_escaped(b, name);
	buf_printf(b, "?secret=%s&issuer=" ISSUER, secrets->totp);
}

static int
print_secrets(const struct order *o, const struct account_secrets *secrets)
{
	struct buf b, address;
	size_t i;
	int status;

	buf_init(&b, CAP_TEXT);
	buf_init(&address, CAP_TEXT);
	put_address(&address, o->name, secrets);
	if (o->json) {
		buf_str(&b, "{\"kind\":\"account\",\"name\":");
		json_text(&b, o->name);
		shelf_key(&b, "totp", secrets->totp);
		shelf_key(&b, "otpauth", buf_text(&address));
		buf_str(&b, ",\"recovery\":[");
		for (i = 0; i < ACCOUNT_RECOVERY; i++)
			buf_printf(&b, "%s\"%s\"", i > 0 ? "," : "", secrets->recovery[i]);
		buf_str(&b, "]}\n");
	} else {
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
add(struct store *s, const struct order *o)
{
	const struct account_new a = {
	    o->name, o->role, o->agency, o->agency_name, o->password, o->password_len};
	enum account_answer answer;
	struct account_secrets secrets;
	enum rc rc;
	int status;

	if (o->role == ROLE__MAX || o->agency == NULL)
		return cli_usage("user", "user add: --role and --agency are needed");
	if ((rc = account_add(s, &actor_operator, &a, time(NULL), &secrets, &answer)) != RC_OK)
		return cli_fail("user: %s", rc_str(rc));
	if ((status = refuse(answer)) == CLI_OK)
		status = print_secrets(o, &secrets);
	explicit_bzero(&secrets, sizeof(secrets));
	return status;
}

static int
reset(struct store *s, const struct order *o)
{
	enum account_answer answer;
	struct account_secrets secrets;
	enum rc rc;
	int status;

	rc = account_reset(s, &actor_operator, o->name, o->password, o->password_len, time(NULL),
	    &secrets, &answer);
	if (rc != RC_OK)
		return cli_fail("user: %s", rc_str(rc));
	if ((status = refuse(answer)) == CLI_OK)
		status = print_secrets(o, &secrets);
	explicit_bzero(&secrets, sizeof(secrets));
	return status;
}

static int
set_disabled(struct store *s, const struct order *o, bool disable)
{
	enum account_answer answer;
	enum rc rc = account_disable(s, &actor_operator, o->name, disable, time(NULL), &answer);

	return rc == RC_OK ? refuse(answer) : cli_fail("user: %s", rc_str(rc));
}

static int
disable(struct store *s, const struct order *o)
{
	return set_disabled(s, o, true);
}

static int
enable(struct store *s, const struct order *o)
{
	return set_disabled(s, o, false);
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
		shelf_key(&l->b, "role", role_name(row->role));
		shelf_key(&l->b, "agency", row->agency);
		shelf_key(&l->b, "agency_name", row->agency_name);
		shelf_key(&l->b, "created", created);
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
list(struct store *s, const struct order *o)
{
	struct list l = {.json = o->json};
	enum account_answer answer;
	enum rc rc;

	buf_init(&l.b, CAP_WIRE);
	if (!l.json)
		buf_str(&l.b, "ROLE      AGENCY        CREATED     STATE     RECOVERY  NAME\n");
	rc = account_list(s, &actor_operator, time(NULL), put_row, &l, &answer);
	if (rc != RC_OK) {
		buf_clear(&l.b);
		return cli_fail("user: %s", rc_str(rc));
	}
	return shelf_print(&l.b, "user");
}

static const struct verb {
	const char *name;
	const char *takes;           /* letters of the options below */
	bool named, password, makes; /* wants a NAME, a password; makes a new store */
	int (*run)(struct store *s, const struct order *o);
} verbs[] = {
    {"add", "raApj", true, true, true, add},
    {"reset", "pj", true, true, false, reset},
    {"disable", "", true, false, false, disable},
    {"enable", "", true, false, false, enable},
    {"list", "j", false, false, false, list},
};

#define NVERBS (sizeof(verbs) / sizeof(verbs[0]))

static int
take(struct order *o, int option, const char **password_fd)
{
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
		*password_fd = optarg;
		return CLI_OK;
	default: /* 'j' */
		o->json = true;
		return CLI_OK;
	}
}

static int
run(const struct verb *v, struct order *o, const char *password_fd)
{
	struct store *s = NULL;
	int status = CLI_OK;

	if (v->password && password_fd != NULL)
		status = shelf_password(
		    "user", password_fd, o->password, sizeof(o->password), &o->password_len);
	else if (v->password)
		status =
		    shelf_ask_password("user", o->password, sizeof(o->password), &o->password_len);
	if (status == CLI_OK)
		status = v->makes ? shelf_open(&s) : shelf_find(&s);
	if (status == CLI_OK)
		status = v->run(s, o);
	store_close(s);
	explicit_bzero(o->password, sizeof(o->password));
	return status;
}

int
cmd_user(int argc, char **argv)
{
	static const struct option options[] = {
	    {"role", required_argument, NULL, 'r'},
	    {"agency", required_argument, NULL, 'a'},
	    {"agency-name", required_argument, NULL, 'A'},
	    {"password-fd", required_argument, NULL, 'p'},
	    {"json", no_argument, NULL, 'j'},
	    {"help", no_argument, NULL, 'h'},
	    {NULL, 0, NULL, 0},
	};
	struct order o = {.role = ROLE__MAX};
	const char *password_fd = NULL;
	char seen[16] = "";
	const struct verb *v;
	int option, status;
	size_t i, n = 0;

	opterr = 0;
	while ((option = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
		if (option == '?' || option == ':')
			return cli_bad_option(argv, option);
		if (option == 'h')
			return cli_help(usage);
		if ((status = take(&o, option, &password_fd)) != CLI_OK)
			return status;
		if (strchr(seen, option) == NULL)
			seen[n++] = (char)option;
	}
	if (argc - optind < 1)
		return cli_usage("user", "user: what? add, reset, disable, enable or list");
	for (i = 0; i < NVERBS && strcmp(argv[optind], verbs[i].name) != 0; i++)
		continue;
	if (i == NVERBS)
		return cli_usage("user", "user: there is no '%s'", argv[optind]);
	v = &verbs[i];
	if (strspn(seen, v->takes) != n)
		return cli_usage("user", "user %s: an option that it does not take", v->name);
	if (v->named && argc - optind < 2)
		return cli_usage("user", "user %s: whose account?", v->name);
	if (argc - optind > 1 + v->named)
		return cli_usage(
		    "user", "user %s: '%s' is too much", v->name, argv[optind + 1 + v->named]);
	o.name = v->named ? argv[optind + 1] : NULL;
	return run(v, &o, password_fd);
}
