/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads a trust folder.  Trust goes by fingerprint: what anchors.conf does not
 * say word for word is not loaded, and the operator is told.  No certificate
 * is decoded here beyond its outline, so that a start with many anchors costs
 * less than a millisecond.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/objects.h>

#include "arena.h"
#include "caps.h"
#include "io.h"
#include "trust.h"
#include "trust_conf.h"
#include "trust_history.h"
#include "trust_pem.h"
#include "when.h"

/* struct trust is the outside of this. */
struct store {
	struct trust trust;
	struct arena *arena;
	size_t anchor_cap, helper_cap, hosts_cap, issuers_cap;
};

struct loader {
	struct store *store;
	struct buf *log;
	int dir;
	struct trust_conf *conf; /* NULL: a folder without anchors.conf */
	char **files;
	size_t nfiles, files_cap;
};

struct file {
	const char *name;
	uint8_t *p;
	size_t len;
};

/* One line for the operator.  File names are part of the configuration, not of a document. */
static void
say(struct loader *l, const char *file, const char *what)
{
	buf_printf(l->log, "trust: %s: %s\n", file, what);
}

static int
name_cmp(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return strcmp(*x, *y);
}

/* Names of everything in the folder, sorted, so that each start says the same. */
static enum rc
list_files(struct loader *l)
{
	struct arena *a = l->store->arena;
	struct dirent *ent;
	enum rc rc = RC_OK;
	DIR *d;
	int fd;

	if ((fd = openat(l->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)) == -1)
		return RC_IO;
	if ((d = fdopendir(fd)) == NULL) {
		io_close(&fd);
		return RC_IO;
	}
	while (rc == RC_OK && (errno = 0, ent = readdir(d)) != NULL) {
		if (ent->d_name[0] == '.')
			continue;
		rc = arena_grow(a, &l->files, l->nfiles, &l->files_cap, sizeof(*l->files));
		if (rc == RC_OK && (l->files[l->nfiles++] =
					   arena_str(a, ent->d_name, strlen(ent->d_name))) == NULL)
			rc = RC_NOMEM;
	}
	if (rc == RC_OK && errno != 0)
		rc = RC_IO;
	(void)closedir(d);
	if (rc == RC_OK && l->nfiles > 0)
		qsort(l->files, l->nfiles, sizeof(*l->files), name_cmp);
	return rc;
}

/* A regular file's bytes in the arena.  RC_ABSENT: something else than a file. */
static enum rc
read_file(struct loader *l, const char *name, struct file *f)
{
	struct stat st;
	enum rc rc = RC_IO;
	int fd;

	memset(f, 0, sizeof(*f));
	f->name = name;
	if ((fd = openat(l->dir, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK)) == -1)
		return errno == ENOENT ? RC_ABSENT : RC_IO;
	if (fstat(fd, &st) == -1)
		goto out;
	if (!S_ISREG(st.st_mode)) {
		rc = RC_ABSENT;
		goto out;
	}
	if (st.st_size > CAP_TRUST_FILE) {
		rc = RC_TOOBIG;
		goto out;
	}
	f->len = (size_t)st.st_size;
	if ((f->p = arena_alloc(l->store->arena, f->len + 1)) == NULL) {
		rc = RC_NOMEM;
		goto out;
	}
	rc = io_read_full(fd, f->p, f->len);
out:
	io_close(&fd);
	return rc;
}

static enum rc
next_pem(struct loader *l, const struct file *f, size_t *at, struct der *out)
{
	return trust_pem_next(l->store->arena, f->p, f->len, at, out);
}

static enum rc
add_anchor(struct store *s, const struct anchor *anchor)
{
	struct anchors *v = &s->trust.anchors;
	enum rc rc;

	if ((rc = arena_grow(s->arena, &v->v, v->n, &s->anchor_cap, sizeof(*v->v))) == RC_OK)
		v->v[v->n++] = *anchor;
	return rc;
}

static enum rc
add_helper(struct store *s, const struct cert *c)
{
	struct trust *t = &s->trust;
	enum rc rc;

	rc = arena_grow(s->arena, &t->helpers, t->nhelpers, &s->helper_cap, sizeof(*t->helpers));
	if (rc == RC_OK)
		t->helpers[t->nhelpers++] = c;
	return rc;
}

/* --- a folder without anchors.conf: everything is an anchor --- */

