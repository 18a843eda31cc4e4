/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The warm periksa-paper and who asks it: the real program, whose children are killed, stopped
 * and left alone; and servers that lie.
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
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "caps.h"
#include "io.h"
#include "papercall.h"
#include "seal.h"

#define WAIT_MS 30000

static char path[128], program[256];
static pid_t server = -1;

/* --- jobs --- */

static struct paper_octets
text_of(const char *s)
{
	return (struct paper_octets){(const uint8_t *)s, strlen(s)};
}

/* Fonts that nothing has warmed. */
static const char small[] =
    "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"90pt\" height=\"60pt\" viewBox=\"0 0 90 "
    "60\"><rect id=\"title\" width=\"90\" height=\"20\" font-family=\"DejaVu Serif\"/>"
    "<rect id=\"name\" y=\"20\" width=\"90\" height=\"20\" font-family=\"monospace\" "
    "font-weight=\"700\"/></svg>";
/* A second and more at 1200 dots an inch. */
static const char large[] =
    "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"340pt\" height=\"340pt\" viewBox=\"0 0 340 "
    "340\"><defs><linearGradient id=\"g\"><stop stop-color=\"#123\"/><stop offset=\"1\" "
    "stop-color=\"#fc8\"/></linearGradient></defs><circle cx=\"170\" cy=\"170\" r=\"170\" "
    "fill=\"url(#g)\"/><rect id=\"name\" width=\"90\" height=\"20\"/></svg>";

static struct paper_job
specimen(const char *model, const char *name, uint32_t dpi)
{
	struct paper_job job = {.kind = PAPER_SPECIMEN, .format = PAPER_PNG, .dpi = dpi};

	job.part[PAPER_TEMPLATE] = text_of(model);
	job.part[PAPER_TITLE] = text_of("Kepala");
	job.part[PAPER_NAME] = text_of(name);
	return job;
}

static struct paper_job
slow(void)
{
	return specimen(large, "Ani", 1200);
}

/* --- the real program --- */

static int
listen_at(const char *where, int backlog)
{
	struct sockaddr_un sun = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd != -1 && strlen(where) < sizeof(sun.sun_path));
	memcpy(sun.sun_path, where, strlen(where));
	(void)unlink(where);
	assert_int_equal(bind(fd, (const struct sockaddr *)&sun, sizeof(sun)), 0);
	assert_int_equal(listen(fd, backlog), 0);
	return fd;
}

static int
start_server(void **state)
{
	pid_t self = getpid();
	int fd = listen_at(path, CAP_PAPER_QUEUE);

	(void)state;
	if ((server = fork()) == 0)
		papercall_become(program, fd, self);
	io_close(&fd);
	return server == -1;
}

static int
stop_server(void **state)
{
	int status;

	(void)state;
	/* It runs still: nothing that was sent has ended it. */
	if (waitpid(server, &status, WNOHANG) != 0)
		return 1;
	(void)kill(server, SIGKILL);
	(void)waitpid(server, NULL, 0);
	return unlink(path);
}

/* Processes whose parent is this one; the first of them in *one. */
static size_t
children(pid_t of, pid_t *one)
{
	char file[64], line[256], *at;
	struct dirent *e;
	DIR *d = opendir("/proc");
	size_t n = 0;
	FILE *f;

	*one = -1;
	assert_non_null(d);
	while ((e = readdir(d)) != NULL) {
		if (e->d_name[0] < '0' || e->d_name[0] > '9')
			continue;
		(void)snprintf(file, sizeof(file), "/proc/%.20s/stat", e->d_name);
		if ((f = fopen(file, "re")) == NULL)
			continue;
		/* Behind the name: a letter, and the parent's number. */
		if (fgets(line, sizeof(line), f) != NULL && (at = strrchr(line, ')')) != NULL &&
		    strlen(at) > 4 && strtol(at + 4, NULL, 10) == of) {
			n++;
			*one = (pid_t)strtol(e->d_name, NULL, 10);
		}
		(void)fclose(f);
	}
	closedir(d);
	return n;
}

