/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Names with and without degrees.  Unicode's own rules (NFKD, case folding, classes of characters)
 * are utf8proc's; what is a title, a degree or a name is decided here, from the writing alone.
 */
#include <stdint.h>
#include <string.h>

#include <utf8proc.h>

#include "caps.h"
#include "match.h"

#define nitems(a) (sizeof(a) / sizeof((a)[0]))

/* Characters after decomposition: a few of CAP_LETTER_TEXT become several. */
#define GLYPHS (2 * CAP_LETTER_TEXT)
#define MARKS  2
#define KEY    16 /* the longest degree, and more */

/* A letter with what stands above and below it. */
struct glyph {
	int32_t base, mark[MARKS];
};

/* What stands between points, spaces and commas. */
struct word {
	size_t at, len; /* in glyphs */
	bool point;     /* a point follows */
	bool joined;    /* and then, or at once, the next word: no space between */
	bool comma;     /* a comma follows */
};

struct name {
	struct glyph glyphs[GLYPHS];
	size_t nglyphs;
	struct word words[CAP_LETTER_TEXT];
	size_t nwords;
	size_t from, to; /* the words that are neither titles nor degrees */
	size_t last;     /* the words before degrees, titles included, end here */
	bool plain;      /* a comma is part of the name */
};

static const struct {
	const char *text;
	bool bare;
} titles[] = {
#define TITLE(text, bare) {text, bare},
#define DEGREE(text)
#include "match.def"
#undef TITLE
#undef DEGREE
};

static const char *const degrees[] = {
#define TITLE(text, bare)
#define DEGREE(text) text,
#include "match.def"
#undef TITLE
#undef DEGREE
};

/* ---- characters ---- */

/* Everybody sees it, and sees it as what it is. */
static bool
visible(int32_t c)
{
	static const utf8proc_category_t hidden[] = {UTF8PROC_CATEGORY_CN, UTF8PROC_CATEGORY_CC,
	    UTF8PROC_CATEGORY_CF, UTF8PROC_CATEGORY_CS, UTF8PROC_CATEGORY_CO, UTF8PROC_CATEGORY_ZL,
	    UTF8PROC_CATEGORY_ZP};
	utf8proc_category_t category = utf8proc_category(c);
	size_t i;

	for (i = 0; i < nitems(hidden); i++)
		if (category == hidden[i])
			return false;
	return !utf8proc_get_property(c)->ignorable;
}

/* At most CAP_LETTER_TEXT visible characters of sound UTF-8. */
static bool
readable(const char *s, size_t len)
{
	const uint8_t *p = (const uint8_t *)s;
	utf8proc_ssize_t n;
	size_t count = 0;
	int32_t c;

	for (; len > 0; p += n, len -= (size_t)n) {
		n = utf8proc_iterate(p, (utf8proc_ssize_t)(len < 4 ? len : 4), &c);
		if (n <= 0 || ++count > CAP_LETTER_TEXT || !visible(c))
			return false;
	}
	return count > 0;
}

/* One form for each of what keyboards and word processors write for one thing. */
static int32_t
plain_form(int32_t c)
{
	switch (c) {
	case 0x2018: /* quotation marks that stand for an apostrophe, and its letters */
	case 0x2019:
	case 0x02BC:
	case 0x02BB:
	case 0x2032:
	case '`':
		return '\'';
	case 0x2010: /* hyphens */
	case 0x2011:
	case 0x2012:
	case 0x2013:
		return '-';
	default:
		return utf8proc_category(c) == UTF8PROC_CATEGORY_ZS ? ' ' : c;
	}
}

static bool
is_mark(int32_t c)
{
	return utf8proc_category(c) == UTF8PROC_CATEGORY_MN;
}

static bool
read_glyphs(struct name *n, const char *s, size_t len)
{
	const utf8proc_option_t how = UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD |
				      UTF8PROC_STABLE | UTF8PROC_REJECTNA;
	int32_t c[GLYPHS];
	utf8proc_ssize_t got, i;
	struct glyph *g = NULL;
	size_t marks = 0;

	n->nglyphs = 0;
	got = utf8proc_decompose(
	    (const uint8_t *)s, (utf8proc_ssize_t)len, c, (utf8proc_ssize_t)nitems(c), how);
	if (got < 0 || (size_t)got > nitems(c))
		return false;
	for (i = 0; i < got; i++)
		if (!is_mark(c[i])) {
			g = &n->glyphs[n->nglyphs++];
			*g = (struct glyph){.base = plain_form(c[i])};
			marks = 0;
		} else if (g == NULL || g->base == ' ' || marks == MARKS)
			return false;
		else
			g->mark[marks++] = c[i];
	return true;
}

/* A diacritic that one side lacks is forgiven; two that differ are two letters. */
static bool
same_glyph(const struct glyph *a, const struct glyph *b)
{
	return a->base == b->base && (a->mark[0] == 0 || b->mark[0] == 0 ||
					 memcmp(a->mark, b->mark, sizeof(a->mark)) == 0);
}

/* ---- words ---- */

