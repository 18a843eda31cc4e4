/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One loop over the listening socket and a fixed table of streams.  A stream has yet to ask, or
 * its child works.  Nothing of a job is in this process, so nothing of it is left for the next.
 */
#define _GNU_SOURCE
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "caps.h"
#include "io.h"
#include "task.h"
#include "log.h"
#include "papercall.h"
#include "server.h"
#include "works.h"

/* A client asks in the same breath as it connects. */
#define ASK_MS  1000
/* What the child's own clock has not ended by then is ended. */
#define LATE_MS ((CAP_PAPER_SECONDS + 2) * 1000LL)
#define SLOTS   CAP_PAPERS

struct slot {
	int conn;  /* -1: free */
	int pidfd; /* of the child; -1: it has not asked yet */
	long long deadline;
};

struct server {
	const struct cell *cell;
	int listener;
	pid_t pid;
	struct slot slots[SLOTS];
	struct pollfd poll[1 + 2 * SLOTS];
};

static void
slot_end(struct slot *s)
{
	io_close(&s->conn);
	io_close(&s->pidfd);
}

/*
 * In the child.  Its descriptors are the job, the answer and nothing else; that the stream is
 * closed when it ends is the parent's to do.
 */
__attribute__((noreturn)) static void
work(const struct server *s, const int *fds)
{
	int job, reply;

	/* Above all that is about to be closed, then down to where they belong. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) == -1 || getppid() != s->pid ||
	    (job = fcntl(fds[0], F_DUPFD, 100)) == -1 ||
	    (reply = fcntl(fds[1], F_DUPFD, 100)) == -1 || dup2(job, STDIN_FILENO) == -1 ||
	    dup2(reply, CELL_ANSWER) == -1 || close_range(CELL_ANSWER + 1, ~0u, 0) == -1)
		_exit(1);
	works_fork();
	if (!cell_shut(s->cell)) {
		log_warnx("it can't be shut in");
		_exit(1);
	}
	_exit(task_file(STDIN_FILENO) == RC_OK ? 0 : 1);
}

static enum rc
start(struct server *s, struct slot *slot, const int *fds)
{
	pid_t pid = fork();

	if (pid == -1)
		return RC_NOMEM;
	if (pid == 0)
		work(s, fds);
	if ((slot->pidfd = pidfd_open(pid, 0)) == -1) {
		(void)kill(pid, SIGKILL);
		(void)waitpid(pid, NULL, 0);
		return RC_IO;
	}
	slot->deadline = io_now_ms() + LATE_MS;
	return RC_OK;
}

/* The client has asked, or gone. */
static void
slot_ask(struct server *s, struct slot *slot)
{
	char hello[sizeof(PAPERCALL_HELLO)]; /* one octet more than it should be */
	int fds[IO_FDS];
	size_t len, n;
	enum rc rc;

	if ((rc = io_recv_fds(slot->conn, hello, sizeof(hello), &len, fds, &n)) == RC_BUSY)
		return;
	if (rc == RC_OK)
		rc = len != sizeof(hello) - 1 || n != 2 || memcmp(hello, PAPERCALL_HELLO, len) != 0
			 ? RC_FORMAT
			 : start(s, slot, fds);
	while (n > 0)
		io_close(&fds[--n]);
	if (rc == RC_OK)
		return;
	if (rc != RC_SHORT)
		log_warnx("job not taken: %s", rc_str(rc));
	slot_end(slot);
}

static void
slot_kill(const struct slot *slot)
{
	(void)pidfd_send_signal(slot->pidfd, SIGKILL, NULL, 0);
}

static void
slot_reap(struct slot *slot)
{
	siginfo_t si;

	memset(&si, 0, sizeof(si));
	if (waitid(P_PIDFD, (id_t)slot->pidfd, &si, WEXITED | WNOHANG) == -1 || si.si_pid == 0)
		return;
	if (si.si_code != CLD_EXITED || si.si_status != 0)
		log_warnx("job ended early (%s %d)", si.si_code == CLD_EXITED ? "status" : "signal",
		    si.si_status);
	slot_end(slot);
}

static void
slot_serve(struct server *s, struct slot *slot, const struct pollfd *conn)
{
	const struct pollfd *child = conn + 1;

	if (slot->conn == -1)
		return;
	if (child->revents != 0)
		slot_reap(slot);
	else if (conn->revents != 0 && slot->pidfd == -1)
		slot_ask(s, slot);
	else if (conn->revents != 0) {
		/* Nobody waits for it any more; the slot is free when the child is gone. */
		slot_kill(slot);
		slot->deadline = INT64_MAX;
	}
	if (slot->conn == -1 || io_now_ms() < slot->deadline)
		return;
	if (slot->pidfd == -1) {
		slot_end(slot);
		return;
	}
	slot_kill(slot);
	slot->deadline = INT64_MAX;
}

static struct slot *
free_slot(struct server *s)
{
	size_t i;

	for (i = 0; i < SLOTS; i++)
		if (s->slots[i].conn == -1)
			return &s->slots[i];
	return NULL;
}

/* False when the socket itself is broken. */
static bool
take(struct server *s)
{
	struct slot *slot;
	int fd;

	while ((slot = free_slot(s)) != NULL) {
		fd = accept4(s->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (fd == -1)
			return errno == EAGAIN || errno == EINTR || errno == ECONNABORTED ||
			       errno == EMFILE || errno == ENFILE || errno == ENOMEM ||
			       errno == ENOBUFS;
		*slot = (struct slot){.conn = fd, .pidfd = -1, .deadline = io_now_ms() + ASK_MS};
	}
	return true;
}

static int
watch(struct server *s)
{
	long long now = io_now_ms(), left = INT32_MAX;
	const struct slot *slot;
	size_t i;

	s->poll[0] =
	    (struct pollfd){.fd = free_slot(s) != NULL ? s->listener : -1, .events = POLLIN};
	for (i = 0; i < SLOTS; i++) {
		slot = &s->slots[i];
		/* A stream that was given up is closed, and need not be seen twice. */
		s->poll[1 + 2 * i] =
		    (struct pollfd){.fd = slot->deadline == INT64_MAX ? -1 : slot->conn,
			.events = slot->pidfd == -1 ? POLLIN : POLLRDHUP};
		s->poll[2 + 2 * i] = (struct pollfd){.fd = slot->pidfd, .events = POLLIN};
		if (slot->conn != -1 && slot->deadline - now < left)
			left = slot->deadline - now;
	}
	return left < 0 ? 0 : left == INT32_MAX ? -1 : (int)left;
}

enum rc
server_run(int listener, const struct cell *cell)
{
	struct server s = {.cell = cell, .listener = listener, .pid = getpid()};
	size_t i;

	for (i = 0; i < SLOTS; i++)
		s.slots[i].conn = s.slots[i].pidfd = -1;
	if (io_nonblock(listener, true) != RC_OK)
		return RC_IO;
	for (;;) {
		if (poll(s.poll, 1 + 2 * SLOTS, watch(&s)) == -1) {
			if (errno == EINTR)
				continue;
			return RC_IO;
		}
		for (i = 0; i < SLOTS; i++)
			slot_serve(&s, &s.slots[i], &s.poll[1 + 2 * i]);
		if (s.poll[0].revents != 0 && !take(&s))
			return RC_IO;
	}
}
