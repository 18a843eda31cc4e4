/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Jobs and answers as octets: numbers big-endian, each part with its length before it. */
#include <string.h>

#include "caps.h"
#include "paperwork.h"
#include "rd.h"

#define JOB    0x504a3031u /* "PJ01" */
#define ANSWER 0x50413031u /* "PA01" */

static const struct {
	const char *name, *text;
} codes[PAPER_CODES] = {
#define PAPER_CODE(name, text) {#name, text},
#include "paperwork.def"
#undef PAPER_CODE
};

static const char *const parts[PAPER_PARTS] = {
    "template", "title", "name", "rank", "agency", "wording", "address", "id", "logo", "document"};

const char *
paper_code_name(enum paper_code code)
{
	return (unsigned)code < PAPER_CODES ? codes[code].name : "TROUBLE";
}

const char *
paper_code_text(enum paper_code code)
{
	return codes[(unsigned)code < PAPER_CODES ? code : PAPER_TROUBLE].text;
}

const char *
paper_part_name(enum paper_part part)
{
	return (unsigned)part < PAPER_PARTS ? parts[part] : "part";
}

static void
put(struct buf *b, const void *p, size_t len)
{
	buf_u32(b, (uint32_t)len); /* no more than CAP_PAPER_JOB, or the buffer is too small */
	if (len > 0)
		buf_put(b, p, len);
}

static struct paper_octets
get(struct rd *r)
{
	struct paper_octets o = {NULL, rd_u32(r)};

	if ((o.p = rd_bytes(r, o.len)) == NULL)
		o.len = 0;
	return o;
}

void
paper_job_encode(struct buf *b, const struct paper_job *job)
{
	size_t i;

	buf_u32(b, JOB);
	buf_u32(b, job->kind);
	buf_u32(b, job->format);
	buf_u32(b, job->dpi);
	buf_u32(b, job->from);
	buf_u32(b, job->to);
	for (i = 0; i < PAPER_PARTS; i++)
		put(b, job->part[i].p, job->part[i].len);
}

enum rc
paper_job_decode(struct paper_job *job, const uint8_t *p, size_t len)
{
	uint32_t kind, format;
	struct rd r;
	size_t i;

	memset(job, 0, sizeof(*job));
	rd_init(&r, p, len);
	if (rd_u32(&r) != JOB)
		return RC_FORMAT;
	kind = rd_u32(&r);
	format = rd_u32(&r);
	job->dpi = rd_u32(&r);
	job->from = rd_u32(&r);
	job->to = rd_u32(&r);
	for (i = 0; i < PAPER_PARTS; i++)
		job->part[i] = get(&r);
	if (!rd_end(&r) || kind == 0 || kind >= PAPER_KINDS || format > PAPER_TEXT)
		return RC_FORMAT;
	job->kind = (enum paper_kind)kind;
	job->format = (enum paper_format)format;
	return RC_OK;
}

void
paper_answer_encode(struct buf *b, const struct paper_answer *a)
{
	buf_u32(b, ANSWER);
	buf_u32(b, a->code);
	buf_u32(b, a->notes);
	put(b, a->detail, strnlen(a->detail, sizeof(a->detail) - 1));
	put(b, a->out.p, a->out.len);
}

enum rc
paper_answer_decode(struct paper_answer *a, const uint8_t *p, size_t len)
{
	struct paper_octets detail;
	uint32_t code;
	struct rd r;
	size_t i;

	memset(a, 0, sizeof(*a));
	a->code = PAPER_TROUBLE;
	rd_init(&r, p, len);
	if (rd_u32(&r) != ANSWER)
		return RC_FORMAT;
	code = rd_u32(&r);
	a->notes = rd_u32(&r);
	detail = get(&r);
	a->out = get(&r);
	if (!rd_end(&r) || code >= PAPER_CODES || detail.len >= sizeof(a->detail)) {
		a->out = (struct paper_octets){NULL, 0};
		return RC_FORMAT;
	}
	for (i = 0; i < detail.len; i++)
		a->detail[i] = (char)(detail.p[i] >= ' ' && detail.p[i] < 0x7f ? detail.p[i] : '?');
	a->code = (enum paper_code)code;
	return RC_OK;
}

void
paper_find_encode(struct buf *b, const struct paper_find *f)
{
	buf_u32(b, f->page);
	buf_u32(b, (uint32_t)f->source);
	put(b, f->text.p, f->text.len);
}

enum rc
paper_find_next(struct paper_octets *rest, struct paper_find *f)
{
	struct rd r;
	uint32_t source;

	memset(f, 0, sizeof(*f));
	if (rest->len == 0)
		return RC_ABSENT;
	rd_init(&r, rest->p, rest->len);
	f->page = rd_u32(&r);
	source = rd_u32(&r);
	f->text = get(&r);
	if (!rd_ok(&r) || source > PAPER_FROM_TEXT)
		return RC_FORMAT;
	f->source = (enum paper_source)source;
	rest->p += rest->len - r.left;
	rest->len = r.left;
	return RC_OK;
}