static void
read_words(struct name *n)
{
	struct word *w = NULL;
	bool inside = false;
	size_t i;

	n->nwords = 0;
	for (i = 0; i < n->nglyphs; i++)
		switch (n->glyphs[i].base) {
		case ' ':
			if (w != NULL)
				w->joined = false;
			inside = false;
			break;
		case '.':
			if (w != NULL)
				w->point = true;
			inside = false;
			break;
		case ',':
			if (w != NULL) {
				w->comma = true;
				w->joined = false;
			}
			inside = false;
			break;
		default:
			if (!inside) {
				/* There is a separator between each two: they fit. */
				w = &n->words[n->nwords++];
				*w = (struct word){.at = i, .joined = true};
				inside = true;
			}
			w->len++;
		}
	if (w != NULL)
		w->joined = false;
}

/* Where the word that begins here ends in the writing: at a space, a comma or the end. */
static size_t
written_end(const struct name *n, size_t i, size_t to)
{
	while (i + 1 < to && n->words[i].joined)
		i++;
	return i + 1;
}

/*
 * The letters of words [i, to) in one, if they are a to z ("Sp.OG(K)" has brackets, "Sp.PD-KGH" a
 * hyphen).  False: they are not, or too many.
 */
static bool
key_of(const struct name *n, size_t i, size_t to, char key[KEY])
{
	const struct glyph *g;
	size_t k, len = 0;

	for (; i < to; i++)
		for (k = 0; k < n->words[i].len; k++) {
			g = &n->glyphs[n->words[i].at + k];
			if (g->base == '(' || g->base == ')' || g->base == '-')
				continue;
			if (g->base < 'a' || g->base > 'z' || g->mark[0] != 0 || len + 1 >= KEY)
				return false;
			key[len++] = (char)g->base;
		}
	key[len] = '\0';
	return len > 0;
}

static bool
is_known(const char *key)
{
	size_t i;

	for (i = 0; i < nitems(degrees); i++)
		if (strcmp(degrees[i], key) == 0)
			return true;
	return false;
}

static bool
word_is(const struct name *n, size_t i, const char *text)
{
	char key[KEY];

	return key_of(n, i, i + 1, key) && strcmp(key, text) == 0;
}

/* S.x, M.x, Sp.x, A.Md.x, S.Tr.x, M.Tr.x: written with points and without spaces. */
static bool
has_shape(const struct name *n, size_t i, size_t to)
{
	bool academic = word_is(n, i, "s") || word_is(n, i, "m");
	size_t k = i + 1, longest = 4;
	char key[KEY];

	if (to - i < 2 || to - i > 4 || !key_of(n, i, to, key))
		return false;
	if (word_is(n, i, "sp"))
		longest = 8;
	else if ((word_is(n, i, "a") && word_is(n, i + 1, "md")) ||
		 (academic && word_is(n, i + 1, "tr")))
		k++;
	else if (!academic)
		return false;
	for (; k < to; k++)
		if (n->words[k].len > longest)
			return false;
	return true;
}

/* Words [i, to) are degrees, each written as one word or in at most three. */
static bool
all_degrees(const struct name *n, size_t i, size_t to)
{
	size_t end, ends[3], k;
	char key[KEY];

	while (i < to) {
		for (k = 0, end = i; k < nitems(ends) && end < to; k++)
			ends[k] = end = written_end(n, end, to);
		for (; k > 0; k--)
			if ((key_of(n, i, ends[k - 1], key) && is_known(key)) ||
			    (k == 1 && has_shape(n, i, ends[0])))
				break;
		if (k == 0)
			return false;
		i = ends[k - 1];
	}
	return true;
}

/* Every part behind the first comma, apart. */
static bool
tail_is_degrees(const struct name *n, size_t from)
{
	size_t end;

	for (; from < n->nwords; from = end) {
		for (end = from; end + 1 < n->nwords && !n->words[end].comma; end++)
			continue;
		end++;
		if (!all_degrees(n, from, end))
			return false;
	}
	return true;
}

/* A degree with points in it; sure: it can't be somebody's initials. */
static bool
pointed_degree(const struct name *n, size_t i, size_t to, bool *sure)
{
	char key[KEY];
	size_t k;

	*sure = false;
	for (k = i; k < to; k++)
		*sure = *sure || n->words[k].len > 1;
	return to - i > 1 && key_of(n, i, to, key) && is_known(key);
}

/* Where the last word of [from, to), as it is written, begins. */
static size_t
written_begin(const struct name *n, size_t from, size_t to)
{
	size_t i = to - 1;

	while (i > from && n->words[i - 1].joined)
		i--;
	return i;
}

/* Degrees at the end of words [0, to) without a comma; where they begin.  any: others follow. */
static size_t
strip_end(const struct name *n, size_t to, bool any)
{
	bool sure;
	size_t i;

	while (to > 0) {
		i = written_begin(n, 0, to);
		if (!pointed_degree(n, i, to, &sure) || !(sure || any))
			break;
		any = true;
		to = i;
	}
	return to;
}

