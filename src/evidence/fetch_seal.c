/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The seal of the fetcher, which reads what strangers send it.  A taken-over one could still
 * connect to where it should not: no list of system calls sees addresses, but it reaches no
 * program, no file of others and no socket of the machine's own services but by the network.
 */
#define _GNU_SOURCE
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <string.h>
#include <unistd.h>

#include "caps.h"
#include "fetch_seal.h"
#include "order.h"
#include "seal.h"

#define nitems(a) (sizeof(a) / sizeof((a)[0]))

/* --- system calls --- */

static const int allowed[] = {
    /* streams and sockets */
    SCMP_SYS(read),
    SCMP_SYS(write),
    SCMP_SYS(readv),
    SCMP_SYS(writev),
    SCMP_SYS(poll),
    SCMP_SYS(ppoll),
    SCMP_SYS(close),
    SCMP_SYS(connect),
    SCMP_SYS(sendto),
    SCMP_SYS(recvfrom),
    SCMP_SYS(sendmsg),
    SCMP_SYS(recvmsg),
    SCMP_SYS(shutdown),
    SCMP_SYS(getsockname),
    SCMP_SYS(getpeername),
    SCMP_SYS(getsockopt),
    SCMP_SYS(setsockopt),
    SCMP_SYS(fcntl),
    SCMP_SYS(dup),
    /* files in the folders */
    SCMP_SYS(pread64),
    SCMP_SYS(pwrite64),
    SCMP_SYS(lseek),
    SCMP_SYS(fstat),
    SCMP_SYS(newfstatat),
    SCMP_SYS(getdents64),
    SCMP_SYS(fsync),
    SCMP_SYS(fdatasync),
    SCMP_SYS(ftruncate),
    SCMP_SYS(flock),
    SCMP_SYS(renameat),
    SCMP_SYS(renameat2),
    SCMP_SYS(unlinkat),
    SCMP_SYS(mkdirat),
    SCMP_SYS(utimensat),
    /* memory, time, the end */
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(madvise),
    SCMP_SYS(brk),
    SCMP_SYS(futex),
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(getrandom),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
};

/* Asked for by libraries that can live without. */
static const int refused[] = {
    SCMP_SYS(open),
    SCMP_SYS(stat),
    SCMP_SYS(lstat),
    SCMP_SYS(access),
    SCMP_SYS(faccessat),
    SCMP_SYS(faccessat2),
    SCMP_SYS(readlink),
    SCMP_SYS(readlinkat),
    SCMP_SYS(ioctl),
    SCMP_SYS(sysinfo),
    SCMP_SYS(uname),
    SCMP_SYS(getuid),
    SCMP_SYS(geteuid),
    SCMP_SYS(getgid),
    SCMP_SYS(getegid),
    SCMP_SYS(prlimit64),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(sched_yield),
    SCMP_SYS(socketpair),
    SCMP_SYS(pipe2),
    SCMP_SYS(eventfd2),
    SCMP_SYS(clone), /* a thread that can't be had is done without */
    SCMP_SYS(clone3),
};

/* socket(): TCP and UDP over IPv4 and IPv6, by whatever flags; anything else is refused. */
static int
rules_socket(scmp_filter_ctx ctx)
{
	static const unsigned domains[] = {AF_INET, AF_INET6}, types[] = {SOCK_STREAM, SOCK_DGRAM};
	const scmp_datum_t flags = SOCK_CLOEXEC | SOCK_NONBLOCK;
	size_t d, t;
	int bad = 0;

	for (d = 0; d < nitems(domains); d++)
		for (t = 0; t < nitems(types); t++)
			bad |= seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(socket), 2,
			    SCMP_A0(SCMP_CMP_EQ, domains[d], 0),
			    SCMP_A1(SCMP_CMP_MASKED_EQ, ~flags & 0xffffffffu, types[t]));
	return bad;
}

