/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A document that loops, crashes, eats memory or lies costs only itself.  The
 * supervisor runs with a judge of our own, which does what the first letter of
 * the document tells it.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "caps.h"
#include "client.h"
#include "forge.h"
#include "io.h"
#include "jail.h"
#include "order.h"
#include "supervisor.h"
#include "talk.h"
#include "wire.h"

#define nitems(a)   (sizeof(a) / sizeof((a)[0]))
#define AT          1790000000
#define DEADLINE_MS 20000

static char sock_path[] = "/tmp/periksa-test-XXXXXX";
static int listen_fd = -1, draw_fd = -1, fetch_fd = -1;
static struct forge forge;
static const struct trust *canary;
static pid_t supervisor = -1;

static enum rc
good(struct report **out, const struct source *src, const struct verify_params *params)
{
	struct report *r = report_new();

	if (r == NULL)
		return RC_NOMEM;
	/* What the other side must not believe. */
	r->document.name = arena_str(r->arena, "lie.pdf", 7);
	r->document.size = 1;
	r->validated_at = 1;
	r->demonstration = true;
	r->document.pages = (uint32_t)src->len;
	r->document.sha256[0] = src->p[src->len - 1];
	r->offline = !params->offline;
	r->conclusion = CONCLUSION_VALID;
	*out = r;
	return RC_OK;
}

static void
spin(void)
{
	for (volatile unsigned i = 0;; i++)
		continue;
}

/* Waits without using the processor. */
static void
hang(void)
{
	static volatile int word;

	(void)word;
#if JAIL_OFF
	for (;;)
		pause();
#else
	int never[2] = {0, 0};

	/* futex(FUTEX_WAIT): the only call on the list that waits */
	for (;;)
		__asm__ volatile("syscall"
				 :
				 : "a"(202), "D"(never), "S"(0), "d"(0)
				 : "rcx", "r11", "r10", "memory");
#endif
}

static void
eat(void)
{
	char *p;

	while ((p = malloc(1u << 20)) != NULL)
		/* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): the leak is what it is for */
		memset(p, 1, 1u << 20);
}

static unsigned
/* NOLINTNEXTLINE(misc-no-recursion): the end of the stack ends it */
deep(unsigned n)
{
	volatile char frame[4096];

	frame[n % sizeof(frame)] = (char)n;
	return n == 0 ? 0 : deep(n + 1) + (unsigned)frame[n % sizeof(frame)];
}

static void
say(const void *p, size_t len, uint32_t tag, size_t claimed)
{
	struct buf b;

	buf_init(&b, 64);
	talk_put_frame(&b, tag, claimed);
	(void)io_write_full(JAIL_REPLY, b.p, b.len);
	(void)io_write_full(JAIL_REPLY, p, len);
}

/* Asks how its first page looks; the report's number of pages tells the answer. */
static enum rc
draw(struct report **out, const struct source *src, const struct verify_params *params)
{
	const struct paint_question q = {.kind = PAINT_COVER, .page = 7};
	struct paint_answer a = {.points = 0};
	enum rc asked = RC_ABSENT, rc;

	if (params->painter != NULL)
		asked = params->painter->ask(params->painter->ctx, &q, &a);
	if ((rc = good(out, src, params)) == RC_OK)
		(*out)->document.pages = asked == RC_OK ? (uint32_t)a.points : 1000 + asked;
	return rc;
}

/* Asks about a certificate; the report's number of pages tells how large the answer is, or why not.
 */
static enum rc
lack(struct report **out, const struct source *src, const struct verify_params *params)
{
	const struct lookup_question q = {
	    .ncerts = 1, .certs = {{(const uint8_t *)"a certificate", 13}}};
	struct lookup_answer v = {.outcome = LOOKUP__MAX};
	struct arena *a = arena_new(CAP_ARENA);
	uint32_t said = 1;
	enum rc rc;

	if (params->lookup != NULL) {
		(void)params->lookup->ask(params->lookup->ctx, a, &q, 1, &v);
		said = v.nparts == 1 ? (uint32_t)v.parts[0].der.len : 1000 + (uint32_t)v.outcome;
		if (src->len == 5) { /* "lack2" */
			(void)params->lookup->ask(params->lookup->ctx, a, &q, 1, &v);
			said = 2000 + (uint32_t)v.outcome;
		}
	}
	arena_free(a);
	if ((rc = good(out, src, params)) == RC_OK)
		(*out)->document.pages = said;
	return rc;
}

