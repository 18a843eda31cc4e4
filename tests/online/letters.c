/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Makes what the tests of the network ask about: certificates with the addresses that
 * a test wants in them, letters signed with them, answers and lists about them.
 *
 *   letters DIR <SCRIPT
 *
 * A line of the script is a command, a name, and words of the form key=value; every time
 * is in seconds from now.
 *
 *   key NAME [rsa]               DIR/NAME.key (PKCS#8 in PEM)
 *   cert NAME key= [issuer=] cn= [from=] [until=] [serial=] [for=ca|tsa|ocsp|signer] [nocheck=1]
 *        [ocsp=URL] [aia=URL] [crl=URL] [urls=N at=URL]
 *                                DIR/NAME.der; urls: N addresses of responders, of which each is
 *                                URL with its number for its %
 *   letter FILE [pad=]           DIR/FILE, an unsigned letter; pad: octets of a picture in it
 *   sign SIGNER [certs=A,B] [tsa=NAME stamps=A,B] [ago=] [hole=]
 *                                one more signature on it, with a timestamp if there is a TSA;
 *                                hole: octets of its place
 *   embed A,B [ocsps=FILE,FILE] [crls=FILE]
 *                                a store of evidence on it: certificates, answers and lists that
 *                                this script made before
 *   answer FILE of= issuer= by= [status=good|revoked|unknown] [when=] [this=] [next=]
 *   list FILE issuer= [this=] [next=] [of= when=]
 *                                OCSP response and CRL; this= the time of issue, next= the next
 * one, when= of a revocation
 */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <openssl/pem.h>

#include "io.h"
#include "letter.h"
#include "proof.h"
#include "when.h"

#define DAY   86400
#define WORDS 16
#define LIST  8
#define NAME  64

struct made {
	char name[NAME];
	EVP_PKEY *key;        /* of a key */
	struct pki_cert cert; /* or a certificate */
	struct der der;       /* or an answer, or a list */
};

struct shop {
	struct maker *m;
	const char *dir;
	int64_t now;
	struct made *v;
	size_t n, cap;
	uint64_t serial;
	struct letter letter;
	char file[NAME]; /* "": no letter is open */
	char *words[WORDS];
	size_t nwords;
};

static const struct letter_text text = {
    .number = "000/005/CONTOH",
    .date = "Kota Contoh, tanggal contoh",
    .subject = "Persetujuan bantuan kegiatan",
    .amount = "Rp 12.500.000,00",
    .signer = "Siti Rahmawati Contoh",
    .role = "KEPALA DINAS CONTOH",
};

static void __attribute__((noreturn)) die(const char *what, const char *name)
{
	fprintf(stderr, "letters: %s: %s\n", what, name);
	exit(1);
}

/* --- words --- */

static const char *
word(const struct shop *s, const char *key)
{
	size_t i, len = strlen(key);

	for (i = 0; i < s->nwords; i++)
		if (strncmp(s->words[i], key, len) == 0 && s->words[i][len] == '=')
			return s->words[i] + len + 1;
	return NULL;
}

static const char *
word_or(const struct shop *s, const char *key, const char *otherwise)
{
	const char *v = word(s, key);

	return v != NULL ? v : otherwise;
}

static long long
number(const struct shop *s, const char *key, long long otherwise)
{
	const char *v = word(s, key);

	return v != NULL ? strtoll(v, NULL, 10) : otherwise;
}

static int64_t
moment(const struct shop *s, const char *key, long long otherwise)
{
	return s->now + number(s, key, otherwise);
}

/* --- what was made --- */

static struct made *
find(struct shop *s, const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		if (strlen(s->v[i].name) == len && memcmp(s->v[i].name, name, len) == 0)
			return &s->v[i];
	die("not made", name);
}

static struct made *
named(struct shop *s, const char *key)
{
	const char *v = word(s, key);

	return v != NULL ? find(s, v, strlen(v)) : NULL;
}

static struct made *
wanted(struct shop *s, const char *key)
{
	struct made *m = named(s, key);

	if (m == NULL)
		die("a word is missing", key);
	return m;
}

/* What is named by a text A,B,C; NULL: nothing. */
static size_t
several(struct shop *s, const char *v, const struct made **out)
{
	const char *end;
	size_t n = 0;

	while (v != NULL && *v != '\0' && n < LIST) {
		end = v + strcspn(v, ",");
		out[n++] = find(s, v, (size_t)(end - v));
		v = *end == ',' ? end + 1 : end;
	}
	return n;
}

/* The certificates of a word A,B,C. */
static size_t
certs_of(struct shop *s, const char *key, const struct pki_cert **out)
{
	const struct made *v[LIST];
	size_t i, n = several(s, word(s, key), v);

	for (i = 0; i < n; i++)
		out[i] = &v[i]->cert;
	return n;
}

/* A new one; what find() gave before is elsewhere afterwards. */
static struct made *
begin(struct shop *s, const char *name)
{
	struct made *m;

	if (s->n == s->cap) {
		s->cap = s->cap == 0 ? 64 : 2 * s->cap;
		if ((s->v = reallocarray(s->v, s->cap, sizeof(*s->v))) == NULL)
			die("memory", name);
	}
	m = &s->v[s->n++];
	memset(m, 0, sizeof(*m));
	snprintf(m->name, sizeof(m->name), "%s", name);
	return m;
}

static int
create(struct shop *s, const char *name, const char *end)
{
	char path[PATH_MAX];
	int fd;

	snprintf(path, sizeof(path), "%s/%s%s", s->dir, name, end);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd == -1)
		die("not written", path);
	return fd;
}

