/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The cache.  At the start it learns from the folder only names and sizes; a file is read, and
 * checked, when its key is first asked for.  A file that does not check out is removed.
 */
#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cache.h"
#include "caps.h"
#include "io.h"
#include "log.h"
#include "source.h"

#define BUCKETS  4096u
#define NAME     (2 * QUESTION_KEY + 1) /* a key in hexadecimal, NUL included */
#define BESIDE   ".new"
#define FILE_MAX (CAP_CRL + CAP_FETCH_URL + 256u)

struct node {
	struct cache_entry e; /* first: an entry of ours is its node */
	struct node *next;    /* in its bucket */
	struct node *older, *newer;
	size_t size;   /* as far as it counts */
	unsigned held; /* how often */
	bool kept;     /* it can be found */
	bool on_disk;
	int64_t mtime; /* of a file that was not read yet */
};

struct cache {
	int dir;
	uint64_t max, used;
	uint64_t max_memory, loaded;
	size_t n;
	struct node *bucket[BUCKETS];
	struct node *oldest, *newest;
};

static struct node **
bucket_of(struct cache *c, const uint8_t key[QUESTION_KEY])
{
	return &c->bucket[(key[0] | (unsigned)key[1] << 8) % BUCKETS];
}

static void
name_of(char out[NAME], const uint8_t key[QUESTION_KEY])
{
	static const char digits[] = "0123456789abcdef";
	size_t i;

	for (i = 0; i < QUESTION_KEY; i++) {
		out[2 * i] = digits[key[i] >> 4];
		out[2 * i + 1] = digits[key[i] & 15];
	}
	out[2 * QUESTION_KEY] = '\0';
}

static bool
key_of(uint8_t key[QUESTION_KEY], const char *name)
{
	static const char digits[] = "0123456789abcdef";
	const char *hi, *lo;
	size_t i;

	if (strlen(name) != NAME - 1)
		return false;
	for (i = 0; i < QUESTION_KEY; i++) {
		hi = strchr(digits, name[2 * i]);
		lo = strchr(digits, name[2 * i + 1]);
		if (hi == NULL || lo == NULL)
			return false;
		key[i] = (uint8_t)((hi - digits) << 4 | (lo - digits));
	}
	return true;
}

static void
node_free(struct node *n)
{
	free(n->e.url);
	free(n->e.body);
	free(n);
}

/* Out of the lists; it lives on while it is held. */
static void
forget(struct cache *c, struct node *n)
{
	struct node **at = bucket_of(c, n->e.key);

	while (*at != n)
		at = &(*at)->next;
	*at = n->next;
	*(n->older != NULL ? &n->older->newer : &c->oldest) = n->newer;
	*(n->newer != NULL ? &n->newer->older : &c->newest) = n->older;
	n->older = n->newer = n->next = NULL;
	n->kept = false;
	c->used -= n->size;
	if (n->e.body != NULL)
		c->loaded -= n->size;
	c->n--;
	if (n->held == 0)
		node_free(n);
}

static void
forget_file(struct cache *c, struct node *n)
{
	char name[NAME];

	name_of(name, n->e.key);
	if (c->dir != -1)
		(void)unlinkat(c->dir, name, 0);
	forget(c, n);
}

/* As the newest. */
static void
append(struct cache *c, struct node *n)
{
	n->older = c->newest;
	n->newer = NULL;
	*(c->newest != NULL ? &c->newest->newer : &c->oldest) = n;
	c->newest = n;
}

static void
remember(struct cache *c, struct node *n)
{
	struct node **at = bucket_of(c, n->e.key);

	n->next = *at;
	*at = n;
	append(c, n);
	n->kept = true;
	c->used += n->size;
	if (n->e.body != NULL)
		c->loaded += n->size;
	c->n++;
}

static void
make_room(struct cache *c, size_t size)
{
	while (c->oldest != NULL && (c->n >= CAP_CACHE_ENTRIES || c->used > c->max - size))
		forget_file(c, c->oldest);
}

