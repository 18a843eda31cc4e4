/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The seal: what a sealed process can do, and that it can do nothing else. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io.h"
#include "jail.h"

#define nitems(a) (sizeof(a) / sizeof((a)[0]))
#define MEMORY    (4ull << 30)

/* What became of an attempt. */
enum fate {
	DID,     /* returned 0: it worked */
	REFUSED, /* returned an errno */
	KILLED   /* never returned */
};

static int
said(long r)
{
	return r == -1 ? errno : 0;
}

static int
try_open(void)
{
	return said(open("/etc/passwd", O_RDONLY | O_CLOEXEC));
}

static int
try_open_write(void)
{
	return said(open("/tmp/periksa-jail", O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
}

static int
try_open_old(void)
{
#ifdef SYS_open
	return said(syscall(SYS_open, "/etc/passwd", O_RDONLY));
#else
	return EACCES;
#endif
}

static int
try_fopen(void)
{
	return fopen("/proc/self/maps", "re") == NULL ? errno : 0;
}

static int
try_stat(void)
{
	struct stat st;

	return said(stat("/etc/passwd", &st));
}

static int
try_access(void)
{
	return said(access("/etc/passwd", R_OK));
}

static int
try_openat2(void)
{
	uint64_t how[3] = {O_RDONLY, 0, 0};

	return said(syscall(SYS_openat2, AT_FDCWD, "/etc/passwd", how, sizeof(how)));
}

static int
try_socket(void)
{
	return said(socket(AF_INET, SOCK_STREAM, 0));
}

static int
try_unix_socket(void)
{
	return said(socket(AF_UNIX, SOCK_STREAM, 0));
}

static int
try_socketpair(void)
{
	int v[2];

	return said(socketpair(AF_UNIX, SOCK_STREAM, 0, v));
}

static int
try_fork(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	return said(pid);
}

static int
try_vfork(void)
{
	return said(syscall(SYS_vfork));
}

static int
try_clone3(void)
{
	uint64_t args[11] = {0};

	return said(syscall(SYS_clone3, args, sizeof(args)));
}

static void *
thread(void *arg)
{
	return arg;
}

static int
try_thread(void)
{
	pthread_t t;

	return pthread_create(&t, NULL, thread, NULL);
}

static int
try_exec(void)
{
	char arg[] = "true";
	char *const argv[] = {arg, NULL};

	return said(execv("/bin/true", argv));
}

static int
try_execveat(void)
{
	char arg[] = "true";
	char *const argv[] = {arg, NULL};

	return said(syscall(SYS_execveat, JAIL_DOCUMENT, "", argv, NULL, AT_EMPTY_PATH));
}

static int
try_map_code(void)
{
	void *p = mmap(
	    NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? errno : 0;
}

static int
try_make_code(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? EINVAL : said(mprotect(p, 4096, PROT_READ | PROT_EXEC));
}

static int
try_kill(void)
{
	return said(kill(getppid(), 0));
}

static int
try_ptrace(void)
{
	return said(ptrace(PTRACE_TRACEME, 0, NULL, NULL));
}

static int
try_prctl(void)
{
	return said(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0));
}

static int
try_dup(void)
{
	/* NOLINTNEXTLINE(android-cloexec-dup): the call itself is tried */
	return said(dup(JAIL_REPLY));
}

static int
try_pipe(void)
{
	int v[2];

	/* NOLINTNEXTLINE(android-cloexec-pipe): the call itself is tried */
	return said(pipe(v));
}

static int
try_memfd(void)
{
	return said(memfd_create("x", MFD_CLOEXEC));
}

static int
try_io_uring(void)
{
	return said(syscall(SYS_io_uring_setup, 1, NULL));
}

static int
try_bpf(void)
{
	return said(syscall(SYS_bpf, 0, NULL, 0));
}

static int
try_process_vm(void)
{
	return said(syscall(SYS_process_vm_readv, getpid(), NULL, 0, NULL, 0, 0));
}

static int
try_unlink(void)
{
	return said(unlink("/tmp/periksa-jail"));
}

static int
try_chdir(void)
{
	return said(chdir("/"));
}

static int
try_raise_limit(void)
{
	struct rlimit rl = {RLIM_INFINITY, RLIM_INFINITY};

	return said(setrlimit(RLIMIT_AS, &rl));
}

static int
try_send(void)
{
	return said(send(JAIL_REPLY, "x", 1, 0));
}

static int
try_read_reply(void)
{
	char c;

	return said(pread(JAIL_REPLY, &c, 1, 0));
}

static int
try_ask(void)
{
	char answer[6];

	if (send(JAIL_PAINTER, "ask", 3, MSG_NOSIGNAL) != 3)
		return errno;
	return io_read_full(JAIL_PAINTER, answer, 6) == RC_OK && memcmp(answer, "answer", 6) == 0
		   ? said(close(JAIL_PAINTER))
		   : EIO;
}

static int
try_ask_evidence(void)
{
	char answer[6];

	if (send(JAIL_EVIDENCE, "ask", 3, MSG_NOSIGNAL) != 3)
		return errno;
	return io_read_full(JAIL_EVIDENCE, answer, 6) == RC_OK && memcmp(answer, "proofs", 6) == 0
		   ? said(close(JAIL_EVIDENCE))
		   : EIO;
}

/* Each other way of using the stream: what it brings could be more than octets. */
static int
try_receive_descriptor(void)
{
	struct msghdr m = {0};

	return said(recvmsg(JAIL_EVIDENCE, &m, 0));
}

static int
try_send_descriptor(void)
{
	struct msghdr m = {0};

	return said(sendmsg(JAIL_EVIDENCE, &m, 0));
}

static int
try_write_evidence(void)
{
	return said(write(JAIL_EVIDENCE, "x", 1));
}

static int
try_wait_longer(void)
{
	const struct timeval wait = {.tv_sec = 3600};

	return said(setsockopt(JAIL_EVIDENCE, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait)));
}

static int
try_connect(void)
{
	struct sockaddr a = {.sa_family = AF_UNSPEC};

	return said(connect(JAIL_EVIDENCE, &a, sizeof(a)));
}

static int
try_evidence_elsewhere(void)
{
	struct sockaddr a = {.sa_family = AF_UNIX};

	return said(sendto(JAIL_EVIDENCE, "x", 1, 0, &a, sizeof(a)));
}

static int
try_send_elsewhere(void)
{
	struct sockaddr a = {.sa_family = AF_UNIX};

	return said(sendto(JAIL_PAINTER, "x", 1, 0, &a, sizeof(a)));
}

static int
try_read_other(void)
{
	char c;

	return said(read(JAIL_REPLY, &c, 1));
}

static int
try_close_other(void)
{
	return said(close(JAIL_REPLY));
}

static int
try_write_document(void)
{
	return said(write(JAIL_DOCUMENT, "x", 1));
}

static int
try_write_stderr(void)
{
	return said(write(STDERR_FILENO, "x", 1));
}

static int
try_read_document(void)
{
	char s[4];

	return pread(JAIL_DOCUMENT, s, 4, 0) == 4 && memcmp(s, "%PDF", 4) == 0 ? 0 : EIO;
}

static int
try_write_reply(void)
{
	return write(JAIL_REPLY, "x", 1) == 1 ? 0 : EIO;
}

static int
try_memory(void)
{
	size_t i, n = 32u << 20;
	volatile char *p;
	char *q;

	for (i = 0; i < 8; i++) {
		if ((p = malloc(n)) == NULL)
			return ENOMEM;
		p[n - 1] = 1;
		q = realloc((void *)(uintptr_t)p, 2 * n);
		if (q == NULL) {
			free((void *)(uintptr_t)p);
			return ENOMEM;
		}
		free(q);
	}
	return 0;
}

static int
by_value(const void *a, const void *b)
{
	const int *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* The C library wants to know how much memory there is before it sorts so much. */
static int
try_sort(void)
{
	int v[4096];
	int i, n = sizeof(v) / sizeof(v[0]);

	for (i = 0; i < n; i++)
		v[i] = n - i;
	qsort(v, (size_t)n, sizeof(v[0]), by_value);
	return v[0] == 1 && v[n - 1] == n ? 0 : EIO;
}

static int
try_getpid(void)
{
	return getpid() > 0 ? 0 : EIO;
}

static int
try_too_much_memory(void)
{
	void *volatile p = malloc(MEMORY);
	int err = p == NULL ? errno : 0;

	free(p);
	return err;
}

static const struct {
	const char *name;
	int (*attempt)(void);
	enum fate want;
	int err;
} attempts[] = {
    {"read the document", try_read_document, DID, 0},
    {"write the answer", try_write_reply, DID, 0},
    {"ask a painter", try_ask, DID, 0},
    {"ask for evidence", try_ask_evidence, DID, 0},
    {"allocate", try_memory, DID, 0},
    {"sort a long list", try_sort, DID, 0},
    {"getpid", try_getpid, DID, 0},
    {"allocate above the limit", try_too_much_memory, REFUSED, ENOMEM},
    {"open a file", try_open, REFUSED, EACCES},
    {"open a file for writing", try_open_write, REFUSED, EACCES},
    {"open by the old call", try_open_old, REFUSED, EACCES},
    {"open a file with stdio", try_fopen, REFUSED, EACCES},
    {"stat a file", try_stat, REFUSED, EACCES},
    {"access a file", try_access, REFUSED, EACCES},
    {"openat2", try_openat2, KILLED, 0},
    {"make a network socket", try_socket, KILLED, 0},
    {"make a Unix socket", try_unix_socket, KILLED, 0},
    {"make a socket pair", try_socketpair, KILLED, 0},
    {"fork", try_fork, KILLED, 0},
    {"vfork", try_vfork, KILLED, 0},
    {"clone3", try_clone3, KILLED, 0},
    {"start a thread", try_thread, KILLED, 0},
    {"exec", try_exec, KILLED, 0},
    {"exec the document", try_execveat, KILLED, 0},
    {"map code", try_map_code, KILLED, 0},
    {"make memory code", try_make_code, KILLED, 0},
    {"signal its parent", try_kill, KILLED, 0},
    {"ptrace", try_ptrace, KILLED, 0},
    {"prctl", try_prctl, KILLED, 0},
    {"dup", try_dup, KILLED, 0},
    {"pipe", try_pipe, KILLED, 0},
    {"memfd", try_memfd, KILLED, 0},
    {"io_uring", try_io_uring, KILLED, 0},
    {"bpf", try_bpf, KILLED, 0},
    {"read other memory", try_process_vm, KILLED, 0},
    {"unlink", try_unlink, KILLED, 0},
    {"chdir", try_chdir, KILLED, 0},
    {"raise its limits", try_raise_limit, KILLED, 0},
    {"send", try_send, KILLED, 0},
    {"read from the reply", try_read_reply, KILLED, 0},
    {"send to somebody else", try_send_elsewhere, KILLED, 0},
    {"ask somebody else for evidence", try_evidence_elsewhere, KILLED, 0},
    {"connect the stream elsewhere", try_connect, KILLED, 0},
    {"receive a descriptor", try_receive_descriptor, KILLED, 0},
    {"send a descriptor", try_send_descriptor, KILLED, 0},
    {"write to who keeps evidence", try_write_evidence, KILLED, 0},
    {"wait longer for evidence", try_wait_longer, KILLED, 0},
    {"read another descriptor", try_read_other, KILLED, 0},
    {"close another descriptor", try_close_other, KILLED, 0},
    {"write the document", try_write_document, KILLED, 0},
    {"write to stderr", try_write_stderr, KILLED, 0},
};

/* The status of a child that seals itself and then tries. */
static int
sealed(const struct seal *j, int (*attempt)(void))
{
	int status, err, document, reply[2], painter[2], evidence[2];
	pid_t pid;

	document = memfd_create("document", MFD_CLOEXEC);
	assert_int_not_equal(document, -1);
	assert_int_equal(io_write_full(document, "%PDF-1.7\n", 9), RC_OK);
	assert_int_equal(pipe2(reply, O_CLOEXEC), 0);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, painter), 0);
	assert_int_equal(io_write_full(painter[0], "answer", 6), RC_OK);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, evidence), 0);
	assert_int_equal(io_write_full(evidence[0], "proofs", 6), RC_OK);
	fflush(NULL);
	pid = fork();
	assert_int_not_equal(pid, -1);
	if (pid == 0) {
		if (jail_descriptors(reply[1], document, painter[1], evidence[1]) != RC_OK ||
		    jail_seal(j, MEMORY, 5) != RC_OK)
			_exit(255);
		errno = 0;
		err = attempt();
		_exit(err);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	close(document);
	close(reply[0]);
	close(reply[1]);
	close(painter[0]);
	close(painter[1]);
	close(evidence[0]);
	close(evidence[1]);
	return status;
}

