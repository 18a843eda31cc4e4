/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What more signatures and more revisions cost: letters of one kind each, in
 * memory, verified on one core with a warm cache.
 *
 *   linear      one line a letter: kind, how many, bytes, microseconds (median of RUNS)
 *
 * signatures   each with a timestamp and its evidence in the document security store
 * archive      one signature, then that often fresh evidence and a document timestamp
 * fills        one certification that allows it, then that many revisions of a form field
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "agency.h"
#include "io.h"
#include "verify.h"
#include "when.h"

#define RUNS    5
#define SECONDS 0.2
#define DAY     ((int64_t)24 * 3600)
#define YEAR    (365 * DAY)

static const unsigned numbers[] = {1, 2, 5, 10, 20, 50};

static const struct letter_text text = {
    .number = "000/001/CONTOH",
    .date = "Kota Contoh, tanggal contoh",
    .subject = "Persetujuan bantuan kegiatan",
    .amount = "Rp 12.500.000,00",
    .signer = "Siti Rahmawati Contoh",
    .role = "KEPALA DINAS CONTOH",
};

struct bench {
	struct maker *m;
	struct agency agency;
	struct pki_cert signer;
	struct trust *trust;
	int64_t now;
};

/* A signature with its timestamp, and the evidence that is not in the file yet. */
static void
sign(struct bench *b, struct letter *l, unsigned i, int docmdp)
{
	char field[32];
	struct agency_order order = {.signer = &b->signer,
	    .level = AGENCY_T,
	    .at = b->now - 90 * DAY + i * 60,
	    .field = field,
	    .docmdp = docmdp};
	struct letter_evidence ev;

	snprintf(field, sizeof(field), "TandaTangan%u", i + 1);
	agency_sign(&b->agency, l, &order);
	agency_evidence(&b->agency, &order, order.at + 4, &ev);
	if (i > 0)
		ev.ncerts = ev.ncrls = 0;
	letter_dss(l, &ev);
}

static void
make_signatures(struct bench *b, struct letter *l, unsigned n)
{
	unsigned i;

	for (i = 0; i < n; i++)
		sign(b, l, i, 0);
}

static void
stamp(struct bench *b, struct letter *l, unsigned i, int64_t at)
{
	const struct pki_cert *chain[] = {&b->agency.tsa, &b->agency.root};
	char field[32];
	struct token token = {.authority = &b->agency.tsa,
	    .certs = chain,
	    .ncerts = 2,
	    .gen_time = at,
	    .serial = b->agency.serial++};
	struct letter_sign spec = {.field = field, .at = WHEN_NONE, .hole = 8192, .token = &token};

	snprintf(field, sizeof(field), "StempelWaktu%u", i + 1);
	letter_sign(l, &spec);
}

static void
make_archive(struct bench *b, struct letter *l, unsigned n)
{
	const struct agency_order order = {.signer = &b->signer};
	struct letter_evidence ev;
	int64_t at;
	unsigned i;

	sign(b, l, 0, 0);
	for (i = 0; i < n; i++) {
		at = b->now - 60 * DAY + i * DAY;
		agency_evidence(&b->agency, &order, at, &ev);
		ev.ncerts = ev.ncrls = 0; /* they are there */
		ev.no_vri = true;
		letter_dss(l, &ev);
		stamp(b, l, i, at + 60);
	}
}

static void
fill(struct letter *l, unsigned field, unsigned i)
{
	letter_put(l, field);
	buf_printf(&l->out,
	    "<< /Type /Annot /Subtype /Widget /FT /Tx /T (Catatan) /F 4 /P %u 0 R\n"
	    "/Rect [60 120 300 140] /DA (/F1 10 Tf 0 g) /V (Catatan %u) >>",
	    l->page, i);
	letter_done(l);
}

static void
make_fills(struct bench *b, struct letter *l, unsigned n)
{
	unsigned field, i;

	/* the field is part of what is certified */
	letter_update(l);
	field = l->fields[l->nfields++] = l->size++;
	fill(l, field, 0);
	l->acroform = l->size++;
	letter_put_form(l, true);
	letter_update_end(l);
	sign(b, l, 0, 2);
	for (i = 0; i < n; i++) {
		letter_update(l);
		fill(l, field, i + 1);
		letter_update_end(l);
	}
}

static const struct {
	const char *name;
	void (*make)(struct bench *, struct letter *, unsigned);
} kinds[] = {{"signatures", make_signatures}, {"archive", make_archive}, {"fills", make_fills}};

/* ---- timing ---- */