static enum rc
add_any(struct loader *l, const struct file *f, struct der der)
{
	struct store *s = l->store;
	struct anchor a = {
	    .purposes = ANCHOR_SIGNER | ANCHOR_TSA, .from = WHEN_NONE, .until = WHEN_NONE};
	size_t i;
	enum rc rc;

	if ((rc = cert_cache_get(s->trust.cache, der, true, &a.cert)) == RC_NOMEM)
		return rc;
	if (rc != RC_OK) {
		say(l, f->name, "malformed certificate, not loaded");
		return RC_OK;
	}
	for (i = 0; i < s->trust.anchors.n; i++)
		if (s->trust.anchors.v[i].cert == a.cert)
			return RC_OK;
	if ((a.name = cert_subject_attr(a.cert, NID_commonName, s->arena)) == NULL &&
	    (a.name = cert_name_text(a.cert->subject, s->arena)) == NULL)
		return RC_NOMEM;
	return add_anchor(s, &a);
}

static enum rc
load_any(struct loader *l, const struct file *f)
{
	struct der der;
	size_t at = 0;
	enum rc rc;

	while ((rc = next_pem(l, f, &at, &der)) != RC_ABSENT) {
		if (rc == RC_OK)
			rc = add_any(l, f, der);
		else if (rc == RC_FORMAT) {
			say(l, f->name, "malformed PEM certificate, not loaded");
			rc = RC_OK;
		}
		if (rc != RC_OK)
			return rc;
	}
	return RC_OK;
}

/* --- a folder with anchors.conf: only what it lists --- */

/* NULL, or why this certificate is not what its section says. */
static const char *
mismatch(struct loader *l, const struct trust_entry *e, const struct cert *c)
{
	if (memcmp(c->sha256, e->sha256, 32) != 0)
		return "its SHA-256 is not the listed one, NOT LOADED";
	if (e->role != TRUST_ROOT)
		return NULL;
	if (!c->self_issued || !cert_signed_by(l->store->trust.cache, c, c))
		return "listed as a root, but not self-signed, NOT LOADED";
	return NULL;
}

/* Texts that are not in the list yet. */
static enum rc
add_texts(struct arena *a, char ***v, size_t *n, size_t *cap, char *const *more, size_t nmore)
{
	size_t i, j;
	enum rc rc;

	for (i = 0; i < nmore; i++) {
		for (j = 0; j < *n && strcmp((*v)[j], more[i]) != 0; j++)
			continue;
		if (j < *n)
			continue;
		if ((rc = arena_grow(a, v, *n, cap, sizeof(**v))) != RC_OK)
			return rc;
		(*v)[(*n)++] = more[i];
	}
	return RC_OK;
}

static enum rc
add_network(struct store *s, const struct trust_entry *e)
{
	struct trust *t = &s->trust;
	enum rc rc;

	rc = add_texts(s->arena, &t->hosts, &t->nhosts, &s->hosts_cap, e->hosts, e->nhosts);
	if (rc == RC_OK)
		rc = add_texts(s->arena, &t->issuer_urls, &t->nissuer_urls, &s->issuers_cap,
		    e->issuer_urls, e->nissuer_urls);
	return rc;
}

static enum rc
add_listed(struct loader *l, const struct trust_entry *e, struct der der)
{
	struct store *s = l->store;
	struct anchor a = {.purposes = e->purposes, .from = e->from, .until = trust_entry_end(e)};
	const char *why;
	enum rc rc;

	if ((rc = cert_cache_get(s->trust.cache, der, true, &a.cert)) == RC_NOMEM)
		return rc;
	if (rc != RC_OK) {
		say(l, e->file, "malformed certificate, NOT LOADED");
		return RC_OK;
	}
	if ((why = mismatch(l, e, a.cert)) != NULL) {
		say(l, e->file, why);
		return RC_OK;
	}
	if ((rc = add_network(s, e)) != RC_OK)
		return rc;
	if (!trust_role_anchors(e->role))
		return add_helper(s, a.cert);
	if ((a.name = arena_str(s->arena, e->name, strlen(e->name))) == NULL)
		return RC_NOMEM;
	return add_anchor(s, &a);
}

