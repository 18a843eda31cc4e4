/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ARENA_H
#define ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rc.h"

/*
 * Memory of one document: allocated piece by piece, freed at once.
 * Not for threads.
 */
struct arena;

/* A new arena that never holds more than max bytes; NULL without memory. */
struct arena *arena_new(size_t max);
/* Frees the arena and everything in it; takes NULL. */
void arena_free(struct arena *a);

/*
 * size zeroed bytes aligned for any type, valid until arena_free().
 * NULL when the ceiling or the machine's memory is reached (size 0 gives a
 * pointer that must not be read).
 */
void *arena_alloc(struct arena *a, size_t size);
/* n elements of size bytes; NULL as above and when n * size overflows. */
void *arena_array(struct arena *a, size_t n, size_t size);
/*
 * Make room for one more element of size bytes in the array *v of *n
 * elements with capacity *cap, growing by doubling (the old block stays in
 * the arena).  RC_OK, or RC_NOMEM with everything as it was.
 */
enum rc arena_grow(struct arena *a, void *v, size_t n, size_t *cap, size_t size);
/* Copies of len bytes; arena_str() adds a NUL.  NULL without memory. */
void *arena_dup(struct arena *a, const void *p, size_t len);
char *arena_str(struct arena *a, const char *p, size_t len);
/* printf into the arena; NULL without memory. */
char *arena_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/*
 * Whether anything was ever refused: then what was made with this arena may lack something,
 * though every caller went on.  arena_refuse() says so for memory from elsewhere.
 */
bool arena_short(const struct arena *a);
void arena_refuse(struct arena *a);
/* Bytes handed out so far. */
size_t arena_used(const struct arena *a);

#endif /* ARENA_H */
