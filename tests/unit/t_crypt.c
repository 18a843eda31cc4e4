/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Encrypted files: every handler that opens, everything that does not, and what looks like
 * a signature beside it. */
#include "cryptmake.h"
#include "when.h"

#define nitems(a) (sizeof(a) / sizeof((a)[0]))

/* RFC 6229: the first 16 octets and those from 4096. */
static void
rc4(void **state)
{
	static const struct {
		unsigned len;
		const char *at0, *at4096;
	} table[] = {
	    {5, "\xb2\x39\x63\x05\xf0\x3d\xc0\x27\xcc\xc3\x52\x4a\x0a\x11\x18\xa8",
		"\xff\x25\xb5\x89\x95\x99\x67\x07\xe5\x1f\xbd\xf0\x8b\x34\xd8\x75"},
	    {7, "\x29\x3f\x02\xd4\x7f\x37\xc9\xb6\x33\xf2\xaf\x52\x85\xfe\xb4\x6b",
		"\xe7\x4b\x0b\x97\x31\x22\x7f\xd3\x7c\x0e\xc0\x8a\x47\xdd\xd8\xb8"},
	    {16, "\x9a\xc7\xcc\x9a\x60\x9d\x1e\xf7\xb2\x93\x28\x99\xcd\xe4\x1b\x97",
		"\xa3\x6a\x4c\x30\x1a\xe8\xac\x13\x61\x0c\xcb\xc1\x22\x56\xca\xcc"},
	};
	static uint8_t zeros[4112], out[4112];
	uint8_t key[16];
	struct rc4 r;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(key); i++)
		key[i] = (uint8_t)(i + 1);
	for (i = 0; i < nitems(table); i++) {
		rc4_init(&r, key, table[i].len);
		rc4_run(&r, zeros, out, sizeof(out));
		assert_memory_equal(out, table[i].at0, 16);
		assert_memory_equal(out + 4096, table[i].at4096, 16);
	}
}

/* --- files --- */

static const struct {
	const char *name;
	struct cm c;
} schemes[] = {
    {"RC4 40, R 2", {.v = 1, .r = 2, .key_len = 5}},
    {"RC4 40, R 3", {.v = 1, .r = 3, .key_len = 5}},
    {"RC4 56, R 3", {.v = 2, .r = 3, .key_len = 7}},
    {"RC4 128, R 3", {.v = 2, .r = 3, .key_len = 16}},
    {"RC4 128, R 4", {.v = 4, .r = 4, .key_len = 16}},
    {"AES 128, R 4", {.v = 4, .r = 4, .key_len = 16, .aes = true}},
    {"AES 128, R 4, metadata clear",
	{.v = 4, .r = 4, .key_len = 16, .aes = true, .clear_metadata = true}},
    {"AES 256, R 5", {.v = 5, .r = 5, .key_len = 32, .aes = true}},
    {"AES 256, R 6", {.v = 5, .r = 6, .key_len = 32, .aes = true}},
    {"AES 256, R 6, metadata clear",
	{.v = 5, .r = 6, .key_len = 32, .aes = true, .clear_metadata = true}},
};

#define AES256 8 /* of them */
#define AES128 5
#define RC4    3

#define ID      "/ID[(" CM_ID ")(x)]"
#define TRAILER ID "/Encrypt 9 0 R"
#define SIG     "/SubFilter/ETSI.CAdES.detached"

