/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The keeper of a data folder, asked to load its anchors anew.  Its process number is the
 * one that the kernel remembers for whoever began to listen on the supervisor's socket; that
 * can't be stale as a file could: the socket is deaf once the keeper has died.
 */
#define _GNU_SOURCE
#include <sys/socket.h>
#include <sys/un.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "cli.h"
#include "datadir.h"
#include "io.h"
#include "trust_order.h"

/* 0: nobody listens there. */
static pid_t
keeper_of(const char *dir)
{
	struct sockaddr_un sa = {.sun_family = AF_UNIX};
	struct ucred peer = {.pid = 0};
	socklen_t len = sizeof(peer);
	int fd = -1, folder = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (folder == -1)
		return 0;
	/* A short name for it, wherever it lies. */
	(void)snprintf(
	    sa.sun_path, sizeof(sa.sun_path), "/proc/self/fd/%d/" DATADIR_SOCKET, folder);
	if ((fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) == -1 ||
	    connect(fd, (struct sockaddr *)&sa, sizeof(sa)) == -1 ||
	    getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) == -1)
		peer.pid = 0;
	io_close(&fd);
	io_close(&folder);
	return peer.pid;
}

int
trust_reload(void)
{
	const char *dir = cli_data_dir();
	pid_t pid = keeper_of(dir);

	if (pid <= 1)
		return cli_fail("trust: no portal was found for %s: if one runs, send its `periksa "
				"serve` SIGHUP",
		    dir);
	if (kill(pid, SIGHUP) == -1)
		return cli_fail("trust: SIGHUP to process %ld: %m", (long)pid);
	printf("The portal of %s loads its anchors anew.\n", dir);
	return cli_done(CLI_OK);
}
