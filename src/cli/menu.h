/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MENU_H
#define MENU_H

#include <getopt.h>
#include <stddef.h>

/* A verb that has verbs, as `periksa doc add`: each takes some of all options, and operands. */
struct menu_verb {
	const char *name;
	const char *takes;      /* the options' letters */
	unsigned char min, max; /* operands */
	int (*run)(void *order);
};

struct menu {
	const char *verb;  /* "doc" */
	const char *usage; /* for --help, whose letter is 'h' */
	const char *what;  /* "add, show or list" */
	const char *which; /* what is asked for if an operand is missing: "which letter?" */
	const struct option *options;
	const struct menu_verb *verbs;
	size_t nverbs;
	/* Takes an option and its value (optarg).  CLI_OK, or CLI_TROUBLE with a line. */
	int (*take)(void *order, int option);
};

/*
 * CLI_OK and *verb; *operands is argv from the first one on, as many as it takes, then NULL.
 * *verb NULL: there is nothing to do, and what is returned is the exit status.
 */
int menu_read(const struct menu *m, int argc, char **argv, void *order,
    const struct menu_verb **verb, char ***operands);

#endif /* MENU_H */
