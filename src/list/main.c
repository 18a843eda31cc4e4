/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * periksa-list TIME SIGNER...: reads a trust list from standard input, verifies that one
 * of these certificates (by SHA-256) signed all of it, and prints its services.  XML and its
 * signatures are large machines for bytes from outside; this process can do nothing but
 * that: no files, no network, nothing but its answer.
 *
 * Exit status: 0 and the whole answer; 1 and a line on standard error.
 */
#define _GNU_SOURCE

#include <errno.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxml/xmlerror.h>
#include <openssl/evp.h>

#include "buf.h"
#include "caps.h"
#include "dsig.h"
#include "io.h"
#include "seal.h"
#include "trust_conf.h"
#include "tsl.h"
#include "when.h"

#define MEMORY (1024ull << 20) /* address space: a tree takes some twenty times its text */
#define CPU    30              /* seconds */

#define nitems(a) (sizeof(a) / sizeof((a)[0]))

static const int allowed[] = {
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(madvise),
    SCMP_SYS(brk),
    SCMP_SYS(futex),
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(getrandom),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(exit_group),
};

/* Libraries ask for these and can live without. */
static const int refused[] = {
    SCMP_SYS(open),
    SCMP_SYS(openat),
    SCMP_SYS(newfstatat),
    SCMP_SYS(stat),
    SCMP_SYS(access),
    SCMP_SYS(readlink),
    SCMP_SYS(ioctl),
};

static int
rules(void *ctx)
{
	int bad = seal_calls(ctx, allowed, nitems(allowed), refused, nitems(refused));
	int fd;

	bad |= seccomp_rule_add(
	    ctx, SCMP_ACT_ALLOW, SCMP_SYS(read), 1, SCMP_A0(SCMP_CMP_EQ, STDIN_FILENO, 0));
	for (fd = STDOUT_FILENO; fd <= STDERR_FILENO; fd++)
		bad |= seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(write), 1,
		    SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)fd, 0));
	return bad;
}

static int
fail(const char *why)
{
	(void)fprintf(stderr, "periksa: trust: the list was not taken: %s\n", why);
	return 1;
}

/* Everything up to its end. */
static const char *
read_list(struct buf *b)
{
	uint8_t part[1u << 16];
	ssize_t n;

	while ((n = read(STDIN_FILENO, part, sizeof(part))) != 0) {
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return "it can't be read";
		buf_put(b, part, (size_t)n);
		if (buf_rc(b) != RC_OK)
			return "it is larger than any trust list";
	}
	return NULL;
}

static const char *
seal(void)
{
	struct seal *s = NULL;
	const char *why = NULL;

	if (close_range(STDERR_FILENO + 1, ~0u, 0) == -1 || seal_new(&s, rules) != RC_OK ||
	    !seal_limit(RLIMIT_CPU, CPU, CPU) || !seal_limit(RLIMIT_FSIZE, 0, 0) ||
	    !seal_limit(RLIMIT_NPROC, 0, 0) || !seal_limit(RLIMIT_CORE, 0, 0) ||
	    !seal_limit(RLIMIT_NOFILE, 0, 0) ||
	    (!SEAL_OFF && !seal_limit(RLIMIT_AS, MEMORY, MEMORY)) || seal_load(s) != RC_OK)
		why = "its reader can't be shut in";
	seal_free(s);
	return why;
}

static void __attribute__((format(printf, 2, 3))) silent(void *ctx, const char *fmt, ...)
{
	(void)ctx;
	(void)fmt;
}

static const char *
judge(const struct buf *in, struct buf *out, int64_t now, const uint8_t (*pinned)[32], size_t n)
{
	uint8_t used[32], sha256[32];
	const char *why = NULL;
	xmlDocPtr doc;

	if (EVP_Digest(in->p, in->len, sha256, NULL, EVP_sha256(), NULL) != 1)
		return "its digest can't be computed";
	if ((doc = tsl_parse(in->p, in->len, &why)) == NULL)
		return why;
	if ((why = dsig_verify(doc, pinned, n, now, used)) == NULL &&
	    (why = tsl_print(out, doc, now, used, sha256)) == NULL && buf_rc(out) != RC_OK)
		why = "it says too much";
	xmlFreeDoc(doc);
	return why;
}

int
main(int argc, char **argv)
{
	uint8_t(*pinned)[32] = NULL;
	struct buf in, out;
	const char *why;
	int64_t now;
	size_t n;

	buf_init(&in, CAP_TRUST_LIST);
	buf_init(&out, 2 * CAP_TRUST_LIST);
	if (argc < 3 || !when_parse(argv[1], &now) ||
	    (pinned = calloc((size_t)argc, sizeof(*pinned))) == NULL)
		return fail("usage: periksa-list TIME SIGNER...");
	for (n = 0; n < (size_t)argc - 2; n++)
		if (!trust_fingerprint_parse(argv[n + 2], pinned[n]))
			return fail("usage: periksa-list TIME SIGNER...");
	/* what a machine's openssl.cnf says must not change who is trusted */
	if (OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL) != 1 || dsig_start() != NULL)
		return fail("OpenSSL or xmlsec does not start");
	xmlSetGenericErrorFunc(NULL, silent);
	if ((why = seal()) == NULL && (why = read_list(&in)) == NULL)
		why = judge(&in, &out, now, (const uint8_t(*)[32])pinned, n);
	if (why == NULL && io_write_full(STDOUT_FILENO, out.p, out.len) != RC_OK)
		why = "its services can't be told";
	_exit(why == NULL ? 0 : fail(why)); /* nothing is freed: the process was for this */
}
