/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CACHE_H
#define CACHE_H

#include <stddef.h>
#include <stdint.h>

#include "lookup.h"
#include "question.h"
#include "rc.h"

/*
 * Evidence that was verified once, kept until it ends: in memory, and in a folder with a file for
 * each piece, so that it survives a restart.  What was not asked for longest goes first
 * when there is no room.
 */

struct cache_entry {
	uint8_t key[QUESTION_KEY];
	enum lookup_part_kind kind;
	int64_t asked; /* when it came */
	int64_t until; /* it is of no use from then on */
	char *url;
	uint8_t *body; /* CERT: certificates one behind the other */
	size_t len;
};

struct cache;

/*
 * dir: a folder that stays the caller's, or -1: memory only.  In all max_bytes are kept, of which
 * at most about max_memory in memory, too.  RC_NOMEM.
 */
enum rc cache_open(struct cache **out, int dir, uint64_t max_bytes, uint64_t max_memory);
/* Takes NULL.  Everything that was held must have been let go. */
void cache_free(struct cache *c);

/*
 * What is kept under this key, and came by now and counts now; NULL: nothing.  It is held until
 * cache_release(), even if it has to make room.
 */
struct cache_entry *cache_find(struct cache *c, const uint8_t key[QUESTION_KEY], int64_t now);
/*
 * Keep a copy, in the place of what was there, and hold it as above.  NULL without memory.  A
 * disk that is full costs only the file; what is larger than everything is only held.
 */
struct cache_entry *cache_put(struct cache *c, const struct cache_entry *e);
/* Once more, for somebody else.  Returns e. */
struct cache_entry *cache_hold(struct cache_entry *e);
/* Takes NULL. */
void cache_release(struct cache_entry *e);

/* --- files --- */

/* An entry as the octets of its file. */
enum rc cache_encode(struct buf *b, const struct cache_entry *e);
/* Untrusted octets; url and body are allocated, free() both.  RC_FORMAT, RC_NOMEM: neither is. */
enum rc cache_decode(struct cache_entry *out, const void *p, size_t len);

#endif /* CACHE_H */