/* The judge. */
static enum rc
act(struct report **out, const struct source *src, const struct verify_params *params)
{
	static char junk[CAP_WIRE + 4096];
	size_t i;

	*out = NULL;
	switch (src->p[0]) {
	case 'g':
		return good(out, src, params);
	case 'p': /* wants a password */
		if (params->password == NULL || params->password_len != 5 ||
		    memcmp(params->password, "k\0nci", 5) != 0)
			return RC_IO;
		return good(out, src, params);
	case 'd':
		return draw(out, src, params);
	case 'k': /* by which anchors? */
		if (good(out, src, params) != RC_OK)
			return RC_NOMEM;
		(*out)->document.pages = params->trust != NULL;
		return RC_OK;
	case 'l': /* waits, or lacks something */
		if (src->len > 1 && src->p[1] == 'a')
			return lack(out, src, params);
		hang();
		break;
	case 'c': /* computes */
		spin();
		break;
	case 'a':
		abort();
	case 's':
		raise(SIGSEGV);
		*(volatile int *)(uintptr_t)src->len = 1;
		break;
	case 'r':
		return deep(1) == 0 ? RC_OK : RC_IO;
	case 'm':
		eat();
		return RC_NOMEM;
	case 'o': /* opens a file, is refused, goes on */
		if (open("/etc/passwd", O_RDONLY | O_CLOEXEC) != -1)
			return RC_IO;
		return good(out, src, params);
	case 'f':
		if (fork() == 0)
			spin();
		return good(out, src, params);
	case 'x':
		_exit(0);
	case 'n': /* a frame of nonsense, then an end */
		say("PRKS\0\0\0\1nonsense", 16, TALK_REPORT, 16);
		_exit(0);
	case 'N': /* an end of its own making, and no more */
		say("\0\0\0\0", 4, TALK_END, 4);
		spin();
		break;
	case 'h': /* half a report */
		say("PRKS\0\0\0\1", 8, TALK_REPORT, 1000);
		abort();
	case 'L': /* a length that can't be */
		say("x", 1, TALK_REPORT, UINT32_MAX);
		_exit(0);
	case 'b': /* more than any report, in small pieces */
		for (i = 0; i < sizeof(junk) / 64; i++)
			if (io_write_full(JAIL_REPLY, junk + i * 64, 64) != RC_OK)
				break;
		_exit(0);
	case 'e': /* fails as verify() may */
		return RC_CRYPTO;
	default:
		break;
	}
	return RC_IO;
}

static const struct supervisor_limits limits = {
    .inspectors = 4,
    .seconds = 2,
    .cpu_seconds = 1,
    .memory = 128u << 20,
};

static void
run_supervisor(const struct supervisor_limits *l)
{
	fflush(NULL);
	supervisor = fork();
	assert_int_not_equal(supervisor, -1);
	if (supervisor == 0) {
		/* Its own group, so that a stray signal of the test can't hit it. */
		(void)supervisor_serve(listen_fd, draw_fd, fetch_fd, NULL, canary, act, l);
		_exit(1);
	}
}

static void
stop_supervisor(void)
{
	if (supervisor == -1)
		return;
	kill(supervisor, SIGKILL);
	waitpid(supervisor, NULL, 0);
	supervisor = -1;
}

static int
document(const char *text)
{
	int fd = memfd_create("document", MFD_CLOEXEC);

	assert_int_not_equal(fd, -1);
	assert_int_equal(io_write_full(fd, text, strlen(text)), RC_OK);
	return fd;
}

