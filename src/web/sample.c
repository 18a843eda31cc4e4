/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads a file that `periksa demo` has written. */
#include <string.h>

#include "sample.h"

#define SAMPLES_MAX 64

/* Cuts the next field off at c; NULL at the end. */
static char *
cut(char **s, char c)
{
	char *field = *s, *end;

	if (field == NULL || *field == '\0')
		return NULL;
	end = strchr(field, c);
	*s = end != NULL ? end + 1 : NULL;
	if (end != NULL)
		*end = '\0';
	return field;
}

static char *text; /* what the list points into */

const struct html_sample *
samples_list(const struct assets *demo)
{
	static struct html_sample v[SAMPLES_MAX + 1];
	const struct asset *list = assets_find(demo, "samples.tsv");
	char *rest, *line;
	size_t n = 0;

	if (list == NULL || (text = strndup((const char *)list->p, list->len)) == NULL)
		return NULL;
	rest = text;
	while (n < SAMPLES_MAX && (line = cut(&rest, '\n')) != NULL) {
		v[n].file = cut(&line, '\t');
		(void)cut(&line, '\t');
		v[n].text[LANG_ID] = cut(&line, '\t');
		v[n].text[LANG_EN] = cut(&line, '\t');
		if (v[n].file != NULL && assets_find(demo, v[n].file) != NULL)
			n++;
	}
	v[n].file = NULL;
	return v;
}