static enum rc
load_listed(struct loader *l, const struct file *f)
{
	const struct trust_entry *e = trust_conf_find(l->conf, f->name);
	struct der der, more;
	size_t at = 0;
	enum rc rc;

	if (e == NULL) {
		/* A text beside the certificates is none of our business. */
		if (next_pem(l, f, &at, &der) != RC_ABSENT)
			say(l, f->name, "not listed in anchors.conf, NOT LOADED");
		return RC_OK;
	}
	if ((rc = next_pem(l, f, &at, &der)) == RC_NOMEM)
		return rc;
	if (rc != RC_OK || next_pem(l, f, &at, &more) != RC_ABSENT) {
		say(l, f->name, "does not hold exactly one PEM certificate, NOT LOADED");
		return RC_OK;
	}
	return add_listed(l, e, der);
}

/* Listed, but nothing of that name is in the folder. */
static void
say_missing(struct loader *l)
{
	size_t i, j;

	for (i = 0; i < l->conf->n; i++) {
		for (j = 0; j < l->nfiles; j++)
			if (strcmp(l->files[j], l->conf->v[i].file) == 0)
				break;
		if (j == l->nfiles)
			say(l, l->conf->v[i].file, "listed in anchors.conf, but missing");
	}
}

static enum rc
load_files(struct loader *l)
{
	struct file f;
	size_t i;
	enum rc rc;

	for (i = 0; i < l->nfiles; i++) {
		if (strcmp(l->files[i], "DEMONSTRATION") == 0) {
			l->store->trust.demonstration = true;
			continue;
		}
		if (strcmp(l->files[i], TRUST_CONF) == 0 ||
		    (l->conf != NULL && strcmp(l->files[i], TRUST_HISTORY) == 0))
			continue;
		if ((rc = read_file(l, l->files[i], &f)) == RC_NOMEM)
			return rc;
		if (rc == RC_ABSENT)
			continue; /* a folder or the like */
		if (rc != RC_OK) {
			say(l, l->files[i], "can't be read, NOT LOADED");
			continue;
		}
		rc = l->conf != NULL ? load_listed(l, &f) : load_any(l, &f);
		if (rc != RC_OK)
			return rc;
	}
	if (l->conf != NULL)
		say_missing(l);
	return RC_OK;
}

static bool
has_file(const struct loader *l, const char *name)
{
	return l->nfiles > 0 && bsearch(&name, l->files, l->nfiles, sizeof(name), name_cmp) != NULL;
}

static enum rc
load_conf(struct loader *l)
{
	struct file f;
	enum rc rc;

	if (!has_file(l, TRUST_CONF)) {
		if (!has_file(l, TRUST_HISTORY))
			return RC_OK;
		/* Taking the list away must not make everything an anchor. */
		say(l, TRUST_HISTORY, "is here without " TRUST_CONF ", nothing is loaded");
		return RC_FORMAT;
	}
	/* It is there: whatever hinders its reading must not make everything an anchor. */
	if ((rc = read_file(l, TRUST_CONF, &f)) != RC_OK) {
		say(l, TRUST_CONF, "can't be read");
		return rc == RC_ABSENT ? RC_IO : rc;
	}
	return trust_conf_parse(&l->conf, l->store->arena, (const char *)f.p, f.len, l->log);
}

/* --- the identity of the set --- */

#define ID_RECORD (32 + 4 + 8 + 8)

static int
record_cmp(const void *a, const void *b)
{
	return memcmp(a, b, ID_RECORD);
}

static enum rc
make_id(struct trust *t)
{
	struct buf b;
	struct der all;
	uint8_t md[HASH_SIZE_MAX];
	enum rc rc;
	size_t i;

	buf_init(&b, SIZE_MAX);
	for (i = 0; i < t->anchors.n; i++) {
		buf_put(&b, t->anchors.v[i].cert->sha256, 32);
		buf_u32(&b, t->anchors.v[i].purposes);
		buf_u64(&b, (uint64_t)t->anchors.v[i].from);
		buf_u64(&b, (uint64_t)t->anchors.v[i].until);
	}
	if ((rc = buf_rc(&b)) == RC_OK && t->anchors.n > 0) {
		qsort(b.p, t->anchors.n, ID_RECORD, record_cmp);
		all.p = b.p;
		all.len = b.len;
		if (hash_span(HASH_SHA256, all, md) == 32)
			memcpy(t->id, md, 32);
		else
			rc = RC_CRYPTO;
	}
	buf_clear(&b);
	return rc;
}

/* --- what was approved last --- */