static double
now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static enum rc
verify_once(const struct source *src, const struct verify_params *params)
{
	struct report *r;
	enum rc rc = verify(&r, src, params);

	if (rc == RC_OK && r->conclusion != CONCLUSION_VALID) {
		fprintf(stderr, "linear: %s %s\n", conclusion_name(r->conclusion),
		    r->nreasons > 0 ? check_name(r->reasons[0]) : "");
		rc = RC_FORMAT;
	}
	if (rc == RC_OK)
		report_free(r);
	return rc;
}

static enum rc
measure(const struct bench *b, const struct source *src, double *us)
{
	const struct verify_params params = {
	    .trust = b->trust, .policy = policy_find(NULL), .at = b->now, .offline = true};
	double runs[RUNS], begin;
	enum rc rc = RC_OK;
	unsigned i, n;

	for (i = 0; i < 5 && rc == RC_OK; i++)
		rc = verify_once(src, &params);
	for (i = 0; i < RUNS && rc == RC_OK; i++) {
		begin = now_us();
		for (n = 0; rc == RC_OK && now_us() - begin < SECONDS * 1e6; n++)
			rc = verify_once(src, &params);
		runs[i] = (now_us() - begin) / n;
	}
	qsort(runs, RUNS, sizeof(*runs), compare);
	*us = runs[RUNS / 2];
	return rc;
}

static enum rc
one(struct bench *b, size_t kind, unsigned n)
{
	struct source src;
	struct letter l;
	double us = 0;
	enum rc rc;
	int fd;

	letter_init(&l, b->m, LETTER_CLASSIC, &text, 0);
	kinds[kind].make(b, &l, n);
	rc = letter_rc(&l);
	if (rc == RC_OK && (fd = memfd_create("letter", MFD_CLOEXEC)) == -1)
		rc = RC_IO;
	if (rc == RC_OK) {
		rc = io_write_full(fd, l.out.p, l.out.len);
		if (rc == RC_OK && (rc = source_open(&src, fd, 0, UINT64_MAX)) == RC_OK) {
			rc = measure(b, &src, &us);
			source_close(&src);
		}
		close(fd);
	}
	if (rc == RC_OK)
		printf("%s %u %zu %.1f\n", kinds[kind].name, n, l.out.len, us);
	letter_clear(&l);
	return rc;
}

static enum rc
load_trust(struct bench *b)
{
	struct der pem = pki_pem(b->m, &b->agency.root);
	char dir[] = "/tmp/linear.XXXXXX", path[64];
	struct buf log;
	enum rc rc = RC_IO;
	FILE *f;

	if (mkdtemp(dir) == NULL)
		return RC_IO;
	snprintf(path, sizeof(path), "%s/root.pem", dir);
	if ((f = fopen(path, "we")) != NULL) {
		if (fwrite(pem.p, 1, pem.len, f) == pem.len)
			rc = RC_OK;
		if (fclose(f) != 0)
			rc = RC_IO;
	}
	buf_init(&log, 1 << 16);
	if (rc == RC_OK)
		rc = trust_load(&b->trust, dir, &log);
	buf_clear(&log);
	unlink(path);
	rmdir(dir);
	return rc;
}

static enum rc
set_up(struct bench *b)
{
	struct agency_times times;

	b->now = (int64_t)time(NULL);
	times = (struct agency_times){
	    .root = {b->now - 6 * YEAR, b->now + 14 * YEAR},
	    .ca = {b->now - 4 * YEAR, b->now + 6 * YEAR},
	    .tsa = {b->now - YEAR, b->now + 3 * YEAR},
	    .responder = {b->now - YEAR, b->now + 3 * YEAR},
	};
	if ((b->m = maker_new()) == NULL)
		return RC_NOMEM;
	agency_found(&b->agency, b->m, MAKER_RSA, &times);
	agency_admit(&b->agency, &b->signer, maker_key(b->m, MAKER_RSA), text.signer, b->now - YEAR,
	    b->now + YEAR);
	return maker_rc(b->m) == RC_OK ? load_trust(b) : maker_rc(b->m);
}

int
main(void)
{
	struct bench b = {.m = NULL};
	enum rc rc = set_up(&b);
	size_t i, k;

	for (k = 0; k < sizeof(kinds) / sizeof(kinds[0]) && rc == RC_OK; k++)
		for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]) && rc == RC_OK; i++)
			rc = one(&b, k, numbers[i]);
	trust_free(b.trust);
	maker_free(b.m);
	if (rc != RC_OK)
		fprintf(stderr, "linear: %s\n", rc_str(rc));
	return rc == RC_OK ? 0 : 1;
}
