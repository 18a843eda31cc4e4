/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One loop over the listening socket and a fixed table of jobs.  A job is a
 * connection that has yet to ask, or an inspector with the connection that
 * waits for it.  Nothing that a client or a document does costs more than its own job.
 */
#define _GNU_SOURCE
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
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
#include "errand.h"
#include "inspector.h"
#include "io.h"
#include "log.h"
#include "order.h"
#include "painter.h"
#include "supervisor.h"

/* A client asks in the same breath as it connects. */
#define ASK_MS 1000

/* descriptors of a job that are waited for */
#define WATCHED 4
/* where the sockets go: any number with others below it */
#define SETTLED 60

struct job {
	bool used;
	int conn;  /* -1: the client has gone */
	int pidfd; /* of the inspector; -1: not asked yet */
	pid_t pid;
	long long deadline; /* monotonic milliseconds */
	bool late;          /* killed for its time */
	/* Until a first question comes, the drawer's: where it will answer, and what it will draw.
	 */
	int answers, document, album;
	struct paint_job paint;
	int evidence; /* the fetcher's end of a stream, until a first question comes */
};

struct supervisor {
	struct inspector in; /* what each inspector inherits */
	int listen_fd, draw_fd, fetch_fd;
	pid_t pid;
	struct job jobs[CAP_INSPECTORS];
	struct pollfd poll[1 + WATCHED * CAP_INSPECTORS];
};

/* What a drawer would need: it has it, or nobody will ask any more. */
static void
job_no_drawer(struct job *j)
{
	io_close(&j->answers);
	io_close(&j->document);
	io_close(&j->album);
	explicit_bzero(&j->paint, sizeof(j->paint));
}

static void
job_end(struct job *j)
{
	io_close(&j->conn);
	io_close(&j->pidfd);
	job_no_drawer(j);
	io_close(&j->evidence);
	j->used = false;
}

static void
kill_inspector(struct job *j)
{
	if (j->pidfd != -1)
		(void)pidfd_send_signal(j->pidfd, SIGKILL, NULL, 0);
}

/* Small enough for the empty buffer of a new socket; a client that does not read loses it. */
static enum rc
tell(int conn, struct buf *b)
{
	enum rc rc = buf_rc(b);

	if (rc == RC_OK && send(conn, b->p, b->len, MSG_DONTWAIT | MSG_NOSIGNAL) != (ssize_t)b->len)
		rc = RC_IO;
	buf_clear(b);
	return rc;
}

static enum rc
tell_head(const struct supervisor *s, int conn, const struct policy *policy)
{
	struct talk_head head = {.demonstration = false};
	struct buf b;

	if (s->in.trust != NULL) {
		memcpy(head.trust_id, s->in.trust->id, sizeof(head.trust_id));
		head.demonstration = s->in.trust->demonstration;
	}
	snprintf(head.policy_id, sizeof(head.policy_id), "%s", policy->id);
	snprintf(head.policy_version, sizeof(head.policy_version), "%s", policy->version);
	buf_init(&b, TALK_HEAD_MAX);
	talk_put_head(&b, &head);
	return tell(conn, &b);
}

/*
 * The stream between an inspector and its drawer, of which there is none yet: its end for
 * the inspector, -1 if nobody draws.
 */
static enum rc
open_stream(struct supervisor *s, struct job *j, const struct talk_request *q, const int *fds,
    size_t n, int *end)
{
	*end = -1;
	if (s->draw_fd == -1)
		return RC_OK;
	if (painter_stream(end, &j->answers) != RC_OK)
		return RC_IO;
	if ((j->document = fcntl(fds[0], F_DUPFD_CLOEXEC, 0)) == -1 ||
	    (n > 1 && (j->album = fcntl(fds[1], F_DUPFD_CLOEXEC, 0)) == -1)) {
		io_close(end);
		return RC_IO;
	}
	painter_job(&j->paint, q->off, q->len, q->password, q->password_len);
	return RC_OK;
}

