/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "io.h"
#include "painter.h"

static bool
is_share(double v)
{
	return v >= 0 && v <= 1; /* also false for what is no number */
}

/* A drawer that died is an answer that is missing, and no signal. */
static bool
put(int fd, const void *p, size_t len)
{
	const char *at = p;
	ssize_t n;

	while (len > 0) {
		n = send(fd, at, len, MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		at += n;
		len -= (size_t)n;
	}
	return true;
}

static enum rc
ask(void *ctx, const struct paint_question *q, struct paint_answer *a)
{
	int *fd = ctx;

	if (*fd == -1)
		return RC_ABSENT;
	if (!put(*fd, q, sizeof(*q)) || io_read_full(*fd, a, sizeof(*a)) != RC_OK) {
		io_close(fd);
		return RC_IO;
	}
	return is_share(a->ink) && is_share(a->area) && a->points >= 0 ? RC_OK : RC_ABSENT;
}

void
painter_init(struct painter *p, int *fd)
{
	p->ask = ask;
	p->ctx = fd;
}

enum rc
painter_stream(int *asker, int *drawer)
{
	const struct timeval wait = {.tv_sec = CAP_DRAW_WAIT_SECONDS};
	int pair[2];

	*asker = *drawer = -1;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == -1)
		return RC_IO;
	if (setsockopt(pair[0], SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait)) == -1) {
		close(pair[0]);
		close(pair[1]);
		return RC_IO;
	}
	*asker = pair[0];
	*drawer = pair[1];
	return RC_OK;
}

void
painter_job(
    struct paint_job *job, uint64_t off, uint64_t len, const uint8_t *password, size_t password_len)
{
	memset(job, 0, sizeof(*job));
	job->off = off;
	job->len = len;
	if (password != NULL && password_len <= CAP_PASSWORD) {
		job->password_len = (uint32_t)password_len;
		memcpy(job->password, password, password_len);
	}
}

enum rc
painter_hire(int jobs, const struct paint_job *job, int answers, int document, int album)
{
	const int fds[] = {answers, document, album};

	return io_send_fds(jobs, job, sizeof(*job), fds, album == -1 ? 2 : 3);
}

void
painter_become(int program, int jobs, pid_t parent)
{
	char name[] = "periksa-draw", *const args[] = {name, NULL};

	if (prctl(PR_SET_PDEATHSIG, SIGKILL) == -1 || getppid() != parent)
		return;
	/* Out of the way of what takes its number. */
	if ((program = fcntl(program, F_DUPFD_CLOEXEC, PAINT_JOBS + 1)) == -1)
		return;
	/* NOLINTNEXTLINE(android-cloexec-dup): it is to be inherited */
	if (jobs == PAINT_JOBS ? fcntl(jobs, F_SETFD, 0) == -1 : dup2(jobs, PAINT_JOBS) == -1)
		return;
	fexecve(program, args, environ);
}

enum rc
painter_start(const char *path, int *jobs, pid_t *pid)
{
	pid_t self = getpid();
	int pair[2], program = open(path, O_PATH | O_CLOEXEC);

	*jobs = -1;
	if (program == -1 || access(path, X_OK) == -1 ||
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == -1) {
		io_close(&program);
		return RC_IO;
	}
	if ((*pid = fork()) == 0) {
		painter_become(program, pair[1], self);
		_exit(127);
	}
	close(pair[1]);
	close(program);
	if (*pid == -1) {
		close(pair[0]);
		return RC_IO;
	}
	*jobs = pair[0];
	return RC_OK;
}
