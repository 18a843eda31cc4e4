/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Durable records a second: PROCESSES at once, each with a handle of its own as
 * the portal's workers have, for SECONDS, with a report of usual size.
 *
 *   record FILE PROCESSES SECONDS
 */
#include <sys/wait.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "store.h"

#define PROCESSES_MAX 16
#define WIRE_LEN      6000

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Records until the time is over; -1 if one fails. */
static long
write_records(const char *path, double until)
{
	static char wire[WIRE_LEN];
	struct report *r = report_new();
	struct store_verification v = {
	    .channel = CHANNEL_API, .report = r, .wire = wire, .wire_len = sizeof(wire)};
	char id[STORE_ID_LEN + 1];
	struct store *s;
	long n = 0;

	if (r == NULL || store_open(&s, path) != RC_OK)
		return -1;
	memset(r->document.sha256, 7, sizeof(r->document.sha256));
	for (; now() < until; n++) {
		v.at = n;
		v.expires = n;
		if (store_record(s, &v, id) != RC_OK)
			return -1;
	}
	store_close(s);
	report_free(r);
	return n;
}

int
main(int argc, char **argv)
{
	long n = argc == 4 ? strtol(argv[2], NULL, 10) : 0, i;
	int ends[2];
	long total = 0, one;
	double begin, seconds;

	if (n < 1 || n > PROCESSES_MAX || (seconds = strtod(argv[3], NULL)) <= 0 ||
	    pipe2(ends, O_CLOEXEC) == -1) {
		fprintf(stderr, "usage: record FILE PROCESSES SECONDS\n");
		return 2;
	}
	begin = now();
	for (i = 0; i < n; i++) {
		if (fork() != 0)
			continue;
		one = write_records(argv[1], begin + seconds);
		_exit(write(ends[1], &one, sizeof(one)) == sizeof(one) ? 0 : 1);
	}
	for (i = 0; i < n; i++) {
		if (read(ends[0], &one, sizeof(one)) != sizeof(one) || one < 0) {
			fprintf(stderr, "record: a writer failed\n");
			return 1;
		}
		total += one;
	}
	while (wait(NULL) > 0)
		continue;
	printf("%.1f\n", (double)total / (now() - begin));
	return 0;
}
