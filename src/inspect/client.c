/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The asking side.  What comes back is read to its end, limited and decoded as
 * untrusted bytes; what this side knows better (the document's name and size,
 * the time, and from the supervisor the policy and the anchors) is not taken from
 * the inspector.  When there is no report, one is made here that says so.
 */
#include <sys/stat.h>

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "caps.h"
#include "client.h"
#include "io.h"
#include "rd.h"
#include "talk.h"
#include "wire.h"

struct inspect_call {
	int fd;
	struct inspect_job job; /* name, policy and password not kept here */
	char *name;             /* own copy, or NULL */
	struct buf in;
	struct talk_head head;
	size_t report; /* where the report begins in in; 0: no head yet */
	bool nonsense; /* what began there is no report: only the end counts */
};

static enum rc
ask(struct inspect_call *c, const struct inspect_job *job)
{
	struct talk_request q = {.off = c->job.off,
	    .len = c->job.len,
	    .at = c->job.at,
	    .offline = c->job.offline,
	    .pictures = c->job.pictures,
	    .canary = c->job.canary};
	const int fds[] = {c->job.fd, c->job.album};
	struct buf b;
	enum rc rc;

	if (job->policy != NULL) {
		if (strlen(job->policy) >= sizeof(q.policy))
			return RC_FORMAT;
		memcpy(q.policy, job->policy, strlen(job->policy));
	}
	if (job->password != NULL) {
		if (job->password_len > sizeof(q.password))
			return RC_FORMAT;
		memcpy(q.password, job->password, job->password_len);
		q.password_len = (uint8_t)job->password_len;
	}
	buf_init(&b, TALK_REQUEST_MAX);
	talk_put_request(&b, &q);
	if ((rc = buf_rc(&b)) == RC_OK)
		rc = io_send_fds(c->fd, b.p, b.len, fds, c->job.pictures ? 2 : 1);
	/* No copy of a password outlives its use; the request fits the first block of a buf. */
	if (b.p != NULL)
		explicit_bzero(b.p, b.len);
	explicit_bzero(&q, sizeof(q));
	buf_clear(&b);
	return rc;
}

enum rc
inspect_start(struct inspect_call **out, const char *socket_path, const struct inspect_job *job)
{
	struct inspect_call *c;
	struct stat st;
	enum rc rc;

	*out = NULL;
	if ((c = calloc(1, sizeof(*c))) == NULL)
		return RC_NOMEM;
	c->fd = -1;
	c->job = *job;
	c->job.name = c->job.policy = NULL;
	c->job.password = NULL;
	buf_init(&c->in, TALK_HEAD_MAX + TALK_FRAME_LEN + CAP_WIRE + TALK_END_LEN);
	rc = RC_NOMEM;
	if (job->name != NULL && (c->name = strdup(job->name)) == NULL)
		goto out;
	rc = RC_IO;
	if (job->len == UINT64_MAX) {
		if (fstat(job->fd, &st) == -1 || st.st_size < 0 || job->off > (uint64_t)st.st_size)
			goto out;
		c->job.len = (uint64_t)st.st_size - job->off;
	}
	if ((rc = io_dial(socket_path, &c->fd)) != RC_OK || (rc = ask(c, job)) != RC_OK)
		goto out;
	*out = c;
	c = NULL; /* transferred */
out:
	inspect_free(c);
	return rc;
}

int
inspect_fd(const struct inspect_call *c)
{
	return c->fd;
}

void
inspect_free(struct inspect_call *c)
{
	if (c == NULL)
		return;
	io_close(&c->fd);
	buf_clear(&c->in);
	free(c->name);
	free(c);
}

/* SHA-256 of the document's bytes, without looking at them. */
static enum rc
digest(const struct inspect_job *job, uint8_t out[32])
{
	uint64_t off = job->off, left = job->len;
	EVP_MD_CTX *ctx;
	uint8_t *chunk;
	enum rc rc = RC_NOMEM;
	ssize_t n;

	chunk = malloc(CAP_HASH_CHUNK);
	ctx = EVP_MD_CTX_new();
	if (chunk == NULL || ctx == NULL)
		goto out;
	rc = RC_CRYPTO;
	if (EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) != 1)
		goto out;
	while (left > 0) {
		n = pread(job->fd, chunk, left < CAP_HASH_CHUNK ? (size_t)left : CAP_HASH_CHUNK,
		    (off_t)off);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			rc = RC_IO;
			goto out;
		}
		if (EVP_DigestUpdate(ctx, chunk, (size_t)n) != 1)
			goto out;
		off += (uint64_t)n;
		left -= (uint64_t)n;
	}
	if (EVP_DigestFinal_ex(ctx, out, NULL) == 1)
		rc = RC_OK;
out:
	EVP_MD_CTX_free(ctx);
	free(chunk);
	return rc;
}

