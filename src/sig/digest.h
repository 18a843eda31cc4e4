/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DIGEST_H
#define DIGEST_H

#include <stddef.h>
#include <stdint.h>

#include "algo.h"
#include "rc.h"
#include "source.h"

/* One digest over [0,a) and [c,end) of the document (ISO 32000-2, 12.8.1). */
struct digest_job {
	uint64_t a, c, end; /* a <= c <= end <= document length: the caller has checked */
	enum hash hash;
	uint8_t out[HASH_SIZE_MAX];
	size_t len; /* octets in out; 0 if this digest could not be computed */
};

/*
 * Compute the SHA-256 of the whole document and all jobs, reading each byte
 * once: jobs with the same digest share the running prefix, which is copied
 * at each gap.  RC_OK, RC_IO, RC_NOMEM or RC_CRYPTO (nothing is then valid).
 */
enum rc digest_run(const struct source *src, struct digest_job *jobs, size_t n, uint8_t sha256[32]);

#endif /* DIGEST_H */
