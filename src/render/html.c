/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pages of the portal: loads them, and fills what all of them share. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "html.h"
#include "view.h"
#include "result.h"
#include "template.h"
#include "texts.h"
#include "words.h"

static const char *const page_names[HTML__MAX] = {
#define PAGE(name, file) [HTML_##name] = (file),
#include "pages.def"
#undef PAGE
};
static const char *const keys[] = {
#define KEY(text) (text),
#include "keys.def"
#undef KEY
};
/* Files of texts, DIR/locale/XX.po each: of all pages, of letters for the public, of staff's. */
static const char *const catalogues[] = {"", "letter.", "staff."};
static const char *const codes[LANG__MAX] = {"id", "en"};
static const int statuses[] = {400, 404, 405, 411, 413, 415, 429, 500, 502, 503};

struct html {
	const struct html_site *site;
	struct texts *texts[LANG__MAX];
	struct view *pages[LANG__MAX][HTML__MAX];
};

const char *
lang_code(enum lang lang)
{
	return codes[(unsigned)lang < LANG__MAX ? lang : LANG_ID];
}

/* Every key that is put together at run time must have its text. */
static enum rc
check_keys(const struct texts *t, char *why, size_t why_len)
{
	static const char *const parts[] = {"title", "text"};
	char key[64];
	const char *missing;
	size_t i, j;

	for (i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
		for (j = 0; j < 2; j++) {
			snprintf(key, sizeof(key), "error.%d.%s", statuses[i], parts[j]);
			if (texts_get(t, key) == NULL) {
				snprintf(why, why_len, "no text for %s", key);
				return RC_FORMAT;
			}
		}
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (texts_get(t, keys[i]) == NULL) {
			snprintf(why, why_len, "no text for %s", keys[i]);
			return RC_FORMAT;
		}
	if ((missing = result_missing(t, key, sizeof(key))) != NULL ||
	    (missing = sky_missing(t, key, sizeof(key))) != NULL) {
		snprintf(why, why_len, "no text for %s", missing);
		return RC_FORMAT;
	}
	return RC_OK;
}

static enum rc
load_language(struct html *h, const char *dir, enum lang lang, char *why, size_t why_len)
{
	char path[4096];
	unsigned i;
	enum rc rc = RC_OK;

	for (i = 0; rc == RC_OK && i < sizeof(catalogues) / sizeof(catalogues[0]); i++) {
		if ((size_t)snprintf(path, sizeof(path), "%s/locale/%s%s.po", dir, catalogues[i],
			codes[lang]) >= sizeof(path))
			return RC_TOOBIG;
		rc = texts_load(&h->texts[lang], path, why, why_len);
	}
	if (rc != RC_OK || (rc = check_keys(h->texts[lang], why, why_len)) != RC_OK)
		return rc;
	for (i = 0; i < HTML__MAX; i++) {
		rc =
		    view_load(&h->pages[lang][i], dir, page_names[i], h->texts[lang], why, why_len);
		if (rc != RC_OK)
			return rc;
	}
	return RC_OK;
}

enum rc
html_load(
    struct html **out, const char *dir, const struct html_site *site, char *why, size_t why_len)
{
	struct html *h;
	const char *key;
	enum rc rc = RC_OK;
	unsigned l;

	*out = NULL;
	snprintf(why, why_len, "no memory");
	if ((h = calloc(1, sizeof(*h))) == NULL)
		return RC_NOMEM;
	h->site = site;
	for (l = 0; rc == RC_OK && l < LANG__MAX; l++)
		rc = load_language(h, dir, (enum lang)l, why, why_len);
	if (rc == RC_OK &&
	    ((key = texts_missing(h->texts[LANG_ID], h->texts[LANG_EN])) != NULL ||
		(key = texts_missing(h->texts[LANG_EN], h->texts[LANG_ID])) != NULL)) {
		snprintf(why, why_len, "%s is not in both languages", key);
		rc = RC_FORMAT;
	}
	if (rc == RC_OK) {
		*out = h;
		h = NULL; /* transferred */
	}
	html_free(h);
	return rc;
}

void
html_free(struct html *h)
{
	unsigned l, i;

	if (h == NULL)
		return;
	for (l = 0; l < LANG__MAX; l++) {
		for (i = 0; i < HTML__MAX; i++)
			template_free(h->pages[l][i]);
		texts_free(h->texts[l]);
	}
	free(h);
}

const char *
html_text(const struct html *h, enum lang lang, const char *key)
{
	const char *s = texts_get(h->texts[lang], key);

	return s != NULL ? s : "";
}

const char *
html_sentence(enum check id, enum check_result result, enum lang lang)
{
	const char *s = report_sentence(id, result, lang);

	return s != NULL ? s : "";
}

struct fields *
html_fields(const struct html *h, const struct html_request *r)
{
	struct fields *f = fields_new();
	struct buf size;

	buf_init(&size, 64);
	words_size(&size, h->texts[r->lang], h->site->upload_max);
	fields_text(f, "lang", codes[r->lang]);
	/* Visitors without cookies keep their language, too. */
	fields_text(f, "q", r->lang == LANG_ID ? "" : "?lang=en");
	fields_flag(f, "indonesian", r->lang == LANG_ID);
	fields_flag(f, "english", r->lang == LANG_EN);
	fields_text(f, "path", r->path);
	fields_text(f, "version", h->site->version);
	fields_flag(f, "demonstration", h->site->demonstration);
	fields_text(f, "upload_max", buf_text(&size));
	buf_clear(&size);
	buf_init(&size, 64);
	buf_printf(&size, "%llu", (unsigned long long)h->site->upload_max);
	fields_text(f, "upload_bytes", buf_text(&size));
	buf_clear(&size);
	return f;
}

enum rc
html_fill(const struct html *h, struct buf *b, const struct html_request *r, enum html_page page,
    struct fields *f)
{
	enum rc rc = RC_NOMEM;

	if (f != NULL)
		rc = template_render(h->pages[r->lang][page], f, b);
	fields_free(f);
	return rc == RC_OK ? buf_rc(b) : rc;
}

void
html_time(const struct html *h, enum lang lang, struct fields *f, const char *key, int64_t when)
{
	struct buf b;

	buf_init(&b, 256);
	words_time(&b, h->texts[lang], when);
	fields_text(f, key, buf_text(&b));
	buf_clear(&b);
}

void
html_day(const struct html *h, enum lang lang, struct fields *f, const char *key, const char *day)
{
	struct buf b;

	buf_init(&b, 256);
	words_day(&b, h->texts[lang], day);
	fields_text(f, key, buf_text(&b));
	buf_clear(&b);
}

void
html_size(const struct html *h, enum lang lang, struct fields *f, const char *key, uint64_t bytes)
{
	struct buf b;

	buf_init(&b, 64);
	words_size(&b, h->texts[lang], bytes);
	fields_text(f, key, buf_text(&b));
	buf_clear(&b);
}

void
html_summary(
    const struct html *h, enum lang lang, struct fields *f, const char *key, const struct report *r)
{
	result_summary(fields_object(f, key), h->texts[lang], lang, r);
}

void
html_unread(const struct html *h, enum lang lang, struct fields *f, const char *key,
    enum conclusion c, bool caveat)
{
	struct fields *u = fields_object(f, key);
	const char *text = "unread.unsure", *look = "unknown";

	if (c == CONCLUSION_VALID) {
		text = "unread.passed";
		look = caveat ? "warning" : "ok";
	} else if (c != CONCLUSION_INDETERMINATE) {
		text = "unread.failed";
		look = "fail";
	}
	fields_text(u, "conclusion", conclusion_name(c));
	fields_text(u, "look", look);
	fields_text(u, "headline", html_text(h, lang, text));
}

enum rc
html_home(struct html *h, struct buf *b, const struct html_request *r)
{
	struct fields *f = html_fields(h, r), *item;
	const struct html_sample *s;
	bool any = false;

	for (s = h->site->samples; s != NULL && s->file != NULL; s++) {
		item = fields_item(f, "samples");
		fields_text(item, "name", s->file);
		fields_text(item, "description", s->text[r->lang]);
		any = true;
	}
	fields_flag(f, "has_samples", any);
	return html_fill(h, b, r, HTML_HOME, f);
}

enum rc
html_result(struct html *h, struct buf *b, const struct html_request *r,
    const struct report *report, const char *id)
{
	return html_result_pictures(h, b, r, report, id, NULL, 0);
}

enum rc
html_result_pictures(struct html *h, struct buf *b, const struct html_request *r,
    const struct report *report, const char *id, const unsigned *pages, size_t n)
{
	struct fields *f = html_fields(h, r);
	char number[16];
	size_t i;

	fields_text(f, "id", id);
	/* A report keeps its warning even when the portal has changed its anchors. */
	if (report->demonstration && !h->site->demonstration)
		fields_flag(f, "report_demonstration", true);
	result_fields(f, h->texts[r->lang], r->lang, report);
	fields_flag(f, "has_pictures", n != 0);
	for (i = 0; i < n; i++) {
		snprintf(number, sizeof(number), "%u", pages[i]);
		fields_text(fields_item(f, "pictures"), "picture", number);
	}
	return html_fill(h, b, r, HTML_RESULT, f);
}

enum rc
html_status(struct html *h, struct buf *b, const struct html_request *r, const struct sky *sky)
{
	struct fields *f = html_fields(h, r);

	sky_fields(f, h->texts[r->lang], sky);
	return html_fill(h, b, r, HTML_STATUS, f);
}

enum rc
html_error(struct html *h, struct buf *b, const struct html_request *r, int status)
{
	struct fields *f = html_fields(h, r);
	char key[32], number[16];

	snprintf(number, sizeof(number), "%d", status);
	fields_text(f, "status", number);
	snprintf(key, sizeof(key), "error.%d.title", status);
	fields_text(f, "title", html_text(h, r->lang, key));
	snprintf(key, sizeof(key), "error.%d.text", status);
	fields_text(f, "text", html_text(h, r->lang, key));
	fields_flag(f, "too_large", status == 413);
	return html_fill(h, b, r, HTML_ERROR, f);
}
