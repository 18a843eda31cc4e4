/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SOURCE_H
#define SOURCE_H

#include <stddef.h>
#include <stdint.h>

#include "rc.h"

/*
 * The bytes of one document, read-only.  p is valid for len bytes until
 * source_close().  Documents up to CAP_SNAPSHOT are a private copy; larger
 * ones are mapped, so that streamed hashing goes through source_read() and
 * does not make the whole file resident.
 */
struct source {
	const uint8_t *p;
	size_t len;
	int fd;       /* -1 for bytes in memory */
	uint64_t off; /* where the document begins in fd */
	void *owned;  /* private copy, or NULL */
	void *map;    /* mapping, or NULL */
	size_t map_len;
};

/*
 * len bytes of fd from off on (len UINT64_MAX: to the end of the file).  The
 * descriptor stays the caller's and must stay open.  RC_IO, RC_NOMEM or
 * RC_TOOBIG (see CAP_DOCUMENT); *s is then empty and need not be closed.
 */
enum rc source_open(struct source *s, int fd, uint64_t off, uint64_t len);
/* Bytes that the caller keeps alive. */
void source_memory(struct source *s, const void *p, size_t len);
void source_close(struct source *s);
/* Exactly len bytes from off on into out.  RC_IO when they can't be had. */
enum rc source_read(const struct source *s, uint64_t off, void *out, size_t len);

#endif /* SOURCE_H */
