/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a letter with embedded evidence costs on one core, and beside it what
 * its hashing and its public-key operations alone cost in the same loop.
 *
 *   letter make DIR BYTES...   DIR/BYTES.pdf for each, about that long, of level
 *                              B-LT with RSA-2048, and DIR/anchors
 *   letter time FILE DIR       one line a run: documents/s, the same if there were
 *                              only hashing and public-key operations, operations a
 *                              document
 *
 * The public-key operations are timed where they happen: the linker puts the
 * two functions below in front of OpenSSL's (--wrap).
 */
#include <sys/stat.h>

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "agency.h"
#include "io.h"
#include "verify.h"

#define RUNS    5
#define SECONDS 1.0
#define DAY     ((int64_t)24 * 3600)
#define YEAR    (365 * DAY)

static uint64_t pk_ns, pk_count;

/* Processor time: another process on the core does not count. */
static uint64_t
now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

int __real_EVP_PKEY_verify(EVP_PKEY_CTX *ctx, const unsigned char *sig, size_t siglen,
    const unsigned char *tbs, size_t len);
int __wrap_EVP_PKEY_verify(EVP_PKEY_CTX *ctx, const unsigned char *sig, size_t siglen,
    const unsigned char *tbs, size_t len);
int __real_EVP_DigestVerify(
    EVP_MD_CTX *ctx, const unsigned char *sig, size_t siglen, const unsigned char *tbs, size_t len);
int __wrap_EVP_DigestVerify(
    EVP_MD_CTX *ctx, const unsigned char *sig, size_t siglen, const unsigned char *tbs, size_t len);

int
__wrap_EVP_PKEY_verify(EVP_PKEY_CTX *ctx, const unsigned char *sig, size_t siglen,
    const unsigned char *tbs, size_t len)
{
	uint64_t begin = now_ns();
	int ok = __real_EVP_PKEY_verify(ctx, sig, siglen, tbs, len);

	pk_ns += now_ns() - begin;
	pk_count++;
	return ok;
}

int
__wrap_EVP_DigestVerify(
    EVP_MD_CTX *ctx, const unsigned char *sig, size_t siglen, const unsigned char *tbs, size_t len)
{
	uint64_t begin = now_ns();
	int ok = __real_EVP_DigestVerify(ctx, sig, siglen, tbs, len);

	pk_ns += now_ns() - begin;
	pk_count++;
	return ok;
}

/* ---- making ---- */

static const struct letter_text text = {
    .number = "000/001/CONTOH",
    .date = "Kota Contoh, tanggal contoh",
    .subject = "Persetujuan bantuan kegiatan",
    .amount = "Rp 12.500.000,00",
    .signer = "Siti Rahmawati Contoh",
    .role = "KEPALA DINAS CONTOH",
};

static enum rc
write_letter(
    struct agency *a, const struct pki_cert *signer, int64_t now, const char *dir, uint64_t size)
{
	struct letter l;
	char path[4096];
	enum rc rc;
	int fd;

	/* what a letter has beside its padding: page, signature, evidence */
	letter_init(&l, a->m, LETTER_CLASSIC, &text, size > 45000 ? size - 45000 : 0);
	agency_sign(a, &l,
	    &(struct agency_order){
		.signer = signer, .level = AGENCY_LT, .at = now - DAY, .shown = text.signer});
	snprintf(path, sizeof(path), "%s/%" PRIu64 ".pdf", dir, size);
	if ((rc = letter_rc(&l)) == RC_OK) {
		fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
		rc = fd == -1 ? RC_IO : letter_write(&l, fd);
		if (fd != -1)
			close(fd);
	}
	letter_clear(&l);
	return rc;
}

static enum rc
write_anchor(struct agency *a, const char *dir)
{
	struct der pem = pki_pem(a->m, &a->root);
	char path[4096];
	enum rc rc;
	int fd;

	snprintf(path, sizeof(path), "%s/anchors", dir);
	mkdir(path, 0755);
	snprintf(path, sizeof(path), "%s/anchors/root.pem", dir);
	if ((fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644)) == -1)
		return RC_IO;
	rc = io_write_full(fd, pem.p, pem.len);
	close(fd);
	return rc;
}

