/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Kore's hooks: what is read before workers are forked (and lose the file
 * system), what each worker opens, and what its sandbox lets through.
 */
#define _GNU_SOURCE /* CLONE_THREAD */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include <kore/kore.h>
#include <kore/hooks.h>
#include <kore/http.h>
#include <kore/seccomp.h>

#include "addresses.h"
#include "caps.h"
#include "chore.h"
#include "sample.h"
#include "session.h"
#include "stationery.h"
#include "web.h"

#define EXPIRE_MS (10 * 60 * 1000) /* how often old reports are deleted */
#define WAKE_MS   250

struct web web;

/*
 * On top of Kore's own list: an inspection (a Unix socket, a memory file), and
 * SQLite (files below the root, locks, its shared index), files that staff leave for others (the
 * vault's, orders), malloc's mremap, and one thread for
 * passwords: glibc asks for clone3, whose flags a filter can't see, and without it for clone.
 */
/* clang-format off */
/* cppcheck-suppress unknownMacro */
KORE_SECCOMP_FILTER("periksa",
    KORE_SYSCALL_ALLOW_ARG(socket, 0, AF_UNIX),
    KORE_SYSCALL_ALLOW(connect),
    KORE_SYSCALL_ALLOW(sendmsg),
    KORE_SYSCALL_ALLOW(sendto),
    KORE_SYSCALL_ALLOW(memfd_create),
    KORE_SYSCALL_ALLOW(newfstatat),
    KORE_SYSCALL_ALLOW(pread64),
    KORE_SYSCALL_ALLOW(pwrite64),
    KORE_SYSCALL_ALLOW(fdatasync),
    KORE_SYSCALL_ALLOW(fsync),
    KORE_SYSCALL_ALLOW(syncfs),
    KORE_SYSCALL_ALLOW(ftruncate),
    KORE_SYSCALL_ALLOW(fchmod),
    KORE_SYSCALL_ALLOW(mkdirat),
    KORE_SYSCALL_ALLOW(unlinkat),
    KORE_SYSCALL_ALLOW(renameat),
    KORE_SYSCALL_DENY(clone3, ENOSYS),
    KORE_SYSCALL_ALLOW_WITH_FLAG(clone, 0, CLONE_THREAD),
    KORE_SYSCALL_ALLOW(set_robust_list),
    KORE_SYSCALL_ALLOW(rseq),
    KORE_SYSCALL_ALLOW(gettid),
    KORE_SYSCALL_ALLOW(eventfd2),
    KORE_SYSCALL_ALLOW(mremap))
/* clang-format on */

static const char *
setting(const char *name, const char *otherwise)
{
	const char *s = getenv(name);

	return s != NULL && *s != '\0' ? s : otherwise;
}

