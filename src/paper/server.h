/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SERVER_H
#define SERVER_H

#include "cell.h"
#include "rc.h"

/*
 * The warm process behind a socket, see base/papercall.h: for each stream that is accepted, a
 * child that is shut in, does one job and ends.  CAP_PAPERS at once; the rest waits in the
 * socket's queue.  listener is a listening socket, put into non-blocking mode.  Returns when it
 * can't go on: RC_IO.  In a child it does not return.
 */
enum rc server_run(int listener, const struct cell *cell);

#endif /* SERVER_H */
