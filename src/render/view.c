/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a template file to a parsed template of one language. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "buf.h"
#include "view.h"

#define VIEW_MAX   (256u << 10) /* one template with its parts */
#define VIEW_DEPTH 4            /* parts in parts */

struct loader {
	const char *dir;
	const struct texts *texts;
	char *why;
	size_t why_len;
};

static enum rc
slurp(const struct loader *l, struct buf *b, const char *name, size_t name_len)
{
	char path[4096], chunk[4096];
	size_t n;
	FILE *f;
	enum rc rc;

	n = (size_t)snprintf(path, sizeof(path), "%s/%.*s.html", l->dir, (int)name_len, name);
	if (n >= sizeof(path) || (f = fopen(path, "re")) == NULL) {
		snprintf(l->why, l->why_len, "%s: %m", path);
		return RC_IO;
	}
	while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0)
		buf_put(b, chunk, n);
	rc = ferror(f) ? RC_IO : buf_rc(b);
	fclose(f);
	return rc;
}

static void
escaped(struct buf *b, const char *s)
{
	for (; *s != '\0'; s++)
		switch (*s) {
		case '&':
			buf_str(b, "&amp;");
			break;
		case '<':
			buf_str(b, "&lt;");
			break;
		case '>':
			buf_str(b, "&gt;");
			break;
		case '"':
			buf_str(b, "&quot;");
			break;
		default:
			buf_u8(b, (uint8_t)*s);
		}
}

static enum rc
text(const struct loader *l, struct buf *b, const char *key, size_t len)
{
	char name[96];
	const char *s = NULL;

	if (len < sizeof(name)) {
		memcpy(name, key, len);
		name[len] = '\0';
		s = texts_get(l->texts, name);
	}
	if (s == NULL) {
		snprintf(l->why, l->why_len, "no text for %.*s", (int)len, key);
		return RC_FORMAT;
	}
	escaped(b, s);
	return RC_OK;
}

static enum rc
/* NOLINTNEXTLINE(misc-no-recursion): VIEW_DEPTH ends it */
expand(const struct loader *l, struct buf *out, const char *name, size_t name_len, int depth)
{
	struct buf file;
	const char *p, *tag, *end;
	enum rc rc;

	buf_init(&file, VIEW_MAX);
	if (depth > VIEW_DEPTH)
		rc = RC_TOOBIG;
	else
		rc = slurp(l, &file, name, name_len);
	for (p = buf_text(&file); rc == RC_OK && (tag = strstr(p, "{{")) != NULL; p = end + 2) {
		buf_put(out, p, (size_t)(tag - p));
		if ((end = strstr(tag, "}}")) == NULL) {
			rc = RC_FORMAT;
			break;
		}
		if (strncmp(tag, "{{> ", 4) == 0)
			rc = expand(l, out, tag + 4, (size_t)(end - tag - 4), depth + 1);
		else if (strncmp(tag, "{{_ ", 4) == 0)
			rc = text(l, out, tag + 4, (size_t)(end - tag - 4));
		else
			buf_put(out, tag, (size_t)(end - tag) + 2);
	}
	if (rc == RC_OK)
		buf_str(out, p);
	buf_clear(&file);
	return rc;
}

enum rc
view_load(struct view **out, const char *dir, const char *name, const struct texts *texts,
    char *why, size_t why_len)
{
	const struct loader l = {dir, texts, why, why_len};
	struct buf b;
	enum rc rc;

	*out = NULL;
	snprintf(why, why_len, "%s: can't be read", name);
	buf_init(&b, VIEW_MAX);
	rc = expand(&l, &b, name, strlen(name), 0);
	if (rc == RC_OK)
		rc = buf_rc(&b);
	if (rc == RC_OK)
		rc = template_parse(out, (const char *)b.p, b.len, why, why_len);
	buf_clear(&b);
	return rc;
}
