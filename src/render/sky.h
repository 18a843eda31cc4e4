/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SKY_H
#define SKY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "lookup.h"
#include "template.h"
#include "texts.h"

/*
 * How the hosts that give evidence are doing, in words and as JSON.  That one can't be
 * reached says nothing about any document, and no text here says it does.
 */
struct sky_host {
	const char *host;            /* with ":port" unless it is the scheme's own */
	int64_t answered, failed;    /* last usable answer, last failure; WHEN_NONE: never */
	int64_t retry;               /* it is not asked before, WHEN_NONE: at once */
	enum lookup_outcome failure; /* what the last failure was */
	uint32_t failures;           /* in a row, 0 after an answer */
	uint32_t answers_24h, failures_24h;
	uint32_t latency_ms; /* median of the last answers, 0: none */
};

struct sky {
	int64_t now;
	bool online; /* this portal asks the network */
	bool known;  /* else how the hosts are doing could not be read */
	const struct sky_host *hosts;
	size_t n;
};

void sky_fields(struct fields *f, const struct texts *t, const struct sky *s);
/* Append "periksa.status/1"; ask buf_rc(). */
void sky_json(struct buf *b, const struct sky *s);
/* NULL, or the first key that sky_fields() may look up and t has not. */
const char *sky_missing(const struct texts *t, char *key, size_t key_len);

#endif /* SKY_H */
