/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The portal's side of an inspection.  A supervisor that is busy or just being
 * restarted is asked again for a while, so that a visitor does not see it.
 *
 * What the document lacks is fetched between two inspections, and once more if what came lacks
 * something itself (an issuer, its status); while that takes, neither an inspector nor this
 * worker waits.  Whatever goes wrong there, the report before is the answer.
 */
#define _GNU_SOURCE /* memfd_create */
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "album.h"
#include "body.h"
#include "caps.h"
#include "client.h"
#include "errand.h"
#include "io.h"
#include "job.h"
#include "state.h"
#include "web.h"

#define LOST_MAX    3    /* supervisors that may go away under one inspection */
#define ERRANDS_MAX 2    /* fetchers that may be asked */
#define QUEUE_MS    50   /* how often a fetcher with a full queue is asked again */
#define GRACE_MS    1000 /* what a fetcher may be late before it counts as hung */
#define LEAST_MS    100  /* of the document's time: with less nobody is asked any more */

struct job {
	struct kore_event evt; /* first: Kore hands its address back */
	struct http_request *req;
	struct inspect_call *call;
	struct errand_call *errand; /* between two inspections */
	struct kore_timer *timer;
	struct inspect_job doc;
	struct report *report;
	struct report *first; /* of the inspection before, during another one */
	unsigned lost, errands, rounds, documents;
	bool queued; /* for a fetcher */
	bool flag, pings;
	int memory; /* our own descriptor, -1: the document is the spool's file */
	int album;  /* for pictures of pages, -1: none wanted */
	int64_t began_us, give_up_ms;
	int64_t errand_ms, spent_ms; /* when the errand began; what those before it took */
	bool expired;                /* the inspector took longer than the supervisor allows */
	uint8_t password[CAP_PASSWORD];
	char name[MULTIPART_NAME + 1];
};

static int64_t
monotonic_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void
job_free(struct job *j)
{
	if (j->timer != NULL)
		kore_timer_remove(j->timer);
	inspect_free(j->call);
	errand_free(j->errand);
	report_free(j->report);
	report_free(j->first);
	io_close(&j->memory);
	io_close(&j->album);
	explicit_bzero(j->password, sizeof(j->password));
	kore_free(j);
}

void
job_offline(struct job *j)
{
	j->doc.offline = true;
}

void
job_pictures(struct job *j)
{
	if ((j->album = album_open()) == -1)
		return;
	j->doc.album = j->album;
	j->doc.pictures = true;
}

enum rc
job_album(const struct job *j, struct buf *out)
{
	return j->album == -1 ? RC_OK : album_read(j->album, out);
}

static void
job_event(void *arg, int error)
{
	struct job *j = arg;

	(void)error; /* inspect_receive() finds out */
	http_request_wakeup(j->req);
}

struct job *
job_new(struct http_request *req)
{
	struct state *s = state_of(req);
	struct job *j = kore_calloc(1, sizeof(*j));

	s->job = j;
	s->job_free = job_free;
	j->evt.handle = job_event;
	j->req = req;
	j->memory = -1;
	j->album = -1;
	j->doc.fd = -1;
	j->doc.at = time(NULL);
	j->doc.offline = web.fetcher == NULL;
	j->began_us = monotonic_us();
	j->give_up_ms = io_now_ms() + CAP_INSPECT_WAIT_MS;
	/* The body is here: Kore's time limit for it ends. */
	req->owner->http_timeout = 0;
	return j;
}

struct job *
job_of(struct http_request *req)
{
	return state_known(req) ? state_of(req)->job : NULL;
}

enum rc
job_bytes(struct job *j, const void *p, size_t len)
{
	if ((j->memory = memfd_create("document", MFD_CLOEXEC)) == -1)
		return RC_IO;
	j->documents++;
	j->doc.fd = j->memory;
	j->doc.off = 0;
	j->doc.len = len;
	return io_write_full(j->memory, p, len);
}

