/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The desk of a real periksa-fetch, which here never needs the network: whoever hangs, vanishes or
 * talks nonsense keeps nobody waiting, and who may only look gets nothing fetched.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <openssl/pem.h>

#include "errand.h"
#include "io.h"
#include "order.h"
#include "rd.h"
#include "when.h"

static char program[256];
static struct errand_program fetch = {
    .program = program, .conf = "/nowhere/evidence.conf", .trust = "conf/trust"};
static struct arena *arena;
static int jobs;
static pid_t pid;

static int
begin(void **state)
{
	(void)state;
	arena = arena_new(1u << 24);
	assert_int_equal(errand_launch(&fetch, &jobs, &pid), RC_OK);
	return 0;
}

/* When its other side is gone, it ends by itself, and well. */
static int
end(void **state)
{
	int status = -1;

	(void)state;
	io_close(&jobs);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	arena_free(arena);
	return 0;
}

static int
hire(uint32_t may)
{
	int asker, other;

	assert_int_equal(errand_stream(&asker, &other), RC_OK);
	assert_int_equal(errand_hire(jobs, other, may), RC_OK);
	close(other);
	return asker;
}

/* An order about n certificates that are none, as octets. */
static void
put_order(struct buf *b, uint32_t flags, size_t n, size_t len)
{
	static const uint8_t zeros[4096];
	struct lookup_question q = {.ncerts = 1, .certs = {{zeros, len}}};
	struct order o = {.flags = flags, .n = n};
	struct buf one;
	size_t i;

	buf_init(&one, CAP_LOOKUP);
	assert_int_equal(order_put_question(&one, &q), RC_OK);
	for (i = 0; i < n; i++)
		o.questions[i] = (struct lookup_octets){one.p, one.len};
	assert_int_equal(order_put(b, &o), RC_OK);
	buf_clear(&one);
}

/* The reply's length; -1: closed. */
static long
reply_len(int fd)
{
	uint8_t head[4];
	struct rd r;
	uint8_t *p;
	uint32_t len;

	if (io_read_full(fd, head, 4) != RC_OK)
		return -1;
	rd_init(&r, head, 4);
	len = rd_u32(&r);
	assert_true(len < 1u << 20);
	assert_non_null(p = malloc(len + 1));
	assert_int_equal(io_read_full(fd, p, len), RC_OK);
	free(p);
	return (long)len;
}

/* A shipped certificate as DER, to be asked about. */
static size_t
shipped(uint8_t *out, size_t max)
{
	unsigned char *p = NULL;
	FILE *f = fopen("conf/trust/BSRE_CA_DS_G1.pem", "re");
	X509 *x;
	int n;

	assert_non_null(f);
	assert_non_null(x = PEM_read_X509(f, NULL, NULL, NULL));
	n = i2d_X509(x, &p);
	assert_true(n > 0 && (size_t)n < max);
	memcpy(out, p, (size_t)n);
	OPENSSL_free(p);
	X509_free(x);
	(void)fclose(f);
	return (size_t)n;
}

static void
test_look(void **state)
{
	uint8_t der[8192];
	struct lookup_question q = {
	    .kind = LOOKUP_STATUS, .ncerts = 1, .certs = {{der, shipped(der, sizeof(der))}}};
	struct lookup_question two[2] = {q, q};
	struct lookup_answer answers[2];
	struct lookup lookup;
	int fd = hire(ORDER_BODIES), i;
	struct errand e = {.fd = &fd, .flags = ORDER_FETCH};

	(void)state;
	errand_lookup(&lookup, &e);
	/* It has an address that may be asked; a stream that may only look asks nobody. */
	for (i = 0; i < 3; i++) {
		assert_int_equal(lookup.ask(lookup.ctx, arena, two, 2, answers), RC_OK);
		assert_int_equal(answers[0].outcome, LOOKUP_OPEN);
		assert_int_equal(answers[1].outcome, LOOKUP_OPEN);
		assert_true(answers[0].asked == WHEN_NONE);
	}
	io_close(&fd);
	assert_int_not_equal(lookup.ask(lookup.ctx, arena, two, 2, answers), RC_OK);
	assert_int_equal(answers[1].outcome, LOOKUP_NOBODY);
}

static void
test_nonsense(void **state)
{
	static const struct {
		const char *what, *octets;
		size_t len;
	} rows[] = {{"too long", "\xff\xff\xff\xff", 4}, {"empty", "\0\0\0\0", 4},
	    {"flags that nobody knows", "\0\0\0\14\0\0\0\4\0\0\0\0\0\0\0\0", 16},
	    {"fewer questions than it says", "\0\0\0\14\0\0\0\0\0\0\0\0\0\0\0\1", 16},
	    {"a question of nothing", "\0\0\0\20\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\0", 20}};
	struct buf b;
	size_t i;
	int fd;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		fd = hire(ORDER_FETCH | ORDER_BODIES);
		assert_int_equal(io_write_full(fd, rows[i].octets, rows[i].len), RC_OK);
		if (reply_len(fd) != -1)
			fail_msg("%s: answered", rows[i].what);
		close(fd);
	}
	/* a certificate that is none */
	buf_init(&b, 1u << 20);
	put_order(&b, 0, 1, 10);
	fd = hire(0);
	assert_int_equal(io_write_full(fd, b.p, b.len), RC_OK);
	assert_int_equal(reply_len(fd), -1);
	close(fd);
	buf_clear(&b);
}

