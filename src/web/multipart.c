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

/* Is this part the wanted field?  If so, its file name. */
static bool
wanted(const uint8_t *p, size_t len, const char *field, struct part *out)
{
	static const char disposition[] = "content-disposition:";
	const uint8_t *eol, *v;
	size_t n, v_len;

	while (len > 0) {
		eol = memmem(p, len, "\r\n", 2);
		n = eol != NULL ? (size_t)(eol - p) : len;
		if (n > sizeof(disposition) - 1 &&
		    strncasecmp((const char *)p, disposition, sizeof(disposition) - 1) == 0) {
			if (!parameter(p, n, "name", &v, &v_len) || v_len != strlen(field) ||
			    memcmp(v, field, v_len) != 0)
				return false;
			out->has_name = parameter(p, n, "filename", &v, &v_len) && v_len > 0;
			copy_name(out->name, v, out->has_name ? v_len : 0);
			return true;
		}
		if (eol == NULL)
			break;
		p += n + 2;
		len -= n + 2;
	}
	return false;
}

enum rc
multipart_find(
    struct part *out, const uint8_t *body, size_t len, const char *boundary, const char *field)
{
	char mark[4 + MULTIPART_BOUNDARY + 1] = "\r\n--";
	const uint8_t *p = body, *end = body + len, *headers, *next;
	size_t mark_len, i;

	memset(out, 0, sizeof(*out));
	strncat(mark, boundary, MULTIPART_BOUNDARY);
	mark_len = strlen(mark);
	/* The first boundary may stand at the very beginning, without a line end. */
	if (len >= mark_len - 2 && memcmp(body, mark + 2, mark_len - 2) == 0)
		p += mark_len - 2;
	else if ((p = memmem(body, len, mark, mark_len)) != NULL)
		p += mark_len;
	else
		return RC_FORMAT;
	for (i = 0; i < PARTS_MAX; i++) {
		if (end - p >= 2 && p[0] == '-' && p[1] == '-')
			return RC_ABSENT;
		if (end - p < 2 || p[0] != '\r' || p[1] != '\n')
			return RC_FORMAT;
		/* The line end in front may serve as the one of an empty header block. */
		headers = p;
		p = memmem(headers,
		    (size_t)(end - headers) < HEADERS_MAX ? (size_t)(end - headers) : HEADERS_MAX,
		    "\r\n\r\n", 4);
		if (p == NULL)
			return RC_FORMAT;
		p += 2;
		/* The body's own line end may begin the next boundary: an empty part. */
		if ((next = memmem(p, (size_t)(end - p), mark, mark_len)) == NULL)
			return RC_FORMAT;
		if (wanted(headers + 2, (size_t)(p - headers) - 2, field, out)) {
			out->off = (size_t)(p - body) + 2;
			out->len = next > p ? (size_t)(next - p) - 2 : 0;
			return RC_OK;
		}
		p = next + mark_len;
	}
	return RC_ABSENT;
}
