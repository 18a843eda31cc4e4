/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Jobs, answers and finds as a process that was taken over could write them. */
#include <assert.h>
#include <string.h>

#include "caps.h"
#include "paperwork.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
same(const struct buf *b, const uint8_t *data, size_t len)
{
	assert(b->rc == RC_OK && b->len == len && memcmp(b->p, data, len) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct paper_octets rest = {data, len};
	struct paper_answer a;
	struct paper_find f;
	struct paper_job job;
	struct buf b;

	buf_init(&b, CAP_PAPER_JOB);
	if (paper_job_decode(&job, data, len) == RC_OK) {
		paper_job_encode(&b, &job);
		same(&b, data, len);
	}
	buf_clear(&b);
	if (paper_answer_decode(&a, data, len) == RC_OK)
		assert(strnlen(a.detail, sizeof(a.detail)) < sizeof(a.detail));
	else
		assert(a.code == PAPER_TROUBLE || a.out.len == 0);
	while (paper_find_next(&rest, &f) == RC_OK)
		assert(rest.len < len);
	return 0;
}
