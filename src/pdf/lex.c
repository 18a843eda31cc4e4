/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tokens of ISO 32000-2, 7.2.  Knows nothing of objects and never looks ahead more than a token. */
#include <string.h>

#include "caps.h"
#include "lex.h"

enum { REGULAR, SPACE, DELIM };

static const uint8_t class_of[256] = {
    [0] = SPACE,
    ['\t'] = SPACE,
    ['\n'] = SPACE,
    ['\f'] = SPACE,
    ['\r'] = SPACE,
    [' '] = SPACE,
    ['('] = DELIM,
    [')'] = DELIM,
    ['<'] = DELIM,
    ['>'] = DELIM,
    ['['] = DELIM,
    [']'] = DELIM,
    ['{'] = DELIM,
    ['}'] = DELIM,
    ['/'] = DELIM,
    ['%'] = DELIM,
};

void
lex_init(struct lex *lx, const uint8_t *p, uint64_t len, uint64_t pos)
{
	lx->p = p;
	lx->len = len;
	lx->pos = pos < len ? pos : len;
	lx->comments = 0;
}

bool
lex_is_space(uint8_t c)
{
	return class_of[c] == SPACE;
}

/* 1 + the value of a hex digit, 0 for anything else. */
static const uint8_t hex_of[256] = {
    ['0'] = 1,
    ['1'] = 2,
    ['2'] = 3,
    ['3'] = 4,
    ['4'] = 5,
    ['5'] = 6,
    ['6'] = 7,
    ['7'] = 8,
    ['8'] = 9,
    ['9'] = 10,
    ['A'] = 11,
    ['B'] = 12,
    ['C'] = 13,
    ['D'] = 14,
    ['E'] = 15,
    ['F'] = 16,
    ['a'] = 11,
    ['b'] = 12,
    ['c'] = 13,
    ['d'] = 14,
    ['e'] = 15,
    ['f'] = 16,
};

int
lex_hex(uint8_t c)
{
	return hex_of[c] - 1;
}

bool
lex_is_word(const struct token *t, const char *word)
{
	size_t len = strlen(word);

	return t->tok == TOK_WORD && t->len == len && memcmp(t->p, word, len) == 0;
}

bool
lex_skip(struct lex *lx)
{
	uint64_t stop = lx->len - lx->pos > CAP_STRING ? lx->pos + CAP_STRING : lx->len;
	const uint8_t *p = lx->p;
	uint64_t i = lx->pos;

	while (i < stop) {
		if (class_of[p[i]] == SPACE) {
			i++;
		} else if (p[i] == '%') {
			lx->comments++;
			while (i < stop && p[i] != '\n' && p[i] != '\r')
				i++;
		} else {
			break;
		}
	}
	lx->pos = i;
	return i < stop || stop == lx->len;
}

/* [+-]? digits, or with one point: [off, end) is a run of regular characters. */
static enum tok
number(struct token *t)
{
	const uint8_t *p = t->p, *end = t->p + t->len;
	unsigned digits = 0, kept = 0;
	bool negative = false, point = false;
	int64_t v = 0;
	double scale = 1;

	t->plain = true;
	if (*p == '+' || *p == '-') {
		negative = *p++ == '-';
		t->plain = false;
	}
	for (; p < end; p++) {
		if (*p == '.' && !point) {
			point = true;
			t->plain = false;
			continue;
		}
		if (*p < '0' || *p > '9')
			return TOK_BAD;
		digits++;
		if (kept < 18) {
			v = v * 10 + (*p - '0');
			kept += v != 0;
			if (point)
				scale *= 10;
		} else if (!point) {
			return TOK_BAD;
		}
	}
	if (digits == 0)
		return TOK_BAD;
	t->i = negative ? -v : v;
	t->r = (double)t->i / scale;
	return point ? TOK_REAL : TOK_INT;
}

static enum tok
literal_string(struct lex *lx, struct token *t)
{
	uint64_t i = lx->pos + 1, stop;
	unsigned depth = 1;

	stop = lx->len - i > CAP_STRING ? i + CAP_STRING : lx->len;
	for (; i < stop; i++) {
		switch (lx->p[i]) {
		case '\\':
			t->escaped = true;
			i++;
			break;
		case '\r':
			t->escaped = true;
			break;
		case '(':
			depth++;
			break;
		case ')':
			if (--depth != 0)
				break;
			t->p = lx->p + lx->pos + 1;
			t->len = (size_t)(i - lx->pos - 1);
			lx->pos = i + 1;
			return TOK_STRING;
		default:
			break;
		}
	}
	return TOK_BAD;
}

/* Only digits and white space up to '>'; as long as a signature may be. */
static enum tok
hex_string(struct lex *lx, struct token *t)
{
	const uint8_t *from = lx->p + lx->pos + 1, *to;
	uint64_t room = lx->len - lx->pos - 1;
	size_t i, max = room > CAP_HEX_STRING ? CAP_HEX_STRING : (size_t)room;
	bool bad = false;

	if ((to = memchr(from, '>', max)) == NULL)
		return TOK_BAD;
	t->p = from;
	t->len = (size_t)(to - from);
	t->plain = true;
	for (i = 0; i < t->len; i++) {
		if (hex_of[from[i]] != 0)
			continue;
		t->plain = false;
		bad |= class_of[from[i]] != SPACE;
	}
	if (bad)
		return TOK_BAD;
	t->escaped = true;
	lx->pos += t->len + 2;
	return TOK_HEX;
}