static enum rc
ask(const char *text, struct report **out)
{
	struct inspect_job job = {.fd = document(text),
	    .len = UINT64_MAX,
	    .name = "surat\n.pdf",
	    .at = AT,
	    .offline = true};
	enum rc rc = inspect_run(out, sock_path, &job, DEADLINE_MS);

	close(job.fd);
	return rc;
}

static void
assert_good(void)
{
	static const char text[] = "good document";
	struct report *r;

	assert_int_equal(ask(text, &r), RC_OK);
	assert_int_equal(r->conclusion, CONCLUSION_VALID);
	assert_int_equal(r->document.pages, strlen(text));
	assert_int_equal(r->document.sha256[0], 't');
	/* known on this side, or told by the supervisor: not the inspector's word */
	assert_string_equal(r->document.name, "surat .pdf");
	assert_int_equal(r->document.size, strlen(text));
	assert_int_equal(r->validated_at, AT);
	assert_true(r->offline);
	assert_false(r->demonstration);
	assert_string_equal(r->policy_id, policy_find(NULL)->id);
	report_free(r);
}

static void
assert_not_examined(const char *text, enum check reason)
{
	unsigned char want[32];
	struct report *r;
	enum rc rc;

	if ((rc = ask(text, &r)) != RC_OK)
		fail_msg("%s: %s", text, rc_str(rc));
	if (r->conclusion != CONCLUSION_INDETERMINATE || r->nreasons != 1 ||
	    r->reasons[0] != reason)
		fail_msg("%s: %s, %s", text, conclusion_name(r->conclusion),
		    r->nreasons > 0 ? check_name(r->reasons[0]) : "no reason");
	EVP_Digest(text, strlen(text), want, NULL, EVP_sha256(), NULL);
	assert_memory_equal(r->document.sha256, want, 32);
	assert_string_equal(r->document.name, "surat .pdf");
	assert_int_equal(r->document.size, strlen(text));
	assert_int_equal(r->validated_at, AT);
	assert_true(r->offline);
	assert_string_equal(r->policy_id, policy_find(NULL)->id);
	assert_string_equal(r->policy_version, policy_find(NULL)->version);
	report_free(r);
}

static int
setup(void **state)
{
	int fd = mkstemp(sock_path);

	(void)state;
	if (fd == -1 || !forge_open(&forge))
		return -1;
	close(fd);
	if (supervisor_listen(sock_path, &listen_fd) != RC_OK)
		return -1;
	run_supervisor(&limits);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	stop_supervisor();
	close(listen_fd);
	forge_close(&forge);
	return unlink(sock_path);
}

static void
test_good(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < 20; i++)
		assert_good();
}

static void
test_bad_documents(void **state)
{
	static const struct {
		const char *text;
		enum check reason;
		bool jail; /* needs the filter or the memory limit */
	} bad[] = {
	    {"abort", CHECK_NOT_EXAMINED, false},
	    {"segv", CHECK_NOT_EXAMINED, false},
	    {"recurse", CHECK_NOT_EXAMINED, false},
	    {"memory", CHECK_NOT_EXAMINED, true},
	    {"fork", CHECK_NOT_EXAMINED, true},
	    {"x: leave without a word", CHECK_NOT_EXAMINED, false},
	    {"nonsense", CHECK_NOT_EXAMINED, false},
	    {"half a report", CHECK_NOT_EXAMINED, false},
	    {"Long", CHECK_NOT_EXAMINED, false},
	    {"bulk", CHECK_NOT_EXAMINED, false},
	    {"error", CHECK_NOT_EXAMINED, false},
	    {"?", CHECK_NOT_EXAMINED, false},
	    {"compute", CHECK_TIME_LIMIT, false},
	    {"loop", CHECK_TIME_LIMIT, false},
	    {"N: forge the end", CHECK_TIME_LIMIT, false},
	};
	size_t i;

	(void)state;
	for (i = 0; i < nitems(bad); i++) {
		if (bad[i].jail && JAIL_OFF)
			continue;
		assert_not_examined(bad[i].text, bad[i].reason);
		assert_good();
	}
	/* The same process all the time. */
	assert_int_equal(waitpid(supervisor, NULL, WNOHANG), 0);
}

