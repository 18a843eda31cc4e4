/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ASSET_H
#define ASSET_H

#include <stddef.h>
#include <stdint.h>

#include "rc.h"

/* Files of the installation that are served as they are, read once at start. */
struct asset {
	const char *name; /* without a folder */
	const char *type; /* media type */
	const uint8_t *p;
	size_t len;
	char etag[36]; /* quoted, from the SHA-256 of the content */
};

struct assets;

/*
 * Read the regular files of a folder whose names end in .css .js .svg .pdf .tsv,
 * in the order of their names.  RC_OK; RC_IO, RC_TOOBIG, RC_NOMEM with *out NULL.
 */
enum rc assets_load(struct assets **out, const char *dir);
void assets_free(struct assets *a); /* takes NULL */
/* NULL if there is none with this name; takes NULL for a. */
const struct asset *assets_find(const struct assets *a, const char *name);
/* 16 hex digits that change when any file does. */
const char *assets_version(const struct assets *a);

#endif /* ASSET_H */
