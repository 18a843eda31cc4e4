/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The letters that the portal asks itself: what they must get, and that it is seen if not. */
#define _GNU_SOURCE /* memmem() */
#include <fcntl.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "canary.h"
#include "samples.h"
#include "verify.h"
#include "when.h"

#define NOW    1795000000
#define DECADE ((int64_t)3652 * 24 * 3600)

static char dir[64];

static int
setup(void **state)
{
	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/t_canary.XXXXXX");
	assert_non_null(mkdtemp(dir));
	assert_int_equal(samples_canary(dir, NOW), RC_OK);
	return 0;
}

static int
teardown(void **state)
{
	static const char *const names[] = {"good.pdf", "revoked.pdf", "changed.pdf", CANARY_FILE,
	    "anchors/DEMONSTRATION", "anchors/README", "anchors/akar-contoh.pem"};
	char path[128];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
		(void)unlink(path);
	}
	(void)snprintf(path, sizeof(path), "%s/anchors", dir);
	return rmdir(path) == 0 && rmdir(dir) == 0 ? 0 : -1;
}

static struct report *
judge(const struct canary *c, const struct trust *trust, int64_t at)
{
	const struct verify_params params = {
	    .trust = trust, .policy = policy_find(NULL), .at = at, .offline = true};
	struct report *r;
	struct source src;

	source_memory(&src, c->p, c->len);
	assert_int_equal(verify(&r, &src, &params), RC_OK);
	source_close(&src);
	return r;
}

static struct trust *
anchors(void)
{
	struct trust *trust;
	struct buf log;
	char path[128];

	snprintf(path, sizeof(path), "%s/" CANARY_ANCHORS, dir);
	buf_init(&log, 4096);
	assert_int_equal(trust_load(&trust, path, &log), RC_OK);
	assert_true(trust->demonstration);
	buf_clear(&log);
	return trust;
}

/* Each gets what the list says, and none what the list says of another. */
static void
test_right(void **state)
{
	struct trust *trust = anchors();
	struct canaries *c;
	struct report *r;
	size_t i, j;

	(void)state;
	assert_int_equal(canary_load(&c, dir), RC_OK);
	assert_int_equal(c->at, NOW);
	assert_int_equal(c->n, 3);
	assert_string_equal(c->v[0].file, "good.pdf");
	assert_int_equal(c->v[0].conclusion, CONCLUSION_VALID);
	assert_string_equal(c->v[1].file, "revoked.pdf");
	assert_int_equal(c->v[1].reason, CHECK_REVOCATION);
	assert_string_equal(c->v[2].file, "changed.pdf");
	assert_int_equal(c->v[2].conclusion, CONCLUSION_INVALID);
	for (i = 0; i < c->n; i++) {
		r = judge(&c->v[i], trust, c->at);
		for (j = 0; j < c->n; j++)
			assert_int_equal(canary_right(&c->v[j], r), i == j);
		report_free(r);
	}
	canary_free(c);
	trust_free(trust);
}

/* At another time, or with a bit changed, the good one is not as it must be. */
static void
test_wrong(void **state)
{
	struct trust *trust = anchors();
	struct canaries *c;
	struct report *r;
	char *amount;

	(void)state;
	assert_int_equal(canary_load(&c, dir), RC_OK);
	r = judge(&c->v[0], trust, NOW - DECADE);
	assert_false(canary_right(&c->v[0], r));
	report_free(r);
	assert_non_null(amount = memmem(c->v[0].p, c->v[0].len, "Rp 12.", 6));
	amount[3] ^= 1;
	r = judge(&c->v[0], trust, c->at);
	assert_false(canary_right(&c->v[0], r));
	report_free(r);
	canary_free(c);
	trust_free(trust);
}

static void
put(const char *text, size_t len)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/" CANARY_FILE, dir);
	assert_non_null(f = fopen(path, "we"));
	assert_int_equal(fwrite(text, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
}

static void
test_lists(void **state)
{
	static const struct {
		const char *text;
		enum rc want;
	} lists[] = {
	    {"at\t2026-11-01\ngood.pdf\tVALID\t-\n", RC_OK},
	    {"good.pdf\tVALID\t-\nat\t2026-11-01", RC_OK},
	    {"", RC_FORMAT},
	    {"at\t2026-11-01\n", RC_FORMAT},
	    {"good.pdf\tVALID\t-\n", RC_FORMAT},
	    {"at\tsoon\ngood.pdf\tVALID\t-\n", RC_FORMAT},
	    {"at\t2026-11-01\nat\t2026-11-01\ngood.pdf\tVALID\t-\n", RC_FORMAT},
	    {"at\t2026-11-01\tx\ngood.pdf\tVALID\t-\n", RC_FORMAT},
	    {"at\t2026-11-01\ngood.pdf\tVALID\n", RC_FORMAT},
	    {"at\t2026-11-01\ngood.pdf\tGOOD\t-\n", RC_FORMAT},
	    {"at\t2026-11-01\ngood.pdf\tVALID\tBECAUSE\n", RC_FORMAT},
	    {"at\t2026-11-01\ngood.pdf\tVALID\t-\t-\n", RC_FORMAT},
	    {"at\t2026-11-01\nanchors/README\tVALID\t-\n", RC_FORMAT},
	    {"at\t2026-11-01\nanchors\tVALID\t-\n", RC_FORMAT},
	    {"at\t2026-11-01\nbad.pdf\tVALID\t-\n", RC_ABSENT},
	};
	struct canaries *c;
	size_t i;
	enum rc rc;

	(void)state;
	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		put(lists[i].text, strlen(lists[i].text));
		if ((rc = canary_load(&c, dir)) != lists[i].want)
			fail_msg("%s: %s", lists[i].text, rc_str(rc));
		assert_int_equal(c != NULL, rc == RC_OK);
		canary_free(c);
	}
	put("at\t2026-11-01\ngood.pdf\tVALID\t-\n\0x", 34);
	assert_int_equal(canary_load(&c, dir), RC_FORMAT);
	assert_int_equal(canary_load(&c, "/nonexistent"), RC_ABSENT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_right),
	    cmocka_unit_test(test_wrong), cmocka_unit_test(test_lists)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
