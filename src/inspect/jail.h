/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef JAIL_H
#define JAIL_H

#include <stddef.h>
#include <stdint.h>

#include "rc.h"

/*
 * What an inspector may do: read its document, write its answer, allocate,
 * leave.  The filter is compiled once, in the warm process, and loaded by each child.
 *
 * AddressSanitizer's shadow memory and its calls fit neither the filter nor
 * the memory limit: a build with PERIKSA_NO_JAIL (or gcc's own macro for
 * that sanitizer) leaves these two out, and nothing else.
 */
#define JAIL_REPLY    3 /* the one descriptor that may be written to */
#define JAIL_DOCUMENT 4 /* the one that may be read */

#if defined(PERIKSA_NO_JAIL) || defined(__SANITIZE_ADDRESS__)
#define JAIL_OFF 1
#else
#define JAIL_OFF 0
#endif

struct jail;

/* RC_OK and *out; else *out is NULL and no inspector must run. */
enum rc jail_new(struct jail **out);
void jail_free(struct jail *j);

/*
 * In the child: only reply and document stay open, as JAIL_REPLY and
 * JAIL_DOCUMENT (with JAIL_OFF standard error too, for the sanitizer).
 */
enum rc jail_descriptors(int reply, int document);
/*
 * In the child, last: memory (octets of address space in all), CPU seconds, no
 * new descriptors, processes, files or core; then the filter.  After RC_OK a
 * call that is not on the list ends the process.  On anything else the caller must leave.
 */
enum rc jail_seal(const struct jail *j, uint64_t memory, unsigned cpu_seconds);

#endif /* JAIL_H */
