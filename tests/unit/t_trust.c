/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Trust folders: what is loaded, what is refused, and that it is said. */
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/pem.h>

#include "caps.h"
#include "pkimake.h"
#include "trust.h"
#include "trust_conf.h"
#include "trust_history.h"
#include "when.h"

#define nitems(a) (sizeof(a) / sizeof((a)[0]))

struct world {
	char dir[64];
	struct buf log;
	struct trust *trust;
	struct pki root, other, ca;
};

static int
setup(void **state)
{
	struct world *w = calloc(1, sizeof(*w));
	struct pki_recipe r = {.cn = "Akar Uji", .basic = PKI_CA};

	snprintf(w->dir, sizeof(w->dir), "/tmp/t_trust.XXXXXX");
	assert_non_null(mkdtemp(w->dir));
	buf_init(&w->log, 1 << 16);
	pki_make(&w->root, &r);
	r.cn = "Akar Lain";
	pki_make(&w->other, &r);
	r.cn = "Penerbit Uji";
	r.issuer = &w->root;
	pki_make(&w->ca, &r);
	*state = w;
	return 0;
}

static int
teardown(void **state)
{
	struct world *w = *state;
	struct dirent *e;
	char path[512];
	DIR *d = opendir(w->dir);

	while ((e = readdir(d)) != NULL) {
		(void)snprintf(path, sizeof(path), "%s/%s", w->dir, e->d_name);
		if (e->d_name[0] != '.' && unlink(path) == -1)
			(void)rmdir(path);
	}
	(void)closedir(d);
	(void)rmdir(w->dir);
	trust_free(w->trust);
	buf_clear(&w->log);
	pki_free(&w->root);
	pki_free(&w->other);
	pki_free(&w->ca);
	free(w);
	return 0;
}

static FILE *
create(struct world *w, const char *name)
{
	char path[512];
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/%s", w->dir, name);
	assert_non_null(f = fopen(path, "we"));
	return f;
}

static void
put_pem(struct world *w, const char *name, const struct pki *a, const struct pki *b)
{
	FILE *f = create(w, name);

	(void)fputs("words before it\n", f);
	assert_int_equal(PEM_write_X509(f, a->x509), 1);
	if (b != NULL)
		assert_int_equal(PEM_write_X509(f, b->x509), 1);
	assert_int_equal(fclose(f), 0);
}

static void
put_text(struct world *w, const char *name, const char *text)
{
	FILE *f = create(w, name);

	(void)fputs(text, f);
	assert_int_equal(fclose(f), 0);
}

static void
put_section(FILE *f, const char *file, const struct pki *p, const char *rest)
{
	uint8_t md[32];
	size_t i;

	assert_int_equal(X509_digest(p->x509, EVP_sha256(), md, NULL), 1);
	(void)fprintf(f, "[%s]\nsha256 = ", file);
	for (i = 0; i < 32; i++)
		(void)fprintf(f, "%02x", md[i]);
	(void)fprintf(f, "\n%s\n", rest);
}

/* One file, one section about it. */
static void
put_conf(struct world *w, const char *file, const struct pki *p, const char *rest)
{
	FILE *f = create(w, "anchors.conf");

	put_section(f, file, p, rest);
	assert_int_equal(fclose(f), 0);
}

static enum rc
load(struct world *w)
{
	trust_free(w->trust);
	buf_clear(&w->log);
	return trust_load(&w->trust, w->dir, &w->log);
}

static size_t
lines(struct world *w)
{
	const char *s = buf_text(&w->log);
	size_t n = 0;

	for (; (s = strchr(s, '\n')) != NULL; s++)
		n++;
	return n;
}

#define ROOT_KEYS "name = Akar\nrole = root\npurpose = signer, tsa\n"

