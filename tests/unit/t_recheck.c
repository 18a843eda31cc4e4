/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Registered letters judged again: by a judge of the test's, in a store and a vault that are real.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <openssl/sha.h>

#include "recheck.h"
#include "storemake.h"
#include "vault.h"
#include "wire.h"

#define nitems(a) (sizeof(a) / sizeof((a)[0]))

/* What the judge is to say next, and what it was asked. */
struct judge {
	enum conclusion says;
	bool pending, other_file;
	enum rc rc;
	unsigned asked, told;
	enum conclusion before, after;
	int64_t now;
};

static struct judge judge;
static char vault[96];

/* As the report on a signature that lacks nothing but revocation data. */
static void
make_pending(struct report *r)
{
	struct report_sig *v = arena_array(r->arena, 1, sizeof(*v));

	assert_non_null(v);
	*v = (struct report_sig){.kind = KIND_SIGNATURE,
	    .status = {IND_INDETERMINATE, SUB_TRY_LATER},
	    .integrity = INTEGRITY_INTACT,
	    .coverage = COVERAGE_ENTIRE_FILE,
	    .modification = MOD_NONE,
	    .modification_allowed = true,
	    .trust.status = TRUST_TRUSTED};
	r->sigs = v;
	r->nsigs = 1;
	r->reasons = arena_array(r->arena, 1, sizeof(*r->reasons));
	r->reasons[r->nreasons++] = CHECK_REVOCATION_NO_ANSWER;
	r->checks = arena_array(r->arena, 1, sizeof(*r->checks));
	r->checks[r->nchecks++] =
	    (struct report_check){CHECK_REVOCATION_NO_ANSWER, 0, RESULT_UNKNOWN, NULL};
}

static struct report *
report_on(const uint8_t sha256[32], uint64_t size, enum conclusion c, bool pending)
{
	struct report *r = report_new();

	assert_non_null(r);
	memcpy(r->document.sha256, sha256, 32);
	r->document.size = size;
	r->policy_id = arena_printf(r->arena, "nasional");
	r->policy_version = arena_printf(r->arena, "1");
	r->conclusion = c;
	if (pending)
		make_pending(r);
	return r;
}

static enum rc
give_report(void *ctx, int fd, uint64_t len, int64_t now, struct report **out)
{
	uint8_t text[64], md[32];

	assert_ptr_equal(ctx, &judge);
	judge.asked++;
	judge.now = now;
	*out = NULL;
	if (judge.rc != RC_OK)
		return judge.rc;
	assert_true(len <= sizeof(text));
	assert_int_equal(pread(fd, text, sizeof(text), 0), (ssize_t)len);
	SHA256(text, (size_t)len, md);
	md[0] ^= (uint8_t)judge.other_file;
	*out = report_on(md, len, judge.says, judge.pending);
	return RC_OK;
}

static void
note(void *ctx, const char *id, enum conclusion before, enum conclusion after)
{
	(void)id;
	((struct judge *)ctx)->told++;
	((struct judge *)ctx)->before = before;
	((struct judge *)ctx)->after = after;
}

/* A letter registered at this time with a file of its own, VALID or pending. */
static void
put_letter(char id[CROCKFORD_ID_LEN + 1], enum letter_visibility v, bool pending, int64_t at)
{
	static const struct register_signer signer = {"KEPALA DINAS", "Sari Wulan", ""};
	static unsigned files;
	struct register_content c = {"1/2026", "Undangan", "2026-11-01", "Bidang", v, &signer, 1};
	char code[REGISTER_CODE_LEN + 1], text[32];
	enum register_answer answer;
	struct report *r;
	struct buf wire;
	uint8_t md[32];
	int len, fd;

	len = snprintf(text, sizeof(text), "surat %u", ++files);
	SHA256((const uint8_t *)text, (size_t)len, md);
	assert_true((fd = memfd_create("surat", MFD_CLOEXEC)) != -1);
	assert_int_equal(write(fd, text, (size_t)len), len);
	assert_int_equal(vault_keep(AT_FDCWD, vault, fd, 0, (uint64_t)len, md), RC_OK);
	close(fd);
	assert_int_equal(
	    register_draft(store, &actor_operator, 1, &c, at, id, code, &answer), RC_OK);
	assert_int_equal(register_issue(store, &actor_operator, id, at, &answer), RC_OK);
	r = report_on(
	    md, (uint64_t)len, pending ? CONCLUSION_INDETERMINATE : CONCLUSION_VALID, pending);
	buf_init(&wire, CAP_WIRE);
	wire_encode(&wire, r);
	assert_int_equal(register_sign(store, &actor_operator, id,
			     &(struct register_signing){.sha256 = md,
				 .size = (uint64_t)len,
				 .pending = pending,
				 .kept = true,
				 .differences = "",
				 .reason = "",
				 .report = r,
				 .wire = wire.p,
				 .wire_len = wire.len},
			     at, &answer),
	    RC_OK);
	assert_int_equal(answer, REGISTER_DONE);
	buf_clear(&wire);
	report_free(r);
}