/* In a child: whoever takes it over finds no password of another document. */
static void
forget_others(struct supervisor *s)
{
	size_t i;

	for (i = 0; i < CAP_INSPECTORS; i++)
		explicit_bzero(&s->jobs[i].paint, sizeof(s->jobs[i].paint));
}

/* Fork the inspector of this request.  The descriptors stay the caller's. */
static enum rc
start(struct supervisor *s, struct job *j, const struct talk_request *q, const int *fds, size_t n)
{
	const struct policy *policy = policy_find(q->policy[0] == '\0' ? NULL : q->policy);
	struct inspector_fds in = {.reply = j->conn, .document = fds[0]};
	enum rc rc;

	if (policy == NULL || (q->canary && s->in.canary == NULL))
		return RC_ABSENT;
	if (tell_head(s, j->conn, policy) != RC_OK)
		return RC_SHORT; /* the client left while it waited */
	if ((rc = open_stream(s, j, q, fds, n, &in.painter)) != RC_OK)
		return rc;
	in.evidence = -1;
	if (s->fetch_fd != -1 && !q->offline &&
	    (rc = errand_stream(&in.evidence, &j->evidence)) != RC_OK) {
		io_close(&in.painter);
		return rc;
	}
	if ((j->pid = fork()) == 0) {
		forget_others(s);
		inspector_run(&s->in, q, &in, s->pid);
	}
	io_close(&in.painter);
	io_close(&in.evidence);
	if (j->pid == -1)
		return RC_NOMEM;
	if ((j->pidfd = pidfd_open(j->pid, 0)) == -1) {
		(void)kill(j->pid, SIGKILL);
		(void)waitpid(j->pid, NULL, 0);
		return RC_IO;
	}
	j->deadline = io_now_ms() + (long long)s->in.limits->seconds * 1000;
	return RC_OK;
}

/* The inspector asks (or has gone): its drawer hears it from now on, not we. */
static void
job_draw(struct supervisor *s, struct job *j, short events)
{
	enum rc rc;

	/* An end reads as input, too. */
	if ((events & (POLLIN | POLLHUP)) == POLLIN) {
		rc = painter_hire(s->draw_fd, &j->paint, j->answers, j->document, j->album);
		if (rc != RC_OK)
			log_warnx("no drawer: %s", rc_str(rc));
	}
	job_no_drawer(j);
}

/* The same for who keeps evidence. */
static void
job_fetch(struct supervisor *s, struct job *j, short events)
{
	enum rc rc;

	if ((events & (POLLIN | POLLHUP)) == POLLIN) {
		rc = errand_hire(s->fetch_fd, j->evidence, ORDER_BODIES);
		if (rc != RC_OK)
			log_warnx("no evidence: %s", rc_str(rc));
	}
	io_close(&j->evidence);
}

/* The client has asked, or gone. */
static void
job_ask(struct supervisor *s, struct job *j)
{
	uint8_t msg[TALK_REQUEST_MAX];
	struct talk_request q;
	int fds[IO_FDS];
	size_t len, i, n;
	enum rc rc;

	rc = io_recv_fds(j->conn, msg, sizeof(msg), &len, fds, &n);
	if (rc == RC_BUSY)
		return;
	if (rc == RC_OK && (rc = talk_get_request(&q, msg, len)) == RC_OK) {
		rc = n == (q.pictures ? 2 : 1) ? start(s, j, &q, fds, n) : RC_FORMAT;
		explicit_bzero(q.password, sizeof(q.password));
	}
	explicit_bzero(msg, sizeof(msg));
	for (i = 0; i < n; i++)
		io_close(&fds[i]);
	if (rc != RC_OK) {
		if (rc != RC_SHORT)
			log_warnx("request not served: %s", rc_str(rc));
		job_end(j);
	}
}

