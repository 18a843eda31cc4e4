/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FETCH_PART_H
#define FETCH_PART_H

/* What fetch*.c share; nobody else's. */

#include <curl/curl.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "caps.h"
#include "fetch.h"
#include "resolve.h"

#define nitems(a)          (sizeof(a) / sizeof((a)[0]))
#define FETCH_SOCKETS      (4 * CAP_FETCH_FLIGHTS) /* two while IPv4 and IPv6 race */
#define FETCH_IDLE_SECONDS 60                      /* a connection is kept for the next flight */
#define FETCH_MEDIA_TYPE   64

/* one option of the flight's handle */
#define FETCH_SET(t, option, value) (curl_easy_setopt((t)->easy, option, value) == CURLE_OK)

enum fetch_stage { RESOLVING, TRANSFER, LANDED };

/* What the header of one answer says. */
struct fetch_header {
	size_t octets;
	char location[CAP_FETCH_URL + 1];
	bool odd; /* encoded, or two places to go to */
	long long max_age, expires, date, age;
};

struct fetch_flight {
	struct fetch *owner;
	enum fetch_stage stage;
	fetch_done *done;
	void *ctx;
	struct guard_url at; /* where it is now; all zero before the first */
	unsigned redirects;
	uint8_t *post;
	size_t post_len;
	char type[FETCH_MEDIA_TYPE], accept[FETCH_MEDIA_TYPE];
	size_t max;
	long long started, deadline;
	struct resolve_query *query;
	CURL *easy;
	struct curl_slist *lines, *pinned;
	char error[CURL_ERROR_SIZE];
	bool stopped_by_guard;
	struct fetch_header header;
	struct buf body;
	enum lookup_outcome outcome; /* once LANDED */
	unsigned status;
};

struct fetch {
	const struct guard *guard;
	struct resolve *resolve;
	CURLM *multi;
	struct buf authorities; /* certificates of TLS, as PEM */
	struct fetch_flight *flights[CAP_FETCH_FLIGHTS];
	struct pollfd sockets[FETCH_SOCKETS]; /* that curl waits for */
	size_t nsockets;
	long long timer; /* when curl wants to be called, -1: not */
	struct pollfd *set;
	size_t set_room;
};

/* --- fetch_flight.c: from one address to the next, until it lands --- */

/* Towards url, which a certificate said, or a host that redirects: resolved, then transferred. */
void fetch_flight_head_for(struct fetch_flight *t, const char *url, size_t len);
/* curl is done with it: it lands, or goes where it was redirected. */
void fetch_flight_arrive(struct fetch_flight *t, CURLcode code);
/* fetch_turn() tells whoever asked, when nothing of curl is on the stack. */
void fetch_flight_land(struct fetch_flight *t, enum lookup_outcome o);
/* Drops what is under way: its query, its handle of curl.  The body stays. */
void fetch_flight_let_go(struct fetch_flight *t);
/* Nobody is told.  NULL is allowed. */
void fetch_flight_free(struct fetch_flight *t);

/* --- fetch_transfer.c: one exchange by curl --- */

/* Begins it, or lands.  a: NULL for an address that is literal, and passed already. */
void fetch_transfer(struct fetch_flight *t, const struct resolve_addresses *a);

/* --- fetch_header.c: what an answer says about itself; all of it untrusted --- */

void fetch_header_init(struct fetch_header *h);
/* One line, with its end.  false: nothing more is wanted; h is odd, or its octets are too many. */
bool fetch_header_line(struct fetch_header *h, const char *p, size_t len);
/* Seconds that the answer may be kept: RFC 9111, 4.2.1.  -1: not said. */
int64_t fetch_header_max_age(const struct fetch_header *h);

/* --- fetch_location.c --- */

/*
 * What a Location means where it was said: RFC 3986, 5.2, but dots in a path are the host's own
 * business.  By us, since curl would make an odd host look plain before the guard sees it.
 */
void fetch_location_join(struct buf *out, const struct guard_url *at, const char *location);

/* --- fetch_tls.c: who vouches for hosts that are asked by https --- */

/*
 * The system's bundle, or the one that the operator names where OpenSSL's programs look for it;
 * without it nothing is asked by https, unless conf says unchecked.
 */
void fetch_tls_read(struct fetch *f);
/* The bundle as it was when the process was not yet sealed, never the folder beside it. */
bool fetch_tls_set(struct fetch_flight *t);

#endif /* FETCH_PART_H */
