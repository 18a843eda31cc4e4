/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A form's body: texts are UTF-8 of bounded length, files lie inside it.  The first byte says which
 * kind, the next how much is the name that is asked for. */
#include <stdlib.h>
#include <string.h>

#include "caps.h"
#include "form.h"

static void
look(const struct form *f, const char *name, size_t len)
{
	struct form_file file;
	const char *s;
	size_t n, sum = 0;

	for (n = 0; (s = form_nth(f, name, n)) != NULL; n++)
		sum += strlen(s);
	if (sum > CAP_FORM_TEXT || n > CAP_FORM_FIELDS || (n > 0) != form_has(f, name) ||
	    strlen(form_get(f, name)) > strlen(form_raw(f, name)))
		abort();
	for (n = 0; form_file(f, name, n, &file); n++)
		if (file.off > len || file.len > len - file.off || strlen(file.name) > 255)
			abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const char *const types[] = {
	    "application/x-www-form-urlencoded", "multipart/form-data; boundary=B"};
	struct form *f;
	char name[16];
	size_t n;

	if (len < 2 || (n = data[1] % sizeof(name)) > len - 2)
		return 0;
	memcpy(name, data + 2, n);
	name[n] = '\0';
	if (form_parse(&f, types[data[0] & 1], data + 2 + n, len - 2 - n) == RC_OK) {
		look(f, name, len - 2 - n);
		look(f, "a", len - 2 - n);
	}
	form_free(f);
	return 0;
}
