/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SERVANTS_H
#define SERVANTS_H

#include <limits.h>
#include <stdbool.h>

#include "datadir.h"
#include "keeper.h"
#include "portalconf.h"
#include "stationery.h"
#include "trust.h"

/* What `periksa serve` has found out and keeps open for the processes that it starts. */
struct service {
	const char *port, *bind, *data, *trust_dir, *demo, *user;
	const char *hosts, *evidence_conf; /* NULL: as configured; the installed one */
	bool demo_wanted, offline;
	long workers;
	char trust_path[PATH_MAX], demo_path[PATH_MAX];
	char draw_path[PATH_MAX];  /* "": nobody draws */
	char fetch_path[PATH_MAX]; /* "": the network is not asked */
	char paper_path[PATH_MAX]; /* "": nothing is printed or scanned */
	char addresses[PATH_MAX];  /* "": no host is known */
	char evidence_path[PATH_MAX];
	char canary[PATH_MAX]; /* "": there are none, and the portal is never ready */
	char module[PATH_MAX], templates[PATH_MAX], papers[PATH_MAX], assets[PATH_MAX],
	    conf[PATH_MAX];
	struct stationery *stationery; /* NULL: it could not be read */
	struct portalconf portal;
	bool public_guess; /* portal.public_url was not configured */
	struct datadir dir;
	struct trust *trust;
	struct trust *canary_trust; /* the anchors of known letters, NULL: none */
	/* All of these are kept over restarts of whose they are. */
	int listen_fd;   /* the supervisor's socket */
	int fetch_fd;    /* the fetcher's */
	int paper_fd;    /* periksa-paper's */
	int draw[2];     /* the supervisor's and the drawer's end */
	int evidence[2]; /* the supervisor's and the fetcher's */
};

#define SERVANTS 6
/* Those that are wanted, in the order in which they end; how many. */
size_t servants(const struct service *s, struct keeper_child v[SERVANTS]);

#endif /* SERVANTS_H */
