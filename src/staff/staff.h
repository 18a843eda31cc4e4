/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef STAFF_H
#define STAFF_H

#include <stdbool.h>
#include <stdint.h>

#include "account.h"
#include "answer.h"
#include "caps.h"
#include "form.h"
#include "html.h"
#include "session.h"
#include "web.h"

/*
 * The pages for who has signed in: everything below /staff.  staff_route() finds the page, asks
 * who is there, whether that role may, and, for a POST, whether the form came from our page
 * (its field "csrf"); only then its handler is run, with the visit.  Refusals are logged as acts.
 */
struct visit {
	struct http_request *req;
	struct actor who;
	enum lang lang;
	char login[4 * CAP_LOGIN + 1];
	char agency[33];       /* code */
	char agency_name[512]; /* cut if longer */
	char csrf[SESSION_CSRF_LEN + 1];
	char token[SESSION_TOKEN_LEN +
		   1]; /* of the cookie: who.account is 0 until it is a session's */
	const struct staff_page *page;
	const struct form *form; /* of a POST: its fields; of a GET: the query's.  Never NULL */
	const char *rest;        /* what follows the route's prefix: "ID/edit" */
};

/* Returns what a Kore handler returns; is run again when the request wakes up. */
typedef int staff_fn(struct visit *v);

enum { /* whom a page is for, as bits of enum role */
	FOR_STAFF = 1 << ROLE_STAFF,
	FOR_AUDITOR = 1 << ROLE_AUDITOR,
	FOR_ADMIN = 1 << ROLE_ADMIN,
	FOR_WRITERS = FOR_STAFF | FOR_ADMIN,
	FOR_ALL = FOR_STAFF | FOR_AUDITOR | FOR_ADMIN
};
struct staff_page {
	const char *path; /* below /staff/; ends in "/" if a name follows */
	int method;       /* HTTP_METHOD_GET (HEAD, too) or HTTP_METHOD_POST */
	unsigned roles;   /* 0: anybody, signed in or not */
	staff_fn *handler;
};
/* The tables of those files, each ended by a row without a path. */
extern const struct staff_page pages_login[], pages_account[], pages_acts[], pages_people[],
    pages_agency[]; /* entry's room */
extern const struct staff_page pages_letters[], pages_print[], pages_batch[];

/* Kore's handler for /staff and all below. */
int staff_route(struct http_request *req, const char *name);

/* The frame and who is here: navigation, name, csrf, how long a password is.  NULL without memory,
 * which the next takes. */
struct fields *staff_fields(const struct visit *v);
/* Answers with the page and frees f. */
int staff_page(struct visit *v, int status, enum html_page page, struct fields *f);
/* What went wrong, above the page: the text staff.problem.KEY; NULL: nothing. */
void staff_problem(struct visit *v, struct fields *f, const char *key);
/* The text with this key in the visitor's language; never NULL. */
const char *staff_text(const struct visit *v, const char *key);
/* 303 to a path of ours, with ?said=KEY: the page there shows the text staff.said.KEY. */
int staff_see(struct visit *v, const char *path, const char *said);
/* What the register answered, as a page: 404, 403, 409 (state) or 400 with its text. */
int staff_refuse(struct visit *v, enum rc rc, int register_answer);
/* A file for who is here: attachment (or inline, for a picture), no-store. */
int staff_file(struct visit *v, const char *type, const char *filename, bool attachment,
    const void *p, size_t len);
/* The octets of a file of the form, in the body or its spool: bounded.  NULL: it is not there. */
const uint8_t *staff_octets(struct visit *v, const struct form_file *f);

#endif /* STAFF_H */
