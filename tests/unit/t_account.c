/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <sys/wait.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "session.h"
#include "storemake.h"

static struct account_secrets siti, budi;
static struct actor who;

/* siti is staff of KOMINFO, budi of DINKES. */
static int
people(void **state)
{
	if (open_store(state) != 0 ||
	    add_account(&actor_operator, "siti", ROLE_STAFF, "KOMINFO", &siti) != ACCOUNT_DONE ||
	    add_account(&actor_operator, "budi", ROLE_STAFF, "DINKES", &budi) != ACCOUNT_DONE)
		return -1;
	return 0;
}

static void
test_add(void **state)
{
	static const struct {
		const char *login, *agency, *password;
		enum role role;
		enum account_answer answer;
	} t[] = {
	    {"rani", "KOMINFO", PASSWORD, ROLE_ADMIN, ACCOUNT_DONE},
	    {"RANI", "KOMINFO", PASSWORD, ROLE_ADMIN, ACCOUNT_TAKEN},
	    {"Étienne S.", "kominfo", PASSWORD, ROLE_AUDITOR, ACCOUNT_DONE},
	    {"", "KOMINFO", PASSWORD, ROLE_STAFF, ACCOUNT_MALFORMED},
	    {" a", "KOMINFO", PASSWORD, ROLE_STAFF, ACCOUNT_MALFORMED},
	    {"a ", "KOMINFO", PASSWORD, ROLE_STAFF, ACCOUNT_MALFORMED},
	    {"a\nb", "KOMINFO", PASSWORD, ROLE_STAFF, ACCOUNT_MALFORMED},
	    {"a\xff", "KOMINFO", PASSWORD, ROLE_STAFF, ACCOUNT_MALFORMED},
	    {"a\xe2\x80\xae"
	     "b",
		"KOMINFO", PASSWORD, ROLE_STAFF, ACCOUNT_MALFORMED}, /* turns the text around */
	    {"a", "", PASSWORD, ROLE_STAFF, ACCOUNT_MALFORMED},
	    {"a", "KOM INFO", PASSWORD, ROLE_STAFF, ACCOUNT_MALFORMED},
	    {"a", "KOMINFO", PASSWORD, ROLE_OPERATOR, ACCOUNT_MALFORMED},
	    {"a", "KOMINFO", PASSWORD, ROLE__MAX, ACCOUNT_MALFORMED},
	    {"a", "KOMINFO", "pendek!", ROLE_STAFF, ACCOUNT_WEAK},
	};
	struct account_secrets secrets;
	enum account_answer answer;
	struct account_new a = {0};
	size_t i, j;

	(void)state;
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		a.login = t[i].login;
		a.agency = t[i].agency;
		a.role = t[i].role;
		a.password = t[i].password;
		a.password_len = strlen(t[i].password);
		assert_int_equal(
		    account_add(store, &actor_operator, &a, NOW, &secrets, &answer), RC_OK);
		if (answer != t[i].answer)
			fail_msg("%zu: %d, not %d", i, answer, t[i].answer);
		assert_int_equal(strlen(secrets.totp), answer == ACCOUNT_DONE ? 32 : 0);
		assert_int_equal(strlen(secrets.recovery[9]), answer == ACCOUNT_DONE ? 19 : 0);
	}
	for (i = 0; i < ACCOUNT_RECOVERY; i++)
		for (j = 0; j < i; j++)
			assert_string_not_equal(siti.recovery[i], siti.recovery[j]);
	assert_string_not_equal(siti.totp, budi.totp);
	assert_int_equal(ask("SELECT count(*) FROM agency"), 2);
	assert_int_equal(acts(ACT_ACCOUNT_ADDED), 4);
	/* what was told is not what is kept */
	assert_int_equal(ask("SELECT count(*) FROM account WHERE password LIKE '$argon2id$%'"), 4);
	assert_int_equal(ask("SELECT count(*) FROM recovery WHERE length(hash) = 32"), 40);
}

