/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pages: the shipped templates and texts, hostile values, and files that are not right. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "caps.h"
#include "html.h"
#include "view.h"
#include "template.h"
#include "texts.h"
#include "when.h"
#include "words.h"

#define nitems(a)  (sizeof(a) / sizeof((a)[0]))
#define EVIL       "<script>alert(\"1\")</script>'&"
#define EVIL_SHOWN "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&apos;&amp;"

static const struct html_site site = {.version = "0123", .upload_max = CAP_UPLOAD};

static struct html *
shipped(void)
{
	struct html *h;
	char why[256];

	if (html_load(&h, "templates", &site, why, sizeof(why)) != RC_OK)
		fail_msg("%s", why);
	return h;
}

static char *
str(struct report *r, const char *s)
{
	return arena_str(r->arena, s, strlen(s));
}

/* A report with every field there is, every text hostile. */
static struct report *
evil(enum conclusion c)
{
	static enum check codes[] = {CHECK_DIGEST, CHECK_REVOCATION};
	struct report *r = report_new();
	struct report_sig *s;
	unsigned i;

	assert_non_null(r);
	r->conclusion = c;
	r->reasons = codes;
	r->nreasons = nitems(codes);
	r->document.name = str(r, EVIL);
	r->document.pdf_version = str(r, EVIL);
	r->policy_id = str(r, EVIL);
	r->nsigs = 2;
	r->sigs = s = arena_array(r->arena, 2, sizeof(*s));
	assert_non_null(s);
	for (i = 0; i < 2; i++, s++) {
		s->kind = KIND_SIGNATURE;
		s->status.ind = i == 0 ? IND_PASSED : IND_FAILED;
		s->field = s->sub_filter = s->digest = s->signature = str(r, EVIL);
		s->reason = s->location = s->contact = str(r, EVIL);
		s->signer.name = s->signer.organization = s->signer.title = str(r, EVIL);
		s->signer.dn = s->signer.serial_number = s->trust.anchor = str(r, EVIL);
		s->time.proven = s->time.claimed = 1760000000;
		s->revocation.at = s->revocation.this_update = WHEN_NONE;
		s->revocation.produced_at = WHEN_NONE;
	}
	r->nchecks = 1;
	r->checks = arena_array(r->arena, 1, sizeof(*r->checks));
	r->checks[0].id = CHECK_UNCHANGED;
	r->checks[0].result = RESULT_FAIL;
	r->checks[0].detail = str(r, EVIL);
	return r;
}

static size_t
count(const char *text, const char *what)
{
	size_t n = 0;

	for (; (text = strstr(text, what)) != NULL; text++)
		n++;
	return n;
}

static void
test_every_conclusion(void **state)
{
	struct html *h = shipped();
	struct html_request req = {LANG_ID, "/v/x"};
	struct report *r;
	struct buf b;
	unsigned c, l;

	(void)state;
	for (c = 0; c < CONCLUSION__MAX; c++)
		for (l = 0; l < LANG__MAX; l++) {
			req.lang = (enum lang)l;
			r = evil((enum conclusion)c);
			buf_init(&b, CAP_PAGE);
			assert_int_equal(html_result(h, &b, &req, r, "abc"), RC_OK);
			assert_null(strstr(buf_text(&b), "<script>"));
			assert_null(strstr(buf_text(&b), "{{"));
			assert_true(count(buf_text(&b), EVIL_SHOWN) > 20);
			assert_int_equal(count(buf_text(&b), "<h1"), 1);
			assert_non_null(strstr(buf_text(&b), "</html>"));
			assert_non_null(strstr(buf_text(&b), conclusion_name((enum conclusion)c)));
			buf_clear(&b);
			report_free(r);
		}
	html_free(h);
}

static void
test_an_empty_report(void **state)
{
	struct html *h = shipped();
	const struct html_request req = {LANG_EN, "/"};
	struct report *r = report_new();
	struct buf b;

	(void)state;
	buf_init(&b, CAP_PAGE);
	assert_int_equal(html_result(h, &b, &req, r, "abc"), RC_OK);
	assert_int_equal(html_home(h, &b, &req), RC_OK);
	assert_int_equal(html_error(h, &b, &req, 503), RC_OK);
	buf_clear(&b);
	/* No room for a page is our trouble, not half a page. */
	buf_init(&b, 2000);
	assert_int_equal(html_home(h, &b, &req), RC_TOOBIG);
	buf_clear(&b);
	report_free(r);
	html_free(h);
}

