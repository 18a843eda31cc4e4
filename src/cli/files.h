/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FILES_H
#define FILES_H

#include <stddef.h>

/* Paths of documents, in the order in which they are to be judged. */
struct files {
	char **path;
	size_t n, cap;
};

/*
 * The operands themselves; a folder stands for every *.pdf (any case) below
 * it, in the order of their names.  Returns CLI_OK, or CLI_TROUBLE when
 * something could not be read (said on standard error; the rest is there).
 */
int files_collect(struct files *f, char **operand, size_t n);
void files_free(struct files *f);

#endif /* FILES_H */