static pid_t
wait_for_child(void)
{
	long long until = io_now_ms() + 5000;
	pid_t pid;

	while (children(server, &pid) == 0 && io_now_ms() < until)
		(void)poll(NULL, 0, 2);
	assert_true(pid != -1);
	return pid;
}

static void
wait_for_none(int ms)
{
	long long until = io_now_ms() + ms;
	pid_t pid;

	while (children(server, &pid) > 0 && io_now_ms() < until)
		(void)poll(NULL, 0, 2);
	assert_int_equal(pid, -1);
}

static void
expect(const struct paper_job *job, enum paper_code code)
{
	struct paper_answer a;
	struct buf reply;

	buf_init(&reply, PAPERCALL_REPLY);
	assert_int_equal(papercall_run(path, job, WAIT_MS, &reply, &a), RC_OK);
	assert_string_equal(paper_code_name(a.code), paper_code_name(code));
	if (code == PAPER_OK) {
		assert_true(a.out.len > 100);
		assert_memory_equal(a.out.p, "\x89PNG\r\n\x1a\n", 8);
	}
	buf_clear(&reply);
}

static void
test_jobs(void **state)
{
	struct paper_job job = specimen(small, "Ani", 300);
	int i;

	(void)state;
	for (i = 0; i < 3; i++)
		expect(&job, PAPER_OK);
	job.part[PAPER_NAME] = text_of("\x01");
	expect(&job, PAPER_BAD_TEXT);
	job.part[PAPER_TEMPLATE] = text_of("<svg");
	expect(&job, PAPER_BAD_TEMPLATE);
	wait_for_none(1000);
}

/* What papercall_start() would not send.  The end of the stream, then what the answer file has. */
static size_t
send_raw(const char *hello, size_t len, const int *fds, size_t n, int answer)
{
	struct stat st;
	struct pollfd p = {.events = POLLIN};

	assert_int_equal(io_dial(path, &p.fd), RC_OK);
	assert_int_equal(io_send_fds(p.fd, hello, len, fds, n), RC_OK);
	assert_int_equal(poll(&p, 1, WAIT_MS), 1);
	io_close(&p.fd);
	assert_int_equal(fstat(answer, &st), 0);
	return (size_t)st.st_size;
}

static int
file_with(const char *s, size_t len)
{
	int fd = memfd_create("test", MFD_CLOEXEC);

	assert_true(fd != -1);
	assert_int_equal(io_write_full(fd, s, len), RC_OK);
	return fd;
}

static void
test_nonsense(void **state)
{
	struct paper_job job = specimen(small, "Ani", 300);
	int pipes[2], fds[3] = {file_with("hello", 5), file_with("", 0), -1};

	(void)state;
	fds[2] = fds[0];
	assert_true(send_raw("PC01", 4, fds, 2, fds[1]) > 0); /* BAD_JOB */
	assert_int_equal(ftruncate(fds[1], 0), 0);
	assert_int_equal(send_raw("PC01", 4, fds, 1, fds[1]), 0);
	assert_int_equal(send_raw("PC01", 4, fds, 3, fds[1]), 0);
	assert_int_equal(send_raw("PC02", 4, fds, 2, fds[1]), 0);
	assert_int_equal(send_raw("PC01 ", 5, fds, 2, fds[1]), 0);
	assert_int_equal(send_raw("P", 1, fds, 2, fds[1]), 0);
	/* What never ends is not read, and what is too large is not, either. */
	assert_int_equal(pipe2(pipes, O_CLOEXEC), 0);
	assert_true(send_raw("PC01", 4, (const int[]){pipes[0], fds[1]}, 2, fds[1]) > 0);
	assert_int_equal(ftruncate(fds[1], 0), 0);
	assert_int_equal(ftruncate(fds[0], (off_t)CAP_PAPER_JOB + 1), 0);
	assert_true(send_raw("PC01", 4, fds, 2, fds[1]) > 0);
	io_close(&fds[0]);
	io_close(&fds[1]);
	io_close(&pipes[0]);
	io_close(&pipes[1]);
	expect(&job, PAPER_OK);
}

