/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Octets to a job, and an answer to octets. */
#include <sys/stat.h>

#include <errno.h>
#include <unistd.h>

#include "caps.h"
#include "cell.h"
#include "io.h"
#include "task.h"
#include "papercall.h"
#include "works.h"

static enum rc
answer(const struct buf *in, bool whole)
{
	struct paper_answer a = {.code = PAPER_BAD_JOB};
	struct buf out, wire;
	struct paper_job job;
	enum rc rc;

	buf_init(&out, CAP_PAPER_OUT);
	buf_init(&wire, PAPERCALL_REPLY);
	if (whole && paper_job_decode(&job, in->p, in->len) == RC_OK)
		works_do(&a, &out, &job);
	paper_answer_encode(&wire, &a);
	if ((rc = buf_rc(&wire)) == RC_OK)
		rc = io_write_full(CELL_ANSWER, wire.p, wire.len);
	buf_clear(&out);
	buf_clear(&wire);
	return rc;
}

enum rc
task_stream(int fd)
{
	struct buf in;
	enum rc rc;

	buf_init(&in, CAP_PAPER_JOB);
	rc = answer(&in, io_slurp(fd, CAP_PAPER_JOB, &in) == RC_OK);
	buf_clear(&in);
	return rc;
}

/* The file is copied: whoever sent it may still change it. */
enum rc
task_file(int fd)
{
	static uint8_t chunk[64u << 10];
	struct stat st;
	struct buf in;
	off_t at = 0;
	enum rc rc;
	ssize_t n = -1;

	buf_init(&in, CAP_PAPER_JOB);
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size <= (off_t)CAP_PAPER_JOB)
		while ((n = pread(fd, chunk, sizeof(chunk), at)) > 0 && buf_rc(&in) == RC_OK) {
			buf_put(&in, chunk, (size_t)n);
			at += n;
		}
	rc = answer(&in, n == 0 && buf_rc(&in) == RC_OK);
	buf_clear(&in);
	return rc;
}
