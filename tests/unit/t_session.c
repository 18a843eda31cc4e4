/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "session.h"
#include "storemake.h"

static const struct actor siti = {1, 1, ROLE_STAFF};

static int
people(void **state)
{
	struct account_secrets secrets;

	if (open_store(state) != 0 ||
	    add_account(&actor_operator, "siti", ROLE_STAFF, "KOMINFO", &secrets) != ACCOUNT_DONE)
		return -1;
	return 0;
}

static void
test_token(void **state)
{
	char token[SESSION_TOKEN_LEN + 1], other[SESSION_TOKEN_LEN + 1];
	char long_token[200], question[200];
	struct actor who;

	(void)state;
	assert_int_equal(session_begin(store, &siti, NOW, token), RC_OK);
	assert_int_equal(session_begin(store, &siti, NOW, other), RC_OK);
	assert_int_equal(strlen(token), SESSION_TOKEN_LEN);
	assert_string_not_equal(token, other);
	assert_int_equal(session_find(store, token, NOW, &who), RC_OK);
	assert_int_equal(who.account, 1);
	assert_int_equal(who.agency, 1);
	assert_int_equal(who.role, ROLE_STAFF);
	/* the database knows no token */
	snprintf(
	    question, sizeof(question), "SELECT count(*) FROM session WHERE hash = '%s'", token);
	assert_int_equal(ask(question), 0);

	/* what nobody was given is nobody's: no session is begun with it, either */
	snprintf(long_token, sizeof(long_token), "%sA", token);
	assert_int_equal(session_find(store, long_token, NOW, &who), RC_ABSENT);
	assert_int_equal(who.account, 0);
	assert_int_equal(who.role, ROLE__MAX);
	assert_int_equal(session_find(store, "", NOW, &who), RC_ABSENT);
	assert_int_equal(session_find(store, NULL, NOW, &who), RC_ABSENT);
	token[5] ^= 1;
	assert_int_equal(session_find(store, token, NOW, &who), RC_ABSENT);
	token[5] ^= 1;

	assert_int_equal(session_end(store, token, NOW), RC_OK);
	assert_int_equal(session_find(store, token, NOW, &who), RC_ABSENT);
	assert_int_equal(acts(ACT_LEFT), 1);
	assert_int_equal(session_end(store, token, NOW), RC_OK);
	assert_int_equal(acts(ACT_LEFT), 1);
	assert_int_equal(session_find(store, other, NOW, &who), RC_OK);
}

static void
test_idle(void **state)
{
	char token[SESSION_TOKEN_LEN + 1];
	struct actor who;
	int64_t t;

	(void)state;
	assert_int_equal(session_begin(store, &siti, NOW, token), RC_OK);
	assert_int_equal(
	    session_find(store, token, NOW + CAP_SESSION_IDLE - 1, &who), RC_OK); /* again */
	assert_int_equal(session_find(store, token, NOW + 2 * CAP_SESSION_IDLE - 2, &who), RC_OK);
	assert_int_equal(session_find(store, token, NOW + 3 * CAP_SESSION_IDLE, &who), RC_ABSENT);
	assert_int_equal(who.account, 0);

	/* and however busy, not longer than a day's work */
	assert_int_equal(session_begin(store, &siti, NOW, token), RC_OK);
	for (t = NOW; t < NOW + CAP_SESSION_AGE; t += CAP_SESSION_IDLE / 2)
		assert_int_equal(session_find(store, token, t, &who), RC_OK);
	assert_int_equal(session_find(store, token, NOW + CAP_SESSION_AGE, &who), RC_ABSENT);

	assert_int_equal(ask("SELECT count(*) FROM session"), 2);
	assert_int_equal(session_expire(store, NOW + CAP_SESSION_AGE), RC_OK);
	assert_int_equal(ask("SELECT count(*) FROM session"), 0);
}