/* Which signature is the trouble, where not all are. */
static void
test_culprits(void **state)
{
	struct html *h = shipped();
	const struct html_request req = {LANG_EN, "/"};
	struct report *r = evil(CONCLUSION_INVALID);
	struct buf b;

	(void)state;
	r->sigs[1].signer.name = str(r, "Budi Contoh");
	buf_init(&b, CAP_PAGE);
	assert_int_equal(html_result(h, &b, &req, r, "abc"), RC_OK);
	assert_non_null(strstr(buf_text(&b), "Signature 2 (<bdi>Budi Contoh</bdi>)."));
	buf_clear(&b);
	r->sigs[0].status.ind = IND_FAILED;
	assert_int_equal(html_result(h, &b, &req, r, "abc"), RC_OK);
	assert_null(strstr(buf_text(&b), "class=\"culprits\""));
	buf_clear(&b);
	report_free(r);
	html_free(h);
}

/* --- what happened after signing --- */

static struct report_change form_value = {.level = MOD_FORM_FILLING,
    .kind = CHANGE_FIELD_VALUE,
    .allowed = true,
    .revision = 3,
    .place = {.page = 2}};
static struct report_change further = {.level = MOD_FORM_FILLING,
    .kind = CHANGE_SIGNATURE_ADDED,
    .allowed = true,
    .revision = 3,
    .place = {.page = 1}};
static struct report_change page_content = {
    .level = MOD_OTHER, .kind = CHANGE_PAGE_CONTENT, .revision = 3, .place = {.page = 1}};
static struct report_change note = {
    .level = MOD_ANNOTATIONS, .kind = CHANGE_ANNOTATION_ADDED, .revision = 3, .place = {.page = 1}};
static struct report_change evidence = {
    .level = MOD_LTA_UPDATES, .kind = CHANGE_EVIDENCE_ADDED, .allowed = true, .revision = 2};

/* One signature in revision 1, and what came later. */
static struct report *
later(enum conclusion c, struct report_change *changes, size_t n)
{
	struct report *r = report_new();
	struct report_sig *s;
	size_t i;

	assert_non_null(r);
	r->conclusion = c;
	r->nsigs = 1;
	r->sigs = s = arena_array(r->arena, 2, sizeof(*s));
	assert_non_null(s);
	s->kind = KIND_SIGNATURE;
	s->status.ind = c == CONCLUSION_VALID     ? IND_PASSED
			: c == CONCLUSION_INVALID ? IND_FAILED
						  : IND_INDETERMINATE;
	s->revision = 1;
	s->integrity = INTEGRITY_INTACT;
	s->coverage = COVERAGE_ENTIRE_REVISION;
	s->has_byte_range = true;
	s->byte_range[1] = 1000;
	s->byte_range[2] = 9000;
	s->byte_range[3] = 3345;
	s->signer.name = str(r, "Ani Contoh");
	s->time.proven = 1760000000;
	s->time.claimed = s->ltv_until = WHEN_NONE;
	s->modification = MOD_NONE;
	s->modification_allowed = true;
	s->changes = changes;
	s->nchanges = n;
	for (i = 0; i < n; i++) {
		if (changes[i].level > s->modification)
			s->modification = changes[i].level;
		s->modification_allowed &= changes[i].allowed;
	}
	return r;
}

/* All of `there` (separated by |) is on the page and nothing of `absent`. */
static void
says(struct report *r, enum lang lang, const char *there, const char *absent)
{
	struct html *h = shipped();
	const struct html_request req = {lang, "/v/x"};
	char *copy, *rest, *part;
	struct buf b;
	int pass;

	buf_init(&b, CAP_PAGE);
	assert_int_equal(html_result(h, &b, &req, r, "abc"), RC_OK);
	for (pass = 0; pass < 2; pass++) {
		rest = copy = strdup(pass == 0 ? there : absent);
		assert_non_null(copy);
		while ((part = strsep(&rest, "|")) != NULL)
			if (*part != '\0' && (strstr(buf_text(&b), part) != NULL) != (pass == 0))
				fail_msg("%s: %s", pass == 0 ? "not there" : "there", part);
		free(copy);
	}
	buf_clear(&b);
	html_free(h);
	report_free(r);
}