static enum talk_end
how_it_ended(const struct job *j, const siginfo_t *si)
{
	if (si->si_code == CLD_EXITED && si->si_status == 0)
		return TALK_DONE;
	if (j->late || (si->si_code != CLD_EXITED && si->si_status == SIGXCPU))
		return TALK_TIME;
	return TALK_DIED;
}

static void
job_reap(struct job *j)
{
	enum talk_end end;
	siginfo_t si;
	struct buf b;

	memset(&si, 0, sizeof(si));
	if (waitid(P_PIDFD, (id_t)j->pidfd, &si, WEXITED | WNOHANG) == -1 || si.si_pid == 0)
		return;
	end = how_it_ended(j, &si);
	if (j->conn != -1) {
		if (end != TALK_DONE)
			log_warnx("inspector ended early (%s %d%s)",
			    si.si_code == CLD_EXITED ? "status" : "signal", si.si_status,
			    end == TALK_TIME ? ", time limit" : "");
		buf_init(&b, TALK_END_LEN);
		talk_put_end(&b, end);
		(void)tell(j->conn, &b);
	}
	job_end(j);
}

static void
job_time(struct job *j, long long now)
{
	if (!j->used || now < j->deadline)
		return;
	if (j->pidfd == -1) {
		job_end(j);
		return;
	}
	j->late = true;
	j->deadline = INT64_MAX;
	kill_inspector(j);
}

static struct job *
free_job(struct supervisor *s)
{
	size_t i;

	for (i = 0; i < CAP_INSPECTORS && i < s->in.limits->inspectors; i++)
		if (!s->jobs[i].used)
			return &s->jobs[i];
	return NULL;
}

/* False when the socket itself is broken. */
static bool
take(struct supervisor *s)
{
	struct job *j;
	int fd;

	while ((j = free_job(s)) != NULL) {
		if ((fd = accept4(s->listen_fd, NULL, NULL, SOCK_CLOEXEC)) == -1)
			return errno == EAGAIN || errno == EINTR || errno == ECONNABORTED ||
			       errno == EMFILE || errno == ENFILE || errno == ENOMEM ||
			       errno == ENOBUFS;
		*j = (struct job){.used = true,
		    .conn = fd,
		    .pidfd = -1,
		    .deadline = io_now_ms() + ASK_MS,
		    .answers = -1,
		    .document = -1,
		    .album = -1,
		    .evidence = -1};
	}
	return true;
}

static int
timeout_ms(const struct supervisor *s, long long now)
{
	long long left = INT32_MAX;
	size_t i;

	for (i = 0; i < CAP_INSPECTORS; i++)
		if (s->jobs[i].used && s->jobs[i].deadline - now < left)
			left = s->jobs[i].deadline - now;
	return left < 0 ? 0 : left == INT32_MAX ? -1 : (int)left;
}

static void
watch(struct supervisor *s)
{
	struct job *j;
	size_t i;

	s->poll[0] =
	    (struct pollfd){.fd = free_job(s) != NULL ? s->listen_fd : -1, .events = POLLIN};
	for (i = 0; i < CAP_INSPECTORS; i++) {
		j = &s->jobs[i];
		s->poll[1 + WATCHED * i] = (struct pollfd){
		    .fd = j->used ? j->conn : -1, .events = j->pidfd == -1 ? POLLIN : POLLRDHUP};
		s->poll[2 + WATCHED * i] =
		    (struct pollfd){.fd = j->used ? j->pidfd : -1, .events = POLLIN};
		s->poll[3 + WATCHED * i] =
		    (struct pollfd){.fd = j->used ? j->answers : -1, .events = POLLIN};
		s->poll[4 + WATCHED * i] =
		    (struct pollfd){.fd = j->used ? j->evidence : -1, .events = POLLIN};
	}
}

