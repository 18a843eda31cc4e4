/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef OBJECT_H
#define OBJECT_H

#include "arena.h"
#include "lex.h"
#include "pdf.h"

/* Objects of ISO 32000-2, 7.3, in an arena; strings and names are decoded. */
enum obj_type {
	OBJ_NULL,
	OBJ_BOOL,
	OBJ_INT,
	OBJ_REAL,
	OBJ_STRING,
	OBJ_NAME,
	OBJ_ARRAY,
	OBJ_DICT,
	OBJ_STREAM,
	OBJ_REF
};

struct obj {
	uint8_t type;
	bool hex;     /* string: written as <…> */
	bool plain;   /* int, hex string: digits only */
	bool dup_key; /* dict, stream: it or a dictionary inside has one key twice */
	bool comment; /* dict: a comment lies inside */
	uint16_t gen; /* of an indirect object, with num */
	uint32_t n;   /* items of an array, pairs of a dict or stream */
	uint32_t num;
	uint64_t off; /* where its first token begins and its last one ends, in the */
	uint64_t end; /* file or, for a compressed object, in the object stream */
	union {
		bool b;
		int64_t i;
		double r;
		struct pdf_bytes s; /* string, name */
		struct obj *items;
		struct {
			struct obj_pair *pairs;
			uint64_t body; /* stream: offset of its first byte */
		} d;
		struct {
			uint32_t num, gen;
		} ref;
	} u;
};

struct obj_pair {
	struct pdf_bytes key;
	struct obj val;
};

extern const struct obj obj_null;

/* Memory for parsing, kept between objects. */
struct obj_parser {
	struct arena *arena;
	struct obj *stack;
	size_t n, cap;
};

void obj_parser_init(struct obj_parser *ps, struct arena *arena);
void obj_parser_clear(struct obj_parser *ps);

/*
 * Exactly one object from lx up to the word that ends it (endobj, stream,
 * startxref …) or the end of the input; *stop is that token.  A stream is
 * returned as its dictionary.  RC_FORMAT (lx->pos is the place), RC_TOOBIG
 * for a limit, RC_NOMEM; *out is then OBJ_NULL.
 */
enum rc obj_parse(struct obj_parser *ps, struct lex *lx, struct obj *out, struct token *stop);

/* One object that is no reference, and nothing behind it.  The same codes. */
enum rc obj_parse_one(struct obj_parser *ps, struct lex *lx, struct obj *out);

/* The value of a key of a dict or stream (the first one if dup_key); obj_null if absent. */
const struct obj *obj_get(const struct obj *dict, const char *key);
const struct obj *obj_get_bytes(const struct obj *dict, struct pdf_bytes key);
bool obj_is_dict(const struct obj *o); /* dict or stream */
bool obj_is_name(const struct obj *o, const char *name);
bool obj_is_any(const struct obj *o, const char *const *names, size_t n); /* one of these */
bool bytes_eq(struct pdf_bytes a, struct pdf_bytes b);
bool bytes_are(struct pdf_bytes a, const char *text);
/* The number of an int or real, else dflt. */
double obj_number(const struct obj *o, double dflt);

#endif /* OBJECT_H */