static void
test_unchanged_is_said_of_the_same_only(void **state)
{
	struct report_change two[] = {evidence, further};

	(void)state;
	says(later(CONCLUSION_VALID, NULL, 0), LANG_ID,
	    "Dokumen ini asli dan tidak berubah sejak ditandatangani.|"
	    "Tidak ada yang ditambahkan atau diubah.",
	    "class=\"steps\"|class=\"note version\"|id=\"notices\"");
	says(later(CONCLUSION_VALID, &evidence, 1), LANG_EN,
	    "genuine and unchanged since it was signed.|Long-term validation data (DSS) was added.|"
	    "Revision 2",
	    "added after signing|Not allowed");
	says(later(CONCLUSION_VALID, two, 2), LANG_ID,
	    "<h1 id=\"headline\" tabindex=\"-1\">Dokumen ini asli; setelah ditandatangani "
	    "ditambahkan: tanda tangan berikutnya.</h1>|Asli, dengan tambahan|Revisi 3|Diizinkan.",
	    "tidak berubah sejak|Tidak diizinkan");
}

static void
test_list_of_additions(void **state)
{
	struct report_change all[] = {further, form_value, note};
	struct report *r;

	(void)state;
	all[2].allowed = true;
	says(later(CONCLUSION_VALID, all, 3), LANG_EN,
	    "added after signing: a further signature, form entries and notes on the pages.|"
	    "class=\"verdict look-warning\"",
	    "class=\"verdict look-ok\"");
	r = later(CONCLUSION_VALID, all, 2);
	r->sigs[1] = r->sigs[0];
	r->sigs[1].nchanges = 0;
	r->sigs[1].revision = 3;
	r->sigs[1].modification = MOD_NONE;
	r->sigs[1].coverage = COVERAGE_ENTIRE_FILE;
	r->nsigs = 2;
	says(r, LANG_ID,
	    "ditambahkan: tanda tangan berikutnya dan isian formulir.|Melindungi seluruh berkas "
	    "ini.",
	    "");
}

static void
test_changes_have_a_place(void **state)
{
	struct report_change c = form_value;
	struct report *r;

	(void)state;
	c.allowed = false;
	r = later(CONCLUSION_INDETERMINATE, &c, 1);
	c.field = str(r, EVIL);
	says(r, LANG_ID,
	    "data-change=\"FIELD_VALUE\"|Isi kolom formulir diubah.|Kolom «<bdi>" EVIL_SHOWN
	    "</bdi>»|Halaman 2.|Izinnya tidak tertulis.|12.345 bita pertama",
	    "Diizinkan.");
}

/* What was signed is told where it is intact and the document is not. */
static void
test_the_signed_version(void **state)
{
	struct report *r = later(CONCLUSION_INVALID, &page_content, 1);
	enum check why = CHECK_CHANGED_AFTER_SIGNING;

	(void)state;
	r->reasons = &why;
	r->nreasons = 1;
	says(r, LANG_EN,
	    "This document was changed after it was signed.|The version that Ani Contoh signed "
	    "(revision 1) is intact: the first 12,345 bytes of this file.|Not allowed.|"
	    "The content of a page was changed.",
	    "Nothing allows it.");
	r = later(CONCLUSION_INVALID, &page_content, 1);
	r->sigs[0].integrity = INTEGRITY_BROKEN;
	says(r, LANG_EN, "What this signature protects is no longer intact.",
	    "is intact: the first");
}

/* Forbidden by a certification: the change alone would only be open. */
static void
test_forbidden_or_open(void **state)
{
	struct report_check check = {.id = CHECK_CERTIFICATION_VIOLATED, .result = RESULT_FAIL};
	struct report *r;

	(void)state;
	says(later(CONCLUSION_INDETERMINATE, &note, 1), LANG_EN, "Nothing allows it.",
	    "Not allowed.");
	r = later(CONCLUSION_INVALID, &note, 1);
	r->checks = &check;
	r->nchecks = 1;
	says(r, LANG_EN, "Not allowed.", "Nothing allows it.");
}

/* The same for many objects is told once, and a page has an end. */
static void
test_long_lists(void **state)
{
	static struct report_change many[200];
	struct report *r;
	size_t i;

	(void)state;
	for (i = 0; i < nitems(many); i++)
		many[i] = evidence;
	says(later(CONCLUSION_VALID, many, nitems(many)), LANG_EN, "Long-term validation data",
	    "remaining changes");
	for (i = 0; i < nitems(many); i++) {
		many[i] = page_content;
		many[i].place.page = (unsigned)i + 1;
	}
	r = later(CONCLUSION_INVALID, many, nitems(many));
	says(r, LANG_EN, "The remaining changes are in the JSON report.|Page 60.", "Page 61.");
}