static void
test_attempts(void **state)
{
	struct seal *j;
	size_t i;
	int status;

	(void)state;
	if (JAIL_OFF)
		skip();
	assert_int_equal(jail_new(&j), RC_OK);
	for (i = 0; i < nitems(attempts); i++) {
		status = sealed(j, attempts[i].attempt);
		if (attempts[i].want == KILLED) {
			if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGSYS)
				fail_msg("%s: not killed, status %x", attempts[i].name, status);
		} else if (!WIFEXITED(status) || WEXITSTATUS(status) != attempts[i].err)
			fail_msg("%s: status %x, want errno %d", attempts[i].name, status,
			    attempts[i].err);
	}
	seal_free(j);
}

/* The attempts do work outside: else the test above would prove nothing. */
static void
test_attempts_outside(void **state)
{
	static int (*const free_ones[])(void) = {try_open, try_fopen, try_stat, try_access,
	    try_socket, try_unix_socket, try_socketpair, try_fork, try_thread, try_map_code,
	    try_make_code, try_kill, try_dup, try_pipe, try_memfd, try_chdir};
	int status;
	size_t i;
	pid_t pid;

	(void)state;
	fflush(NULL);
	for (i = 0; i < nitems(free_ones); i++) {
		pid = fork();
		assert_int_not_equal(pid, -1);
		if (pid == 0) {
			/* dup's source */
			if (dup2(STDERR_FILENO, JAIL_REPLY) == -1)
				_exit(255);
			_exit(free_ones[i]());
		}
		assert_int_equal(waitpid(pid, &status, 0), pid);
		if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
			fail_msg("%zu fails outside too: %x", i, status);
	}
}

