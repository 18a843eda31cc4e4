/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Signs a PDF that is there, by incremental updates, as BSrE's service does: CAdES detached, a
 * timestamp, and a store of evidence (PAdES-B-LT) by an invented authority.
 *
 *   signer --authority DIR [--name NAME]... [--no-evidence] [--no-stamp]
 *          [--shown TEXT] [--ago SECONDS] [IN.pdf OUT.pdf]
 *
 * The authority lives in DIR and is founded there if it is not: keys, certificates and, for
 * --trust, DIR/anchors/root.pem.  Without files it is only founded.  Each --name signs, in their
 * order; of each the certificate is new.  --no-evidence: what is known of certificates is left
 * out, so that the letter lacks revocation data and nothing else.  --shown: a visible stamp on the
 * first page.  --ago: when the first one signed (default: 600 seconds ago).
 */
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <openssl/pem.h>
#include <openssl/x509.h>

#include "io.h"
#include "paper.h"

#define YEAR  ((int64_t)365 * 86400)
#define NAMES 8

struct order {
	const char *authority, *names[NAMES], *shown;
	size_t nnames;
	bool no_evidence, no_stamp;
	int64_t ago;
};

static const char *const parts[] = {"root", "ca", "tsa", "responder"};

static void __attribute__((noreturn)) die(const char *what, const char *name)
{
	fprintf(stderr, "signer: %s: %s\n", what, name);
	exit(2);
}

static FILE *
part_file(const char *dir, const char *name, const char *end, const char *mode)
{
	char path[PATH_MAX];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s%s", dir, name, end);
	if ((f = fopen(path, mode)) == NULL)
		die(strerrordesc_np(errno), path);
	return f;
}

/* ---- the authority, new or as it was ---- */

static void
keep_part(const char *dir, const char *name, const struct pki_cert *c)
{
	FILE *f = part_file(dir, name, ".key", "we");

	if (PEM_write_PrivateKey(f, c->key, NULL, NULL, 0, NULL, NULL) != 1 || fclose(f) != 0)
		die("not written", name);
	f = part_file(dir, name, ".der", "we");
	if (fwrite(c->der.p, 1, c->der.len, f) != c->der.len || fclose(f) != 0)
		die("not written", name);
}

static void
found(struct agency *a, struct maker *m, const char *dir, int64_t now)
{
	const struct agency_times times = {{now - 6 * YEAR, now + 14 * YEAR},
	    {now - 4 * YEAR, now + 6 * YEAR}, {now - YEAR, now + 3 * YEAR},
	    {now - YEAR, now + 3 * YEAR}};
	const struct pki_cert *certs[] = {&a->root, &a->ca, &a->tsa, &a->responder};
	char path[PATH_MAX];
	struct der pem;
	FILE *f;
	size_t i;

	agency_found(a, m, MAKER_RSA, &times);
	if (maker_rc(m) != RC_OK)
		die("not founded", rc_str(maker_rc(m)));
	snprintf(path, sizeof(path), "%s/anchors", dir);
	if ((mkdir(dir, 0755) == -1 && errno != EEXIST) ||
	    (mkdir(path, 0755) == -1 && errno != EEXIST))
		die(strerrordesc_np(errno), dir);
	for (i = 0; i < 4; i++)
		keep_part(dir, parts[i], certs[i]);
	pem = pki_pem(m, &a->root);
	f = part_file(path, "root", ".pem", "we");
	if (fwrite(pem.p, 1, pem.len, f) != pem.len || fclose(f) != 0)
		die("not written", path);
}

static struct der
kept(struct maker *m, uint8_t *p, int len)
{
	struct der d = ASN_NONE;

	if (len > 0)
		d = maker_copy(m, p, (size_t)len);
	OPENSSL_free(p);
	return d;
}

/* A key that the maker frees. */
static EVP_PKEY *
read_key(struct maker *m, const char *dir, const char *name)
{
	FILE *f = part_file(dir, name, ".key", "re");
	EVP_PKEY *key = PEM_read_PrivateKey(f, NULL, NULL, NULL);

	fclose(f);
	if (key == NULL ||
	    arena_grow(m->arena, &m->keys, m->nkeys, &m->capkeys, sizeof(EVP_PKEY *)) != RC_OK)
		die("not read", name);
	m->keys[m->nkeys++] = key; /* transferred */
	return key;
}

static void
read_part(struct maker *m, const char *dir, const char *name, struct pki_cert *out)
{
	FILE *f = part_file(dir, name, ".der", "re");
	X509 *x = d2i_X509_fp(f, NULL);
	uint8_t *p = NULL;
	int len;

	fclose(f);
	if (x == NULL)
		die("not read", name);
	memset(out, 0, sizeof(*out));
	len = i2d_X509(x, &p);
	out->der = kept(m, p, len);
	p = NULL;
	len = i2d_X509_NAME(X509_get_subject_name(x), &p);
	out->subject = kept(m, p, len);
	p = NULL;
	len = i2d_X509_NAME(X509_get_issuer_name(x), &p);
	out->issuer = kept(m, p, len);
	p = NULL;
	len = i2d_ASN1_INTEGER(X509_get_serialNumber(x), &p);
	out->serial = kept(m, p, len);
	X509_free(x);
	out->key = read_key(m, dir, name);
}

