/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * chore.h: one thread a worker, which begins with the first chore (inside the worker's sandbox,
 * which it inherits) and sleeps between them.  Kore's own task threads would be two, and a request
 * that ends before its task is kept waiting.  Requests are woken through an eventfd.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "caps.h"
#include "chore.h"
#include "web.h"

struct chore {
	struct chore *next;
	struct http_request *req; /* NULL: it is gone, nobody waits */
	chore_fn *fn;
	void *arg;
	size_t size;
	void (*release)(void *arg);
	enum { WAITS, RUNS, DONE, OVER } stage; /* OVER: collected; changed with the lock held */
	enum rc rc;
};

struct row {
	struct chore *first, **last;
};

static struct {
	struct kore_event evt; /* first: Kore hands its address back */
	int fd;                /* eventfd; readable when something is in done */
	bool begun, stop;
	pthread_t thread;
	pthread_mutex_t lock; /* of all below, and of stop */
	pthread_cond_t wake;
	struct row todo, done;
	unsigned n; /* in todo, or running */
} crew = {.fd = -1, .lock = PTHREAD_MUTEX_INITIALIZER, .wake = PTHREAD_COND_INITIALIZER};

static void
append(struct row *r, struct chore *c)
{
	if (r->first == NULL)
		r->last = &r->first;
	c->next = NULL;
	*r->last = c;
	r->last = &c->next;
}

static struct chore *
shift(struct row *r)
{
	struct chore *c = r->first;

	if (c != NULL)
		r->first = c->next;
	return c;
}

static void
take_out(struct row *r, const struct chore *c)
{
	struct chore **p;

	for (p = &r->first; *p != c; p = &(*p)->next)
		continue;
	if ((*p = c->next) == NULL)
		r->last = p;
}

static void
discard(void *arg, size_t size, void (*release)(void *arg))
{
	if (release != NULL)
		release(arg);
	explicit_bzero(arg, size);
	free(arg);
}

static void
dispose(struct chore *c)
{
	discard(c->arg, c->size, c->release);
	free(c);
}

/* --- in the thread --- */

static void
tell(struct chore *c)
{
	const uint64_t one = 1;
	ssize_t n;

	c->stage = DONE;
	append(&crew.done, c);
	crew.n--;
	do
		n = write(crew.fd, &one, sizeof(one));
	while (n == -1 && errno == EINTR);
}

static void *
work(void *arg)
{
	struct store *store = NULL;
	struct chore *c;

	(void)arg;
	pthread_mutex_lock(&crew.lock);
	while (!crew.stop) {
		if ((c = shift(&crew.todo)) == NULL) {
			pthread_cond_wait(&crew.wake, &crew.lock);
			continue;
		}
		c->stage = RUNS;
		pthread_mutex_unlock(&crew.lock);
		if (store == NULL && store_open(&store, web.store_path) != RC_OK)
			c->rc = RC_IO;
		else
			c->rc = c->fn(store, c->arg);
		pthread_mutex_lock(&crew.lock);
		tell(c);
	}
	pthread_mutex_unlock(&crew.lock);
	store_close(store);
	return NULL;
}

/* --- in the worker --- */

/* Wakes who waits for what was done, and throws away what nobody waits for. */
static void
collect(void *arg, int error)
{
	struct chore *c;
	uint64_t n;

	(void)arg;
	(void)error;
	if (read(crew.fd, &n, sizeof(n)) == -1 && errno != EAGAIN)
		kore_log(LOG_ERR, "chore: %s", errno_s);
	for (;;) {
		pthread_mutex_lock(&crew.lock);
		if ((c = shift(&crew.done)) != NULL)
			c->stage = OVER;
		pthread_mutex_unlock(&crew.lock);
		if (c == NULL)
			break;
		if (c->req != NULL)
			http_request_wakeup(c->req);
		else
			dispose(c);
	}
}

/* Signals are Kore's: none is for the thread. */
static enum rc
begin(void)
{
	sigset_t all, before;
	int error;

	if (crew.begun)
		return RC_OK;
	if (crew.fd == -1 && (crew.fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) == -1)
		return RC_IO;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&crew.thread, NULL, work, NULL);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (error != 0) {
		errno = error;
		kore_log(LOG_ERR, "chore: no thread: %s", errno_s);
		return RC_NOMEM;
	}
	crew.begun = true;
	crew.evt.handle = collect;
	kore_platform_event_level_read(crew.fd, &crew);
	return RC_OK;
}

/* The request is gone: its chore is thrown away now, or once the thread is done with it. */
static void
chore_free(struct chore *c)
{
	bool mine;

	pthread_mutex_lock(&crew.lock);
	if (c->stage == WAITS) {
		take_out(&crew.todo, c);
		crew.n--;
	}
	mine = c->stage == WAITS || c->stage == OVER;
	c->req = NULL;
	pthread_mutex_unlock(&crew.lock);
	if (mine)
		dispose(c);
}

/* RC_BUSY: so many wait already. */
static enum rc
enqueue(struct chore *c)
{
	enum rc rc = RC_BUSY;

	pthread_mutex_lock(&crew.lock);
	if (crew.n < CAP_CHORES) {
		crew.n++;
		append(&crew.todo, c);
		pthread_cond_signal(&crew.wake);
		rc = RC_OK;
	}
	pthread_mutex_unlock(&crew.lock);
	return rc;
}

enum rc
chore_start(
    struct http_request *req, chore_fn *fn, void *arg, size_t size, void (*release)(void *arg))
{
	struct state *s = state_of(req);
	struct chore *c = calloc(1, sizeof(*c));
	enum rc rc;

	chore_end(req);
	if (c == NULL) {
		discard(arg, size, release);
		return RC_NOMEM;
	}
	c->req = req;
	c->fn = fn;
	c->arg = arg;
	c->size = size;
	c->release = release;
	if ((rc = begin()) != RC_OK || (rc = enqueue(c)) != RC_OK) {
		dispose(c);
		return rc == RC_BUSY ? RC_BUSY : RC_NOMEM;
	}
	s->chore = c;
	s->chore_free = chore_free;
	/* The body is here: Kore's time limit for it ends. */
	req->owner->http_timeout = 0;
	return RC_OK;
}

enum rc
chore_step(struct http_request *req, void **arg)
{
	struct chore *c = state_of(req)->chore;
	bool over;

	pthread_mutex_lock(&crew.lock);
	over = c->stage == OVER;
	pthread_mutex_unlock(&crew.lock);
	*arg = NULL;
	if (!over) {
		http_request_sleep(req);
		return RC_BUSY;
	}
	*arg = c->arg;
	return c->rc;
}

bool
chore_known(struct http_request *req)
{
	return state_known(req) && state_of(req)->chore != NULL;
}

void
chore_end(struct http_request *req)
{
	struct state *s = state_of(req);

	if (s->chore != NULL)
		chore_free(s->chore);
	s->chore = NULL;
}

void
chore_stop(void)
{
	struct chore *c;

	if (!crew.begun)
		return;
	pthread_mutex_lock(&crew.lock);
	crew.stop = true;
	pthread_cond_signal(&crew.wake);
	pthread_mutex_unlock(&crew.lock);
	pthread_join(crew.thread, NULL);
	crew.begun = false;
	while ((c = shift(&crew.todo)) != NULL || (c = shift(&crew.done)) != NULL) {
		c->stage = OVER;
		if (c->req == NULL)
			dispose(c);
	}
}