static void
test_any(void **state)
{
	struct world *w = *state;

	put_pem(w, "a.pem", &w->root, &w->ca);
	put_pem(w, "b.crt", &w->root, NULL);
	put_text(w, "README", "words");
	assert_int_equal(load(w), RC_OK);
	assert_int_equal(lines(w), 0);
	assert_int_equal(w->trust->anchors.n, 2);
	assert_int_equal(w->trust->nhelpers, 0);
	assert_int_equal(w->trust->anchors.v[1].purposes, ANCHOR_SIGNER | ANCHOR_TSA);
	assert_int_equal(w->trust->anchors.v[1].until, WHEN_NONE);
	assert_string_equal(w->trust->anchors.v[1].name, "Penerbit Uji");
	assert_false(w->trust->demonstration);
	put_text(w, "DEMONSTRATION", "");
	assert_int_equal(load(w), RC_OK);
	assert_true(w->trust->demonstration);
	assert_int_equal(trust_warm(w->trust), RC_OK);
}

static void
test_none(void **state)
{
	struct world *w = *state;

	assert_int_equal(load(w), RC_ABSENT);
	assert_null(w->trust);
	assert_int_equal(trust_load(&w->trust, "/nonexistent", &w->log), RC_IO);
	put_text(w, "a.pem",
	    "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
	    "-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n"
	    "-----BEGIN CERTIFICATE-----\nMIIB\n");
	assert_int_equal(load(w), RC_ABSENT);
	assert_int_equal(lines(w), 3);
}

static void
test_listed(void **state)
{
	struct world *w = *state;
	FILE *f;

	put_pem(w, "root.pem", &w->root, NULL);
	put_pem(w, "ca.pem", &w->ca, NULL);
	put_text(w, "README.md", "words");
	f = create(w, "anchors.conf");
	put_section(f, "root.pem", &w->root,
	    "# words\n name= Akar Uji \nrole =root\npurpose=signer\nfrom = 2020-01-01\n"
	    "until = 2030-01-01T00:00:00Z\nsource = x = y\nconfirmed =\n");
	put_section(f, "ca.pem", &w->ca, "role = ca\npurpose =\n");
	assert_int_equal(fclose(f), 0);
	assert_int_equal(load(w), RC_OK);
	assert_string_equal(buf_text(&w->log), "");
	assert_int_equal(w->trust->anchors.n, 1);
	assert_int_equal(w->trust->nhelpers, 1);
	assert_string_equal(w->trust->anchors.v[0].name, "Akar Uji");
	assert_int_equal(w->trust->anchors.v[0].purposes, ANCHOR_SIGNER);
	assert_int_equal(w->trust->anchors.v[0].from, when_from_utc(2020, 1, 1, 0, 0, 0));
	assert_int_equal(w->trust->anchors.v[0].until, when_from_utc(2030, 1, 1, 0, 0, 0));
	assert_memory_equal(w->trust->anchors.v[0].cert->der.p, w->root.der.p, w->root.der.len);
	assert_int_equal(trust_warm(w->trust), RC_OK);
}

