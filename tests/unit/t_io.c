/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole reads and writes, descriptors over a socket, sockets by path, and log lines. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io.h"
#include "log.h"

static void
test_full(void **state)
{
	static char big[1u << 20], got[sizeof(big)];
	int p[2], status;
	pid_t pid;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(big); i++)
		big[i] = (char)(i * 7);
	assert_int_equal(pipe2(p, O_CLOEXEC), 0);
	assert_int_not_equal(pid = fork(), -1);
	if (pid == 0) {
		/* more than the pipe holds: written in pieces */
		_exit(io_write_full(p[1], big, sizeof(big)) == RC_OK ? 0 : 1);
	}
	close(p[1]);
	assert_int_equal(io_read_full(p[0], got, sizeof(got)), RC_OK);
	assert_memory_equal(big, got, sizeof(big));
	assert_int_equal(io_read_full(p[0], got, 1), RC_SHORT);
	close(p[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(io_read_full(-1, got, 1), RC_IO);
	assert_int_equal(io_write_full(-1, got, 1), RC_IO);
	assert_int_equal(io_read_full(-1, got, 0), RC_OK);
}

static int
open_count(void)
{
	int fd, n = 0;

	for (fd = 0; fd < 256; fd++)
		n += fcntl(fd, F_GETFD) != -1;
	return n;
}

static void
test_descriptors(void **state)
{
	int s[2], in[IO_FDS + 1], out[IO_FDS], before;
	char got[16];
	size_t len, n, i;

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, s), 0);
	for (i = 0; i < IO_FDS + 1; i++) {
		in[i] = memfd_create("x", MFD_CLOEXEC);
		assert_int_equal(io_write_full(in[i], &(char){(char)('a' + (int)i)}, 1), RC_OK);
	}
	before = open_count();
	assert_int_equal(io_send_fds(s[0], "hello", 5, in, IO_FDS), RC_OK);
	assert_int_equal(io_recv_fds(s[1], got, sizeof(got), &len, out, &n), RC_OK);
	assert_int_equal(len, 5);
	assert_memory_equal(got, "hello", 5);
	assert_int_equal(n, IO_FDS);
	for (i = 0; i < n; i++) {
		assert_int_equal(pread(out[i], got, 1, 0), 1);
		assert_int_equal(got[0], 'a' + (int)i);
		assert_true((fcntl(out[i], F_GETFD) & FD_CLOEXEC) != 0);
		close(out[i]);
	}
	assert_int_equal(io_send_fds(s[0], "x", 1, in, IO_FDS + 1), RC_TOOBIG);
	/* a message that does not fit leaves nothing open */
	assert_int_equal(io_send_fds(s[0], "0123456789abcdefg", 17, in, 2), RC_OK);
	assert_int_equal(io_recv_fds(s[1], got, sizeof(got), &len, out, &n), RC_TOOBIG);
	assert_int_equal(n, 0);
	assert_int_equal(open_count(), before);
	/* nothing there; without descriptors; the other side closed */
	assert_int_equal(io_nonblock(s[1], true), RC_OK);
	assert_int_equal(io_recv_fds(s[1], got, sizeof(got), &len, out, &n), RC_BUSY);
	assert_int_equal(io_send_fds(s[0], "y", 1, NULL, 0), RC_OK);
	assert_int_equal(io_recv_fds(s[1], got, sizeof(got), &len, out, &n), RC_OK);
	assert_int_equal(n, 0);
	close(s[0]);
	assert_int_equal(io_recv_fds(s[1], got, sizeof(got), &len, out, &n), RC_SHORT);
	assert_int_equal(io_send_fds(s[1], "z", 1, NULL, 0), RC_IO); /* and no SIGPIPE */
	close(s[1]);
	for (i = 0; i < IO_FDS + 1; i++)
		close(in[i]);
}

/* More descriptors than one of our messages holds: all are closed again. */
static void
test_too_many(void **state)
{
	union {
		struct cmsghdr align;
		char room[CMSG_SPACE(16 * sizeof(int))];
	} control;
	struct iovec iov;
	struct msghdr msg;
	struct cmsghdr *c;
	int s[2], fds[16], out[IO_FDS], before;
	char got[4], x = 'x';
	size_t i, len, n;

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, s), 0);
	for (i = 0; i < 16; i++)
		fds[i] = s[0];
	memset(&control, 0, sizeof(control));
	memset(&msg, 0, sizeof(msg));
	iov = (struct iovec){.iov_base = &x, .iov_len = 1};
	msg.msg_iov = &iov;
	msg.msg_iovlen = 1;
	msg.msg_control = control.room;
	msg.msg_controllen = sizeof(control.room);
	c = CMSG_FIRSTHDR(&msg);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(fds));
	memcpy(CMSG_DATA(c), fds, sizeof(fds));
	before = open_count();
	assert_int_equal(sendmsg(s[0], &msg, 0), 1);
	assert_int_equal(io_recv_fds(s[1], got, sizeof(got), &len, out, &n), RC_TOOBIG);
	assert_int_equal(n, 0);
	assert_int_equal(open_count(), before);
	close(s[0]);
	close(s[1]);
}

