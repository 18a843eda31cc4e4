/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The signed file of a letter, mapped from the vault and sent as the visitor takes it: a large one
 * costs a worker no memory.  Files of the vault are never written again (vault.h); what is sent has
 * the registered fingerprint, or is not sent.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include <openssl/sha.h>

#include "answer.h"
#include "io.h"
#include "letter_part.h"
#include "vault.h"
#include "web.h"

/* A disk may have changed it since. */
static bool
is_registered(const struct register_letter *l, const void *p, size_t len)
{
	uint8_t md[SHA256_DIGEST_LENGTH];

	return len == l->size && SHA256(p, len, md) != NULL &&
	       memcmp(md, l->sha256, sizeof(md)) == 0;
}

int
letter_file(struct http_request *req, const struct reading *r)
{
	char name[CROCKFORD_ID_LEN + sizeof(".pdf")];
	void *map = MAP_FAILED;
	uint64_t len = 0;
	int fd = -1;
	enum rc rc = vault_open(AT_FDCWD, web.vault, r->letter->sha256, &fd, &len);

	if (rc == RC_OK && len > 0)
		map = mmap(NULL, len, PROT_READ, MAP_PRIVATE, fd, 0);
	io_close(&fd);
	if (map != MAP_FAILED && !is_registered(r->letter, map, len)) {
		rc = RC_FORMAT;
		munmap(map, len);
		map = MAP_FAILED;
	}
	if (map == MAP_FAILED) {
		kore_log(LOG_ERR, "a registered file can't be read: %s", rc_str(rc));
		return answer_error(req, HTTP_STATUS_SERVICE_UNAVAILABLE, 3);
	}
	snprintf(name, sizeof(name), "%s.pdf", r->id);
	return answer_map(req, "application/pdf", r->download ? name : NULL, map, len);
}
