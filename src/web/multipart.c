/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Untrusted bytes: every search is bounded by the body, and every step moves on. */
#define _GNU_SOURCE /* memmem */
#include <string.h>
#include <strings.h>

#include "multipart.h"

#define HEADERS_MAX 4096u /* headers of one part */
#define PARTS_MAX   32u   /* parts looked at */

static bool
boundary_char(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       (c != '\0' && strchr("'()+_,-./:=?", c) != NULL);
}

bool
multipart_boundary(const char *s, char out[MULTIPART_BOUNDARY + 1])
{
	static const char type[] = "multipart/form-data", param[] = "boundary=";
	bool quoted;
	size_t n = 0;

	out[0] = '\0';
	if (strncasecmp(s, type, sizeof(type) - 1) != 0)
		return false;
	for (s += sizeof(type) - 1; (s = strchr(s, ';')) != NULL;) {
		s++;
		s += strspn(s, " \t");
		if (strncasecmp(s, param, sizeof(param) - 1) == 0)
			break;
	}
	if (s == NULL)
		return false;
	s += sizeof(param) - 1;
	if ((quoted = *s == '"'))
		s++;
	while (n < MULTIPART_BOUNDARY && boundary_char((unsigned char)*s))
		out[n++] = *s++;
	out[n] = '\0';
	s += quoted ? *s == '"' : 0;
	s += strspn(s, " \t");
	return n > 0 && (*s == '\0' || *s == ';');
}

/*
 * The last component of a path that somebody else wrote, cut between characters.
 * What is not fit to be shown in it is the report's business (report_text()).
 */
static void
copy_name(char out[MULTIPART_NAME + 1], const uint8_t *p, size_t len)
{
	size_t i, n = 0;

	for (i = len; i > 0; i--)
		if (p[i - 1] == '/' || p[i - 1] == '\\')
			break;
	while (i < len && n < MULTIPART_NAME) {
		/* HTML's "multipart/form-data encoding algorithm" escapes quotes like this. */
		if (len - i >= 3 && memcmp(p + i, "%22", 3) == 0) {
			out[n++] = '"';
			i += 3;
		} else {
			out[n++] = (char)p[i++];
		}
	}
	/* Not in the middle of a character. */
	while (i < len && n > 0 && (p[i] & 0xc0) == 0x80) {
		n--;
		i--;
	}
	out[n] = '\0';
}

/* The value of a parameter (name="…") in a header line; false if it is not there. */
static bool
parameter(const uint8_t *line, size_t len, const char *name, const uint8_t **v, size_t *v_len)
{
	size_t i, n = strlen(name), end;

	for (i = 0; i + n + 2 <= len; i++) {
		if (line[i] != ';')
			continue;
		for (i++; i < len && (line[i] == ' ' || line[i] == '\t'); i++)
			;
		if (i + n + 2 > len)
			return false;
		if (strncasecmp((const char *)line + i, name, n) != 0 || line[i + n] != '=' ||
		    line[i + n + 1] != '"') {
			i--;
			continue;
		}
		i += n + 2;
		for (end = i; end < len && line[end] != '"'; end++)
			if (line[end] == '\\' && end + 1 < len)
				end++;
		if (end >= len)
			return false;
		*v = line + i;
		*v_len = end - i;
		return true;
	}
	return false;
}

/* What the headers of a part say it is. */
static void
describe(struct multipart *m, const uint8_t *p, size_t len, struct part *out)
{
	static const char disposition[] = "content-disposition:";
	const uint8_t *eol, *v;
	size_t n, v_len;

	m->field = NULL;
	m->field_len = 0;
	out->has_name = false;
	out->name[0] = '\0';
	while (len > 0) {
		eol = memmem(p, len, "\r\n", 2);
		n = eol != NULL ? (size_t)(eol - p) : len;
		if (n > sizeof(disposition) - 1 &&
		    strncasecmp((const char *)p, disposition, sizeof(disposition) - 1) == 0) {
			if (!parameter(p, n, "name", &m->field, &m->field_len))
				return;
			out->has_name = parameter(p, n, "filename", &v, &v_len) && v_len > 0;
			copy_name(out->name, v, out->has_name ? v_len : 0);
			return;
		}
		if (eol == NULL)
			break;
		p += n + 2;
		len -= n + 2;
	}
}

enum rc
multipart_begin(struct multipart *m, const uint8_t *body, size_t len, const char *boundary)
{
	memset(m, 0, sizeof(*m));
	m->body = body;
	m->end = body + len;
	memcpy(m->mark, "\r\n--", 4);
	strncat(m->mark, boundary, MULTIPART_BOUNDARY);
	m->mark_len = strlen(m->mark);
	/* The first boundary may stand at the very beginning, without a line end. */
	if (len >= m->mark_len - 2 && memcmp(body, m->mark + 2, m->mark_len - 2) == 0)
		m->p = body + m->mark_len - 2;
	else if ((m->p = memmem(body, len, m->mark, m->mark_len)) != NULL)
		m->p += m->mark_len;
	return m->p != NULL ? RC_OK : RC_FORMAT;
}

enum rc
multipart_next(struct multipart *m, struct part *out)
{
	const uint8_t *headers = m->p, *p, *next;
	size_t left = (size_t)(m->end - headers);

	memset(out, 0, sizeof(*out));
	if (left >= 2 && headers[0] == '-' && headers[1] == '-')
		return RC_ABSENT;
	if (left < 2 || headers[0] != '\r' || headers[1] != '\n')
		return RC_FORMAT;
	/* The line end in front may serve as the one of an empty header block. */
	p = memmem(headers, left < HEADERS_MAX ? left : HEADERS_MAX, "\r\n\r\n", 4);
	if (p == NULL)
		return RC_FORMAT;
	p += 2;
	/* The body's own line end may begin the next boundary: an empty part. */
	if ((next = memmem(p, (size_t)(m->end - p), m->mark, m->mark_len)) == NULL)
		return RC_FORMAT;
	describe(m, headers + 2, (size_t)(p - headers) - 2, out);
	out->off = (size_t)(p - m->body) + 2;
	out->len = next > p ? (size_t)(next - p) - 2 : 0;
	m->p = next + m->mark_len;
	return RC_OK;
}

enum rc
multipart_find(
    struct part *out, const uint8_t *body, size_t len, const char *boundary, const char *field)
{
	struct multipart m;
	size_t i, n = strlen(field);
	enum rc rc = multipart_begin(&m, body, len, boundary);

	for (i = 0; i < PARTS_MAX && rc == RC_OK; i++) {
		rc = multipart_next(&m, out);
		if (rc == RC_OK && m.field_len == n && (n == 0 || memcmp(m.field, field, n) == 0))
			return RC_OK;
	}
	memset(out, 0, sizeof(*out));
	return rc != RC_OK ? rc : RC_ABSENT;
}