static void
write_der(struct shop *s, const char *name, const char *end, struct der d)
{
	int fd = create(s, name, end);

	if (d.len == 0 || io_write_full(fd, d.p, d.len) != RC_OK)
		die("not written", name);
	close(fd);
}

/* --- commands --- */

static void
do_key(struct shop *s, const char *name)
{
	struct made *m = begin(s, name);
	bool rsa = s->nwords > 0 && strcmp(s->words[0], "rsa") == 0;
	FILE *f;

	m->key = maker_key(s->m, rsa ? MAKER_RSA : MAKER_P256);
	f = fdopen(create(s, name, ".key"), "w");
	if (f == NULL || m->key == NULL ||
	    PEM_write_PrivateKey(f, m->key, NULL, NULL, 0, NULL, NULL) != 1 || fclose(f) != 0)
		die("not written", name);
}

/* One extension with as many addresses as are wanted: RFC 5280, 4.2.2.1. */
static struct der
many_urls(struct shop *s)
{
	size_t i, n = (size_t)number(s, "urls", 0);
	struct der *each, all, oid = asn_oid(s->m, "1.3.6.1.5.5.7.48.1");
	const char *at = word_or(s, "at", "%");
	int before = (int)strcspn(at, "%");
	char url[256];

	if (n == 0)
		return ASN_NONE;
	if ((each = calloc(n, sizeof(*each))) == NULL)
		die("memory", "urls");
	for (i = 0; i < n; i++) {
		snprintf(url, sizeof(url), "%.*s%zu%s", before, at, i,
		    at[before] != '\0' ? at + before + 1 : "");
		each[i] = ASN_SEQ(s->m, oid, asn_text(s->m, DER_CONTEXT_P(6), url));
	}
	all = ASN_SEQ(s->m, asn_oid(s->m, "1.3.6.1.5.5.7.1.1"),
	    asn_octets(s->m, asn_wrap(s->m, DER_SEQUENCE, each, n)));
	free(each);
	return all;
}

static void
purpose(struct pki_spec *p, const char *what)
{
	p->path_len = -1;
	p->key_usage = PKI_DIGITAL_SIGNATURE;
	if (strcmp(what, "ca") == 0) {
		p->ca = true;
		p->key_usage = PKI_CERT_SIGN | PKI_CRL_SIGN;
	} else if (strcmp(what, "tsa") == 0) {
		p->eku = PKI_EKU_TIMESTAMPING;
		p->eku_critical = true;
	} else if (strcmp(what, "ocsp") == 0)
		p->eku = PKI_EKU_OCSP_SIGNING;
	else {
		p->key_usage |= PKI_NON_REPUDIATION;
		p->eku = PKI_EKU_ADOBE;
		p->eku_critical = p->qc_sscd = true;
		p->subject.organization = "Dinas Contoh";
		p->subject.description = "000000CONTOH_Tanda Tangan Elektronik";
	}
}

static void
do_cert(struct shop *s, const char *name)
{
	struct made *key = wanted(s, "key"), *issuer = named(s, "issuer"), *m;
	struct pki_spec p = {
	    .subject = {"ID", "Balai Uji Contoh", NULL, NULL},
	    .key = key->key,
	    .issuer = issuer != NULL ? &issuer->cert : NULL,
	    .serial = (uint64_t)number(s, "serial", (long long)s->serial++),
	    .from = moment(s, "from", -200 * DAY),
	    .until = moment(s, "until", 500 * DAY),
	    .ocsp_nocheck = number(s, "nocheck", 0) != 0,
	    .url_ocsp = word(s, "ocsp"),
	    .url_ca = word(s, "aia"),
	    .url_crl = word(s, "crl"),
	    .more = many_urls(s),
	};
	char cn[NAME], *c;
	struct pki_cert out;

	snprintf(cn, sizeof(cn), "%s", word_or(s, "cn", name));
	for (c = cn; *c != '\0'; c++)
		if (*c == '_')
			*c = ' ';
	p.subject.common_name = cn;
	purpose(&p, word_or(s, "for", "signer"));
	pki_issue(s->m, &p, &out);
	m = begin(s, name);
	m->cert = out;
	write_der(s, name, ".der", out.der);
}

static void
end_letter(struct shop *s)
{
	int fd;

	if (s->file[0] == '\0')
		return;
	fd = create(s, s->file, "");
	if (letter_rc(&s->letter) != RC_OK || letter_write(&s->letter, fd) != RC_OK)
		die("not written", s->file);
	close(fd);
	letter_clear(&s->letter);
	s->file[0] = '\0';
}

