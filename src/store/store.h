/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef STORE_H
#define STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "album.h"
#include "buf.h"
#include "caps.h"
#include "rc.h"
#include "report.h"

/*
 * The database: verification log and short-lived reports.  All SQL is in
 * src/store/.  A handle belongs to one thread at a time; any number of
 * processes may each have one, but none may be carried over a fork.
 */
struct store;

/*
 * Open (and create or migrate) the database file at path; the folder must
 * exist.  With *out NULL: RC_IO if it can't be had, RC_BUSY if another process
 * holds it too long, RC_FORMAT if the file is another program's or a later
 * version's, RC_NOMEM.
 */
enum rc store_open(struct store **out, const char *path);
/*
 * For store_query() and store_report() only; nothing is created or migrated.
 * As above, and RC_ABSENT if there is no such file.
 */
enum rc store_open_readonly(struct store **out, const char *path);
/* Takes NULL. */
void store_close(struct store *s);

enum channel { CHANNEL_PAGE, CHANNEL_API, CHANNEL_CLI, CHANNEL__MAX };
const char *channel_name(enum channel c); /* "page", "api", "cli" */

#define STORE_ID_LEN 26 /* Crockford base32 of 128 random bits */

/*
 * Log a verification durably (synchronous=FULL) and, if report bytes are given (wire form), keep
 * them until expires under a fresh unguessable id that is written to id. The document's SHA-256
 * goes into the log keyed (HMAC with a secret of the database), never bare; no name, no DN, no
 * address.  RC_OK, RC_BUSY (locked), RC_IO (disk full, …): then nothing was recorded.
 */
struct store_verification {
	int64_t at; /* now, milliseconds since 1970 */
	enum channel channel;
	const struct report *report;
	uint32_t duration_us;
	const void *wire; /* NULL: no page to keep */
	size_t wire_len;
	int64_t expires; /* seconds since 1970 */
	const struct album_picture
	    *pictures; /* of its pages, each page and kind once; go with it */
	size_t npictures;
};
enum rc store_record(
    struct store *s, const struct store_verification *v, char id[STORE_ID_LEN + 1]);
/* The kept report's wire bytes appended to *out.  RC_ABSENT if unknown or expired at now. */
enum rc store_report(struct store *s, const char *id, int64_t now, struct buf *out);
/* A picture that was kept with it, likewise. */
enum rc store_picture(struct store *s, const char *id, uint32_t page, enum album_kind kind,
    int64_t now, struct buf *out);
/* The pages of which it has both pictures, in order.  RC_OK, or *n is 0. */
enum rc store_pictures(
    struct store *s, const char *id, int64_t now, unsigned pages[CAP_PICTURE_PAGES], size_t *n);
/* Delete expired reports, and the pictures that go with them. */
enum rc store_expire(struct store *s, int64_t now);
/* A durable write that records nothing: RC_OK iff the store can take records. */
enum rc store_probe(struct store *s);

/* One row of the log. */
struct store_row {
	int64_t seq;
	int64_t at; /* milliseconds since 1970 */
	const char *channel;
	const char *document; /* keyed hash, hex; "" if the document was never hashed */
	const char *conclusion;
	const char *reasons; /* codes joined by a space; "" if none */
	const char *policy, *policy_version;
	const char *trust; /* SHA-256 of the anchor set, hex; "" if not known */
	uint32_t duration_us, signatures;
	uint64_t size;
};
struct store_query {
	int64_t since, until;       /* seconds, WHEN_NONE: open; since inclusive, until exclusive */
	enum conclusion conclusion; /* CONCLUSION__MAX: any */
	int64_t limit;              /* the newest so many; 0: all */
};
/* Calls row for each, oldest first, until it returns false.  The texts live until row returns. */
enum rc store_query(struct store *s, const struct store_query *q,
    bool (*row)(const struct store_row *row, void *arg), void *arg);

#endif /* STORE_H */
