/* SPDX-License-Identifier: GPL-3.0-or-later */
/* menu.h */
#include <stdbool.h>
#include <string.h>

#include "cli.h"
#include "menu.h"

#define OPTIONS 64 /* of one menu; a letter each */

static const char *
option_name(const struct menu *m, int letter)
{
	const struct option *o;

	for (o = m->options; o->name != NULL; o++)
		if (o->val == letter)
			return o->name;
	return "?";
}

/* Options, each letter once in given.  *help: that was all that was wanted. */
static int
read_options(
    const struct menu *m, int argc, char **argv, void *order, char given[OPTIONS], bool *help)
{
	size_t n = 0;
	int c, status;

	*help = false;
	given[0] = '\0';
	opterr = 0;
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread */
	while ((c = getopt_long(argc, argv, ":h", m->options, NULL)) != -1) {
		if (c == '?' || c == ':')
			return cli_bad_option(argv, c);
		if (c == 'h') {
			*help = true;
			return cli_help(m->usage);
		}
		if ((status = m->take(order, c)) != CLI_OK)
			return status;
		if (strchr(given, c) == NULL && n + 1 < OPTIONS) {
			given[n++] = (char)c;
			given[n] = '\0';
		}
	}
	return CLI_OK;
}

static int
check(const struct menu *m, const struct menu_verb *v, const char *given, int n, char **operands)
{
	size_t wrong = strspn(given, v->takes);

	if (given[wrong] != '\0')
		return cli_usage(m->verb, "%s %s: it does not take --%s", m->verb, v->name,
		    option_name(m, given[wrong]));
	if (n < v->min)
		return cli_usage(m->verb, "%s %s: %s", m->verb, v->name, m->which);
	if (n > v->max)
		return cli_usage(
		    m->verb, "%s %s: '%s' is too much", m->verb, v->name, operands[v->max]);
	return CLI_OK;
}

int
menu_read(const struct menu *m, int argc, char **argv, void *order, const struct menu_verb **verb,
    char ***operands)
{
	char given[OPTIONS];
	bool help;
	int status;
	size_t i;

	*verb = NULL;
	if ((status = read_options(m, argc, argv, order, given, &help)) != CLI_OK || help)
		return status;
	if (optind >= argc)
		return cli_usage(m->verb, "%s: what? %s", m->verb, m->what);
	for (i = 0; i < m->nverbs && strcmp(argv[optind], m->verbs[i].name) != 0; i++)
		continue;
	if (i == m->nverbs)
		return cli_usage(m->verb, "%s: there is no '%s'", m->verb, argv[optind]);
	*operands = argv + optind + 1;
	status = check(m, &m->verbs[i], given, argc - optind - 1, *operands);
	if (status == CLI_OK)
		*verb = &m->verbs[i];
	return status;
}