static enum rc
make(const char *dir, int n, char **sizes)
{
	int64_t now = (int64_t)time(NULL);
	const struct agency_times times = {
	    .root = {now - 6 * YEAR, now + 14 * YEAR},
	    .ca = {now - 4 * YEAR, now + 6 * YEAR},
	    .tsa = {now - YEAR, now + 3 * YEAR},
	    .responder = {now - YEAR, now + 3 * YEAR},
	};
	struct maker *m = maker_new();
	struct pki_cert signer;
	struct agency agency;
	enum rc rc = RC_NOMEM;
	int i;

	if (m == NULL)
		return rc;
	agency_found(&agency, m, MAKER_RSA, &times);
	agency_admit(
	    &agency, &signer, maker_key(m, MAKER_RSA), text.signer, now - YEAR, now + YEAR);
	if ((rc = maker_rc(m)) == RC_OK)
		rc = write_anchor(&agency, dir);
	for (i = 0; i < n && rc == RC_OK; i++)
		rc = write_letter(&agency, &signer, now, dir, strtoull(sizes[i], NULL, 10));
	maker_free(m);
	return rc;
}

/* ---- timing ---- */

static bool
verify_once(const struct source *src, const struct verify_params *params)
{
	struct report *r;
	bool valid;

	if (verify(&r, src, params) != RC_OK)
		return false;
	valid = r->conclusion == CONCLUSION_VALID;
	report_free(r);
	return valid;
}

/* Nanoseconds that SHA-256 over all of the document takes. */
static uint64_t
hash_ns(const struct source *src)
{
	unsigned char md[EVP_MAX_MD_SIZE];
	uint64_t begin = now_ns();
	int i;

	for (i = 0; i < 200; i++)
		EVP_Digest(src->p, src->len, md, NULL, EVP_sha256(), NULL);
	return (now_ns() - begin) / 200;
}

static bool
time_run(const struct source *src, const struct verify_params *params)
{
	uint64_t begin, total, n, hash = hash_ns(src);

	pk_ns = pk_count = 0;
	begin = now_ns();
	for (n = 0; (double)(now_ns() - begin) < SECONDS * 1e9; n++)
		if (!verify_once(src, params))
			return false;
	total = now_ns() - begin;
	printf("%.1f %.1f %.1f\n", (double)n * 1e9 / (double)total,
	    1e9 / ((double)hash + (double)pk_ns / (double)n), (double)pk_count / (double)n);
	return true;
}

static enum rc
measure(const char *file, const char *anchors)
{
	struct verify_params params = {.policy = policy_find(NULL), .offline = true};
	struct trust *trust = NULL;
	struct source src;
	struct buf log;
	enum rc rc;
	int fd, i;

	params.at = (int64_t)time(NULL);
	if ((fd = open(file, O_RDONLY | O_CLOEXEC)) == -1)
		return RC_IO;
	if ((rc = source_open(&src, fd, 0, UINT64_MAX)) != RC_OK)
		goto out;
	buf_init(&log, 1 << 16);
	rc = trust_load(&trust, anchors, &log);
	buf_clear(&log);
	if (rc == RC_OK) {
		params.trust = trust;
		for (i = 0; i < 20 && rc == RC_OK; i++)
			if (!verify_once(&src, &params))
				rc = RC_FORMAT;
		for (i = 0; i < RUNS && rc == RC_OK; i++)
			if (!time_run(&src, &params))
				rc = RC_FORMAT;
	}
	trust_free(trust);
	source_close(&src);
out:
	close(fd);
	return rc;
}

int
main(int argc, char **argv)
{
	enum rc rc;

	if (argc > 3 && strcmp(argv[1], "make") == 0)
		rc = make(argv[2], argc - 3, argv + 3);
	else if (argc == 4 && strcmp(argv[1], "time") == 0)
		rc = measure(argv[2], argv[3]);
	else {
		fprintf(stderr, "usage: letter make DIR BYTES... | time FILE ANCHORS\n");
		return 2;
	}
	if (rc != RC_OK)
		fprintf(stderr, "letter: %s\n",
		    rc == RC_FORMAT ? "the letter is not VALID" : rc_str(rc));
	return rc == RC_OK ? 0 : 1;
}