static void
test_refused_file(void **state)
{
	struct report *r;

	(void)state;
	if (JAIL_OFF)
		skip();
	assert_int_equal(ask("open", &r), RC_OK);
	assert_int_equal(r->conclusion, CONCLUSION_VALID);
	report_free(r);
}

/* While documents loop in all but one place, others are answered at once. */
static void
test_beside_loops(void **state)
{
	struct inspect_job job = {.fd = document("loop"), .len = UINT64_MAX, .at = AT};
	struct inspect_call *c[3];
	struct report *r;
	long long began;
	size_t i;

	(void)state;
	for (i = 0; i < nitems(c); i++)
		assert_int_equal(inspect_start(&c[i], sock_path, &job), RC_OK);
	began = io_now_ms();
	assert_good();
	assert_true(io_now_ms() - began < 1000);
	for (i = 0; i < nitems(c); i++) {
		assert_int_equal(inspect_receive(c[i], &r), RC_BUSY);
		assert_null(r);
		inspect_free(c[i]);
	}
	close(job.fd);
}

/* When the client leaves, its inspector is killed and the place is free again. */
static void
test_client_leaves(void **state)
{
	struct inspect_job job = {.fd = document("loop"), .len = UINT64_MAX, .at = AT};
	struct inspect_call *c[4];
	struct report *r;
	long long began;
	size_t i;

	(void)state;
	for (i = 0; i < nitems(c); i++)
		assert_int_equal(inspect_start(&c[i], sock_path, &job), RC_OK);
	/* until the last has an inspector: its head has come, its report has not */
	while (inspect_receive(c[3], &r) == RC_BUSY) {
		struct pollfd p = {.fd = inspect_fd(c[3]), .events = POLLIN};

		if (poll(&p, 1, 100) == 0)
			break;
	}
	began = io_now_ms();
	for (i = 0; i < nitems(c); i++)
		inspect_free(c[i]);
	assert_good();
	assert_true(io_now_ms() - began < 1000);
	close(job.fd);
}

/* All places and the queue taken: the next is told so at once. */
static void
test_busy(void **state)
{
	struct inspect_job job = {.fd = document("loop"), .len = UINT64_MAX, .at = AT};
	struct inspect_call *c[4 + CAP_INSPECT_QUEUE + 8];
	struct report *r;
	size_t i, n = 0;
	enum rc rc = RC_OK;

	(void)state;
	while (n < nitems(c) && (rc = inspect_start(&c[n], sock_path, &job)) == RC_OK)
		n++;
	assert_int_equal(rc, RC_BUSY);
	assert_true(n >= CAP_INSPECT_QUEUE);
	for (i = 0; i < n; i++)
		inspect_free(c[i]);
	close(job.fd);
	/* Those who left are taken out of the queue one by one, at once; who comes in is the last.
	 */
	for (i = 0; (rc = ask("good", &r)) == RC_BUSY && i < 1000; i++)
		usleep(1000);
	assert_int_equal(rc, RC_OK);
	report_free(r);
	assert_good();
}

static int
dial(void)
{
	struct sockaddr_un sun = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	memcpy(sun.sun_path, sock_path, sizeof(sock_path));
	assert_int_not_equal(fd, -1);
	assert_int_equal(connect(fd, (const struct sockaddr *)&sun, sizeof(sun)), 0);
	return fd;
}

