/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Objects from text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "caps.h"
#include "object.h"

#define nitems(a) (sizeof(a) / sizeof((a)[0]))

static const struct {
	const char *in;
	enum rc rc;
	enum obj_type type;
	uint32_t n;
	bool dup_key, comment;
} texts[] = {
    {"null endobj", RC_OK, OBJ_NULL, 0, false, false},
    {"true", RC_OK, OBJ_BOOL, 0, false, false},
    {"12 0 R endobj", RC_OK, OBJ_REF, 0, false, false},
    {"[1 2 3 0 R /a (b)]", RC_OK, OBJ_ARRAY, 5, false, false},
    {"<</A 1/B<</C 2>>>>", RC_OK, OBJ_DICT, 2, false, false},
    {"<</A 1/A 2>>", RC_OK, OBJ_DICT, 2, true, false},
    {"<</A 1/#41 2>>", RC_OK, OBJ_DICT, 2, true, false},
    {"<</A<</B 1/B 2>>>>", RC_OK, OBJ_DICT, 1, true, false},
    {"<</A %c\n1>>", RC_OK, OBJ_DICT, 1, false, true},
    {"<</A 1>>%c\n", RC_OK, OBJ_DICT, 1, false, false},
    {"[]", RC_OK, OBJ_ARRAY, 0, false, false},
    {"<</A>>", RC_FORMAT, OBJ_NULL, 0, false, false},
    {"<<1 2>>", RC_FORMAT, OBJ_NULL, 0, false, false},
    {"[1 2", RC_FORMAT, OBJ_NULL, 0, false, false},
    {"[1>>", RC_FORMAT, OBJ_NULL, 0, false, false},
    {"<</A 1]", RC_FORMAT, OBJ_NULL, 0, false, false},
    {"]", RC_FORMAT, OBJ_NULL, 0, false, false},
    {"1 2", RC_FORMAT, OBJ_NULL, 0, false, false},
    {"", RC_FORMAT, OBJ_NULL, 0, false, false},
    {"[1 R]", RC_FORMAT, OBJ_NULL, 0, false, false},
    {"-1 0 R", RC_FORMAT, OBJ_NULL, 0, false, false},
    {"+1 0 R", RC_FORMAT, OBJ_NULL, 0, false, false},
    {"1 65536 R", RC_FORMAT, OBJ_NULL, 0, false, false},
    {"4294967296 0 R", RC_FORMAT, OBJ_NULL, 0, false, false},
    {"[1 [2] R]", RC_FORMAT, OBJ_NULL, 0, false, false},
    {"1 [0 R]", RC_FORMAT, OBJ_NULL, 0, false, false}, /* not across the bracket */
    {"[obj]", RC_FORMAT, OBJ_NULL, 0, false, false},
};

static void
each_text(void **state)
{
	struct arena *arena = arena_new(1u << 20);
	struct obj_parser ps;
	struct token stop;
	struct lex lx;
	struct obj o;
	size_t i;
	enum rc rc;

	(void)state;
	obj_parser_init(&ps, arena);
	for (i = 0; i < nitems(texts); i++) {
		lex_init(&lx, (const uint8_t *)texts[i].in, strlen(texts[i].in), 0);
		rc = obj_parse(&ps, &lx, &o, &stop);
		if (rc != texts[i].rc || o.type != texts[i].type || o.n != texts[i].n ||
		    o.dup_key != texts[i].dup_key || o.comment != texts[i].comment)
			fail_msg("'%s': rc %d type %d n %u", texts[i].in, (int)rc, o.type, o.n);
	}
	obj_parser_clear(&ps);
	arena_free(arena);
}

static void
places(void **state)
{
	static const char in[] = " <</Contents <00ff>/R 3 1 R>> endobj";
	struct arena *arena = arena_new(1u << 20);
	const struct obj *v;
	struct obj_parser ps;
	struct token stop;
	struct lex lx;
	struct obj o;

	(void)state;
	obj_parser_init(&ps, arena);
	lex_init(&lx, (const uint8_t *)in, strlen(in), 0);
	assert_int_equal(obj_parse(&ps, &lx, &o, &stop), RC_OK);
	assert_true(lex_is_word(&stop, "endobj"));
	assert_int_equal(o.off, 1);
	assert_int_equal(o.end, 29);
	v = obj_get(&o, "Contents");
	assert_int_equal(v->type, OBJ_STRING);
	assert_true(v->hex);
	assert_int_equal(v->off, 13);
	assert_int_equal(v->end, 19);
	assert_int_equal(v->u.s.len, 2);
	assert_memory_equal(v->u.s.p, "\x00\xff", 2);
	v = obj_get(&o, "R");
	assert_int_equal(v->u.ref.num, 3);
	assert_int_equal(v->u.ref.gen, 1);
	assert_ptr_equal(obj_get(&o, "Nothing"), &obj_null);
	obj_parser_clear(&ps);
	arena_free(arena);
}

static void
nesting(void **state)
{
	char in[2 * CAP_DEPTH + 4];
	struct arena *arena = arena_new(1u << 20);
	struct obj_parser ps;
	struct token stop;
	struct lex lx;
	struct obj o;
	size_t depth;

	(void)state;
	obj_parser_init(&ps, arena);
	for (depth = CAP_DEPTH; depth <= CAP_DEPTH + 1; depth++) {
		memset(in, '[', depth);
		memset(in + depth, ']', depth);
		lex_init(&lx, (const uint8_t *)in, 2 * depth, 0);
		assert_int_equal(
		    obj_parse(&ps, &lx, &o, &stop), depth == CAP_DEPTH ? RC_OK : RC_TOOBIG);
	}
	obj_parser_clear(&ps);
	arena_free(arena);
}

/* More keys than are compared pair by pair. */
static void
many_keys(void **state)
{
	char in[4096];
	struct arena *arena = arena_new(1u << 20);
	struct obj_parser ps;
	struct token stop;
	struct lex lx;
	struct obj o;
	size_t n, twice, i;

	(void)state;
	obj_parser_init(&ps, arena);
	for (twice = 0; twice < 2; twice++) {
		n = (size_t)snprintf(in, sizeof(in), "<<");
		for (i = 0; i < 60; i++)
			n += (size_t)snprintf(in + n, sizeof(in) - n, "/K%zu 1", i);
		n += (size_t)snprintf(in + n, sizeof(in) - n, "/K%d 1>>", twice == 0 ? 60 : 7);
		lex_init(&lx, (const uint8_t *)in, n, 0);
		assert_int_equal(obj_parse(&ps, &lx, &o, &stop), RC_OK);
		assert_int_equal(o.dup_key, twice == 1);
	}
	obj_parser_clear(&ps);
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_text),
	    cmocka_unit_test(places),
	    cmocka_unit_test(nesting),
	    cmocka_unit_test(many_keys),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