static void
test_notices(void **state)
{
	struct report *r = later(CONCLUSION_VALID, NULL, 0);
	struct report_notice n[] = {{.kind = NOTICE_JAVASCRIPT, .revision = 1},
	    {.kind = NOTICE_OVERLAP, .revision = 1, .place = {.page = 7, .object = 3}},
	    {.kind = NOTICE_OVERLAP, .revision = 1, .place = {.page = 7, .object = 4}}};
	struct html *h = shipped();
	const struct html_request req = {LANG_ID, "/v/x"};
	struct buf b;

	(void)state;
	r->notices = n;
	r->nnotices = nitems(n);
	buf_init(&b, CAP_PAGE);
	assert_int_equal(html_result(h, &b, &req, r, "abc"), RC_OK);
	assert_int_equal(count(buf_text(&b), "data-notice=\"OVERLAP\""), 1);
	assert_int_equal(count(buf_text(&b), "data-notice=\"JAVASCRIPT\""), 1);
	buf_clear(&b);
	html_free(h);
	says(r, LANG_ID, "Yang perlu diketahui|Dokumen memuat skrip (JavaScript).|Halaman 7.", "");
}

/* The earliest end over all signatures, if something is proven of each. */
static void
test_horizon(void **state)
{
	struct report *r;
	unsigned over;

	(void)state;
	for (over = 0; over < 2; over++) {
		r = later(CONCLUSION_VALID, NULL, 0);
		r->validated_at = 1793491198 + 2 * over;
		r->sigs[0].ltv_until = 1850000000;
		r->sigs[0].ltv_weakest = CHECK_HORIZON_ANCHOR;
		r->sigs[1] = r->sigs[0];
		r->nsigs = 2;
		r->sigs[1].ltv_until = 1793491199;
		r->sigs[1].ltv_weakest = CHECK_HORIZON_TSA_CERTIFICATE;
		r->sigs[1].ltv_weakest_name = str(r, "TSA Contoh");
		says(r, LANG_ID,
		    over
			? "Bukti ini tidak lagi dapat diperiksa tanpa jaringan: sertifikat "
			  "otoritas "
			  "stempel waktu telah berakhir. Batas waktu: 1 November 2026, 06.59.59 "
			  "WIB (TSA Contoh)."
			: "Bukti ini dapat diperiksa tanpa jaringan sampai sertifikat otoritas "
			  "stempel waktu berakhir. Batas waktu: 1 November 2026, 06.59.59 WIB (TSA "
			  "Contoh).",
		    "jangkar kepercayaannya");
	}
	r = later(CONCLUSION_VALID, NULL, 0);
	r->sigs[0].ltv_weakest = CHECK_HORIZON_OPEN;
	says(r, LANG_EN, "without a network without a known end.", "It ends:");
	r = later(CONCLUSION_VALID, NULL, 0);
	r->sigs[1] = r->sigs[0];
	r->nsigs = 2;
	r->sigs[0].ltv_until = 1850000000;
	r->sigs[0].ltv_weakest = CHECK_HORIZON_ANCHOR;
	says(r, LANG_EN, "", "It ends:|checked without a network until its");
}

static const struct {
	enum lang lang;
	int64_t when;
	const char *text;
} times[] = {
    {LANG_ID, 0, "1 Januari 1970, 07.00.00 WIB"},
    {LANG_ID, 1793491199, "1 November 2026, 06.59.59 WIB"},
    {LANG_EN, 1793491200, "1 November 2026, 07:00:00 WIB (UTC+7)"},
    {LANG_ID, WHEN_NONE, ""},
    {LANG_ID, INT64_MAX, ""},
};

static const struct {
	enum lang lang;
	uint64_t bytes;
	const char *text;
} sizes[] = {
    {LANG_ID, 0, "0 bita"},
    {LANG_ID, 1023, "1023 bita"},
    {LANG_ID, 1024, "1 KB"},
    {LANG_ID, 1536, "1,5 KB"},
    {LANG_EN, 1536, "1.5 KB"},
    {LANG_EN, 204800, "200 KB"},
    {LANG_EN, 1048576, "1 MB"},
    {LANG_ID, CAP_UPLOAD, "64 MB"},
    {LANG_EN, UINT64_MAX, "17592186044415 MB"},
};