/* Accounts are an admin's: what others try is refused and logged. */
static void
test_roles(void **state)
{
	static const enum role roles[] = {ROLE_STAFF, ROLE_AUDITOR, ROLE__MAX};
	struct account_secrets secrets;
	enum account_answer answer;
	struct actor a = {1, 1, ROLE_STAFF};
	int64_t agency;
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		a.role = roles[i];
		assert_int_equal(
		    add_account(&a, "x", ROLE_ADMIN, "KOMINFO", &secrets), ACCOUNT_FORBIDDEN);
		assert_int_equal(account_disable(store, &a, "budi", true, NOW, &answer), RC_OK);
		assert_int_equal(answer, ACCOUNT_FORBIDDEN);
		assert_int_equal(account_reset(store, &a, "budi", PASSWORD, strlen(PASSWORD), NOW,
				     &secrets, &answer),
		    RC_OK);
		assert_int_equal(answer, ACCOUNT_FORBIDDEN);
		assert_string_equal(secrets.totp, "");
		assert_int_equal(account_list(store, &a, NOW, NULL, NULL, &answer), RC_OK);
		assert_int_equal(answer, ACCOUNT_FORBIDDEN);
		assert_int_equal(
		    account_agency_add(store, &a, "X", NULL, NOW, &agency, &answer), RC_OK);
		assert_int_equal(answer, ACCOUNT_FORBIDDEN);
	}
	assert_int_equal(acts(ACT_ROLE_REFUSED), 15);
	assert_int_equal(ask("SELECT count(*) FROM account"), 2);
	a.role = ROLE_ADMIN;
	assert_int_equal(add_account(&a, "x", ROLE_STAFF, "KOMINFO", &secrets), ACCOUNT_DONE);
	assert_int_equal(role_parse("operator"), ROLE__MAX);
	assert_int_equal(role_parse("Staff"), ROLE__MAX);
}

static void
test_enter(void **state)
{
	char code[8];

	(void)state;
	assert_int_equal(
	    enter("Siti", PASSWORD, totp(siti.totp, NOW, code), "192.0.2.1", NOW, &who),
	    ACCOUNT_DONE);
	assert_int_equal(who.role, ROLE_STAFF);
	assert_int_equal(who.account, 1);
	assert_int_equal(who.agency, 1);
	assert_int_equal(acts(ACT_ENTERED), 1);

	/* all of these look alike to who tries */
	assert_int_equal(
	    enter("siti", "dua belas pantuN", totp(siti.totp, NOW + 30, code), "a", NOW, &who),
	    ACCOUNT_WRONG);
	assert_int_equal(who.account, 0);
	assert_int_equal(who.role, ROLE__MAX);
	assert_int_equal(enter("siti", PASSWORD, "", "a", NOW, &who), ACCOUNT_WRONG);
	assert_int_equal(
	    enter("siti", PASSWORD, totp(budi.totp, NOW, code), "a", NOW, &who), ACCOUNT_WRONG);
	assert_int_equal(
	    enter("sito", PASSWORD, totp(siti.totp, NOW, code), "a", NOW, &who), ACCOUNT_WRONG);
	assert_int_equal(acts(ACT_ENTRY_REFUSED), 4);

	/* a clock that is half a minute off, but no more */
	assert_int_equal(enter("budi", PASSWORD, totp(budi.totp, NOW - 60, code), "b", NOW, &who),
	    ACCOUNT_WRONG);
	assert_int_equal(enter("budi", PASSWORD, totp(budi.totp, NOW + 60, code), "b", NOW, &who),
	    ACCOUNT_WRONG);
	assert_int_equal(
	    enter("budi", PASSWORD, totp(budi.totp, NOW - 30, code), "b", NOW, &who), ACCOUNT_DONE);
}

