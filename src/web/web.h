/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEB_H
#define WEB_H

#include <stdbool.h>
#include <stdint.h>

#include "asset.h"
#include "canary.h"
#include "html.h"
#include "limit.h"
#include "store.h"

struct stationery;

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
	/* All relative to the root: */
	const char *socket;  /* the supervisor's */
	const char *fetcher; /* the fetcher's, NULL: everything is offline */
	const char *weather; /* the file of evidence/weather.h */
	const char *trust_path;
	const char *store_path;
	const char *paper;   /* periksa-paper's socket, NULL: nothing can be printed or scanned */
	const char *vault;   /* folder of signed letters that are kept */
	const char *batches; /* folder of what the clerk does */
	/* What a QR holds before /d/ID, without "/" at its end; nobody can print without. */
	const char *public_url;
	bool public_guess;                   /* it was not configured: only this machine knows it */
	const struct stationery *stationery; /* NULL: it could not be read */
	struct canaries *canaries;           /* NULL: there are none */
	struct store *store;                 /* this worker's handle; NULL while it can't be had */
};

extern struct web web;

/* The anchors that documents are judged by now. */
struct web_trust {
	bool loaded;   /* else nothing is known of them */
	bool recorded; /* they are those that were approved */
	uint8_t id[32];
	uint32_t deadline_ms; /* what the fetcher may take for one document */
};

/* As the keeper tells it, at most a second old; sets web.site.demonstration, too. */
const struct web_trust *web_trust(void);
/* The same as of now. */
const struct web_trust *web_trust_now(void);

/* This worker's store, opened again if it was lost; NULL if it can't be had. */
struct store *web_store(void);

#endif /* WEB_H */
