/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SUPERVISOR_H
#define SUPERVISOR_H

#include "rc.h"
#include "trust.h"

/*
 * The warm process that inspectors are forked from: one sealed process per
 * document.  Listens on an already bound and listening Unix socket
 * (SOCK_SEQPACKET for the request with its descriptors, answers over a pipe
 * or stream).  Never returns while it can serve: returns RC_IO only when it
 * cannot go on (the keeper then starts another).  Must be called in a process of its own,
 * which it makes die with its parent.
 */
enum rc supervisor_run(int listen_fd, const struct trust *trust);

/* Bind and listen at path (mode 0600, an old socket is replaced).  RC_OK and *fd, or RC_IO. */
enum rc supervisor_listen(const char *path, int *fd);

#endif /* SUPERVISOR_H */
