/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEBLINK_H
#define WEBLINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Where the text of a stranger's QR leads, and what about that is a reason to be careful.  Only
 * read: nothing is resolved or fetched.
 */

enum weblink_kind {
	WEBLINK_TEXT, /* no address */
	WEBLINK_WEB,  /* http, https, or a name that a telephone opens like one */
	WEBLINK_OTHER /* another scheme: javascript, tel, ... */
};

/* Reasons, as bits. */
enum {
	WEBLINK_FOREIGN = 1,    /* not a host that is known */
	WEBLINK_PLAIN = 2,      /* http: anybody on the way can change the page */
	WEBLINK_USER = 4,       /* text before the host that looks like one: https://known@other/ */
	WEBLINK_NUMBER = 8,     /* an IP address instead of a name */
	WEBLINK_PUNYCODE = 16,  /* letters of another script (xn--) */
	WEBLINK_SCRIPT = 32,    /* octets that are in no name: other scripts, spaces, escapes */
	WEBLINK_SHORTENER = 64, /* a service that leads on to somewhere else */
	WEBLINK_ALIKE = 128,    /* foreign, but made to look like a known one or like go.id */
	WEBLINK_PORT = 256,     /* not the usual port */
	WEBLINK_REASONS = 9     /* how many */
};

struct weblink {
	enum weblink_kind kind;
	unsigned reasons;
	char scheme[16]; /* lower case; "" if none was given */
	char host[256];  /* lower case; octets that are in no name as %XX; cut if longer */
	size_t domain;   /* where in host the part begins that somebody registered */
};

/* Names with commas or blanks between them; each covers its subdomains.  NULL: none. */
struct weblink_lists {
	const char *known, *shorteners;
};

/* Never fails: what is no address is WEBLINK_TEXT. */
void weblink_read(
    struct weblink *w, const uint8_t *p, size_t len, const struct weblink_lists *lists);
/* One English phrase for reason 0 to WEBLINK_REASONS - 1 (bit 1 << n), and its word. */
const char *weblink_text(unsigned n);
const char *weblink_word(unsigned n);

#endif /* WEBLINK_H */