/* A root beside a good one, and what keeps it out.  One line each. */
static const struct {
	const char *name, *file, *keys;
	enum { AS_IT_IS, OTHER, TWO, CHILD, MISSING } put;
} refused[] = {
    {"unlisted", "x.pem", ROOT_KEYS, AS_IT_IS},
    {"other bytes", "b.pem", ROOT_KEYS, OTHER},
    {"two in one file", "b.pem", ROOT_KEYS, TWO},
    {"not self-signed", "b.pem", ROOT_KEYS, CHILD},
    {"missing", "b.pem", ROOT_KEYS, MISSING},
    {"no role", "b.pem", "name = x\npurpose = signer\n", AS_IT_IS},
    {"a CA with a purpose", "b.pem", "name = x\nrole = ca\npurpose = signer\n", AS_IT_IS},
    {"a root without one", "b.pem", "name = x\nrole = root\n", AS_IT_IS},
    {"a root without a name", "b.pem", "role = root\npurpose = signer\n", AS_IT_IS},
    {"unknown role", "b.pem", "name = x\nrole = king\npurpose = signer\n", AS_IT_IS},
    {"unknown purpose", "b.pem", "name = x\nrole = root\npurpose = signer, web\n", AS_IT_IS},
    {"unknown key", "b.pem", ROOT_KEYS "end = 2030-01-01\n", AS_IT_IS},
    {"no time", "b.pem", ROOT_KEYS "until = soon\n", AS_IT_IS},
    {"empty time", "b.pem", ROOT_KEYS "until =\n", AS_IT_IS},
    {"a key twice", "b.pem", ROOT_KEYS "role = root\n", AS_IT_IS},
    {"no sunset", "b.pem", ROOT_KEYS "sunset = evening\n", AS_IT_IS},
    {"a purpose too few", "b.pem", "name = x\nrole = root\npurpose = signer,\n", AS_IT_IS},
    {"no host", "b.pem", ROOT_KEYS "hosts = va.example, va example\n", AS_IT_IS},
    {"an address for a host", "b.pem", ROOT_KEYS "hosts = http://va.example/\n", AS_IT_IS},
    {"an empty host", "b.pem", ROOT_KEYS "hosts = va.example,,b.example\n", AS_IT_IS},
    {"a host for an address", "b.pem", ROOT_KEYS "issuers = va.example\n", AS_IT_IS},
    {"an address of nobody", "b.pem", ROOT_KEYS "issuers = http:///ca.crt\n", AS_IT_IS},
    {"a file's address", "b.pem", ROOT_KEYS "issuers = file:///etc/passwd\n", AS_IT_IS},
    {"a pinned one without purpose", "b.pem", "name = x\nrole = pinned\n", AS_IT_IS},
    {"no key", "b.pem", ROOT_KEYS "words\n", AS_IT_IS},
};

static void
test_refused(void **state)
{
	struct world *w = *state;
	const struct pki *p;
	char path[512];
	size_t i, want;
	FILE *f;

	put_pem(w, "a.pem", &w->root, NULL);
	(void)snprintf(path, sizeof(path), "%s/b.pem", w->dir);
	for (i = 0; i < nitems(refused); i++) {
		p = refused[i].put == CHILD ? &w->ca : &w->other;
		(void)unlink(path);
		if (refused[i].put != MISSING)
			put_pem(w, "b.pem", refused[i].put == OTHER ? &w->ca : p,
			    refused[i].put == TWO ? &w->ca : NULL);
		f = create(w, "anchors.conf");
		put_section(f, "a.pem", &w->root, ROOT_KEYS);
		put_section(f, refused[i].file, p, refused[i].keys);
		assert_int_equal(fclose(f), 0);
		assert_int_equal(load(w), RC_OK);
		/* a section that is left out leaves its file unlisted: two lines */
		want =
		    strcmp(refused[i].name, "unlisted") == 0 || refused[i].put == AS_IT_IS ? 2 : 1;
		if (w->trust->anchors.n != 1 || w->trust->nhelpers != 0 || lines(w) != want)
			fail_msg("%s: %zu anchors, log:\n%s", refused[i].name, w->trust->anchors.n,
			    buf_text(&w->log));
	}
}

/* Whoever issued it, and until the earlier of two days. */
static void
test_pinned(void **state)
{
	struct world *w = *state;

	put_pem(w, "a.pem", &w->ca, NULL);
	put_conf(w, "a.pem", &w->ca,
	    "name = Penerbit\nrole = pinned\npurpose = tsa\nuntil = 2030-01-01\n"
	    "sunset = 2028-01-01\napproved = somebody\n");
	assert_int_equal(load(w), RC_OK);
	assert_int_equal(lines(w), 0);
	assert_int_equal(w->trust->anchors.n, 1);
	assert_int_equal(w->trust->anchors.v[0].purposes, ANCHOR_TSA);
	assert_int_equal(w->trust->anchors.v[0].until, when_from_utc(2028, 1, 1, 0, 0, 0));
	put_conf(w, "a.pem", &w->ca,
	    "name = Penerbit\nrole = pinned\npurpose = tsa\nuntil = 2030-01-01\n"
	    "sunset = 2031-01-01\n");
	assert_int_equal(load(w), RC_OK);
	assert_int_equal(w->trust->anchors.v[0].until, when_from_utc(2030, 1, 1, 0, 0, 0));
	put_conf(
	    w, "a.pem", &w->ca, "name = x\nrole = pinned\npurpose = tsa\nsunset = 2031-01-01\n");
	assert_int_equal(load(w), RC_OK);
	assert_int_equal(w->trust->anchors.v[0].until, when_from_utc(2031, 1, 1, 0, 0, 0));
}