/* Each code once, and none from before one that was used. */
static void
test_replay(void **state)
{
	char code[8];

	(void)state;
	totp(siti.totp, NOW + 30, code);
	assert_int_equal(enter("siti", PASSWORD, code, "a", NOW, &who), ACCOUNT_DONE);
	assert_int_equal(enter("siti", PASSWORD, code, "a", NOW, &who), ACCOUNT_WRONG);
	assert_int_equal(who.account, 0);
	assert_int_equal(acts(ACT_REPLAY_REFUSED), 1);
	assert_int_equal(
	    enter("siti", PASSWORD, totp(siti.totp, NOW, code), "a", NOW, &who), ACCOUNT_WRONG);
	assert_int_equal(acts(ACT_REPLAY_REFUSED), 2);
	assert_int_equal(
	    enter("siti", PASSWORD, totp(siti.totp, NOW + 60, code), "a", NOW + 60, &who),
	    ACCOUNT_DONE);

	/* a recovery code likewise, in any spelling */
	assert_int_equal(enter("siti", PASSWORD, siti.recovery[3], "a", NOW, &who), ACCOUNT_DONE);
	assert_int_equal(acts(ACT_RECOVERED), 1);
	assert_int_equal(enter("siti", PASSWORD, siti.recovery[3], "a", NOW, &who), ACCOUNT_WRONG);
	assert_int_equal(enter("siti", PASSWORD, budi.recovery[0], "a", NOW, &who), ACCOUNT_WRONG);
	assert_int_equal(ask("SELECT count(*) FROM recovery WHERE used IS NOT NULL"), 1);
}

/* Eight come at once with one code, or guess at once: one enters, five are heard. */
static int
crowd(const char *password, const char *code)
{
	enum account_answer answer;
	int i, status, n = 0;

	for (i = 0; i < 8; i++)
		if (fork() == 0) {
			/* none may be carried over a fork; the other's is left alone */
			if (store_open(&store, path) != RC_OK)
				_exit(9);
			answer = enter("siti", password, code, "a", NOW, &who);
			_exit(answer == ACCOUNT_DONE || answer == ACCOUNT_WRONG ? (int)answer : 9);
		}
	while (wait(&status) > 0)
		n += WIFEXITED(status) &&
		     WEXITSTATUS(status) ==
			 (strcmp(password, PASSWORD) == 0 ? ACCOUNT_DONE : ACCOUNT_WRONG);
	return n;
}

static void
test_crowd(void **state)
{
	char code[8];

	(void)state;
	assert_int_equal(crowd("salah", "123456"), CAP_LOGIN_TRIES);
	assert_int_equal(acts(ACT_ENTRY_LOCKED), 8 - CAP_LOGIN_TRIES);
	assert_int_equal(tamper("DELETE FROM guess"), SQLITE_OK);
	assert_int_equal(crowd(PASSWORD, totp(siti.totp, NOW, code)), 1);
	assert_int_equal(acts(ACT_ENTERED), 1);
}

/* Five guesses from one address at one account; nobody else is locked out by them. */
static void
test_lock(void **state)
{
	char code[8];
	int i;

	(void)state;
	for (i = 0; i < CAP_LOGIN_TRIES; i++)
		assert_int_equal(
		    enter(i % 2 != 0 ? "siti" : "SITI", "salah", "123456", "192.0.2.66", NOW, &who),
		    ACCOUNT_WRONG);
	totp(siti.totp, NOW, code);
	assert_int_equal(enter("siti", PASSWORD, code, "192.0.2.66", NOW, &who), ACCOUNT_LOCKED);
	assert_int_equal(acts(ACT_ENTRY_LOCKED), 1);
	/* she is at another address, he at the same */
	assert_int_equal(enter("siti", PASSWORD, code, "192.0.2.7", NOW, &who), ACCOUNT_DONE);
	assert_int_equal(
	    enter("budi", PASSWORD, totp(budi.totp, NOW, code), "192.0.2.66", NOW, &who),
	    ACCOUNT_DONE);
	/* a name that nobody has is locked like one that somebody has */
	for (i = 0; i < CAP_LOGIN_TRIES; i++)
		assert_int_equal(
		    enter("nemo", "salah", "123456", "192.0.2.66", NOW, &who), ACCOUNT_WRONG);
	assert_int_equal(enter("nemo", "salah", "123456", "192.0.2.66", NOW, &who), ACCOUNT_LOCKED);
	/* and it ends */
	assert_int_equal(enter("siti", PASSWORD, totp(siti.totp, NOW + CAP_LOGIN_LOCK, code),
			     "192.0.2.66", NOW + CAP_LOGIN_LOCK, &who),
	    ACCOUNT_DONE);
	/* no name and no address is in the table */
	assert_int_equal(tamper("SELECT 1 FROM guess WHERE length(who) <> 32"), SQLITE_OK);
	assert_int_equal(ask("SELECT count(*) FROM guess WHERE instr(who, '192') > 0"), 0);
}

