/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ADDRESSES_H
#define ADDRESSES_H

#include "crockford.h"
#include "weblink.h"

/*
 * Where a scanned or typed text leads, beside the addresses of this portal and those that
 * conf/addresses.conf knows.  Nothing is asked of anybody.
 */

/* Read before workers lose the file system.  false: nobody is known, every host is foreign. */
bool addresses_load(const char *path);

enum address {
	ADDRESS_OWN,     /* a letter of this portal, by its printed address: id */
	ADDRESS_ID,      /* the id of a letter, and nothing else: id */
	ADDRESS_KNOWN,   /* a host that is known; id if it is /d/ID there, else "" */
	ADDRESS_FOREIGN, /* any other host */
	ADDRESS_STRANGE, /* an order for another program: javascript:, tel: */
	ADDRESS_TEXT,    /* leads nowhere */
	ADDRESS__MAX
};
/* public_url: this portal's own, NULL: it has none.  *w is what weblink_read() says. */
enum address addresses_look(const uint8_t *p, size_t len, const char *public_url, struct weblink *w,
    char id[CROCKFORD_ID_LEN + 1]);

#endif /* ADDRESSES_H */