/* The network of all that is loaded, each once; of what is left out, nothing. */
static void
test_hosts(void **state)
{
	struct world *w = *state;
	FILE *f;

	put_pem(w, "root.pem", &w->root, NULL);
	put_pem(w, "ca.pem", &w->ca, NULL);
	put_pem(w, "other.pem", &w->root, NULL); /* not what its section says */
	f = create(w, "anchors.conf");
	put_section(f, "root.pem", &w->root,
	    ROOT_KEYS "hosts = CRL.Example , 192.0.2.1,2001:db8::1\nissuers =\n");
	put_section(f, "ca.pem", &w->ca,
	    "role = ca\nhosts = va.example, crl.example\n"
	    "issuers = HTTPS://VA.Example/CA.crt?A=B, https://va.example/CA.crt?A=B\n");
	put_section(f, "other.pem", &w->other, ROOT_KEYS "hosts = other.example\n");
	assert_int_equal(fclose(f), 0);
	assert_int_equal(load(w), RC_OK);
	assert_int_equal(lines(w), 1);
	assert_int_equal(w->trust->nhosts, 4);
	assert_string_equal(w->trust->hosts[0], "va.example");
	assert_string_equal(w->trust->hosts[1], "crl.example");
	assert_string_equal(w->trust->hosts[2], "192.0.2.1");
	assert_string_equal(w->trust->hosts[3], "2001:db8::1");
	assert_int_equal(w->trust->nissuer_urls, 1);
	assert_string_equal(w->trust->issuer_urls[0], "https://va.example/CA.crt?A=B");
}

/* Sections and lines that say something else than they should.  One line each. */
static void
test_wrong_lines(void **state)
{
	static const char *const wrong[] = {
	    "[b.pem]\nsha256 = 00\n" ROOT_KEYS,
	    "[b.pem]\nsha256 = "
	    "zz00000000000000000000000000000000000000000000000000000000000000\n" ROOT_KEYS,
	    "[b.pem]\nsha256 =\n" ROOT_KEYS,
	    "[b.pem]\n" ROOT_KEYS,
	    "[b.pem\n",
	};
	struct world *w = *state;
	uint8_t md[32];
	FILE *f;
	size_t i;

	put_pem(w, "a.pem", &w->root, NULL);
	for (i = 0; i < nitems(wrong); i++) {
		f = create(w, "anchors.conf");
		put_section(f, "a.pem", &w->root, ROOT_KEYS);
		(void)fputs(wrong[i], f);
		assert_int_equal(fclose(f), 0);
		assert_int_equal(load(w), RC_OK);
		assert_int_equal(w->trust->anchors.n, 1);
		if (lines(w) != 1)
			fail_msg("row %zu: log:\n%s", i, buf_text(&w->log));
	}
	/* the first of two sections about a file counts */
	f = create(w, "anchors.conf");
	(void)fputs("role = root\n", f);
	put_section(f, "a.pem", &w->root, ROOT_KEYS);
	put_section(f, "a.pem", &w->other, ROOT_KEYS);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(load(w), RC_OK);
	assert_int_equal(w->trust->anchors.n, 1);
	assert_int_equal(lines(w), 2);
	/* digits of either case */
	assert_int_equal(X509_digest(w->root.x509, EVP_sha256(), md, NULL), 1);
	f = create(w, "anchors.conf");
	(void)fputs("[a.pem]\nsha256 = ", f);
	for (i = 0; i < 32; i++)
		(void)fprintf(f, "%02X", md[i]);
	(void)fputs("\n" ROOT_KEYS, f);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(load(w), RC_OK);
	assert_int_equal(w->trust->anchors.n, 1);
	assert_int_equal(lines(w), 0);
}