/* What is no request is not answered, and takes nobody's place for long. */
static void
test_bad_requests(void **state)
{
	struct talk_request q = {.len = 4, .at = AT};
	struct buf b;
	int fd, i, fds[2];
	char c;

	(void)state;
	buf_init(&b, 256);
	fds[0] = fds[1] = document("good");
	for (i = 0; i < 8; i++) {
		buf_clear(&b);
		memset(q.policy, 0, sizeof(q.policy));
		if (i == 4)
			memcpy(q.policy, "nobody's", 8);
		if (i == 5)
			memcpy(q.policy, "a\nb", 3);
		talk_put_request(&b, &q);
		fd = dial();
		switch (i) {
		case 0: /* no descriptor */
			assert_int_equal(io_send_fds(fd, b.p, b.len, NULL, 0), RC_OK);
			break;
		case 1: /* two */
			assert_int_equal(io_send_fds(fd, b.p, b.len, fds, 2), RC_OK);
			break;
		case 2: /* too short */
			assert_int_equal(io_send_fds(fd, b.p, b.len - 1, fds, 1), RC_OK);
			break;
		case 3: /* too long */
			buf_u8(&b, 0);
			assert_int_equal(io_send_fds(fd, b.p, b.len, fds, 1), RC_OK);
			break;
		case 6: /* silent */
			break;
		case 7: /* a wish that nobody knows */
			b.p[28] = 8;
			assert_int_equal(io_send_fds(fd, b.p, b.len, fds, 1), RC_OK);
			break;
		default:
			assert_int_equal(io_send_fds(fd, b.p, b.len, fds, 1), RC_OK);
		}
		assert_true(read(fd, &c, 1) <= 0);
		close(fd);
		assert_good();
	}
	buf_clear(&b);
	close(fds[0]);
}

/* A password reaches the document's own inspector and no other one's. */
static void
test_password(void **state)
{
	static const uint8_t key[CAP_PASSWORD + 1] = "k\0nci";
	static const struct {
		const uint8_t *p;
		size_t len;
		enum rc rc;
		bool opens;
	} table[] = {
	    {key, 5, RC_OK, true},
	    {NULL, 0, RC_OK, false},
	    {key, 0, RC_OK, false},
	    {key, CAP_PASSWORD, RC_OK, false},
	    {key, CAP_PASSWORD + 1, RC_FORMAT, false},
	};
	struct inspect_job job = {.fd = document("password"), .len = UINT64_MAX, .at = AT};
	struct report *r;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		job.password = table[i].p;
		job.password_len = table[i].len;
		assert_int_equal(inspect_run(&r, sock_path, &job, DEADLINE_MS), table[i].rc);
		assert_int_equal(r != NULL, table[i].rc == RC_OK);
		if (r != NULL)
			assert_int_equal(r->conclusion == CONCLUSION_VALID, table[i].opens);
		report_free(r);
	}
	close(job.fd);
}

/* A descriptor that is no file, or a range outside it, is no document. */
static void
test_bad_sources(void **state)
{
	struct inspect_job job = {.off = 0, .len = 4, .at = AT};
	struct report *r;
	int p[2];

	(void)state;
	assert_int_equal(pipe2(p, O_CLOEXEC), 0);
	job.fd = p[0];
	assert_int_equal(inspect_run(&r, sock_path, &job, DEADLINE_MS), RC_OK);
	assert_int_equal(r->reasons[0], CHECK_NOT_EXAMINED);
	report_free(r);
	close(p[0]);
	close(p[1]);
	job.fd = document("xgood");
	job.len = 6;
	assert_int_equal(inspect_run(&r, sock_path, &job, DEADLINE_MS), RC_OK);
	assert_int_equal(r->reasons[0], CHECK_NOT_EXAMINED);
	report_free(r);
	/* an inner range is all that is looked at */
	job.off = 1;
	job.len = 3;
	assert_int_equal(inspect_run(&r, sock_path, &job, DEADLINE_MS), RC_OK);
	assert_int_equal(r->conclusion, CONCLUSION_VALID);
	assert_int_equal(r->document.pages, 3);
	assert_int_equal(r->document.sha256[0], 'o');
	report_free(r);
	close(job.fd);
}

/* A killed supervisor's successor on the same socket answers who waits there. */
static void
test_replaced(void **state)
{
	struct inspect_job job = {.fd = document("loop"), .len = UINT64_MAX, .at = AT};
	struct inspect_call *running, *waiting;
	struct report *r;
	enum rc rc;

	(void)state;
	assert_int_equal(inspect_start(&running, sock_path, &job), RC_OK);
	usleep(100000);
	stop_supervisor();
	close(job.fd);
	job.fd = document("good");
	assert_int_equal(inspect_start(&waiting, sock_path, &job), RC_OK);
	while ((rc = inspect_receive(running, &r)) == RC_BUSY)
		usleep(1000);
	assert_int_equal(rc, RC_IO); /* the supervisor is gone, with its inspectors */
	assert_null(r);
	inspect_free(running);
	run_supervisor(&limits);
	while ((rc = inspect_receive(waiting, &r)) == RC_BUSY)
		usleep(1000);
	assert_int_equal(rc, RC_OK);
	assert_int_equal(r->conclusion, CONCLUSION_VALID);
	report_free(r);
	inspect_free(waiting);
	close(job.fd);
	assert_good();
}