/* Somebody listens, nobody has listened yet, and nobody takes what is in the queue. */
static void
test_dial(void **state)
{
	char dir[] = "/tmp/t_io.XXXXXX", path[sizeof(dir) + 8], got[8];
	char endless[sizeof(((struct sockaddr_un *)NULL)->sun_path) + 1];
	struct sockaddr_un sun = {.sun_family = AF_UNIX};
	int s, fd = 42, theirs, queue[64], before;
	enum rc rc = RC_OK;
	size_t i, n = 0;

	(void)state;
	assert_non_null(mkdtemp(dir));
	(void)snprintf(path, sizeof(path), "%s/s", dir);
	(void)snprintf(sun.sun_path, sizeof(sun.sun_path), "%s", path);
	before = open_count();
	assert_int_equal(io_dial(path, &fd), RC_IO);
	assert_int_equal(fd, -1);
	/* the octets of a path that is too long would still be those of one that is there */
	memset(endless, '/', sizeof(endless) - 1);
	endless[sizeof(endless) - 1] = '\0';
	memcpy(endless + sizeof(endless) - 1 - strlen(path), path, strlen(path));
	fd = 42;
	assert_int_equal(io_dial(endless, &fd), RC_IO);
	assert_int_equal(fd, -1);
	assert_int_equal(open_count(), before);
	assert_true((s = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) != -1);
	assert_int_equal(bind(s, (const struct sockaddr *)&sun, sizeof(sun)), 0);
	assert_int_equal(listen(s, 1), 0);
	assert_int_equal(io_dial(endless, &fd), RC_IO);
	assert_int_equal(io_dial(path, &fd), RC_OK);
	assert_true((fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
	assert_true((fcntl(fd, F_GETFL) & O_NONBLOCK) != 0);
	assert_true((theirs = accept(s, NULL, NULL)) != -1);
	assert_int_equal(io_write_full(fd, "ring", 4), RC_OK);
	assert_int_equal(io_read_full(theirs, got, 4), RC_OK);
	assert_memory_equal(got, "ring", 4);
	close(theirs);
	close(fd);
	before = open_count();
	while (n < sizeof(queue) / sizeof(queue[0]) && (rc = io_dial(path, &queue[n])) == RC_OK)
		n++;
	assert_int_equal(rc, RC_BUSY);
	assert_int_equal(queue[n], -1);
	assert_int_equal(open_count(), before + (int)n);
	for (i = 0; i < n; i++)
		close(queue[i]);
	close(s);
	assert_int_equal(io_dial(path, &fd), RC_IO);
	unlink(path);
	rmdir(dir);
}

static void
test_close(void **state)
{
	int fd = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0);

	(void)state;
	errno = 42;
	io_close(&fd);
	assert_int_equal(fd, -1);
	io_close(&fd);
	assert_int_equal(errno, 42);
	assert_true(io_now_ms() > 0);
}

static void
test_log(void **state)
{
	char got[4096];
	ssize_t n;
	int p[2], saved;

	(void)state;
	assert_int_equal(pipe2(p, O_CLOEXEC), 0);
	saved = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0);
	dup2(p[1], STDERR_FILENO);
	log_name("test");
	log_warnx("a\nb\\%s", "\x1b[2J");
	errno = ENOENT;
	log_warn("open");
	assert_int_equal(errno, ENOENT);
	log_info("%04000d", 1);
	dup2(saved, STDERR_FILENO);
	close(saved);
	close(p[1]);
	n = read(p[0], got, sizeof(got) - 1);
	assert_true(n > 0);
	got[n] = '\0';
	assert_non_null(strstr(got, "test: warning: a\\x0ab\\x5c\\x1b[2J\n"));
	assert_non_null(strstr(got, "test: warning: open: No such file or directory\n"));
	/* cut, and still one line */
	assert_int_equal(got[n - 1], '\n');
	assert_true(n < 2500);
	close(p[0]);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_full),
	    cmocka_unit_test(test_descriptors),
	    cmocka_unit_test(test_too_many),
	    cmocka_unit_test(test_dial),
	    cmocka_unit_test(test_close),
	    cmocka_unit_test(test_log),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("io", tests, NULL, NULL);
}
