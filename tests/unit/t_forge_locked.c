/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Encrypted letters, signed for real: the verdict with the password, without, with another. */
#include "cryptmake.h"
#include "forge.h"
#include "policy.h"
#include "verify.h"

#define nitems(a) (sizeof(a) / sizeof((a)[0]))

#define HOLE 16384 /* octets of /Contents */
#define USER "kunci-surat"
#define ID   "/ID[(" CM_ID ")(x)]"

static const struct {
	const char *name;
	struct cm c;
} schemes[] = {
    {"RC4 128", {.v = 2, .r = 3, .key_len = 16}},
    {"AES 128", {.v = 4, .r = 4, .key_len = 16, .aes = true}},
    {"AES 256", {.v = 5, .r = 6, .key_len = 32, .aes = true}},
};

static struct forge workshop;

/* One letter at work. */
struct locked {
	struct pm m;
	struct cm c;
	const struct cm *lock; /* NULL: it is not encrypted */
	unsigned next;         /* free object number */
};

static const char *
trailer(const struct locked *l)
{
	return l->lock != NULL ? ID "/Encrypt 9 0 R" : ID;
}

static void
put(struct locked *l, unsigned num, const char *text)
{
	if (l->lock != NULL)
		cm_obj(l->lock, &l->m, num, text);
	else
		pm_obj(&l->m, num, text);
}

#define CATALOG "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R]/SigFlags 3>>%s>>"

static void
put_catalog(struct locked *l, const char *more)
{
	char text[512];

	snprintf(text, sizeof(text), CATALOG, more);
	put(l, 1, text);
}

/* The dictionary, with room for range and message; where they are. */
static void
put_signature(struct locked *l, size_t *range, size_t *open)
{
	struct pm *m = &l->m;
	size_t i;

	m->off[6] = m->b.len;
	m->dirty[6] = true;
	buf_str(&m->b, "6 0 obj\n<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/M");
	if (l->lock != NULL)
		cm_string(l->lock, &m->b, 6, "D:20261118000000Z");
	else
		buf_str(&m->b, "(D:20261118000000Z)");
	buf_str(&m->b, "/ByteRange [");
	*range = m->b.len;
	buf_printf(&m->b, "%40s]/Contents ", "");
	*open = m->b.len;
	buf_str(&m->b, "<");
	for (i = 0; i < HOLE; i++)
		buf_str(&m->b, "00");
	buf_str(&m->b, ">>>\nendobj\n");
}

static void
sign(struct locked *l, size_t range, size_t open)
{
	const struct pki_cert *certs[] = {
	    &workshop.agency.root, &workshop.agency.ca, &workshop.signer};
	struct envelope e = {.signer = &workshop.signer, .certs = certs, .ncerts = 3};
	size_t close = open + 2 * HOLE + 2, i;
	struct pm *m = &l->m;
	struct der message;
	struct token stamp;
	char text[41];
	struct buf b;

	snprintf(text, sizeof(text), "0 %-12zu %-12zu %-12zu", open, close, m->b.len - close);
	memcpy(m->b.p + range, text, 40);
	buf_init(&b, 4u << 20);
	buf_put(&b, m->b.p, open);
	buf_put(&b, m->b.p + close, m->b.len - close);
	e.md = maker_digest(workshop.m, "SHA256", (struct der){b.p, b.len});
	buf_clear(&b);
	forge_token(&workshop, &stamp, FORGE_SIGNED);
	e.stamp = &stamp;
	message = envelope_make(workshop.m, &e);
	assert_true(message.len > 0 && message.len <= HOLE);
	buf_hex(&b, message.p, message.len);
	for (i = 0; i < b.len; i++)
		m->b.p[open + 1 + i] = b.p[i];
	buf_clear(&b);
}