static void __attribute__((noreturn, format(printf, 1, 2))) give_up(const char *fmt, ...)
{
	va_list ap;

	fputs("portal: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(1);
}

static const char *
required(const char *name)
{
	const char *s = setting(name, NULL);

	if (s == NULL)
		give_up("%s is not set; start the portal with `periksa serve`", name);
	return s;
}

static void
configure_limit(void)
{
	const char *s = setting("PERIKSA_RATE", "60");
	char *end;
	unsigned long n = strtoul(s, &end, 10);
	unsigned rates[LIMIT__MAX];

	if (*end != '\0' || n > 100000)
		give_up("PERIKSA_RATE: a number of verifications a minute is expected");
	if (n == 0)
		return;
	rates[LIMIT_PAGE] = (unsigned)n;
	rates[LIMIT_API] = (unsigned)n * 10;
	/* An office behind one address signs in at eight; guesses are counted elsewhere, too. */
	rates[LIMIT_LOGIN] = (unsigned)n;
	/* An id has 128 bits; this is against whoever tries all the same.  A camera asks each
	 * second. */
	rates[LIMIT_LETTER] = (unsigned)n * 2;
	rates[LIMIT_SCAN] = (unsigned)n * 2;
	if ((web.limit = limit_new(rates)) == NULL)
		give_up("no memory for the rate limit");
}

/* What paper needs.  Without any of it citizens are served as ever. */
static void
configure_paper(void)
{
	const char *dir = setting("PERIKSA_PAPERS", NULL);
	const char *addresses = setting("PERIKSA_ADDRESSES", NULL);
	struct stationery *stationery;
	char why[512];

	web.paper = setting("PERIKSA_PAPER", NULL);
	web.vault = setting("PERIKSA_VAULT", "letters");
	web.batches = setting("PERIKSA_BATCHES", "batch");
	web.public_url = setting("PERIKSA_PUBLIC_URL", NULL);
	web.public_guess = strcmp(setting("PERIKSA_PUBLIC_GUESS", ""), "1") == 0;
	if (addresses != NULL && !addresses_load(addresses))
		fprintf(stderr, "portal: %s: no known hosts in it\n", addresses);
	if (dir == NULL)
		return;
	if (stationery_load(&stationery, dir, why, sizeof(why)) != RC_OK)
		fprintf(stderr, "portal: %s: %s\n", dir, why);
	web.stationery = stationery;
}

void
kore_parent_configure(int argc, char **argv)
{
	const char *dir, *demo = setting("PERIKSA_DEMO", NULL);
	const char *canary = setting("PERIKSA_CANARY", NULL);
	char why[512];
	enum rc rc;

	(void)argc;
	(void)argv;
	dir = required("PERIKSA_ASSETS");
	if (assets_load(&web.assets, dir) != RC_OK)
		give_up("%s: can't be read", dir);
	if (demo != NULL && assets_load(&web.demo, demo) != RC_OK)
		give_up("%s: can't be read", demo);
	/* Without them the portal serves, and says that it is not ready. */
	if (canary != NULL && (rc = canary_load(&web.canaries, canary)) != RC_OK)
		fprintf(stderr, "portal: %s: %s\n", canary, rc_str(rc));
	web.site.version = assets_version(web.assets);
	web.site.samples = web.demo != NULL ? samples_list(web.demo) : NULL;
	web.site.upload_max = CAP_UPLOAD;
	if (html_load(&web.html, required("PERIKSA_TEMPLATES"), &web.site, why, sizeof(why)) !=
	    RC_OK)
		give_up("templates: %s", why);
	web.socket = required("PERIKSA_SOCKET");
	web.store_path = setting("PERIKSA_STORE", "periksa.db");
	web.fetcher = setting("PERIKSA_FETCH", NULL);
	web.weather = setting("PERIKSA_WEATHER", "weather");
	web.trust_path = required("PERIKSA_TRUST");
	configure_paper();
	configure_limit();
}

struct store *
web_store(void)
{
	if (web.store == NULL && store_open(&web.store, web.store_path) != RC_OK)
		kore_log(LOG_ERR, "the database can't be opened");
	return web.store;
}

static void
expire(void *arg, uint64_t now)
{
	struct store *store = web_store();

	(void)arg;
	(void)now;
	if (store != NULL && store_expire(store, time(NULL)) != RC_OK)
		kore_log(LOG_WARNING, "old reports could not be deleted");
	if (store != NULL && session_expire(store, time(NULL)) != RC_OK)
		kore_log(LOG_WARNING, "old sessions could not be deleted");
}

/*
 * Kore looks whether a signal came, and then waits for an event: a SIGTERM in between would be
 * seen minutes later, when the keeper has lost its patience.
 */
static void
wake(void *arg, uint64_t now)
{
	(void)arg;
	(void)now;
}

void
kore_worker_configure(void)
{
	expire(NULL, 0);
	kore_timer_add(expire, EXPIRE_MS, NULL, 0);
	kore_timer_add(wake, WAKE_MS, NULL, 0);
}

void
kore_worker_teardown(void)
{
	chore_stop();
	store_close(web.store);
	web.store = NULL;
}
