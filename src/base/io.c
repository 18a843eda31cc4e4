/* SPDX-License-Identifier: GPL-3.0-or-later */
/* EINTR, short reads and control messages end here. */
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "buf.h"
#include "io.h"

enum rc
io_read_full(int fd, void *p, size_t len)
{
	char *q = p;
	ssize_t n;

	while (len > 0) {
		n = read(fd, q, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n == 0 ? RC_SHORT : RC_IO;
		q += n;
		len -= (size_t)n;
	}
	return RC_OK;
}

enum rc
io_write_full(int fd, const void *p, size_t len)
{
	const char *q = p;
	ssize_t n;

	while (len > 0) {
		n = write(fd, q, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return RC_IO;
		q += n;
		len -= (size_t)n;
	}
	return RC_OK;
}

enum rc
io_send_fds(int sock, const void *p, size_t len, const int *fds, size_t n)
{
	union {
		struct cmsghdr align;
		char room[CMSG_SPACE(IO_FDS * sizeof(int))];
	} control;
	struct iovec iov;
	struct msghdr msg;
	struct cmsghdr *c;
	ssize_t sent;

	if (n > IO_FDS)
		return RC_TOOBIG;
	memset(&msg, 0, sizeof(msg));
	memset(&control, 0, sizeof(control));
	/* struct iovec has no const, yet sendmsg() only reads. */
	memcpy(&iov.iov_base, &p, sizeof(p));
	iov.iov_len = len;
	msg.msg_iov = &iov;
	msg.msg_iovlen = 1;
	if (n > 0) {
		msg.msg_control = control.room;
		msg.msg_controllen = CMSG_SPACE(n * sizeof(int));
		c = CMSG_FIRSTHDR(&msg);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(n * sizeof(int));
		memcpy(CMSG_DATA(c), fds, n * sizeof(int));
	}
	do
		sent = sendmsg(sock, &msg, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	if (sent < 0)
		return errno == EAGAIN ? RC_BUSY : RC_IO;
	return (size_t)sent == len ? RC_OK : RC_IO;
}

/* Every descriptor that came, also those that are more than the caller wants. */
static enum rc
take_fds(struct msghdr *msg, int *fds, size_t *n)
{
	enum rc rc = RC_OK;
	struct cmsghdr *c;
	size_t i, count;
	int fd;

	for (c = CMSG_FIRSTHDR(msg); c != NULL; c = CMSG_NXTHDR(msg, c)) {
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		for (i = 0; i < count; i++) {
			memcpy(&fd, CMSG_DATA(c) + i * sizeof(int), sizeof(fd));
			if (*n < IO_FDS)
				fds[(*n)++] = fd;
			else {
				close(fd);
				rc = RC_TOOBIG;
			}
		}
	}
	return rc;
}

enum rc
io_recv_fds(int sock, void *p, size_t max, size_t *len, int *fds, size_t *n)
{
	union {
		struct cmsghdr align;
		char room[CMSG_SPACE(IO_FDS * sizeof(int))];
	} control;
	struct iovec iov = {.iov_base = p, .iov_len = max};
	struct msghdr msg;
	enum rc rc;
	ssize_t got;

	*len = 0;
	*n = 0;
	memset(&msg, 0, sizeof(msg));
	msg.msg_iov = &iov;
	msg.msg_iovlen = 1;
	msg.msg_control = control.room;
	msg.msg_controllen = sizeof(control.room);
	do
		got = recvmsg(sock, &msg, MSG_CMSG_CLOEXEC);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return errno == EAGAIN ? RC_BUSY : RC_IO;
	rc = take_fds(&msg, fds, n);
	if ((msg.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0)
		rc = RC_TOOBIG;
	else if (got == 0 && *n == 0)
		rc = RC_SHORT;
	if (rc != RC_OK) {
		while (*n > 0)
			io_close(&fds[--*n]);
		return rc;
	}
	*len = (size_t)got;
	return RC_OK;
}

enum rc
io_dial(const char *path, int *fd)
{
	struct sockaddr_un sun = {.sun_family = AF_UNIX};
	enum rc rc;

	*fd = -1;
	if (strlen(path) >= sizeof(sun.sun_path))
		return RC_IO;
	memcpy(sun.sun_path, path, strlen(path));
	if ((*fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) == -1)
		return RC_IO;
	if (connect(*fd, (const struct sockaddr *)&sun, sizeof(sun)) == 0)
		return RC_OK;
	/* A Unix socket connects at once or its queue is full. */
	rc = errno == EAGAIN ? RC_BUSY : RC_IO;
	io_close(fd);
	return rc;
}

enum rc
io_nonblock(int fd, bool on)
{
	int flags = fcntl(fd, F_GETFL);

	if (flags == -1)
		return RC_IO;
	flags = on ? flags | O_NONBLOCK : flags & ~O_NONBLOCK;
	return fcntl(fd, F_SETFL, flags) == -1 ? RC_IO : RC_OK;
}

void
io_close(int *fd)
{
	int saved = errno;

	if (*fd != -1)
		close(*fd);
	*fd = -1;
	errno = saved;
}

long long
io_now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (long long)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

enum rc
io_slurp(int fd, size_t max, struct buf *b)
{
	uint8_t chunk[16u << 10];
	size_t left = max;
	ssize_t n;

	do {
		while ((n = read(fd, chunk, sizeof(chunk))) == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return RC_IO;
		if ((size_t)n > left)
			return RC_TOOBIG;
		buf_put(b, chunk, (size_t)n);
		left -= (size_t)n;
	} while (n > 0 && b->rc == RC_OK);
	return buf_rc(b);
}
