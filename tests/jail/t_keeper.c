/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The keeper: what dies is started again, at once at first and ever slower if
 * it keeps dying; what ends takes its own children with it.  Then the same with
 * the real program, if it is built: a killed supervisor is back within a second.
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
#include <sys/wait.h>
#include <netinet/in.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client.h"
#include "io.h"
#include "jail.h"
#include "keeper.h"

/* What the children tell: shared memory, seen by all. */
struct board {
	volatile int starts[2], ended[2], order;
	volatile pid_t pid[2], grandchild;
	volatile bool ready, reload;
};

static struct board *board;

static void
wait_for_end(int which)
{
	sigset_t set;
	int sig;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	board->pid[which] = getpid();
	board->starts[which]++;
	sigwait(&set, &sig);
	board->ended[which] = ++board->order;
	_exit(0);
}

static void
run_first(void *ctx)
{
	pid_t pid;

	(void)ctx;
	if ((pid = fork()) == 0) {
		alarm(30); /* should the test fail */
		pause();
		_exit(0);
	}
	board->grandchild = pid;
	wait_for_end(0);
}

static void
run_second(void *ctx)
{
	(void)ctx;
	wait_for_end(1);
}

static void
run_dying(void *ctx)
{
	(void)ctx;
	board->starts[1]++;
	_exit(3);
}

static bool
is_ready(void *ctx)
{
	(void)ctx;
	return board->ready;
}

static bool
do_reload(void *ctx)
{
	(void)ctx;
	board->reload = true;
	return true;
}

static pid_t
start_keeper(void (*second)(void *), bool ready)
{
	struct keeper_child children[] = {
	    {.name = "first", .run = run_first, .anew = true},
	    {.name = "second", .run = second, .essential = !ready},
	};
	struct keeper k = {.children = children, .n = 2, .ready = is_ready, .reload = do_reload};
	pid_t pid;

	memset((void *)(uintptr_t)board, 0, sizeof(*board));
	board->ready = ready;
	fflush(NULL);
	assert_int_not_equal(pid = fork(), -1);
	if (pid == 0) {
		/* a failed test leaves nobody behind */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		_exit(keeper_run(&k));
	}
	return pid;
}

/* Within a second, or never. */
#define SOON(cond)                                               \
	do {                                                     \
		long long until_ = io_now_ms() + 1000;           \
		bool met_;                                       \
		while (!(met_ = (cond)) && io_now_ms() < until_) \
			usleep(1000);                            \
		assert_true(met_);                               \
	} while (0)

static int
end_of(pid_t pid)
{
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void
test_restart(void **state)
{
	pid_t keeper = start_keeper(run_second, true), old;

	(void)state;
	SOON(board->starts[0] == 1 && board->starts[1] == 1);
	old = board->pid[1];
	kill(old, SIGKILL);
	SOON(board->starts[1] == 2);
	assert_int_not_equal(board->pid[1], old);
	assert_int_equal(board->starts[0], 1);
	/* with the first goes what it has started */
	old = board->grandchild;
	kill(board->pid[0], SIGKILL);
	SOON(board->starts[0] == 2);
	SOON(waitpid(old, NULL, WNOHANG) == old);
	/* the end: in order, and nobody is left */
	kill(keeper, SIGTERM);
	assert_int_equal(end_of(keeper), 0);
	assert_int_equal(board->ended[0], 1);
	assert_int_equal(board->ended[1], 2);
	assert_int_equal(kill(board->pid[0], 0), -1);
	assert_int_equal(kill(board->pid[1], 0), -1);
}

static void
test_reload(void **state)
{
	pid_t keeper = start_keeper(run_second, true);

	(void)state;
	SOON(board->starts[0] == 1 && board->starts[1] == 1);
	kill(keeper, SIGHUP);
	SOON(board->reload && board->starts[0] == 2);
	/* whom it does not concern is not even asked to end */
	assert_int_equal(board->starts[1], 1);
	kill(keeper, SIGINT);
	assert_int_equal(end_of(keeper), 0);
}

/* 0, 0, 50, 100, 200, 400 ms … between the starts of what can't live. */
static void
test_pauses(void **state)
{
	pid_t keeper = start_keeper(run_dying, true);

	(void)state;
	SOON(board->starts[1] >= 4);
	usleep(1000000);
	assert_in_range(board->starts[1], 5, 8);
	kill(keeper, SIGTERM);
	assert_int_equal(end_of(keeper), 0);
}

/* What never began to work is not tried for ever. */
static void
test_never_ready(void **state)
{
	pid_t keeper = start_keeper(run_dying, false);

	(void)state;
	assert_int_equal(end_of(keeper), 1);
	assert_int_equal(board->starts[1], 1);
}

static void
test_dies_with_keeper(void **state)
{
	pid_t keeper = start_keeper(run_second, true);

	(void)state;
	SOON(board->starts[0] == 1 && board->starts[1] == 1);
	kill(keeper, SIGKILL);
	assert_int_equal(waitpid(keeper, NULL, 0), keeper);
	SOON(board->ended[0] != 0 && board->ended[1] != 0);
	kill(board->grandchild, SIGKILL);
}

/* --- the real one --- */

/* Run a program to its end, its output out of the way of ours. */
static void
command(const char *program, const char *a, const char *b)
{
	int status;
	pid_t pid;

	fflush(NULL);
	assert_int_not_equal(pid = fork(), -1);
	if (pid == 0) {
		dup2(STDERR_FILENO, STDOUT_FILENO);
		execlp(program, program, a, b, (char *)NULL);
		_exit(127);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static int
free_port(void)
{
	struct sockaddr_in in = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(in);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&in, sizeof(in)), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&in, &len), 0);
	close(fd);
	return ntohs(in.sin_port);
}

