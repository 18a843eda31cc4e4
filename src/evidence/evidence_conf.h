/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef EVIDENCE_CONF_H
#define EVIDENCE_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "buf.h"
#include "rc.h"

/*
 * evidence.conf: what may be asked of the network, as key = value lines.
 *
 *   hosts          listed (the default: those in anchors.conf) | any
 *   deadline       milliseconds for one document, 100 to 20000 (4000)
 *   tls            checked (the default) | unchecked: evidence is signed, its host need not be
 * known answer_hours   how long an answer is kept that says no end, 0 to 24 (1) keep_days      how
 * long any answer is kept at most, 1 to 30 (7) failure_seconds  how long a failure is remembered, 1
 * to 600 (30) cache_megabytes  what is kept in all, 8 to 4096 (256) test_loopback  ports of
 * 127.0.0.0/8 and ::1 that may be asked: only with anchors of a demonstration test_dns ADDRESS:PORT
 * of a name server on loopback, under the same condition
 */
struct evidence_conf {
	bool any_host, tls_unchecked;
	uint32_t deadline_ms, answer_seconds, keep_seconds, failure_seconds;
	uint64_t cache_bytes;
	uint16_t test_ports[16];
	size_t ntest_ports;
	char test_dns[64]; /* "": the system's */
};

void evidence_conf_default(struct evidence_conf *c);
/* RC_OK; RC_FORMAT with a line in *log (nothing half read: *c is the default); RC_NOMEM. */
enum rc evidence_conf_parse(struct evidence_conf *c, const char *text, size_t len, struct buf *log);
/* RC_ABSENT: no such file; RC_IO, RC_TOOBIG, and as above. */
enum rc evidence_conf_load(struct evidence_conf *c, const char *path, struct buf *log);
/* False: settings of a test without the anchors of a demonstration; must not run. */
bool evidence_conf_allowed(const struct evidence_conf *c, bool demonstration);

#endif /* EVIDENCE_CONF_H */