static void
test_words(void **state)
{
	struct texts *t[LANG__MAX] = {NULL};
	char why[256];
	struct buf b;
	size_t i;

	(void)state;
	assert_int_equal(
	    texts_load(&t[LANG_ID], "templates/locale/id.po", why, sizeof(why)), RC_OK);
	assert_int_equal(
	    texts_load(&t[LANG_EN], "templates/locale/en.po", why, sizeof(why)), RC_OK);
	buf_init(&b, 256);
	for (i = 0; i < nitems(times); i++) {
		words_time(&b, t[times[i].lang], times[i].when);
		assert_string_equal(buf_text(&b), times[i].text);
		buf_clear(&b);
	}
	for (i = 0; i < nitems(sizes); i++) {
		words_size(&b, t[sizes[i].lang], sizes[i].bytes);
		assert_string_equal(buf_text(&b), sizes[i].text);
		buf_clear(&b);
	}
	texts_free(t[LANG_ID]);
	texts_free(t[LANG_EN]);
}

/* --- files that are not right --- */

static const struct {
	const char *po;
	enum rc rc;
	const char *text; /* of key "k" */
} pos[] = {
    {"msgid \"\"\nmsgstr \"\"\n\"Language: id\\n\"\n\n# c\nmsgid \"k\"\nmsgstr \"v\"\n", RC_OK,
	"v"},
    {"msgid \"k\"\nmsgstr \"\"\n\"a \"\n\"b\\\"\\\\\\n\\t\"\n", RC_OK, "a b\"\\\n\t"},
    {"msgid \"k\"\r\nmsgstr \"v\"\r\n", RC_OK, "v"},
    {"", RC_OK, NULL},
    {"msgid \"k\"\nmsgstr \"\"\n", RC_FORMAT, NULL},
    {"msgid \"k\"\nmsgstr \"v\"\nmsgid \"k\"\nmsgstr \"w\"\n", RC_FORMAT, NULL},
    {"msgid \"k\"\n", RC_FORMAT, NULL},
    {"msgid \"k\"\nmsgid \"l\"\nmsgstr \"v\"\n", RC_FORMAT, NULL},
    {"msgstr \"v\"\n", RC_FORMAT, NULL},
    {"\"v\"\n", RC_FORMAT, NULL},
    {"msgid \"k\"\nmsgstr \"v\n", RC_FORMAT, NULL},
    {"msgid \"k\"\nmsgstr \"v\" x\n", RC_FORMAT, NULL},
    {"msgid \"k\"\nmsgstr \"\\q\"\n", RC_FORMAT, NULL},
    {"msgid \"k\"\nmsgstr \"\\", RC_FORMAT, NULL},
    {"msgid k\nmsgstr \"v\"\n", RC_FORMAT, NULL},
    {"msgctxt \"x\"\nmsgid \"k\"\nmsgstr \"v\"\n", RC_FORMAT, NULL},
};

static void
write_text(const char *path, const char *text)
{
	FILE *f = fopen(path, "we");

	assert_non_null(f);
	assert_int_equal(fputs(text, f) >= 0 && fclose(f) == 0, 1);
}

static const char *
scratch(void)
{
	static char dir[] = "/tmp/periksa-html.XXXXXX";
	static int made;

	if (!made++) {
		assert_non_null(mkdtemp(dir));
		assert_int_equal(chdir(dir), 0);
	}
	return dir;
}

static void
test_texts(void **state)
{
	struct texts *t = NULL;
	char why[256];
	size_t i;

	(void)state;
	scratch();
	for (i = 0; i < nitems(pos); i++) {
		write_text("t.po", pos[i].po);
		assert_int_equal(texts_load(&t, "t.po", why, sizeof(why)), pos[i].rc);
		if (pos[i].rc != RC_OK) {
			assert_null(t);
			assert_non_null(strstr(why, "line "));
			continue;
		}
		if (pos[i].text != NULL)
			assert_string_equal(texts_get(t, "k"), pos[i].text);
		else
			assert_null(texts_get(t, "k"));
		texts_free(t);
		t = NULL;
	}
	assert_int_equal(texts_load(&t, "nowhere.po", why, sizeof(why)), RC_IO);
	assert_null(t);
	/* A second file adds to the first; what it says again is refused. */
	write_text("t.po", "msgid \"a\"\nmsgstr \"1\"\n");
	write_text("u.po", "msgid \"b\"\nmsgstr \"2\"\n");
	assert_int_equal(texts_load(&t, "t.po", why, sizeof(why)), RC_OK);
	assert_int_equal(texts_load(&t, "u.po", why, sizeof(why)), RC_OK);
	assert_string_equal(texts_get(t, "a"), "1");
	assert_string_equal(texts_get(t, "b"), "2");
	assert_int_equal(texts_load(&t, "t.po", why, sizeof(why)), RC_FORMAT);
	texts_free(t);
	unlink("u.po");
	unlink("t.po");
}

