/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The processes of a portal, each from the keeper's fork to the program or the loop that it then
 * is.  Which there are, and when they are started again, is not known here.
 */
#define _GNU_SOURCE
#include <sys/prctl.h>

#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "clerk.h"
#include "errand.h"
#include "io.h"
#include "log.h"
#include "painter.h"
#include "papercall.h"
#include "servants.h"
#include "supervisor.h"

#define PROGRAM_FD 64 /* out of the way of the descriptors that a program gets */

static bool
set_environment(const struct service *s)
{
	const struct {
		const char *name, *value; /* NULL: not set */
	} v[] = {
	    {"PERIKSA_DATA", s->dir.path},
	    {"PERIKSA_SOCKET", DATADIR_SOCKET},
	    {"PERIKSA_FETCH", s->fetch_path[0] != '\0' ? DATADIR_FETCH : NULL},
	    {"PERIKSA_WEATHER", DATADIR_WEATHER},
	    {"PERIKSA_TRUST", DATADIR_TRUST},
	    {"PERIKSA_CANARY", s->canary[0] != '\0' ? s->canary : NULL},
	    {"PERIKSA_TEMPLATES", s->templates},
	    {"PERIKSA_ASSETS", s->assets},
	    {"PERIKSA_DEMO", s->demo},
	    {"PERIKSA_PUBLIC_URL", s->portal.public_url},
	    {"PERIKSA_PUBLIC_GUESS", s->public_guess ? "1" : NULL},
	    {"PERIKSA_PAPER", s->paper_path[0] != '\0' ? DATADIR_PAPER : NULL},
	    {"PERIKSA_PAPERS", s->papers},
	    {"PERIKSA_ADDRESSES", s->addresses[0] != '\0' ? s->addresses : NULL},
	    {"PERIKSA_VAULT", DATADIR_VAULT},
	    {"PERIKSA_BATCHES", DATADIR_BATCHES},
	};
	size_t i;

	for (i = 0; i < sizeof(v) / sizeof(v[0]); i++)
		if ((v[i].value == NULL ? unsetenv(v[i].name) : setenv(v[i].name, v[i].value, 1)) !=
		    0)
			return false;
	return true;
}

/* Everything that Kore says is for the log: our standard output has one line. */
static void
run_portal(void *ctx)
{
	const struct service *s = ctx;
	/* NOLINTNEXTLINE(android-cloexec-open): becomes Kore's standard input */
	int null = open("/dev/null", O_RDONLY);

	log_name("periksa portal");
	if (null == -1 || dup2(null, STDIN_FILENO) == -1 ||
	    dup2(STDERR_FILENO, STDOUT_FILENO) == -1 ||
	    close_range(STDERR_FILENO + 1, ~0u, 0) == -1 || chdir(s->dir.path) == -1 ||
	    !set_environment(s)) {
		log_warn("can't start");
		return;
	}
	if (s->dir.as_root)
		execlp("kore", "kore", "-f", "-q", "-c", "run/" DATADIR_CONF, (char *)NULL);
	else
		execlp("kore", "kore", "-f", "-q", "-n", "-r", "-c", "run/" DATADIR_CONF,
		    (char *)NULL);
	log_warn("kore can't be run");
}

/* An inspector needs nothing that is root's. */
static bool
drop_privileges(const struct datadir *d)
{
	return !d->as_root ||
	       (setgroups(1, &d->gid) == 0 && setresgid(d->gid, d->gid, d->gid) == 0 &&
		   setresuid(d->uid, d->uid, d->uid) == 0);
}

/* Of those that are no program of their own: the log's name, and what `ps` shows. */
static void
be_called(const char *log, const char *process)
{
	log_name(log);
	(void)prctl(PR_SET_NAME, process);
}

static void
run_supervisor(void *ctx)
{
	const struct service *s = ctx;
	pid_t keeper = getppid();

	be_called("periksa supervisor", "periksa-inspect");
	/* A change of user clears the parent's death signal. */
	if (!drop_privileges(&s->dir) || prctl(PR_SET_PDEATHSIG, SIGKILL) == -1 ||
	    getppid() != keeper) {
		log_warn("can't start");
		return;
	}
	(void)supervisor_run(s->listen_fd, s->draw[0], s->evidence[0], s->trust, s->canary_trust);
}

/* It writes what the portal's processes read: as their user. */
/*
 * The data folder is all that the clerk sees, as the workers: the folders above it may be closed
 * to the user that it becomes, and SQLite walks through each of a path.
 */
static bool
shut_in(const struct datadir *d)
{
	tzset(); /* the night begins by the machine's clock */
	return fchdir(d->fd) == 0 && (!d->as_root || chroot(".") == 0) && drop_privileges(d);
}

