/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <sys/wait.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

#include "batch.h"
#include "storemake.h"

/* 1 and 2 of one agency, 3 of another */
static const struct actor staff = {1, 1, ROLE_STAFF}, colleague = {2, 1, ROLE_STAFF};
static const struct actor other = {3, 2, ROLE_STAFF}, auditor = {4, 2, ROLE_AUDITOR};
static const struct actor moved = {1, 2, ROLE_STAFF};
static const struct actor admin = {5, 2, ROLE_ADMIN}, none = {.role = ROLE__MAX};
static enum account_answer answer;

static int
agencies(void **state)
{
	static const char sql[] =
	    "INSERT INTO agency VALUES (1, 'KOMINFO', 'x'), (2, 'DINKES', 'x');"
	    "INSERT INTO account VALUES (1, 'a', 'staff', 1, '', zeroblob(20), 0, 0, 0),"
	    "(2, 'b', 'staff', 1, '', zeroblob(20), 0, 0, 0),"
	    "(3, 'c', 'staff', 2, '', zeroblob(20), 0, 0, 0),"
	    "(4, 'd', 'auditor', 2, '', zeroblob(20), 0, 0, 0),"
	    "(5, 'e', 'admin', 2, '', zeroblob(20), 0, 0, 0)";

	return open_store(state) == 0 && tamper(sql) == SQLITE_OK ? 0 : -1;
}

static const struct batch footers = {
    .agency = 1, .kind = BATCH_FOOTERS, .total = 12, .format = "png", .dpi = 300};

static enum account_answer
order(const struct actor *who, struct batch *b)
{
	*b = footers;
	assert_int_equal(batch_add(store, who, b, NOW, &answer), RC_OK);
	assert_int_equal(strlen(b->id), answer == ACCOUNT_DONE ? BATCH_ID_LEN : 0);
	return answer;
}

static void
test_add(void **state)
{
	struct batch b, got, t[10];
	unsigned state_no;
	size_t i;

	(void)state;
	assert_int_equal(order(&staff, &b), ACCOUNT_DONE);
	assert_int_equal(batch_read(store, &staff, b.id, &got), RC_OK);
	assert_string_equal(got.id, b.id);
	assert_int_equal(got.account, 1);
	assert_int_equal(got.agency, 1);
	assert_int_equal(got.kind, BATCH_FOOTERS);
	assert_int_equal(got.state, BATCH_QUEUED);
	assert_int_equal(got.at, NOW);
	assert_int_equal(got.ended, 0);
	assert_int_equal(got.total, 12);
	assert_string_equal(got.format, "png");
	assert_int_equal(got.dpi, 300);
	assert_int_equal(acts(ACT_BATCH_ORDERED), 1);

	for (i = 0; i < 10; i++)
		t[i] = footers;
	t[0].kind = BATCH_KIND__MAX;
	t[1].kind = BATCH_STAMPED; /* a format makes no sense then */
	t[2].total = CAP_BATCH_ROWS + 1;
	memcpy(t[3].format, "", 1);
	memcpy(t[4].format, "exe", 4);
	memcpy(t[5].format, "pngx", 5);
	memcpy(t[6].format, "pn", 3);
	t[7].agency = 9;
	t[8].from = 3;
	t[8].to = 2;
	t[9].to = 2;
	for (i = 0; i < 10; i++) {
		assert_int_equal(batch_add(store, &admin, &t[i], NOW, &answer), RC_OK);
		if (answer != ACCOUNT_MALFORMED)
			fail_msg("%zu", i);
		assert_string_equal(t[i].id, "");
	}
	t[1].format[0] = '\0';
	t[1].agency = 0; /* his own */
	t[1].from = t[1].to = UINT32_MAX;
	memcpy(t[1].wording, "F2", 3);
	assert_int_equal(batch_add(store, &admin, &t[1], NOW, &answer), RC_OK);
	assert_int_equal(answer, ACCOUNT_DONE);
	assert_int_equal(t[1].agency, 2);
	assert_int_equal(batch_read(store, &admin, t[1].id, &got), RC_OK);
	assert_true(got.from == UINT32_MAX && got.to == UINT32_MAX);
	assert_string_equal(got.wording, "F2");

	/* so many wait for one, whoever else orders */
	for (i = 1; i < CAP_BATCHES; i++)
		assert_int_equal(order(&staff, &b), ACCOUNT_DONE);
	assert_int_equal(order(&staff, &b), ACCOUNT_LOCKED);
	assert_int_equal(order(&colleague, &b), ACCOUNT_DONE);
	for (i = 0; i < CAP_BATCHES; i++)
		assert_int_equal(order(&actor_operator, &b), ACCOUNT_DONE);
	assert_int_equal(order(&actor_operator, &b), ACCOUNT_LOCKED);
	for (state_no = 0; state_no < BATCH_STATE__MAX; state_no++)
		assert_non_null(batch_state_name(state_no));
	assert_null(batch_state_name(BATCH_STATE__MAX));
	assert_string_equal(batch_kind_name(BATCH_STAMPED), "stamped");
	assert_null(batch_kind_name(BATCH_KIND__MAX));
}

