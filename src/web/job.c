/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The portal's side of an inspection.  A supervisor that is busy or just being
 * restarted is asked again for a while, so that a visitor does not see it.
 */
#define _GNU_SOURCE /* memfd_create */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "album.h"
#include "caps.h"
#include "client.h"
#include "io.h"
#include "job.h"
#include "web.h"

struct job {
	struct kore_event evt; /* first: Kore hands its address back */
	struct http_request *req;
	struct inspect_call *call;
	struct kore_timer *timer;
	struct inspect_job doc;
	struct report *report;
	int memory; /* our own descriptor, -1: the document is the spool's file */
	int album;  /* for pictures of pages, -1: none wanted */
	int64_t began_us, give_up_ms;
	bool expired; /* the inspector took longer than the supervisor allows */
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
job_free(struct http_request *req)
{
	struct job *j = req->hdlr_extra;

	if (j->timer != NULL)
		kore_timer_remove(j->timer);
	inspect_free(j->call);
	report_free(j->report);
	io_close(&j->memory);
	io_close(&j->album);
	explicit_bzero(j->password, sizeof(j->password));
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
	struct job *j = http_state_create(req, sizeof(*j), job_free);

	j->evt.handle = job_event;
	j->req = req;
	j->memory = -1;
	j->album = -1;
	j->doc.fd = -1;
	j->doc.at = time(NULL);
	j->doc.offline = true; /* nothing is fetched; the report says so */
	j->began_us = monotonic_us();
	j->give_up_ms = io_now_ms() + CAP_INSPECT_WAIT_MS;
	/* The body is here: Kore's time limit for it ends. */
	req->owner->http_timeout = 0;
	return j;
}

struct job *
job_of(struct http_request *req)
{
	return http_state_exists(req) ? http_state_get(req) : NULL;
}

enum rc
job_bytes(struct job *j, const void *p, size_t len)
{
	if ((j->memory = memfd_create("document", MFD_CLOEXEC)) == -1)
		return RC_IO;
	j->doc.fd = j->memory;
	j->doc.off = 0;
	j->doc.len = len;
	return io_write_full(j->memory, p, len);
}

/* Nobody else needs the spool's name; Kore's own unlink() finds it gone. */
static void
forget_name(struct http_request *req)
{
	if (req->http_body_path != NULL && unlink(req->http_body_path) == -1)
		kore_log(LOG_WARNING, "spool: unlink: %s", errno_s);
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
	forget_name(j->req);
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

	forget_name(req);
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
	if (j->call != NULL)
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

enum rc
job_step(struct job *j, const struct report **out)
{
	enum rc rc;

	*out = NULL;
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
	if (j->timer != NULL) {
		kore_timer_remove(j->timer);
		j->timer = NULL;
	}
	if (rc == RC_OK) {
		*out = j->report;
		return RC_OK;
	}
	/* The supervisor went away under us: the next one judges it anew. */
	if (io_now_ms() < j->give_up_ms)
		return sleep_until(j, CAP_INSPECT_RETRY_MS);
	return RC_IO;
}

uint32_t
job_duration(const struct job *j)
{
	int64_t us = monotonic_us() - j->began_us;

	return us < UINT32_MAX ? (uint32_t)us : UINT32_MAX;
}