/* Of what is on the disk and held by nobody, the oldest need not be in memory. */
static void
unload(struct cache *c)
{
	struct node *n;

	for (n = c->oldest; n != NULL && c->loaded > c->max_memory; n = n->newer) {
		if (n->e.body == NULL || n->held > 0 || !n->on_disk)
			continue;
		free(n->e.url);
		free(n->e.body);
		n->e.url = NULL;
		n->e.body = NULL;
		c->loaded -= n->size;
	}
}

static struct node *
node_find(struct cache *c, const uint8_t key[QUESTION_KEY])
{
	struct node *n;

	for (n = *bucket_of(c, key); n != NULL; n = n->next)
		if (memcmp(n->e.key, key, QUESTION_KEY) == 0)
			break;
	return n;
}

/* --- the folder --- */

/* A file of ours, or one that was never finished; what else lies there is not ours. */
static void
note_file(struct cache *c, const char *name, struct node ***v, size_t *n, size_t *cap)
{
	size_t len = strlen(name);
	struct node *node, **more;
	uint8_t key[QUESTION_KEY];
	struct stat st;

	if (len == NAME - 1 + sizeof(BESIDE) - 1 && strcmp(name + NAME - 1, BESIDE) == 0)
		(void)unlinkat(c->dir, name, 0);
	if (!key_of(key, name) || fstatat(c->dir, name, &st, AT_SYMLINK_NOFOLLOW) == -1)
		return;
	if (!S_ISREG(st.st_mode) || st.st_size > FILE_MAX || *n == CAP_CACHE_ENTRIES) {
		(void)unlinkat(c->dir, name, 0);
		return;
	}
	if (*n == *cap) {
		if ((more = realloc(*v, (*cap * 2 + 64) * sizeof(struct node *))) == NULL)
			return;
		*v = more;
		*cap = *cap * 2 + 64;
	}
	if ((node = calloc(1, sizeof(*node))) == NULL)
		return;
	memcpy(node->e.key, key, sizeof(key));
	node->size = (size_t)st.st_size;
	node->mtime = st.st_mtime;
	node->on_disk = true;
	(*v)[(*n)++] = node;
}

static int
by_age(const void *a, const void *b)
{
	int64_t x = (*(struct node *const *)a)->mtime, y = (*(struct node *const *)b)->mtime;

	return x < y ? -1 : x > y;
}

static void
scan(struct cache *c)
{
	struct node **v = NULL;
	size_t n = 0, cap = 0, i;
	struct dirent *d;
	DIR *dir;
	int fd;

	if ((fd = openat(c->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)) == -1 ||
	    (dir = fdopendir(fd)) == NULL) {
		log_warn("the evidence that is kept can't be listed");
		io_close(&fd);
		return;
	}
	while ((d = readdir(dir)) != NULL)
		note_file(c, d->d_name, &v, &n, &cap);
	closedir(dir);
	if (n > 0)
		qsort(v, n, sizeof(struct node *), by_age);
	for (i = 0; i < n; i++)
		remember(c, v[i]);
	free(v);
	make_room(c, 0);
}

/* Fill a node from its file. */
static enum rc
load(struct cache *c, struct node *n)
{
	struct cache_entry e;
	struct source src;
	char name[NAME];
	enum rc rc;
	int fd;

	name_of(name, n->e.key);
	if ((fd = openat(c->dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)) == -1)
		return RC_IO;
	if ((rc = source_open(&src, fd, 0, UINT64_MAX)) == RC_OK) {
		rc = src.len > FILE_MAX ? RC_FORMAT : cache_decode(&e, src.p, src.len);
		source_close(&src);
	}
	close(fd);
	if (rc != RC_OK)
		return rc;
	if (memcmp(e.key, n->e.key, QUESTION_KEY) != 0) {
		free(e.url);
		free(e.body);
		return RC_FORMAT;
	}
	n->e = e;
	c->loaded += n->size;
	return RC_OK;
}

