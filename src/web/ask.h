/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ASK_H
#define ASK_H

#include <stdbool.h>
#include <stdint.h>

#include <netinet/in.h>

#include <kore/kore.h>
#include <kore/http.h>

#include "checks.h"

/* What a request says about itself. */

/* ?lang= wins, then the cookie; Indonesian otherwise. */
enum lang ask_lang(struct http_request *req);
/* The language was chosen with this request and is to be remembered. */
bool ask_lang_chosen(struct http_request *req);
/* "1" or "true" */
bool ask_true(const char *s, size_t len);
/* ?key=1, ?key=true */
bool ask_flag(struct http_request *req, const char *key);
/* A program asks: under /api/, for a .json address, or by Accept. */
bool ask_json(struct http_request *req);
/* The Content-Type begins with this media type. */
bool ask_type(struct http_request *req, const char *type);
/*
 * Who asks: the peer, or, if the peer is our own proxy (loopback), the last
 * entry of X-Forwarded-For.  IPv4 as ::ffff:a.b.c.d.
 */
struct in6_addr ask_address(struct http_request *req);
/* Our own path for the language switch; "/" unless it is one that can be asked for with GET. */
const char *ask_path(struct http_request *req);
/* The first cookie of this name; false if there is none, or it does not fit out. */
bool ask_cookie(struct http_request *req, const char *name, char *out, size_t size);
/*
 * A form that was sent from a page of ours, as far as the browser says: by Sec-Fetch-Site, else by
 * Origin.  True too if it says neither: a program, or an old browser.
 */
bool ask_same_origin(struct http_request *req);
/* The address as text, of IPv6 its /64: what guesses are counted by. */
void ask_address_text(struct http_request *req, char out[INET6_ADDRSTRLEN]);
/* Milliseconds since 1970. */
int64_t ask_now_ms(void);

#endif /* ASK_H */
