/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * periksa-paper: one job from standard input, its answer to standard output, see
 * base/paperwork.h; or, as `periksa-paper --serve FD`, one process for each job that comes to a
 * listening socket, see base/papercall.h.  Before a job is read, its process is shut in.
 */
#include <sys/prctl.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cell.h"
#include "task.h"
#include "log.h"
#include "server.h"
#include "works.h"

/* Of a server, descriptor 3, too: that of an answer in its children. */
#define LISTENER (CELL_ANSWER + 1)

static bool
settle(void)
{
	sigset_t none;
	int sig;

	for (sig = 1; sig < NSIG; sig++)
		(void)signal(sig, SIG_DFL); /* those that can't be set stay */
	sigemptyset(&none);
	return sigprocmask(SIG_SETMASK, &none, NULL) == 0;
}

/* The job, the answer and standard error: nothing else stays open. */
static bool
settle_job(void)
{
	return settle() && dup2(STDOUT_FILENO, CELL_ANSWER) != -1 &&
	       close_range(CELL_ANSWER + 1, ~0u, 0) == 0;
}

/* The socket and standard error; what its children use is taken, and by nothing else. */
static bool
settle_server(int fd)
{
	if (!settle() || prctl(PR_SET_PDEATHSIG, SIGKILL) == -1)
		return false;
	/* A terminal's signals are for the keeper, which ends us when all is done. */
	(void)signal(SIGINT, SIG_IGN);
	(void)signal(SIGHUP, SIG_IGN);
	if ((fd = fcntl(fd, F_DUPFD_CLOEXEC, 100)) == -1 || close_range(0, STDOUT_FILENO, 0) != 0 ||
	    close_range(STDERR_FILENO + 1, (unsigned)fd - 1, 0) != 0 ||
	    close_range((unsigned)fd + 1, ~0u, 0) != 0)
		return false;
	return open("/dev/null", O_RDWR | O_CLOEXEC) == 0 && fcntl(0, F_DUPFD_CLOEXEC, 0) == 1 &&
	       fcntl(0, F_DUPFD_CLOEXEC, CELL_ANSWER) == CELL_ANSWER &&
	       dup3(fd, LISTENER, O_CLOEXEC) == LISTENER && close(fd) == 0;
}

static bool
get_ready(struct cell *cell)
{
	if (works_warm() != RC_OK)
		log_warnx(
		    "nothing can be drawn: no font, or not the libraries that it was built for");
	else if (!cell_build(cell))
		log_warnx("it can't be shut in");
	else
		return true;
	return false;
}

static int
serve(const char *descriptor)
{
	struct cell cell;
	char *end;
	long fd;

	errno = 0;
	fd = strtol(descriptor, &end, 10);
	if (errno != 0 || end == descriptor || *end != '\0' || fd <= STDERR_FILENO || fd > 1023) {
		log_warnx("--serve takes the number of a descriptor");
		return 2;
	}
	if (!settle_server((int)fd)) {
		log_warn("the socket can't be used");
		return 1;
	}
	if (get_ready(&cell))
		log_warnx("can't go on: %s", rc_str(server_run(LISTENER, &cell)));
	return 1;
}

static int
do_one(void)
{
	struct cell cell;

	if (!settle_job() || !get_ready(&cell))
		return 1;
	if (!cell_shut(&cell)) {
		log_warnx("it can't be shut in");
		return 1;
	}
	return task_stream(STDIN_FILENO) == RC_OK ? 0 : 1;
}

int
main(int argc, char **argv)
{
	int status;

	log_name("periksa paper");
	if (argc == 3 && strcmp(argv[1], "--serve") == 0)
		status = serve(argv[2]);
	else if (argc == 1)
		status = do_one();
	else {
		log_warnx("it takes no argument but --serve FD");
		status = 2;
	}
	/* The libraries free nothing, and need not. */
	_exit(status);
}