static enum rc
save(const struct cache *c, const struct node *n)
{
	char name[NAME], beside[NAME + sizeof(BESIDE)];
	struct buf b;
	int fd = -1;
	enum rc rc;

	name_of(name, n->e.key);
	snprintf(beside, sizeof(beside), "%s" BESIDE, name);
	buf_init(&b, FILE_MAX);
	if ((rc = cache_encode(&b, &n->e)) != RC_OK)
		goto out;
	fd = openat(c->dir, beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	rc = fd == -1 ? RC_IO : io_write_full(fd, b.p, b.len);
	if (rc == RC_OK && renameat(c->dir, beside, c->dir, name) == -1)
		rc = RC_IO;
out:
	if (rc != RC_OK)
		(void)unlinkat(c->dir, beside, 0);
	io_close(&fd);
	buf_clear(&b);
	return rc;
}

/* --- entries --- */

enum rc
cache_open(struct cache **out, int dir, uint64_t max_bytes, uint64_t max_memory)
{
	struct cache *c;

	*out = NULL;
	if ((c = calloc(1, sizeof(*c))) == NULL)
		return RC_NOMEM;
	c->dir = dir;
	c->max = dir == -1 && max_memory < max_bytes ? max_memory : max_bytes;
	c->max_memory = max_memory;
	if (dir != -1)
		scan(c);
	*out = c;
	return RC_OK;
}

void
cache_free(struct cache *c)
{
	if (c == NULL)
		return;
	while (c->oldest != NULL)
		forget(c, c->oldest);
	free(c);
}

struct cache_entry *
cache_find(struct cache *c, const uint8_t key[QUESTION_KEY], int64_t now)
{
	struct node *n;
	enum rc rc;

	if ((n = node_find(c, key)) == NULL)
		return NULL;
	if (n->e.body == NULL && (rc = load(c, n)) != RC_OK) {
		if (rc == RC_FORMAT)
			log_warnx("a piece of evidence on the disk is damaged, and is removed");
		if (rc == RC_NOMEM)
			return NULL;
		forget_file(c, n);
		return NULL;
	}
	/* What came in the future was kept by a clock that was wrong. */
	if (n->e.until <= now || n->e.asked > now + CAP_CLOCK_SKEW) {
		forget_file(c, n);
		return NULL;
	}
	*(n->older != NULL ? &n->older->newer : &c->oldest) = n->newer;
	*(n->newer != NULL ? &n->newer->older : &c->newest) = n->older;
	append(c, n);
	n->held++;
	unload(c);
	return &n->e;
}

static struct node *
copy(const struct cache_entry *e)
{
	struct node *n;

	if ((n = calloc(1, sizeof(*n))) == NULL)
		return NULL;
	n->e = *e;
	n->size = e->len + strlen(e->url) + sizeof(*n);
	n->e.url = strdup(e->url);
	if ((n->e.body = malloc(e->len)) != NULL)
		memcpy(n->e.body, e->body, e->len);
	if (n->e.url != NULL && n->e.body != NULL)
		return n;
	node_free(n);
	return NULL;
}

struct cache_entry *
cache_put(struct cache *c, const struct cache_entry *e)
{
	struct node *n, *old;

	if ((n = copy(e)) == NULL)
		return NULL;
	n->held = 1;
	if ((old = node_find(c, e->key)) != NULL)
		forget(c, old);
	if (n->size > c->max)
		return &n->e;
	make_room(c, n->size);
	remember(c, n);
	if (c->dir != -1 && !(n->on_disk = save(c, n) == RC_OK))
		log_warn("evidence can't be kept on the disk");
	unload(c);
	return &n->e;
}

static struct node *
node_of(struct cache_entry *e)
{
	return (struct node *)(void *)e; /* its first member */
}

struct cache_entry *
cache_hold(struct cache_entry *e)
{
	node_of(e)->held++;
	return e;
}

void
cache_release(struct cache_entry *e)
{
	if (e != NULL && --node_of(e)->held == 0 && !node_of(e)->kept)
		node_free(node_of(e));
}