static void
serve_job(struct supervisor *s, size_t i)
{
	const struct pollfd *conn = &s->poll[1 + WATCHED * i], *pidfd = conn + 1;
	const struct pollfd *answers = conn + 2, *evidence = conn + 3;
	struct job *j = &s->jobs[i];

	if (!j->used)
		return;
	if (answers->revents != 0)
		job_draw(s, j, answers->revents);
	if (evidence->revents != 0)
		job_fetch(s, j, evidence->revents);
	if (pidfd->revents != 0)
		job_reap(j);
	else if (conn->revents != 0 && j->pidfd == -1)
		job_ask(s, j);
	else if (conn->revents != 0) {
		/* Nobody waits for this report any more. */
		io_close(&j->conn);
		kill_inspector(j);
	}
}

static enum rc
loop(struct supervisor *s)
{
	long long now;
	size_t i;

	for (;;) {
		watch(s);
		if (poll(s->poll, 1 + WATCHED * CAP_INSPECTORS, timeout_ms(s, io_now_ms())) == -1) {
			if (errno == EINTR)
				continue;
			return RC_IO;
		}
		for (i = 0; i < CAP_INSPECTORS; i++)
			serve_job(s, i);
		now = io_now_ms();
		for (i = 0; i < CAP_INSPECTORS; i++)
			job_time(&s->jobs[i], now);
		if (s->poll[0].revents != 0 && !take(s))
			return RC_IO;
	}
}

/* The sockets go above all others, in this order; those that are there, and standard error, stay.
 */
static enum rc
keep_only(int *const fds[], size_t n)
{
	int next = SETTLED;
	unsigned from = STDERR_FILENO + 1;
	size_t i;

	for (i = 0; i < n; i++)
		if (*fds[i] != -1) {
			if ((*fds[i] = fcntl(*fds[i], F_DUPFD_CLOEXEC, next)) == -1)
				return RC_IO;
			next = *fds[i] + 1;
		}
	if (close_range(0, STDOUT_FILENO, 0) == -1)
		return RC_IO;
	for (i = 0; i < n; i++)
		if (*fds[i] != -1) {
			if ((unsigned)*fds[i] > from &&
			    close_range(from, (unsigned)*fds[i] - 1, 0) == -1)
				return RC_IO;
			from = (unsigned)*fds[i] + 1;
		}
	return close_range(from, ~0u, 0) == -1 ? RC_IO : RC_OK;
}

/* Nothing of the parent but the sockets and standard error. */
static enum rc
settle(struct supervisor *s, pid_t parent)
{
	int *const fds[] = {&s->listen_fd, &s->draw_fd, &s->fetch_fd};
	sigset_t none;
	size_t i;
	int sig;

	for (sig = 1; sig < NSIG; sig++)
		(void)signal(sig, SIG_DFL); /* those that can't be set stay */
	/* A terminal's signals are for the keeper, which ends us when all is done. */
	(void)signal(SIGINT, SIG_IGN);
	(void)signal(SIGHUP, SIG_IGN);
	sigemptyset(&none);
	if (sigprocmask(SIG_SETMASK, &none, NULL) == -1 ||
	    keep_only(fds, sizeof(fds) / sizeof(fds[0])) != RC_OK)
		return RC_IO;
	/* The first descriptors are taken, so that nothing else gets their numbers. */
	if (open("/dev/null", O_RDWR | O_CLOEXEC) != 0 || fcntl(0, F_DUPFD_CLOEXEC, 0) != 1)
		return RC_IO;
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) == -1 || getppid() != parent)
		return RC_IO;
	for (i = 0; i < sizeof(fds) / sizeof(fds[0]); i++)
		if (*fds[i] != -1 && io_nonblock(*fds[i], true) != RC_OK)
			return RC_IO;
	return RC_OK;
}

/* Short of memory, the kernel takes an inspector before anything else. */
static void
volunteer(void)
{
	int fd;

	/* A change of user has made /proc/self root's; this gives it back until we hide it. */
	(void)prctl(PR_SET_DUMPABLE, 1);
	fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
	if (fd == -1 || io_write_full(fd, "500", 3) != RC_OK)
		log_warn("oom_score_adj");
	io_close(&fd);
}