static void
test_killed(void **state)
{
	struct paper_job job = slow();
	struct papercall *c;
	struct paper_answer a;
	struct buf reply;
	struct pollfd p;

	(void)state;
	buf_init(&reply, PAPERCALL_REPLY);
	assert_int_equal(papercall_start(&c, path, &job), RC_OK);
	assert_int_equal(papercall_receive(c, &reply, &a), RC_BUSY);
	assert_int_equal(a.code, PAPER_TROUBLE);
	assert_int_equal(kill(wait_for_child(), SIGKILL), 0);
	p = (struct pollfd){.fd = papercall_fd(c), .events = POLLIN};
	assert_int_equal(poll(&p, 1, WAIT_MS), 1);
	assert_int_equal(papercall_receive(c, &reply, &a), RC_IO);
	assert_int_equal(a.code, PAPER_TROUBLE);
	assert_int_equal(reply.len, 0);
	papercall_free(c);
	papercall_free(NULL);
	job = specimen(small, "Ani", 300);
	expect(&job, PAPER_OK);
}

static void
test_given_up(void **state)
{
	struct paper_job job = slow();
	struct paper_answer a;
	struct papercall *c;
	struct buf reply;
	pid_t pid;

	(void)state;
	buf_init(&reply, PAPERCALL_REPLY);
	assert_int_equal(papercall_start(&c, path, &job), RC_OK);
	pid = wait_for_child();
	assert_int_equal(kill(pid, SIGSTOP), 0); /* it would never end by itself */
	papercall_free(c);
	wait_for_none(1000);
	assert_int_equal(papercall_run(path, &job, 50, &reply, &a), RC_BUSY);
	assert_int_equal(a.code, PAPER_TROUBLE);
	wait_for_none(1000);
	buf_clear(&reply);
}

#define MANY (CAP_PAPERS + 3)

static void
test_many(void **state)
{
	struct paper_job job = slow();
	struct papercall *c[MANY];
	struct paper_answer a;
	struct buf reply;
	size_t i, at_once = 0, left = MANY, n;
	long long until = io_now_ms() + 60000;
	enum rc rc;
	pid_t one;

	(void)state;
	buf_init(&reply, PAPERCALL_REPLY);
	for (i = 0; i < MANY; i++)
		assert_int_equal(papercall_start(&c[i], path, &job), RC_OK);
	while (left > 0 && io_now_ms() < until) {
		n = children(server, &one);
		at_once = n > at_once ? n : at_once;
		for (i = 0; i < MANY; i++) {
			if (c[i] == NULL || (rc = papercall_receive(c[i], &reply, &a)) == RC_BUSY)
				continue;
			assert_int_equal(rc, RC_OK);
			assert_int_equal(a.code, PAPER_OK);
			papercall_free(c[i]);
			c[i] = NULL;
			buf_clear(&reply);
			left--;
		}
		(void)poll(NULL, 0, 20);
	}
	assert_int_equal(left, 0);
	assert_int_equal(at_once, CAP_PAPERS);
}

/* They hold the places of others for a second at most. */
static void
test_silent(void **state)
{
	struct paper_job job = specimen(small, "Ani", 300);
	int fds[2 * CAP_PAPERS];
	size_t i;

	(void)state;
	for (i = 0; i < 2 * CAP_PAPERS; i++)
		assert_int_equal(io_dial(path, &fds[i]), RC_OK);
	expect(&job, PAPER_OK);
	for (i = 0; i < 2 * CAP_PAPERS; i++)
		io_close(&fds[i]);
}