/* Neither supervisor nor inspector outlives what started it. */
static void
test_dies_with_parent(void **state)
{
	struct inspect_job job = {.fd = document("loop"), .len = UINT64_MAX, .at = AT};
	struct inspect_call *c;
	int status, left = 2;
	pid_t keeper, pid;

	(void)state;
	stop_supervisor();
	assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
	fflush(NULL);
	keeper = fork();
	assert_int_not_equal(keeper, -1);
	if (keeper == 0) {
		run_supervisor(&limits);
		pause();
		_exit(1);
	}
	assert_int_equal(inspect_start(&c, sock_path, &job), RC_OK);
	usleep(300000);
	kill(keeper, SIGKILL);
	assert_int_equal(waitpid(keeper, &status, 0), keeper);
	/* both come to us now, dead */
	for (; left > 0; left--) {
		pid = waitpid(-1, &status, 0);
		assert_true(pid > 0);
		assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	}
	assert_int_equal(waitpid(-1, &status, WNOHANG), -1);
	inspect_free(c);
	close(job.fd);
	prctl(PR_SET_CHILD_SUBREAPER, 0);
	run_supervisor(&limits);
	assert_good();
}

static void
test_nobody_there(void **state)
{
	struct inspect_job job = {.fd = 0, .len = 0};
	struct report *r;

	(void)state;
	assert_int_equal(inspect_run(&r, "/tmp/periksa-no-such-socket", &job, 100), RC_IO);
	assert_null(r);
	inspect_free(NULL);
}

/* What one sealed process costs; the figure is for reading, the bound is loose. */
static void
test_cost(void **state)
{
	long long began = io_now_ms(), took;
	int i;

	(void)state;
	for (i = 0; i < 200; i++)
		assert_good();
	took = io_now_ms() - began;
	print_message("# %lld µs for a document in a process of its own\n", took * 1000 / 200);
	assert_true(took < 200 * 50);
}

/* The number of pages that the report of a document tells. */
static uint32_t
pages_of(struct inspect_call *c)
{
	struct pollfd p = {.fd = inspect_fd(c), .events = POLLIN};
	struct report *r = NULL;
	uint32_t pages;

	while (inspect_receive(c, &r) == RC_BUSY)
		assert_int_equal(poll(&p, 1, DEADLINE_MS), 1);
	assert_non_null(r);
	pages = r->document.pages;
	report_free(r);
	inspect_free(c);
	return pages;
}