/* Who has the password guesses codes from as many addresses as he likes: 20 in a day. */
static void
test_lock_code(void **state)
{
	char code[8], address[32];
	int i;

	(void)state;
	for (i = 0; i < CAP_CODE_TRIES; i++) {
		snprintf(address, sizeof(address), "192.0.2.%d", i);
		assert_int_equal(enter("siti", PASSWORD, "AAAA-AAAA-AAAA-AAAA", address, NOW, &who),
		    ACCOUNT_WRONG);
	}
	totp(siti.totp, NOW, code);
	assert_int_equal(enter("siti", PASSWORD, code, "new", NOW, &who), ACCOUNT_LOCKED);
	/* without the password nobody learns that */
	assert_int_equal(enter("siti", "salah", code, "new", NOW, &who), ACCOUNT_WRONG);
	assert_int_equal(enter("siti", PASSWORD, totp(siti.totp, NOW + CAP_CODE_LOCK, code), "new",
			     NOW + CAP_CODE_LOCK, &who),
	    ACCOUNT_DONE);
}

static bool
see(const struct account_row *row, void *arg)
{
	struct account_row *seen = arg;

	if (strcmp(row->login, "siti") == 0)
		*seen = *row;
	return true;
}

static void
test_disable(void **state)
{
	struct account_row seen = {0};
	enum account_answer answer;
	char code[8];

	(void)state;
	assert_int_equal(
	    account_disable(store, &actor_operator, "SITI", true, NOW, &answer), RC_OK);
	assert_int_equal(answer, ACCOUNT_DONE);
	totp(siti.totp, NOW, code);
	assert_int_equal(enter("siti", PASSWORD, code, "a", NOW, &who), ACCOUNT_WRONG);
	assert_int_equal(account_list(store, &actor_operator, NOW, see, &seen, &answer), RC_OK);
	assert_true(seen.disabled);
	assert_int_equal(seen.role, ROLE_STAFF);
	assert_int_equal(seen.recovery, 10);
	assert_int_equal(
	    account_disable(store, &actor_operator, "siti", false, NOW, &answer), RC_OK);
	assert_int_equal(enter("siti", PASSWORD, code, "a", NOW, &who), ACCOUNT_DONE);
	assert_int_equal(
	    account_disable(store, &actor_operator, "nemo", true, NOW, &answer), RC_OK);
	assert_int_equal(answer, ACCOUNT_ABSENT);
	assert_int_equal(acts(ACT_ACCOUNT_DISABLED), 1);
	assert_int_not_equal(tamper("DELETE FROM account"), SQLITE_OK);
	assert_int_equal(account_show(store, 1, see, &seen), RC_OK);
	assert_false(seen.disabled);
	assert_int_equal(account_show(store, 99, see, &seen), RC_ABSENT);
}