static const struct {
	const char *page, *part;
	enum rc rc;
	const char *out;
} pages[] = {
    {"a {{> part}} c {{x}}", "b {{_ k}}", RC_OK, "a b &lt;v&gt; c &amp;x"},
    {"{{#on}}1{{/on}}{{^on}}2{{/on}}", "", RC_OK, "1"},
    {"{{#list}}{{x}},{{/list}}", "", RC_OK, "1,2,"},
    {"{{o.x}}{{nothing}}", "", RC_OK, "in"},
    {"{{_ nothing}}", "", RC_FORMAT, NULL},
    {"{{> nothing}}", "", RC_IO, NULL},
    {"{{> part}}", "{{> part}}", RC_TOOBIG, NULL},
    {"{{#on}}", "", RC_FORMAT, NULL},
    {"{{x", "", RC_FORMAT, NULL},
};

static void
fill(struct fields *f)
{
	fields_text(f, "x", "&x");
	fields_flag(f, "on", true);
	fields_text(fields_item(f, "list"), "x", "1");
	fields_text(fields_item(f, "list"), "x", "2");
	fields_text(fields_object(f, "o"), "x", "in");
	fields_text(f, "nothing", NULL);
}

static void
test_pages(void **state)
{
	struct fields *f = fields_new();
	struct texts *t = NULL;
	struct view *v;
	struct buf b;
	char why[256];
	size_t i;

	(void)state;
	scratch();
	write_text("t.po", "msgid \"k\"\nmsgstr \"<v>\"\n");
	assert_int_equal(texts_load(&t, "t.po", why, sizeof(why)), RC_OK);
	fill(f);
	for (i = 0; i < nitems(pages); i++) {
		write_text("page.html", pages[i].page);
		write_text("part.html", pages[i].part);
		assert_int_equal(view_load(&v, ".", "page", t, why, sizeof(why)), pages[i].rc);
		if (pages[i].rc != RC_OK) {
			assert_null(v);
			continue;
		}
		buf_init(&b, 1000);
		assert_int_equal(template_render(v, f, &b), RC_OK);
		assert_string_equal(buf_text(&b), pages[i].out);
		buf_clear(&b);
		template_free(v);
	}
	fields_free(f);
	texts_free(t);
	unlink("t.po");
	unlink("page.html");
	unlink("part.html");
	assert_int_equal(chdir("/"), 0);
	rmdir(scratch());
}

static const struct {
	const char *name;
	enum conclusion conclusion;
	bool offline;
	enum lookup_outcome outcome;
	const char *host;
	int64_t retry;
	enum lang lang;
	const char *has, *has_not; /* separated by | */
} lacks[] = {
    {"unreachable, with a time", CONCLUSION_INDETERMINATE, false, LOOKUP_UNREACHABLE,
	"ocsp.example.id", 1793491199, LANG_ID,
	"Jawaban yang belum ada|<code class=\"host\">ocsp.example.id</code></b>: tidak terjangkau."
	"|Itu bukan kesalahan dokumen.|Periksa lagi setelah 1 November 2026, 06.59.59 WIB."
	"|Ditanya pada 1 November 2026, 06.58.00 WIB.|href=\"/status\">Cuaca kepercayaan: "
	"|<li>Periksa dokumen ini lagi nanti: ",
	"id=\"not-asked\"|Periksa lagi beberapa menit lagi."},
    {"slow, without a time", CONCLUSION_INDETERMINATE, false, LOOKUP_SLOW, "ocsp.example.id",
	WHEN_NONE, LANG_EN,
	"An answer is missing|did not answer in time.|Check again in a few minutes."
	"|href=\"/status?lang=en\">Trust weather: ",
	"Check again after"},
    {"not of those that pass", CONCLUSION_INDETERMINATE, false, LOOKUP_SCHEME, NULL, WHEN_NONE,
	LANG_EN, "<bdi>CA Contoh</bdi></b>: its address is not one of the web",
	"Check again after|Check again in a few|Check this document again later"},
    {"our own trouble", CONCLUSION_INDETERMINATE, false, LOOKUP_NOBODY, NULL, WHEN_NONE, LANG_EN,
	"our own service that asks is not available.|Check again in a few minutes.",
	"Check again after"},
    {"offline", CONCLUSION_INDETERMINATE, true, LOOKUP_OPEN, NULL, WHEN_NONE, LANG_EN,
	"id=\"not-asked\">This check did not ask the network", "An answer is missing"},
    {"not needed", CONCLUSION_VALID, false, LOOKUP_UNREACHABLE, "ocsp.example.id", WHEN_NONE,
	LANG_EN, "unreachable", "An answer is missing|not-asked|Check again"},
};

