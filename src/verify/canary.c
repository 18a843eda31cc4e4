/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads the folder of known letters; judging them is the caller's. */
#define _GNU_SOURCE
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "canary.h"
#include "caps.h"
#include "io.h"
#include "when.h"

/* A whole regular file with a NUL behind it, the caller's to free. */
static enum rc
slurp(int dir, const char *name, size_t max, uint8_t **p, size_t *len)
{
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
	struct stat st;
	enum rc rc = RC_IO;

	*p = NULL;
	if (fd == -1)
		return errno == ENOENT ? RC_ABSENT : RC_IO;
	if (fstat(fd, &st) == -1)
		goto out;
	rc = RC_FORMAT;
	if (!S_ISREG(st.st_mode))
		goto out;
	rc = RC_TOOBIG;
	if ((uint64_t)st.st_size > max)
		goto out;
	rc = RC_NOMEM;
	if ((*p = malloc((size_t)st.st_size + 1)) == NULL)
		goto out;
	*len = (size_t)st.st_size;
	(*p)[*len] = '\0';
	rc = io_read_full(fd, *p, *len);
out:
	if (rc != RC_OK) {
		free(*p);
		*p = NULL;
	}
	io_close(&fd);
	return rc;
}

static enum rc
take_letter(
    struct canaries *c, int dir, const char *file, const char *conclusion, const char *reason)
{
	struct canary *v = &c->v[c->n];

	if (c->n == CANARIES || strlen(file) >= sizeof(v->file) || strchr(file, '/') != NULL)
		return RC_FORMAT;
	memcpy(v->file, file, strlen(file) + 1);
	v->conclusion = conclusion_parse(conclusion);
	v->reason = check_parse(reason);
	if (v->conclusion == CONCLUSION__MAX ||
	    (v->reason == CHECK__NONE && strcmp(reason, "-") != 0))
		return RC_FORMAT;
	c->n++;
	return slurp(dir, file, CAP_SNAPSHOT, &v->p, &v->len);
}

static enum rc
take_line(struct canaries *c, int dir, char *line)
{
	char *first = strsep(&line, "\t"), *second = strsep(&line, "\t");
	char *third = strsep(&line, "\t");

	if (strcmp(first, "at") == 0)
		return second != NULL && third == NULL && c->at == WHEN_NONE &&
			       when_parse(second, &c->at)
			   ? RC_OK
			   : RC_FORMAT;
	if (third == NULL || line != NULL)
		return RC_FORMAT;
	return take_letter(c, dir, first, second, third);
}

enum rc
canary_load(struct canaries **out, const char *dir)
{
	struct canaries *c = NULL;
	char *rest, *line;
	uint8_t *text = NULL;
	size_t len;
	enum rc rc;
	int fd;

	*out = NULL;
	if ((fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) == -1)
		return errno == ENOENT ? RC_ABSENT : RC_IO;
	if ((rc = slurp(fd, CANARY_FILE, CAP_TEXT, &text, &len)) != RC_OK)
		goto out;
	rc = RC_NOMEM;
	if ((c = calloc(1, sizeof(*c))) == NULL)
		goto out;
	c->at = WHEN_NONE;
	rc = memchr(text, '\0', len) != NULL ? RC_FORMAT : RC_OK;
	for (rest = (char *)text; rc == RC_OK && (line = strsep(&rest, "\n")) != NULL;)
		if (*line != '\0')
			rc = take_line(c, fd, line);
	if (rc == RC_OK && (c->n == 0 || c->at == WHEN_NONE))
		rc = RC_FORMAT;
	if (rc != RC_OK)
		goto out;
	*out = c;
	c = NULL; /* transferred */
out:
	canary_free(c);
	free(text);
	io_close(&fd);
	return rc;
}

void
canary_free(struct canaries *c)
{
	size_t i;

	if (c == NULL)
		return;
	for (i = 0; i < c->n; i++)
		free(c->v[i].p);
	free(c);
}

bool
canary_right(const struct canary *c, const struct report *r)
{
	if (r->conclusion != c->conclusion)
		return false;
	if (c->reason == CHECK__NONE)
		return r->nreasons == 0;
	return r->nreasons > 0 && r->reasons[0] == c->reason;
}
