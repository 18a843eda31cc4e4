/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The certificates that TLS is checked by, read once. */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "fetch_part.h"
#include "io.h"
#include "log.h"

#define CA_BUNDLE     "/etc/ssl/certs/ca-certificates.crt"
#define CA_BUNDLE_MAX (4u << 20)

void
fetch_tls_read(struct fetch *f)
{
	const char *named = getenv("SSL_CERT_FILE");
	uint8_t chunk[16384];
	ssize_t n = 0;
	int fd;

	buf_init(&f->authorities, CA_BUNDLE_MAX);
	if ((fd = open(named != NULL ? named : CA_BUNDLE, O_RDONLY | O_CLOEXEC)) != -1)
		while ((n = read(fd, chunk, sizeof(chunk))) > 0)
			buf_put(&f->authorities, chunk, (size_t)n);
	if (fd == -1 || n == -1 || buf_rc(&f->authorities) != RC_OK) {
		buf_clear(&f->authorities);
		log_warn("no certificates of TLS: https is not asked");
	}
	io_close(&fd);
}

bool
fetch_tls_set(struct fetch_flight *t)
{
	struct curl_blob blob = {.flags = CURL_BLOB_NOCOPY};
	long check = t->owner->guard->conf->tls_unchecked ? 0L : 1L;

	if (!t->at.https)
		return true;
	blob.data = t->owner->authorities.p;
	blob.len = t->owner->authorities.len;
	if (blob.len == 0 && check != 0)
		return false;
	return FETCH_SET(t, CURLOPT_CAPATH, NULL) &&
	       (blob.len == 0 || FETCH_SET(t, CURLOPT_CAINFO_BLOB, &blob)) &&
	       FETCH_SET(t, CURLOPT_SSL_VERIFYPEER, check) &&
	       FETCH_SET(t, CURLOPT_SSL_VERIFYHOST, check != 0 ? 2L : 0L) &&
	       FETCH_SET(t, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
}