/* What is no file is none of our business; a file too large, or that may not be read, is said. */
static void
test_odd_files(void **state)
{
	struct world *w = *state;
	char path[512];
	FILE *f;

	put_pem(w, "a.pem", &w->root, NULL);
	(void)snprintf(path, sizeof(path), "%s/folder", w->dir);
	assert_int_equal(mkdir(path, 0700), 0);
	(void)snprintf(path, sizeof(path), "%s/nowhere", w->dir);
	assert_int_equal(symlink("nothing", path), 0);
	assert_int_equal(load(w), RC_OK);
	assert_int_equal(w->trust->anchors.n, 1);
	assert_int_equal(lines(w), 0);
	f = create(w, "b.pem");
	assert_int_equal(PEM_write_X509(f, w->other.x509), 1);
	assert_int_equal(fflush(f), 0);
	assert_int_equal(ftruncate(fileno(f), CAP_TRUST_FILE + 1), 0);
	assert_int_equal(fclose(f), 0);
	(void)snprintf(path, sizeof(path), "%s/loop", w->dir);
	assert_int_equal(symlink("loop", path), 0);
	assert_int_equal(load(w), RC_OK);
	assert_int_equal(w->trust->anchors.n, 1);
	assert_int_equal(lines(w), 2);
	/* listed or not */
	put_conf(w, "a.pem", &w->root, ROOT_KEYS);
	assert_int_equal(load(w), RC_OK);
	assert_int_equal(w->trust->anchors.n, 1);
	assert_int_equal(lines(w), 2);
}

/* A listed file whose certificate is none. */
static void
test_listed_junk(void **state)
{
	struct world *w = *state;
	FILE *f;

	put_pem(w, "a.pem", &w->root, NULL);
	put_text(w, "b.pem", "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n");
	f = create(w, "anchors.conf");
	put_section(f, "a.pem", &w->root, ROOT_KEYS);
	put_section(f, "b.pem", &w->other, ROOT_KEYS);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(load(w), RC_OK);
	assert_int_equal(w->trust->anchors.n, 1);
	assert_int_equal(lines(w), 1);
	assert_non_null(strstr(buf_text(&w->log), "malformed"));
}

/* A list that can't be read does not make everything an anchor. */
static void
test_unreadable_list(void **state)
{
	struct world *w = *state;
	char path[512];

	put_pem(w, "a.pem", &w->root, NULL);
	(void)snprintf(path, sizeof(path), "%s/anchors.conf", w->dir);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(load(w), RC_IO);
	assert_null(w->trust);
}

/* The same anchors under other names: the same id.  Other purposes or times: another. */
static void
test_id(void **state)
{
	struct world *w = *state;
	uint8_t first[32];
	char path[512];

	put_pem(w, "a.pem", &w->root, NULL);
	put_pem(w, "b.pem", &w->other, NULL);
	assert_int_equal(load(w), RC_OK);
	memcpy(first, w->trust->id, 32);
	(void)snprintf(path, sizeof(path), "%s/b.pem", w->dir);
	assert_int_equal(unlink(path), 0);
	put_pem(w, "a.pem", &w->other, &w->root);
	assert_int_equal(load(w), RC_OK);
	assert_memory_equal(first, w->trust->id, 32);
	put_pem(w, "a.pem", &w->root, NULL);
	assert_int_equal(load(w), RC_OK);
	assert_memory_not_equal(first, w->trust->id, 32);
	memcpy(first, w->trust->id, 32);
	put_conf(w, "a.pem", &w->root, ROOT_KEYS);
	assert_int_equal(load(w), RC_OK);
	assert_memory_equal(first, w->trust->id, 32);
	put_conf(w, "a.pem", &w->root, ROOT_KEYS "until = 2030-01-01\n");
	assert_int_equal(load(w), RC_OK);
	assert_memory_not_equal(first, w->trust->id, 32);
	put_conf(w, "a.pem", &w->root, "name = Akar\nrole = root\npurpose = signer\n");
	assert_int_equal(load(w), RC_OK);
	assert_memory_not_equal(first, w->trust->id, 32);
}