static int
rules(void *ctx)
{
	const struct scmp_arg_cmp listening = SCMP_A0(SCMP_CMP_EQ, ORDER_LISTEN, 0);
	int bad = seal_calls(ctx, allowed, nitems(allowed), refused, nitems(refused));

	bad |= seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(accept), 1, listening);
	bad |= seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(accept4), 1, listening);
	return bad | rules_socket(ctx);
}

/* Landlock says which files. */
static int
rules_files(void *ctx)
{
	return rules(ctx) | seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(openat), 0);
}

static int
rules_no_files(void *ctx)
{
	return rules(ctx) | seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(openat), 0);
}

/* --- the fence --- */

/* As of Landlock's fourth version (Linux 6.7); Debian's header knows the first. */
struct ruleset {
	uint64_t files, connections;
};
struct port_rule {
	uint64_t allowed, port;
};
#define RULE_PORT   2
#define NET_BIND    1u
#define NET_CONNECT 2u
#define NET_VERSION 4

/* The third version (Linux 6.2) counts shortening a file apart. */
#define TRUNCATE_VERSION 3
#define TRUNCATE         (1ull << 14)

static bool
may_write(int ruleset, int folder, long version)
{
	struct landlock_path_beneath_attr rule = {.parent_fd = folder,
	    .allowed_access = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR |
			      LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_FILE |
			      LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
			      LANDLOCK_ACCESS_FS_MAKE_DIR};

	if (version >= TRUNCATE_VERSION)
		rule.allowed_access |= TRUNCATE;
	return syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
}

static bool
may_connect(int ruleset, uint64_t port)
{
	struct port_rule rule = {NET_CONNECT, port};

	return syscall(SYS_landlock_add_rule, ruleset, RULE_PORT, &rule, 0) == 0;
}

/* False: this kernel can't, and nothing has changed. */
static bool
fence(const struct fetch_seal *s)
{
	/* Every right over files that a version of Landlock knows of is taken away. */
	static const unsigned rights[] = {13, 14, 15, 15, 16};
	static const uint64_t ports[] = {80, 443, 53};
	struct ruleset attr = {0, 0};
	long version;
	bool ok = true;
	size_t i;
	int fd;

	version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	if (version < 1)
		return false;
	i = version > (long)nitems(rights) ? nitems(rights) : (size_t)version;
	attr.files = (1ull << rights[i - 1]) - 1;
	if (version >= NET_VERSION)
		attr.connections = NET_BIND | NET_CONNECT;
	fd = (int)syscall(SYS_landlock_create_ruleset, &attr,
	    version >= NET_VERSION ? sizeof(attr) : sizeof(attr.files), 0);
	if (fd == -1)
		return false;
	for (i = 0; i < s->nfolders && ok; i++)
		ok = s->folders[i] == -1 || may_write(fd, s->folders[i], version);
	for (i = 0; i < nitems(ports) && ok && attr.connections != 0; i++)
		ok = may_connect(fd, ports[i]);
	for (i = 0; i < s->nports && ok && attr.connections != 0; i++)
		ok = may_connect(fd, s->ports[i]);
	ok = ok && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	     syscall(SYS_landlock_restrict_self, fd, 0) == 0;
	close(fd);
	return ok;
}

/* --- both --- */

enum rc
fetch_seal(const struct fetch_seal *s, bool *files)
{
	struct seal *list = NULL;
	uint64_t memory;
	enum rc rc;

	*files = false;
	/* From a file of the kernel: before the fence. */
	if ((rc = seal_address_space(&memory)) != RC_OK)
		return rc;
	*files = fence(s);
	if ((rc = seal_new(&list, *files ? rules_files : rules_no_files)) != RC_OK)
		return rc;
	memory += CAP_FETCH_MEMORY;
	rc = RC_IO;
	/* No limit of a file's size: standard error may be a file of any. */
	if (seal_limit(RLIMIT_CORE, 0, 0) && seal_limit(RLIMIT_NPROC, 0, 0) &&
	    (SEAL_OFF || seal_limit(RLIMIT_AS, memory, memory)) && prctl(PR_SET_DUMPABLE, 0) == 0)
		rc = seal_load(list);
	seal_free(list);
	return rc;
}
