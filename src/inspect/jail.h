/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef JAIL_H
#define JAIL_H

#include <stddef.h>
#include <stdint.h>

#include "rc.h"
#include "seal.h"

/*
 * What an inspector may do: read its document, write its answer, ask what only a
 * painter knows and what evidence is kept, allocate, leave.  The list is made once, in the warm
 * process, and loaded by each child.
 */
#define JAIL_REPLY    3 /* the one descriptor that is only written to */
#define JAIL_DOCUMENT 4 /* the one that is only read */
#define JAIL_PAINTER  5 /* questions out, answers in: base/paint.h */
#define JAIL_EVIDENCE 6 /* questions out, evidence in that is kept: base/lookup.h */
#define JAIL_OFF      SEAL_OFF

/* RC_OK and *out, for seal_free(); else *out is NULL and no inspector must run. */
enum rc jail_new(struct seal **out);

/*
 * In the child: only these four stay open, by the numbers above (with JAIL_OFF
 * standard error too, for the sanitizer).  painter, evidence: -1 if there is none.
 */
enum rc jail_descriptors(int reply, int document, int painter, int evidence);
/*
 * In the child, last: memory (octets of address space in all), CPU seconds, no
 * new descriptors, processes, files or core; then the list.  After RC_OK a
 * call that is not on the list ends the process.  On anything else the caller must leave.
 */
enum rc jail_seal(const struct seal *s, uint64_t memory, unsigned cpu_seconds);

#endif /* JAIL_H */