/* A history of one line that names the id, as it is or with one octet of it changed. */
static void
put_history(struct world *w, const uint8_t id[32], bool spoil)
{
	struct trust_line line = {
	    .event = TRUST_RECORDED, .name = "Akar", .who = "Ani Contoh", .why = "uji"};
	uint8_t last[32] = {0};
	struct buf b;
	FILE *f;

	buf_init(&b, 4096);
	memcpy(line.id, id, 32);
	trust_history_put(&b, &line, last);
	assert_int_equal(buf_rc(&b), RC_OK);
	b.p[2] ^= spoil;
	f = create(w, TRUST_HISTORY);
	assert_int_equal(fwrite(b.p, 1, b.len, f), b.len);
	assert_int_equal(fclose(f), 0);
	buf_clear(&b);
}

/* The set beside its record. */
static void
test_recorded(void **state)
{
	struct world *w = *state;
	uint8_t id[32];
	char path[512];

	put_pem(w, "a.pem", &w->root, NULL);
	assert_int_equal(load(w), RC_OK);
	assert_int_equal(w->trust->recorded, TRUST_RECORD_NONE);
	assert_true(trust_record_good(w->trust));
	put_conf(w, "a.pem", &w->root, ROOT_KEYS);
	assert_int_equal(load(w), RC_OK);
	assert_int_equal(w->trust->recorded, TRUST_RECORD_MISSING);
	assert_false(trust_record_good(w->trust));
	memcpy(id, w->trust->id, 32);
	put_text(w, TRUST_HISTORY, "");
	assert_int_equal(load(w), RC_OK);
	assert_int_equal(w->trust->recorded, TRUST_RECORD_MISSING);
	put_history(w, id, false);
	assert_int_equal(load(w), RC_OK);
	assert_int_equal(w->trust->recorded, TRUST_RECORD_SAME);
	assert_true(trust_record_good(w->trust));
	assert_memory_equal(w->trust->recorded_id, id, 32);
	assert_int_equal(lines(w), 0);
	put_history(w, id, true);
	assert_int_equal(load(w), RC_OK);
	assert_int_equal(w->trust->recorded, TRUST_RECORD_BROKEN);
	assert_false(trust_record_good(w->trust));
	id[0] ^= 1;
	put_history(w, id, false);
	assert_int_equal(load(w), RC_OK);
	assert_int_equal(w->trust->recorded, TRUST_RECORD_DIFFERS);
	assert_false(trust_record_good(w->trust));
	assert_string_equal(trust_record_text(w->trust->recorded), "not the recorded set");
	/* without its list the folder is nothing, and not everything */
	(void)snprintf(path, sizeof(path), "%s/" TRUST_CONF, w->dir);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(load(w), RC_FORMAT);
	assert_null(w->trust);
	assert_int_equal(lines(w), 1);
}

/* Fingerprints as people type them. */
static void
test_typed(void **state)
{
	static const char *const wrong[] = {"", "00", "0x00",
	    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1",
	    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f0",
	    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1g",
	    "000102030405060708090a0b0c0d0e0f-101112131415161718191a1b1c1d1e1f"};
	uint8_t md[32];
	size_t i;

	(void)state;
	assert_true(trust_fingerprint_parse(
	    " 00:01:02:03 04:05 06 07:08:09:0A:0b 0C0D0e0f 1011 1213 1415 1617 1819 1a1B 1c1d "
	    "1e 1f\t",
	    md));
	for (i = 0; i < 32; i++)
		assert_int_equal(md[i], i);
	for (i = 0; i < nitems(wrong); i++)
		assert_false(trust_fingerprint_parse(wrong[i], md));
}

/* --- the folder that is shipped --- */