/* What is known on this side of the wall. */
static enum rc
set_known(struct report *r, const struct inspect_call *c)
{
	const struct talk_head *h = &c->head;

	r->document.size = c->job.len;
	r->validated_at = c->job.at;
	r->offline = c->job.offline;
	r->demonstration = h->demonstration;
	memcpy(r->trust_id, h->trust_id, sizeof(r->trust_id));
	r->policy_id = arena_str(r->arena, h->policy_id, strlen(h->policy_id));
	r->policy_version = arena_str(r->arena, h->policy_version, strlen(h->policy_version));
	r->document.name = NULL;
	if (c->name != NULL)
		r->document.name = report_text(r->arena, c->name, strlen(c->name));
	if (r->policy_id == NULL || r->policy_version == NULL ||
	    (c->name != NULL && r->document.name == NULL))
		return RC_NOMEM;
	return RC_OK;
}

static enum rc
finish(const struct inspect_call *c, struct report *r, struct report **out)
{
	enum rc rc = r == NULL ? RC_NOMEM : set_known(r, c);

	if (rc != RC_OK) {
		report_free(r);
		return rc;
	}
	*out = r;
	return RC_OK;
}

static enum rc
not_examined(const struct inspect_call *c, enum check reason, struct report **out)
{
	struct report *r = report_new();

	if (r != NULL) {
		report_not_examined(r, reason);
		/* A file that can't even be read keeps a digest of zeros. */
		if (digest(&c->job, r->document.sha256) != RC_OK)
			memset(r->document.sha256, 0, sizeof(r->document.sha256));
	}
	return finish(c, r, out);
}

/* The frame at off: RC_BUSY if it is not all there, RC_FORMAT if it is another one. */
static enum rc
frame(const struct inspect_call *c, size_t off, uint32_t tag, size_t max, size_t *len)
{
	struct rd r;

	if (c->in.len - off < TALK_FRAME_LEN)
		return RC_BUSY;
	rd_init(&r, c->in.p + off, TALK_FRAME_LEN);
	if (rd_u32(&r) != tag || (*len = rd_u32(&r)) > max)
		return RC_FORMAT;
	return c->in.len - off - TALK_FRAME_LEN < *len ? RC_BUSY : RC_OK;
}

/* The whole answer, if it has come.  RC_BUSY if not yet. */
static enum rc
try_answer(struct inspect_call *c, struct report **out)
{
	struct report *r;
	size_t len;
	enum rc rc;

	if (c->report == 0) {
		rc = frame(c, 0, TALK_HEAD, TALK_HEAD_MAX, &len);
		if (rc == RC_OK)
			rc = talk_get_head(&c->head, c->in.p + TALK_FRAME_LEN, len);
		if (rc != RC_OK)
			return rc == RC_BUSY ? RC_BUSY : RC_IO;
		c->report = TALK_FRAME_LEN + len;
	}
	if (c->nonsense)
		return RC_BUSY;
	rc = frame(c, c->report, TALK_REPORT, CAP_WIRE, &len);
	if (rc == RC_OK)
		rc = wire_decode(&r, c->in.p + c->report + TALK_FRAME_LEN, len);
	if (rc == RC_OK)
		return finish(c, r, out);
	if (rc != RC_FORMAT)
		return rc;
	/* Nonsense, or already the supervisor's word about the end. */
	c->nonsense = true;
	return RC_BUSY;
}

static enum rc
at_end(const struct inspect_call *c, struct report **out)
{
	enum talk_end end = TALK_END__MAX;

	if (c->report != 0 && c->in.len - c->report >= TALK_END_LEN)
		end = talk_get_end(c->in.p + c->in.len - TALK_END_LEN);
	if (end == TALK_END__MAX)
		return RC_IO;
	return not_examined(c, end == TALK_TIME ? CHECK_TIME_LIMIT : CHECK_NOT_EXAMINED, out);
}

enum rc
inspect_receive(struct inspect_call *c, struct report **out)
{
	uint8_t chunk[16384];
	ssize_t n;
	enum rc rc;

	*out = NULL;
	for (;;) {
		n = read(c->fd, chunk, sizeof(chunk));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN ? RC_BUSY : RC_IO;
		if (n == 0)
			return at_end(c, out);
		buf_put(&c->in, chunk, (size_t)n);
		if ((rc = buf_rc(&c->in)) == RC_TOOBIG)
			return not_examined(c, CHECK_NOT_EXAMINED, out);
		if (rc != RC_OK || (rc = try_answer(c, out)) != RC_BUSY)
			return rc;
	}
}

enum rc
inspect_run(
    struct report **out, const char *socket_path, const struct inspect_job *job, int timeout_ms)
{
	long long now, end = io_now_ms() + timeout_ms;
	struct inspect_call *c;
	struct pollfd p;
	enum rc rc;

	*out = NULL;
	if ((rc = inspect_start(&c, socket_path, job)) != RC_OK)
		return rc;
	p = (struct pollfd){.fd = c->fd, .events = POLLIN};
	while ((rc = inspect_receive(c, out)) == RC_BUSY) {
		if ((now = io_now_ms()) >= end)
			break;
		if (poll(&p, 1, (int)(end - now)) == -1 && errno != EINTR) {
			rc = RC_IO;
			break;
		}
	}
	inspect_free(c);
	return rc;
}