/* Whether these octets are anywhere in memory that the process wrote; -1: that can't be seen. */
static int
has_in_memory(pid_t pid, const char *word)
{
	static char chunk[1 << 20];
	char file[64], line[512], *at;
	unsigned long from, to;
	int fd, found = -1;
	FILE *maps;
	ssize_t n;

	(void)snprintf(file, sizeof(file), "/proc/%d/mem", (int)pid);
	if ((fd = open(file, O_RDONLY | O_CLOEXEC)) == -1)
		return -1;
	(void)snprintf(file, sizeof(file), "/proc/%d/maps", (int)pid);
	if ((maps = fopen(file, "re")) != NULL) {
		while (fgets(line, sizeof(line), maps) != NULL) {
			from = strtoul(line, &at, 16);
			to = strtoul(at + 1, &at, 16);
			if (at[2] == 'w')
				while (from < to &&
				       (n = pread(fd, chunk, sizeof(chunk), (off_t)from)) > 0) {
					found = found == 1 || memmem(chunk, (size_t)n, word,
								  strlen(word)) != NULL;
					from += (unsigned long)n;
				}
		}
		(void)fclose(maps);
	}
	io_close(&fd);
	return found;
}

static void
test_nothing_left(void **state)
{
	struct paper_job job;
	char name[32];
	int found;

	(void)state;
	/* A sanitizer's shadow has terabytes. */
	if (SEAL_OFF)
		skip();
	/* Not in this file's own memory, from which the server was forked. */
	(void)snprintf(name, sizeof(name), "Qq%dzz Rahasia", (int)getpid());
	job = specimen(small, name, 300);
	expect(&job, PAPER_OK);
	if ((found = has_in_memory(server, name)) == -1)
		skip();
	assert_int_equal(found, 0);
	/* That this would be seen: */
	assert_int_equal(has_in_memory(getpid(), name), 1);
}

static void
test_dies_with_parent(void **state)
{
	struct paper_job job = slow();
	struct papercall *c;
	pid_t keeper, self, child;
	int fd, both[2];

	(void)state;
	assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
	assert_int_equal(pipe2(both, O_CLOEXEC), 0);
	fd = listen_at(path, CAP_PAPER_QUEUE);
	if ((keeper = fork()) == 0) {
		self = getpid();
		if ((server = fork()) == 0)
			papercall_become(program, fd, self);
		if (io_write_full(both[1], &server, sizeof(server)) == RC_OK)
			(void)pause();
		_exit(0);
	}
	io_close(&fd);
	assert_int_equal(io_read_full(both[0], &server, sizeof(server)), RC_OK);
	assert_int_equal(papercall_start(&c, path, &job), RC_OK);
	child = wait_for_child();
	assert_int_equal(kill(keeper, SIGKILL), 0);
	assert_int_equal(waitpid(keeper, NULL, 0), keeper);
	assert_int_equal(waitpid(server, NULL, 0), server);
	assert_int_equal(waitpid(child, NULL, 0), child);
	papercall_free(c);
	io_close(&both[0]);
	io_close(&both[1]);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 0), 0);
	/* Whose parent is another than it was told does not begin. */
	fd = listen_at(path, 1);
	if ((server = fork()) == 0)
		papercall_become(program, fd, getppid() + 1);
	assert_int_equal(waitpid(server, &both[0], 0), server);
	assert_int_equal(WEXITSTATUS(both[0]), 127);
	io_close(&fd);
}

/* --- servers that lie --- */

/* In a child: takes one stream and writes this answer; says something on the stream, or not. */
static pid_t
liar(int fd, const void *octets, size_t len, off_t size, const char *say)
{
	char hello[16];
	int fds[IO_FDS], conn;
	size_t got, n;
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	if ((conn = accept(fd, NULL, NULL)) == -1 ||
	    io_recv_fds(conn, hello, sizeof(hello), &got, fds, &n) != RC_OK || n != 2 ||
	    io_write_full(fds[1], octets, len) != RC_OK ||
	    (size > 0 && ftruncate(fds[1], size) != 0) ||
	    (*say != '\0' && io_write_full(conn, say, strlen(say)) != RC_OK))
		_exit(1);
	_exit(0);
}

