/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Operands to files: folders are walked without following links out of them. */
#include <sys/stat.h>

#include <errno.h>
#include <fts.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli.h"
#include "files.h"

static int
add(struct files *f, const char *path)
{
	char **p;
	size_t cap;

	if (f->n == f->cap) {
		cap = f->cap == 0 ? 64 : f->cap * 2;
		if ((p = reallocarray(f->path, cap, sizeof(*p))) == NULL)
			return cli_fail("%m");
		f->path = p;
		f->cap = cap;
	}
	if ((f->path[f->n] = strdup(path)) == NULL)
		return cli_fail("%m");
	f->n++;
	return CLI_OK;
}

static int
by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

static int
walk(struct files *f, char *dir)
{
	char *roots[] = {dir, NULL};
	int status = CLI_OK;
	FTSENT *e;
	FTS *fts;

	if ((fts = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, by_name)) == NULL)
		return cli_fail("%s: %m", dir);
	while ((e = fts_read(fts)) != NULL) { /* NOLINT(concurrency-mt-unsafe): one thread */
		if (e->fts_info == FTS_DNR || e->fts_info == FTS_ERR || e->fts_info == FTS_NS) {
			errno = e->fts_errno;
			status = cli_fail("%s: %m", e->fts_path);
		} else if (e->fts_info == FTS_F && e->fts_namelen > 4 &&
			   strcasecmp(e->fts_name + e->fts_namelen - 4, ".pdf") == 0 &&
			   add(f, e->fts_path) != CLI_OK)
			status = CLI_TROUBLE;
	}
	fts_close(fts);
	return status;
}

int
files_collect(struct files *f, char **operand, size_t n)
{
	int status = CLI_OK, got;
	struct stat st;
	size_t i;

	for (i = 0; i < n; i++) {
		if (stat(operand[i], &st) == 0 && S_ISDIR(st.st_mode))
			got = walk(f, operand[i]);
		else
			got = add(f, operand[i]);
		if (got > status)
			status = got;
	}
	return status;
}

void
files_free(struct files *f)
{
	size_t i;

	for (i = 0; i < f->n; i++)
		free(f->path[i]);
	free(f->path);
	memset(f, 0, sizeof(*f));
}