/* Whose account is disabled or reset is out at once. */
static void
test_account(void **state)
{
	char a[SESSION_TOKEN_LEN + 1], b[SESSION_TOKEN_LEN + 1];
	struct account_secrets secrets;
	enum account_answer answer;
	struct actor who;

	(void)state;
	assert_int_equal(session_begin(store, &siti, NOW, a), RC_OK);
	assert_int_equal(session_begin(store, &siti, NOW, b), RC_OK);
	assert_int_equal(session_end_others(store, 1, b), RC_OK);
	assert_int_equal(session_find(store, a, NOW, &who), RC_ABSENT);
	assert_int_equal(session_find(store, b, NOW, &who), RC_OK);
	assert_int_equal(account_reset(store, &actor_operator, "siti", PASSWORD, strlen(PASSWORD),
			     NOW, &secrets, &answer),
	    RC_OK);
	assert_int_equal(session_find(store, b, NOW, &who), RC_ABSENT);

	assert_int_equal(session_begin(store, &siti, NOW, a), RC_OK);
	/* behind our back, too: the role and the switch are looked at each time */
	assert_int_equal(tamper("UPDATE account SET role = 'auditor'"), SQLITE_OK);
	assert_int_equal(session_find(store, a, NOW, &who), RC_OK);
	assert_int_equal(who.role, ROLE_AUDITOR);
	/* a role that was taken away lives on in no session */
	assert_int_equal(
	    account_move(store, &actor_operator, "siti", ROLE_STAFF, NULL, NOW, &answer), RC_OK);
	assert_int_equal(answer, ACCOUNT_DONE);
	assert_int_equal(session_find(store, a, NOW, &who), RC_ABSENT);
	assert_int_equal(session_begin(store, &siti, NOW, a), RC_OK);
	assert_int_equal(tamper("UPDATE account SET disabled = 1"), SQLITE_OK);
	assert_int_equal(session_find(store, a, NOW, &who), RC_ABSENT);
	assert_int_equal(tamper("UPDATE account SET disabled = 0"), SQLITE_OK);
	assert_int_equal(
	    account_disable(store, &actor_operator, "siti", true, NOW, &answer), RC_OK);
	assert_int_equal(ask("SELECT count(*) FROM session"), 0);
	assert_int_equal(session_begin(store, &siti, NOW, a), RC_ABSENT);
	assert_string_equal(a, "");
	assert_int_equal(session_begin(store, &actor_operator, NOW, a), RC_ABSENT);
}

static void
test_csrf(void **state)
{
	char a[SESSION_TOKEN_LEN + 1], b[SESSION_TOKEN_LEN + 1];
	char for_a[SESSION_CSRF_LEN + 1], for_b[SESSION_CSRF_LEN + 1];

	(void)state;
	assert_int_equal(session_begin(store, &siti, NOW, a), RC_OK);
	assert_int_equal(session_begin(store, &siti, NOW, b), RC_OK);
	assert_int_equal(session_csrf(store, a, for_a), RC_OK);
	assert_int_equal(session_csrf(store, b, for_b), RC_OK);
	assert_int_equal(strlen(for_a), SESSION_CSRF_LEN);
	assert_string_not_equal(for_a, a);
	assert_true(session_csrf_ok(store, a, for_a));
	assert_true(session_csrf_ok(store, b, for_b));
	assert_false(session_csrf_ok(store, a, for_b));
	assert_false(session_csrf_ok(store, a, a));
	assert_false(session_csrf_ok(store, a, ""));
	assert_false(session_csrf_ok(store, a, NULL));
	assert_false(session_csrf_ok(store, "", for_a));
	assert_false(session_csrf_ok(store, NULL, for_a));
	for_a[42] = for_a[42] == 'A' ? 'E' : 'A';
	assert_false(session_csrf_ok(store, a, for_a));
}

#define WITH(test) cmocka_unit_test_setup_teardown(test, people, close_store)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    WITH(test_token),
	    WITH(test_idle),
	    WITH(test_account),
	    WITH(test_csrf),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
