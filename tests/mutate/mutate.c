/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * usage: mutate [-s SEED] [-f FIRST] [-o NUMBER] [-k KEEP] COUNT DIR [CORPUS]
 *
 * COUNT mutants of the documents of CORPUS and of forged letters, the first of which is
 * number FIRST; prints how many came to which conclusion.  The letters are kept in DIR with
 * the anchor that they need, so that another run has the same ones.  -o makes one mutant
 * alone and writes it to standard output; -k puts those that are VALID into a folder, to be
 * looked at by others.  The status is 0 when not one is VALID that should not be.
 */
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "deed.h"
#include "mutant.h"

#define LARGEST   (2u << 20)
#define CORPUS_AT 1793491200ll /* 2026-11-01T00:00:00Z */
#define LINE      512

static volatile uint64_t current;

/* What was being judged when it crashed. */
static void
crashed(int sig)
{
	char text[64];
	uint64_t n = current;
	size_t i = sizeof(text);

	text[--i] = '\n';
	do {
		text[--i] = (char)('0' + n % 10);
		n /= 10;
	} while (n > 0);
	if (write(2, "crash at mutant ", 16) < 0 || write(2, text + i, sizeof(text) - i) < 0)
		_exit(4);
	signal(sig, SIG_DFL);
	raise(sig);
}

static bool
save(const char *dir, const char *name, const void *p, size_t len)
{
	char path[LINE];
	FILE *f;
	bool ok;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "we");
	ok = f != NULL && fwrite(p, 1, len, f) == len;
	return f != NULL && fclose(f) == 0 && ok;
}

/* Forged letters, good and bad, and the office's, into a folder. */
static bool
make_letters(const char *dir)
{
	const struct deed *const tables[] = {deed_good, deed_tamper};
	const struct forge_case *c;
	struct forge f;
	struct letter l;
	char name[64];
	unsigned n = 0;
	bool ok;
	size_t t, i;

	if (!forge_open(&f))
		return false;
	ok = true;
	for (c = forge_good; ok && c->name != NULL; c++) {
		memset(&l, 0, sizeof(l));
		c->make(&f, &l, c->arg);
		snprintf(name, sizeof(name), "forge-%03u.pdf", n++);
		ok = letter_rc(&l) == RC_OK && save(dir, name, l.out.p, l.out.len);
		letter_clear(&l);
	}
	for (t = 0; t < 2; t++)
		for (i = 0; ok && tables[t][i].name != NULL; i++) {
			if (t == 1 && i % 6 != 0)
				continue;
			memset(&l, 0, sizeof(l));
			deed_make(&f, &l, &tables[t][i]);
			snprintf(name, sizeof(name), "office-%03u.pdf", n++);
			ok = letter_rc(&l) == RC_OK && save(dir, name, l.out.p, l.out.len);
			letter_clear(&l);
		}
	if (ok) {
		struct der pem = pki_pem(f.m, &f.agency.root);
		char anchors[LINE];

		snprintf(anchors, sizeof(anchors), "%s/anchors", dir);
		ok = (mkdir(anchors, 0777) == 0 || access(anchors, W_OK) == 0) &&
		     save(anchors, "anchor.pem", pem.p, pem.len);
	}
	forge_close(&f);
	return ok;
}

static bool
add_file(struct mutants *m, const char *path, const struct trust *trust, int64_t at)
{
	FILE *f = fopen(path, "re");
	uint8_t *p = malloc(LARGEST);
	size_t len = 0;
	bool ok = true;

	if (f != NULL && p != NULL) {
		len = fread(p, 1, LARGEST, f);
		/* the largest ones would take all the time */
		if (len > 0 && len < LARGEST)
			ok = mutants_add(m, path, p, len, trust, at);
	}
	if (f != NULL)
		fclose(f);
	free(p);
	return ok;
}

static bool
/* NOLINTNEXTLINE(misc-no-recursion): folders of our own */
add_folder(struct mutants *m, const char *dir, const struct trust *trust, int64_t at)
{
	struct dirent **names = NULL;
	char path[2 * LINE];
	int n = scandir(dir, &names, NULL, alphasort), i;
	struct stat st;
	bool ok = n >= 0;

	for (i = 0; i < n; i++) {
		size_t len = strlen(names[i]->d_name);

		snprintf(path, sizeof(path), "%s/%s", dir, names[i]->d_name);
		if (ok && names[i]->d_name[0] != '.' && stat(path, &st) == 0) {
			if (S_ISDIR(st.st_mode))
				ok = add_folder(m, path, trust, at);
			else if (len > 4 && strcmp(names[i]->d_name + len - 4, ".pdf") == 0)
				ok = add_file(m, path, trust, at);
		}
		free(names[i]);
	}
	free(names);
	return ok;
}

