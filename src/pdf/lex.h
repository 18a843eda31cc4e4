/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LEX_H
#define LEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Tokens of ISO 32000-2, 7.2 and 7.3, with the offsets where they lie.  What
 * the standard does not allow is TOK_BAD, never a guess.
 */
enum tok {
	TOK_END, /* no more bytes */
	TOK_BAD, /* not a token, or longer than CAP_STRING */
	TOK_INT,
	TOK_REAL,
	TOK_NAME,   /* p, len: behind the slash, #xx not yet decoded */
	TOK_STRING, /* p, len: between the parentheses, escapes not yet decoded */
	TOK_HEX,    /* p, len: between the angle brackets: digits and white space only */
	TOK_ARRAY,
	TOK_ARRAY_END,
	TOK_DICT,
	TOK_DICT_END,
	TOK_WORD /* obj, endobj, R, true, … */
};

struct token {
	enum tok tok;
	bool escaped;      /* names, strings: the value differs from p, len */
	bool plain;        /* numbers, hex strings: digits only */
	uint64_t off, end; /* the token is [off, end) of the input */
	const uint8_t *p;
	size_t len;
	int64_t i; /* TOK_INT */
	double r;  /* TOK_INT, TOK_REAL */
};

/* A cursor over [0, len) of p.  pos may be set at will within 0..len. */
struct lex {
	const uint8_t *p;
	uint64_t len, pos;
	unsigned comments; /* comments skipped so far */
};

void lex_init(struct lex *lx, const uint8_t *p, uint64_t len, uint64_t pos);
/* The next token; after TOK_BAD the position is where it began. */
enum tok lex_next(struct lex *lx, struct token *t);
/* Move over white space and comments; false if more than CAP_STRING bytes of it. */
bool lex_skip(struct lex *lx);
/*
 * The value of a name, string or hex string token into out, which has room for
 * t->len bytes (at least 1).  Returns its length; SIZE_MAX for a name with a
 * malformed #xx.
 */
size_t lex_decode(const struct token *t, uint8_t *out);
bool lex_is_word(const struct token *t, const char *word);
bool lex_is_space(uint8_t c);
/* -1 if c is no hex digit. */
int lex_hex(uint8_t c);

#endif /* LEX_H */
