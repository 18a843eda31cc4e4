/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The bucket as one number (the generic cell rate algorithm): the time at which
 * it would be full again.  A request adds one interval to it, and is refused
 * when that would lie more than a minute ahead.  So a slot is two words that
 * are changed by compare-and-swap, and no worker that dies holds a lock.
 */
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>

#include <openssl/evp.h>

#include "limit.h"

#define SLOTS    16384u /* a power of two; 256 KiB */
#define WAYS     8u     /* neighbours that an address may lie in */
#define BURST_MS 60000

struct slot {
	_Atomic uint64_t key; /* 0: free */
	_Atomic int64_t full; /* ms */
};

struct limit {
	uint8_t secret[16];
	int64_t interval[LIMIT__MAX]; /* ms for one token */
	struct slot slots[SLOTS];
};

struct limit *
limit_new(const unsigned per_minute[LIMIT__MAX])
{
	struct limit *l;
	unsigned i;

	l = mmap(NULL, sizeof(*l), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (l == MAP_FAILED)
		return NULL;
	if (getrandom(l->secret, sizeof(l->secret), 0) != (ssize_t)sizeof(l->secret)) {
		munmap(l, sizeof(*l));
		return NULL;
	}
	for (i = 0; i < LIMIT__MAX; i++)
		l->interval[i] = BURST_MS / (int64_t)(per_minute[i] > 0 ? per_minute[i] : 1);
	return l;
}

static uint64_t
key_of(const struct limit *l, enum limit_kind kind, const struct in6_addr *a)
{
	uint8_t text[16 + 1 + 16], md[EVP_MAX_MD_SIZE] = {0};
	uint64_t key;

	memcpy(text, l->secret, 16);
	text[16] = (uint8_t)kind;
	memcpy(text + 17, a, 16);
	if (!IN6_IS_ADDR_V4MAPPED(a))
		memset(text + 17 + 8, 0, 8);
	EVP_Digest(text, sizeof(text), md, NULL, EVP_sha256(), NULL);
	memcpy(&key, md, sizeof(key));
	return key != 0 ? key : 1;
}

/* The slot of this key: its own, else a free one, else the one that is full first. */
static struct slot *
slot_of(struct limit *l, uint64_t key)
{
	struct slot *s, *best = NULL;
	unsigned i;

	for (i = 0; i < WAYS; i++) {
		s = &l->slots[(key + i) & (SLOTS - 1)];
		if (atomic_load(&s->key) == key)
			return s;
		if (best == NULL || atomic_load(&s->full) < atomic_load(&best->full))
			best = s;
	}
	/* Two workers may meet here; the loser's address starts anew, no more. */
	atomic_store(&best->full, 0);
	atomic_store(&best->key, key);
	return best;
}

unsigned
limit_take(struct limit *l, enum limit_kind kind, const struct in6_addr *address, int64_t now_ms)
{
	struct slot *s = slot_of(l, key_of(l, kind, address));
	int64_t full = atomic_load(&s->full), next;

	do {
		next = (full > now_ms ? full : now_ms) + l->interval[kind];
		if (next - now_ms > BURST_MS)
			return (unsigned)((next - now_ms - BURST_MS + 999) / 1000);
	} while (!atomic_compare_exchange_weak(&s->full, &full, next));
	return 0;
}