/* Who did not answer, that it is not the document's fault, and when to come again. */
static void
test_lack(void **state)
{
	struct report_want *w;
	struct report *r;
	size_t i, k;

	(void)state;
	for (i = 0; i < nitems(lacks); i++) {
		print_message("# %s\n", lacks[i].name);
		r = later(lacks[i].conclusion, NULL, 0);
		r->offline = lacks[i].offline;
		r->nwanted = 2;
		assert_non_null(w = arena_array(r->arena, 2, sizeof(*w)));
		r->wanted = w;
		for (k = 0; k < 2; k++, w++) {
			w->kind = WANT_OCSP;
			w->issuer = str(r, "CA Contoh");
			w->url = str(r, "http://ocsp.example.id/");
			w->outcome = lacks[i].outcome;
			w->host = lacks[i].host != NULL ? str(r, lacks[i].host) : NULL;
			w->asked = lacks[i].host != NULL ? 1793491080 : WHEN_NONE;
			w->retry = lacks[i].retry;
		}
		says(r, lacks[i].lang, lacks[i].has, lacks[i].has_not);
	}
}

/* LTV: what came over the network is not in the document. */
static void
test_online(void **state)
{
	struct report *r = later(CONCLUSION_VALID, NULL, 0);

	(void)state;
	r->sigs[0].revocation.source = SOURCE_ONLINE;
	r->sigs[0].revocation.asked = 1793491199;
	says(r, LANG_ID, ">Tidak tertanam, diperiksa daring pada 1 November 2026, 06.59.59 WIB.",
	    "~");
	r = later(CONCLUSION_VALID, NULL, 0);
	r->sigs[0].revocation.source = SOURCE_ONLINE;
	r->sigs[0].revocation.asked = 1793491199;
	says(r, LANG_EN, ">Not embedded, checked online at 1 November 2026, 06:59:59 WIB", "~");
	r = later(CONCLUSION_VALID, NULL, 0);
	r->sigs[0].revocation.source = SOURCE_EMBEDDED;
	says(r, LANG_EN, "", "checked online");
}

#define NOW 1793491199

