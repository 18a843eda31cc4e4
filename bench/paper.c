/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Milliseconds of each of RUNS jobs, one after the other, at a warm periksa-paper; a line each.
 *
 *   paper PROGRAM RUNS footer png|svg|pdf DPI
 *   paper PROGRAM RUNS specimen png|svg|pdf DPI
 *   paper PROGRAM RUNS qr png|svg DPI
 *   paper PROGRAM RUNS stamp FILE.pdf
 *   paper PROGRAM RUNS scan FILE
 */
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "caps.h"
#include "io.h"
#include "papercall.h"
#include "stationery.h"

#define ID   "0K7W4RZ9C2M5H8J3N6P1Q0S4TV2"
#define WARM 3

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int
listen_at(const char *path)
{
	struct sockaddr_un sun = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd == -1 || strlen(path) >= sizeof(sun.sun_path))
		return -1;
	memcpy(sun.sun_path, path, strlen(path));
	return bind(fd, (const struct sockaddr *)&sun, sizeof(sun)) == -1 ||
		       listen(fd, CAP_PAPER_QUEUE) == -1
		   ? -1
		   : fd;
}

static bool
read_file(struct buf *b, const char *path)
{
	static uint8_t chunk[64u << 10];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = -1;

	while (fd != -1 && (n = read(fd, chunk, sizeof(chunk))) > 0)
		buf_put(b, chunk, (size_t)n);
	io_close(&fd);
	return n == 0 && buf_rc(b) == RC_OK;
}

static bool
choose(struct paper_job *job, const struct stationery *s, int argc, char **argv)
{
	static const char *const formats[] = {"png", "svg", "pdf"};
	const struct register_signer signer = {
	    "Kepala Dinas Komunikasi dan Informatika", "Ani Contoh, S.Kom.", "Pembina (IV/a)"};
	const struct stationery_footer f = {.address = "https://periksa.prov.example/d/" ID,
	    .id = ID,
	    .agency_name = "Dinas Komunikasi dan Informatika"};
	int i;

	*job = (struct paper_job){.dpi = 300, .from = 1, .to = PAPER_LAST};
	if (stationery_footer(s, &f, job) != RC_OK)
		return false;
	job->kind = PAPER_FOOTER;
	if (strcmp(argv[3], "specimen") == 0) {
		job->kind = PAPER_SPECIMEN;
		job->part[PAPER_ADDRESS].len = 0;
		if (stationery_specimen(s, NULL, &signer, false, NULL, job) != RC_OK)
			return false;
	} else if (strcmp(argv[3], "qr") == 0)
		job->kind = PAPER_QR;
	else if (strcmp(argv[3], "stamp") == 0)
		job->kind = PAPER_STAMP;
	else if (strcmp(argv[3], "scan") == 0)
		job->kind = PAPER_SCAN;
	for (i = 0; argc == 6 && i < 3; i++)
		if (strcmp(argv[4], formats[i]) == 0)
			job->format = (enum paper_format)i;
	if (argc == 6)
		job->dpi = (uint32_t)strtoul(argv[5], NULL, 10);
	return true;
}

static int
measure(const char *path, const struct paper_job *job, long runs)
{
	struct paper_answer a;
	struct buf reply;
	double begin;
	enum rc rc;
	long i;

	buf_init(&reply, PAPERCALL_REPLY);
	for (i = -WARM; i < runs; i++) {
		begin = now();
		rc = papercall_run(path, job, CAP_PAPER_SECONDS * 1000, &reply, &a);
		if (rc != RC_OK || a.code != PAPER_OK) {
			fprintf(
			    stderr, "%s %s %s\n", rc_str(rc), paper_code_name(a.code), a.detail);
			return 1;
		}
		if (i >= 0)
			printf("%.3f\n", now() - begin);
		buf_clear(&reply);
	}
	return 0;
}

int
main(int argc, char **argv)
{
	long runs = argc == 5 || argc == 6 ? strtol(argv[2], NULL, 10) : 0;
	struct stationery *s;
	struct paper_job job;
	char path[64], why[512];
	struct buf file;
	pid_t self = getpid(), server;
	int fd, status = 1;

	buf_init(&file, CAP_UPLOAD);
	(void)snprintf(path, sizeof(path), "/tmp/periksa-bench.%d", (int)self);
	if (runs <= 0 || stationery_load(&s, "templates/paper", why, sizeof(why)) != RC_OK ||
	    !choose(&job, s, argc, argv) || (argc == 5 && !read_file(&file, argv[4])) ||
	    (fd = listen_at(path)) == -1) {
		fprintf(stderr, "usage: see bench/paper.c\n");
		return 2;
	}
	job.part[PAPER_DOCUMENT] = (struct paper_octets){file.p, file.len};
	if ((server = fork()) == 0)
		papercall_become(argv[1], fd, self);
	io_close(&fd);
	if (server != -1) {
		status = measure(path, &job, runs);
		(void)kill(server, SIGKILL);
		(void)waitpid(server, NULL, 0);
	}
	(void)unlink(path);
	buf_clear(&file);
	stationery_free(s);
	return status;
}
