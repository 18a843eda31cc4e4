/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * enrol.h.  The QR is drawn by periksa-paper; of its answer only a path of plain letters and
 * numbers gets into the page, as a drawing there: a picture would need an address of its own.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "enrol.h"
#include "press.h"

#define DRAWING_MAX (128u << 10) /* octets of the drawing: the largest QR has half of it */
#define MODULES     185          /* a side of the largest QR, version 40, with its quiet zone */
/*
 * Pixels a module has where there is room for them: whole ones, so that all are of one size.  A
 * telephone of 320 pixels has four left for a name of CAP_LOGIN plain letters.
 */
#define MODULE      7

/* In groups of four, as it is typed into a telephone. */
static void
put_groups(struct buf *b, const char *s)
{
	size_t i;

	for (i = 0; s[i] != '\0'; i++) {
		if (i > 0 && i % 4 == 0)
			buf_u8(b, ' ');
		buf_u8(b, (uint8_t)s[i]);
	}
}

/* The next d="…" of a drawing, if it is a path of plain letters and numbers; *svg goes on. */
static bool
next_path(struct buf *b, struct paper_octets *svg)
{
	static const char d[] = " d=\"";
	const uint8_t *p = memmem(svg->p, svg->len, d, sizeof(d) - 1), *end;

	if (p == NULL)
		return false;
	p += sizeof(d) - 1;
	svg->len -= (size_t)(p - svg->p);
	svg->p = p;
	if ((end = memchr(p, '"', svg->len)) == NULL || end == p)
		return false;
	buf_put(b, p, (size_t)(end - p));
	return buf_rc(b) == RC_OK && strspn(buf_text(b), "0123456789.- MLHVZmlhvz") == b->len;
}

/* Two paths: a white square as wide as the QR has modules ("M0 0h45v45…"), and the black ones. */
static void
add_qr(struct fields *f, const struct paper_answer *a)
{
	struct paper_octets svg = {NULL, 0};
	struct buf square, path;
	char side[8];
	long n;

	buf_init(&square, 64);
	buf_init(&path, DRAWING_MAX);
	if (a != NULL && a->code == PAPER_OK)
		svg = a->out;
	if (svg.len > 0 && next_path(&square, &svg) && next_path(&path, &svg) &&
	    strncmp(buf_text(&square), "M0 0h", 5) == 0) {
		n = strtol(buf_text(&square) + 5, NULL, 10);
		if (n < 0 || n > MODULES)
			n = 0;
		fields_flag(f, "has_qr", n > 0);
		snprintf(side, sizeof(side), "%ld", n);
		fields_text(f, "qr_side", side);
		snprintf(side, sizeof(side), "%ld", n * MODULE);
		fields_text(f, "qr_width", side);
		fields_text(f, "qr_path", buf_text(&path));
	}
	if (path.len != 0)
		explicit_bzero(path.p, path.len);
	buf_clear(&square);
	buf_clear(&path);
}

static int
show(struct visit *v, const char *login, const struct account_secrets *secrets, const char *back,
    const struct paper_answer *a, const char *address)
{
	struct fields *f = staff_fields(v);
	struct buf groups;
	size_t i;

	buf_init(&groups, 64);
	put_groups(&groups, secrets->totp);
	fields_text(f, "secret", buf_text(&groups));
	if (groups.len != 0)
		explicit_bzero(groups.p, groups.len);
	buf_clear(&groups);
	fields_text(f, "login", login);
	fields_text(f, "address", address);
	fields_text(f, "back", back);
	fields_flag(f, "own", strcmp(login, v->login) == 0);
	for (i = 0; i < ACCOUNT_RECOVERY; i++)
		fields_text(fields_item(f, "recovery"), "code", secrets->recovery[i]);
	add_qr(f, a);
	return staff_page(v, HTTP_STATUS_OK, HTML_STAFF_SECRETS, f);
}

int
enrol_show(
    struct visit *v, const char *login, const struct account_secrets *secrets, const char *back)
{
	struct paper_job job = {.kind = PAPER_QR, .format = PAPER_SVG};
	const struct paper_answer *a = NULL;
	struct buf address;
	enum rc rc = RC_OK;
	int ret = KORE_RESULT_RETRY;

	buf_init(&address, CAP_TEXT);
	account_otpauth(&address, login, secrets);
	if (!press_known(v->req)) {
		job.part[PAPER_ADDRESS].p = (const uint8_t *)buf_text(&address);
		job.part[PAPER_ADDRESS].len = address.len;
		rc = press_start(v->req, &job);
	}
	if (rc == RC_OK)
		rc = press_step(v->req, &a);
	if (rc != RC_BUSY)
		ret = show(v, login, secrets, back, rc == RC_OK ? a : NULL, buf_text(&address));
	if (address.len != 0)
		explicit_bzero(address.p, address.len);
	buf_clear(&address);
	return ret;
}