/* Serial numbers go on with the clock: no file says how many there were. */
static void
open_authority(struct agency *a, struct maker *m, const char *dir, int64_t now)
{
	struct pki_cert *certs[] = {&a->root, &a->ca, &a->tsa, &a->responder};
	char path[PATH_MAX];
	size_t i;

	snprintf(path, sizeof(path), "%s/anchors/root.pem", dir);
	if (access(path, F_OK) == -1) {
		found(a, m, dir, now);
		return;
	}
	memset(a, 0, sizeof(*a));
	a->m = m;
	a->fresh = YEAR;
	a->serial = ((uint64_t)now << 24) + ((uint64_t)getpid() & 0xffff) * 256;
	for (i = 0; i < 4; i++)
		read_part(m, dir, parts[i], certs[i]);
}

/* ---- signing ---- */

static void
sign(struct paper *p, struct agency *a, const struct order *o, size_t i, int64_t now)
{
	int64_t at = now - o->ago + (int64_t)i * 20;
	struct paper_order order = {
	    .level = o->no_stamp ? AGENCY_B : AGENCY_T,
	    .at = at,
	    .shown = o->shown,
	    .rect = {60 + 165 * (double)i, 164, 202 + 165 * (double)i, 217},
	};
	struct pki_cert signer;
	char field[32];
	unsigned n;

	for (n = 1, snprintf(field, sizeof(field), "TandaTangan1");
	     sight_field(p->sight, field) != 0; n++)
		snprintf(field, sizeof(field), "TandaTangan%u", n + 1);
	agency_admit(
	    a, &signer, maker_key(a->m, MAKER_RSA), o->names[i], now - YEAR, now + YEAR - 1);
	order.signer = &signer;
	order.field = field;
	paper_sign(p, a, &order);
	if (!o->no_evidence)
		paper_dss(p, a, &signer, at + 4);
}

static void
sign_all(struct agency *a, const struct order *o, const char *in, const char *out, int64_t now)
{
	struct letter l;
	struct paper p;
	size_t i;
	int fd;

	paper_file(&l, a->m, in);
	if (letter_rc(&l) != RC_OK)
		die("not read", in);
	paper_open(&p, &l);
	for (i = 0; i < o->nnames && letter_rc(&l) == RC_OK; i++)
		sign(&p, a, o, i, now);
	if (letter_rc(&l) != RC_OK)
		die("not signed", rc_str(letter_rc(&l)));
	if ((fd = open(out, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644)) == -1 ||
	    letter_write(&l, fd) != RC_OK)
		die(strerrordesc_np(errno), out);
	close(fd);
	paper_close(&p);
	letter_clear(&l);
}

static void
take(struct order *o, int option)
{
	switch (option) {
	case 'd':
		o->authority = optarg;
		break;
	case 'n':
		if (o->nnames == NAMES)
			die("too many names", optarg);
		o->names[o->nnames++] = optarg;
		break;
	case 'e':
		o->no_evidence = true;
		break;
	case 's':
		o->no_stamp = true;
		break;
	case 'v':
		o->shown = optarg;
		break;
	case 'a':
		o->ago = strtoll(optarg, NULL, 10);
		break;
	default:
		die("no such option, see", "tests/forge/signer.c");
	}
}

int
main(int argc, char **argv)
{
	static const struct option options[] = {{"authority", required_argument, NULL, 'd'},
	    {"name", required_argument, NULL, 'n'}, {"no-evidence", no_argument, NULL, 'e'},
	    {"no-stamp", no_argument, NULL, 's'}, {"shown", required_argument, NULL, 'v'},
	    {"ago", required_argument, NULL, 'a'}, {NULL, 0, NULL, 0}};
	struct order o = {.ago = 600};
	int64_t now = (int64_t)time(NULL);
	struct agency a;
	struct maker *m;
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1)
		take(&o, option);
	if (o.authority == NULL || (argc - optind != 0 && argc - optind != 2))
		die("wants", "--authority DIR [IN.pdf OUT.pdf]");
	if ((m = maker_new()) == NULL)
		die("memory", o.authority);
	if (o.nnames == 0)
		o.names[o.nnames++] = "Siti Rahmawati Contoh";
	open_authority(&a, m, o.authority, now);
	if (argc - optind == 2)
		sign_all(&a, &o, argv[optind], argv[optind + 1], now);
	maker_free(m);
	return 0;
}
