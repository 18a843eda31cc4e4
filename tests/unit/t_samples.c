/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sample letters: what is written, where, and that each gets the verdict it is said to get. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "forge.h"
#include "samples.h"
#include "verify.h"

#define NOW 1795132800 /* 2026-11-20T00:00:00Z */

static char base[256];

static int
setup(void **state)
{
	const char *tmp = getenv("TMPDIR"); /* NOLINT(concurrency-mt-unsafe): one thread */

	(void)state;
	snprintf(base, sizeof(base), "%s/demo.XXXXXX", tmp != NULL ? tmp : "/tmp");
	return mkdtemp(base) == NULL ? -1 : 0;
}

static int
fill(const char *dir, const char *name)
{
	int at = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), fd;

	assert_true(at >= 0);
	fd = openat(at, name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	close(at);
	return fd;
}

static void
test_folder(void **state)
{
	char path[512];
	struct stat st;
	size_t i;

	(void)state;
	snprintf(path, sizeof(path), "%s/a", base);
	assert_int_equal(samples_write(path, NOW), RC_OK);
	for (i = 0; i < samples_count(); i++) {
		snprintf(path, sizeof(path), "%s/a/%s", base, samples_get(i)->file);
		assert_int_equal(stat(path, &st), 0);
		assert_true(st.st_size > 1000);
	}
	snprintf(path, sizeof(path), "%s/a/anchors/DEMONSTRATION", base);
	assert_int_equal(access(path, F_OK), 0);
	snprintf(path, sizeof(path), "%s/a/samples.tsv", base);
	assert_int_equal(access(path, F_OK), 0);
	/* what it made it may make again */
	snprintf(path, sizeof(path), "%s/a", base);
	assert_int_equal(samples_write(path, NOW), RC_OK);
}

static void
test_refusal(void **state)
{
	char path[512];

	(void)state;
	snprintf(path, sizeof(path), "%s/b", base);
	assert_int_equal(mkdir(path, 0700), 0);
	close(fill(path, "mine.txt"));
	assert_int_equal(samples_write(path, NOW), RC_BUSY);
	snprintf(path, sizeof(path), "%s/b/samples.tsv", base);
	assert_int_not_equal(access(path, F_OK), 0);
	snprintf(path, sizeof(path), "%s/none/deeper", base);
	assert_int_equal(samples_write(path, NOW), RC_IO);
}

static void
test_names(void **state)
{
	size_t i;

	(void)state;
	assert_true(samples_count() >= 10);
	for (i = 0; i < samples_count(); i++) {
		assert_non_null(strstr(samples_get(i)->file, ".pdf"));
		assert_null(strchr(samples_get(i)->text_id, '\t'));
		assert_null(strchr(samples_get(i)->text_en, '\t'));
	}
	assert_null(samples_get(samples_count()));
}

/* Padding is counted in every offset and streamed out, never held. */
static void
test_padding(void **state)
{
	struct maker *m = maker_new();
	char path[512];
	struct letter l;
	struct stat st;
	int fd;

	(void)state;
	assert_non_null(m);
	letter_init(&l, m, LETTER_CLASSIC, &forge_text, 10u << 20);
	assert_int_equal(letter_rc(&l), RC_OK);
	assert_true(l.out.len < 65536);
	snprintf(path, sizeof(path), "%s/big.pdf", base);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(letter_write(&l, fd), RC_OK);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_size, letter_length(&l));
	assert_int_equal(st.st_size, l.out.len + (10u << 20));
	close(fd);
	letter_clear(&l);
	maker_free(m);
}

static struct trust *
load(const char *dir)
{
	struct trust *trust;
	char path[512];
	struct buf log;

	snprintf(path, sizeof(path), "%s/anchors", dir);
	buf_init(&log, 65536);
	assert_int_equal(trust_load(&trust, path, &log), RC_OK);
	assert_true(trust->demonstration);
	assert_int_equal(trust->anchors.n, 1);
	buf_clear(&log);
	return trust;
}

/* Nothing covers anything: what is drawn is another test's. */
static enum rc
ask(void *ctx, const struct paint_question *q, struct paint_answer *a)
{
	(void)ctx;
	(void)q;
	(void)a;
	return RC_OK;
}

static const struct painter painter = {.ask = ask};

static bool
as_said(const struct trust *trust, const char *dir, const struct sample *s, int64_t at)
{
	const struct verify_params params = {.trust = trust,
	    .policy = policy_find(NULL),
	    .at = at,
	    .offline = true,
	    .painter = &painter};
	struct report *r;
	struct source src;
	char path[512];
	size_t i;
	bool ok;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", dir, s->file);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(source_open(&src, fd, 0, UINT64_MAX), RC_OK);
	assert_int_equal(verify(&r, &src, &params), RC_OK);
	ok = strcmp(conclusion_name(r->conclusion), s->expected) == 0 && r->demonstration;
	/* every sound timestamp counts here: nothing is left for past validation to find */
	for (i = 0; i < r->nreasons; i++)
		ok &= r->reasons[i] != CHECK_PAST_EVIDENCE_MISSING;
	if (!ok)
		forge_show(s->file, r);
	report_free(r);
	source_close(&src);
	close(fd);
	return ok;
}

/* Today and after a quarter of a year, since nobody makes a new demo every day. */
static void
test_verdicts(void **state)
{
	struct trust *trust;
	bool ok = true;
	char path[300];
	size_t i;

	(void)state;
	snprintf(path, sizeof(path), "%s/c", base);
	assert_int_equal(samples_write(path, NOW), RC_OK);
	trust = load(path);
	for (i = 0; i < samples_count(); i++) {
		ok &= as_said(trust, path, samples_get(i), NOW);
		ok &= as_said(trust, path, samples_get(i), NOW + 90 * 24 * 3600);
	}
	trust_free(trust);
	assert_true(ok);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_folder),
	    cmocka_unit_test(test_refusal),
	    cmocka_unit_test(test_names),
	    cmocka_unit_test(test_padding),
	    cmocka_unit_test(test_verdicts),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, NULL);
}
