/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TASK_H
#define TASK_H

#include "rc.h"

/*
 * One job, in a process that is shut in: all octets of fd, from where it stands or, of a memory
 * file, from its beginning; done; the answer to CELL_ANSWER.  RC_OK: an answer was written,
 * whatever it says.
 */
enum rc task_stream(int fd);
enum rc task_file(int fd);

#endif /* TASK_H */
