/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads a file that `periksa demo` has written. */
#include <stdlib.h>
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

const struct html_sample *
samples_list(const struct assets *demo)
{
	const struct asset *list = assets_find(demo, "samples.tsv");
	struct html_sample *v = calloc(SAMPLES_MAX + 1, sizeof(*v));
	char *text = list != NULL ? strndup((const char *)list->p, list->len) : NULL, *line;
	size_t n = 0;

	while (v != NULL && n < SAMPLES_MAX && (line = cut(&text, '\n')) != NULL) {
		v[n].file = cut(&line, '\t');
		(void)cut(&line, '\t');
		v[n].text[LANG_ID] = cut(&line, '\t');
		v[n].text[LANG_EN] = cut(&line, '\t');
		if (v[n].file != NULL && assets_find(demo, v[n].file) != NULL)
			n++;
	}
	if (v != NULL)
		v[n].file = NULL;
	return v;
}