static bool
see(const struct batch *b, void *arg)
{
	(void)b;
	(*(size_t *)arg)++;
	return true;
}

/* Who may order for the first agency, and who sees what its staff ordered. */
static void
test_roles(void **state)
{
	static const struct {
		const struct actor *who;
		enum account_answer order;
		bool reads;
		size_t listed;
	} t[] = {
	    {&staff, ACCOUNT_DONE, true, 2},
	    {&colleague, ACCOUNT_DONE, false, 1},
	    {&other, ACCOUNT_FORBIDDEN, false, 0},
	    {&moved, ACCOUNT_FORBIDDEN, false, 0},
	    {&auditor, ACCOUNT_FORBIDDEN, false, 0},
	    {&admin, ACCOUNT_DONE, true, 4},
	    {&actor_operator, ACCOUNT_DONE, true, 5},
	    {&none, ACCOUNT_FORBIDDEN, false, 0},
	};
	struct batch first, b;
	int64_t refused, wanted;
	size_t i, n;

	(void)state;
	assert_int_equal(order(&staff, &first), ACCOUNT_DONE);
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		refused = acts(ACT_ROLE_REFUSED);
		wanted = 0;
		if (order(t[i].who, &b) != t[i].order)
			fail_msg("%zu orders: %d", i, answer);
		wanted += t[i].order != ACCOUNT_DONE;
		assert_int_equal(
		    batch_read(store, t[i].who, first.id, &b), t[i].reads ? RC_OK : RC_ABSENT);
		wanted += !t[i].reads;
		assert_string_equal(b.id, t[i].reads ? first.id : "");
		n = 0;
		assert_int_equal(batch_list(store, t[i].who, see, &n), RC_OK);
		if (n != t[i].listed)
			fail_msg("%zu sees %zu", i, n);
		wanted += t[i].who == &auditor || t[i].who == &none;
		assert_int_equal(acts(ACT_ROLE_REFUSED) - refused, wanted);
	}
	assert_int_equal(batch_read(store, &admin, "x", &b), RC_ABSENT);
}

/* ---- who does them ---- */

static void
test_take(void **state)
{
	struct batch a, b, got, again;
	struct actor who;

	(void)state;
	assert_int_equal(batch_take(store, NOW, &got, &who), RC_ABSENT);
	assert_int_equal(who.role, ROLE__MAX);
	order(&staff, &a);
	order(&actor_operator, &b);
	assert_int_equal(batch_take(store, NOW, &got, &who), RC_OK);
	assert_string_equal(got.id, a.id);
	assert_int_equal(got.state, BATCH_RUNNING);
	assert_int_equal(got.take, 1);
	assert_int_equal(who.account, 1);
	assert_int_equal(who.agency, 1);
	assert_int_equal(who.role, ROLE_STAFF);
	assert_int_equal(batch_take(store, NOW, &again, &who), RC_OK);
	assert_string_equal(again.id, b.id);
	assert_int_equal(who.role, ROLE_OPERATOR);
	assert_int_equal(batch_take(store, NOW + CAP_BATCH_LEASE - 1, &again, &who), RC_ABSENT);

	got.total = 12;
	got.done = 5;
	got.failed = 1;
	assert_int_equal(batch_progress(store, &got), RC_OK);
	assert_int_equal(batch_read(store, &staff, a.id, &again), RC_OK);
	assert_int_equal(again.done, 5);
	assert_int_equal(again.failed, 1);
	assert_int_equal(batch_end(store, &got, true, NOW + 9), RC_OK);
	assert_int_equal(batch_read(store, &staff, a.id, &again), RC_OK);
	assert_int_equal(again.state, BATCH_DONE);
	assert_int_equal(again.ended, NOW + 9);
	/* what has ended is over */
	assert_int_equal(batch_progress(store, &got), RC_ABSENT);
	assert_int_equal(batch_end(store, &got, false, NOW + 10), RC_ABSENT);
}

