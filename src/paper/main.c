/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * periksa-paper: one job from standard input, its answer to standard output, see base/paperwork.h.
 * Before it reads the job it is shut in.
 */
#include <signal.h>
#include <unistd.h>

#include "caps.h"
#include "cell.h"
#include "io.h"
#include "log.h"
#include "works.h"

/* Nothing else stays open. */
static bool
settle(void)
{
	int sig;

	for (sig = 1; sig < NSIG; sig++)
		(void)signal(sig, SIG_DFL); /* those that can't be set stay */
	return dup2(STDOUT_FILENO, CELL_ANSWER) != -1 && close_range(CELL_ANSWER + 1, ~0u, 0) == 0;
}

/* All of standard input; what is longer than any job is none. */
static enum rc
read_job(struct buf *b)
{
	static uint8_t chunk[64u << 10];
	ssize_t n;

	while ((n = read(STDIN_FILENO, chunk, sizeof(chunk))) > 0)
		buf_put(b, chunk, (size_t)n);
	return n == 0 ? buf_rc(b) : RC_IO;
}

int
main(void)
{
	struct paper_answer a = {.code = PAPER_BAD_JOB};
	struct buf in, out, wire;
	struct paper_job job;

	log_name("periksa paper");
	if (!settle())
		return 1;
	if (works_warm() != RC_OK) {
		log_warnx(
		    "nothing can be drawn: no font, or not the libraries that it was built for");
		return 1;
	}
	if (!cell_shut()) {
		log_warnx("it can't be shut in");
		return 1;
	}
	buf_init(&in, CAP_PAPER_JOB);
	buf_init(&out, CAP_PAPER_OUT);
	buf_init(&wire, CAP_PAPER_OUT + 4096);
	if (read_job(&in) == RC_OK && paper_job_decode(&job, in.p, in.len) == RC_OK)
		works_do(&a, &out, &job);
	paper_answer_encode(&wire, &a);
	/* The libraries free nothing, and need not. */
	_exit(buf_rc(&wire) == RC_OK && io_write_full(CELL_ANSWER, wire.p, wire.len) == RC_OK ? 0
											      : 1);
}