/*
 * Do what every document needs, once: OpenSSL's configuration and digests, and
 * the keys and paths of the trust list.
 */
static void
warm(const struct trust *t)
{
	static const char *const digests[] = {
	    "SHA1", "SHA256", "SHA384", "SHA512", "SHA3-256", "SHA3-384", "SHA3-512"};
	unsigned char out[EVP_MAX_MD_SIZE];
	unsigned int len;
	size_t i;

	for (i = 0; i < sizeof(digests) / sizeof(digests[0]); i++)
		(void)EVP_Digest("", 0, out, &len, EVP_get_digestbyname(digests[i]), NULL);
	/* What is not done now, every inspector does. */
	if (t != NULL && trust_warm(t) != RC_OK)
		log_warnx("no memory to decode the certificates early");
}

enum rc
supervisor_serve(int listen_fd, int draw_fd, int fetch_fd, const struct trust *trust,
    const struct trust *canary, examine_fn *examine, const struct supervisor_limits *limits)
{
	struct supervisor *s;
	struct seal *jail = NULL;
	pid_t parent = getppid();
	enum rc rc;
	size_t i;

	if ((s = calloc(1, sizeof(*s))) == NULL)
		return RC_NOMEM;
	for (i = 0; i < CAP_INSPECTORS; i++)
		s->jobs[i].conn = s->jobs[i].pidfd = s->jobs[i].answers = s->jobs[i].document =
		    s->jobs[i].album = s->jobs[i].evidence = -1;
	s->listen_fd = listen_fd;
	s->draw_fd = draw_fd;
	s->fetch_fd = fetch_fd;
	log_name("periksa supervisor");
	if ((rc = settle(s, parent)) != RC_OK || (rc = jail_new(&jail)) != RC_OK)
		goto out;
	volunteer();
	warm(trust);
	warm(canary);
	s->pid = getpid();
	s->in = (struct inspector){
	    .trust = trust, .canary = canary, .limits = limits, .examine = examine, .jail = jail};
	if ((rc = seal_address_space(&s->in.address_space)) != RC_OK)
		goto out;
	/* No debugger, no core, no /proc for others of the same user; children inherit it. */
	if (prctl(PR_SET_DUMPABLE, 0) == -1) {
		rc = RC_IO;
		goto out;
	}
	rc = loop(s);
out:
	log_warnx("can't go on: %s", rc_str(rc));
	seal_free(jail);
	free(s);
	return rc;
}

enum rc
supervisor_run(
    int listen_fd, int draw_fd, int fetch_fd, const struct trust *trust, const struct trust *canary)
{
	static const struct supervisor_limits limits = {
	    .inspectors = CAP_INSPECTORS,
	    .seconds = CAP_INSPECT_SECONDS,
	    .cpu_seconds = CAP_INSPECT_CPU,
	    .memory = CAP_INSPECT_MEMORY,
	};

	return supervisor_serve(listen_fd, draw_fd, fetch_fd, trust, canary, verify, &limits);
}

enum rc
supervisor_listen(const char *path, int *fd)
{
	struct sockaddr_un sun = {.sun_family = AF_UNIX};
	mode_t old;
	int rc;

	*fd = -1;
	if (strlen(path) >= sizeof(sun.sun_path)) {
		errno = ENAMETOOLONG;
		return RC_IO;
	}
	memcpy(sun.sun_path, path, strlen(path));
	if (unlink(path) == -1 && errno != ENOENT)
		return RC_IO;
	if ((*fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) == -1)
		return RC_IO;
	old = umask(0177);
	rc = bind(*fd, (const struct sockaddr *)&sun, sizeof(sun));
	umask(old);
	if (rc == -1 || listen(*fd, CAP_INSPECT_QUEUE) == -1) {
		io_close(fd);
		return RC_IO;
	}
	return RC_OK;
}
