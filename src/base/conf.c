/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines of configuration files. */
#include <string.h>

#include "conf.h"

static int
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

char *
conf_trim(char *s)
{
	char *end = s + strlen(s);

	while (end > s && is_blank(end[-1]))
		*--end = '\0';
	while (is_blank(*s))
		s++;
	return s;
}

static enum conf_kind
heading(char *line, char **key)
{
	size_t len = strlen(line);
	enum conf_kind kind = CONF_UNFINISHED;

	if (line[len - 1] == ']') {
		line[len - 1] = '\0';
		kind = CONF_HEADING;
	}
	*key = conf_trim(line + 1);
	return kind;
}

enum conf_kind
conf_next(char **rest, char **key, char **value)
{
	char *line, *eq;

	*key = *value = NULL;
	do {
		if ((line = strsep(rest, "\n")) == NULL)
			return CONF_END;
		line = conf_trim(line);
	} while (*line == '\0' || *line == '#' || *line == ';');
	if (*line == '[')
		return heading(line, key);
	if ((eq = strchr(line, '=')) == NULL)
		return CONF_OTHER;
	*eq = '\0';
	*key = conf_trim(line);
	*value = conf_trim(eq + 1);
	return CONF_PAIR;
}
