/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEAL_H
#define SEAL_H

#include <sys/resource.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rc.h"

/*
 * What every process has in common that is shut in with one document: limits, no new
 * privileges, and a list of system calls.  The list is made once, by
 * libseccomp, in a warm process, and loaded by each of its children.
 *
 * AddressSanitizer's shadow memory and its calls fit neither a list nor a limit
 * of memory: a build with PERIKSA_NO_JAIL (or gcc's own macro for that
 * sanitizer) leaves these two out, and nothing else.
 */
#if defined(PERIKSA_NO_JAIL) || defined(__SANITIZE_ADDRESS__)
#define SEAL_OFF 1
#else
#define SEAL_OFF 0
#endif

struct seal;

/* Adds the rules of a list to a scmp_filter_ctx; not 0: that failed. */
typedef int seal_rules_fn(void *ctx);
/*
 * For such a function, what every list has: calls that are allowed, calls that libraries ask for
 * and can live without (EACCES), and memory, none of it ever executable.  Not 0: that failed.
 */
int seal_calls(void *ctx, const int *allowed, size_t nallowed, const int *refused, size_t nrefused);
/* RC_OK and *out; else *out is NULL and nothing must run that the list should hold. */
enum rc seal_new(struct seal **out, seal_rules_fn *rules);
void seal_free(struct seal *s);

/* Never above what the process may have already. */
bool seal_limit(__rlimit_resource_t what, rlim_t soft, rlim_t hard);
/*
 * No new privileges, then the list: after RC_OK a call that is not on it ends the
 * process.  On anything else the caller must leave.
 */
enum rc seal_load(const struct seal *s);

/* Octets of address space that this process has now.  RC_OK or RC_IO. */
enum rc seal_address_space(uint64_t *out);

#endif /* SEAL_H */