static void
copy_shipped(struct world *w)
{
	char path[512], bytes[1 << 14];
	struct dirent *e;
	DIR *d = opendir("conf/trust");
	size_t n;
	FILE *f;

	assert_non_null(d);
	while ((e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		(void)snprintf(path, sizeof(path), "conf/trust/%s", e->d_name);
		assert_non_null(f = fopen(path, "re"));
		n = fread(bytes, 1, sizeof(bytes), f);
		assert_int_equal(fclose(f), 0);
		f = create(w, e->d_name);
		assert_int_equal(fwrite(bytes, 1, n, f), n);
		assert_int_equal(fclose(f), 0);
	}
	(void)closedir(d);
}

static void
test_shipped(void **state)
{
	struct world *w = *state;
	struct cert_pool pool;
	struct chain chain;
	struct arena *a = arena_new(1 << 20);
	size_t i;

	assert_int_equal(trust_load(&w->trust, "conf/trust", &w->log), RC_OK);
	assert_string_equal(buf_text(&w->log), "");
	assert_int_equal(w->trust->anchors.n, 2);
	assert_int_equal(w->trust->nhelpers, 3);
	assert_false(w->trust->demonstration);
	assert_true(trust_record_good(w->trust));
	assert_true(trust_record_good(w->trust));
	assert_int_equal(w->trust->nhosts, 4);
	assert_int_equal(w->trust->nissuer_urls, 1);
	cert_pool_init(&pool, w->trust->cache, a);
	for (i = 0; i < 3; i++)
		assert_int_equal(
		    cert_pool_add_cert(&pool, w->trust->helpers[i], CERT_FROM_STORE), RC_OK);
	for (i = 0; i < 3; i++) {
		assert_true(chain_build(
		    &chain, &pool, &w->trust->anchors, w->trust->helpers[i], ANCHOR_TSA, 0));
		assert_int_equal(chain.status, CHAIN_TRUSTED);
		assert_string_equal(chain.anchor->name, "Root CA Indonesia DS G1");
	}
	for (i = 0; i < 2; i++) {
		/* trusted for as long as the certificate says, not longer */
		assert_int_equal(
		    w->trust->anchors.v[i].from, w->trust->anchors.v[i].cert->not_before);
		assert_int_equal(
		    w->trust->anchors.v[i].until, w->trust->anchors.v[i].cert->not_after);
		assert_int_equal(w->trust->anchors.v[i].purposes, ANCHOR_SIGNER | ANCHOR_TSA);
	}
	arena_free(a);
}

static void
test_shipped_changed(void **state)
{
	struct world *w = *state;
	char path[512], c;
	int fd;

	copy_shipped(w);
	put_pem(w, "Testing_User.pem", &w->root, NULL); /* not in the list */
	(void)snprintf(path, sizeof(path), "%s/Root_CA_Indonesia_DS_G1.pem", w->dir);
	assert_true((fd = open(path, O_RDWR | O_CLOEXEC)) >= 0);
	assert_int_equal(pread(fd, &c, 1, 500), 1);
	c = c == 'A' ? 'B' : 'A';
	assert_int_equal(pwrite(fd, &c, 1, 500), 1);
	(void)close(fd);
	assert_int_equal(load(w), RC_OK);
	assert_int_equal(w->trust->anchors.n, 1);
	assert_string_equal(w->trust->anchors.v[0].name, "OSD LU Kelas 2");
	assert_int_equal(lines(w), 2);
	assert_non_null(strstr(buf_text(&w->log), "Root_CA_Indonesia_DS_G1.pem: "));
	assert_non_null(strstr(buf_text(&w->log), "Testing_User.pem: not listed"));
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {T(test_any), T(test_none), T(test_listed),
	    T(test_refused), T(test_pinned), T(test_hosts), T(test_wrong_lines), T(test_odd_files),
	    T(test_listed_junk), T(test_unreadable_list), T(test_id), T(test_recorded),
	    T(test_typed), T(test_shipped), T(test_shipped_changed)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