/* A letter of one page, signed with a timestamp; scheme SIZE_MAX: not encrypted. */
static void
letter(struct locked *l, size_t scheme, const char *user)
{
	size_t range, open;
	struct buf b;

	memset(l, 0, sizeof(*l));
	l->next = 20;
	pm_init(&l->m);
	if (scheme != SIZE_MAX) {
		l->c = schemes[scheme].c;
		l->lock = &l->c;
		cm_init(&l->c, user, "pemilik");
		pm_obj(&l->m, 9, cm_dict(&l->c, &b, ""));
		buf_clear(&b);
	}
	put_catalog(l, "");
	put(l, 2, "<</Type/Pages/Kids[3 0 R]/Count 1>>");
	put(l, 3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R/Annots[5 0 R]>>");
	cm_stream(l->lock, &l->m, 4, "", "0 0 m 9 9 l S", 13, 1);
	put(l, 5,
	    l->lock != NULL
		? "<</Type/Annot/Subtype/Widget/FT/Sig/T\1Kepala\2/Rect[0 0 0 0]/P 3 0 R/V 6 0 R>>"
		: "<</Type/Annot/Subtype/Widget/FT/Sig/T(Kepala)/Rect[0 0 0 0]/P 3 0 R/V 6 0 R>>");
	put_signature(l, &range, &open);
	pm_end(&l->m, trailer(l));
	sign(l, range, open);
}

static void
put_evidence(struct locked *l, struct buf *dss, const char *key, const struct der *v, size_t n)
{
	size_t i;

	buf_printf(dss, "/%s[", key);
	for (i = 0; i < n; i++) {
		buf_printf(dss, "%u 0 R ", l->next);
		cm_stream(
		    l->lock, &l->m, l->next++, "", (const char *)v[i].p, v[i].len, (uint8_t)i);
	}
	buf_str(dss, "]");
}

/* Evidence about the signer, in a revision of its own. */
static void
evidence(struct locked *l)
{
	struct letter_evidence e;
	struct buf dss;

	forge_evidence(&workshop, &workshop.signer, FORGE_SIGNED + 4, &e);
	buf_init(&dss, 4096);
	buf_str(&dss, "/DSS<<");
	put_evidence(l, &dss, "Certs", e.certs, e.ncerts);
	put_evidence(l, &dss, "OCSPs", e.ocsps, e.nocsps);
	put_evidence(l, &dss, "CRLs", e.crls, e.ncrls);
	buf_str(&dss, ">>");
	put_catalog(l, buf_text(&dss));
	pm_end(&l->m, trailer(l));
	buf_clear(&dss);
}

static bool
because(const struct report *r, enum check reason)
{
	size_t i;

	for (i = 0; i < r->nreasons; i++)
		if (r->reasons[i] == reason)
			return true;
	return false;
}

/* The conclusion, and a reason unless it is CHECK__NONE. */
static void
is(const struct locked *l, const char *what, const char *password, enum conclusion c,
    enum check reason)
{
	const struct verify_params params = {.trust = workshop.trust,
	    .policy = policy_find(NULL),
	    .at = FORGE_AT,
	    .offline = true,
	    .password = (const uint8_t *)password,
	    .password_len = password == NULL ? 0 : strlen(password)};
	struct report *r;
	struct source src;

	source_memory(&src, l->m.b.p, l->m.b.len);
	assert_int_equal(verify(&r, &src, &params), RC_OK);
	if (r->conclusion != c || (reason != CHECK__NONE && !because(r, reason))) {
		forge_show(what, r);
		fail_msg("%s, password %s", what, password == NULL ? "none" : password);
	}
	assert_int_equal(r->document.encrypted, l->lock != NULL);
	report_free(r);
}

static void
good(void **state)
{
	struct locked l;
	size_t i;

	(void)state;
	letter(&l, SIZE_MAX, "");
	evidence(&l);
	is(&l, "not encrypted", NULL, CONCLUSION_VALID, CHECK__NONE);
	is(&l, "not encrypted", "salah", CONCLUSION_VALID, CHECK__NONE);
	buf_clear(&l.m.b);
	for (i = 0; i < nitems(schemes); i++) {
		letter(&l, i, "");
		evidence(&l);
		is(&l, schemes[i].name, NULL, CONCLUSION_VALID, CHECK__NONE);
		is(&l, schemes[i].name, "salah", CONCLUSION_VALID, CHECK__NONE);
		buf_clear(&l.m.b);
		letter(&l, i, USER);
		evidence(&l);
		is(&l, schemes[i].name, USER, CONCLUSION_VALID, CHECK__NONE);
		is(&l, schemes[i].name, "pemilik", CONCLUSION_VALID, CHECK__NONE);
		is(&l, schemes[i].name, NULL, CONCLUSION_INDETERMINATE, CHECK_LOCKED);
		is(&l, schemes[i].name, "salah", CONCLUSION_INDETERMINATE, CHECK_LOCKED);
		is(&l, schemes[i].name, "salah", CONCLUSION_INDETERMINATE, CHECK_PASSWORD);
		buf_clear(&l.m.b);
	}
}

/* The last thing in its file, a signature needs no password to be judged. */
static void
alone(void **state)
{
	struct locked l, clear;
	struct report *r;
	enum conclusion c;
	size_t i;

	(void)state;
	letter(&clear, SIZE_MAX, "");
	r = forge_verify(workshop.trust, clear.m.b.p, clear.m.b.len, NULL, FORGE_AT);
	assert_non_null(r);
	c = r->conclusion;
	report_free(r);
	buf_clear(&clear.m.b);
	assert_true(c != CONCLUSION_INVALID);
	for (i = 0; i < nitems(schemes); i++) {
		letter(&l, i, USER);
		is(&l, schemes[i].name, USER, c, CHECK__NONE);
		is(&l, schemes[i].name, NULL, c, CHECK__NONE);
		is(&l, schemes[i].name, "salah", c, CHECK__NONE);
		/* A byte of what is encrypted, and covered. */
		l.m.b.p[l.m.off[4] + 40] ^= 1;
		is(&l, schemes[i].name, USER, CONCLUSION_INVALID, CHECK__NONE);
		is(&l, schemes[i].name, NULL, CONCLUSION_INVALID, CHECK__NONE);
		buf_clear(&l.m.b);
	}
}

/* What the page says was changed: seen with the password, and never passed without. */
static void
changed(void **state)
{
	struct locked l;
	size_t i;

	(void)state;
	for (i = 0; i < nitems(schemes); i++) {
		letter(&l, i, USER);
		evidence(&l);
		cm_stream(l.lock, &l.m, 4, "", "9 0 m 0 9 l S", 13, 1);
		pm_end(&l.m, trailer(&l));
		is(&l, schemes[i].name, USER, CONCLUSION_INVALID, CHECK_CHANGED_AFTER_SIGNING);
		is(&l, schemes[i].name, NULL, CONCLUSION_INDETERMINATE, CHECK_LOCKED);
		buf_clear(&l.m.b);
		/* The same content in other octets is the same page. */
		letter(&l, i, USER);
		evidence(&l);
		cm_stream(l.lock, &l.m, 4, "", "0 0 m 9 9 l S", 13, 77);
		pm_end(&l.m, trailer(&l));
		is(&l, schemes[i].name, USER, CONCLUSION_VALID, CHECK__NONE);
		buf_clear(&l.m.b);
	}
}

/* Locked after it was signed, unlocked, or locked in another way. */
static void
re_encrypted(void **state)
{
	struct cm other = schemes[1].c;
	struct locked l;
	struct buf b;

	(void)state;
	cm_init(&other, "", "pemilik");
	letter(&l, SIZE_MAX, "");
	evidence(&l);
	pm_obj(&l.m, 9, cm_dict(&other, &b, ""));
	buf_clear(&b);
	l.lock = &other;
	pm_end(&l.m, trailer(&l));
	is(&l, "locked later", NULL, CONCLUSION_INVALID, CHECK_CHANGED_AFTER_SIGNING);
	is(&l, "locked later", "", CONCLUSION_INVALID, CHECK_ENCRYPTION_SAME);
	buf_clear(&l.m.b);

	letter(&l, 2, "");
	evidence(&l);
	pm_obj(&l.m, 9, cm_dict(&other, &b, ""));
	buf_clear(&b);
	pm_end(&l.m, trailer(&l));
	is(&l, "locked anew", NULL, CONCLUSION_INVALID, CHECK_CHANGED_AFTER_SIGNING);
	buf_clear(&l.m.b);

	letter(&l, 2, "");
	evidence(&l);
	pm_obj(&l.m, 9, "null");
	pm_end(&l.m, ID);
	is(&l, "unlocked", NULL, CONCLUSION_INVALID, CHECK_CHANGED_AFTER_SIGNING);
	buf_clear(&l.m.b);
}

/* A file that nothing opens here is locked, whatever is given. */
static void
unsupported(void **state)
{
	struct locked l;
	struct buf b;

	(void)state;
	letter(&l, 2, USER);
	evidence(&l);
	pm_patch(&l.m, "/Filter/Standard", "/Filter/Adobe.PS");
	is(&l, "another handler", USER, CONCLUSION_INVALID, CHECK__NONE); /* that byte was signed */
	buf_clear(&l.m.b);
	/* Made with it from the start. */
	memset(&l, 0, sizeof(l));
	pm_init(&l.m);
	l.c = schemes[2].c;
	l.lock = &l.c;
	cm_init(&l.c, USER, "pemilik");
	(void)cm_dict(&l.c, &b, "");
	memcpy(strstr((char *)b.p, "Standard"), "Adobe.PS", 8);
	pm_obj(&l.m, 9, (const char *)b.p);
	buf_clear(&b);
	pm_page(&l.m);
	pm_obj(&l.m, 1, "<</Type/Catalog/Pages 2 0 R/DSS<<>>>>");
	pm_end(&l.m, trailer(&l));
	is(&l, "another handler", USER, CONCLUSION_INDETERMINATE, CHECK_LOCKED);
	buf_clear(&l.m.b);
}

static int
open_workshop(void **state)
{
	(void)state;
	return forge_open(&workshop) ? 0 : -1;
}

static int
close_workshop(void **state)
{
	(void)state;
	forge_close(&workshop);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(good),
	    cmocka_unit_test(alone),
	    cmocka_unit_test(changed),
	    cmocka_unit_test(re_encrypted),
	    cmocka_unit_test(unsupported),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("locked", tests, open_workshop, close_workshop);
}
