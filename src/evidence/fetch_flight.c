/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A flight's way: an address that the guard lets pass, its name resolved, one transfer, and all
 * of it again where a host redirects to, until it lands.
 */
#include <stdlib.h>
#include <string.h>

#include "fetch_part.h"

void
fetch_flight_let_go(struct fetch_flight *t)
{
	resolve_drop(t->query);
	t->query = NULL;
	if (t->easy != NULL) {
		(void)curl_multi_remove_handle(t->owner->multi, t->easy);
		curl_easy_cleanup(t->easy);
		t->easy = NULL;
	}
	curl_slist_free_all(t->lines);
	curl_slist_free_all(t->pinned);
	t->lines = t->pinned = NULL;
}

void
fetch_flight_free(struct fetch_flight *t)
{
	if (t == NULL)
		return;
	fetch_flight_let_go(t);
	buf_clear(&t->body);
	free(t->post);
	free(t);
}

void
fetch_flight_land(struct fetch_flight *t, enum lookup_outcome o)
{
	t->stage = LANDED;
	t->outcome = o;
}

/* --- towards an address --- */

static void
on_resolved(void *ctx, enum lookup_outcome o, const struct resolve_addresses *a)
{
	struct fetch_flight *t = ctx;

	t->query = NULL;
	if (t->stage != RESOLVING)
		return;
	if (o != LOOKUP_OPEN)
		fetch_flight_land(t, o);
	else
		fetch_transfer(t, a);
}

void
fetch_flight_head_for(struct fetch_flight *t, const char *url, size_t len)
{
	const struct guard *g = t->owner->guard;
	bool was_https = t->at.https;
	struct guard_url next;
	enum lookup_outcome o;

	if ((o = guard_url(g, url, len, &next)) == LOOKUP_OPEN && was_https && !next.https)
		o = LOOKUP_FORBIDDEN;
	if (o != LOOKUP_OPEN) {
		fetch_flight_land(t, o);
		return;
	}
	t->at = next;
	t->status = 0;
	t->stage = RESOLVING;
	if (t->at.literal)
		fetch_transfer(t, NULL);
	else if (resolve_start(
		     t->owner->resolve, &t->query, t->at.host, t->at.port, on_resolved, t) != RC_OK)
		fetch_flight_land(t, LOOKUP_UNREACHABLE);
}

/* --- the end of a transfer --- */

static enum lookup_outcome
outcome_of(const struct fetch_flight *t, CURLcode code)
{
	if (t->stopped_by_guard && code != CURLE_OK && t->status == 0)
		return LOOKUP_FORBIDDEN;
	if (t->header.octets == CAP_FETCH_HEADER || t->body.rc == RC_TOOBIG)
		return LOOKUP_TOO_LARGE;
	if (t->header.odd)
		return LOOKUP_NONSENSE;
	if (code == CURLE_OPERATION_TIMEDOUT)
		return LOOKUP_SLOW;
	/* on_body() wants nothing of an error's body */
	if (t->status != 0 && t->status != 200 &&
	    (code == CURLE_OK || code == CURLE_WRITE_ERROR || code == CURLE_FILESIZE_EXCEEDED))
		return LOOKUP_REFUSED;
	/* One line of a header, of a hundred kilobytes, is to curl 7 as if memory had run out. */
	if (code == CURLE_FILESIZE_EXCEEDED || code == CURLE_OUT_OF_MEMORY)
		return LOOKUP_TOO_LARGE;
	if (code == CURLE_WEIRD_SERVER_REPLY || code == CURLE_UNSUPPORTED_PROTOCOL ||
	    code == CURLE_BAD_CONTENT_ENCODING)
		return LOOKUP_NONSENSE;
	return code == CURLE_OK ? LOOKUP_ANSWERED : LOOKUP_UNREACHABLE;
}

/* RFC 9110, 15.4: a POST stays one, as it would have to; 303 asks for a GET, which is not
 * what was to be asked. */
static bool
is_redirect(const struct fetch_flight *t)
{
	switch (t->status) {
	case 301:
	case 302:
	case 307:
	case 308:
		return true;
	case 303:
		return t->post == NULL;
	default:
		return false;
	}
}

/* The guard reads what comes out as if a stranger had written it whole. */
static void
redirect(struct fetch_flight *t)
{
	struct buf url;

	if (t->redirects >= CAP_FETCH_REDIRECTS || t->header.location[0] == '\0') {
		fetch_flight_land(t, LOOKUP_REFUSED);
		return;
	}
	buf_init(&url, sizeof(t->at.url) + sizeof(t->header.location));
	fetch_location_join(&url, &t->at, t->header.location);
	if (buf_rc(&url) != RC_OK)
		fetch_flight_land(t, LOOKUP_UNREACHABLE);
	else {
		t->redirects++;
		fetch_flight_let_go(t);
		fetch_flight_head_for(t, (const char *)url.p, url.len);
	}
	buf_clear(&url);
}

void
fetch_flight_arrive(struct fetch_flight *t, CURLcode code)
{
	enum lookup_outcome o;
	long status = 0;

	(void)curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	t->status = status > 0 && status < 1000 ? (unsigned)status : 0;
	o = outcome_of(t, code);
	if (o == LOOKUP_REFUSED && is_redirect(t))
		redirect(t);
	else
		fetch_flight_land(t, o);
}
