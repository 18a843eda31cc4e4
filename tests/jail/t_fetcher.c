/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The seal of the fetcher: that it can still do its work, by names and by TLS, and what it
 * can't do any more.
 */
#define _GNU_SOURCE
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <pthread.h>
#include <seccomp.h>

#include "../unit/netmake.h"

#include "caps.h"
#include "fetch.h"
#include "fetch_seal.h"
#include "io.h"
#include "order.h"
#include "seal.h"

#define nitems(a) (sizeof(a) / sizeof((a)[0]))

static struct net net;
static char home[4096], outside[8192];
static int folder = -1; /* ours, in home */

static int
said(long r)
{
	return r == -1 ? errno : 0;
}

/* --- attempts in a sealed process --- */

static int
try_keep(void)
{
	int fd = openat(folder, "new", O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	struct stat st;

	if (fd == -1 || write(fd, "evidence", 8) != 8 || ftruncate(fd, 4) != 0 || fsync(fd) != 0 ||
	    close(fd) != 0 || renameat(folder, "new", folder, "kept") != 0 ||
	    fstatat(folder, "kept", &st, 0) != 0 || st.st_size != 4)
		return errno;
	fd = openat(folder, "kept", O_RDWR | O_TRUNC | O_CLOEXEC);
	return fd == -1 || close(fd) != 0 ? errno : said(unlinkat(folder, "kept", 0));
}

static int
try_list(void)
{
	char entries[4096];
	int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd == -1 ? errno : syscall(SYS_getdents64, fd, entries, sizeof(entries)) <= 0;
}

static int
try_up(void)
{
	return said(openat(folder, "../outside", O_RDONLY | O_CLOEXEC));
}

static int
try_up_write(void)
{
	return said(openat(folder, "../made", O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
}

static int
try_move_out(void)
{
	int fd = openat(folder, "mine", O_WRONLY | O_CREAT | O_CLOEXEC, 0600), e;

	e = fd == -1 ? EIO : said(renameat(folder, "mine", folder, "../mine"));
	return e == EXDEV ? EACCES : e;
}

static int
try_move_in(void)
{
	int e = said(renameat(AT_FDCWD, outside, folder, "theirs"));

	return e == EXDEV ? EACCES : e;
}

static int
try_unlink_out(void)
{
	return said(unlinkat(AT_FDCWD, outside, 0));
}

static int
try_passwd(void)
{
	return said(openat(AT_FDCWD, "/etc/passwd", O_RDONLY | O_CLOEXEC));
}

static int
try_proc(void)
{
	return said(openat(AT_FDCWD, "/proc/self/mem", O_RDWR | O_CLOEXEC));
}

static int
try_old_open(void)
{
	return said(syscall(SYS_open, "/etc/passwd", O_RDONLY));
}

static int
try_exec(void)
{
	return said(execl("/bin/true", "true", (char *)NULL));
}

static int
try_execveat(void)
{
	return said(syscall(SYS_execveat, folder, "x", NULL, NULL, 0));
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

static void *
nothing(void *p)
{
	return p;
}

static int
try_thread(void)
{
	pthread_t t;

	return pthread_create(&t, NULL, nothing, NULL);
}

static int
try_tcp(void)
{
	struct sockaddr_in a = {.sin_family = AF_INET,
	    .sin_port = htons(net.ports[NET_WEB]),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	return s == -1 ||
		       (connect(s, (struct sockaddr *)&a, sizeof(a)) == -1 && errno != EINPROGRESS)
		   ? errno
		   : 0;
}

static int
try_udp6(void)
{
	return said(socket(AF_INET6, SOCK_DGRAM, 0));
}

static int
try_other_port(void)
{
	struct sockaddr_in a = {.sin_family = AF_INET,
	    .sin_port = htons(net.ports[NET_CLOSED]),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int s = socket(AF_INET, SOCK_STREAM, 0);

	return s == -1 ? EIO : said(connect(s, (struct sockaddr *)&a, sizeof(a)));
}

static int
try_raw(void)
{
	return said(socket(AF_INET, SOCK_RAW, IPPROTO_ICMP));
}

static int
try_packet(void)
{
	return said(socket(AF_PACKET, SOCK_DGRAM, 0));
}

static int
try_netlink(void)
{
	return said(socket(AF_NETLINK, SOCK_DGRAM, 0));
}

static int
try_unix(void)
{
	return said(socket(AF_UNIX, SOCK_STREAM, 0));
}

static int
try_wide_domain(void)
{
	/* what the kernel cuts off must not hide it */
	return said(syscall(SYS_socket, AF_UNIX, 0x100000000ul | SOCK_STREAM, 0));
}

static int
try_bind(void)
{
	struct sockaddr_in a = {.sin_family = AF_INET};
	int s = socket(AF_INET, SOCK_STREAM, 0);

	return s == -1 ? EIO : said(bind(s, (struct sockaddr *)&a, sizeof(a)));
}

static int
try_listen(void)
{
	int s = socket(AF_INET, SOCK_STREAM, 0);

	return s == -1 ? EIO : said(listen(s, 1));
}

static int
try_accept(void)
{
	return said(accept(ORDER_JOBS, NULL, NULL));
}

static int
try_accept_listen(void)
{
	int e = said(accept4(ORDER_LISTEN, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK));

	return e == EAGAIN ? 0 : e;
}

static int
try_kill(void)
{
	return said(kill(getppid(), 0));
}

static int
try_ptrace(void)
{
	return said(syscall(SYS_ptrace, 0, 0, 0, 0));
}

static int
try_peek(void)
{
	return said(syscall(SYS_process_vm_readv, getppid(), NULL, 0, NULL, 0, 0));
}

static int
try_prctl(void)
{
	return said(prctl(PR_SET_DUMPABLE, 1));
}

static int
try_code(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? errno : 0;
}

static int
try_link(void)
{
	return said(linkat(AT_FDCWD, outside, folder, "linked", 0));
}

static int
try_symlink(void)
{
	return said(symlinkat("/etc/passwd", folder, "linked"));
}

static int
try_chmod(void)
{
	return said(fchmodat(folder, ".", 0777, 0));
}

static int
try_memory(void)
{
	void *p = mmap(NULL, CAP_FETCH_MEMORY + (64u << 20), PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return p == MAP_FAILED ? errno : 0;
}

static int
try_some_memory(void)
{
	void *p = mmap(NULL, CAP_FETCH_MEMORY / 2, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return p == MAP_FAILED ? errno : 0;
}

#define KILLED (-1)

static const struct {
	const char *name;
	int (*attempt)(void);
	int want; /* errno, or KILLED */
} attempts[] = {
    {"keep a file", try_keep, 0},
    {"list its folder", try_list, 0},
    {"connect to the web", try_tcp, 0},
    {"make a socket for DNS", try_udp6, 0},
    {"take who comes in", try_accept_listen, 0},
    {"have memory", try_some_memory, 0},
    {"have all memory", try_memory, ENOMEM},
    {"read beside its folder", try_up, EACCES},
    {"write beside its folder", try_up_write, EACCES},
    {"move a file out", try_move_out, EACCES},
    {"move a file in", try_move_in, EACCES},
    {"remove another's file", try_unlink_out, EACCES},
    {"open another file", try_passwd, EACCES},
    {"open it by the old call", try_old_open, EACCES},
    {"open its own memory", try_proc, EACCES},
    {"fork", try_fork, EACCES},
    {"make a thread", try_thread, EACCES},
    {"vfork", try_vfork, KILLED},
    {"exec", try_exec, KILLED},
    {"execveat", try_execveat, KILLED},
    {"make a raw socket", try_raw, KILLED},
    {"make a packet socket", try_packet, KILLED},
    {"make a netlink socket", try_netlink, KILLED},
    {"make a Unix socket", try_unix, KILLED},
    {"make one with odd bits", try_wide_domain, KILLED},
    {"bind", try_bind, KILLED},
    {"listen", try_listen, KILLED},
    {"accept elsewhere", try_accept, KILLED},
    {"signal its parent", try_kill, KILLED},
    {"ptrace", try_ptrace, KILLED},
    {"read another's memory", try_peek, KILLED},
    {"prctl", try_prctl, KILLED},
    {"map code", try_code, KILLED},
    {"make a link", try_link, KILLED},
    {"make a symbolic link", try_symlink, KILLED},
    {"change modes", try_chmod, KILLED},
};

/* Descriptors as the program has them, then the seal. */
static void
settle(bool *files)
{
	const unsigned short ports[] = {
	    net.ports[NET_WEB], net.ports[NET_OTHER], net.ports[NET_TLS]};
	int folders[] = {-1, -1};
	struct fetch_seal s = {folders, nitems(folders), ports, nitems(ports)};
	struct sockaddr_un {
		sa_family_t family;
		char path[108];
	} a = {AF_UNIX, "\0periksa-t-fetcher"};
	int pair[2], listener;

	(void)snprintf(a.path + 18, sizeof(a.path) - 18, "%d", (int)getpid());
	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair) != 0 ||
	    (listener = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0)) == -1 ||
	    bind(listener, (struct sockaddr *)&a, sizeof(a)) != 0 || listen(listener, 1) != 0)
		_exit(254);
	folder = fcntl(folder, F_DUPFD, 20);
	listener = fcntl(listener, F_DUPFD, 20);
	if (dup2(pair[0], ORDER_JOBS) == -1 || dup2(listener, ORDER_LISTEN) == -1)
		_exit(253);
	folders[1] = folder;
	if (fetch_seal(&s, files) != RC_OK)
		_exit(252);
}

static int
ended(pid_t pid)
{
	int status;

	assert_int_not_equal(pid, -1);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static pid_t
split(void)
{
	fflush(NULL);
	return fork();
}

static void
test_attempts(void **state)
{
	bool files;
	int status;
	size_t i;
	pid_t pid;

	(void)state;
	if (SEAL_OFF)
		skip();
	for (i = 0; i < nitems(attempts); i++) {
		if ((pid = split()) == 0) {
			settle(&files);
			errno = 0;
			_exit(files ? attempts[i].attempt() : 251);
		}
		status = ended(pid);
		if (attempts[i].want == KILLED) {
			if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGSYS)
				fail_msg("%s: not killed, status %x", attempts[i].name, status);
		} else if (!WIFEXITED(status) || WEXITSTATUS(status) != attempts[i].want)
			fail_msg("%s: status %x, want errno %d", attempts[i].name, status,
			    attempts[i].want);
	}
	assert_int_equal(access(outside, F_OK), 0);
}

/* Newer kernels: TCP only to ports of the web, whatever the guard would say. */
static void
test_ports(void **state)
{
	unsigned before = net.log->connections[NET_CLOSED];
	bool files;
	int status;
	pid_t pid;

	(void)state;
	if (syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION) < 4)
		skip();
	if ((pid = split()) == 0) {
		settle(&files);
		_exit(files ? try_other_port() : 251);
	}
	status = ended(pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), EACCES);
	assert_int_equal(net.log->connections[NET_CLOSED], before);
}

/* --- its work --- */

static void
on_done(void *ctx, const struct fetch_result *r)
{
	*(enum lookup_outcome *)ctx = r->outcome;
}

static bool
flies(struct fetch *f, const char *scheme, const char *host, enum net_port port, bool post,
    enum lookup_outcome want)
{
	enum lookup_outcome o = LOOKUP_OPEN;
	struct fetch_flight *t;
	struct fetch_ask ask = {.max = 4096, .deadline = io_now_ms() + 5000};
	char url[256];

	(void)snprintf(url, sizeof(url), "%s://%s:%u/to/302//ok", scheme, host, net.ports[port]);
	ask.url = url;
	if (post) {
		ask.body = (const uint8_t *)"question";
		ask.body_len = 8;
		ask.type = "application/ocsp-request";
	}
	if (fetch_start(f, &t, &ask, on_done, &o) != RC_OK)
		return false;
	while (o == LOOKUP_OPEN)
		if (fetch_turn(f, NULL, 0, -1) != RC_OK)
			return false;
	return o == want;
}

static int
work(bool unchecked)
{
	enum lookup_outcome by_tls = unchecked ? LOOKUP_ANSWERED : LOOKUP_UNREACHABLE;
	struct evidence_conf conf = {.any_host = true,
	    .tls_unchecked = unchecked,
	    .test_ports = {net.ports[NET_WEB], net.ports[NET_TLS]},
	    .ntest_ports = 2};
	struct guard g = {&conf, NULL, 0};
	struct fetch *f;
	bool files;
	int i;

	(void)snprintf(conf.test_dns, sizeof(conf.test_dns), "127.0.0.1:%u", net.dns);
	if (fetch_new(&f, &g) != RC_OK)
		return 1;
	settle(&files);
	for (i = 0; i < 3; i++) {
		if (!flies(f, "http", "127.0.0.1", NET_WEB, false, LOOKUP_ANSWERED) ||
		    !flies(f, "http", "[::1]", NET_WEB, false, LOOKUP_ANSWERED))
			return 2;
		if (!flies(f, "http", "ok.test", NET_WEB, true, LOOKUP_ANSWERED) ||
		    !flies(f, "http", "both.test", NET_WEB, false, LOOKUP_ANSWERED) ||
		    !flies(f, "http", "six.test", NET_WEB, false, LOOKUP_ANSWERED))
			return 3;
		if (!flies(f, "http", "none.test", NET_WEB, false, LOOKUP_UNREACHABLE) ||
		    !flies(f, "http", "private.test", NET_WEB, false, LOOKUP_FORBIDDEN))
			return 4;
		if (!flies(f, "https", "ok.test", NET_TLS, false, by_tls))
			return 5;
	}
	fetch_free(f);
	return 0;
}

static void
test_work(void **state)
{
	int status, i;
	pid_t pid;

	(void)state;
	for (i = 0; i < 2; i++) {
		if ((pid = split()) == 0)
			_exit(work(i == 1));
		status = ended(pid);
		if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
			fail_msg("%s: status %x", i == 1 ? "unchecked" : "checked", status);
	}
}

/* --- a kernel without Landlock --- */

static bool
lose_landlock(void)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ALLOW);

	return ctx != NULL &&
	       seccomp_rule_add(
		   ctx, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(landlock_create_ruleset), 0) == 0 &&
	       seccomp_load(ctx) == 0;
}

static void
test_no_landlock(void **state)
{
	static const struct {
		int (*attempt)(void);
		int want;
	} v[] = {{try_keep, EACCES}, {try_list, EACCES}, {try_passwd, EACCES}, {try_tcp, 0}};
	int status;
	bool files;
	size_t i;
	pid_t pid;

	(void)state;
	if (SEAL_OFF)
		skip();
	for (i = 0; i < nitems(v); i++) {
		if ((pid = split()) == 0) {
			if (!lose_landlock())
				_exit(250);
			settle(&files);
			_exit(files ? 251 : v[i].attempt());
		}
		status = ended(pid);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), v[i].want);
	}
}

static int
set_up(void **state)
{
	const char *tmp = getenv("TMPDIR");
	char path[8192];
	int fd;

	(void)state;
	(void)snprintf(home, sizeof(home), "%s/periksa-fetcher.XXXXXX", tmp != NULL ? tmp : "/tmp");
	if (mkdtemp(home) == NULL)
		return -1;
	(void)snprintf(outside, sizeof(outside), "%s/outside", home);
	(void)snprintf(path, sizeof(path), "%s/cache", home);
	if ((fd = open(outside, O_WRONLY | O_CREAT | O_CLOEXEC, 0600)) == -1 ||
	    mkdir(path, 0700) != 0)
		return -1;
	close(fd);
	if ((folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) == -1)
		return -1;
	net_start(&net);
	return 0;
}

static int
tear_down(void **state)
{
	char path[8192];

	(void)state;
	net_stop(&net);
	(void)unlinkat(folder, "mine", 0);
	close(folder);
	(void)unlink(outside);
	(void)snprintf(path, sizeof(path), "%s/cache", home);
	(void)rmdir(path);
	return rmdir(home);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_attempts),
	    cmocka_unit_test(test_ports),
	    cmocka_unit_test(test_no_landlock),
	    cmocka_unit_test(test_work),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
