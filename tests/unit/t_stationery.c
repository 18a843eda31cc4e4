/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Templates and wordings as shipped, and folders that somebody spoiled. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "caps.h"
#include "stationery.h"

#define SHIPPED "templates/paper"

static char dir[] = "/tmp/t_stationery.XXXXXX";
static char why[512];

static void
write_file(const char *name, const char *text, size_t len)
{
	char path[256];
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	assert_non_null(f = fopen(path, "we"));
	assert_int_equal(fwrite(text, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
}

static void
write_text(const char *name, const char *text)
{
	write_file(name, text, strlen(text));
}

static void
empty_folder(void)
{
	char path[512];
	struct dirent *e;
	DIR *d = opendir(dir);

	assert_non_null(d);
	while ((e = readdir(d)) != NULL)
		if (e->d_name[0] != '.') {
			(void)snprintf(path, sizeof(path), "%s/%s", dir, e->d_name);
			assert_int_equal(remove(path), 0);
		}
	closedir(d);
}

/* The least that is accepted. */
static int
fill_folder(void **state)
{
	(void)state;
	empty_folder();
	write_text("footer.svg", "<svg/>");
	write_text("specimen.svg", "<svg />");
	write_text("wordings.conf", "[F1]\ntext = one\nsource = a\n\n[Own]\ntext = two\n");
	return 0;
}

static struct stationery *
load(const char *from)
{
	struct stationery *s;

	if (stationery_load(&s, from, why, sizeof(why)) != RC_OK)
		fail_msg("%s", why);
	return s;
}

static void
refused(enum rc rc, const char *words)
{
	struct stationery *s = (struct stationery *)-1;

	assert_int_equal(stationery_load(&s, dir, why, sizeof(why)), rc);
	assert_null(s);
	if (strstr(why, words) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", why, words);
}

static void
is(const struct paper_job *job, enum paper_part part, const char *text)
{
	assert_int_equal(job->part[part].len, strlen(text));
	assert_memory_equal(job->part[part].p, text, strlen(text));
}

/* --- as shipped --- */

static void
test_shipped(void **state)
{
	struct stationery *s = load(SHIPPED);
	const struct stationery_wording *w;
	size_t i;

	(void)state;
	assert_string_equal(stationery_template(s, "footer", 0), "footer");
	assert_string_equal(stationery_template(s, "specimen", 0), "specimen");
	assert_string_equal(stationery_template(s, "specimen", 1), "specimen-bsre");
	assert_null(stationery_template(s, "specimen", 2));
	assert_null(stationery_template(s, "logo", 0));
	w = stationery_find(s, "F1");
	assert_non_null(w);
	assert_ptr_equal(w, stationery_wording(s, 0));
	assert_string_equal(w->text,
	    "Dokumen ini telah ditandatangani secara elektronik menggunakan sertifikat elektronik "
	    "yang diterbitkan oleh Balai Sertifikasi Elektronik (BSrE), Badan Siber dan Sandi "
	    "Negara (BSSN)");
	for (i = 0; (w = stationery_wording(s, i)) != NULL; i++) {
		assert_true(w->text[0] != '\0' && w->source[0] != '\0' && w->sumber[0] != '\0');
		assert_int_equal(w->note[0] == '\0', w->catatan[0] == '\0');
		assert_ptr_equal(stationery_source(w, true), w->source);
		assert_ptr_equal(stationery_source(w, false), w->sumber);
		assert_ptr_equal(stationery_note(w, true), w->note);
		assert_ptr_equal(stationery_note(w, false), w->catatan);
		assert_ptr_equal(stationery_find(s, w->name), w);
	}
	assert_int_equal(i, 7);
	assert_null(stationery_find(s, "f1"));
	stationery_free(s);
	stationery_free(NULL);
}

/* --- spoiled --- */

static void
test_missing(void **state)
{
	char path[256];

	(void)state;
	(void)snprintf(path, sizeof(path), "%s/wordings.conf", dir);
	assert_int_equal(unlink(path), 0);
	refused(RC_IO, "wordings.conf");
	write_text("wordings.conf", "[F2]\ntext = t\n");
	refused(RC_FORMAT, "no [F1]");
	write_text("wordings.conf", "[F1]\ntext = t\n");
	(void)snprintf(path, sizeof(path), "%s/footer.svg", dir);
	assert_int_equal(unlink(path), 0);
	refused(RC_FORMAT, "footer.svg");
	write_text("footer.svg", "<svg/>");
	(void)snprintf(path, sizeof(path), "%s/specimen.svg", dir);
	assert_int_equal(unlink(path), 0);
	refused(RC_FORMAT, "specimen.svg");
}

static void
test_wordings(void **state)
{
	static const struct {
		const char *text, *why;
	} bad[] = {
	    {"text = t\n[F1]\ntext = t\n", "before the first"},
	    {"[F1]\ntext = t\n[F1]\ntext = u\n", "one name"},
	    {"[F1]\ntext = t\n[../x]\ntext = u\n", "letters, digits"},
	    {"[F1]\ntext = t\n[]\ntext = u\n", "letters, digits"},
	    {"[F1]\ntext = t\n[F2]\nsource = s\n", "without text"},
	    {"[F1]\ntext =\n", "without text"},
	    {"[F1]\ntext = t\nnotes = s\n", "none of text"},
	    {"[F1]\ntext = t\nhello\n", "neither"},
	    {"[F1\ntext = t\n", "neither"},
	    {"", "no [F1]"},
	};
	char many[4096] = "[F1]\ntext = t\n";
	size_t i, len;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		write_text("wordings.conf", bad[i].text);
		refused(RC_FORMAT, bad[i].why);
	}
	/* A NUL ends the text, and with it the file. */
	write_file("wordings.conf", "[F2]\ntext = t\n\0[F1]\ntext = t\n", 29);
	refused(RC_FORMAT, "no [F1]");
	for (i = 1; i <= CAP_WORDINGS; i++) {
		len = strlen(many);
		(void)snprintf(many + len, sizeof(many) - len, "[W%zu]\ntext = t\n", i);
	}
	write_text("wordings.conf", many);
	refused(RC_TOOBIG, "too many");
}

static void
test_too_big(void **state)
{
	char *big = calloc(1, CAP_PAPER_LOGO + 1);

	(void)state;
	assert_non_null(big);
	memset(big, ' ', CAP_PAPER_LOGO);
	write_file("big.svg", big, CAP_PAPER_TEMPLATE + 1);
	refused(RC_TOOBIG, "big.svg");
	write_file("big.svg", big, CAP_PAPER_TEMPLATE);
	stationery_free(load(dir));
	write_file("logo.png", big, CAP_PAPER_LOGO + 1);
	refused(RC_TOOBIG, "logo.png");
	write_file("logo.png", big, CAP_PAPER_LOGO);
	stationery_free(load(dir));
	write_file("wordings.conf", big, CAP_WORDINGS_CONF + 1);
	refused(RC_TOOBIG, "wordings.conf");
	big[CAP_PAPER_TEXT + 1] = '\0';
	memset(big, 'x', CAP_PAPER_TEXT + 1);
	memcpy(big, "[F1]\ntext=", 10);
	write_text("wordings.conf", big);
	stationery_free(load(dir));
	free(big);
}

static void
test_names(void **state)
{
	char path[256];

	(void)state;
	write_text("foot er.svg", "<svg/>");
	refused(RC_FORMAT, "letters, digits");
	empty_folder();
	(void)fill_folder(NULL);
	write_text("README.md", "not a template");
	write_text("note.svg~", "not a template");
	(void)snprintf(path, sizeof(path), "%s/dir.svg", dir);
	assert_int_equal(mkdir(path, 0700), 0);
	refused(RC_FORMAT, "dir.svg");
	assert_int_equal(rmdir(path), 0);
	stationery_free(load(dir));
}

/* --- addresses --- */

static void
test_address(void **state)
{
	static const struct {
		const char *url, *address;
	} rows[] = {
	    {"https://periksa.example.id", "https://periksa.example.id/d/0ID"},
	    {"https://periksa.example.id/", "https://periksa.example.id/d/0ID"},
	    {"https://periksa.example.id/surat//", "https://periksa.example.id/surat/d/0ID"},
	    {"http://127.0.0.1:8080", "http://127.0.0.1:8080/d/0ID"},
	    {"http://[::1]:8080", "http://[::1]:8080/d/0ID"},
	    {"", NULL},
	    {"https://", NULL},
	    {"https:///", NULL},
	    {"https://:80", NULL},
	    {"ftp://periksa.example.id", NULL},
	    {"javascript:alert(1)", NULL},
	    {"periksa.example.id", NULL},
	    {"https://periksa.example.id/?q=", NULL},
	    {"https://periksa.example.id/#", NULL},
	    {"https://periksa.example.id/ ", NULL},
	    {"https://periksa.example.id/\n", NULL},
	    {"https://p\xc3\xa9riksa.example.id", NULL},
	};
	char url[CAP_PAPER_ADDRESS + 8] = "https://";
	struct buf b;
	size_t i, fits = CAP_PAPER_ADDRESS - 3 - 3; /* "/d/" and the id */

	(void)state;
	buf_init(&b, 1024);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		buf_clear(&b);
		assert_int_equal(
		    stationery_address(&b, rows[i].url, "0ID"), rows[i].address != NULL);
		assert_string_equal(buf_text(&b), rows[i].address != NULL ? rows[i].address : "");
	}
	buf_clear(&b);
	assert_false(stationery_address(&b, "https://a.id", "../x"));
	assert_false(stationery_address(&b, "https://a.id", ""));
	memset(url + 8, 'a', fits + 1 - 8);
	assert_false(stationery_address(&b, url, "0ID"));
	assert_int_equal(b.len, 0);
	url[fits] = '\0';
	assert_true(stationery_address(&b, url, "0ID"));
	assert_int_equal(b.len, CAP_PAPER_ADDRESS);
	buf_clear(&b);
}

/* --- jobs --- */

static void
test_footer(void **state)
{
	static const uint8_t seal[] = "<svg id='seal'/>";
	struct letterhead head = {.wording = "", .text = "own"};
	struct stationery_footer f = {.address = "https://a.id/d/1", .id = "1"};
	struct paper_job job = {.kind = PAPER_FOOTER, .dpi = 300};
	struct stationery *s;

	(void)state;
	write_text("logo.svg", "<svg id='house'/>");
	write_text("footer-b.svg", "<svg b=''/>");
	s = load(dir);
	assert_int_equal(stationery_footer(s, &f, &job), RC_OK);
	is(&job, PAPER_TEMPLATE, "<svg/>");
	is(&job, PAPER_WORDING, "one");
	is(&job, PAPER_ADDRESS, "https://a.id/d/1");
	is(&job, PAPER_ID, "1");
	is(&job, PAPER_AGENCY, "");
	is(&job, PAPER_LOGO, "");
	assert_int_equal(job.kind, PAPER_FOOTER);
	assert_int_equal(job.dpi, 300);

	f.head = &head;
	f.agency_name = "Dinas";
	f.model = "footer-b";
	f.logo = true;
	assert_int_equal(stationery_footer(s, &f, &job), RC_OK);
	is(&job, PAPER_TEMPLATE, "<svg b=''/>");
	is(&job, PAPER_WORDING, "own");
	is(&job, PAPER_AGENCY, "Dinas");
	head.code = "Dinas"; /* nobody has named it */
	assert_int_equal(stationery_footer(s, &f, &job), RC_OK);
	is(&job, PAPER_AGENCY, "");
	head.code = "DINAS";
	assert_int_equal(stationery_footer(s, &f, &job), RC_OK);
	is(&job, PAPER_AGENCY, "Dinas");
	is(&job, PAPER_LOGO, "<svg id='house'/>");
	head.wording = "Own";
	head.logo = seal;
	head.logo_len = sizeof(seal) - 1;
	assert_int_equal(stationery_footer(s, &f, &job), RC_OK);
	is(&job, PAPER_WORDING, "two");
	is(&job, PAPER_LOGO, "<svg id='seal'/>");
	f.wording = "F1";
	assert_int_equal(stationery_footer(s, &f, &job), RC_OK);
	is(&job, PAPER_WORDING, "one");
	f.text = "once";
	assert_int_equal(stationery_footer(s, &f, &job), RC_OK);
	is(&job, PAPER_WORDING, "once");
	f.logo = false;
	assert_int_equal(stationery_footer(s, &f, &job), RC_OK);
	is(&job, PAPER_LOGO, "");

	f.text = NULL;
	f.wording = "F9";
	assert_int_equal(stationery_footer(s, &f, &job), RC_ABSENT);
	f.wording = NULL;
	f.model = "../footer";
	assert_int_equal(stationery_footer(s, &f, &job), RC_ABSENT);
	stationery_free(s);
}

static void
test_specimen(void **state)
{
	static const uint8_t seal[] = "<svg id='seal'/>";
	const struct register_signer signer = {"Kepala", "Ani", ""};
	struct letterhead head = {.logo = seal, .logo_len = sizeof(seal) - 1};
	struct paper_job job = {.kind = PAPER_SPECIMEN};
	struct stationery *s;

	(void)state;
	write_text("logo.png", "house");
	s = load(dir);
	assert_int_equal(stationery_specimen(s, NULL, &signer, false, NULL, &job), RC_OK);
	is(&job, PAPER_TEMPLATE, "<svg />");
	is(&job, PAPER_TITLE, "Kepala");
	is(&job, PAPER_NAME, "Ani");
	is(&job, PAPER_RANK, "");
	is(&job, PAPER_LOGO, "house");
	assert_int_equal(stationery_specimen(s, "specimen", &signer, false, &head, &job), RC_OK);
	is(&job, PAPER_LOGO, "<svg id='seal'/>");
	assert_int_equal(stationery_specimen(s, "none", &signer, false, NULL, &job), RC_ABSENT);
	stationery_free(s);
}

static int
leave(void **state)
{
	(void)state;
	empty_folder();
	return rmdir(dir);
}

static int
come(void **state)
{
	(void)state;
	return mkdtemp(dir) == NULL;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_shipped),
	    cmocka_unit_test_setup(test_missing, fill_folder),
	    cmocka_unit_test_setup(test_wordings, fill_folder),
	    cmocka_unit_test_setup(test_too_big, fill_folder),
	    cmocka_unit_test_setup(test_names, fill_folder),
	    cmocka_unit_test(test_address),
	    cmocka_unit_test_setup(test_footer, fill_folder),
	    cmocka_unit_test_setup(test_specimen, fill_folder),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, come, leave);
}