static struct register_letter *
letter(const char *id)
{
	struct register_letter *l;
	enum register_answer answer;

	assert_int_equal(register_read(store, &actor_operator, id, NOW, &l, &answer), RC_OK);
	assert_int_equal(answer, REGISTER_DONE);
	return l;
}

static struct recheck
again(void)
{
	memset(&judge, 0, sizeof(judge));
	judge.says = CONCLUSION_VALID;
	return (struct recheck){.store = store,
	    .dir = AT_FDCWD,
	    .vault = vault,
	    .judge = give_report,
	    .ctx = &judge,
	    .told = note};
}

static void
test_due(void **state)
{
	char old[CROCKFORD_ID_LEN + 1], fresh[CROCKFORD_ID_LEN + 1];
	struct recheck r = again();
	struct register_letter *l;
	struct recheck_sum sum;

	(void)state;
	put_letter(old, LETTER_PUBLIC, false, NOW);
	put_letter(fresh, LETTER_CODE, false, NOW + 500);
	assert_int_equal(recheck_all(&r, NOW + 1000, NOW + 100, &sum), RC_OK);
	assert_int_equal(sum.judged, 1);
	assert_int_equal(sum.changed + sum.failed, 0);
	assert_int_equal(judge.now, NOW + 1000);
	l = letter(old);
	assert_int_equal(l->checked, NOW + 1000);
	assert_true(l->kept && l->verdict == CONCLUSION_VALID);
	register_free(l);
	/* judged now: due no more */
	assert_int_equal(recheck_all(&r, NOW + 1001, NOW + 100, &sum), RC_OK);
	assert_int_equal(sum.judged, 0);
	assert_int_equal(recheck_all(&r, NOW + 2000, NOW + 1500, &sum), RC_OK);
	assert_int_equal(sum.judged, 2);
}

static void
test_change(void **state)
{
	char id[CROCKFORD_ID_LEN + 1];
	struct recheck_sum sum = {0};
	struct register_counts counts;
	struct register_letter *l;
	struct recheck r = again();

	(void)state;
	put_letter(id, LETTER_PUBLIC, false, NOW);
	judge.says = CONCLUSION_INVALID;
	assert_int_equal(recheck_one(&r, id, NOW + 10, &sum), RC_OK);
	assert_int_equal(sum.judged, 1);
	assert_int_equal(sum.changed, 1);
	assert_int_equal(judge.told, 1);
	assert_int_equal(judge.before, CONCLUSION_VALID);
	assert_int_equal(judge.after, CONCLUSION_INVALID);
	l = letter(id);
	assert_true(l->verdict == CONCLUSION_INVALID && l->kept && !l->pending);
	register_free(l);
	assert_int_equal(register_count(store, &actor_operator, &counts), RC_OK);
	assert_int_equal(counts.alerts, 1);
	judge.says = CONCLUSION_VALID;
	assert_int_equal(recheck_one(&r, id, NOW + 20, &sum), RC_OK);
	assert_int_equal(sum.changed, 2);
	assert_int_equal(register_count(store, &actor_operator, &counts), RC_OK);
	assert_int_equal(counts.alerts, 0);
}

static bool
in_vault(const struct register_letter *l)
{
	uint64_t len;
	int fd;

	if (vault_open(AT_FDCWD, vault, l->sha256, &fd, &len) != RC_OK)
		return false;
	close(fd);
	return true;
}

static void
test_pending(void **state)
{
	static const enum letter_visibility kinds[] = {LETTER_PUBLIC, LETTER_CODE, LETTER_FACT};
	char id[CROCKFORD_ID_LEN + 1];
	struct recheck_sum sum = {0};
	struct register_letter *l;
	struct recheck r = again();
	bool kept;
	size_t i;

	(void)state;
	for (i = 0; i < nitems(kinds); i++) {
		put_letter(id, kinds[i], true, NOW);
		judge.says = CONCLUSION_INDETERMINATE;
		judge.pending = true;
		assert_int_equal(recheck_one(&r, id, NOW + 10, &sum), RC_OK);
		l = letter(id);
		assert_true(l->pending && l->kept && in_vault(l));
		register_free(l);
		/* the answer came */
		judge.says = CONCLUSION_VALID;
		judge.pending = false;
		assert_int_equal(recheck_one(&r, id, NOW + 20, &sum), RC_OK);
		kept = kinds[i] != LETTER_FACT;
		l = letter(id);
		assert_false(l->pending);
		assert_int_equal(l->verdict, CONCLUSION_VALID);
		assert_true(l->kept == kept && in_vault(l) == kept);
		register_free(l);
	}
	/* what is kept no more is judged no more */
	assert_int_equal(sum.failed, 0);
	assert_int_equal(recheck_one(&r, id, NOW + 30, &sum), RC_OK);
	assert_int_equal(sum.failed, 1);
}