static void
test_reset(void **state)
{
	static const char fresh[] = "pantun yang lain";
	struct account_secrets now;
	enum account_answer answer;
	char code[8];

	(void)state;
	assert_int_equal(
	    account_reset(store, &actor_operator, "siti", fresh, strlen(fresh), NOW, &now, &answer),
	    RC_OK);
	assert_int_equal(answer, ACCOUNT_DONE);
	assert_string_not_equal(now.totp, siti.totp);
	assert_int_equal(
	    enter("siti", PASSWORD, totp(now.totp, NOW, code), "a", NOW, &who), ACCOUNT_WRONG);
	assert_int_equal(
	    enter("siti", fresh, totp(siti.totp, NOW, code), "a", NOW, &who), ACCOUNT_WRONG);
	assert_int_equal(enter("siti", fresh, siti.recovery[0], "a", NOW, &who), ACCOUNT_WRONG);
	assert_int_equal(
	    enter("siti", fresh, totp(now.totp, NOW, code), "a", NOW, &who), ACCOUNT_DONE);
	assert_int_equal(
	    account_reset(store, &actor_operator, "nemo", fresh, strlen(fresh), NOW, &now, &answer),
	    RC_OK);
	assert_int_equal(answer, ACCOUNT_ABSENT);
	assert_string_equal(now.totp, "");
	assert_int_equal(
	    account_reset(store, &actor_operator, "siti", "kurang", 6, NOW, &now, &answer), RC_OK);
	assert_int_equal(answer, ACCOUNT_WEAK);
}

/* ---- one's own ---- */

static const struct actor her = {1, 1, ROLE_STAFF};
#define FRESH "pantun yang lain"

static enum account_answer
change(const struct actor *actor, const char *login, const char *password, const char *code,
    const char *fresh)
{
	const struct account_claim c = {login, code, "a", password, strlen(password)};
	enum account_answer answer;

	assert_int_equal(
	    account_password(store, actor, &c, fresh, strlen(fresh), NOW, &answer), RC_OK);
	return answer;
}

static enum account_answer
renew(const struct actor *actor, const char *login, const char *password, const char *code,
    struct account_secrets *out)
{
	const struct account_claim c = {login, code, "a", password, strlen(password)};
	enum account_answer answer;

	assert_int_equal(account_renew(store, actor, &c, NOW, out, &answer), RC_OK);
	assert_int_equal(strlen(out->totp), answer == ACCOUNT_DONE ? 32 : 0);
	assert_int_equal(strlen(out->recovery[9]), answer == ACCOUNT_DONE ? 19 : 0);
	return answer;
}

static void
test_password(void **state)
{
	char token[SESSION_TOKEN_LEN + 1], code[8];
	struct actor found;
	int64_t entered;

	(void)state;
	totp(siti.totp, NOW, code);
	assert_int_equal(session_begin(store, &her, NOW, token), RC_OK);
	assert_int_equal(change(&her, "siti", PASSWORD, code, "pendek!"), ACCOUNT_WEAK);
	assert_int_equal(change(&her, "siti", "salah", code, FRESH), ACCOUNT_WRONG);
	assert_int_equal(change(&her, "siti", PASSWORD, "", FRESH), ACCOUNT_WRONG);
	assert_int_equal(acts(ACT_ENTRY_REFUSED), 2);
	/* nothing has happened so far */
	assert_int_equal(session_find(store, token, NOW, &found), RC_OK);
	entered = acts(ACT_ENTERED);
	assert_int_equal(change(&her, "SITI", PASSWORD, code, FRESH), ACCOUNT_DONE);
	assert_int_equal(acts(ACT_ACCOUNT_PASSWORD), 1);
	assert_int_equal(acts(ACT_ENTERED), entered);
	assert_int_equal(session_find(store, token, NOW, &found), RC_ABSENT);
	/* that code was used, and no other telephone or recovery code was given */
	assert_int_equal(enter("siti", FRESH, code, "b", NOW, &who), ACCOUNT_WRONG);
	assert_int_equal(acts(ACT_REPLAY_REFUSED), 1);
	totp(siti.totp, NOW + 30, code);
	assert_int_equal(enter("siti", PASSWORD, code, "b", NOW + 30, &who), ACCOUNT_WRONG);
	assert_int_equal(enter("siti", FRESH, code, "b", NOW + 30, &who), ACCOUNT_DONE);
	assert_int_equal(enter("siti", FRESH, siti.recovery[0], "b", NOW, &who), ACCOUNT_DONE);
}

