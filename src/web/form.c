/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * form.h.  All texts lie in one block that is never longer than what was sent, so that they can be
 * wiped together: passwords are among them.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "caps.h"
#include "form.h"
#include "multipart.h"

struct field {
	const char *name;
	const char *raw;  /* a text as it came, with line ends made one */
	const char *text; /* and without white space at its ends */
	bool file;        /* raw is the file's name, where it lies: */
	size_t off, len;
};

struct form {
	char *block;
	size_t used, size, texts;
	struct field fields[CAP_FORM_FIELDS];
	size_t n;
};

static enum rc
form_new(struct form **out, size_t len)
{
	struct form *f;

	*out = NULL;
	if (len > CAP_FORM_TEXT)
		len = CAP_FORM_TEXT;
	if ((f = calloc(1, sizeof(*f))) == NULL)
		return RC_NOMEM;
	/* Each text twice, and a NUL behind a name and both of its texts. */
	f->size = 2 * len + (size_t)3 * CAP_FORM_FIELDS;
	if ((f->block = malloc(f->size)) == NULL) {
		free(f);
		return RC_NOMEM;
	}
	*out = f;
	return RC_OK;
}

void
form_free(struct form *f)
{
	if (f == NULL)
		return;
	explicit_bzero(f->block, f->size);
	free(f->block);
	free(f);
}

/* ---- texts ---- */

static bool
follows(const uint8_t *p, size_t len, size_t n)
{
	size_t i;

	if (len <= n)
		return false;
	for (i = 1; i <= n; i++)
		if ((p[i] & 0xc0) != 0x80)
			return false;
	return true;
}

/* Octets of the character at p (RFC 3629, 4), 0: none.  NUL is none. */
static size_t
character(const uint8_t *p, size_t len)
{
	if (p[0] < 0x80)
		return p[0] != 0;
	if (p[0] >= 0xc2 && p[0] <= 0xdf)
		return follows(p, len, 1) ? 2 : 0;
	if ((p[0] & 0xf0) == 0xe0) {
		if (!follows(p, len, 2) || (p[0] == 0xe0 && p[1] < 0xa0) ||
		    (p[0] == 0xed && p[1] > 0x9f))
			return 0;
		return 3;
	}
	if (p[0] >= 0xf0 && p[0] <= 0xf4) {
		if (!follows(p, len, 3) || (p[0] == 0xf0 && p[1] < 0x90) ||
		    (p[0] == 0xf4 && p[1] > 0x8f))
			return 0;
		return 4;
	}
	return 0;
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f';
}

/* What stands in the block from at on is a text: checked, its line ends made LF, ended. */
static enum rc
finish(struct form *f, size_t at, const char **out)
{
	char *p = f->block + at, *to = p, *end = f->block + f->used;
	size_t n;

	*out = p;
	for (; p < end; p += n) {
		if ((n = character((const uint8_t *)p, (size_t)(end - p))) == 0)
			return RC_FORMAT;
		if (*p == '\r') {
			if (p + 1 == end || p[1] != '\n')
				*to++ = '\n';
			continue;
		}
		memmove(to, p, n);
		to += n;
	}
	if ((size_t)(to - *out) > CAP_FORM_TEXT - f->texts)
		return RC_FORMAT;
	f->texts += (size_t)(to - *out);
	*to++ = '\0';
	f->used = (size_t)(to - f->block);
	return RC_OK;
}

/* The same without white space at its ends. */
static const char *
trimmed(struct form *f, const char *s)
{
	size_t len;
	char *p;

	while (is_space(*s))
		s++;
	for (len = strlen(s); len > 0 && is_space(s[len - 1]); len--)
		continue;
	if (s[len] == '\0')
		return s;
	p = f->block + f->used;
	memcpy(p, s, len);
	p[len] = '\0';
	f->used += len + 1;
	return p;
}

static int
digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Some octets, as a form's text if so encoded (HTML 4, 17.13.4). */
static enum rc
take(struct form *f, const uint8_t *p, size_t len, bool encoded, const char **out)
{
	size_t at = f->used, i;
	uint8_t c;

	for (i = 0; i < len; i++) {
		if (f->used - at > CAP_FORM_TEXT - f->texts)
			return RC_FORMAT;
		if (encoded && p[i] == '%') {
			if (len - i < 3 || digit(p[i + 1]) < 0 || digit(p[i + 2]) < 0)
				return RC_FORMAT;
			f->block[f->used++] =
			    (char)(uint8_t)(digit(p[i + 1]) << 4 | digit(p[i + 2]));
			i += 2;
		} else {
			c = p[i];
			if (encoded && c == '+')
				c = ' ';
			f->block[f->used++] = (char)c;
		}
	}
	return finish(f, at, out);
}