/* A signed page, its dictionary in object 9; the signature's texts are encrypted. */
static void
made(struct pm *m, const struct cm *c, const char *more)
{
	struct buf b, sig;

	pm_init(m);
	pm_obj(m, 9, cm_dict(c, &b, more));
	buf_clear(&b);
	pm_obj(m, 1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R]/SigFlags 3>>>>");
	pm_obj(m, 2, "<</Type/Pages/Kids[3 0 R]/Count 1>>");
	pm_obj(
	    m, 3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R/Annots[5 0 R]>>");
	cm_stream(c, m, 4, "", "0 0 m", 5, 1);
	cm_obj(c, m, 5,
	    "<</Type/Annot/Subtype/Widget/FT/Sig/T\1first\2/Rect[0 0 0 0]/P 3 0 R/V 6 0 R>>");
	buf_init(&sig, 4096);
	buf_str(&sig, SIG "/M");
	cm_string(c, &sig, 6, "D:20261101000000Z");
	buf_str(&sig, "/Reason");
	cm_string(c, &sig, 6, "Why");
	buf_str(&sig, "/Name()"); /* an empty string is left as it is */
	pm_sig(m, 6, buf_text(&sig));
	buf_clear(&sig);
	pm_end(m, TRAILER);
}

static struct arena *
survey(const struct pm *m, struct pdf_survey *out, const char *password)
{
	struct pdf_bytes pw = {(const uint8_t *)password, password == NULL ? 0 : strlen(password)};
	struct arena *arena = arena_new(64u << 20);
	struct source src;
	uint8_t *p = arena_dup(arena, m->b.p, m->b.len);

	assert_non_null(p);
	source_memory(&src, p, m->b.len);
	assert_int_equal(pdf_survey(out, arena, &src, password == NULL ? NULL : &pw), RC_OK);
	return arena;
}

static void
is_open(const struct pdf_survey *s)
{
	const struct pdf_sig *g = &s->sigs[0];

	assert_true(s->encrypted);
	assert_false(s->locked);
	assert_false(s->password_wrong);
	assert_int_equal(s->nfindings, 0);
	assert_int_equal(s->status, PDF_READ);
	assert_true(s->nsigs >= 1);
	assert_int_equal(g->nfindings, 0);
	assert_string_equal(g->field, "first");
	assert_string_equal(g->reason, "Why");
	assert_string_equal(g->name, "");
	assert_true(g->m == when_from_utc(2026, 11, 1, 0, 0, 0));
	/* never encrypted */
	assert_int_equal(g->contents.len, 32);
	assert_memory_equal(g->contents.p, "\x30\x03\x02\x01\x01\x00", 6);
	assert_int_equal(g->page, 1);
}

/* Intact and alone in its file it can be judged all the same; its texts can not be read. */
static void
is_closed(const struct pdf_survey *s, bool wrong)
{
	const struct pdf_sig *g = &s->sigs[0];

	assert_true(s->encrypted);
	assert_int_equal(s->password_wrong, wrong);
	assert_int_equal(s->status, PDF_READ);
	assert_int_equal(s->nsigs, 1);
	assert_int_equal(g->coverage, PDF_COVERAGE_FILE);
	assert_int_equal(g->modification, PDF_MOD_NONE);
	assert_null(g->field);
	assert_null(g->reason);
	assert_true(g->m == WHEN_NONE);
	assert_int_equal(g->contents.len, 32);
}

/* Each handler with its user's and its owner's password, and with none. */
static void
passwords(void **state)
{
	static const char *const users[] = {"", "buka", "k\xc3\xa4ta sandi"};
	static const char long_one[] =
	    "a password of more than thirty-two octets, all of which count";
	struct pdf_survey s;
	struct arena *arena;
	struct cm c;
	struct pm m;
	size_t i, k;

	(void)state;
	for (i = 0; i < nitems(schemes); i++) {
		for (k = 0; k < nitems(users); k++) {
			c = schemes[i].c;
			/* The old ones know no UTF-8. */
			cm_init(&c, k == 2 && c.v < 5 ? "k\xe4ta sandi" : users[k], long_one);
			made(&m, &c, "");
			print_message("# %s, \"%s\"\n", schemes[i].name, users[k]);
			arena = survey(&m, &s, users[k]);
			is_open(&s);
			arena_free(arena);
			arena = survey(&m, &s, long_one);
			is_open(&s);
			arena_free(arena);
			arena = survey(&m, &s, NULL);
			if (k == 0)
				is_open(&s);
			else
				is_closed(&s, false);
			arena_free(arena);
			arena = survey(&m, &s, "bukan");
			if (k == 0)
				is_open(&s);
			else
				is_closed(&s, true);
			arena_free(arena);
			buf_clear(&m.b);
		}
	}
}

/* A password longer than counts, and one with NUL in it, are only wrong. */
static void
odd_passwords(void **state)
{
	struct cm c = schemes[AES256].c;
	struct pdf_bytes pw;
	struct pdf_survey s;
	struct arena *arena;
	struct source src;
	char text[300];
	struct pm m;
	size_t i;

	(void)state;
	memset(text, 'p', sizeof(text));
	text[127] = '\0';
	cm_init(&c, text, "owner");
	text[127] = 'p';
	made(&m, &c, "");
	for (i = 0; i < sizeof(text); i += 1 + i / 2) {
		arena = arena_new(64u << 20);
		pw = (struct pdf_bytes){(const uint8_t *)text, i};
		source_memory(&src, m.b.p, m.b.len);
		assert_int_equal(pdf_survey(&s, arena, &src, &pw), RC_OK);
		if (i < 127)
			is_closed(&s, i != 0);
		else
			is_open(&s);
		arena_free(arena);
	}
	text[3] = '\0';
	arena = arena_new(64u << 20);
	pw = (struct pdf_bytes){(const uint8_t *)text, 127};
	assert_int_equal(pdf_survey(&s, arena, &src, &pw), RC_OK);
	is_closed(&s, true);
	arena_free(arena);
	buf_clear(&m.b);
}

/* --- later revisions --- */

#define DER "0\x03\x02\x01"

/* Validation data, later: read and judged as in any other file. */
static void
evidence_later(void **state)
{
	struct pdf_survey s;
	struct arena *arena;
	struct cm c;
	struct pm m;
	size_t i;

	(void)state;
	for (i = 0; i < nitems(schemes); i++) {
		c = schemes[i].c;
		cm_init(&c, "buka", "pemilik");
		made(&m, &c, "");
		cm_stream(&c, &m, 20, "", DER "a", 5, 2);
		/* In the clear, as its filter says. */
		cm_stream(c.v >= 4 ? NULL : &c, &m, 21,
		    c.v >= 4 ? "/Filter[/Crypt]/DecodeParms[<</Name/Identity>>]" : "", DER "b", 5,
		    2);
		cm_stream(
		    c.v >= 4 ? NULL : &c, &m, 22, c.v >= 4 ? "/Filter/Crypt" : "", DER "c", 5, 2);
		cm_stream(&c, &m, 23, c.v >= 4 ? "/Filter/Crypt/DecodeParms<</Name/StdCF>>" : "",
		    DER "d", 5, 2);
		pm_obj(&m, 1,
		    "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R]/SigFlags 3>>"
		    "/DSS<</Certs[20 0 R 21 0 R 22 0 R 23 0 R]>>>>");
		pm_end(&m, TRAILER);
		print_message("# %s\n", schemes[i].name);
		arena = survey(&m, &s, "buka");
		is_open(&s);
		assert_int_equal(s.dss.ncerts, 4);
		assert_int_equal(s.dss.certs[0].der.p[4], 'a');
		assert_int_equal(s.dss.certs[1].der.p[4], 'b');
		assert_int_equal(s.dss.certs[2].der.p[4], 'c');
		assert_int_equal(s.dss.certs[3].der.p[4], 'd');
		assert_int_equal(s.sigs[0].modification, PDF_MOD_LTA_UPDATES);
		assert_int_equal(s.sigs[0].coverage, PDF_COVERAGE_REVISION);
		arena_free(arena);
		/* Without the key, what was added can not be judged. */
		arena = survey(&m, &s, NULL);
		assert_true(s.locked);
		assert_false(s.password_wrong);
		assert_true(pm_has(s.findings, s.nfindings, PDF_LOCKED));
		assert_int_equal(s.dss.ncerts, 0);
		assert_int_equal(s.sigs[0].modification, PDF_MOD_NOT_ANALYSED);
		arena_free(arena);
		buf_clear(&m.b);
	}
}

/* The page's content again: the same in other octets is no change, another one is. */
static void
content_later(void **state)
{
	static const struct {
		const char *content;
		uint8_t iv;
		bool same;
	} table[] = {{"0 0 m", 1, true}, {"0 0 m", 77, true}, {"9 9 m", 1, false}};
	struct pdf_survey s;
	struct arena *arena;
	struct cm c;
	struct pm m;
	size_t i, k;

	(void)state;
	for (i = 0; i < nitems(schemes); i++) {
		for (k = 0; k < nitems(table); k++) {
			c = schemes[i].c;
			cm_init(&c, "", "pemilik");
			made(&m, &c, "");
			cm_stream(&c, &m, 4, "", table[k].content, 5, table[k].iv);
			/* The field's name in other octets, too. */
			cm_obj(&c, &m, 5,
			    "<</Type/Annot/Subtype/Widget/FT/Sig/T\1first\2/Rect[0 0 0 0]/P 3 0 R"
			    "/V 6 0 R>>");
			pm_end(&m, TRAILER);
			arena = survey(&m, &s, NULL);
			is_open(&s);
			if (table[k].same != (s.sigs[0].modification <= PDF_MOD_LTA_UPDATES))
				fail_msg("%s, %zu: %d", schemes[i].name, k, s.sigs[0].modification);
			arena_free(arena);
			buf_clear(&m.b);
		}
	}
}

/*
 * The octets of one object under the number of another: what they say differs, as
 * each number has its own key.
 */
static void
moved(void **state)
{
	struct cm c = schemes[RC4].c;
	struct pdf_survey s;
	struct arena *arena;
	struct buf b;
	struct pm m;

	(void)state;
	cm_init(&c, "", "pemilik");
	made(&m, &c, "");
	buf_init(&b, 64);
	cm_put(&c, &b, 4, "0 0 m", 5, 1);
	cm_stream(NULL, &m, 12, "", (const char *)b.p, b.len, 1);
	buf_clear(&b);
	pm_obj(
	    &m, 3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 12 0 R/Annots[5 0 R]>>");
	pm_end(&m, TRAILER);
	arena = survey(&m, &s, NULL);
	is_open(&s);
	assert_true(s.sigs[0].modification > PDF_MOD_LTA_UPDATES);
	arena_free(arena);
	buf_clear(&m.b);
}

/* Which streams are closed, and how: read as the certificates of a DSS, if at all. */
static void
kinds_of_streams(void **state)
{
	static const struct {
		const char *keys;
		const char *clear_keys; /* of a dictionary that leaves metadata and files alone */
		bool taken, clear_taken;
		bool encrypted;
	} table[] = {
	    {"", "", true, true, true},
	    {"", "", false, false, false},
	    {"/Type/Metadata", "/Type/Metadata", true, false, true},
	    {"/Type/Metadata", "/Type/Metadata", false, true, false},
	    {"/Type/EmbeddedFile", "/Type/EmbeddedFile", true, false, true},
	    {"/Type/EmbeddedFile", "/Type/EmbeddedFile", false, true, false},
	    {"/Type/XRef", "/Type/XRef", true, true, false},
	    {"/Filter/Crypt/DecodeParms<</Name/StdCF>>/Type/Metadata",
		"/Filter/Crypt/DecodeParms<</Name/StdCF>>/Type/Metadata", true, true, true},
	    {"/Filter/Crypt/DecodeParms<</Name/NoCF>>", "/Filter/Crypt/DecodeParms<</Name/NoCF>>",
		false, false, true},
	    {"/Filter/Crypt/DecodeParms<</Name 3>>", "/Filter/Crypt/DecodeParms<</Name 3>>", false,
		false, true},
	    {"/Filter[/AHx/Crypt]", "/Filter[/AHx/Crypt]", false, false, true},
	};
	struct pdf_survey s;
	struct arena *arena;
	struct cm c;
	struct pm m;
	size_t i, clear;
	bool taken;

	(void)state;
	for (clear = 0; clear < 2; clear++) {
		c = schemes[AES256 + clear].c;
		cm_init(&c, "", "pemilik");
		for (i = 0; i < nitems(table); i++) {
			made(&m, &c, clear != 0 ? "/EFF/Identity" : "");
			cm_stream(table[i].encrypted ? &c : NULL, &m, 20,
			    clear != 0 ? table[i].clear_keys : table[i].keys, DER "a", 5, 2);
			pm_obj(&m, 1, "<</Type/Catalog/Pages 2 0 R/DSS<</Certs[20 0 R]>>>>");
			pm_end(&m, TRAILER);
			arena = survey(&m, &s, NULL);
			taken = s.dss.ncerts == 1 && s.dss.certs[0].der.len == 5 &&
				memcmp(s.dss.certs[0].der.p, DER "a", 5) == 0;
			if (taken != (clear != 0 ? table[i].clear_taken : table[i].taken))
				fail_msg("%zu, clear %zu: %s", i, clear, table[i].keys);
			arena_free(arena);
			buf_clear(&m.b);
		}
	}
}

/* Broken behind the signature: the prefix of the file is opened with the same key. */
static void
prefixes(void **state)
{
	struct cm c = schemes[AES256].c;
	struct pdf_survey s;
	struct arena *arena;
	struct buf b;
	struct pm m;
	int again;

	(void)state;
	cm_init(&c, "buka", "pemilik");
	made(&m, &c, "");
	pm_obj(&m, 30, "null");
	pm_end(&m, TRAILER "/Prev 7");
	arena = survey(&m, &s, "buka");
	assert_int_equal(s.status, PDF_DEFECT);
	assert_int_equal(s.nsigs, 1);
	assert_string_equal(s.sigs[0].field, "first");
	assert_string_equal(s.sigs[0].reason, "Why");
	assert_int_equal(s.sigs[0].modification, PDF_MOD_OTHER);
	arena_free(arena);
	buf_clear(&m.b);

	/* One that reads, with a signature that it does not show: two readings, one key. */
	for (again = 0; again < 2; again++) {
		made(&m, &c, "");
		m.prev = 0;
		pm_page(&m);
		pm_obj(&m, 9, cm_dict(&c, &b, ""));
		buf_clear(&b);
		pm_end(&m, again == 0 ? TRAILER : ID);
		arena = survey(&m, &s, "buka");
		assert_int_equal(s.nsigs, 1);
		assert_string_equal(s.sigs[0].field, "first");
		assert_int_equal(s.sigs[0].modification, PDF_MOD_OTHER);
		arena_free(arena);
		buf_clear(&m.b);
	}
}

/* --- the dictionary --- */

static void
changed(const struct pm *m, unsigned revision)
{
	struct pdf_survey s;
	struct arena *arena = survey(m, &s, NULL);

	assert_true(s.encrypted);
	assert_true(pm_has(s.findings, s.nfindings, PDF_E2_ENCRYPT));
	assert_int_equal(s.nsigs, 1);
	assert_int_equal(s.sigs[0].modification, PDF_MOD_OTHER);
	assert_int_equal(s.sigs[0].nchanges, 1);
	assert_int_equal(s.sigs[0].changes[0].kind, PDF_CHANGE_ENCRYPTION);
	assert_int_equal(s.sigs[0].changes[0].level, PDF_MOD_OTHER);
	assert_int_equal(s.sigs[0].changes[0].revision, revision);
	arena_free(arena);
}

/* Another dictionary after the signature, or none, or one where there was none. */
static void
re_encrypted(void **state)
{
	struct cm c = schemes[AES256].c, d = schemes[AES128].c;
	struct pdf_survey s;
	struct arena *arena;
	struct buf b;
	struct pm m;

	(void)state;
	cm_init(&c, "", "pemilik");
	cm_init(&d, "", "pemilik");
	made(&m, &c, "");
	pm_obj(&m, 30, "null");
	pm_end(&m, TRAILER);
	pm_obj(&m, 9, cm_dict(&d, &b, ""));
	buf_clear(&b);
	pm_end(&m, TRAILER);
	changed(&m, 3);
	buf_clear(&m.b);

	made(&m, &c, "");
	pm_obj(&m, 30, "null");
	pm_end(&m, "");
	changed(&m, 2);
	buf_clear(&m.b);

	pm_signed(&m, SIG);
	pm_obj(&m, 9, cm_dict(&c, &b, ""));
	buf_clear(&b);
	pm_end(&m, TRAILER);
	changed(&m, 2);
	buf_clear(&m.b);

	/* The same dictionary at another place is the same. */
	made(&m, &c, "");
	pm_obj(&m, 31, cm_dict(&c, &b, ""));
	pm_end(&m, "/ID[(" CM_ID ")(y)]/Encrypt 31 0 R");
	arena = survey(&m, &s, NULL);
	is_open(&s);
	/* And the second half of the identifier is new in each revision. */
	assert_int_equal(s.sigs[0].modification, PDF_MOD_LTA_UPDATES);
	arena_free(arena);
	buf_clear(&m.b);
	buf_clear(&b);
}

/* What is not supported is named, and stays closed. */
static void
unsupported(void **state)
{
	static const struct {
		const char *old, *text;
		unsigned scheme;
	} table[] = {
	    {"/Filter/Standard", "/Filter/Adobe.PS", AES256},
	    {"/R 6/", "/R 7/", AES256},
	    {"/R 6/", "/R 4/", AES256},
	    {"/V 5/", "/V 6/", AES256},
	    {"/V 5/", "/V 3/", AES256},
	    {"/CFM/AESV3", "/CFM/AESV9", AES256},
	    {"/CFM/AESV3", "/CFM/AESV2", AES256},
	    {"/CFM/AESV3", "/CFM/None ", AES256},
	    {"/StmF/StdCF", "/StmF/NoSCF", AES256},
	    {"/StrF/StdCF", "/StrF 9 0 R", AES256},
	    {"/UE<", "/UF<", AES256},
	    {"/U<", "/W<", AES256},
	    {"/O<", "/o<", RC4},
	    {"/Length 128/P", "/Length 136/P", RC4},
	    {"/Length 128/P", "/Length 127/P", RC4},
	    {"/P -44", "/P -4.", RC4},
	};
	struct pdf_survey s;
	struct arena *arena;
	struct cm c;
	struct pm m;
	size_t i;

	(void)state;
	for (i = 0; i < nitems(table); i++) {
		c = schemes[table[i].scheme].c;
		cm_init(&c, "", "pemilik");
		made(&m, &c, "");
		pm_patch(&m, table[i].old, table[i].text);
		arena = survey(&m, &s, "buka");
		if (!pm_has(s.findings, s.nfindings, PDF_E1_HANDLER))
			fail_msg("%s", table[i].text);
		assert_int_equal(s.nfindings, 1);
		assert_false(s.findings[0].fatal);
		is_closed(&s, false);
		arena_free(arena);
		buf_clear(&m.b);
	}
}

/* /Perms must say what the dictionary says. */
static void
permissions(void **state)
{
	static const struct {
		const char *old, *text;
		bool opens;
	} table[] = {
	    {"/P -44", "/P -40", true},
	    {"/Perms<", "/Permz<", true},
	    {"/P -44", "/P -44", true},
	};
	struct cm c = schemes[AES256].c;
	struct pdf_survey s;
	struct arena *arena;
	struct pm m;
	size_t i;

	(void)state;
	cm_init(&c, "buka", "pemilik");
	for (i = 0; i < nitems(table); i++) {
		made(&m, &c, "");
		pm_patch(&m, table[i].old, table[i].text);
		arena = survey(&m, &s, "buka");
		assert_string_equal(s.sigs[0].field, "first");
		assert_int_equal(pm_has(s.findings, s.nfindings, PDF_E3_PERMS), i < 2);
		assert_int_equal(s.nfindings, i < 2);
		assert_int_equal(s.status, PDF_READ);
		arena_free(arena);
		buf_clear(&m.b);
	}
	/* EncryptMetadata turned round. */
	made(&m, &c, "/EncryptMetadata false");
	arena = survey(&m, &s, "buka");
	assert_true(pm_has(s.findings, s.nfindings, PDF_E3_PERMS));
	arena_free(arena);
	buf_clear(&m.b);
}

/* A dictionary that lies in what it encrypts, or is none, opens nothing. */
static void
no_dictionary(void **state)
{
	static const char *const trailers[] = {"/Encrypt 40 0 R", "/Encrypt 3 0 R", "/Encrypt(x)",
	    "/Encrypt[1]", "/Encrypt 4 0 R", "/Encrypt<<>>"};
	struct pdf_survey s;
	struct arena *arena;
	struct pm m;
	size_t i;

	(void)state;
	for (i = 0; i < nitems(trailers); i++) {
		pm_init(&m);
		pm_page(&m);
		pm_end(&m, trailers[i]);
		arena = survey(&m, &s, "buka");
		if (!pm_has(s.findings, s.nfindings, PDF_E1_HANDLER) &&
		    !pm_has(s.findings, s.nfindings, PDF_E2_ENCRYPT))
			fail_msg("%s", trailers[i]);
		assert_true(s.encrypted);
		arena_free(arena);
		buf_clear(&m.b);
	}
}

/* A string of one block whose padding is not all the same. */
static void
padding(const struct cm *c, struct buf *b)
{
	static const uint8_t iv[16];
	uint8_t out[32] = {0};

	cm_aes(c->key, 32, iv, "twelve chars\4\4\3\4", 16, out + 16);
	buf_str(b, "<");
	buf_hex(b, out, sizeof(out));
	buf_str(b, ">");
}

/* A string that was not made with the key: AES can tell, and the object does not read. */
static void
bad_strings(void **state)
{
	static const char *const strings[] = {"(clear)", "(sixteen octets..)",
	    "<000102030405060708090a0b0c0d0e0f>",
	    "<000102030405060708090a0b0c0d0e0f000102030405060708090a0b0c0d0e0f>", NULL};
	struct cm c = schemes[AES256].c;
	struct pdf_survey s;
	struct arena *arena;
	struct pm m;
	struct buf b;
	char text[256];
	size_t i;

	(void)state;
	cm_init(&c, "", "pemilik");
	for (i = 0; i < nitems(strings); i++) {
		made(&m, &c, "");
		/* The last one ends like padding of four octets, of which one is another. */
		buf_init(&b, 256);
		if (strings[i] != NULL)
			buf_str(&b, strings[i]);
		else
			padding(&c, &b);
		snprintf(text, sizeof(text), "<</Type/Catalog/Pages 2 0 R/Lang %s>>", buf_text(&b));
		buf_clear(&b);
		pm_obj(&m, 1, text);
		pm_end(&m, TRAILER);
		arena = survey(&m, &s, NULL);
		assert_true(pm_has(s.findings, s.nfindings, PDF_S5_OBJECT));
		assert_int_equal(s.status, PDF_DEFECT);
		arena_free(arena);
		buf_clear(&m.b);
	}
}

/* Only attached files are closed: the rest is read, and no password is missed. */
static void
attachments_only(void **state)
{
	struct cm c = schemes[AES256].c;
	struct pdf_survey s;
	struct arena *arena;
	struct pm m;

	(void)state;
	cm_init(&c, "buka", "pemilik");
	made(&m, &c, "/EFF/StdCF");
	pm_patch(&m, "/StmF/StdCF/StrF/StdCF", "/StmF/Identity        ");
	arena = survey(&m, &s, NULL);
	assert_true(s.encrypted);
	assert_false(s.locked);
	assert_int_equal(s.nfindings, 0);
	/* Its strings are what they look like. */
	assert_non_null(s.sigs[0].reason);
	assert_string_not_equal(s.sigs[0].reason, "Why");
	arena_free(arena);
	buf_clear(&m.b);
}

/* --- what is no signature --- */

#define RANGE "/ByteRange[0 10 20 30]/Filter/Adobe.PPKLite" SIG "/Contents<00>"
#define CODE  "<</MACLocation/Standalone/MAC<00>/ByteRange[0 10 20 30]>>"

static void
no_signatures(void **state)
{
	static const struct {
		const char *name;
		const char *obj7, *perms, *trailer; /* of the first revision */
		const char *later_perms,
		    *later_trailer; /* of the second one, NULL: there is none */
		size_t orphans;
		int notice; /* PDF_NOTICE__MAX: none */
	} table[] = {
	    {"an orphan", "<</Type/Sig" RANGE ">>", "", "", NULL, NULL, 1, PDF_NOTICE__MAX},
	    {"usage rights", "<</Type/Sig" RANGE ">>", "/Perms<</UR3 7 0 R>>", "", NULL, NULL, 0,
		PDF_NOTICE_USAGE_RIGHTS},
	    {"old ones", "<</Type/Sig" RANGE ">>", "/Perms<</UR 7 0 R>>", "", NULL, NULL, 0,
		PDF_NOTICE_USAGE_RIGHTS},
	    {"rights that come later", "<</Type/Sig" RANGE ">>", "", "", "/Perms<</UR3 7 0 R>>", "",
		1, PDF_NOTICE_USAGE_RIGHTS},
	    {"rights that go later", "<</Type/Sig" RANGE ">>", "/Perms<</UR3 7 0 R>>", "", "", "",
		0, PDF_NOTICE_USAGE_RIGHTS},
	    {"another generation", "<</Type/Sig" RANGE ">>", "/Perms<</UR3 7 1 R>>", "", NULL, NULL,
		1, PDF_NOTICE_USAGE_RIGHTS},
	    {"rights for another one", "<</Type/Sig" RANGE ">>", "/Perms<</UR3 3 0 R>>", "", NULL,
		NULL, 1, PDF_NOTICE_USAGE_RIGHTS},
	    {"an integrity code", CODE, "", "/AuthCode 7 0 R", NULL, NULL, 0, PDF_NOTICE_MAC},
	    {"one in the trailer", "null", "", "/AuthCode" CODE, NULL, NULL, 0, PDF_NOTICE_MAC},
	    {"one of a signature", "null", "",
		"/AuthCode<</MACLocation/AttachedToSig/SigObjRef 6 0 R>>", NULL, NULL, 0,
		PDF_NOTICE_MAC},
	    {"one that is not the trailer's", CODE, "", "", NULL, NULL, 1, PDF_NOTICE__MAX},
	    {"one that becomes the trailer's", CODE, "", "", "", "/AuthCode 7 0 R", 1,
		PDF_NOTICE_MAC},
	    {"an orphan with its keys", "<</Type/Sig/MACLocation/Standalone/MAC<00>" RANGE ">>", "",
		"", NULL, NULL, 1, PDF_NOTICE__MAX},
	    {"one called a code", "<</Type/Sig/MACLocation/Standalone/MAC<00>" RANGE ">>", "",
		"/AuthCode 7 0 R", NULL, NULL, 1, PDF_NOTICE_MAC},
	};
	struct pdf_survey s;
	struct arena *arena;
	char text[256];
	struct pm m;
	size_t i, k, n;

	(void)state;
	for (i = 0; i < nitems(table); i++) {
		pm_init(&m);
		pm_page(&m);
		snprintf(text, sizeof(text), "<</Type/Catalog/Pages 2 0 R%s>>", table[i].perms);
		pm_obj(&m, 1, text);
		pm_obj(&m, 7, table[i].obj7);
		pm_end(&m, table[i].trailer);
		if (table[i].later_perms != NULL) {
			snprintf(text, sizeof(text), "<</Type/Catalog/Pages 2 0 R%s>>",
			    table[i].later_perms);
			pm_obj(&m, 1, text);
			pm_end(&m, table[i].later_trailer);
		}
		arena = survey(&m, &s, NULL);
		if (s.nsigs != table[i].orphans)
			fail_msg("%s: %zu signatures", table[i].name, s.nsigs);
		for (n = 0, k = 0; k < s.nnotices; k++)
			n += (int)s.notices[k].kind == table[i].notice;
		if ((n == 1) != (table[i].notice != PDF_NOTICE__MAX))
			fail_msg("%s: %zu notices", table[i].name, n);
		arena_free(arena);
		buf_clear(&m.b);
	}
}

/* A field's value is a signature, whatever else refers to it. */
static void
rights_with_field(void **state)
{
	struct pdf_survey s;
	struct arena *arena;
	struct pm m;

	(void)state;
	pm_init(&m);
	pm_obj(&m, 1,
	    "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R]/SigFlags 3>>"
	    "/Perms<</UR3 6 0 R>>>>");
	pm_obj(&m, 2, "<</Type/Pages/Kids[3 0 R]/Count 1>>");
	pm_obj(&m, 3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Annots[5 0 R]>>");
	pm_obj(
	    &m, 5, "<</Type/Annot/Subtype/Widget/FT/Sig/T(first)/Rect[0 0 0 0]/P 3 0 R/V 6 0 R>>");
	pm_sig(&m, 6, SIG);
	pm_end(&m, "");
	arena = survey(&m, &s, NULL);
	assert_int_equal(s.nsigs, 1);
	assert_false(s.sigs[0].orphan);
	assert_string_equal(s.sigs[0].field, "first");
	assert_int_equal(s.sigs[0].coverage, PDF_COVERAGE_FILE);
	arena_free(arena);
	buf_clear(&m.b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(rc4),
	    cmocka_unit_test(passwords),
	    cmocka_unit_test(odd_passwords),
	    cmocka_unit_test(evidence_later),
	    cmocka_unit_test(content_later),
	    cmocka_unit_test(moved),
	    cmocka_unit_test(kinds_of_streams),
	    cmocka_unit_test(prefixes),
	    cmocka_unit_test(re_encrypted),
	    cmocka_unit_test(unsupported),
	    cmocka_unit_test(permissions),
	    cmocka_unit_test(no_dictionary),
	    cmocka_unit_test(bad_strings),
	    cmocka_unit_test(attachments_only),
	    cmocka_unit_test(no_signatures),
	    cmocka_unit_test(rights_with_field),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("crypt", tests, NULL, NULL);
}