static void
test_renew(void **state)
{
	char token[SESSION_TOKEN_LEN + 1], code[8];
	struct account_secrets now;
	struct actor found;

	(void)state;
	assert_int_equal(session_begin(store, &her, NOW, token), RC_OK);
	totp(budi.totp, NOW, code);
	assert_int_equal(renew(&her, "siti", PASSWORD, code, &now), ACCOUNT_WRONG);
	assert_int_equal(session_find(store, token, NOW, &found), RC_OK);
	/* who has lost his telephone has a recovery code */
	assert_int_equal(renew(&her, "siti", PASSWORD, siti.recovery[4], &now), ACCOUNT_DONE);
	assert_int_equal(acts(ACT_ACCOUNT_RENEWED), 1);
	assert_string_not_equal(now.totp, siti.totp);
	assert_int_equal(session_find(store, token, NOW, &found), RC_ABSENT);
	assert_int_equal(
	    enter("siti", PASSWORD, totp(siti.totp, NOW, code), "b", NOW, &who), ACCOUNT_WRONG);
	assert_int_equal(enter("siti", PASSWORD, siti.recovery[0], "b", NOW, &who), ACCOUNT_WRONG);
	assert_int_equal(
	    enter("siti", PASSWORD, totp(now.totp, NOW, code), "b", NOW, &who), ACCOUNT_DONE);
	assert_int_equal(enter("siti", PASSWORD, now.recovery[0], "b", NOW, &who), ACCOUNT_DONE);
	assert_int_equal(ask("SELECT count(*) FROM recovery WHERE account = 1"), 10);
}

/* Nobody's but one's own, whoever one is; and guessing there is guessing. */
static void
test_own(void **state)
{
	static const struct actor nobody = {.role = ROLE__MAX}, admin = {2, 2, ROLE_ADMIN};
	const struct actor *const t[] = {&nobody, &actor_operator, &admin};
	struct account_secrets now;
	enum account_answer answer;
	int64_t refused;
	char code[8];
	size_t i;

	(void)state;
	totp(siti.totp, NOW, code);
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		refused = acts(ACT_ROLE_REFUSED);
		assert_int_equal(change(t[i], "siti", PASSWORD, code, FRESH), ACCOUNT_FORBIDDEN);
		assert_int_equal(renew(t[i], "siti", PASSWORD, code, &now), ACCOUNT_FORBIDDEN);
		assert_int_equal(change(t[i], "nemo", PASSWORD, code, FRESH), ACCOUNT_FORBIDDEN);
		assert_int_equal(acts(ACT_ROLE_REFUSED) - refused, 3);
	}
	assert_int_equal(ask("SELECT count(*) FROM guess"), 0);
	for (i = 0; i < CAP_LOGIN_TRIES; i++)
		assert_int_equal(change(&her, "siti", "salah", code, FRESH), ACCOUNT_WRONG);
	assert_int_equal(change(&her, "siti", PASSWORD, code, FRESH), ACCOUNT_LOCKED);
	assert_int_equal(renew(&her, "siti", PASSWORD, code, &now), ACCOUNT_LOCKED);
	/* the same count as at the door */
	assert_int_equal(enter("siti", PASSWORD, code, "a", NOW, &who), ACCOUNT_LOCKED);
	assert_int_equal(tamper("DELETE FROM guess"), SQLITE_OK);
	/* what was disabled meanwhile changes nothing any more */
	assert_int_equal(
	    account_disable(store, &actor_operator, "siti", true, NOW, &answer), RC_OK);
	assert_int_equal(change(&her, "siti", PASSWORD, code, FRESH), ACCOUNT_WRONG);
	assert_int_equal(renew(&her, "siti", PASSWORD, code, &now), ACCOUNT_WRONG);
	assert_int_equal(acts(ACT_ACCOUNT_PASSWORD) + acts(ACT_ACCOUNT_RENEWED), 0);
}