static void
do_letter(struct shop *s, const char *name)
{
	end_letter(s);
	letter_init(&s->letter, s->m, LETTER_CLASSIC, &text, (uint64_t)number(s, "pad", 0));
	snprintf(s->file, sizeof(s->file), "%s", name);
}

static void
do_sign(struct shop *s, const char *name)
{
	const struct pki_cert *certs[LIST], *stamps[LIST];
	const struct made *signer = find(s, name, strlen(name)), *tsa = named(s, "tsa");
	int64_t at = s->now - number(s, "ago", DAY);
	char field[16];
	struct token stamp = {
	    .certs = stamps,
	    .ncerts = certs_of(s, "stamps", stamps),
	    .gen_time = at + 3,
	    .serial = s->serial++,
	};
	struct envelope envelope = {
	    .signer = &signer->cert,
	    .certs = certs,
	    .ncerts = certs_of(s, "certs", certs),
	};
	struct letter_sign sign = {
	    .field = field,
	    .at = at,
	    .reason = "Surat contoh",
	    .hole = (size_t)number(s, "hole", 8192),
	    .envelope = &envelope,
	};

	snprintf(field, sizeof(field), "TandaTangan%u", s->letter.nfields + 1);
	if (tsa != NULL) {
		stamp.authority = &tsa->cert;
		envelope.stamp = &stamp;
	}
	letter_sign(&s->letter, &sign);
}

static void
do_embed(struct shop *s, const char *names)
{
	const struct made *certs[LIST], *ocsps[LIST], *crls[LIST];
	struct letter_evidence e = {
	    .ncerts = several(s, names, certs),
	    .nocsps = several(s, word(s, "ocsps"), ocsps),
	    .ncrls = several(s, word(s, "crls"), crls),
	};
	size_t i;

	for (i = 0; i < e.ncerts; i++)
		e.certs[i] = certs[i]->cert.der;
	for (i = 0; i < e.nocsps; i++)
		e.ocsps[i] = ocsps[i]->der;
	for (i = 0; i < e.ncrls; i++)
		e.crls[i] = crls[i]->der;
	letter_dss(&s->letter, &e);
}

static void
do_answer(struct shop *s, const char *name)
{
	const char *status = word_or(s, "status", "good");
	struct proof_answer a = {
	    .subject = &wanted(s, "of")->cert,
	    .issuer = &wanted(s, "issuer")->cert,
	    .responder = &wanted(s, "by")->cert,
	    .status = strcmp(status, "good") == 0      ? PROOF_GOOD
		      : strcmp(status, "revoked") == 0 ? PROOF_REVOKED
						       : PROOF_UNKNOWN,
	    .revoked_at = moment(s, "when", -10 * DAY),
	    .reason = -1,
	    .produced = moment(s, "this", -60),
	    .this_update = moment(s, "this", -60),
	    .next_update = word(s, "next") != NULL ? moment(s, "next", 0) : WHEN_NONE,
	};

	struct der der = proof_ocsp(s->m, &a);

	begin(s, name)->der = der;
	write_der(s, name, "", der);
}

static void
do_list(struct shop *s, const char *name)
{
	const struct made *of = named(s, "of");
	struct proof_list l = {
	    .issuer = &wanted(s, "issuer")->cert,
	    .number = s->serial++,
	    .this_update = moment(s, "this", -60),
	    .next_update = moment(s, "next", DAY),
	    .revoked = of != NULL ? &of->cert : NULL,
	    .revoked_at = moment(s, "when", -10 * DAY),
	};

	struct der der = proof_crl(s->m, &l);

	begin(s, name)->der = der;
	write_der(s, name, "", der);
}

static const struct {
	const char *name;
	void (*run)(struct shop *s, const char *name);
} commands[] = {{"key", do_key}, {"cert", do_cert}, {"letter", do_letter}, {"sign", do_sign},
    {"embed", do_embed}, {"answer", do_answer}, {"list", do_list}};

/* NULL at the end of the line. */
static char *
next_word(char **line)
{
	char *w;

	while ((w = strsep(line, " \n")) != NULL && *w == '\0')
		continue;
	return w;
}

static void
do_line(struct shop *s, char *line)
{
	const char *command = next_word(&line), *name = next_word(&line);
	size_t i;

	if (command == NULL || name == NULL)
		return;
	s->nwords = 0;
	while (s->nwords < WORDS && (s->words[s->nwords] = next_word(&line)) != NULL)
		s->nwords++;
	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (strcmp(commands[i].name, command) == 0) {
			commands[i].run(s, name);
			return;
		}
	die("unknown command", command);
}

int
main(int argc, char **argv)
{
	struct shop s = {.now = (int64_t)time(NULL), .serial = 0x2001};
	char line[4096];

	if (argc != 2)
		die("wants", "DIR");
	s.dir = argv[1];
	if ((s.m = maker_new()) == NULL)
		die("memory", s.dir);
	while (fgets(line, sizeof(line), stdin) != NULL)
		do_line(&s, line);
	end_letter(&s);
	if (maker_rc(s.m) != RC_OK)
		die("not made", rc_str(maker_rc(s.m)));
	maker_free(s.m);
	free(s.v);
	return 0;
}
