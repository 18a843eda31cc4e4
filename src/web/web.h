/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEB_H
#define WEB_H

#include <stdbool.h>
#include <stdint.h>

#include "asset.h"
#include "html.h"
#include "limit.h"
#include "store.h"

/*
 * What all routes share: filled in the parent before workers are forked, and
 * completed by each worker.  Kore runs one thread in a worker.
 */
struct web {
	struct html_site site;
	struct html *html;
	struct assets *assets;
	struct assets *demo; /* NULL without demonstration */
	struct limit *limit; /* NULL: not limited */
	const char *socket;  /* the supervisor's, relative to the root */
	const char *store_path;
	bool anchors;         /* an anchor set was loaded … */
	uint8_t trust_id[32]; /* … and this is its SHA-256 */
	struct store *store;  /* this worker's handle; NULL while it can't be had */
};

extern struct web web;

/* This worker's store, opened again if it was lost; NULL if it can't be had. */
struct store *web_store(void);

#endif /* WEB_H */
