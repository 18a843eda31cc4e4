/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The signed file of a letter, mapped from the vault and sent as the visitor takes it: a large one
 * costs a worker no memory.  Files of the vault are never written again (vault.h).
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>

#include "answer.h"
#include "io.h"
#include "letter_part.h"
#include "vault.h"
#include "web.h"

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
	if (map == MAP_FAILED) {
		kore_log(LOG_ERR, "a registered file can't be read: %s", rc_str(rc));
		return answer_error(req, HTTP_STATUS_SERVICE_UNAVAILABLE, 3);
	}
	snprintf(name, sizeof(name), "%s.pdf", r->id);
	return answer_map(req, "application/pdf", r->download ? name : NULL, map, len);
}