/* Part of the body as the document. */
static enum rc
take(struct job *j, size_t off, size_t len)
{
	struct http_request *req = j->req;

	if (len > CAP_UPLOAD)
		return RC_TOOBIG;
	if (req->http_body_fd == -1)
		return job_bytes(
		    j, req->http_body != NULL ? req->http_body->data + off : NULL, len);
	j->doc.fd = req->http_body_fd;
	j->doc.off = off;
	j->doc.len = len;
	return RC_OK;
}

enum rc
job_body(struct job *j)
{
	body_forget(j->req);
	return take(j, 0, j->req->http_body_length);
}

/* Zeros over part of the body, in memory or in the spool's file. */
static enum rc
wipe(struct http_request *req, const struct part *part)
{
	static const uint8_t zeros[CAP_PASSWORD];
	size_t off = 0, n;

	if (req->http_body_fd == -1) {
		explicit_bzero(req->http_body->data + part->off, part->len);
		return RC_OK;
	}
	for (; off < part->len; off += n) {
		n = part->len - off < sizeof(zeros) ? part->len - off : sizeof(zeros);
		if (pwrite(req->http_body_fd, zeros, n, (off_t)(part->off + off)) != (ssize_t)n)
			return RC_IO;
	}
	return RC_OK;
}

/* The form's password, if it has one, leaves the body for the job. */
static enum rc
take_password(struct job *j, const uint8_t *body, size_t len, const char *boundary)
{
	struct part part;
	size_t n;
	enum rc rc = multipart_find(&part, body, len, boundary, "password");

	if (rc != RC_OK)
		return rc == RC_ABSENT ? RC_OK : rc;
	/* A program may send a file's line. */
	for (n = part.len;
	     n > 0 && (body[part.off + n - 1] == '\n' || body[part.off + n - 1] == '\r');)
		n--;
	j->doc.password = j->password;
	j->doc.password_len = n < sizeof(j->password) ? n : sizeof(j->password);
	memcpy(j->password, body + part.off, j->doc.password_len);
	return wipe(j->req, &part);
}

/* The form's "offline" says that the network is not to be asked. */
static enum rc
take_offline(struct job *j, const uint8_t *body, size_t len, const char *boundary)
{
	struct part part;
	enum rc rc = multipart_find(&part, body, len, boundary, "offline");

	if (rc == RC_OK && ask_true((const char *)body + part.off, part.len))
		job_offline(j);
	return rc == RC_ABSENT ? RC_OK : rc;
}

enum rc
job_form(struct job *j, const char *field)
{
	struct http_request *req = j->req;
	char boundary[MULTIPART_BOUNDARY + 1];
	const char *type;
	struct part part;
	const uint8_t *p = NULL;
	void *map = MAP_FAILED;
	size_t len = req->http_body_length;
	enum rc rc;

	body_forget(req);
	if (http_request_header(req, "content-type", &type) != KORE_RESULT_OK ||
	    !multipart_boundary(type, boundary) || len == 0)
		return RC_FORMAT;
	if (req->http_body_fd != -1) {
		map = mmap(NULL, len, PROT_READ, MAP_PRIVATE, req->http_body_fd, 0);
		if (map == MAP_FAILED)
			return RC_IO;
		p = map;
	} else {
		p = req->http_body->data;
	}
	rc = multipart_find(&part, p, len, boundary, field);
	if (rc == RC_OK)
		rc = take_password(j, p, len, boundary);
	if (rc == RC_OK)
		rc = take_offline(j, p, len, boundary);
	if (map != MAP_FAILED)
		munmap(map, len);
	if (rc != RC_OK)
		return rc;
	if (!part.has_name)
		return RC_ABSENT;
	memcpy(j->name, part.name, sizeof(j->name));
	j->doc.name = j->name[0] != '\0' ? j->name : NULL;
	return take(j, part.off, part.len);
}

static void
wake(void *arg, uint64_t now)
{
	struct job *j = arg;

	(void)now;
	j->timer = NULL; /* Kore frees it after this */
	if (j->call != NULL || j->errand != NULL)
		j->expired = true;
	http_request_wakeup(j->req);
}