/* Whatever numbers they come with, only these stay open. */
static void
test_descriptors(void **state)
{
	static const int numbers[][4] = {{3, 4, 5, 6}, {4, 3, -1, -1}, {0, 1, 2, -1},
	    {4, 100, 3, 5}, {50, 3, -1, 4}, {200, 2, 4, 3}, {6, 5, 4, 3}, {4, 5, -1, -1},
	    {5, 6, -1, 3}, {6, 3, 200, -1}};
	int fds[2], fd, status, want;
	size_t i;
	pid_t pid;

	(void)state;
	for (i = 0; i < nitems(numbers); i++) {
		assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
		fflush(NULL);
		pid = fork();
		assert_int_not_equal(pid, -1);
		if (pid == 0) {
			int w = fcntl(fds[1], F_DUPFD, 300), r = fcntl(fds[0], F_DUPFD, 300);

			if (dup2(w, numbers[i][0]) == -1 || dup2(r, numbers[i][1]) == -1 ||
			    (numbers[i][2] != -1 && dup2(r, numbers[i][2]) == -1) ||
			    (numbers[i][3] != -1 && dup2(r, numbers[i][3]) == -1) ||
			    jail_descriptors(numbers[i][0], numbers[i][1], numbers[i][2],
				numbers[i][3]) != RC_OK)
				_exit(1);
			for (fd = 0; fd < 1024; fd++) {
				want = fd == JAIL_REPLY || fd == JAIL_DOCUMENT ||
				       (fd == JAIL_PAINTER && numbers[i][2] != -1) ||
				       (fd == JAIL_EVIDENCE && numbers[i][3] != -1) ||
				       (JAIL_OFF && fd == STDERR_FILENO);
				if ((fcntl(fd, F_GETFD) != -1) != want)
					_exit(2);
			}
			_exit(write(JAIL_REPLY, "x", 1) == 1 ? 0 : 3);
		}
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_int_equal(status, 0);
		close(fds[0]);
		close(fds[1]);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_attempts),
	    cmocka_unit_test(test_attempts_outside),
	    cmocka_unit_test(test_descriptors),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("jail", tests, NULL, NULL);
}
