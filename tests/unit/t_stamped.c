/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The way of a letter: made by an office's program, stamped with a footer, signed by an official
 * as BSrE signs.  It is VALID, and its signature covers the footer.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "forge.h"
#include "paper.h"

static struct forge forge;
static char out[256];

/* 0: stamped. */
static int
stamp(const char *in)
{
	const char *program = getenv("PERIKSA"), *build = getenv("BUILD");
	char path[256], from[256];
	char *argv[] = {path, (char[]){"stamp"}, (char[]){"--url"},
	    (char[]){"https://periksa.prov.example/d/0K7W4RZ9C2M5H8J3N6P1Q0S4TV2"}, from,
	    (char[]){"-o"}, out, NULL};
	int status;
	pid_t pid;

	(void)snprintf(path, sizeof(path), "%s", program != NULL ? program : "build/periksa");
	(void)snprintf(from, sizeof(from), "%s/office/%s.pdf", build != NULL ? build : "build", in);
	if (posix_spawn(&pid, path, NULL, NULL, argv, environ) != 0 ||
	    waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

static void
check(const char *name, const struct report *r, enum conclusion wanted)
{
	assert_non_null(r);
	if (r->conclusion != wanted) {
		forge_show(name, r);
		fail_msg("%s", name);
	}
}

/* Stamped, signed with evidence, visibly or not; then another octet of the footer's page. */
static void
whole_way(const char *name, const char *shown)
{
	const struct paper_order order = {.signer = &forge.signer,
	    .level = AGENCY_LT,
	    .at = FORGE_SIGNED,
	    .field = "TandaTangan1",
	    .shown = shown,
	    .rect = {359, 164, 501, 217}};
	struct report *r;
	struct letter l;
	struct paper p;
	uint8_t *at;

	paper_file(&l, forge.m, out);
	assert_int_equal(letter_rc(&l), RC_OK);
	paper_open(&p, &l);
	paper_sign(&p, &forge.agency, &order);
	paper_close(&p);
	assert_int_equal(letter_rc(&l), RC_OK);
	r = forge_verify(forge.trust, l.out.p, l.out.len, "nasional", FORGE_AT);
	check(name, r, CONCLUSION_VALID);
	report_free(r);
	at = memmem(l.out.p, l.out.len, "/Subtype /Footer", 16);
	assert_non_null(at);
	at[10] = 'H';
	r = forge_verify(forge.trust, l.out.p, l.out.len, "nasional", FORGE_AT);
	check(name, r, CONCLUSION_INVALID);
	report_free(r);
	letter_clear(&l);
}

static void
test_letters(void **state)
{
	static const char *const names[] = {"libreoffice", "libreoffice-a", "libreoffice-form",
	    "libreoffice-plain", "cairo", "cairo-14", "chromium", "ghostscript", "ghostscript-14",
	    "qpdf-14", "qpdf-20", "qpdf-linear", "qpdf-linear-streams", "qpdf-qdf", "qpdf-streams"};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (stamp(names[i]) != 0)
			fail_msg("%s is not stamped", names[i]);
		whole_way(names[i], i % 2 == 0 ? "Ditandatangani secara elektronik" : NULL);
	}
}

/* Another footer would break the signature: refused. */
static void
test_signed(void **state)
{
	struct letter l;
	FILE *f;

	(void)state;
	forge_base(&forge, &l);
	assert_int_equal(letter_rc(&l), RC_OK);
	(void)snprintf(out, sizeof(out), "%s/office/../stamped-in.pdf",
	    getenv("BUILD") != NULL ? getenv("BUILD") : "build");
	assert_non_null(f = fopen(out, "we"));
	assert_int_equal(fwrite(l.out.p, 1, l.out.len, f), l.out.len);
	assert_int_equal(fclose(f), 0);
	letter_clear(&l);
	out[strlen(out) - 6] = 'o';
	assert_int_equal(stamp("../stamped-in"), 2);
	assert_int_equal(access(out, F_OK), -1);
	out[strlen(out) - 6] = 'i';
	assert_int_equal(unlink(out), 0);
}

static int
come(void **state)
{
	const char *tmp = getenv("TMPDIR");

	(void)state;
	(void)snprintf(
	    out, sizeof(out), "%s/t_stamped.%d.pdf", tmp != NULL ? tmp : "/tmp", (int)getpid());
	return forge_open(&forge) ? 0 : -1;
}

static int
leave(void **state)
{
	(void)state;
	forge_close(&forge);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_letters), cmocka_unit_test(test_signed)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, come, leave);
}