/* A further field with this name; *out is NULL on failure. */
static enum rc
add(struct form *f, const uint8_t *name, size_t len, bool encoded, struct field **out)
{
	*out = NULL;
	if (f->n == CAP_FORM_FIELDS)
		return RC_FORMAT;
	*out = &f->fields[f->n];
	if (take(f, name, len, encoded, &(*out)->name) != RC_OK)
		return RC_FORMAT;
	f->n++;
	return RC_OK;
}

static enum rc
set_text(struct form *f, struct field *to, const uint8_t *p, size_t len, bool encoded)
{
	enum rc rc = take(f, p, len, encoded, &to->raw);

	if (rc == RC_OK)
		to->text = trimmed(f, to->raw);
	return rc;
}

/* What a browser of another day calls a file may be no text: it is then "". */
static void
set_name(struct form *f, struct field *to, const char *name)
{
	size_t at = f->used;

	if (take(f, (const uint8_t *)name, strlen(name), false, &to->raw) != RC_OK) {
		f->used = at;
		to->raw = "";
	}
}

/* ---- both kinds ---- */

static enum rc
read_pairs(struct form *f, const uint8_t *p, size_t len)
{
	const uint8_t *end = p + len, *stop, *equals;
	struct field *to;
	enum rc rc = RC_OK;

	for (; rc == RC_OK && p < end; p = stop + (stop < end)) {
		if ((stop = memchr(p, '&', (size_t)(end - p))) == NULL)
			stop = end;
		if (stop == p)
			continue;
		if ((equals = memchr(p, '=', (size_t)(stop - p))) == NULL)
			equals = stop;
		rc = add(f, p, (size_t)(equals - p), true, &to);
		if (equals < stop)
			equals++;
		if (rc == RC_OK)
			rc = set_text(f, to, equals, (size_t)(stop - equals), true);
	}
	return rc;
}

static enum rc
read_parts(struct form *f, const uint8_t *body, size_t len, const char *boundary)
{
	struct multipart m;
	struct field *to;
	struct part part;
	enum rc rc = multipart_begin(&m, body, len, boundary);

	while (rc == RC_OK && (rc = multipart_next(&m, &part)) == RC_OK) {
		if (m.field == NULL)
			continue;
		if ((rc = add(f, m.field, m.field_len, false, &to)) != RC_OK)
			break;
		if (!part.has_name) {
			rc = set_text(f, to, body + part.off, part.len, false);
			continue;
		}
		to->file = true;
		to->off = part.off;
		to->len = part.len;
		set_name(f, to, part.name);
	}
	return rc == RC_ABSENT ? RC_OK : rc;
}

/* application/x-www-form-urlencoded, with or without a parameter. */
static bool
is_pairs(const char *type)
{
	static const char pairs[] = "application/x-www-form-urlencoded";
	size_t n = sizeof(pairs) - 1;

	return strncasecmp(type, pairs, n) == 0 &&
	       (type[n] == '\0' || type[n] == ';' || type[n] == ' ');
}

enum rc
form_parse(struct form **out, const char *content_type, const uint8_t *body, size_t len)
{
	char boundary[MULTIPART_BOUNDARY + 1];
	struct form *f = NULL;
	enum rc rc;

	*out = NULL;
	if (content_type == NULL || body == NULL)
		return RC_FORMAT;
	if ((rc = form_new(&f, len)) != RC_OK)
		return rc;
	if (is_pairs(content_type))
		rc = read_pairs(f, body, len);
	else if (multipart_boundary(content_type, boundary))
		rc = read_parts(f, body, len, boundary);
	else
		rc = RC_FORMAT;
	if (rc == RC_OK) {
		*out = f;
		f = NULL; /* transferred */
	}
	form_free(f);
	return rc;
}

enum rc
form_query(struct form **out, const char *query)
{
	const char *s = query != NULL ? query : "";

	return form_parse(out, "application/x-www-form-urlencoded", (const uint8_t *)s, strlen(s));
}

/* ---- asking ---- */

static const struct field *
find(const struct form *f, const char *name, size_t n, bool file)
{
	size_t i;

	for (i = 0; i < f->n; i++)
		if (f->fields[i].file == file && strcmp(f->fields[i].name, name) == 0 && n-- == 0)
			return &f->fields[i];
	return NULL;
}

const char *
form_nth(const struct form *f, const char *name, size_t n)
{
	const struct field *to = find(f, name, n, false);

	return to != NULL ? to->text : NULL;
}

const char *
form_get(const struct form *f, const char *name)
{
	const char *s = form_nth(f, name, 0);

	return s != NULL ? s : "";
}

const char *
form_raw(const struct form *f, const char *name)
{
	const struct field *to = find(f, name, 0, false);

	return to != NULL ? to->raw : "";
}

bool
form_has(const struct form *f, const char *name)
{
	return form_nth(f, name, 0) != NULL;
}

bool
form_file(const struct form *f, const char *name, size_t n, struct form_file *out)
{
	const struct field *to = find(f, name, n, true);

	memset(out, 0, sizeof(*out));
	if (to == NULL)
		return false;
	out->off = to->off;
	out->len = to->len;
	out->name = to->raw;
	return true;
}