/* The keeper's child that runs the same program: the supervisor. */
static pid_t
find_supervisor(pid_t keeper)
{
	char path[128], name[64], list[1024], *at = list, *end;
	pid_t pid, found = -1;
	FILE *f, *c;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", keeper, keeper);
	if ((f = fopen(path, "re")) == NULL)
		return -1;
	if (fgets(list, sizeof(list), f) == NULL)
		list[0] = '\0';
	for (; found == -1 && (pid = (pid_t)strtol(at, &end, 10)) > 0; at = end) {
		snprintf(path, sizeof(path), "/proc/%d/comm", pid);
		if ((c = fopen(path, "re")) == NULL)
			continue;
		if (fgets(name, sizeof(name), c) != NULL && strcmp(name, "periksa-inspect\n") == 0)
			found = pid;
		fclose(c);
	}
	fclose(f);
	return found;
}

static pid_t
start_portal(const char *program, const char *dir, int *out)
{
	char port[8], data[4200], demo[4200];
	int p[2];
	pid_t pid;

	assert_int_equal(pipe2(p, O_CLOEXEC), 0);
	snprintf(port, sizeof(port), "%d", free_port());
	snprintf(data, sizeof(data), "%s/data", dir);
	snprintf(demo, sizeof(demo), "%s/demo", dir);
	fflush(NULL);
	assert_int_not_equal(pid = fork(), -1);
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		dup2(p[1], STDOUT_FILENO);
		close(p[0]);
		execl(program, program, "serve", "--port", port, "--data", data, "--demo", demo,
		    (char *)NULL);
		_exit(127);
	}
	close(p[1]);
	*out = p[0];
	return pid;
}

static enum rc
ask(void)
{
	struct inspect_job job = {.len = UINT64_MAX, .at = 1793491200, .offline = true};
	struct report *r = NULL;
	enum rc rc;

	job.fd = memfd_create("document", MFD_CLOEXEC);
	assert_int_equal(io_write_full(job.fd, "no letter", 9), RC_OK);
	rc = inspect_run(&r, "data/run/inspect.sock", &job, 5000);
	if (rc == RC_OK) {
		assert_int_equal(r->conclusion, CONCLUSION_UNREADABLE);
		assert_true(r->demonstration);
	}
	report_free(r);
	close(job.fd);
	return rc;
}

static void
test_supervisor_is_back(void **state)
{
	char dir[4096], demo[4200], program[4096], line[256] = "";
	const char *tmp = getenv("TMPDIR"), *build = getenv("BUILD");
	struct pollfd p = {.events = POLLIN};
	pid_t keeper, old;
	long long killed;
	int out, here, i;
	enum rc rc;

	(void)state;
	/* Kore is no sanitizer build: it can't load such a module. */
	if (JAIL_OFF)
		skip();
	snprintf(dir, sizeof(dir), "%s/periksa", build == NULL ? "build" : build);
	if (realpath(dir, program) == NULL)
		skip();
	snprintf(dir, sizeof(dir), "%s/keeper-XXXXXX", tmp == NULL ? "/tmp" : tmp);
	assert_non_null(mkdtemp(dir));
	snprintf(demo, sizeof(demo), "%s/demo", dir);
	command(program, "demo", demo);
	keeper = start_portal(program, dir, &out);
	p.fd = out;
	assert_int_equal(poll(&p, 1, 10000), 1);
	assert_true(read(out, line, sizeof(line) - 1) > 0);
	assert_memory_equal(line, "Periksa: http://127.0.0.1:", 26);
	/* the socket's path must fit into a socket's address */
	here = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(chdir(dir), 0);
	assert_int_equal(ask(), RC_OK);
	for (i = 0; i < 2; i++) {
		assert_true((old = find_supervisor(keeper)) > 0);
		kill(old, SIGKILL);
		killed = io_now_ms();
		while ((rc = ask()) != RC_OK && io_now_ms() - killed < 3000)
			usleep(1000);
		assert_int_equal(rc, RC_OK);
		assert_true(io_now_ms() - killed < 1000);
		assert_int_not_equal(find_supervisor(keeper), old);
	}
	kill(keeper, SIGTERM);
	assert_int_equal(end_of(keeper), 0);
	/* nobody holds our pipe: all are gone */
	assert_int_equal(read(out, line, sizeof(line)), 0);
	assert_int_equal(ask(), RC_IO);
	close(out);
	assert_int_equal(fchdir(here), 0);
	close(here);
	command("rm", "-rf", dir);
}

static int
setup(void **state)
{
	int prot = PROT_READ | PROT_WRITE;

	(void)state;
	board = mmap(NULL, sizeof(*board), prot, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	/* Orphans come to us, so that we see them end. */
	return board == MAP_FAILED || prctl(PR_SET_CHILD_SUBREAPER, 1) == -1 ? -1 : 0;
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_restart),
	    cmocka_unit_test(test_reload),
	    cmocka_unit_test(test_pauses),
	    cmocka_unit_test(test_never_ready),
	    cmocka_unit_test(test_dies_with_keeper),
	    cmocka_unit_test(test_supervisor_is_back),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("keeper", tests, setup, NULL);
}