static void
run_clerk(void *ctx)
{
	const struct service *s = ctx;
	const struct clerk c = {
	    .store = DATADIR_STORE,
	    .inspect = DATADIR_SOCKET,
	    .fetch = s->fetch_path[0] != '\0' ? DATADIR_FETCH : NULL,
	    .paper = s->paper_path[0] != '\0' ? DATADIR_PAPER : NULL,
	    .vault = DATADIR_VAULT,
	    .batches = DATADIR_BATCHES,
	    .public_url = s->portal.public_url,
	    .stationery = s->stationery,
	    .hour = s->portal.hour,
	    .minute = s->portal.minute,
	};
	pid_t keeper = getppid();
	/* NOLINTNEXTLINE(android-cloexec-open): becomes its standard input */
	int null = open("/dev/null", O_RDONLY);

	be_called("periksa clerk", "periksa-clerk");
	if (null == -1 || dup2(null, STDIN_FILENO) == -1 ||
	    dup2(STDERR_FILENO, STDOUT_FILENO) == -1 || !shut_in(&s->dir) ||
	    close_range(STDERR_FILENO + 1, ~0u, 0) == -1 ||
	    prctl(PR_SET_PDEATHSIG, SIGKILL) == -1 || getppid() != keeper) {
		log_warn("can't start");
		return;
	}
	(void)clerk_run(&c);
}

static void
run_drawer(void *ctx)
{
	const struct service *s = ctx;
	pid_t keeper = getppid();
	int program = open(s->draw_path, O_PATH | O_CLOEXEC);

	log_name("periksa drawer");
	if (program != -1 && drop_privileges(&s->dir) && chdir("/") == 0)
		painter_become(program, s->draw[1], keeper);
	log_warn("can't start");
}

/*
 * A program that may lie where only root can go, for after drop_privileges(): its path, or what it
 * was opened as, which is written to spare.
 */
static const char *
reachable(const char *path, int fd, char spare[32])
{
	/* A change of user has made /proc/self root's. */
	if (access(path, X_OK) == 0 || prctl(PR_SET_DUMPABLE, 1) == -1)
		return path;
	(void)snprintf(spare, 32, "/proc/self/fd/%d", fd);
	return spare;
}

/* -1: it is not there. */
static int
open_program(const char *path)
{
	int fd = open(path, O_PATH | O_CLOEXEC), moved = -1;

	if (fd != -1)
		moved = fcntl(fd, F_DUPFD_CLOEXEC, PROGRAM_FD);
	io_close(&fd);
	return moved;
}

/* Its files lie below the data folder, where it is; its program may lie anywhere. */
static void
run_fetcher(void *ctx)
{
	const struct service *s = ctx;
	char spare[32];
	struct errand_program p = {
	    .conf = DATADIR_ASKING,
	    .trust = DATADIR_ANCHORS,
	    .cache = DATADIR_EVIDENCE,
	    .weather = DATADIR_WEATHER,
	    .hosts = s->hosts,
	};
	pid_t keeper = getppid();
	int fd = open_program(s->fetch_path);

	log_name("periksa fetcher");
	if (fd == -1 || fchdir(s->dir.fd) == -1 || !drop_privileges(&s->dir)) {
		log_warn("can't start");
		return;
	}
	p.program = reachable(s->fetch_path, fd, spare);
	errand_become(&p, s->evidence[1], s->fetch_fd, keeper);
	log_warn("can't start");
}

static void
run_paper(void *ctx)
{
	const struct service *s = ctx;
	char spare[32];
	pid_t keeper = getppid();
	int fd = open_program(s->paper_path);

	log_name("periksa paper");
	if (fd != -1 && drop_privileges(&s->dir) && chdir("/") == 0)
		papercall_become(reachable(s->paper_path, fd, spare), s->paper_fd, keeper);
	log_warn("can't start");
}

/* In the order in which they end: each may still be asked by those before it. */
size_t
servants(const struct service *s, struct keeper_child v[SERVANTS])
{
	size_t n = 0;

	v[n++] = (struct keeper_child){.name = "portal", .run = run_portal, .essential = true};
	v[n++] = (struct keeper_child){.name = "clerk", .run = run_clerk};
	v[n++] = (struct keeper_child){
	    .name = "inspector supervisor", .run = run_supervisor, .anew = true};
	if (s->draw_path[0] != '\0')
		v[n++] = (struct keeper_child){.name = "drawer", .run = run_drawer};
	if (s->fetch_path[0] != '\0')
		v[n++] = (struct keeper_child){.name = "fetcher", .run = run_fetcher, .anew = true};
	if (s->paper_path[0] != '\0')
		v[n++] = (struct keeper_child){.name = "paper", .run = run_paper};
	return n;
}