/* Nothing asked is something answered; two orders at once are answered in turn. */
static void
test_in_turn(void **state)
{
	static const char empty[] =
	    "\0\0\0\14\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\14\0\0\0\0\0\0\0\0\0\0\0";
	int fd = hire(0);

	(void)state;
	assert_int_equal(io_write_full(fd, empty, 32), RC_OK);
	assert_int_equal(reply_len(fd), 4);
	assert_int_equal(reply_len(fd), 4);
	close(fd);
}

/* Who may only look, may not forever. */
static void
test_bounded(void **state)
{
	static const char empty[] = "\0\0\0\14\0\0\0\0\0\0\0\0\0\0\0";
	int fd = hire(0), other = hire(ORDER_FETCH);
	unsigned n = 0;

	(void)state;
	while (n < 100 && io_write_full(fd, empty, 16) == RC_OK && reply_len(fd) == 4)
		n++;
	assert_in_range(n, CAP_LOOKUP_ROUNDS, 10 * CAP_LOOKUP_ROUNDS);
	for (n = 0; n < 100; n++) {
		assert_int_equal(io_write_full(other, empty, 16), RC_OK);
		assert_int_equal(reply_len(other), 4);
	}
	close(fd);
	close(other);
}

/* Hundreds that say half an order, or nothing, or go away; then one that is served. */
static void
test_crowd(void **state)
{
	static const char empty[] = "\0\0\0\14\0\0\0\0\0\0\0\0\0\0\0";
	int fds[CAP_FETCH_CLIENTS - 1], fd;
	long long start;
	size_t i;

	(void)state;
	for (i = 0; i < CAP_FETCH_CLIENTS - 1; i++) {
		fds[i] = hire(ORDER_FETCH | ORDER_BODIES);
		if (i % 3 == 1)
			assert_int_equal(io_write_full(fds[i], empty, 7), RC_OK);
		if (i % 3 == 2)
			io_close(&fds[i]);
	}
	start = io_now_ms();
	fd = hire(0);
	assert_int_equal(io_write_full(fd, empty, 16), RC_OK);
	assert_int_equal(reply_len(fd), 4);
	assert_true(io_now_ms() - start < 1000);
	close(fd);
	/* more than there may be wait for their turn */
	for (i = 0; i < CAP_FETCH_CLIENTS - 1; i++)
		if (fds[i] == -1)
			fds[i] = hire(0);
	for (i = 0; i < CAP_FETCH_CLIENTS - 1; i++)
		io_close(&fds[i]);
	fd = hire(0);
	assert_int_equal(io_write_full(fd, empty, 16), RC_OK);
	assert_int_equal(reply_len(fd), 4);
	close(fd);
}

/* A program that is not there, and one that ends at once. */
static void
test_nobody(void **state)
{
	struct errand_program missing = fetch, useless = fetch;
	struct lookup_question q = {.ncerts = 1, .certs = {{(const uint8_t *)"x", 1}}};
	struct lookup_answer answer;
	struct lookup lookup;
	int asker, other, to;
	struct errand e = {.fd = &asker, .flags = ORDER_FETCH};
	pid_t child;

	(void)state;
	missing.program = "/nowhere/periksa-fetch";
	assert_int_equal(errand_launch(&missing, &to, &child), RC_IO);
	assert_int_equal(to, -1);
	useless.program = "/bin/true";
	assert_int_equal(errand_launch(&useless, &to, &child), RC_OK);
	assert_int_equal(errand_stream(&asker, &other), RC_OK);
	(void)errand_hire(to, other, ORDER_FETCH);
	close(other);
	errand_lookup(&lookup, &e);
	assert_int_not_equal(lookup.ask(lookup.ctx, arena, &q, 1, &answer), RC_OK);
	assert_int_equal(answer.outcome, LOOKUP_NOBODY);
	assert_int_equal(asker, -1);
	close(to);
	assert_int_equal(waitpid(child, NULL, 0), child);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_look),
	    cmocka_unit_test(test_nonsense), cmocka_unit_test(test_in_turn),
	    cmocka_unit_test(test_bounded), cmocka_unit_test(test_crowd),
	    cmocka_unit_test(test_nobody)};
	const char *build = getenv("BUILD");

	(void)signal(SIGPIPE, SIG_IGN);
	snprintf(program, sizeof(program), "%s/periksa-fetch", build != NULL ? build : "build");
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, begin, end);
}