static enum tok
regular(struct lex *lx, struct token *t, uint64_t from)
{
	uint64_t i = from, stop = lx->len - from > CAP_STRING ? from + CAP_STRING : lx->len;

	while (i < stop && class_of[lx->p[i]] == REGULAR) {
		if (lx->p[i] == '#')
			t->escaped = true;
		i++;
	}
	if (i == stop && stop != lx->len)
		return TOK_BAD;
	t->p = lx->p + from;
	t->len = (size_t)(i - from);
	lx->pos = i;
	return TOK_WORD;
}

static enum tok
delimited(struct lex *lx, struct token *t)
{
	bool twice = lx->len - lx->pos > 1 && lx->p[lx->pos + 1] == lx->p[lx->pos];

	switch (lx->p[lx->pos]) {
	case '/':
		return regular(lx, t, lx->pos + 1) == TOK_WORD ? TOK_NAME : TOK_BAD;
	case '(':
		return literal_string(lx, t);
	case '[':
		lx->pos++;
		return TOK_ARRAY;
	case ']':
		lx->pos++;
		return TOK_ARRAY_END;
	case '<':
		if (!twice)
			return hex_string(lx, t);
		lx->pos += 2;
		return TOK_DICT;
	case '>':
		if (!twice)
			return TOK_BAD;
		lx->pos += 2;
		return TOK_DICT_END;
	default:
		return TOK_BAD;
	}
}

enum tok
lex_next(struct lex *lx, struct token *t)
{
	uint8_t c;

	t->escaped = t->plain = false;
	t->p = NULL;
	t->len = 0;
	t->i = 0;
	t->r = 0;
	if (!lex_skip(lx)) {
		t->off = t->end = lx->pos;
		return t->tok = TOK_BAD;
	}
	t->off = lx->pos;
	if (lx->pos == lx->len) {
		t->tok = TOK_END;
	} else if (class_of[c = lx->p[lx->pos]] == DELIM) {
		t->tok = delimited(lx, t);
	} else {
		t->tok = regular(lx, t, lx->pos);
		if (t->tok == TOK_WORD &&
		    ((c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.'))
			t->tok = number(t);
	}
	if (t->tok == TOK_BAD)
		lx->pos = t->off;
	t->end = lx->pos;
	return t->tok;
}

static size_t
decode_name(const struct token *t, uint8_t *out)
{
	size_t i, n = 0;
	int hi, lo;

	for (i = 0; i < t->len; i++) {
		if (t->p[i] != '#') {
			out[n++] = t->p[i];
			continue;
		}
		if (t->len - i < 3 || (hi = lex_hex(t->p[i + 1])) == -1 ||
		    (lo = lex_hex(t->p[i + 2])) == -1 || (hi == 0 && lo == 0))
			return SIZE_MAX;
		out[n++] = (uint8_t)(hi << 4 | lo);
		i += 2;
	}
	return n;
}

static size_t
decode_hex(const struct token *t, uint8_t *out)
{
	size_t i, n = 0;
	unsigned v = 0;
	bool half = false;
	uint8_t hi, lo;
	int d;

	/* Pairs of digits as long as there are only such: all of a signature. */
	for (i = 0; t->len - i >= 2; i += 2) {
		hi = hex_of[t->p[i]];
		lo = hex_of[t->p[i + 1]];
		if (hi == 0 || lo == 0)
			break;
		out[n++] = (uint8_t)((hi - 1) << 4 | (lo - 1));
	}
	for (; i < t->len; i++) {
		if ((d = lex_hex(t->p[i])) == -1)
			continue;
		v = v << 4 | (unsigned)d;
		if (half)
			out[n++] = (uint8_t)v;
		half = !half;
	}
	if (half)
		out[n++] = (uint8_t)(v << 4);
	return n;
}

/* One escape behind a backslash at p[*i]; *i moves to its last character. */
static size_t
decode_escape(const uint8_t *p, size_t len, size_t *i, uint8_t *out)
{
	static const char from[] = "nrtbf", to[] = "\n\r\t\b\f";
	const char *hit;
	unsigned v, k;

	if (*i == len)
		return 0;
	if (p[*i] == '\r') {
		if (len - *i > 1 && p[*i + 1] == '\n')
			(*i)++;
		return 0;
	}
	if (p[*i] == '\n')
		return 0;
	if (p[*i] >= '0' && p[*i] <= '7') {
		for (v = k = 0; k < 3 && *i < len && p[*i] >= '0' && p[*i] <= '7'; k++, (*i)++)
			v = v << 3 | (unsigned)(p[*i] - '0');
		(*i)--;
		*out = (uint8_t)v;
		return 1;
	}
	hit = p[*i] == 0 ? NULL : strchr(from, p[*i]);
	*out = hit == NULL ? p[*i] : (uint8_t)to[hit - from];
	return 1;
}

static size_t
decode_literal(const struct token *t, uint8_t *out)
{
	size_t i, n = 0;

	for (i = 0; i < t->len; i++) {
		if (t->p[i] == '\\') {
			i++;
			n += decode_escape(t->p, t->len, &i, out + n);
		} else if (t->p[i] == '\r') {
			if (t->len - i > 1 && t->p[i + 1] == '\n')
				i++;
			out[n++] = '\n';
		} else {
			out[n++] = t->p[i];
		}
	}
	return n;
}

size_t
lex_decode(const struct token *t, uint8_t *out)
{
	if (t->tok == TOK_HEX)
		return decode_hex(t, out);
	if (t->escaped)
		return t->tok == TOK_NAME ? decode_name(t, out) : decode_literal(t, out);
	if (t->len != 0)
		memcpy(out, t->p, t->len);
	return t->len;
}