static enum rc
read_record(struct loader *l)
{
	struct trust *t = &l->store->trust;
	struct trust_history *h = NULL;
	struct file f;
	enum rc rc;

	if (l->conf == NULL)
		return RC_OK;
	t->recorded = TRUST_RECORD_BROKEN; /* until it is known better */
	if ((rc = read_file(l, TRUST_HISTORY, &f)) == RC_NOMEM)
		return rc;
	if (rc == RC_OK &&
	    (rc = trust_history_parse(&h, l->store->arena, (const char *)f.p, f.len)) != RC_OK)
		return rc;
	if (rc == RC_ABSENT || (h != NULL && h->n == 0 && h->broken == 0))
		t->recorded = TRUST_RECORD_MISSING;
	if (h == NULL || h->n == 0)
		return RC_OK;
	memcpy(t->recorded_id, h->v[h->n - 1].id, 32);
	if (h->broken == 0)
		t->recorded = memcmp(t->recorded_id, t->id, 32) == 0 ? TRUST_RECORD_SAME
								     : TRUST_RECORD_DIFFERS;
	return RC_OK;
}

bool
trust_record_good(const struct trust *t)
{
	return t->recorded == TRUST_RECORD_NONE || t->recorded == TRUST_RECORD_SAME;
}

const char *
trust_record_text(enum trust_record r)
{
	static const char *const texts[] = {
	    [TRUST_RECORD_NONE] = "needs no record",
	    [TRUST_RECORD_SAME] = "as recorded",
	    [TRUST_RECORD_MISSING] = "not recorded",
	    [TRUST_RECORD_BROKEN] = "its history is broken",
	    [TRUST_RECORD_DIFFERS] = "not the recorded set",
	};

	return texts[r];
}

enum rc
trust_load(struct trust **out, const char *dir, struct buf *log)
{
	struct loader l = {.log = log, .dir = -1};
	struct store *s;
	enum rc rc = RC_NOMEM;

	*out = NULL;
	if ((s = calloc(1, sizeof(*s))) == NULL)
		return RC_NOMEM;
	l.store = s;
	if ((s->arena = arena_new(CAP_TRUST)) == NULL ||
	    (s->trust.cache = cert_cache_new()) == NULL)
		goto out;
	if ((l.dir = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) == -1) {
		rc = RC_IO;
		goto out;
	}
	if ((rc = list_files(&l)) != RC_OK || (rc = load_conf(&l)) != RC_OK ||
	    (rc = load_files(&l)) != RC_OK || (rc = make_id(&s->trust)) != RC_OK ||
	    (rc = read_record(&l)) != RC_OK)
		goto out;
	if (s->trust.anchors.n == 0) {
		rc = RC_ABSENT;
		goto out;
	}
	*out = &s->trust;
	s = NULL; /* transferred */
out:
	io_close(&l.dir);
	trust_free(s == NULL ? NULL : &s->trust);
	return rc;
}

/* The key of this certificate, and its paths for either purpose, are known from now on. */
static void
warm_cert(const struct trust *t, const struct cert_pool *pool, const struct cert *c)
{
	struct chain chain;

	(void)cert_key(c);
	(void)chain_build(&chain, pool, &t->anchors, c, ANCHOR_SIGNER, 0);
	(void)chain_build(&chain, pool, &t->anchors, c, ANCHOR_TSA, 0);
}

enum rc
trust_warm(const struct trust *t)
{
	struct arena *a = arena_new(CAP_TRUST);
	struct cert_pool pool;
	enum rc rc = RC_OK;
	size_t i;

	if (a == NULL)
		return RC_NOMEM;
	cert_pool_init(&pool, t->cache, a);
	for (i = 0; rc == RC_OK && i < t->nhelpers; i++)
		rc = cert_pool_add_cert(&pool, t->helpers[i], CERT_FROM_STORE);
	for (i = 0; rc == RC_OK && i < t->anchors.n; i++)
		warm_cert(t, &pool, t->anchors.v[i].cert);
	for (i = 0; rc == RC_OK && i < t->nhelpers; i++)
		warm_cert(t, &pool, t->helpers[i]);
	arena_free(a);
	return rc;
}

void
trust_free(struct trust *t)
{
	union {
		struct trust *t;
		struct store *s;
	} u = {.t = t};

	if (t == NULL)
		return;
	cert_cache_free(t->cache);
	arena_free(u.s->arena);
	free(u.s);
}
