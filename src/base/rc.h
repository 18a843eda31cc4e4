/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RC_H
#define RC_H

/*
 * What can go wrong with *us*.  What is wrong with the *document* is not an
 * error: it is a finding, and lives in struct report (verify/report.h).
 */
enum rc {
	RC_OK = 0,
	RC_NOMEM,  /* allocation failed, or an arena's ceiling was reached */
	RC_IO,     /* a system call failed; errno is kept */
	RC_TOOBIG, /* a limit from caps.h was reached */
	RC_SHORT,  /* input ended before the value did */
	RC_FORMAT, /* input is not what its header says it is */
	RC_CRYPTO, /* OpenSSL refused; its queue has the reason */
	RC_ABSENT, /* what was asked for is not there */
	RC_BUSY,   /* the other side can't take it now; try again */
	RC__MAX
};

/* One lower-case English phrase for logs; never NULL. */
const char *rc_str(enum rc rc);

#endif /* RC_H */