static struct trust *
trust_of(const char *dir)
{
	char path[LINE];
	struct trust *trust = NULL;
	struct buf log;

	snprintf(path, sizeof(path), "%s/anchors", dir);
	buf_init(&log, 65536);
	if (trust_load(&trust, path, &log) != RC_OK)
		fprintf(stderr, "mutate: %s: %s\n", path, buf_text(&log));
	buf_clear(&log);
	return trust;
}

static void
print_counts(const struct mutants *m)
{
	const struct mutant_counts *c = &m->counts;
	size_t i;

	printf("%ju mutants of %zu documents:", (uintmax_t)c->made, m->n);
	for (i = 0; i < CONCLUSION__MAX; i++)
		printf(" %s %ju", conclusion_name((enum conclusion)i), (uintmax_t)c->by[i]);
	printf("; VALID with other octets %ju, without a report %ju, over a second %ju, "
	       "the slowest %.3f s\n",
	    (uintmax_t)c->differs, (uintmax_t)c->trouble, (uintmax_t)c->slow, c->worst);
	fflush(stdout);
}

static uint64_t
number(const char *s)
{
	return strtoull(s, NULL, 10);
}

static int
usage(void)
{
	fprintf(stderr,
	    "usage: mutate [-s SEED] [-f FIRST] [-o NUMBER] [-k KEEP] COUNT DIR [CORPUS]\n");
	return 2;
}

int
main(int argc, char **argv)
{
	struct trust *ours = NULL, *theirs = NULL;
	struct mutants m = {.seed = 20261121};
	uint64_t first = 0, count, i, valid, only = UINT64_MAX;
	const char *keep = NULL;
	struct buf scratch;
	char path[LINE];
	int c, status = 2;

	while ((c = getopt(argc, argv, "s:f:o:k:")) != -1) /* NOLINT(concurrency-mt-unsafe) */
		switch (c) {
		case 's':
			m.seed = number(optarg);
			break;
		case 'f':
			first = number(optarg);
			break;
		case 'k':
			keep = optarg;
			break;
		case 'o':
			only = number(optarg);
			break;
		default:
			return usage();
		}
	if (argc - optind < 2)
		return usage();
	count = number(argv[optind]);
	buf_init(&scratch, 64u << 20);
	snprintf(path, sizeof(path), "%s/anchors/anchor.pem", argv[optind + 1]);
	if (access(path, R_OK) != 0 && !make_letters(argv[optind + 1]))
		goto out;
	ours = trust_of(argv[optind + 1]);
	if (ours == NULL || !add_folder(&m, argv[optind + 1], ours, FORGE_AT))
		goto out;
	if (argc - optind > 2) {
		theirs = trust_of(argv[optind + 2]);
		if (theirs == NULL || !add_folder(&m, argv[optind + 2], theirs, CORPUS_AT))
			goto out;
	}
	if (m.n == 0)
		goto out;
	status = 0;
	if (only != UINT64_MAX) {
		fprintf(stderr, "%s\n", mutants_make(&m, only, &scratch)->name);
		status = fwrite(scratch.p, 1, scratch.len, stdout) == scratch.len ? 0 : 2;
		goto out;
	}
	signal(SIGSEGV, crashed);
	signal(SIGABRT, crashed);
	signal(SIGBUS, crashed);
	signal(SIGFPE, crashed);
	for (i = first; i < first + count; i++) {
		current = i;
		valid = m.counts.by[CONCLUSION_VALID];
		if (!mutants_try(&m, i, &scratch))
			status = 1;
		snprintf(path, sizeof(path), "%ju.pdf", (uintmax_t)i);
		if (keep != NULL && m.counts.by[CONCLUSION_VALID] > valid &&
		    !save(keep, path, scratch.p, scratch.len))
			status = 2;
		if ((i + 1 - first) % 100000 == 0)
			print_counts(&m);
	}
	if (count % 100000 != 0)
		print_counts(&m);
out:
	buf_clear(&scratch);
	mutants_clear(&m);
	trust_free(theirs);
	trust_free(ours);
	return status;
}
