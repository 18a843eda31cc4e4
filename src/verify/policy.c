/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The policies of this process: those of conf/policy.conf as it was when the
 * program was built, until a file is loaded.  Set at start and only read later.
 */
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "io.h"
#include "policy_conf.h"

static const char built_in[] =
#include "policy.inc"
    ;

/* A file is read into the one that is not in use, so that a bad one changes nothing. */
static struct policy_set sets[2];
static unsigned in_use;

static const struct policy_set *
policies(void)
{
	struct buf log;

	if (sets[in_use].n == 0) {
		buf_init(&log, 256);
		(void)policy_conf_parse(&sets[in_use], built_in, sizeof(built_in) - 1, &log);
		buf_clear(&log);
	}
	return &sets[in_use];
}

const struct policy *
policy_find(const char *id)
{
	const struct policy_set *set = policies();
	size_t i;

	if (id == NULL)
		id = "nasional";
	for (i = 0; i < set->n; i++)
		if (strcmp(set->v[i].id, id) == 0)
			return &set->v[i];
	return NULL;
}

enum rc
policy_load(const char *path, struct buf *log)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char text[CAP_POLICY_CONF];
	struct stat st;
	enum rc rc = RC_IO;

	if (fd == -1) {
		if (errno == ENOENT)
			return RC_ABSENT;
		goto out;
	}
	if (fstat(fd, &st) == -1 || !S_ISREG(st.st_mode))
		goto out;
	rc = RC_TOOBIG;
	if (st.st_size < 0 || (size_t)st.st_size > sizeof(text))
		goto out;
	if ((rc = io_read_full(fd, text, (size_t)st.st_size)) == RC_OK)
		rc = policy_conf_parse(&sets[!in_use], text, (size_t)st.st_size, log);
	if (rc == RC_OK)
		in_use = !in_use;
out:
	if (rc != RC_OK && rc != RC_FORMAT)
		buf_printf(log, "%s: %s\n", path, rc_str(rc));
	io_close(&fd);
	return rc;
}