/* What fails in the middle has not begun: not even the code was used. */
static void
test_whole(void **state)
{
	static const char full[] = "CREATE TRIGGER full_disk BEFORE INSERT ON act "
				   "BEGIN SELECT RAISE(ABORT, 'full'); END";
	struct account_claim c = {"siti", NULL, "a", PASSWORD, strlen(PASSWORD)};
	char token[SESSION_TOKEN_LEN + 1], code[8];
	struct account_secrets now;
	enum account_answer answer;
	struct actor found;

	(void)state;
	c.code = totp(siti.totp, NOW, code);
	assert_int_equal(session_begin(store, &her, NOW, token), RC_OK);
	assert_int_equal(tamper(full), SQLITE_OK);
	assert_int_not_equal(
	    account_password(store, &her, &c, FRESH, strlen(FRESH), NOW, &answer), RC_OK);
	assert_int_equal(answer, ACCOUNT_FORBIDDEN);
	assert_int_not_equal(account_renew(store, &her, &c, NOW, &now, &answer), RC_OK);
	assert_int_equal(answer, ACCOUNT_FORBIDDEN);
	assert_string_equal(now.totp, "");
	assert_int_not_equal(
	    account_move(store, &actor_operator, "siti", ROLE_ADMIN, NULL, NOW, &answer), RC_OK);
	assert_int_equal(answer, ACCOUNT_FORBIDDEN);
	assert_int_equal(tamper("DROP TRIGGER full_disk"), SQLITE_OK);
	assert_int_equal(session_find(store, token, NOW, &found), RC_OK);
	assert_int_equal(found.role, ROLE_STAFF);
	assert_int_equal(enter("siti", PASSWORD, code, "b", NOW, &who), ACCOUNT_DONE);
}

/* ---- other roles and agencies ---- */

static void
test_move(void **state)
{
	static const struct actor admin = {2, 2, ROLE_ADMIN};
	static const struct {
		struct actor who;
		const char *login, *agency;
		enum role role;
		enum account_answer answer;
	} t[] = {
	    {{1, 1, ROLE_STAFF}, "budi", NULL, ROLE_STAFF, ACCOUNT_FORBIDDEN},
	    {{2, 2, ROLE_AUDITOR}, "siti", NULL, ROLE_STAFF, ACCOUNT_FORBIDDEN},
	    {{0, 0, ROLE__MAX}, "siti", NULL, ROLE_STAFF, ACCOUNT_FORBIDDEN},
	    {{2, 2, ROLE_ADMIN}, "BUDI", NULL, ROLE_ADMIN, ACCOUNT_FORBIDDEN}, /* his own */
	    {{2, 2, ROLE_ADMIN}, "nemo", NULL, ROLE_STAFF, ACCOUNT_ABSENT},
	    {{2, 2, ROLE_ADMIN}, "siti", "DINAS", ROLE_STAFF, ACCOUNT_MALFORMED},
	    {{2, 2, ROLE_ADMIN}, "siti", "", ROLE_STAFF, ACCOUNT_MALFORMED},
	    {{2, 2, ROLE_ADMIN}, "siti", NULL, ROLE_OPERATOR, ACCOUNT_MALFORMED},
	    {{2, 2, ROLE_ADMIN}, "siti", NULL, ROLE__MAX, ACCOUNT_MALFORMED},
	};
	char token[SESSION_TOKEN_LEN + 1];
	enum account_answer answer;
	struct actor found;
	size_t i;

	(void)state;
	assert_int_equal(session_begin(store, &her, NOW, token), RC_OK);
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		assert_int_equal(account_move(store, &t[i].who, t[i].login, t[i].role, t[i].agency,
				     NOW, &answer),
		    RC_OK);
		if (answer != t[i].answer)
			fail_msg("%zu: %d", i, answer);
	}
	assert_int_equal(acts(ACT_ROLE_REFUSED), 4);
	assert_int_equal(ask("SELECT count(*) FROM account WHERE role = 'staff'"), 2);
	assert_int_equal(ask("SELECT count(*) FROM agency"), 2);
	assert_int_equal(session_find(store, token, NOW, &found), RC_OK);

	assert_int_equal(
	    account_move(store, &admin, "Siti", ROLE_AUDITOR, NULL, NOW, &answer), RC_OK);
	assert_int_equal(answer, ACCOUNT_DONE);
	assert_int_equal(session_find(store, token, NOW, &found), RC_ABSENT);
	assert_int_equal(
	    ask("SELECT count(*) FROM account WHERE id = 1 AND role = 'auditor' AND agency = 1"),
	    1);
	assert_int_equal(
	    account_move(store, &actor_operator, "siti", ROLE_ADMIN, "dinkes", NOW, &answer),
	    RC_OK);
	assert_int_equal(
	    ask("SELECT count(*) FROM account WHERE id = 1 AND role = 'admin' AND agency = 2"), 1);
	assert_int_equal(acts(ACT_ACCOUNT_MOVED), 2);
}