/* Whoever took it is gone: another does it from its first row, and one who comes back leaves it. */
static void
test_crash(void **state)
{
	struct batch a, lost, got;
	int64_t now = (int64_t)time(NULL);
	struct actor who;
	int i;

	(void)state;
	order(&staff, &a);
	assert_int_equal(batch_take(store, now - CAP_BATCH_LEASE, &lost, &who), RC_OK);
	/* a sign of life, however late */
	lost.done = 3;
	assert_int_equal(batch_progress(store, &lost), RC_OK);
	assert_int_equal(batch_take(store, now + CAP_BATCH_LEASE - 10, &got, &who), RC_ABSENT);
	/* none */
	assert_int_equal(batch_take(store, now + CAP_BATCH_LEASE + 10, &got, &who), RC_OK);
	assert_string_equal(got.id, a.id);
	assert_int_equal(got.take, 2);
	assert_int_equal(got.done, 0);
	assert_int_equal(batch_progress(store, &lost), RC_ABSENT);
	assert_int_equal(batch_end(store, &lost, true, now), RC_ABSENT);
	assert_int_equal(batch_progress(store, &got), RC_OK);
	/* what kills everybody is given up */
	for (i = 2; i < CAP_BATCH_TAKES; i++)
		assert_int_equal(
		    batch_take(store, now + (i + 1) * 2 * CAP_BATCH_LEASE, &got, &who), RC_OK);
	assert_int_equal(batch_take(store, now + 100 * CAP_BATCH_LEASE, &got, &who), RC_ABSENT);
	assert_int_equal(batch_read(store, &staff, a.id, &got), RC_OK);
	assert_int_equal(got.state, BATCH_FAILED);
	assert_int_equal(got.ended, now + 100 * CAP_BATCH_LEASE);
}

/* With the rights that he has when it is done, not those he had when he ordered. */
static void
test_rights(void **state)
{
	struct batch b, got;
	struct actor who;

	(void)state;
	order(&staff, &b);
	assert_int_equal(
	    account_move(store, &actor_operator, "a", ROLE_AUDITOR, "DINKES", NOW, &answer), RC_OK);
	assert_int_equal(batch_take(store, NOW, &got, &who), RC_OK);
	assert_int_equal(who.role, ROLE_AUDITOR);
	assert_int_equal(who.agency, 2);
	order(&colleague, &b);
	assert_int_equal(account_disable(store, &actor_operator, "b", true, NOW, &answer), RC_OK);
	assert_int_equal(batch_take(store, NOW, &got, &who), RC_OK);
	assert_int_equal(who.role, ROLE__MAX);
	assert_int_equal(who.account, 0);
	assert_int_equal(got.account, 2);
}

/* Eight take at once what three have ordered: each is done by one. */
static void
test_crowd(void **state)
{
	int i, status, took = 0, none_left = 0;
	struct batch b;
	struct actor who;
	enum rc rc;

	(void)state;
	for (i = 0; i < CAP_BATCHES; i++)
		order(&staff, &b);
	for (i = 0; i < 8; i++)
		if (fork() == 0) {
			if (store_open(&store, path) != RC_OK)
				_exit(9);
			rc = batch_take(store, NOW, &b, &who);
			_exit(rc == RC_OK ? 0 : rc == RC_ABSENT ? 1 : 9);
		}
	while (wait(&status) > 0) {
		took += WIFEXITED(status) && WEXITSTATUS(status) == 0;
		none_left += WIFEXITED(status) && WEXITSTATUS(status) == 1;
	}
	assert_int_equal(took, CAP_BATCHES);
	assert_int_equal(none_left, 8 - CAP_BATCHES);
	assert_int_equal(ask("SELECT count(*) FROM batch WHERE state = 'running' AND take = 1"), 3);
}

struct forgotten {
	size_t n;
	char id[BATCH_ID_LEN + 1];
};

static void
forget(const char *id, void *arg)
{
	struct forgotten *f = arg;

	f->n++;
	snprintf(f->id, sizeof(f->id), "%s", id);
}

static void
test_expire(void **state)
{
	struct batch a, b, got;
	struct forgotten f = {0};
	struct actor who;

	(void)state;
	order(&staff, &a);
	order(&staff, &b);
	assert_int_equal(batch_take(store, NOW, &got, &who), RC_OK);
	assert_int_equal(batch_end(store, &got, false, NOW + 5), RC_OK);
	assert_int_equal(batch_expire(store, NOW + 5, forget, &f), RC_OK);
	assert_int_equal(f.n, 0);
	assert_int_equal(batch_expire(store, NOW + 6, forget, &f), RC_OK);
	assert_int_equal(f.n, 1);
	assert_string_equal(f.id, a.id);
	assert_int_equal(batch_read(store, &staff, a.id, &got), RC_ABSENT);
	assert_int_equal(batch_read(store, &staff, b.id, &got), RC_OK);
	assert_int_equal(batch_expire(store, INT64_MAX, forget, &f), RC_OK);
	assert_int_equal(f.n, 1);
}

#define WITH(test) cmocka_unit_test_setup_teardown(test, agencies, close_store)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    WITH(test_add),
	    WITH(test_roles),
	    WITH(test_take),
	    WITH(test_crash),
	    WITH(test_rights),
	    WITH(test_crowd),
	    WITH(test_expire),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
