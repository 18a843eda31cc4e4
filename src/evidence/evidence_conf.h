/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef EVIDENCE_CONF_H
#define EVIDENCE_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "buf.h"
#include "rc.h"

/* evidence.conf: what may be asked of the network, as key = value lines. */
struct evidence_conf {
	bool any_host;            /* hosts: listed (in anchors.conf, the default) | any */
	uint32_t deadline_ms;     /* deadline: of one document, 100 to 20000 (4000) */
	bool tls_unchecked;       /* tls: checked (the default) | unchecked, since evidence is
				   * signed and its host need not be known */
	uint32_t answer_seconds;  /* answer_hours: how long an answer is kept that names no
				   * end, 0 to 24 (1) */
	uint32_t keep_seconds;    /* keep_days: any answer at most, 1 to 30 (7) */
	uint32_t failure_seconds; /* how long a failure is remembered, 1 to 600 (30) */
	uint64_t cache_bytes;     /* cache_megabytes: what is kept in all, 8 to 4096 (256) */
	/* test_loopback: ports of 127.0.0.0/8 and ::1 that may be asked, with commas between */
	uint16_t test_ports[16];
	size_t ntest_ports;
	/* test_dns: ADDRESS:PORT of a name server on loopback ([::1]:PORT); "": the system's.
	 * Both only with the anchors of a demonstration. */
	char test_dns[64];
};

void evidence_conf_default(struct evidence_conf *c);
/* RC_OK; RC_FORMAT with a line in *log (nothing half read: *c is the default); RC_NOMEM. */
enum rc evidence_conf_parse(struct evidence_conf *c, const char *text, size_t len, struct buf *log);
/* RC_ABSENT: no such file; RC_IO, RC_TOOBIG, and as above. */
enum rc evidence_conf_load(struct evidence_conf *c, const char *path, struct buf *log);
/* False: settings of a test without the anchors of a demonstration; must not run. */
bool evidence_conf_allowed(const struct evidence_conf *c, bool demonstration);

#endif /* EVIDENCE_CONF_H */