static void
test_liars(void **state)
{
	struct paper_answer good = {.code = PAPER_OK}, a;
	struct paper_job job = specimen(small, "Ani", 300);
	const struct {
		size_t len;
		off_t size;
		const char *say;
		enum rc rc;
	} rows[] = {
	    {0, 0, "", RC_IO},                                 /* died */
	    {5, 0, "", RC_IO},                                 /* died in the middle */
	    {64, 0, "", RC_IO},                                /* octets behind the answer */
	    {SIZE_MAX, (off_t)PAPERCALL_REPLY + 1, "", RC_IO}, /* too large */
	    {SIZE_MAX, (off_t)PAPERCALL_REPLY, "", RC_IO},     /* zeros behind the answer */
	    {SIZE_MAX, 0, "x", RC_IO},                         /* says something */
	    {SIZE_MAX, 0, "", RC_OK},
	};
	struct buf wire, reply;
	size_t i;
	int fd = listen_at(path, 1), status;
	uint8_t room[64] = {0};
	pid_t pid;

	(void)state;
	buf_init(&wire, 4096);
	buf_init(&reply, PAPERCALL_REPLY);
	good.out = text_of("picture");
	paper_answer_encode(&wire, &good);
	assert_true(buf_rc(&wire) == RC_OK && wire.len < sizeof(room));
	memcpy(room, wire.p, wire.len);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		pid = liar(fd, room, rows[i].len == SIZE_MAX ? wire.len : rows[i].len, rows[i].size,
		    rows[i].say);
		assert_int_equal(papercall_run(path, &job, WAIT_MS, &reply, &a), rows[i].rc);
		assert_int_equal(a.code, rows[i].rc == RC_OK ? PAPER_OK : PAPER_TROUBLE);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_int_equal(status, 0);
		if (rows[i].rc != RC_OK)
			assert_int_equal(reply.len, 0);
	}
	assert_memory_equal(a.out.p, "picture", 7);
	buf_clear(&reply);
	buf_clear(&wire);
	io_close(&fd);
}

static void
test_nobody(void **state)
{
	struct paper_job job = specimen(small, "Ani", 300);
	struct papercall *c, *kept[8];
	uint8_t *big = calloc(1, CAP_PAPER_JOB);
	int fd = listen_at(path, 0);
	size_t n = 0, i;
	enum rc rc;

	(void)state;
	assert_non_null(big);
	while (n < 8 && (rc = papercall_start(&c, path, &job)) == RC_OK)
		kept[n++] = c;
	assert_int_equal(rc, RC_BUSY);
	assert_null(c);
	for (i = 0; i < n; i++)
		papercall_free(kept[i]);
	io_close(&fd);
	assert_int_equal(papercall_start(&c, path, &job), RC_IO);
	assert_null(c);
	fd = listen_at(path, 4);
	job.part[PAPER_DOCUMENT] = (struct paper_octets){big, CAP_PAPER_JOB};
	assert_int_equal(papercall_start(&c, path, &job), RC_TOOBIG);
	assert_null(c);
	io_close(&fd);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(papercall_start(&c, path, &job), RC_IO);
	assert_int_equal(papercall_start(&c, "/tmp/no/such/socket", &job), RC_IO);
	free(big);
}

int
main(void)
{
	const char *tmp = getenv("TMPDIR"), *build = getenv("BUILD");
	const struct CMUnitTest lies[] = {
	    cmocka_unit_test(test_liars),
	    cmocka_unit_test(test_nobody),
	    cmocka_unit_test(test_dies_with_parent),
	};
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_jobs),
	    cmocka_unit_test(test_nonsense),
	    cmocka_unit_test(test_killed),
	    cmocka_unit_test(test_given_up),
	    cmocka_unit_test(test_many),
	    cmocka_unit_test(test_silent),
	    cmocka_unit_test(test_nothing_left),
	};
	int bad;

	(void)snprintf(
	    path, sizeof(path), "%s/t_papercall.%d", tmp != NULL ? tmp : "/tmp", (int)getpid());
	(void)snprintf(
	    program, sizeof(program), "%s/periksa-paper", build != NULL ? build : "build");
	cmocka_set_message_output(CM_OUTPUT_TAP);
	bad = cmocka_run_group_tests(tests, start_server, stop_server);
	return bad + cmocka_run_group_tests(lies, NULL, NULL);
}
