/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A closed loop of HTTP requests: so many connections, each sends a file, reads
 * the answer, and at once sends the next one.  One thread and epoll, so that it
 * takes little of the machine that it measures.
 *
 *   load PORT PATH CONNECTIONS SECONDS FILE...
 *
 * Posts the files in turn to 127.0.0.1 and prints one line: answers/s, p50, p95,
 * p99 and the longest in milliseconds, answers, answers that were not 200,
 * connections that broke.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define CONNECTIONS_MAX 1024
#define ANSWER_MAX      (1u << 20)
#define SAMPLES_MAX     2000000u

/* A request as it goes over the wire. */
struct request {
	char *p;
	size_t len;
};

struct connection {
	int fd;
	const struct request *request;
	size_t sent, got, want; /* want: bytes of the whole answer, 0 until its header is in */
	double begin;
	char *answer;
};

static struct request *requests;
static size_t nrequests, turn;
static struct sockaddr_in address;
static int epoll;
static float *samples;
static size_t nsamples, failed, broken;

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static bool
load_file(struct request *r, const char *url, const char *path)
{
	struct stat st;
	size_t head, got = 0;
	ssize_t n = 1;
	int fd;

	if ((fd = open(path, O_RDONLY | O_CLOEXEC)) == -1 || fstat(fd, &st) == -1 ||
	    (r->p = malloc((size_t)st.st_size + 512)) == NULL)
		return false;
	head = (size_t)snprintf(r->p, 512,
	    "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/pdf\r\n"
	    "Accept: application/json\r\nContent-Length: %lld\r\n\r\n",
	    url, (long long)st.st_size);
	while (got < (size_t)st.st_size &&
	       (n = read(fd, r->p + head + got, (size_t)st.st_size - got)) > 0)
		got += (size_t)n;
	close(fd);
	r->len = head + got;
	return n > 0;
}

static bool
dial(struct connection *c)
{
	struct epoll_event e = {.data.ptr = c, .events = EPOLLIN | EPOLLOUT | EPOLLET};
	int one = 1;

	if ((c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) == -1)
		return false;
	setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if (connect(c->fd, (const struct sockaddr *)(const void *)&address, sizeof(address)) ==
		-1 ||
	    fcntl(c->fd, F_SETFL, O_NONBLOCK) == -1 ||
	    epoll_ctl(epoll, EPOLL_CTL_ADD, c->fd, &e) == -1) {
		close(c->fd);
		return false;
	}
	return true;
}

static void
next_request(struct connection *c)
{
	c->request = &requests[turn++ % nrequests];
	c->sent = c->got = c->want = 0;
	c->begin = now();
}

/* False when the connection is broken. */
static bool
push(struct connection *c)
{
	ssize_t n;

	while (c->sent < c->request->len) {
		n = send(c->fd, c->request->p + c->sent, c->request->len - c->sent, MSG_NOSIGNAL);
		if (n == -1)
			return errno == EAGAIN;
		c->sent += (size_t)n;
	}
	return true;
}

/* The length of the whole answer, once its header is there. */
static void
read_header(struct connection *c)
{
	const char *end, *length;

	c->answer[c->got] = '\0';
	if ((end = strstr(c->answer, "\r\n\r\n")) == NULL)
		return;
	length = strcasestr(c->answer, "\r\ncontent-length:");
	c->want = (size_t)(end + 4 - c->answer);
	if (length != NULL && length < end)
		c->want += strtoul(length + 17, NULL, 10);
}

/* 1: a whole answer is there; 0: not yet; -1: broken. */
static int
pull(struct connection *c)
{
	ssize_t n;

	for (;;) {
		n = recv(c->fd, c->answer + c->got, ANSWER_MAX - c->got, 0);
		if (n == -1)
			return errno == EAGAIN ? 0 : -1;
		if (n == 0)
			return -1;
		c->got += (size_t)n;
		if (c->want == 0)
			read_header(c);
		if (c->want != 0 && c->got >= c->want)
			return 1;
		if (c->got == ANSWER_MAX)
			return -1;
	}
}

static void
count(const struct connection *c)
{
	if (strncmp(c->answer, "HTTP/1.1 200 ", 13) != 0)
		failed++;
	if (nsamples < SAMPLES_MAX)
		samples[nsamples++] = (float)((now() - c->begin) * 1000);
}

/* False when this connection can't go on. */
static bool
serve(struct connection *c)
{
	int got;

	for (;;) {
		if (!push(c) || (got = pull(c)) == -1) {
			broken++;
			close(c->fd);
			if (!dial(c))
				return false;
			next_request(c);
			continue;
		}
		if (got == 0)
			return true;
		count(c);
		next_request(c);
	}
}

static int
by_value(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;

	return (x > y) - (x < y);
}

static double
percentile(double p)
{
	size_t i = (size_t)((double)nsamples * p);

	return (double)samples[i < nsamples ? i : nsamples - 1];
}

static bool
run(struct connection *c, size_t n, double seconds)
{
	struct epoll_event events[64];
	double begin = now(), end;
	int i, ready;
	size_t k;

	for (k = 0; k < n; k++) {
		if ((c[k].answer = malloc(ANSWER_MAX + 1)) == NULL || !dial(&c[k]))
			return false;
		next_request(&c[k]);
	}
	while ((end = now()) < begin + seconds && broken < 10 * n + 100) {
		ready = epoll_wait(epoll, events, 64, 100);
		for (i = 0; i < ready; i++)
			if (!serve(events[i].data.ptr))
				return false;
	}
	if (nsamples == 0)
		return false;
	qsort(samples, nsamples, sizeof(*samples), by_value);
	printf("%.1f %.2f %.2f %.2f %.2f %zu %zu %zu\n", (double)nsamples / (end - begin),
	    percentile(0.5), percentile(0.95), percentile(0.99), percentile(1), nsamples, failed,
	    broken);
	return true;
}

int
main(int argc, char **argv)
{
	static struct connection connections[CONNECTIONS_MAX];
	long n = argc > 5 ? strtol(argv[3], NULL, 10) : 0;
	int i;

	if (n < 1 || n > CONNECTIONS_MAX || strtod(argv[4], NULL) <= 0) {
		fprintf(stderr, "usage: load PORT PATH CONNECTIONS SECONDS FILE...\n");
		return 2;
	}
	address.sin_family = AF_INET;
	address.sin_port = htons((uint16_t)strtoul(argv[1], NULL, 10));
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	nrequests = (size_t)(argc - 5);
	requests = calloc(nrequests, sizeof(*requests));
	samples = calloc(SAMPLES_MAX, sizeof(*samples));
	epoll = epoll_create1(EPOLL_CLOEXEC);
	for (i = 5; i < argc; i++)
		if (requests == NULL || !load_file(&requests[i - 5], argv[2], argv[i])) {
			fprintf(stderr, "load: %s: %m\n", argv[i]);
			return 1;
		}
	if (samples == NULL || !run(connections, (size_t)n, strtod(argv[4], NULL))) {
		fprintf(stderr, "load: no answer: %m\n");
		return 1;
	}
	return 0;
}