/* Who asks is given a drawer, whose end of the stream nobody else has; who does not, is not. */
static void
test_drawer(void **state)
{
	struct inspect_job job = {.fd = document("draw"),
	    .len = UINT64_MAX,
	    .at = AT,
	    .password = (const uint8_t *)"pw",
	    .password_len = 2};
	const struct paint_answer answer = {.points = 42};
	struct inspect_call *c;
	struct paint_question q;
	struct paint_job paint;
	int fds[IO_FDS], pair[2], i;
	size_t len, n;

	(void)state;
	assert_int_equal(inspect_start(&c, sock_path, &job), RC_OK);
	assert_int_equal(pages_of(c), 1000 + RC_ABSENT); /* nobody draws */
	stop_supervisor();
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), 0);
	draw_fd = pair[0];
	run_supervisor(&limits);
	assert_good();
	job.album = document("");
	for (i = 0; i < 3; i++) {
		job.pictures = i == 1;
		assert_int_equal(inspect_start(&c, sock_path, &job), RC_OK);
		/* the first message is this document's: the one before did not ask */
		assert_int_equal(io_recv_fds(pair[1], &paint, sizeof(paint), &len, fds, &n), RC_OK);
		assert_int_equal(len, sizeof(paint));
		assert_int_equal(n, i == 1 ? 3 : 2);
		assert_int_equal(paint.len, 4);
		assert_int_equal(paint.password_len, 2);
		assert_memory_equal(paint.password, "pw", 2);
		assert_int_equal(io_read_full(fds[0], &q, sizeof(q)), RC_OK);
		assert_int_equal(q.page, 7);
		if (i < 2)
			assert_int_equal(io_write_full(fds[0], &answer, sizeof(answer)), RC_OK);
		while (n > 0) /* i == 2: it dies */
			io_close(&fds[--n]);
		assert_int_equal(pages_of(c), i < 2 ? 42 : 1000 + RC_IO);
	}
	/* nobody at the other end any more */
	close(pair[1]);
	job.pictures = false;
	assert_int_equal(inspect_start(&c, sock_path, &job), RC_OK);
	assert_int_equal(pages_of(c), 1000 + RC_IO);
	assert_good();
	stop_supervisor();
	io_close(&draw_fd);
	run_supervisor(&limits);
	close(job.fd);
	close(job.album);
}

/* What the inspector of this job asks for: its stream, the order read. */
static int
order_of(int jobs, struct order *o, struct buf *b)
{
	uint8_t head[4], octets[256];
	struct order_job job;
	int fds[IO_FDS];
	size_t len, n;

	assert_int_equal(io_recv_fds(jobs, &job, sizeof(job), &len, fds, &n), RC_OK);
	assert_int_equal(len, sizeof(job));
	assert_int_equal(n, 1);
	/* never the network, whatever it says */
	assert_int_equal(job.may, ORDER_BODIES);
	assert_int_equal(io_read_full(fds[0], head, 4), RC_OK);
	len = (size_t)head[2] << 8 | head[3];
	assert_true(len <= sizeof(octets));
	assert_int_equal(io_read_full(fds[0], octets, len), RC_OK);
	buf_init(b, sizeof(octets));
	buf_put(b, octets, len);
	assert_int_equal(order_get(o, b->p, b->len), RC_OK);
	return fds[0];
}

static void
reply(int stream, enum lookup_outcome outcome, size_t len)
{
	uint8_t *octets = calloc(1, len + 1);
	struct lookup_part part = {.kind = LOOKUP_CRL, .der = {octets, len}};
	struct lookup_answer v = {
	    .outcome = outcome, .asked = AT, .retry = AT, .parts = &part, .nparts = len > 0};
	struct buf b;

	buf_init(&b, ORDER_REPLY_MAX);
	assert_int_equal(order_put_reply(&b, &v, 1, true), RC_OK);
	assert_int_equal(io_write_full(stream, b.p, b.len), RC_OK);
	buf_clear(&b);
	free(octets);
}

static uint32_t
lacks(struct inspect_job *job, int jobs, enum lookup_outcome outcome, size_t len)
{
	struct inspect_call *c;
	struct order o;
	struct buf b;
	int stream;

	assert_int_equal(inspect_start(&c, sock_path, job), RC_OK);
	stream = order_of(jobs, &o, &b);
	assert_int_equal(o.n, 1);
	assert_int_equal(o.flags, ORDER_BODIES);
	buf_clear(&b);
	if (outcome != LOOKUP__MAX)
		reply(stream, outcome, len);
	close(stream); /* it dies */
	return pages_of(c);
}

/* Who lacks something gets a stream to who keeps evidence; who does not, or is offline, does not.
 */