/* The title that stands at i: where it ends, or i. */
static size_t
title_end(const struct name *n, size_t i, size_t to)
{
	size_t end = i + 1, k;
	char key[KEY];
	bool bare;

	/* Letters with nothing but points between them are one: K.H. is a title, R.A. is not. */
	while (
	    n->words[i].len == 1 && end < to && n->words[end - 1].joined && n->words[end].len == 1)
		end++;
	if (!key_of(n, i, end, key))
		return i;
	bare = !n->words[end - 1].point;
	for (k = 0; k < nitems(titles); k++)
		if (strcmp(titles[k].text, key) == 0)
			return bare && !titles[k].bare ? i : end;
	return i;
}

/*
 * Nothing in words [from, to) but degrees that are known: "S.T." is nobody, and neither is "S.H."
 * before another degree.  behind: there is one; then they need no points.
 */
static bool
is_nobody(const struct name *n, size_t from, size_t to, bool behind)
{
	char key[KEY];
	size_t end;

	for (; from < to; from = end) {
		end = written_end(n, from, to);
		if ((!behind && end - from < 2) || !key_of(n, from, end, key) || !is_known(key))
			return false;
	}
	return true;
}

/* What of it is the name.  False: nothing. */
static bool
find_name(struct name *n)
{
	size_t first, end;
	bool tail;

	for (first = 0; first < n->nwords && !n->words[first].comma; first++)
		continue;
	first = first < n->nwords ? first + 1 : n->nwords;
	tail = first < n->nwords;
	n->plain = tail && !tail_is_degrees(n, first);
	n->from = 0;
	n->to = n->last = n->plain ? n->nwords : strip_end(n, first, tail);
	while (n->from < n->to && (end = title_end(n, n->from, n->to)) > n->from)
		n->from = end;
	return !is_nobody(n, n->from, n->to, tail && !n->plain);
}

static bool
read_name(struct name *n, const char *s, size_t len)
{
	if (len > 4u * CAP_LETTER_TEXT || !readable(s, len) || !read_glyphs(n, s, len))
		return false;
	read_words(n);
	return find_name(n);
}

/* ---- two of them ---- */

/* Words [i, to) as one row of glyphs: initials together, else a space between. */
struct row {
	const struct name *n;
	size_t i, to, k;
	bool space; /* is next */
};

static const struct glyph blank = {.base = ' '}, comma = {.base = ','};

static const struct glyph *
next_glyph(struct row *r)
{
	const struct word *w;

	if (r->space) {
		r->space = false;
		return r->n->plain && r->n->words[r->i - 1].comma ? &comma : &blank;
	}
	if (r->i == r->to)
		return NULL;
	w = &r->n->words[r->i];
	if (r->k + 1 < w->len)
		return &r->n->glyphs[w->at + r->k++];
	r->i++;
	r->space =
	    r->i < r->to && (w->len > 1 || r->n->words[r->i].len > 1 || (r->n->plain && w->comma));
	r->k = 0;
	return &r->n->glyphs[w->at + w->len - 1];
}

static bool
words_agree(const struct name *a, size_t a_from, size_t a_to, const struct name *b, size_t b_from,
    size_t b_to)
{
	struct row x = {.n = a, .i = a_from, .to = a_to}, y = {.n = b, .i = b_from, .to = b_to};
	const struct glyph *g, *h;

	do {
		g = next_glyph(&x);
		h = next_glyph(&y);
		if ((g == NULL) != (h == NULL) || (g != NULL && !same_glyph(g, h)))
			return false;
	} while (g != NULL);
	return true;
}

enum match
match_names(const char *a, size_t a_len, const char *b, size_t b_len)
{
	struct name x, y;

	if (!read_name(&x, a, a_len) || !read_name(&y, b, b_len))
		return MATCH_OTHER;
	if (words_agree(&x, 0, x.nwords, &y, 0, y.nwords))
		return MATCH_SAME;
	/* What looks like a title on one side may be an initial on both. */
	if (words_agree(&x, 0, x.last, &y, 0, y.last) ||
	    words_agree(&x, x.from, x.to, &y, y.from, y.to))
		return MATCH_DEGREES;
	return MATCH_OTHER;
}

/* ---- the name alone ---- */

/* Where the word that begins at i ends: before a blank. */
static size_t
blank_after(const char *s, size_t len, size_t i)
{
	while (i < len && s[i] != ' ')
		i++;
	return i;
}

size_t
match_bare(const char *s, size_t len, size_t *from)
{
	size_t i, to, end, best = len;

	*from = 0;
	if (match_names(s, len, s, len) == MATCH_OTHER)
		return len;
	for (i = 0; i < len; i = blank_after(s, len, i) + 1)
		for (to = blank_after(s, len, i); to > i; to = blank_after(s, len, to + 1)) {
			for (end = to; end > i && s[end - 1] == ','; end--)
				continue;
			if (end - i >= best)
				break;
			if (end > i && match_names(s + i, end - i, s, len) != MATCH_OTHER) {
				*from = i;
				best = end - i;
				break;
			}
			if (to >= len)
				break;
		}
	return best;
}