static void
test_trouble(void **state)
{
	char id[CROCKFORD_ID_LEN + 1], draft[CROCKFORD_ID_LEN + 1];
	struct recheck_sum sum = {0};
	struct register_letter *l;
	struct recheck r = again();

	(void)state;
	put_letter(id, LETTER_PUBLIC, false, NOW);
	judge.says = CONCLUSION_INVALID;
	judge.rc = RC_IO;
	assert_int_equal(recheck_one(&r, id, NOW + 10, &sum), RC_OK);
	judge.rc = RC_OK;
	judge.other_file = true;
	assert_int_equal(recheck_one(&r, id, NOW + 10, &sum), RC_OK);
	judge.other_file = false;
	assert_int_equal(judge.asked, 2);
	assert_int_equal(sum.failed, 2);
	memcpy(draft, id, sizeof(draft));
	draft[0] = draft[0] == '0' ? '1' : '0';
	assert_int_equal(recheck_one(&r, draft, NOW + 10, &sum), RC_OK);
	assert_int_equal(sum.failed, 3);
	assert_int_equal(sum.judged + sum.changed + sum.lost + judge.told, 0);
	/* nothing was recorded */
	l = letter(id);
	assert_int_equal(l->checked, NOW);
	assert_int_equal(l->verdict, CONCLUSION_VALID);
	/* nobody is asked about a file that is gone */
	assert_int_equal(vault_drop(AT_FDCWD, vault, l->sha256), RC_OK);
	register_free(l);
	assert_int_equal(recheck_one(&r, id, NOW + 10, &sum), RC_OK);
	assert_int_equal(judge.asked, 2);
	assert_int_equal(sum.failed, 4);
	assert_int_equal(sum.lost, 1);
}

/* Where its file lies in the vault. */
static void
file_of(const char *id, char *out, size_t size)
{
	struct register_letter *l = letter(id);
	char hex[65];
	size_t i;

	for (i = 0; i < 32; i++)
		(void)snprintf(hex + 2 * i, 3, "%02x", l->sha256[i]);
	(void)snprintf(out, size, "%s/%.2s/%s.pdf", vault, hex, hex);
	register_free(l);
}

static int64_t
alerts(void)
{
	struct register_counts counts;

	assert_int_equal(register_count(store, &actor_operator, &counts), RC_OK);
	return counts.alerts;
}

/*
 * A file that is gone or damaged: an alert and no verdict, the last report stays, and the others
 * have their turn.  Back from a backup, it is judged again.
 */
static void
test_lost(void **state)
{
	char ids[3][CROCKFORD_ID_LEN + 1], name[400], away[410];
	struct recheck_sum sum = {0};
	struct register_letter *l;
	struct report *report;
	struct recheck r = again();
	int64_t at;
	size_t i;

	(void)state;
	for (i = 0; i < nitems(ids); i++)
		put_letter(ids[i], LETTER_PUBLIC, false, NOW);
	judge.says = CONCLUSION_VALID;
	file_of(ids[0], name, sizeof(name));
	(void)snprintf(away, sizeof(away), "%s.away", name);
	assert_int_equal(rename(name, away), 0);
	file_of(ids[1], name, sizeof(name));
	assert_int_equal(truncate(name, 3), 0);
	assert_int_equal(recheck_all(&r, NOW + 10, NOW + 1, &sum), RC_OK);
	assert_int_equal(sum.judged, 1);
	assert_int_equal(sum.failed, 2);
	assert_int_equal(sum.lost, 2);
	assert_int_equal(alerts(), 2);
	for (i = 0; i < 2; i++) {
		l = letter(ids[i]);
		assert_true(l->kept && !l->pending);
		assert_int_equal(l->verdict, CONCLUSION_INDETERMINATE);
		assert_int_equal(l->checked, NOW + 10);
		register_free(l);
		assert_int_equal(register_report(store, ids[i], &report, &at), RC_OK);
		assert_non_null(report);
		assert_int_equal(report->conclusion, CONCLUSION_VALID);
		assert_int_equal(at, NOW);
		report_free(report);
	}
	/* it is told once */
	judge.told = 0;
	assert_int_equal(recheck_one(&r, ids[0], NOW + 20, &sum), RC_OK);
	assert_int_equal(judge.told, 0);
	file_of(ids[0], name, sizeof(name));
	assert_int_equal(rename(away, name), 0);
	assert_int_equal(recheck_one(&r, ids[0], NOW + 30, &sum), RC_OK);
	assert_int_equal(judge.before, CONCLUSION_INDETERMINATE);
	assert_int_equal(judge.after, CONCLUSION_VALID);
	assert_int_equal(alerts(), 1);
}

static int
open_all(void **state)
{
	static const char sql[] = "INSERT INTO agency VALUES (1, 'KOMINFO', 'Dinas Kominfo')";
	const char *tmp = getenv("TMPDIR");

	(void)snprintf(vault, sizeof(vault), "%s/recheck.XXXXXX", tmp != NULL ? tmp : "/tmp");
	if (mkdtemp(vault) == NULL)
		return -1;
	return open_store(state) == 0 && tamper(sql) == SQLITE_OK ? 0 : -1;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_due, open_all, close_store),
	    cmocka_unit_test_setup_teardown(test_change, open_all, close_store),
	    cmocka_unit_test_setup_teardown(test_lost, open_all, close_store),
	    cmocka_unit_test_setup_teardown(test_pending, open_all, close_store),
	    cmocka_unit_test_setup_teardown(test_trouble, open_all, close_store),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
