/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DATADIR_H
#define DATADIR_H

#include <stddef.h>
#include <sys/types.h>

#include "rc.h"

/*
 * The folder that holds everything stored.  What is in it:
 *
 *   periksa.db*   the log and the short-lived reports; the portal's
 *   spool/        uploads, for the length of a request; emptied at start; the portal's
 *   evidence/     what the fetcher keeps of the network's answers; the portal's user's
 *   letters/      signed letters that are kept; the portal's user's
 *   batch/        work on many letters, a folder for each order; the portal's user's
 *   run/          what only the keeper writes: kore.conf, sockets, by which anchors is
 *                 judged (trust), copies of evidence.conf and the anchors for the fetcher; and in
 *   run/weather/  the fetcher tells how its hosts are doing; the portal's user's
 *
 * Only the keeper's user can look inside (mode 0700).  Started as root, the
 * portal runs as another user: the folder is then root's, that user's group may write
 * (mode 01770, so that it can't rename what is not its own), and the files named
 * above as the portal's are given to it.
 */
struct datadir {
	char path[4096]; /* absolute */
	int fd, run_fd;
	uid_t uid; /* whom the portal runs as, if started as root */
	gid_t gid;
	int as_root;
};

#define DATADIR_SPOOL    "spool"
#define DATADIR_SOCKET   "run/inspect.sock"
#define DATADIR_FETCH    "run/fetch.sock"
#define DATADIR_PAPER    "run/paper.sock"
#define DATADIR_STORE    "periksa.db"
#define DATADIR_EVIDENCE "evidence"
#define DATADIR_VAULT    "letters"
#define DATADIR_BATCHES  "batch"
#define DATADIR_WEATHER  "run/weather/hosts"
#define DATADIR_TRUST    "run/trust"
#define DATADIR_ANCHORS  "run/anchors"
#define DATADIR_ASKING   "run/evidence.conf"
/* in run/ */
#define DATADIR_CONF     "kore.conf"

/*
 * Make what is missing and empty the spool.  user: whom the portal becomes when
 * this process is root.  RC_OK; RC_ABSENT: no such user; RC_FORMAT: a path with white space, which
 * Kore's configuration can't hold; RC_IO with errno.  On any but RC_OK nothing is left open.
 */
enum rc datadir_open(struct datadir *d, const char *path, const char *user);
void datadir_close(struct datadir *d);

/*
 * A file in run/ with this text, which the portal may read: the old one is whole until the new
 * one is.  RC_OK or RC_IO.
 */
enum rc datadir_write(const struct datadir *d, const char *name, const char *text, size_t len);
/*
 * Copies, for who may not come near the originals: of a file, and of the files of a folder
 * (not of folders in it), under a name in run/.  RC_OK; RC_IO with errno; RC_TOOBIG above
 * CAP_TRUST_FILE for one file.
 */
enum rc datadir_copy(const struct datadir *d, const char *path, const char *name);
enum rc datadir_copy_folder(const struct datadir *d, const char *path, const char *name);

#endif /* DATADIR_H */