static void
test_evidence(void **state)
{
	struct inspect_job job = {.fd = document("lack"), .len = UINT64_MAX, .at = AT};
	struct inspect_job twice = {.fd = document("lack2"), .len = UINT64_MAX, .at = AT};
	struct pollfd quiet = {.events = POLLIN};
	struct inspect_call *c;
	long long began;
	int pair[2], stream;
	struct order o;
	struct buf b;

	(void)state;
	assert_int_equal(inspect_start(&c, sock_path, &job), RC_OK);
	assert_int_equal(pages_of(c), 1); /* nobody keeps any */
	stop_supervisor();
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), 0);
	fetch_fd = pair[0];
	run_supervisor(&limits);
	assert_good();
	job.offline = true;
	assert_int_equal(inspect_start(&c, sock_path, &job), RC_OK);
	assert_int_equal(pages_of(c), 1);
	job.offline = false;
	assert_int_equal(inspect_start(&c, sock_path, &job), RC_OK);
	inspect_free(c);
	quiet.fd = pair[1];
	while (poll(&quiet, 1, 200) == 1) { /* of who left at once there may be an order */
		stream = order_of(pair[1], &o, &b);
		buf_clear(&b);
		close(stream);
	}
	assert_int_equal(lacks(&job, pair[1], LOOKUP_ANSWERED, 77), 77);
	assert_int_equal(lacks(&job, pair[1], LOOKUP_ANSWERED, 20u << 20), 20u << 20);
	assert_int_equal(lacks(&job, pair[1], LOOKUP_OPEN, 0), 1000 + LOOKUP_OPEN);
	assert_int_equal(lacks(&job, pair[1], LOOKUP__MAX, 0), 1000 + LOOKUP_NOBODY);
	assert_int_equal(lacks(&twice, pair[1], LOOKUP_OPEN, 0), 2000 + LOOKUP_NOBODY);
	/* it hangs: nobody waits long */
	assert_int_equal(inspect_start(&c, sock_path, &job), RC_OK);
	stream = order_of(pair[1], &o, &b);
	buf_clear(&b);
	began = io_now_ms();
	assert_int_equal(pages_of(c), 1000 + LOOKUP_NOBODY);
	assert_true(io_now_ms() - began <= CAP_LOOKUP_WAIT_MS + 500);
	close(stream);
	/* nobody at the other end any more */
	close(pair[1]);
	assert_int_equal(inspect_start(&c, sock_path, &job), RC_OK);
	assert_int_equal(pages_of(c), 1000 + LOOKUP_NOBODY);
	assert_good();
	stop_supervisor();
	io_close(&fetch_fd);
	run_supervisor(&limits);
	close(job.fd);
	close(twice.fd);
}

/* Known documents are judged by anchors of their own, which no other request gets. */
static void
test_canary(void **state)
{
	struct inspect_job job = {.fd = document("known"), .len = UINT64_MAX, .at = AT};
	static const uint8_t none[32];
	struct inspect_call *c;
	struct report *r;

	(void)state;
	job.canary = true;
	assert_int_equal(inspect_run(&r, sock_path, &job, DEADLINE_MS), RC_IO);
	stop_supervisor();
	canary = forge.trust;
	run_supervisor(&limits);
	assert_int_equal(inspect_run(&r, sock_path, &job, DEADLINE_MS), RC_OK);
	assert_int_equal(r->document.pages, 1);
	assert_memory_equal(r->trust_id, none, 32); /* the others', of which there are none here */
	report_free(r);
	job.canary = false;
	assert_int_equal(inspect_start(&c, sock_path, &job), RC_OK);
	assert_int_equal(pages_of(c), 0);
	stop_supervisor();
	canary = NULL;
	run_supervisor(&limits);
	close(job.fd);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_good),
	    cmocka_unit_test(test_bad_documents),
	    cmocka_unit_test(test_refused_file),
	    cmocka_unit_test(test_beside_loops),
	    cmocka_unit_test(test_client_leaves),
	    cmocka_unit_test(test_busy),
	    cmocka_unit_test(test_bad_requests),
	    cmocka_unit_test(test_password),
	    cmocka_unit_test(test_bad_sources),
	    cmocka_unit_test(test_drawer),
	    cmocka_unit_test(test_evidence),
	    cmocka_unit_test(test_canary),
	    cmocka_unit_test(test_replaced),
	    cmocka_unit_test(test_dies_with_parent),
	    cmocka_unit_test(test_nobody_there),
	    cmocka_unit_test(test_cost),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("supervisor", tests, setup, teardown);
}