static const struct {
	const char *name;
	struct sky sky;
	struct sky_host host;
	const char *id, *en, *json; /* separated by |; a text with ! in front must not be there */
} skies[] = {
    {"answers", {NOW, true, true, NULL, 1},
	{"ocsp.example.id", NOW - 180, WHEN_NONE, WHEN_NONE, LOOKUP_OPEN, 0, 1234, 0, 87},
	"data-state=\"answers\"|>menjawab<|(3 menit lalu)|87 ms|jawaban: 1.234, kegagalan: 0"
	"|!Kegagalan terakhir|!Ditanya lagi|bukan kesalahan surat",
	">answers<|(3 minutes ago)|answers: 1,234, failures: 0|!{{",
	"\"online\":true|\"host\":\"ocsp.example.id\",\"state\":\"answers\",\"answered_at\":"
	"\"2026-10-31T23:56:59Z\",\"age_seconds\":180,\"latency_ms\":87,\"failed_at\":null,"
	"\"failure\":null,\"failures\":0,\"answers_24h\":1234,\"failures_24h\":0,"
	"\"retry_at\":null"},
    {"slow", {NOW, true, true, NULL, 1},
	{"ocsp.example.id", NOW - 1, NOW - 7200, WHEN_NONE, LOOKUP_SLOW, 0, 3, 1, 3900},
	"data-state=\"slow\"|>lambat<|(1 detik lalu)|(2 jam lalu)", ">slow<|(1 second ago)",
	"\"state\":\"slow\"|\"failure\":\"too_slow\""},
    {"silent", {NOW, true, true, NULL, 1},
	{"crl.example.id:8080", NOW - 86400, NOW - 5, NOW + 25, LOOKUP_UNREACHABLE, 4, 9, 4, 87},
	"tidak menjawab sejak 31 Oktober 2026, 06.59.59 WIB|(tidak terjangkau)"
	"|Ditanya lagi paling cepat|1 November 2026, 07.00.24 WIB",
	"does not answer since 31 October 2026|(can&apos;t be reached)|(1 day ago)",
	"\"state\":\"silent\"|\"retry_at\":\"2026-11-01T00:00:24Z\"|\"failures\":4"},
    {"never", {NOW, true, true, NULL, 1},
	{"ocsp.example.id", WHEN_NONE, NOW - 5, NOW - 1, LOOKUP_SLOW, 1, 0, 1, 0},
	"belum pernah menjawab|belum pernah</dd>|!Ditanya lagi", "has never answered|! ms<",
	"\"answered_at\":null,\"age_seconds\":null,\"latency_ms\":null"},
    {"useless", {NOW, true, true, NULL, 1},
	{"ocsp.example.id", WHEN_NONE, NOW - 5, WHEN_NONE, LOOKUP_UNAUTHENTIC, 1, 0, 1, 0},
	"jawabannya belum pernah dapat dipakai", "its answer is not proven to be genuine",
	"\"state\":\"useless\""},
    {"hostile", {NOW, true, true, NULL, 1},
	{EVIL, NOW, WHEN_NONE, WHEN_NONE, LOOKUP_OPEN, 0, 0, 0, 0}, EVIL_SHOWN "|!<script>alert",
	EVIL_SHOWN, "\\\"1\\\""},
    {"nobody yet", {NOW, true, true, NULL, 0}, {0}, "Belum ada server yang pernah ditanya.",
	"No server has been asked yet.", "\"hosts\":[]"},
    {"not known", {NOW, true, false, NULL, 0}, {0}, "sedang tidak dapat dibaca", "read just now",
	"\"known\":false"},
    {"offline", {NOW, false, true, NULL, 0}, {0}, "tidak bertanya ke jaringan|!Belum ada server",
	"does not ask the network", "\"online\":false"},
};

static void
check_text(const char *text, const char *all)
{
	char list[1024], *rest = list, *one;

	assert_true(strlen(all) < sizeof(list));
	memcpy(list, all, strlen(all) + 1);
	while ((one = strsep(&rest, "|")) != NULL)
		if (*one == '!' ? strstr(text, one + 1) != NULL : strstr(text, one) == NULL)
			fail_msg("%s in %s", one, text);
}

static void
test_sky(void **state)
{
	struct html *h = shipped();
	struct html_request req = {LANG_ID, "/status"};
	struct sky sky;
	struct buf b;
	unsigned l;
	size_t i;

	(void)state;
	for (i = 0; i < nitems(skies); i++) {
		print_message("# %s\n", skies[i].name);
		sky = skies[i].sky;
		sky.hosts = &skies[i].host;
		for (l = 0; l < LANG__MAX; l++) {
			req.lang = (enum lang)l;
			buf_init(&b, CAP_PAGE);
			assert_int_equal(html_status(h, &b, &req, &sky), RC_OK);
			check_text(buf_text(&b), l == LANG_ID ? skies[i].id : skies[i].en);
			buf_clear(&b);
		}
		buf_init(&b, CAP_PAGE);
		sky_json(&b, &sky);
		assert_int_equal(buf_rc(&b), RC_OK);
		check_text(buf_text(&b), skies[i].json);
		buf_clear(&b);
	}
	html_free(h);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_every_conclusion),
	    cmocka_unit_test(test_an_empty_report),
	    cmocka_unit_test(test_culprits),
	    cmocka_unit_test(test_unchanged_is_said_of_the_same_only),
	    cmocka_unit_test(test_list_of_additions),
	    cmocka_unit_test(test_changes_have_a_place),
	    cmocka_unit_test(test_the_signed_version),
	    cmocka_unit_test(test_forbidden_or_open),
	    cmocka_unit_test(test_long_lists),
	    cmocka_unit_test(test_notices),
	    cmocka_unit_test(test_horizon),
	    cmocka_unit_test(test_lack),
	    cmocka_unit_test(test_online),
	    cmocka_unit_test(test_sky),
	    cmocka_unit_test(test_words),
	    cmocka_unit_test(test_texts),
	    cmocka_unit_test(test_pages),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
