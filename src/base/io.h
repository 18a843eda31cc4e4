/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_H
#define IO_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "buf.h"
#include "rc.h"

/* System calls that are interrupted or do half the work, done to the end. */

/* Exactly len bytes.  RC_SHORT: the file ended before; RC_IO with errno. */
enum rc io_read_full(int fd, void *p, size_t len);
enum rc io_write_full(int fd, const void *p, size_t len);

#define IO_FDS 4 /* the most descriptors in one message */
/*
 * One message with n descriptors (SCM_RIGHTS) over a Unix socket that keeps
 * message borders; the descriptors stay the caller's.  RC_BUSY when the socket is non-blocking
 * and full; RC_IO; RC_TOOBIG for more than IO_FDS.
 */
enum rc io_send_fds(int sock, const void *p, size_t len, const int *fds, size_t n);
/*
 * One message of at most max bytes and its descriptors (close-on-exec), now the caller's:
 * *len bytes and *n descriptors in fds[IO_FDS].  RC_BUSY: nothing there yet;
 * RC_SHORT: the other side has closed; RC_TOOBIG: the message or its
 * descriptors did not fit; RC_IO.  On any but RC_OK no descriptor is left open and *n is 0.
 */
enum rc io_recv_fds(int sock, void *p, size_t max, size_t *len, int *fds, size_t *n);

/*
 * A stream to whoever listens at the Unix socket path, non-blocking and close-on-exec: *fd, the
 * caller's.  RC_BUSY: it listens, but its queue is full; RC_IO: nobody does, or path is too long
 * for one.  On any but RC_OK *fd is -1.
 */
enum rc io_dial(const char *path, int *fd);

/* All that is left to be read, appended.  RC_TOOBIG: more than max octets; RC_IO; RC_NOMEM. */
enum rc io_slurp(int fd, size_t max, struct buf *b);
/* O_NONBLOCK on or off.  RC_OK or RC_IO. */
enum rc io_nonblock(int fd, bool on);
/* Closes *fd if it is open and makes it -1; errno is kept. */
void io_close(int *fd);
/* Milliseconds of the monotonic clock. */
long long io_now_ms(void);

#endif /* IO_H */