static enum rc
sleep_until(struct job *j, uint64_t ms)
{
	if (j->timer == NULL)
		j->timer = kore_timer_add(wake, ms, j, KORE_TIMER_ONESHOT);
	http_request_sleep(j->req);
	return RC_BUSY;
}

static void
stop_timer(struct job *j)
{
	if (j->timer != NULL)
		kore_timer_remove(j->timer);
	j->timer = NULL;
	j->expired = false;
}

/* --- an inspection --- */

static enum rc
start(struct job *j)
{
	enum rc rc = inspect_start(&j->call, web.socket, &j->doc);

	if (rc == RC_OK) {
		kore_platform_event_level_read(inspect_fd(j->call), j);
		return sleep_until(j, (CAP_INSPECT_SECONDS + 10) * 1000);
	}
	if (rc == RC_NOMEM || io_now_ms() >= j->give_up_ms) {
		kore_log(LOG_WARNING, "no inspector: %s", rc_str(rc));
		return RC_IO;
	}
	return sleep_until(j, CAP_INSPECT_RETRY_MS);
}

static enum rc
inspection(struct job *j)
{
	enum rc rc;

	if (j->call == NULL)
		return start(j);
	if (j->expired)
		return RC_IO;
	rc = inspect_receive(j->call, &j->report);
	if (rc == RC_BUSY) {
		http_request_sleep(j->req);
		return RC_BUSY;
	}
	inspect_free(j->call);
	j->call = NULL;
	stop_timer(j);
	if (rc == RC_OK)
		return RC_OK;
	/* The supervisor went away under us: the next one judges it anew. */
	if (++j->lost > LOST_MAX)
		return RC_IO;
	j->give_up_ms = io_now_ms() + CAP_INSPECT_WAIT_MS;
	return sleep_until(j, CAP_INSPECT_RETRY_MS);
}

/* --- what is fetched between two of them --- */

/* Nobody will be asked for what is still open: that is what the report then says. */
static void
close_wanted(struct report *r, enum lookup_outcome why)
{
	size_t i;

	for (i = 0; i < r->nwanted; i++)
		if (r->wanted[i].outcome == LOOKUP_OPEN && r->wanted[i].url != NULL)
			r->wanted[i].outcome = why;
}

/* RC_BUSY: it is under way.  RC_ABSENT: nothing to ask.  Anything else: nobody was asked. */
static enum rc
start_errand(struct job *j)
{
	int64_t left = CAP_SECOND_PASS_MS - (monotonic_us() - j->began_us) / 1000;
	int64_t time_left = (int64_t)web_trust()->deadline_ms - j->spent_ms;
	int64_t wait = time_left + GRACE_MS;
	enum rc rc;

	if (j->doc.offline || j->rounds == CAP_LOOKUP_ROUNDS)
		return RC_ABSENT;
	if (time_left < LEAST_MS) {
		close_wanted(j->report, LOOKUP_SLOW);
		return RC_ABSENT;
	}
	if (left <= 0 || j->errands == ERRANDS_MAX)
		return RC_IO;
	rc = errand_start(&j->errand, web.fetcher, j->report, (uint32_t)time_left);
	if (rc == RC_BUSY) {
		/* So many letters wait before this one: asked again for a while. */
		if (!j->queued)
			j->give_up_ms = io_now_ms() + CAP_INSPECT_WAIT_MS;
		j->queued = io_now_ms() < j->give_up_ms;
		return j->queued ? sleep_until(j, QUEUE_MS) : RC_IO;
	}
	j->queued = false;
	j->errands++;
	if (rc != RC_OK)
		return rc;
	j->errand_ms = io_now_ms();
	kore_platform_event_level_read(errand_fd(j->errand), j);
	return sleep_until(j, (uint64_t)(wait < left ? wait : left));
}

/* RC_OK: judge again.  RC_BUSY, or: no help. */
static enum rc
errand(struct job *j)
{
	enum rc rc = j->expired ? RC_SHORT : errand_receive(j->errand);

	if (rc == RC_BUSY) {
		http_request_sleep(j->req);
		return RC_BUSY;
	}
	errand_free(j->errand);
	j->errand = NULL;
	j->spent_ms += io_now_ms() - j->errand_ms;
	stop_timer(j);
	/* It died: the keeper starts another one. */
	return rc == RC_IO ? start_errand(j) : rc;
}

