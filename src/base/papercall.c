/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Memory files instead of a stream's bytes: the asker never waits in the middle of a job or of
 * an answer, and an answer of a process that died half-way is seen as what it is.
 */
#define _GNU_SOURCE
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "caps.h"
#include "io.h"
#include "papercall.h"

#define LISTENER 3 /* descriptor of the socket in the program */

struct papercall {
	int conn, answer;
};

static enum rc
make_file(int *fd)
{
	*fd = memfd_create("paper", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	return *fd == -1 ? RC_IO : RC_OK;
}

/* The job in a file that nobody can change any more. */
static enum rc
put_job(int fd, const struct paper_job *job)
{
	struct buf wire;
	enum rc rc;

	buf_init(&wire, CAP_PAPER_JOB);
	paper_job_encode(&wire, job);
	if ((rc = buf_rc(&wire)) == RC_OK)
		rc = io_write_full(fd, wire.p, wire.len);
	buf_clear(&wire);
	if (rc == RC_OK &&
	    fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL) == -1)
		rc = RC_IO;
	return rc;
}

enum rc
papercall_start(struct papercall **out, const char *socket_path, const struct paper_job *job)
{
	struct papercall *c = malloc(sizeof(*c));
	int fds[2] = {-1, -1};
	enum rc rc;

	*out = NULL;
	if (c == NULL)
		return RC_NOMEM;
	c->conn = c->answer = -1;
	/* First, whether there is somebody: a job may be large. */
	if ((rc = io_dial(socket_path, &c->conn)) != RC_OK || (rc = make_file(&fds[0])) != RC_OK ||
	    (rc = put_job(fds[0], job)) != RC_OK || (rc = make_file(&c->answer)) != RC_OK)
		goto out;
	fds[1] = c->answer;
	rc = io_send_fds(c->conn, PAPERCALL_HELLO, sizeof(PAPERCALL_HELLO) - 1, fds, 2);
out:
	io_close(&fds[0]);
	if (rc == RC_OK)
		*out = c;
	else
		papercall_free(c);
	return rc;
}

int
papercall_fd(const struct papercall *c)
{
	return c->conn;
}

/* All of it, if it is no more than an answer has. */
static enum rc
get_answer(int fd, struct buf *reply)
{
	static uint8_t chunk[64u << 10];
	struct stat st;
	off_t at = 0;
	ssize_t n;

	if (fstat(fd, &st) == -1)
		return RC_IO;
	if (st.st_size <= 0 || (uintmax_t)st.st_size > PAPERCALL_REPLY)
		return RC_FORMAT;
	while ((n = pread(fd, chunk, sizeof(chunk), at)) > 0 || (n == -1 && errno == EINTR))
		if (n > 0) {
			buf_put(reply, chunk, (size_t)n);
			at += n;
		}
	return n == -1 ? RC_IO : buf_rc(reply);
}

enum rc
papercall_receive(struct papercall *c, struct buf *reply, struct paper_answer *a)
{
	uint8_t octet;
	ssize_t n;
	enum rc rc;

	memset(a, 0, sizeof(*a));
	a->code = PAPER_TROUBLE;
	do
		n = recv(c->conn, &octet, 1, MSG_DONTWAIT);
	while (n == -1 && errno == EINTR);
	if (n == -1 && errno == EAGAIN)
		return RC_BUSY;
	/* Nothing is ever said there. */
	rc = n > 0 ? RC_FORMAT : get_answer(c->answer, reply);
	if (rc == RC_OK)
		rc = paper_answer_decode(a, reply->p, reply->len);
	if (rc == RC_OK)
		return RC_OK;
	buf_clear(reply);
	return rc == RC_NOMEM ? RC_NOMEM : RC_IO;
}

void
papercall_free(struct papercall *c)
{
	if (c == NULL)
		return;
	io_close(&c->conn);
	io_close(&c->answer);
	free(c);
}

enum rc
papercall_run(const char *socket_path, const struct paper_job *job, int timeout_ms,
    struct buf *reply, struct paper_answer *a)
{
	long long until = io_now_ms() + timeout_ms, left;
	struct papercall *c;
	struct pollfd p;
	enum rc rc;

	memset(a, 0, sizeof(*a));
	a->code = PAPER_TROUBLE;
	if ((rc = papercall_start(&c, socket_path, job)) != RC_OK)
		return rc;
	p = (struct pollfd){.fd = c->conn, .events = POLLIN};
	while ((rc = papercall_receive(c, reply, a)) == RC_BUSY && (left = until - io_now_ms()) > 0)
		if (poll(&p, 1, (int)left) == -1 && errno != EINTR) {
			rc = RC_IO;
			break;
		}
	papercall_free(c);
	return rc;
}

void
papercall_become(const char *program, int listener, pid_t parent)
{
	char *argv[] = {(char[]){"periksa-paper"}, (char[]){"--serve"}, (char[]){"3"}, NULL};

	if (listener != LISTENER ? dup2(listener, LISTENER) == -1
				 : fcntl(listener, F_SETFD, 0) == -1)
		_exit(127);
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) == -1 || getppid() != parent)
		_exit(127);
	(void)execv(program, argv);
	_exit(127);
}