static bool
see_agency(const struct agency_row *row, void *arg)
{
	char *seen = arg;

	snprintf(seen + strlen(seen), 40, "%d:%s:%s ", (int)row->id, row->code, row->name);
	return strlen(seen) < 60;
}

static void
test_agencies(void **state)
{
	static const struct {
		struct actor who;
		bool sees;
	} t[] = {
	    {{1, 1, ROLE_STAFF}, false},
	    {{1, 1, ROLE_AUDITOR}, true},
	    {{1, 1, ROLE_ADMIN}, true},
	    {{0, 0, ROLE_OPERATOR}, true},
	    {{0, 0, ROLE__MAX}, false},
	};
	enum account_answer answer;
	char seen[200];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		seen[0] = '\0';
		assert_int_equal(
		    account_agencies(store, &t[i].who, see_agency, seen, &answer), RC_OK);
		assert_int_equal(answer, t[i].sees ? ACCOUNT_DONE : ACCOUNT_FORBIDDEN);
		assert_string_equal(seen, t[i].sees ? "2:DINKES:DINKES 1:KOMINFO:KOMINFO " : "");
	}
	assert_int_equal(acts(ACT_ROLE_REFUSED), 2);
}

static bool
count_acts(const struct act_row *row, void *arg)
{
	size_t *n = arg;

	assert_string_equal(row->letter, "");
	(*n)++;
	return true;
}

/* Who did what: read by those who audit, changed by nobody. */
static void
test_acts(void **state)
{
	struct act_query q = {WHEN_NONE, WHEN_NONE, 0, 0, 0};
	struct actor a = {1, 1, ROLE_STAFF};
	size_t n = 0;
	unsigned i;

	(void)state;
	assert_int_equal(act_list(store, &a, &q, count_acts, &n), RC_ABSENT);
	assert_int_equal(n, 0);
	a.role = ROLE_AUDITOR;
	assert_int_equal(act_list(store, &a, &q, count_acts, &n), RC_OK);
	assert_int_equal(n, 2);
	q.before = 2;
	assert_int_equal(act_list(store, &a, &q, count_acts, &n), RC_OK);
	assert_int_equal(n, 3);
	q.before = 0;
	q.since = NOW + 1;
	assert_int_equal(act_list(store, &a, &q, count_acts, &n), RC_OK);
	q.since = WHEN_NONE;
	q.until = NOW;
	assert_int_equal(act_list(store, &a, &q, count_acts, &n), RC_OK);
	assert_int_equal(n, 3);
	assert_int_not_equal(tamper("DELETE FROM act"), SQLITE_OK);
	assert_int_not_equal(tamper("UPDATE act SET account = 2"), SQLITE_OK);
	for (i = 0; i < ACT__MAX; i++)
		assert_non_null(act_name(i));
	assert_null(act_name(ACT__MAX));
}

#define WITH(test) cmocka_unit_test_setup_teardown(test, people, close_store)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    WITH(test_add),
	    WITH(test_roles),
	    WITH(test_enter),
	    WITH(test_replay),
	    WITH(test_crowd),
	    WITH(test_lock),
	    WITH(test_lock_code),
	    WITH(test_disable),
	    WITH(test_reset),
	    WITH(test_password),
	    WITH(test_renew),
	    WITH(test_own),
	    WITH(test_whole),
	    WITH(test_move),
	    WITH(test_agencies),
	    WITH(test_acts),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
