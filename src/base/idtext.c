/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the beginning of each word, what follows is read as an id; nothing is read twice as one. */
#include <stdbool.h>
#include <string.h>

#include "idtext.h"

#define SHORTEST 3 /* characters of a part */
#define PARTS    (CROCKFORD_ID_LEN / SHORTEST)

struct cursor {
	const char *p, *end;
};

/* What somebody tries to read. */
struct run {
	char text[CROCKFORD_ID_LEN];
	size_t len, part[PARTS], parts;
	char gap; /* what stands between the parts: ' ', '-' or '\n'; 0: nothing yet */
};

static bool
is_letter(const struct cursor *c)
{
	return c->p < c->end && ((*c->p >= '0' && *c->p <= '9') || (*c->p >= 'A' && *c->p <= 'Z') ||
				    (*c->p >= 'a' && *c->p <= 'z'));
}

static bool
skip_word(struct cursor *c, const char *word)
{
	size_t len = strlen(word);

	if ((size_t)(c->end - c->p) < len || memcmp(c->p, word, len) != 0)
		return false;
	c->p += len;
	return true;
}

static bool
skip_any(struct cursor *c, const char *const *words)
{
	bool some = false;
	size_t i;

	for (i = 0; words[i] != NULL; i++)
		if (skip_word(c, words[i]))
			some = true;
	return some;
}

/* A hyphen, blanks, or the end of a line, also behind a hyphen; 0: none of them. */
static char
skip_gap(struct cursor *c)
{
	static const char *const hyphens[] = {
	    "-", "\xe2\x80\x90", "\xe2\x80\x91", "\xc2\xad", NULL};
	static const char *const blanks[] = {" ", "\t", "\xc2\xa0", NULL};
	static const char *const ends[] = {"\r", "\n", NULL};
	bool hyphen = skip_any(c, hyphens), blank = false, end = false, more;

	do {
		more = skip_any(c, blanks);
		blank |= more;
		if (skip_any(c, ends))
			more = end = true;
	} while (more);
	if (end)
		return '\n';
	if (hyphen)
		return blank ? 0 : '-';
	return blank ? ' ' : 0;
}

/* The letters of one part.  False: more than there is room for. */
static bool
take_part(struct run *r, struct cursor *c)
{
	size_t from = r->len;

	while (is_letter(c) && r->len < CROCKFORD_ID_LEN)
		r->text[r->len++] = *c->p++;
	r->part[r->parts++] = r->len - from;
	return !is_letter(c);
}

/* Of a sentence, words are letters or digits; of an id, some part is both. */
static bool
is_plausible(const struct run *r)
{
	bool letters, digits, mixed = false;
	size_t i, at = 0, end;

	if (r->parts == 1)
		return true;
	if (r->gap == '\n' ? r->parts > 2 : r->part[0] < SHORTEST)
		return false;
	for (i = 0; i < r->parts; i++) {
		letters = digits = false;
		for (end = at + r->part[i]; at < end; at++) {
			if (r->text[at] >= 'a')
				return false;
			letters |= r->text[at] >= 'A';
			digits |= r->text[at] <= '9';
		}
		mixed |= letters && digits;
		if (r->gap != '\n' &&
		    (i + 1 < r->parts ? r->part[i] != r->part[0] : r->part[i] > r->part[0]))
			return false;
	}
	return mixed;
}

/* An id from here on; *c is then behind it. */
static bool
read_id(struct cursor *c, char id[CROCKFORD_ID_LEN + 1])
{
	struct run r = {.len = 0};
	struct cursor at = *c, behind;
	char gap;

	while (r.parts < PARTS && take_part(&r, &at)) {
		if (r.len == CROCKFORD_ID_LEN) {
			if (!is_plausible(&r) || !crockford_id_read(r.text, r.len, id))
				return false;
			*c = at;
			return true;
		}
		behind = at;
		gap = skip_gap(&behind);
		if (gap == 0 || !is_letter(&behind) || (r.gap != 0 && gap != r.gap))
			return false;
		r.gap = gap;
		at = behind;
	}
	return false;
}

void
idtext_find(const char *p, size_t len, idtext_fn *found, void *ctx)
{
	struct cursor c = {p, p + len};
	char id[CROCKFORD_ID_LEN + 1];

	while (c.p < c.end) {
		if (!is_letter(&c))
			c.p++;
		else if (read_id(&c, id))
			found(ctx, id);
		else
			while (is_letter(&c))
				c.p++;
	}
}