/* --- both --- */

/* Pages look as they did the first time. */
static void
keep_visual(struct report *to, const struct report *from)
{
	struct report_visual *v;
	size_t i, size;

	for (i = 0; i < to->nsigs && i < from->nsigs; i++) {
		v = &to->sigs[i].visual;
		*v = from->sigs[i].visual;
		size = v->npages * sizeof(*v->pages);
		v->pages = size != 0 ? arena_dup(to->arena, v->pages, size) : NULL;
		if (v->pages == NULL)
			v->npages = 0;
	}
}

/* The new report, if there is one that says more than the one before (false: there is not). */
static bool
choose(struct job *j, enum rc rc)
{
	struct report *other = j->first;
	bool news = rc == RC_OK && report_was_examined(j->report);

	if (news) {
		if (j->album != -1)
			keep_visual(j->report, j->first);
	} else {
		close_wanted(j->first, LOOKUP_NOBODY);
		other = j->report;
		j->report = j->first;
	}
	report_free(other);
	j->first = NULL;
	return news;
}

static void
another_pass(struct job *j)
{
	j->first = j->report;
	j->report = NULL;
	j->rounds++;
	j->errands = 0;
	j->doc.pictures = false;
	j->lost = 0;
	j->give_up_ms = io_now_ms() + CAP_INSPECT_WAIT_MS;
}

/* Go on until something has to be waited for (RC_BUSY) or all is done. */
static enum rc
advance(struct job *j)
{
	enum rc rc;

	if (j->queued) {
		rc = start_errand(j);
	} else if (j->errand == NULL) {
		if ((rc = inspection(j)) == RC_BUSY)
			return RC_BUSY;
		if (j->first != NULL && !choose(j, rc))
			return RC_OK;
		if (rc != RC_OK)
			return rc;
		rc = start_errand(j);
	} else {
		rc = errand(j);
		if (rc == RC_OK) {
			another_pass(j);
			return inspection(j);
		}
	}
	if (rc == RC_BUSY)
		return RC_BUSY;
	if (rc != RC_ABSENT) {
		kore_log(LOG_WARNING, "nobody fetches evidence: %s", rc_str(rc));
		close_wanted(j->report, LOOKUP_NOBODY);
	}
	return RC_OK;
}

enum rc
job_step(struct job *j, const struct report **out)
{
	enum rc rc = advance(j);

	*out = NULL;
	if (rc != RC_OK)
		return rc;
	report_drop_questions(j->report);
	*out = j->report;
	return RC_OK;
}

/* --- the portal's health --- */

enum rc
job_canary(struct job *j, const struct canary *c, int64_t at)
{
	report_free(j->report);
	j->report = NULL;
	io_close(&j->memory);
	j->doc.canary = true;
	j->doc.at = at;
	j->lost = 0;
	return job_bytes(j, c->p, c->len);
}

unsigned
job_documents(const struct job *j)
{
	return j->documents;
}

bool *
job_flag(struct job *j)
{
	return &j->flag;
}

bool
job_pings(const struct job *j)
{
	return j->pings;
}

enum rc
job_ping(struct job *j)
{
	enum rc rc;

	if (!j->pings) {
		j->pings = true;
		if (errand_ping(&j->errand, web.fetcher) != RC_OK)
			return RC_IO;
		kore_platform_event_level_read(errand_fd(j->errand), j);
		return sleep_until(j, CAP_LOOKUP_WAIT_MS);
	}
	if (j->expired)
		return RC_IO;
	if ((rc = errand_receive(j->errand)) == RC_BUSY)
		http_request_sleep(j->req);
	return rc;
}

uint32_t
job_duration(const struct job *j)
{
	int64_t us = monotonic_us() - j->began_us;

	return us < UINT32_MAX ? (uint32_t)us : UINT32_MAX;
}
