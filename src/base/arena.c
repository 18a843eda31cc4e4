/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A chain of blocks with a ceiling.  Blocks double so that a small document
 * costs one malloc and a large one a few dozen.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"

#define BLOCK_FIRST (64u << 10)
#define BLOCK_LAST  (4u << 20)
#define ALIGN       (_Alignof(max_align_t))

struct block {
	struct block *next;
	size_t size, used;
	max_align_t data[];
};

struct arena {
	struct block *head;
	size_t max, total, used;
	size_t next_size;
	bool is_short;
};

struct arena *
arena_new(size_t max)
{
	struct arena *a = calloc(1, sizeof(*a));

	if (a == NULL)
		return NULL;
	a->max = max;
	a->next_size = BLOCK_FIRST;
	return a;
}

void
arena_free(struct arena *a)
{
	struct block *b, *next;

	if (a == NULL)
		return;
	for (b = a->head; b != NULL; b = next) {
		next = b->next;
		free(b);
	}
	free(a);
}

static struct block *
block_add(struct arena *a, size_t need)
{
	size_t size = need > a->next_size ? need : a->next_size;
	struct block *b;

	if (size > a->max || a->total > a->max - size)
		size = need;
	if (size > a->max || a->total > a->max - size)
		return NULL;
	if (size > SIZE_MAX - sizeof(*b) || (b = malloc(sizeof(*b) + size)) == NULL)
		return NULL;
	b->size = size;
	b->used = 0;
	b->next = a->head;
	a->head = b;
	a->total += size;
	if (a->next_size < BLOCK_LAST)
		a->next_size *= 2;
	return b;
}

bool
arena_short(const struct arena *a)
{
	return a->is_short;
}

void
arena_refuse(struct arena *a)
{
	a->is_short = true;
}

void *
arena_alloc(struct arena *a, size_t size)
{
	struct block *b = a->head;
	void *p;

	if (size > SIZE_MAX - ALIGN)
		goto refuse;
	size = (size + ALIGN - 1) / ALIGN * ALIGN;
	if ((b == NULL || b->size - b->used < size) && (b = block_add(a, size)) == NULL)
		goto refuse;
	p = (char *)b->data + b->used;
	b->used += size;
	a->used += size;
	memset(p, 0, size);
	return p;
refuse:
	arena_refuse(a);
	return NULL;
}

void *
arena_array(struct arena *a, size_t n, size_t size)
{
	return arena_alloc(a, size != 0 && n > SIZE_MAX / size ? SIZE_MAX : n * size);
}

enum rc
arena_grow(struct arena *a, void *v, size_t n, size_t *cap, size_t size)
{
	void *old, *p;
	size_t want;

	if (n < *cap)
		return RC_OK;
	want = *cap == 0 ? 8 : *cap * 2;
	if (want <= *cap || (p = arena_array(a, want, size)) == NULL)
		return RC_NOMEM;
	memcpy(&old, v, sizeof(old));
	if (n != 0)
		memcpy(p, old, n * size);
	memcpy(v, &p, sizeof(p));
	*cap = want;
	return RC_OK;
}

void *
arena_dup(struct arena *a, const void *p, size_t len)
{
	void *q = arena_alloc(a, len);

	if (q != NULL && len != 0)
		memcpy(q, p, len);
	return q;
}

char *
arena_str(struct arena *a, const char *p, size_t len)
{
	char *q;

	if ((q = arena_alloc(a, len == SIZE_MAX ? len : len + 1)) == NULL)
		return NULL;
	if (len != 0)
		memcpy(q, p, len);
	return q;
}

char *
arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap;
	char *p;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0 || (p = arena_alloc(a, (size_t)n + 1)) == NULL)
		return NULL;
	va_start(ap, fmt);
	n = vsnprintf(p, (size_t)n + 1, fmt, ap);
	va_end(ap);
	return n < 0 ? NULL : p;
}

size_t
arena_used(const struct arena *a)
{
	return a->used;
}
